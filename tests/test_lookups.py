"""Lookups of one thing are answered at once; everything else goes to a query process."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph import lookups
from graph.evaluation import Reply, Request, evaluate
from graph.lookups import look_up
from graph.namespaces import ID, VX
from graph.sparql import Endpoint, Parameters
from graph.sparql_problems import Problem
from graph.workers import PoolBusy

THING = f"<{ID}thing>"
MANY = 20


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    for number in range(MANY):
        store.add(Quad(NamedNode(ID + "thing"), NamedNode(VX + "size"), Literal(f"{number}\n")))
    return store


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?p ?o WHERE {{ {THING} ?p ?o }}",
        f"SELECT * {{ {THING} ?p ?o . }} LIMIT 7",
        "select ?o{id:thing vx:size ?o}",
        f"PREFIX id: <{ID}> PREFIX x: <{VX}>\nSELECT ?o\nWHERE {{ id:thing x:size ?o }}\nLIMIT 10000\n",
        "SELECT ?o { id:thing a ?o }",
        "SELECT ?p { id:thing ?p vx:Facility }",
    ],
)
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_a_lookup_is_answered_as_a_process_would(store: Store, query: str, form: str):
    reply = look_up(store, Request(query, form))
    assert reply is not None
    assert (reply.body, reply.kind) == (evaluate(store, Request(query, form)).body, "rows")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { ?s vx:size ?o } LIMIT 5",
        "SELECT * { id:thing ?p ?o . ?o ?q ?r }",
        "SELECT * { id:thing ?p ?o } ORDER BY ?o",
        "SELECT * { id:thing vx:size+ ?o }",
        "SELECT * { id:thing ^vx:size ?o }",
        "SELECT DISTINCT ?o { id:thing ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { id:thing ?p ?o }",
        "SELECT * { id:thing ?p ?o FILTER(?o > 1) }",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { id:thing ?p ?o } }",
        "SELECT * { GRAPH ?g { id:thing ?p ?o } }",
        "SELECT * FROM src:a { id:thing ?p ?o }",
        "CONSTRUCT { id:thing ?p ?o } WHERE { id:thing ?p ?o }",
        "SELECT * { nope:thing ?p ?o }",
        "SELECT ?x { id:thing ?p",
    ],
)
def test_the_rest_is_not(store: Store, query: str):
    assert look_up(store, Request(query)) is None


@pytest.mark.parametrize(
    "request_",
    [
        Request(f"SELECT * {{ {THING} ?p ?o }}", "ttl"),
        Request(f"SELECT * {{ {THING} ?p ?o }}", "table"),
        Request(f"SELECT * {{ {THING} ?p ?o }}", default_graphs=("http://e/g",)),
        Request(f"SELECT * {{ {THING} ?p ?o }}", named_graphs=("http://e/g",)),
        Request(f"SELECT * {{ {THING} ?p ?o }}", rows=MANY - 2),
        Request(f"SELECT * {{ {THING} ?p ?o }} LIMIT {MANY}", rows=MANY - 2),
    ],
)
def test_nor_is_another_format_dataset_or_a_long_answer(store: Store, request_: Request):
    assert look_up(store, request_) is None


@pytest.mark.parametrize("limit", ["", "LIMIT 1000", f"LIMIT {MANY // 2}"])
def test_a_long_lookup_is_left_to_a_process(store: Store, monkeypatch: pytest.MonkeyPatch, limit: str):
    monkeypatch.setattr(lookups, "MOST", MANY // 2)
    reply = look_up(store, Request(f"SELECT * {{ {THING} ?p ?o }} {limit}"))
    assert (reply is None) is (limit != f"LIMIT {MANY // 2}")


class _Busy:
    seconds = 1.0

    def run(self, request: Request, *_: object) -> Reply:
        raise PoolBusy("all query processes are busy", 0.5)


def test_lookups_are_answered_while_every_process_is_busy(store: Store):
    endpoint = Endpoint(_Busy(), frozenset(), store)
    answer = endpoint.answer(Parameters(f"SELECT ?o {{ {THING} ?p ?o }}"), "application/json")
    assert len(json.loads(answer.reply.body)["results"]["bindings"]) == MANY
    with pytest.raises(Problem):
        endpoint.answer(Parameters("SELECT * { ?s ?p ?o }"), "application/json")


def test_a_mistake_is_reported_by_the_process(store: Store):
    class Pool(_Busy):
        def run(self, request: Request, *_: object) -> Reply:
            return evaluate(store, request)

    with pytest.raises(Problem) as caught:
        Endpoint(Pool(), frozenset(), store).answer(Parameters("SELECT ?o { nope:x ?p ?o }"), "")
    assert caught.value.code == "syntax-error"
