"""What the page that opens offline tells of each thing: its facts with their sources."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from graph.catalogue import Source
from graph.explore import View
from graph.facts import Fact
from web import kept, support
from web.time_views import place_text, state_text


def facts(view: View) -> dict[str, Any]:
    """`things`: name, kind and facts by id, each fact with `label`, `values` and the slugs of its `sources`;
    `sources`: what to read of each source, by slug. JSON values in the language of the page."""
    network = support.view().network
    names = [name for name in (*(b.id for b in view.bands), *(n.id for n in view.nodes)) if name in network]
    things = {name: _thing(name) for name in dict.fromkeys(names)}
    used = {slug for thing in things.values() for fact in thing["facts"] for slug in fact["sources"]}
    return {
        "things": things,
        "sources": {source.slug: _source(source) for source in support.site().catalogue.best(used)},
    }


def citation(source: Source) -> str:
    """A source in one line: publisher, title, date, grade and address."""
    parts = (source.publisher, source.title, source.published and support.date(source.published))
    words = ", ".join(part for part in parts if part)
    return f"{words} [{source.grade}] {source.url}".strip()


def _thing(name: str) -> dict[str, Any]:
    network = support.view().network
    attributes = network.nodes[name]
    place, state = place_text(network, name), " ".join(state_text(network, name))
    return {
        "name": attributes["label"][support.lang()],
        "kind": support.kind_name(attributes["kind"]),
        "where": " · ".join(part for part in (place, state) if part),
        "facts": [_fact(fact) for fact in kept.facts().about(name, support.lang())],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    stated = [value for value in fact.values if not value.computed]
    values = stated or fact.values
    used = support.site().catalogue.best(source for value in values for source in value.sources)
    notes = [] if stated else [gettext("computed")]
    if stated and all(value.curated for value in stated):
        notes.append(gettext("our judgement"))
    return {
        "label": support.text(fact.label),
        "values": [support.text(value.text) for value in values],
        "note": ", ".join(notes),
        "sources": [source.slug for source in used],
    }


def _source(source: Source) -> dict[str, str]:
    return {
        "title": source.title,
        "by": ", ".join(
            part for part in (source.publisher, source.published and support.date(source.published)) if part
        ),
        "grade": source.grade,
        "url": source.url if source.url.startswith(("https://", "http://")) else "",
    }
