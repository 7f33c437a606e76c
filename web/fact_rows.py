"""The facts of a thing as rows of a page: values that the same sources carry together, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from flask_babel import gettext
from pyoxigraph import NamedNode

from graph.catalogue import Source
from graph.facts import Fact, Value
from graph.model import Text
from graph.namespaces import VX, slug
from web import kept, support
from web.time_views import moved

AS_WRITTEN = "Text"
"""Properties whose name ends so repeat the words of the source, several values separated by `|`."""
PROPER_NAMES = {"district", "placeText"}
"""Properties by the names of places and people."""
SHARED = 3
"""Facts that rest on the same sources, from which on these are named once."""


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

    def is_name(self) -> bool:
        """Whether the values are proper names, which are the same in every language."""
        return self.property in PROPER_NAMES


class Speakers(NamedTuple):
    """Sources that carry the same facts of this thing."""

    sources: list[Source]
    labels: tuple[Text, ...]


def record(rows: Iterable[FactRow]) -> list[Source]:
    """The sources that most of the facts share; empty if they share none."""
    shared = Counter(tuple(line.sources) for row in rows for line in row.lines if line.sources)
    best, times = max(shared.items(), key=lambda item: item[1], default=((), 0))
    return list(best) if times >= SHARED else []


def fact_rows(thing: str, expected: Iterable[str], stated: Iterable[Fact]) -> Iterator[FactRow]:
    """A row per fact in the order of the columns; expected ones (by property name) even if not recorded."""
    named = {value.slug for fact in stated for value in fact.values if value.slug and not value.computed}
    rows = {}
    for fact in stated:
        values = tuple(value for value in fact.values if not (value.computed and value.slug in named))
        if values:
            row = FactRow(fact.property, fact.label, tuple(_lines(replace(fact, values=values))))
            rows[fact.property] = row
    if "locatedIn" in rows:
        rows["locatedIn"] = rows["locatedIn"]._replace(lines=tuple(_located(thing, rows["locatedIn"].lines)))
    facts = kept.facts()
    for wanted in expected:
        rows.setdefault(wanted, FactRow(wanted, facts.label(NamedNode(VX + wanted)), ()))
    order = {slug(iri): position for iri, position in facts.order.items()}
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


def speakers(stated: Iterable[Fact]) -> Iterator[Speakers]:
    """Which facts each source carries, best source first; sources of the same facts together."""
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
