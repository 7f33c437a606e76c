"""The lines of the network by their ids, and all lines between some things."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from graph.explore.neighbours import MISSING, Link, Need, Neighbours
from graph.explore.things import DERIVED, edge_id
from graph.model import home

COLUMN = "column"
"""Line of the overview between two parks that stand in one column."""


@dataclass(frozen=True)
class Line:
    """One line: a recorded relation, a computed one with what it follows from, or a need left open."""

    link: Link
    need: Need | None = None
    basis: tuple[Link, ...] = field(default=())
    """Recorded relations that a computed one follows from."""

    @property
    def kind(self) -> str:
        """`stated`, `derived` or `missing`."""
        if self.need:
            return MISSING
        return "derived" if is_derived(self.link) else "stated"


def is_derived(link: Link) -> bool:
    """Whether no source states the relation: the explorer worked it out."""
    return link[3]["relation"] in DERIVED or bool(link[3].get("computed"))


class Lines:
    """The lines of one network by id. The ids of relations that are things of their own are read once."""

    def __init__(self, neighbours: Neighbours):
        self.neighbours, self.network = neighbours, neighbours.network
        self._own: dict[str, Link] = {}
        for start, end, key, data in self.network.edges(keys=True, data=True):
            if edge_id(start, end, key, data["relation"]) == key:
                self._own[key] = (start, end, key, data)

    def find(self, name: str) -> Line:
        """The line with this id. Raises KeyError if no line of a picture of this network has it."""
        if name in self._own:
            return Line(self._own[name])
        start, relation, end = name.split("|") if name.count("|") == 2 else ("", "", "")
        if relation in self._own and {start, end} <= {
            *self._own[relation][:2], self._own[relation][3].get("product"),
        }:  # fmt: skip
            return Line(self._own[relation])
        if start not in self.network or end not in self.network:
            raise KeyError(name)
        found = next((link for link in self._pair(start, end) if link[3]["relation"] == relation), None)
        needs = [need for need in self.neighbours.needed.get(start, ()) if end in self._buyers(need)]
        if relation == MISSING and needs:
            return Line((start, end, MISSING, {"relation": MISSING, "plants": len(needs)}), needs[0])
        if found and not is_derived(found):
            return Line(found)
        basis = tuple(self._basis(start, relation, end))
        if not basis and not found and not self._drawn_only(start, relation, end):
            raise KeyError(name)
        computed = {"relation": relation, "sources": (), "computed": True}
        return Line(found or (start, end, relation, computed), basis=basis)

    def between(self, ids: Iterable[str], among: Collection[str]) -> Iterator[Line]:
        """Recorded, computed and missing lines from `ids` to `ids` or `among`, each once.

        Reads the relations of `ids` only.
        """
        wanted = dict.fromkeys(ids)
        held = {*wanted, *among}
        zones = sorted(thing for thing in held if self.network.nodes[thing]["kind"] == "zone")
        done: set[str] = set()
        for thing in wanted:
            for neighbours in self.neighbours.of(thing).values():
                for neighbour in neighbours:
                    if neighbour.slug not in held or neighbour.slug == thing:
                        continue
                    for link in neighbour.links:
                        if (name := edge_id(*link[:3], link[3]["relation"])) not in done:
                            done.add(name)
                            yield Line(link, neighbour.need if link[3]["relation"] == MISSING else None)
            for zone in zones:
                name = f"{thing}|in_zone|{zone}"
                if name not in done and self.neighbours.counts(zone, thing):
                    done.add(name)
                    computed = {"relation": "in_zone", "sources": (), "computed": True}
                    yield Line((thing, zone, "in_zone", computed))

    def _buyers(self, need: Need) -> tuple[str, str | None]:
        """Where the line of a need may end: at the plant or, in the overview, at its locality."""
        return need.buyer, home(self.network.nodes[need.buyer])

    def _drawn_only(self, start: str, relation: str, end: str) -> bool:
        """Whether the overview draws a line that is no relation: between two parks in one column."""
        kinds = {self.network.nodes[thing]["kind"] for thing in (start, end)}
        return relation == COLUMN and kinds == {"zone"}

    def _pair(self, start: str, end: str) -> Iterator[Link]:
        """Recorded relations between two things, one way, in the order of their keys."""
        keyed = self.network.get_edge_data(start, end, default={})
        yield from ((start, end, key, keyed[key]) for key in sorted(keyed))

    def _basis(self, start: str, relation: str, end: str) -> Iterator[Link]:
        """Recorded relations that a computed one follows from."""
        network = self.network
        if relation == "group_plants" and network.nodes[start].get("group") == end:
            yield from self._chain(start, end, ("operated_by", "sub_organization_of"))
        elif relation == "in_zone" and self.neighbours.counts(end, start):
            yield from self._chain(start, end, ("in_zone", "phase_of"))
        elif relation == "makes":
            yield from self._chain(start, end, ("makes", "broader"))
        elif relation == "candidate":
            made = self.network.out_edges(end, keys=True, data=True)
            yield from (link for link in made if link[3]["relation"] == "makes")
        elif relation == "located_in":
            yield from self._chain(start, end, ("located_in", "successor"))
        elif relation == "mentioned_in":
            group = network.nodes[start].get("group", start)
            for _, thing, key, data in network.out_edges(end, keys=True, data=True):
                if data["relation"] == "evidence" and network.nodes[thing].get("group") == group:
                    yield end, thing, key, data

    def _chain(self, start: str, end: str, relations: Collection[str]) -> Iterator[Link]:
        """The shortest chain of recorded relations of these names, read forwards."""
        came: dict[str, Link | None] = {start: None}
        row = [start]
        while row and end not in came:
            following = []
            for thing in row:
                for _, other, key, data in self.network.out_edges(thing, keys=True, data=True):
                    if data["relation"] in relations and not data.get("computed") and other not in came:
                        came[other] = (thing, other, key, data)
                        following.append(other)
            row = sorted(following)
        links, at = [], came.get(end)
        while at:
            links.append(at)
            at = came[at[0]]
        yield from reversed(links)
