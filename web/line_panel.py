"""What the side panel shows of one line: the relation in a sentence, its facts, and who says so."""

from __future__ import annotations

from typing import Any

from flask import url_for

from graph.explore.lines import Line
from graph.explore.neighbours import Link, Need
from graph.explore.sentences import sentence
from graph.explore.things import edge_id
from graph.explore.words import relation_name
from graph.facts import Value
from web import kept, support
from web.filters import explorer
from web.gap_words import value_name
from web.panel import fact_json

ENDS = frozenset(
    "supplier supplierFacility buyer buyerFacility member memberKind organization forProduct requiresInput "
    "fromZone toInfrastructure".split()
)
"""Facts of a relation that the two ends of its line say already."""


def line_json(name: str, line: Line) -> dict[str, Any]:
    """The evidence of one line, in the language of the page."""
    start, end, key, data = line.link
    found = {
        "id": name,
        "from": _end(start),
        "to": _end(end),
        "relation": data["relation"],
        "label": relation_name(data["relation"], "out", support.lang()),
        "kind": line.kind,
        "sentence": sentence(explorer().things(support.lang()), line),
    }
    if line.need:
        return found | _missing(line.need)
    if line.kind == "derived":
        return found | {"facts": [], "sources": [], "basis": [_reason(link) for link in line.basis]}
    if key == edge_id(start, end, key, data["relation"]):
        facts = [
            fact_json(fact) for fact in kept.facts().about(key, support.lang()) if fact.property not in ENDS
        ]
        page = {"page": url_for("pages.page", slug=key)}
    else:
        facts, page = [], {}
    value = _stated(line.link)
    return found | page | {
        "facts": facts,
        "sources": _sources(data["sources"]),
        "kind": "derived" if value and value.computed else line.kind,
        "curated": not data["sources"] and not (value and value.computed),
    }  # fmt: skip


def _end(slug: str) -> dict[str, str]:
    return {"id": slug, "label": explorer().things(support.lang()).name(slug)}


def _sources(slugs: tuple[str, ...]) -> list[dict[str, Any]]:
    return [vars(source) for source in support.site().catalogue.best(slugs)]


def _reason(link: Link) -> dict[str, Any]:
    """A recorded relation that a computed one follows from."""
    return {
        "id": edge_id(*link[:3], link[3]["relation"]),
        "sentence": sentence(explorer().things(support.lang()), Line(link)),
        "sources": _sources(link[3]["sources"]),
    }


def _missing(need: Need) -> dict[str, Any]:
    finding = need.finding
    other = support.text(need.other_supply)
    return {
        "account": support.text(finding.message),
        "confidence": finding.confidence,
        "severity": finding.severity,
        "verdict": value_name(finding.label),
        "other": other,
        "flip": support.text(finding.flip),
        "facts": [],
        "sources": _sources(tuple(source for premise in finding.evidence for source in premise.sources)),
        "gap": url_for("gaps.gap", gap_id=finding.id),
    }


def _stated(link: Link) -> Value | None:
    """The value of a plain statement, which knows whether a rule of ours made it."""
    start, end, key, _ = link
    for fact in kept.facts().about(start, support.lang()):
        if fact.property.casefold() == key.replace("_", ""):
            return next((value for value in fact.values if value.slug == end), None)
    return None
