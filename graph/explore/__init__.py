"""Views of the network: overview, surroundings of a thing, evidence of a finding, neighbours.

`Explorer` reads a frozen network and its findings and returns the typed objects of `graph.explore.view`,
whose `as_dict` is the JSON of the web API.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache

import networkx as nx

from graph.explore.around import around_view
from graph.explore.chosen import chosen_view, draw, product_mark
from graph.explore.evidence import evidence_view
from graph.explore.facets import Selection
from graph.explore.lines import Line, Lines
from graph.explore.neighbours import Neighbour, Neighbours
from graph.explore.overview import overview
from graph.explore.paths import Paths
from graph.explore.plant import plant_view
from graph.explore.sheet import GROUP, Group, Picture, Sheet, in_order
from graph.explore.steady import steady
from graph.explore.summary import summary
from graph.explore.things import Things
from graph.explore.view import Edge, Expansion, Node, Relation, View
from graph.explore.words import relation_name, relation_rank
from graph.model import Finding

__all__ = ["MOST_IDS", "Expansion", "Explorer", "Relation", "View"]

BATCH = 25
MOST_IDS = 1000
"""Neighbours whose ids a page is told beforehand; a picture holds half of that."""
KEPT = 128
"""Surroundings, orders of neighbours, members of groups and summaries that are kept, so many of each."""
ROWS, ROW_PITCH, FIRST_X, COLUMN_PITCH = 9, 44.0, 220.0, 190.0


class Explorer:
    """Views of one network in two languages. Safe to share between threads once built."""

    def __init__(self, network: nx.MultiDiGraph, findings: Sequence[Finding], usual: Explorer | None = None):
        """`usual` is the explorer of the date whose pictures this one keeps to; None for that one itself."""
        self.network, self.findings, self._usual = network, tuple(findings), usual
        self.neighbours = Neighbours(network, self.findings)
        self._whole = self
        self.selection: Selection | None = None
        """What filters leave; None without filters."""
        self._things = {lang: Things(network, lang) for lang in ("vi", "en")}
        self._remember()

    def _remember(self) -> None:
        """Keeps what is asked for again and again; made anew for what filters leave."""
        self._overview = cache(self._build_overview)
        self._focus = lru_cache(KEPT)(self._build_focus)
        self._ranked = lru_cache(KEPT)(self._rank)
        self.members = lru_cache(KEPT)(self._members)
        self.summary = lru_cache(KEPT)(self._summary)

    def under(self, selection: Selection, usual: Explorer | None = None) -> Explorer:
        """The same network with views of what is selected only; facts about a thing stay whole.

        `usual` as for the whole explorer, under the same filters.
        """
        found = copy.copy(self)
        found.selection, found._usual = selection, usual
        found.neighbours = self._whole.neighbours.among(selection.shown)
        found._things = {lang: things.among(selection.placed) for lang, things in self._things.items()}
        found._remember()
        return found

    @cached_property
    def _findings_by_id(self) -> dict[str, Finding]:
        return {finding.id: finding for finding in self.findings}

    @cached_property
    def paths(self) -> Paths:
        """Paths between things."""
        return self._whole.paths if self.selection else Paths(self.neighbours)

    @cached_property
    def _lines(self) -> Lines:
        return self._whole._lines if self.selection else Lines(self.neighbours)

    @property
    def whole(self) -> Explorer:
        """The explorer without filters."""
        return self._whole

    def line(self, name: str) -> Line:
        """The line with this id. Raises KeyError if no picture of this network can hold it."""
        return self._lines.find(name)

    def things(self, lang: str) -> Things:
        """Names and looks in one language."""
        return self._things[lang]

    def _build_overview(self, lang: str) -> Picture:
        usual = self._usual._overview(lang).view if self._usual else None
        return overview(self._things[lang], self.findings, self.selection, usual)

    def overview(self, lang: str = "vi") -> View:
        """The corridor in one picture."""
        return self._overview(lang).view

    def focus(self, slug: str, lang: str = "vi") -> View:
        """The surroundings of a thing. Raises KeyError for an unknown slug."""
        return self._focus(slug, lang).view

    def _build_focus(self, slug: str, lang: str) -> Picture:
        if slug not in self.network:
            raise KeyError(slug)
        draw = plant_view if self.network.nodes[slug]["kind"] == "facility" else around_view
        picture = draw(self._things[lang], self.neighbours, slug)
        usual = self._usual if self._usual and slug in self._usual.network else None
        return steady(picture, usual._focus(slug, lang)) if usual else picture

    def evidence(self, finding_id: str, lang: str = "vi") -> View:
        """What a finding rests on. Raises KeyError for an unknown finding."""
        return self._evidence(finding_id, lang).view

    def _evidence(self, finding_id: str, lang: str) -> Picture:
        picture = evidence_view(self._things[lang], self.neighbours, self._findings_by_id[finding_id])
        usual = self._usual if self._usual and finding_id in self._usual._findings_by_id else None
        return steady(picture, usual._evidence(finding_id, lang)) if usual else picture

    def chosen(self, ids: Sequence[str], lang: str = "vi") -> View:
        """A chosen set in one picture; ids that are not known are named in its subtitle."""
        left_out = self.left_out(ids)
        known = [thing for thing in ids if thing in self.network and thing not in left_out]
        unknown = [thing for thing in dict.fromkeys(ids) if thing not in self.network]
        return chosen_view(self._things[lang], self._lines, known, unknown, len(left_out)).view

    def left_out(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of the things that filters keep out of pictures."""
        things = (thing for thing in dict.fromkeys(ids) if thing in self.network)
        return tuple(thing for thing in things if not self.neighbours.holds(thing))

    def among(
        self, ids: Collection[str], among: Collection[str], lang: str = "vi"
    ) -> tuple[tuple[Node, ...], tuple[Edge, ...], tuple[str, ...]]:
        """Nodes of `ids` without places, all lines between `ids` and `ids` or `among`, and unknown ids.

        Things that filters keep out are passed over. Groups come as in the view that made them, with their
        lines to the others.
        """
        sheet = Sheet(self._things[lang])
        held = {*ids, *among}
        unknown = []
        for thing in dict.fromkeys(ids):
            if thing in self.network and not self.neighbours.holds(thing):
                continue
            if thing in self.network:
                sheet.nodes[thing] = self._node(thing, lang, (None, None))
                continue
            picture = self._origin(thing, lang) if thing.startswith(GROUP) else None
            node = next((node for node in picture.view.nodes if node.id == thing), None) if picture else None
            if picture is None or node is None:
                unknown.append(thing)
                continue
            sheet.nodes[thing] = replace(node, x=None, y=None)
            for edge in picture.view.edges:
                if thing in (edge.from_id, edge.to_id) and {edge.from_id, edge.to_id} <= held:
                    sheet.edges[edge.id] = edge
        known = [thing for thing in sheet.nodes if thing in self.network]
        for line in self._lines.between(known, [thing for thing in among if thing in self.network]):
            edge = draw(sheet, line)
            sheet.edges.setdefault(edge.id, edge)
        return tuple(sheet.nodes.values()), tuple(sheet.edges.values()), tuple(unknown)

    def _summary(self, slug: str, lang: str = "vi") -> str:
        """One sentence on a thing; empty where there is nothing to count."""
        return summary(self._things[lang], self._whole.neighbours, slug)

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
        ranked = self._ranked(thing, relation, direction, lang)
        page = ranked[after : after + limit]
        nodes, edges = [], {}
        for n, neighbour in enumerate(page, start=after):
            nodes.append(self._node(neighbour.slug, lang, _spot(center, n, direction)))
            for edge in self._lines_to(neighbour, lang):
                edges[edge.id] = edge
        following = after + len(page) if after + len(page) < len(ranked) else None
        return Expansion(
            thing, relation, direction, len(ranked), following, tuple(nodes), tuple(edges.values())
        )

    def ids(
        self, thing: str, relation: str, direction: str = "out", limit: int = BATCH, lang: str = "vi"
    ) -> tuple[str, ...]:
        """Ids of the first neighbours by one relation, in the order of `expand`. Raises KeyError."""
        ranked = self._ranked(thing, relation, direction, lang)
        return tuple(neighbour.slug for neighbour in ranked[:limit])

    def _members(self, group: str, lang: str) -> tuple[str, ...]:
        """Ids of the first things behind a group mark; the group knows its own relation."""
        return self.ids(group, "", limit=MOST_IDS, lang=lang)

    def _rank(self, thing: str, relation: str, direction: str, lang: str) -> tuple[Neighbour, ...]:
        """Neighbours of a thing by one relation, or those behind a group, in the order of their pages."""
        if not thing.startswith(GROUP):
            return tuple(in_order(self._things[lang], self._near(thing).get((relation, direction), ())))
        group = self._group(thing, lang)
        if group is None:
            return ()
        by_slug = {neighbour.slug: neighbour for neighbour in self._near(group.hub).get(group.side, ())}
        return tuple(by_slug[slug] for slug in group.members if slug in by_slug)

    def _near(self, slug: str) -> dict[tuple[str, str], list[Neighbour]]:
        if slug not in self.network:
            raise KeyError(slug)
        return self.neighbours.of(slug)

    def _node(self, slug: str, lang: str, spot: tuple[float | None, float | None]) -> Node:
        return self._things[lang].node(slug, *spot, mark=product_mark(self.neighbours, slug))

    def _lines_to(self, neighbour: Neighbour, lang: str) -> list[Edge]:
        things = self._things[lang]
        if neighbour.need:
            return [Sheet(things).missing(neighbour.need, smooth=None)]
        return [things.edge(*link) for link in neighbour.links]

    def _group(self, name: str, lang: str) -> Group | None:
        """What a group holds; None for the mark of an unknown maker. Raises KeyError for an unknown group."""
        origin, _, rest = name.removeprefix(GROUP).rpartition(":")
        if rest == "unknown" and origin in self.network:
            return None
        picture = self._origin(name, lang)
        if picture is None:
            raise KeyError(name)
        return picture.groups[name]

    def _origin(self, name: str, lang: str) -> Picture | None:
        """The picture that made a group; None if none did."""
        if name in self._overview(lang).groups:
            return self._overview(lang)
        origin = name.removeprefix(GROUP).rpartition(":")[0]
        if origin in self._findings_by_id:
            return self._evidence(origin, lang)
        return self._focus(origin, lang) if origin in self.network else None


def _spot(center: tuple[float, float] | None, n: int, direction: str) -> tuple[float | None, float | None]:
    """Place of the n-th neighbour: nine to a column, the first beside the centre's own height."""
    if center is None:
        return None, None
    column, row = divmod(n, ROWS)
    hand = -1 if direction == "in" else 1
    offset = math.ceil(row / 2) * (-1 if row % 2 else 1)
    return center[0] + hand * (FIRST_X + column * COLUMN_PITCH), center[1] + offset * ROW_PITCH
