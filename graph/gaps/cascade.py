"""What stops when a facility stops: the rule of Leontief for essential inputs, along recorded links.

A buyer stops if for some core need suppliers are recorded and all of them have stopped. A need with an
aggregate among its suppliers never fails, as others behind that name go on. O(links reached) for each
start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from graph.gaps.evidence import link_confidence
from graph.gaps.world import Link, World


class Stop(NamedTuple):
    """One step of a cascade: a buyer stops for want of a product from these suppliers."""

    facility: str
    product: str
    suppliers: tuple[str, ...]
    sure: float
    """Confidence of the links behind it."""
    tiers: int


class _Need(NamedTuple):
    buyer: str
    product: str
    suppliers: tuple[str, ...]
    sure: float


class Cascade:
    """The core needs of a world with a known source, by supplier; links in `without` left out."""

    def __init__(self, world: World, without: Collection[str] = ()) -> None:
        self._feeds: dict[str, list[_Need]] = defaultdict(list)
        for buyer, filled in world.sources.items():
            for product, links in filled.items():
                if world.needs[buyer][product].criticality == 1.0:
                    suppliers = _suppliers(world, links, without)
                    sure = max(link_confidence(world, link) for link in links)
                    need = _Need(buyer, product, suppliers, sure)
                    for supplier in suppliers:
                        self._feeds[supplier].append(need)

    @property
    def sole_sources(self) -> set[str]:
        """Named suppliers that some core need has as its only recorded one."""
        return {s for s, needs in self._feeds.items() if any(len(need.suppliers) == 1 for need in needs)}

    def stops(self, start: str) -> list[Stop]:
        """The facilities that stop after `start`, in order of tiers, each with its first cause."""
        stopped, found = {start: 0}, []
        fed: dict[int, int] = {}
        queue = [start]
        for supplier in queue:
            for need in self._feeds.get(supplier, ()):
                if need.buyer in stopped:
                    continue
                if len(need.suppliers) > 1:
                    fed[id(need)] = fed.get(id(need), 0) + 1
                    if fed[id(need)] < len(need.suppliers):
                        continue
                stopped[need.buyer] = stopped[supplier] + 1
                found.append(Stop(*need, stopped[supplier] + 1))
                queue.append(need.buyer)
        return found


def _suppliers(world: World, links: tuple[Link, ...], without: Collection[str]) -> tuple[str, ...]:
    """The recorded suppliers of a need; none if an aggregate is among them."""
    names = sorted({link.supplier for link in links if link.id not in without})
    return tuple(names) if all(map(world.named, names)) else ()
