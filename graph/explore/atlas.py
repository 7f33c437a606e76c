"""The corridor on a map: outlines for the date and the reading, and what is recorded to lie where.

A position is drawn only as well as it is known. What is known to the point, the commune or the district
gets a mark; marks that share a point stand side by side with a line to it. Where only the province is known
there is no mark: the number stands with the name of the province. Lines without recorded course, such as
expressways, are not drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph.explore.things import Things, stop_radius
from graph.geo import (
    Frame,
    Ground,
    Label,
    Named,
    Outline,
    Point,
    Rect,
    label_later,
    moved,
    square,
)
from graph.layout import NOT_THERE
from graph.lettering import width
from graph.model import home

WIDTH = 1200.0
EXACT, PROVINCE = "exact", "province"
HALO_KM = 6.0
"""Radius of the pale ring around a point that stands for a whole commune or district."""
GROUP_R, EMPTY_R, PORT_R, LABEL = 10.5, 7.0, 7.0, 11.0
BADGE = 8.0
"""Room of the number of anchor investors at the rim of a park, px."""
LARGE = 4
"""Parks with so many plants get their label first; an anchor investor counts for two."""
NAME, NOTE, NOTE_SIGNS = 15.0, 11.0, 33
"""Type sizes of a province's name and of the line below it, px; widest such line, signs."""


@dataclass(frozen=True)
class Area:
    """An outline: `role` is group (of the reading), former (a group until a merger) or other."""

    id: str
    role: str
    path: str


@dataclass(frozen=True)
class Province:
    """A group of the reading: where its name stands, and the things known to lie in it but not where."""

    id: str
    name: str
    x: float
    y: float
    zones: tuple[str, ...]
    plants: tuple[str, ...]
    ports: tuple[str, ...]
    dx: float = 0.0
    dy: float = 0.0

    @property
    def ids(self) -> tuple[str, ...]:
        """The province and what is known to lie in it, but not where."""
        return (self.id, *self.zones, *self.plants, *self.ports)


@dataclass(frozen=True)
class Mark:
    """A park, a port, or the parks of one point that have no recorded plant (no `id`, `ids` all of them).

    `x`, `y` is the recorded position on the map, `dx`, `dy` how far the mark stands beside it. `precision`
    is exact, commune or district. `ids` are the things that the mark stands for: its park and the plants
    in it. `begun` is false for what was established later, of several for all of them.
    """

    id: str
    kind: str
    name: str
    x: float
    y: float
    dx: float
    dy: float
    r: float
    precision: str
    plants: int
    anchors: int
    begun: bool
    ids: tuple[str, ...]
    label: Label

    @property
    def zones(self) -> tuple[str, ...]:
        """The parks behind a mark of several."""
        return () if self.id else self.ids


@dataclass(frozen=True)
class Row:
    """A line of the list: a thing, its number of plants if it is a park, and how well its place is known."""

    id: str
    name: str
    symbol: str
    precision: str | None
    plants: int | None = None


@dataclass(frozen=True)
class Part:
    """Rows under a heading: the name of a province, or `ports`, `outside` or `nowhere`."""

    key: str
    name: str
    rows: tuple[Row, ...]
    homeless: tuple[Row, ...] = ()
    """Plants with no recorded park."""


@dataclass(frozen=True)
class Map:
    """Everything that the page draws and lists."""

    width: float
    height: float
    halo: float
    areas: tuple[Area, ...]
    provinces: tuple[Province, ...]
    marks: tuple[Mark, ...]
    parts: tuple[Part, ...]
    frame: Frame
    """Where a position lies on it."""

    @property
    def halos(self) -> tuple[Point, ...]:
        """Points that stand for a whole commune or district."""
        return tuple(sorted({(mark.x, mark.y) for mark in self.marks if mark.precision != EXACT}))

    @property
    def nowhere(self) -> int:
        """Things with no recorded position."""
        return sum(len(part.rows) for part in self.parts if part.key == "nowhere")


def map_view(things: Things, outlines: Mapping[str, Outline], keep: Collection[str] | None = None) -> Map:
    """The map of a network; with `keep` only these things, the provinces always."""
    return _Map(things, outlines, keep).view()


