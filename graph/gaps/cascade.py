"""What stops when a facility stops: the rule of Leontief for essential inputs, along recorded links.

A buyer stops if for some core need suppliers are recorded and all of them have stopped. A need with an
aggregate among its suppliers never fails, as others behind that name go on. O(links reached) for each
start, on lists of integers; the steps get their names only where someone reads them.
"""

from __future__ import annotations

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


class CoreNeed(NamedTuple):
    """A core need with a known source; a buyer stops when all its suppliers have."""

    buyer: str
    product: str
    suppliers: tuple[str, ...]
    sure: float


class Cascade:
    """The core needs of a world with a known source, by supplier; links in `without` left out."""

    def __init__(self, world: World, without: Collection[str] = ()) -> None:
        self.needs: list[CoreNeed] = []
        self.sources: list[tuple[int, ...]] = []
        """Per need the numbers of its suppliers."""
        self.names: list[str] = []
        self.number: dict[str, int] = {}
        """Facility or firm -> its place in `names`."""
        self._feeds: list[list[tuple[int, int]]] = []
        for buyer, filled in world.sources.items():
            for product, links in filled.items():
                if world.needs[buyer][product].criticality == 1.0 and (
                    suppliers := _suppliers(world, links, without)
                ):
                    sure = max(link_confidence(world, link) for link in links)
                    self._add(CoreNeed(buyer, product, suppliers, sure))

    def _add(self, need: CoreNeed) -> None:
        numbers = []
        for name in (need.buyer, *need.suppliers):
            if name not in self.number:
                self.number[name] = len(self.names)
                self.names.append(name)
                self._feeds.append([])
            numbers.append(self.number[name])
        for supplier in numbers[1:]:
            self._feeds[supplier].append((len(self.needs), numbers[0]))
        self.needs.append(need)
        self.sources.append(tuple(numbers[1:]))

    @property
    def sole_sources(self) -> set[str]:
        """Named suppliers that some core need has as its only recorded one."""
        return {need.suppliers[0] for need in self.needs if len(need.suppliers) == 1}

    def walk(self, start: str, most: int | None = None) -> tuple[list[int], list[int]]:
        """The facilities that stop after `start`, nearest first, and the need that failed first for each.

        Both as places in `names` and `needs`. With `most`, no further tier is looked at once more than
        this many have stopped.
        """
        if (first := self.number.get(start)) is None:
            return [], []
        feeds, sources, seen = self._feeds, self.sources, {first}
        stopped, causes, fed = [first], [-1], {}  # type: list[int], list[int], dict[int, int]
        for supplier in stopped:
            for need, buyer in feeds[supplier]:
                if buyer in seen:
                    continue
                if len(sources[need]) > 1:
                    fed[need] = fed.get(need, 0) + 1
                    if fed[need] < len(sources[need]):
                        continue
                seen.add(buyer)
                stopped.append(buyer)
                causes.append(need)
            if most is not None and len(stopped) > most:
                break
        return stopped[1:], causes[1:]

    def stops(self, start: str, most: int | None = None) -> list[Stop]:
        """The facilities that stop after `start`, in order of tiers, each with its first cause."""
        tiers, found = {start: 0}, []
        for number, cause in zip(*self.walk(start, most), strict=True):
            facility, need = self.names[number], self.needs[cause]
            tiers[facility] = 1 + max(tiers[supplier] for supplier in need.suppliers)
            found.append(Stop(*need, tiers[facility]))
        return found


def _suppliers(world: World, links: tuple[Link, ...], without: Collection[str]) -> tuple[str, ...]:
    """The recorded suppliers of a need; none if an aggregate is among them."""
    names = sorted({link.supplier for link in links if link.id not in without})
    return tuple(names) if all(map(world.named, names)) else ()
