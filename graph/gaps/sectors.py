"""Sectors of products: the branch of the product tree where the tree classifies every product, else ISIC
divisions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, cached_property

from graph.gaps.world import World
from graph.model import Text


class Sectors:
    """Which sector a facility belongs to, by its main product."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.of_product = cache(self._of_product)

    @cached_property
    def by_tree(self) -> bool:
        """Whether each product made stands under a broader one, so that the tops of the tree are sectors."""
        return all(self._world.branch(made) for made in self._world.makers_of)

    def _of_product(self, product: str) -> str | None:
        """The branch below the root, or the ISIC division; None if neither is known."""
        if not self.by_tree:
            isic = self._world.node(product).get("isic4")
            return f"isic-{isic[:2]}" if isic else None
        tops = [wide for wide in self._world.upward(product) if not self._world.branch(wide)]
        return min(tops)

    def of_facility(self, facility: str) -> dict[str, float]:
        """Sector -> share of the size of a facility; equal main products share it evenly."""
        mains = main_products(self._world, facility)
        shares: dict[str, float] = defaultdict(float)
        for product in mains:
            if (sector := self.of_product(product)) is not None:
                shares[sector] += 1 / len(mains)
        return dict(shares)

    def name(self, sector: str) -> Text:
        """A sector in words."""
        if sector.startswith("isic-"):
            division = sector.removeprefix("isic-")
            known: dict[str, Text] = self._world.network.graph.get("divisions", {})
            return known.get(division, {"vi": f"ngành ISIC {division}", "en": f"ISIC division {division}"})
        return self._world.name(sector)


def main_products(world: World, facility: str) -> list[str]:
    """The products with most recorded sales; among equals those that are needed most here."""
    sales = Counter(link.product for link in world.links_out[facility])

    def weight(product: str) -> tuple[int, float, int]:
        return sales[product], world.strongest_need.get(product, 0.0), len(world.buyers.get(product, ()))

    made = sorted(world.makes.get(facility, ()))
    best = max(map(weight, made), default=None)
    return [product for product in made if weight(product) == best]
