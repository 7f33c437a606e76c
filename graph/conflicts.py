"""Where sources differ: every published value with its sources, the one in use, and why it is in use.

The value in use is the value of the thing's own record. A published value is in use if it agrees with
that record by the rule that also decides which sources carry the record (`graph.statements.agrees`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.catalogue import Catalogue
from graph.columns import Column, Columns, read_columns
from graph.facts import NUMBERS, published_text, term_text
from graph.model import Text
from graph.namespaces import DERIVED, ID, NOTE, TYPE, XSD, slug, source_slugs
from graph.query import select
from graph.statements import NUMBER, agrees, is_about
from graph.store import Corridor, metadata_of

SENTENCE_END = re.compile(r"(?<=[.;])\s+")


@dataclass(frozen=True)
class Published:
    """One published value, in the words of its sources."""

    variant: str
    """Slug of the record of this value."""
    text: str
    shown: Text
    """The same for reading: where it has words, our Vietnamese for them."""
    sources: tuple[str, ...]
    used: bool
    """Whether the thing's own record says the same."""


class Point(NamedTuple):
    """How the value in use compares with the others on one point.

    `grade`: the best grades. `date`: the newest dates, empty for undated. `sources`: the numbers of sources.
    `record`: only the value in use comes from a source that stands behind the record as a whole.
    """

    kind: str
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a value is in use, or why none is.

    `note`: the curator wrote it (`words`). `compared`: nothing is written; `points` hold all on which the
    value in use and the others differ, none if they are alike. `shared`: the record says only what all values
    have in common. Without a value in use: `other` (the record says something else), `empty` (the record
    leaves it open), `figures` (each value stands as a figure of its own), `nowhere` (no record has a place
    for it).
    """

    kind: str
    points: tuple[Point, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    """The curator's sentences by language tag."""


@dataclass(frozen=True)
class Conflict:
    """A property of a thing on which sources differ; the values in use come first."""

    thing: str
    property: str
    label: Text
    period: str
    values: tuple[Published, ...]
    record: Text
    """The value of the thing's own record; empty if it has none."""
    reason: Reason


def conflicts(corridor: Corridor) -> tuple[Conflict, ...]:
    """Every conflict, in the order in which the tables record them."""
    store = corridor.store
    catalogue, columns = Catalogue.load(store), read_columns(metadata_of(corridor.data))
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in select(store, "pages/conflicts"):
        period = row["period"].value if "period" in row else ""
        groups.setdefault((slug(row["thing"].value), row["property"].value, period), []).append(row)
    return tuple(_conflict(store, catalogue, columns, *key, rows) for key, rows in groups.items())


def _conflict(
    store: Store,
    catalogue: Catalogue,
    columns: Columns,
    thing: str,
    property: str,
    period: str,
    rows: list[dict[str, Any]],
) -> Conflict:
    places = _places(store, columns, thing, property)
    cells = [(term, _cell(term), is_date) for iri, is_date in places for term in _stated(store, thing, iri)]
    values = [
        Published(
            variant=slug(row["variant"].value),
            text=row["value"].value,
            shown={
                lang: published_text(row.get(name, row["value"]).value)[lang]
                for lang, name in (("en", "value"), ("vi", "valueVi"))
            },
            sources=source_slugs(row["sources"].value),
            used=any(agrees(row["value"].value, cell, is_date) for _, cell, is_date in cells),
        )
        for row in rows
    ]
    label = {lang: rows[0][lang].value if lang in rows[0] else property for lang in ("vi", "en")}
    used = [value for value in values if value.used]
    if used:
        reason = _reason(store, catalogue, thing, values, [cell for _, cell, _ in cells])
    elif cells:
        words = _note(store, thing, values, [cell for _, cell, _ in cells])
        reason = Reason("note", words=words) if words else Reason("other")
    elif _figures(store, thing, property, period):
        reason = Reason("figures")
    else:
        reason = Reason("empty" if places else "nowhere")
    return Conflict(
        thing=thing,
        property=property,
        label={lang: text[:1].upper() + text[1:] for lang, text in label.items()},
        period=period,
        values=tuple(sorted(values, key=lambda value: not value.used)),
        record=_record(store, [term for term, _, _ in cells]),
        reason=reason,
    )


