"""The neighbours of a thing by relation: what is recorded, what is missing, and what follows from both.

Only the edges of one node are read at a time. Two relations are computed: `group_plants` joins a plant to
the topmost organisation above its operator, and `mentioned_in` joins an organisation to the claims that
are checked against plants of its group.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import networkx as nx

from graph.findings import parameters_of
from graph.gaps.evidence import supply_not_counted
from graph.gaps.world import World
from graph.layout import plants_by_zone
from graph.model import Finding, Text

Link = tuple[str, str, str, dict[str, Any]]
"""Start, end, key and attributes of an edge, as in the network."""
Side = tuple[str, str]
"""A relation and the direction it is read in: `out` from its subject."""

MISSING = "missing"
BESIDES = "in_zone_besides"
"""Plants in a zone that its number leaves out: ended ones and memoranda."""
NO_MAKER, NO_LINK = "D1", "D3"
HUB = 200
"""Things with so many neighbours are read once and kept, so that no click waits for them."""


@dataclass(frozen=True)
class Need:
    """A need of a plant with no recorded corridor supply, and the finding that says so."""

    product: str
    buyer: str
    finding: Finding
    other_supply: Text
    """Who is recorded to supply it from elsewhere, from an unknown place or by a plan; empty if nobody."""

    @property
    def no_maker(self) -> bool:
        """True if nobody in the corridor is recorded to make the product for sale."""
        return self.finding.detector == NO_MAKER

    @property
    def makers(self) -> tuple[str, ...]:
        """Plants recorded to make the product that could be asked, best first."""
        if self.no_maker:
            return ()
        return tuple(remedy.facility for remedy in self.finding.remedies if remedy.facility)


@dataclass
class Neighbour:
    """A thing at the other end of a relation, with all the edges that lead there."""

    slug: str
    links: list[Link] = field(default_factory=list)
    need: Need | None = None


class Neighbours:
    """Adjacency of a network with its findings."""

    def __init__(self, network: nx.MultiDiGraph, findings: Iterable[Finding]):
        self.network = network
        self._keep: Collection[str] | None = None
        self.world = World(network, parameters_of(network))
        self.needs: dict[str, list[Need]] = defaultdict(list)
        """plant -> needs with no recorded corridor supply"""
        self.needed: dict[str, list[Need]] = defaultdict(list)
        """product -> the same needs"""
        for finding in findings:
            for product, buyer in _needs(finding):
                need = Need(product, buyer, finding, supply_not_counted(self.world, buyer, product))
                self.needs[need.buyer].append(need)
                self.needed[need.product].append(need)
        self._by_zone = plants_by_zone(network)
        self._plants: dict[str, set[str]] = defaultdict(set)
        for slug, attributes in network.nodes(data=True):
            if attributes["kind"] == "facility":
                self._plants[attributes["group"]].add(slug)
        self._claims: dict[str, set[str]] = defaultdict(set)
        for claim, thing, relation in network.edges(data="relation"):
            if (
                relation == "evidence"
                and network.nodes[claim]["kind"] == "claim"
                and network.nodes[thing].get("group")
            ):
                self._claims[network.nodes[thing]["group"]].add(claim)
        self._hubs = {
            slug: self._read(slug)
            for slug, degree in network.degree
            if degree + len(self.needed.get(slug, ())) + len(self._plants.get(slug, ())) >= HUB
        }

    def among(self, keep: Collection[str]) -> Self:
        """The same adjacency, with neighbours in `keep` only."""
        found = copy.copy(self)
        found._keep = keep
        return found

    def holds(self, slug: str) -> bool:
        """Whether a thing may be a neighbour here."""
        return self._keep is None or slug in self._keep

    def left_out(self, slug: str) -> int:
        """How many different neighbours of a thing are not among those kept."""
        near = {neighbour.slug for found in self._all(slug).values() for neighbour in found}
        return sum(not self.holds(thing) for thing in near)

    def of(self, slug: str) -> dict[Side, list[Neighbour]]:
        """Neighbours by relation and direction, unsorted; not to be changed."""
        if self._keep is None:
            return self._all(slug)
        kept = {side: [n for n in found if self.holds(n.slug)] for side, found in self._all(slug).items()}
        return {side: found for side, found in kept.items() if found}

    def _all(self, slug: str) -> dict[Side, list[Neighbour]]:
        return self._hubs.get(slug) or self._read(slug)

    def _read(self, slug: str) -> dict[Side, list[Neighbour]]:
        found: dict[Side, dict[str, Neighbour]] = defaultdict(dict)
        for start, end, key, data in self.network.out_edges(slug, keys=True, data=True):
            _join(found[data["relation"], "out"], end, (start, end, key, data))
        for start, end, key, data in self.network.in_edges(slug, keys=True, data=True):
            _join(found[data["relation"], "in"], start, (start, end, key, data))
        attributes = self.network.nodes[slug]
        if attributes["kind"] == "zone":
            self._count_plants(slug, found)
        for need in self.needs.get(slug, ()):
            _join(found[MISSING, "out"], need.product, _computed(need.product, slug, MISSING), need)
        for need in self.needed.get(slug, ()):
            _join(found[MISSING, "in"], need.buyer, _computed(slug, need.buyer, MISSING), need)
        if attributes["kind"] == "facility" and attributes["group"] not in (attributes["operator"], None):
            _join(
                found["group_plants", "out"],
                attributes["group"],
                _computed(slug, attributes["group"], "group_plants"),
            )
        if attributes["kind"] == "organization":
            for plant in self._plants.get(slug, ()):
                if self.network.nodes[plant]["operator"] != slug:
                    _join(found["group_plants", "in"], plant, _computed(plant, slug, "group_plants"))
            for claim in self._claims.get(attributes.get("group", slug), ()):
                if not self.network.has_edge(claim, slug):
                    _join(found["mentioned_in", "out"], claim, _computed(slug, claim, "mentioned_in"))
        if attributes["kind"] == "claim":
            for group in self._groups(slug):
                _join(found["mentioned_in", "in"], group, _computed(group, slug, "mentioned_in"))
        return {side: list(named.values()) for side, named in found.items()}

    def counts(self, zone: str, plant: str) -> bool:
        """Whether the number of a zone counts a plant: one in it or its phases that is there."""
        return plant in self._by_zone.get(zone, ())

    def mentions(self) -> Iterator[tuple[str, str]]:
        """Claims with the groups whose plants they are checked against."""
        for group, claims in self._claims.items():
            yield from ((claim, group) for claim in claims if not self.network.has_edge(claim, group))

    def _count_plants(self, zone: str, found: dict[Side, dict[str, Neighbour]]) -> None:
        """Makes the plants of a zone those that its mark counts; the others get a relation of their own."""
        direct = found.pop(("in_zone", "in"), {})
        for plant in sorted(self._by_zone.get(zone, ())):
            link = direct[plant].links[0] if plant in direct else _computed(plant, zone, "in_zone")
            _join(found["in_zone", "in"], plant, link)
        for plant, neighbour in direct.items():
            if plant not in self._by_zone.get(zone, ()):
                _join(found[BESIDES, "in"], plant, neighbour.links[0])

    def _groups(self, claim: str) -> set[str]:
        """Groups whose plants a claim is checked against."""
        things = (
            end
            for _, end, relation in self.network.out_edges(claim, data="relation")
            if relation == "evidence"
        )
        groups = {self.network.nodes[thing].get("group") for thing in things} - {None}
        return {group for group in groups if not self.network.has_edge(claim, group)}


def _needs(finding: Finding) -> list[tuple[str, str]]:
    """The needs a finding says are open: (product, buyer)."""
    if finding.detector == NO_MAKER:
        return [(finding.subject, buyer) for buyer in finding.objects]
    if finding.detector == NO_LINK:
        return [(product, finding.subject) for product in finding.objects]
    return []


def _join(named: dict[str, Neighbour], slug: str, link: Link, need: Need | None = None) -> None:
    neighbour = named.setdefault(slug, Neighbour(slug))
    neighbour.links.append(link)
    neighbour.need = need or neighbour.need


def _computed(start: str, end: str, relation: str) -> Link:
    return start, end, relation, {"relation": relation, "sources": (), "computed": True}
