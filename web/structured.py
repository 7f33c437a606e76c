"""What a page says to search engines: its subject in the terms of schema.org, as JSON-LD."""

from __future__ import annotations

from itertools import chain
from typing import Any

from flask import request, url_for

from graph.card import Card
from graph.card_rdf import DATASET, DUMPS
from graph.catalogue import Source
from graph.model import Finding
from graph.namespaces import ID, SOURCE, VX
from web import support
from web.crawlers import page_addresses
from web.source_views import SourcePage
from web.thing_views import ThingPage

Entry = dict[str, Any]
CONTEXT = "https://schema.org"
TYPES = {
    "facility": "Place",
    "zone": "Place",
    "infrastructure": "Place",
    "locality": "AdministrativeArea",
    "organization": "Organization",
    "product": "Product",
    "person": "Person",
    "event": "Event",
    "agreement": "CreativeWork",
    "document": "CreativeWork",
    "claim": "Claim",
    "expert_statement": "Claim",
}
"""By kind of thing; anything else is a Thing."""
SOURCE_TYPES = {
    "news": "NewsArticle",
    "report": "Report",
    "thesis": "Thesis",
    "law": "Legislation",
    "dataset": "Dataset",
}
"""By kind of source; anything else is a CreativeWork."""
PLACED = ("exact", "commune")
"""Positions good enough to be said without their precision."""


def website() -> Entry:
    """The site and how to search it."""
    search = url_for("search.search", _external=True)
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": "VEHEC Knowledge-Graph Explorer",
        "url": url_for("explorer.index", _external=True),
        "inLanguage": list(support.LANGUAGES),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def thing(view: ThingPage) -> Entry:
    """The thing of a page, where it lies, and the sources that say so."""
    node: Entry = support.view().network.nodes.get(view.slug, {})
    entry: Entry = {
        "@context": CONTEXT,
        "@id": view.iri,
        "@type": TYPES.get(node.get("kind", ""), "Thing"),
        "identifier": view.slug,
        "name": view.name,
        "url": page_addresses()["x-default"],
    }
    others = dict.fromkeys((view.other_name, *node.get("other_names", ())))
    if names := [name for name in others if name and name != view.name]:
        entry["alternateName"] = names
    place = node.get("zone") or node.get("locality_stated")
    if entry["@type"] == "Organization":
        if (parent := node.get("group")) not in (None, view.slug):
            entry["parentOrganization"] = _named(parent, "Organization")
        if node.get("locality"):
            entry["location"] = _named(node["locality"], "Place")
    elif entry["@type"] == "Place":
        if place:
            entry["containedInPlace"] = _named(place, "Place")
        if node.get("precision") in PLACED and node.get("lat") is not None:
            point = {"latitude": node["lat"], "longitude": node["lon"]}
            entry["geo"] = {"@type": "GeoCoordinates", **point}
    spoken = chain.from_iterable(line.sources for row in view.facts for line in row.lines)
    slugs = dict.fromkeys((*node.get("sources", ()), *(source.slug for source in spoken)))
    if sources := support.site().catalogue.best(slugs):
        entry["subjectOf"] = [_work(source) for source in sources]
    return entry


def source(view: SourcePage) -> Entry:
    """The document of a page."""
    return {"@context": CONTEXT, **_work(view.source), "inLanguage": view.source.language}


def gap(finding: Finding) -> Entry:
    """A linkage gap: a claim of our own about things, how bad and how sure in our terms, and its sources."""
    nodes, lang = support.view().network.nodes, support.lang()
    things = [slug for slug in dict.fromkeys((finding.subject, *finding.objects)) if slug in nodes]
    entry: Entry = {
        "@context": [CONTEXT, {"vx": VX}],
        "@id": ID + finding.id,
        "@type": ["Claim", "vx:GapFinding"],
        "identifier": finding.id,
        "name": finding.message[lang],
        "url": page_addresses()["x-default"],
        "inLanguage": lang,
        "about": [_named(slug, TYPES.get(nodes[slug]["kind"], "Thing")) for slug in things],
        "isPartOf": {"@type": "Dataset", "@id": DATASET},
        "vx:severity": round(finding.severity, 4),
        "vx:confidence": round(finding.confidence, 4),
        "vx:flip": finding.flip[lang],
    }
    if finding.as_of:
        entry["temporalCoverage"] = finding.as_of
    spoken = dict.fromkeys(chain.from_iterable(premise.sources for premise in finding.evidence))
    if sources := support.site().catalogue.best(spoken):
        entry["isBasedOn"] = [_work(source) for source in sources]
    return entry


def dataset(card: Card) -> Entry:
    """The data set as a catalogue of data sets reads it."""
    words, lang = card.words, support.lang()
    root = request.url_root
    files = [(f"data/{file}", media) for file, media, _ in DUMPS]
    files += [(f"data/tables/{table.file}", "text/csv") for table in card.tables]
    entry: Entry = {
        "@context": CONTEXT,
        "@id": DATASET,
        "@type": "Dataset",
        "name": words["title"][lang],
        "url": page_addresses()["x-default"],
        "identifier": DATASET,
        "license": words["licence"],
        "inLanguage": list(support.LANGUAGES),
        "isAccessibleForFree": True,
        "spatialCoverage": [
            _named(row["locality"].removeprefix(ID), "AdministrativeArea")
            for row in card.answers["coverage"]
            if row.get("party") == "true"
        ],
        "distribution": [
            {"@type": "DataDownload", "contentUrl": root + path, "encodingFormat": media}
            for path, media in files
        ],
    }
    entry |= {name: words[name][lang] for name in ("description", "keywords") if name in words}
    if "publisher" in words:
        entry["creator"] = entry["publisher"] = {"@type": "Organization", "name": words["publisher"]}
    if "version" in words:
        entry["version"] = words["version"]
    dates = {"datePublished": "issued", "dateModified": "modified"}
    return entry | {name: words[date].isoformat() for name, date in dates.items() if date in words}


def _named(slug: str, kind: str) -> Entry:
    return {"@type": kind, "@id": ID + slug, "name": support.label(slug)}


def _work(source: Source) -> Entry:
    entry: Entry = {
        "@type": SOURCE_TYPES.get(source.kind.removeprefix("source-kind-"), "CreativeWork"),
        "@id": SOURCE + source.slug,
        "name": source.title,
    }
    if source.publisher:
        entry["publisher"] = {"@type": "Organization", "name": source.publisher}
    if source.published:
        entry["datePublished"] = source.published
    if source.url:
        entry["url"] = source.url
    return entry