def _places(store: Store, columns: Columns, thing: str, property: str) -> list[Column]:
    """The columns of the thing's own record that hold what a difference is about."""
    node = NamedNode(ID + thing)
    classes = {quad.object for quad in store.quads_for_pattern(node, TYPE, None, DefaultGraph())}
    return [
        column
        for iri, stating in columns.of_class.items()
        if NamedNode(iri) in classes
        for name, column in stating.items()
        if is_about(property, name)
    ]


def _stated(store: Store, thing: str, property: str) -> Iterator[NamedNode | Literal]:
    """Values of the record; computed ones left out."""
    for quad in store.quads_for_pattern(NamedNode(ID + thing), NamedNode(property), None, DefaultGraph()):
        derived = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, NamedNode(DERIVED))
        if next(derived, None) is None and isinstance(quad.object, NamedNode | Literal):
            yield quad.object


def _cell(term: NamedNode | Literal) -> str | int | Decimal:
    """The value as it stood in the table."""
    if isinstance(term, Literal) and term.datatype.value in NUMBERS:
        return int(term.value) if term.datatype.value == XSD + "integer" else Decimal(term.value)
    return slug(term.value) if isinstance(term, NamedNode) else term.value


def _record(store: Store, terms: Iterable[NamedNode | Literal]) -> Text:
    texts = [term_text(store, term) for term in terms]
    return {lang: "; ".join(dict.fromkeys(text[lang] for text in texts)) for lang in ("vi", "en")}


def _figures(store: Store, thing: str, property: str, period: str) -> bool:
    """Whether figures of this indicator, place and period are recorded one by one."""
    return any(
        slug(row["indicator"].value) == property and "period" in row and row["period"].value == period
        for row in select(store, "pages/figures", thing=NamedNode(ID + thing))
    )


def _reason(
    store: Store, catalogue: Catalogue, thing: str, values: list[Published], cells: Collection[Any]
) -> Reason:
    if words := _note(store, thing, values, cells):
        return Reason("note", words=words)
    if all(value.used for value in values):
        return Reason("shared")
    kind = store.quads_for_pattern(NamedNode(ID + thing), TYPE, None, None)
    graphs = (quad.graph_name.value for quad in kind if isinstance(quad.graph_name, NamedNode))
    record = source_slugs(" ".join(graphs))
    return Reason("compared", tuple(_points(catalogue, values, set(record))))


def _points(catalogue: Catalogue, values: list[Published], record: set[str]) -> Iterator[Point]:
    """What tells the values in use from the others; `record` are the sources of the record as a whole."""
    used, others = ([value for value in values if value.used is side] for side in (True, False))
    ours, theirs = (catalogue.best(s for value in side for s in value.sources) for side in (used, others))
    if ours and theirs and ours[0].grade != theirs[0].grade:
        yield Point("grade", ours[0].grade, theirs[0].grade)
    newest, other = (max((source.published for source in side), default="") for side in (ours, theirs))
    one_holds_the_other = newest.startswith(other) or other.startswith(newest)
    if newest != other and not (newest and other and one_holds_the_other):
        yield Point("date", newest, other)
    most, most_other = (max(len(value.sources) for value in side) for side in (used, others))
    if most != most_other:
        yield Point("sources", str(most), str(most_other))
    if record & {source.slug for source in ours} and not record & {source.slug for source in theirs}:
        yield Point("record")


def _note(
    store: Store, thing: str, values: list[Published], cells: Collection[Any]
) -> tuple[tuple[str, str], ...]:
    """The sentences of the curator's note that speak of one of the values."""
    numbers = {first[0].replace(",", "") for value in values if (first := NUMBER.search(value.text))}
    numbers |= {f"{cell.normalize():f}" for cell in cells if isinstance(cell, Decimal)}
    found = []
    for quad in store.quads_for_pattern(NamedNode(ID + thing), NOTE, None, DefaultGraph()):
        sentences = SENTENCE_END.split(quad.object.value) if isinstance(quad.object, Literal) else []
        about = [sentence for sentence in sentences if _mentions(sentence, numbers)]
        if about and isinstance(quad.object, Literal):
            found.append((quad.object.language or "", " ".join(about).rstrip(";")))
    return tuple(sorted(found))


def _mentions(sentence: str, numbers: Iterable[str]) -> bool:
    plain = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", sentence).replace(",", ".")
    return any(
        re.search(rf"(?<![\d.]){re.escape(number)}(?!\.?\d)", plain) for number in numbers if len(number) > 1
    )
