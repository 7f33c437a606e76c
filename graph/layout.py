"""Positions of the overview, computed once and fixed: the corridor as a line with stops, west to east.

World 1440 x 752 with y down, in pixels at 1440 px wide. Only zones, facilities, infrastructure and the
missing inputs are needed; ties are broken by id, so the picture is the same on every run. West to east is
an order, not a distance: most points are known to the district only.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import networkx as nx

from graph.layout_margins import Input, Port, missing_inputs, ports_on_coast
from graph.layout_units import longitude, party_of, units_of
from graph.model import Finding

WEST, EAST, COAST = 24.0, 1306.0, 1318.0
BAND_TOP, BAND_BOTTOM, BAND_GAP = 124.0, 600.0, 10.0
SPINE = 396.0
BELOW, BELOW_2, BOXES_BELOW = 488.0, 558.0, 546.0
STACK, STACK_PITCH = 352.0, 28.0
ROWS, ROW_PITCH, MOST_ROWS = 207.0, 27.0, 3
COLUMNS, FEWEST, MOST = 15, 3, 6

NOT_THERE = frozenset({"ended", "mou"})
"""Statuses of plants that are left out of the picture."""
OWN_STOP = 3
"""A phase with this many plants of its own is a stop beside its parent park."""
ENOUGH_STOPS = 6
"""A locality with fewer stops also shows parks with one plant."""


@dataclass(frozen=True)
class Band:
    """A locality of the reading; `plants` and `zones` count what stands on ground of the agreement."""

    locality: str
    x: float
    width: float
    columns: int
    plants: int
    zones: int
    others: int = 0
    """Plants recorded in the unit on ground that is not of the agreement: counted, not drawn."""

    @property
    def middle(self) -> float:
        """x of the middle."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Stop:
    """A park, its plants (see plants_by_zone), and the stop `above` it hangs from; None on the spine."""

    zone: str
    x: float
    y: float
    plants: int
    above: str | None = None


@dataclass(frozen=True)
class Box:
    """Anchor investors that share a box: one name in one park, or (`folded`) all that found no room."""

    plants: tuple[str, ...]
    home: str
    """The park, or the locality where no park is recorded."""
    x: float
    y: float
    folded: bool = False


@dataclass(frozen=True)
class Rest:
    """The parks of a locality that are no stops."""

    locality: str
    zones: tuple[str, ...]
    x: float
    y: float
    above: str | None


@dataclass(frozen=True)
class Plan:
    """Where everything of the overview stands."""

    bands: tuple[Band, ...]
    stops: tuple[Stop, ...]
    boxes: tuple[Box, ...]
    rests: tuple[Rest, ...]
    inputs: tuple[Input, ...]
    ports: tuple[Port, ...]

    @property
    def middle(self) -> float:
        """x of the middle of the spine, where the council stands."""
        return (WEST + COAST) / 2


@dataclass
class _Park:
    zone: str
    lon: float
    plants: list[str]
    anchors: list[str]
    recorded: int

    @property
    def weight(self) -> tuple[int, int, str]:
        """Most anchors first, then most plants, then id."""
        return -len(self.anchors), -len(self.plants), self.zone


