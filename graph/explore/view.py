"""What a picture holds, as typed objects that become the JSON of `/api/graph` and `/api/expand`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Point = tuple[float, float]
NOT_THINGS = frozenset({"unknown"})
"""Marks that stand for no recorded thing."""


@dataclass(frozen=True)
class Node:
    """One mark. `id` is a slug, or `group:...` for several things behind one mark.

    `x`, `y` are world pixels, y down; None leaves the place to the page. `number` stands inside the mark,
    `sub` below the label, `align` puts the label to the left or right. `mark` is a key of graph/marks.json.
    """

    id: str
    label: str
    kind: str
    mark: str
    x: float | None = None
    y: float | None = None
    title: str = ""
    size: float | None = None
    height: float | None = None
    border: float | None = None
    number: int | None = None
    sub: str | None = None
    align: str | None = None
    href: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON form; what is not known is left out."""
        return _known(vars(self))


@dataclass(frozen=True)
class Edge:
    """One line. Its id is the relation's own id where it has one, else `from|relation|to`.

    `route` is its way in world pixels where that is planned: straight and bent pieces in turn, straight at
    both ends.
    """

    id: str
    from_id: str
    to_id: str
    relation: str
    style: str
    width: float | None = None
    label: str | None = None
    title: str = ""
    smooth: str | None = None
    route: tuple[Point, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON form with the keys `from` and `to`."""
        known = _known(vars(self))
        return {"from": known.pop("from_id"), "to": known.pop("to_id"), **known}


@dataclass(frozen=True)
class Backdrop:
    """A locality behind the things: a band with its name and a line below it."""

    id: str
    x: float
    y: float
    width: float
    height: float
    label: str
    sub: str


@dataclass(frozen=True)
class Words:
    """Free text; `align` is start, middle or end, `color_token` a key of the palette."""

    x: float
    y: float
    text: str
    size: float = 11
    color_token: str = "ink-3"
    align: str = "start"
    weight: int = 400


@dataclass(frozen=True)
class Item:
    """A row of the list that says the same as the picture."""

    id: str
    label: str
    kind: str
    sub: str = ""
    count: int | str | None = None
    gap: bool = False


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class View:
    """A whole picture with its list."""

    title: str
    subtitle: str
    mode: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    sections: tuple[Section, ...]
    bands: tuple[Backdrop, ...] = ()
    texts: tuple[Words, ...] = ()
    spine: dict[str, float] | None = None
    coast: bool = False
    truncated: bool = False
    focus: str | None = None
    left_out: int = 0
    """Things that filters keep out of the picture."""

    @property
    def things(self) -> int:
        """Marks and bands that stand for recorded things."""
        return sum(node.mark not in NOT_THINGS for node in self.nodes) + len(self.bands)

    @property
    def legend(self) -> list[str]:
        """Marks and `line-` styles in use, in order of appearance."""
        marks = dict.fromkeys(node.mark for node in self.nodes)
        lines = dict.fromkeys(f"line-{edge.style}" for edge in self.edges)
        return [*(["spine"] if self.spine else []), *marks, *lines]

    def as_dict(self) -> dict[str, Any]:
        """JSON form; what is not known is left out of nodes and edges."""
        return {
            "title": self.title,
            "subtitle": self.subtitle,
            "mode": self.mode,
            "things": self.things,
            "nodes": [node.as_dict() for node in self.nodes],
            "edges": [edge.as_dict() for edge in self.edges],
            "bands": [dict(vars(band)) for band in self.bands],
            "texts": [dict(vars(words)) for words in self.texts],
            "spine": self.spine,
            "coast": self.coast,
            "counts": dict(Counter(node.kind for node in self.nodes)),
            "truncated": self.truncated,
            "focus": self.focus,
            "left_out": self.left_out,
            "legend": self.legend,
            "list": [
                {"heading": section.heading, "items": [dict(vars(item)) for item in section.items]}
                for section in self.sections
            ],
        }


@dataclass(frozen=True)
class Relation:
    """A kind of neighbour of a thing, with how many there are."""

    relation: str
    direction: str
    label: str
    count: int


@dataclass(frozen=True)
class Expansion:
    """A page of neighbours. `after` is the offset of the next page, None on the last."""

    center: str
    relation: str
    direction: str
    count: int
    after: int | None
    nodes: tuple[Node, ...] = field(default=())
    edges: tuple[Edge, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "center": self.center,
            "relation": self.relation,
            "direction": self.direction,
            "count": self.count,
            "after": self.after,
            "nodes": [node.as_dict() for node in self.nodes],
            "edges": [edge.as_dict() for edge in self.edges],
        }


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
