"""The running server keeps the last good build, and takes up a new one without dropping a request."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

import server
from graph import store
from graph.tables import BadTables, Problem
from web.serving import DataState, LiveSite, Watch

ROOT = Path(__file__).resolve().parents[1]
T20 = ROOT / "tests" / "fixtures" / "t20"
ONE_WORKER = {"QUERY_WORKERS": 1}


def saying(word: str) -> Flask:
    app = Flask(word)
    app.add_url_rule("/", "word", lambda: iter([word, word]))
    return app


def test_a_running_request_ends_in_the_application_it_began_in() -> None:
    closed: list[str] = []
    site = LiveSite(saying("old"), lambda: closed.append("old"))
    running = Client(site).get("/", buffered=False)
    site.swap(saying("new"), lambda: closed.append("new"))
    assert Client(site).get("/").text == "newnew"
    assert closed == []
    assert b"".join(running.response) == b"oldold"
    running.close()
    assert closed == ["old"]


def test_an_idle_application_is_closed_at_once() -> None:
    closed: list[str] = []
    site = LiveSite(saying("old"), lambda: closed.append("old"))
    site.swap(saying("new"), lambda: closed.append("new"))
    assert closed == ["old"]
    site.close()
    assert closed == ["old", "new"]


def test_a_request_that_fails_is_counted_too() -> None:
    def broken(environ: Any, start_response: Any) -> Any:
        raise RuntimeError("broken")

    closed: list[str] = []
    site = LiveSite(broken, lambda: closed.append("old"))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="broken"):
        Client(site).get("/")
    site.swap(saying("new"), lambda: None)
    assert closed == ["old"]


def bad() -> Any:
    raise BadTables(
        [Problem("zones.csv", 2, "kind", "park", "type one of a, b"), Problem("x.csv", 1, None, "", "y")]
    )


@pytest.mark.parametrize(
    ("states", "build", "tried", "served", "status"),
    [
        ("aaa", lambda: (saying("new"), lambda: None), [False, False], "oldold", "current"),
        ("abb", lambda: (saying("new"), lambda: None), [False, True], "newnew", "current"),
        ("abc", lambda: (saying("new"), lambda: None), [False, False], "oldold", "current"),
        ("aba", lambda: (saying("new"), lambda: None), [False, False], "oldold", "current"),
        ("abbb", lambda: (saying("new"), lambda: None), [False, True, False], "newnew", "current"),
        ("abb", lambda: None, [False, True], "oldold", "current"),
        ("abb", bad, [False, True], "oldold", "stale"),
        ("abb", lambda: (_ for _ in ()).throw(FileNotFoundError("data")), [False, True], "oldold", "stale"),
    ],
    ids=["same", "changed", "still changing", "back again", "once", "nothing new", "bad tables", "no folder"],
)
def test_when_a_new_build_is_tried_and_served(
    states: str, build: Callable[[], Any], tried: list[bool], served: str, status: str
) -> None:
    coming = iter(states[1:])
    state = DataState()
    site = LiveSite(saying("old"), lambda: None)
    watch = Watch(site, state, lambda: next(coming), build, states[0])
    assert [watch.look() for _ in states[1:]] == tried
    assert Client(site).get("/").text == served
    assert state.as_dict()["status"] == status


def vanished() -> Any:
    raise FileNotFoundError("no folder data")


def test_a_folder_that_vanishes_and_comes_back(caplog: pytest.LogCaptureFixture) -> None:
    there, state = ["a"], DataState()

    def fingerprint() -> str:
        return there[0] if there else vanished()

    def build() -> Any:
        return None if there else vanished()

    watch = Watch(LiveSite(saying("old"), lambda: None), state, fingerprint, build, "a")
    there.clear()
    assert [watch.look() for _ in range(4)] == [False, True, True, True], "every look tries again"
    assert state.as_dict() == {"status": "stale", "problems": 1, "first": "no folder data"}
    assert [record.levelname for record in caplog.records] == ["ERROR"], "it is told once"
    assert "Traceback" not in caplog.text
    there.append("a")
    assert [watch.look() for _ in range(3)] == [False, True, False]
    assert state.as_dict() == {"status": "current"}


def test_a_build_that_could_not_read_is_tried_again_though_nothing_changed() -> None:
    outcomes = iter([vanished, vanished, lambda: None])
    state = DataState()
    watch = Watch(LiveSite(saying("old"), lambda: None), state, lambda: "b", lambda: next(outcomes)(), "a")
    seen = [(watch.look(), state.as_dict()["status"]) for _ in range(5)]
    assert seen == [
        (False, "current"),
        (True, "stale"),
        (True, "stale"),
        (True, "current"),
        (False, "current"),
    ]


def test_the_state_counts_the_problems_and_shows_the_first() -> None:
    state = DataState()
    watch = Watch(LiveSite(saying("old"), lambda: None), state, lambda: "b", bad, "a")
    watch.look()
    watch.look()
    assert state.as_dict() == {
        "status": "stale",
        "problems": 2,
        "first": "zones.csv, row 2, column kind: 'park': type one of a, b",
    }


# With the real application


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the T20 tables, their builds cached beside it."""
    monkeypatch.setattr(store, "CACHE", tmp_path / "cache")
    return Path(shutil.copytree(T20, tmp_path / "data"))


@pytest.fixture
def live(folder: Path) -> Iterator[tuple[LiveSite, Watch]]:
    site, watch = server.live_site(folder, ROOT / "ontology", ONE_WORKER)
    yield site, watch
    site.close()


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "zones.csv"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def settle(watch: Watch) -> list[bool]:
    return [watch.look(), watch.look()]


