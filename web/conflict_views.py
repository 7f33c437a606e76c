"""What pages show where sources differ, as typed objects, as JSON and as rows of a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from pyoxigraph import NamedNode

from graph.catalogue import Source
from graph.conflicts import Conflict, Point, Reason
from graph.facts import term_text
from graph.model import Text
from graph.namespaces import ID
from graph.query import shipped
from graph.search import fold
from graph.spreadsheet import harmless
from web import kept, support
from web.source_views import Tally, as_dict

OTHER = "other"
"""Kind of a thing that the network does not hold."""
CSV_COLUMNS = (
    "thing", "name", "property", "property_name", "period", "value", "in_use", "record", "reason", "note",
    "source", "title", "publisher", "published", "grade", "url", "page",
)  # fmt: skip


class PublishedView(NamedTuple):
    """One of several values that sources published."""

    text: str
    shown: str
    """The text, or our translation of it, a number as the language of the page writes it."""
    sources: list[Source]
    used: bool


@dataclass(frozen=True)
class ConflictView:
    """A property on which sources differ, the value in use first, with why it is in use."""

    thing: str
    name: str
    kind: str
    kind_name: str
    property: str
    label: str
    period: str
    values: tuple[PublishedView, ...]
    record: str
    """The value of the thing's own record, empty if there is none."""
    reason: str
    compared: bool
    """Whether the reason is no reason but how the values compare, computed."""
    shared: bool
    """Whether the record keeps only what all values have in common, so that none of them is it."""
    note: str
    """The curator's words behind it, if any were written."""
    note_lang: str | None
    """Language of the note where it is not that of the page."""


@dataclass(frozen=True)
class Choice:
    """A property to filter by."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class ConflictsPage:
    """The list of conflicts under some filters."""

    rows: tuple[ConflictView, ...]
    all: int
    values: int
    """Published values among the rows."""
    things: int
    """Things among the rows."""
    kinds: tuple[Tally, ...]
    properties: tuple[Choice, ...]
    query: str
    csv: str


def conflicts_page(kinds: tuple[str, ...], properties: tuple[str, ...]) -> ConflictsPage:
    """The conflicts of these kinds of thing and properties; an empty filter lets all pass."""
    everything = kept.conflicts()
    names = {kind: _kind_name(kind) for kind in {_kind(conflict.thing) for conflict in everything}}
    of_kind = [conflict for conflict in everything if not kinds or _kind(conflict.thing) in kinds]
    rows = sorted(
        (_view(conflict) for conflict in of_kind if not properties or conflict.property in properties),
        key=lambda row: (row.kind_name, fold(row.name), row.property),
    )
    labels = {conflict.property: support.text(conflict.label) for conflict in everything}
    counted = Counter(conflict.property for conflict in of_kind)
    per_kind = Counter(
        _kind(conflict.thing) for conflict in everything if not properties or conflict.property in properties
    )
    return ConflictsPage(
        rows=tuple(rows),
        all=len(everything),
        values=sum(len(row.values) for row in rows),
        things=len({row.thing for row in rows}),
        kinds=tuple(
            Tally(kind, {"vi": name, "en": name}, per_kind[kind], kind in kinds)
            for kind, name in sorted(names.items(), key=lambda item: item[1])
        ),
        properties=tuple(
            Choice(name, labels[name], counted[name], name in properties)
            for name in sorted(labels, key=lambda name: (-counted[name], labels[name]))
        ),
        query=shipped("pages/conflicts").text,
        csv=url_for("provenance.conflicts_csv", kind=kinds, property=properties),
    )


def allowed() -> dict[str, list[str]]:
    """Values of the two filters."""
    found = kept.conflicts()
    return {
        "kind": sorted({_kind(conflict.thing) for conflict in found}),
        "property": sorted({conflict.property for conflict in found}),
    }


def conflicts_about(thing: str) -> tuple[ConflictView, ...]:
    """The conflicts on the page of one thing."""
    return tuple(_view(conflict) for conflict in kept.conflicts() if conflict.thing == thing)


def _kind(thing: str) -> str:
    network = support.site().network
    return network.nodes[thing]["kind"] if thing in network else OTHER


def _kind_name(kind: str) -> str:
    return gettext("Other") if kind == OTHER else support.kind_name(kind)


def _view(conflict: Conflict) -> ConflictView:
    site, language = support.site(), support.lang()
    kind = _kind(conflict.thing)
    note, note_lang = _note(conflict.reason)
    return ConflictView(
        thing=conflict.thing,
        name=term_text(site.corridor.store, NamedNode(ID + conflict.thing))[language],
        kind=kind,
        kind_name=_kind_name(kind),
        property=conflict.property,
        label=conflict.label[language],
        period=conflict.period,
        values=tuple(
            PublishedView(value.text, value.shown[language], site.catalogue.best(value.sources), value.used)
            for value in conflict.values
        ),
        record=conflict.record[language],
        reason=_reason(conflict.reason, conflict.record),
        compared=conflict.reason.kind == "compared",
        shared=conflict.reason.kind == "shared",
        note=note,
        note_lang=note_lang if note_lang != language else None,
    )


def _note(reason: Reason) -> tuple[str, str]:
    words = dict(reason.words)
    language = support.lang() if support.lang() in words else next(iter(words), support.lang())
    return words.get(language, ""), language


def _reason(reason: Reason, record: Text) -> str:
    """Why the value is in use, or why none is, as a sentence; empty if the curator's note says it."""
    held = record[support.lang()]
    sentences = {
        "note": "",
        "shared": gettext("The record keeps what these values have in common: %(record)s.", record=held),
        "compared": " ".join(map(_point, reason.points))
        or gettext("No reason is recorded, and neither grade, date nor number of sources sets it apart."),
        "other": gettext("The record holds another value: %(record)s. No reason is recorded.", record=held),
        "empty": gettext("No value is in use: the record leaves this open."),
        "figures": gettext("Each value stands as a figure of its own with its sources; none is preferred."),
        "nowhere": gettext(
            "No value is in use: the tables have no column for this, and nothing is computed from it."
        ),
    }
    return sentences[reason.kind]


