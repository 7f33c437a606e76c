"""What is seen as files: the same things and links in every format, whatever was added, hidden or moved."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

import networkx as nx
import pytest

from graph.explore import Explorer, View, exchange
from graph.explore.document import Document
from graph.explore.edited import drawn
from graph.explore.extent import reach
from graph.explore.lit import Lit
from graph.explore.svg import Note, svg
from graph.explore.view import Edge, Node
from graph.lettering import fitted, lines, width
from graph.marks import marks
from tests.test_render import HOSTILE, hostile, hostile_data  # noqa: F401

SVG, GEXF = "{http://www.w3.org/2000/svg}", "{http://www.gexf.net/1.2draft}"
VIZ, SHEET = (
    "{http://www.gexf.net/1.2draft/viz}",
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
)
PLANTS = ["hansungptc-namcaukien", "halla-trang-due"]
CHANGED: dict[str, Any] = {
    "base": {"focus": "lgd-trang-due"},
    "added": [
        {"of": "trang-due", "relation": "in_zone", "direction": "in", "ids": ["lg-electronics-vn", "no-such-thing"]},
        {"path": ["lgd-trang-due", "samsung"], "ids": ["lgd-trang-due", "lg", "samsung"]},
    ],
    "hidden": ["apple"], "pinned": ["lg-display-vn"], "near": "trang-due",
    "at": {"trang-due": [123.5, 900.25], "samsung": [-50, 40]}, "select": "trang-due", "show": "graph",
}  # fmt: skip
DOCUMENTS = {
    "overview": {},
    "focus": {"base": {"focus": "trang-due"}},
    "company": {"base": {"focus": "samsung"}, "hidden": ["no-such-thing"]},
    "gap": {"base": {"gap": ""}},
    "chosen": {"base": {"things": ["samsung", "lgd-trang-due", "trang-due", "lg"]}, "hidden": ["lg"]},
    "changed": CHANGED,
    "overview, changed": {
        "added": [{"of": "hai-phong", "relation": "located_in", "direction": "in", "ids": ["samsung", "lgd-trang-due"]}],
        "hidden": ["vehec-council", "trang-due"],
    },
}  # fmt: skip
EXTENSIONS = ("svg", "graphml", "gexf", "xlsx", "csv", "links.csv", "html")


@pytest.fixture(scope="module")
def explorer(network: Any, findings: Any) -> Explorer:
    return Explorer(network, findings)


def document(name: str, findings: Any) -> dict[str, Any]:
    """One of DOCUMENTS, the gap filled in."""
    found = DOCUMENTS[name]
    return {"base": {"gap": findings[0].id}} if name == "gap" else found


def seen(explorer: Explorer, value: dict[str, Any], lang: str = "en") -> View:
    """The picture of a document, drawn without the web."""
    read = Document.read(value)
    if "focus" in read.base:
        base = explorer.focus(read.base["focus"], lang)
    elif "things" in read.base:
        base = explorer.chosen(read.base["things"], lang)
    else:
        base = explorer.evidence(read.base["gap"], lang) if read.base else explorer.overview(lang)
    return drawn(
        base, read, lambda ids, among: explorer.among(ids, among, lang)[:2],
        lambda group: explorer.members(group, lang), lang,
    )  # fmt: skip


def export(client: Any, ext: str, value: dict[str, Any], lang: str = "en") -> bytes:
    answer = client.post(f"/export/view.{ext}?lang={lang}", data={"doc": json.dumps(value)})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"].endswith(f'.{ext}"')
    return answer.data


def table(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def sheet_rows(book: bytes, number: int) -> list[list[str]]:
    """Cells of a sheet as text."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        root = ET.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
        shared = ["".join(text.itertext()) for text in ET.fromstring(parts.read("xl/sharedStrings.xml"))]

    def text(cell: ET.Element) -> str:
        value = "".join(cell.itertext())
        return shared[int(value)] if cell.attrib.get("t") == "s" else value

    return [[text(cell) for cell in row.findall(f"{SHEET}c")] for row in root.iter(f"{SHEET}row")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_format_holds_the_same_things_and_links(
    client: Any, explorer: Explorer, findings: Any, name: str
) -> None:
    value = document(name, findings)
    view = seen(explorer, value)
    things = {node.id for node in view.nodes} | {band.id for band in view.bands}
    links = {edge.id for edge in view.edges}
    assert things and links

    drawing = ET.fromstring(export(client, "svg", value))
    groups = [group.attrib["data-id"] for group in drawing.iter(f"{SVG}g")]
    assert set(groups) == things | links and len(groups) == len(set(groups))

    found = nx.parse_graphml(export(client, "graphml", value).decode(), force_multigraph=True)
    assert (set(found.nodes), {key for *_, key in found.edges(keys=True)}) == (things, links)

    gexf = export(client, "gexf", value)
    read = nx.read_gexf(io.BytesIO(gexf))
    assert set(read.nodes) == things
    assert {edge.attrib["id"] for edge in ET.fromstring(gexf).iter(f"{GEXF}edge")} == links

    rows, lines_ = table(export(client, "csv", value)), table(export(client, "links.csv", value))
    assert {row["id"] for row in rows} == things and {row["id"] for row in lines_} == links

    book = export(client, "xlsx", value)
    assert {row[0] for row in sheet_rows(book, 1)[1:]} == things
    assert {row[0] for row in sheet_rows(book, 2)[1:]} == links

    page = export(client, "html", value).decode()
    data = json.loads(page.split('<script type="application/json" id="data">')[1].split("</script>")[0])
    drawn_nodes = {node["id"] for node in data["nodes"] if not node["id"].startswith("band-end:")}
    assert drawn_nodes == {node.id for node in view.nodes}
    assert {edge["id"] for edge in data["edges"]} == links


def test_added_hidden_and_moved_things(explorer: Explorer) -> None:
    plain, view = seen(explorer, {"base": {"focus": "lgd-trang-due"}}), seen(explorer, CHANGED)
    before, after = {n.id: n for n in plain.nodes}, {n.id: n for n in view.nodes}
    assert "apple" in before and "apple" not in after
    assert not [edge for edge in view.edges if "apple" in (edge.from_id, edge.to_id)]
    assert {"samsung", "lg-electronics-vn", "lg-display-vn"} <= after.keys() - before.keys()
    assert "no-such-thing" not in after
    assert (after["trang-due"].x, after["trang-due"].y) == (123.5, 900.25)
    assert (after["samsung"].x, after["samsung"].y) == (-50, 40)
    stayed = before.keys() & after.keys() - {"trang-due"}
    assert {n: (before[n].x, before[n].y) for n in stayed} == {n: (after[n].x, after[n].y) for n in stayed}
    listed = {item.id for section in view.sections for item in section.items}
    assert "apple" not in listed and {"samsung", "lg-display-vn"} <= listed
    assert "lg-display-vn" in {end for edge in view.edges for end in (edge.from_id, edge.to_id)}


def test_added_things_without_a_place_cover_nothing(explorer: Explorer) -> None:
    many = sorted(
        neighbour.slug for found in explorer.neighbours.of("trang-due").values() for neighbour in found
    )
    value = {"base": {"focus": "samsung"}, "added": [{"of": "samsung", "ids": many}]}
    view = seen(explorer, value)
    boxes = [reach(node, node.id == "samsung") for node in view.nodes]
    new = [reach(node) for node in view.nodes if node.id in many]
    assert len(new) >= 10
    for box in new:
        assert sum(not box.apart(other, 0) for other in boxes) == 1, "only itself"
    assert view == seen(explorer, value), "the places are the same every time"


def test_a_missing_need_is_drawn_only_where_a_step_asked_for_it(explorer: Explorer) -> None:
    need = next(need for needs in explorer.neighbours.needs.values() for need in needs if need.no_maker)
    pinned = seen(explorer, {"base": {"focus": "samsung"}, "pinned": [need.product, need.buyer]})
    assert not [edge for edge in pinned.edges if edge.style == "missing"]
    step = {"of": need.buyer, "relation": "missing", "direction": "out", "ids": [need.product]}
    asked = seen(explorer, {"base": {"focus": "samsung"}, "pinned": [need.buyer], "added": [step]})
    assert [edge.id for edge in asked.edges if edge.style == "missing"] == [
        f"{need.product}|missing|{need.buyer}"
    ]


def test_a_group_counts_what_is_left_behind_it(explorer: Explorer) -> None:
    plain = seen(explorer, {})
    group = next(
        node for node in plain.nodes if node.mark == "group" and len(explorer.members(node.id, "en")) > 2
    )
    members = explorer.members(group.id, "en")
    one = seen(explorer, {"added": [{"of": group.id, "ids": list(members[:1])}]})
    assert next(node for node in one.nodes if node.id == group.id).number == len(members) - 1
    everything = seen(explorer, {"added": [{"of": group.id, "ids": list(members)}]})
    assert group.id not in {node.id for node in everything.nodes}


# The formats


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("svg?focus=samsung", "image/svg+xml"),
        ("graphml", "application/graphml+xml"),
        ("gexf?focus=trang-due&lang=en", "application/gexf+xml"),
        ("xlsx?as_of=2025-01-01", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv?focus=trang-due", "text/csv"),
        ("links.csv?reading=units", "text/csv"),
        ("html?focus=samsung", "text/html"),
    ],
)
def test_a_plain_link_exports_too(client: Any, path: str, kind: str) -> None:
    answer = client.get(f"/export/view.{path}")
    assert (answer.status_code, answer.mimetype) == (200, kind)


