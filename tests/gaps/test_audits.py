"""Audits: what they do to the prior, to coverage and to the findings, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.findings import find_gaps, parameters_of
from graph.gaps.audits import Audit, audited_coverage, audited_prior, with_audits
from graph.gaps.coverage import chapman, degree, estimates, two_sources, with_estimates
from graph.gaps.parameters import Coverage, EstimatorParameters
from graph.gaps.plants import EVERYWHERE
from graph.gaps.world import World
from tests.gaps.changes import PARAMETERS
from tests.t20 import t20

PRIOR = (0.50, 0.25, 0.15, 0.10)


def audit(number: int, true: int, recorded: int = 0, buyer: str | None = "plant-b", **changes: str) -> Audit:
    outcome = "none_inside" if true == 0 else "already_recorded" if recorded == true else "found_inside"
    return Audit(f"audit-{number}", buyer, "prod-housing", changes.get("outcome", outcome), true, recorded)


@pytest.mark.parametrize(
    ("found", "prior"),
    [
        ((), PRIOR),
        # (20 x 0.50 + 10) / 30, (20 x 0.25) / 30, ...
        ((0,) * 10, (20 / 30, 5 / 30, 3 / 30, 2 / 30)),
        ((1, 3, 7), (10 / 23, 6 / 23, 3 / 23, 4 / 23)),
    ],
)
def test_prior_counts_as_twenty_audits(found: tuple[int, ...], prior: tuple[float, ...]) -> None:
    audits = [audit(number, true) for number, true in enumerate(found)]
    assert audited_prior(PRIOR, 20, audits) == pytest.approx(prior)


@pytest.mark.parametrize(("recorded", "true", "value"), [(0, 0, 0.5), (3, 8, 0.4), (8, 8, 0.9)])
def test_coverage_of_an_audit(recorded: int, true: int, value: float) -> None:
    assert audited_coverage(recorded, true) == pytest.approx(value)


def confidence(*audits: Audit) -> tuple[float, str]:
    """Confidence and label of the missed match of housing at plant B."""
    network = t20()
    network.graph["audits"] = [vars(one) for one in audits]
    found = find_gaps(network, detectors=["D3"])
    match = next(one for one in found if (one.subject, one.objects) == ("plant-b", ("prod-housing",)))
    return match.confidence, match.label


def test_audits_that_find_nobody_raise_confidence_and_change_the_label() -> None:
    """pi0 = (10 + 80) / 100; conf0(0.1) = 0.9 / (0.9 + 0.05 x 0.9 + 0.03 x 0.81 + 0.02 x 0.729), times 0.7."""
    before, after = confidence(), confidence(*(audit(number, 0) for number in range(80)))
    share = 0.9 / (0.9 + 0.05 * 0.9 + 0.03 * 0.81 + 0.02 * 0.729)
    premise = before[0] / 0.543774
    assert after[0] == pytest.approx(premise * share, abs=1e-4)
    assert before[0] < after[0]
    assert (before[1], after[1]) == ("unknown", "possibly_absent")


def test_audits_that_find_suppliers_nobody_recorded_lower_confidence() -> None:
    assert confidence(*(audit(number, 1) for number in range(20)))[0] < confidence()[0]


def test_audits_measure_the_coverage_of_their_strata() -> None:
    """Two audits of B: 2 of 6 recorded, so (2 + 1) / (6 + 2); too few facts say nothing."""
    world = World(t20(), PARAMETERS)
    many = with_audits(PARAMETERS, [audit(1, 3, 1), audit(2, 3, 1)], world.strata)
    assert many.coverage("supplied_by", "plant-b").value == pytest.approx(3 / 8)
    assert many.coverage("supplied_by", "plant-b").method == "audit"
    assert many.coverage("supplied_by", "plant-a", "hp", EVERYWHERE).value == pytest.approx(3 / 8)
    assert many.coverage("made_by", "prod-housing", EVERYWHERE).method == "default"
    assert many.audits("supplied_by", "plant-b") == 2
    few = with_audits(PARAMETERS, [audit(1, 3, 1)], world.strata)
    assert few.coverage("supplied_by", "plant-b").method == "default"
    assert few.audits("supplied_by", "plant-b") == 1
    assert PARAMETERS.audits("supplied_by", "plant-b", EVERYWHERE) == 0


def test_an_audit_without_a_buyer_measures_makers() -> None:
    world = World(t20(), PARAMETERS)
    found = with_audits(PARAMETERS, [audit(1, 6, 2, buyer=None)], world.strata)
    assert found.coverage("made_by", "prod-housing").value == pytest.approx(3 / 8)
    assert found.coverage("supplied_by", "plant-b").method == "default"


@pytest.mark.parametrize(
    "wrong",
    [
        audit(1, 1, 2),
        audit(1, 0, outcome="found_inside"),
        audit(1, 2, outcome="none_inside"),
        audit(1, 2, outcome="unclear"),
    ],
)
def test_audits_that_do_not_add_up_are_not_counted(wrong: Audit) -> None:
    world = World(t20(), PARAMETERS)
    assert with_audits(PARAMETERS, [wrong], world.strata) == PARAMETERS


def test_no_audits_leave_the_parameters_alone() -> None:
    assert parameters_of(t20()).version == PARAMETERS.version


def test_best_estimator_wins_before_the_narrower_stratum() -> None:
    measured = {
        ("supplied_by", "plant-b"): Coverage(0.3, "degree"),
        ("supplied_by", "hy"): Coverage(0.4, "audit"),
        ("supplied_by", EVERYWHERE): Coverage(0.95, "declared"),
    }
    parameters = replace(PARAMETERS, measured=measured)
    assert parameters.coverage("supplied_by", "plant-b", "hy", EVERYWHERE).value == 0.95
    assert parameters.coverage("supplied_by", "plant-b", "hy").value == 0.4
    assert parameters.coverage("supplied_by", "plant-b").value == 0.3


def test_two_sources() -> None:
    """Lists of 3 and 2 with 1 in both: (4 x 3) / 2 - 1 = 5 true, 4 known."""
    assert chapman(3, 2, 1) == 5
    found = two_sources([("a",), ("a",), ("a", "b"), ("b",)])
    assert found is not None
    assert (found.value, found.method) == (pytest.approx(4 / 5), "two_sources")


@pytest.mark.parametrize("statements", [[], [("a",)], [("a",), ("b",)], [("a",), ("a", "b")]])
def test_two_sources_that_say_nothing(statements: list[tuple[str, ...]]) -> None:
    assert two_sources(statements) is None


@pytest.mark.parametrize(("links", "plants", "value"), [(3, 10, 0.2), (100, 10, 0.9), (0, 10, 0.0)])
def test_degree_benchmark(links: int, plants: int, value: float) -> None:
    """Links per plant over 5 x 0.3, at most 0.9."""
    found = degree(links, plants, PARAMETERS)
    assert found is not None and found.value == pytest.approx(value)


def test_estimates_from_the_records_stay_beside_unless_switched_on() -> None:
    world = World(t20(), PARAMETERS)
    shown = [one for one in estimates(world) if (one.relation, one.stratum) == ("supplied_by", EVERYWHERE)]
    assert [one.coverage.method for one in shown if one.enters] == ["default"]
    assert "degree" in {one.coverage.method for one in shown}
    assert with_estimates(world) == PARAMETERS
    on = replace(PARAMETERS, estimators=EstimatorParameters(enter=frozenset({"degree"})))
    measured = with_estimates(World(t20(), on))
    assert measured.coverage("supplied_by", "plant-b", "hy", EVERYWHERE).method == "degree"
