"""Paths between two things: the shortest, and the next shortest, by the kinds of relation the reader chose.

The network is read without directions. Its adjacency is built once, split by kind of relation, so that a hub
costs nothing where its relations are not asked for. A search goes from both ends and counts its steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.explore.neighbours import MISSING, Neighbours
from graph.explore.words import relation_rank

GROUPS: dict[str, tuple[str, ...]] = {
    "supply": ("supplies",),
    "product": ("makes", "requires", "broader"),
    "ownership": (
        "operated_by", "group_plants", "sub_organization_of", "developed_by", "managed_by", "successor",
    ),
    "zone": ("in_zone", "part_of", "phase_of", "at_infrastructure", "access"),
    "coordination": (
        "member_of", "holds_office", "signatory", "covers_locality", "organiser", "host", "participant",
        "publisher",
    ),
    "claims": (
        "about_subject", "about_product", "about_locality", "evidence", "mentioned_in", "stated_by",
    ),
    "place": ("located_in", "input_unit", "output_unit"),
    "missing": (MISSING,),
}  # fmt: skip
"""Relations by the kind a reader chooses from; a relation in none of them counts as `coordination`."""
USUAL = ("supply", "product", "ownership", "zone", "coordination", "claims")
"""Chosen unless asked otherwise. Half the corridor lies in one locality: that explains nothing."""
PLACE = "place"
MOST_STEPS = 200_000
"""Relations one search may read."""
MOST_PATHS = 5


@dataclass(frozen=True)
class Path:
    """The ids of the things along a path, both ends included."""

    ids: tuple[str, ...]

    @property
    def length(self) -> int:
        """Number of lines."""
        return len(self.ids) - 1


@dataclass(frozen=True)
class Found:
    """Paths, shortest first; `truncated` if the search stopped before it had seen all."""

    paths: tuple[Path, ...]
    truncated: bool


class Exhausted(RuntimeError):
    """The search has read all it may."""


@dataclass
class _Search:
    """What one search may pass through, and how much more it may read."""

    groups: Sequence[str]
    left: int
    closed: set[str] = field(default_factory=set)
    cut: set[tuple[str, str]] = field(default_factory=set)


class Paths:
    """Adjacency of one network, computed relations and open needs included."""

    def __init__(self, neighbours: Neighbours, most_steps: int = MOST_STEPS):
        self._network, self._most_steps = neighbours.network, most_steps
        group_of = {relation: group for group, relations in GROUPS.items() for relation in relations}
        near: dict[str, dict[str, dict[str, tuple[int, str, str]]]] = defaultdict(lambda: defaultdict(dict))
        for start, end, relation in _relations(neighbours):
            if start == end:
                continue
            group, rank = group_of.get(relation, "coordination"), relation_rank(relation, "out")
            for one, other in ((start, end), (end, start)):
                near[one][group][other] = min(rank, near[one][group].get(other, rank))
        self._near = {
            thing: {
                group: tuple(sorted(others, key=lambda other: (others[other], other)))
                for group, others in groups.items()
            }
            for thing, groups in near.items()
        }

    def between(self, start: str, end: str, groups: Iterable[str] = USUAL, limit: int = 2) -> Found:
        """Up to `limit` paths without a loop, shortest first. Raises KeyError for an unknown id.

        Of paths of one length those by relations that say more come first. No path leads through a locality
        or a country unless `place` is among the groups.
        """
        for thing in (start, end):
            if thing not in self._network:
                raise KeyError(thing)
        chosen = set(groups)
        search = _Search(tuple(group for group in GROUPS if group in chosen), self._most_steps)
        found: list[tuple[str, ...]] = []
        waiting: set[tuple[str, ...]] = set()
        try:
            first = self._shortest(start, end, search)
            while first and len(found) < limit:
                found.append(first)
                waiting.discard(first)
                if len(found) < limit:
                    waiting |= set(self._detours(found, search)) - set(found)
                first = min(waiting, key=lambda ids: (len(ids), self._weight(ids), ids), default=None)
        except Exhausted:
            return Found(tuple(map(Path, found)), True)
        return Found(tuple(map(Path, found)), False)

    def groups_between(self, one: str, other: str, groups: Iterable[str]) -> tuple[str, ...]:
        """Those of the groups that join two things next to each other."""
        return tuple(group for group in groups if other in self._near[one].get(group, ()))

    def _weight(self, ids: Sequence[str]) -> int:
        """How little the relations along a path say."""
        order = list(GROUPS)
        return sum(min(map(order.index, self.groups_between(*pair, order))) for pair in pairwise(ids))

    def _detours(self, found: Sequence[tuple[str, ...]], search: _Search) -> Iterator[tuple[str, ...]]:
        """Yen: the shortest paths that leave the last found one at each of its things."""
        last = found[-1]
        for n in range(len(last) - 1):
            root = last[: n + 1]
            search.closed = set(root[:-1])
            search.cut = {ids[n : n + 2] for ids in found if ids[: n + 1] == root}  # type: ignore[misc]
            rest = self._shortest(last[n], last[-1], search)
            if rest:
                yield root[:-1] + rest

    def _shortest(self, start: str, end: str, search: _Search) -> tuple[str, ...] | None:
        """Breadth first from both ends, the smaller side first. Raises Exhausted."""
        if start == end:
            return (start,)
        came: tuple[dict[str, str | None], dict[str, str | None]] = ({start: None}, {end: None})
        rows: list[list[str]] = [[start], [end]]
        while rows[0] and rows[1]:
            side = 0 if len(rows[0]) <= len(rows[1]) else 1
            following, met = [], []
            for thing in rows[side]:
                for other in self._steps(thing, side, search):
                    if other in came[side] or not self._open(other, (start, end), search):
                        continue
                    came[side][other] = thing
                    following.append(other)
                    if other in came[1 - side]:
                        met.append(other)
            if met:
                ways = [_joined(came, thing) for thing in met]
                return min(ways, key=lambda ids: (len(ids), self._weight(ids)))
            rows[side] = following
        return None

    def _steps(self, thing: str, side: int, search: _Search) -> Iterator[str]:
        near = self._near.get(thing, {})
        for group in search.groups:
            others = near.get(group, ())
            search.left -= len(others)
            if search.left < 0:
                raise Exhausted
            for other in others:
                if ((thing, other) if side == 0 else (other, thing)) not in search.cut:
                    yield other

    def _open(self, thing: str, ends: tuple[str, str], search: _Search) -> bool:
        if thing in search.closed:
            return False
        through = thing not in ends and PLACE not in search.groups
        return not (through and self._network.nodes[thing]["kind"] == "locality")


def _relations(neighbours: Neighbours) -> Iterator[tuple[str, str, str]]:
    """Every relation, computed ones and open needs included: start, end, name."""
    network = neighbours.network
    yield from network.edges(data="relation")
    for plant, attributes in network.nodes(data=True):
        if attributes["kind"] == "facility" and attributes["group"] not in (attributes["operator"], None):
            yield plant, attributes["group"], "group_plants"
    for claim, group in neighbours.mentions():
        yield group, claim, "mentioned_in"
    for needs in neighbours.needs.values():
        for need in needs:
            yield need.product, need.buyer, MISSING


def _joined(came: tuple[dict[str, str | None], dict[str, str | None]], thing: str) -> tuple[str, ...]:
    """The way from the start over a thing that both sides reached to the end."""
    halves = []
    for side in came:
        half, at = [], side[thing]
        while at is not None:
            half.append(at)
            at = side[at]
        halves.append(half)
    return (*reversed(halves[0]), thing, *halves[1])
