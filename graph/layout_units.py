"""The places that the overview groups things by: parties of the agreement, and the units they lie in now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx

from graph.model import home


def longitude(attributes: dict[str, Any]) -> float:
    """East of Greenwich, in degrees; 0 where it is not recorded."""
    return attributes.get("lon") or 0.0


def units_of(network: nx.MultiDiGraph) -> dict[str, str]:
    """The unit of the reading that each party of the agreement lies in, west to east, units together."""
    parties = network.graph.get("corridor", ())
    groups = network.graph.get("groups") or parties
    units = {party: network.nodes[party].get("unit") for party in parties}
    units = {party: unit if unit in groups else party for party, unit in units.items()}

    def west_to_east(party: str) -> tuple[float, str, float, str]:
        west = min(longitude(network.nodes[p]) for p in parties if units[p] == units[party])
        return west, units[party], longitude(network.nodes[party]), party

    return {party: units[party] for party in sorted(parties, key=west_to_east)}


def party_of(units: Mapping[str, str], attributes: dict[str, Any]) -> str | None:
    """The party on whose ground a thing stands; of what lies elsewhere in its unit the first party there."""
    if (stated := attributes.get("locality_stated")) in units:
        return stated
    unit = home(attributes)
    return next((party for party, place in units.items() if place == unit), None)
