"""What changed in the gaps since the last release: the page, and the same as JSON."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext

from graph.changes import KINDS, Change, Changes, compare, released, rows_of
from web import support
from web.gap_words import kind_of_gap
from web.views import View

bp = Blueprint("changes", __name__)
bp.add_app_template_filter(kind_of_gap, "gap_kind")
MOST_ROWS = 100
"""Findings of one kind of change on the page; JSON has all."""


class Line(NamedTuple):
    """One finding that changed."""

    change: Change
    kind: str
    about: str
    href: str | None
    why: str
    values: str


class Group(NamedTuple):
    """The findings that are new, closed or changed."""

    title: str
    lines: tuple[Line, ...]
    number: int


@bp.get("/changes")
def changes() -> Response:
    """New, closed and changed gaps since the list kept at the last release, and what explains them."""
    found = support.view().part(_changes)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify(found.as_dict() if found else {"before": None})
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        groups = [_group(found, kind) for kind in KINDS] if found else []
        response = make_response(
            render_template(
                "changes.html",
                page="gaps",
                found=found,
                groups=groups,
                why=_why(found.causes) if found else "",
            )
        )
    response.headers["Vary"] = "Accept, Cookie"
    return response


def _changes(view: View) -> Changes | None:
    before = released(view.network.graph["data"])
    return None if before is None else compare(before, rows_of(view.findings))


def _group(found: Changes, kind: str) -> Group:
    titles = {"new": gettext("New"), "closed": gettext("Closed"), "changed": gettext("Changed")}
    items = found.of_kind(kind)
    return Group(titles[kind], tuple(_line(item) for item in items[:MOST_ROWS]), len(items))


def _line(item: Change) -> Line:
    row = item.row
    about = ": ".join(support.label(thing) for thing in (row["subject"], *row["objects"][:1]))
    href = None if item.kind == "closed" else url_for("gaps.gap", gap_id=item.id)
    return Line(
        item,
        kind_of_gap(row["detector"], row["name"]),
        about,
        href,
        _why(item.causes),
        "; ".join(_values(item)),
    )


def _values(item: Change) -> list[str]:
    """What changed, in words; numbers with both values."""
    words = {
        "severity": gettext("severity"),
        "confidence": gettext("confidence"),
        "label": gettext("reading"),
        "grade": gettext("grade of the evidence"),
        "listed": gettext("place in the main list"),
        "objects": gettext("what it touches"),
    }
    told = []
    for name in item.fields:
        was, now = (item.before or {}).get(name), (item.after or {}).get(name)
        if isinstance(was, float) and isinstance(now, float):
            told.append(f"{words[name]} {support.number(was, 2)} → {support.number(now, 2)}")
        else:
            told.append(words[name])
    return told


def _why(causes: tuple[str, ...]) -> str:
    words = {
        "date": gettext("another day"),
        "data": gettext("other data"),
        "parameters": gettext("other parameters"),
        "code": gettext("other code"),
    }
    return ", ".join(words[cause] for cause in causes)
