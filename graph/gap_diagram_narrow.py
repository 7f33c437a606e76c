"""The drawing of a gap for a narrow page: the same things as a tree from top to bottom, at full size."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from graph.gap_diagram import (
    BOX_GAP,
    BOX_HEIGHT,
    MOST_ROWS,
    PER_ROW,
    Band,
    Diagram,
    Line,
    Mark,
    Parts,
    answers,
    by_place,
    plant_box,
    shortened,
    symbol,
)
from graph.gaps.world import World

WIDTH = 328
TRUNK, BOXES_X, MIDDLE_X, RIGHT_X = 6, 18, 40, 76
"""x of the line that joins the plants to what they need, of their boxes, of needs, of who could answer."""
NAME, ROW, TWIG = 20, 42, 12
"""Heights of the name of a locality and of a row, and from the middle of a symbol to its rim."""
SIGNS, MIDDLE_SIGNS = 33, 40


def draw_narrow(
    world: World, parts: Parts, name: Callable[[str], str], order: Sequence[str], place: Callable[[str], str],
    core: Collection[str] = (), subs: Mapping[str, str] | None = None,
) -> Diagram:  # fmt: skip
    """Place everything in WIDTH px; the arguments are those of `graph.gap_diagram.draw`.

    What answers none of the needs that are drawn stands below them, without a line.
    """
    bands: list[Band] = []
    marks: list[Mark] = []
    lines: list[Line] = []
    y = 0.0
    for locality, here in by_place(world, parts, name, order, core):
        shown = here[: PER_ROW * MOST_ROWS]
        top = y + NAME
        bottom = top + -(-len(shown) // PER_ROW) * (BOX_HEIGHT + BOX_GAP) - BOX_GAP
        bands.append(Band(place(locality), len(here), len(here) - len(shown), y, bottom))
        marks += [
            plant_box(world, plant, BOXES_X, top, n, name, plant in core) for n, plant in enumerate(shown)
        ]
        middle = (top + bottom) / 2
        lines.append(Line(f"M{TRUNK} {middle:.1f}H{BOXES_X - 3}", parts.left_style))
        y = bottom + 2 * BOX_GAP
    trunk = [(band.top + NAME + band.bottom) / 2 for band in bands[:1]]
    tree = list(_tree(world, parts))
    for thing, answering in tree:
        y += ROW / 2
        sign = "m-missing" if parts.gap else symbol(world, thing)
        marks.append(_beside(thing, MIDDLE_X, y, name(thing), MIDDLE_SIGNS, sign))
        if trunk:
            lines.append(Line(f"M{TRUNK} {y:.1f}H{MIDDLE_X - TWIG}", parts.left_style))
            trunk.append(y)
        stem = y + TWIG
        for right in answering:
            y += ROW
            marks.append(_answer(world, right, y, name, subs or {}))
            lines.append(Line(f"M{MIDDLE_X} {stem:.1f}V{y:.1f}H{RIGHT_X - TWIG}", right[1]))
            stem = y
        y += ROW / 2
    for right in parts.right:
        if not any(right in answering for _, answering in tree):
            marks.append(_answer(world, right, y + ROW / 2, name, subs or {}))
            y += ROW
    if len(trunk) > 1:
        lines.insert(0, Line(f"M{TRUNK} {trunk[0]:.1f}V{trunk[-1]:.1f}", parts.left_style))
    styles = tuple(dict.fromkeys(line.style for line in lines))
    return Diagram(y, tuple(bands), tuple(marks), tuple(lines), styles, WIDTH)


def _tree(world: World, parts: Parts) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Each thing of the middle with what answers it."""
    for thing in parts.middle:
        yield (
            thing,
            [right for right in parts.right if len(parts.middle) == 1 or answers(world, right[0], thing)],
        )


def _answer(
    world: World, right: tuple[str, str, str], y: float, name: Callable[[str], str], subs: Mapping[str, str]
) -> Mark:
    slug, _, words = right
    return _beside(slug, RIGHT_X, y, name(slug), SIGNS, symbol(world, slug), words or subs.get(slug, ""))


def _beside(slug: str, x: float, y: float, words: str, most: int, sign: str, sub: str = "") -> Mark:
    return Mark(slug, x, y, (shortened(words, most),), sign, sub, beside=True)
