"""A flat map from positions: outlines as SVG paths, marks that do not cover each other, labels that fit.

Longitude and latitude (WGS84, degrees) become pixels of a frame, x to the east and y down, by an
equirectangular projection true to scale at the frame's middle latitude: good for a province or two.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.lettering import LEADING, width

FILE = "outlines.geojson"
KM_PER_DEGREE = 111.2
GAP = 1.5
"""Pixels between two marks."""
TURNS, STEP, FARTHEST, NEAR = 24, 3.0, 200.0, 75.0
"""Places tried around a point: directions, px between circles, px of the last circle and, where a label must
fit too, of the last of those."""
CLEAR, WEIGHT = 4.0, 500
"""Pixels between a mark and its label, and the weight of its font."""
ZOOMS = (0.85, 1.15, 2.0, 4.0)
"""Screen pixels per pixel of the frame for which labels are planned."""
HIDDEN = len(ZOOMS)

Point = tuple[float, float]
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Outline:
    """Boundary of a unit; `rings` hold (longitude, latitude), holes and islands alike."""

    id: str
    name: str
    source: str
    rings: tuple[tuple[Point, ...], ...]


def read_outlines(folder: Path) -> dict[str, Outline]:
    """Outlines of a data folder by id, in the order of its file; none where it has no such file."""
    path = folder / FILE
    if not path.exists():
        return {}
    found = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        about, shape = feature["properties"], feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = tuple(tuple((lon, lat) for lon, lat in ring) for polygon in polygons for ring in polygon)
        found[about["id"]] = Outline(about["id"], about["name_vi"], about["source"], rings)
    return found


@dataclass(frozen=True)
class Frame:
    """The part of the world that a map shows, `width` x `height` pixels."""

    west: float
    north: float
    per_degree: Point
    width: float
    height: float

    @classmethod
    def around(cls, points: Iterable[Point], width: float, margin: float = 0.03) -> Frame:
        """The frame that holds the (longitude, latitude) pairs, with a margin as share of the width.

        Raises ValueError without points.
        """
        lons, lats = zip(*points, strict=True)
        narrow = math.cos(math.radians((min(lats) + max(lats)) / 2))
        scale = width * (1 - 2 * margin) / max(0.1, (max(lons) - min(lons)) * narrow)
        edge = width * margin
        height = round((max(lats) - min(lats)) * scale + 2 * edge, 1)
        per_degree = (scale * narrow, scale)
        return cls(
            min(lons) - edge / per_degree[0], max(lats) + edge / per_degree[1], per_degree, width, height
        )

    def point(self, lon: float, lat: float) -> Point:
        """Pixels of a position, one decimal."""
        return round((lon - self.west) * self.per_degree[0], 1), round(
            (self.north - lat) * self.per_degree[1], 1
        )

    def holds(self, point: Point) -> bool:
        """Whether a point in pixels lies inside."""
        return 0 <= point[0] <= self.width and 0 <= point[1] <= self.height

    def pixels(self, km: float) -> float:
        """Length of a distance on the map."""
        return km / KM_PER_DEGREE * self.per_degree[1]

    def path(self, outline: Outline) -> str:
        """The `d` attribute of an SVG path."""
        return "".join(
            "M" + "L".join(f"{x:g},{y:g}" for x, y in (self.point(*p) for p in ring)) + "Z"
            for ring in outline.rings
        )


@dataclass(frozen=True)
class Label:
    """Where a text starts, relative to the point of its mark: `anchor` is start, middle or end.

    `level` is the place in ZOOMS of the smallest zoom at which it covers nothing, HIDDEN if there is none.
    """

    x: float
    y: float
    anchor: str
    level: int


@dataclass(frozen=True)
class Named:
    """A mark that wants a label: its point, its radius, its text (may be empty), all in px."""

    point: Point
    r: float
    text: str
    size: float = 11.0


class Ground:
    """What is taken on the map from a zoom on: points move apart as it grows, marks and words do not grow.

    Rectangles are relative to a point. Two that stand beside each other at one zoom may meet at a larger one,
    where they hang on the far sides of their points.
    """

    def __init__(self, frame: Frame, zoom: float = ZOOMS[0]):
        self._zoom, self._frame = zoom, frame
        self._taken: list[tuple[Point, Rect]] = []

    def take(self, point: Point, *rects: Rect) -> None:
        """Nothing else may stand there."""
        self._taken += [(point, rect) for rect in rects]

    def _near(self, point: Point, rect: Rect, reach: float) -> list[tuple[Point, Rect]]:
        """What a rectangle may cover when it is moved by up to `reach` px."""
        zoom, (x, y) = self._zoom, point
        left, top, right, bottom = rect[0] - reach, rect[1] - reach, rect[2] + reach, rect[3] + reach
        return [
            ((px, py), (west, north, east, south))
            for (px, py), (west, north, east, south) in self._taken
            if (right - west > (px - x) * zoom if px >= x else left - east < (px - x) * zoom)
            and (bottom - north > (py - y) * zoom if py >= y else top - south < (py - y) * zoom)
        ]

    def free(self, point: Point, rect: Rect, among: Sequence[tuple[Point, Rect]] | None = None) -> bool:
        """Whether a rectangle lies in the frame and covers nothing at this zoom and all larger ones.

        Where only what is taken `among` these can be in its way, nothing else is looked at.
        """
        zoom, (x, y), (left, top, right, bottom) = self._zoom, point, rect
        if x * zoom + left < 0 or x * zoom + right > self._frame.width * zoom:
            return False
        if y * zoom + top < 0 or y * zoom + bottom > self._frame.height * zoom:
            return False
        taken = self._taken if among is None else among
        for (px, py), (west, north, east, south) in taken:  # 20,000 times a map: no call for most pairs
            dx, dy = px - x, py - y
            if right - west <= dx * zoom if dx >= 0 else left - east >= dx * zoom:
                continue
            if bottom - north <= dy * zoom if dy >= 0 else top - south >= dy * zoom:
                continue
            across, down = _meeting(dx, left - east, right - west), _meeting(dy, top - south, bottom - north)
            if max(zoom, across[0], down[0]) < min(across[1], down[1]):
                return False
        return True

    def settle(self, point: Point, rect: Rect) -> Point:
        """Takes the nearest free place for a rectangle and returns its move, (0, 0) if there is none."""
        near = self._near(point, rect, FARTHEST)
        move = next((move for move in _spots() if self.free(point, moved(rect, move), near)), (0.0, 0.0))
        self.take(point, moved(rect, move))
        return move

    def settle_named(self, mark: Named) -> tuple[Point, Label | None]:
        """The same for a mark beside which its label fits too; without label where no such place is near."""
        near = self._near(mark.point, square(mark.r), NEAR)
        for move in _spots(NEAR):
            ring = moved(square(mark.r), move)
            if self.free(mark.point, ring, near) and (label := self.label(mark, move, 0)):
                self.take(mark.point, ring, text_rect(mark, label))
                return move, label
        return self.settle(mark.point, square(mark.r)), None

    def label(self, mark: Named, move: Point, level: int) -> Label | None:
        """The first place beside a mark where its text covers nothing."""
        found = (Label(x, y, anchor, level) for x, y, anchor in _beside(mark, move))
        return next((label for label in found if self.free(mark.point, text_rect(mark, label))), None)


def label_later(
    frame: Frame, marks: Sequence[tuple[Named, Point, Label | None]], blocked: Sequence[tuple[Point, Rect]]
) -> list[Label]:
    """Labels of placed marks, at the smallest zoom at which each fits; labels that are there stay.

    `blocked` are other rectangles, relative to a point.
    """
    labels = [label for _, _, label in marks]
    for level, zoom in enumerate(ZOOMS):
        ground = Ground(frame, zoom)
        for point, rect in blocked:
            ground.take(point, rect)
        for (mark, move, _), label in zip(marks, labels, strict=True):
            ground.take(mark.point, moved(square(mark.r), move), *([text_rect(mark, label)] if label else []))
        for n, (mark, move, _) in enumerate(marks):
            if mark.text and labels[n] is None and (label := ground.label(mark, move, level)):
                labels[n] = label
                ground.take(mark.point, text_rect(mark, label))
    return [
        label or Label(*next(_beside(mark, move)), HIDDEN)
        for (mark, move, _), label in zip(marks, labels, strict=True)
    ]


def _meeting(apart: float, least: float, most: float) -> tuple[float, float]:
    """Zooms between which `least` < `apart` x zoom < `most`."""
    if apart:
        low, high = sorted((least / apart, most / apart))
        return low, high
    return (0.0, math.inf) if least < 0 < most else (math.inf, math.inf)


def _spots(farthest: float = FARTHEST) -> Iterator[Point]:
    yield 0.0, 0.0
    for ring in range(1, int(farthest / STEP)):
        for turn in range(TURNS):
            angle = 2 * math.pi * turn / TURNS
            yield round(ring * STEP * math.cos(angle), 1), round(ring * STEP * math.sin(angle), 1)


def _beside(mark: Named, move: Point) -> Iterator[tuple[float, float, str]]:
    dx, dy = move
    out, base = mark.r + CLEAR, dy + mark.size * 0.35
    slant = out * 0.75
    places = [
        (dx + out, base, "start"),
        (dx - out, base, "end"),
        (dx, dy + out + mark.size * 0.8, "middle"),
        (dx, dy - out - mark.size * 0.1, "middle"),
    ]
    for level in (dy + slant + mark.size * 0.7, dy - slant):
        places += [(dx + slant, level, "start"), (dx - slant, level, "end")]
    for x, y, anchor in places:
        yield round(x, 1), round(y, 1), anchor


def text_rect(mark: Named, label: Label) -> Rect:
    """The room that a label takes."""
    room = width(mark.text, mark.size, WEIGHT)
    left = label.x - {"start": 0.0, "middle": room / 2, "end": room}[label.anchor]
    return left - 1, label.y - mark.size, left + room + 1, label.y + mark.size * (LEADING - 1)


def square(r: float) -> Rect:
    """The room of a round mark of this radius, with the gap to the next."""
    return -r - GAP / 2, -r - GAP / 2, r + GAP / 2, r + GAP / 2


def moved(rect: Rect, move: Point) -> Rect:
    """A rectangle elsewhere."""
    return rect[0] + move[0], rect[1] + move[1], rect[2] + move[0], rect[3] + move[1]
