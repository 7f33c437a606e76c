"""D9 institutional gap, with the dates of the merger."""

from __future__ import annotations

import networkx as nx
import pytest

from graph.gaps.d9_institutional_gap import council_of, paths
from graph.gaps.world import World
from tests.gaps.changes import PARAMETERS
from tests.t20 import add_facility, edge, found, named, supply, sure, t20

CHANGE = "2025-07-01"


def with_council(as_of: str) -> nx.MultiDiGraph:
    network = t20(as_of)
    network.add_node("council", kind="organization", subkind="council", label=named("Council"), locality=None)
    for place in ("hp", "hd", "hy", "qn"):
        committee = f"committee-{place}"
        network.add_node(
            committee,
            kind="organization",
            subkind="peoples-committee",
            label=named(committee),
            locality=place,
        )
        if place != "hd" or as_of < CHANGE:
            edge(network, committee, "council", "member_of")
    for place in ("hp", "hd"):
        network.nodes[place]["valid_to"] = CHANGE
    return network


def add_outsider(network: nx.MultiDiGraph, **facts: float) -> None:
    network.add_node("bn", kind="locality", label=named("BN"), in_agreement=False, **facts)
    add_facility(network, "plant-w", ["prod-pcb"], "bn", inside=False)
    supply(network, "plant-w", "plant-b", "prod-pcb")


@pytest.mark.parametrize("as_of", ["2025-06-30", "2025-07-01", "2025-07-02"])
def test_every_unit_of_the_agreement_is_covered(as_of: str) -> None:
    network = with_council(as_of)
    assert [found(network, "D9", place) for place in ("hp", "hd", "hy", "qn")] == [None] * 4


def test_without_succession_the_merged_unit_would_be_outside() -> None:
    network = with_council("2025-07-02")
    network.nodes["hd"].update(valid_to=None)
    assert sure(found(network, "D9", "hd")).severity == pytest.approx(0.6667, abs=5e-5)


def test_the_path_of_the_merged_unit_has_four_edges() -> None:
    world = World(with_council("2025-07-02"), PARAMETERS)
    assert council_of(world) == "council"
    assert {place: paths(world, "council")[place] for place in ("hp", "hp-new", "hd")} == {
        "hp": 2,
        "hp-new": 3,
        "hd": 4,
    }


@pytest.mark.parametrize("as_of", ["2025-06-30", "2025-07-02"])
def test_a_trading_neighbour_is_outside(as_of: str) -> None:
    network = with_council(as_of)
    add_outsider(network)
    finding = sure(found(network, "D9", "bn"))
    assert (finding.severity, finding.listed, finding.plants) == (0.2, True, 1)
    assert "proposal" not in finding.remedies[0].text["en"] and "HY" in finding.remedies[0].text["en"]


def test_a_far_market_is_no_neighbour() -> None:
    network = with_council("2025-06-30")
    for place in ("hp", "hd", "hy", "qn"):
        network.nodes[place].update(lat=20.9, lon=106.5)
    add_outsider(network, lat=11.0, lon=108.0)
    assert found(network, "D9", "bn") is None


def test_without_a_council_there_is_nothing_to_be_outside_of() -> None:
    network = t20()
    add_outsider(network)
    assert found(network, "D9", "bn") is None


def test_a_wider_council_is_not_the_council_of_the_agreement() -> None:
    network = with_council("2025-06-30")
    network.add_node("tb", kind="locality", label=named("TB"), in_agreement=False)
    network.add_node("delta", kind="organization", subkind="council", label=named("Delta"), locality=None)
    for place in ("hp", "hd", "hy", "qn", "tb"):
        edge(network, place, "delta", "member_of")
    assert council_of(World(network, PARAMETERS)) == "council"
