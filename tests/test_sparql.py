"""The SPARQL endpoint: content negotiation, the protocol, refusals, cache."""

from __future__ import annotations

import csv
import io

import pytest
import rdflib
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from graph import service_description
from graph import sparql as protocol
from graph.evaluation import QueryError, Reply, Request, evaluate
from graph.namespaces import ID
from graph.sparql_problems import Problem
from graph.workers import PoolBusy, QueryDied, QueryOutOfMemory, QueryTimeout
from tests.sparql_site import ALL, BROWSER, GRAPH_A, GRAPH_B, ROWS, ask, small_site, small_store

RUNAWAY = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r . ?s ?t ?u }"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    with small_site(tmp_path_factory.mktemp("sparql")) as client:
        yield client


# Content negotiation

ROW_CASES = [
    ("", "json"),
    ("*/*", "json"),
    ("text/csv", "csv"),
    ("text/*", "csv"),
    ("application/sparql-results+xml", "xml"),
    ("text/tab-separated-values;q=0.9, text/csv;q=0.2", "tsv"),
    ("application/json", "json"),
    ("application/sparql-results+json;q=0.1, text/csv;q=0.05, */*;q=0.01", "json"),
    ("text/csv;q=0, */*", "json"),
    (BROWSER, "table"),
    ("text/html;q=0.5, text/csv", "csv"),
    ("image/png", None),
    ("text/turtle", None),
    ("text/csv;q=0", None),
    ("text/csv;q=nonsense", None),
]


@pytest.mark.parametrize(("accept", "name"), ROW_CASES)
def test_negotiation(accept: str, name: str | None):
    best = protocol.negotiate(accept, protocol.ANSWERS_ROWS)
    assert (best and best[0]) == name


@pytest.mark.parametrize(
    ("name", "reader"), [("json", "JSON"), ("xml", "XML"), ("csv", None), ("tsv", "TSV")]
)
@pytest.mark.parametrize("by", ["accept", "format"])
def test_row_formats(client: FlaskClient, name: str, reader: str | None, by: str):
    media_type = protocol.MEDIA_TYPES[name][0]
    response = (
        ask(client, ALL, media_type) if by == "accept" else ask(client, ALL, "text/turtle", format=name)
    )
    assert (response.status_code, response.mimetype) == (200, media_type)
    if reader:
        rows = list(parse_query_results(response.data, format=getattr(QueryResultsFormat, reader)))
        assert [int(row["o"].value) for row in rows] == list(range(ROWS))
    else:
        lines = list(csv.reader(io.StringIO(response.text)))
        assert lines[0] == ["s", "o"]
        assert lines[1:] == [[f"{ID}thing-{n:02}", str(n)] for n in range(ROWS)]


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("ttl", "turtle"),
        ("nt", "nt"),
        ("rdf", "xml"),
        ("jsonld", ".jsonld"),
        ("trig", ".trig"),
        ("nq", ".nq"),
    ],
)
@pytest.mark.parametrize(
    "query", ["CONSTRUCT { ?s vx:size ?o } WHERE { ?s vx:size ?o }", "DESCRIBE id:thing-01"]
)
def test_graph_formats(client: FlaskClient, name: str, reader: str, query: str):
    media_type = protocol.MEDIA_TYPES[name][0]
    response = ask(client, query, media_type)
    assert (response.status_code, response.mimetype) == (200, media_type)
    if reader.startswith("."):
        triples = len(list(parse(response.data, RdfFormat.from_extension(reader[1:]))))
    else:
        triples = len(rdflib.Graph().parse(data=response.data, format=reader))
    assert triples == (ROWS if "CONSTRUCT" in query else 3)


@pytest.mark.parametrize(
    ("name", "body"), [("json", b'{"head":{},"boolean":true}'), ("csv", b"true"), ("tsv", b"true")]
)
def test_ask(client: FlaskClient, name: str, body: bytes):
    assert ask(client, "ASK { ?s vx:size 3 }", format=name).data == body
    assert b"false" in ask(client, "ASK { ?s vx:size 99 }", format=name).data


# The protocol

