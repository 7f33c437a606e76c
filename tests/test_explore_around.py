"""Surroundings of a thing and the evidence of a finding, on the real data and on the worked example."""

from __future__ import annotations

from typing import Any

import pytest

from graph.explore import Explorer
from tests.pictures import edge, problems

LANGUAGES = ("vi", "en")


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


@pytest.mark.parametrize(
    ("slug", "distances"),
    [
        ("trang-due", {"dinh-vu-port": "42 km", "ha-noi-hai-phong-expressway": "6 km"}),
        ("dinh-vu-port", {"trang-due": "42 km"}),
        ("lgd-trang-due", {}),
    ],
)
def test_a_distance_stands_with_the_name_and_not_on_the_line(
    explorer: Explorer, slug: str, distances: dict[str, str]
) -> None:
    view = explorer.focus(slug, "en")
    stated = {node.id: node.sub for node in view.nodes if (node.sub or "").endswith(" km")}
    assert stated.items() >= distances.items()
    assert stated.keys() == {
        end
        for line in view.edges
        if line.relation == "access"
        for end in (line.from_id, line.to_id)
        if end != slug
    }
    assert not any(line.label for line in view.edges if line.relation == "access")


def test_units_of_one_name_are_told_apart_in_the_list(explorer: Explorer) -> None:
    view = explorer.focus("trang-due-3", "vi")
    rows = [
        (item.label, item.sub)
        for section in view.sections
        for item in section.items
        if item.kind == "locality"
    ]
    assert rows == [
        ("Thành phố Hải Phòng", "trước 01.07.2025"),
        ("Thành phố Hải Phòng", "từ 01.07.2025"),
    ]


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
