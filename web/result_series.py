"""What the columns of a result mean for a chart: values, bounds, time, series; and its rows in series."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from graph.namespaces import SOURCE
from web.result_table import DAY, PERIOD, Cell, Column, Row, Table

UPPER = frozenset({"to", "until", "upper"})
BOUNDS = UPPER | {"from", "lower"}
CODES = frozenset({"id", "code", "ma", "rank", "lat", "lon", "long", "lng", "latitude", "longitude"})
MOST_NAMES = 4
"""Columns of words that are looked at for the name of a row."""
EXTRA = 48
"""Signs of what tells two rows of one name apart."""


@dataclass(frozen=True)
class Roles:
    """Columns by what they are for, as places in a row. `upper` is the other end of the only value column;
    `names` are the columns of words that are filled somewhere."""

    values: tuple[int, ...]
    upper: int | None
    names: tuple[int, ...]
    time: int | None
    series: int | None
    kind: int | None = None
    """What the values are of, such as GRDP or GDP: the same words in many rows."""


@dataclass(frozen=True)
class Entry:
    """A value to draw: its name in its series, and what it is of and `when` if the rows have a time."""

    name: str
    value: float
    upper: float | None = None
    when: str = ""
    kind: str = ""


def roles(table: Table) -> Roles:
    """The roles of the columns. Bounds, codes and coordinates are values only where nothing else is."""
    measured = [n for n, column in enumerate(table.columns) if column.numeric]
    values = [n for n in measured if not _words(table.columns[n]) & (BOUNDS | CODES)]
    upper = next((n for n in measured if n not in values and _words(table.columns[n]) & UPPER), None)
    rows = [row for row in table.rows if any(number_of(row[n]) is not None for n in values or measured)]
    words = [n for n, column in enumerate(table.columns) if not column.numeric]
    names = tuple(n for n in words if any(row[n] for row in table.rows))
    time = next((n for n in names if rows and _is_time(rows, n)), None)
    texts = [n for n in names if n != time][:MOST_NAMES]
    series = next((n for n in texts if _repeats(rows, n)), None) if time is not None else None
    kind = next((n for n in texts if n != series and _is_kind(rows, n)), None) if time is not None else None
    return Roles(tuple(values or measured), upper if len(values) == 1 else None, names, time, series, kind)


def number_of(cell: Cell | None) -> float | None:
    """The number in a cell, if it is one that can be drawn."""
    try:
        value = float(cell["value"]) if cell else float("nan")
    except ValueError:
        return None
    return value if isfinite(value) else None


def in_series(rows: Sequence[Row], found: Roles, column: int) -> dict[str, list[Entry]]:
    """Values of a column by series, each in the order of time; sources that agree make one entry.

    Without a column of series all are in one, which has no name.
    """
    assert found.time is not None
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if number_of(row[column]) is not None:
            grouped[_text(row[found.series]) if found.series is not None else ""].append(row)
    kinds = {name: {_kind(row, found) for row in members} for name, members in grouped.items()}
    counts = Counter(kind for each in kinds.values() for kind in each)
    usual = next((kind for kind, times in counts.items() if 2 * times > counts.total()), "")
    series: dict[str, list[Entry]] = {}
    for name, members in grouped.items():
        members.sort(key=lambda row: _value(row[found.time]))  # type: ignore[index]
        several = len(kinds[name]) > 1
        only = "" if several else next(iter(kinds[name]))
        heading = f"{name} · {only}" if name and only and only != usual else name
        series[heading] = list(_entries(members, found, column, several))
    return series


def _kind(row: Row, found: Roles) -> str:
    return _text(row[found.kind]) if found.kind is not None else ""


def _entries(rows: Sequence[Row], found: Roles, column: int, several: bool) -> Iterator[Entry]:
    """One entry for each value of a time and kind; where there are several, what tells them apart is said."""
    assert found.time is not None
    once: dict[tuple[str, str, float, float | None], Row] = {}
    for row in rows:
        upper = number_of(row[found.upper]) if found.upper is not None else None
        value = number_of(row[column]) or 0.0
        once.setdefault((_value(row[found.time]), _kind(row, found), value, upper), row)
    times = Counter((when, kind) for when, kind, _, _ in once)
    for (when, kind, value, upper), row in once.items():
        name = _text(row[found.time])
        if several and kind:
            name += f" · {kind}"
        if times[when, kind] > 1:
            others = [other for (at, what, _, _), other in once.items() if (at, what) == (when, kind)]
            rest = (n for n in found.names if n not in (found.time, found.series, found.kind))
            extra = next((_text(row[n]) for n in rest if len({_value(other[n]) for other in others}) > 1), "")
            name += f" · {extra[:EXTRA].rstrip()}…" if len(extra) > EXTRA else f" · {extra}" if extra else ""
        yield Entry(name, value, upper, when, kind)


def alike(times: Sequence[str]) -> bool:
    """Whether all times are of one length, so that a line may join their values.

    >>> alike(["2023", "2024"]), alike(["2023", "2024-01/2024-09"])
    (True, False)
    """
    return len({_length(time) for time in times}) == 1


def when(value: str) -> float:
    """A date or the begin of a period in years.

    >>> when("2024"), when("2024-07/2024-09")
    (2024.0, 2024.5)
    """
    year, month, day = (int(part) for part in [*value.partition("/")[0].split("-"), "1", "1"][:3])
    return year + (month - 1) / 12 + (day - 1) / 365


def _length(time: str) -> tuple[int, float]:
    """How exact a date is, and how long a period."""
    begin, _, end = time.partition("/")
    return len(begin), round(when(end) - when(begin), 2) if end else 0.0


def _is_time(rows: Sequence[Row], n: int) -> bool:
    """Whether a column holds a date or period in every row, and not always the same."""
    values = [_value(row[n]) for row in rows]
    return len(set(values)) > 1 and all(
        (cell := row[n]) is not None
        and cell["type"] == "literal"
        and bool(DAY.fullmatch(cell["value"]) or PERIOD.fullmatch(cell["value"]))
        for row in rows
    )


def _repeats(rows: Sequence[Row], n: int) -> bool:
    """Whether a column names every row, and some more than once."""
    values = [_value(row[n]) for row in rows]
    return all(values) and len(set(values)) < len(values)


def _is_kind(rows: Sequence[Row], n: int) -> bool:
    """Whether a column says of every row what it is of: few words for many rows, and no sources."""
    values = [_value(row[n]) for row in rows]
    sources = any(value.startswith(SOURCE) for value in values)
    return all(values) and not sources and 1 < len(set(values)) <= len(values) / 2


def _words(column: Column) -> set[str]:
    """The words of a variable: `valueTo` and `value_to` are value, to."""
    return set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.name).lower().split("_"))


def _value(cell: Cell | None) -> str:
    return cell["value"] if cell else ""


def _text(cell: Cell | None) -> str:
    return cell["text"] if cell else ""
