"""Runs the tests of a suite: through the endpoint over HTTP, and the same query through the engine's own API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import rdflib
from pyoxigraph import NamedNode, RdfFormat, Store

from graph.service_description import SD
from tests.conformance import results
from tests.conformance.manifest import Data, Exchange, Suite, Test
from tests.conformance.server import Answer, Server

PASSED, BY_VALUE, FAILED, REFUSED, APART = "passed", "by value", "failed", "refused", "not applicable"
"""`BY_VALUE`: the numbers are right but written in another way. `REFUSED`: by a rule of the house."""
GOOD = (PASSED, BY_VALUE)
RULES = {"service-refused", "graph-not-loaded"}
"""Refusals that come from what the endpoint offers, not from how it reads a query."""
ACCEPTED = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "nt": "application/n-triples",
}
"""Formats that results are asked for in, by the ending of a file."""
TABULAR = set(ACCEPTED.values()) - {"application/n-triples"}
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


@dataclass(frozen=True)
class Outcome:
    """How a test went: through the endpoint, straight through the engine, and why if not as hoped."""

    test: Test
    endpoint: str
    engine: str = ""
    """Empty where there is nothing to compare with."""
    reason: str = ""


def run(suite: Suite, server: Server) -> Iterator[Outcome]:
    """All tests; those over the same data one after the other, since loading takes longer than asking."""
    loaded: object = None
    for test in sorted(suite.tests, key=lambda t: (t.folder, t.data.default, t.data.named)):
        known = _graphs_meant(test)
        if loaded != (test.data, known):
            store = _store(suite, test.data)
            server.load(store, known)
            loaded = test.data, known
        yield _run(suite, server, store, test)


def _store(suite: Suite, data: Data) -> Store:
    store = Store()
    for file in data.default:
        _load(store, suite.path(file), file)
    for name, file in data.named:
        _load(store, suite.path(file), file, NamedNode(name))
    return store


def _load(store: Store, path: Path, base: str, graph: NamedNode | None = None) -> None:
    form = RdfFormat.from_extension(path.suffix[1:])
    store.load(path.read_bytes(), format=form, base_iri=base, to_graph=graph)


def _graphs_meant(test: Test) -> frozenset[str]:
    """Graphs a protocol test names but brings no file for: an endpoint that fetches would find them."""
    asked = (parse_qs(urlsplit(exchange.path).query) for exchange in test.exchanges)
    return frozenset(iri for query in asked for name in query if "graph-uri" in name for iri in query[name])


def _run(suite: Suite, server: Server, store: Store, test: Test) -> Outcome:
    if test.beyond:
        return Outcome(test, APART, APART, test.beyond)
    if test.kind == "ProtocolTest":
        return _protocol(server, test)
    if test.kind == "ServiceDescriptionTest":
        return _description(server, test)
    text = suite.path(test.query).read_text("utf-8")
    if test.kind in ("PositiveSyntaxTest11", "NegativeSyntaxTest11"):
        return _syntax(server, store, test, text)
    if test.kind in ("QueryEvaluationTest", "CSVResultFormatTest"):
        return _evaluation(suite, server, store, test, text)
    return Outcome(test, APART, APART, f"{test.kind} is not run")


def _ask(server: Server, test: Test, text: str, accept: str) -> Answer:
    """A query with the address of its file as base, which the API takes as an argument."""
    headers = {"Content-Type": "application/sparql-query; charset=utf-8", "Accept": accept}
    return server.send("POST", "/sparql", headers, f"BASE <{test.query}>\n{text}".encode())


def _problem(answer: Answer) -> tuple[str, str]:
    """Code and words of a refusal."""
    found = json.loads(answer.body)
    return found["type"].rpartition("/")[2], found.get("reason") or found["detail"]


def _syntax(server: Server, store: Store, test: Test, text: str) -> Outcome:
    positive = test.kind.startswith("Positive")
    why = ""
    try:
        store.query(text, base_iri=test.query)
        engine = PASSED if positive else FAILED
    except SyntaxError as error:
        engine, why = FAILED if positive else PASSED, str(error) if positive else ""
    except RuntimeError:  # it was read, but calls a function that does not exist
        engine = PASSED if positive else FAILED
    answer = _ask(server, test, text, "*/*")
    if answer.status == 200:
        return Outcome(test, PASSED if positive else FAILED, engine, why if positive else "it is accepted")
    code, words = _problem(answer)
    if code in RULES and positive:
        return Outcome(test, REFUSED, engine, words)
    right = code == ("unsupported" if positive else "syntax-error")
    return Outcome(test, PASSED if right else FAILED, engine, "" if right else words)


def _evaluation(suite: Suite, server: Server, store: Store, test: Test, text: str) -> Outcome:
    file = suite.path(test.result)
    ending = file.suffix[1:]
    expected = results.read(file.read_bytes(), ending, test.result)
    engine, why = _by_engine(store, test, text, expected, ending)
    wanted = ending if ending in ACCEPTED else "srj" if isinstance(expected, results.Rows | bool) else "nt"
    answer = _ask(server, test, text, ACCEPTED[wanted])
    if answer.status != 200:
        code, words = _problem(answer)
        return Outcome(test, REFUSED if code in RULES else FAILED, engine, words)
    if answer.media_type != ACCEPTED[wanted]:
        return Outcome(test, FAILED, engine, f"sent as {answer.media_type}")
    found = _judge(expected, results.read(answer.body, wanted))
    return Outcome(test, found, engine, why or ("" if found == PASSED else "another result"))


def _by_engine(store: Store, test: Test, text: str, expected: results.Result, ending: str) -> tuple[str, str]:
    try:
        found = store.query(text, base_iri=test.query)
        if ending == "csv":
            body = found.serialize(format=results.QueryResultsFormat.CSV)  # type: ignore[union-attr, call-arg]
            return _judge(expected, results.read(body or b"", "csv")), ""
        return _judge(expected, results.of_engine(found)), ""
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        return FAILED, str(error)


def _judge(expected: results.Result, actual: results.Result) -> str:
    if results.same(expected, actual):
        return PASSED
    return BY_VALUE if results.same(expected, actual, by_value=True) else FAILED


def _protocol(server: Server, test: Test) -> Outcome:
    if test.id.startswith("update_"):
        return Outcome(test, APART, reason="updates: the endpoint only reads")
    for exchange in test.exchanges:
        path = exchange.path.replace("/sparql/", "/sparql", 1)
        answer = server.send(exchange.method, path, dict(exchange.headers), exchange.body)
        if why := _wrong(exchange, answer):
            return Outcome(test, FAILED, reason=why)
    return Outcome(test, PASSED)


def _wrong(exchange: Exchange, answer: Answer) -> str:
    """What is wrong with an answer, or nothing."""
    if str(answer.status)[0] not in exchange.statuses:
        return f"status {answer.status}"
    if exchange.format == "RDF" and answer.media_type not in GRAPHS:
        return f"{answer.media_type} is no RDF"
    if exchange.format in ("boolean", "tabular") and answer.media_type not in TABULAR:
        return f"{answer.media_type} holds no rows"
    if exchange.boolean is not None and results.read(answer.body, "srj") is not exchange.boolean:
        return "the other truth value"
    return ""


def _description(server: Server, test: Test) -> Outcome:
    answer = server.send("GET", "/sparql", {"Accept": "text/turtle, application/rdf+xml;q=0.5"})
    if answer.status != 200 or answer.media_type not in GRAPHS:
        return Outcome(test, FAILED, reason=f"status {answer.status}, {answer.media_type}")
    graph, sd = rdflib.Graph().parse(data=answer.body, format=answer.media_type), rdflib.Namespace(SD)
    services = set(graph.subjects(rdflib.RDF.type, sd.Service))
    address = rdflib.URIRef(f"http://127.0.0.1:{server.http.server_port}/sparql")
    right = {
        "returns-rdf": bool(len(graph)),
        "has-endpoint-triple": all((service, sd.endpoint, address) in graph for service in services),
        "conforms-to-schema": len(services) == 1
        and set(graph.subjects(sd.endpoint)) == services
        and set(graph.objects(None, sd.defaultGraph)) <= set(graph.subjects(rdflib.RDF.type, sd.Graph))
        and all(graph.value(node, sd.name) for node in graph.objects(None, sd.namedGraph)),
    }
    return Outcome(test, PASSED if right[test.id] else FAILED)
