"""The worked example of the gap specification (T20) as a network, built without the table loader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx

from graph.findings import find_gaps
from graph.gaps.parameters import Parameters
from graph.model import Finding
from graph.projection import link_side

FIXTURES = Path(__file__).parent / "fixtures"
SUCCESSOR = "hp-new"


def slug(name: str) -> str:
    """`gA` -> `g-a`, as in the table form of the same fixture."""
    return "".join(
        f"-{char.lower()}" if char.isupper() and at else char.lower() for at, char in enumerate(name)
    )


def named(name: str) -> dict[str, str]:
    return {"vi": name, "en": name}


def t20(as_of: str = "2025-06-30") -> nx.MultiDiGraph:
    """Network of T20; from 2025-07-01 the localities of the merged units are their successor."""
    world = json.loads((FIXTURES / "t20.json").read_text(encoding="utf-8"))
    change = world["territorialChange"]
    merged = [unit.lower() for unit in change["inputs"]]
    network = nx.MultiDiGraph(as_of=as_of, generation="t20", corridor=("hd", "hp", "hy", "qn"))
    for place in ("hd", "hp", "hy", "qn", SUCCESSOR):
        network.add_node(
            place,
            kind="locality",
            label=named(place.upper()),
            sources=("fixture",),
            in_agreement=True,
            successor=SUCCESSOR if place in merged else None,
            lat=None,
            lon=None,
        )
    for product, broader in world["products"].items():
        network.add_node(f"prod-{product}", kind="product", label=named(product), sources=("fixture",))
        if broader != "root":
            edge(network, f"prod-{product}", f"prod-{broader}", "broader")
    for output, rows in world["requirements"].items():
        for needed, criticality in rows:
            require(network, f"prod-{output}", f"prod-{needed}", criticality)
    for name, facts in world["facilities"].items():
        zone = facts["park"]
        add_facility(
            network,
            f"plant-{name.lower()}",
            [f"prod-{made}" for made in facts["makes"]],
            locality_of(world["parks"][zone].lower(), merged, as_of >= change["date"]),
            locality_stated=world["parks"][zone].lower(),
            zone=f"park-{zone.lower()}",
            employees=facts["size"],
            group=f"group-{slug(facts['group'])}",
            role="anchor" if facts["anchor"] else "supplier",
        )
    for zone, place in world["parks"].items():
        network.add_node(
            f"park-{zone.lower()}", kind="zone", label=named(f"Park {zone}"), locality=place.lower()
        )
    network.add_node(
        "outside-x", kind="organization", subkind="aggregate", label=named("Imports X"), locality=None
    )
    for supplier, buyer, product in world["links"]:
        supply(
            network,
            "outside-x" if supplier == "X" else f"plant-{supplier.lower()}",
            f"plant-{buyer.lower()}",
            f"prod-{product}",
        )
    return network


def locality_of(stated: str, merged: list[str], after: bool) -> str:
    return SUCCESSOR if after and stated in merged else stated


def add_facility(
    network: nx.MultiDiGraph, facility: str, makes: list[str], locality: str | None, **facts: Any
) -> None:
    """Add a facility of the corridor that makes some products for sale; `facts` override the attributes."""
    attributes = {
        "kind": "facility",
        "label": named(f"Plant {facility.removeprefix('plant-').upper()}"),
        "sources": ("fixture",),
        "operator": None,
        "group": facility,
        "zone": None,
        "locality": locality,
        "locality_stated": locality,
        "inside": True,
        "status": "operating",
        "role": "supplier",
        "active": True,
        "employees": None,
        "capital": None,
        "employees_sources": ("fixture",),
        "capital_sources": ("fixture",),
        "lat": None,
        "lon": None,
        "precision": None,
    }
    network.add_node(facility, **attributes | facts)
    for product in makes:
        edge(network, facility, product, "makes", own_use=False)


def require(
    network: nx.MultiDiGraph, output: str, needed: str, criticality: float, basis: str = "source"
) -> None:
    """Add a requirement row."""
    row = f"req-{output}-{needed}"
    edge(network, output, needed, "requires", key=row, id=row, criticality=criticality, basis=basis)


def supply(
    network: nx.MultiDiGraph,
    supplier: str,
    buyer: str,
    product: str | None,
    status: str = "current",
    **facts: Any,
) -> None:
    """Add a supply link; a place among the `facts` decides the side as in the projection."""
    key = f"link-{supplier}-{buyer}-{product}"
    facts["supplier_side"] = link_side(network, supplier, facts.get("supplier_place"))
    facts["buyer_side"] = link_side(network, buyer, facts.get("buyer_place"))
    edge(network, supplier, buyer, "supplies", key=key, product=product, status=status, **facts)


def edge(
    network: nx.MultiDiGraph, start: str, end: str, relation: str, key: str | None = None, **facts: Any
) -> None:
    """Add an edge of the projection, from the one fixture source unless told otherwise."""
    facts.setdefault("sources", ("fixture",))
    network.add_edge(start, end, key=key or f"{start} {relation} {end}", relation=relation, **facts)


def found(
    network: nx.MultiDiGraph,
    detector: str,
    subject: str,
    thing: str | None = None,
    parameters: Parameters | None = None,
) -> Finding | None:
    """The finding with this subject (and object), or None."""
    for finding in find_gaps(network, parameters, [detector]):
        if finding.subject == subject and (thing is None or thing in finding.objects):
            return finding
    return None


def sure(finding: Finding | None) -> Finding:
    assert finding is not None
    return finding