@pytest.mark.parametrize("ext", EXTENSIONS)
def test_a_link_and_a_form_give_the_same(client: Any, ext: str) -> None:
    value = {"base": {"focus": "samsung"}, "when": {"as_of": "2025-01-01", "reading": "units"}}
    linked = client.get(f"/export/view.{ext}?focus=samsung&as_of=2025-01-01&reading=units&lang=en").data
    sent = export(client, ext, value)
    if ext == "xlsx":
        assert [sheet_rows(sent, n) for n in (1, 2, 3)] == [sheet_rows(linked, n) for n in (1, 2, 3)]
    else:
        assert sent == linked


def test_the_date_of_a_document_decides(client: Any) -> None:
    before = export(client, "svg", {"when": {"as_of": "2016-01-01"}}).decode()
    assert "01.01.2016" in before
    assert before != export(client, "svg", {}).decode()


def test_the_filters_of_a_document_decide(client: Any) -> None:
    def things(value: dict[str, Any]) -> set[str]:
        return {row["id"] for row in table(export(client, "csv", value)) if row["kind"] == "facility"}

    everything, chosen = things({}), things({"filters": {"locality": ["hai-phong"]}})
    assert set() < chosen < everything
    shown = client.get("/api/graph?locality=hai-phong&lang=en").get_json()
    assert chosen == {
        node["id"] for node in shown["nodes"] if node["kind"] == "facility" and node["mark"] != "group"
    }
    added = {"of": "samsung", "relation": "group_plants", "direction": "in", "ids": ["canon-hy-plant"]}
    assert things({"filters": {"locality": ["hai-phong"]}, "added": [added]}) == chosen, (
        "what is filtered out stays out"
    )


