"""The findings as a table that people narrow down: facets with counts, and free text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from graph.gaps.build import finding_id
from graph.gaps.sectors import Sectors
from graph.gaps.world import World
from graph.model import LABELS, Finding, home
from graph.search import fold

GRADES = ("A", "B", "C")
"""An expert agrees; a source states the needs; our own judgement."""


class UnknownValue(ValueError):
    """A filter was given a value it does not have."""

    def __init__(self, facet: str, value: str, allowed: Collection[str]):
        super().__init__(f"{facet}={value}")
        self.facet, self.value, self.allowed = facet, value, tuple(allowed)


@dataclass(frozen=True)
class Entry:
    """A finding with what it is filtered by."""

    finding: Finding
    plants: tuple[str, ...]
    """The plants it touches."""
    zones: frozenset[str]
    """The zones of those plants and the zones around them."""
    said: Callable[[], str] = field(repr=False, compare=False)
    """Writes the words."""
    products: frozenset[str] = frozenset()
    """The products it is about."""
    pairs: frozenset[str] = frozenset()
    """Of a match (D3): `<locality of a maker>.<locality of the buyer>`."""
    cells: frozenset[str] = frozenset()
    """Of a missing input (D1): `<locality>.<sector>` of the plants that need it."""

    @cached_property
    def words(self) -> str:
        """Its message and the names of its things in both languages, folded."""
        return self.said()


@dataclass(frozen=True)
class Filters:
    """Chosen values by facet: any of the values of a facet, in every facet; all words of the text."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""

    def without(self, facet: str) -> Filters:
        """These filters with one facet left open."""
        return Filters({name: values for name, values in self.chosen.items() if name != facet}, self.text)

    def plus(self, facet: str, value: str) -> Filters:
        """These filters with one more facet fixed."""
        return Filters({**self.chosen, facet: (value,)}, self.text)


FACETS: dict[str, Callable[[Entry], Collection[str]]] = {
    "kind": lambda entry: (entry.finding.detector,),
    "locality": lambda entry: entry.finding.places,
    "criticality": lambda entry: ("core" if entry.finding.criticality == 1.0 else "common",),
    "basis": lambda entry: (entry.finding.basis,),
    "label": lambda entry: (entry.finding.label,),
    "grade": lambda entry: (entry.finding.grade,),
    "listed": lambda entry: (str(entry.finding.listed).lower(), "all"),
    "buyer": lambda entry: entry.plants,
    "zone": lambda entry: entry.zones,
    "product": lambda entry: entry.products,
    "pair": lambda entry: entry.pairs,
    "cell": lambda entry: entry.cells,
}
"""The values an entry has for each facet."""


class GapTable:
    """All findings of one run, in rank order."""

    def __init__(self, entries: Iterable[Entry], localities: Iterable[str]):
        self.entries = tuple(entries)
        self.by_id = {entry.finding.id: entry for entry in self.entries}
        self.localities = tuple(localities)
        """The localities of the reading, west to east."""
        self._rows = {facet: _rows_by_value(self.entries, values) for facet, values in FACETS.items()}
        closed = {
            "locality": self.localities,
            "criticality": ("core", "common"),
            "basis": ("source", "curated"),
            "label": LABELS,
            "grade": GRADES,
            "listed": ("true", "false", "all"),
        }
        self.allowed: dict[str, tuple[str, ...]] = {
            facet: closed.get(facet) or tuple(sorted(rows, key=_natural))
            for facet, rows in self._rows.items()
        }

    @classmethod
    def build(cls, world: World, findings: Iterable[Finding]) -> GapTable:
        """The table of these findings; `world` is the one they were found in."""
        known = {finding.id: finding for finding in findings}
        groups = world.network.graph.get("groups") or world.network.graph["corridor"]
        reach = Reach(world)
        entries = (_entry(world, finding, known, reach) for finding in known.values())
        return cls(entries, west_to_east(world, groups))

    def check(self, filters: Filters) -> None:
        """Raise UnknownValue for the first value that a facet does not have."""
        for facet, values in filters.chosen.items():
            for value in values:
                if value not in self.allowed[facet]:
                    raise UnknownValue(facet, value, self.allowed[facet])

    def select(self, filters: Filters) -> tuple[Entry, ...]:
        """The entries that pass, in rank order."""
        passing = f"{self._passing(filters):b}"[::-1]
        return tuple(entry for entry, passes in zip(self.entries, passing, strict=False) if passes == "1")

    def counts(self, filters: Filters, facet: str) -> dict[str, int]:
        """How many entries each value of a facet would give under the other filters."""
        others = self._passing(filters.without(facet))
        rows = self._rows[facet]
        return {value: (others & rows.get(value, 0)).bit_count() for value in self.allowed[facet]}

    def _passing(self, filters: Filters) -> int:
        """The entries that pass, as bits: the first entry is the lowest."""
        passing = (1 << len(self.entries)) - 1
        for facet, values in filters.chosen.items():
            any_value = 0
            for value in values:
                any_value |= self._rows[facet].get(value, 0)
            passing &= any_value
        if words := fold(filters.text).split():
            passing &= _bits(
                row for row, entry in enumerate(self.entries) if all(word in entry.words for word in words)
            )
        return passing


