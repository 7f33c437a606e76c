"""What belongs to a thing or points to it: plants, supply links, checked claims, everything else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from graph.catalogue import Source
from graph.explore.short_names import short_name
from graph.facts import Value, term_text
from graph.gaps.wording import status_name
from graph.layout import plants_by_zone
from graph.model import Text
from graph.namespaces import CODE, slug
from graph.query import select
from web import kept, support
from web.time_views import state_text

SHOWN_LINKS = 12
"""Incoming links of one property shown before the rest folds away."""
MOST_LINKS = 2000
SHOWN_ELSEWHERE = {
    "subject", "object", "suppliesTo", "refArea", "member", "organization", "inputUnit", "outputUnit",
    "premiseSubject", "premiseObject",
}  # fmt: skip
"""Incoming properties that have a table or a column of their own."""
LISTED = {
    "inZone", "operatedBy", "locatedIn", "supplier", "supplierFacility", "buyer", "buyerFacility", "evidence",
}  # fmt: skip
"""Incoming properties whose things the page shows in full: its plants, supply links and checked claims."""
LINE_STYLES = {"current": "stated", "planned": "planned"}


class Links(NamedTuple):
    """Things that point to this one by one property; `left` are not shown at all."""

    label: Text
    shown: tuple[Value, ...]
    more: tuple[Value, ...]
    left: int


class Plant(NamedTuple):
    """A plant that belongs to this thing."""

    slug: str
    name: str
    told_apart: str
    """What tells it from another plant of the same firm in the same place."""
    phase: str
    """The phase that it lies in, on the page of the whole zone."""
    state: str
    """That it had not started on the date, else empty."""
    mark: str
    products: tuple[str, ...]
    capital: float | None
    status: Text
    sources: list[Source]


class Supply(NamedTuple):
    """A recorded supply link."""

    slug: str
    supplier: tuple[str, str]
    """Slug and short name."""
    buyer: tuple[str, str]
    product: str | None
    style: str
    status: Text
    sources: list[Source]


class Checked(NamedTuple):
    """A claim that was compared with this thing or one of its plants."""

    slug: str
    check: Text


def links_to(thing: str, with_conflict: bool, listed: Collection[str]) -> Iterator[Links]:
    """Things that point to this one, by property; those of `listed` left out where the page has them."""
    pointing = kept.facts().incoming(thing)
    stated = {value.slug for fact in pointing for value in fact.values if not value.computed}
    for fact in pointing:
        values = tuple(value for value in fact.values if not (value.computed and value.slug in stated))
        if fact.property in LISTED:
            values = tuple(value for value in values if value.slug not in listed)
        if fact.property == "aboutSubject" and with_conflict:
            values = tuple(value for value in values if not (value.slug or "").startswith("disagreement-"))
        if values and fact.property not in SHOWN_ELSEWHERE:
            more = values[SHOWN_LINKS:MOST_LINKS]
            yield Links(fact.label, values[:SHOWN_LINKS], more, max(0, len(values) - MOST_LINKS))


def plants_of(thing: str, node: dict[str, Any]) -> Iterator[str]:
    """The plants in a zone and its phases, of a company and its group, or that make a product."""
    network = support.view().network
    kind = node.get("kind")
    if kind == "zone":
        yield from plants_by_zone(network).get(thing, ())
    if kind == "product":
        for maker, _, data in network.in_edges(thing, data=True):
            if data["relation"] == "makes":
                yield maker
    if kind == "organization":
        for plant, attributes in network.nodes(data=True):
            if attributes["kind"] == "facility" and thing in (attributes["operator"], attributes["group"]):
                yield plant


def plant_of(plant: str, around: str) -> Plant:
    """The row of a plant on the page of a zone, an organisation or a product."""
    site, network = support.site(), support.view().network
    node, zoned = network.nodes[plant], network.nodes[around]["kind"] == "zone"
    edges = network.out_edges(plant, data=True)
    made = [product for _, product, data in edges if data["relation"] == "makes"]
    return Plant(
        slug=plant,
        name=network.nodes[node["operator"]]["label"][support.lang()],
        told_apart=node["told_apart"][support.lang()] if node["told_apart"] else "",
        phase=support.label(node["zone"]) if zoned and node["zone"] != around else "",
        state=" ".join(state_text(network, plant)),
        mark="m-anchor" if node["role"] == "anchor" else "m-plant",
        products=tuple(sorted(made)),
        capital=node["capital"],
        status=term_text(site.corridor.store, NamedNode(f"{CODE}facility-status-{node['status']}")),
        sources=site.catalogue.best(node["sources"]),
    )


def supply_of(thing: str, plants: Iterable[str]) -> Iterator[Supply]:
    """The recorded supply links of a thing and its plants."""
    site, network = support.site(), support.view().network
    around = {thing, *plants} if network.nodes.get(thing, {}).get("kind") != "product" else {thing}
    for start, end, key, data in network.edges(keys=True, data=True):
        if data["relation"] != "supplies":
            continue
        if around & {start, end, data["supplier_org"], data["buyer_org"], data["product"]}:
            yield Supply(
                slug=key,
                supplier=(start, short_name(network, start, support.lang())),
                buyer=(end, short_name(network, end, support.lang())),
                product=data["product"],
                style=_line_style(data),
                status=status_name(data["status"]),
                sources=site.catalogue.best(data["sources"]),
            )


def claims_on(things: set[str]) -> Iterator[Checked]:
    """The claims that were compared with one of these things."""
    store = support.site().corridor.store
    for row in select(store, "pages/claims"):
        evidence = {slug(iri) for iri in row["evidence"].value.split()} if "evidence" in row else set()
        if evidence & things:
            check = row["check"].value
            yield Checked(slug(row["claim"].value), term_text(store, NamedNode(f"{CODE}claim-check-{check}")))


def _line_style(link: dict[str, Any]) -> str:
    return "weak" if link["link_kind"] == "same-group" else LINE_STYLES.get(link["status"], "weak")
