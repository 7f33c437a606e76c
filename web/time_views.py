"""What a date does to a thing: where it lies then, whether it has begun or ended, what changed around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext
from pyoxigraph import NamedNode

from graph.catalogue import Source
from graph.explore.short_names import short_name
from graph.facts import term_text
from graph.model import Text
from graph.namespaces import ID, slug, source_slugs
from graph.projection import Network, first_day
from graph.query import select
from web import support

BRACKETS = re.compile(r"\s*\([^)]*\)$")
"""`Hải Phòng City (after the merger with Hải Dương)` is called Hải Phòng City."""


class Change(NamedTuple):
    """A change of boundaries."""

    slug: str
    kind: Text
    date: str
    before: tuple[str, ...]
    after: str
    basis: str
    sources: list[Source]


class Moved(NamedTuple):
    """Where a thing lies on the date, if that is another unit than the one recorded."""

    unit: str
    stated: str
    day: str
    """First day on which the recorded unit was no more."""


def moved(network: Network, thing: str) -> Moved | None:
    """The unit that took over the place of a thing by the date of the network."""
    attributes = network.nodes[thing]
    unit, stated = attributes.get("locality"), attributes.get("locality_stated")
    if not unit or not stated or unit == stated:
        return None
    return Moved(unit, stated, network.nodes[stated]["valid_to"])


def unit_name(unit: str) -> str:
    """Name of an administrative unit without its note on boundaries."""
    return BRACKETS.sub("", support.label(unit))


def place_text(network: Network, thing: str, short: bool = True) -> str:
    """`Hải Phòng (before 01.07.2025: Hải Dương)`; empty where no place is recorded."""

    def name(unit: str) -> str:
        return short_name(network, unit, support.lang()) if short else unit_name(unit)

    attributes = network.nodes[thing]
    place = attributes.get("locality") or attributes.get("locality_stated")
    if place not in network:
        return ""
    move = moved(network, thing)
    if move is None or name(move.unit) == name(move.stated):
        return name(place)
    before = gettext("before %(day)s: %(place)s", day=support.date(move.day), place=name(move.stated))
    return f"{name(place)} ({before})"


def state_text(network: Network, thing: str) -> Iterator[str]:
    """Whether a thing is not there yet, or no longer, on the date of the network."""
    attributes, day = network.nodes[thing], network.graph["as_of"]
    start, end = attributes.get("valid_from"), attributes.get("valid_to")
    if end and first_day(end) <= day:
        yield gettext("ended on %(day)s", day=support.date(end))
    elif start and day < first_day(start):
        yield gettext("not there yet on this date; from %(day)s", day=support.date(start))
    elif not attributes.get("active", True):
        yield gettext("had not started on this date; from %(day)s", day=support.date(attributes["started"]))
    elif end:
        yield gettext("valid on this date; ends on %(day)s", day=support.date(end))


def period_state(start: str | None, end: str | None) -> str:
    """`ended`, `not yet` or empty for a period on the date of the request; 2017 is its first day."""
    if end and first_day(end) <= support.as_of():
        return "ended"
    return "not yet" if start and support.as_of() < first_day(start) else ""


def period_text(start: str | None, end: str | None) -> str:
    """`28.02.2023 to 03.11.2025`; an end is the first day that no longer counts."""
    if start and end:
        return gettext("%(start)s to %(end)s", start=support.date(start), end=support.date(end))
    if start:
        return gettext("from %(day)s", day=support.date(start))
    return gettext("until %(day)s", day=support.date(end)) if end else ""


def changes(thing: str) -> Iterator[Change]:
    """The changes of boundaries that a unit took part in, oldest first."""
    site, language = support.site(), support.lang()
    for row in select(site.corridor.store, "pages/changes", thing=NamedNode(ID + thing)):
        own, other = (row.get("basisVi"), row.get("basis"))
        basis = (own or other) if language == "vi" else (other or own)
        yield Change(
            slug=slug(row["change"].value),
            kind=term_text(site.corridor.store, row["kind"]),
            date=row["date"].value,
            before=tuple(sorted(slug(iri) for iri in row["before"].value.split())),
            after=slug(row["to"].value),
            basis=basis.value if basis else "",
            sources=site.catalogue.best(source_slugs(row["sources"].value)),
        )
