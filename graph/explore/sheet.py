"""A picture while it is being put together: each thing once, each line once, groups with what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.explore.neighbours import MISSING, Link, Need, Neighbour, Side
from graph.explore.things import Things
from graph.explore.view import Edge, Item, Node, Section, View, Words
from graph.explore.words import say
from graph.gaps.wording import mid_sentence

GROUP = "group:"
MOST_NAMES = 12
"""Names that the title of a group tells."""
MOST_ROWS = 200
"""Things of one section of the list that have a row of their own."""
GROUP_RADIUS = {1: 10, 2: 13, 3: 16}
"""Radius of a group by the digits of its number, px."""
BESIDE = frozenset(
    "park group plant plant-planned product product-common missing infrastructure unknown person event "
    "document claim".split()
)
"""Marks whose label may stand beside them; boxes and plain text hold their own."""


@dataclass(frozen=True)
class Group:
    """Things behind one mark: neighbours of `hub` by one relation."""

    hub: str
    side: Side
    members: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A view and what its groups hold, by the id of the group."""

    view: View
    groups: dict[str, Group]


@dataclass
class Sheet:
    """Collects nodes, lines, texts and list rows."""

    things: Things
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    texts: list[Words] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        """Language of the picture."""
        return self.things.lang

    def put(self, slug: str, x: float, y: float, **looks: Any) -> Node:
        """Adds a thing; one that is there already stays where it is."""
        if slug not in self.nodes:
            self.nodes[slug] = self.things.node(slug, x, y, **looks)
        return self.nodes[slug]

    def put_beside(self, slug: str, x: float, y: float, align: str, **looks: Any) -> Node:
        """Adds a thing with its label to the left or right, where its mark allows."""
        mark = looks.get("mark") or self.things.mark(slug)
        return self.put(slug, x, y, align=align if mark in BESIDE else None, **looks)

    def put_group(self, name: str, group: Group, x: float, y: float, kind: str) -> Node:
        """Adds a mark that stands for several things."""
        node = Node(
            f"{GROUP}{name}",
            say("next", self.lang, n=len(group.members)),
            kind,
            "group",
            x,
            y,
            title="\n".join(self.things.name(slug) for slug in group.members[:MOST_NAMES]),
            number=len(group.members),
            size=GROUP_RADIUS[min(len(str(len(group.members))), 3)],
        )
        self.groups[node.id] = group
        self.nodes[node.id] = node
        return node

    def line(self, link: Link, **looks: Any) -> Edge:
        """Adds a relation of the network."""
        edge = self.things.edge(*link, **looks)
        return self.edges.setdefault(edge.id, edge)

    def draw(self, start: str, relation: str, end: str, style: str, title: str = "", **looks: Any) -> Edge:
        """Adds a line that is no relation of the network."""
        edge = Edge(f"{start}|{relation}|{end}", start, end, relation, style, title=title, **looks)
        return self.edges.setdefault(edge.id, edge)

    def missing(self, need: Need, smooth: str | None = "cubic") -> Edge:
        """Adds the dashed red line of a need."""
        return self.draw(
            need.product, MISSING, need.buyer, "missing", need_title(self.things, need),
            width=2 if need.no_maker else 1.5, smooth=smooth,
        )  # fmt: skip

    def heading(self, x: float, y: float, text: str) -> None:
        """Adds the heading of a column."""
        self.texts.append(Words(x, y, text, 12, "ink-3", "middle", 500))

    def section(
        self,
        heading: str,
        slugs: Sequence[str],
        marks: dict[str, str] | None = None,
        group: Node | None = None,
    ) -> None:
        """Adds rows to the list; with a `group`, what is over MOST_ROWS shares its row."""
        marks = marks or {}
        rest = slugs[MOST_ROWS:] if group else ()
        items = tuple(
            Item(
                slug,
                self.things.name(slug),
                marks.get(slug) or self.things.mark(slug),
                self.things.place(slug) or self.things.validity(slug) or "",
                gap=marks.get(slug) == "missing",
            )
            for slug in slugs[: len(slugs) - len(rest)]
        )
        if group and rest:
            items += (Item(group.id, say("next", self.lang, n=len(rest)), group.mark, count=len(rest)),)
        if items:
            self.sections.append(Section(heading, items))

    def picture(
        self, mode: str, title: str, subtitle: str, focus: str | None = None, left_out: int = 0
    ) -> Picture:
        """The finished picture; `left_out` things are kept out of it by filters, and it says so."""
        if left_out:
            key = "left-out" if left_out > 1 else "one-left-out"
            subtitle = " · ".join(filter(None, (subtitle, say(key, self.lang, n=left_out))))
        view = View(
            title,
            subtitle,
            mode,
            tuple(self.nodes.values()),
            tuple(self.edges.values()),
            tuple(self.sections),
            texts=tuple(self.texts),
            truncated=bool(self.groups),
            focus=focus,
            left_out=left_out,
        )
        return Picture(view, self.groups)


def in_order(things: Things, neighbours: Iterable[Neighbour]) -> list[Neighbour]:
    """By name, then id; inputs with no recorded maker before all, then core before common."""

    def rank(neighbour: Neighbour) -> tuple[bool, float, int]:
        need = neighbour.need
        has_maker = need is None or not need.no_maker
        weight = -need.finding.criticality if need else 0.0
        return has_maker, weight, things.alphabet[neighbour.slug]

    return sorted(neighbours, key=rank)


def need_title(things: Things, need: Need) -> str:
    """What a dashed red line says, and what other supply is recorded."""
    lang, product = things.lang, mid_sentence(things.name(need.product))
    title = say("link-not-recorded", lang, buyer=things.name(need.buyer), product=product)
    other = need.other_supply[lang]
    return f"{title}\n{say('other-supply', lang, suppliers=other)}" if other else title


def need_mark(things: Things, need: Need, core: bool) -> str:
    """Mark of a needed product."""
    if need.no_maker:
        return "missing"
    return "product" if core else "product-common"


def neighbour_looks(things: Things, neighbour: Neighbour, side: Side) -> dict[str, Any]:
    """Looks of a neighbour that depend on the relation: an input with no recorded maker is red."""
    if side == (MISSING, "out") and neighbour.need:
        return {"mark": need_mark(things, neighbour.need, neighbour.need.finding.criticality >= 1)}
    return {}