@pytest.mark.parametrize(("lang", "words"), [("vi", "đường cao tốc"), ("en", "expressway")])
def test_the_drawing_speaks_the_language_asked(client: Any, lang: str, words: str) -> None:
    drawing = export(client, "svg", {}, lang).decode()
    assert words in drawing and f'xml:lang="{lang}"' in drawing


def test_the_drawing_shows_marks_lines_bands_key_and_credit(client: Any, explorer: Explorer) -> None:
    view = explorer.overview("en")
    root = ET.fromstring(export(client, "svg", {}))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "text", "tspan", "path", "g", "circle", "polygon", "polyline",
    }  # fmt: skip
    groups = {group.attrib["data-id"]: group for group in root.iter(f"{SVG}g")}
    shapes = {"dot": "circle", "diamond": "polygon", "box": "rect", "triangleDown": "polygon"}
    for node in view.nodes:
        shape = shapes[marks()["marks"][node.mark]["shape"]]
        assert groups[node.id].find(f"{SVG}{shape}") is not None, node.id
    for edge in view.edges:
        path = groups[edge.id].find(f"{SVG}path")
        assert (
            path is not None
            and path.attrib["stroke"] == marks()["colors"][marks()["styles"][edge.style]["color"]]["light"]
        )
        assert ("stroke-dasharray" in path.attrib) == bool(marks()["styles"][edge.style]["dashes"])
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert {"The corridor in one picture", "expressway", "Hải Phòng"} <= set(texts)
    assert not [text for text in texts if "double-click" in text], "a file has nothing to click"
    assert any("CC BY 4.0" in text for text in texts)


