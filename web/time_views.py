"""What a date does to a thing: where it lies then, whether it has begun or ended, what changed around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_babel import gettext
from pyoxigraph import NamedNode

from graph.catalogue import Source
from graph.explore.short_names import short_name
from graph.facts import term_text
from graph.model import Text
from graph.namespaces import ID, SOURCE, slug
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


class Seat(NamedTuple):
    """An office or a seat, seen from the person or from the body."""

    slug: str
    other: str
    """Slug of the body where the thing is the member, of the member where it is the body."""
    title: str
    foreign: bool
    """True if the title is recorded in the other language only."""
    period: str
    state: str
    """`ended` or `not yet` on the date, else empty."""
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
            sources=site.catalogue.best(_sources(row)),
        )


def seats(thing: str) -> Iterator[Seat]:
    """Offices and seats of a person, a locality or in a body: those that hold first, then the ended ones."""
    found = [_seat(thing, row) for row in _seat_rows(thing)]
    yield from sorted(found, key=lambda seat: ["not yet", "", "ended"].index(seat.state))


def _seat_rows(thing: str) -> list[dict[str, Any]]:
    return list(select(support.site().corridor.store, "pages/seats", thing=NamedNode(ID + thing)))


def _seat(thing: str, row: dict[str, Any]) -> Seat:
    member, body = slug(row["member"].value), slug(row["organization"].value)
    own, other = ("titleVi", "title") if support.lang() == "vi" else ("title", "titleVi")
    title = row.get(own) or row.get(other)
    start, end = (row[key].value if key in row else None for key in ("from", "to"))
    return Seat(
        slug=slug(row["seat"].value),
        other=body if thing == member else member,
        title=title.value if title else "",
        foreign=own not in row and other in row,
        period=period_text(start, end),
        state=period_state(start, end),
        sources=support.site().catalogue.best(_sources(row)),
    )


def _sources(row: dict[str, Any]) -> set[str]:
    graphs = row["sources"].value.split() if "sources" in row else []
    return {graph.removeprefix(SOURCE) for graph in graphs if graph.startswith(SOURCE)}
