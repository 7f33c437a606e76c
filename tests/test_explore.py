"""Views and expansion: on the real data, on the worked example, and on nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph import find_gaps, load, project
from graph.explore import Explorer, View, flattened
from graph.explore.neighbours import Neighbours
from graph.explore.short_names import BOX, short_name
from graph.explore.words import RELATIONS
from graph.layout import plants_by_zone

ROOT = Path(__file__).parents[1]
LANGUAGES = ("vi", "en")
MARKS = json.loads((ROOT / "graph/marks.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def explorer(network: Any, findings: Any) -> Explorer:
    return Explorer(network, findings)


@pytest.fixture(scope="module")
def tiny() -> Explorer:
    network = project(load(ROOT / "ontology", ROOT / "tests/fixtures/t20"), "2025-06-30")
    return Explorer(network, find_gaps(network))


def ids(view: View) -> set[str]:
    return {node.id for node in view.nodes}


def edge(view: View, name: str) -> Any:
    return next((edge for edge in view.edges if edge.id == name), None)


def problems(view: View) -> list[str]:
    """What no view may have: things drawn twice, lines to nowhere, unknown marks and styles."""
    nodes = [node.id for node in view.nodes]
    ends = {*nodes, *(band.id for band in view.bands)}
    lines = [line.id for line in view.edges]
    return [
        *(f"{node} twice" for node in nodes if nodes.count(node) > 1),
        *(f"{line} twice" for line in lines if lines.count(line) > 1),
        *(f"{line.id} ends nowhere" for line in view.edges if not {line.from_id, line.to_id} <= ends),
        *(f"{node.mark}?" for node in view.nodes if node.mark not in MARKS["marks"]),
        *(f"{line.style}?" for line in view.edges if line.style not in MARKS["styles"]),
        *(f"{node.id} has no place" for node in view.nodes if node.x is None or node.y is None),
        *(f"{node.id} has no label" for node in view.nodes if not node.label),
    ]


# Overview


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_is_readable_and_whole(explorer: Explorer, lang: str) -> None:
    view = explorer.overview(lang)
    assert problems(view) == []
    assert 90 <= view.things <= 130
    assert len(view.bands) == 4
    listed = {item.id for section in view.sections for item in section.items}
    assert ids(view) | {band.id for band in view.bands} == listed, "the list says what the picture says"


@pytest.mark.parametrize(
    ("slug", "mark"),
    [
        ("vehec-council", "council"),
        ("vcci", "council"),
        ("vehec-secretariat", "body"),
        ("ppc-hd", "body"),
        ("heza", "board"),
        ("trang-due", "park"),
        ("lgd-trang-due", "anchor"),
        ("deli-daian", "anchor-planned"),
        ("special-steel", "missing"),
        ("lach-huyen-port", "infrastructure"),
    ],
)
def test_the_overview_shows(explorer: Explorer, slug: str, mark: str) -> None:
    assert [node.mark for node in explorer.overview("vi").nodes if node.id == slug] == [mark]


@pytest.mark.parametrize(
    "slug", ["rrd-council", "ppc-tb", "lge-hungyen-old", "samsung-sev-bacninh", "thai-binh"]
)
def test_the_overview_leaves_out(explorer: Explorer, slug: str) -> None:
    assert slug not in ids(explorer.overview("vi"))


def test_seats_in_the_council_are_drawn_with_their_own_id(explorer: Explorer) -> None:
    seat = edge(explorer.overview("vi"), "membership-01")
    assert (seat.from_id, seat.to_id, seat.style, seat.label) == (
        "vcci",
        "vehec-council",
        "tie",
        "đồng chủ tịch",
    )


@pytest.mark.parametrize(
    ("lang", "title", "sub"),
    [
        ("vi", "Hành lang trong một hình", "54 nhà máy, 56 khu và cụm"),
        ("en", "The corridor in one picture", "54 plants, 56 zones"),
    ],
)
def test_the_overview_speaks_both_languages(explorer: Explorer, lang: str, title: str, sub: str) -> None:
    view = explorer.overview(lang)
    assert view.title == title
    assert [band.sub for band in view.bands if band.id == "hai-duong"] == [sub]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_park_has_one_number_of_plants(explorer: Explorer, lang: str) -> None:
    stops = [node for node in explorer.overview(lang).nodes if node.mark == "park"]
    assert stops
    for stop in stops:
        centre = next(node for node in explorer.focus(stop.id, lang).nodes if node.id == stop.id)
        said = int(explorer.summary(stop.id, lang).split(" ")[0])
        assert stop.number == centre.number == said == len(plants_by_zone(explorer.network)[stop.id]), stop.id


def test_the_page_of_a_park_has_the_same_number(explorer: Explorer, client: Any) -> None:
    for stop in (node for node in explorer.overview("vi").nodes if node.mark == "park"):
        page = client.get(f"/page/{stop.id}").get_data(as_text=True)
        assert f"<h2>{stop.number} nhà máy được ghi nhận</h2>" in page, stop.id


@pytest.mark.parametrize(
    ("slug", "label"),
    [
        ("ppc-hy", "Hưng Yên PC"),
        ("ppc-hp", "Hải Phòng PC"),
        ("hd-iza", "IZ Authority"),
        ("hy-iza", "IP Board"),
        ("heza", "EZ Authority"),
    ],
)
def test_committees_and_boards_have_short_names(explorer: Explorer, slug: str, label: str) -> None:
    assert [node.label for node in explorer.overview("en").nodes if node.id == slug] == [label]


def test_no_two_committees_share_a_name(explorer: Explorer) -> None:
    labels = [node.label for node in explorer.overview("en").nodes if node.mark == "body"]
    assert len(labels) == len(set(labels)) == 5


def test_the_overview_is_built_once(explorer: Explorer) -> None:
    assert explorer.overview("vi") is explorer.overview("vi")
    assert explorer.overview("vi") is not explorer.overview("en")


def test_the_worked_example_and_nothing_have_an_overview(tiny: Explorer) -> None:
    assert problems(tiny.overview("vi")) == []
    assert {band.id for band in tiny.overview("vi").bands} == {"hd", "hp", "hy", "qn"}
    assert Explorer(nx.MultiDiGraph(), ()).overview("en").things == 0


# Surroundings


@pytest.mark.parametrize(
    ("node", "mark"),
    [
        ("lgd-trang-due", "anchor"),
        ("driver-ic", "missing"),
        ("cover-glass", "product"),
        ("plastic-packaging", "product-common"),
        ("biel-anphat1", "plant-planned"),
        ("mektec-hy", "plant"),
        ("apple", "outside"),
        ("trang-due", "park"),
        ("claim-009", "claim"),
    ],
)
def test_a_plant_stands_among_needs_makers_buyers_and_park(explorer: Explorer, node: str, mark: str) -> None:
    view = explorer.focus("lgd-trang-due", "en")
    assert problems(view) == []
    assert [n.mark for n in view.nodes if n.id == node] == [mark]


@pytest.mark.parametrize(
    ("name", "style", "width"),
    [
        ("driver-ic|missing|lgd-trang-due", "missing", 2),
        ("cover-glass|missing|lgd-trang-due", "missing", 1.5),
        ("biel-anphat1|makes|cover-glass", "stated", 1.5),
        ("polarizer-film|link-087|lgd-trang-due", "weak", None),
        ("link-002", "stated", None),
        ("link-007", "weak", None),
        ("lgd-trang-due|group_plants|lg", "derived", None),
        ("lgd-trang-due|in_zone|trang-due", "twig", None),
    ],
)
def test_lines_of_a_plant(explorer: Explorer, name: str, style: str, width: float | None) -> None:
    line = edge(explorer.focus("lgd-trang-due", "en"), name)
    assert (line.style, line.width) == (style, width)


@pytest.mark.parametrize(
    ("slug", "mark"),
    [("special-steel", "missing"), ("technical-fabric", "missing"), ("cover-glass", "product")],
)
def test_a_product_without_a_maker_is_red_in_the_middle(explorer: Explorer, slug: str, mark: str) -> None:
    assert [node.mark for node in explorer.focus(slug).nodes if node.id == slug] == [mark]


def test_a_need_with_a_recorded_supply_is_not_missing(explorer: Explorer) -> None:
    assert edge(explorer.focus("lgd-trang-due"), "polarizer-film|missing|lgd-trang-due") is None


def test_a_plant_that_supplies_itself_gets_no_loop(explorer: Explorer) -> None:
    assert explorer.network.has_edge("vinfast-cathai", "vinfast-cathai")
    view = explorer.focus("vinfast-cathai")
    assert not [line for line in view.edges if line.from_id == line.to_id]
    assert problems(view) == []


def test_needs_with_no_maker_come_first_then_core_then_by_name(explorer: Explorer) -> None:
    view = explorer.focus("lgd-trang-due", "en")
    needs = sorted((n for n in view.nodes if n.kind == "product"), key=lambda n: n.y or 0)
    marks = [node.mark for node in needs]
    assert marks == sorted(marks, key=["missing", "product", "product-common"].index)
    core = [node.label for node in needs if node.mark == "product"]
    assert core == sorted(core)


def test_nobody_is_named_as_maker_of_an_input_without_one(explorer: Explorer) -> None:
    unknown = next(node for node in explorer.focus("lgd-trang-due", "en").nodes if node.mark == "unknown")
    assert unknown.label == "no maker recorded"
    assert explorer.relations(unknown.id, "en") == ()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "slug",
    [
        "samsung",
        "hai-duong",
        "trang-due",
        "special-steel",
        "vehec-council",
        "claim-008",
        "vehec",
        "pham-tan-cong",
    ],
)
def test_any_thing_has_surroundings(explorer: Explorer, slug: str, lang: str) -> None:
    view = explorer.focus(slug, lang)
    assert problems(view) == []
    assert view.focus == slug
    assert len(view.nodes) <= 120


@pytest.mark.parametrize(
    "kind", sorted({"facility", "organization", "zone", "product", "locality", "event", "person"})
)
def test_every_thing_of_the_worked_example_has_surroundings(tiny: Explorer, kind: str) -> None:
    for slug, attributes in tiny.network.nodes(data=True):
        if attributes["kind"] == kind:
            assert problems(tiny.focus(slug, "en")) == [], slug


@pytest.mark.parametrize("slug", ["no-such-thing", "group:no-such-thing:needs", ""])
def test_an_unknown_thing_is_a_key_error(explorer: Explorer, slug: str) -> None:
    with pytest.raises(KeyError):
        explorer.focus(slug)
    with pytest.raises(KeyError):
        explorer.relations(slug)
    with pytest.raises(KeyError):
        explorer.expand(slug, "makes")


# Samsung: the claim, and what the records hold


@pytest.mark.parametrize("slug", ["samsung", "samsung-electronics", "samsung-electronics-bn"])
def test_samsung_leads_to_the_claim_that_mentions_it(explorer: Explorer, slug: str) -> None:
    line = edge(explorer.focus(slug), f"{slug}|mentioned_in|claim-008")
    assert line.style == "derived"
    found = explorer.expand(slug, "mentioned_in", "out")
    assert [node.id for node in found.nodes] == ["claim-008"]


def test_an_organisation_without_claims_leads_to_none(explorer: Explorer) -> None:
    assert "mentioned_in" not in {relation.relation for relation in explorer.relations("canon")}


def test_the_records_hold_no_samsung_plant_in_the_corridor(explorer: Explorer) -> None:
    assert explorer.summary("samsung", "en").startswith("0 plants recorded in the corridor, 6 elsewhere.")
    plants = explorer.expand("samsung", "group_plants", "in").nodes
    assert {node.mark for node in plants} == {"outside"}


# Neighbours


def test_relations_are_counted(explorer: Explorer) -> None:
    counts = {(r.relation, r.direction): r.count for r in explorer.relations("lgd-trang-due", "en")}
    assert counts["missing", "out"] == 7
    assert counts["supplies", "out"] == 2
    assert ("supplies", "zzz") not in counts


def test_neighbours_come_in_pages_by_name(explorer: Explorer) -> None:
    names, after, pages = [], 0, 0
    while after is not None:
        page = explorer.expand("hai-duong", "located_in", "in", limit=50, after=after, lang="vi")
        names += [node.title.split("\n")[0].casefold() for node in page.nodes]
        after, pages = page.after, pages + 1
    assert len(names) == page.count == len({node.id for node in page.nodes}) + 50 * (pages - 1)
    assert names == sorted(names)


def test_missing_inputs_without_a_maker_come_first(explorer: Explorer) -> None:
    page = explorer.expand("lgd-trang-due", "missing", "out", lang="en")
    assert [node.mark for node in page.nodes][:2] == ["missing", "product"]
    assert {line.style for line in page.edges} == {"missing"}
    assert all(line.to_id == "lgd-trang-due" for line in page.edges)


@pytest.mark.parametrize(
    ("relation", "direction", "after", "count"),
    [("in_zone", "in", 0, 12), ("in_zone", "in", 999, 12), ("in_zone", "out", 0, 0), ("no-such", "in", 0, 0)],
)
def test_a_page_past_the_end_or_of_nothing_is_empty(
    explorer: Explorer, relation: str, direction: str, after: int, count: int
) -> None:
    page = explorer.expand("trang-due", relation, direction, after=after)
    assert page.count == count
    assert page.after is None
    assert len(page.nodes) == (count if after == 0 else 0)


@pytest.mark.parametrize(("direction", "hand"), [("out", 1), ("in", -1)])
def test_places_beside_the_centre(explorer: Explorer, direction: str, hand: int) -> None:
    relation = {"out": "makes", "in": "in_zone"}[direction]
    thing = {"out": "anphat-complex", "in": "trang-due"}[direction]
    first, second = (explorer.expand(thing, relation, direction, center=(100, 200)) for _ in range(2))
    assert first == second
    places = {(node.x, node.y) for node in first.nodes}
    assert len(places) == len(first.nodes)
    assert all(hand * ((node.x or 0) - 100) > 100 for node in first.nodes)


def test_without_a_centre_the_page_places_them(explorer: Explorer) -> None:
    assert all(node.x is None for node in explorer.expand("trang-due", "in_zone", "in").nodes)
    assert "x" not in explorer.expand("trang-due", "in_zone", "in").as_dict()["nodes"][0]


@pytest.mark.parametrize(
    "view", ["overview", "focus/lgd-trang-due", "focus/hai-duong", "focus/vinfast-cathai", "evidence"]
)
def test_groups_hold_what_they_say(explorer: Explorer, findings: Any, view: str) -> None:
    kind, _, slug = view.partition("/")
    gap = next(f.id for f in findings if f.detector == "D1" and len(f.objects) > 20)
    shown = {"overview": explorer.overview, "focus": explorer.focus, "evidence": explorer.evidence}[kind]
    drawn = shown(*[slug or gap][: kind != "overview"], "vi")
    for node in drawn.nodes:
        if node.id.startswith("group:") and node.mark != "unknown":
            (relation,) = explorer.relations(node.id, "vi")
            held = explorer.expand(node.id, relation.relation, relation.direction, limit=200, lang="vi")
            assert len(held.nodes) == held.count == relation.count, node.id
            assert held.edges


def test_only_the_edges_of_one_node_are_read(
    network: Any, findings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbours = Neighbours(network, findings)
    monkeypatch.setattr(type(network), "edges", property(lambda self: pytest.fail("scanned all edges")))
    assert neighbours.of("trang-due")


def test_every_relation_of_the_data_has_a_name_in_both_languages(network: Any) -> None:
    used = {relation for _, _, relation in network.edges(data="relation")}
    assert {(relation, way) for relation in used for way in ("out", "in")} - set(RELATIONS) == set()
    assert all(set(names) == set(LANGUAGES) for names in RELATIONS.values())


@pytest.mark.parametrize(
    ("plant", "buyer", "words"),
    [
        ("toprun-trangdue", "lg", "stated, current"),
        ("toyodagosei-nomura", "toyota-motor-vietnam", "same group, unverified\noutside the corridor"),
        ("heesung-trang-due", "lge-trang-due", "stated, unverified"),
    ],
)
def test_a_buyer_is_outside_only_where_its_place_is(
    explorer: Explorer, plant: str, buyer: str, words: str
) -> None:
    assert [node.sub for node in explorer.focus(plant, "en").nodes if node.id == buyer] == [words]


@pytest.mark.parametrize(
    ("product", "plant", "title"),
    [
        (
            "jig-fixture",
            "vinfast-cathai",
            "needs jig and fixture; no corridor supply recorded\n"
            "Recorded: AAPICO Hitech (outside the corridor; unverified)",
        ),
        ("driver-ic", "lgd-trang-due", "needs display driver IC; no corridor supply recorded"),
    ],
)
def test_a_missing_line_names_the_supply_from_elsewhere(
    explorer: Explorer, product: str, plant: str, title: str
) -> None:
    line = edge(explorer.focus(product, "en"), f"{product}|missing|{plant}")
    assert line.title.endswith(title)


def test_an_input_made_for_own_use_only_has_a_maker(explorer: Explorer, findings: Any) -> None:
    gap = next(f for f in findings if f.detector == "D1" and f.subject == "technical-fabric")
    drawn = edge(explorer.evidence(gap.id), "autoliv-songkhoai|makes|technical-fabric")
    assert drawn.style == "stated"
    view = explorer.focus(gap.objects[0], "en")
    unknown = next(n for n in view.nodes if n.id.startswith("group:technical-fabric"))
    assert (unknown.label, unknown.title) == ("no maker that sells", gap.message["en"])


# Evidence


@pytest.mark.parametrize("detector", ["D1", "D3", "D5", "D7", "D12"])
def test_evidence_of_every_detector(explorer: Explorer, findings: Any, detector: str) -> None:
    for finding in [f for f in findings if f.detector == detector][:12]:
        view = explorer.evidence(finding.id, "vi")
        assert problems(view) == [], finding.id
        assert view.title == finding.message["vi"]


def test_evidence_joins_buyers_to_what_is_missing(explorer: Explorer, findings: Any) -> None:
    finding = next(f for f in findings if f.detector == "D1" and f.subject == "driver-ic")
    view = explorer.evidence(finding.id)
    assert edge(view, "driver-ic|missing|lgd-trang-due").style == "missing"
    assert edge(view, "lgd-trang-due|makes|oled-display-module").style == "stated"
    assert [node.mark for node in view.nodes if node.id == "driver-ic"] == ["missing"]


def test_a_data_gap_shows_what_is_missing(explorer: Explorer, findings: Any) -> None:
    gaps = [finding for finding in findings if finding.detector == "D12"]
    assert {finding.objects for finding in gaps} == {("supplied_by",), ("supplies_to",), ("made_by",)}
    for finding in gaps:
        view = explorer.evidence(finding.id, "vi")
        assert problems(view) == [], finding.id
        assert len(view.nodes) >= 2, finding.id
        shown = {line.style for line in view.edges}
        assert "missing" in shown or (finding.objects == ("supplies_to",) and shown), finding.id
        assert not [line for line in view.edges if line.from_id == line.to_id], finding.id


def test_an_unknown_finding_is_a_key_error(explorer: Explorer) -> None:
    with pytest.raises(KeyError):
        explorer.evidence("d1-0000000000")


# Words


@pytest.mark.parametrize(
    ("slug", "lang", "text"),
    [
        (
            "lgd-trang-due",
            "en",
            "8 inputs needed, 1 supply link to this plant recorded. For 6 of them a plant in the corridor makes "
            "the input; for display driver IC nobody is recorded to make it for sale.",
        ),
        (
            "lgd-trang-due",
            "vi",
            "Cần 8 đầu vào, đã ghi nhận 1 nguồn cung cho nhà máy này. 6 đầu vào có nhà máy trong hành lang làm ra. "
            "Chưa ghi nhận nơi nào làm ra IC điều khiển hiển thị để bán.",
        ),
        (
            "technical-fabric",
            "en",
            "0 plants in the corridor recorded to make it for sale (recorded only: Autoliv Vietnam Co., Ltd "
            "(Song Khoai Industrial Park), for its own use, status not known). 4 plants in need with no "
            "corridor supply recorded.",
        ),
        (
            "jig-fixture",
            "vi",
            "0 nhà máy trong hành lang được ghi nhận là làm ra để bán. 1 nhà máy cần mà chưa ghi nhận nguồn "
            "cung trong hành lang; 1 nhà máy trong số đó đã ghi nhận nguồn cung khác.",
        ),
        ("trang-due", "en", "12 plants recorded, 3 of them anchor investors."),
        ("claim-008", "en", ""),
    ],
)
def test_one_sentence(explorer: Explorer, slug: str, lang: str, text: str) -> None:
    assert explorer.summary(slug, lang) == text


@pytest.mark.parametrize(
    ("slug", "lang", "limit", "name"),
    [
        ("lg-display-vn", "vi", BOX, "LG Display"),
        ("vinfast", "vi", BOX, "VinFast"),
        ("usi-vn", "en", BOX, "USI"),
        ("toto-tl2-3", "vi", BOX, "TOTO"),
        ("foxconn-qn-2024", "en", BOX, "Foxconn"),
        ("may-hung-yen", "vi", BOX, "May Hưng Yên"),
        ("trang-due", "vi", 26, "Tràng Duệ"),
        ("trang-due-2", "vi", 26, "Tràng Duệ (giai đoạn 2)"),
        ("hai-phong", "en", 26, "Hải Phòng"),
        ("ppc-hp", "vi", 26, "UBND TP Hải Phòng"),
        ("vcci", "vi", 26, "VCCI"),
        ("vehec-secretariat", "en", 26, "Secretariat"),
        ("claim-008", "vi", 26, "VEHEC được nói là có các dự\nán lớn của Samsung."),
    ],
)
def test_short_names(network: Any, slug: str, lang: str, limit: int, name: str) -> None:
    assert short_name(network, slug, lang, limit) == name


def test_no_short_name_is_empty_or_too_long_for_a_box(network: Any) -> None:
    for slug, attributes in network.nodes(data=True):
        if attributes["kind"] == "facility":
            assert 0 < len(short_name(network, slug, "vi", BOX)) <= BOX, slug


# Export


def test_the_network_becomes_plain_graphml(network: Any) -> None:
    flat = flattened(network)
    assert flat.number_of_nodes() == network.number_of_nodes()
    assert flat.number_of_edges() == network.number_of_edges()
    read = nx.parse_graphml("\n".join(nx.generate_graphml(flat, named_key_ids=True)))
    assert read.nodes["trang-due"]["label_vi"] == "Khu công nghiệp Tràng Duệ"
    assert "link-002" in {key for _, _, key in flat.edges(keys=True)}
    assert "data" not in flat.graph
