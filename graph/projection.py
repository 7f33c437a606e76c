"""RDF to NetworkX: the one place that sees both.

`project` reads the store through `queries/project/*.rq` and returns a frozen MultiDiGraph whose
nodes are things (by slug) and whose edges are relations at facility x product grain. Relations that
are nodes in RDF because they carry dates or evidence (supply, membership, requirement, access)
are single edges here, keyed by their own slug.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, TypeAlias

import networkx as nx

from graph.model import READINGS, Text
from graph.namespaces import slug, source_slugs
from graph.query import select
from graph.store import Corridor
from graph.version import code_version

KINDS = {
    "Facility": "facility",
    "Organization": "organization",
    "Product": "product",
    "Zone": "zone",
    "Locality": "locality",
    "Infrastructure": "infrastructure",
    "Person": "person",
    "Agreement": "agreement",
    "Event": "event",
    "Document": "document",
    "Claim": "claim",
    "ExpertStatement": "expert_statement",
    "TerritorialChange": "change",
}
CRITICALITY = {"core": 1.0, "common": 0.5, "optional": 0.0}
OWN_USE = "makesForOwnUse"
PLANNED = "planned"
"""Status of a supply link whose date lies ahead: the plan is recorded, the supply has not begun."""
SIGNATORY_KINDS = ("province", "city")
UNDECIDED_PLACES = frozenset(
    {"unknown", "global", "asia", "viet-nam", "northern-viet-nam", "red-river-delta"}
)
"""Places that hold the corridor and more: an end of a link given so may lie in the corridor or not."""
MOVED = ("facility", "zone", "infrastructure")
"""Kinds of thing that lie in the successor after a merger. A people's committee ends with its unit."""
SIZES = {"employees": "employees", "capitalUsdMillion": "capital"}
"""Attribute of a plant by the property that states its size."""

Network: TypeAlias = nx.MultiDiGraph
"""A frozen network as `project` returns it."""

Rows = list[dict[str, Any]]
Read = Callable[[str], Rows]
"""Gives the rows of a query of `queries/project/`."""
Codes = dict[str, str]
"""The notation of each code by its IRI."""
Sources = dict[str, tuple[str, ...]]
"""Of each relator."""


def project(corridor: Corridor, as_of: str | None = None, reading: str = READINGS[0]) -> Network:
    """The network of things and relations as recorded for a day.

    `as_of` is an ISO date, today by default. It decides which locality a plant lies in after a merger, and
    leaves out supply that had not begun and seats not held then; a plant that had not started stays, as not
    `active`. `reading` decides the localities that things are grouped under (`groups` of the network, `home`
    of a thing): the four of the agreement, or the units valid on the day. Membership of the corridor
    (`inside`) always follows the agreement's own boundaries. Raises ValueError for a date or a reading that
    is not one.
    """
    if reading not in READINGS:
        raise ValueError(f"no such reading: {reading}; choose from {', '.join(READINGS)}")
    day = datetime.date.fromisoformat(as_of) if as_of else datetime.date.today()
    network = nx.MultiDiGraph(
        as_of=day.isoformat(),
        reading=reading,
        generation=corridor.generation,
        data=str(corridor.data),
        code=code_version(),
        merged={},
    )
    read = _reader(corridor)
    codes = {row["code"].value: row["value"].value for row in read("codes")}
    _add_things(network, read, codes)
    _add_places(network, read, codes)
    _add_organizations(network, read)
    _add_facilities(network, read, codes)
    _add_links(network, read)
    _add_relators(network, read, codes)
    _add_testimony(network, read, codes)
    divisions = {row["division"].value: row for row in read("divisions")}
    network.graph["divisions"] = {
        division: {"vi": row["vi"].value, "en": row["en"].value} for division, row in divisions.items()
    }
    network.graph["sections"] = {division: row["section"].value for division, row in divisions.items()}
    network.graph["corridor"] = tuple(sorted(n for n, a in network.nodes(data=True) if _is_party(a)))
    _group_places(network)
    return nx.freeze(network)


@lru_cache(maxsize=1)
def _reader(corridor: Corridor) -> Read:
    """Reads each query once: the rows are the same for every date and reading, and take most of the time."""
    return cache(lambda name: select(corridor.store, f"project/{name}"))


