"""Hostile tables: what they refuse, and that what gets in anyway is shown and exported as plain text."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import threading
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from pyoxigraph import RdfFormat, parse

from graph import load, store
from graph.tables import BadTables
from tests.conftest import PageLog
from tests.fixtures.hostile import ACCEPTED, LONG, REFUSED, T20, write_hostile
from tests.test_server import BROWSER, Markup
from web import sentences

PAGES = (
    "/page/hp",
    "/page/park-k1",
    "/page/plant-a",
    "/page/prod-camera",
    "/page/fixture",
    "/page/merger",
    "/page/claim",
    "/sources",
    "/claims",
    "/conflicts",
    "/statements?of=hp",
    "/gaps",
    "/gaps/{gap}",
    "/page/park-k1/gaps",
    "/matrix",
    "/what-if?stop=plant-c",
    "/what-if?product=prod-panel&zone=park-k1",
    "/experts",
    "/coverage",
    "/data",
    "/search?q=name",
    "/search?q=%E2%80%AE%3Cimg src=x onerror=alert(1)%3E",
    "/sparql?query=SELECT * { ?s rdfs:label ?l } LIMIT 20",
    "/?focus=park-k1",
)
SEEN = (
    "/page/hp",
    "/page/prod-camera",
    "/gaps",
    "/gaps/{gap}",
    "/conflicts",
    "/sparql?query=SELECT * { ?s rdfs:label ?l } LIMIT 20",
)
"""Pages opened in a browser; the others are read as text."""
WIDTHS = (1440, 360)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over hostile tables, past the check that would refuse most of them."""
    from server import create_app

    folder = tmp_path_factory.mktemp("hostile")
    write_hostile(folder / "tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "CACHE", folder / "dumps")
        patch.setattr("graph.cells.text_problem", lambda text: None)
        app = create_app(load(data=folder / "tables"), {"QUERY_WORKERS": 1}, as_of="2025-06-30")
    yield app
    app.extensions["vehec"].pool.close()


@pytest.fixture(scope="module")
def gap(hostile: Flask) -> str:
    return str(hostile.extensions["vehec"].findings[0].id)


# The tables


def renamed(folder: Path, name: str) -> Path:
    """The worked example, one park of which has another name."""
    shutil.copytree(T20, folder)
    rows = list(csv.DictReader((folder / "zones.csv").open(encoding="utf-8", newline="")))
    rows[0] |= {"name_vi": name, "name_en": name}
    with (folder / "zones.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.parametrize(("text", "says"), REFUSED.values(), ids=REFUSED)
def test_a_table_refuses(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadTables) as error:
        load(data=renamed(tmp_path / "data", text))
    first = error.value.problems[0]
    assert (first.file, first.row) == ("zones.csv", 2)
    assert says in first.message


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_a_table_takes_what_is_only_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(store, "CACHE", tmp_path / "dumps")
    corridor = load(data=renamed(tmp_path / "data", text))
    assert any(
        quad.object.value == text for quad in corridor.store if quad.predicate.value.endswith("#label")
    )


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example/x", "ftp://x.org/y"]
)
def test_a_source_address_is_a_web_address(tmp_path: Path, address: str) -> None:
    shutil.copytree(T20, tmp_path / "data")
    table = tmp_path / "data" / "sources.csv"
    table.write_text(
        table.read_text("utf-8").replace("https://example.org/fixture", address), encoding="utf-8"
    )
    with pytest.raises(BadTables, match="https:// or http://"):
        load(data=tmp_path / "data")


# The pages


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text_stays_text(hostile: Flask, gap: str, path: str, lang: str) -> None:
    client = hostile.test_client()
    client.set_cookie("lang", lang)
    answer = client.get(path.replace("{gap}", gap), headers=BROWSER)
    assert answer.status_code == 200
    markup = Markup(answer.text)
    assert markup.elements > 20
    assert markup.blocked == []
    assert not re.search(r"<(img|svg onload)\b", answer.text)
    assert "49${" not in answer.text, "a template ran"


@pytest.fixture(scope="module")
def address(hostile: Flask) -> Iterator[str]:
    from waitress import create_server

    server = create_server(hostile, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="module")
def tab(browser: Any, address: str) -> Iterator[tuple[Any, PageLog]]:
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    page, log = context.new_page(), PageLog()
    log.watch(page, urlsplit(address).netloc)

    def on_dialog(dialog: Any) -> None:
        log.errors.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", on_dialog)
    yield page, log
    context.close()


@pytest.mark.parametrize("path", SEEN)
def test_nothing_runs_and_nothing_overflows(tab: tuple[Any, PageLog], gap: str, path: str) -> None:
    page, log = tab
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.replace("{gap}", gap))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    assert (log.errors, log.external) == ([], [])


