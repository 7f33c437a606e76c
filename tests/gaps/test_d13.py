"""D13 province deficit."""

from __future__ import annotations

import networkx as nx
import pytest

from graph.gaps.d13_province_deficit import _kept, expectations
from graph.gaps.world import World
from tests.gaps.changes import CERTAIN, PARAMETERS, measured
from tests.t20 import add_facility, found, supply, sure, t20


def twelve_links() -> nx.MultiDiGraph:
    """Each of 12 products with two makers in HY and one in HP; all 12 links to HP buyers come from HP."""
    network = t20()
    network.remove_edge("plant-d", "plant-a")
    for at in range(12):
        product = f"prod-p{at}"
        network.add_node(product, kind="product", label={"vi": product, "en": product}, sources=())
        for place in ("hy-1", "hy-2", "hp-1"):
            add_facility(network, f"plant-{place}-{at}", [product], place[:2])
        supply(network, f"plant-hp-1-{at}", "plant-a", product)
    return network


def test_twelve_links_from_home() -> None:
    finding = sure(found(twelve_links(), "D13", "hy", "hp"))
    assert finding.severity == pytest.approx(1.0)
    world = World(twelve_links(), PARAMETERS)
    pair = expectations(world)[0]["hy", "hp"]
    assert (pair.expected, pair.observed) == (pytest.approx(8), 0)
    assert pair.z == pytest.approx(-4.899, abs=5e-4)
    assert finding.formula["z"] == pytest.approx(-4.899, abs=5e-4)
    assert not finding.listed


def test_high_coverage_lets_it_be_listed() -> None:
    parameters = measured(CERTAIN, supplied_by__hy=0.7, supplied_by__hp=0.7)
    assert sure(found(twelve_links(), "D13", "hy", "hp", parameters)).listed


def test_too_few_links_are_expected_in_the_worked_example() -> None:
    pairs, _ = expectations(World(t20(), PARAMETERS))
    assert pairs["hy", "hp"].expected == pytest.approx(0.5)
    assert found(t20(), "D13", "hy") is None


@pytest.mark.parametrize(
    ("scores", "kept"),
    [({("a", "b"): -1.6}, 0), ({("a", "b"): -1.7}, 1), ({("a", "b"): -1.7, ("b", "a"): 0.0}, 0), ({}, 0)],
)
def test_false_alarms_are_held_over_several_pairs(scores: dict[tuple[str, str], float], kept: int) -> None:
    assert len(_kept(scores, 0.05)) == kept