def test_arrows_lead_to_the_buyer_only(explorer: Explorer) -> None:
    view = explorer.focus("lgd-trang-due", "en")
    root = ET.fromstring(svg(view, Note("en", "")))
    groups = {group.attrib["data-id"]: group for group in root.iter(f"{SVG}g")}
    arrows = {edge.id for edge in view.edges if groups[edge.id].find(f"{SVG}polygon") is not None
              or groups[edge.id].find(f"{SVG}polyline") is not None}  # fmt: skip
    wanted = {edge.id for edge in view.edges
              if edge.relation == "supplies" and marks()["styles"][edge.style]["arrow"]}  # fmt: skip
    assert arrows == wanted != set()


def test_what_is_not_near_is_dimmed(explorer: Explorer) -> None:
    view = explorer.overview("en")
    root = ET.fromstring(svg(view, Note("en", ""), Lit.around(view, "trang-due")))
    bright = {group.attrib["data-id"] for group in root.iter(f"{SVG}g") if "opacity" not in group.attrib}
    joined = {edge.id for edge in view.edges if "trang-due" in (edge.from_id, edge.to_id)}
    assert "trang-due" in bright and joined and joined <= bright
    assert "song-khoai" not in bright
    assert not [g for g in ET.fromstring(svg(view, Note("en", ""))).iter(f"{SVG}g") if "opacity" in g.attrib]


def test_a_lit_path_stands_out_as_on_the_page(client: Any) -> None:
    found = client.get("/api/path?from=lgd-trang-due&to=foxconn-smart-sys-btp&lang=en").json["paths"][0]
    ids = found["ids"]
    document = {"added": [{"path": [ids[0], ids[-1]], "ids": ids}], "near": "path"}
    root = ET.fromstring(export(client, "svg", document))
    bright = {group.attrib["data-id"] for group in root.iter(f"{SVG}g") if "opacity" not in group.attrib}
    things = {node["id"] for node in client.get("/api/graph").json["nodes"]} | set(ids)
    assert bright & things == set(ids)
    dim = {group.attrib["data-id"] for group in root.iter(f"{SVG}g") if "opacity" in group.attrib}
    lines = bright - things - {band["id"] for band in client.get("/api/graph").json["bands"]}
    assert len(lines) >= len(ids) - 1 and len(dim) > 50
    unlit = ET.fromstring(export(client, "svg", {"near": "path"}))
    assert not [group for group in unlit.iter(f"{SVG}g") if "opacity" in group.attrib], (
        "no path, nothing dimmed"
    )


