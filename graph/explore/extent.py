"""How much room a mark takes, alone and with its label. The page has the same rules."""

from __future__ import annotations

from typing import Any, NamedTuple

from graph.explore.view import Node, Words
from graph.lettering import LEADING, label_lines, width
from graph.marks import marks

SUB = 11.0
"""Font size of the small line below a label."""
ASIDE = 8.0
"""Between a mark and a label beside it."""


class Box(NamedTuple):
    """A rectangle in world pixels, y down."""

    left: float
    top: float
    right: float
    bottom: float

    def apart(self, other: Box, gap: float = 7.0) -> bool:
        """Whether at least `gap` px lie between the two."""
        return (
            self.left > other.right + gap
            or other.left > self.right + gap
            or self.top > other.bottom + gap
            or other.top > self.bottom + gap
        )


def type_of(node: Node, central: bool = False) -> dict[str, Any]:
    """The row of graph/marks.json for a mark; the centre of a view is larger where it holds text."""
    mark: dict[str, Any] = marks()["marks"].get(node.mark, marks()["marks"]["document"])
    return mark | marks()["centre"] if central and holds_text(mark) else mark


def holds_text(mark: dict[str, Any]) -> bool:
    """True for boxes and plain texts, whose label stands inside."""
    return mark["shape"] in ("box", "text")


def side_of(node: Node) -> int:
    """Where the label stands: -1 left of the mark, 1 right, 0 below."""
    return {"left": -1, "right": 1}.get(node.align or "", 0)


def extent(node: Node, central: bool = False) -> tuple[float, float]:
    """Width and height of a mark without its label."""
    mark = type_of(node, central)
    if mark["shape"] == "text":
        return width(node.label, mark["font"], mark["weight"]) + 8, mark["font"] * 1.5
    if mark["shape"] == "box":
        if central:
            words = width(node.label, mark["font"], mark["weight"]) + 28
            return max(node.size or 0, mark["width"], words), mark["height"]
        return node.size or mark["width"], node.height or mark["height"]
    size = 2 * (node.size or mark["size"])
    return size, size


def reach(node: Node, central: bool = False) -> Box:
    """A mark with its label. Its place must be known."""
    assert node.x is not None and node.y is not None
    mark, side = type_of(node, central), side_of(node)
    wide, high = extent(node, central)
    subs = node.sub.split("\n") if node.sub else []
    below = width(node.sub, SUB) if node.sub else 0.0
    if holds_text(mark):
        half = max(wide, below) / 2
        return Box(
            node.x - half, node.y - high / 2, node.x + half, node.y + high / 2 + len(subs) * SUB * LEADING
        )
    rows = label_lines(node.label, mark, bool(side))
    words = max(width("\n".join(rows), mark["font"], mark["weight"]), below)
    tall = (len(rows) * mark["font"] + len(subs) * SUB) * LEADING
    if side:
        far, near = wide / 2 + ASIDE + words, wide / 2
        left, right = (far, near) if side < 0 else (near, far)
        bottom = max(high / 2, tall - 0.65 * mark["font"])
        return Box(node.x - left, node.y - max(high / 2, mark["font"]), node.x + right, node.y + bottom)
    half = max(wide, words) / 2
    return Box(node.x - half, node.y - high / 2, node.x + half, node.y + high / 2 + 4 + tall)


def reach_of_words(words: Words) -> Box:
    """A free text from its baseline downwards."""
    wide = width(words.text, words.size, words.weight)
    before = {"middle": wide / 2, "center": wide / 2, "end": wide, "right": wide}.get(words.align, 0.0)
    rows = words.text.count("\n") + 1
    top = words.y - words.size
    return Box(words.x - before, top, words.x - before + wide, top + rows * words.size * LEADING)
