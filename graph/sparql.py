"""The SPARQL 1.1 Protocol without HTTP: parameters, refusals, content negotiation, limits, cache.

`Endpoint.answer` turns parameters and an Accept header into bytes or raises a `Problem`; the web layer only
moves these to and from HTTP.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from graph.card_rdf import DATASET, DCAT
from graph.evaluation import (
    GRAPH_FORMATS,
    ROW_FORMATS,
    TABLE,
    QueryError,
    QueryFormatError,
    QuerySyntaxError,
    QueryTooLarge,
    Reply,
    Request,
)
from graph.namespaces import BASE, PREFIXES
from graph.sparql_syntax import Syntax, Token, explain, read
from graph.workers import PoolBusy, QueryDied, QueryOutOfMemory, QueryTimeout

QUERY_BYTES = 100_000
ROWS = 100_000
SHOWN = 500

MEDIA_TYPES = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "ttl": ("text/turtle", "application/x-turtle"),
    "nt": ("application/n-triples", "text/plain"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdf": ("application/rdf+xml", "application/xml", "text/xml"),
    "trig": ("application/trig",),
    "nq": ("application/n-quads",),
    TABLE: ("text/html",),
}
"""Media types of each format, the one we name first. `TABLE` is the page a person reads."""
ANSWERS_ROWS = (*ROW_FORMATS, TABLE)
ANSWERS_GRAPH = (*GRAPH_FORMATS, TABLE)

PROBLEMS = {
    "query-missing": (
        400,
        "There is no query",
        "Send a SPARQL query as the parameter query, or POST it as application/sparql-query.",
    ),
    "example-unknown": (404, "There is no such example", "No shipped question is called %(name)s."),
    "parameter-repeated": (400, "A parameter is given twice", "Give %(parameter)s once."),
    "syntax-error": (
        400,
        "The query cannot be read",
        "The error is at line %(line)d, column %(column)d, or soon after.",
    ),
    "service-refused": (
        403,
        "SERVICE is not offered",
        "Line %(line)d, column %(column)d: this endpoint answers from its own data and contacts no other.",
    ),
    "update-refused": (
        403,
        "Updates are not offered",
        "This endpoint only reads; %(word)s would change data.",
    ),
    "graph-not-loaded": (
        400,
        "That graph is not loaded",
        "%(graph)s is not among the loaded graphs, and no address is fetched. "
        "SELECT ?g { GRAPH ?g { } } lists the graphs.",
    ),
    "encoding": (400, "The query cannot be read", "Send it as UTF-8."),
    "format-unknown": (400, "Unknown format", "%(format)s is none of %(known)s."),
    "timeout-invalid": (400, "Unknown time limit", "timeout is a number of seconds above 0."),
    "method-not-allowed": (405, "Method not allowed", "Use GET, HEAD, POST or OPTIONS."),
    "not-acceptable": (406, "No such format for this query", "This query can be answered as %(known)s."),
    "request-too-long": (413, "The query is too long", "A query may have %(limit)d bytes."),
    "media-type": (
        415,
        "Unknown kind of request body",
        "POST application/x-www-form-urlencoded or application/sparql-query.",
    ),
    "failed": (500, "The query could not be answered", "The engine says: %(reason)s"),
    "deadline": (503, "The query was stopped", "It ran for %(elapsed).1f s; the limit is %(limit)g s."),
    "busy": (503, "All query processes are busy", "The query waited for %(elapsed).1f s and was not run."),
    "memory": (503, "The query was stopped", "It needed more memory than a query may use."),
    "died": (503, "The query could not be answered", "Its process ended unexpectedly."),
    "answer-too-large": (503, "The answer is too large", "The result is larger than this endpoint sends."),
}
"""Status, title and detail by problem code."""

HINTS = {
    "deadline": "Add a LIMIT, name more of the things, or write MINUS in place of FILTER NOT EXISTS.",
    "busy": "Try again in a moment.",
    "memory": "Add a LIMIT, or sort and group fewer rows.",
    "died": "Try again in a moment.",
    "answer-too-large": "Add a LIMIT, or fetch the data in parts with ORDER BY and OFFSET.",
}


class Problem(Exception):
    """A refusal or failure, to be sent as RFC 9457 problem details."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.status, self.title, self.detail = PROBLEMS[code]
        self.hint = HINTS.get(code, "")

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON members, in English; the values stand next to the sentence that uses them."""
        members = {
            "type": f"{BASE}problem/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail % self.values,
        }
        return members | self.values | ({"hint": self.hint} if self.hint else {})


@dataclass(frozen=True)
class Parameters:
    """What a client asks for. `timeout` is in seconds."""

    query: str
    format: str | None = None
    timeout: float | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A reply with the format and media type it is written in."""

    reply: Reply
    format: str
    media_type: str


