"""Answers in bytes: the exact row cap; and values bound as terms."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from graph.evaluation import Request, evaluate
from graph.namespaces import ID
from graph.query import load_query
from tests.sparql_site import ALL, ROWS, small_store


@pytest.fixture
def store() -> Store:
    return small_store()


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize(
    ("query", "cap", "rows", "truncated"),
    [
        (ALL, ROWS, ROWS, False),
        (ALL, ROWS - 1, ROWS - 1, True),
        (ALL, 1, 1, True),
        (ALL + " LIMIT 3", 3, 3, False),
        (ALL + " LIMIT 4", 3, 3, True),
        ("SELECT ?o { VALUES ?x { 1 2 3 } id:nasty vx:note ?o }", 3, 3, False),
        ("SELECT ?o { VALUES ?x { 1 2 3 } id:nasty vx:note ?o }", 2, 2, True),
        ("SELECT ?none { VALUES ?x { 1 2 3 } }", 3, 3, False),
        ("SELECT ?none { VALUES ?x { 1 2 3 } }", 2, 2, True),
        ("SELECT * { ?s vx:missing ?o }", 1, 0, False),
    ],
)
def test_the_row_cap_is_exact(store: Store, name: str, query: str, cap: int, rows: int, truncated: bool):
    reply = evaluate(store, Request(query, format=name, rows=cap))
    count = {
        "json": lambda body: len(json.loads(body)["results"]["bindings"]),
        "xml": lambda body: body.count(b"<result>"),
        "csv": lambda body: len(list(csv.reader(io.StringIO(body.decode(), newline="")))) - 1,
        "tsv": lambda body: body.count(b"\n") - 1,
    }[name]
    assert (count(reply.body), reply.truncated) == (rows, truncated)


def test_the_row_cap_keeps_the_order(store: Store):
    reply = evaluate(store, Request("SELECT ?o { ?s vx:size ?o } ORDER BY DESC(?o)", format="tsv", rows=3))
    assert reply.body.split() == [b"?o", b"11", b"10", b"9"]


@pytest.mark.parametrize(("cap", "triples", "truncated"), [(ROWS, ROWS, False), (5, 5, True)])
def test_the_cap_of_a_graph(store: Store, cap: int, triples: int, truncated: bool):
    query = "CONSTRUCT { ?s vx:size ?o } WHERE { ?s vx:size ?o }"
    reply = evaluate(store, Request(query, format="nt", rows=cap))
    assert (reply.body.count(b"\n"), reply.truncated) == (triples, truncated)


def test_values_are_bound_as_terms(tmp_path: Path):
    path = tmp_path / "by-label.rq"
    path.write_text("# title-en: By label\nSELECT ?s ?name { ?s rdfs:label ?name }\n")
    query = load_query(path)
    assert query.title == {"en": "By label"}
    hostile = '" } ; DROP ALL #'
    assert list(query.run(small_store(), name=Literal(hostile))) == []
    (row,) = query.run(small_store(), name=Literal("Thing 3", language="en"))
    assert row["s"] == NamedNode(ID + "thing-03")
