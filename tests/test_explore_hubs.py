"""Hubs are read once and listed up to a bound; what a click shows is the same as without."""

from __future__ import annotations

from typing import Any

import pytest

from graph.explore import Explorer, neighbours, sheet
from graph.explore.sheet import GROUP

HUBS = ("hai-phong", "plastic-packaging", "lgd-trang-due", "trang-due", "samsung")


def sides(found: dict[Any, Any]) -> dict[Any, list[Any]]:
    return {
        side: [(one.slug, [link[:3] for link in one.links], one.need) for one in near]
        for side, near in found.items()
    }


@pytest.mark.parametrize("least", [1, 10**9])
def test_neighbours_are_the_same_kept_or_read_anew(
    network: Any, findings: Any, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    usual = neighbours.Neighbours(network, findings)
    monkeypatch.setattr(neighbours, "HUB", least)
    other = neighbours.Neighbours(network, findings)
    for thing in HUBS:
        assert sides(usual.of(thing)) == sides(other.of(thing))


def test_ids_are_those_of_all_pages(network: Any, findings: Any) -> None:
    explorer = Explorer(network, findings)
    for thing in HUBS:
        for relation in explorer.relations(thing):
            side = relation.relation, relation.direction
            whole = [node.id for node in explorer.expand(thing, *side, limit=relation.count).nodes]
            assert list(explorer.ids(thing, *side, limit=10**6)) == whole
            assert list(explorer.ids(thing, *side, limit=3)) == whole[:3]


def test_a_long_list_ends_with_a_row_for_the_rest(
    network: Any, findings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = Explorer(network, findings).focus("hai-phong").sections
    monkeypatch.setattr(sheet, "MOST_ROWS", 20)
    short = Explorer(network, findings).focus("hai-phong").sections
    assert [section.heading for section in short] == [section.heading for section in long]
    cut = [(one, other) for one, other in zip(long, short, strict=True) if len(one.items) > 21]
    assert cut, "a locality has more than 20 of some kind"
    for whole, part in cut:
        assert part.items[:20] == whole.items[:20]
        assert part.items[20].id.startswith(GROUP)
        assert len(part.items) == 21
        counted = whole.items[-1].count if whole.items[-1].id.startswith(GROUP) else 0
        rest = len(whole.items) - 20 + (int(counted) - 1 if counted else 0)
        assert part.items[20].count == rest
