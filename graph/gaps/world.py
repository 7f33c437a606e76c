"""Indexes over the projected network: who makes what, who needs what, who is recorded to supply whom.

All rules are those of the dataset README ("How to compute with it"). Ids are slugs; distances are
great-circle kilometres; `None` always means "not recorded".
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from statistics import median
from typing import Any

import networkx as nx

from graph.gaps.nearest import Nearest, Site, kilometres_between, site_of
from graph.gaps.parameters import Coverage, Parameters
from graph.gaps.products import ProductTree
from graph.gaps.records import Link as Link
from graph.gaps.records import Need as Need
from graph.gaps.records import Requirement as Requirement
from graph.gaps.records import link_of
from graph.gaps.supply import Supply
from graph.model import Text, home

EVERYWHERE = "everywhere"
"""The widest stratum of coverage: the whole corridor."""
NOT_SUPPLYING = frozenset({"ended", "mou"})
"""Facility statuses that supply nobody and raise no needs."""
RECORDED = frozenset({"current", "unverified"})
"""Link statuses that count as recorded supply; planned and ended links do not."""
USED = frozenset({"broader", "requires", "makes", "supplies", "phase_of", "part_of"})
"""Relations that are indexed."""


class World:
    """Read-only indexes over one network, for one set of parameters."""

    def __init__(self, network: nx.MultiDiGraph, parameters: Parameters) -> None:
        self.network = network
        self.parameters = parameters
        self._nodes: dict[str, dict[str, Any]] = dict(network.nodes(data=True))
        self._broader: dict[str, set[str]] = defaultdict(set)
        self._wider_zones: dict[str, set[str]] = defaultdict(set)
        self._requires: dict[str, dict[str, Requirement]] = defaultdict(dict)
        self.makes: dict[str, dict[str, tuple[bool, tuple[str, ...]]]] = defaultdict(dict)
        """facility -> product made -> (only for own use, sources)"""
        self.size = cache(self._size_of)
        self.group = cache(self._group_of)
        self.supplied_by = cache(self._supplied_by)
        self.site = cache(self._site_of)
        self._needs = cache(self._needs_of)
        self.demand = cache(self._demand_for)
        self.supply = cache(self._supply_of)
        self.nearest_rows = cache(self._nearest_rows_of)
        self._links_to: dict[str, list[Link]] = defaultdict(list)
        links: list[Link] = []
        self._by_relation: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
        for source, target, key, data in _edges(network):
            relation = data["relation"]
            if relation not in USED:
                self._by_relation[relation].append((source, target, data))
            elif relation == "broader":
                self._broader[source].add(target)
            elif relation == "requires":
                self._add_requirement(source, target, str(key), data)
            elif relation == "makes":
                self._add_make(source, target, data)
            elif relation in ("phase_of", "part_of"):
                self._wider_zones[source].add(target)
            elif relation == "supplies":
                links.append(link_of(source, target, str(key), data))
                self._links_to[target].append(links[-1])
        self.links = tuple(links)
        tree = ProductTree(self._broader)
        self.upward, self.similarity = tree.upward, tree.similarity
        self.covers, self.branch = tree.covers, tree.branch

    def _add_requirement(self, output: str, needed: str, key: str, data: dict[str, Any]) -> None:
        row = Requirement(
            data.get("id") or key,
            output,
            needed,
            float(data["criticality"]),
            data["basis"],
            tuple(data["sources"]),
        )
        known = self._requires[output].get(needed)
        if known is None or row.criticality > known.criticality:
            self._requires[output][needed] = row

    def _add_make(self, facility: str, product: str, data: dict[str, Any]) -> None:
        own_use, sources = bool(data.get("own_use")), tuple(data["sources"])
        known = self.makes[facility].get(product)
        if known is None or (known[0] and not own_use):
            self.makes[facility][product] = (own_use, sources)

    def related(self, relation: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Edges of a relation that has no index of its own: start, end, attributes."""
        return self._by_relation.get(relation, [])

    def node(self, slug: str) -> dict[str, Any]:
        """Attributes of a node."""
        return self._nodes[slug]

    def name(self, slug: str) -> Text:
        """Label in both languages; a missing one falls back to the other, then to the slug."""
        label = self.node(slug).get("label") or {} if slug in self._nodes else {}
        english, vietnamese = label.get("en"), label.get("vi")
        return {"vi": vietnamese or english or slug, "en": english or vietnamese or slug}

    # Places

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
            found += sorted(self._wider_zones.get(narrow, set()).difference(found))
        return tuple(found)

    @cached_property
    def zones_with_parts(self) -> frozenset[str]:
        """Zones of which phases or parts are recorded as zones of their own."""
        return frozenset(wide for around in self._wider_zones.values() for wide in around)

    # Facilities

    def _facilities(self) -> Iterator[str]:
        return (slug for slug, data in sorted(self.network.nodes(data=True)) if data["kind"] == "facility")

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """Facilities in the corridor that may buy or supply: started, not ended, not only a memorandum."""
        return tuple(f for f in self._facilities() if self.node(f)["inside"] and self._active(f))

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Recorded facilities elsewhere that may supply."""
        return tuple(f for f in self._facilities() if not self.node(f)["inside"] and self._active(f))

    def _active(self, facility: str) -> bool:
        return self._started(facility) and self.node(facility).get("status") not in NOT_SUPPLYING

    def _started(self, facility: str) -> bool:
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
        for facility in self._facilities():
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

    # Products

    def proximity(self, made: str, needed: str) -> float:
        """How near making one product is to making another, 0..1.

        1 if it covers it; else, where both have enough makers, the smaller conditional probability that
        a maker of one makes the other (Hidalgo et al. 2007); else the Wu-Palmer similarity.
        """
        if self.covers(made, needed):
            return 1.0
        one, other = self.suppliers.get(made, frozenset()), self.suppliers.get(needed, frozenset())
        if min(len(one), len(other)) >= self.parameters.remedies.min_makers:
            return len(one & other) / max(len(one), len(other))
        return self.similarity(*sorted((made, needed)))

    def near_products(self, needed: str) -> dict[str, float]:
        """Products made in the corridor that are near enough to a needed one, with their proximity."""
        least = self.parameters.remedies.min_proximity
        near = ((made, self.proximity(made, needed)) for made in self.makers_of)
        return {made: proximity for made, proximity in near if proximity >= least}

    def facility_proximity(self, facility: str, needed: str) -> tuple[float, str | None]:
        """Best proximity of a facility's products to a needed one, and that product."""
        near = ((self.proximity(made, needed), made) for made in sorted(self.makes.get(facility, ())))
        return max(near, key=lambda pair: pair[0], default=(0.0, None))

    # Supply and demand

    @cached_property
    def suppliers(self) -> dict[str, frozenset[str]]:
        """product -> facilities inside that make it, or something narrower, for sale."""
        return self._makers(self.inside)

    @cached_property
    def plants_that_sell(self) -> int:
        """How many facilities inside have a recorded product for sale."""
        return sum(any(not own for own, _ in self.makes.get(f, {}).values()) for f in self.inside)

    def _supply_of(self, product: str) -> Supply:
        """The makers of a product for sale inside, counted."""
        return Supply(self, product, self.suppliers.get(product, ()))

    def _demand_for(self, product: str) -> Nearest:
        """The facilities inside that need a product, by place."""
        return Nearest(self.buyers.get(product, ()), self.site, self.group)

    @cached_property
    def makers_of(self) -> dict[str, tuple[str, ...]]:
        """product -> facilities inside recorded to make exactly it, for sale or for themselves."""
        found: dict[str, list[str]] = defaultdict(list)
        for facility in self.inside:
            for made in self.makes.get(facility, ()):
                found[made].append(facility)
        return {product: tuple(makers) for product, makers in sorted(found.items())}

    @cached_property
    def outside_makers(self) -> dict[str, frozenset[str]]:
        """product -> recorded facilities elsewhere that make it, or something narrower, for sale."""
        return self._makers(self.outside)

    @cached_property
    def other_makers(self) -> dict[str, frozenset[str]]:
        """product -> facilities in the corridor that are recorded to make it, or something narrower, and
        supply nobody: for own use only, ended, or only a memorandum."""
        there = tuple(f for f in self._facilities() if self.node(f)["inside"] and self._started(f))
        recorded = self._makers(there, own_use=True)
        return {
            product: others
            for product, makers in recorded.items()
            if (others := makers - self.suppliers.get(product, frozenset()))
        }

    def _makers(self, facilities: tuple[str, ...], own_use: bool = False) -> dict[str, frozenset[str]]:
        """Makers for sale; with `own_use` also those that only supply themselves."""
        makers: dict[str, set[str]] = defaultdict(set)
        for facility in facilities:
            for made, (only_own, _) in self.makes.get(facility, {}).items():
                for product in self.upward(made) if own_use or not only_own else ():
                    makers[product].add(facility)
        return {product: frozenset(found) for product, found in makers.items()}

    def make_sources(self, facility: str, product: str) -> tuple[str, ...]:
        """Sources of the best-attested make statement with which a facility covers a product."""
        stated = (
            sources for made, (_, sources) in self.makes[facility].items() if self.covers(made, product)
        )
        return max(stated, key=lambda sources: (len(sources), sources), default=())

    @cached_property
    def needs(self) -> dict[str, dict[str, Need]]:
        """facility inside -> product needed -> need, criticality above 0 only, own products left out."""
        return {
            facility: self._needs(tuple(sorted(self.makes.get(facility, ())))) for facility in self.inside
        }

    def _needs_of(self, made: tuple[str, ...]) -> dict[str, Need]:
        """The needs of whoever makes these products; plants alike share them."""
        own = {product for output in made for product in self.upward(output)}
        causes: dict[str, list[tuple[str, Requirement]]] = defaultdict(list)
        for output in made:
            for needed, row in self.nearest_rows(output).items():
                if needed not in own and row.criticality > 0:
                    causes[needed].append((output, row))
        return {
            needed: Need(needed, max(row.criticality for _, row in rows), tuple(rows))
            for needed, rows in sorted(causes.items())
        }

    def _nearest_rows_of(self, output: str) -> dict[str, Requirement]:
        """Per input the row nearest upward from the product made; of two equally near the stronger."""
        best: dict[str, tuple[tuple[int, float, str], Requirement]] = {}
        for wide, steps in self.upward(output).items():
            for needed, row in self._requires.get(wide, {}).items():
                rank = (steps, -row.criticality, row.id)
                if needed not in best or rank < best[needed][0]:
                    best[needed] = (rank, row)
        return {needed: row for needed, (_, row) in best.items()}

    def criticality(self, facility: str, product: str) -> float:
        """Strongest criticality of an input of any facility, 0 where no row asks for it."""
        rows = (self.nearest_rows(made).get(product) for made in self.makes.get(facility, ()))
        return max((row.criticality for row in rows if row is not None), default=0.0)

    @cached_property
    def buyers(self) -> dict[str, tuple[str, ...]]:
        """product -> facilities inside that need it."""
        found: dict[str, list[str]] = defaultdict(list)
        for facility, needs in self.needs.items():
            for product in needs:
                found[product].append(facility)
        return {product: tuple(facilities) for product, facilities in sorted(found.items())}

    @cached_property
    def strongest_need(self) -> dict[str, float]:
        """product -> strongest criticality with which a facility inside needs it."""
        return {
            product: max(self.needs[buyer][product].criticality for buyer in buyers)
            for product, buyers in self.buyers.items()
        }

    @cached_property
    def links_in(self) -> dict[str, tuple[Link, ...]]:
        """facility inside -> recorded links into it (current or unverified, any product)."""
        return {
            facility: tuple(link for link in self._links_to.get(facility, ()) if link.status in RECORDED)
            for facility in self.inside
        }

    @cached_property
    def sources(self) -> dict[str, dict[str, tuple[Link, ...]]]:
        """facility inside -> product it needs -> recorded links that fill the need; without the unfilled."""
        return {facility: self._filled(facility) for facility in self.inside}

    def _filled(self, facility: str) -> dict[str, tuple[Link, ...]]:
        needs, found = self.needs[facility], defaultdict(list)
        for link in self.links_in[facility]:
            for product in self.upward(link.product) if link.product is not None else ():
                if product in needs:
                    found[product].append(link)
        return {product: tuple(links) for product, links in found.items()}

    @cached_property
    def links_of(self) -> Counter[str | None]:
        """product -> recorded links of it, whatever their status and ends."""
        return Counter(link.product for link in self.links)

    @cached_property
    def links_out(self) -> dict[str, tuple[Link, ...]]:
        """facility inside -> recorded links out of it to others (current or unverified, any product)."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            if link.status in RECORDED and link.supplier != link.buyer:
                found[link.supplier].append(link)
        return {facility: tuple(found.get(facility, ())) for facility in self.inside}

    @cached_property
    def open_needs(self) -> dict[str, tuple[str, ...]]:
        """facility inside -> needs that another group of the corridor could fill and no recorded link "
        "does."""
        return {
            facility: tuple(
                product
                for product in needs
                if self.supply(product).others(self.group(facility))
                and not any(link.side == "local" for link in self.sources[facility].get(product, ()))
            )
            for facility, needs in self.needs.items()
        }

    @cached_property
    def sole(self) -> dict[str, dict[str, str]]:
        """facility inside -> need with recorded suppliers, all named and of one group -> that group."""
        return {
            facility: {
                product: groups.pop()
                for product, links in sorted(filled.items())
                if len(groups := {self.group(link.supplier) for link in links}) == 1
                and all(self.named(link.supplier) for link in links)
            }
            for facility, filled in self.sources.items()
        }

    def named(self, supplier: str) -> bool:
        """Whether a supplier is one firm; an aggregate stands for many."""
        return self.node(supplier).get("subkind") != "aggregate"

    def links_for(self, buyer: str, product: str) -> tuple[Link, ...]:
        """Recorded links that fill a need: their product is the needed one or narrower."""
        return tuple(
            link
            for link in self.links_in[buyer]
            if link.product is not None and self.covers(link.product, product)
        )

    def links_not_counted(self, buyer: str, product: str) -> tuple[Link, ...]:
        """Recorded links for a need that are no corridor supply: from outside or an unknown place, or
        planned or ended."""
        return tuple(
            link
            for link in self._links_to.get(buyer, ())
            if link.product is not None
            and self.covers(link.product, product)
            and not (link.side == "local" and link.status in RECORDED)
        )


def _edges(network: nx.MultiDiGraph) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """All edges in order of start, end and key; sorted piece by piece, which costs less than as a whole."""
    for source, targets in sorted(network.adjacency()):
        for target, keys in sorted(targets.items()) if len(targets) > 1 else targets.items():
            for key, data in sorted(keys.items()) if len(keys) > 1 else keys.items():
                yield source, target, key, data
