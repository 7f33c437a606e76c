"""Who makes one product for sale in the corridor, counted by group and place, so that a need reads it at
once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph.gaps.nearest import Near, Nearest, Site

if TYPE_CHECKING:
    from graph.gaps.world import World


class Supply:
    """The makers of one product."""

    def __init__(self, world: World, product: str, makers: Iterable[str]) -> None:
        self._world = world
        self.makers = frozenset(makers)
        self.groups = Counter(world.group(maker) for maker in self.makers)
        self._places: Counter[tuple[str, str | None]] = Counter()
        self._group_places: Counter[tuple[str, str, str | None]] = Counter()
        attested: dict[str, int] = {}
        for maker in self.makers:
            group = world.group(maker)
            for attribute in ("locality", "locality_stated", "zone"):
                place = world.node(maker).get(attribute)
                self._places[attribute, place] += 1
                self._group_places[group, attribute, place] += 1
            stated = len(world.make_sources(maker, product))
            attested[group] = max(stated, attested.get(group, 0))
        self._attested = sorted(((stated, group) for group, stated in attested.items()), reverse=True)
        self._nearest: Nearest | None = None
        self._closest: dict[tuple[Site, str | None], Near | None] = {}

    def others(self, group: str) -> int:
        """How many of the makers belong to another group."""
        return len(self.makers) - self.groups[group]

    def others_at(self, group: str, attribute: str, place: str | None) -> int:
        """How many makers of another group have this place as locality, locality_stated or zone."""
        return self._places[attribute, place] - self._group_places[group, attribute, place]

    def zones(self) -> list[str]:
        """Zones with a maker."""
        return sorted(zone for attribute, zone in self._places if attribute == "zone" and zone is not None)

    def attested(self, group: str) -> int:
        """Most sources that state a make of another group."""
        return next((stated for stated, other in self._attested if other != group), 0)

    @property
    def nearest(self) -> Nearest:
        """The makers by place."""
        if self._nearest is None:
            self._nearest = Nearest(self.makers, self._world.site, self._world.group)
        return self._nearest

    def closest(self, buyer: str) -> Near | None:
        """The maker of another group at the least known distance from a buyer."""
        key = self._world.site(buyer), self._own(buyer)
        if key not in self._closest:
            self._closest[key] = self.nearest.closest(*key)
        return self._closest[key]

    def _own(self, buyer: str) -> str | None:
        """The group of the buyer, if it makes the product too and so has to be left out."""
        group = self._world.group(buyer)
        return group if self.groups[group] else None

    def around(self, buyer: str, limit: int) -> list[Near]:
        """Makers of other groups, nearest first; unknown distances count as 0 km, after the known ones of
        0."""
        site, own = self._world.site(buyer), self._own(buyer)
        found = self.nearest.known(site, limit, own) + self.nearest.unknown(site, limit, own)
        return sorted(found, key=lambda near: (near.km or 0.0, near.km is None, near.facility))[:limit]