def _is_party(attributes: dict[str, Any]) -> bool:
    """A unit that signed the agreement, in the boundaries it had then."""
    return (
        attributes["kind"] == "locality"
        and attributes["in_agreement"]
        and attributes["subkind"] in SIGNATORY_KINDS
        and not attributes["valid_from"]
    )


def _group_places(network: Network) -> None:
    """Sets the localities of the reading, the home of each thing, and lines to the unit it lies in by now."""
    by_units = network.graph["reading"] == "units"
    parties: tuple[str, ...] = network.graph["corridor"]
    units = sorted({_valid_locality(network, party) or party for party in parties})
    network.graph["groups"] = tuple(units) if by_units else parties
    for thing, attributes in list(network.nodes(data=True)):
        if attributes["kind"] == "locality":
            attributes["unit"] = _valid_locality(network, thing)
        stated = attributes.get("locality_stated") or attributes.get("locality")
        if stated not in network or network.nodes[stated]["kind"] != "locality":
            continue
        unit = _valid_locality(network, stated)
        attributes["home"] = unit if by_units else stated
        if unit != stated and attributes["kind"] in MOVED:
            network.add_edge(thing, unit, key="located_in", relation="located_in", computed=True, sources=())


def _add_things(network: Network, read: Read, codes: Codes) -> None:
    for row in read("things"):
        kind = KINDS.get(slug(row["class"].value))
        if kind is None:
            continue
        network.add_node(
            slug(row["thing"].value),
            kind=kind,
            subkind=_code(codes, row.get("kind")),
            level=_code(codes, row.get("level")),
            label=_label(row),
            isic4=_text(row.get("isic4")),
            other_names=tuple(sorted(row["others"].value.split("|"))) if "others" in row else (),
            sources=_sources(row),
        )


def _label(row: dict[str, Any]) -> Text:
    """Names by language; a missing one falls back to the other, then to the slug."""
    names = {lang: row[lang].value for lang in ("vi", "en") if lang in row}
    fallback = next(iter(names.values()), slug(row["thing"].value))
    return {"vi": names.get("vi", fallback), "en": names.get("en", fallback)}


def _told_apart(row: dict[str, Any]) -> Text | None:
    """What tells a plant from another of the same firm in the same place; None where there is no other."""
    if "apartVi" not in row:
        return None
    return {"vi": row["apartVi"].value, "en": row["apartEn"].value}


def _add_places(network: Network, read: Read, codes: Codes) -> None:
    rows: dict[str, dict[str, Any]] = {}
    for row in read("places"):
        rows.setdefault(slug(row["place"].value), row)
    for place, row in rows.items():
        attributes = network.nodes[place]
        attributes.update(
            status=_code(codes, row.get("status")),
            lat=_number(row.get("lat")),
            lon=_number(row.get("lon")),
            precision=_code(codes, row.get("precision")),
            occupancy=_number(row.get("occupancy")),
            locality_stated=_slug(row.get("locality")),
            started=_text(row.get("established")),
            active=_begun(network, _text(row.get("established"))),
        )
        if attributes["kind"] == "locality":
            attributes.update(
                valid_from=_text(row.get("from")),
                valid_to=_text(row.get("to")),
                successor=_slug(row.get("successor")),
                in_agreement=_text(row.get("party")) == "true",
            )
            if attributes["successor"]:
                network.graph["merged"].setdefault(attributes["successor"], []).append(place)
    for place in rows:
        network.nodes[place]["locality"] = _valid_locality(network, network.nodes[place]["locality_stated"])


def _valid_locality(network: Network, locality: str | None) -> str | None:
    """The unit a stated locality belongs to on the as-of date, following successors of units that ended."""
    while locality:
        attributes = network.nodes[locality]
        ended = attributes.get("valid_to")
        if not ended or network.graph["as_of"] < ended or not attributes.get("successor"):
            return locality
        locality = attributes["successor"]
    return None


def _add_organizations(network: Network, read: Read) -> None:
    for row in read("organizations"):
        attributes = network.nodes[slug(row["organization"].value)]
        attributes.setdefault("group", slug(row["group"].value))
        attributes.setdefault("country", _text(row.get("country")))
        attributes.setdefault("locality", _slug(row.get("locality")))