def test_gexf_is_as_gephi_reads_it(client: Any, explorer: Explorer) -> None:
    text = export(client, "gexf", CHANGED)
    root = ET.fromstring(text)
    assert (root.tag, root.attrib["version"]) == (f"{GEXF}gexf", "1.2")
    graph = root.find(f"{GEXF}graph")
    assert graph is not None and graph.attrib["defaultedgetype"] == "directed"
    kinds = {a.attrib["id"]: a.attrib for a in graph.iter(f"{GEXF}attribute")}
    assert {a["type"] for a in kinds.values()} <= {"string", "integer", "float", "double", "boolean"}
    titles = [a["title"] for a in kinds.values()]
    assert "networkx_key" not in titles
    assert {"name_vi", "name_en", "kind", "relation", "status", "sources"} <= set(titles)
    nodes = {node.attrib["id"]: node for node in graph.iter(f"{GEXF}node")}
    for value in graph.iter(f"{GEXF}attvalue"):
        assert value.attrib["for"] in kinds
    for edge in graph.iter(f"{GEXF}edge"):
        assert {edge.attrib["source"], edge.attrib["target"]} <= nodes.keys()
    at = nodes["trang-due"].find(f"{VIZ}position")
    assert at is not None and (float(at.attrib["x"]), float(at.attrib["y"])) == (123.5, -900.2), (
        "y is upwards"
    )
    assert all(node.find(f"{VIZ}position") is not None for node in nodes.values())
    assert nodes["samsung"].attrib["label"] == explorer.network.nodes["samsung"]["label"]["en"]


def test_the_whole_network_as_gexf(client: Any, network: Any) -> None:
    answer = client.get("/export/graph.gexf")
    assert answer.mimetype == "application/gexf+xml"
    assert b"networkx_key" not in answer.data
    read = nx.read_gexf(io.BytesIO(answer.data))
    assert set(read.nodes) == set(network.nodes)
    assert read.number_of_edges() == network.number_of_edges()
    assert read.nodes["samsung"]["label"] == network.nodes["samsung"]["label"]["vi"]


def test_graphml_keeps_names_places_and_sources(client: Any, network: Any) -> None:
    found = nx.parse_graphml(export(client, "graphml", CHANGED).decode(), force_multigraph=True)
    plant = found.nodes["lgd-trang-due"]
    assert (plant["name_vi"], plant["name_en"]) == tuple(
        network.nodes["lgd-trang-due"]["label"][k] for k in ("vi", "en")
    )
    assert plant["sources"] == " | ".join(network.nodes["lgd-trang-due"]["sources"])
    assert (found.nodes["trang-due"]["x"], found.nodes["trang-due"]["y"]) == (123.5, 900.2)
    kinds = {data["kind"] for *_, data in found.edges(data=True)}
    assert kinds == {"stated", "derived", "missing"}


def test_a_row_says_whether_a_link_is_stated(client: Any, findings: Any) -> None:
    rows = {
        row["id"]: row for row in table(export(client, "links.csv", {"base": {"focus": "lgd-trang-due"}}))
    }
    sold = rows["link-002"]
    assert (sold["from"], sold["relation"], sold["to"], sold["kind"]) == (
        "lgd-trang-due",
        "supplies",
        "apple",
        "stated",
    )
    assert sold["status"] == "stated, current" and sold["product"] == "OLED display module"
    assert sold["sources"] == "bizlive-2017-12-05 | github-2023-09-27"
    need = rows["driver-ic|missing|lgd-trang-due"]
    assert (need["kind"], need["sources"]) == ("missing", "")
    assert need["gap"] in {finding.id for finding in findings}
    for row in rows.values():
        assert row["kind"] == "stated" or not row["sources"], row["id"]