def plan_overview(
    network: nx.MultiDiGraph,
    findings: Iterable[Finding],
    name: Callable[[str], str],
    keep: Collection[str] | None = None,
    seats: Mapping[str, float] | None = None,
) -> Plan:
    """The overview of a network and its findings, of the things in `keep` only if given.

    `name` gives the short name of a plant: plants of one name in one park share a box. `seats` are the places
    (x) of missing inputs in the picture of another date. A unit that parties of the agreement were merged
    into takes their bands, so that everything stands where it did before.
    """
    kept = network.nodes if keep is None else keep
    units = units_of(network)
    localities = [party for party, unit in units.items() if unit in kept]
    plants, zones, others = _inside(network, units, localities, kept)
    parents = _parent_parks(network)
    recorded = {zone: inside.intersection(kept) for zone, inside in plants_by_zone(network).items()}
    parks = {here: _parks(network, here, plants[here], parents, recorded) for here in localities}
    columns = _share_columns([parks[locality] for locality in localities])
    pitch = (EAST - WEST - BAND_GAP * (len(localities) - 1)) / max(1, sum(columns))
    bands, stops, boxes, rests, x = [], [], [], [], WEST
    for locality, number in zip(localities, columns, strict=True):
        band = Band(
            locality, x, number * pitch, number, len(plants[locality]), zones[locality], others[locality]
        )
        x += band.width + BAND_GAP
        bands.append(band)
        placed = _Locality(network, band, pitch, parks[locality], plants[locality], name)
        stops += placed.stops
        boxes += placed.boxes
        rests += placed.rests
    bands, rests = _merged_bands(bands, units), _merged_rests(rests, units)
    boxes = [replace(box, home=units.get(box.home, box.home)) for box in boxes]
    middles = {band.locality: band.middle for band in bands}
    inputs = missing_inputs(network, findings, middles, kept, seats or {})
    ports = ports_on_coast(network, [band.locality for band in bands[-1:]], kept)
    return Plan(tuple(bands), tuple(stops), tuple(boxes), tuple(rests), inputs, ports)


def _inside(
    network: nx.MultiDiGraph, units: Mapping[str, str], localities: Iterable[str], kept: Collection[str]
) -> tuple[dict[str, list[str]], Counter[str], Counter[str]]:
    """By locality: its plants, the number of its zones, and of plants there that the agreement leaves out."""
    plants: dict[str, list[str]] = {locality: [] for locality in localities}
    zones: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for slug, attributes in sorted(network.nodes(data=True)):
        place = party_of(units, attributes)
        if place not in plants or slug not in kept:
            continue
        if not _of_agreement(network, attributes):
            others[place] += attributes["kind"] == "facility"
        elif attributes["kind"] == "zone":
            zones[place] += 1
        elif attributes["kind"] == "facility" and attributes["status"] not in NOT_THERE:
            plants[place].append(slug)
    return plants, zones, others


def _merged_bands(bands: Iterable[Band], units: Mapping[str, str]) -> list[Band]:
    """One band for each unit, over those of its parties."""
    found = []
    for unit, parts in groupby(bands, lambda band: units[band.locality]):
        first, *more = some = list(parts)
        width = more[-1].x + more[-1].width - first.x if more else first.width
        sums = (
            sum(getattr(band, name) for band in some) for name in ("columns", "plants", "zones", "others")
        )
        found.append(Band(unit, first.x, width, *sums))
    return found


def _merged_rests(rests: Iterable[Rest], units: Mapping[str, str]) -> list[Rest]:
    """One mark for the other parks of each unit, where most of them are."""
    found = []
    for unit, parts in groupby(rests, lambda rest: units[rest.locality]):
        some = list(parts)
        most = max(some, key=lambda rest: len(rest.zones))
        found.append(
            replace(most, locality=unit, zones=tuple(sorted(z for rest in some for z in rest.zones)))
        )
    return found


def _of_agreement(network: nx.MultiDiGraph, attributes: dict[str, Any]) -> bool:
    """Whether a thing stands on ground of the agreement: its stated locality was a party, or is not told."""
    stated = network.nodes.get(attributes.get("locality_stated"), {})
    return bool(stated.get("in_agreement", True))


def _parent_parks(network: nx.MultiDiGraph) -> dict[str, str]:
    phases = (
        (phase, park) for phase, park, relation in network.edges(data="relation") if relation == "phase_of"
    )
    return dict(sorted(phases, reverse=True))


def plants_by_zone(network: nx.MultiDiGraph, there: bool = True) -> dict[str, frozenset[str]]:
    """Plants recorded in a zone or its phases, without ended ones and memoranda; zones with none left out.

    With `there` false, only the ended ones and memoranda.
    """
    parent = _parent_parks(network)
    found: dict[str, set[str]] = defaultdict(set)
    for plant, attributes in network.nodes(data=True):
        if attributes["kind"] != "facility" or (attributes["status"] in NOT_THERE) is there:
            continue
        zone = attributes["zone"]
        while zone and plant not in found[zone]:
            found[zone].add(plant)
            zone = parent.get(zone)
    return {zone: frozenset(plants) for zone, plants in found.items()}


