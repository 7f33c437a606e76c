"""The edges of a network by what they say: the rows from which the gap rules reckon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import networkx as nx

from graph.gaps.records import Link, Requirement, link_of

INDEXED = frozenset({"broader", "requires", "makes", "supplies", "phase_of", "part_of"})


class Relations:
    """Read-only indexes over the edges of one network; ids are slugs."""

    def __init__(self, network: nx.MultiDiGraph) -> None:
        self.broader: dict[str, set[str]] = defaultdict(set)
        self.wider_zones: dict[str, set[str]] = defaultdict(set)
        """zone -> the park it is a phase of and the zones it is part of"""
        self.requires: dict[str, dict[str, Requirement]] = defaultdict(dict)
        """product -> input -> the strongest row that asks for it"""
        self.makes: dict[str, dict[str, tuple[bool, tuple[str, ...]]]] = defaultdict(dict)
        """facility -> product made -> (only for own use, sources)"""
        self.links_to: dict[str, list[Link]] = defaultdict(list)
        self.others: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
        """relation that has no index of its own -> start, end, attributes of its edges"""
        links: list[Link] = []
        for source, target, key, data in _edges(network):
            relation = data["relation"]
            if relation not in INDEXED:
                self.others[relation].append((source, target, data))
            elif relation == "broader":
                self.broader[source].add(target)
            elif relation == "requires":
                self._add_requirement(source, target, str(key), data)
            elif relation == "makes":
                self._add_make(source, target, data)
            elif relation in ("phase_of", "part_of"):
                self.wider_zones[source].add(target)
            elif relation == "supplies":
                links.append(link_of(source, target, str(key), data))
                self.links_to[target].append(links[-1])
        self.links = tuple(links)

    def _add_requirement(self, output: str, needed: str, key: str, data: dict[str, Any]) -> None:
        row = Requirement(
            data.get("id") or key,
            output,
            needed,
            float(data["criticality"]),
            data["basis"],
            tuple(data["sources"]),
        )
        known = self.requires[output].get(needed)
        if known is None or row.criticality > known.criticality:
            self.requires[output][needed] = row

    def _add_make(self, facility: str, product: str, data: dict[str, Any]) -> None:
        own_use, sources = bool(data.get("own_use")), tuple(data["sources"])
        known = self.makes[facility].get(product)
        if known is None or (known[0] and not own_use):
            self.makes[facility][product] = (own_use, sources)


def _edges(network: nx.MultiDiGraph) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """All edges in order of start, end and key; sorted piece by piece, which costs less than as a whole."""
    for source, targets in sorted(network.adjacency()):
        for target, keys in sorted(targets.items()) if len(targets) > 1 else targets.items():
            for key, data in sorted(keys.items()) if len(keys) > 1 else keys.items():
                yield source, target, key, data
