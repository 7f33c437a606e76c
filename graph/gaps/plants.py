"""The plants and zones of the projected network: where they stand, how large they are and whose they are.

Ids are slugs; distances are great-circle kilometres; `None` always means "not recorded".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from statistics import median
from typing import Any

import networkx as nx

from graph.gaps.nearest import Site, kilometres_between, site_of
from graph.gaps.parameters import Coverage, Parameters
from graph.gaps.relations import Relations
from graph.model import Text, home

EVERYWHERE = "everywhere"
"""The widest stratum of coverage: the whole corridor."""
NOT_SUPPLYING = frozenset({"ended", "mou"})
"""Facility statuses that supply nobody and raise no needs."""


class Plants:
    """Read-only indexes over one network, for one set of parameters."""

    def __init__(self, network: nx.MultiDiGraph, parameters: Parameters) -> None:
        self.network = network
        self.parameters = parameters
        self._nodes: dict[str, dict[str, Any]] = dict(network.nodes(data=True))
        self._relations = Relations(network)
        self.makes = self._relations.makes
        """facility -> product made -> (only for own use, sources)"""
        self.size = cache(self._size_of)
        self.group = cache(self._group_of)
        self.supplied_by = cache(self._supplied_by)
        self.site = cache(self._site_of)

    def node(self, slug: str) -> dict[str, Any]:
        """Attributes of a node."""
        return self._nodes[slug]

    def name(self, slug: str) -> Text:
        """Label in both languages; a missing one falls back to the other, then to the slug."""
        label = self.node(slug).get("label") or {} if slug in self._nodes else {}
        english, vietnamese = label.get("en"), label.get("vi")
        return {"vi": vietnamese or english or slug, "en": english or vietnamese or slug}

    @cached_property
    def ways_out(self) -> tuple[str, ...]:
        """Infrastructure that a zone should have near, as far as it has not ended."""
        kinds = self.parameters.access.thresholds_km
        return tuple(
            thing
            for thing, node in sorted(self._nodes.items())
            if node["kind"] == "infrastructure"
            and node.get("subkind") in kinds
            and node.get("status") != "ended"
        )

    def _site_of(self, thing: str) -> Site:
        return site_of(self.node(thing))

    def distance_km(self, one: str, other: str) -> float | None:
        """Great-circle distance of two nodes with coordinates; 0 within one zone, None if unknown."""
        return kilometres_between(self.site(one), self.site(other))

    def places(self, facilities: tuple[str, ...]) -> dict[str, int]:
        """How many of the facilities lie in each locality, as the reading of the network groups them."""
        if len(facilities) == 1:
            only = home(self.node(facilities[0]))
            return {} if only is None else {only: 1}
        counts: dict[str, int] = defaultdict(int)
        for facility in facilities:
            if (place := home(self.node(facility))) is not None:
                counts[place] += 1
        return dict(sorted(counts.items()))

    def making(self, *products: str) -> str:
        """The Vietnamese verb for making these products: goods are produced, a service is provided."""
        return "cung cấp" if self._any_service(products) else "sản xuất"

    def for_sale(self, *products: str) -> str:
        """What Vietnamese says after a product that its maker does not keep for itself."""
        return "cho nơi khác" if self._any_service(products) else "để bán"

    def _any_service(self, products: tuple[str, ...]) -> bool:
        return any(self.node(product).get("level") == "service" for product in products)

    @cached_property
    def zones_with_room(self) -> tuple[str, ...]:
        """Zones of the corridor that run and are recorded as having room."""
        return tuple(
            zone
            for zone, node in sorted(self.network.nodes(data=True))
            if node["kind"] == "zone"
            and node.get("locality_stated") in self.network.graph["corridor"]
            and node.get("status") == "operating"
            and node.get("occupancy") is not None
            and node["occupancy"] <= self.parameters.remedies.room_up_to_percent
        )

    def zones_around(self, zone: str) -> tuple[str, ...]:
        """The zone, the park it is a phase of, and the wider zones it lies in."""
        found = [zone]
        for narrow in found:
            found += sorted(self._relations.wider_zones.get(narrow, set()).difference(found))
        return tuple(found)

    @cached_property
    def zones_with_parts(self) -> frozenset[str]:
        """Zones of which phases or parts are recorded as zones of their own."""
        return frozenset(wide for around in self._relations.wider_zones.values() for wide in around)

    def facilities(self) -> Iterator[str]:
        """Every facility, in order of its id."""
        return (slug for slug, data in sorted(self.network.nodes(data=True)) if data["kind"] == "facility")

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """Facilities in the corridor that may buy or supply: started, not ended, not only a memorandum."""
        return tuple(f for f in self.facilities() if self.node(f)["inside"] and self._active(f))

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Recorded facilities elsewhere that may supply."""
        return tuple(f for f in self.facilities() if not self.node(f)["inside"] and self._active(f))

    def _active(self, facility: str) -> bool:
        return self.started(facility) and self.node(facility).get("status") not in NOT_SUPPLYING

    def started(self, facility: str) -> bool:
        """False only where a recorded start lies after the date of the network."""
        return bool(self.node(facility).get("active", True))

    def _group_of(self, facility: str) -> str:
        """The topmost owner recorded; two facilities of one group are one source."""
        return self.node(facility).get("group") or facility

    def stated_size(self, facility: str) -> tuple[float, str] | None:
        """(employees, "employees"), else (capital in million USD, "capital"), else None."""
        for basis in ("employees", "capital"):
            if self.node(facility).get(basis) is not None:
                return float(self.node(facility)[basis]), basis
        return None

    def _size_of(self, facility: str) -> tuple[float, str]:
        """Stated size, else the median of the stated sizes of its role (0 if none), with its basis."""
        return self.stated_size(facility) or (
            self._medians.get(self.node(facility).get("role"), 0.0),
            "median",
        )

    @cached_property
    def _medians(self) -> dict[str | None, float]:
        sizes: dict[str | None, list[float]] = defaultdict(list)
        for facility in self.facilities():
            if (stated := self.stated_size(facility)) is not None:
                sizes[self.node(facility).get("role")].append(stated[0])
        return {role: median(values) for role, values in sizes.items()}

    def _supplied_by(self, buyer: str) -> Coverage:
        """Coverage of the links into one buyer: its own, else that of its strata, else the default."""
        if not self.parameters.measured:
            return self.parameters.coverage("supplied_by")
        return self.parameters.coverage("supplied_by", *self.strata(buyer))

    def strata(self, facility: str) -> tuple[str | None, ...]:
        """What a facility is measured with, narrowest first: itself, the plants of its province, sector and
        size class where all three are known, its province, the corridor."""
        node = self.node(facility)
        place, stated = node.get("locality_stated"), self.stated_size(facility)
        sectors = {(self.node(made).get("isic4") or "")[:2] for made in self.makes.get(facility, ())}
        fine = None
        if place and len(sectors) == 1 and all(sectors) and stated and stated[1] == "employees":
            large = stated[0] >= self.parameters.estimators.large_from_employees
            fine = f"{place}/isic-{min(sectors)}/{'large' if large else 'small'}"
        return facility, fine, place, node.get("locality"), EVERYWHERE

    def total_size(self, facilities: tuple[str, ...]) -> float:
        """Summed size; exact, so that order does not matter."""
        if len(facilities) == 1:
            return self.size(facilities[0])[0]
        return math.fsum(self.size(facility)[0] for facility in facilities)

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Anchors by role, or by a stated size at or above the percentile (nearest rank) of stated sizes."""
        stated = {f: known[0] for f in self.inside if (known := self.stated_size(f)) is not None}
        rank = max(1, math.ceil(self.parameters.anchor_percentile / 100 * len(stated)))
        mark = sorted(stated.values())[rank - 1] if stated else math.inf
        return tuple(
            f for f in self.inside if self.node(f).get("role") == "anchor" or stated.get(f, -1.0) >= mark
        )
