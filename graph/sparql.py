"""The SPARQL 1.1 Protocol without HTTP: parameters, refusals, content negotiation, limits, cache.

`Endpoint.answer` turns parameters and an Accept header into bytes or raises a `Problem`; the web layer only
moves these to and from HTTP.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from pyoxigraph import Store

from graph.evaluation import (
    GRAPH_FORMATS,
    ROW_FORMATS,
    TABLE,
    QueryError,
    QueryFormatError,
    QuerySyntaxError,
    QueryTooLarge,
    QueryUnsupported,
    Reply,
    Request,
)
from graph.lookups import look_up
from graph.namespaces import PREFIXES
from graph.sparql_problems import Problem
from graph.sparql_syntax import Syntax, Token, explain, read
from graph.workers import PoolBusy, QueryCancelled, QueryDied, QueryOutOfMemory, QueryTimeout, never

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
OTHER_NAMES = {"turtle": "ttl", "n3": "ttl", "ntriples": "nt", "json-ld": "jsonld", "rdf+xml": "rdf"}
"""What clients call formats in `format=`; SPARQLWrapper does."""
OF_GRAPHS = {"xml": "rdf", "json": "jsonld"}
"""What these names stand for where the answer is a graph; rdflib asks for one by the media types of rows."""
ANSWERS_ROWS = (*ROW_FORMATS, TABLE)
ANSWERS_GRAPH = (*GRAPH_FORMATS, TABLE)


@dataclass(frozen=True)
class Parameters:
    """What a client asks for. `timeout` is in seconds."""

    query: str
    format: str | None = None
    timeout: float | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A query that may run: how to answer it, the media type, and whether the same data answer it alike."""

    request: Request
    media_type: str
    repeatable: bool

    def tag(self, generation: str) -> str:
        """What a client keeps the answer by for this generation of the data; nothing if it may not."""
        if not self.repeatable or self.request.format == TABLE:
            return ""
        graphs = (self.request.default_graphs, self.request.named_graphs)
        key = f"{generation} {self.media_type} {graphs} {self.request.query}"
        return hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=12).hexdigest()


@dataclass(frozen=True)
class Answer:
    """A reply with the format and media type it is written in."""

    reply: Reply
    format: str
    media_type: str


class Pool(Protocol):
    """What the endpoint needs of `graph.workers.QueryPool`."""

    seconds: float

    def run(
        self, request: Request, seconds: float | None = None, name: str = "", gone: Callable[[], bool] = never
    ) -> Reply:
        """Answers a request or raises a `QueryError`."""


def parameters(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Reads the parameters of the protocol and our own `format` and `timeout`."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise Problem("update-operation", word="update")
    if "format" in given:
        given["format"] = list({_format(text) for text in given["format"]})
    for name in ("query", "format", "timeout"):
        if len(given.get(name, ())) > 1:
            raise Problem("parameter-repeated", parameter=name)
    query = given.get("query", [""])[0]
    if not query.strip():
        raise Problem("query-missing")
    if len(query.encode()) > QUERY_BYTES:
        raise Problem("request-too-long", limit=QUERY_BYTES)
    return Parameters(
        query=query,
        format=given["format"][0] if "format" in given else None,
        timeout=_timeout(given["timeout"][0]) if "timeout" in given else None,
        default_graphs=tuple(given.get("default-graph-uri", [])),
        named_graphs=tuple(given.get("named-graph-uri", [])),
    )


def _format(text: str) -> str:
    if text == "html":
        return TABLE
    text = OTHER_NAMES.get(text, text)
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

    `graphs` are the IRIs of the loaded named graphs. With a `store` of the same data, which nobody may
    change, lookups are answered from it. Answers are kept by request in memory, at most `cache_bytes` in all.
    """

    def __init__(
        self,
        pool: Pool,
        graphs: frozenset[str],
        store: Store | None = None,
        cache_bytes: int = 32 * 2**20,
    ) -> None:
        self.pool = pool
        self.store = store
        self.graphs = graphs
        self.cache = ReplyCache(cache_bytes)

    def answer(self, wanted: Parameters, accept: str, lang: Callable[[], str] = lambda: "vi") -> Answer:
        """Prepares and runs a query. Raises a `Problem`."""
        return self.run(self.prepare(wanted, accept, lang), wanted.timeout)

    def prepare(self, wanted: Parameters, accept: str, lang: Callable[[], str] = lambda: "vi") -> Prepared:
        """Decides whether and how a query is answered. Raises a `Problem`.

        Graphs among the parameters replace those the query names, as the protocol has it. `lang` gives the
        language of names; only the page has names.
        """
        syntax = read(wanted.query, PREFIXES)
        chosen = wanted if wanted.default_graphs or wanted.named_graphs else syntax
        self._refuse(syntax, (*chosen.default_graphs, *chosen.named_graphs))
        name, media_type = _answer_format(syntax.form, wanted.format, accept)
        request = Request(
            query=wanted.query,
            format=name,
            rows=ROWS,
            default_graphs=chosen.default_graphs,
            named_graphs=chosen.named_graphs,
            lang=lang() if name == TABLE else "vi",
            shown=SHOWN,
        )
        return Prepared(request, media_type, syntax.repeatable)

    def run(
        self,
        prepared: Prepared,
        seconds: float | None = None,
        name: str = "",
        gone: Callable[[], bool] = never,
    ) -> Answer:
        """Runs a query, at most `seconds`, or finds its answer in the cache. Raises a `Problem`.

        The pool can stop the query by its `name`, and does when `gone` says that nobody waits for it.
        """
        request = prepared.request
        reply = self.cache.get(request)
        if reply is None:
            reply = look_up(self.store, request) if self.store is not None else None
            reply = reply or self._run(request, seconds, name, gone)
            if prepared.repeatable:
                self.cache.put(request, reply)
        return Answer(reply, request.format, prepared.media_type)

    def _refuse(self, syntax: Syntax, graphs: Iterable[str]) -> None:
        if syntax.service:
            raise Problem("service-refused", **_place(syntax.text, syntax.service))
        if syntax.update:
            raise Problem("update-refused", word=syntax.update.keyword)
        for iri in graphs:
            if iri not in self.graphs:
                raise Problem("graph-not-loaded", graph=iri, loaded=", ".join(sorted(self.graphs)[:3]))

    def _run(self, request: Request, seconds: float | None, name: str, gone: Callable[[], bool]) -> Reply:
        try:
            return self.pool.run(request, seconds, name, gone)
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
        except QueryUnsupported as error:
            raise Problem("unsupported", reason=error.args[0]) from error
        except QueryTimeout as error:
            raise Problem("deadline", limit=error.args[1], elapsed=round(error.args[2], 2)) from error
        except QueryCancelled as error:
            raise Problem("cancelled") from error
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


def _answer_format(form: str, chosen: str | None, accept: str) -> tuple[str, str]:
    """Format and media type for a query of this form; without a form the engine will refuse it anyway."""
    formats = ANSWERS_ROWS
    if form in ("CONSTRUCT", "DESCRIBE"):
        formats, chosen = ANSWERS_GRAPH, OF_GRAPHS.get(chosen or "", chosen)
    if chosen and chosen in formats:
        return chosen, MEDIA_TYPES[chosen][0]
    best = None if chosen else negotiate(accept, formats)
    if (
        best is None
        and not chosen
        and formats is ANSWERS_GRAPH
        and (rows := negotiate(accept, tuple(OF_GRAPHS)))
    ):
        best = OF_GRAPHS[rows[0]], MEDIA_TYPES[OF_GRAPHS[rows[0]]][0]
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
