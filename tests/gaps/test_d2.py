"""D2 single source."""

from __future__ import annotations

import pytest

from graph.findings import find_gaps
from graph.gaps.parameters import Parameters
from tests.gaps.changes import (
    CERTAIN,
    PARAMETERS,
    Change,
    changed,
    link,
    made,
    measured,
    same_group,
    unchanged,
)
from tests.t20 import add_facility, found, named, supply, sure, t20


def aggregate_too(network) -> None:
    supply(network, "outside-x", "plant-a", "prod-panel")


def named_outside(network) -> None:
    network.add_node("org-s", kind="organization", subkind="company", label=named("S"), locality=None)
    supply(network, "org-s", "plant-b", "prod-pcb", supplier_place="korea")


def second_of_the_group(network) -> None:
    same_group("plant-g", "plant-d")(network)
    supply(network, "plant-g", "plant-a", "prod-housing")


@pytest.mark.parametrize(
    ("change", "subject", "thing", "severity"),
    [
        pytest.param(unchanged, "plant-a", "prod-panel", 1.0, id="panel for A"),
        pytest.param(unchanged, "plant-a", "prod-housing", 0.25, id="G is an alternative"),
        pytest.param(unchanged, "plant-g", "prod-resin", None, id="an aggregate is no source"),
        pytest.param(unchanged, "plant-a", "prod-pcb", None, id="no supplier at all"),
        pytest.param(
            link("plant-g", "plant-a", "prod-housing"), "plant-a", "prod-housing", None, id="second"
        ),
        pytest.param(second_of_the_group, "plant-a", "prod-housing", 0.5, id="second of the same group"),
        pytest.param(aggregate_too, "plant-a", "prod-panel", None, id="an aggregate beside"),
        pytest.param(named_outside, "plant-b", "prod-pcb", 0.5, id="one firm abroad, L could"),
        pytest.param(
            link("plant-l", "plant-b", "prod-pcb", status="planned"),
            "plant-b",
            "prod-pcb",
            None,
            id="planned",
        ),
        pytest.param(made("plant-l", "prod-panel"), "plant-a", "prod-panel", 0.5, id="L could make panels"),
    ],
)
def test_severity(change: Change, subject: str, thing: str, severity: float | None) -> None:
    finding = found(changed(change), "D2", subject, thing)
    assert (finding and finding.severity) == severity


@pytest.mark.parametrize(
    ("coverage", "confidence", "label", "listed"),
    [
        (0.5, 0.5263, "unknown", False),
        (0.75, 0.7273, "possibly_absent", False),
        (0.9, 0.8834, "likely_absent", True),
    ],
)
def test_confidence_and_the_coverage_from_which_it_is_listed(
    coverage: float, confidence: float, label: str, listed: bool
) -> None:
    parameters: Parameters = measured(CERTAIN, supplied_by__plant_a=coverage)
    finding = sure(found(t20(), "D2", "plant-a", "prod-panel", parameters))
    assert finding.confidence == pytest.approx(confidence, abs=5e-5)
    assert (finding.label, finding.listed) == (label, listed)


def test_nothing_is_listed_at_launch() -> None:
    assert not any(finding.listed for finding in find_gaps(t20(), PARAMETERS, ["D2", "D8", "D13", "D14"]))


def test_the_remedy_is_a_second_source_else_an_upgrade() -> None:
    kinds = {
        thing: sure(found(t20(), "D2", "plant-a", thing)).remedies for thing in ("prod-housing", "prod-panel")
    }
    assert [(r.kind, r.facility) for r in kinds["prod-housing"]] == [("match", "plant-g")]
    assert kinds["prod-panel"][0].kind == "upgrade"


def test_splitting_a_supplier_within_its_group_keeps_the_finding() -> None:
    network = t20()
    add_facility(network, "plant-c2", ["prod-panel"], "hp", group=network.nodes["plant-c"]["group"])
    supply(network, "plant-c2", "plant-a", "prod-panel")
    assert found(network, "D2", "plant-a", "prod-panel") is not None
