"""`/sparql`: the SPARQL 1.1 Protocol over HTTP, and a page for people at the same address."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

from flask import Blueprint, Request, Response, current_app, render_template, request, url_for
from flask_babel import gettext
from pyoxigraph import RdfFormat, serialize
from werkzeug.exceptions import RequestEntityTooLarge

from graph.card_rdf import CARD_PREFIXES, card_triples
from graph.evaluation import GRAPH_FORMATS, TABLE, Reply
from graph.service_description import FORMATS, SD, description
from graph.sparql import (
    MEDIA_TYPES,
    QUERY_BYTES,
    Endpoint,
    negotiate,
    parameters,
    prefers_page,
)
from graph.sparql_problems import Problem
from graph.spreadsheet import XLSX
from graph.workers import never
from web import query_page, support
from web.assets import STATIC
from web.data_views import card
from web.packing import pack
from web.result_workbook import xlsx

bp = Blueprint("sparql", __name__)

NAMED = "Vehec-Query"
"""Header with a name for the query, by which `DELETE /api/queries/<name>` stops it."""
DISCONNECTED = "waitress.client_disconnected"
"""Where the server puts a function that says whether the client is gone."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
BODY_BYTES = 3 * QUERY_BYTES + 10_000
"""A query of the longest allowed kind, every byte of it percent-encoded, and the other parameters."""
TRUNCATED = "Vehec-Truncated"
"""Header of an answer that stops at the row cap: the number of rows or triples it has."""
READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"{TRUNCATED}, Retry-After, ETag, Allow",
}
PREFLIGHT = READABLE | {
    "Allow": ", ".join(METHODS),
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Vary": "Accept",
}
VARY, VARY_PAGE = "Accept, Accept-Encoding", "Accept, Accept-Encoding, Cookie"
CHARSETS = ("utf-8", "utf8", "us-ascii")


@bp.route("/sparql", methods=[*METHODS, "PUT", "PATCH", "DELETE"], provide_automatic_options=False)
def sparql() -> Response:
    """Answers a query; without one, shows the page or the service description."""
    if request.method == "OPTIONS":
        return Response(status=204, headers=PREFLIGHT)
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # found once, not 20 times
    try:
        response = _respond(asked)
    except Problem as problem:
        response = _refuse(problem)
    pack(response, asked)
    headers = response.headers
    for name, value in READABLE.items():
        headers.add(name, value)
    headers.add("Vary", VARY_PAGE if response.mimetype == "text/html" else VARY)
    return response


@bp.delete("/api/queries/<name>")
def cancel(name: str) -> Response:
    """Stops the query that runs under this name; says so with 404 when none does (any more)."""
    if support.site().pool.cancel(name):
        return Response(status=204)
    detail = gettext("No query runs under this name; it may have ended already.")
    return support.problem(404, gettext("Not found"), detail)


def _respond(asked: Request) -> Response:
    if asked.method not in METHODS:
        raise Problem("method-not-allowed")
    accept = asked.environ.get("HTTP_ACCEPT", "")
    pairs = _pairs(asked)
    if not any(name in ("query", "update") for name, _ in pairs):
        names = [value for name, value in pairs if name == "example"]
        pairs += [("query", query_page.filled(name, dict(pairs))) for name in names]
    if asked.method != "POST" and not any(name in ("query", "update") for name, _ in pairs):
        return _without_query(accept)
    as_workbook = ("format", "xlsx") in pairs
    wanted = parameters([pair for pair in pairs if pair != ("format", "xlsx")])
    if as_workbook:
        wanted = replace(wanted, format="json")
    prepared = _endpoint().prepare(wanted, accept, support.lang)
    if as_workbook and prepared.request.format != "json":
        raise Problem("not-acceptable", known=", ".join(MEDIA_TYPES[name][0] for name in GRAPH_FORMATS))
    tag = prepared.tag(support.site().corridor.generation) if asked.method != "POST" else ""
    kept = asked.environ.get("HTTP_IF_NONE_MATCH")
    if kept and tag and tag in asked.if_none_match.as_set(include_weak=True):
        return _tagged(Response(status=304, content_type=prepared.media_type), tag)
    name, gone = asked.headers.get(NAMED, "")[:100], asked.environ.get(DISCONNECTED, never)
    answer = _endpoint().run(prepared, wanted.timeout, name, gone)

    def in_format(form: str) -> Reply:
        again = _endpoint().prepare(replace(wanted, format=form), "")
        return _endpoint().run(again, wanted.timeout, name, gone).reply

    if answer.format == TABLE:
        return _page(query_page.answered(wanted, answer, in_format))
    if as_workbook:
        response = Response(xlsx(answer.reply, wanted.query), content_type=XLSX)
    else:
        response = Response(answer.reply.body, content_type=_content_type(answer.media_type))
    if answer.reply.truncated:
        response.headers[TRUNCATED] = str(answer.reply.rows)
    return _tagged(response, tag)