class _Map:
    def __init__(self, things: Things, outlines: Mapping[str, Outline], keep: Collection[str] | None):
        self.things, self.nodes, self.outlines = things, things.network.nodes, outlines
        self.groups: tuple[str, ...] = things.network.graph["groups"]
        self.frame = self._frame()
        self.kept = {
            kind: [
                slug
                for slug, attributes in sorted(things.network.nodes(data=True))
                if attributes["kind"] == kind and (keep is None or slug in keep)
            ]
            for kind in ("zone", "infrastructure", "facility")
        }
        here = {slug for slug in self.kept["facility"] if self._there(slug)}
        self.plants = {zone: things.plants(zone) & here for zone in self.kept["zone"]}
        if keep is not None:
            self.kept["zone"] = [zone for zone in self.kept["zone"] if self.plants[zone] or zone in keep]

    def _frame(self) -> Frame:
        """The same on every date: what the parties cover and, read by units, their successors."""
        units = set(self.things.network.graph["corridor"])
        if self.things.network.graph["reading"] == "units":
            units |= {self.nodes[party]["successor"] for party in units if self.nodes[party]["successor"]}
        ground = [
            point
            for unit in sorted(units)
            if unit in self.outlines
            for ring in self.outlines[unit].rings
            for point in ring
        ]
        ground += [
            (attributes["lon"], attributes["lat"])
            for slug, attributes in self.things.network.nodes(data=True)
            if slug in units and attributes.get("lat") is not None
        ]
        return Frame.around(ground or [(105.8, 20.2), (108.1, 21.7)], WIDTH)

    def _there(self, plant: str) -> bool:
        attributes = self.nodes[plant]
        return bool(attributes.get("active", True)) and attributes["status"] not in NOT_THERE

    def view(self) -> Map:
        ground = Ground(self.frame)
        drafts = self._drafts()
        large = [mark for mark in drafts if _is_large(mark)]
        placed = [(mark, *ground.settle_named(_named(mark))) for mark in large]
        provinces = [self._settled(province, ground) for province in self._provinces()]
        for mark in drafts:
            if not _is_large(mark):
                named = _named(mark)
                placed.append((mark, ground.settle(named.point, square(named.r)), None))
        labels = label_later(
            self.frame,
            [(_named(mark), move, label) for mark, move, label in placed],
            [((p.x, p.y), moved(_block(p), (p.dx, p.dy))) for p in provinces],
        )
        marks = tuple(
            replace(mark, dx=dx, dy=dy, label=label)
            for (mark, (dx, dy), _), label in zip(placed, labels, strict=True)
        )
        parts = tuple(part for part in self._parts() if part.rows or part.homeless)
        halo = round(self.frame.pixels(HALO_KM), 1)
        areas = tuple(self._areas())
        frame = self.frame
        return Map(frame.width, frame.height, halo, areas, tuple(provinces), marks, parts, frame)

    # Outlines

    def _areas(self) -> Iterator[Area]:
        """Other units first, then the groups, then the borders that a merger did away with."""
        before: dict[str, list[str]] = defaultdict(list)
        for slug, attributes in sorted(self.nodes(data=True)):
            if attributes.get("successor"):
                before[attributes["successor"]].append(slug)
        former = [part for unit in self.groups for part in before.get(unit, ())]
        others = [unit for unit in self.outlines if unit not in {*self.groups, *former, *before}]
        for role, units in (("other", others), ("group", self.groups), ("former", former)):
            for unit in units:
                if unit in self.outlines:
                    yield Area(unit, role, self.frame.path(self.outlines[unit]))

    # Marks

    def _drafts(self) -> list[Mark]:
        """Marks still to be placed: what is exact first, so that it stays on its point, then the largest."""
        drawn = {kind: [slug for slug in slugs if self._drawn(slug)] for kind, slugs in self.kept.items()}
        drafts = [self._park(zone) for zone in drawn["zone"] if self.plants[zone]]
        drafts += [self._draft(port, kind="infrastructure", r=PORT_R) for port in drawn["infrastructure"]]
        drafts += self._empty([zone for zone in drawn["zone"] if not self.plants[zone]])
        return sorted(
            drafts, key=lambda m: (m.precision != EXACT, -m.anchors, -m.plants, m.id == "", m.id, m.ids)
        )

    def _point(self, slug: str) -> Point | None:
        attributes = self.nodes[slug]
        if attributes["lat"] is None or attributes["lon"] is None:
            return None
        return self.frame.point(attributes["lon"], attributes["lat"])

    def _drawn(self, slug: str) -> bool:
        point = self._point(slug)
        return point is not None and self.frame.holds(point) and self.nodes[slug]["precision"] != PROVINCE

    def _draft(self, slug: str, **looks: Any) -> Mark:
        x, y = self._point(slug) or (0.0, 0.0)
        usual: dict[str, Any] = {
            "id": slug, "name": self.things.short(slug), "dx": 0.0, "dy": 0.0, "plants": 0, "anchors": 0,
            "begun": bool(self.nodes[slug].get("active", True)), "ids": (slug,),
            "label": Label(0, 0, "start", 1),
        }  # fmt: skip
        return Mark(x=x, y=y, precision=self.nodes[slug]["precision"], **(usual | looks))

    def _park(self, zone: str) -> Mark:
        plants = self.plants[zone]
        anchors = sum(self.nodes[plant]["role"] == "anchor" for plant in plants)
        return self._draft(
            zone, kind="park", r=stop_radius(len(plants)), plants=len(plants), anchors=anchors,
            ids=(zone, *sorted(plants)),
        )  # fmt: skip

    def _empty(self, zones: Iterable[str]) -> list[Mark]:
        """One mark for the parks of a point that have no recorded plant."""
        shared: dict[Point, list[str]] = defaultdict(list)
        for zone in zones:
            shared[self._point(zone) or (0.0, 0.0)].append(zone)
        return [
            self._draft(
                found[0],
                id="",
                kind="group",
                name="",
                r=GROUP_R if len(found) > 1 else EMPTY_R,
                ids=tuple(found),
                begun=any(self.nodes[zone].get("active", True) for zone in found),
            )
            for _, found in sorted(shared.items())
        ]

    # Provinces

    def _provinces(self) -> Iterator[Province]:
        """The groups of the reading from west to east, each at its own recorded point."""
        for unit in self._westward():
            if point := self._point(unit):
                vague = {
                    kind: tuple(
                        slug for slug in slugs if self._vague(slug) and home(self.nodes[slug]) == unit
                    )
                    for kind, slugs in self.kept.items()
                }
                yield Province(
                    unit, self.things.short(unit), *point,
                    vague["zone"], vague["facility"], vague["infrastructure"],
                )  # fmt: skip

    def _westward(self) -> list[str]:
        return sorted(self.groups, key=lambda slug: (self.nodes[slug].get("lon") or 0.0, slug))

    def _settled(self, province: Province, ground: Ground) -> Province:
        dx, dy = ground.settle((province.x, province.y), _block(province))
        return replace(province, dx=dx, dy=dy)

    def _vague(self, slug: str) -> bool:
        """Known to the province only; a plant in a park has the position of its park."""
        attributes = self.nodes[slug]
        if attributes["kind"] == "facility":
            return self._there(slug) and not attributes["zone"]
        return attributes["precision"] == PROVINCE

    # List

    def _parts(self) -> Iterator[Part]:
        zones = sorted(self.kept["zone"], key=lambda zone: (-len(self.plants[zone]), self.things.name(zone)))
        placed = {zone for zone in zones if home(self.nodes[zone]) in self.groups and self._point(zone)}
        for unit in self._westward():
            here = [zone for zone in zones if zone in placed and home(self.nodes[zone]) == unit]
            loose = [
                plant
                for plant in self.kept["facility"]
                if self._vague(plant) and home(self.nodes[plant]) == unit
            ]
            yield Part(unit, self.things.name(unit), self._rows(here), self._rows(self._by_name(loose)))
        ports = [port for port in self.kept["infrastructure"] if self._point(port)]
        yield Part("ports", "", self._rows(self._by_name(ports)))
        yield Part("outside", "", self._rows(z for z in zones if z not in placed and self._point(z)))
        bare = [slug for slug in (*self.kept["infrastructure"], *zones) if not self._point(slug)]
        yield Part("nowhere", "", self._rows(self._by_name(bare)))

    def _by_name(self, slugs: Iterable[str]) -> list[str]:
        return sorted(slugs, key=lambda slug: (self.things.name(slug), slug))

    def _rows(self, slugs: Iterable[str]) -> tuple[Row, ...]:
        symbols = {"zone": "park", "facility": "plant", "infrastructure": "infrastructure"}
        return tuple(
            Row(
                slug,
                self.things.name(slug),
                symbols[self.nodes[slug]["kind"]],
                self.nodes[slug]["precision"],
                len(self.plants[slug]) if slug in self.plants else None,
            )
            for slug in slugs
        )


def _is_large(mark: Mark) -> bool:
    return mark.precision == EXACT or mark.plants + mark.anchors >= LARGE


def _named(mark: Mark) -> Named:
    return Named((mark.x, mark.y), mark.r + (BADGE if mark.anchors else 0.0), mark.name, LABEL)


def _block(province: Province) -> Rect:
    """Room of a province's name and the line below it, centred on its point."""
    half = max(width(province.name, NAME, 600), width("n" * NOTE_SIGNS, NOTE)) / 2
    return -half, -NAME, half, NOTE * 2