class Pool(Protocol):
    """What the endpoint needs of `graph.workers.QueryPool`."""

    seconds: float

    def run(self, request: Request, seconds: float | None = None) -> Reply:
        """Answers a request or raises a `QueryError`."""


def parameters(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Reads the parameters of the protocol and our own `format` and `timeout`."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise Problem("update-refused", word="update")
    for name in ("query", "format", "timeout"):
        if len(given.get(name, [])) > 1:
            raise Problem("parameter-repeated", parameter=name)
    query = given.get("query", [""])[0]
    if not query.strip():
        raise Problem("query-missing")
    if len(query.encode()) > QUERY_BYTES:
        raise Problem("request-too-long", limit=QUERY_BYTES)
    return Parameters(
        query=query,
        format=_format(given["format"][0]) if "format" in given else None,
        timeout=_timeout(given["timeout"][0]) if "timeout" in given else None,
        default_graphs=tuple(given.get("default-graph-uri", [])),
        named_graphs=tuple(given.get("named-graph-uri", [])),
    )


def _format(text: str) -> str:
    if text == "html":
        return TABLE
    name = next((name for name, media in MEDIA_TYPES.items() if text == name or text in media), None)
    if name is None or text == TABLE:
        raise Problem("format-unknown", format=text, known=", ".join(["html", *ROW_FORMATS, *GRAPH_FORMATS]))
    return name


def _timeout(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise Problem("timeout-invalid")
    return seconds


@lru_cache(maxsize=1024)
def negotiate(accept: str, formats: tuple[str, ...]) -> tuple[str, str] | None:
    """The format and media type a client likes best; None when it accepts none.

    The more specific range decides the quality of a type (RFC 9110, 12.5.1); between equals the order of
    `formats` decides. Other names of a format count only when asked for by name. No header means anything.
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    best: tuple[float, str, str] | None = None
    for name in formats:
        usual, *others = MEDIA_TYPES[name]
        for media_type in (usual, *others):
            fitting = [usual, _family(usual), "*/*"] if media_type == usual else [media_type]
            quality = next((q for wanted in fitting for media, q in ranges if media == wanted), 0.0)
            if quality > (best[0] if best else 0.0):
                best = (quality, name, media_type)
    return best[1:] if best else None


def _family(media_type: str) -> str:
    return media_type.partition("/")[0] + "/*"


def _range(part: str) -> tuple[str, float]:
    media, *options = [piece.strip().lower() for piece in part.split(";")]
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "q":
            try:
                return media, float(value)
            except ValueError:
                return media, 0.0
    return media, 1.0


def prefers_page(accept: str) -> bool:
    """True for a browser: HTML is what it likes best of all formats."""
    best = negotiate(accept, tuple(MEDIA_TYPES))
    return best is not None and best[0] == TABLE


class Endpoint:
    """Answers queries over one state of the data, with the rules of the house.

    `graphs` are the IRIs of the loaded named graphs. Answers are kept by request in memory, at most
    `cache_bytes` in all.
    """

    def __init__(self, pool: Pool, graphs: frozenset[str], cache_bytes: int = 32 * 2**20) -> None:
        self.pool = pool
        self.graphs = graphs
        self.cache = ReplyCache(cache_bytes)

    def answer(self, wanted: Parameters, accept: str, lang: Callable[[], str] = lambda: "vi") -> Answer:
        """Runs a query, or finds its answer in the cache. Raises a `Problem`.

        `lang` gives the language of names; only the page has names.
        """
        syntax = read(wanted.query, PREFIXES)
        self._refuse(syntax, wanted)
        name, media_type = _answer_format(syntax.form, wanted.format, accept)
        request = Request(
            query=wanted.query,
            format=name,
            rows=ROWS,
            default_graphs=wanted.default_graphs,
            named_graphs=wanted.named_graphs,
            lang=lang() if name == TABLE else "vi",
            shown=SHOWN,
        )
        reply = self.cache.get(request)
        if reply is None:
            reply = self._run(request, wanted.timeout)
            if syntax.repeatable:
                self.cache.put(request, reply)
        return Answer(reply, name, media_type)

    def _refuse(self, syntax: Syntax, wanted: Parameters) -> None:
        if syntax.service:
            raise Problem("service-refused", **_place(syntax.text, syntax.service))
        if syntax.update:
            raise Problem("update-refused", word=syntax.update.keyword)
        asked = [*syntax.default_graphs, *syntax.named_graphs, *wanted.default_graphs, *wanted.named_graphs]
        for iri in asked:
            if iri not in self.graphs:
                raise Problem("graph-not-loaded", graph=iri)

    def _run(self, request: Request, seconds: float | None) -> Reply:
        try:
            return self.pool.run(request, seconds)
        except QuerySyntaxError as error:
            found = explain(request.query, error.args[0])
            raise Problem(
                "syntax-error",
                line=found.line,
                column=found.column,
                reason=found.reason,
                expected=list(found.expected),
                source=found.source,
            ) from error
        except QueryTimeout as error:
            raise Problem("deadline", limit=error.args[1], elapsed=round(error.args[2], 2)) from error
        except PoolBusy as error:
            raise Problem("busy", elapsed=round(error.args[1], 2)) from error
        except QueryOutOfMemory as error:
            raise Problem("memory") from error
        except QueryDied as error:
            raise Problem("died") from error
        except QueryTooLarge as error:
            raise Problem("answer-too-large") from error
        except QueryFormatError as error:
            raise Problem("not-acceptable", known=_known([*ROW_FORMATS, *GRAPH_FORMATS])) from error
        except QueryError as error:
            raise Problem("failed", reason=error.args[0]) from error

    def description(self, address: str, format_name: str) -> bytes:
        """The service description (SPARQL 1.1 Service Description) of the endpoint at `address`."""
        form = GRAPH_FORMATS[format_name]
        prefixes = PREFIXES | {"sd": SD, "formats": FORMATS} if form is RdfFormat.TURTLE else None
        return serialize(_description(address, sorted(self.graphs)), format=form, prefixes=prefixes) or b""


def _answer_format(form: str, chosen: str | None, accept: str) -> tuple[str, str]:
    """Format and media type for a query of this form; without a form the engine will refuse it anyway."""
    formats = ANSWERS_GRAPH if form in ("CONSTRUCT", "DESCRIBE") else ANSWERS_ROWS
    if chosen and chosen in formats:
        return chosen, MEDIA_TYPES[chosen][0]
    best = None if chosen else negotiate(accept, formats)
    if best is None and form:
        raise Problem("not-acceptable", known=_known(formats))
    return best or ("json", MEDIA_TYPES["json"][0])


def _known(formats: Iterable[str]) -> str:
    return ", ".join(MEDIA_TYPES[name][0] for name in formats)


def _place(text: str, token: Token) -> dict[str, int]:
    return {
        "line": text.count("\n", 0, token.start) + 1,
        "column": token.start - (text.rfind("\n", 0, token.start) + 1) + 1,
    }


class ReplyCache:
    """The most recently used replies, at most `size` bytes of bodies in all. Safe for threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._used = 0
        self._replies: OrderedDict[Request, Reply] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, request: Request) -> Reply | None:
        """The reply to an equal request, or None."""
        with self._lock:
            reply = self._replies.get(request)
            if reply is not None:
                self._replies.move_to_end(request)
            return reply

    def put(self, request: Request, reply: Reply) -> None:
        """Keeps a reply unless it would take more than an eighth of the room."""
        cost = len(reply.body) + len(request.query) + 1000
        if cost > self.size // 8:
            return
        with self._lock:
            if request in self._replies:
                return
            self._replies[request] = reply
            self._used += cost
            while self._used > self.size:
                old, gone = self._replies.popitem(last=False)
                self._used -= len(gone.body) + len(old.query) + 1000


SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples JSON-LD RDF_XML TriG N-Quads"
).split()


