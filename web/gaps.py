"""The list of gaps, the page of one gap, and both as data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from graph.gap_export import csv_rows, rows, sheets
from graph.gap_table import FACETS, Filters, UnknownValue, input_behind
from graph.gaps.wording import mid_sentence
from graph.spreadsheet import XLSX, csv_text, workbook
from web import packing, structured, support
from web.gap_page import gap_page
from web.gap_views import analysis, heading, list_page
from web.gap_words import kind_of_gap, method_name, value_name
from web.pages import described
from web.sentences import apart, said
from web.views import View

bp = Blueprint("gaps", __name__)
bp.add_app_template_filter(heading, "gap_heading")
bp.add_app_template_filter(method_name)
bp.add_app_template_filter(said)
bp.add_app_template_filter(apart)

FILTERS = tuple(FACETS)
OTHER_NAMES = {"detector": "kind"}
"""Filters under the name they have on the command line."""
PARAMETERS = (*FILTERS, *OTHER_NAMES, "q", "page", "lang", "as_of", "reading")
"""Everything the addresses of the list understand."""


class UnknownFilter(ValueError):
    """The address names a filter that does not exist."""


@bp.get("/gaps")
def gaps() -> str:
    """The list, ranked."""
    explicit, number = _filters(), _page_number()
    return render_template("gaps.html", page="gaps", view=list_page(explicit, number))


@bp.get("/gaps.json")
def gaps_json() -> Response:
    """Every finding that passes the filters, as on the command line."""
    filters = _filters()
    if filters == Filters():
        return packing.answer(support.view().part(_all_findings), "application/json", request)
    return Response(_findings(filters), mimetype="application/json")


def _all_findings(view: View) -> bytes:
    return packing.packed(_findings(Filters()))


def _findings(filters: Filters) -> str:
    found = analysis().table.select(filters)
    answer = {"findings": [entry.finding.as_dict() for entry in found], "total": len(found)}
    return json.dumps(answer, ensure_ascii=False)


@bp.get("/gaps.csv")
def gaps_csv() -> Response:
    """The same as CSV: UTF-8 with a byte order mark."""
    body = csv_text(csv_rows(_rows()))
    return Response(body, mimetype="text/csv", headers=_download("vehec-gaps.csv"))


@bp.get("/gaps.xlsx")
def gaps_xlsx() -> Response:
    """The same as a workbook, with a sheet that explains the columns."""
    pages = sheets(map(_in_words, _rows()), support.lang(), support.site().corridor.generation)
    body = workbook(pages, gettext("Linkage gaps"), support.as_of())
    return Response(body, mimetype=XLSX, headers=_download("vehec-gaps.xlsx"))


def _rows() -> Iterator[dict[str, Any]]:
    found = analysis()
    return rows(found.table.select(_filters()), found.world, support.label, _address_of_gap)


def _in_words(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people: codes replaced by their names in the language of the page."""
    methods = filter(None, row["coverage_method"].split(" | "))
    return {
        **row,
        "name": kind_of_gap(row["detector"], row["name"]),
        "label": value_name(row["label"]),
        "basis": value_name(row["basis"]),
        "coverage_method": " | ".join(map(method_name, methods)),
    }


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@bp.get("/gaps/<gap_id>")
def gap(gap_id: str) -> str | BaseResponse:
    """One gap. A gap that records have filled since keeps its address and says so."""
    finding = support.view().findings_by_id.get(gap_id)
    if finding is None:
        return _filled_or_unknown(gap_id)
    body = render_template(
        "gap.html", page="gaps", view=gap_page(finding), structured=structured.gap(finding)
    )
    return described(body, gap_id)


def _address_of_gap(gap_id: str) -> str:
    return url_for("gaps.gap", gap_id=gap_id, _external=True)


def _filters() -> Filters:
    for name in request.args:
        if name not in PARAMETERS:
            raise UnknownFilter(name)
    chosen: dict[str, dict[str, None]] = {}
    for name, value in request.args.items(multi=True):
        facet = OTHER_NAMES.get(name, name)
        if facet in FILTERS and value:
            chosen.setdefault(facet, {})[value] = None
    filters = Filters(
        {facet: tuple(values) for facet, values in chosen.items()}, request.args.get("q", "").strip()
    )
    analysis().table.check(filters)
    return filters


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise UnknownValue("page", text, (gettext("whole numbers from 1"),))
    return int(text)


@bp.errorhandler(UnknownFilter)
def _unknown_filter(error: UnknownFilter) -> Response:
    detail = gettext(
        "There is no filter %(name)s. Allowed: %(allowed)s.", name=f"“{error}”", allowed=", ".join(PARAMETERS)
    )
    return support.problem(
        400, gettext("Unknown filter"), detail, parameter=str(error), allowed=list(PARAMETERS)
    )


@bp.errorhandler(UnknownValue)
def _unknown_value(error: UnknownValue) -> Response:
    if error.facet in ("buyer", "zone", "product", "pair", "cell"):
        detail = gettext("No gap touches a thing with the id %(value)s.", value=f"“{error.value}”")
        return support.problem(400, gettext("Unknown filter value"), detail, parameter=error.facet)
    detail = gettext(
        "The filter %(facet)s has no value %(value)s. Allowed: %(allowed)s.",
        facet=error.facet,
        value=f"“{error.value}”",
        allowed=", ".join(error.allowed),
    )
    return support.problem(
        400, gettext("Unknown filter value"), detail, parameter=error.facet, allowed=list(error.allowed)
    )


def _filled_or_unknown(gap_id: str) -> Response:
    world = analysis().world
    product = input_behind(world, gap_id)
    if product is None:
        detail = gettext("No gap has this address in the present data. It may have been filled or merged.")
        return support.problem(404, gettext("Unknown gap"), detail)
    makers = sorted(world.suppliers.get(product, ()))
    hits = [hit for maker in makers for hit in support.view().index.find(maker, support.lang(), limit=1)[0]]
    name = mid_sentence(support.label(product))
    if makers:
        detail = gettext("A maker of %(product)s is recorded now.", product=name)
    else:
        detail = gettext("No recorded plant in the four localities needs %(product)s now.", product=name)
    return support.problem(410, gettext("This gap is no longer found"), detail, suggestions=hits)
