"""What the page of a thing shows, as typed objects: facts with sources, conflicts, links, plants and gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode

from graph.catalogue import Source
from graph.facts import Fact, term_text
from graph.layout import plants_by_zone
from graph.namespaces import CODE, ID, TYPE, VX
from web import kept, support
from web.conflict_views import ConflictView, conflicts_about
from web.fact_rows import FactRow, Speakers, fact_rows, record, speakers
from web.figure_views import Indicator, figures
from web.seat_views import Seats, seats_of
from web.thing_gaps import Gaps, gaps_of
from web.thing_links import Checked, Links, Plant, Supply, claims_on, links_to, plant_of, plants_of, supply_of
from web.time_views import Change, changes, place_text, state_text

EXPECTED = {
    "facility": ("inZone", "makes", "employees", "capitalUsdMillion", "started"),
    "zone": ("areaHa", "developedBy", "managedBy", "established", "occupancyPercent"),
    "organization": ("country", "ownership"),
    "infrastructure": ("status",),
}
"""What a reader looks for on the page of a kind of thing: shown as not recorded when it is missing."""
OWNED = {f"{CODE}organization-kind-{kind}" for kind in ("company", "corporate-group", "park-developer")}
"""Kinds of organisation that have a country and an owner; authorities, councils and the like do not."""
FINE_PRINT = {"latitude", "longitude", "locationPrecision", "locationSource", "asOf", "toldApart", "isic4"}
"""Facts on the record and its point on the map, folded into one line."""


@dataclass(frozen=True)
class ThingPage:
    """Everything on the page of one thing."""

    slug: str
    iri: str
    kind: str
    place: str
    name: str
    other_name: str
    other_lang: str
    in_network: bool
    state: str
    """What the date means for it: ended, not there yet; else empty."""
    facts: tuple[FactRow, ...]
    fine_print: tuple[FactRow, ...]
    record: list[Source]
    """The sources that most of the facts share, named once; empty if they share none."""
    changes: tuple[Change, ...]
    seats: Seats
    figures: tuple[Indicator, ...]
    conflicts: tuple[ConflictView, ...]
    links: tuple[Links, ...]
    plants: tuple[Plant, ...]
    left_out: tuple[Plant, ...]
    """Plants of a zone that ended or are a memorandum only: recorded, but not counted."""
    gaps: Gaps | None
    supply: tuple[Supply, ...]
    claims: tuple[Checked, ...]
    speakers: tuple[Speakers, ...]


def thing_page(thing: str) -> ThingPage:
    """The page of a thing that the graph says something about."""
    store, network = support.site().corridor.store, support.view().network
    node = network.nodes[thing] if thing in network else {}
    stated = kept.facts().about(thing, support.lang())
    name = node.get("label") or term_text(store, NamedNode(ID + thing))
    language = support.lang()
    other = "en" if language == "vi" else "vi"
    conflicts = conflicts_about(thing)
    plants = sorted(plants_of(thing, node))
    supply, claims = tuple(supply_of(thing, plants)), tuple(claims_on({thing, *plants}))
    left_out = sorted(plants_by_zone(network, there=False).get(thing, ()))
    listed = {*plants, *left_out, *(link.slug for link in supply), *(claim.slug for claim in claims)}
    rows = list(fact_rows(thing, _expected(thing, node), stated))
    return ThingPage(
        slug=thing,
        iri=ID + thing,
        kind=_kind(thing, node, stated),
        place=place_text(network, thing, short=False) if node.get("locality_stated") else "",
        name=name[language],
        other_name=name[other] if name[other] != name[language] else "",
        other_lang=other,
        in_network=thing in network,
        state=" ".join(state_text(network, thing)) if node else "",
        facts=tuple(
            row
            for row in rows
            if row.property not in FINE_PRINT and not (supply and row.property == "suppliesTo")
        ),
        fine_print=tuple(row for row in rows if row.property in FINE_PRINT and row.property != "toldApart"),
        record=record(rows),
        changes=tuple(changes(thing)) if node.get("kind") == "locality" else (),
        seats=seats_of(thing),
        figures=figures(thing),
        conflicts=conflicts,
        links=tuple(links_to(thing, bool(conflicts), listed)),
        plants=tuple(plant_of(plant, thing) for plant in plants),
        left_out=tuple(plant_of(plant, thing) for plant in left_out),
        gaps=gaps_of(thing, node, plants),
        supply=supply,
        claims=claims,
        speakers=tuple(speakers(stated)),
    )


def _kind(thing: str, node: dict[str, Any], stated: Iterable[Fact]) -> str:
    language = support.lang()
    for fact in stated:
        if fact.property == "kind" and node:
            text = fact.values[0].text[language]
            return text[:1].upper() + text[1:]
    if node:
        return support.kind_name(node["kind"])
    store = support.site().corridor.store
    quads = store.quads_for_pattern(NamedNode(ID + thing), TYPE, None, DefaultGraph())
    classes = [quad.object for quad in quads if isinstance(quad.object, NamedNode)]
    names = [term_text(store, term)[language] for term in classes]
    return ", ".join(sorted(names))


def _expected(thing: str, node: dict[str, Any]) -> tuple[str, ...]:
    kind = node.get("kind")
    if kind == "organization":
        store = support.site().corridor.store
        quads = store.quads_for_pattern(NamedNode(ID + thing), NamedNode(VX + "kind"), None, DefaultGraph())
        if not any(isinstance(quad.object, NamedNode) and quad.object.value in OWNED for quad in quads):
            return ()
    return EXPECTED.get(kind or "", ())
