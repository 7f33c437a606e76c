"""`/sparql`: the SPARQL 1.1 Protocol over HTTP, and a page for people at the same address."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from graph.evaluation import GRAPH_FORMATS, ROW_FORMATS, TABLE
from graph.namespaces import BASE, ID, PREFIXES, SOURCE
from graph.query import EXAMPLES, Query, load_queries
from graph.sparql import (
    MEDIA_TYPES,
    QUERY_BYTES,
    SHOWN,
    Answer,
    Endpoint,
    Parameters,
    Problem,
    negotiate,
    parameters,
    prefers_page,
)
from graph.sparql_syntax import outer_limit, read
from web import support
from web.statement_views import row_address

bp = Blueprint("sparql", __name__)

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM = "application/x-www-form-urlencoded"
BODY_BYTES = 3 * QUERY_BYTES + 10_000
"""A query of the longest allowed kind, every byte of it percent-encoded, and the other parameters."""
TRUNCATED = "Vehec-Truncated"
"""Header of an answer that stops at the row cap: the number of rows or triples it has."""
READABLE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"{TRUNCATED}, Retry-After",
}
PREFLIGHT = READABLE | {
    "Allow": ", ".join(METHODS),
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Vary": "Accept",
}
DATASET = ("default-graph-uri", "named-graph-uri")


@dataclass(frozen=True)
class View:
    """What the query page shows."""

    query: str
    examples: tuple[Query, ...]
    current: Query | None
    """The example whose text the query is."""
    seconds: float
    shown: int
    dataset: dict[str, list[str]]
    """The graphs chosen in the address, by parameter name, to be sent again."""
    table: dict[str, Any] | None = None
    kind: str = ""
    """`rows`, `graph` or `boolean`."""
    truncated: bool = False
    elapsed: float = 0.0
    limited: bool = False
    """The query's own LIMIT was reached."""
    problem: Problem | None = None

    @property
    def topics(self) -> Iterator[tuple[str, list[Query], bool]]:
        """The examples by topic: its name, its questions, and whether to show them at once."""
        for topic, name in _topics().items():
            found = [example for example in self.examples if example.topic == topic]
            if found:
                yield name, found, self.current in found

    @property
    def curl(self) -> str:
        """A command that gets the same answer as a spreadsheet."""
        if self.current:
            address = url_for("sparql.sparql", example=self.current.name, _external=True)
            return f"curl -H 'Accept: text/csv' {shlex.quote(address)}"
        address = url_for("sparql.sparql", _external=True)
        asked = shlex.quote("query=" + _plain(self.query))
        return f"curl -H 'Accept: text/csv' --data-urlencode {asked} {address}"

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefixes a query may use without declaring them."""
        return PREFIXES

    @property
    def formats(self) -> list[str]:
        """Formats the result can be downloaded in."""
        return list(GRAPH_FORMATS if self.kind == "graph" else ROW_FORMATS)

    @property
    def lines(self) -> int:
        """Height of the query box."""
        return min(30, max(10, self.query.rstrip().count("\n") + 2))


@bp.route("/sparql", methods=[*METHODS, "PUT", "PATCH", "DELETE"], provide_automatic_options=False)
def sparql() -> Response:
    """Answers a query; without one, shows the page or the service description."""
    if request.method == "OPTIONS":
        return Response(status=204, headers=PREFLIGHT)
    try:
        response = _respond()
    except Problem as problem:
        response = _refuse(problem)
    response.headers.extend(READABLE)
    response.headers["Vary"] = "Accept, Cookie" if response.mimetype == "text/html" else "Accept"
    return response


def _respond() -> Response:
    if request.method not in METHODS:
        raise Problem("method-not-allowed")
    accept = request.headers.get("Accept", "")
    pairs = _pairs()
    if not any(name in ("query", "update") for name, _ in pairs):
        names = request.args.getlist("example")
        pairs += [("query", _example(name).titled(support.lang())) for name in names]
    if request.method != "POST" and not any(name in ("query", "update") for name, _ in pairs):
        return _without_query(accept)
    wanted = parameters(pairs)
    answer = _endpoint().answer(wanted, accept, support.lang)
    if answer.format == TABLE:
        return _page(_result(wanted, answer))
    response = Response(answer.reply.body, content_type=_content_type(answer.media_type))
    if answer.reply.truncated:
        response.headers[TRUNCATED] = str(answer.reply.rows)
    return response


def _example(name: str) -> Query:
    """A shipped question by the name of its file."""
    found = next((example for example in load_queries(EXAMPLES) if example.name == name), None)
    if found is None:
        raise Problem("example-unknown", name=name)
    return found


def _pairs() -> list[tuple[str, str]]:
    """The parameters in the address and the body, as names and values."""
    pairs = list(request.args.items(multi=True))
    if request.method != "POST":
        return pairs
    if (request.content_length or 0) > BODY_BYTES:
        raise Problem("request-too-long", limit=QUERY_BYTES)
    request.max_content_length = BODY_BYTES
    try:
        if request.mimetype == "application/sparql-query":
            return [*pairs, ("query", request.get_data().decode())]
        if request.mimetype == FORM:
            return [*pairs, *request.form.items(multi=True)]
    except RequestEntityTooLarge:
        raise Problem("request-too-long", limit=QUERY_BYTES) from None
    except UnicodeDecodeError:
        raise Problem("encoding") from None
    if request.mimetype == "application/sparql-update":
        raise Problem("update-refused", word="application/sparql-update")
    raise Problem("media-type")


def _without_query(accept: str) -> Response:
    if prefers_page(accept):
        return _page(_view(""))
    named = ",".join(part for part in accept.split(",") if "*" not in part)
    best = negotiate(named, tuple(GRAPH_FORMATS)) if named.strip() else None
    if best is None or best[1] != MEDIA_TYPES[best[0]][0]:
        raise Problem("query-missing")
    address = url_for("sparql.sparql", _external=True)
    return Response(_endpoint().description(address, best[0]), content_type=_content_type(best[1]))


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _endpoint() -> Endpoint:
    """The endpoint of the running application, made on first use."""
    endpoint = current_app.extensions.get("vehec-sparql")
    if endpoint is None:
        site = support.site()
        endpoint = Endpoint(site.pool, site.corridor.graphs)
        current_app.extensions["vehec-sparql"] = endpoint
    return endpoint


def _refuse(problem: Problem) -> Response:
    """The problem as a page for a browser, else as problem details."""
    if prefers_page(request.headers.get("Accept", "")):
        form = request.form if request.mimetype == FORM and problem.status != 413 else {}
        query = request.args.get("query") or form.get("query", "")
        response = _page(_view(query, problem=problem), problem.status)
    else:
        body = json.dumps(problem.as_dict(), ensure_ascii=False)
        response = Response(body, problem.status, content_type="application/problem+json")
    if problem.code == "method-not-allowed":
        response.headers["Allow"] = ", ".join(METHODS)
    if problem.code in ("deadline", "busy"):
        response.headers["Retry-After"] = str(max(1, round(support.site().pool.seconds)))
    return response


def _view(query: str, **result: Any) -> View:
    examples = load_queries(EXAMPLES)
    text = _plain(query)
    current = next((e for e in examples if text in (_plain(e.titled("vi")), _plain(e.titled("en")))), None)
    return View(
        query=query or examples[0].titled(support.lang()),
        examples=examples,
        current=current if query else examples[0],
        seconds=support.site().pool.seconds,
        shown=SHOWN,
        dataset={name: request.args.getlist(name) for name in DATASET if name in request.args},
        **result,
    )


def _topics() -> dict[str, str]:
    """Names of the topics in the order of the page."""
    return {
        "institutions": gettext("Institutions and agreements"),
        "territory": gettext("Territory and time"),
        "investors": gettext("Investors and capacity"),
        "linkages": gettext("Supply links and needs"),
        "evidence": gettext("Who says so"),
        "measures": gettext("Figures"),
        "infrastructure": gettext("Infrastructure"),
        "gaps": gettext("Gaps and coverage"),
        "numbers": gettext("Numbers on the pages"),
    }


def _plain(query: str) -> str:
    """A query with the line ends of a file: browsers send CRLF from a text box."""
    return query.replace("\r\n", "\n").strip()


def _result(wanted: Parameters, answer: Answer) -> View:
    table = json.loads(answer.reply.body)
    for row in table.get("rows", []):
        for cell in row:
            if cell and cell["type"] == "uri":
                cell["href"] = _href(cell["value"])
    table["who"] = [row_address(row) for row in table.get("rows", [])]
    return _view(
        wanted.query,
        table=table,
        kind=answer.reply.kind,
        truncated=answer.reply.truncated,
        elapsed=answer.reply.seconds,
        limited=table.get("total") == outer_limit(read(wanted.query, PREFIXES)),
    )


def _href(iri: str) -> str | None:
    """Our page for things and sources, the address itself for the rest of the web, nothing for terms."""
    for namespace in (ID, SOURCE):
        if iri.startswith(namespace) and support.slug_like(iri.removeprefix(namespace)):
            return url_for("pages.page", slug=iri.removeprefix(namespace))
    return iri if iri.startswith(("http://", "https://")) and not iri.startswith(BASE) else None


def _page(view: View, status: int = 200) -> Response:
    return Response(render_template("sparql.html", page="sparql", view=view), status)
