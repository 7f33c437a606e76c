"""Offices and seats on the page of a person, a member or a body, one block per person or body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from flask_babel import gettext
from pyoxigraph import NamedNode

from graph.catalogue import Source
from graph.namespaces import ID, slug, source_slugs
from graph.query import select
from web import support
from web.time_views import period_state, period_text, unit_name

STATES = ("not yet", "", "ended")


@dataclass(frozen=True)
class Office:
    """An office or a seat; records of the same title that do not contradict each other are one."""

    slug: str
    title: str
    foreign: bool
    """True if the title is recorded in the other language only."""
    seats: int
    """How many seats it holds, 0 if no source says."""
    period: str
    state: str
    """One of STATES on the date."""
    remark: str
    """What the date means for it, computed."""
    sources: tuple[Source, ...]


class Holder(NamedTuple):
    """The body where the thing is the member, the member where it is the body."""

    slug: str
    offices: tuple[Office, ...]


class Seats(NamedTuple):
    """The table of offices and seats; `total` counts the seats that have not ended, 0 on other pages."""

    holders: tuple[Holder, ...]
    total: int
    counted: bool
    """Whether any number of seats is recorded."""


def seats_of(thing: str) -> Seats:
    """Offices and seats of a person, a locality or in a body: those that hold first, then the ended ones."""
    rows = select(support.site().corridor.store, "pages/seats", thing=NamedNode(ID + thing))
    found: dict[str, list[Office]] = {}
    for row in rows:
        member, body = slug(row["member"].value), slug(row["organization"].value)
        found.setdefault(body if thing == member else member, []).append(_office(member, row))
    holders = [Holder(other, tuple(_merged(offices))) for other, offices in found.items()]
    holders.sort(key=lambda holder: min(STATES.index(office.state) for office in holder.offices))
    is_body = any(slug(row["organization"].value) == thing for row in rows)
    every = [office for holder in holders for office in holder.offices]
    return Seats(
        holders=tuple(holders),
        total=sum(office.seats for office in every if office.state != "ended") if is_body else 0,
        counted=any(office.seats for office in every),
    )


def _office(member: str, row: dict[str, Any]) -> Office:
    own, other = ("titleVi", "title") if support.lang() == "vi" else ("title", "titleVi")
    title = row.get(own) or row.get(other)
    start, end = (row[key].value if key in row else None for key in ("from", "to"))
    state = period_state(start, end)
    return Office(
        slug=slug(row["seat"].value),
        title=title.value if title else "",
        foreign=own not in row and other in row,
        seats=int(row["seats"].value) if "seats" in row else 0,
        period=period_text(start, end),
        state=state,
        remark="" if end or state else _remark(member),
        sources=tuple(support.site().catalogue.best(source_slugs(row["sources"].value))),
    )


def _remark(member: str) -> str:
    """That the unit behind a member ended, although no end of the seat is recorded; else empty."""
    nodes = support.view().network.nodes
    node = nodes.get(member, {})
    if node.get("kind") == "locality":
        unit = member
    elif node.get("subkind") == "people-committee":
        unit = node["locality"]
    else:
        return ""
    taken_over = nodes[unit].get("unit")
    if not taken_over or unit_name(taken_over) == unit_name(unit):
        return ""
    return gettext(
        "%(unit)s ended on %(day)s; no end of this seat is recorded",
        unit=unit_name(unit), day=support.date(nodes[unit]["valid_to"]),
    )  # fmt: skip


def _merged(offices: Iterable[Office]) -> Iterator[Office]:
    """Offices of one title as one, unless their recorded periods differ."""
    kept: list[Office] = []
    for office in offices:
        same = (n for n, other in enumerate(kept) if other.title == office.title and _agree(other, office))
        place = next(same, None)
        if place is None:
            kept.append(office)
            continue
        first, second = sorted((kept[place], office), key=lambda each: not each.period)
        sources = support.site().catalogue.best(s.slug for s in (*first.sources, *second.sources))
        kept[place] = replace(first, seats=max(first.seats, second.seats), sources=tuple(sources))
    yield from sorted(kept, key=lambda office: STATES.index(office.state))


def _agree(one: Office, other: Office) -> bool:
    return one.period == other.period or not (one.period and other.period)
