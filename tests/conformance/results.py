"""Results of queries, read from any format and compared up to the names of blank nodes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
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
    parse,
    parse_query_results,
)

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[tuple[str, Term], ...]
"""The bound variables with their values, by name."""

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMERIC = {XSD + name for name in ("integer", "decimal", "double", "float")}
ROW_READERS = {
    "srx": QueryResultsFormat.XML,
    "srj": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_READERS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML}
SCHEMA = "x:"
"""Of the graph that stands for rows while they are compared."""


@dataclass(frozen=True)
class Rows:
    """The rows of a SELECT. `ordered` means that their order is part of the result."""

    variables: frozenset[str]
    rows: tuple[Row, ...]
    ordered: bool = False


Result = bool | Rows | frozenset[Triple]


def read(text: bytes, ending: str, base: str = "") -> Result:
    """A result from bytes; `ending` names the format. Raises ValueError or SyntaxError."""
    if ending == "csv":
        return _from_csv(text)
    if ending in ROW_READERS:
        return of_engine(parse_query_results(text, format=ROW_READERS[ending]))
    quads = list(parse(text, format=GRAPH_READERS[ending], base_iri=base or None))
    found = _from_result_set(quads)
    return frozenset(quad.triple for quad in quads) if found is None else found


def of_engine(found: QuerySolutions | QueryBoolean | QueryTriples) -> Result:
    """A result from the engine's own objects."""
    if isinstance(found, QueryBoolean):
        return bool(found)
    if isinstance(found, QueryTriples):
        return frozenset(found)
    names = [variable.value for variable in found.variables]
    rows = tuple(_row(zip(names, solution, strict=True)) for solution in found)
    return Rows(frozenset(names), rows)


def _row(values: Iterable[tuple[str, Term | None]]) -> Row:
    return tuple(sorted(((name, value) for name, value in values if value is not None), key=lambda v: v[0]))


def _from_csv(text: bytes) -> Rows:
    """CSV has texts only; an empty one may stand for an unbound variable, so it counts as a value."""
    head, *lines = csv.reader(io.StringIO(text.decode(), newline=""))
    cells = (
        [BlankNode(cell[2:]) if cell.startswith("_:") else Literal(cell) for cell in line] for line in lines
    )
    return Rows(frozenset(head), tuple(_row(zip(head, line, strict=True)) for line in cells))


def _from_result_set(quads: list[Quad]) -> Rows | bool | None:
    """A result written as a graph in the vocabulary of the test suite; None if it is not one."""
    store = Store()
    store.extend(quads)

    def values(node: Term, name: str) -> Iterator[Term]:
        if isinstance(node, NamedNode | BlankNode):
            for quad in store.quads_for_pattern(node, NamedNode(RS + name), None):
                yield quad.object

    def value(node: Term, name: str) -> Term | None:
        return next(values(node, name), None)

    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    head = next(
        (quad.subject for quad in store.quads_for_pattern(None, kind, NamedNode(RS + "ResultSet"))), None
    )
    if head is None or isinstance(head, Triple):
        return None
    if isinstance(truth := value(head, "boolean"), Literal):
        return truth.value == "true"
    found = []
    for solution in values(head, "solution"):
        place = value(solution, "index")
        pairs = (
            (name.value, value(binding, "value"))
            for binding in values(solution, "binding")
            if isinstance(name := value(binding, "variable"), Literal)
        )
        found.append((int(place.value) if isinstance(place, Literal) else 0, _row(pairs)))
    names = frozenset(name.value for name in values(head, "resultVariable") if isinstance(name, Literal))
    ordered = any(place for place, _ in found)
    return Rows(names, tuple(row for _, row in sorted(found, key=lambda pair: pair[0])), ordered)


def same(expected: Result, actual: Result, by_value: bool = False) -> bool:
    """Whether two results are equal up to the names of blank nodes; `by_value` takes 1.0 and 1.00 as one."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, Rows) and isinstance(actual, Rows):
        if expected.variables != actual.variables or len(expected.rows) != len(actual.rows):
            return False
        graphs = [_as_graph(rows.rows, expected.ordered, by_value) for rows in (expected, actual)]
    elif isinstance(expected, Rows) or isinstance(actual, Rows):
        return False
    else:
        graphs = [
            Dataset(Quad(t.subject, t.predicate, _value(t.object) if by_value else t.object) for t in triples)
            for triples in (expected, actual)
        ]
    for graph in graphs:
        graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return graphs[0] == graphs[1]


def _as_graph(rows: tuple[Row, ...], ordered: bool, by_value: bool) -> Dataset:
    """Rows as nodes of a graph, each with its place, or with how often it occurs if order does not count."""
    if by_value:
        rows = tuple(tuple((name, _value(term)) for name, term in row) for row in rows)
    counted = [(row, place) for place, row in enumerate(rows)] if ordered else list(Counter(rows).items())
    graph = Dataset()
    for number, (row, mark) in enumerate(counted):
        node = BlankNode(f"row{number}")
        graph.add(Quad(node, NamedNode(SCHEMA), Literal(mark)))
        for name, term in row:
            graph.add(Quad(node, NamedNode(SCHEMA + name), term))
    return graph


def _value(term: Term) -> Term:
    """A number or truth value in one way of writing it; anything else as it is."""
    if isinstance(term, Literal) and term.datatype.value == XSD + "boolean":
        return Literal(term.value in ("1", "true"))
    if not isinstance(term, Literal) or term.datatype.value not in NUMERIC:
        return term
    try:
        number = Decimal(term.value) if "E" not in term.value.upper() else Decimal(repr(float(term.value)))
    except (InvalidOperation, ValueError):
        return term
    return Literal(str(number.normalize() + 0), datatype=term.datatype)
