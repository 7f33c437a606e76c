"""The detectors on the worked example: the values printed for D1, D3, D5, D7, D12 in gap-spec section 3."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace

import networkx as nx
import pytest

from graph.findings import find_gaps, load_parameters
from graph.gaps.evidence import link_absence
from graph.gaps.parameters import Coverage, Parameters
from graph.gaps.world import World
from tests.t20 import FIXTURES, add_facility, edge, found, named, require, supply, sure, t20

PARAMETERS = load_parameters()
CERTAIN = replace(
    PARAMETERS,
    confidence=replace(PARAMETERS.confidence, premise=dict.fromkeys(PARAMETERS.confidence.premise, 1.0)),
)


def measured(parameters: Parameters = PARAMETERS, **coverage: float) -> Parameters:
    """Parameters with measured coverage, by `<relation>__<subject with underscores>`."""
    rows = {}
    for key, value in coverage.items():
        relation, subject = key.split("__")
        rows[relation, subject.replace("_", "-")] = Coverage(value, "audit")
    return replace(parameters, measured=rows)


def test_findings_of_the_worked_example_are_exactly_the_expected_rows() -> None:
    shown = {"D1", "D3", "D5", "D7"}
    with (FIXTURES / "t20-expected.csv").open(encoding="utf-8") as lines:
        expected = {
            (row["detector"], row["subject"], row["objects"], float(row["severity"]))
            for row in csv.DictReader(lines)
            if row["detector"] in shown
        }
    actual = {
        (finding.detector, finding.subject, "|".join(finding.objects), round(finding.severity, 4))
        for finding in find_gaps(t20(), PARAMETERS, shown)
    }
    assert actual == expected


# Flips: one change to the world, then the severity of one finding, or None for no finding.

Change = Callable[[nx.MultiDiGraph], object]


def unchanged(network: nx.MultiDiGraph) -> None:
    """The world as printed."""


def without_glue(network: nx.MultiDiGraph) -> None:
    network.remove_edge("plant-e", "prod-glue")


def status_of(facility: str, status: str) -> Change:
    return lambda network: network.nodes[facility].update(status=status)


def not_started(facility: str) -> Change:
    return lambda network: network.nodes[facility].update(active=False)


def link(supplier: str, buyer: str, product: str | None, **facts: object) -> Change:
    return lambda network: supply(network, supplier, buyer, product, **facts)


def made(facility: str, product: str, own_use: bool = False) -> Change:
    return lambda network: edge(network, facility, product, "makes", own_use=own_use)


def same_group(one: str, other: str) -> Change:
    return lambda network: network.nodes[one].update(group=network.nodes[other]["group"])


def at_distance(one: str, other: str, km: float) -> Change:
    def place(network: nx.MultiDiGraph) -> None:
        network.nodes[one].update(lat=21.0, lon=106.0)
        network.nodes[other].update(lat=21.0 + km / 111.19508, lon=106.0)

    return place


def optional_row(network: nx.MultiDiGraph) -> None:
    edge(network, "prod-tv", "prod-electronics", "broader", key="again")
    require(network, "prod-electronics", "prod-resin", 1.0)
    require(network, "prod-tv", "prod-resin", 0.0)


def organisation(network: nx.MultiDiGraph, place: str | None, supplier: str = "org-s") -> None:
    network.add_node(supplier, kind="organization", subkind="company", label=named("S"), locality=None)
    supply(network, supplier, "plant-b", "prod-pcb", supplier_place=place)


def from_place(place: str | None) -> Change:
    return lambda network: organisation(network, place)


@pytest.mark.parametrize(
    ("change", "detector", "subject", "thing", "severity"),
    [
        pytest.param(unchanged, "D1", "prod-resin", None, 0.75, id="resin has two buyers"),
        pytest.param(unchanged, "D1", "prod-lens", None, 0.5, id="lens has one"),
        pytest.param(unchanged, "D1", "prod-glue", None, None, id="glue is made"),
        pytest.param(without_glue, "D1", "prod-glue", None, 0.25, id="glue is no longer made"),
        pytest.param(status_of("plant-e", "ended"), "D1", "prod-glue", None, 0.25, id="an ended maker"),
        pytest.param(status_of("plant-e", "mou"), "D1", "prod-glue", None, 0.25, id="a maker by memorandum"),
        pytest.param(
            status_of("plant-e", "planned"), "D1", "prod-glue", None, None, id="a planned maker counts"
        ),
        pytest.param(
            status_of("plant-n", "mou"), "D1", "prod-battery", None, None, id="a memorandum needs nothing"
        ),
        pytest.param(
            made("plant-l", "prod-lens", True), "D1", "prod-lens", None, 0.5, id="own use supplies nobody"
        ),
        pytest.param(
            made("plant-j", "prod-lens", True), "D1", "prod-lens", None, None, id="own product is no need"
        ),
        pytest.param(
            optional_row, "D1", "prod-resin", "plant-b", None, id="optional row nearer to the product wins"
        ),
        pytest.param(not_started("plant-e"), "D1", "prod-glue", None, 0.25, id="a maker not started"),
        pytest.param(not_started("plant-n"), "D1", "prod-battery", None, None, id="not started, no needs"),
        pytest.param(unchanged, "D3", "plant-a", "prod-pcb", 1.0, id="pcb for A"),
        pytest.param(unchanged, "D3", "plant-a", "prod-panel", None, id="C is recorded"),
        pytest.param(
            link("plant-l", "plant-b", "prod-pcb"), "D3", "plant-b", "prod-pcb", None, id="L linked to B"
        ),
        pytest.param(
            link("plant-l", "plant-b", "prod-pcb", status="planned"),
            "D3",
            "plant-b",
            "prod-pcb",
            1.0,
            id="only planned",
        ),
        pytest.param(
            link("plant-l", "plant-b", "prod-pcb", status="ended"),
            "D3",
            "plant-b",
            "prod-pcb",
            1.0,
            id="ended",
        ),
        pytest.param(
            link("plant-l", "plant-b", None), "D3", "plant-b", "prod-pcb", 1.0, id="link without product"
        ),
        pytest.param(
            link("outside-x", "plant-b", "prod-pcb"), "D3", "plant-b", "prod-pcb", 1.0, id="bought outside"
        ),
        pytest.param(from_place("qn"), "D3", "plant-b", "prod-pcb", None, id="a local firm without a plant"),
        pytest.param(from_place("korea"), "D3", "plant-b", "prod-pcb", 1.0, id="a foreign firm"),
        pytest.param(from_place("unknown"), "D3", "plant-b", "prod-pcb", 1.0, id="a firm of unknown place"),
        pytest.param(
            at_distance("plant-l", "plant-a", 60), "D3", "plant-a", "prod-pcb", 0.7744, id="L at 60 km"
        ),
        pytest.param(
            same_group("plant-l", "plant-a"), "D3", "plant-a", "prod-pcb", None, id="L of the group of A"
        ),
        pytest.param(
            same_group("plant-l", "plant-a"), "D3", "plant-b", "prod-pcb", 1.0, id="but still for B"
        ),
        pytest.param(unchanged, "D5", "plant-n", None, 0.6, id="N has nothing to link to"),
        pytest.param(unchanged, "D5", "plant-b", None, 0.6667, id="B is weak"),
        pytest.param(unchanged, "D5", "plant-a", None, None, id="A has 0.625"),
        pytest.param(
            link("plant-l", "plant-b", "prod-pcb"), "D5", "plant-b", None, None, id="B now has 0.667"
        ),
        pytest.param(made("plant-l", "prod-harness"), "D5", "plant-n", None, 1.0, id="N could link to L"),
        pytest.param(unchanged, "D7", "prod-resin", None, 0.75, id="resin from outside"),
        pytest.param(unchanged, "D7", "prod-panel", None, None, id="panel is local"),
        pytest.param(
            link("outside-x", "plant-b", "prod-pcb"), "D7", "prod-pcb", None, 0.5, id="pcb from outside"
        ),
        pytest.param(
            link("outside-x", "plant-b", "prod-panel"),
            "D7",
            "prod-panel",
            None,
            1 / 3 / 2,
            id="one link of three",
        ),
        pytest.param(
            link("outside-x", "plant-b", "prod-pcb", status="planned"),
            "D7",
            "prod-pcb",
            None,
            None,
            id="planned import",
        ),
        pytest.param(from_place("korea"), "D7", "prod-pcb", None, 0.5, id="a firm abroad"),
        pytest.param(from_place("hp-new"), "D7", "prod-pcb", None, None, id="a firm in a successor unit"),
        pytest.param(
            from_place("viet-nam"), "D7", "prod-pcb", None, None, id="a place that may be the corridor"
        ),
        pytest.param(from_place(None), "D7", "prod-pcb", None, None, id="no place"),
        pytest.param(
            link("outside-x", "plant-h", "prod-pcb"), "D7", "prod-pcb", None, None, id="no recorded need"
        ),
    ],
)
def test_severity_after_a_change(
    change: Change, detector: str, subject: str, thing: str | None, severity: float | None
) -> None:
    network = t20()
    change(network)
    finding = found(network, detector, subject, thing)
    assert (finding and finding.severity) == (severity and pytest.approx(severity, abs=5e-5))


def test_ended_plant_in_the_middle_raises_no_other_gaps() -> None:
    network = t20()
    status_of("plant-d", "ended")(network)
    assert sure(found(network, "D1", "prod-resin")).objects == ("plant-g",)


def test_narrower_product_covers_a_need_and_a_row_on_a_broader_product_holds() -> None:
    network = t20()
    network.add_node("prod-oled-tv", kind="product", label=named("OLED tv"), sources=())
    edge(network, "prod-oled-tv", "prod-tv", "broader")
    add_facility(network, "plant-o", ["prod-oled-tv"], "hp")
    assert World(network, PARAMETERS).needs["plant-o"]["prod-panel"].criticality == 1.0
    require(network, "prod-ev", "prod-tv", 0.5)
    assert sure(found(network, "D3", "plant-n", "prod-tv")).formula["candidates"] == 2


def test_strongest_of_several_products_wins() -> None:
    network = t20()
    made("plant-b", "prod-camera")(network)
    require(network, "prod-camera", "prod-housing", 1.0)
    assert sure(found(network, "D3", "plant-b", "prod-housing")).criticality == 1.0


@pytest.mark.parametrize(
    ("detector", "subject", "thing", "parameters", "confidence", "label", "listed"),
    [
        ("D1", "prod-lens", None, PARAMETERS, 0.6094, "possibly_absent", True),
        ("D1", "prod-lens", None, measured(made_by__prod_lens=0.7), 0.8457, "likely_absent", True),
        ("D3", "plant-b", "prod-pcb", CERTAIN, 0.5438, "unknown", False),
        (
            "D3",
            "plant-b",
            "prod-pcb",
            measured(CERTAIN, supplied_by__plant_b=0.3),
            0.6387,
            "possibly_absent",
            True,
        ),
        ("D3", "plant-b", "prod-pcb", measured(CERTAIN, supplied_by__hy=0.7), 0.8457, "likely_absent", True),
        ("D3", "plant-b", "prod-pcb", PARAMETERS, 0.7 * 0.5438, "unknown", False),
        ("D5", "plant-n", None, PARAMETERS, 0.5438, "unknown", False),
        ("D7", "prod-resin", None, PARAMETERS, 0.7 * 0.5438, "unknown", True),
        ("D12", "plant-b", "supplied_by", PARAMETERS, 1.0, "unknown", True),
    ],
)
def test_confidence_label_and_listing(
    detector: str,
    subject: str,
    thing: str | None,
    parameters: Parameters,
    confidence: float,
    label: str,
    listed: bool,
) -> None:
    finding = sure(found(t20(), detector, subject, thing, parameters))
    assert finding.confidence == pytest.approx(confidence, abs=5e-5)
    assert (finding.label, finding.listed) == (label, listed)


@pytest.mark.parametrize(("sources", "premise"), [((), 0.4), (("one",), 0.7), (("one", "two"), 0.9)])
def test_missed_match_is_as_sure_as_the_make_statement(sources: tuple[str, ...], premise: float) -> None:
    network = t20()
    for *_, data in network.out_edges("plant-l", data=True):
        data["sources"] = sources
    assert sure(found(network, "D3", "plant-a", "prod-pcb")).formula["premise_confidence"] == premise


def test_unverified_link_is_never_corroborated() -> None:
    network = t20()
    link("outside-x", "plant-b", "prod-pcb", status="unverified", sources=("one", "two"))(network)
    assert sure(found(network, "D7", "prod-pcb")).formula["premise_confidence"] == 0.7


@pytest.mark.parametrize(
    ("as_of", "subject", "thing", "flags"),
    [
        ("2025-06-30", "plant-j", "prod-glue", ("cross_province", "was_cross_province")),
        ("2025-07-01", "plant-j", "prod-glue", ("was_cross_province",)),
        ("2025-06-30", "plant-b", "prod-housing", ()),
        ("2025-07-01", "plant-a", "prod-pcb", ("cross_province", "was_cross_province")),
    ],
)
def test_cross_province_flags_follow_the_merger(
    as_of: str, subject: str, thing: str, flags: tuple[str, ...]
) -> None:
    assert sure(found(t20(as_of), "D3", subject, thing)).flags == flags


def test_only_housing_for_b_has_a_candidate_in_the_same_province() -> None:
    near = [f for f in find_gaps(t20(), PARAMETERS, ["D3"]) if "cross_province" not in f.flags]
    assert [(finding.subject, finding.objects) for finding in near] == [("plant-b", ("prod-housing",))]


@pytest.mark.parametrize(
    ("change", "detector", "subject", "group"),
    [
        (unchanged, "D3", "plant-b", "unknown_sourcing"),
        (link("outside-x", "plant-b", "prod-pcb"), "D3", "plant-b", "substitution"),
        (from_place("unknown"), "D3", "plant-b", "unknown_sourcing"),
        (unchanged, "D5", "plant-b", "weak"),
        (unchanged, "D5", "plant-n", "none"),
        (unchanged, "D7", "prod-resin", "no_local_maker"),
        (link("outside-x", "plant-b", "prod-pcb"), "D7", "prod-pcb", "local_maker_exists"),
    ],
)
def test_class_of_a_finding(change: Change, detector: str, subject: str, group: str) -> None:
    network = t20()
    change(network)
    assert sure(found(network, detector, subject, "prod-pcb" if detector == "D3" else None)).group == group


@pytest.mark.parametrize(("coverage", "value"), [(0.3, 0.5712), (1.0, None)])
def test_value_of_asking_b_for_its_suppliers(coverage: float, value: float | None) -> None:
    finding = found(t20(), "D12", "plant-b", "supplied_by", measured(supplied_by__plant_b=coverage))
    assert (finding and finding.severity) == (value and pytest.approx(value, abs=5e-5))


def test_every_uncertain_absence_has_its_question() -> None:
    asked = {(f.subject, *f.objects) for f in find_gaps(t20(), PARAMETERS, ["D12"])}
    products = {
        (product, "made_by") for product in ("prod-battery", "prod-harness", "prod-lens", "prod-resin")
    }
    buyers = {(f"plant-{name}", "supplied_by") for name in "abdgjn"}
    sellers = {(f"plant-{name}", "supplies_to") for name in "ghl"}
    assert asked == products | buyers | sellers


def test_size_is_employees_else_capital_else_median_of_the_role() -> None:
    network = t20()
    network.nodes["plant-l"].update(employees=None, capital=12.5)
    network.nodes["plant-b"].update(employees=None)
    world = World(network, PARAMETERS)
    assert world.size("plant-a") == (100.0, "employees")
    assert world.size("plant-l") == (12.5, "capital")
    assert world.size("plant-b") == (90.0, "median")


def test_large_supplier_counts_as_anchor() -> None:
    network = t20()
    network.nodes["plant-g"].update(employees=500)
    world = World(network, PARAMETERS)
    assert set(world.anchors) == {"plant-a", "plant-b", "plant-g", "plant-n"}
    assert set(World(t20(), PARAMETERS).anchors) == {"plant-a", "plant-b", "plant-n"}


@pytest.mark.parametrize(
    ("detector", "subject", "thing", "kinds"),
    [
        ("D1", "prod-lens", None, ["attract"]),
        ("D1", "prod-resin", None, ["upgrade"]),
        ("D3", "plant-b", "prod-housing", ["match", "match"]),
        ("D5", "plant-n", None, ["attract", "upgrade"]),
        ("D7", "prod-lens", None, ["attract"]),
        ("D12", "plant-b", None, ["collect_data"]),
    ],
)
def test_kinds_of_remedy(detector: str, subject: str, thing: str | None, kinds: list[str]) -> None:
    assert [remedy.kind for remedy in sure(found(t20(), detector, subject, thing)).remedies] == kinds


@pytest.mark.parametrize(("isic4", "kind"), [("0810", "ask"), ("2610", "attract")])
def test_nobody_is_invited_to_make_what_is_mined(isic4: str, kind: str) -> None:
    network = t20()
    network.nodes["prod-lens"]["isic4"] = isic4
    assert sure(found(network, "D1", "prod-lens")).remedies[0].kind == kind


def test_needs_of_an_anchor_name_the_sources_of_the_requirement() -> None:
    network = t20()
    for _, _, data in network.edges(data=True):
        data["sources"] = ("row-source",) if data["relation"] == "requires" else ("plant-source",)
    needs = [premise for premise in sure(found(network, "D5", "plant-n")).evidence if premise.relation == "needs"]
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


# What is said


def changed(*changes: Change) -> nx.MultiDiGraph:
    network = t20()
    for change in changes:
        change(network)
    return network


@pytest.mark.parametrize(
    ("changes", "english", "vietnamese"),
    [
        pytest.param(
            [],
            "No maker of glue is recorded in the corridor; 1 plant needs it, as a common input.",
            "Chưa ghi nhận nơi nào trong hành lang làm ra glue; 1 nhà máy cần, ở mức thường dùng.",
            id="nobody",
        ),
        pytest.param(
            [made("plant-l", "prod-glue", True)],
            "No maker that sells glue is recorded in the corridor; 1 plant needs it, as a common input "
            "(recorded only: Plant L, for its own use).",
            "Chưa ghi nhận nơi nào trong hành lang làm ra glue để bán; 1 nhà máy cần, ở mức thường dùng "
            "(mới ghi nhận: Plant L, để tự dùng).",
            id="own use",
        ),
        pytest.param(
            [made("plant-l", "prod-glue", True), status_of("plant-l", "licensed")],
            "No maker that sells glue is recorded in the corridor; 1 plant needs it, as a common input "
            "(recorded only: Plant L, for its own use, licensed).",
            "Chưa ghi nhận nơi nào trong hành lang làm ra glue để bán; 1 nhà máy cần, ở mức thường dùng "
            "(mới ghi nhận: Plant L, để tự dùng, đã được cấp phép).",
            id="own use, licensed",
        ),
        pytest.param(
            [made("plant-l", "prod-glue"), status_of("plant-l", "mou")],
            "No maker that sells glue is recorded in the corridor; 1 plant needs it, as a common input "
            "(recorded only: Plant L, memorandum only).",
            "Chưa ghi nhận nơi nào trong hành lang làm ra glue để bán; 1 nhà máy cần, ở mức thường dùng "
            "(mới ghi nhận: Plant L, mới có biên bản ghi nhớ).",
            id="memorandum",
        ),
        pytest.param(
            [made("plant-l", "prod-glue"), not_started("plant-l")],
            "No maker of glue is recorded in the corridor; 1 plant needs it, as a common input.",
            "Chưa ghi nhận nơi nào trong hành lang làm ra glue; 1 nhà máy cần, ở mức thường dùng.",
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
            "The one recorded supply link of lens into a plant of the corridor with a known place of supply "
            "comes from outside the corridor (Imports X), for 1 plant. No maker that sells it is recorded in "
            "the corridor.",
            id="one link",
        ),
        pytest.param(
            [],
            "prod-resin",
            "Of the 2 recorded supply links of resin into plants of the corridor whose supplier's place is "
            "known, 2 come from outside the corridor (Imports X), for 2 plants. No maker that sells it is "
            "recorded in the corridor.",
            id="two links",
        ),
        pytest.param(
            [link("outside-x", "plant-b", "prod-panel")],
            "prod-panel",
            "Of the 3 recorded supply links of panel into plants of the corridor whose supplier's place is "
            "known, 1 comes from outside the corridor (Imports X), for 1 plant. 1 plant in the corridor is "
            "recorded to make it for sale.",
            id="one of three",
        ),
        pytest.param(
            [link("outside-x", "plant-h", "prod-lens", status="planned")],
            "prod-lens",
            "The one recorded supply link of lens into a plant of the corridor with a known place of supply "
            "comes from outside the corridor (Imports X), for 1 plant. Not counted: 1 other recorded link of "
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
            "The one recorded supply link of lens into a plant of the corridor with a known place of supply "
            "comes from outside the corridor (Imports X), for 1 plant. Not counted: 2 other recorded links of "
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
