"""The picture of a result: things in layers, names that no line crosses, one heading for each kind."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from graph.explore import Explorer
from graph.explore.extent import reach
from graph.explore.flow import flow, most_connected
from graph.explore.svg_parts import path_of_route
from graph.explore.view import Edge, Node, View
from tests.pictures import problems


def view(*lines: str, alone: str = "", kinds: dict[str, str] | None = None) -> View:
    """A view of lines such as "a makes b" and of things without any."""
    triples = [line.split() for line in lines]
    names = dict.fromkeys([name for one, _, other in triples for name in (one, other)] + alone.split())
    nodes = [
        Node(name, f"Nhà máy {name}", (kinds or {}).get(name, "facility"), "plant", 0, 0) for name in names
    ]
    edges = [
        Edge(f"{a}|{word}|{b}", a, b, word, "stated", label=word if word != "-" else None)
        for a, word, b in triples
    ]
    return View("", "", "chosen", tuple(nodes), tuple(edges), ())


def crossed(drawn: View) -> list[tuple[str, str]]:
    """Lines and the things whose mark or name they touch, their own ends aside."""
    boxes = {node.id: reach(node) for node in drawn.nodes}
    found = []
    for edge in drawn.edges:
        assert edge.route
        points = [
            (x1 + (x2 - x1) * t / 20, y1 + (y2 - y1) * (t / 20) ** 2 * (3 - t / 10))
            for (x1, y1), (x2, y2) in pairwise(edge.route)
            for t in range(21)
        ]
        for name, box in boxes.items():
            if name not in (edge.from_id, edge.to_id) and any(
                box.left < x < box.right and box.top < y < box.bottom for x, y in points
            ):
                found.append((edge.id, name))
    return found


def overlaps(drawn: View) -> list[tuple[str, str]]:
    boxes = [(node.id, reach(node)) for node in drawn.nodes]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if not one.apart(other, 0)]


FAN = [f"s{n} - hub" for n in range(20)]
CHAIN = ["a - b", "b - c", "c - d", "a - d", "b - d", "x - c"]
ROUND = ["a - b", "b - c", "c - a", "c - d"]
WORDS = ["p in z", "q in z", "p makes m", "q makes m", "q makes n", "z in w", "p in w"]


@pytest.mark.parametrize("lines", [FAN, CHAIN, ROUND, WORDS, [*FAN, *CHAIN, "u - v"]])
def test_no_line_crosses_a_name(lines: list[str]) -> None:
    drawn = flow(view(*lines, alone="k1 k2 k3"), "vi", 80)
    assert problems(drawn) == []
    assert len(drawn.edges) == len(lines)
    assert crossed(drawn) == []
    assert overlaps(drawn) == []


@pytest.mark.parametrize("kinds", [("facility", "zone"), ("facility", "product"), ("organization", "person")])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_line_crosses_a_name_in_the_data(explorer: Explorer, kinds: tuple[str, ...], lang: str) -> None:
    things = sorted(slug for slug, data in explorer.network.nodes(data=True) if data["kind"] in kinds)[:300]
    drawn = flow(explorer.chosen(things, lang), lang, 80)
    assert problems(drawn) == []
    assert len(drawn.nodes) == 80
    assert crossed(drawn) == []
    assert overlaps(drawn) == []
    headings = [words.text for words in drawn.texts]
    assert len(headings) == len(set(headings))


def test_a_line_runs_from_left_to_right_unless_it_closes_a_circle() -> None:
    drawn = flow(view(*CHAIN), "en", 80)
    at = {node.id: node.x for node in drawn.nodes}
    assert at["a"] < at["b"] < at["c"] < at["d"]
    assert at["x"] == at["b"], "a source stands next to what it leads to"
    back = [e.id for e in flow(view(*ROUND), "en", 80).edges if e.route and e.route[0][0] > e.route[-1][0]]
    assert len(back) == 1


def test_what_lines_say_stands_once_where_they_meet() -> None:
    drawn = flow(view(*WORDS[:5]), "en", 80)
    assert sorted(words.text for words in drawn.texts) == ["in", "makes", "makes"]
    assert all(edge.label is None for edge in drawn.edges)


def test_what_has_no_line_stands_below_under_its_kind() -> None:
    found = view("a - b", alone="p q r", kinds={"r": "zone"})
    drawn = flow(found, "vi", 80)
    headings = [words.text for words in drawn.texts]
    assert headings == ["Khu và cụm không có đường nối trong hình", "Nhà máy không có đường nối trong hình"]
    joined, alone = ({n.y for n in drawn.nodes if n.id in names} for names in ("ab", "pqr"))
    assert max(joined) < min(alone)
    bare = flow(view(alone="p q"), "vi", 80)
    assert [words.text for words in bare.texts] == ["Nhà máy"]


def test_the_most_connected_are_drawn() -> None:
    names = ["a", "b", "c", "d"]
    assert most_connected(names, [("d", "c"), ("d", "c"), ("c", "b"), ("a", "a")], 2) == ["c", "b"]
    drawn = flow(view(*FAN, *CHAIN), "en", 6)
    assert {"hub", "a", "b", "c", "d"} <= {node.id for node in drawn.nodes}
    assert len(drawn.nodes) == 6


def test_the_picture_is_the_same_on_every_run() -> None:
    one, other = (flow(view(*lines), "en", 80) for lines in (CHAIN, CHAIN))
    assert one == other


def test_a_route_is_straight_and_bent_in_turn() -> None:
    route = ((0.0, 0.0), (10.0, 0.0), (20.0, 8.0), (30.0, 8.0))
    assert path_of_route(route) == "M0 0L10 0C15 0 15 8 20 8L30 8"