def _description(address: str, graphs: list[str]) -> Iterable[Triple]:
    service, dataset, default = NamedNode(address), BlankNode("dataset"), BlankNode("default")
    kind = NamedNode(PREFIXES["rdf"] + "type")
    yield Triple(service, kind, NamedNode(SD + "Service"))
    yield Triple(service, NamedNode(SD + "endpoint"), service)
    yield Triple(service, NamedNode(DCAT + "servesDataset"), NamedNode(DATASET))
    card = NamedNode(urljoin(address, "/.well-known/void"))
    yield Triple(service, NamedNode(PREFIXES["rdfs"] + "seeAlso"), card)
    yield Triple(service, NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Query"))
    for name in _RESULT_FORMATS:
        yield Triple(service, NamedNode(SD + "resultFormat"), NamedNode(FORMATS + name))
    yield Triple(service, NamedNode(SD + "defaultDataset"), dataset)
    yield Triple(dataset, kind, NamedNode(SD + "Dataset"))
    yield Triple(dataset, NamedNode(SD + "defaultGraph"), default)
    yield Triple(default, kind, NamedNode(SD + "Graph"))
    remark = "Every accepted statement once. The named graph of a source holds what that source states."
    yield Triple(default, NamedNode(PREFIXES["rdfs"] + "comment"), Literal(remark, language="en"))
    for graph in graphs:
        node = BlankNode()
        yield Triple(dataset, NamedNode(SD + "namedGraph"), node)
        yield Triple(node, kind, NamedNode(SD + "NamedGraph"))
        yield Triple(node, NamedNode(SD + "name"), NamedNode(graph))