def _add_facilities(network: Network, read: Read, codes: Codes) -> None:
    sources: dict[tuple[str, str, float | None], tuple[str, ...]] = {
        (slug(row["facility"].value), SIZES[slug(row["property"].value)], float(row["size"].value)): _sources(
            row
        )
        for row in read("size-sources")
    }
    for row in read("facilities"):
        facility = slug(row["facility"].value)
        attributes = network.nodes[facility]
        if "operator" in attributes:
            continue
        zone, locality = _slug(row.get("zone")), slug(row["locality"].value)
        point = (
            network.nodes[zone]
            if zone and network.nodes[zone]["lat"] is not None
            else network.nodes[locality]
        )
        operator = slug(row["operator"].value)
        sizes = {name: _number(row.get(name)) for name in SIZES.values()}
        attributes.update(
            operator=operator,
            group=network.nodes[operator]["group"],
            zone=zone,
            locality=_valid_locality(network, locality),
            locality_stated=locality,
            inside=network.nodes[locality]["in_agreement"],
            status=_code(codes, row["status"]),
            role=_code(codes, row["role"]),
            started=_text(row.get("started")),
            active=_begun(network, _text(row.get("started"))),
            told_apart=_told_apart(row),
            **sizes,
            **{f"{name}_sources": sources.get((facility, name, size), ()) for name, size in sizes.items()},
            lat=point["lat"],
            lon=point["lon"],
            precision=point["precision"],
        )


def _begun(network: Network, date: str | None) -> bool:
    """Whether a date, of which a year or month stands for its first day, is reached; true for no date."""
    return date is None or first_day(date) <= network.graph["as_of"]


def first_day(date: str) -> str:
    """`2017` -> `2017-01-01`."""
    return f"{date}-01-01"[:10]


def link_side(network: Network, thing: str, place: str | None) -> str | None:
    """`local` or `outside` for an end of a supply link, None where that is not known.

    A plant lies where its recorded locality is. An organisation stands where the link says, else at its
    seat; an aggregate of many firms is outside. A unit merged from parts of which only some signed the
    agreement tells nothing.
    """
    node = network.nodes[thing]
    if node["kind"] == "facility":
        return "local" if node["inside"] else "outside"
    if node.get("subkind") == "aggregate":
        return "outside"
    place = place or node.get("locality")
    if not place or place in UNDECIDED_PLACES:
        return None
    if place in network and network.nodes[place].get("in_agreement"):
        return "local"
    parts = [network.nodes[part]["in_agreement"] for part in network.graph.get("merged", {}).get(place, ())]
    if not any(parts):
        return "outside"
    return "local" if all(parts) else None


def _add_links(network: Network, read: Read) -> None:
    for row in read("links"):
        start, end, name = slug(row["from"].value), slug(row["to"].value), slug(row["property"].value)
        if start not in network or end not in network:
            continue
        relation = snake_case("makes" if name == OWN_USE else name)
        extra = {"own_use": name == OWN_USE} if relation == "makes" else {}
        network.add_edge(start, end, key=snake_case(name), relation=relation, sources=_sources(row), **extra)


