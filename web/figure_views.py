"""The figures recorded for a thing, as a table by indicator, newest first."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from graph.catalogue import Source
from graph.facts import literal_text
from graph.namespaces import ID, slug, source_slugs
from graph.query import select
from web import support


class Figure(NamedTuple):
    """One value of an indicator."""

    slug: str
    part: str
    period: str
    value: str
    sources: list[Source]


class Indicator(NamedTuple):
    """An indicator with its recorded values."""

    slug: str
    name: str
    unit: str
    figures: tuple[Figure, ...]


def figures(thing: str) -> tuple[Indicator, ...]:
    """The recorded figures of a thing, indicators by name, values newest first."""
    rows = select(support.site().corridor.store, "pages/figures", thing=NamedNode(ID + thing))
    found = []
    for indicator, same in groupby(rows, key=lambda row: row["indicator"].value):
        values = list(same)
        first = values[0]
        unit = first.get(f"unit{support.lang().capitalize()}", first["unit"]).value
        shown = tuple(map(_figure, values))
        found.append(Indicator(slug(indicator), first[support.lang()].value, unit, shown))
    return tuple(sorted(found, key=lambda indicator: indicator.name.casefold()))


def _figure(row: dict[str, Any]) -> Figure:
    part = row.get(f"part{support.lang().capitalize()}")
    ends = [literal_text(row[key])[support.lang()] for key in ("value", "to") if key in row]
    return Figure(
        slug=slug(row["figure"].value),
        part=part.value if part else "",
        period=support.period(row["period"].value) if "period" in row else "",
        value="–".join(ends),
        sources=support.site().catalogue.best(source_slugs(row["sources"].value)),
    )
