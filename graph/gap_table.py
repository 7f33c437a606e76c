"""The findings as a table that people narrow down: facets with counts, free text, rows for a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graph.gaps.build import finding_id
from graph.gaps.world import World
from graph.model import LABELS, Finding
from graph.search import fold

CSV_COLUMNS = (
    "id", "detector", "name", "subject", "subject_label", "objects", "severity", "confidence", "label",
    "message_en", "message_vi", "plants", "places", "basis", "listed", "sources", "url",
)  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would run as a formula in a spreadsheet."""
WIDER_ZONE = ("part_of", "phase_of")


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
    words: str
    """Its message and the names of its things in both languages, folded."""


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
    "listed": lambda entry: (str(entry.finding.listed).lower(),),
    "buyer": lambda entry: entry.plants,
    "zone": lambda entry: entry.zones,
}
"""The values an entry has for each facet."""


class GapTable:
    """All findings of one run, in rank order."""

    def __init__(self, entries: Iterable[Entry], localities: Iterable[str]):
        self.entries = tuple(entries)
        self.localities = tuple(localities)
        """The localities of the reading, west to east."""
        plants = {plant for entry in self.entries for plant in entry.plants}
        kinds = {entry.finding.detector for entry in self.entries}
        self.allowed: dict[str, tuple[str, ...]] = {
            "kind": tuple(sorted(kinds, key=lambda kind: int(kind[1:]))),
            "locality": self.localities,
            "criticality": ("core", "common"),
            "basis": ("source", "curated"),
            "label": LABELS,
            "listed": ("true", "false"),
            "buyer": tuple(sorted(plants)),
            "zone": tuple(sorted({zone for entry in self.entries for zone in entry.zones})),
        }

    @classmethod
    def build(cls, world: World, findings: Iterable[Finding]) -> GapTable:
        """The table of these findings; `world` is the one they were found in."""
        known = {finding.id: finding for finding in findings}
        groups = world.network.graph.get("groups") or world.network.graph["corridor"]
        entries = (_entry(world, finding, known) for finding in known.values())
        return cls(entries, west_to_east(world, groups))

    def check(self, filters: Filters) -> None:
        """Raise UnknownValue for the first value that a facet does not have."""
        for facet, values in filters.chosen.items():
            for value in values:
                if value not in self.allowed[facet]:
                    raise UnknownValue(facet, value, self.allowed[facet])

    def select(self, filters: Filters) -> tuple[Entry, ...]:
        """The entries that pass, in rank order."""
        return tuple(entry for entry in self.entries if _passes(entry, filters))

    def counts(self, filters: Filters, facet: str) -> dict[str, int]:
        """How many entries each value of a facet would give under the other filters."""
        found = Counter(
            value for entry in self.select(filters.without(facet)) for value in FACETS[facet](entry)
        )
        return {value: found[value] for value in self.allowed[facet]}


def west_to_east(world: World, localities: Iterable[str]) -> tuple[str, ...]:
    """Localities by longitude; those without a position last."""
    return tuple(sorted(localities, key=lambda place: (world.node(place).get("lon") or 180.0, place)))


def _entry(world: World, finding: Finding, known: Mapping[str, Finding]) -> Entry:
    plants = tuple(sorted(touched_plants(world, finding, known)))
    names = [world.name(thing) for thing in (finding.subject, *finding.objects, *plants)]
    words = " ".join([*finding.message.values(), *(text for name in names for text in name.values())])
    zones = (zone for plant in plants if (zone := world.node(plant).get("zone")))
    return Entry(
        finding, plants, frozenset(wide for zone in zones for wide in _around(world, zone)), fold(words)
    )


def touched_plants(world: World, finding: Finding, known: Mapping[str, Finding]) -> set[str]:
    """The plants a finding is about; a question touches the plants of the findings it would settle."""
    if finding.subject in world.needs:
        return {finding.subject}
    plants = {thing for thing in finding.objects if thing in world.needs}
    if plants:
        return plants
    if world.node(finding.subject)["kind"] == "zone":
        return {plant for plant in world.inside if world.node(plant).get("zone") == finding.subject}
    settled = (known[premise.subject] for premise in finding.evidence if premise.subject in known)
    return {thing for other in settled for thing in (other.subject, *other.objects) if thing in world.needs}


def _around(world: World, zone: str) -> Iterator[str]:
    """The zone, the park it is a phase of and the wider zones it lies in."""
    seen, layer = {zone}, [zone]
    while layer:
        yield from layer
        layer = [
            wide
            for narrow in layer
            for _, wide, data in world.network.out_edges(narrow, data=True)
            if data["relation"] in WIDER_ZONE and wide not in seen
        ]
        seen.update(layer)


def _passes(entry: Entry, filters: Filters) -> bool:
    return all(word in entry.words for word in fold(filters.text).split()) and all(
        any(value in FACETS[facet](entry) for value in values) for facet, values in filters.chosen.items()
    )


def csv_rows(
    entries: Iterable[Entry], name: Callable[[str], str], address: Callable[[str], str]
) -> Iterator[list[str]]:
    """Header and one row per entry; several values in a cell are separated by `|`.

    Every cell that a spreadsheet would take for a formula starts with a single quote.
    """
    yield list(CSV_COLUMNS)
    for entry in entries:
        finding = entry.finding
        sources = sorted({source for premise in finding.evidence for source in premise.sources})
        row = (
            finding.id, finding.detector, finding.name, finding.subject, name(finding.subject),
            "|".join(finding.objects), f"{finding.severity:.4f}", f"{finding.confidence:.4f}", finding.label,
            finding.message["en"], finding.message["vi"], str(finding.plants),
            "|".join(f"{place}:{count}" for place, count in finding.places.items()), finding.basis,
            str(finding.listed).lower(), "|".join(sources), address(finding.id),
        )  # fmt: skip
        yield [harmless(cell) for cell in row]


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet runs.

    >>> harmless("=1+1"), harmless("VSIP Hải Phòng")
    ("'=1+1", 'VSIP Hải Phòng')
    """
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def input_behind(world: World, gap_id: str) -> str | None:
    """The product whose missing-input finding has, or had, this id."""
    products = (slug for slug, node in world.network.nodes(data=True) if node["kind"] == "product")
    return next((product for product in products if finding_id("D1", product) == gap_id), None)