def _parks(
    network: nx.MultiDiGraph,
    locality: str,
    plants: Sequence[str],
    parent: dict[str, str],
    recorded: dict[str, frozenset[str]],
) -> list[_Park]:
    """Parks of a locality with the plants in them; small phases are drawn with their parent."""
    direct: dict[str, list[str]] = defaultdict(list)
    for plant in plants:
        if network.nodes[plant]["zone"]:
            direct[network.nodes[plant]["zone"]].append(plant)
    found: dict[str, list[str]] = defaultdict(list)
    for zone, inside in sorted(direct.items()):
        top, seen = zone, {zone}
        while len(direct.get(top, ())) < OWN_STOP and parent.get(top, top) not in seen:
            top = parent[top]
            seen.add(top)
        found[top] += inside
    middle = longitude(network.nodes[locality])
    return [
        _Park(
            zone,
            network.nodes[zone].get("lon") or middle,
            inside,
            [plant for plant in inside if network.nodes[plant]["role"] == "anchor"],
            len(recorded[zone]),
        )
        for zone, inside in sorted(found.items())
    ]


def _stops_among(parks: Sequence[_Park], threshold: int) -> list[_Park]:
    return [park for park in parks if park.anchors or len(park.plants) >= threshold]


def _threshold(parks: Sequence[_Park]) -> int:
    return 1 if len(_stops_among(parks, 2)) < ENOUGH_STOPS else 2


def _room(columns: int, parks: Sequence[_Park], stops: Sequence[_Park]) -> int:
    """Free places below the spine; negative if the stops do not fit."""
    below = sorted(stops, key=lambda park: park.weight)[columns:]
    hanging = sum(bool(park.anchors) for park in below)
    if hanging > columns:
        return columns - hanging
    plain = len(below) - hanging + (len(stops) < len(parks))
    return 2 * (columns - hanging) - plain


def _share_columns(localities: Sequence[Sequence[_Park]]) -> list[int]:
    """Half the stops rounded up, 3 to 6 each; above 15 in all, those with most room give one up."""
    stops = [_stops_among(parks, _threshold(parks)) for parks in localities]
    columns = [min(MOST, max(FEWEST, math.ceil(len(found) / 2))) for found in stops]
    while sum(columns) > COLUMNS and max(columns) > FEWEST:
        shrinkable = [n for n, number in enumerate(columns) if number > FEWEST]
        most = max(shrinkable, key=lambda n: (_room(columns[n], localities[n], stops[n]), columns[n], -n))
        columns[most] -= 1
    return columns