def test_the_workbook_says_what_it_is(client: Any) -> None:
    book = export(client, "xlsx", {"base": {"focus": "samsung"}, "when": {"as_of": "2025-01-01"}})
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist() if "sheet" in name)
        names = ET.fromstring(parts.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        assert [sheet.attrib["name"] for sheet in names] == ["Things", "Links", "About"]
    about = {row[0]: row[1] for row in sheet_rows(book, 3) if len(row) > 1}
    assert about["Date"] == "01.01.2025"
    assert about["Address"] == "focus=samsung, as_of=2025-01-01"
    assert "CC BY 4.0" in about["Credit"]
    cited = {source for row in sheet_rows(book, 1)[1:] for cell in row for source in cell.split(" | ")}
    assert about.keys() & cited, "the sources of the rows are named"


def test_the_offline_page_tells_facts_and_sources(client: Any, page: Any, tmp_path: Any) -> None:
    text = export(client, "html", {})
    assert len(text) < 3_000_000
    file = tmp_path / "view.html"
    file.write_bytes(text)
    page.goto(file.as_uri())
    page.get_by_role("button", name="Trang Due Industrial Park").first.click()
    about = page.locator("#about")
    assert about.locator("h2").text_content() == "Trang Due Industrial Park"
    assert about.locator("dt").count() >= 3
    assert about.locator(".src a").first.get_attribute("href").startswith("http")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_prints_in_light_colours(browser: Any, base_url: str, scheme: str) -> None:
    context = browser.new_context(base_url=base_url, color_scheme=scheme)
    page = context.new_page()
    page.goto("/export/view.print?focus=lgd-trang-due&lang=en")
    assert page.get_by_role("button", name="Print").is_visible()
    page.emulate_media(media="print")
    assert (
        not page.locator("header.top").is_visible()
        and not page.get_by_role("button", name="Print").is_visible()
    )
    ink = page.locator(".drawn text", has_text="Recorded and missing links")
    assert ink.evaluate("e => getComputedStyle(e).fill") == "rgb(93, 104, 115)"
    items = page.locator("main li").all_text_contents()
    assert any(text.startswith("Trang Due Industrial Park · operating · Hải Phòng [") for text in items)
    assert any("https://" in text and "grade" in text for text in items)
    context.close()


def test_the_explorer_prints_as_it_is(browser: Any, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, color_scheme="dark")
    page = context.new_page()
    page.goto("/?lang=en")
    page.wait_for_selector("#main[data-ready=true] canvas")
    read = """() => { const canvas = document.querySelector("#canvas canvas");
        const at = canvas.getContext("2d").getImageData(canvas.width / 4, canvas.height / 3, 1, 1).data;
        return at[0] + at[1] + at[2]; }"""
    assert page.evaluate(read) < 300
    page.emulate_media(media="print")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(read) > 600, "painted again in the colours of print"
    for hidden in ("header.top", "#export", ".zoom"):
        assert not page.locator(hidden).is_visible()
    picture, listed = page.locator("#canvas").bounding_box(), page.locator("#list").bounding_box()
    assert picture["height"] > 300 and listed["y"] >= picture["y"] + picture["height"] - 1
    context.close()


# Text that would like to run


def test_hostile_names_stay_text(hostile: Any) -> None:  # noqa: F811
    value = {"base": {"focus": "plant-a"}}
    root = ET.fromstring(export(hostile, "svg", value))
    assert {element.tag.removeprefix(SVG) for element in root.iter()}.isdisjoint(
        {"script", "img", "a", "foreignObject"}
    )
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert any("<img src=x" in "".join(text.itertext()) for text in root.iter(f"{SVG}title"))
    for ext in ("graphml", "gexf"):
        assert HOSTILE in "".join(
            value for element in ET.fromstring(export(hostile, ext, value)).iter()
            for value in (element.text or "", *element.attrib.values())
        )  # fmt: skip
    page = export(hostile, "html", value).decode()
    assert "<img src=x" not in page and "{{ 7 * 7 }}" in page


def test_signs_that_xml_cannot_hold_are_replaced() -> None:
    nodes = (
        Node("a", "bell\x07", "product", "product", 0.0, 0.0),
        Node("b", "\ud800", "product", "product", 9.0, 9.0),
    )
    view = View("\x00title", "", "focus", nodes, (Edge("e\x01", "a", "b", "makes", "stated"),), ())
    assert ET.fromstring(svg(view, Note("en", "")))
    graph = nx.MultiDiGraph()
    graph.add_node("a", label="bell\x07")
    assert ET.fromstring(exchange.gexf(graph)) is not None
    assert "bell\ufffd" in "".join(ET.fromstring(exchange.graphml(graph)).itertext())


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)"])
def test_no_cell_of_a_view_runs(client: Any, monkeypatch: pytest.MonkeyPatch, cell: str) -> None:
    monkeypatch.setattr("graph.explore.things.Things.place", lambda *_: cell)
    assert {row["place"] for row in table(export(client, "csv", {}))} == {f"'{cell}", ""}


