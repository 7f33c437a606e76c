"""The state of the explorer page as one value: read from JSON, and turned into the picture that it shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from graph.explore.extent import Box, reach, reach_of_words
from graph.explore.view import Edge, Item, Node, Section, View
from graph.explore.words import say
from graph.model import Text

BASES = ("focus", "gap", "things")
FILTERS = ("kind", "locality", "sector", "product", "grade", "status")
KEYS = frozenset("base when filters added at hidden pinned near select show camera".split())
MOST_IDS, MOST_BESIDE, MOST_SIGNS, MOST_STEPS, FAR = 2_000, 600, 300, 500, 1e6
"""Ids in one list, things beside the base, signs of an id, expansions, and pixels from the origin."""
RINGS = 60
"""Around a thing, so many rings are searched for room."""
CENTER = (600.0, 362.0)
"""Where things are added that belong to nothing in the picture."""

Added = tuple[Sequence[Node], Sequence[Edge]]
Between = Callable[[Collection[str], Collection[str]], Added]
"""(ids, among) -> their nodes, and the lines that join them to each other and to `among`."""

Members = Callable[[str], Collection[str]]

NEEDS: dict[str, Text] = {
    "object": {"vi": "phải là một đối tượng JSON", "en": "must be a JSON object"},
    "key": {"vi": "không có mục này; các mục là {known}", "en": "is not known here; known are {known}"},
    "one": {"vi": "chỉ được có một trong {known}", "en": "may name only one of {known}"},
    "id": {
        "vi": "phải là mã của một mục, ví dụ “lgd-trang-due”",
        "en": "must be the id of a thing, for example “lgd-trang-due”",
    },
    "ids": {
        "vi": "phải là danh sách có tối đa {most} mã, ví dụ [“lgd-trang-due”]",
        "en": "must be a list of at most {most} ids, for example [“lgd-trang-due”]",
    },
    "list": {
        "vi": "phải là danh sách có tối đa {most} bước",
        "en": "must be a list of at most {most} steps",
    },
    "many": {
        "vi": "cùng với pinned chỉ được có tối đa {most} mục khác nhau",
        "en": "and pinned may name at most {most} different things",
    },
    "text": {"vi": "phải là một đoạn chữ ngắn", "en": "must be a short text"},
    "ends": {"vi": "phải là hai mã [từ, đến]", "en": "must be two ids [from, to]"},
    "direction": {"vi": "phải là out hoặc in", "en": "must be out or in"},
    "place": {
        "vi": "phải là hai số [x, y] trong khoảng ±1.000.000",
        "en": "must be two numbers [x, y] within ±1,000,000",
    },
    "show": {"vi": "phải là graph hoặc list", "en": "must be graph or list"},
}


class BadDocument(ValueError):
    """A state that cannot be read; `text` says where and what to write instead."""

    def __init__(self, where: str, need: str, **values: Any):
        self.text: Text = {
            lang: f"{where or 'doc'} {text.format(**values)}" for lang, text in NEEDS[need].items()
        }
        super().__init__(self.text["en"])


@dataclass(frozen=True)
class Step:
    """What one expansion or path added; `of` is the thing or group it started from."""

    of: str
    ids: tuple[str, ...]
    path: bool = False

    def asked_for(self, start: str, end: str) -> bool:
        """Whether it added one end of a line from the other: the line itself was asked for."""
        if self.path:
            return {(start, end), (end, start)} & set(pairwise(self.ids)) != set()
        return (self.of == start and end in self.ids) or (self.of == end and start in self.ids)


@dataclass(frozen=True)
class Document:
    """The state of the page. `at` are places in world pixels that differ from those of the base."""

    base: dict[str, Any]
    when: dict[str, str]
    filters: dict[str, tuple[str, ...]]
    added: tuple[Step, ...] = ()
    at: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    pinned: tuple[str, ...] = ()
    near: str | None = None

    @classmethod
    def read(cls, value: Any) -> Document:
        """From JSON values; keys that are missing are as on a fresh page. Raises BadDocument."""
        doc = _object("", value, KEYS)
        base = _object("base", doc.get("base", {}), BASES)
        if len(base) > 1:
            raise BadDocument("base", "one", known=", ".join(BASES))
        for name, item in base.items():
            _ids(f"base.{name}", item) if name == "things" else _id(f"base.{name}", item)
        when = _object("when", doc.get("when", {}), ("as_of", "reading"))
        filters = _object("filters", doc.get("filters", {}), FILTERS)
        at = _object("at", doc.get("at", {}))
        if doc.get("show") not in (None, "graph", "list"):
            raise BadDocument("show", "show")
        _optional("select", doc)
        found = cls(
            base=base,
            when={name: _text(f"when.{name}", item) for name, item in when.items()},
            filters={name: _ids(f"filters.{name}", item) for name, item in filters.items()},
            added=_steps(doc.get("added", [])),
            at={_id("at", name): _place(f"at.{name}", place) for name, place in at.items()},
            hidden=frozenset(_ids("hidden", doc.get("hidden", []))),
            pinned=_ids("pinned", doc.get("pinned", [])),
            near=_optional("near", doc),
        )
        if len(found.beside) > MOST_BESIDE:
            raise BadDocument("added", "many", most=MOST_BESIDE)
        return found

    @property
    def beside(self) -> tuple[str, ...]:
        """Ids that the picture holds beside those of its base: added ones and pinned ones."""
        return tuple(dict.fromkeys([*(name for step in self.added for name in step.ids), *self.pinned]))


def _object(where: str, value: Any, known: Collection[str] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadDocument(where, "object")
    if known and (other := sorted(value.keys() - set(known))):
        raise BadDocument(
            ".".join(filter(None, (where, other[0][:MOST_SIGNS]))), "key", known=", ".join(sorted(known))
        )
    return value


def _id(where: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MOST_SIGNS:
        raise BadDocument(where, "id")
    return value


def _optional(where: str, doc: dict[str, Any]) -> str | None:
    return None if doc.get(where) is None else _id(where, doc[where])


def _ids(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_IDS:
        raise BadDocument(where, "ids", most=MOST_IDS)
    return tuple(_id(f"{where}[{n}]", item) for n, item in enumerate(value))


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_SIGNS:
        raise BadDocument(where, "text")
    return value


def _steps(value: Any) -> tuple[Step, ...]:
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        raise BadDocument("added", "list", most=MOST_STEPS)
    return tuple(_step(f"added[{n}]", item) for n, item in enumerate(value))


def _step(where: str, value: Any) -> Step:
    step = _object(where, value, ("of", "relation", "direction", "ids", "path"))
    ids = _ids(f"{where}.ids", step.get("ids"))
    if "path" in step:
        ends = step["path"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise BadDocument(f"{where}.path", "ends")
        return Step(_ids(f"{where}.path", ends)[0], ids, path=True)
    _text(f"{where}.relation", step.get("relation", ""))
    if step.get("direction", "out") not in ("out", "in"):
        raise BadDocument(f"{where}.direction", "direction")
    return Step(_id(f"{where}.of", step.get("of")), ids)


def _place(where: str, value: Any) -> tuple[float, float]:
    if not (isinstance(value, list) and len(value) == 2 and all(map(_is_coordinate, value))):
        raise BadDocument(where, "place")
    return float(value[0]), float(value[1])


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= FAR


def drawn(view: View, document: Document, between: Between, members: Members, lang: str) -> View:
    """The picture that a document shows: its base view with what was added, moved and hidden.

    `between` gives the nodes and lines of added ids, `members` the ids behind a group mark. Ids that are not
    known are left out, as on the page. A missing need and a line to a locality are drawn only where a step
    asked for them.
    """
    nodes = {node.id: node for node in view.nodes}
    bands = {band.id for band in view.bands}
    wanted = [name for name in document.beside if name not in nodes and name not in bands]
    found, lines = between(wanted, [*nodes, *bands]) if wanted else ((), ())
    moved = {
        name: replace(node, x=at[0], y=at[1]) for name, node in nodes.items() if (at := document.at.get(name))
    }
    nodes |= moved
    for node in _placed(view, nodes, found, document):
        nodes[node.id] = node
    asked = [edge for edge in lines if _asked(edge, nodes, document)]
    edges = _together(view.edges, asked)
    _regroup(nodes, bands, members)
    shown = {name: node for name, node in nodes.items() if name not in document.hidden}
    there = shown.keys() | (bands - document.hidden)
    return replace(
        view,
        nodes=tuple(shown.values()),
        edges=tuple(edge for edge in edges if edge.from_id in there and edge.to_id in there),
        bands=tuple(band for band in view.bands if band.id not in document.hidden),
        sections=tuple(
            _sections(view, [shown[node.id] for node in found if node.id in shown], document, lang)
        ),
        truncated=any(node.mark == "group" for node in shown.values()),
    )


def _asked(edge: Edge, nodes: Mapping[str, Node], document: Document) -> bool:
    ends = (nodes.get(edge.from_id), nodes.get(edge.to_id))
    on_request = edge.style == "missing" or any(node is None or node.kind == "locality" for node in ends)
    return not on_request or any(step.asked_for(edge.from_id, edge.to_id) for step in document.added)


def _placed(
    view: View, nodes: Mapping[str, Node], found: Iterable[Node], document: Document
) -> Iterator[Node]:
    """New nodes where the reader has them; those without a place where they fit beside their origin."""
    origin = {name: step.of for step in reversed(document.added) for name in step.ids}
    centers = {band.id: (band.x + band.width / 2, band.y + band.height / 2) for band in view.bands}
    centers |= {node.id: (node.x or 0.0, node.y or 0.0) for node in nodes.values()}
    full: dict[tuple[float, float], int] = {}
    taken = [reach(node, node.id == view.focus) for node in nodes.values()]
    taken += map(reach_of_words, view.texts)
    for node in found:
        at = document.at.get(node.id)
        if at is None:
            at = _free(node, centers.get(origin.get(node.id, ""), CENTER), taken, full)
        placed = replace(node, x=at[0], y=at[1])
        taken.append(reach(placed))
        yield placed


def _free(
    node: Node, center: tuple[float, float], taken: Sequence[Box], full: dict[tuple[float, float], int]
) -> tuple[float, float]:
    """The nearest spot on rings around `center`. `full` remembers by centre how many rings hold no more."""
    left, top, right, bottom = reach(replace(node, x=0.0, y=0.0))
    for ring in range(full.get(center, 1), RINGS):
        radius, steps = 56 + ring * 24, 8 + ring * 4
        for step in range(steps):
            angle = 2 * math.pi * step / steps + ring * 0.5
            x, y = center[0] + 1.4 * radius * math.cos(angle), center[1] + radius * math.sin(angle)
            box = Box(x + left, y + top, x + right, y + bottom)
            if all(box.apart(other) for other in reversed(taken)):
                full[center] = ring
                return round(x, 1), round(y, 1)
    full[center] = RINGS
    return center


def _together(drawn: Iterable[Edge], added: Iterable[Edge]) -> list[Edge]:
    """Each line once: an added one that is there under another id is left out."""
    edges = list(drawn)
    ids = {edge.id for edge in edges}
    known = {(edge.from_id, edge.relation, edge.to_id, edge.style): edge for edge in edges}
    for edge in added:
        same = edge.from_id, edge.relation, edge.to_id, edge.style
        if edge.id not in ids and same not in known:
            ids.add(edge.id)
            known[same] = edge
            edges.append(edge)
    return edges


def _regroup(nodes: dict[str, Node], bands: Collection[str], members: Members) -> None:
    """A group counts the members that are not in the picture themselves; with none left it goes."""
    for name, node in [item for item in nodes.items() if item[1].mark == "group"]:
        inside = members(name)
        left = sum(member not in nodes and member not in bands for member in inside)
        if not left and inside:
            del nodes[name]
        elif left != len(inside):
            total = str(len(inside))
            head, found, tail = node.label.rpartition(total)
            label = f"{head}{left}{tail}" if found else node.label
            nodes[name] = replace(node, label=label, number=left if node.number else node.number)


def _sections(view: View, added: Sequence[Node], document: Document, lang: str) -> Iterator[Section]:
    """The list without hidden things, then the added ones that it does not hold yet."""
    listed = {item.id for section in view.sections for item in section.items}
    for section in view.sections:
        items = tuple(item for item in section.items if item.id not in document.hidden)
        if items:
            yield replace(section, items=items)
    more = [
        Item(node.id, node.label, node.mark, gap=node.mark == "missing")
        for node in added
        if node.id not in listed
    ]
    if more:
        yield Section(say("added-heading", lang), tuple(more))
