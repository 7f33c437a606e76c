"""What the indexes of a world hand out: a row of the requirement table, a need, a recorded link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Requirement:
    """A row of the requirement table: `output` needs `input`. Criticality 1 core, 0.5 common, 0 optional."""

    id: str
    output: str
    input: str
    criticality: float
    basis: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """What one facility needs: the strongest criticality, and per product made the row that won."""

    product: str
    criticality: float
    causes: tuple[tuple[str, Requirement], ...]


class Link(NamedTuple):
    """A recorded supply relation. `side` is local, outside, or None when the place is not known."""

    id: str
    supplier: str
    buyer: str
    product: str | None
    status: str
    sources: tuple[str, ...]
    side: str | None
    buyer_side: str | None
    places: tuple[str | None, str | None]
    """Where the source puts the supplier and the buyer, if it says."""


def link_of(supplier: str, buyer: str, key: str, data: dict[str, Any]) -> Link:
    """A supply edge as a link. Raises `KeyError` if it lacks a status or sources."""
    sources, side = tuple(data["sources"]), data.get("supplier_side")
    places = data.get("supplier_place"), data.get("buyer_place")
    return Link(
        key,
        supplier,
        buyer,
        data.get("product"),
        data["status"],
        sources,
        side,
        data.get("buyer_side"),
        places,
    )
