"""What the findings of D1, D3, D5 and D7 say: remedies, sentences, premises."""

from __future__ import annotations

import pytest

from graph.gaps.evidence import link_absence
from graph.gaps.world import World
from tests.gaps.changes import (
    PARAMETERS,
    Change,
    at_distance,
    changed,
    link,
    made,
    measured,
    not_started,
    status_of,
    without_glue,
)
from tests.t20 import add_facility, found, sure, t20


@pytest.mark.parametrize(("isic4", "kind"), [("0810", "ask"), ("2610", "attract")])
def test_nobody_is_invited_to_make_what_is_mined(isic4: str, kind: str) -> None:
    network = t20()
    network.nodes["prod-lens"]["isic4"] = isic4
    assert sure(found(network, "D1", "prod-lens")).remedies[0].kind == kind


def test_needs_of_an_anchor_name_the_sources_of_the_requirement() -> None:
    network = t20()
    for _, _, data in network.edges(data=True):
        data["sources"] = ("row-source",) if data["relation"] == "requires" else ("plant-source",)
    needs = [
        premise for premise in sure(found(network, "D5", "plant-n")).evidence if premise.relation == "needs"
    ]
    assert {premise.sources for premise in needs} == {("row-source",)}


def test_plant_with_a_vague_product_is_asked_not_upgraded() -> None:
    network = t20()
    made("plant-h", "prod-optics")(network)
    first = sure(found(network, "D1", "prod-lens")).remedies[0]
    assert (first.kind, first.facility) == ("ask", "plant-h")
    assert "recorded only as making optics" in first.text["en"]


@pytest.mark.parametrize(("occupancy", "named"), [(60.0, True), (0.0, True), (100.0, False), (None, False)])
def test_investment_target_names_zones_with_room(occupancy: float | None, named: bool) -> None:
    network = t20()
    for node, lat in (("plant-j", 21.0), ("park-k2", 21.1)):
        network.nodes[node].update(lat=lat, lon=106.0)
    network.nodes["park-k2"].update(locality_stated="hp", status="operating", occupancy=occupancy)
    target = sure(found(network, "D1", "prod-lens")).remedies[0]
    assert (target.kind, target.zone) == ("attract", "park-k2" if named else None)
    assert (f"({occupancy or 0:.0f}% full" in target.text["en"]) is named


def test_nearest_recorded_makers_elsewhere_are_named() -> None:
    network = t20()
    network.nodes["plant-j"].update(lat=21.0, lon=106.0)
    for plant, lat in (("plant-far", 23.0), ("plant-near", 21.5)):
        add_facility(network, plant, ["prod-lens"], "bac-ninh", inside=False, lat=lat, lon=106.0)
    remedies = sure(found(network, "D1", "prod-lens")).remedies
    assert [(r.kind, r.facility) for r in remedies[1:]] == [
        ("outside_maker", "plant-near"),
        ("outside_maker", "plant-far"),
    ]


def test_plant_that_makes_the_input_for_itself_is_asked_first() -> None:
    network = t20()
    made("plant-h", "prod-lens", own_use=True)(network)
    first = sure(found(network, "D1", "prod-lens")).remedies[0]
    assert (first.kind, first.facility, first.parts["proximity"]) == ("ask", "plant-h", 1.0)


@pytest.mark.parametrize(
    ("changes", "english", "vietnamese"),
    [
        pytest.param(
            [],
            "No maker of glue is recorded in the corridor; 1 plant needs it, as a common input.",
            "Chưa ghi nhận nơi nào trong hành lang sản xuất glue; 1 nhà máy cần, ở mức thường dùng.",
            id="nobody",
        ),
        pytest.param(
            [made("plant-l", "prod-glue", True)],
            "No maker that sells glue is recorded in the corridor; 1 plant needs it, as a common input "
            "(recorded only: Plant L, for its own use).",
            "Chưa ghi nhận nơi nào trong hành lang sản xuất glue để bán; 1 nhà máy cần, ở mức thường dùng "
            "(mới ghi nhận: Plant L, để tự dùng).",
            id="own use",
        ),
        pytest.param(
            [made("plant-l", "prod-glue", True), status_of("plant-l", "licensed")],
            "No maker that sells glue is recorded in the corridor; 1 plant needs it, as a common input "
            "(recorded only: Plant L, for its own use, licensed).",
            "Chưa ghi nhận nơi nào trong hành lang sản xuất glue để bán; 1 nhà máy cần, ở mức thường dùng "
            "(mới ghi nhận: Plant L, để tự dùng, đã được cấp phép).",
            id="own use, licensed",
        ),
        pytest.param(
            [made("plant-l", "prod-glue"), status_of("plant-l", "mou")],
            "No maker that sells glue is recorded in the corridor; 1 plant needs it, as a common input "
            "(recorded only: Plant L, memorandum only).",
            "Chưa ghi nhận nơi nào trong hành lang sản xuất glue để bán; 1 nhà máy cần, ở mức thường dùng "
            "(mới ghi nhận: Plant L, mới có biên bản ghi nhớ).",
            id="memorandum",
        ),
        pytest.param(
            [made("plant-l", "prod-glue"), not_started("plant-l")],
            "No maker of glue is recorded in the corridor; 1 plant needs it, as a common input.",
            "Chưa ghi nhận nơi nào trong hành lang sản xuất glue; 1 nhà máy cần, ở mức thường dùng.",
            id="not started",
        ),
    ],
)
def test_a_missing_input_names_makers_that_do_not_sell(
    changes: list[Change], english: str, vietnamese: str
) -> None:
    finding = sure(found(changed(without_glue, *changes), "D1", "prod-glue"))
    assert finding.message == {"vi": vietnamese, "en": english}
    makers = {premise.subject for premise in finding.evidence if premise.object == "prod-glue"}
    assert ("plant-l" in makers) is ("Plant L" in english)
    absence = next(premise for premise in finding.evidence if premise.relation == "made_by")
    assert ("that sells" in absence.text["en"]) is ("that sells" in english)


