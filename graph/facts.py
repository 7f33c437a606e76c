"""What the graph states about one thing, value by value, each with the sources that carry it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from babel.numbers import format_decimal
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.model import Text
from graph.namespaces import BASE, COMPUTED, CURATED, ID, PREFIXES, SOURCE, slug
from graph.query import select
from graph.store import SHIPPED_METADATA

XSD = PREFIXES["xsd"]
NUMBERS = (XSD + "decimal", XSD + "integer")
DATES = (XSD + "date", XSD + "gYearMonth", XSD + "gYear")
YES_NO = {"true": {"vi": "có", "en": "yes"}, "false": {"vi": "không", "en": "no"}}
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
KIND = {"vi": "Lớp", "en": "Class"}
TITLE = NamedNode(PREFIXES["dcterms"] + "title")
HEADINGS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel", PREFIXES["rdf"] + "type")
"""Shown as the name and kind of a thing, not as facts about it."""


@dataclass(frozen=True)
class Value:
    """One value of a fact. `slug` links to a thing, `href` to an outside address."""

    text: Text
    slug: str | None
    sources: tuple[str, ...]
    computed: bool
    """True if no source states it: the explorer worked it out."""
    href: str | None = None
    curated: bool = False
    """True if it is our own judgement, whatever the sources of the record."""
    lang: str | None = None
    """Language of a text that is recorded in one language only."""


@dataclass(frozen=True)
class Fact:
    """A property of a thing with all its values."""

    property: str
    label: Text
    values: tuple[Value, ...]


def facts(store: Store, thing: str, lang: str | None = None) -> tuple[Fact, ...]:
    """What is stated with this thing as subject, in the order of the tables' columns.

    With `lang`, a text in the other language is left out where the same property has one in `lang`.
    A statement whose value is the thing itself (a product covers itself) is left out here and in `incoming`.
    """
    return _facts(store, select(store, "pages/facts", thing=_node(thing)), inverse=False, lang=lang)


def incoming(store: Store, thing: str) -> tuple[Fact, ...]:
    """What points to this thing, named from its end ("Operates" for "Operated by")."""
    return _facts(store, select(store, "pages/incoming", thing=_node(thing)), inverse=True)


def exists(store: Store, thing: str) -> bool:
    """True if anything is stated about this thing."""
    return next(store.quads_for_pattern(_node(thing), None, None, None), None) is not None


def _node(thing: str) -> NamedNode:
    return NamedNode(ID + thing)


def _facts(
    store: Store, rows: Iterable[dict[str, Any]], inverse: bool, lang: str | None = None
) -> tuple[Fact, ...]:
    found: dict[str, dict[Any, Value]] = {}
    for row in rows:
        name = row["property"].value
        if name in HEADINGS or (inverse and not row["value"].value.startswith(BASE)):
            continue
        values = found.setdefault(name, {})
        graph = row["graph"].value if "graph" in row else None
        value = values.get(row["value"]) or _value(row)
        if graph in COMPUTED:
            value = replace(value, computed=True)
        elif graph == CURATED:
            value = replace(value, curated=True)
        elif graph and graph.startswith(SOURCE):
            value = replace(value, sources=(*value.sources, slug(graph)))
        values[row["value"]] = value
    names = property_names(store)
    order = column_order()
    ranked = sorted(found, key=lambda name: (order.get(name, len(order)), name))
    return tuple(
        Fact(
            slug(name),
            names.get((name, inverse), {"vi": slug(name), "en": slug(name)}),
            _merged(_in_language(found[name], lang)),
        )
        for name in ranked
    )


def _in_language(values: dict[Any, Value], lang: str | None) -> dict[Any, Value]:
    """Without the texts of other languages, if there is one in `lang`.

    A translation of our own stands on the sources of the texts it stands for.
    """
    if not lang or not any(value.lang == lang for value in values.values()):
        return values
    kept = {term: value for term, value in values.items() if value.lang in (lang, None)}
    sources = sorted({source for term in values.keys() - kept.keys() for source in values[term].sources})
    return {
        term: replace(value, sources=tuple(sources), curated=False)
        if value.curated and value.lang == lang and sources
        else value
        for term, value in kept.items()
    }


def _merged(values: dict[Any, Value]) -> tuple[Value, ...]:
    """Values sorted by text; a text given once in each language is one value with both."""
    tagged = {
        term.language: value for term, value in values.items() if isinstance(term, Literal) and term.language
    }
    if len(values) == 2 and set(tagged) == {"vi", "en"}:
        both = {"vi": tagged["vi"].text["vi"], "en": tagged["en"].text["en"]}
        sources = tuple(sorted({*tagged["vi"].sources, *tagged["en"].sources}))
        curated = tagged["vi"].curated and tagged["en"].curated
        return (replace(tagged["vi"], text=both, sources=sources, curated=curated, lang=None),)
    return tuple(sorted(values.values(), key=lambda value: (value.text["vi"], value.slug or "")))


def _value(row: dict[str, Any]) -> Value:
    term = row["value"]
    if isinstance(term, NamedNode):
        if not term.value.startswith(BASE):
            return Value({"vi": term.value, "en": term.value}, None, (), False, term.value)
        names = {lang: row[lang].value for lang in ("vi", "en") if lang in row}
        fallback = next(iter(names.values()), row["title"].value if "title" in row else slug(term.value))
        linked = slug(term.value) if term.value.startswith((ID, SOURCE)) else None
        return Value({"vi": names.get("vi", fallback), "en": names.get("en", fallback)}, linked, (), False)
    text = {lang: row[lang].value for lang in ("vi", "en")} if "vi" in row else literal_text(term)
    return Value(text, None, (), False, lang=term.language)


def term_text(store: Store, term: NamedNode | Literal) -> Text:
    """A value as people read it: a literal as they write it, a thing, source or code by its name."""
    if isinstance(term, Literal):
        return literal_text(term)
    names = {}
    for name in (TITLE, LABEL):
        for quad in store.quads_for_pattern(term, name, None, DefaultGraph()):
            if isinstance(quad.object, Literal):
                names[quad.object.language or ""] = quad.object.value
    known = next(iter(names.values()), slug(term.value) if term.value.startswith(BASE) else term.value)
    return {lang: names.get(lang, known) for lang in ("vi", "en")}


def literal_text(term: Literal) -> Text:
    """A literal as people write it: 5.650 and 06.2024 in Vietnamese, 5,650 and 06.2024 in English."""
    kind = term.datatype.value
    if kind in NUMBERS:
        return {
            lang: format_decimal(term.value, locale=lang, decimal_quantization=False) for lang in ("vi", "en")
        }
    if kind == XSD + "boolean":
        return YES_NO[term.value]
    text = ".".join(reversed(term.value.split("-"))) if kind in DATES else term.value
    return {"vi": text, "en": text}


@cache
def column_order() -> dict[str, int]:
    """Rightmost column in which each property IRI stands in the tables: notes come last."""
    tables = json.loads(SHIPPED_METADATA.read_text("utf-8"))["tables"]
    order: dict[str, int] = {}
    for table in tables:
        for position, column in enumerate(table["tableSchema"]["columns"]):
            name = column.get("propertyUrl", "")
            order[name] = max(position, order.get(name, 0))
    return order


def property_label(store: Store, property: NamedNode) -> Text:
    """Name of a property; the last part of its IRI if it has none."""
    if property == TYPE:
        return KIND
    known = slug(property.value)
    return property_names(store).get((property.value, False), {"vi": known, "en": known})


@lru_cache(maxsize=4)
def property_names(store: Store) -> dict[tuple[str, bool], Text]:
    """Labels by (property IRI, read from the other end?)."""
    names: dict[tuple[str, bool], Text] = {}
    for row in select(store, "pages/properties"):
        iri = row["property"].value
        names[iri, False] = {"vi": row["vi"].value, "en": row["en"].value}
        if "inverseVi" in row and "inverseEn" in row:
            names[iri, True] = {"vi": row["inverseVi"].value, "en": row["inverseEn"].value}
        else:
            names[iri, True] = {lang: f"← {text}" for lang, text in names[iri, False].items()}
    return names
