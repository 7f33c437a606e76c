"""A part of a picture that lines join, in layers: what starts a line stands left of where it ends.

A line that passes a layer has a row of its own there, so lines cross only between layers and never a name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import networkx as nx

from graph.explore.extent import reach
from graph.explore.view import Edge, Node, Point, Words
from graph.lettering import width

CURVE, NARROW, ROW, THREAD, SWEEPS = 44.0, 16.0, 8.0, 14.0, 8
"""Room for lines to bend between layers, least room beside a layer, gap of rows, height of a passing line;
how often heights are evened out."""
PORT, LETTER = 15.0, 11.0
"""Height between the lines of two kinds at one thing, and type size of what they say, px."""


@dataclass(eq=False)
class _Row:
    """What takes room in a layer: a thing, or a line that passes (`node` is None)."""

    node: Node | None = None
    level: int = 0
    up: float = THREAD / 2
    down: float = THREAD / 2
    y: float = 0.0
    before: list[_Row] = field(default_factory=list)
    after: list[_Row] = field(default_factory=list)
    ports: dict[tuple[bool, str], float] = field(default_factory=dict)
    """Heights of its lines from y, by whether they end here, and by what they say."""


class Block:
    """Things that lines join, in layers; places are relative to the corner at the top left."""

    def __init__(self, nodes: dict[str, Node], edges: Sequence[Edge]):
        self.nodes, self.edges = nodes, edges
        self._turned = _backward(self.nodes, self.edges)
        self._said = dict(self._sides())
        self.layers = self._layers()
        for sweep in range(SWEEPS):
            for layer in self.layers if sweep % 2 == 0 else self.layers[::-1]:
                layer.sort(key=lambda row: _mean([other.y for other in row.before + row.after], row.y))
                _stack(layer)
        for sweep in range(SWEEPS):
            for layer in self.layers if sweep % 2 else self.layers[::-1]:
                _settle(layer)
        rows = [row for layer in self.layers for row in layer]
        top = min(row.y - row.up for row in rows)
        for row in rows:
            row.y -= top
        self.tall = max(row.y + row.down for row in rows)
        self._columns()

    def _ends(self, edge: Edge) -> tuple[str, str]:
        """The thing on the left and the one on the right."""
        pair = edge.from_id, edge.to_id
        return pair if pair not in self._turned else pair[::-1]

    def _sides(self) -> Iterator[tuple[tuple[str, str, str], bool]]:
        """By ends and words of a line, whether its words stand on the right: where more of its kind meet."""
        keys = {(*self._ends(edge), edge.label or "") for edge in self.edges}
        out, into = Counter((k[0], k[2]) for k in keys), Counter((k[1], k[2]) for k in keys)
        for left, right, words in keys:
            yield (left, right, words), into[right, words] >= out[left, words]

    def _layers(self) -> list[list[_Row]]:
        """Rows by layer, joined with those of the next layer."""
        pairs = {self._ends(edge): None for edge in self.edges}
        graph = nx.DiGraph(sorted(pairs))
        level = {name: n for n, layer in enumerate(nx.topological_generations(graph)) for name in layer}
        for name in reversed(list(nx.topological_sort(graph))):
            if not graph.in_degree(name):
                level[name] = min(level[other] for other in graph.successors(name)) - 1
        layers: list[list[_Row]] = [[] for _ in range(max(level.values()) + 1)]
        self.rows = {name: self._row(node) for name, node in self.nodes.items()}
        for name, row in self.rows.items():
            row.level = level[name]
            layers[row.level].append(row)
        self.paths: dict[tuple[str, str], list[_Row]] = {}
        for left, right in pairs:
            between = [_Row(level=n) for n in range(level[left] + 1, level[right])]
            for row in between:
                layers[row.level].append(row)
            self.paths[left, right] = path = [self.rows[left], *between, self.rows[right]]
            for one, other in pairwise(path):
                one.after.append(other)
                other.before.append(one)
        return layers

    def _row(self, node: Node) -> _Row:
        box = reach(node)
        row = _Row(node, up=-box.top + ROW / 2, down=box.bottom + ROW / 2)
        said: dict[bool, set[str]] = {False: set(), True: set()}
        for (left, right, words), on_right in self._said.items():
            if left == node.id:
                said[False].add("" if on_right else words)
            if right == node.id:
                said[True].add(words if on_right else "")
        for ending, texts in said.items():
            for n, words in enumerate(sorted(texts)):
                row.ports[ending, words] = (n - (len(texts) - 1) / 2) * PORT
                if words:
                    row.up = max(row.up, -row.ports[ending, words] + LETTER + 7)
                    row.down = max(row.down, row.ports[ending, words] + ROW)
        return row

    def _columns(self) -> None:
        """Where each layer begins and ends, with the room for words beside it."""
        self.left, self.right, self.into, self.out = [], [], [], []
        x = 0.0
        for n, layer in enumerate(self.layers):
            words = {True: NARROW if n else 0.0, False: NARROW if n < len(self.layers) - 1 else 0.0}
            for row in layer:
                for ending, text in row.ports:
                    if text:
                        words[ending] = max(words[ending], width(text, LETTER) + 2 * NARROW)
            wide = max((_wide(row.node) for row in layer if row.node), default=0.0)
            x += words[True]
            self.left.append(x)
            self.right.append(x + wide)
            self.into.append(x - words[True])
            self.out.append(x + wide + words[False])
            lines = sum(len(row.after) for row in layer)
            x = self.out[-1] + CURVE + min(CURVE, 2.0 * lines)
        self.wide = self.right[-1]

    def placed(self, x: float, y: float) -> Iterator[Node]:
        """The nodes of the block at a corner."""
        for row in self.rows.values():
            if row.node:
                yield replace(row.node, x=x + self.left[row.level] - reach(row.node).left, y=y + row.y)

    def routed(self, x: float, y: float) -> Iterator[Edge]:
        """The lines with their ways: straight beside a layer, bent between two."""
        for edge in self.edges:
            left, right = ends = self._ends(edge)
            path, words = self.paths[ends], edge.label or ""
            on_right = self._said[left, right, words]
            start, end = path[0], path[-1]
            assert start.node
            leaves = start.y + start.ports[False, "" if on_right else words]
            edge_of_name = self.left[start.level] + _wide(start.node) + 4
            points = [(edge_of_name, leaves), (self.out[start.level], leaves)]
            for row in path[1:-1]:
                points += [(self.into[row.level], row.y), (self.out[row.level], row.y)]
            comes = end.y + end.ports[True, words if on_right else ""]
            points += [(self.into[end.level], comes), (self.left[end.level] - 3, comes)]
            if ends != (edge.from_id, edge.to_id):
                points.reverse()
            route: tuple[Point, ...] = tuple((x + px, y + py) for px, py in points)
            yield replace(edge, label=None, route=route)

    def words(self, x: float, y: float) -> Iterator[Words]:
        """What the lines say, once where several of a kind meet."""
        for row in self.rows.values():
            for (ending, text), port in row.ports.items():
                if text and row.node:
                    left = self.left[row.level]
                    at = left - NARROW if ending else left + _wide(row.node) + NARROW / 2
                    align = "end" if ending else "start"
                    yield Words(x + at, y + row.y + port - 4, text, LETTER, "ink-2", align)


def _wide(node: Node) -> float:
    box = reach(node)
    return box.right - box.left


def _mean(values: Sequence[float], without: float) -> float:
    return sum(values) / len(values) if values else without


def _backward(names: Collection[str], edges: Sequence[Edge]) -> set[tuple[str, str]]:
    """Pairs of ends that close a circle: they are drawn from right to left."""
    after: dict[str, list[str]] = defaultdict(list)
    coming = Counter(edge.to_id for edge in edges)
    for edge in edges:
        after[edge.from_id].append(edge.to_id)
    open_, done, found = set(), set(), set()

    def visit(name: str) -> None:
        open_.add(name)
        for other in dict.fromkeys(after[name]):
            if other in open_:
                found.add((name, other))
            elif other not in done:
                visit(other)
        open_.discard(name)
        done.add(name)

    for name in sorted(names, key=lambda name: (coming[name], name)):
        if name not in done:
            visit(name)
    return found


def _stack(layer: Sequence[_Row]) -> None:
    """Rows of a layer under each other, around 0."""
    y = -sum(row.up + row.down for row in layer) / 2
    for row in layer:
        row.y = y + row.up
        y += row.up + row.down


def _settle(layer: Sequence[_Row]) -> None:
    """Rows of a layer in their order, as near as possible to the middle of what they are joined to."""
    shift, shifts = 0.0, []
    for above, row in pairwise([None, *layer]):
        shift += above.down + row.up if above else 0.0  # type: ignore[union-attr]
        shifts.append(shift)
    pools: list[list[float]] = []
    for row, offset in zip(layer, shifts, strict=True):
        pools.append([_mean([other.y for other in row.before + row.after], row.y) - offset, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            value, size = pools.pop()
            pools[-1] = [
                (pools[-1][0] * pools[-1][1] + value * size) / (pools[-1][1] + size),
                pools[-1][1] + size,
            ]
    places = [value for value, size in pools for _ in range(int(size))]
    for row, place, offset in zip(layer, places, shifts, strict=True):
        row.y = place + offset