@cache
def snake_case(name: str) -> str:
    """`subOrganizationOf` -> `sub_organization_of`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _add_relators(network: Network, read: Read, codes: Codes) -> None:
    """Lines that are things of their own in the graph, with the sources of those things."""
    sources = {slug(row["relator"].value): _sources(row) for row in read("relator-sources")}
    _add_supply(network, read("supply"), codes, sources)
    _add_requirements(network, read("requirements"), codes, sources)
    _add_memberships(network, read("memberships"), sources)
    _add_access(network, read("access"), sources)


def _add_supply(network: Network, rows: Rows, codes: Codes, sources: Sources) -> None:
    for row in rows:
        link, status, since = slug(row["link"].value), _code(codes, row["status"]), _text(row.get("since"))
        supplier = slug((row.get("supplierFacility") or row["supplier"]).value)
        buyer = slug((row.get("buyerFacility") or row["buyer"]).value)
        if status != PLANNED and not (_begun(network, since) and _active(network, supplier, buyer)):
            continue
        supplier_place, buyer_place = _text(row.get("supplierPlace")), _text(row.get("buyerPlace"))
        network.add_edge(
            supplier,
            buyer,
            key=link,
            relation="supplies",
            product=_slug(row.get("product")),
            status=status,
            link_kind=_code(codes, row["kind"]),
            since=since,
            as_of=_text(row.get("asOf")),
            supplier_org=slug(row["supplier"].value),
            buyer_org=slug(row["buyer"].value),
            supplier_place=supplier_place,
            buyer_place=buyer_place,
            supplier_side=link_side(network, supplier, supplier_place),
            buyer_side=link_side(network, buyer, buyer_place),
            sources=sources[link],
        )


def _add_requirements(network: Network, rows: Rows, codes: Codes, sources: Sources) -> None:
    for row in rows:
        requirement = slug(row["requirement"].value)
        network.add_edge(
            slug(row["output"].value),
            slug(row["input"].value),
            key=requirement,
            relation="requires",
            id=requirement,
            criticality=CRITICALITY[codes[row["criticality"].value]],
            basis=_code(codes, row["basis"]),
            sources=sources[requirement],
        )


def _add_memberships(network: Network, rows: Rows, sources: Sources) -> None:
    for row in rows:
        membership = slug(row["membership"].value)
        start, end = _text(row.get("from")), _text(row.get("to"))
        if not _begun(network, start) or (end and _begun(network, end)):
            continue
        title_en, title_vi = _text(row.get("title")), _text(row.get("titleVi"))
        network.add_edge(
            slug(row["member"].value),
            slug(row["organization"].value),
            key=membership,
            relation="member_of" if slug(row["class"].value) == "Membership" else "holds_office",
            title={"en": title_en or title_vi or "", "vi": title_vi or title_en or ""},
            valid_from=start,
            valid_to=end,
            sources=sources[membership],
        )


def _add_access(network: Network, rows: Rows, sources: Sources) -> None:
    for row in rows:
        access = slug(row["access"].value)
        network.add_edge(
            slug(row["zone"].value),
            slug(row["infrastructure"].value),
            key=access,
            relation="access",
            distance_km=_number(row["distance"]),
            sources=sources[access],
        )


def _add_testimony(network: Network, read: Read, codes: Codes) -> None:
    """What experts said, and what audits found up to the day: facts about the records, not of the network.

    `expert_statements` and `audits` of the network are tuples of mappings, in order of id.
    """
    network.graph["expert_statements"] = tuple(
        {
            "id": slug(row["statement"].value),
            "products": _slugs(row.get("products")),
            "localities": _slugs(row.get("localities")),
            "reading": _code(codes, row["reading"]),
            "text": {"vi": row["vi"].value, "en": row["en"].value},
            "period": _text(row.get("period")),
            "sources": _sources(row),
        }
        for row in read("expert-statements")
    )
    network.graph["audits"] = tuple(
        {
            "id": slug(row["audit"].value),
            "buyer": _slug(row.get("buyer")),
            "product": slug(row["product"].value),
            "outcome": _code(codes, row["outcome"]),
            "true": int(row["true"].value) if "true" in row else 0,
            "recorded": int(row["recorded"].value) if "recorded" in row else 0,
        }
        for row in read("audits")
        if _begun(network, row["date"].value)
    )


def _slugs(term: Any) -> tuple[str, ...]:
    return tuple(sorted(slug(iri) for iri in term.value.split())) if term is not None else ()


def _active(network: Network, *things: str) -> bool:
    return all(network.nodes[thing].get("active", True) for thing in things)


def _code(codes: Codes, term: Any) -> str | None:
    return codes[term.value] if term is not None else None


def _slug(term: Any) -> str | None:
    return slug(term.value) if term is not None else None


def _text(term: Any) -> str | None:
    return term.value if term is not None else None


def _number(term: Any) -> float | None:
    return float(term.value) if term is not None else None


def _sources(row: dict[str, Any]) -> tuple[str, ...]:
    return source_slugs(row["sources"].value) if "sources" in row else ()