@pytest.mark.parametrize(
    ("changes", "product", "english"),
    [
        pytest.param(
            [],
            "prod-lens",
            "The one recorded supply link of lens with a known place of supply comes from outside the corridor (Imports X), for 1 plant. No maker that sells it is recorded in "
            "the corridor.",
            id="one link",
        ),
        pytest.param(
            [],
            "prod-resin",
            "2 of the 2 recorded supply links of resin with a known place of supply come from outside the corridor (Imports X), for 2 plants. No maker that sells it is "
            "recorded in the corridor.",
            id="two links",
        ),
        pytest.param(
            [link("outside-x", "plant-b", "prod-panel")],
            "prod-panel",
            "1 of the 3 recorded supply links of panel with a known place of supply comes from outside the corridor (Imports X), for 1 plant. 1 plant in the corridor is "
            "recorded to make it for sale.",
            id="one of three",
        ),
        pytest.param(
            [link("outside-x", "plant-h", "prod-lens", status="planned")],
            "prod-lens",
            "The one recorded supply link of lens with a known place of supply comes from outside the corridor (Imports X), for 1 plant. Not counted: 1 other recorded link of "
            "it (other buyers, place of supply not known, planned or ended). No maker that sells it is "
            "recorded in the corridor.",
            id="and a planned one",
        ),
        pytest.param(
            [
                link("outside-x", "plant-h", "prod-lens"),
                status_of("plant-h", "mou"),
                link("plant-l", "outside-x", "prod-lens"),
                made("plant-l", "prod-lens", True),
            ],
            "prod-lens",
            "The one recorded supply link of lens with a known place of supply comes from outside the corridor (Imports X), for 1 plant. Not counted: 2 other recorded links of "
            "it (other buyers, place of supply not known, planned or ended). No maker that sells it is "
            "recorded in the corridor (recorded only: Plant L, for its own use).",
            id="and two to others",
        ),
    ],
)
def test_outside_dependence_counts_exactly(changes: list[Change], product: str, english: str) -> None:
    assert sure(found(changed(*changes), "D7", product)).message["en"] == english


def test_outside_dependence_is_as_sure_as_its_least_sure_link() -> None:
    one_source = link("outside-x", "plant-b", "prod-pcb", sources=("one",))
    two_sources = link("outside-x", "plant-a", "prod-pcb", sources=("one", "two"))
    finding = sure(found(changed(one_source, two_sources), "D7", "prod-pcb"))
    assert finding.objects == ("plant-a", "plant-b")
    assert finding.formula["premise_confidence"] == 0.7


def test_outside_dependence_takes_the_lowest_coverage_of_its_buyers() -> None:
    parameters = measured(supplied_by__plant_d=0.3, supplied_by__plant_g=0.7)
    assert sure(found(t20(), "D7", "prod-resin", None, parameters)).formula["coverage"] == 0.3


def test_an_anchor_is_offered_the_best_match_first_whatever_it_is_for() -> None:
    """The common need has a plant next door, the core need one far away."""
    network = changed(at_distance("plant-b", "plant-l", 100))
    network.nodes["plant-g"].update(lat=21.0, lon=106.0)
    network.nodes["plant-h"].update(lat=23.0, lon=106.0)
    remedies = sure(found(network, "D5", "plant-b")).remedies
    scores = [remedy.score or 0.0 for remedy in remedies]
    assert remedies[0].facility == "plant-g"
    assert "plant-l" in [remedy.facility for remedy in remedies]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


@pytest.mark.parametrize(
    ("product", "further"), [("prod-panel", True), ("prod-pcb", False)], ids=["one is recorded", "none is"]
)
def test_an_absence_beside_a_recorded_supplier_is_of_further_ones(product: str, further: bool) -> None:
    premise = link_absence(World(t20(), PARAMETERS), "plant-b", (product,))
    assert ("no further corridor supplier" in premise.text["en"]) is further
    assert ("chưa ghi nhận thêm nguồn cung" in premise.text["vi"]) is further


@pytest.mark.parametrize(
    ("facts", "basis", "sources"),
    [
        ({"employees_sources": ("one", "two")}, "employees", ("one", "two")),
        ({"employees": None, "capital": 5.0, "capital_sources": ("three",)}, "capital", ("three",)),
        ({"employees": None}, "median", ()),
    ],
)
def test_a_size_is_credited_to_the_sources_that_state_it(
    facts: dict[str, object], basis: str, sources: tuple[str, ...]
) -> None:
    network = changed(lambda network: network.nodes["plant-b"].update(facts))
    premises = sure(found(network, "D5", "plant-b")).evidence
    size = next(premise for premise in premises if premise.relation == "size")
    assert (size.status, size.sources) == (basis, sources)
