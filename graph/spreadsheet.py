"""Tables for people who work in a spreadsheet: CSV and XLSX in which no cell runs as a formula."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

BYTE_ORDER_MARK = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would run as a formula in a spreadsheet."""
MOST_CHARACTERS = 32_767
"""What one cell of a workbook holds."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"number": "0.0000", "integer": "0", "date": "yyyy-mm-dd"}
"""How the typed columns are shown; all others are text."""


class Column(NamedTuple):
    """A column of a workbook: its heading, what it holds (text, number, integer, boolean, date, link), its
    width in characters."""

    heading: str
    kind: str = "text"
    width: float = 14


class Sheet(NamedTuple):
    """One sheet: each row has a value per column, None for nothing."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet runs.

    >>> harmless("=1+1"), harmless("VSIP Hải Phòng")
    ("'=1+1", 'VSIP Hải Phòng')
    """
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV with a byte order mark, each cell harmless."""
    lines = io.StringIO()
    lines.write(BYTE_ORDER_MARK)
    csv.writer(lines).writerows([harmless(cell) for cell in row] for row in rows)
    return lines.getvalue()


def workbook(sheets: Iterable[Sheet], title: str, day: str) -> bytes:
    """An XLSX file: headings frozen and filtered, columns typed; text stays text, whatever it begins with.

    `day` is the ISO day its records stand for, which it bears as its date: the same data give the same bytes.
    """
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False,
                 "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    book.set_properties({"title": title, "created": datetime.datetime.fromisoformat(day)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    looks = {kind: book.add_format({"num_format": look, "valign": "top"}) for kind, look in FORMATS.items()}
    plain = book.add_format({"valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for n, column in enumerate(sheet.columns):
            page.set_column(n, n, column.width)
            page.write_string(0, n, column.heading, head)
        last = 0
        for last, row in enumerate(sheet.rows, 1):
            for n, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                _write(page, last, n, column.kind, value, looks.get(column.kind, plain))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, len(sheet.columns) - 1)
    book.close()
    return target.getvalue()


def _write(page: Any, row: int, n: int, kind: str, value: Any, look: Any) -> None:
    if value is None or value == "":
        return
    if kind in ("number", "integer"):
        page.write_number(row, n, value, look)
    elif kind == "boolean":
        page.write_boolean(row, n, value, look)
    elif kind == "date" and not isinstance(value, str):
        page.write_datetime(row, n, value, look)
    else:
        page.write_string(row, n, str(value)[:MOST_CHARACTERS], look)
