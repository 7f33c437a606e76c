"""Pages on who says what: sources, claims, conflicts, the sources of single statements; also as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_babel import gettext

from web import support
from web.citing import cite, titled
from web.claim_views import CHECKS, claims_json, claims_page
from web.conflict_views import allowed, conflicts_json, conflicts_page, csv_rows
from web.source_views import (
    SORTS,
    SourceFilters,
    allowed_grades,
    source_kinds,
    sources_json,
    sources_page,
)
from web.statement_views import UnknownTerm, statements_json, statements_page

bp = Blueprint("provenance", __name__)
bp.add_app_template_filter(cite)
bp.add_app_template_filter(titled)

BYTE_ORDER_MARK = "\ufeff"
"""Tells spreadsheet programs that the file is UTF-8."""
MOST_PAGES = 1000


class UnknownValue(ValueError):
    """A filter was given a value it does not have. `args`: filter, value, allowed values."""


@bp.app_errorhandler(UnknownValue)
def _unknown_value(error: UnknownValue) -> Response:
    name, value, allowed = error.args
    detail = gettext(
        "The filter %(facet)s has no value %(value)s. Allowed: %(allowed)s.",
        facet=name, value=f"“{value}”", allowed=", ".join(allowed),
    )  # fmt: skip
    return support.problem(
        400, gettext("Unknown filter value"), detail, parameter=name, allowed=list(allowed)
    )


@bp.app_errorhandler(UnknownTerm)
def _unknown_term(error: UnknownTerm) -> Response:
    name, value = error.args
    detail = gettext(
        "%(name)s: nothing in the graph is called %(value)s. Type an id such as of=trang-due, "
        "a prefixed name such as p=vx:areaHa, or a full IRI.",
        name=name, value=f"“{value}”",
    )  # fmt: skip
    return support.problem(404, gettext("Unknown thing or property"), detail, parameter=name)


@bp.get("/sources")
def sources() -> Response:
    """All sources, sorted and narrowed by query parameters."""
    filters = SourceFilters(
        grades=_chosen("grade", allowed_grades()),
        kinds=_chosen("kind", source_kinds()),
        text=request.args.get("q", "").strip(),
        sort=(_chosen("sort", SORTS) or SORTS)[0],
        number=page_number(),
    )
    return _answer("sources.html", lambda: sources_page(filters), lambda: sources_json(filters))


@bp.get("/claims")
def claims() -> Response:
    """All claims, each with how it compares with the records; `check` or `status` narrows them."""
    page = claims_page((*_chosen("check", CHECKS), *_chosen("status", CHECKS)))
    return _answer("claims.html", lambda: page, lambda: claims_json(page))


@bp.get("/conflicts")
def conflicts() -> Response:
    """Every property on which sources differ, with the value in use; `kind` and `property` narrow them."""
    page = conflicts_page(*_conflict_filters())
    return _answer("conflicts.html", lambda: page, lambda: conflicts_json(page))


@bp.get("/conflicts.csv")
def conflicts_csv() -> Response:
    """The same for a spreadsheet, one row per published value and source."""
    lines = io.StringIO()
    csv.writer(lines).writerows(csv_rows(conflicts_page(*_conflict_filters()).rows))
    headers = {"Content-Disposition": 'attachment; filename="vehec-conflicts.csv"'}
    return Response(BYTE_ORDER_MARK + lines.getvalue(), mimetype="text/csv", headers=headers)


@bp.get("/statements")
def statements() -> Response:
    """Who says so: statements about `of` (or `s`), with property `p` and value `o`, each with its sources."""
    things = request.args.getlist("of") + request.args.getlist("s")
    if not any(things):
        detail = gettext(
            "Name the thing: of=trang-due, and if you like a property and a value: p=vx:areaHa, o=401."
        )
        return support.problem(400, gettext("Which thing?"), detail, parameter="of")
    page = statements_page(
        filter(None, things), filter(None, request.args.getlist("p")), filter(None, request.args.getlist("o"))
    )
    return _answer("statements.html", lambda: page, lambda: statements_json(page))


def page_number() -> int:
    """The parameter `page`, from 1; raises UnknownValue for anything else."""
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) < 10 and 0 < int(number) < MOST_PAGES):
        raise UnknownValue("page", number, ["1"])
    return int(number)


def _conflict_filters() -> tuple[tuple[str, ...], tuple[str, ...]]:
    values = allowed()
    return _chosen("kind", values["kind"]), _chosen("property", values["property"])


def _chosen(name: str, allowed: Iterable[str]) -> tuple[str, ...]:
    chosen, allowed = tuple(filter(None, request.args.getlist(name))), tuple(allowed)
    for value in chosen:
        if value not in allowed:
            raise UnknownValue(name, value, allowed)
    return chosen


def _answer(template: str, view: Callable[[], Any], data: Callable[[], dict[str, Any]]) -> Response:
    """The page, or the data for a client that prefers JSON."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    if best == "application/json":
        response = jsonify(data())
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response = make_response(render_template(template, page="sources", view=view()))
    response.headers["Vary"] = "Accept, Cookie"
    return response