FORM = "application/x-www-form-urlencoded"
RAW = "application/sparql-query"
REQUESTS = [
    # method, address, headers, body, status
    ("GET", {"query": ALL}, {}, None, 200),
    ("HEAD", {"query": ALL}, {}, None, 200),
    ("OPTIONS", {}, {}, None, 204),
    ("POST", {}, {"Content-Type": FORM}, {"query": ALL}, 200),
    ("POST", {}, {"Content-Type": FORM + "; charset=utf-8", "Accept": "text/csv"}, {"query": ALL}, 200),
    ("POST", {}, {"Content-Type": RAW}, ALL, 200),
    ("POST", {"default-graph-uri": GRAPH_A}, {"Content-Type": RAW + "; charset=utf-8"}, "ASK {}", 200),
    ("GET", {}, {}, None, 400),
    ("GET", {"query": ""}, {}, None, 400),
    ("GET", {"query": ["ASK {}", "ASK {}"]}, {}, None, 400),
    ("GET", {"query": "SELECT nonsense"}, {}, None, 400),
    ("GET", {"query": ALL, "format": "pdf"}, {}, None, 400),
    ("GET", {"query": ALL, "timeout": "soon"}, {}, None, 400),
    ("GET", {"query": ALL, "timeout": "-1"}, {}, None, 400),
    ("GET", {"query": ALL, "timeout": "nan"}, {}, None, 400),
    ("GET", {"query": ALL, "timeout": "0.5"}, {}, None, 200),
    ("GET", {"query": ALL, "default-graph-uri": "http://elsewhere/"}, {}, None, 400),
    ("GET", {"query": "ASK FROM <http://elsewhere/> {}"}, {}, None, 400),
    ("GET", {"query": "ASK FROM NAMED <file:///etc/passwd> {}"}, {}, None, 400),
    ("GET", {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, {}, None, 403),
    ("GET", {"query": "INSERT DATA { id:x vx:size 1 }"}, {}, None, 403),
    ("GET", {"query": "LOAD <http://127.0.0.1:9/>"}, {}, None, 403),
    ("GET", {"update": "DROP ALL"}, {}, None, 405),
    ("POST", {}, {"Content-Type": FORM}, {"update": "DROP ALL"}, 405),
    ("POST", {}, {"Content-Type": "application/sparql-update"}, "DROP ALL", 405),
    ("PUT", {"query": ALL}, {}, None, 405),
    ("DELETE", {}, {}, None, 405),
    ("GET", {"query": ALL}, {"Accept": "image/png"}, None, 406),
    ("GET", {"query": ALL}, {"Accept": "text/turtle"}, None, 406),
    ("GET", {"query": ALL, "format": "ttl"}, {}, None, 406),
    ("GET", {"query": "DESCRIBE id:thing-01", "format": "csv"}, {}, None, 406),
    (
        "GET",
        {"query": "CONSTRUCT WHERE { ?s ?p ?o }"},
        {"Accept": "text/csv"},
        None,
        406,
    ),
    ("GET", {"query": "ASK {} #" + "x" * 100_000}, {}, None, 413),
    ("POST", {}, {"Content-Type": RAW}, "ASK {} #" + "x" * 100_000, 413),
    ("POST", {}, {"Content-Type": FORM}, {"query": "ASK {} #" + "x" * 100_000}, 413),
    ("POST", {}, {"Content-Type": RAW}, "x" * 10_000_000, 413),
    ("POST", {}, {"Content-Type": "multipart/form-data"}, "x", 415),
    ("POST", {}, {"Content-Type": "text/plain"}, ALL, 415),
    ("POST", {}, {"Content-Type": RAW}, b"ASK { ?s ?p '\xff' }", 400),
]


@pytest.mark.parametrize(("method", "address", "headers", "body", "status"), REQUESTS)
def test_protocol(client: FlaskClient, method: str, address: dict, headers: dict, body, status: int):
    response = client.open("/sparql", method=method, query_string=address, headers=headers, data=body)
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in response.headers["Vary"]
    if status >= 400:
        assert response.mimetype == "application/problem+json"
        assert response.json["status"] == status
        assert "Traceback" not in response.text
        assert response.json["detail"]


def test_a_huge_body_is_refused_unread(client: FlaskClient):
    stream = io.BytesIO(b"#" * 10_000_000)
    response = client.post(
        "/sparql", input_stream=stream, content_length=10_000_000, headers={"Content-Type": RAW}
    )
    assert (response.status_code, stream.tell()) == (413, 0)


def test_a_body_of_unknown_length_is_bounded(client: FlaskClient):
    environ = {"wsgi.input_terminated": True}
    stream = io.BytesIO(b"#" * 5_000_000)
    response = client.post(
        "/sparql", input_stream=stream, headers={"Content-Type": RAW}, environ_overrides=environ
    )
    assert response.status_code == 413
    assert stream.tell() < 1_000_000


def test_options_and_method_errors_name_the_methods(client: FlaskClient):
    for response in (client.options("/sparql"), client.put("/sparql")):
        assert response.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_syntax_error_says_where(client: FlaskClient):
    response = ask(client, "SELECT *\nWHERE { ?s nope:x ?o }")
    assert response.status_code == 400
    assert (response.json["line"], response.json["column"]) == (2, 12)
    assert response.json["reason"] == "Prefix not found"


def test_a_stopped_query_says_so(client: FlaskClient):
    response = ask(client, RUNAWAY, timeout="0.2")
    assert response.status_code == 503
    assert response.json["limit"] == 0.2
    assert response.json["elapsed"] >= 0.2
    assert "LIMIT" in response.json["hint"]
    assert int(response.headers["Retry-After"]) >= 1


@pytest.mark.parametrize(
    ("query", "parameters", "rows"),
    [
        ("SELECT ?o { id:nasty vx:stated ?o }", {}, 0),
        ("SELECT ?o FROM src:a { id:nasty vx:stated ?o }", {}, 1),
        ("SELECT ?o FROM src:a FROM src:b { id:nasty vx:stated ?o }", {}, 1),
        ("SELECT ?g FROM NAMED src:a { GRAPH ?g { id:nasty vx:stated ?o } }", {}, 1),
        ("SELECT ?g { GRAPH ?g { id:nasty vx:stated ?o } }", {}, 2),
        ("SELECT ?o { id:nasty vx:stated ?o }", {"default-graph-uri": GRAPH_A}, 1),
        ("SELECT ?g { GRAPH ?g { id:nasty vx:stated ?o } }", {"named-graph-uri": GRAPH_B}, 1),
    ],
)
def test_the_dataset_of_a_query(client: FlaskClient, query: str, parameters: dict, rows: int):
    assert len(ask(client, query, **parameters).json["results"]["bindings"]) == rows


@pytest.mark.parametrize(
    ("accept", "status", "mimetype"),
    [
        (BROWSER, 200, "text/html"),
        ("text/turtle", 200, "text/turtle"),
        ("application/ld+json, */*;q=0.1", 200, "application/ld+json"),
        ("*/*", 400, "application/problem+json"),
        ("application/json", 400, "application/problem+json"),
    ],
)
def test_without_a_query(client: FlaskClient, accept: str, status: int, mimetype: str):
    response = client.get("/sparql", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (status, mimetype)


def test_the_service_description(client: FlaskClient):
    graph = rdflib.Graph()
    graph.parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).data, format="turtle")
    sd = rdflib.Namespace(service_description.SD)
    (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
    assert graph.value(service, sd.endpoint) == rdflib.URIRef("http://localhost/sparql")
    assert {str(name) for name in graph.objects(None, sd.name)} == {GRAPH_A, GRAPH_B}


# The cache


class _CountingPool:
    seconds = 1.0

    def __init__(self) -> None:
        self.runs = 0

    def run(self, request: Request, *_: object):
        self.runs += 1
        return evaluate(small_store(), request)


@pytest.mark.parametrize(
    ("queries", "runs"),
    [
        (["ASK {}", "ASK {}"], 1),
        (["ASK {}", "ASK { }"], 2),
        (["SELECT (NOW() AS ?n) {}", "SELECT (NOW() AS ?n) {}"], 2),
        (["SELECT (RAND() AS ?n) {}"] * 3, 3),
    ],
)
def test_answers_are_kept(queries: list[str], runs: int):
    pool = _CountingPool()
    endpoint = protocol.Endpoint(pool, frozenset())
    for query in queries:
        endpoint.answer(protocol.Parameters(query), "*/*")
    assert pool.runs == runs


def test_the_cache_is_bounded():
    cache = protocol.ReplyCache(20_000)
    reply = evaluate(small_store(), Request("ASK {}"))
    requests = [Request(f"ASK {{}} # {n}") for n in range(50)]
    for request in requests:
        cache.put(request, reply)
    kept = [request for request in requests if cache.get(request)]
    assert 0 < len(kept) < 25
    assert kept[-1] == requests[-1]


# What became of the query process


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (PoolBusy("too many queries wait already", 0.0), "busy", "was not run"),
        (QueryTimeout("stopped after 1 s", 1.0, 1.02), "deadline", "the limit is 1 s"),
        (QueryOutOfMemory("needed too much"), "memory", "more memory"),
        (QueryDied("exit code -11"), "died", "ended unexpectedly"),
    ],
)
def test_every_end_of_a_process_has_its_own_words(error: QueryError, code: str, words: str):
    class Pool:
        seconds = 1.0

        def run(self, *_: object) -> Reply:
            raise error

    with pytest.raises(Problem) as caught:
        protocol.Endpoint(Pool(), frozenset()).answer(protocol.Parameters("ASK {}"), "")
    assert (caught.value.code, caught.value.status) == (code, 503)
    assert words in caught.value.as_dict()["detail"]
    assert caught.value.hint
