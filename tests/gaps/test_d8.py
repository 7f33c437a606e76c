"""D8 failure point: cut points, cascades, expected impact, stability; NetworkX as the oracle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.findings import find_gaps
from graph.gaps.cascade import Cascade
from graph.gaps.connectivity import cuts
from graph.gaps.world import World
from tests.gaps.changes import CERTAIN, PARAMETERS, changed, link, made, measured
from tests.t20 import found, require, supply, sure, t20


@pytest.mark.parametrize(
    ("plant", "severity", "impact", "separation"),
    [
        ("c", 0.5085, 150 / 295, 0.4),
        ("a", 0.4, 0.0, 0.8),
        ("j", 0.2985, 100 / 335, 0.0),
        ("e", 0.0286, 10 / 350, 0.0),
        ("d", 0.2, 0.0, 0.4),
    ],
)
def test_worked_example(plant: str, severity: float, impact: float, separation: float) -> None:
    finding = sure(found(t20(), "D8", f"plant-{plant}"))
    assert finding.severity == pytest.approx(severity, abs=5e-5)
    assert finding.formula["impact"] == pytest.approx(impact)
    assert finding.formula["separation"] == pytest.approx(separation)
    assert not finding.listed


def test_no_other_candidates() -> None:
    assert {f.subject[-1] for f in find_gaps(t20(), PARAMETERS, ["D8"])} == set("acdej")


def test_a_second_source_ends_the_candidacy() -> None:
    network = changed(
        made("plant-j", "prod-panel"),
        link("plant-j", "plant-a", "prod-panel"),
        link("plant-j", "plant-b", "prod-panel"),
    )
    assert found(network, "D8", "plant-c") is None


def test_expected_impact_weighs_the_chain_by_coverage() -> None:
    parameters = measured(CERTAIN, supplied_by__plant_a=0.5, supplied_by__plant_b=0.5)
    finding = sure(found(t20(), "D8", "plant-c", parameters=parameters))
    assert finding.formula["expected_impact"] == pytest.approx(0.2676, abs=5e-5)
    assert finding.confidence == pytest.approx(0.5263, abs=5e-5)


def test_bridges_stand_in_the_evidence_of_their_cut_points() -> None:
    bridges = {
        frozenset((premise.subject[-1], str(premise.object)[-1]))
        for finding in find_gaps(t20(), PARAMETERS, ["D8"])
        for premise in finding.evidence
        if premise.relation == "bridge"
    }
    assert bridges == {frozenset(pair) for pair in ("ac", "ad", "aj", "bc", "de")}


def test_a_cascade_goes_on_and_ends_in_a_cycle() -> None:
    network = t20()
    require(network, "prod-mould", "prod-phone", 1.0)
    supply(network, "plant-a", "plant-e", "prod-phone")
    stops = Cascade(World(network, PARAMETERS)).stops("plant-c")
    assert [(stop.facility, stop.tiers) for stop in stops] == [
        ("plant-a", 1), ("plant-b", 1), ("plant-e", 2), ("plant-d", 3)
    ]  # fmt: skip


def test_two_readers_follow_one_cascade_at_once() -> None:
    network = t20()
    require(network, "prod-mould", "prod-phone", 1.0)
    supply(network, "plant-a", "plant-e", "prod-phone")
    cascade = Cascade(World(network, PARAMETERS))
    alone = cascade.walk("plant-c")

    class Interrupted(list[tuple[int, ...]]):
        """Another reader asks between two steps of the first."""

        reader = 1

        def __getitem__(self, need: Any) -> Any:
            if self.reader == 1:
                self.reader = 2
                assert cascade.walk("plant-c") == alone
                self.reader = 1
            return super().__getitem__(need)

    cascade.sources = Interrupted(cascade.sources)
    assert len(alone[0]) > 2 and cascade.walk("plant-c") == alone


def test_an_aggregate_keeps_a_need_alive() -> None:
    network = changed(link("outside-x", "plant-b", "prod-panel"))
    assert sure(found(network, "D8", "plant-c")).formula["stopped"] == 1


def test_only_stable_entries_with_high_coverage_are_listed() -> None:
    covered = replace(measured(CERTAIN, **{f"supplied_by__plant_{name}": 0.95 for name in "abcdegjnhl"}))
    listed = {f.subject: (f.listed, f.flags) for f in find_gaps(t20(), covered, ["D8"])}
    assert listed["plant-c"] == (True, ("stable",))
    fickle = replace(covered, failure=replace(covered.failure, dropped_share=1.0))
    assert not any(finding.listed for finding in find_gaps(t20(), fickle, ["D8"]))


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=45))
def test_cut_points_and_bridges_agree_with_networkx(edges: list[tuple[int, int]]) -> None:
    named = [(f"n{one}", f"n{other}") for one, other in edges]
    graph = nx.Graph((one, other) for one, other in named if one != other)
    found = cuts(named)
    assert set(found.parts) == set(nx.articulation_points(graph))
    assert {frozenset(edge) for edge in found.bridges} == {frozenset(edge) for edge in nx.bridges(graph)}
    for node, parts in found.parts.items():
        rest = graph.subgraph(nx.node_connected_component(graph, node) - {node})
        assert sorted(parts) == sorted(map(len, nx.connected_components(rest)))
    for edge, sides in found.bridges.items():
        rest = graph.copy()
        rest.remove_edge(*edge)
        assert sides == tuple(len(nx.node_connected_component(rest, end)) for end in edge)


def test_a_long_chain_needs_no_recursion() -> None:
    found = cuts((f"n{at}", f"n{at + 1}") for at in range(20_000))
    assert len(found.parts) == 19_999 and len(found.bridges) == 20_000
