"""The application as a whole: headers of every page, error answers, the port, and how the server ends."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

import server
from graph import load, store, workers
from web import explorer, gaps, pages

ROOT = Path(__file__).resolve().parents[1]
T20 = ROOT / "tests" / "fixtures" / "t20"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON = {"Accept": "application/json"}
RUNAWAY = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c")
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

PAGES = (
    "/",
    "/?focus=trang-due",
    "/?things=trang-due,lgd-trang-due",
    "/search?q=la",
    "/sparql",
    "/sparql?query=SELECT * { ?s a vx:Zone } LIMIT 3",
    "/sparql?example=cq21-grdp-growth&show=chart",
    "/sparql?example=cq25-what-lies-near&show=map",
    "/sparql?example=x14-made-in-a-park&show=graph",
    "/sparql?query=DESCRIBE id:trang-due&show=raw",
    "/page/trang-due",
    "/page/lgd-trang-due",
    "/page/forum-article-2024-12",
    "/sources",
    "/claims",
    "/conflicts",
    "/statements?of=trang-due",
    "/data",
    "/ontology",
    "/gaps",
    "/gaps/{gap}",
    "/page/trang-due/gaps",
    "/map",
    "/map?select=trang-due&reading=units",
    "/matrix",
    "/what-if",
    "/changes",
    "/experts",
    "/coverage",
    "/proof",
    "/api",
    "/problem/deadline",
    "/export/view.print?focus=samsung",
)
PROBLEM_PAGES = (
    "/no-such-page",
    "/page/nope",
    "/gaps/nope",
    "/problem/nope",
    "/?focus=nope",
    "/gaps?label=sure",
    "/sources?sort=nope",
    "/map?select=nope",
    "/s/nope",
    "/export/view.print?focus=nope",
    "/sparql?query=nonsense",
)
OTHER = (
    "/api/complete?kind=class&q=khu",
    "/api/dates",
    "/api/graph",
    "/api/expand?id=trang-due",
    "/api/facets?sector=C26",
    "/api/link?id=link-002",
    "/api/path?from=lgd-trang-due&to=trang-due",
    "/api/thing/trang-due",
    "/api/search?q=lg",
    "/api/marks.json",
    "/api/openapi.json",
    "/gaps.json",
    "/gaps.csv",
    "/gaps.xlsx?kind=D7",
    "/data/trang-due.ttl",
    "/data/vehec.nq",
    "/data/card.ttl",
    "/data/shapes.ttl",
    "/data/tables/zones.csv",
    "/.well-known/void",
    "/robots.txt",
    "/sitemap.xml",
    "/conflicts.csv",
    "/export/graph.graphml",
    "/export/explorer.html",
    "/export/graph.gexf",
    "/export/view.svg?focus=samsung",
    "/export/view.xlsx?focus=samsung",
    "/healthz",
    "/static/explorer.js",
)


DATA_BLOCKS = ("application/json", "application/ld+json")
"""Types of a script element that a browser never runs."""


class Markup(HTMLParser):
    """Collects what a policy without inline scripts would block."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements = 0
        self.blocked: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") not in DATA_BLOCKS:
            self.blocked.append("inline script")
        self.blocked += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.blocked += [
            f"{tag} {name}"
            for name, value in attrs
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:")
        ]


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("<script>x()</script>", ["inline script"]),
        ('<script type="module">x()</script>', ["inline script"]),
        ('<a href="javascript:x()">', ["a href"]),
        ('<img src=x onerror="x()">', ["img onerror"]),
        ('<script type="application/json">{}</script><script src="/x.js"></script><a href="/">', []),
    ],
)
def test_what_the_policy_would_block(text: str, blocked: list[str]) -> None:
    assert Markup(text).blocked == blocked


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("path", PAGES + PROBLEM_PAGES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_page_runs_no_script_but_ours(client: FlaskClient, findings: Any, path: str, lang: str) -> None:
    client.set_cookie("lang", lang)
    answer = client.get(path.replace("{gap}", findings[0].id), headers=BROWSER)
    assert (answer.status_code == 200) is (path in PAGES)
    assert answer.mimetype == "text/html"
    assert directives(answer.headers["Content-Security-Policy"]) == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    markup = Markup(answer.text)
    assert markup.elements > 20
    assert markup.blocked == []


@pytest.mark.parametrize(
    ("address", "kept"),
    [("/gaps?lang=en", True), ("/api/dates?lang=en", False), ("/sparql?query=ASK%20{}&lang=en", False)],
)
def test_the_language_of_a_page_is_remembered_and_of_data_not(
    client: FlaskClient, address: str, kept: bool
) -> None:
    asked = client.get(address)
    assert asked.status_code == 200
    assert ("lang=en" in asked.headers.get("Set-Cookie", "")) is kept


@pytest.mark.parametrize("path", OTHER)
def test_data_carry_the_same_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert directives(answer.headers["Content-Security-Policy"]) == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_every_route_is_in_one_of_the_tables(app: Flask, findings: Any) -> None:
    match = app.url_map.bind("localhost").match
    tested = {match(path.partition("?")[0].replace("{gap}", findings[0].id))[0] for path in PAGES + OTHER}
    redirects = {"pages.thing", "pages.code", "data.terms", "data.release", "data.named_graph", "data.shape"}
    vendor, posted = {"explorer.vendor"}, {"explorer_api.things"}
    redirects |= {"links.short"}
    posted |= {"links.keep", "links.link", "sparql.cancel"}
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == tested | redirects | vendor | posted


# Errors


@pytest.mark.parametrize(
    ("headers", "media_type"),
    [(JSON, "application/problem+json"), (BROWSER, "text/html"), ({}, "application/problem+json")],
)
def test_an_unknown_address(client: FlaskClient, headers: dict[str, str], media_type: str) -> None:
    answer = client.get("/no-such-page", headers=headers)
    assert (answer.status_code, answer.mimetype) == (404, media_type)
    if media_type != "text/html":
        assert answer.get_json()["status"] == 404
        assert {"type", "title", "detail"} <= set(answer.get_json())


@pytest.mark.parametrize(
    ("path", "dated"), [("/no-such-page", False), ("/page/nope", False), ("/gaps?label=sure", True)]
)
def test_a_date_can_be_chosen_where_it_may_help(client: FlaskClient, path: str, dated: bool) -> None:
    assert ('id="as-of"' in client.get(path, headers=BROWSER).text) is dated


def test_the_state_of_the_service_counts_queries(client: FlaskClient) -> None:
    counted = client.get("/healthz").get_json()["queries"]
    assert counted["processes"] == counted["idle"] > 0
    assert counted["running"] == counted["waiting"] == 0


@pytest.mark.parametrize(("method", "status"), [("post", 405), ("delete", 405)])
def test_other_methods_are_refused(client: FlaskClient, method: str, status: int) -> None:
    assert getattr(client, method)("/gaps", headers=JSON).status_code == status


@pytest.mark.parametrize(
    ("headers", "media_type"), [(JSON, "application/problem+json"), (BROWSER, "text/html")]
)
def test_an_unexpected_error_tells_nothing_of_the_inside(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    headers: dict[str, str],
    media_type: str,
) -> None:
    def broken() -> str:
        raise RuntimeError("secret inside")

    monkeypatch.setitem(app.view_functions, "provenance.sources", broken)
    answer = client.get("/sources", headers=headers)
    assert (answer.status_code, answer.mimetype) == (500, media_type)
    assert not re.search(r"secret inside|RuntimeError|Traceback|\.py", answer.text)
    assert directives(answer.headers["Content-Security-Policy"]) == POLICY
    assert "secret inside" in caplog.text


# What is serialised once


@pytest.fixture(scope="module")
def t20(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the worked example, its dumps in a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "CACHE", tmp_path_factory.mktemp("cache") / "dumps")
        app = server.create_app(load(data=T20), {"QUERY_WORKERS": 1})
    yield app
    app.extensions["vehec"].pool.close()


@pytest.mark.parametrize(
    ("path", "module", "maker"),
    [
        ("/data/vehec.nq", pages, "RdfFormat"),
        ("/data/vehec.trig", pages, "RdfFormat"),
        ("/gaps.json", gaps, "_findings"),
        ("/export/graph.graphml", explorer.nx, "generate_graphml"),
    ],
)
def test_whole_exports_are_made_once_for_each_state_of_the_data(
    t20: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, module: Any, maker: str
) -> None:
    small = t20.test_client().get(path)
    assert client.get(path).data != small.data

    def made_again(*_: Any, **__: Any) -> None:
        raise AssertionError("made a second time")

    monkeypatch.setattr(module, maker, made_again)
    assert t20.test_client().get(path + "?lang=en").data == small.data


def test_a_filter_is_not_answered_from_what_was_kept(client: FlaskClient) -> None:
    everything, some = (client.get(path).get_json()["total"] for path in ("/gaps.json", "/gaps.json?kind=D1"))
    assert 0 < some < everything


def test_the_server_does_not_need_its_dump(t20: Flask) -> None:
    client = t20.test_client()
    assert client.get("/sparql?query=ASK {}").status_code == 200
    dump = t20.extensions["vehec"].corridor.dump
    before = client.get("/data/vehec.nq").data
    dump.unlink()
    assert client.get("/data/vehec.nq").data == before
    assert client.get("/sparql?query=ASK { ?s ?p ?o }").status_code == 200


def test_queries_leave_threads_for_pages() -> None:
    assert server.THREADS - workers.PLACES >= 4
    assert 3 <= workers.WORKERS < workers.PLACES


def test_a_refused_query_says_when_to_come_back(t20: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(t20.extensions["vehec"].pool, "_places", threading.BoundedSemaphore(1))
    with t20.extensions["vehec"].pool._places:
        answer = t20.test_client().get("/sparql?query=ASK { ?s ?p 1 }")
        page = t20.test_client().get("/gaps", headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.get_json()["type"].endswith("/busy")
    assert int(answer.headers["Retry-After"]) >= 1
    assert page.status_code == 200


# Port and end


@pytest.mark.parametrize(("text", "port"), [("8000", 8000), ("0", 0), ("65535", 65535)])
def test_a_port(text: str, port: int) -> None:
    assert server.port_number(text) == port


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["--port", "8001"], 2)])
def test_help_and_unknown_options_start_no_server(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        server.main(arguments)
    assert ended.value.code == code
    assert "usage" in "".join(capsys.readouterr())


@pytest.mark.parametrize("text", ["abc", "", "-1", "65536", "8000 ", "80.5", "９０００", "9" * 5000])
def test_what_is_no_port(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", text)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert server.main() == 1
    finally:
        signal.signal(signal.SIGTERM, before)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "PORT=8001 make run" in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_quietly_even_while_a_query_runs(end: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "server.py"],
        cwd=ROOT,
        env={"PORT": "0", "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        ready = next(line for line in process.stdout if "Ready" in line)
        port = int(re.search(r":(\d+)/", ready)[1])
        busy, idle = (http.client.HTTPConnection("127.0.0.1", port, timeout=20) for _ in range(2))
        busy.request("GET", "/sparql?query=" + RUNAWAY)
        idle.request("GET", "/healthz")
        assert idle.getresponse().status == 200
        process.send_signal(end)
        rest, problems = process.communicate(timeout=20)
        assert (process.returncode, rest, problems) == (0, "", "")
    finally:
        process.kill()
        process.wait()
