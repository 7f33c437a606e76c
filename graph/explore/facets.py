"""Filters: what can be chosen, how much each choice would leave, and what a choice leaves in a picture.

The values of one facet are alternatives; between facets all must hold. One rule decides what matches:

* A thing matches by itself if it has a chosen value in every chosen facet. What a facet cannot tell of a
  thing (a person has no sector) it does not match.
* A park, an organisation, a product or a port also matches through a plant that matches: the plant stands in
  the park or the zone around it, the organisation or its group runs the plant, the plant makes or needs the
  product. One plant must have all the chosen values, not several plants a part of them each.
* Localities and public bodies are the frame of a picture: they stay where sector, product, grade or status is
  chosen, without being counted, and go only by their kind or locality.

A plant has the products it makes and all that is broader. `NOT_RECORDED` is a value like any other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph.explore.things import ORGANIZATION_MARKS
from graph.gap_table import UnknownValue
from graph.gaps.world import World

NOT_RECORDED = "not-recorded"
STATUS = {
    "planned": "planned", "mou": "planned", "licensed": "licensed", "under-construction": "licensed",
    "operating": "operating", "ended": "ended",
}  # fmt: skip
"""Value of the facet by recorded status."""
NOT_BEGUN = "not-begun"
"""Status of what is recorded to start after the date of the network."""
WITH_STATUS = frozenset({"facility", "zone", "infrastructure"})


class Filters(NamedTuple):
    """Chosen values by facet; an empty facet is open."""

    kind: frozenset[str] = frozenset()
    locality: frozenset[str] = frozenset()
    sector: frozenset[str] = frozenset()
    product: frozenset[str] = frozenset()
    grade: frozenset[str] = frozenset()
    status: frozenset[str] = frozenset()

    def without(self, facet: str) -> Filters:
        """These filters with one facet open."""
        return self._replace(**{facet: frozenset()})


FACETS = Filters._fields


@dataclass(frozen=True)
class Selection:
    """What some filters leave of the things of a network, by id."""

    filters: Filters
    matches: frozenset[str]
    total: int
    """Things there are without filters."""
    placed: frozenset[str]
    """Matches of any kind, and the frame: the overview is laid out with these."""
    shown: frozenset[str]
    """The same of the chosen kinds: what may be drawn."""


def sector_of(isic: str | None, sections: Mapping[str, str]) -> str:
    """`C26` for the ISIC class 2610, `26` where `sections` has no letter for the division."""
    return sections.get(isic[:2], "") + isic[:2] if isic else NOT_RECORDED


class Facets:
    """The facets of one network, indexed once. Safe to share between threads.

    `world` indexes the network; `grades` gives the grade of a source by its slug.
    """

    def __init__(self, world: World, grades: Mapping[str, str]):
        self._nodes: dict[str, dict[str, Any]] = dict(world.network.nodes(data=True))
        self._grades = grades
        self._of: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
        """facet -> thing -> its values"""
        self._with: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        """facet -> value -> things"""
        for thing, attributes in self._nodes.items():
            for facet, values in self._values(world, thing, attributes):
                self._of[facet][thing] = values
                for value in values:
                    self._with[facet][value].add(thing)
        places = self._with["locality"]
        for place in [place for place, held in places.items() if held == {place}]:
            del places[place], self._of["locality"][place]
        self._carried = dict(self._carries(world))
        self._frame = frozenset(thing for thing, attributes in self._nodes.items() if _is_frame(attributes))
        self.total = len(self._nodes)
        groups = world.network.graph.get("groups") or world.network.graph.get("corridor", ())
        self.allowed: dict[str, tuple[str, ...]] = {
            facet: tuple(sorted(self._with[facet], key=lambda v: (v == NOT_RECORDED, v))) for facet in FACETS
        }
        """Values of each facet; the localities of the reading come first, west to east, then those that hold
        most."""
        west_to_east = sorted(
            places.keys() & groups, key=lambda slug: (self._nodes[slug].get("lon") or 0.0, slug)
        )
        others = sorted(places.keys() - groups, key=lambda slug: (-len(places[slug]), slug))
        self.allowed["locality"] = (*west_to_east, *others)

    def _values(
        self, world: World, thing: str, attributes: dict[str, Any]
    ) -> Iterator[tuple[str, frozenset[str]]]:
        """What a thing has of its own; a facet that tells nothing of its kind is left out."""
        kind = attributes["kind"]
        yield "kind", frozenset({kind})
        grades = [self._grades[source] for source in attributes["sources"] if self._grades.get(source)]
        yield "grade", frozenset({min(grades, default=NOT_RECORDED)})
        place = thing if kind == "locality" else attributes.get("home")
        if place in self._nodes:
            yield "locality", frozenset({place})
        if kind in ("facility", "product"):
            yield (
                "sector",
                frozenset({sector_of(attributes["isic4"], world.network.graph.get("sections", {}))}),
            )
            made = world.makes.get(thing, ()) if kind == "facility" else (thing,)
            yield "product", frozenset(wide for one in made for wide in world.upward(one)) or _UNKNOWN
        if kind in WITH_STATUS:
            begun = attributes.get("active", True)
            status = STATUS.get(attributes.get("status") or "", NOT_RECORDED)
            yield "status", frozenset({status if begun or status == "ended" else NOT_BEGUN})

    def _carries(self, world: World) -> Iterator[tuple[str, frozenset[str]]]:
        """Each plant with the things that match through it."""
        ports: dict[str, set[str]] = defaultdict(set)
        for plant, port, _ in world.related("at_infrastructure"):
            ports[plant].add(port)
        for thing, attributes in self._nodes.items():
            if attributes["kind"] != "facility":
                continue
            zones = world.zones_around(attributes["zone"]) if attributes["zone"] else ()
            products = {*world.makes.get(thing, ()), *world.needs.get(thing, ())}
            yield (
                thing,
                frozenset({attributes["operator"], attributes["group"], *zones, *products, *ports[thing]}),
            )

    def check(self, filters: Filters) -> None:
        """Raises UnknownValue for the first value that a facet does not have."""
        for facet, chosen in zip(FACETS, filters, strict=True):
            for value in sorted(chosen):
                if value not in self._with[facet]:
                    raise UnknownValue(facet, value, self.allowed[facet])

    def known(self, filters: Filters) -> Filters:
        """The filters without the values that a facet does not have."""
        return Filters(
            *(chosen.intersection(self._with[facet]) for facet, chosen in zip(FACETS, filters, strict=True))
        )

    def select(self, filters: Filters) -> Selection:
        """What the filters leave. Raises UnknownValue."""
        self.check(filters)
        every = self._matches(filters.without("kind"))
        frame = self._frame & self._chosen("locality", filters.locality) if filters.locality else self._frame
        placed = every | frame
        kinds = self._chosen("kind", filters.kind) if filters.kind else placed
        return Selection(filters, frozenset(every & kinds), self.total, placed, frozenset(placed & kinds))

    def counts(self, filters: Filters) -> dict[str, Counter[str]]:
        """Things that would match by facet and value, if the facet had that value only."""
        return {facet: self._counted(facet, filters.without(facet)) for facet in FACETS}

    def _counted(self, facet: str, others: Filters) -> Counter[str]:
        if facet == "kind":
            return Counter(self._nodes[thing]["kind"] for thing in self._matches(others))
        own = self._by_itself(others)
        found: dict[str, set[str]] = defaultdict(set)
        for thing in own:
            values = self._of[facet].get(thing, ())
            for value in values:
                found[value].add(thing)
            if thing in self._carried:
                for value in values:
                    found[value] |= self._carried[thing]
        return Counter(
            {
                value: sum(not others.kind or self._nodes[t]["kind"] in others.kind for t in things)
                for value, things in found.items()
            }
        )

    def _matches(self, filters: Filters) -> frozenset[str]:
        """Things that match, of any kind."""
        own = self._by_itself(filters)
        return frozenset(own).union(*(self._carried[plant] for plant in own & self._carried.keys()))

    def _by_itself(self, filters: Filters) -> set[str]:
        """Things that have a chosen value in every chosen facet, their kind left aside."""
        chosen = [
            self._chosen(facet, values)
            for facet, values in zip(FACETS, filters, strict=True)
            if values and facet != "kind"
        ]
        return set.intersection(*chosen) if chosen else set(self._nodes)

    def _chosen(self, facet: str, values: Iterable[str]) -> set[str]:
        return set[str]().union(*(self._with[facet].get(value, ()) for value in values))


_UNKNOWN = frozenset({NOT_RECORDED})


def _is_frame(attributes: Mapping[str, Any]) -> bool:
    """Localities and public bodies."""
    public = attributes["kind"] == "organization" and attributes["subkind"] in ORGANIZATION_MARKS
    return public or attributes["kind"] == "locality"
