"""Runs one query on a store and serialises the answer to bytes; this is what a query process does.

Results go from the engine to bytes without a loop over rows in Python. The row cap is enforced on the way:
see `_solutions`.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from graph.namespaces import BASE, LABEL, PREFIXES, TITLE, XSD, curie
from graph.sparql_syntax import Syntax, read, with_limit

Written = tuple[bytes, str, int | None, bool]
"""Body, kind, rows and truncated of a `Reply`."""
Term = NamedNode | BlankNode | Literal | Triple | None
Graph = NamedNode | BlankNode | DefaultGraph

ROW_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}
TABLE = "table"
"""Our own JSON for the result page: the first rows with labels, and how many rows there are."""

ROW_MARKS = {"json": b"},{", "xml": b"</result>", "csv": b"\n", "tsv": b"\n"}
"""Bytes that occur at least once per row (JSON: between rows), so counting them never counts too few."""
BODY_BYTES = 128 * 2**20
_NAMELESS = b"<oxprefix: "
"""What the engine writes in RDF/XML for a property whose IRI does not end in a name: not valid XML."""
NAMES = (LABEL, TITLE)
NUMERIC = frozenset(
    XSD + name
    for name in "integer decimal double float int long nonNegativeInteger positiveInteger gYear".split()
)


class QueryError(Exception):
    """A query that got no answer; `args[0]` says why."""


class QuerySyntaxError(QueryError):
    """The engine cannot read the query; `args[0]` is its message with line and column."""


class QueryUnsupported(QueryError):
    """The query calls a function that the engine does not have; `args[0]` says which."""


class QueryFormatError(QueryError):
    """The query has no result of the kind the format is for (rows against graph)."""


class QueryTooLarge(QueryError):
    """The serialised answer would exceed `BODY_BYTES`."""


class QueryFailed(QueryError):
    """The engine gave up while evaluating."""


@dataclass(frozen=True)
class Request:
    """A query and how to answer it."""

    query: str
    """SPARQL. Relative IRIs in it are relative to the base of our own; our prefixes need no PREFIX line."""
    format: str = "json"
    """A key of `ROW_FORMATS` or `GRAPH_FORMATS`, or `TABLE`."""
    rows: int = 100_000
    """Row cap: rows of a SELECT, triples of a CONSTRUCT or DESCRIBE."""
    default_graphs: tuple[str, ...] = ()
    """IRIs of the graphs that make up the default graph."""
    named_graphs: tuple[str, ...] = ()
    """IRIs of the graphs that GRAPH reaches. If either is given, both replace the graphs of the store and
    those that the query names; if neither is, all of the store counts."""
    lang: str = "vi"
    """Language of labels in `TABLE`."""
    shown: int = 500
    """Rows in `TABLE`."""


@dataclass(frozen=True)
class Reply:
    """The answer to a request, ready to send."""

    body: bytes
    kind: str
    """`rows`, `graph` or `boolean`."""
    rows: int | None
    """Exact number of rows when it was counted: in a `TABLE` and in a truncated answer."""
    truncated: bool
    """True when the answer stops at the row cap."""
    seconds: float
    """Time the engine and the serialiser took."""


def evaluate(store: Store, request: Request) -> Reply:
    """Answers a request. Raises a `QueryError`.

    FROM and FROM NAMED in the query choose among the loaded graphs; the engine never fetches them, and gives
    a statement of two FROM graphs twice. `Request.default_graphs` gives it once.
    """
    started = time.perf_counter()
    body, kind, rows, truncated = _answer(store, request)
    return Reply(body, kind, rows, truncated, time.perf_counter() - started)


def _answer(store: Store, request: Request) -> Written:
    results = ask(store, request, request.query)
    try:
        if request.format == TABLE:
            return _table(store, results, request)
        if isinstance(results, QueryBoolean) and request.format in ROW_FORMATS:
            return results.serialize(format=ROW_FORMATS[request.format]) or b"", "boolean", None, False
        if isinstance(results, QuerySolutions) and request.format in ROW_FORMATS:
            return _solutions(store, results, request)
        if isinstance(results, QueryTriples) and request.format in GRAPH_FORMATS:
            return _triples(results, request)
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryFailed(str(error)) from error
    raise QueryFormatError(f"a {type(results).__name__} cannot be written as {request.format}")


def ask(store: Store, request: Request, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    """The engine's answer to a text in the dataset of the request. Raises a `QueryError`."""
    prefixes = {name: iri for name, iri in PREFIXES.items() if name + ":" in text}
    try:
        if not (request.default_graphs or request.named_graphs):
            return store.query(text, base_iri=BASE, prefixes=prefixes)
        default: list[Graph] = [NamedNode(iri) for iri in request.default_graphs]
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in request.named_graphs]
        if len(default) > 1:
            store, default = _merged(store, request.default_graphs, request.named_graphs), [DefaultGraph()]
        return store.query(text, base_iri=BASE, prefixes=prefixes, default_graph=default, named_graphs=named)
    except SyntaxError as error:
        raise QuerySyntaxError(str(error)) from error
    except (OSError, RuntimeError, ValueError) as error:
        failure = QueryUnsupported if "is not supported" in str(error) else QueryFailed
        raise failure(str(error)) from error


