"""A result as an Excel workbook: typed cells, all variables, and a sheet that says what was asked."""

from __future__ import annotations

import json
from datetime import date
from math import isfinite
from typing import Any

from flask import request
from flask_babel import gettext

from graph.evaluation import NUMERIC, Reply
from graph.namespaces import XSD
from graph.spreadsheet import Column, Sheet, workbook
from web import support

WIDTHS = {"number": 12, "integer": 10, "date": 12, "text": 34}
WHOLE = frozenset(XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger"))


def xlsx(reply: Reply, query: str) -> bytes:
    """The workbook for a reply in SPARQL JSON."""
    answer = json.loads(reply.body)
    if "boolean" in answer:
        names, rows = ["answer"], [{"answer": {"type": "literal", "value": str(answer["boolean"]).lower()}}]
    else:
        names, rows = answer["head"]["vars"], answer["results"]["bindings"]
    kinds = [_kind([row[name] for row in rows if name in row]) for name in names]
    columns = [Column(name, kind, WIDTHS.get(kind, 14)) for name, kind in zip(names, kinds, strict=True)] or [
        Column(" ")
    ]
    cells = (
        [_value(row[name], kind) if name in row else None for name, kind in zip(names, kinds, strict=True)]
        for row in rows
    )
    count = support.number(len(rows))
    told = (
        gettext("There are more: an answer stops at %(rows)s rows.", rows=count)
        if reply.truncated
        else gettext("This is the whole answer.")
    )
    about = [
        (gettext("Query"), query),
        (gettext("Rows"), f"{count}. {told}"),
        (gettext("Records of"), support.date(support.today())),
        (gettext("Address"), request.host_url),
        (gettext("Licence"), "CC BY 4.0"),
    ]
    sheets = [
        Sheet(gettext("Result"), columns, cells if names else ()),
        Sheet(gettext("About"), [Column("", width=16), Column("", width=100)], about),
    ]
    return workbook(sheets, "VEHEC", support.today())


def _kind(cells: list[dict[str, Any]]) -> str:
    """What all cells of a column hold."""
    types = {cell.get("datatype", "") for cell in cells}
    if types and types <= WHOLE:
        return "integer"
    if types and types <= NUMERIC and all(_number(cell["value"]) is not None for cell in cells):
        return "number"
    if types == {XSD + "date"} and all(_date(cell["value"]) for cell in cells):
        return "date"
    return "text"


def _value(cell: dict[str, Any], kind: str) -> Any:
    value = cell["value"]
    if kind in ("integer", "number"):
        return _number(value)
    if kind == "date":
        return _date(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= 1900 else None
