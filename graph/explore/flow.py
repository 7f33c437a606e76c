"""A view drawn along its lines: what starts a line stands left of where it ends, and no line crosses a name.

What lines join makes a block of its own. Things without a line stand below, by kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import networkx as nx

from graph.explore.block import Block
from graph.explore.extent import holds_text, reach, type_of
from graph.explore.view import Node, View, Words
from graph.explore.words import PLURALS, say
from graph.lettering import width

ROOM = 872.0
"""Width that blocks share, px."""
BESIDE, BELOW = 48.0, 34.0
"""Between two blocks."""
ROW, LETTER = 8.0, 12.0
"""Gap of rows and type size of a heading, px."""


def most_connected(names: Sequence[str], pairs: Iterable[tuple[str, str]], most: int) -> list[str]:
    """At most `most` names, those with most pairs first, equal ones in their order."""
    touched = Counter(name for pair in set(pairs) if pair[0] != pair[1] for name in pair)
    return sorted(names, key=lambda name: -touched[name])[:most]


def flow(view: View, lang: str, most: int) -> View:
    """The view with its `most` most connected things placed and their lines routed, without other texts."""
    pairs = [(edge.from_id, edge.to_id) for edge in view.edges]
    kept = set(most_connected([node.id for node in view.nodes], pairs, most))
    nodes = {node.id: _bare(node) for node in view.nodes if node.id in kept}
    edges = [edge for edge in view.edges if {edge.from_id, edge.to_id} <= kept and edge.from_id != edge.to_id]
    graph = nx.Graph((edge.from_id, edge.to_id) for edge in edges)
    blocks = [
        Block({name: nodes[name] for name in nodes if name in part}, [e for e in edges if e.from_id in part])
        for part in nx.connected_components(graph)
    ]
    blocks.sort(key=lambda block: (-block.tall, -block.wide, min(block.nodes)))
    drawn = list(_shelved(blocks))
    bottom = max((y + block.tall for block, _, y in drawn), default=-BELOW)
    alone = [node for name, node in nodes.items() if name not in graph]
    rest, words = _listed(alone, bottom + BELOW, lang, bool(drawn))
    return replace(
        view,
        nodes=(*(node for block, x, y in drawn for node in block.placed(x, y)), *rest),
        edges=tuple(edge for block, x, y in drawn for edge in block.routed(x, y)),
        texts=(*(text for block, x, y in drawn for text in block.words(x, y)), *words),
        bands=(),
    )


def _bare(node: Node) -> Node:
    """A node at 0, 0 with its name right of its mark, or in a box that is wide enough."""
    placed = replace(node, x=0.0, y=0.0, align="right")
    mark = type_of(node)
    if mark["shape"] == "box":
        room = width(node.label, mark["font"], mark["weight"]) + 14
        return replace(placed, size=max(node.size or mark["width"], room))
    return replace(placed, align=None) if holds_text(mark) else placed


def _shelved(blocks: Sequence[Block]) -> Iterator[tuple[Block, float, float]]:
    """Blocks side by side as long as there is room, then below: (block, x, y) of the corner."""
    left = top = tall = 0.0
    for block in blocks:
        if left and left + block.wide > ROOM:
            left, top, tall = 0.0, top + tall + BELOW, 0.0
        yield block, left, top
        left += block.wide + BESIDE
        tall = max(tall, block.tall)


def _listed(alone: Sequence[Node], top: float, lang: str, below: bool) -> tuple[list[Node], list[Words]]:
    """Nodes in columns, a heading over each kind; `below` a picture it says that no line is there."""
    kinds: dict[str, list[Node]] = {kind: [] for kind in PLURALS}
    for node in alone:
        kinds.setdefault(node.kind, []).append(node)
    nodes, words = [], []
    for kind, members in kinds.items():
        if not members:
            continue
        heading = PLURALS.get(kind, {}).get(lang, kind)
        if below:
            heading = say("no-line", lang, kind=heading)
        words.append(Words(0, top + LETTER, heading, LETTER, "ink-2", weight=600))
        boxes = [reach(node) for node in members]
        pitch = max(box.right - box.left for box in boxes) + 28
        across = max(1, min(len(members), int((ROOM + 28) // pitch)))
        up, down = max(-box.top for box in boxes), max(box.bottom for box in boxes)
        rows, high = -(-len(members) // across), up + down + ROW
        top += 24
        for n, (node, box) in enumerate(zip(members, boxes, strict=True)):
            nodes.append(replace(node, x=n // rows * pitch - box.left, y=top + n % rows * high + up))
        top += rows * high + BELOW / 2
    return nodes, words
