"""Charts of a result: bars by row or series, or lines over time, one panel for each column of numbers.

Lengths are in per cent of the width, so that a chart fits a phone as well as a screen; heights are in px.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import floor, log10

from flask_babel import gettext

from web import support
from web.result_series import Entry, Roles, alike, in_series, number_of, roles, when
from web.result_table import Column, Row, Table, number

MOST_BARS, MOST_PANELS, MOST_POINTS, MOST_LINES = 60, 4, 400, 24
LEAST_POINTS = 3
"""Times of the longest series from which lines are drawn."""
HEIGHT, SMALL = 220, 110
"""Height of the plot of a line, and of each where there are several, px."""


class NoChart(ValueError):
    """The result has nothing to draw; the text says what a query needs for it."""


@dataclass(frozen=True)
class Bar:
    """A row of a panel: `x` and `width` in per cent; `shown` is the value in words. A value that is given as
    a range goes on for `more` per cent."""

    label: str
    shown: str
    x: float
    width: float
    more: float = 0.0


@dataclass(frozen=True)
class Point:
    """A point of a line, `x` in per cent and `y` in px of the plot."""

    label: str
    shown: str
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """The values of a series over time; `name` is empty where there is only one."""

    name: str
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The line, in a box of 100 by the height of the panel."""
        return "M" + "L".join(f"{point.x:g} {point.y:g}" for point in self.points)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: per cent of the width, or px of the height for a line."""

    at: float
    shown: str


@dataclass(frozen=True)
class Panel:
    """The chart of one column: bars by series, or `lines`, each in a plot of its own with the others behind.

    `zero` is where 0 lies, in per cent; `height` is that of a plot, `ends` are the first and the last time.
    """

    heading: str
    ticks: list[Tick]
    zero: float = 0.0
    bars: Mapping[str, list[Bar]] = field(default_factory=dict)
    height: int = 0
    lines: tuple[Line, ...] = ()
    ends: tuple[str, str] = ("", "")
    empty: int = 0
    """Rows that have no number in this column."""


@dataclass(frozen=True)
class Chart:
    """Panels over the same rows; `left_out` rows and `columns` of numbers are more than a chart shows."""

    panels: list[Panel]
    shown: int
    left_out: int
    label: str
    """Heading of the columns that name the rows."""
    columns: int = 0


def chart(table: Table) -> Chart:
    """The chart of a table. Raises NoChart."""
    found = roles(table)
    if not found.values:
        raise NoChart(gettext("no column of numbers"))
    if not found.names:
        raise NoChart(gettext("no column that names the rows"))
    rows = [row for row in table.rows if any(number_of(row[n]) is not None for n in found.values)]
    if len(rows) < 2:
        raise NoChart(gettext("fewer than two rows with numbers"))
    over_time = found.time is not None and (found.series is not None or found.names == (found.time,))
    drawn = _over_time(table, found, rows) if over_time else _by_row(table, found, rows)
    return replace(drawn, columns=max(0, len(found.values) - MOST_PANELS))


def _empty(table: Table, column: int) -> int:
    return sum(number_of(row[column]) is None for row in table.rows)


def _over_time(table: Table, found: Roles, rows: Sequence[Row]) -> Chart:
    """Lines where the times can be compared, else bars in the order of time; one series or several."""
    assert found.time is not None
    fits = all(_line_up(in_series(rows, found, n)) for n in found.values[:MOST_PANELS])
    kept = _whole_series(rows, found, MOST_POINTS if fits else MOST_BARS)
    panels = []
    for n in found.values[:MOST_PANELS]:
        if series := in_series(kept, found, n):
            panel = _lines(table.columns[n], series) if fits else _bars(table.columns[n], series)
            panels.append(replace(panel, empty=_empty(table, n)))
    by = [n for n in (found.series, found.time) if n is not None]
    return Chart(panels, len(kept), len(rows) - len(kept), _headings(table, by))


def _by_row(table: Table, found: Roles, rows: Sequence[Row]) -> Chart:
    """A bar for each row."""
    label = _label_columns(table, found.names)
    kept = rows[:MOST_BARS]
    panels = []
    for n in found.values[:MOST_PANELS]:
        entries = (
            Entry(_name(table, row, label), value, _upper(row, found))
            for row in kept
            if (value := number_of(row[n])) is not None
        )
        if once := list(dict.fromkeys(entries)):  # sources that agree make one bar
            panels.append(replace(_bars(table.columns[n], {"": once}), empty=_empty(table, n)))
    return Chart(panels, len(kept), len(rows) - len(kept), _headings(table, label))


def _name(table: Table, row: Row, columns: Sequence[int]) -> str:
    """What the columns say of a row; where one says nothing its heading stands before a dash."""
    return " · ".join(cell["text"] if (cell := row[n]) else f"{table.columns[n].heading}: –" for n in columns)


def _upper(row: Row, found: Roles) -> float | None:
    return number_of(row[found.upper]) if found.upper is not None else None


def _headings(table: Table, columns: Sequence[int]) -> str:
    return " · ".join(table.columns[n].heading for n in columns)


def _line_up(series: Mapping[str, Sequence[Entry]]) -> bool:
    """Whether the values of each series make a line: one for each time, times of one length, some of them."""
    entries = [entry for each in series.values() for entry in each]
    return (
        len(series) <= MOST_LINES
        and max(map(len, series.values()), default=0) >= LEAST_POINTS
        and alike([entry.when for entry in entries])
        and not any(entry.upper for entry in entries)
        and all(len({entry.when for entry in each}) == len(each) for each in series.values())
        and all(len({entry.kind for entry in each}) == 1 for each in series.values())
    )


def _whole_series(rows: Sequence[Row], found: Roles, most: int) -> list[Row]:
    """At most `most` rows: all of the first series, then of the next."""
    if found.series is None:
        return list(rows[:most])
    order: dict[str, list[Row]] = {}
    for row in rows:
        order.setdefault((row[found.series] or {})["value"], []).append(row)
    return [row for each in order.values() for row in each][:most]


def _label_columns(table: Table, names: Sequence[int]) -> list[int]:
    """The first column that names the rows, and further ones as long as two rows have the same name.

    A column that says the same of every row names none.
    """
    chosen: list[int] = []
    differ = [n for n in names if len({row[n]["value"] if row[n] else "" for row in table.rows}) > 1]  # type: ignore[index]
    for n in (differ or names)[:3]:
        chosen.append(n)
        found = [tuple(row[m]["value"] if row[m] else "" for m in chosen) for row in table.rows]  # type: ignore[index]
        if len(set(found)) == len(found):
            break
    return chosen


def ticks(low: float, high: float, most: int = 5, whole: bool = False) -> list[float]:
    """Two or more round values from below `low` to above `high`, 0 among them if it lies between.

    `whole` numbers are not divided.

    >>> ticks(0, 11.5), ticks(-5, 10), ticks(0, 0)
    ([0, 5, 10, 15], [-5, 0, 5, 10], [0.0, 0.25])
    """
    span = (high - low) or abs(high) or 1
    rough = span / (most - 1)
    power = 10 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    if whole:
        step = max(1.0, step)
    first = floor(low / step + 1e-9)
    values = [first * step]
    while len(values) < 2 or values[-1] < high - step * 1e-9:
        values.append((first + len(values)) * step)
    return [round(value, 10) for value in values]


def _bars(column: Column, series: Mapping[str, Sequence[Entry]]) -> Panel:
    """Bars under the names of their series; a series without a name has no heading."""
    entries = [entry for each in series.values() for entry in each]
    values = [value for entry in entries for value in (entry.value, entry.upper) if value is not None]
    scale = ticks(min(0.0, *values), max(0.0, *values), whole=all(map(float.is_integer, values)))
    low, span = scale[0], scale[-1] - scale[0]

    def at(value: float) -> float:
        return round(100 * (value - low) / span, 3)

    def bar(entry: Entry) -> Bar:
        start, end = sorted((at(0), at(entry.value)))
        upper = _words(entry.upper) if entry.upper is not None else ""
        more = max(0.0, at(entry.upper) - end) if entry.upper is not None else 0.0
        return Bar(entry.name, "–".join(filter(None, (_words(entry.value), upper))), start, end - start, more)

    marks = [Tick(at(value), _words(value)) for value in scale]
    bars = {name: [bar(entry) for entry in each] for name, each in series.items()}
    return Panel(column.heading, marks, at(0), bars)


def _lines(column: Column, series: Mapping[str, Sequence[Entry]]) -> Panel:
    """Lines on one scale."""
    entries = sorted(
        (entry for each in series.values() for entry in each), key=lambda entry: when(entry.when)
    )
    values = [entry.value for entry in entries]
    scale = ticks(min(values), max(values), whole=all(map(float.is_integer, values)))
    low, span = scale[0], scale[-1] - scale[0]
    first, last, height = entries[0], entries[-1], SMALL if len(series) > 1 else HEIGHT
    begin = when(first.when)
    period = when(last.when) - begin or 1

    def at(value: float) -> float:
        return round(height * (1 - (value - low) / span), 2)

    def point(entry: Entry) -> Point:
        along = round(100 * (when(entry.when) - begin) / period, 3)
        return Point(entry.name, _words(entry.value), along, at(entry.value))

    lines = tuple(Line(name, tuple(map(point, each))) for name, each in series.items())
    marks = [Tick(at(value), _words(value)) for value in scale]
    return Panel(column.heading, marks, height=height, lines=lines, ends=(first.name, last.name))


def _words(value: float) -> str:
    return number(f"{value:.6g}") if abs(value) < 1e15 else support.number(value)