def _point(point: Point) -> str:
    """How the value in use compares with the others on one point, as a sentence."""
    _, ours, theirs = point
    if point.kind == "grade":
        return gettext(
            "Its best source has grade %(ours)s, that of the other values %(theirs)s.",
            ours=ours, theirs=theirs,
        )  # fmt: skip
    if point.kind == "sources":
        return gettext(
            "Number of sources: %(ours)s, for another value at most %(theirs)s.", ours=ours, theirs=theirs
        )
    if point.kind == "record":
        return gettext("Of these values, only this one comes from a source of the record as a whole.")
    if not theirs:
        return gettext(
            "Its newest source is of %(ours)s, those of the other values have no date.",
            ours=support.date(ours),
        )
    if not ours:
        return gettext(
            "Its sources have no date, the newest of the other values is of %(theirs)s.",
            theirs=support.date(theirs),
        )
    return gettext(
        "Its newest source is of %(ours)s, that of the other values of %(theirs)s.",
        ours=support.date(ours), theirs=support.date(theirs),
    )  # fmt: skip


def conflicts_json(page: ConflictsPage) -> dict[str, Any]:
    """The list for programs."""
    return {
        "conflicts": [
            {
                "thing": row.thing, "name": row.name, "kind": row.kind, "property": row.property,
                "label": row.label, "period": row.period, "record": row.record, "reason": row.reason,
                "note": row.note,
                "values": [
                    {"value": value.text, "in_use": value.used, "sources": list(map(as_dict, value.sources))}
                    for value in row.values
                ],
            }
            for row in page.rows
        ],
        "total": len(page.rows),
    }  # fmt: skip


def csv_rows(rows: Iterable[ConflictView]) -> Iterator[list[str]]:
    """Header and one row per value and source; no cell that a spreadsheet would run."""
    yield list(CSV_COLUMNS)
    for row in rows:
        for value in row.values:
            for source in value.sources:
                cells = (
                    row.thing, row.name, row.property, row.label, row.period, value.text,
                    str(value.used).lower(), row.record, row.reason, row.note, source.slug,
                    source.title, source.publisher, source.published, source.grade, source.url,
                    url_for("pages.page", slug=row.thing, _external=True),
                )  # fmt: skip
                yield [harmless(cell) for cell in cells]
