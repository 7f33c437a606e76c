"""The proof of the gap finder: its measures on cases made by hand, and exact findings where records are complete."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from graph.findings import find_gaps
from graph.gaps.cascade import Cascade
from graph.gaps.world import World
from tests.bench import bench_gaps_parts as parts
from tests.bench import bench_gaps_planted as cases
from tests.bench.bench_gaps import growth
from tests.bench.bench_gaps_measures import bins, calibration_error, coverage_of, prior_of, score
from tests.fixtures.worlds import LOCALITIES, Shape, network_of, plan_of, truth
from tests.gaps.changes import PARAMETERS


@pytest.mark.parametrize(
    ("ranked", "truth", "measures"),
    [
        ("ab", "ab", (1.0, 1.0, 1.0, 1.0)),
        ("axb", "ab", (2 / 3, 1.0, 2 / 3, (1 + 2 / 3) / 2)),
        ("xab", "ab", (2 / 3, 1.0, 2 / 3, (1 / 2 + 2 / 3) / 2)),
        ("a", "ab", (1.0, 0.5, 1.0, 0.5)),
        ("xy", "ab", (0.0, 0.0, 0.0, 0.0)),
        ("", "ab", (None, 0.0, None, 0.0)),
        ("x", "", (0.0, None, 0.0, None)),
    ],
)
def test_measures_of_a_ranked_list(ranked: str, truth: str, measures: tuple[float | None, ...]) -> None:
    assert score(list(ranked), set(truth))[2:] == pytest.approx(measures)


def test_only_the_first_twenty_count_for_precision_at_20() -> None:
    ranked = [*range(20), *range(100, 180)]
    assert score(ranked, set(range(10)))[4] == 0.5


@pytest.mark.parametrize(
    ("stated", "right", "error"),
    [
        ([0.9, 0.9], [True, True], 0.1),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.1, 0.9], [True, False], 0.9),
        ([0.1, 0.1, 0.9], [False, False, True], 0.1),
        ([1.0], [True], 0.0),
    ],
)
def test_calibration_error(stated: list[float], right: list[bool], error: float) -> None:
    assert calibration_error(bins(stated, right)) == pytest.approx(error)


def test_bins_hold_all_findings_and_leave_out_empty_ones() -> None:
    found = bins([0.0, 0.19, 0.2, 1.0], [True, False, True, True])
    assert [(one.number, one.right) for one in found] == [(2, 0.5), (1, 1.0), (1, 1.0)]


def test_an_audit_gives_prior_and_coverage() -> None:
    prior = prior_of([0, 0, 1, 7], 3)
    assert prior == pytest.approx((2.25 / 5, 1.25 / 5, 0.25 / 5, 1.25 / 5))
    assert coverage_of(8, 10) == 0.75


@pytest.fixture(scope="module")
def complete() -> dict[str, dict[str, float]]:
    return parts.planted(500, 1)


@pytest.mark.parametrize("detector", parts.EXACT)
def test_complete_records_give_exactly_the_planted_gaps(complete, detector: str) -> None:
    measures = complete[detector]
    assert measures["true"] > 0
    assert (measures["precision"], measures["recall"], measures["average_precision"]) == (1.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def structure() -> dict[str, dict[str, float]]:
    return parts.planted_structure(400, 2)


@pytest.mark.parametrize("detector", [name for name in cases.DETECTORS if name != "D13"])
def test_complete_records_give_exactly_the_planted_structure(structure, detector: str) -> None:
    measures = structure[detector]
    assert measures["planted"] == measures["planted_found"] > 0
    assert (measures["precision"], measures["recall"], measures["average_precision"]) == (1.0, 1.0, 1.0)


def test_suppressed_pairs_are_seen_where_links_are_many() -> None:
    network, pairs = cases.deficit_case(2_000, 1)
    found = {(f.subject, f.objects[0]) for f in find_gaps(network, PARAMETERS, ["D13"])}
    assert pairs <= found


def test_cases_put_in_are_true_by_the_definitions() -> None:
    case = cases.case_of(400, 2)
    true = cases.truth_of(case)
    assert set(true) | {"D13"} == set(cases.DETECTORS)
    assert all(case.planted[name] and case.planted[name] <= true[name] for name in true)


def test_the_truth_of_structure_follows_the_tables() -> None:
    case = cases.case_of(400, 2)
    alone = replace(case, plan=replace(case.plan, links=[]))
    true = cases.truth_of(alone)
    assert true["D8"] == true["D9"] == true["D14"] == set()
    assert true["D11"] == cases.truth_of(case)["D11"]


def test_hidden_links_make_false_matches_and_lose_no_true_one() -> None:
    hidden = parts.planted_with_hidden_links(300, 2, 0.5)["D3"]
    assert hidden["recall"] == 1.0 and hidden["precision"] < 1.0


def test_hiding_small_firms_first_keeps_the_large() -> None:
    plan = plan_of(400, 3)
    kept = parts.hide_links(plan, dict.fromkeys(LOCALITIES, 0.4), random.Random(0), small_first=True)
    sizes = [[plan.size[s] for s, *_ in some.links if s in plan.size] for some in (plan, kept)]
    assert sum(sizes[1]) / len(sizes[1]) > 1.2 * sum(sizes[0]) / len(sizes[0])


def test_dealing_links_anew_keeps_products_and_takes_the_structure_out() -> None:
    found = parts.null(600, (1, 2))
    assert found["planted"]["D3 ratio"] > 1.4 > 1.25 > found["without structure"]["D3 ratio"]
    assert found["planted"]["D4 ahead"] > 0.9
    assert abs(found["without structure"]["D4 ahead"] - 0.5) < 0.25


def test_growth_compares_sizes_of_one_shape_only() -> None:
    run = {"shape": "a", "facilities": 10, "links": 20, "seconds": 1.0, "graph_seconds": 0.5, "mb": 4.0}
    larger = {**run, "facilities": 100, "links": 220, "seconds": 12.0, "graph_seconds": 5.0, "mb": 40.0}
    (only,) = growth([run, larger, {**run, "shape": "b"}])
    assert (only["time"], only["time_tenfold"], only["memory"], only["graph"]) == (12.0, 12.0, 10.0, 10.0)


def reached(network, start: str) -> set[str]:
    """Who stops after `start`, by going through all needs again and again: slow, and easy to check."""
    world = World(network, PARAMETERS)
    stopped = {start}
    while True:
        more = {
            buyer
            for buyer, filled in world.sources.items()
            for product, links in filled.items()
            if world.needs[buyer][product].criticality == 1.0
            and all(world.named(link.supplier) for link in links)
            and {link.supplier for link in links} <= stopped
        }
        if more <= stopped:
            return stopped - {start}
        stopped |= more


@pytest.mark.parametrize("shape", [Shape(), Shape(suppliers=(1,)), Shape(tiers=8, suppliers=(1, 2))])
def test_cascades_agree_with_a_search_by_definition(shape: Shape) -> None:
    network = network_of(plan_of(80, 5, 32, shape))
    cascade = Cascade(World(network, PARAMETERS))
    for start in sorted(cascade.sole_sources)[:12]:
        assert {stop.facility for stop in cascade.stops(start)} == reached(network, start)


def test_a_cascade_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from graph.gaps import d8_failure_point

    network = network_of(plan_of(150, 4, 32, Shape(tiers=8, suppliers=(1,))))
    whole = {f.subject: f for f in find_gaps(network, PARAMETERS, ["D8"])}
    monkeypatch.setattr(d8_failure_point, "REACH", 3)
    monkeypatch.setattr(d8_failure_point, "EXACT", 2)
    some = {f.subject: f for f in find_gaps(network, PARAMETERS, ["D8"])}
    assert some.keys() == whole.keys()
    cut = [f for f in some.values() if f.formula.get("cut_short")]
    assert cut and all("at least" in f.message["en"] and "ít nhất" in f.message["vi"] for f in cut)
    assert all(some[name].severity <= whole[name].severity + 1e-9 for name in whole)
    assert not any(f.formula.get("cut_short") for f in whole.values())


def test_a_truth_of_a_world_follows_its_tables() -> None:
    plan = plan_of(120, 6, 32)
    before = truth(plan)
    without = replace(plan, links=[])
    assert truth(without)["D2"] == set() and before["D3"] <= truth(without)["D3"]


def test_the_shipped_results_keep_what_is_promised() -> None:
    from web.proof import RESULTS

    result = json.loads(RESULTS.read_text(encoding="utf-8"))
    for block in result["planted"]:
        assert all(m["precision"] == m["recall"] == 1.0 for m in block["detectors"].values())
    for block in result["structure"]:
        assert set(block["detectors"]) == set(cases.DETECTORS)
        assert all(m["precision"] == 1.0 for m in block["detectors"].values())
    for values in result["links"]["random"].values():
        assert values["audited"]["error"] <= result["aims"]["error"] < values["default"]["error"] + 0.05
