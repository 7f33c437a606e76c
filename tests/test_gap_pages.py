"""The list of gaps, its filters and files, the page of one gap, and the table behind them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from graph.findings import load_parameters
from graph.gap_table import FACETS, Filters, GapTable, UnknownValue, input_behind
from graph.gaps.build import finding_id
from graph.gaps.world import World
from web.gap_views import list_page

BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def world(network: Any) -> World:
    return World(network, load_parameters())


@pytest.fixture(scope="module")
def table(world: World, findings: Any) -> GapTable:
    return GapTable.build(world, findings)


def ids(text: str) -> list[str]:
    """Ids of the findings listed on a page, in order, each once."""
    return list(dict.fromkeys(re.findall(r'class="say" href="/gaps/([a-z0-9-]+)"', text)))


# The table


@pytest.mark.parametrize("facet", FACETS)
def test_a_count_is_what_the_filter_gives(table: GapTable, facet: str) -> None:
    counts = table.counts(Filters(), facet)
    for value in table.allowed[facet][:6]:
        assert len(table.select(Filters({facet: (value,)}))) == counts[value]


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(table: GapTable) -> None:
    either = table.select(Filters({"kind": ("D1", "D7")}))
    assert {entry.finding.detector for entry in either} == {"D1", "D7"}
    both = table.select(Filters({"kind": ("D1",), "locality": ("quang-ninh",)}))
    assert 0 < len(both) < len(either)
    assert all("quang-ninh" in entry.finding.places for entry in both)


def test_counts_of_a_facet_ignore_its_own_choice(table: GapTable) -> None:
    free, chosen = table.counts(Filters(), "kind"), table.counts(Filters({"kind": ("D1",)}), "kind")
    assert free == chosen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thep che tao", True),
        ("THÉP chế tạo", True),
        ("alloy steel", True),
        ("kyocera", True),
        ("zzzz", False),
    ],
)
def test_text_needs_no_diacritics(table: GapTable, text: str, found: bool) -> None:
    steel = [
        e for e in table.select(Filters({"kind": ("D1",)}, text)) if e.finding.subject == "special-steel"
    ]
    assert bool(steel) is found


@pytest.mark.parametrize(("facet", "value"), [("kind", "D99"), ("locality", "ha-noi"), ("zone", "nowhere")])
def test_an_unknown_value_names_what_is_allowed(table: GapTable, facet: str, value: str) -> None:
    with pytest.raises(UnknownValue) as raised:
        table.check(Filters({facet: (value,)}))
    assert raised.value.allowed == table.allowed[facet]


def test_localities_run_west_to_east(table: GapTable) -> None:
    assert table.localities == ("hung-yen", "hai-duong", "hai-phong", "quang-ninh")


def test_a_zone_filter_takes_in_phases_and_the_wider_zone(table: GapTable) -> None:
    park, wider = (
        len(table.select(Filters({"zone": (zone,)}))) for zone in ("trang-due", "dinh-vu-cat-hai-ez")
    )
    assert 0 < park < wider


def test_a_question_touches_the_plants_of_its_findings(table: GapTable) -> None:
    questions = table.select(Filters({"kind": ("D12",)}))
    assert all(entry.plants for entry in questions)
    assert all(len(entry.plants) == entry.finding.plants for entry in questions)


def test_the_product_behind_an_address_is_found_again(world: World) -> None:
    assert input_behind(world, finding_id("D1", "pcb-assembly")) == "pcb-assembly"
    assert input_behind(world, "d1-0000000000") is None


# The list


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("vi", "Chưa ghi nhận nơi nào trong hành lang sản xuất"), ("en", "No maker of")],
)
def test_the_list_reads_in_both_languages(client: Any, language: str, sentence: str) -> None:
    text = client.get(f"/gaps?lang={language}").get_data(as_text=True)
    assert f'<html lang="{language}">' in text
    assert sentence in text
    assert len(ids(text)) == 50


def test_nothing_says_that_there_is_no_supplier(client: Any) -> None:
    for language in ("vi", "en"):
        for kind in ("D1", "D3", "D5"):
            text = client.get(f"/gaps?kind={kind}&lang={language}").get_data(as_text=True).lower()
            assert "has no supplier" not in text
            assert "không có nhà cung" not in text


def test_the_lede_counts_inputs(client: Any, world: World, findings: Any) -> None:
    needed = len({product for needs in world.needs.values() for product in needs})
    missing = sum(finding.detector == "D1" for finding in findings)
    text = client.get("/gaps?lang=en").get_data(as_text=True)
    assert f"need {needed} kinds of input. For {missing} no maker that sells them" in text


def test_the_main_list_holds_listed_findings_and_says_what_it_leaves_out(client: Any, findings: Any) -> None:
    text = client.get("/gaps?lang=en").get_data(as_text=True)
    listed = [finding.id for finding in findings if finding.listed]
    assert ids(text) == listed[:50]
    opportunities = sum(finding.detector == "D3" and not finding.listed for finding in findings)
    assert f"{opportunities} needs have a recorded maker" in text
    assert "kind=D3" in text
    for kind in ("D2", "D4", "D6", "D8"):
        left = sum(finding.detector == kind and not finding.listed for finding in findings)
        assert re.search(rf'href="[^"]*kind={kind}">[^<]+</a> \({left}\)', text), kind


def test_a_chosen_kind_shows_unlisted_findings_as_matches_to_check(client: Any) -> None:
    text = client.get("/gaps?kind=D3&lang=en").get_data(as_text=True)
    assert all(gap.startswith("d3-") for gap in ids(text))
    assert "Matches to check are not gaps" in text
    assert "Matches to check are not gaps" not in client.get("/gaps?kind=D1&lang=en").get_data(as_text=True)


def test_pages_follow_each_other(client: Any, findings: Any) -> None:
    listed = [finding.id for finding in findings if finding.listed]
    assert ids(client.get("/gaps?page=2").get_data(as_text=True)) == listed[50:100]
    text = client.get("/gaps?kind=D1&page=2&lang=en").get_data(as_text=True)
    assert 'rel="prev"' in text
    assert 'rel="next"' not in text


@pytest.mark.parametrize(
    "query", ["kind=D99", "locality=ha-noi", "criticality=high", "basis=x", "label=sure", "listed=maybe", "page=0",
              "page=x", "buyer=nobody", "zone=nowhere", "kind=%3Cscript%3E"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/gaps", "/gaps.json", "/gaps.csv"])
def test_an_unknown_filter_value_is_refused(client: Any, path: str, query: str) -> None:
    if query.startswith("page") and path != "/gaps":
        return
    answer = client.get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["parameter"] == query.split("=")[0]
    page = client.get(f"{path}?{query}", headers=BROWSER)
    assert page.status_code == 400
    assert "<script>" not in page.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/gaps", "/gaps.json", "/gaps.csv"])
@pytest.mark.parametrize("name", ["detectors", "Kind", "province"])
def test_an_unknown_filter_is_refused(client: Any, path: str, name: str) -> None:
    answer = client.get(f"{path}?{name}=D1", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == name
    assert {"kind", "detector", "q", "page", "lang"} <= set(answer.get_json()["allowed"])
    page = client.get(f"{path}?{name}=D1&lang=en", headers=BROWSER)
    assert page.status_code == 400
    assert f"There is no filter “{name}”" in page.get_data(as_text=True)


@pytest.mark.parametrize("query", ["detector=D7", "detector=D7&kind=D7", "kind=D7&lang=en&q="])
def test_detector_is_another_name_of_kind(client: Any, query: str) -> None:
    assert client.get(f"/gaps.json?{query}").get_json() == client.get("/gaps.json?kind=D7").get_json()
    assert client.get("/gaps.json?detector=D99").status_code == 400


def test_a_refusal_says_what_is_allowed(client: Any) -> None:
    answer = client.get("/gaps.json?label=sure").get_json()
    assert answer["allowed"] == ["likely_absent", "possibly_absent", "unknown", "present"]


def test_an_empty_result_is_said_in_words(client: Any) -> None:
    text = client.get("/gaps?q=zzzzzz&lang=en").get_data(as_text=True)
    assert ids(text) == []
    assert "No gap passes these filters" in text


def test_the_links_to_files_keep_the_filters(client: Any) -> None:
    text = client.get("/gaps?kind=D1&locality=hung-yen&q=thep").get_data(as_text=True)
    link = re.search(r'href="(/gaps\.json\?[^"]+)"', text)
    assert link
    answer = client.get(link[1].replace("&amp;", "&")).get_json()
    assert [finding["id"] for finding in answer["findings"]] == ids(text)


# The files


def test_json_repeats_the_findings(client: Any, findings: Any) -> None:
    answer = client.get("/gaps.json").get_json()
    assert answer["total"] == len(findings) == len(answer["findings"])
    assert answer["findings"][0] == json.loads(json.dumps(findings[0].as_dict()))


# One gap


@pytest.mark.parametrize("detector", ["D1", "D3", "D5", "D7", "D12"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_gap_shows_all_of_its_evidence(client: Any, findings: Any, detector: str, language: str) -> None:
    finding = next(finding for finding in findings if finding.detector == detector)
    answer = client.get(f"/gaps/{finding.id}?lang={language}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in (finding.flip, *(p.text for p in finding.evidence), *(r.text for r in finding.remedies)):
        assert escaped(words[language]) in text
    for source in {source for premise in finding.evidence for source in premise.sources}:
        assert f'href="/page/{source}"' in text
    assert f"gap={finding.id}" in text
    assert "/sparql?query=" in text


def escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )


def test_severity_and_confidence_stand_apart(client: Any, findings: Any) -> None:
    finding = next(finding for finding in findings if finding.detector == "D1")
    text = client.get(f"/gaps/{finding.id}?lang=vi").get_data(as_text=True)
    shown = re.findall(r"</svg>(\d,\d\d)", text)
    assert shown[:2] == [f"{value:.2f}".replace(".", ",") for value in (finding.severity, finding.confidence)]


@pytest.mark.parametrize(
    ("product", "alarm"),
    [("driver-ic", "No maker recorded"), ("technical-fabric", "No maker that sells it recorded")],
)
def test_a_missing_input_says_whether_anyone_makes_it(client: Any, product: str, alarm: str) -> None:
    text = client.get(f"/gaps/{finding_id('D1', product)}?lang=en").get_data(as_text=True)
    assert f">{alarm}<" in text


def test_an_unknown_gap_is_not_found(client: Any) -> None:
    assert client.get("/gaps/d1-0000000000", headers=BROWSER).status_code == 404
    assert client.get("/gaps/x", headers={"Accept": "application/json"}).status_code == 404


def test_a_filled_gap_keeps_its_address_and_names_the_makers(client: Any) -> None:
    answer = client.get(f"/gaps/{finding_id('D1', 'pcb-assembly')}?lang=en", headers=BROWSER)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 410
    assert "A maker of printed circuit board assembly is recorded now." in text
    assert "/page/haengsung-trangdue" in text


@pytest.mark.parametrize(
    ("detector", "counts"), [("D1", True), ("D2", False), ("D7", True), ("D10", False), ("D11", False)]
)
def test_the_prior_is_shown_where_it_enters(client: Any, findings: Any, detector: str, counts: bool) -> None:
    finding = next(finding for finding in findings if finding.detector == detector)
    page = client.get(f"/gaps/{finding.id}?lang=en").get_data(as_text=True)
    assert ("If the prior belief that there is none were" in page) is counts
    assert ("Prior belief that there is none" in page) is counts


@pytest.mark.parametrize(
    ("detector", "grades", "words"),
    [
        ("D1", "B", "Need stated by a source."),
        ("D1", "C", "Need by our own judgement."),
        ("D10", "BC", "From records with a source."),
        ("D11", "BC", "From records with a source."),
    ],
)
def test_a_gap_says_in_words_what_it_rests_on(
    client: Any, findings: Any, detector: str, grades: str, words: str
) -> None:
    found = (f for f in findings if f.detector == detector and f.grade in grades)
    assert words in client.get(f"/gaps/{next(found).id}?lang=en").get_data(as_text=True)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_maker_next_door_is_named_once(app: Any, findings: Any, language: str) -> None:
    with app.test_request_context(f"/gaps?lang={language}"):
        rows = list_page(Filters({"kind": ("D1",)}), 1).rows
    assert any(row.finding.neighbours for row in rows)
    assert not any(row.elsewhere for row in rows)


@pytest.mark.parametrize(
    ("asked", "said", "sheet"),
    [
        ("zone=trang-due", "Only what touches Trang Due Industrial Park.", "trang-due"),
        (
            "zone=trang-due&buyer=lge-trang-due",
            "Only what touches Trang Due Industrial Park",
            "lge-trang-due",
        ),
        ("locality=hai-phong", "", "hai-phong"),
        ("locality=hai-phong&locality=hai-duong", "", ""),
        ("kind=D1", "", ""),
    ],
)
def test_a_narrowed_list_says_so_and_leads_to_its_sheet(
    client: Any, asked: str, said: str, sheet: str
) -> None:
    text = client.get(f"/gaps?lang=en&{asked}", headers=BROWSER).text
    assert (said in text) if said else ("Only what touches" not in text)
    assert re.findall(r'href="/page/([a-z0-9-]+)/gaps', text) == ([sheet] if sheet else [])


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("zone=trang-due", "Trang Due Industrial Park"),
        ("buyer=lge-trang-due", "LG Electronics"),
        ("locality=hai-phong&kind=D1", "Hải Phòng"),
        ("pair=hai-phong.hai-duong", "Hải Phòng to Hải Dương"),
        ("", ""),
        ("kind=D1", ""),
    ],
)
def test_a_list_narrowed_to_a_place_says_that_its_rows_count_the_corridor(
    client: Any, asked: str, place: str
) -> None:
    text = client.get(f"/gaps?lang=en&{asked}", headers=BROWSER).text
    lede = text.partition('class="lede">')[2].partition("</p>")[0]
    assert ("count the whole corridor, not only" in lede) is bool(place)
    assert place in lede
    if place:
        vietnamese = client.get(f"/gaps?lang=vi&{asked}", headers=BROWSER).text
        assert "tính cho toàn hành lang, không chỉ riêng" in vietnamese


def test_a_service_is_provided_and_goods_are_produced(network: Any, findings: Any) -> None:
    missing = {f.subject: f.message["vi"] for f in findings if f.detector == "D1"}
    services = {product for product in missing if network.nodes[product]["level"] == "service"}
    assert 0 < len(services) < len(missing)
    for product, message in missing.items():
        verb, other = ("cung cấp", "sản xuất") if product in services else ("sản xuất", "cung cấp")
        told = message.partition(";")[0]
        assert f"trong hành lang {verb} " in told, product
        assert f"trong hành lang {other} " not in told, product


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ("Display driver IC", r"<b>A</b><span>Samsung Display"),
        ("Refrigerant", "<small>our judgement</small>"),
    ],
)
def test_a_sheet_names_who_says_that_an_input_is_needed(client: Any, need: str, said: str) -> None:
    rows = client.get("/page/trang-due/gaps?lang=en", headers=BROWSER).text.split("<tr>")
    assert said in next(row for row in rows if f">{need}</a>" in row)


def test_only_a_missing_input_has_the_mark_of_one(client: Any) -> None:
    items = client.get("/page/trang-due?lang=en", headers=BROWSER).text.split('<ul class="gl">')[1]
    marked = {bool("m-missing" in item): item for item in items.split("</ul>")[0].split("<li>")[1:]}
    assert "no maker recorded" in marked[True] and "no maker recorded" not in marked[False]
