"""Charts of a result: a bar for each row or a line over time, one panel for each column of numbers.

Lengths are in per cent of the width, so that a chart fits a phone as well as a screen; heights are in px.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from flask_babel import gettext

from web import support
from web.result_table import DAY, PERIOD, Cell, Column, Table, number

MOST_BARS, MOST_PANELS, MOST_POINTS = 60, 4, 400
ROW, TOP = 40, 8
"""Height of a bar with its words, and room above the first, px."""
HEIGHT = 220
"""Height of the plot of a line, px."""


class NoChart(ValueError):
    """The result has nothing to draw; the text says what a query needs for it."""


@dataclass(frozen=True)
class Bar:
    """A row of a panel: `x` and `width` in per cent; `shown` is the value in words."""

    label: str
    shown: str
    y: int
    x: float
    width: float


@dataclass(frozen=True)
class Point:
    """A point of a line, `x` in per cent and `y` in px of the plot."""

    label: str
    shown: str
    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: per cent of the width, or px of the height for a line."""

    at: float
    shown: str


@dataclass(frozen=True)
class Panel:
    """The chart of one column: either `bars` or `points`. `zero` is where 0 lies, in per cent."""

    heading: str
    ticks: list[Tick]
    height: int
    zero: float = 0.0
    bars: tuple[Bar, ...] = ()
    points: tuple[Point, ...] = ()

    @property
    def path(self) -> str:
        """The line, in a box of 100 by `height`."""
        return "M" + "L".join(f"{point.x:g} {point.y:g}" for point in self.points)


@dataclass(frozen=True)
class Chart:
    """Panels over the same rows; `left_out` rows are more than a chart shows."""

    panels: list[Panel]
    shown: int
    left_out: int
    label: str
    """Heading of the column that names the rows."""


def chart(table: Table) -> Chart:
    """The chart of a table. Raises NoChart."""
    measured = [n for n, column in enumerate(table.columns) if column.numeric]
    if not measured:
        raise NoChart(gettext("no column of numbers"))
    label = _label_columns(table, measured)
    if not label:
        raise NoChart(gettext("no column that names the rows"))
    times = _times(table, label)
    most = MOST_POINTS if times else MOST_BARS
    found = [row for row in table.rows if any(_value(row[n]) is not None for n in measured)]
    if len(found) < 2:
        raise NoChart(gettext("fewer than two rows with numbers"))
    if times:
        found.sort(key=lambda row: str((row[label[0]] or {}).get("value", "")))
    kept = found[:most]
    panels = []
    for n in measured[:MOST_PANELS]:
        filled = [(row, value) for row in kept if (value := _value(row[n])) is not None]
        whens = [_when((row[label[0]] or {})["value"]) for row, _ in filled] if times else []
        named = (
            (" · ".join(cell["text"] for m in label if (cell := row[m])), value) for row, value in filled
        )
        rows = list(named if times else dict.fromkeys(named))  # sources that agree make one bar
        panels.append(_line(table.columns[n], rows, whens) if times else _bars(table.columns[n], rows))
    words = " · ".join(table.columns[n].heading for n in label)
    return Chart(panels, len(kept), len(found) - len(kept), words)


def _value(cell: Cell | None) -> float | None:
    try:
        value = float(cell["value"]) if cell else float("nan")
    except ValueError:
        return None
    return value if isfinite(value) else None


def _label_columns(table: Table, measured: Sequence[int]) -> list[int]:
    """The first column that names the rows, and further short ones as long as two rows have the same name."""
    filled = [
        n for n, column in enumerate(table.columns) if n not in measured and any(row[n] for row in table.rows)
    ]
    chosen: list[int] = []
    for n in filled[:3]:
        chosen.append(n)
        names = [tuple(row[m]["value"] if row[m] else "" for m in chosen) for row in table.rows]  # type: ignore[index]
        if len(set(names)) == len(names):
            break
    return chosen


def _times(table: Table, label: Sequence[int]) -> bool:
    """Whether the rows are named by one column of dates or periods, no two alike."""
    cells = [row[label[0]] for row in table.rows]
    return (
        len(label) == 1
        and len(cells) > 2
        and all(
            cell
            and cell["type"] == "literal"
            and (DAY.fullmatch(cell["value"]) or PERIOD.fullmatch(cell["value"]))
            for cell in cells
        )
    )


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values from below `low` to above `high`, 0 among them if it lies between.

    >>> ticks(0, 11.5), ticks(-5, 10)
    ([0, 5, 10, 15], [-5, 0, 5, 10])
    """
    span = (high - low) or abs(high) or 1
    rough = span / (most - 1)
    power = 10 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    first = floor(low / step + 1e-9)
    values = [first * step]
    while values[-1] < high - step * 1e-9:
        values.append((first + len(values)) * step)
    return [round(value, 10) for value in values]


def _bars(column: Column, rows: Sequence[tuple[str, float]]) -> Panel:
    values = [value for _, value in rows]
    scale = ticks(min(0.0, *values), max(0.0, *values))
    low, span = scale[0], scale[-1] - scale[0]

    def at(value: float) -> float:
        return round(100 * (value - low) / span, 3)

    bars = tuple(
        Bar(label, _words(value), TOP + n * ROW, min(at(0), at(value)), abs(at(value) - at(0)))
        for n, (label, value) in enumerate(rows)
    )
    marks = [Tick(at(value), _words(value)) for value in scale]
    return Panel(column.heading, marks, TOP + ROW * len(rows), at(0), bars)


def _when(value: str) -> float:
    """A date or the begin of a period in years.

    >>> _when("2024"), _when("2024-07/2024-09")
    (2024.0, 2024.5)
    """
    year, month, day = (int(part) for part in [*value.partition("/")[0].split("-"), "1", "1"][:3])
    return year + (month - 1) / 12 + (day - 1) / 365


def _line(column: Column, rows: Sequence[tuple[str, float]], whens: Sequence[float]) -> Panel:
    values = [value for _, value in rows]
    scale = ticks(min(values), max(values))
    low, span = scale[0], scale[-1] - scale[0]

    def at(value: float) -> float:
        return round(HEIGHT * (1 - (value - low) / span), 2)

    period = whens[-1] - whens[0] or 1
    points = tuple(
        Point(label, _words(value), round(100 * (when - whens[0]) / period, 3), at(value))
        for (label, value), when in zip(rows, whens, strict=True)
    )
    return Panel(column.heading, [Tick(at(value), _words(value)) for value in scale], HEIGHT, points=points)


def _words(value: float) -> str:
    return number(f"{value:.6g}") if abs(value) < 1e15 else support.number(value)
