"""The numbers printed in gap-spec sections 2.3 and 2.6, and the parameter file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.findings import PARAMETER_FILE, load_parameters
from graph.gaps.confidence import (
    conf0,
    conf1,
    coverage_for,
    label,
    premise_confidence,
    sensitivity,
    tilted,
)
from graph.gaps.parameters import Coverage
from graph.gaps.remedies import could_diversify, score
from graph.gaps.world import World
from tests.t20 import add_facility, t20

PARAMETERS = load_parameters()
PRIOR = (0.50, 0.25, 0.15, 0.10)


@pytest.mark.parametrize(
    ("coverage", "none", "one"),
    [
        (0.0, 0.5000, 0.2941),
        (0.1, 0.5438, 0.3277),
        (0.3, 0.6387, 0.4119),
        (0.5, 0.7407, 0.5263),
        (0.7, 0.8457, None),
        (0.75, 0.8719, 0.7273),
        (0.9, 0.9495, 0.8834),
        (0.95, 0.9749, 0.9407),
        (1.0, 1.0, 1.0),
    ],
)
def test_posteriors_of_the_printed_table(coverage: float, none: float, one: float | None) -> None:
    assert conf0(coverage, PRIOR) == pytest.approx(none, abs=5e-5)
    if one is not None:
        assert conf1(coverage, PRIOR) == pytest.approx(one, abs=5e-5)


@pytest.mark.parametrize(
    ("target", "coverage"),
    [(0.6, 0.22), (0.8, 0.62)],
)
def test_coverage_at_which_a_label_changes(target: float, coverage: float) -> None:
    found = coverage_for(target, PRIOR)
    assert found is not None
    assert found == pytest.approx(coverage, abs=0.01)
    assert conf0(found, PRIOR) >= target > conf0(found - 1e-4, PRIOR)


@pytest.mark.parametrize(("target", "coverage"), [(0.6, 0.61), (0.8, 0.83)])
def test_coverage_at_which_a_single_source_changes_its_label(target: float, coverage: float) -> None:
    assert conf1(coverage - 0.01, PRIOR) < target < conf1(coverage + 0.01, PRIOR)


def test_a_confidence_above_one_is_never_reached() -> None:
    assert coverage_for(1.01, PRIOR) is None


@pytest.mark.parametrize("posterior", [conf0, conf1])
def test_more_coverage_never_lowers_a_posterior(posterior) -> None:
    values = [posterior(step / 100, PRIOR) for step in range(101)]
    assert values == sorted(values)


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(0.8, "likely_absent"), (0.79, "possibly_absent"), (0.6, "possibly_absent"), (0.5438, "unknown")],
)
def test_labels(confidence: float, word: str) -> None:
    assert label(confidence, PARAMETERS.confidence) == word


@pytest.mark.parametrize(
    ("sources", "value"), [((), 0.4), (("a",), 0.7), (("a", "b"), 0.9), (("a", "b", "c"), 0.9)]
)
def test_premise_confidence_counts_sources(sources: tuple[str, ...], value: float) -> None:
    assert premise_confidence(sources, PARAMETERS.confidence) == value


def test_tilted_prior_keeps_the_other_cases_in_proportion() -> None:
    assert tilted(PRIOR, 0.2) == pytest.approx((0.2, 0.4, 0.24, 0.16))


def test_sensitivity_shows_three_priors_in_rising_order() -> None:
    shown = sensitivity(0.3, 1.0, PARAMETERS.confidence)
    assert list(shown) == ["confidence_at_pi0_0.2", "confidence_at_pi0_0.5", "confidence_at_pi0_0.8"]
    assert shown["confidence_at_pi0_0.5"] == pytest.approx(0.6387, abs=5e-5)
    assert sorted(shown.values()) == list(shown.values())


@pytest.mark.parametrize(
    ("relation", "strata", "value"),
    [("supplied_by", ("plant-b",), 0.1), ("made_by", ("prod-lens",), 0.24)],
)
def test_default_coverage(relation: str, strata: tuple[str, ...], value: float) -> None:
    coverage = PARAMETERS.coverage(relation, *strata)
    assert (coverage.value, coverage.method) == (pytest.approx(value), "default")


def test_measured_coverage_wins_nearest_stratum_first() -> None:
    measured = {
        ("supplied_by", "hy"): Coverage(0.3, "audit"),
        ("supplied_by", "plant-b"): Coverage(0.5, "audit"),
    }
    parameters = replace(PARAMETERS, measured=measured)
    assert parameters.coverage("supplied_by", "plant-b", "hy").value == 0.5
    assert parameters.coverage("supplied_by", "plant-g", "hy").value == 0.3
    assert parameters.coverage("supplied_by", "plant-l", None).method == "default"


def test_measured_coverage_is_read_from_the_file(tmp_path) -> None:
    row = '\n[[coverage.measured]]\nrelation = "supplied_by"\nsubject = "hy"\nvalue = 0.3\nmethod = "audit"\n'
    copy = tmp_path / "parameters.toml"
    copy.write_text(PARAMETER_FILE.read_text(encoding="utf-8") + row, encoding="utf-8")
    assert load_parameters(copy).measured == {("supplied_by", "hy"): Coverage(0.3, "audit")}
    assert PARAMETERS.measured == {}


@pytest.mark.parametrize(
    ("proximity", "km", "capacity", "value"),
    [
        (1.0, 2, 0.5, 0.8882),
        (1.0, 35, 1.0, 0.8490),
        (1.0, 35, 7.0, 0.8490),
        (1.0, 120, None, 0.6272),
        (2 / 3, 50, None, 0.5437),
        (1.0, None, None, 0.9),
    ],
)
def test_remedy_scores(proximity: float, km: float | None, capacity: float | None, value: float) -> None:
    assert score(proximity, km, capacity, PARAMETERS.remedies) == pytest.approx(value, abs=5e-5)


def test_plants_that_could_diversify_into_pcb() -> None:
    network = t20()
    network.nodes["plant-b"].update(lat=21.0, lon=106.0)
    for plant in ("plant-a", "plant-c", "plant-j"):
        network.nodes[plant].update(lat=21.0 + 50 / 111.19508, lon=106.0)
    found = could_diversify(World(network, PARAMETERS), "prod-pcb", ("plant-b",))
    assert [(one.facility, round(one.proximity, 3), round(one.score, 4)) for one in found] == [
        ("plant-a", 0.667, 0.5437),
        ("plant-c", 0.667, 0.5437),
        ("plant-j", 0.667, 0.5437),
    ]


def test_co_production_replaces_the_tree_from_five_makers() -> None:
    network = t20()
    world = World(network, PARAMETERS)
    assert world.proximity("prod-pcb", "prod-camera") == pytest.approx(2 / 3)
    for number in range(5):
        add_facility(network, f"plant-x{number}", ["prod-pcb", "prod-camera"], "hp")
    assert World(network, PARAMETERS).proximity("prod-pcb", "prod-camera") == pytest.approx(5 / 6)
