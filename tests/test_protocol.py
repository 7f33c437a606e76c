"""What HTTP adds to a query: kept answers, compression, other origins, the dataset, the description."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
import rdflib
from flask.testing import FlaskClient
from pyoxigraph import Store

from graph.service_description import SD
from tests.sparql_site import ALL, BROWSER, GRAPH_A, GRAPH_B, ask, small_site

CSV = {"Accept": "text/csv"}
DRAWN = 'SELECT ?s (CONCAT(?t, ?t, ?t, ?t) AS ?u) { ?s ?p ?o BIND("a long enough text " AS ?t) }'
NASTY = "{ id:nasty vx:stated ?o }"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    with small_site(tmp_path_factory.mktemp("protocol")) as client:
        yield client


def get(client: FlaskClient, method: str = "GET", headers: dict[str, str] | None = None, **parameters: Any):
    return client.open("/sparql", method=method, query_string=parameters, headers=headers)


# Answers that a client keeps


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
def test_a_kept_answer_is_not_sent_again(client: FlaskClient, method: str, accept: str):
    first = get(client, method, {"Accept": accept}, query=ALL)
    assert first.headers["ETag"].startswith('W/"')
    assert first.headers["Cache-Control"] == "no-cache"
    for kept in (first.headers["ETag"], f'"other", {first.headers["ETag"]}'):
        again = get(client, method, {"Accept": accept, "If-None-Match": kept}, query=ALL)
        assert (again.status_code, again.data) == (304, b"")
        for name in ("ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
            assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize(
    ("headers", "parameters"),
    [
        ({"Accept": "application/json"}, {"query": ALL}),
        (CSV, {"query": ALL + " "}),
        (CSV, {"query": ALL, "format": "tsv"}),
        (CSV, {"query": ALL, "default-graph-uri": GRAPH_A}),
        (CSV, {"query": ALL, "named-graph-uri": GRAPH_A}),
    ],
)
def test_another_question_is_no_kept_answer(client: FlaskClient, headers: dict, parameters: dict):
    tag = get(client, headers=CSV, query=ALL).headers["ETag"]
    other = get(client, headers=headers | {"If-None-Match": tag}, **parameters)
    assert other.status_code == 200
    assert other.headers["ETag"] != tag


def test_other_data_is_no_kept_answer(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    tag = get(client, query=ALL).headers["ETag"]
    monkeypatch.setattr(client.application.extensions["vehec"].corridor, "generation", "g2")
    assert get(client, headers={"If-None-Match": tag}, query=ALL).status_code == 200


@pytest.mark.parametrize(
    ("headers", "parameters", "status"),
    [
        ({}, {"query": "SELECT (NOW() AS ?now) {}"}, 200),
        ({"Accept": BROWSER}, {"query": ALL}, 200),
        ({}, {"query": "SELECT nonsense"}, 400),
        ({"If-None-Match": "*"}, {"query": "SELECT nonsense"}, 400),
    ],
)
def test_what_may_not_be_kept_has_no_tag(client: FlaskClient, headers: dict, parameters: dict, status: int):
    response = get(client, headers=headers, **parameters)
    assert response.status_code == status
    assert "ETag" not in response.headers


def test_an_answer_to_post_has_no_tag(client: FlaskClient):
    response = client.post("/sparql", data={"query": ALL})
    assert (response.status_code, "ETag" in response.headers) == (200, False)


# Compression


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("identity", False),
        (None, False),
    ],
)
def test_compression(client: FlaskClient, accepted: str | None, packed: bool):
    plain = get(client, headers=CSV, query=DRAWN)
    response = get(client, headers=CSV | ({"Accept-Encoding": accepted} if accepted else {}), query=DRAWN)
    assert ("gzip" == response.headers.get("Content-Encoding")) is packed
    assert sorted((gzip.decompress(response.data) if packed else response.data).splitlines()) == sorted(
        plain.data.splitlines()
    )
    assert response.headers["ETag"] == plain.headers["ETag"]
    assert response.content_length == len(response.data)
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_short_answer_is_not_compressed(client: FlaskClient):
    response = get(client, headers={"Accept-Encoding": "gzip"}, query="ASK {}")
    assert "Content-Encoding" not in response.headers


# HEAD and other origins


@pytest.mark.parametrize(
    ("query", "status"), [(ALL, 200), ("DESCRIBE id:thing-01", 200), ("SELECT nonsense", 400)]
)
def test_head_is_get_without_the_body(client: FlaskClient, query: str, status: int):
    of_get, of_head = (get(client, method, query=query) for method in ("GET", "HEAD"))
    assert (of_head.status_code, of_head.data) == (status, b"")
    assert of_head.headers == of_get.headers


def test_a_preflight(client: FlaskClient):
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options("/sparql", headers=asked)
    assert (response.status_code, response.data) == (204, b"")
    allowed = response.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"accept", "content-type", "if-none-match"} <= set(allowed)
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


# The dataset


@pytest.mark.parametrize(
    ("query", "parameters", "rows"),
    [
        # what two graphs share is one statement of their merge
        (f"SELECT * FROM src:a FROM src:b {NASTY}", {}, 1),
        (f"SELECT * {NASTY}", {"default-graph-uri": [GRAPH_A, GRAPH_B]}, 1),
        (f"SELECT * {NASTY}", {"default-graph-uri": [GRAPH_A, GRAPH_A]}, 1),
        (f"SELECT ?g {{ GRAPH ?g {NASTY} }}", {"default-graph-uri": [GRAPH_A, GRAPH_B]}, 0),
        (
            f"SELECT ?g {{ GRAPH ?g {NASTY} {NASTY} }}",
            {"default-graph-uri": [GRAPH_A, GRAPH_B], "named-graph-uri": GRAPH_B},
            1,
        ),
        # one kind of graph given: the other kind is empty
        (f"SELECT ?g {{ GRAPH ?g {NASTY} }}", {"default-graph-uri": GRAPH_A}, 0),
        ("SELECT * { ?s vx:size ?o }", {"named-graph-uri": GRAPH_A}, 0),
        (f"SELECT ?g {{ GRAPH ?g {NASTY} }}", {"named-graph-uri": GRAPH_A}, 1),
        (f"SELECT ?g {{ GRAPH ?g {NASTY} }}", {"named-graph-uri": [GRAPH_A, GRAPH_B]}, 2),
        # the protocol's graphs replace the query's
        (f"SELECT * FROM src:a {NASTY}", {"named-graph-uri": GRAPH_B}, 0),
        (f"SELECT ?g FROM NAMED src:a {{ GRAPH ?g {NASTY} }}", {"default-graph-uri": GRAPH_B}, 0),
        (f"SELECT * FROM <http://elsewhere/> {NASTY}", {"default-graph-uri": GRAPH_A}, 1),
        # the cap on rows counts in the same dataset
        (f"SELECT * FROM src:a FROM src:b {NASTY} LIMIT 1", {}, 1),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_dataset(client: FlaskClient, method: str, query: str, parameters: dict, rows: int):
    given = {"query": query, **parameters}
    place = {"query_string": given} if method == "GET" else {"data": given}
    response = client.open("/sparql", method=method, **place)
    assert len(response.json["results"]["bindings"]) == rows


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "ASK {}", "default-graph-uri": "http://elsewhere/"},
        {"query": "ASK {}", "named-graph-uri": [GRAPH_A, "http://elsewhere/"]},
        {"query": "ASK FROM <http://elsewhere/> {}"},
    ],
)
def test_an_unknown_graph_is_told_from_loaded_ones(client: FlaskClient, parameters: dict):
    response = get(client, **parameters)
    assert response.status_code == 400
    assert response.json["graph"] == "http://elsewhere/"
    assert GRAPH_A in response.json["detail"]


# Refusals


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/sparql-query", b"ASK {}", 200),
        ("application/sparql-query; charset=UTF-8", "ASK { ?s ?p 'ế' }".encode(), 200),
        ('application/sparql-query; charset="utf-8"', b"ASK {}", 200),
        ("application/sparql-query; charset=utf-16", "ASK {}".encode("utf-16"), 415),
        ("application/x-www-form-urlencoded; charset=latin-1", b"query=ASK+%7B%7D", 415),
        ("application/x-www-form-urlencoded", b"query=ASK+%7B%7D", 200),
        ("application/sparql-update", b"CLEAR ALL", 405),
        ("application/x-www-form-urlencoded", b"update=CLEAR+ALL", 405),
        ("application/x-www-form-urlencoded", b"query=CLEAR+ALL", 403),
        ("", b"ASK {}", 415),
    ],
)
def test_the_body(client: FlaskClient, content_type: str, body: bytes, status: int):
    response = client.post("/sparql", data=body, content_type=content_type)
    assert response.status_code == status
    if status == 405:
        assert "only reads" in response.json["detail"]
        assert response.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


# The description


def described(client: FlaskClient, accept: str = "text/turtle") -> rdflib.Graph:
    answer = client.get("/sparql", headers={"Accept": accept})
    return rdflib.Graph().parse(data=answer.data, format=answer.mimetype)


SD_TERMS = {
    # property: class or kind of its values in the Service Description vocabulary
    "endpoint": rdflib.URIRef, "supportedLanguage": {"SPARQL11Query"}, "feature": {"UnionDefaultGraph"},
    "resultFormat": rdflib.URIRef, "defaultEntailmentRegime": rdflib.URIRef, "defaultDataset": "Dataset",
    "defaultGraph": "Graph", "namedGraph": "NamedGraph", "name": rdflib.URIRef,
}  # fmt: skip


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_the_description_uses_the_vocabulary_as_meant(client: FlaskClient, accept: str):
    graph, sd = described(client, accept), rdflib.Namespace(SD)
    used = {str(p).removeprefix(SD) for p in graph.predicates() if str(p).startswith(SD)}
    assert used == set(SD_TERMS)
    for name, meant in SD_TERMS.items():
        for value in graph.objects(None, sd[name]):
            if isinstance(meant, str):
                assert (value, rdflib.RDF.type, sd[meant]) in graph
            elif isinstance(meant, set):
                assert str(value).removeprefix(SD) in meant
            else:
                assert isinstance(value, meant)


def test_the_description_holds_the_card(client: FlaskClient):
    graph, void = described(client), rdflib.Namespace("http://rdfs.org/ns/void#")
    (dataset,) = graph.subjects(void.sparqlEndpoint, rdflib.URIRef("http://localhost/sparql"))
    assert graph.value(dataset, void.triples) is not None


def test_the_description_can_be_kept(client: FlaskClient):
    headers = {"Accept": "text/turtle"}
    tag = client.get("/sparql", headers=headers).headers["ETag"]
    assert client.get("/sparql", headers=headers | {"If-None-Match": tag}).status_code == 304


def test_the_default_graph_is_the_union_of_the_others(app: Any):
    """sd:UnionDefaultGraph, on the data that are served."""
    store: Store = app.extensions["vehec"].corridor.store
    assert not store.query("ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }")
    assert not store.query("ASK { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }")


def test_problems_are_problem_details(client: FlaskClient):
    for accept in ("*/*", "text/csv", "application/sparql-results+xml"):
        response = ask(client, "SELECT * {\n ?s ?p }", accept)
        assert response.mimetype == "application/problem+json"
        found = json.loads(response.data)
        assert {"type", "title", "status", "detail", "line", "column"} <= set(found)
        assert found["line"] == 2
    page = ask(client, "SELECT * { ?s ?p }", BROWSER)
    assert (page.status_code, page.mimetype) == (400, "text/html")
