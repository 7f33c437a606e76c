"""D4 isolated park."""

from __future__ import annotations

import pytest

from graph.gaps.d4_isolated_park import _count, _crossing, _Tally, _unmet
from graph.gaps.world import World
from tests.gaps.changes import PARAMETERS, Change, changed, link, same_group, unchanged
from tests.t20 import edge, found, sure, t20


def numbers(change: Change) -> dict[str, tuple[int, float]]:
    world = World(changed(change), PARAMETERS)
    links, needs = _crossing(world), {f"park-k{n}": _Tally() for n in range(1, 6)}
    for product, open_needs in _unmet(world).items():
        _count(world, product, open_needs, needs)
    return {zone: (links[zone], tally.needs) for zone, tally in needs.items()}


def by_hand(change: Change) -> dict[str, tuple[int, float]]:
    """The definition, need by need."""
    world = World(changed(change), PARAMETERS)
    zone = {f: world.node(f)["zone"] for f in world.inside}
    found = {}
    for park in (f"park-k{n}" for n in range(1, 6)):
        needs = 0
        for buyer, products in world.open_needs.items():
            for product in products:
                makers = [f for f in world.suppliers[product] if world.group(f) != world.group(buyer)]
                inside = any(zone[f] == park for f in makers)
                needs += (zone[buyer] == park) != inside and (zone[buyer] == park or inside)
        found[park] = (_crossing(world)[park], needs)
    return found


def test_links_and_needs_across_the_boundaries() -> None:
    known = numbers(unchanged)
    assert known["park-k5"] == (0, 4)
    assert known["park-k2"] == (2, 0)
    assert {park: round(1 - links / (links + needs), 4) for park, (links, needs) in known.items()} == {
        "park-k1": 0.6, "park-k2": 0.0, "park-k3": 0.75, "park-k4": 0.75, "park-k5": 1.0
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        unchanged,
        same_group("plant-l", "plant-a"),
        same_group("plant-g", "plant-b"),
        same_group("plant-h", "plant-l"),
    ],
)
def test_counting_by_product_agrees_with_the_definition(change: Change) -> None:
    assert numbers(change) == by_hand(change)


def test_only_k5_is_isolated() -> None:
    finding = sure(found(t20(), "D4", "park-k5"))
    assert (finding.severity, finding.group, finding.listed) == (1.0, "isolated", False)
    assert finding.confidence == pytest.approx(0.5438, abs=5e-5)
    assert [found(t20(), "D4", f"park-k{n}") for n in range(1, 5)] == [None] * 4


def test_one_link_across_ends_the_isolation() -> None:
    assert numbers(link("plant-l", "plant-a", "prod-pcb"))["park-k5"] == (1, 3)
    assert found(changed(link("plant-l", "plant-a", "prod-pcb")), "D4", "park-k5") is None


def test_a_park_with_phases_is_judged_by_its_phases() -> None:
    network = t20()
    edge(network, "park-k4", "park-k5", "phase_of")
    assert found(network, "D4", "park-k5") is None
