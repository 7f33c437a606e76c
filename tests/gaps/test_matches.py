"""D1, D3, D5, D7 and D12 on the worked example: values, flips, dates, confidence, classes."""

from __future__ import annotations

import csv

import pytest

from graph.findings import find_gaps
from graph.gaps.parameters import Parameters
from graph.gaps.world import World
from tests.gaps.changes import (
    CERTAIN,
    PARAMETERS,
    Change,
    at_distance,
    from_place,
    link,
    made,
    measured,
    not_started,
    optional_row,
    same_group,
    status_of,
    unchanged,
    without_glue,
)
from tests.t20 import FIXTURES, add_facility, edge, found, named, require, sure, t20


def test_findings_of_the_worked_example_are_exactly_the_expected_rows() -> None:
    shown = {"D1", "D2", "D3", "D5", "D6", "D7", "D8"}
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
