"""The text of a result as a program gets it, with its own lines, cut on the screen only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request

from graph.evaluation import Reply
from graph.sparql_problems import Problem

FORMS = {
    "rows": ("json", "csv", "tsv", "xml"),
    "graph": ("ttl", "nt", "jsonld", "rdf"),
    "boolean": ("json", "xml"),
}
"""Formats that are shown, by kind of result."""
MOST, MOST_BYTES = 40_000, 8 * 2**20
"""Signs of a text that the page shows, and bytes of an answer up to which its lines are set."""
_BETWEEN = re.compile(r"(</?(?:sparql|head|variable|results?|binding|boolean)\b[^>]*>)(?=<)")
"""Tags of the XML of rows after which a new line changes nothing."""


@dataclass(frozen=True)
class Text:
    """What is shown of a result in the format `form`; `cut` tells whether it goes on, for `lines` in all."""

    form: str
    forms: tuple[str, ...]
    shown: str
    cut: bool
    lines: int


def asked_form(kind: str) -> str:
    """The format that the address asks for. Raises a Problem."""
    form = request.args.get("form") or FORMS[kind][0]
    if form not in FORMS[kind]:
        raise Problem("format-unknown", format=form[:40], known=", ".join(FORMS[kind]))
    return form


def text(kind: str, in_format: Callable[[str], Reply]) -> Text:
    """The text in the format that the address asks for. Raises a Problem."""
    form = asked_form(kind)
    body = in_format(form).body
    whole = _in_lines(form, body) if len(body) <= MOST_BYTES else body.decode()
    shown = whole if len(whole) <= MOST else whole[:MOST].rpartition("\n")[0] or whole[:MOST]
    return Text(form, FORMS[kind], shown, len(shown) < len(whole), len(whole.splitlines()))


def _in_lines(form: str, body: bytes) -> str:
    if form in ("json", "jsonld"):
        return _json(json.loads(body), "")
    return _BETWEEN.sub("\\1\n", body.decode()) if form == "xml" else body.decode()


def _json(value: Any, indent: str) -> str:
    """JSON in lines; what holds no further object or list stays on one.

    >>> print(_json({"a": [{"b": 1, "c": "đ"}]}, ""))
    {
      "a": [
        {"b": 1, "c": "đ"}
      ]
    }
    """
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(isinstance(each, dict | list) for each in inside):
        return json.dumps(value, ensure_ascii=False)
    deeper = indent + "  "
    if isinstance(value, list):
        rows, ends = [_json(each, deeper) for each in value], "[]"
    else:
        rows = [f"{json.dumps(k, ensure_ascii=False)}: {_json(v, deeper)}" for k, v in value.items()]
        ends = "{}"
    return f"{ends[0]}\n{deeper}" + f",\n{deeper}".join(rows) + f"\n{indent}{ends[1]}"
