"""RDF to NetworkX: attributes, relations, dates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph.findings import load_parameters
from graph.gaps.world import World
from graph.projection import UNDECIDED_PLACES, link_side, project, snake_case
from graph.query import EXAMPLES, load_query
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


def links(network: nx.MultiDiGraph) -> set[str]:
    return {key for _, _, key, data in network.edges(keys=True, data=True) if data["relation"] == "supplies"}


@pytest.mark.parametrize(
    ("day", "there"), [("2014-12-31", False), ("2015-01-01", True), ("2026-11-21", True)]
)
def test_supply_and_plants_begin_on_the_first_day_of_their_year(corridor: Any, day: str, there: bool) -> None:
    """link-008 is recorded since 2015, and so is the start of the plant that buys."""
    network = project(corridor, day)
    world = World(network, load_parameters())
    assert ("link-008" in links(network)) is there
    assert network.nodes["lge-trang-due"]["active"] is there
    assert ("lge-trang-due" in world.needs) is there


def test_plants_without_a_recorded_start_stand_at_any_date(corridor: Any) -> None:
    network = project(corridor, "1950-01-01")
    assert network.nodes["heesung-trang-due"]["active"], "no date is recorded"
    assert network.nodes["meiko-electronics-qn-plant"]["active"], "the date is that of the licence"
    assert not network.nodes["lgd-trang-due"]["active"]


def test_a_planned_link_is_recorded_before_it_begins(corridor: Any) -> None:
    assert "link-045" in links(project(corridor, "2026-11-21")), "planned from 2027"


@pytest.mark.parametrize(("day", "number"), [("2019-12-31", 0), ("2020-01-01", 9)])
def test_links_of_the_worked_example_begin_in_2020(t20: Any, day: str, number: int) -> None:
    assert len(links(project(t20, day))) == number


@pytest.mark.parametrize(
    ("day", "members"),
    [
        ("2022-07-27", set()),
        ("2022-07-28", {"hp", "hd", "hy", "qn"}),
        ("2025-06-30", {"hp", "hd", "hy", "qn"}),
        ("2025-07-01", {"hp", "hy", "qn"}),
    ],
)
def test_seats_are_held_between_their_dates(t20: Any, day: str, members: set[str]) -> None:
    found = project(t20, day).in_edges("council", data="relation")
    assert {member.removeprefix("committee-") for member, _, held in found if held == "member_of"} == members


@pytest.mark.parametrize(
    ("thing", "place", "side"),
    [
        ("lgd-trang-due", "korea", "local"),
        ("samsung-sev-bacninh", "hai-phong", "outside"),
        ("lg", "hai-duong", "local"),
        ("lg", "hai-phong-2025", "local"),
        ("lg", "thai-binh", "outside"),
        ("lg", "korea", "outside"),
        ("lg", "hung-yen-2025", None),
        *(("lg", place, None) for place in sorted(UNDECIDED_PLACES)),
        ("lg", None, None),
    ],
)
def test_side_of_an_end_of_a_link(network: Any, thing: str, place: str | None, side: str | None) -> None:
    assert link_side(network, thing, place) == side


def test_the_example_query_and_the_network_agree_on_buyers_outside(corridor: Any, network: Any) -> None:
    rows = load_query(EXAMPLES / "x02-buyers-outside.rq").run(corridor.store)
    asked = {(row["plant"].value.rpartition("/")[2], row["place"].value) for row in rows}
    drawn = {
        (start, data["buyer_place"])
        for start, _, data in network.edges(data=True)
        if data["relation"] == "supplies" and data["buyer_side"] == "outside" and data["status"] != "ended"
        and network.nodes[start].get("inside")
    }  # fmt: skip
    assert asked == drawn
    assert asked


@pytest.mark.parametrize(
    ("plant", "attribute", "stated", "not_stated"),
    [
        ("sanhua-an-duong", "employees", "bnews-2024-09-04", "vietone-sanhua"),
        ("sanhua-an-duong", "capital", "vietone-sanhua", "emidas-magazine-2024-09-06"),
    ],
)
def test_a_size_has_the_sources_that_state_it(
    network: Any, plant: str, attribute: str, stated: str, not_stated: str
) -> None:
    sources = network.nodes[plant][f"{attribute}_sources"]
    assert stated in sources
    assert not_stated not in sources
    assert not_stated in network.nodes[plant]["sources"]


def test_every_size_has_a_source(network: Any) -> None:
    for plant, node in network.nodes(data=True):
        for attribute in ("employees", "capital"):
            if node.get(attribute) is not None:
                assert node[f"{attribute}_sources"], (plant, attribute)


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