def test_a_name_does_not_reorder_its_neighbours(tab: tuple[Any, PageLog]) -> None:
    page, _ = tab
    page.goto("/sources?lang=en")
    page.evaluate("""document.querySelector("main").innerHTML =
      '<p><a href="#">a \\u202eb</a> <span id="one">1</span> <span id="two">2</span></p>'""")
    left = {name: page.locator(f"#{name}").bounding_box()["x"] for name in ("one", "two")}
    assert page.locator("main a").bounding_box()["x"] < left["one"] < left["two"]


def test_a_long_name_is_cut_beside_others_and_whole_on_its_page(hostile: Flask) -> None:
    client = hostile.test_client()
    own = client.get("/page/prod-camera?lang=en", headers=BROWSER).text
    assert LONG in own
    for path in ("/page/park-k1/gaps?lang=en", "/matrix?lang=en"):
        assert LONG[:300] not in client.get(path, headers=BROWSER).text, path


def test_sentences_of_gaps_cut_and_isolate_odd_names(hostile: Flask) -> None:
    client = hostile.test_client()
    named = [f for f in client.get("/gaps.json").json["findings"] if LONG[:300] in f["message"]["en"]]
    paths = ["/gaps?lang=en&listed=all", *(f"/gaps/{finding['id']}?lang=en" for finding in named[:3])]
    assert len(paths) == 4
    for path in paths:
        text = client.get(path, headers=BROWSER).text.partition("<main")[2].partition("</main>")[0]
        assert LONG[:300] not in text, path
        assert "<bdi>" in text, path


def test_a_sentence_says_where_it_was_cut(hostile: Flask) -> None:
    with hostile.test_request_context("/gaps?lang=en"):
        assert sentences.said("word " * 300) == "word " * 300
        assert sentences.said("word " * 301) == ("word " * 300)[:-1] + "…"


def test_a_search_does_not_reorder_its_heading(hostile: Flask) -> None:
    text = hostile.test_client().get("/search?q=שלום&all=1&lang=en", headers=BROWSER).text
    assert "<bdi>שלום</bdi>" in text


# The files


def cells_of(answer: Any) -> list[str]:
    return [
        cell
        for row in csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline=""))
        for cell in row
    ]


@pytest.mark.parametrize("path", ["/gaps.csv", "/conflicts.csv"])
def test_no_cell_runs_as_a_formula(hostile: Flask, path: str) -> None:
    cells = cells_of(hostile.test_client().get(path))
    assert len(cells) > 20
    assert [
        c for c in cells if c.startswith(("=", "+", "@", "\t", "\r")) or re.match(r"-(?!\d+(\.\d+)?$)", c)
    ] == []


def test_the_workbook_holds_text_only(hostile: Flask) -> None:
    book = zipfile.ZipFile(io.BytesIO(hostile.test_client().get("/gaps.xlsx").data))
    for name in book.namelist():
        if name.endswith((".xml", ".rels")):
            tree = ET.fromstring(book.read(name))
            assert not [node for node in tree.iter() if node.tag.endswith("}f")], name


@pytest.mark.parametrize(
    "path", ["/gaps.json", "/api/graph?focus=park-k1", "/api/thing/plant-a", "/api/search?q=name"]
)
def test_json_holds_the_text_unchanged(hostile: Flask, path: str) -> None:
    answer = hostile.test_client().get(path)
    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)


@pytest.mark.parametrize(
    ("path", "format"),
    [
        ("/data/vehec.nq", RdfFormat.N_QUADS),
        ("/data/vehec.trig", RdfFormat.TRIG),
        ("/data/park-k1.ttl", RdfFormat.TURTLE),
        ("/data/park-k1.rdf", RdfFormat.RDF_XML),
        ("/data/fixture.nt", RdfFormat.N_TRIPLES),
    ],
)
def test_rdf_reads_back(hostile: Flask, path: str, format: RdfFormat) -> None:
    assert len(list(parse(hostile.test_client().get(path).data, format))) > 3


def test_graphml_reads_back(hostile: Flask) -> None:
    assert len(list(ET.fromstring(hostile.test_client().get("/export/graph.graphml").data).iter())) > 50
