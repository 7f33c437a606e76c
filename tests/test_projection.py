"""RDF to NetworkX: attributes, relations, dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph.projection import project, snake_case
from graph.store import load
from tests.t20 import t20 as t20_network

T20 = Path(__file__).parent / "fixtures" / "t20"


@pytest.fixture(scope="module")
def t20() -> Any:
    return load(data=T20)


def edges(network: nx.MultiDiGraph, relation: str) -> set[tuple[Any, ...]]:
    return {
        (start, end, data.get("product"), data.get("criticality"))
        for start, end, data in network.edges(data=True)
        if data["relation"] == relation
    }


def relations(network: nx.MultiDiGraph, start: str, end: str) -> set[str]:
    return {data["relation"] for data in (network.get_edge_data(start, end) or {}).values()}


@pytest.mark.parametrize(
    ("start", "end", "relation", "holds"),
    [
        ("lgd-trang-due", "oled-display-module", "makes", True),
        ("lgd-trang-due", "trang-due", "in_zone", True),
        ("lgd-trang-due", "lg-display-vn", "operated_by", True),
        ("lg-display-vn", "lg", "sub_organization_of", True),
        ("lgchem-haiphong", "lgd-trang-due", "supplies", True),
        ("lgd-trang-due", "lgchem-haiphong", "supplies", False),
        ("mobile-phone", "camera-module", "requires", True),
        ("camera-module", "mobile-phone", "requires", False),
        ("ppc-qn", "vehec-council", "member_of", True),
        ("trang-due", "ha-noi-hai-phong-expressway", "access", True),
        ("pham-tan-cong", "vcci", "holds_office", True),
    ],
)
def test_relations_of_the_real_data(network: Any, start: str, end: str, relation: str, holds: bool) -> None:
    assert (relation in relations(network, start, end)) is holds


def test_every_edge_has_a_relation_and_sources(network: Any) -> None:
    assert all(
        data["relation"] and isinstance(data["sources"], tuple) for *_, data in network.edges(data=True)
    )


def test_a_plant_carries_what_the_detectors_need(network: Any) -> None:
    plant = network.nodes["lgd-trang-due"]
    assert {
        "group": "lg",
        "zone": "trang-due",
        "locality_stated": "hai-phong",
        "inside": True,
        "role": "anchor",
        "capital": 5650.0,
    }.items() <= plant.items()
    assert plant["employees"] is None
    assert len(plant["sources"]) >= 3


def test_a_plant_outside_the_four_localities_is_not_inside(network: Any) -> None:
    samsung = [
        n
        for n, a in network.nodes(data=True)
        if a["kind"] == "facility" and a["group"] == network.nodes["samsung-sev-bacninh"]["group"]
    ]
    assert len(samsung) >= 6
    assert not any(network.nodes[n]["inside"] for n in samsung)


@pytest.mark.parametrize(
    ("day", "locality"),
    [("2025-06-30", "hai-duong"), ("2025-07-01", "hai-phong-2025"), ("2025-07-02", "hai-phong-2025")],
)
def test_the_merger_moves_plants_but_not_the_agreement(corridor: Any, day: str, locality: str) -> None:
    network = project(corridor, day)
    plant = network.nodes["abcd-phucdien"]
    assert (plant["locality"], plant["locality_stated"], plant["inside"]) == (locality, "hai-duong", True)
    assert network.graph["corridor"] == ("hai-duong", "hai-phong", "hung-yen", "quang-ninh")


def test_a_wrong_date_is_refused(corridor: Any) -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        project(corridor, "30/06/2025")


def test_the_network_is_frozen(network: Any) -> None:
    with pytest.raises(nx.NetworkXError):
        network.add_node("x")


def test_tables_and_json_of_t20_give_the_same_world(t20: Any) -> None:
    ours, theirs = project(t20, "2025-06-30"), t20_network()
    for relation in ("makes", "broader", "requires", "supplies"):
        assert edges(ours, relation) == edges(theirs, relation)
    for name in ("group", "zone", "locality", "inside", "employees", "role", "status"):
        plants = [n for n, a in theirs.nodes(data=True) if a["kind"] == "facility"]
        assert {n: ours.nodes[n][name] for n in plants} == {n: theirs.nodes[n][name] for n in plants}


@pytest.mark.parametrize(
    ("name", "snake"), [("makes", "makes"), ("subOrganizationOf", "sub_organization_of"), ("isic4", "isic4")]
)
def test_snake_case(name: str, snake: str) -> None:
    assert snake_case(name) == snake
