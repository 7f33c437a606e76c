"""Who makes what, who needs what, who is recorded to supply whom, in the projected network.

All rules are those of the dataset README ("How to compute with it"). Ids are slugs; distances are
great-circle kilometres; `None` always means "not recorded".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, cached_property
from typing import Any

import networkx as nx

from graph.gaps.nearest import Nearest
from graph.gaps.parameters import Parameters
from graph.gaps.plants import Plants
from graph.gaps.products import ProductTree
from graph.gaps.records import Link as Link
from graph.gaps.records import Need as Need
from graph.gaps.records import Requirement as Requirement
from graph.gaps.supply import Supply

RECORDED = frozenset({"current", "unverified"})
"""Link statuses that count as recorded supply; planned and ended links do not."""


class World(Plants):
    """Plants with what they make, need, buy and sell."""

    def __init__(self, network: nx.MultiDiGraph, parameters: Parameters) -> None:
        super().__init__(network, parameters)
        self.links = self._relations.links
        self._needs = cache(self._needs_of)
        self.demand = cache(self._demand_for)
        self.supply = cache(self._supply_of)
        self.nearest_rows = cache(self._nearest_rows_of)
        tree = ProductTree(self._relations.broader)
        self.upward, self.similarity = tree.upward, tree.similarity
        self.covers, self.branch = tree.covers, tree.branch

    def related(self, relation: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Edges of a relation that has no index of its own: start, end, attributes."""
        return self._relations.others.get(relation, [])

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
        there = tuple(f for f in self.facilities() if self.node(f)["inside"] and self.started(f))
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
            for needed, row in self._relations.requires.get(wide, {}).items():
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
            facility: tuple(
                link for link in self._relations.links_to.get(facility, ()) if link.status in RECORDED
            )
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
        """facility inside -> needs that another group of the corridor could fill, with no recorded link."""
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
            for link in self._relations.links_to.get(buyer, ())
            if link.product is not None
            and self.covers(link.product, product)
            and not (link.side == "local" and link.status in RECORDED)
        )
