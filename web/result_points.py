"""Positions that a result itself holds: columns of latitude and longitude, pairs of them, or WKT points."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from graph.geo import Frame, Ground, Label, Named, Rect, square, text_rect
from graph.names import fold
from web.result_series import number_of
from web.result_table import Cell, Column, Row, Table

LATITUDE = frozenset({"lat", "latitude", "vido"})
LONGITUDE = frozenset({"lon", "long", "lng", "longitude", "kinhdo"})
PAIR = frozenset({"wgs84", "coordinate", "coordinates", "latlong", "toado"})
_POINT = re.compile(r"(?i)\s*(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*")
_BOTH = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*")
R, SIZE = 5.0, 11.0
"""Radius of a point and size of its name, px."""

Position = tuple[float, float]
"""Longitude and latitude, degrees."""


@dataclass(frozen=True)
class Spot:
    """A row on the map: its first text, where it leads, and the pixel of its position."""

    name: str
    href: str
    x: float
    y: float
    label: Label | None = None


def reader(table: Table, frame: Callable[[], Frame]) -> Callable[[Row], Position | None] | None:
    """How to read the position of a row; None where the columns hold none.

    Decimals in columns that do not say what they are count if all lie within the frame.
    """
    columns = table.columns
    for n in range(len(columns)):
        if any(_point(row[n]) for row in table.rows):
            return lambda row: _point(row[n])
    for n, column in enumerate(columns):
        if _means(column, PAIR) or (_means(column, LATITUDE) and _means(column, LONGITUDE)):
            return lambda row: _both(row[n])
    numbers = [n for n in range(len(columns)) if any(number_of(row[n]) is not None for row in table.rows)]
    lat = next((n for n in numbers if _means(columns[n], LATITUDE)), None)
    lon = next((n for n in numbers if _means(columns[n], LONGITUDE)), None)
    decimals = [n for n in range(len(columns)) if _decimal(table, n)]
    if (lat is None or lon is None) and len(decimals) > 1:
        seen = frame()
        east = seen.west + seen.width / seen.per_degree[0]
        south = seen.north - seen.height / seen.per_degree[1]
        lat = next((n for n in decimals if _within(table, n, south, seen.north)), None)
        lon = next((n for n in decimals if _within(table, n, seen.west, east)), None)
    if lat is None or lon is None:
        return None
    return lambda row: _degrees(number_of(row[lon]), number_of(row[lat]))


def spots(table: Table, frame: Frame, drawn: Callable[[Cell], bool]) -> tuple[list[Spot], int]:
    """The rows with a position on the map, each place and name once, and how many lie off it.

    Rows with a thing that is `drawn` already are passed over.
    """
    read = reader(table, lambda: frame)
    found: dict[Spot, None] = {}
    off = 0
    for row in table.rows if read else ():
        position = read(row) if read else None
        if position is None or any(cell is not None and drawn(cell) for cell in row):
            continue
        point = frame.point(*position)
        if frame.holds(point):
            cell = next(_texts(table, row), None)
            found[Spot(cell["text"] if cell else "", (cell or {}).get("href") or "", *point)] = None
        else:
            off += 1
    return list(found), off


def labelled(
    found: list[Spot], frame: Frame, zoom: float, taken: Iterable[tuple[Position, Rect]]
) -> list[Spot]:
    """The spots with their names where there is room; nothing may cover `taken`, relative to a point."""
    ground = Ground(frame, zoom)
    for point, rect in taken:
        ground.take(point, rect)
    for spot in found:
        ground.take((spot.x, spot.y), square(R))
    placed = []
    for spot in found:
        named = Named((spot.x, spot.y), R, spot.name, SIZE)
        if spot.name and (place := ground.label(named, (0.0, 0.0), 0)):
            ground.take(named.point, text_rect(named, place))
            spot = replace(spot, label=place)
        placed.append(spot)
    return placed


def _texts(table: Table, row: Row) -> Iterator[Cell]:
    """What may name a row: things and words, not numbers and positions."""
    for column, cell in zip(table.columns, row, strict=True):
        if (
            cell
            and not column.numeric
            and not _point(cell)
            and not _means(column, PAIR | LATITUDE | LONGITUDE)
        ):
            yield cell


def _means(column: Column, words: frozenset[str]) -> bool:
    """Whether the variable or the heading of a column says one of these words, in one piece or in two."""
    for text in (re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.name), column.heading):
        found = re.findall(r"[a-z0-9]+", fold(text).replace("_", " "))
        if words & {*found, *map("".join, pairwise(found))}:
            return True
    return False


def _decimal(table: Table, n: int) -> bool:
    return table.columns[n].numeric and any("." in cell["value"] for row in table.rows if (cell := row[n]))


def _within(table: Table, n: int, low: float, high: float) -> bool:
    """Whether all numbers of a column are of the range."""
    values = [number_of(row[n]) for row in table.rows if row[n]]
    return all(value is not None and low <= value <= high for value in values)


def _point(cell: Cell | None) -> Position | None:
    found = _POINT.fullmatch(cell["value"]) if cell and cell["type"] == "literal" else None
    return _degrees(_number(found[1]), _number(found[2])) if found else None


def _both(cell: Cell | None) -> Position | None:
    """A pair as it is mostly written: latitude first."""
    found = _BOTH.fullmatch(cell["value"]) if cell and cell["type"] == "literal" else None
    return _degrees(_number(found[2]), _number(found[1])) if found else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _degrees(lon: float | None, lat: float | None) -> Position | None:
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        return None
    return lon, lat