def _tagged(response: Response, tag: str) -> Response:
    """A weak tag: the same rows, but in any order unless the query sorts them, and with or without gzip."""
    if tag:
        response.headers.add("ETag", f'W/"{tag}"')
    response.headers.add("Cache-Control", "no-cache" if tag else "no-store")
    return response


def _pairs(asked: Request) -> list[tuple[str, str]]:
    """The parameters in the address and the body, as names and values."""
    pairs = list(asked.args.items(multi=True))
    if asked.method != "POST":
        return pairs
    if asked.mimetype_params.get("charset", "utf-8").lower() not in CHARSETS:
        raise Problem("charset")
    if (asked.content_length or 0) > BODY_BYTES:
        raise Problem("request-too-long", limit=QUERY_BYTES)
    asked.max_content_length = BODY_BYTES
    try:
        if asked.mimetype == "application/sparql-query":
            return [*pairs, ("query", asked.get_data().decode())]
        if asked.mimetype == FORM:
            return [*pairs, *asked.form.items(multi=True)]
    except RequestEntityTooLarge:
        raise Problem("request-too-long", limit=QUERY_BYTES) from None
    except UnicodeDecodeError:
        raise Problem("encoding") from None
    if asked.mimetype == "application/sparql-update":
        raise Problem("update-operation", word=asked.mimetype)
    raise Problem("media-type")


def _without_query(accept: str) -> Response:
    if prefers_page(accept):
        return _page(query_page.page(""))
    named = ",".join(part for part in accept.split(",") if "*" not in part)
    best = negotiate(named, tuple(GRAPH_FORMATS)) if named.strip() else None
    if best is None or best[1] != MEDIA_TYPES[best[0]][0]:
        raise Problem("query-missing")
    form = GRAPH_FORMATS[best[0]]
    service = description(url_for("sparql.sparql", _external=True), sorted(_endpoint().graphs))
    triples = [*service, *card_triples(card(), request.url_root)]
    prefixes = CARD_PREFIXES | {"sd": SD, "formats": FORMATS} if form is RdfFormat.TURTLE else None
    response = Response(
        serialize(triples, format=form, prefixes=prefixes), content_type=_content_type(best[1])
    )
    response.add_etag(weak=True)
    return cast(Response, response.make_conditional(request))


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _endpoint() -> Endpoint:
    """The endpoint of the running application, made on first use."""
    endpoint = current_app.extensions.get("vehec-sparql")
    if endpoint is None:
        site = support.site()
        endpoint = Endpoint(site.pool, site.corridor.graphs, site.corridor.store)
        current_app.extensions["vehec-sparql"] = endpoint
    return endpoint


def _refuse(problem: Problem) -> Response:
    """The problem as a page for a browser, else as problem details."""
    if prefers_page(request.headers.get("Accept", "")):
        form = request.form if request.mimetype == FORM and problem.status != 413 else {}
        query = request.args.get("query") or form.get("query", "")
        response = _page(query_page.page(query, problem), problem.status)
    else:
        body = json.dumps(problem.as_dict(), ensure_ascii=False)
        response = Response(body, problem.status, content_type="application/problem+json")
    if problem.status == 405:
        response.headers["Allow"] = ", ".join(METHODS)
    if problem.code in ("deadline", "busy", "died"):
        response.headers["Retry-After"] = str(max(1, round(support.site().pool.seconds)))
    return response


def _page(view: query_page.View, status: int = 200) -> Response:
    editor = (STATIC / "vendor/yasqe/yasqe.esm.js").is_file()
    return Response(render_template("sparql.html", page="sparql", view=view, editor=editor), status)
