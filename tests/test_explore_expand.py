"""Neighbours by relation: counts, pages, places, groups."""

from __future__ import annotations

from typing import Any

import pytest

from graph.explore import Explorer
from graph.explore.neighbours import Neighbours
from graph.explore.words import RELATIONS
from tests.pictures import edge

LANGUAGES = ("vi", "en")


def test_relations_are_counted(explorer: Explorer) -> None:
    counts = {(r.relation, r.direction): r.count for r in explorer.relations("lgd-trang-due", "en")}
    assert counts["missing", "out"] == 7
    assert counts["supplies", "out"] == 2
    assert ("supplies", "zzz") not in counts


def test_neighbours_come_in_pages_by_name(explorer: Explorer) -> None:
    names, after, pages = [], 0, 0
    while after is not None:
        page = explorer.expand("hai-duong", "located_in", "in", limit=50, after=after, lang="vi")
        names += [node.title.split("\n")[0].casefold() for node in page.nodes]
        after, pages = page.after, pages + 1
    assert len(names) == page.count == len({node.id for node in page.nodes}) + 50 * (pages - 1)
    assert names == sorted(names)


def test_missing_inputs_without_a_maker_come_first(explorer: Explorer) -> None:
    page = explorer.expand("lgd-trang-due", "missing", "out", lang="en")
    assert [node.mark for node in page.nodes][:2] == ["missing", "product"]
    assert {line.style for line in page.edges} == {"missing"}
    assert all(line.to_id == "lgd-trang-due" for line in page.edges)


@pytest.mark.parametrize(
    ("relation", "direction", "after", "count"),
    [("in_zone", "in", 0, 12), ("in_zone", "in", 999, 12), ("in_zone", "out", 0, 0), ("no-such", "in", 0, 0)],
)
def test_a_page_past_the_end_or_of_nothing_is_empty(
    explorer: Explorer, relation: str, direction: str, after: int, count: int
) -> None:
    page = explorer.expand("trang-due", relation, direction, after=after)
    assert page.count == count
    assert page.after is None
    assert len(page.nodes) == (count if after == 0 else 0)


@pytest.mark.parametrize(("direction", "hand"), [("out", 1), ("in", -1)])
def test_places_beside_the_centre(explorer: Explorer, direction: str, hand: int) -> None:
    relation = {"out": "makes", "in": "in_zone"}[direction]
    thing = {"out": "anphat-complex", "in": "trang-due"}[direction]
    first, second = (explorer.expand(thing, relation, direction, center=(100, 200)) for _ in range(2))
    assert first == second
    places = {(node.x, node.y) for node in first.nodes}
    assert len(places) == len(first.nodes)
    assert all(hand * ((node.x or 0) - 100) > 100 for node in first.nodes)


def test_without_a_centre_the_page_places_them(explorer: Explorer) -> None:
    assert all(node.x is None for node in explorer.expand("trang-due", "in_zone", "in").nodes)
    assert "x" not in explorer.expand("trang-due", "in_zone", "in").as_dict()["nodes"][0]


@pytest.mark.parametrize(
    "view", ["overview", "focus/lgd-trang-due", "focus/hai-duong", "focus/vinfast-cathai", "evidence"]
)
def test_groups_hold_what_they_say(explorer: Explorer, findings: Any, view: str) -> None:
    kind, _, slug = view.partition("/")
    gap = next(f.id for f in findings if f.detector == "D1" and len(f.objects) > 20)
    shown = {"overview": explorer.overview, "focus": explorer.focus, "evidence": explorer.evidence}[kind]
    drawn = shown(*[slug or gap][: kind != "overview"], "vi")
    for node in drawn.nodes:
        if node.id.startswith("group:") and node.mark != "unknown":
            (relation,) = explorer.relations(node.id, "vi")
            held = explorer.expand(node.id, relation.relation, relation.direction, limit=200, lang="vi")
            assert len(held.nodes) == held.count == relation.count, node.id
            assert held.edges


def test_only_the_edges_of_one_node_are_read(
    network: Any, findings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbours = Neighbours(network, findings)
    monkeypatch.setattr(type(network), "edges", property(lambda self: pytest.fail("scanned all edges")))
    assert neighbours.of("trang-due")


def test_every_relation_of_the_data_has_a_name_in_both_languages(network: Any) -> None:
    used = {relation for _, _, relation in network.edges(data="relation")}
    assert {(relation, way) for relation in used for way in ("out", "in")} - set(RELATIONS) == set()
    assert all(set(names) == set(LANGUAGES) for names in RELATIONS.values())


@pytest.mark.parametrize(
    ("plant", "buyer", "words"),
    [
        ("toprun-trangdue", "lg", "stated, current"),
        ("toyodagosei-nomura", "toyota-motor-vietnam", "same group, unverified\noutside the corridor"),
        ("heesung-trang-due", "lge-trang-due", "stated, unverified"),
    ],
)
def test_a_buyer_is_outside_only_where_its_place_is(
    explorer: Explorer, plant: str, buyer: str, words: str
) -> None:
    assert [node.sub for node in explorer.focus(plant, "en").nodes if node.id == buyer] == [words]


@pytest.mark.parametrize(
    ("product", "plant", "title"),
    [
        (
            "jig-fixture",
            "vinfast-cathai",
            "needs jig and fixture; no corridor supply recorded\n"
            "Recorded: AAPICO Hitech (from outside the corridor; unverified)",
        ),
        ("driver-ic", "lgd-trang-due", "needs display driver IC; no corridor supply recorded"),
    ],
)
def test_a_missing_line_names_the_supply_from_elsewhere(
    explorer: Explorer, product: str, plant: str, title: str
) -> None:
    line = edge(explorer.focus(product, "en"), f"{product}|missing|{plant}")
    assert line.title.endswith(title)


def test_an_input_made_for_own_use_only_has_a_maker(explorer: Explorer, findings: Any) -> None:
    gap = next(f for f in findings if f.detector == "D1" and f.subject == "technical-fabric")
    drawn = edge(explorer.evidence(gap.id), "autoliv-songkhoai|makes|technical-fabric")
    assert drawn.style == "stated"
    view = explorer.focus(gap.objects[0], "en")
    unknown = next(n for n in view.nodes if n.id.startswith("group:technical-fabric"))
    assert (unknown.label, unknown.title) == ("no maker that sells", gap.message["en"])
