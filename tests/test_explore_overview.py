"""The overview, the words of the picture, and the network for graph tools."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from graph.explore import Explorer
from graph.explore.exchange import flattened
from graph.explore.short_names import BOX, short_name
from graph.layout import plants_by_zone
from graph.projection import project
from tests.pictures import edge, ids, problems

LANGUAGES = ("vi", "en")


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


@pytest.mark.parametrize(
    ("reading", "boards"),
    [
        ("agreement", {"hy-iza", "hd-iza", "heza", "qeza"}),
        ("units", {"hy-iza", "heza", "qeza"}),
    ],
)
def test_a_committee_stands_over_a_board_of_its_own(corridor: Any, reading: str, boards: set[str]) -> None:
    view = Explorer(project(corridor, as_of="2026-01-01", reading=reading), ()).overview("en")
    assert {node.id for node in view.nodes if node.mark == "board"} == boards


def test_the_overview_is_built_once(explorer: Explorer) -> None:
    assert explorer.overview("vi") is explorer.overview("vi")
    assert explorer.overview("vi") is not explorer.overview("en")


def test_the_worked_example_and_nothing_have_an_overview(tiny: Explorer) -> None:
    assert problems(tiny.overview("vi")) == []
    assert {band.id for band in tiny.overview("vi").bands} == {"hd", "hp", "hy", "qn"}
    assert Explorer(nx.MultiDiGraph(), ()).overview("en").things == 0


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
            "Cần 8 loại đầu vào, đã ghi nhận 1 nguồn cung cho nhà máy này. Trong hành lang đã có nơi sản xuất 6 loại. "
            "Chưa ghi nhận nơi nào sản xuất IC điều khiển hiển thị để bán.",
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
            "Chưa ghi nhận nhà máy nào trong hành lang sản xuất để bán. 1 nhà máy cần mà chưa ghi nhận nguồn "
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
    assert flat.graph.keys().isdisjoint({"data", "divisions", "sections"})
