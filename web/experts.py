"""Pages on how far the findings can be trusted: experts against findings, and coverage."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_babel import gettext

from graph.expert_check import VERDICTS
from web import support
from web.expert_views import (
    coverage_json,
    coverage_of,
    experts_json,
    experts_page,
    inputs_text,
    reason_name,
    relation_name,
    stratum_name,
    verdict_name,
)

bp = Blueprint("experts", __name__)
for _filter in (verdict_name, reason_name, relation_name, stratum_name, inputs_text):
    bp.add_app_template_filter(_filter)


@bp.get("/experts")
def experts() -> Response:
    """Each expert statement against the findings; `verdict` keeps one of VERDICTS."""
    chosen = request.args.get("verdict", "")
    if chosen and chosen not in VERDICTS:
        detail = gettext("verdict is one of %(known)s.", known=", ".join(VERDICTS))
        return support.problem(400, gettext("This verdict is not known"), detail, verdicts=list(VERDICTS))
    if _wants_json():
        return _varied(jsonify(experts_json()))
    return _varied(make_response(render_template("experts.html", page="gaps", view=experts_page(chosen))))


@bp.get("/coverage")
def coverage() -> Response:
    """How complete the records are thought to be, per relation and place, and how that was estimated."""
    if _wants_json():
        return _varied(jsonify(coverage_json()))
    view: Any = support.view().part(coverage_of)
    return _varied(make_response(render_template("coverage.html", page="gaps", view=view)))


def _wants_json() -> bool:
    offered = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(offered, "text/html") == "application/json"


def _varied(response: Response) -> Response:
    response.headers["Vary"] = "Accept, Cookie"
    return response
