"""Paths between two things: known answers on the worked example and the real data, and against networkx."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations, pairwise
from typing import Any

import networkx as nx
import pytest

from graph.explore import Explorer
from graph.explore.paths import GROUPS, MOST_PATHS, USUAL, Paths


@pytest.mark.parametrize(
    ("start", "end", "groups", "paths"),
    [
        ("plant-c", "plant-a", ["supply"], ["plant-c plant-a"]),
        ("plant-a", "plant-b", ["supply"], ["plant-a plant-c plant-b"]),
        (
            "plant-e",
            "plant-a",
            ["supply"],
            ["plant-e plant-d plant-a", "plant-e plant-d outside-x plant-j plant-a"],
        ),
        ("outside-x", "plant-a", ["supply"], ["outside-x plant-d plant-a", "outside-x plant-j plant-a"]),
        ("plant-e", "plant-h", ["supply"], []),
        ("plant-a", "plant-j", ["zone"], ["plant-a park-k1 plant-j"]),
        ("plant-a", "plant-c", ["zone"], []),
        ("plant-a", "plant-c", ["place"], ["plant-a hp plant-c"]),
        ("plant-g", "plant-d", ["product"], ["plant-g prod-housing plant-d"]),
        ("prod-lens", "plant-j", ["missing"], ["prod-lens plant-j"]),
        ("prod-lens", "plant-j", ["supply"], []),
        ("plant-h", "plant-l", ["supply", "zone"], ["plant-h park-k5 plant-l"]),
    ],
)
def test_paths_of_the_worked_example(
    tiny: Explorer, start: str, end: str, groups: list[str], paths: list[str]
) -> None:
    found = tiny.paths.between(start, end, groups, limit=2)
    assert [" ".join(path.ids) for path in found.paths] == paths
    assert [path.length for path in found.paths] == [path.count(" ") for path in paths]
    assert not found.truncated


@pytest.mark.parametrize(
    ("start", "end", "groups", "ids"),
    [
        ("lgd-trang-due", "apple", USUAL, ("lgd-trang-due", "apple")),
        ("lgd-trang-due", "lg", ["ownership"], ("lgd-trang-due", "lg")),
        ("lgd-trang-due", "lginnotek-trang-due", ["zone"], ("lgd-trang-due", "trang-due", "lginnotek-trang-due")),
        ("samsung", "claim-008", ["claims"], ("samsung", "claim-008")),
        ("driver-ic", "lgd-trang-due", [*USUAL, "missing"], ("driver-ic", "lgd-trang-due")),
        ("driver-ic", "lgd-trang-due", USUAL, ("driver-ic", "oled-display-module", "lgd-trang-due")),
        ("lgd-trang-due", "vinfast-cathai", [*USUAL, "place"], ("lgd-trang-due", "hai-phong", "vinfast-cathai")),
    ],
)  # fmt: skip
def test_the_shortest_path_of_the_real_data(
    explorer: Explorer, start: str, end: str, groups: Any, ids: tuple[str, ...]
) -> None:
    assert explorer.paths.between(start, end, groups, limit=1).paths[0].ids == ids
    assert explorer.paths.between(end, start, groups, limit=1).paths[0].length == len(ids) - 1


def test_a_group_without_its_relation_joins_nothing(explorer: Explorer) -> None:
    assert explorer.paths.between("lgd-trang-due", "vinfast-cathai", ["supply"]).paths == ()


def test_no_usual_path_leads_through_a_locality_or_a_missing_need(explorer: Explorer) -> None:
    for end in ("vinfast-cathai", "vcci", "samsung", "special-steel", "trang-due"):
        for path in explorer.paths.between("lgd-trang-due", end, limit=MOST_PATHS).paths:
            assert not [t for t in path.ids[1:-1] if explorer.network.nodes[t]["kind"] == "locality"]
            assert all(explorer.paths.groups_between(*pair, USUAL) for pair in pairwise(path.ids))


def test_a_locality_may_still_be_an_end(explorer: Explorer) -> None:
    found = explorer.paths.between("claim-008", "hai-phong", limit=1).paths
    assert found == () or found[0].ids[-1] == "hai-phong"
    assert explorer.paths.between("vehec-agreement", "hai-phong").paths[0].ids == (
        "vehec-agreement",
        "hai-phong",
    )


@pytest.mark.parametrize("groups", [("supply",), ("supply", "product"), tuple(GROUPS)])
def test_lengths_agree_with_networkx(tiny: Explorer, groups: tuple[str, ...]) -> None:
    """All pairs of plants of the worked example: the shortest and the next two, none repeated."""
    graph = nx.Graph(
        (one, other)
        for one, near in tiny.paths._near.items()
        for group in groups
        for other in near.get(group, ())
        if "place" in groups or not {one, other} & {"hp", "hd", "hy", "qn"}
    )
    plants = sorted(slug for slug, data in tiny.network.nodes(data=True) if data["kind"] == "facility")
    for start, end in combinations(plants, 2):
        found = [path.ids for path in tiny.paths.between(start, end, groups, limit=3).paths]
        assert len(set(found)) == len(found)
        assert all(len(set(ids)) == len(ids) for ids in found), "a path has no loop"
        known = nx.shortest_simple_paths(graph, start, end) if {start, end} <= set(graph) else iter(())
        lengths: list[int] = []
        with suppress(nx.NetworkXNoPath):
            lengths = [len(ids) for ids, _ in zip(known, range(3), strict=False)]
        assert [len(ids) for ids in found] == lengths, (start, end)


def test_a_search_that_reads_too_much_says_so(explorer: Explorer) -> None:
    short = Paths(explorer.neighbours, most_steps=50)
    found = short.between("samsung", "vcci")
    assert found.truncated
    assert found.paths == ()


def test_what_was_found_before_the_limit_is_kept(explorer: Explorer) -> None:
    found = Paths(explorer.neighbours, most_steps=60).between("lgd-trang-due", "apple", limit=5)
    assert found.truncated
    assert found.paths[0].ids == ("lgd-trang-due", "apple")


@pytest.mark.parametrize(("start", "end"), [("nope", "apple"), ("apple", "nope"), ("", "")])
def test_an_unknown_end_is_a_key_error(explorer: Explorer, start: str, end: str) -> None:
    with pytest.raises(KeyError):
        explorer.paths.between(start, end)


def test_every_relation_has_a_group(network: Any) -> None:
    used = {relation for _, _, relation in network.edges(data="relation")}
    assert used <= {relation for relations in GROUPS.values() for relation in relations}


def test_the_same_question_has_the_same_answer(explorer: Explorer) -> None:
    first, second = (
        Paths(explorer.neighbours).between("samsung", "vcci", limit=MOST_PATHS) for _ in range(2)
    )
    assert first == second