class _Locality:
    """Places the stops, boxes and the rest of one locality."""

    def __init__(
        self,
        network: nx.MultiDiGraph,
        band: Band,
        pitch: float,
        parks: Sequence[_Park],
        plants: Sequence[str],
        name: Callable[[str], str],
    ):
        self._network, self._band, self._pitch, self._name = network, band, pitch, name
        self.stops: list[Stop] = []
        self.boxes: list[Box] = []
        self.rests: list[Rest] = []
        loose = [p for p in plants if network.nodes[p]["role"] == "anchor" and not network.nodes[p]["zone"]]
        rows = self._rows(loose)
        chosen = self._choose(parks)
        on_spine = sorted(
            sorted(chosen, key=lambda park: park.weight)[: band.columns], key=lambda p: (p.lon, p.zone)
        )
        spine = {n * band.columns // len(on_spine): park for n, park in enumerate(on_spine)}
        for column, park in spine.items():
            self.stops.append(Stop(park.zone, self._x(column), SPINE, park.recorded))
            space = STACK - (ROWS + rows * ROW_PITCH + 8)
            self._hang(park, column, STACK, -STACK_PITCH, 1 + int(space // STACK_PITCH))
        self._below(spine, chosen, [park for park in parks if park not in chosen])

    def _x(self, column: int) -> float:
        return self._band.x + (column + 0.5) * self._pitch

    def _choose(self, parks: Sequence[_Park]) -> list[_Park]:
        """The stops: the lowest threshold whose stops fit, then without the smallest."""
        threshold = _threshold(parks)
        chosen = _stops_among(parks, threshold)
        while _room(self._band.columns, parks, chosen) < 0 and any(not park.anchors for park in chosen):
            threshold += 1
            chosen = _stops_among(parks, threshold)
        while _room(self._band.columns, parks, chosen) < 0:
            chosen.remove(max(chosen, key=lambda park: park.weight))
        return chosen

    def _below(self, spine: dict[int, _Park], chosen: Sequence[_Park], rest: Sequence[_Park]) -> None:
        below = sorted((park for park in chosen if park not in spine.values()), key=lambda p: (p.lon, p.zone))
        free = list(range(self._band.columns))
        for park in below:
            if park.anchors:
                column = min(free, key=lambda n: self._distance(park, spine.get(n), n))
                free.remove(column)
                self._stop_below(park, column, BELOW, spine.get(column))
                self._hang(park, column, BOXES_BELOW, STACK_PITCH, 2)
        places = [(column, y) for column in free for y in (BELOW, BELOW_2)]
        above = {column: park.zone for column, park in spine.items()}
        plain = [park for park in below if not park.anchors]
        if len(plain) + bool(rest) <= len(free):
            places = [(column, BELOW) for column in free]
        for park, (column, y) in zip(plain, places, strict=False):
            self.stops.append(Stop(park.zone, self._x(column), y, park.recorded, above.get(column)))
            above[column] = park.zone
        if rest:
            column, y = places[len(plain)]
            zones = tuple(sorted(park.zone for park in rest))
            self.rests.append(Rest(self._band.locality, zones, self._x(column), y, above.get(column)))

    def _distance(self, park: _Park, other: _Park | None, column: int) -> tuple[float, int]:
        """How far a column lies, by the longitude of its stop; of equal ones the outermost."""
        if other is None:
            return math.inf, column
        return abs(park.lon - other.lon), -column if park.lon > other.lon else column

    def _stop_below(self, park: _Park, column: int, y: float, above: _Park | None) -> None:
        zone = above.zone if above else None
        self.stops.append(Stop(park.zone, self._x(column), y, park.recorded, zone))

    def _shared(self, plants: Iterable[str]) -> list[tuple[str, ...]]:
        """Plants by name, largest capital first, unknown last."""
        named: dict[str, list[str]] = defaultdict(list)
        for plant in sorted(plants):
            named[self._name(plant)].append(plant)
        return sorted(
            map(tuple, named.values()), key=lambda group: (-total_capital(self._network, group), group)
        )

    def _hang(self, park: _Park, column: int, y: float, pitch: float, most: int) -> None:
        for n, (group, folded) in enumerate(_folded(self._shared(park.anchors), most)):
            self.boxes.append(Box(group, park.zone, self._x(column), y + n * pitch, folded))

    def _rows(self, plants: Sequence[str]) -> int:
        """Anchors with no recorded park, in rows; returns the number of rows."""
        across = self._band.columns
        groups = _folded(self._shared(plants), across * MOST_ROWS)
        for n, (group, folded) in enumerate(groups):
            y = ROWS + n // across * ROW_PITCH
            self.boxes.append(Box(group, self._band.locality, self._x(n % across), y, folded))
        return math.ceil(len(groups) / across)


def _folded(groups: Sequence[tuple[str, ...]], most: int) -> list[tuple[tuple[str, ...], bool]]:
    """At most `most` groups; what is over shares the last one."""
    most = max(1, most)
    if len(groups) <= most:
        return [(group, False) for group in groups]
    last = tuple(plant for group in groups[most - 1 :] for plant in group)
    return [*((group, False) for group in groups[: most - 1]), (last, True)]


def total_capital(network: nx.MultiDiGraph, plants: Iterable[str]) -> float:
    """Recorded capital in million USD; what is not recorded counts as 0."""
    return math.fsum(network.nodes[plant]["capital"] or 0.0 for plant in plants)