def test_good_and_bad_changes_while_the_server_runs(
    folder: Path, live: tuple[LiveSite, Watch], caplog: pytest.LogCaptureFixture
) -> None:
    site, watch = live
    client = Client(site)
    first = client.get("/healthz").get_json()
    assert first["data"] == {"status": "current"}

    change(folder, "Park K1,Park K1", "Park K1 mới,Park K1")
    assert settle(watch) == [False, True]
    second = client.get("/healthz").get_json()
    assert second["generation"] != first["generation"]
    assert "Park K1 mới" in client.get("/page/park-k1").text

    table = client.get("/data/tables/zones.csv").get_data()
    with caplog.at_level(logging.ERROR):
        change(folder, "park-k1,industrial-park", "park-k1,garden")
        assert settle(watch) == [False, True]
    third = client.get("/healthz").get_json()
    assert (third["status"], third["generation"]) == ("ok", second["generation"])
    assert third["data"]["problems"] >= 1
    assert "zones.csv, row 2, column kind: 'garden'" in third["data"]["first"]
    assert "zones.csv, row 2, column kind: 'garden'" in caplog.text
    assert "Traceback" not in caplog.text
    assert client.get("/page/park-k1").status_code == 200
    assert client.get("/data/tables/zones.csv").get_data() == table
    assert b"garden" in (folder / "zones.csv").read_bytes()
    assert client.get("/sparql?query=ASK { ?s ?p ?o }").status_code == 200

    change(folder, "park-k1,garden", "park-k1,industrial-park")
    settle(watch)
    fourth = client.get("/healthz").get_json()
    assert (fourth["data"], fourth["generation"]) == ({"status": "current"}, second["generation"])


def test_a_rule_that_is_broken_keeps_the_build_out(folder: Path, live: tuple[LiveSite, Watch]) -> None:
    site, watch = live
    path = folder / "facilities.csv"
    path.write_text(path.read_text("utf-8").replace("prod-phone,,phone,", "prod-phone,,,"), "utf-8")
    settle(watch)
    assert "products_text" in Client(site).get("/healthz").get_json()["data"]["first"]


def test_a_start_with_bad_tables_serves_the_last_good_build(
    folder: Path, live: tuple[LiveSite, Watch], capsys: pytest.CaptureFixture[str]
) -> None:
    good = Client(live[0]).get("/healthz").get_json()["generation"]
    tables = {name: (folder / name).read_bytes() for name in ("zones.csv", "people.csv")}
    change(folder, "park-k1,industrial-park", "park-k1,garden")
    site, _ = server.live_site(folder, ROOT / "ontology", ONE_WORKER)
    try:
        state = Client(site).get("/healthz").get_json()
        assert (state["generation"], state["data"]["status"]) == (good, "stale")
        for name, content in tables.items():
            assert Client(site).get(f"/data/tables/{name}").get_data() == content
        assert Client(site).get("/data/tables/csv-metadata.json").get_json()["tables"]
        printed = capsys.readouterr().err
        assert "zones.csv, row 2" in printed and "Serving the last good build" in printed
    finally:
        site.close()


def test_a_first_start_with_bad_tables_ends_with_the_list(folder: Path) -> None:
    change(folder, "park-k1,industrial-park", "park-k1,garden")
    with pytest.raises(BadTables, match=r"zones\.csv, row 2, column kind: 'garden'"):
        server.live_site(folder, ROOT / "ontology", ONE_WORKER)


# The day

DAY = """SELECT ?day WHERE { ?run a vx:GapRun ; vx:asOfDate ?day }"""


def days(client: Client) -> set[str]:
    """The days of the findings in the graph, of those on the pages, and of the date control."""
    rows = client.get("/sparql", query_string={"query": DAY, "format": "csv"}).text.split()[1:]
    control = re.search(r'id="as-of"[^>]* value="([^"]*)"', client.get("/gaps").text)
    assert control
    found = client.get("/gaps.json").get_json()["findings"]
    return {*rows, *(finding["as_of"] for finding in found), control[1]}


@pytest.mark.parametrize("tables", ["good", "bad"])
def test_the_site_moves_on_to_the_next_day(folder: Path, tables: str) -> None:
    clock = ["2026-03-01"]
    site, watch = server.live_site(folder, ROOT / "ontology", ONE_WORKER, lambda: clock[0])
    try:
        client = Client(site)
        assert days(client) == {"2026-03-01"}
        if tables == "bad":
            change(folder, "park-k1,industrial-park", "park-k1,garden")
            settle(watch)
        clock[0] = "2026-03-02"
        assert days(client) == {"2026-03-01"}, "pages and graph agree until the new build is there"
        assert settle(watch) == [False, True]
        assert days(client) == {"2026-03-02"}
        assert client.get("/healthz").get_json()["data"]["status"] == (
            "current" if tables == "good" else "stale"
        )
        assert settle(watch) == [False, False]
    finally:
        site.close()


def test_a_data_folder_that_vanishes_for_a_while(folder: Path, live: tuple[LiveSite, Watch]) -> None:
    site, watch = live
    client = Client(site)
    away = folder.rename(folder.with_name("away"))
    settle(watch)
    assert client.get("/healthz").get_json()["data"]["status"] == "stale"
    assert client.get("/page/park-k1").status_code == 200
    away.rename(folder)
    settle(watch)
    assert client.get("/healthz").get_json()["data"] == {"status": "current"}
