"""The list of gaps, the page of one gap, and both as data."""

from __future__ import annotations

import csv
import io
import re

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext

from graph.findings import load_parameters
from graph.gap_table import Filters, GapTable, UnknownValue, csv_rows, input_behind
from graph.gaps.wording import mid_sentence
from graph.gaps.world import World
from web import support
from web.gap_views import Analysis, analysis, gap_page, heading, list_page
from web.gap_words import method_name

bp = Blueprint("gaps", __name__)
bp.add_app_template_filter(heading, "gap_heading")
bp.add_app_template_filter(method_name)

FILTERS = ("kind", "locality", "criticality", "basis", "label", "listed", "buyer", "zone")
BYTE_ORDER_MARK = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""


@bp.record_once
def _analyse(state: BlueprintSetupState) -> None:
    site: support.Site = state.app.extensions["vehec"]
    world = World(site.network, load_parameters())
    state.app.extensions["vehec.gaps"] = Analysis(world, GapTable.build(world, site.findings))


@bp.get("/gaps")
def gaps() -> str | Response:
    """The list, ranked."""
    try:
        explicit = _filters()
        number = _page_number()
    except UnknownValue as error:
        return _unknown_value(error)
    return render_template("gaps.html", page="gaps", view=list_page(explicit, number))


@bp.get("/gaps.json")
def gaps_json() -> Response:
    """Every finding that passes the filters, as on the command line."""
    try:
        found = analysis().table.select(_filters())
    except UnknownValue as error:
        return _unknown_value(error)
    return jsonify({"findings": [entry.finding.as_dict() for entry in found], "total": len(found)})


@bp.get("/gaps.csv")
def gaps_csv() -> Response:
    """The same as a spreadsheet opens it: UTF-8 with a byte order mark."""
    try:
        found = analysis().table.select(_filters())
    except UnknownValue as error:
        return _unknown_value(error)
    lines = io.StringIO(BYTE_ORDER_MARK)
    lines.seek(0, io.SEEK_END)
    csv.writer(lines).writerows(csv_rows(found, support.label, _address_of_gap))
    headers = {"Content-Disposition": 'attachment; filename="vehec-gaps.csv"'}
    return Response(lines.getvalue(), mimetype="text/csv", headers=headers)


@bp.get("/gaps/<gap_id>")
def gap(gap_id: str) -> str | Response:
    """One gap. A gap that records have filled since keeps its address and says so."""
    finding = support.site().findings_by_id.get(gap_id)
    if finding is None:
        return _filled_or_unknown(gap_id)
    return render_template("gap.html", page="gaps", view=gap_page(finding))


def _address_of_gap(gap_id: str) -> str:
    return url_for("gaps.gap", gap_id=gap_id, _external=True)


def _filters() -> Filters:
    chosen = {name: tuple(dict.fromkeys(filter(None, request.args.getlist(name)))) for name in FILTERS}
    filters = Filters(
        {name: values for name, values in chosen.items() if values}, request.args.get("q", "").strip()
    )
    analysis().table.check(filters)
    return filters


def _page_number() -> int:
    text = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise UnknownValue("page", text, (gettext("whole numbers from 1"),))
    return int(text)


def _unknown_value(error: UnknownValue) -> Response:
    if error.facet in ("buyer", "zone"):
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
    hits = [hit for maker in makers for hit in support.site().index.find(maker, support.lang(), limit=1)[0]]
    name = mid_sentence(support.label(product))
    if makers:
        detail = gettext("A maker of %(product)s is recorded now.", product=name)
    else:
        detail = gettext("No recorded plant in the four localities needs %(product)s now.", product=name)
    return support.problem(410, gettext("This gap is no longer found"), detail, suggestions=hits)
