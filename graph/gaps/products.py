"""The product tree: what is broader, what covers what, how alike two products are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache


class ProductTree:
    """Products by the directly broader ones; a product may have several."""

    def __init__(self, broader: Mapping[str, Collection[str]]) -> None:
        self._broader = broader
        self.upward = cache(self._upward)
        self.similarity = cache(self._similarity)
        self._depth = cache(self._depth_of)

    def _upward(self, product: str) -> dict[str, int]:
        """The product and everything broader, with the number of steps."""
        steps, layer = {product: 0}, {product}
        while layer:
            layer = {wide for narrow in layer for wide in self._broader.get(narrow, ())} - steps.keys()
            steps |= dict.fromkeys(layer, max(steps.values()) + 1)
        return steps

    def covers(self, made: str, needed: str) -> bool:
        """A maker of a product covers a need for it and for everything broader."""
        return needed in self.upward(made)

    def branch(self, product: str) -> tuple[str, ...]:
        """Directly broader products."""
        return tuple(sorted(self._broader.get(product, ())))

    def _depth_of(self, product: str) -> int:
        """Depth in the product tree under a virtual root of depth 1."""
        return 2 + min(steps for wide, steps in self.upward(product).items() if not self._broader.get(wide))

    def _similarity(self, one: str, other: str) -> float:
        """Wu-Palmer similarity in the product tree, 0..1: 2 depth(common) / (depth + depth)."""
        up, down = self.upward(one), self.upward(other)
        best = 2 / (self._depth(one) + self._depth(other))
        for common in up.keys() & down.keys():
            shared = 2 * self._depth(common)
            best = max(best, shared / (up[common] + down[common] + shared))
        return best
