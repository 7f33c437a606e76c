"""Pieces of an SVG file: elements, marks, text with its halo, samples for the key."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from graph.explore.extent import type_of
from graph.explore.view import Node
from graph.lettering import LEADING
from graph.marks import light, marks

SAMPLE = 30.0
"""Width of a sample in the key, px."""
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML cannot hold."""
Point = tuple[float, float]
Color = Callable[[str], str]
"""The colour of a token, as the picture writes it."""


def put(target: Element, name: str, **values: str | float | None) -> Element:
    """Adds an element: `stroke_width=1.5` becomes `stroke-width="1.5"`, None is left out."""
    return SubElement(target, name, attributes(**values))


def attributes(**values: str | float | None) -> dict[str, str]:
    """Attributes as text."""
    return {
        name.replace("_", "-"): value if isinstance(value, str) else number(value)
        for name, value in values.items()
        if value is not None
    }


def number(value: float) -> str:
    """At most two decimals, none for a whole number."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def clean(text: str) -> str:
    """The text with a sign of replacement for what XML cannot hold."""
    return FORBIDDEN.sub("\ufffd", text)


def dashes(pattern: Sequence[float] | None) -> str | None:
    """The pattern of a dashed line; None for a solid one."""
    return " ".join(map(number, pattern)) if pattern else None


def write(
    target: Element, rows: Sequence[str], x: float, y: float, size: float, weight: int, color: str,
    align: str = "start", halo: str | None = None,
) -> None:  # fmt: skip
    """Lines from the baseline (x, y) downwards; the halo is a text of its own, which every program draws."""
    if not any(rows):
        return
    anchor = {"center": "middle", "left": "start", "right": "end"}.get(align, align)
    look: dict[str, Any] = {"font_size": size, "font_weight": str(weight), "text_anchor": anchor}
    if halo:
        edge: dict[str, Any] = {"fill": halo, "stroke": halo, "stroke_width": 4, "stroke_linejoin": "round"}
        _lines(put(target, "text", x=x, y=y, **look, **edge, aria_hidden="true"), rows, x, y, size)
    _lines(put(target, "text", x=x, y=y, **look, fill=color), rows, x, y, size)


def _lines(text: Element, rows: Sequence[str], x: float, y: float, size: float) -> None:
    if len(rows) == 1:
        text.text = clean(rows[0])
        return
    for n, row in enumerate(rows):
        put(text, "tspan", x=x, y=y + n * size * LEADING).text = clean(row)


def shape(
    target: Element, node: Node, mark: dict[str, Any], size: tuple[float, float], ground: str,
    color: Color = light,
) -> None:  # fmt: skip
    """The outline of a mark as vis-network draws it; plain text hides the line that ends under it."""
    x, y = node.x or 0.0, node.y or 0.0
    wide, high = size
    box: dict[str, Any] = {"x": x - wide / 2, "y": y - high / 2, "width": wide, "height": high}
    if mark["shape"] == "text":
        put(target, "rect", **box, fill=ground)
        return
    look: dict[str, Any] = {"fill": color(mark["fill"])}
    if border := node.border or mark.get("border", 0):
        look |= {"stroke": color(mark["line"]), "stroke_width": border}
        look["stroke_dasharray"] = dashes(mark.get("dashes"))
    if mark["shape"] == "box":
        put(target, "rect", **box, rx=mark.get("radius", 0), **look)
    elif mark["shape"] == "dot":
        put(target, "circle", cx=x, cy=y, r=wide / 2, **look)
    else:
        put(target, "polygon", points=points(_corners(mark["shape"], x, y, wide / 2)), **look)


def _corners(name: str, x: float, y: float, r: float) -> list[Point]:
    if name == "square":
        return [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    if name == "diamond":
        return [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    if name == "hexagon":
        return [(x + r * math.cos(math.pi / 3 * n), y + r * math.sin(math.pi / 3 * n)) for n in range(6)]
    up = 1 if name == "triangle" else -1
    r, y = 1.15 * r, y + up * 0.275 * 1.15 * r
    inner = math.sqrt(3) / 3 * r
    return [(x, y - up * (math.sqrt(3) * r - inner)), (x + r, y + up * inner), (x - r, y + up * inner)]


def sample(target: Element, name: str, x: float, y: float) -> None:
    """A mark or a `line-` style of the key, SAMPLE px wide, from x, centred on y."""
    if name.startswith("line-") or name == "spine":
        spine = {"color": "accent", "width": 6, "dashes": None}
        style = marks()["styles"].get(name.removeprefix("line-"), spine)
        put(
            target, "path", d=f"M{number(x)} {number(y)} h{number(SAMPLE)}", stroke=light(style["color"]),
            stroke_width=style["width"], stroke_dasharray=dashes(style["dashes"]),
        )  # fmt: skip
        return
    node = Node("", "", "", name, x + SAMPLE / 2, y)
    mark = type_of(node)
    if mark["shape"] != "text":
        size = (SAMPLE, 13.0) if mark["shape"] == "box" else (14.0, 14.0)
        shape(target, node, mark | {"radius": min(6, mark.get("radius", 0))}, size, light("paper"))


def points(corners: Sequence[Point]) -> str:
    """Corners as the attribute of a polygon."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in corners)


def path_of(curve: Sequence[Point]) -> str:
    """A line of two points or a cubic curve of four as path data."""
    first, *rest = (f"{number(x)} {number(y)}" for x, y in curve)
    return f"M{first} {'C' if len(rest) == 3 else 'L'}{' '.join(rest)}"


def path_of_route(route: Sequence[Point]) -> str:
    """Path data of a way of straight and bent pieces in turn; what is bent begins and ends level."""
    data = f"M{number(route[0][0])} {number(route[0][1])}"
    for n, ((x1, y1), (x2, y2)) in enumerate(pairwise(route)):
        middle = number((x1 + x2) / 2)
        bend = f"C{middle} {number(y1)} {middle} {number(y2)} " if n % 2 else "L"
        data += f"{bend}{number(x2)} {number(y2)}"
    return data


def point_at(curve: Sequence[Point], t: float) -> Point:
    """The point of a line or a cubic curve at `t` from 0 to 1."""
    left = list(curve)
    while len(left) > 1:
        left = [(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for a, b in pairwise(left)]
    return left[0]
