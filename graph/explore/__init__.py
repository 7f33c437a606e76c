"""Views of the network: overview, surroundings of a thing, evidence of a finding, neighbours.

`Explorer` reads a frozen network and its findings and returns the typed objects of `graph.explore.view`,
whose `as_dict` is the JSON of the web API.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

import networkx as nx

from graph.explore.around import around_view
from graph.explore.evidence import evidence_view
from graph.explore.neighbours import Neighbour, Neighbours
from graph.explore.overview import overview
from graph.explore.plant import plant_view
from graph.explore.sheet import GROUP, Group, Picture, Sheet, in_order, neighbour_looks
from graph.explore.summary import summary
from graph.explore.things import Things, edge_id
from graph.explore.view import Edge, Expansion, Node, Relation, View
from graph.explore.words import relation_name, relation_rank
from graph.model import Finding

__all__ = ["Expansion", "Explorer", "Relation", "View", "flattened"]

BATCH = 25
ROWS, ROW_PITCH, FIRST_X, COLUMN_PITCH = 9, 44.0, 220.0, 190.0


class Explorer:
    """Views of one network in two languages. Safe to share between threads once built."""

    def __init__(self, network: nx.MultiDiGraph, findings: Sequence[Finding]):
        self.network, self.findings = network, tuple(findings)
        self.neighbours = Neighbours(network, self.findings)
        self._things = {lang: Things(network, lang) for lang in ("vi", "en")}
        self._overview = cache(self._build_overview)
        self.members = cache(self._members)

    @cached_property
    def _findings_by_id(self) -> dict[str, Finding]:
        return {finding.id: finding for finding in self.findings}

    def things(self, lang: str) -> Things:
        """Names and looks in one language."""
        return self._things[lang]

    def _build_overview(self, lang: str) -> Picture:
        return overview(self._things[lang], self.findings)

    def overview(self, lang: str = "vi") -> View:
        """The corridor in one picture."""
        return self._overview(lang).view

    def focus(self, slug: str, lang: str = "vi") -> View:
        """The surroundings of a thing. Raises KeyError for an unknown slug."""
        return self._focus(slug, lang).view

    def _focus(self, slug: str, lang: str) -> Picture:
        if slug not in self.network:
            raise KeyError(slug)
        draw = plant_view if self.network.nodes[slug]["kind"] == "facility" else around_view
        return draw(self._things[lang], self.neighbours, slug)

    def evidence(self, finding_id: str, lang: str = "vi") -> View:
        """What a finding rests on. Raises KeyError for an unknown finding."""
        return self._evidence(finding_id, lang).view

    def _evidence(self, finding_id: str, lang: str) -> Picture:
        return evidence_view(self._things[lang], self.neighbours, self._findings_by_id[finding_id])

    def summary(self, slug: str, lang: str = "vi") -> str:
        """One sentence on a thing; empty where there is nothing to count."""
        return summary(self._things[lang], self.neighbours, slug)

    def relations(self, thing: str, lang: str = "vi") -> tuple[Relation, ...]:
        """Relations of a thing or group with their number of neighbours. Raises KeyError if unknown."""
        if thing.startswith(GROUP):
            group = self._group(thing, lang)
            if group is None:
                return ()
            return (Relation(*group.side, relation_name(*group.side, lang), len(group.members)),)
        near = self._near(thing)
        return tuple(
            Relation(*side, relation_name(*side, lang), len(near[side]))
            for side in sorted(near, key=lambda side: relation_rank(*side))
        )

    def expand(
        self,
        thing: str,
        relation: str,
        direction: str = "out",
        limit: int = BATCH,
        after: int = 0,
        lang: str = "vi",
        center: tuple[float, float] | None = None,
    ) -> Expansion:
        """A page of neighbours by one relation, sorted by name, inputs with no recorded maker first.

        `after` is the offset of the first. With `center` (world pixels) the neighbours get places in
        columns beside it, to the right for `out` and to the left for `in`; without, the page places them.
        Raises KeyError for an unknown id.
        """
        group = self._group(thing, lang) if thing.startswith(GROUP) else None
        if thing.startswith(GROUP) and group is None:
            return Expansion(thing, relation, direction, 0, None)
        hub = group.hub if group else thing
        side = group.side if group else (relation, direction)
        found = self._near(hub).get(side, [])
        if group:
            by_slug = {neighbour.slug: neighbour for neighbour in found}
            ranked = [by_slug[slug] for slug in group.members if slug in by_slug]
        else:
            ranked = in_order(self._things[lang], found)
        page = ranked[after : after + limit]
        nodes, edges = [], {}
        for n, neighbour in enumerate(page, start=after):
            nodes.append(self._node(neighbour, side, lang, _spot(center, n, direction)))
            for edge in self._lines(neighbour, lang):
                edges[edge.id] = edge
        following = after + len(page) if after + len(page) < len(ranked) else None
        return Expansion(
            thing, relation, direction, len(ranked), following, tuple(nodes), tuple(edges.values())
        )

    def _members(self, group: str, lang: str) -> tuple[str, ...]:
        """Ids of the things behind a group mark; the group knows its own relation."""
        return tuple(node.id for node in self.expand(group, "", limit=len(self.network), lang=lang).nodes)

    def _near(self, slug: str) -> dict[tuple[str, str], list[Neighbour]]:
        if slug not in self.network:
            raise KeyError(slug)
        return self.neighbours.of(slug)

    def _node(
        self, neighbour: Neighbour, side: tuple[str, str], lang: str, spot: tuple[float | None, float | None]
    ) -> Node:
        things = self._things[lang]
        return things.node(neighbour.slug, *spot, **neighbour_looks(things, neighbour, side))

    def _lines(self, neighbour: Neighbour, lang: str) -> list[Edge]:
        things = self._things[lang]
        if neighbour.need:
            return [Sheet(things).missing(neighbour.need, smooth=None)]
        return [things.edge(*link) for link in neighbour.links]

    def _group(self, name: str, lang: str) -> Group | None:
        """What a group holds; None for the mark of an unknown maker. Raises KeyError for an unknown group."""
        known = self._overview(lang).groups
        if name in known:
            return known[name]
        origin, _, rest = name.removeprefix(GROUP).rpartition(":")
        if rest == "unknown" and origin in self.network:
            return None
        picture = (
            self._evidence(origin, lang) if origin in self._findings_by_id else self._focus(origin, lang)
        )
        return picture.groups[name]


def _spot(center: tuple[float, float] | None, n: int, direction: str) -> tuple[float | None, float | None]:
    """Place of the n-th neighbour: nine to a column, the first beside the centre's own height."""
    if center is None:
        return None, None
    column, row = divmod(n, ROWS)
    hand = -1 if direction == "in" else 1
    offset = math.ceil(row / 2) * (-1 if row % 2 else 1)
    return center[0] + hand * (FIRST_X + column * COLUMN_PITCH), center[1] + offset * ROW_PITCH


def flattened(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A copy with plain text and numbers only, as GraphML needs; edges are keyed by their stable id.

    The folder of the data stays out: it means nothing on another machine.
    """
    flat = nx.MultiDiGraph(**{key: _plain(value) for key, value in network.graph.items() if key != "data"})
    for slug, attributes in sorted(network.nodes(data=True)):
        flat.add_node(slug, **_flat(attributes))
    for start, end, key, data in sorted(network.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        flat.add_edge(start, end, key=edge_id(start, end, key, data["relation"]), **_flat(data))
    return flat


def _flat(attributes: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in attributes.items():
        if isinstance(value, dict):
            found |= {f"{key}_{part}": _plain(text) for part, text in value.items()}
        elif value is not None:
            found[key] = _plain(value)
    return found


def _plain(value: Any) -> str | int | float | bool:
    if isinstance(value, (bool, int, float, str)):
        return value
    return " ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
