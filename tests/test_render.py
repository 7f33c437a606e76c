"""The offline page and the explorer's addresses: nothing from elsewhere, no text that runs, clear refusals."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph import load, network_html
from graph.explore import Explorer
from graph.render import SCRIPTS, marks, pyvis_network, vendor_file, view_html

ROOT = Path(__file__).parents[1]
HOSTILE = "</script><img src=x onerror=alert(1)><a href='javascript:alert(2)'>{{ 7 * 7 }}"
BADLY_NAMED = "plant-a"


class Page(HTMLParser):
    """Tags, attributes and text of a page; the text of scripts apart."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and data.strip():
            self.scripts.append(data)


def foreign(page: Page) -> list[str]:
    """Addresses that a browser would ask for without a click."""
    return [
        f"<{tag} {name}={value}>"
        for tag, name, value in page.attributes
        if name in ("src", "href", "srcset", "data", "poster", "action", "background")
        and tag != "a"
        and not value.startswith(("#", "data:", "/"))
    ]


@pytest.fixture(scope="module")
def explorer(network: Any, findings: Any) -> Explorer:
    return Explorer(network, findings)


@pytest.fixture(scope="module")
def overview(network: Any, findings: Any) -> str:
    return network_html(network, findings)


@pytest.fixture(scope="module")
def hostile_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example, one company of which has a name that would like to be a script."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(ROOT / "tests/fixtures/t20", folder)
    facilities = (folder / "facilities.csv").read_text("utf-8").splitlines()
    operator = next(line for line in facilities if line.startswith(f"{BADLY_NAMED},")).split(",")[1]
    table = folder / "organizations.csv"
    rows = table.read_text("utf-8").splitlines()
    at = next(n for n, row in enumerate(rows) if row.startswith(f"{operator},"))
    cells = rows[at].split(",")
    cells[2] = cells[3] = f'"{HOSTILE}"'
    table.write_text("\n".join([*rows[:at], ",".join(cells), *rows[at + 1 :]]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hostile(hostile_data: Path) -> Iterator[Any]:
    from server import create_app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.cells.text_problem", lambda text: None)  # the tables refuse such a name
        app = create_app(load(ROOT / "ontology", hostile_data), {"QUERY_WORKERS": 1})
    yield app.test_client()


# The offline page


def test_the_offline_page_asks_no_other_host(overview: str) -> None:
    page = Page(overview)
    assert foreign(page) == []
    assert not {"link", "img", "iframe", "object", "base"} & set(page.tags)
    policy = next(value for tag, name, value in page.attributes if (tag, name) == ("meta", "content"))
    assert policy.startswith("default-src 'none'")


def test_a_stock_pyvis_page_would_ask_other_hosts(network: Any, findings: Any) -> None:
    stock = pyvis_network(Explorer(network, findings).overview()).generate_html()
    assert foreign(Page(stock)) != [], "the check above would find them"


def test_the_offline_page_holds_the_whole_picture_and_its_list(overview: str, explorer: Explorer) -> None:
    data = json.loads(Page(overview).scripts[0])
    view = explorer.overview("vi")
    assert {node["id"] for node in data["nodes"]} >= {node.id for node in view.nodes}
    assert {edge["id"] for edge in data["edges"]} == {edge.id for edge in view.edges}
    assert data["options"]["physics"] == {"enabled": False}
    assert "Khu công nghiệp Tràng Duệ" in overview
    assert "Chưa ghi nhận không có nghĩa là không tồn tại." in overview


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", "Đầu vào chưa ghi nhận nguồn cung"), ("en", "Needs with no recorded supply")]
)
def test_the_offline_page_of_a_thing(network: Any, findings: Any, lang: str, words: str) -> None:
    page = network_html(network, findings, lang, "lgd-trang-due")
    assert f'<html lang="{lang}">' in page
    assert words in page


def test_the_offline_page_of_an_unknown_thing_is_refused(network: Any, findings: Any) -> None:
    with pytest.raises(KeyError):
        network_html(network, findings, "vi", "no-such-thing")


def test_an_empty_network_has_an_offline_page() -> None:
    assert foreign(Page(network_html(nx.MultiDiGraph(), ()))) == []


def test_text_never_runs_in_the_offline_page(hostile: Any) -> None:
    for path in ("/export/explorer.html", f"/export/explorer.html?focus={BADLY_NAMED}"):
        text = hostile.get(path).get_data(as_text=True)
        page = Page(text)
        assert "img" not in page.tags
        assert not [name for _, name, _ in page.attributes if name.startswith("on")]
        assert len(page.scripts) == 3, "data, vis-network and our own script"
        names = [node.get("title", "") for node in json.loads(page.scripts[0])["nodes"]]
        assert any(HOSTILE in name for name in names), "the name is there, as text"
        assert "{{ 7 * 7 }}" in text


def test_the_offline_page_opens_without_error_or_request(
    overview: str, hostile: Any, tmp_path: Path, browser: Any
) -> None:
    pages = {"plain": overview, "hostile": hostile.get("/export/explorer.html").get_data(as_text=True)}
    for name, text in pages.items():
        file = tmp_path / f"{name}.html"
        file.write_text(text, encoding="utf-8")
        context = browser.new_context(offline=True)
        opened = context.new_page()
        seen: list[str] = []
        opened.on("console", lambda message: seen.append(message.text))  # noqa: B023
        opened.on("pageerror", lambda error: seen.append(str(error)))  # noqa: B023
        opened.on("dialog", lambda dialog: seen.append(dialog.message))  # noqa: B023
        opened.on("request", lambda request: seen.append(request.url))  # noqa: B023
        opened.goto(file.as_uri())
        opened.wait_for_selector("canvas")
        assert seen == [file.as_uri()], name
        context.close()


def test_scripts_shared_with_the_live_page_import_nothing() -> None:
    for path in SCRIPTS:
        assert "import " not in path.read_text("utf-8"), f"{path.name} is inlined, so it must stand alone"


def test_pyvis_gets_every_mark_at_its_place(explorer: Explorer) -> None:
    view = explorer.overview("vi")
    drawn = {node["id"]: node for node in pyvis_network(view).nodes}
    for node in view.nodes:
        assert (drawn[node.id]["x"], drawn[node.id]["y"]) == (node.x, node.y)
        assert drawn[node.id]["shape"] == marks()["marks"][node.mark]["shape"]
    ends = [name for name in drawn if name.startswith("band-end:")]
    assert len(ends) == sum(edge.to_id in {band.id for band in view.bands} for edge in view.edges)


def test_curves_of_a_view_without_bands_need_no_helpers(explorer: Explorer) -> None:
    view = explorer.focus("trang-due")
    assert len(pyvis_network(view).nodes) == len(view.nodes)
    assert "vis.Network" in view_html(view, "en", "2026-11-21")


@pytest.mark.parametrize("name", ["vis-network.min.js", "vis-network.min.css"])
def test_vis_network_comes_from_the_installed_package(name: str) -> None:
    assert vendor_file(name).stat().st_size > 10_000


def test_no_other_file_is_served_from_the_package() -> None:
    with pytest.raises(KeyError):
        vendor_file("../../../network.py")


# Addresses


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/?lang=en&focus=lgd-trang-due", "text/html"),
        ("/api/graph", "application/json"),
        ("/api/graph?focus=samsung", "application/json"),
        ("/api/expand?id=trang-due", "application/json"),
        ("/api/expand?id=trang-due&relation=in_zone&direction=in&limit=2&after=2", "application/json"),
        ("/api/expand?id=lgd-trang-due&relation=missing&x=10&y=-20.5", "application/json"),
        ("/api/expand?id=group:driver-ic:unknown", "application/json"),
        ("/api/thing/lgd-trang-due", "application/json"),
        ("/api/search?q=hai+duong", "application/json"),
        ("/api/marks.json", "application/json"),
        ("/search", "text/html"),
        ("/search?q=hai+phong", "text/html"),
        ("/search?q=%3Cb%3Enothing", "text/html"),
        ("/export/explorer.html?focus=samsung&lang=en", "text/html"),
        ("/export/graph.graphml", "application/graphml+xml"),
        ("/static/vendor/vis-network.min.js", "text/javascript"),
        ("/static/vendor/vis-network.min.css", "text/css"),
    ],
)
def test_addresses_that_answer(client: Any, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == kind


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/graph?focus=no-such-thing", 404, "no-such-thing"),
        ("/api/graph?gap=d1-0000000000", 404, "d1-0000000000"),
        ("/api/thing/no-such-thing", 404, "no-such-thing"),
        ("/api/thing/../server.py", 404, ""),
        ("/api/expand?id=no-such-thing", 404, "no-such-thing"),
        ("/api/expand?id=lg&relation=zzz", 400, "relation=group_plants"),
        ("/api/expand?id=group:no:such", 404, "group:no:such"),
        ("/api/expand?id=no-such-thing&relation=makes", 404, "no-such-thing"),
        ("/api/expand", 400, "?id=trang-due"),
        ("/api/expand?id=lg&relation=makes&limit=0", 400, "limit=25"),
        ("/api/expand?id=lg&relation=makes&limit=201", 400, "limit=25"),
        ("/api/expand?id=lg&relation=makes&limit=ten", 400, "limit=25"),
        ("/api/expand?id=lg&relation=makes&limit=%D9%A3", 400, "limit=25"),
        ("/api/expand?id=lg&relation=makes&after=-1", 400, "after=0"),
        ("/api/expand?id=lg&relation=makes&direction=up", 400, "direction=out"),
        ("/api/expand?id=lg&relation=makes&x=1&y=nan", 400, "x=600"),
        ("/api/expand?id=lg&relation=makes&x=here&y=1", 400, "x=600"),
        ("/api/search?q=lg&type=planet", 400, "type=zone"),
        ("/api/search?q=lg&type=zone,planet", 400, "type=zone,facility"),
        ("/api/search?q=lg&limit=1000", 400, "limit=10"),
        ("/export/explorer.html?focus=no-such-thing", 404, ""),
        ("/static/vendor/network.py", 404, ""),
    ],
)
def test_addresses_that_are_refused(client: Any, path: str, status: int, says: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert says in answer.get_json()["detail"]


def test_a_browser_is_refused_with_a_page(client: Any) -> None:
    answer = client.get("/?focus=no-such-thing", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_text_never_runs_in_the_explorer(hostile: Any) -> None:
    for path in ("/?lang=en", f"/?lang=en&focus={BADLY_NAMED}", "/search?q=%3C%2Fscript%3E%3Cimg"):
        page = Page(hostile.get(path).get_data(as_text=True))
        assert "img" not in page.tags
        assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert HOSTILE in hostile.get(f"/api/thing/{BADLY_NAMED}").get_json()["label"]


def test_the_panel_names_what_is_not_recorded(client: Any) -> None:
    panel = client.get("/api/thing/lgd-trang-due?lang=en").get_json()
    facts = {fact["property"]: fact for fact in panel["facts"]}
    first = ["makes", "inZone", "capitalUsdMillion", "employees", "status", "started"]
    assert list(facts)[:6] == first
    assert facts["employees"] == {
        "property": "employees",
        "label": "Employees",
        "values": [],
        "sources": [],
        "missing": True,
    }
    assert facts["capitalUsdMillion"]["values"] == [{"text": "5,650", "note": "total as stated"}]
    assert facts["makes"]["sources"][0]["slug"] == "wowkorea-2024-11-16"
    assert panel["gaps"][0]["href"].startswith("/gaps/")
    assert panel["gaps_total"] >= len(panel["gaps"]) > 0


def test_the_panel_of_a_company_has_no_empty_facts_of_a_plant(client: Any) -> None:
    panel = client.get("/api/thing/samsung?lang=en").get_json()
    assert not [fact for fact in panel["facts"] if fact.get("missing")]
    assert {
        "relation": "mentioned_in",
        "direction": "out",
        "label": "Mentioned in claims",
        "count": 1,
    } in panel["relations"]


@pytest.mark.parametrize(
    ("question", "target"),
    [
        ("Samsung Group", "/page/samsung"),
        ("khu công nghiệp tràng duệ", "/page/trang-due"),
        ("Samsung", "/page/samsung"),
        ("hai", None),
        ("zz", None),
    ],
)
def test_the_only_thing_of_a_name_opens_at_once(client: Any, question: str, target: str | None) -> None:
    assert client.get("/search", query_string={"q": question}).headers.get("Location") == target


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({"q": "hai duong"}, "hai-duong"),
        ({"q": "Hải Dương"}, "hai-duong"),
        ({"q": "trang due", "type": "zone"}, "trang-due"),
        ({"q": "trang due", "type": "facility,zone"}, "trang-due"),
        ({"q": "trang due", "type": "person,event"}, None),
        ({"q": "zzzz"}, None),
        ({"q": ""}, None),
    ],
)
def test_search_as_json(client: Any, query: dict[str, str], first: str | None) -> None:
    found = client.get("/api/search", query_string=query).get_json()
    assert [hit["id"] for hit in found["results"]][:1] == ([first] if first else [])
    assert found["total"] >= len(found["results"])


def test_graphml_is_well_formed(client: Any) -> None:
    root = ET.fromstring(client.get("/export/graph.graphml").data)
    assert root.tag.endswith("graphml")


def test_only_marks_that_stand_for_things_have_members(client: Any) -> None:
    nodes = client.get("/api/graph?focus=lgd-trang-due").get_json()["nodes"]
    assert {node["mark"] for node in nodes if "members" in node} == {"group"}
    assert "unknown" in {node["mark"] for node in nodes}, "the maker nobody has recorded stays in the picture"