def _rows_by_value(entries: Iterable[Entry], values_of: Callable[[Entry], Collection[str]]) -> dict[str, int]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, entry in enumerate(entries):
        for value in values_of(entry):
            rows[value].append(row)
    return {value: _bits(found) for value, found in rows.items()}


def _bits(rows: Iterable[int]) -> int:
    """A number with these bits set."""
    digits = bytearray()
    for row in rows:
        digits.extend(bytes(max(0, row // 8 + 1 - len(digits))))
        digits[row // 8] |= 1 << row % 8
    return int.from_bytes(digits, "little")


def _natural(value: str) -> tuple[int, str]:
    """D2 before D10, all else by letters."""
    return (int(value[1:]), "") if value[0] == "D" and value[1:].isdigit() else (0, value)


def west_to_east(world: World, localities: Iterable[str]) -> tuple[str, ...]:
    """Localities by longitude; those without a position last."""
    return tuple(sorted(localities, key=lambda place: (world.node(place).get("lon") or 180.0, place)))


class Reach:
    """What a finding joins: localities of makers, sectors of buyers, plants of a zone, names."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sectors = Sectors(world)
        self._makers: dict[str, dict[str, set[str]]] = {}
        self.named = cache(self._named)
        self.plants_in: dict[str, set[str]] = defaultdict(set)
        """The plants of each zone, those of its parts left out."""
        for plant in world.inside:
            if zone := world.node(plant).get("zone"):
                self.plants_in[zone].add(plant)

    def pairs(self, finding: Finding) -> Iterator[str]:
        """`<locality of a maker>.<locality of the buyer>` of a match, the buyer's own group left out."""
        if finding.detector != "D3":
            return
        own, here = self._world.group(finding.subject), home(self._world.node(finding.subject))
        for there, groups in self._makers_by_place(finding.objects[0]).items():
            if groups - {own}:
                yield f"{there}.{here}"

    def cells(self, finding: Finding) -> Iterator[str]:
        """`<locality>.<sector>` of each plant that needs a missing input."""
        for plant in finding.objects if finding.detector == "D1" else ():
            place, sector = home(self._world.node(plant)), self.sector(plant)
            if sector is not None:
                yield f"{place}.{sector}"

    def _named(self, thing: str) -> str:
        """The names of a thing in both languages, folded."""
        return fold(" ".join(self._world.name(thing).values()))

    def words(self, finding: Finding, plants: Iterable[str]) -> str:
        """The message of a finding and the names of its things and of these plants, folded."""
        names = map(self.named, (finding.subject, *finding.objects, *plants))
        return " ".join([fold(" ".join(finding.message.values())), *names])

    def sector(self, plant: str) -> str | None:
        """The sector of the main product of a plant."""
        shares = self._sectors.of_facility(plant)
        return min(shares, key=lambda sector: (-shares[sector], sector), default=None)

    def _makers_by_place(self, product: str) -> dict[str, set[str]]:
        if product not in self._makers:
            found: dict[str, set[str]] = defaultdict(set)
            for maker in self._world.suppliers.get(product, ()):
                found[home(self._world.node(maker)) or ""].add(self._world.group(maker))
            self._makers[product] = found
        return self._makers[product]


def _entry(world: World, finding: Finding, known: Mapping[str, Finding], reach: Reach) -> Entry:
    plants = tuple(sorted(_touched_plants(world, finding, known, reach)))
    zones = (zone for plant in plants if (zone := world.node(plant).get("zone")))
    return Entry(
        finding,
        plants,
        frozenset(wide for zone in zones for wide in world.zones_around(zone)),
        lambda: reach.words(finding, plants),
        frozenset(thing for thing in (finding.subject, *finding.objects) if _is_product(world, thing)),
        frozenset(reach.pairs(finding)),
        frozenset(reach.cells(finding)),
    )


def _is_product(world: World, thing: str) -> bool:
    return thing in world.network and world.node(thing)["kind"] == "product"


def _touched_plants(
    world: World, finding: Finding, known: Mapping[str, Finding], reach: Reach
) -> Collection[str]:
    """The plants a finding is about; a question touches the plants of the findings it would settle."""
    if finding.subject in world.needs:
        return {finding.subject}
    plants = {thing for thing in finding.objects if thing in world.needs}
    if plants:
        return plants
    if world.node(finding.subject)["kind"] == "zone":
        if finding.detector == "D10":
            return {premise.subject for premise in finding.evidence if premise.relation == "size"}
        return reach.plants_in.get(finding.subject, ())
    settled = (known[premise.subject] for premise in finding.evidence if premise.subject in known)
    return {thing for other in settled for thing in (other.subject, *other.objects) if thing in world.needs}


def input_behind(world: World, gap_id: str) -> str | None:
    """The product whose missing-input finding has, or had, this id."""
    products = (slug for slug, node in world.network.nodes(data=True) if node["kind"] == "product")
    return next((product for product in products if finding_id("D1", product) == gap_id), None)