# Refusals


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (None, "doc"),
        ("", "doc"),
        ("{", "doc"),
        ("[" * 100_000, "doc"),
        ('{"a": "' + "x" * 400_000 + '"}', "400,000"),
        ("[]", "doc must be a JSON object"),
        ('{"at": {"lg": [1, 1e400]}}', "at.lg must be two numbers"),
        ('{"base": {"focus": 7}}', "base.focus"),
        ('{"added": [{"of": "lg"}]}', "added[0].ids"),
        ('{"when": {"as_of": "soon"}}', "as_of=2025-06-30"),
        ('{"when": {"reading": "sideways"}}', "reading=units"),
        ('{"filters": {"locality": ["atlantis"]}}', "hai-phong"),
    ],
)
def test_a_bad_document_is_refused(client: Any, sent: str | None, says: str) -> None:
    answer = client.post("/export/view.svg?lang=en", data={} if sent is None else {"doc": sent})
    assert answer.status_code == 400
    assert says in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("view.svg?focus=nope", 404), ("view.xlsx?gap=nope", 404), ("view.pdf", 404), ("view.csv?as_of=x", 400)],
)
def test_a_bad_address_is_refused(client: Any, path: str, status: int) -> None:
    assert client.get(f"/export/{path}").status_code == status


def test_an_unknown_base_is_refused(client: Any) -> None:
    for base in ({"focus": "nope"}, {"gap": "nope"}):
        assert client.post("/export/view.svg", data={"doc": json.dumps({"base": base})}).status_code == 404


# Text without a canvas


@pytest.mark.parametrize(
    ("text", "room", "rows"),
    [
        ("Khu công nghiệp Tràng Duệ", 82, ["Khu công", "nghiệp Tràng", "Duệ"]),
        ("short", 82, ["short"]),
        ("two\nlines", 82, ["two", "lines"]),
        ("Wordwithoutanybreakinit", 20, ["Wordwithoutanybreakinit"]),
    ],
)
def test_labels_wrap_between_words(text: str, room: float, rows: list[str]) -> None:
    assert lines(text, 11, 500, room) == rows


def test_a_label_is_cut_to_its_box() -> None:
    assert fitted("Ford", 11, 400, 75) == ("Ford", 11)
    cut, size = fitted("Bridgestone Tyre Manufacturing", 11, 400, 75)
    assert cut.endswith("…") and size == 10.3 and width(cut, size) <= 75


@pytest.mark.parametrize(
    "doc", ['{"base": {"focus": "\\ud800"}}', '{"\\ud800": 1}', '{"when": {"as_of": "\\ud800"}}']
)
def test_half_of_a_surrogate_pair_is_refused_in_words(client: Any, doc: str) -> None:
    answer = client.post("/export/view.svg?lang=en", data={"doc": doc}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "Send the form field" in answer.text


@pytest.mark.parametrize("address", ["/", "/?focus=lgd-trang-due", "/?sector=C26&lang=en"])
def test_the_page_holds_the_picture_before_any_script_runs(client: Any, address: str) -> None:
    page = client.get(address).get_data(as_text=True)
    drawn = page[page.index('<svg class="still"') : page.index('<div class="net">')].strip()
    view = client.get(f"/api/graph{address[1:]}").json
    shown = {group.get("data-id") for group in ET.fromstring(drawn).iter("g")}
    assert shown >= {node["id"] for node in view["nodes"]}
    assert "var(--ink)" in drawn and "#" not in drawn.partition(">")[0]
