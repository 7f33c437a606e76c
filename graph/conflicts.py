"""Where sources differ: every published value with its sources, the one in use, and why it is in use.

The value in use is the value of the thing's own record. A published value is in use if it agrees with
that record by the rule that also decides which sources carry the record (`graph.statements.agrees`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.catalogue import Catalogue
from graph.facts import NUMBERS, XSD, term_text
from graph.model import Text
from graph.namespaces import DERIVED, ID, PREFIXES, SOURCE, VX, slug
from graph.query import select
from graph.statements import NUMBER, agrees, is_about
from graph.store import SHIPPED_METADATA

TYPE = NamedNode(PREFIXES["rdf"] + "type")
NOTE = NamedNode(PREFIXES["skos"] + "note")
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


@dataclass(frozen=True)
class Reason:
    """Why a value is in use, or why none is.

    `note`: the curator wrote it (`words`). Where nothing is written, how the value in use compares with
    the others, `ours` against `theirs`: `grade` (better best grade), `weaker` (worse best grade), `newest`
    (newest date, empty for undated), `sources` (number of sources), `unknown` (none of these). `shared`: the
    record says only what all values have in common. Without a value in use: `other` (the record says
    something else), `empty` (the record leaves it open), `figures` (each value stands as a figure of its
    own), `nowhere` (no record has a place for it).
    """

    kind: str
    ours: str = ""
    theirs: str = ""
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


@lru_cache(maxsize=4)
def conflicts(store: Store) -> tuple[Conflict, ...]:
    """Every conflict, in the order in which the tables record them."""
    catalogue = Catalogue.load(store)
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in select(store, "pages/conflicts"):
        period = row["period"].value if "period" in row else ""
        groups.setdefault((slug(row["thing"].value), row["property"].value, period), []).append(row)
    return tuple(_conflict(store, catalogue, *key, rows) for key, rows in groups.items())


def conflicts_of(store: Store, thing: str) -> tuple[Conflict, ...]:
    """The conflicts about one thing."""
    return tuple(conflict for conflict in conflicts(store) if conflict.thing == thing)


def _conflict(
    store: Store, catalogue: Catalogue, thing: str, property: str, period: str, rows: list[dict[str, Any]]
) -> Conflict:
    places = _places(store, thing, property)
    cells = [(term, _cell(term), is_date) for iri, is_date in places for term in _stated(store, thing, iri)]
    values = [
        Published(
            variant=slug(row["variant"].value),
            text=row["value"].value,
            shown={"en": row["value"].value, "vi": row.get("valueVi", row["value"]).value},
            sources=tuple(sorted(graph.removeprefix(SOURCE) for graph in row["sources"].value.split())),
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


def _places(store: Store, thing: str, property: str) -> list[tuple[str, bool]]:
    """Properties of the thing's own record that hold what a difference is about, and which hold dates."""
    classes = {quad.object for quad in store.quads_for_pattern(_node(thing), TYPE, None, DefaultGraph())}
    return [
        (iri, is_date)
        for name, columns in _columns().items()
        if NamedNode(name) in classes
        for column, (iri, is_date) in columns.items()
        if is_about(property, column)
    ]


@cache
def _columns() -> dict[str, dict[str, tuple[str, bool]]]:
    """By class of the rows of a table: property and whether it holds dates, by column."""
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    for table in json.loads(SHIPPED_METADATA.read_text("utf-8"))["tables"]:
        columns = table["tableSchema"]["columns"]
        for virtual in (column for column in columns if column.get("virtual")):
            found[virtual["valueUrl"]] = {
                column["name"]: (column["propertyUrl"], VX + "partialDate" in str(column.get("datatype")))
                for column in columns
                if "propertyUrl" in column and not column.get("suppressOutput")
            }
    return found


def _stated(store: Store, thing: str, property: str) -> Iterator[NamedNode | Literal]:
    """Values of the record; computed ones left out."""
    for quad in store.quads_for_pattern(_node(thing), NamedNode(property), None, DefaultGraph()):
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
        for row in select(store, "pages/figures", thing=_node(thing))
    )


def _reason(
    store: Store, catalogue: Catalogue, thing: str, values: list[Published], cells: Collection[Any]
) -> Reason:
    if words := _note(store, thing, values, cells):
        return Reason("note", words=words)
    used = [source for value in values if value.used for source in catalogue.best(value.sources)]
    others = [source for value in values if not value.used for source in catalogue.best(value.sources)]
    if not others:
        return Reason("shared")
    ours, theirs = min((s.grade for s in used), default="~"), min(s.grade for s in others)
    if ours < theirs:
        return Reason("grade", ours, theirs)
    if ours > theirs:
        return Reason("weaker", ours, theirs)
    newest, newest_other = max((s.published for s in used), default=""), max(s.published for s in others)
    if newest > newest_other and not newest.startswith(newest_other or "~"):
        return Reason("newest", newest, newest_other)
    count = max(len(value.sources) for value in values if value.used)
    count_other = max(len(value.sources) for value in values if not value.used)
    if count > count_other:
        return Reason("sources", str(count), str(count_other))
    return Reason("unknown")


def _note(
    store: Store, thing: str, values: list[Published], cells: Collection[Any]
) -> tuple[tuple[str, str], ...]:
    """The sentences of the curator's note that speak of one of the values."""
    numbers = {first[0].replace(",", "") for value in values if (first := NUMBER.search(value.text))}
    numbers |= {f"{cell.normalize():f}" for cell in cells if isinstance(cell, Decimal)}
    found = []
    for quad in store.quads_for_pattern(_node(thing), NOTE, None, DefaultGraph()):
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


def _node(thing: str) -> NamedNode:
    return NamedNode(ID + thing)
