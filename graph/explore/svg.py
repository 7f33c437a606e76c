"""A view as an SVG file: the marks, lines and words of the page, with title, key, date and credit.

Everything is a shape or text of its own, so that a drawing program can edit it. Text is escaped by the XML
writer; there is no script and no address.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from graph.explore import legend
from graph.explore.extent import (
    ASIDE,
    SUB,
    Box,
    extent,
    holds_text,
    label_lines,
    reach,
    reach_of_words,
    side_of,
    type_of,
)
from graph.explore.lit import Lit
from graph.explore.svg_parts import (
    SAMPLE,
    Color,
    Point,
    attributes,
    clean,
    dashes,
    number,
    path_of,
    path_of_route,
    point_at,
    points,
    put,
    sample,
    shape,
    write,
)
from graph.explore.view import Backdrop, Edge, Node, View
from graph.lettering import LEADING, fitted, lines, width
from graph.marks import light, marks

NAMESPACE = "http://www.w3.org/2000/svg"
MARGIN, HEAD, KEY_ROW = 24.0, 66.0, 22.0
DIM = "0.22"
"""Opacity of what is not near the thing in focus."""
SHORE_X = 1330.0
SHORE = (
    "M1326 -4000 V0 C1312 90 1344 150 1324 240 S1340 380 1322 470 S1342 600 1326 680 S1332 740 1324 752 V4000"
)
"""The same line as in web/static/backdrop.js."""
ARROW = 1.8
"""Length of an arrow head by the width of its line plus 5."""
LARGEST = 1.25
"""A picture in a page is not shown larger than this, as in web/static/canvas.js."""
FACE = "'Be Vietnam Pro', 'Noto Sans', 'Segoe UI', Roboto, sans-serif"


@dataclass(frozen=True)
class Note:
    """Words around the picture: its language, and the credit below it."""

    lang: str
    credit: str


def svg(view: View, note: Note, lit: Lit | None = None) -> str:
    """The file. `lit` is what stands out, the rest being dimmed.

    Every node must have a place.
    """
    box = _frame(view)
    picture_width = max(box.right - box.left, 640.0)
    title = lines(view.title, 20, 600, picture_width - 2 * MARGIN)
    head = HEAD + (len(title) - 1) * 20 * LEADING
    key = list(_key_places(view, note.lang, picture_width))
    key_height = (key[-1][1] if key else 0) + KEY_ROW
    height = head + (box.bottom - box.top) + key_height + 50
    root = Element("svg", {"xmlns": NAMESPACE, "xml:lang": note.lang} | attributes(
        width=picture_width, height=height, viewBox=f"0 0 {number(picture_width)} {number(height)}",
        role="img", font_family=FACE,
    ))  # fmt: skip
    put(root, "title").text = clean(view.title)
    put(root, "desc").text = clean(f"{_subtitle(view)} {note.credit}".strip())
    put(root, "rect", width=picture_width, height=height, fill=light("paper"))
    write(root, title, MARGIN, 32, 20, 600, light("ink"))
    write(root, [_subtitle(view)], MARGIN, head - 14, 13, 400, light("ink-3"))
    tall = box.bottom - box.top
    seen = " ".join(map(number, (box.left, box.top, picture_width, tall)))
    _Drawing(view, put(root, "svg", y=head, width=picture_width, height=tall, viewBox=seen), lit).draw()
    foot = head + tall
    for name, y, x, words in key:
        sample(root, name, MARGIN + x, foot + y + 14)
        write(root, [words], MARGIN + x + SAMPLE + 6, foot + y + 18, 11.5, 400, light("ink-2"))
    write(root, [note.credit], MARGIN, height - 16, 11.5, 400, light("ink-3"))
    return tostring(root, encoding="unicode")


def still(view: View, least: float = 0.0) -> str:
    """The bare picture as a part of a page, in the colours of the page; every node must have a place.

    It is not shown smaller than `least` times its size.
    """
    box = _frame(view)
    seen = " ".join(map(number, (box.left, box.top, box.right - box.left, box.bottom - box.top)))
    wide, high = (LARGEST * side for side in (box.right - box.left, box.bottom - box.top))
    room = f"max-width:{wide:.0f}px;max-height:{high:.0f}px"
    if least:
        room += f";min-width:{least * (box.right - box.left):.0f}px"
    root = Element("svg", {"class": "still", "viewBox": seen, "style": room, "aria-hidden": "true"})
    _Drawing(view, root, color="var(--{})".format).draw()
    return tostring(root, encoding="unicode")


def _subtitle(view: View) -> str:
    """The subtitle without how to use the page, which the overview tells after its first sentence."""
    return view.subtitle.partition(". ")[0] if view.mode == "overview" else view.subtitle


def _frame(view: View) -> Box:
    """What the picture covers: the world in the overview, else the marks with their labels."""
    boxes = [reach(node, node.id == view.focus) for node in view.nodes]
    boxes += [reach_of_words(words) for words in view.texts]
    boxes += [Box(band.x, band.y, band.x + band.width, band.y + band.height) for band in view.bands]
    margin = MARGIN
    if view.mode == "overview" or not boxes:
        boxes.append(Box(0, 0, marks()["world"]["width"], marks()["world"]["height"]))
        margin = 0
    return Box(
        min(one.left for one in boxes) - margin,
        min(one.top for one in boxes) - margin,
        max(one.right for one in boxes) + margin,
        max(one.bottom for one in boxes) + margin,
    )


def _key_places(view: View, lang: str, room: float) -> Iterable[tuple[str, float, float, str]]:
    """(mark or line, y, x, words) of each entry of the key, in rows no wider than `room`."""
    x = y = 0.0
    for name, words in legend.entries(view.legend, lang):
        wide = SAMPLE + 6 + width(words, 11.5) + 22
        if x and x + wide > room - 2 * MARGIN:
            x, y = 0.0, y + KEY_ROW
        yield name, y, x, words
        x += wide


class _Drawing:
    """The picture itself, drawn from the back to the front."""

    def __init__(self, view: View, target: Element, lit: Lit | None = None, color: Color = light):
        self.view, self.target, self.color, self.lit = view, target, color, lit
        self.nodes = {node.id: node for node in view.nodes}
        self.bands = {band.id: band for band in view.bands}

    def draw(self) -> None:
        """Adds everything."""
        self._backdrop()
        for edge in self.view.edges:
            self._edge(edge)
        for node in self.view.nodes:
            self._node(node)

    def _group(self, name: str, title: str, bright: bool = True) -> Element:
        """A group for one thing or line."""
        group = put(self.target, "g", data_id=clean(name), opacity=None if bright else DIM)
        put(group, "title").text = clean(title)
        return group

    def _bright(self, *names: str) -> bool:
        """Whether things stand out; bands are never dimmed."""
        return self.lit is None or self.lit.things | self.bands.keys() >= set(names)

    def _backdrop(self) -> None:
        view, target = self.view, self.target
        if view.coast:
            put(target, "path", d=f"{SHORE} H4000 V-4000 Z", fill=self.color("sea"))
            put(
                target,
                "path",
                d=SHORE,
                fill="none",
                stroke=self.color("c-infra"),
                stroke_width=1.5,
                opacity=0.55,
            )
        for band in view.bands:
            group = self._group(band.id, band.label)
            put(
                group, "rect", x=band.x, y=band.y, width=band.width, height=band.height, rx=6,
                fill=self.color("wash"),
            )  # fmt: skip
            write(group, [band.label], band.x + 14, band.y + 25, 15.5, 600, self.color("ink"))
            write(group, [band.sub], band.x + 14, band.y + 42, 11, 400, self.color("ink-2"))
        if view.spine:
            line = path_of([(view.spine["x1"], view.spine["y"]), (view.spine["x2"], view.spine["y"])])
            put(target, "path", d=line, stroke=self.color("accent"), stroke_width=7, stroke_linecap="round")
        for text in view.texts:
            rows, color = text.text.split("\n"), self.color(text.color_token)
            write(target, rows, text.x, text.y, text.size, text.weight, color, text.align)

    def _edge(self, edge: Edge) -> None:
        start, end = self._end(edge.from_id, edge.to_id), self._end(edge.to_id, edge.from_id)
        if start is None or end is None:
            return
        style = marks()["styles"][edge.style]
        color, thick = self.color(style["color"]), edge.width or style["width"]
        curve = edge.route[-2:] if edge.route else self._curve(edge, start, end)
        bright = self._bright(edge.from_id, edge.to_id) and (self.lit is None or self.lit.holds(edge))
        group = self._group(edge.id, edge.title or edge.relation, bright)
        way = path_of_route(edge.route) if edge.route else path_of(curve)
        put(
            group, "path", d=way, fill="none", stroke=color, stroke_width=thick,
            stroke_dasharray=dashes(style["dashes"]),
        )  # fmt: skip
        if style["arrow"] and edge.relation == "supplies" and (head := self._arrow(edge, curve, thick)):
            filled = style["arrow"] == "triangle"
            put(
                group, "polygon" if filled else "polyline", points=points(head), stroke=color,
                fill=color if filled else "none", stroke_width=1.25,
            )  # fmt: skip
        if edge.label and bright:
            x, y = point_at(curve, 0.5)
            write(
                group, [edge.label], x, y - 5, 10.5, 400, self.color("ink-3"), "middle", self.color("paper")
            )

    def _end(self, name: str, other: str) -> Point | None:
        """Middle of a mark, or the point on the rim of a band, spread by where the line comes from."""
        if node := self.nodes.get(name):
            return node.x or 0.0, node.y or 0.0
        band, far = self.bands.get(name), self.nodes.get(other)
        if band is None:
            return None
        if far is None:
            return band.x + band.width / 2, band.y + band.height / 2
        return rim(band, far)

    def _curve(self, edge: Edge, start: Point, end: Point) -> Sequence[Point]:
        if edge.smooth != "cubic":
            return start, end
        beside = edge.style == "twig" and self.view.focus not in (edge.from_id, edge.to_id)
        dx, dy = (end[0] - start[0]) / 2, (end[1] - start[1]) / 2
        if self.view.mode == "overview" or beside:
            return start, (start[0], start[1] + dy), (end[0], end[1] - dy), end
        return start, (start[0] + dx, start[1]), (end[0] - dx, end[1]), end

    def _arrow(self, edge: Edge, curve: Sequence[Point], thick: float) -> Sequence[Point] | None:
        """Three points of the head where the line meets the mark it leads to."""
        node = self.nodes.get(edge.to_id)
        if node is None:
            return None
        wide, high = extent(node, node.id == self.view.focus)
        x, y = curve[-1]

        def outside(at: float) -> bool:
            px, py = point_at(curve, at)
            return abs(px - x) > wide / 2 + 1 or abs(py - y) > high / 2 + 1

        met = next((t for t in (1 - n / 200 for n in range(200)) if outside(t)), 0.0)
        met = 1.0 if edge.route else met
        tip, back = point_at(curve, met), point_at(curve, max(0.0, met - 0.03))
        angle, length = math.atan2(tip[1] - back[1], tip[0] - back[0]), ARROW * (5 + thick)
        left, right = (
            (tip[0] - length * math.cos(angle + turn), tip[1] - length * math.sin(angle + turn))
            for turn in (-0.42, 0.42)
        )
        return left, tip, right

    def _node(self, node: Node) -> None:
        assert node.x is not None and node.y is not None
        central = node.id == self.view.focus
        mark, (wide, high) = type_of(node, central), extent(node, central)
        group = self._group(node.id, node.title or node.label, self._bright(node.id))
        halo, ink = self._ground(node.x, node.y), self.color(mark["text"])
        shape(group, node, mark, (wide, high), halo, self.color)
        x, align = node.x, "middle"
        if holds_text(mark):
            label, size = fitted(node.label, mark["font"], mark["weight"], wide - 5)
            write(group, [label], x, node.y + 0.35 * size, size, mark["weight"], ink, align)
            below = node.y + high / 2 + SUB
        else:
            number_in = f"+{node.number}" if node.mark == "group" and node.number else node.number
            if mark["shape"] == "dot" and (inner := mark.get("inside") or number_in):
                color = ink if mark.get("inside") else self.color("ink")
                write(group, [str(inner)], x, node.y + 4, 11, 600, color, align)
            side, size = side_of(node), wide / 2
            rows = label_lines(node.label, mark, bool(side))
            x, align = x + side * (size + ASIDE), {-1: "end", 0: "middle", 1: "start"}[side]
            y = node.y + 0.35 * mark["font"] if side else node.y + size + mark["font"] + 4
            write(group, rows, x, y, mark["font"], mark["weight"], ink, align, halo)
            below = y + len(rows) * mark["font"] * LEADING + 1
        write(group, (node.sub or "").split("\n"), x, below, SUB, 400, self.color("ink-2"), align, halo)

    def _ground(self, x: float, y: float) -> str:
        inside = any(b.x <= x <= b.x + b.width and b.y <= y <= b.y + b.height for b in self.view.bands)
        return self.color("wash" if inside else "sea" if self.view.coast and x > SHORE_X else "paper")


def rim(band: Backdrop, other: Node) -> Point:
    """Where a line from `other` ends at a band: on its rim, spread by where the line comes from."""
    inset, middle = min(60.0, band.width / 4), band.x + band.width / 2
    x, y = other.x or 0.0, other.y or 0.0
    spread = middle + 0.25 * (x - middle)
    return (
        min(band.x + band.width - inset, max(band.x + inset, spread)),
        band.y + band.height if y > band.y else band.y,
    )
