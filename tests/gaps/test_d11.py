"""D11 access gap."""

from __future__ import annotations

import networkx as nx
import pytest

from graph.model import Finding
from tests.t20 import edge, found, named, sure, t20

KINDS = ("expressway", "seaport", "airport")


def with_access(*distances: float | None, status: str = "operating") -> nx.MultiDiGraph:
    network = t20()
    network.nodes["park-k1"].update(locality_stated="hp", status="operating")
    for kind, distance in zip(KINDS, distances, strict=False):
        network.add_node(f"the-{kind}", kind="infrastructure", subkind=kind, label=named(kind), status=status)
        if distance is not None:
            edge(network, "park-k1", f"the-{kind}", "access", distance_km=distance)
    return network


def place(network: nx.MultiDiGraph, km: float, precision: str = "district") -> Finding | None:
    network.nodes["park-k1"].update(lat=21.0, lon=106.0, precision=precision)
    network.nodes["the-seaport"].update(lat=21.0 + km / 111.19508, lon=106.0)
    return found(network, "D11", "park-k1")


def test_far_from_expressway_and_seaport() -> None:
    finding = sure(found(with_access(25, 60, 80), "D11", "park-k1"))
    assert finding.severity == pytest.approx(0.57)
    assert (finding.objects, finding.confidence, finding.listed) == (("expressway", "seaport"), 0.7, True)


def test_near_everything() -> None:
    assert found(with_access(6, 30, 40), "D11", "park-k1") is None


def test_unknown_distances_add_nothing() -> None:
    finding = sure(found(with_access(25, None, None), "D11", "park-k1"))
    assert (finding.severity, finding.objects) == (0.5, ("expressway",))
    assert [remedy.kind for remedy in finding.remedies] == ["build", "collect_data"]


def test_a_great_circle_counts_beyond_the_error_of_the_position() -> None:
    finding = sure(place(with_access(None, None, None), 60))
    assert finding.severity == pytest.approx(0.35 * (78 - 50) / 50)
    assert finding.confidence == 0.8
    assert place(with_access(None, None, None), 50) is None, "65 km by road, 15 above the threshold"


def test_a_zone_known_by_its_province_only_has_no_great_circle() -> None:
    assert place(with_access(None, None, None), 60, precision="province") is None


def test_what_is_planned_enters_a_second_value_only() -> None:
    network = with_access(None, 80, None)
    network.add_node(
        "new-port", kind="infrastructure", subkind="seaport", label=named("New"), status="planned"
    )
    edge(network, "park-k1", "new-port", "access", distance_km=10)
    finding = sure(found(network, "D11", "park-k1"))
    assert (finding.severity, finding.formula["with_planned"]) == (pytest.approx(0.21), 0.0)
