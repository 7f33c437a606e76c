"""The surroundings of any thing but a plant: its neighbours stand in columns by relation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.explore.neighbours import MISSING, Neighbour, Neighbours, Side
from graph.explore.sheet import Group, Picture, Sheet, in_order, neighbour_looks
from graph.explore.things import Things, distance
from graph.explore.view import Node
from graph.explore.words import KINDS, relation_name, relation_rank

CENTER_X, CENTER_Y = 600.0, 362.0
SIDE_X, COLUMN_PITCH, LINE, BLOCK_GAP, COLUMN_ROWS = 250.0, 260.0, 44.0, 30.0, 18
HEADING_SHIFT = 50.0
MOST = 12
"""Neighbours shown per relation; the rest stands behind one mark."""
MOST_HERE = {"zone": 8, "facility": 8}
"""Shown of what lies in a locality; all other kinds stand behind one mark each."""
WIDE = 36
"""Signs of an organisation's name, which has a column of its own here."""
HERE: Side = ("located_in", "in")


@dataclass(frozen=True)
class Block:
    """Neighbours by one relation under one heading."""

    name: str
    heading: str
    side: Side
    members: Sequence[Neighbour]
    most: int = MOST

    @property
    def shown(self) -> Sequence[Neighbour]:
        """Those that get a mark of their own."""
        return self.members[: len(self.members) - len(self.rest)]

    @property
    def rest(self) -> Sequence[Neighbour]:
        """Those behind the last mark: never one alone."""
        return self.members[self.most :] if len(self.members) > self.most + 1 else ()

    @property
    def rows(self) -> int:
        """Rows it takes without its heading."""
        return len(self.shown) + bool(self.rest)


def around_view(things: Things, neighbours: Neighbours, slug: str) -> Picture:
    """The surroundings of a thing, with what the groups in it hold."""
    sheet = Sheet(things)
    no_maker = any(need.no_maker for need in neighbours.needed.get(slug, ()))
    sheet.put(slug, CENTER_X, CENTER_Y, mark="missing" if no_maker else None)
    columns: dict[int, list[list[Block]]] = {-1: [[]], 1: [[]]}
    for block in _blocks(things, neighbours, slug):
        hand = min((-1, 1), key=lambda hand: sum(map(_height, columns[hand])))
        if columns[hand][-1] and _height([*columns[hand][-1], block]) > COLUMN_ROWS * LINE:
            columns[hand].append([])
        columns[hand][-1].append(block)
    for hand, stack in columns.items():
        for n, blocks in enumerate(stack):
            _column(sheet, slug, blocks, CENTER_X + hand * (SIDE_X + n * COLUMN_PITCH), hand)
    return sheet.picture("focus", things.name(slug), things.place(slug), slug, neighbours.left_out(slug))


def _height(blocks: Sequence[Block]) -> float:
    return sum(block.rows * LINE + BLOCK_GAP for block in blocks)


def _blocks(things: Things, neighbours: Neighbours, slug: str) -> Iterator[Block]:
    """One per relation; what lies in a locality by kind, the parks with most plants first."""
    near = neighbours.of(slug)
    for side in sorted(near, key=lambda side: relation_rank(*side)):
        ranked = in_order(things, near[side])
        if side != HERE:
            yield Block("-".join(side), relation_name(*side, things.lang), side, ranked)
            continue
        ranked.sort(key=lambda n: -len(things.plants(n.slug)))
        by_kind: dict[str, list[Neighbour]] = defaultdict(list)
        for neighbour in ranked:
            by_kind[things.kind(neighbour.slug)].append(neighbour)
        for kind, heading in KINDS.items():
            if members := by_kind[kind]:
                yield Block(kind, heading[things.lang], side, members, MOST_HERE.get(kind, 0))


def _column(sheet: Sheet, slug: str, blocks: Sequence[Block], x: float, hand: int) -> None:
    y = CENTER_Y - _height(blocks) / 2
    for block in blocks:
        sheet.heading(x + hand * HEADING_SHIFT, y, block.heading)
        y += BLOCK_GAP
        twice = Counter(_label(sheet.things, neighbour) for neighbour in block.shown)
        for neighbour in block.shown:
            label = _label(sheet.things, neighbour)
            if label and twice[label] > 1:
                label = sheet.things.named_with_place(neighbour.slug)
            _neighbour(sheet, neighbour, block.side, label, x, y, "left" if hand < 0 else "right")
            y += LINE
        group = _rest(sheet, slug, block, x, y) if block.rest else None
        y += LINE if group else 0
        missing = {
            n.slug for n in block.members if n.need and n.need.no_maker and block.side == (MISSING, "out")
        }
        members = [n.slug for n in block.members]
        sheet.section(block.heading, members, dict.fromkeys(missing, "missing"), group)


def _label(things: Things, neighbour: Neighbour) -> str | None:
    """Plants are named with their place, organisations with more of their name; others as usual."""
    kind = things.kind(neighbour.slug)
    if kind == "facility" and not things.mark(neighbour.slug).startswith("anchor"):
        return things.named_with_place(neighbour.slug)
    return things.short(neighbour.slug, WIDE) if kind == "organization" else None


def _neighbour(
    sheet: Sheet, neighbour: Neighbour, side: Side, label: str | None, x: float, y: float, align: str
) -> None:
    looks = neighbour_looks(sheet.things, neighbour, side)
    if side[0] == "access":
        looks["sub"] = distance(neighbour.links[0][3], sheet.lang)
    sheet.put_beside(neighbour.slug, x, y, align, label=label, **looks)
    if neighbour.need:
        sheet.missing(neighbour.need)
    else:
        for link in neighbour.links:
            sheet.line(link, smooth="cubic", label=None)


def _rest(sheet: Sheet, slug: str, block: Block, x: float, y: float) -> Node:
    group = Group(slug, block.side, tuple(neighbour.slug for neighbour in block.rest))
    node = sheet.put_group(f"{slug}:{block.name}", group, x, y, sheet.things.kind(block.rest[0].slug))
    style = "missing" if block.side[0] == MISSING else "twig"
    sheet.draw(node.id, block.side[0], slug, style, node.title, smooth="cubic")
    return node
