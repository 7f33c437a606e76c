"""Pictures of other dates: what is in the picture of today stands where it does there."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from graph.explore.extent import reach
from graph.explore.sheet import Picture
from graph.explore.steady import steady
from graph.explore.view import Node, View, Words


def places(client: Any, address: str) -> dict[str, tuple[float, float]]:
    return {node["id"]: (node["x"], node["y"]) for node in client.get(address).json["nodes"]}


@pytest.mark.parametrize(
    ("query", "day", "common"),
    [("", "2006-01-01", 90), ("focus=lgd-trang-due", "2012-01-01", 10), ("sector=C26", "2018-01-01", 40)],
)
def test_nothing_jumps_between_dates(client: Any, query: str, day: str, common: int) -> None:
    today, then = places(client, f"/api/graph?{query}"), places(client, f"/api/graph?{query}&as_of={day}")
    both = today.keys() & then.keys()
    assert len(both) >= common
    assert {thing: then[thing] for thing in both} == {thing: today[thing] for thing in both}
    assert then == places(client, f"/api/graph?{query}&as_of={day}"), "the same address, the same picture"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("locality=hai-phong-2025&reading=units", 200),
        ("status=not-begun&as_of=2006-01-01", 200),
        ("locality=hai-phong-2025", 400),
        ("status=not-begun&sector=C99&as_of=2006-01-01", 400),
    ],
)
def test_a_filter_may_name_what_the_picture_of_today_does_not_have(
    client: Any, query: str, status: int
) -> None:
    answer = client.get(f"/api/graph?focus=trang-due&{query}")
    assert answer.status_code == status
    if status == 200:
        today = places(client, "/api/graph?focus=trang-due")
        then = {node["id"]: (node["x"], node["y"]) for node in answer.json["nodes"]}
        assert then and then.items() <= today.items()


def node(name: str, x: float, y: float, align: str | None = None) -> Node:
    return Node(name, name, "product", "product", x, y, align=align)


def picture(*nodes: Node, texts: tuple[Words, ...] = ()) -> Picture:
    return Picture(View("", "", "focus", nodes, (), (), texts=texts), {})


def test_what_is_new_finds_room_in_its_column() -> None:
    usual = picture(node("a", 0, 0, "left"), texts=(Words(5, -60, "Needs"),))
    found = steady(picture(node("b", 0, 0), node("a", 0, 300), texts=(Words(9, 9, "Needs"),)), usual).view
    at = {each.id: each for each in found.nodes}
    assert (at["a"].x, at["a"].y, at["a"].align) == (0, 0, "left")
    assert at["b"].x == 0 and at["b"].y not in (0, None)
    assert (found.texts[0].x, found.texts[0].y) == (5, -60)
    assert all(reach(one).apart(reach(other), 0) for one, other in combinations(found.nodes, 2))
    assert [each.id for each in found.nodes] == ["b", "a"], "the order of drawing stays"


def test_what_has_room_stays() -> None:
    alone = picture(node("b", 0, 0))
    assert steady(alone, picture(node("a", 400, 0))) == alone
