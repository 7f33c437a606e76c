"""What the side panel shows of a thing, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, url_for
from flask_babel import gettext, ngettext

from graph.facts import Fact, Value
from graph.model import Finding
from graph.projection import first_day
from web import gap_sheet, kept, support
from web.conflict_views import ConflictView, conflicts_about
from web.explorer import not_found
from web.figure_views import figures
from web.filters import explorer
from web.gap_views import absence
from web.time_views import changes, moved, place_text, state_text, unit_name

bp = Blueprint("panel", __name__)

SHOWN_GAPS = 12
SHOWN_FIGURES, SHOWN_PERIODS = 8, 4
BASIS = {"capitalUsdMillion": "capitalBasis", "employees": "employeesBasis", "started": "startedBasis"}
"""What a figure means stands as a note beside it."""
ON_THE_PAGE = frozenset(
    "zoneText productsText developerText latitude longitude locationPrecision locationSource covers "
    "inCorridor suppliesTo ultimateParent statement subjectText".split()
)
"""Facts left to the thing's own page."""


@bp.get("/api/thing/<path:slug>")
def thing(slug: str) -> Response:
    """What the panel shows of a thing."""
    view, lang = support.view(), support.lang()
    if slug not in view.network:
        return not_found(slug)
    attributes = view.network.nodes[slug]
    known = {fact.property: fact for fact in kept.facts().about(slug, lang)}
    other = "en" if lang == "vi" else "vi"
    name, alternative = attributes["label"][lang], attributes["label"][other]
    about = view.findings_by_thing.get(slug, ())
    return jsonify(
        {
            "id": slug,
            "label": name,
            "alt_label": alternative if alternative != name else "",
            "alt_lang": other,
            "kind": attributes["kind"],
            "type_label": _type_label(attributes, known),
            "place": place_text(view.network, slug),
            "state": " ".join(state_text(view.network, slug)),
            "summary": explorer().summary(slug, lang),
            "page": url_for("pages.page", slug=slug),
            "absent": _absent(slug),
            "facts": _facts(attributes["kind"], known),
            "history": list(_history(slug)),
            "figures": list(_figures(slug)),
            "conflicts": [_conflict(conflict) for conflict in conflicts_about(slug)],
            "gaps": [_gap(finding, slug) for finding in about[:SHOWN_GAPS]],
            "gaps_total": len(about),
            "sheet": url_for("gap_sheet.sheet", slug=slug) if attributes["kind"] in gap_sheet.KINDS else None,
            "relations": [vars(relation) for relation in explorer().relations(slug, lang)],
        }
    )


def _type_label(attributes: dict[str, Any], known: dict[str, Fact]) -> str:
    if attributes["kind"] == "facility" and attributes["role"] == "anchor":
        return gettext("Anchor investor, plant")
    if "kind" not in known:
        return support.kind_name(attributes["kind"])
    text = support.text(known["kind"].values[0].text)
    return text[:1].upper() + text[1:]


def _facts(kind: str, known: dict[str, Fact]) -> list[dict[str, Any]]:
    """Facts for the panel: those of a plant that everyone asks for first, recorded or not."""
    first = list(_always_shown()) if kind == "facility" else []
    hidden = ON_THE_PAGE | set(BASIS.values()) | set(first) | {"kind"}
    rows = [_fact_row(name, known) for name in first]
    return rows + [_fact_row(name, known) for name in known if name not in hidden]


def _fact_row(name: str, known: dict[str, Fact]) -> dict[str, Any]:
    fact, labels = known.get(name), _always_shown()
    if fact is None:
        return {"property": name, "label": labels[name], "values": [], "sources": [], "missing": True}
    basis = known.get(BASIS.get(name, ""))
    note = support.text(basis.values[0].text) if basis else None
    return fact_json(fact, note) | {"label": labels.get(name) or support.text(fact.label)}


def fact_json(fact: Fact, note: str | None = None) -> dict[str, Any]:
    """A fact with its values and the sources of all of them, best first."""
    stated = [value for value in fact.values if not value.computed]
    sources = {source for value in fact.values for source in value.sources}
    return {
        "property": fact.property,
        "label": support.text(fact.label),
        "values": [_value(value, note) for value in stated or fact.values],
        "sources": [vars(source) for source in support.site().catalogue.best(sources)],
    }


