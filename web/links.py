"""Short links: a view or a query whose address is too long to pass on gets a short one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from graph.explore.document import BadDocument, Document
from web import support
from web.arguments import sent_json
from web.link_store import Full, Link, LinkStore, Unavailable, usual_file

bp = Blueprint("links", __name__)

PATHS = ("/", "/map", "/sparql")
"""Where a link may lead; nowhere else, so that it cannot send a reader to another site."""
MOST_QUERY, MOST_STATE = 100_000, 200_000
"""Bytes of a query and of a state as JSON."""
ADDRESS = re.compile(r"[\x21\x22\x24-\x7e]*")
"""The query of an address as a browser writes it: no blanks, no `#`, other letters as %XX."""


class BadLink(ValueError):
    """What was sent is no link; the text says what to send instead."""


def links() -> LinkStore:
    """The links of this site; the setting LINKS names another file than the usual one."""
    named = current_app.config.get("LINKS")
    return LinkStore(Path(named) if named else usual_file())


@bp.errorhandler(BadLink)
def _bad_link(error: BadLink) -> Response:
    return support.problem(400, gettext("This link cannot be kept"), str(error))


@bp.errorhandler(Full)
def _full(error: Full) -> Response:
    current_app.logger.warning("short links are full: %s", error)
    detail = gettext(
        "This server holds as many short links as it may. Pass on the long address instead; the person who "
        "runs the server can raise the limit or clear the file."
    )
    return support.problem(507, gettext("No room for another short link"), detail)


@bp.errorhandler(Unavailable)
def _unavailable(error: Unavailable) -> Response:
    current_app.logger.warning("short links cannot be read or written: %s", error)
    detail = gettext(
        "Short links are off on this server, because their file cannot be read or written. Everything else "
        "works. Pass on the long address instead."
    )
    return support.problem(503, gettext("Sharing is off"), detail)


@bp.post("/api/links")
def keep() -> Response:
    """Keeps where the reader is and answers with a short address for it."""
    link = _link(sent_json())
    name = links().keep(link)
    answer = jsonify({"id": name, "href": url_for(".short", name=name)})
    answer.status_code = 201
    return answer


@bp.get("/api/links/<name>")
def link(name: str) -> Response:
    """What a short link stands for."""
    found = links().find(name)
    return jsonify(found._asdict()) if found else _unknown(name)


@bp.get("/s/<name>")
def short(name: str) -> BaseResponse:
    """Leads to the page; one with a state reads it from `/api/links/<name>`, named by `view`."""
    found = links().find(name)
    if found is None:
        return _unknown(name)
    view = f"view={name}" if found.state is not None else ""
    query = "&".join(part for part in (found.query, view) if part)
    path = request.script_root + found.path
    return make_response(redirect(f"{path}?{query}" if query else path, 303))


def _unknown(name: str) -> Response:
    detail = gettext(
        "No short link here has the id “%(id)s”. Check that the address is complete, ask who sent it for the "
        "long one, or start from the overview.",
        id=name[:60],
    )
    return support.problem(404, gettext("This short link is not known"), detail)


def _link(sent: Any) -> Link:
    if not isinstance(sent, dict) or not sent.keys() <= {"path", "query", "state"}:
        raise BadLink(
            gettext(
                "Send JSON with the type application/json, for example "
                '{"path": "/", "query": "focus=samsung", "state": null}'
            )
        )
    path, query, state = sent.get("path"), sent.get("query", ""), sent.get("state")
    if path not in PATHS:
        raise BadLink(gettext("path must be one of %(paths)s", paths=", ".join(PATHS)))
    if not isinstance(query, str) or len(query) > MOST_QUERY or not ADDRESS.fullmatch(query):
        raise BadLink(
            gettext(
                "query must be the part of an address after “?”, at most %(most)s bytes, with other letters "
                "and blanks as %%XX, for example focus=samsung",
                most=support.number(MOST_QUERY),
            )
        )
    if state is None:
        return Link(path, query, None)
    if path == "/":
        try:
            Document.read(state)
        except BadDocument as error:
            raise BadLink(f"state: {support.text(error.text)}") from None
    if not isinstance(state, dict) or len(json.dumps(state, ensure_ascii=False).encode()) > MOST_STATE:
        raise BadLink(
            gettext("state must be a JSON object of at most %(most)s bytes", most=support.number(MOST_STATE))
        )
    return Link(path, query, state)
