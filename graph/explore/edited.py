"""The picture that a document shows: its base view with what the reader added, moved and hid."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from graph.explore.document import Document
from graph.explore.extent import Box, reach, reach_of_words
from graph.explore.view import Edge, Item, Node, Section, View
from graph.explore.words import say

RINGS = 60
"""Around a thing, so many rings are searched for room."""
CENTER = (600.0, 362.0)
"""Where things are added that belong to nothing in the picture."""

Added = tuple[Sequence[Node], Sequence[Edge]]
Between = Callable[[Collection[str], Collection[str]], Added]
"""(ids, among) -> their nodes, and the lines that join them to each other and to `among`."""

Members = Callable[[str], Collection[str]]


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
