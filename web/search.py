"""Search by name, as JSON and as a page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from graph.search import KIND_ORDER, NAMED, Hit
from web import support
from web.arguments import BadArgument, whole

bp = Blueprint("search", __name__)

SHOWN_HITS, MOST_HITS = 10, 100
PAGE_HITS = 50
QUERY_SIGNS = 200


@dataclass(frozen=True)
class Found:
    """What the search page shows."""

    q: str
    hits: tuple[Hit, ...]
    total: int
    near: tuple[Hit, ...]
    """Names with some of the words, where no name has all."""


@bp.get("/api/search")
def search_json() -> Response:
    """Things by name, folded; exact diacritics first."""
    kinds = {kind for text in request.args.getlist("type") for kind in text.split(",") if kind}
    if not kinds <= {*KIND_ORDER}:
        raise BadArgument(
            gettext("type must be of %(kinds)s, for example type=zone,facility", kinds=", ".join(KIND_ORDER))
        )
    limit = whole("limit", SHOWN_HITS, 1, MOST_HITS)
    hits, total = support.view().index.find(_question(), support.lang(), kinds or None, limit)
    results = [
        {
            "id": hit.slug,
            "label": hit.label,
            "alt": hit.alt,
            "type": hit.kind,
            "type_label": support.kind_name(hit.kind),
            "place": hit.place,
        }
        for hit in hits
    ]
    return jsonify({"results": results, "total": total})


def _question() -> str:
    return request.args.get("q", "")[:QUERY_SIGNS].strip()


@bp.get("/search")
def search() -> str | BaseResponse:
    """The search as a page; the only thing of that very name is shown at once, unless all are asked for."""
    question = _question()
    hits, total = support.view().index.find(question, support.lang(), None, PAGE_HITS)
    exact = [hit for hit in hits if hit.exact]
    if len(exact) == 1 and "all" not in request.args:
        return redirect(url_for("pages.page", slug=exact[0].slug), 303)
    named = any(hit.kind in NAMED for hit in hits)
    near = () if named else support.view().index.near(question, support.lang(), limit=SHOWN_HITS)
    found = Found(question, tuple(hits), total, tuple(near))
    return render_template("search.html", page="", view=found)
