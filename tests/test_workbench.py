"""Names for the editor of queries, and stopping a query by its name."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.evaluation import Request
from graph.workers import QueryCancelled, QueryPool

RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.mark.parametrize(
    ("kind", "q", "first"),
    [
        ("class", "khu cong nghiep", "vx:IndustrialPark"),
        ("class", "Industrial park", "vx:IndustrialPark"),
        ("class", "nha may", "vx:Facility"),
        ("class", "nhà máy", "vx:Facility"),
        ("class", "factory", "vx:Facility"),
        ("class", "khu công ng", "vx:IndustrialPark"),
        ("class", "KCN", "vx:IndustrialPark"),
        ("class", "doanh nghiệp", "vx:LegalEntity"),
        ("class", "công ty", "vx:LegalEntity"),
        ("class", "tinh", "vx:Locality"),
        ("property", "nhà cung cấp", "vx:supplier"),
        ("property", "tỉnh", "vx:locatedIn"),
        ("property", "vx:operatedBy", "vx:operatedBy"),
        ("thing", "trang due", "id:trang-due"),
        ("thing", "id:lg-display", "id:lg-display-vn"),
        ("prefix", "sko", "skos:"),
    ],
)
def test_a_name_is_found(client: FlaskClient, kind: str, q: str, first: str) -> None:
    found = client.get("/api/complete", query_string={"kind": kind, "q": q}).get_json()["results"]
    assert first in [entry["curie"] for entry in found[:3]]
    assert set(found[0]["labels"]) >= ({"vi", "en"} if kind in ("class", "thing") else set())


def test_everyday_words_come_apart_from_the_name(client: FlaskClient) -> None:
    found = client.get("/api/complete?kind=class&q=nha may").get_json()["results"]
    assert found[0]["labels"] == {"en": "Facility", "vi": "Cơ sở"}
    assert "nhà máy" in found[0]["others"]["vi"] and "plant" in found[0]["others"]["en"]
    assert client.get("/api/complete?kind=thing&q=trang due").get_json()["results"][0]["others"] == {}


@pytest.mark.parametrize("query", ["kind=verb", "limit=0", "limit=1000"])
def test_a_wrong_question_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/complete?{query}").status_code == 400


def test_names_are_kept_by_the_browser(client: FlaskClient) -> None:
    answer = client.get("/api/complete?kind=class&q=zone")
    again = client.get("/api/complete?kind=class&q=zone", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/api/complete?kind=class&q=zzzz").get_json() == {"results": [], "total": 0}


def test_a_query_is_stopped_by_its_name(tmp_path: Path) -> None:
    dump = tmp_path / "data.nq"
    dump.write_text("".join(f"<http://x/{n}> <http://x/p> <http://x/{n}> .\n" for n in range(400)))
    with QueryPool(dump, workers=1, seconds=60.0) as pool:
        outcome: list[BaseException] = []

        def ask() -> None:
            try:
                pool.run(Request(RUNAWAY), name="mine")
            except QueryCancelled as error:
                outcome.append(error)

        started = time.monotonic()
        thread = threading.Thread(target=ask)
        thread.start()
        assert not pool.cancel("another")
        while not pool.cancel("mine"):
            assert time.monotonic() < started + 30
        thread.join(30)
        assert len(outcome) == 1
        assert pool.run(Request("ASK {}")).kind == "boolean"
        assert pool.idle == 1
        assert not pool.cancel("mine")
        assert time.monotonic() < started + 60, "it waited for the deadline"


def test_nobody_runs_under_an_unknown_name(client: FlaskClient) -> None:
    assert client.delete("/api/queries/nobody").status_code == 404