def _always_shown() -> dict[str, str]:
    """Labels of the facts of a plant that are named even when they are not recorded, in this order."""
    return {
        "makes": gettext("Makes"),
        "inZone": gettext("Stands in"),
        "capitalUsdMillion": gettext("Capital (million USD)"),
        "employees": gettext("Employees"),
        "status": gettext("Status"),
        "started": gettext("Started"),
    }


def _value(value: Value, note: str | None) -> dict[str, Any]:
    href = url_for("pages.page", slug=value.slug) if value.slug else value.href
    if value.computed:
        note = gettext("computed")
    elif value.curated:
        note = gettext("our judgement")
    found = {"text": support.text(value.text), "href": href, "note": note}
    return {key: item for key, item in found.items() if item is not None}


def _absent(slug: str) -> dict[str, str] | None:
    """That a thing is not there on the date of the request, and the nearest day on which it is."""
    network = support.view().network
    attributes, day = network.nodes[slug], network.graph["as_of"]
    start, end = attributes.get("valid_from"), attributes.get("valid_to")
    begun = attributes.get("started")
    text = gettext("Not recorded as existing on %(day)s.", day=support.date(day))
    if end and first_day(end) <= day:
        there = (date.fromisoformat(first_day(end)) - timedelta(days=1)).isoformat()
    elif start and day < first_day(start):
        there = first_day(start)
    elif begun and day < first_day(begun):
        there = first_day(begun)
        text = gettext("Not recorded as running on %(day)s.", day=support.date(day))
    else:
        return None
    return {
        "text": text,
        "label": gettext("See %(day)s", day=support.date(there)),
        "href": url_for("explorer.index", focus=slug, as_of=there),
    }


def _history(slug: str) -> Iterator[dict[str, Any]]:
    """Mergers, the unit a thing lies in by now, and its other names: each with its date, if it has one."""
    network = support.view().network
    attributes = network.nodes[slug]
    if attributes["kind"] == "locality":
        for change in changes(slug):
            before = " + ".join(map(support.label, change.before))
            yield {
                "date": support.date(change.date),
                "text": f"{before} → {support.label(change.after)}",
                "href": url_for("pages.page", slug=change.slug),
                "sources": [vars(source) for source in change.sources],
            }
    elif move := moved(network, slug):
        unit, old = unit_name(move.unit), unit_name(move.stated)
        text = gettext("Since then in %(unit)s, before in %(old)s (computed)", unit=unit, old=old)
        if unit == old:
            text = gettext("Since then in %(unit)s in its new boundaries (computed)", unit=unit)
        yield {"date": support.date(move.day), "text": text}
    if names := attributes.get("other_names"):
        yield {"date": "", "text": gettext("Other recorded names: %(names)s", names="; ".join(names))}


def _figures(slug: str) -> Iterator[dict[str, Any]]:
    """Recorded figures, newest first, the earlier ones with their periods."""
    for indicator in figures(slug)[:SHOWN_FIGURES]:
        shown = [
            {
                "value": figure.value,
                "period": figure.period,
                "note": figure.part,
                "href": url_for("pages.page", slug=figure.slug),
                "sources": [vars(source) for source in figure.sources],
            }
            for figure in indicator.figures[:SHOWN_PERIODS]
        ]
        yield {"label": indicator.name, "unit": indicator.unit, "values": shown}


def _conflict(conflict: ConflictView) -> dict[str, Any]:
    """Values that sources give side by side, the one in use first."""
    return {
        "label": f"{conflict.label} ({support.period(conflict.period)})"
        if conflict.period
        else conflict.label,
        "values": [
            {"text": value.shown, "used": value.used, "sources": [vars(source) for source in value.sources]}
            for value in conflict.values
        ],
        "reason": conflict.reason or conflict.note,
        "href": url_for("pages.page", slug=conflict.thing),
    }


def _gap(finding: Finding, slug: str) -> dict[str, str]:
    """A missing link of a plant by the name of the input, any other finding by its sentence."""
    text, label = support.text(finding.message), finding.label
    if finding.detector == "D1" and slug in finding.objects:
        text, label = support.label(finding.subject), absence(finding)
    elif finding.detector == "D3" and slug == finding.subject:
        makers = int(finding.formula["candidates"])
        text = support.label(finding.objects[0])
        label = ngettext("%(num)s maker", "%(num)s makers", makers)
    return {"id": finding.id, "text": text, "label": label, "href": url_for("gaps.gap", gap_id=finding.id)}
