"""Changes to the worked example, and the parameters the tests of the detectors share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import networkx as nx

from graph.findings import load_parameters
from graph.gaps.parameters import Coverage, Parameters
from tests.t20 import edge, named, require, supply, t20

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


def changed(*changes: Change) -> nx.MultiDiGraph:
    network = t20()
    for change in changes:
        change(network)
    return network
