"""What the page of a thing shows, as typed objects: facts with sources, conflicts, links, plants and gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.catalogue import Source
from graph.explore.short_names import short_name
from graph.facts import Fact, Value, column_order, facts, incoming
from graph.gap_table import Entry
from graph.gaps.wording import status_name
from graph.layout import plants_by_zone
from graph.model import Text
from graph.namespaces import CODE, ID, PREFIXES, VX, slug
from graph.query import select
from web import support
from web.conflict_views import ConflictView, conflicts_about
from web.figure_views import Indicator, figures
from web.gap_views import absence, analysis, sentence
from web.time_views import Change, Seat, changes, moved, place_text, seats, state_text

LABEL = NamedNode(PREFIXES["rdfs"] + "label")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
SHOWN_LINKS = 12
"""Incoming links of one property shown before the rest folds away."""
MOST_LINKS = 100
SHOWN_GAPS = 8
AS_WRITTEN = "Text"
"""Properties whose name ends so repeat the words of the source, several values separated by `|`."""
EXPECTED = {
    "facility": ("inZone", "makes", "employees", "capitalUsdMillion", "started"),
    "zone": ("areaHa", "developedBy", "managedBy", "established", "occupancyPercent"),
    "organization": ("country", "ownership"),
    "infrastructure": ("status",),
}
"""What a reader looks for on the page of a kind of thing: shown as not recorded when it is missing."""
OWNED = {f"{CODE}organization-kind-{kind}" for kind in ("company", "corporate-group", "park-developer")}
"""Kinds of organisation that have a country and an owner; authorities, councils and the like do not."""
SHOWN_ELSEWHERE = {
    "subject", "object", "suppliesTo", "refArea", "member", "organization", "inputUnit", "outputUnit",
}  # fmt: skip
"""Incoming properties that have a table or a column of their own."""
FINE_PRINT = {"latitude", "longitude", "locationPrecision", "locationSource", "asOf", "toldApart", "isic4"}
"""Facts on the record and its point on the map, folded into one line."""
SHARED = 3
"""Facts that rest on the same sources, from which on these are named once."""
LISTED = {
    "inZone", "operatedBy", "locatedIn", "supplier", "supplierFacility", "buyer", "buyerFacility", "evidence",
}  # fmt: skip
"""Incoming properties whose things the page shows in full: its plants, supply links and checked claims."""
LINE_STYLES = {"current": "stated", "planned": "planned"}


class Line(NamedTuple):
    """Values of a fact that the same sources carry."""

    values: tuple[Value, ...]
    sources: list[Source]
    computed: bool
    curated: bool
    foreign: str | None
    """The language of the values where it is not that of the page."""
    note: str = ""
    """Until when the values held."""


class FactRow(NamedTuple):
    """One fact; no lines means it is not recorded."""

    property: str
    label: Text
    lines: tuple[Line, ...]


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
    state: str
    """That it had not started on the date, else empty."""
    mark: str
    products: tuple[str, ...]
    capital: float | None
    status: Text
    sources: list[Source]


class GapItem(NamedTuple):
    """A gap that touches this thing."""

    href: str
    text: str
    note: str


@dataclass(frozen=True)
class Gaps:
    """The gaps that touch a thing: the listed ones, and how many opportunities and questions there are."""

    items: tuple[GapItem, ...]
    total: int
    all: str
    opportunities: int
    opportunities_href: str
    questions: tuple[GapItem, ...]


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


class Speakers(NamedTuple):
    """Sources that carry the same facts of this thing."""

    sources: list[Source]
    labels: tuple[Text, ...]


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
    seats: tuple[Seat, ...]
    figures: tuple[Indicator, ...]
    conflicts: tuple[ConflictView, ...]
    links: tuple[Links, ...]
    plants: tuple[Plant, ...]
    gaps: Gaps | None
    supply: tuple[Supply, ...]
    claims: tuple[Checked, ...]
    speakers: tuple[Speakers, ...]


def thing_page(thing: str) -> ThingPage:
    """The page of a thing that the graph says something about."""
    store, network = support.site().corridor.store, support.view().network
    node = network.nodes[thing] if thing in network else {}
    stated = facts(store, thing, support.lang())
    name = node.get("label") or name_of(store, ID + thing, thing)
    language = support.lang()
    other = "en" if language == "vi" else "vi"
    conflicts = conflicts_about(thing)
    plants = sorted(_plants_of(thing, node))
    supply, claims = tuple(_supply(thing, plants)), tuple(_claims({thing, *plants}))
    listed = {*plants, *(link.slug for link in supply), *(claim.slug for claim in claims)}
    rows = list(_fact_rows(thing, _expected(thing, node), stated))
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
        record=_record(rows),
        changes=tuple(changes(thing)) if node.get("kind") == "locality" else (),
        seats=tuple(seats(thing)),
        figures=figures(thing),
        conflicts=conflicts,
        links=tuple(_links(thing, bool(conflicts), listed)),
        plants=tuple(_plant(plant) for plant in plants),
        gaps=_gaps(thing, node, plants),
        supply=supply,
        claims=claims,
        speakers=tuple(_speakers(stated)),
    )


def name_of(store: Store, iri: str, fallback: str) -> Text:
    """Label of any IRI in both languages; a missing one falls back to the other, then to `fallback`."""
    names = texts_of(store, iri, LABEL)
    known = next(iter(names.values()), fallback)
    return {"vi": names.get("vi", known), "en": names.get("en", known)}


def texts_of(store: Store, iri: str, property: NamedNode) -> dict[str, str]:
    """Texts of one property by language tag."""
    objects = [
        quad.object for quad in store.quads_for_pattern(NamedNode(iri), property, None, DefaultGraph())
    ]
    return {term.language: term.value for term in objects if isinstance(term, Literal) and term.language}


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
    classes = [quad.object.value for quad in quads if isinstance(quad.object, NamedNode)]
    names = [name_of(store, iri, slug(iri))[language] for iri in classes]
    return ", ".join(sorted(names))


def _record(rows: Iterable[FactRow]) -> list[Source]:
    shared = Counter(tuple(line.sources) for row in rows for line in row.lines if line.sources)
    best, times = max(shared.items(), key=lambda item: item[1], default=((), 0))
    return list(best) if times >= SHARED else []


def _expected(thing: str, node: dict[str, Any]) -> tuple[str, ...]:
    kind = node.get("kind")
    if kind == "organization":
        store = support.site().corridor.store
        quads = store.quads_for_pattern(NamedNode(ID + thing), NamedNode(VX + "kind"), None, DefaultGraph())
        if not any(isinstance(quad.object, NamedNode) and quad.object.value in OWNED for quad in quads):
            return ()
    return EXPECTED.get(kind or "", ())


def _fact_rows(thing: str, expected: Iterable[str], stated: Iterable[Fact]) -> Iterator[FactRow]:
    named = {value.slug for fact in stated for value in fact.values if value.slug and not value.computed}
    rows = {}
    for fact in stated:
        values = tuple(value for value in fact.values if not (value.computed and value.slug in named))
        if values:
            row = FactRow(fact.property, fact.label, tuple(_lines(replace(fact, values=values))))
            rows[fact.property] = row
    if "locatedIn" in rows:
        rows["locatedIn"] = rows["locatedIn"]._replace(lines=tuple(_located(thing, rows["locatedIn"].lines)))
    store = support.site().corridor.store
    for wanted in expected:
        rows.setdefault(wanted, FactRow(wanted, name_of(store, VX + wanted, wanted), ()))
    order = {slug(iri): position for iri, position in column_order().items()}
    yield from (rows[name] for name in sorted(rows, key=lambda name: (order.get(name, len(order)), name)))


def _located(thing: str, lines: Iterable[Line]) -> Iterator[Line]:
    """First the unit that the thing lies in on the date, computed; the recorded one says until when."""
    network = support.view().network
    move = moved(network, thing) if thing in network else None
    if move is None:
        yield from lines
        return
    until = gettext("until %(day)s", day=support.date(move.day))
    unit = Value(network.nodes[move.unit]["label"], move.unit, (), True)
    since = gettext("from %(day)s", day=support.date(move.day))
    yield Line((unit,), [], True, False, None, since)
    for line in lines:
        old = any(value.slug == move.stated for value in line.values)
        yield line._replace(note=until) if old else line


def _lines(fact: Fact) -> Iterator[Line]:
    catalogue = support.site().catalogue
    values = sorted((_readable(fact, value) for value in fact.values), key=lambda value: value.computed)
    for _, same in groupby(values, key=lambda v: (v.computed, v.curated, v.lang, v.sources)):
        line = tuple(same)
        first = line[0]
        foreign = first.lang if first.lang != support.lang() else None
        yield Line(line, catalogue.best(first.sources), first.computed, first.curated, foreign)


def _readable(fact: Fact, value: Value) -> Value:
    """The value with `|` between quoted items opened up; addresses other than web pages are no links."""
    href = value.href if value.href and value.href.startswith(("http://", "https://")) else None
    text = value.text
    if fact.property.endswith(AS_WRITTEN):
        text = {language: words.replace("|", "; ") for language, words in text.items()}
    return replace(value, text=text, href=href)


def _speakers(stated: Iterable[Fact]) -> Iterator[Speakers]:
    said: dict[str, dict[str, Text]] = {}
    for fact in stated:
        for value in fact.values:
            for carrier in value.sources:
                said.setdefault(carrier, {})[fact.property] = fact.label
    groups: dict[tuple[str, ...], list[Source]] = {}
    for source in support.site().catalogue.best(said):
        groups.setdefault(tuple(said[source.slug]), []).append(source)
    for sources in groups.values():
        yield Speakers(sources, tuple(said[sources[0].slug].values()))


def _links(thing: str, with_conflict: bool, listed: Collection[str]) -> Iterator[Links]:
    pointing = incoming(support.site().corridor.store, thing)
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


def _plants_of(thing: str, node: dict[str, Any]) -> Iterator[str]:
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


def _plant(plant: str) -> Plant:
    site, network = support.site(), support.view().network
    node = network.nodes[plant]
    edges = network.out_edges(plant, data=True)
    made = [product for _, product, data in edges if data["relation"] == "makes"]
    return Plant(
        slug=plant,
        name=network.nodes[node["operator"]]["label"][support.lang()],
        told_apart=node["told_apart"][support.lang()] if node["told_apart"] else "",
        state=" ".join(state_text(network, plant)),
        mark="m-anchor" if node["role"] == "anchor" else "m-plant",
        products=tuple(sorted(made)),
        capital=node["capital"],
        status=name_of(site.corridor.store, f"{CODE}facility-status-{node['status']}", node["status"]),
        sources=site.catalogue.best(node["sources"]),
    )


def _supply(thing: str, plants: Iterable[str]) -> Iterator[Supply]:
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


def _claims(things: set[str]) -> Iterator[Checked]:
    store = support.site().corridor.store
    for row in select(store, "pages/claims"):
        evidence = {slug(iri) for iri in row["evidence"].value.split()} if "evidence" in row else set()
        if evidence & things:
            check = row["check"].value
            yield Checked(slug(row["claim"].value), name_of(store, f"{CODE}claim-check-{check}", check))


def _line_style(link: dict[str, Any]) -> str:
    return "weak" if link["link_kind"] == "same-group" else LINE_STYLES.get(link["status"], "weak")


def _gaps(thing: str, node: dict[str, Any], plants: list[str]) -> Gaps | None:
    touching = _touching(thing, node, plants)
    if touching is None:
        return None
    entries, narrowed = touching
    main = [e for e in entries if e.finding.listed and e.finding.detector != "D12"]
    matches = sum(entry.finding.detector == "D3" for entry in entries)
    questions = [e for e in entries if e.finding.detector == "D12" and e.finding.subject == thing]
    return Gaps(
        items=tuple(_gap_item(entry, {thing, *plants}) for entry in main[:SHOWN_GAPS]),
        total=len(main),
        all=url_for("gaps.gaps", **narrowed),
        opportunities=matches,
        opportunities_href=url_for("gaps.gaps", kind="D3", **narrowed),
        questions=tuple(_gap_item(entry, set()) for entry in questions),
    )


def _touching(
    thing: str, node: dict[str, Any], plants: list[str]
) -> tuple[list[Entry], dict[str, Any]] | None:
    """The findings that touch a thing, and the filter that gives the same list; None for other kinds."""
    table = analysis().table
    kind = node.get("kind")
    if kind == "facility" and thing in table.allowed["buyer"]:
        return [e for e in table.entries if thing in e.plants], {"buyer": thing}
    if kind == "zone" and thing in table.allowed["zone"]:
        return [e for e in table.entries if thing in e.zones], {"zone": thing}
    if kind == "locality" and (here := _groups_in(thing)):
        return [e for e in table.entries if set(here) & set(e.finding.places)], {"locality": here}
    if kind == "product":
        found = [e for e in table.entries if thing in (e.finding.subject, *e.finding.objects)]
        return found, {"q": support.label(thing)}
    if kind == "organization" and (own := [plant for plant in plants if plant in table.allowed["buyer"]]):
        return [e for e in table.entries if set(own) & set(e.plants)], {"buyer": own}
    return None


def _groups_in(unit: str) -> list[str]:
    """The localities of the reading that are this unit or lie in it on the date."""
    nodes, found = support.view().network.nodes, analysis().table.localities
    return [place for place in found if unit in (place, nodes[place].get("unit"))]


def _gap_item(entry: Entry, around: set[str]) -> GapItem:
    finding, network = entry.finding, support.view().network
    href = url_for("gaps.gap", gap_id=finding.id)
    if finding.detector in ("D1", "D7"):
        buyers = [plant for plant in entry.plants if plant in around] or list(entry.plants)
        names = dict.fromkeys(short_name(network, plant, support.lang()) for plant in buyers)
        return GapItem(href, support.label(finding.subject), f"{absence(finding)} · {_listing(list(names))}")
    words = sentence(finding)
    return GapItem(href, f"{words.before}{words.strong}{words.after}", words.note)


def _listing(names: list[str], most: int = 4) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} +{len(names) - most}" if len(names) > most else shown
