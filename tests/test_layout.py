"""Positions of the overview: the rules on the real data, and what happens when there is little or too much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph import find_gaps, load, project
from graph.layout import COAST, EAST, WEST, Plan, plan_overview, plants_by_zone

ROOT = Path(__file__).parents[1]


def operator(network: nx.MultiDiGraph) -> Any:
    return lambda plant: network.nodes[plant]["operator"]


@pytest.fixture(scope="module")
def plan(network: Any, findings: Any) -> Plan:
    return plan_overview(network, findings, operator(network))


@pytest.fixture(scope="module")
def tiny() -> Any:
    return project(load(ROOT / "ontology", ROOT / "tests/fixtures/t20"), "2025-06-30")


def corridor(parks: dict[str, int], anchors: dict[str, int] | None = None) -> nx.MultiDiGraph:
    """One locality with parks of so many plants, so many of them anchors; `None` as park is "" here."""
    network = nx.MultiDiGraph(corridor=("here",))
    network.add_node("here", kind="locality", lon=106.0)
    for number, (park, plants) in enumerate(parks.items()):
        if park:
            network.add_node(park, kind="zone", locality_stated="here", lon=106.0 + number / 10)
        for n in range(plants):
            network.add_node(
                f"{park or 'loose'}-{n}",
                kind="facility",
                locality_stated="here",
                zone=park or None,
                status="operating",
                role="anchor" if n < (anchors or {}).get(park, 0) else "supplier",
                capital=None,
                operator=f"{park}-{n}",
            )
    return network


def plan_of(network: nx.MultiDiGraph) -> Plan:
    return plan_overview(network, (), operator(network))


def test_what_is_needed_on_two_dates_stands_at_one_place(corridor: Any, plan: Plan) -> None:
    past = project(corridor, "2018-01-01")
    seats = {item.product: item.x for item in plan.inputs}
    then = {item.product: item.x for item in plan_overview(past, find_gaps(past), str, seats=seats).inputs}
    assert len(set(then.values())) == len(then) == len(seats)
    assert set(then.values()) == set(seats.values())
    stay = seats.keys() & then.keys()
    assert 3 < len(stay) < len(then), "some inputs of the two dates differ, most are the same"
    assert {product: then[product] for product in stay} == {product: seats[product] for product in stay}


def test_a_merger_moves_no_park(corridor: Any) -> None:
    before, after = (
        plan_overview(network, (), operator(network))
        for network in (project(corridor, day, "units") for day in ("2025-06-30", "2025-07-01"))
    )
    places = [{stop.zone: (stop.x, stop.y) for stop in plan.stops} for plan in (before, after)]
    assert places[0] == places[1] and len(places[0]) > 30
    assert [len(plan.bands) for plan in (before, after)] == [4, 3]
    merged = after.bands[1]
    assert (merged.x, merged.x + merged.width) == (
        before.bands[1].x,
        before.bands[2].x + before.bands[2].width,
    )
    assert merged.plants == before.bands[1].plants + before.bands[2].plants
    assert len({rest.locality for rest in after.rests}) == len(after.rests)


def test_localities_stand_west_to_east_in_fifteen_columns(plan: Plan) -> None:
    assert [(band.locality, band.columns) for band in plan.bands] == [
        ("hung-yen", 3),
        ("hai-duong", 3),
        ("hai-phong", 5),
        ("quang-ninh", 4),
    ]
    assert plan.bands[0].x == WEST
    assert plan.bands[-1].x + plan.bands[-1].width == pytest.approx(EAST)
    assert EAST < COAST


def test_everything_stands_inside_its_band(plan: Plan, network: Any) -> None:
    bands = {band.locality: band for band in plan.bands}
    for mark in (*plan.stops, *plan.boxes):
        home = mark.zone if hasattr(mark, "zone") else mark.home
        band = bands[network.nodes[home]["locality_stated"] if home not in bands else home]
        assert band.x < mark.x < band.x + band.width, mark


def test_no_two_marks_share_a_place(plan: Plan) -> None:
    places = [(round(mark.x), mark.y) for mark in (*plan.stops, *plan.boxes, *plan.rests)]
    assert len(places) == len(set(places))


def test_one_stop_per_column_on_the_spine_by_longitude(plan: Plan, network: Any) -> None:
    for band in plan.bands:
        spine = [s for s in plan.stops if s.above is None and band.x < s.x < band.x + band.width]
        assert len(spine) == band.columns
        east = [network.nodes[stop.zone]["lon"] for stop in sorted(spine, key=lambda stop: stop.x)]
        assert east == sorted(east)


@pytest.mark.parametrize(
    ("zone", "y"),
    [
        ("trang-due", 396.0),
        ("song-khoai", 396.0),
        ("thang-long-2", 396.0),
        ("an-duong", 488.0),
        ("nam-sach", 558.0),
    ],
)
def test_known_parks(plan: Plan, zone: str, y: float) -> None:
    assert [stop.y for stop in plan.stops if stop.zone == zone] == [y]


def test_a_small_phase_counts_with_its_park(plan: Plan, network: Any) -> None:
    stops = {stop.zone: stop.plants for stop in plan.stops}
    assert "dai-an-expansion" not in stops
    assert stops["dai-an"] == 3
    assert "nam-dinh-vu-1" in stops, "a phase with three plants is a stop of its own"


@pytest.mark.parametrize(
    ("statuses", "phases", "counted"),
    [
        ({}, {}, {}),
        ({"a": "operating", "b": "planned"}, {}, {"a": 1, "b": 1}),
        ({"a": "operating", "b": "planned"}, {"b": "a"}, {"a": 2, "b": 1}),
        ({"a": "operating", "b": "ended", "c": "mou"}, {"b": "a", "c": "a"}, {"a": 1}),
        ({"c": "operating"}, {"c": "b", "b": "a"}, {"a": 1, "b": 1, "c": 1}),
        ({"a": "operating", "b": "operating"}, {"a": "b", "b": "a"}, {"a": 2, "b": 2}),
    ],
)
def test_plants_count_in_their_park_and_the_parks_it_is_a_phase_of(
    statuses: dict[str, str], phases: dict[str, str], counted: dict[str, int]
) -> None:
    network = nx.MultiDiGraph()
    for zone, status in statuses.items():
        network.add_node(f"plant-{zone}", kind="facility", zone=zone, status=status)
    network.add_nodes_from({*phases, *phases.values()}, kind="zone")
    for phase, park in phases.items():
        network.add_edge(phase, park, relation="phase_of")
    assert {zone: len(plants) for zone, plants in plants_by_zone(network).items()} == counted


def test_ended_plants_and_memoranda_are_left_out(plan: Plan, network: Any) -> None:
    shown = {plant for box in plan.boxes for plant in box.plants}
    assert "lgd-trang-due" in shown
    for plant in ("lge-hungyen-old", "usi-trangdue3"):
        assert network.nodes[plant]["status"] in ("ended", "mou")
        assert plant not in shown


def test_anchors_stack_upwards_with_the_largest_capital_next_to_the_spine(plan: Plan, network: Any) -> None:
    stack = [box for box in plan.boxes if box.home == "trang-due"]
    assert [box.y for box in stack] == [352.0, 324.0, 296.0]
    capital = [network.nodes[box.plants[0]]["capital"] for box in stack]
    assert capital == sorted(capital, reverse=True)


def test_plants_of_one_name_in_one_park_share_a_box(plan: Plan) -> None:
    assert ("toto-tl2-3", "toto-tl2-4") in [box.plants for box in plan.boxes]
    assert ("tailg-hy",) in [box.plants for box in plan.boxes], "one name, but not in one park"


def test_anchors_without_a_park_stand_in_rows(plan: Plan) -> None:
    rows = [box for box in plan.boxes if box.home == "hung-yen"]
    assert [box.y for box in rows] == [207.0] * 3 + [234.0] * 2


def test_the_ten_most_needed_inputs_stand_in_the_order_of_their_bands(plan: Plan) -> None:
    assert [round(item.x) for item in plan.inputs] == [round(231 + 114.44 * n) for n in range(10)]
    middles = {band.locality: band.middle for band in plan.bands}
    means = [
        sum(middles[p] * n for p, n in item.places.items()) / sum(item.places.values())
        for item in plan.inputs
    ]
    assert means == sorted(means)


def test_red_lines_go_to_the_band_with_most_buyers_and_to_every_band_with_four(plan: Plan) -> None:
    for item in plan.inputs:
        most = max(item.places.values())
        assert item.lines[0][1] == most
        assert dict(item.lines).items() >= {p: n for p, n in item.places.items() if n >= 4}.items()
        assert all(buyers >= 4 for _, buyers in item.lines[1:])


def test_ports_stand_north_and_south_of_the_spine(plan: Plan, network: Any) -> None:
    for port in plan.ports:
        north = network.nodes[port.slug]["locality_stated"] == "quang-ninh"
        assert (port.y < 396) is north, port


def test_the_same_plan_on_every_run(plan: Plan, network: Any, findings: Any) -> None:
    shuffled = nx.MultiDiGraph(**network.graph)
    shuffled.add_nodes_from(reversed(list(network.nodes(data=True))))
    shuffled.add_edges_from(reversed(list(network.edges(keys=True, data=True))))
    assert plan_overview(shuffled, reversed(findings), operator(network)) == plan


def test_the_worked_example_has_a_plan(tiny: Any) -> None:
    plan = plan_overview(tiny, find_gaps(tiny), operator(tiny))
    assert sorted(stop.zone for stop in plan.stops) == ["park-k1", "park-k2", "park-k3", "park-k4", "park-k5"]
    assert {item.product for item in plan.inputs} == {
        "prod-battery",
        "prod-harness",
        "prod-lens",
        "prod-resin",
    }
    assert plan.rests == plan.ports == ()


def test_an_empty_network_has_an_empty_plan() -> None:
    assert plan_overview(nx.MultiDiGraph(), (), str) == Plan((), (), (), (), (), ())


@pytest.mark.parametrize(
    ("parks", "anchors", "columns", "stops", "rest"),
    [
        ({}, {}, 3, 0, 0),
        ({"a": 1}, {}, 3, 1, 0),
        ({f"p{n}": 1 for n in range(5)}, {}, 3, 5, 0),
        ({f"p{n}": 2 for n in range(6)} | {"small": 1}, {}, 3, 6, 1),
        ({f"p{n}": 2 for n in range(12)}, {}, 6, 12, 0),
        ({f"p{n:02}": 2 + (n < 9) for n in range(30)}, {}, 6, 9, 21),
        ({f"p{n:02}": 1 for n in range(20)}, {f"p{n:02}": 1 for n in range(20)}, 6, 11, 9),
    ],
)
def test_stops_that_do_not_fit_are_left_to_the_rest(
    parks: dict[str, int], anchors: dict[str, int], columns: int, stops: int, rest: int
) -> None:
    plan = plan_of(corridor(parks, anchors))
    assert plan.bands[0].columns == columns
    assert len(plan.stops) == stops
    assert sum(len(group.zones) for group in plan.rests) == rest


@pytest.mark.parametrize(("loose", "boxes", "folded"), [(0, 0, 0), (9, 9, 0), (10, 9, 2), (40, 9, 32)])
def test_too_many_anchors_without_a_park_share_the_last_box(loose: int, boxes: int, folded: int) -> None:
    plan = plan_of(corridor({"": loose}, {"": loose}))
    assert len(plan.boxes) == boxes
    assert sum(len(box.plants) for box in plan.boxes if box.folded) == folded
