"""What if a plant stops, or a maker settles in a park: the page, and the same as JSON."""

from __future__ import annotations

import threading
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from graph.gaps.wording import mid_sentence
from graph.what_if import Closed, NotPossible, stops, with_supplier
from web import support
from web.views import WAIT_SECONDS, Busy
from web.what_if_views import (
    FIELDS,
    choices,
    closed_json,
    closed_page,
    names,
    spared_reason,
    stop_json,
    stop_page,
)

bp = Blueprint("what_if", __name__)
bp.add_app_template_filter(spared_reason)
bp.add_app_template_filter(mid_sentence)

_thinking = threading.Lock()
"""One question at a time: each runs the detectors twice."""


@bp.get("/what-if")
def what_if() -> Response:
    """`stop=<plant>`, or `product=<product>&zone=<park>`, by id or by name; without either the forms."""
    asked = {name: request.args.get(name, "").strip() for name in FIELDS}
    found: dict[str, Any] = {name: _resolved(name, text) for name, text in asked.items() if text}
    if not found or ("stop" not in found and len(found) < 2):
        return _answer(asked, None, None, {"stop": None, "with_supplier": None})
    if found != {name: text for name, text in asked.items() if text}:
        return _answered(redirect(url_for("what_if.what_if", **found, lang=request.args.get("lang")), 303))
    network = support.view().network
    if "stop" in found:
        cascade = stops(network, found["stop"])
        return _answer(asked, stop_page(cascade), None, {"stop": stop_json(cascade)})
    closed = _with_supplier(found["product"], found["zone"])
    return _answer(asked, None, closed_page(closed), {"with_supplier": closed_json(closed)})


def _with_supplier(product: str, zone: str) -> Closed:
    if not _thinking.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        return with_supplier(support.view().network, product, zone, support.view().findings)
    finally:
        _thinking.release()


def _resolved(name: str, text: str) -> str:
    """The id of what was typed: an id, a full name, or words that only one thing answers to."""
    view = support.view()
    if text in view.network:
        return text
    named = [thing for thing in view.part(names).get(text.casefold(), ()) if view.network.nodes[thing]["kind"]
             in FIELDS[name]]  # fmt: skip
    if len(named) == 1:
        return named[0]
    hits, number = view.index.find(text, support.lang(), kinds=FIELDS[name], limit=8)
    if number == 1:
        return hits[0].slug
    raise Unclear(name, text, hits)


class Unclear(ValueError):
    """Nothing, or more than one thing, answers to what was typed. `args`: parameter, text, what it may be."""


@bp.errorhandler(Unclear)
def _unclear(error: Unclear) -> Response:
    name, text, hits = error.args
    if hits:
        detail = gettext("More than one thing answers to %(text)s. Choose one.", text=f"“{text}”")
    else:
        detail = gettext("Nothing is recorded under %(text)s. Type another name.", text=f"“{text}”")
    if _wants_json():
        found = [{"id": hit.slug, "label": hit.label} for hit in hits]
        return support.problem(404, gettext("Which one?"), detail, parameter=name, suggestions=found)
    asked = {field: request.args.get(field, "").strip() for field in FIELDS}
    unclear = {"name": name, "detail": detail, "hits": hits}
    page = render_template(
        "what_if.html", page="gaps", asked=asked, stop=None, closed=None, choices=choices(), unclear=unclear
    )
    return _answered(make_response(page, 404))


@bp.errorhandler(NotPossible)
def _not_possible(error: NotPossible) -> Response:
    details = {
        "unknown": gettext("Nothing is recorded under this id."),
        "aggregate": gettext("This name stands for many firms. They do not stop together."),
        "no_facility": gettext("Only a plant or a firm that supplies can stop. Choose one."),
        "no_product": gettext("This is no product. Choose a product."),
        "no_zone": gettext("This is no park. Choose a park."),
        "outside": gettext("This park lies outside the four localities. Choose one inside."),
    }
    status = 404 if error.reason == "unknown" else 400
    return support.problem(
        status, gettext("This cannot be thought through"), details[error.reason], parameter=error.parameter
    )


def _answer(asked: dict[str, str], stop: Any, closed: Any, data: dict[str, Any]) -> Response:
    if _wants_json():
        note = "what-if, not a forecast; computed from recorded links only; nothing of it is stored"
        when = {"as_of": support.as_of(), "reading": support.reading(), "note": note}
        response = jsonify({**when, **data})
        response.headers["Access-Control-Allow-Origin"] = "*"
        return _answered(response)
    return _answered(
        make_response(
            render_template(
                "what_if.html", page="gaps", asked=asked, stop=stop, closed=closed, choices=choices()
            )
        )
    )


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _answered(response: Any) -> Response:
    response.headers["Vary"] = "Accept, Cookie"
    found: Response = response
    return found
