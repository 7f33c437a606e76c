"""The table of a result for a reader: headings in words, pairs of languages in one column, typed values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext

from graph.evaluation import NUMERIC
from graph.namespaces import TYPE, XSD
from web import support

Cell = dict[str, Any]
Row = list[Cell | None]
DAY = re.compile(r"\d{4}(-\d{2}){0,2}")
PERIOD = re.compile(r"\d{4}(-\d{2}){0,2}(/\d{4}(-\d{2}){0,2})?")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")
YEAR = XSD + "gYear"
DECIMALS = 6
"""Most decimals of a number that are shown."""
YEARS = 3
"""Different whole numbers from 1950 to 2049 that make a column of years, whatever its name."""
_LIKE_A_YEAR = re.compile(r"19[5-9]\d|20[0-4]\d")
_NAMED_YEAR = re.compile(r"(?i)(^|_)(y|yr|years?|nam|năm)(_|$)|Year(?![a-z])|year$")
_PAIR = re.compile(r"(.+)_(vi|en)")


@dataclass(frozen=True)
class Column:
    """A column as shown. `at` are the variables it stands for: the first that is bound fills a cell."""

    name: str
    heading: str
    at: tuple[int, ...]
    numeric: bool
    year: bool = False
    """Whether it holds years, which are not written as amounts."""

    @property
    def unit(self) -> str:
        """What stands in brackets at the end of the heading."""
        found = re.search(r"\(([^()]+)\)$", self.heading)
        return found[1] if found else ""


@dataclass(frozen=True)
class Table:
    """A result as shown: columns, and rows with a cell per column."""

    columns: list[Column]
    rows: list[Row]

    def things(self) -> list[str]:
        """IRIs in the order of the rows, each once."""
        cells = (cell for row in self.rows for cell in row)
        return list(dict.fromkeys(cell["value"] for cell in cells if cell and cell["type"] == "uri"))


def table(result: Mapping[str, Any], headings: Mapping[str, Mapping[str, str]], lang: str) -> Table:
    """The table of a result (see `graph.evaluation.TABLE`); `headings` are words by variable and language.

    A pair such as ?park_vi and ?park_en is one column; it goes where ?park is shown by its name anyway.
    """
    names, rows = result["variables"], result["rows"]
    columns = []
    for name, at in _columns(names, rows, lang):
        numeric = all(result["numeric"][n] for n in at)
        year = numeric and _is_year(rows, at[0], name)
        words = next((each[lang] for each in (headings.get(name), headings.get(_bare(name))) if each), None)
        words = words or _builtin(name)
        columns.append(Column(name, words, at, numeric and not year, year))
    shown = [
        [_shown(next((row[n] for n in column.at if row[n]), None), column.year) for column in columns]
        for row in rows
    ]
    if headings:
        kept = [n for n in range(len(columns)) if not _says_again(shown, n)]
        columns, shown = [columns[n] for n in kept], [[row[n] for n in kept] for row in shown]
    return Table(columns, shown)


def _says_again(rows: Sequence[Row], n: int) -> bool:
    """Whether a column of words holds in every row the name by which a thing of that row is shown."""

    def same(row: Row, m: int) -> bool:
        words, thing = row[n], row[m]
        return bool(
            words
            and thing
            and (words["type"], thing["type"]) == ("literal", "uri")
            and words["text"] == thing["text"]
        )

    return bool(rows) and any(all(same(row, m) for row in rows) for m in range(len(rows[0])))


def _columns(names: Sequence[str], rows: Sequence[Row], lang: str) -> list[tuple[str, tuple[int, ...]]]:
    place = {name: n for n, name in enumerate(names)}
    found: dict[str, tuple[int, ...]] = {}
    for n, name in enumerate(names):
        pair = _PAIR.fullmatch(name)
        if not pair or {f"{pair[1]}_vi", f"{pair[1]}_en"} - place.keys():
            found.setdefault(name, (n,))
            continue
        base, other = pair[1], "en" if lang == "vi" else "vi"
        if base not in place or not _named(rows, place[base], (place[f"{base}_vi"], place[f"{base}_en"])):
            found.setdefault(
                base if base not in place else f"{base}_{lang}",
                (place[f"{base}_{lang}"], place[f"{base}_{other}"]),
            )
    return list(found.items())


def _bare(name: str) -> str:
    """A variable without the language that it ends in."""
    pair = _PAIR.fullmatch(name)
    return pair[1] if pair else name


def _named(rows: Sequence[Row], n: int, names: Sequence[int]) -> bool:
    """Whether everything in a column that has a name in another is shown by its name anyway."""
    cells = (row[n] for row in rows if any(row[m] for m in names))
    return all(cell and cell["type"] == "uri" and cell.get("label") for cell in cells)


def _builtin(name: str) -> str:
    """The words over the columns of a graph, else the variable itself."""
    words = {"subject": gettext("subject"), "predicate": gettext("property"), "object": gettext("value")}
    return words.get(name, name)


def _is_year(rows: Sequence[Row], n: int, name: str) -> bool:
    """Whether a column of numbers holds years: it says so, or all its whole numbers look like years."""
    values = [row[n]["value"] for row in rows if row[n]]  # type: ignore[index]
    if any(row[n] and row[n]["datatype"] == YEAR for row in rows):  # type: ignore[index]
        return True
    if not values or not all(_LIKE_A_YEAR.fullmatch(value) for value in values):
        return False
    return bool(_NAMED_YEAR.search(name)) or len(set(values)) >= YEARS


def _shown(cell: Cell | None, year: bool = False) -> Cell | None:
    if not cell:
        return None
    if cell["type"] == "uri":
        if cell["value"] == TYPE.value and not cell.get("label"):
            cell = cell | {"label": gettext("Kind")}
        return cell | {"text": cell.get("label") or cell["curie"]}
    if cell["type"] != "literal" or year:
        return cell | {"text": cell["value"]}
    return cell | {"text": literal(cell["value"], cell["datatype"])}


def literal(value: str, datatype: str) -> str:
    """A value as a reader writes it: 1.234,5 or 1,234.5, 25.06.2024, yes or no; anything odd stays as it is.

    `datatype` is an IRI.
    """
    if datatype in NUMERIC and datatype != YEAR:
        return number(value)
    kind = datatype.removeprefix(XSD)
    if kind == "boolean":
        words = {"true": gettext("Yes"), "1": gettext("Yes"), "false": gettext("No"), "0": gettext("No")}
        return words.get(value, value)
    if kind in ("date", "gYearMonth", "gYear") and DAY.fullmatch(value):
        return support.date(value)
    if kind == "dateTime" and (found := MOMENT.match(value)):
        return f"{support.date(found[1])} {found[2]}"
    if kind == "string" and "-" in value and PERIOD.fullmatch(value):
        return support.period(value)
    return value


def number(value: str) -> str:
    """A number in the reader's writing, with at most DECIMALS decimals; text that is none stays."""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return value
    if not exact.is_finite():
        return value
    return format_decimal(exact, "#,##0." + "#" * DECIMALS, locale=support.lang())