@lru_cache(maxsize=2)
def _merged(store: Store, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> Store:
    """A store whose default graph is the merge of some graphs: the engine itself repeats what two share."""
    merged = Store()
    for iri in default_graphs:
        quads = store.quads_for_pattern(None, None, None, NamedNode(iri))
        merged.extend(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads)
    for iri in named_graphs:
        merged.extend(store.quads_for_pattern(None, None, None, NamedNode(iri)))
    return merged


class TooManyRows(Exception):
    """The sink has seen more row marks than allowed."""


class Sink(io.BytesIO):
    """Takes what the serialiser writes, counts row marks and stops when there are too many of them."""

    def __init__(self, mark: bytes = b"", most: float = float("inf"), keep: bool = True) -> None:
        super().__init__()
        self.mark = mark
        self.most = most
        self.keep = keep
        self.marks = 0
        self._tail = b""

    def write(self, chunk: Any) -> int:
        """Called by the serialiser about every 8 kB."""
        if self.mark:
            self.marks += (self._tail + chunk).count(self.mark)
            if self.marks > self.most:
                raise TooManyRows
            self._tail = bytes(chunk[len(chunk) - len(self.mark) + 1 :])
        if self.keep and super().write(chunk) and self.tell() > BODY_BYTES:
            raise QueryTooLarge(f"the answer is larger than {BODY_BYTES // 2**20} MB")
        return len(chunk)


def _solutions(store: Store, results: QuerySolutions, request: Request) -> Written:
    """Rows to bytes, at most `request.rows`.

    The marks are an upper bound: a quoted line break counts as a row in CSV. Only when the bound is passed is
    the query run again with a LIMIT, once to count exactly (TSV escapes line breaks) and once to answer.
    """
    spare = {"json": -1, "csv": 1, "tsv": 1}.get(request.format, 0)
    sink = Sink(ROW_MARKS[request.format], most=request.rows + spare)
    try:
        results.serialize(sink, format=ROW_FORMATS[request.format])
        return sink.getvalue(), "rows", None, False
    except TooManyRows:
        pass
    syntax = read(request.query, PREFIXES)
    rows = _count(store, request, syntax)
    kept = min(rows, request.rows)
    sink = Sink()
    _limited(store, request, syntax, kept).serialize(sink, format=ROW_FORMATS[request.format])
    return sink.getvalue(), "rows", kept, rows > request.rows


def _count(store: Store, request: Request, syntax: Syntax) -> int:
    """Exact number of rows, at most one more than the cap."""
    sink = Sink(b"\n", keep=False)
    _limited(store, request, syntax, request.rows + 1).serialize(sink, format=QueryResultsFormat.TSV)
    return sink.marks - 1


def _limited(store: Store, request: Request, syntax: Syntax, rows: int) -> QuerySolutions:
    try:
        return cast(QuerySolutions, ask(store, request, with_limit(syntax, rows)))
    except QuerySyntaxError as error:
        raise QueryFailed("the row cap could not be applied; give the query a LIMIT") from error


def _triples(results: QueryTriples, request: Request) -> Written:
    form = GRAPH_FORMATS[request.format]
    prefixes = PREFIXES if form in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML) else None
    sink = Sink()
    serialize(islice(results, request.rows), sink, form, prefixes=prefixes)
    truncated = next(results, None) is not None
    body = sink.getvalue()
    if form == RdfFormat.RDF_XML and _NAMELESS in body:
        raise QueryFormatError("a property of the result has no name that RDF/XML can write")
    return body, "graph", request.rows if truncated else None, truncated


def _table(store: Store, results: Any, request: Request) -> Written:
    if isinstance(results, QueryBoolean):
        return json.dumps({"boolean": bool(results)}).encode(), "boolean", None, False
    if isinstance(results, QueryTriples):
        kind, names = "graph", ["subject", "predicate", "object"]
    else:
        kind, names = "rows", [variable.value for variable in results.variables]
    rows: Iterator[Any] = iter(results)
    labels = _Labels(store, request.lang)
    shown = [[labels.cell(term) for term in row] for row in islice(rows, min(request.shown, request.rows))]
    rest = sum(1 for _ in islice(rows, request.rows - len(shown)))
    truncated = next(rows, None) is not None
    total = len(shown) + rest
    numeric = [_is_numeric([row[index] for row in shown]) for index in range(len(names))]
    table = {"variables": names, "numeric": numeric, "rows": shown, "total": total}
    return json.dumps(table, ensure_ascii=False).encode(), kind, total, truncated


def _is_numeric(cells: list[dict[str, str] | None]) -> bool:
    found = [cell for cell in cells if cell]
    return bool(found) and all(cell.get("datatype") in NUMERIC for cell in found)


@dataclass
class _Labels:
    """Terms as cells of the result page, things with their names."""

    store: Store
    lang: str
    known: dict[str, tuple[str, str]] = field(default_factory=dict)

    def cell(self, term: Term) -> dict[str, str] | None:
        """A cell: type, value and, where there are any, label with its language, language, datatype."""
        if term is None:
            return None
        if isinstance(term, NamedNode):
            label, lang = self._label(term)
            names = {"curie": curie(term.value), "label": label, "label_lang": lang}
            return {"type": "uri", "value": term.value} | names
        if isinstance(term, Literal):
            cell = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
            return cell | ({"lang": term.language} if term.language else {})
        return {"type": "bnode" if isinstance(term, BlankNode) else "triple", "value": str(term)}

    def _label(self, thing: NamedNode) -> tuple[str, str]:
        """Name in the wanted language, else in another one, else nothing; and the language it is in."""
        if thing.value not in self.known:
            names = {
                quad.object.language or "": quad.object.value
                for name in NAMES
                for quad in self.store.quads_for_pattern(thing, name, None, DefaultGraph())
                if isinstance(quad.object, Literal)
            }
            lang = self.lang if self.lang in names else min(names, default="")
            self.known[thing.value] = (names.get(lang, ""), lang)
        return self.known[thing.value]
