"""What the graph states about one thing, value by value, each with the sources that carry it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from babel.numbers import format_decimal
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.columns import read_columns
from graph.model import Text
from graph.namespaces import BASE, COMPUTED, CURATED, ID, LABEL, PREFIXES, SOURCE, TITLE, TYPE, VX, XSD, slug
from graph.query import select
from graph.store import Corridor, metadata_of

NUMBERS = (XSD + "decimal", XSD + "integer")
DATES = (XSD + "date", XSD + "gYearMonth", XSD + "gYear")
YES_NO = {"true": {"vi": "có", "en": "yes"}, "false": {"vi": "không", "en": "no"}}
KIND = {"vi": "Lớp", "en": "Class"}
PERIOD = re.compile(r"\d{4}(-\d\d){0,2}/\d{4}(-\d\d){0,2}")
PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?")
YEAR_NUMBER = re.compile(r"(19|20)\d\d")
PUBLISHED = VX + "variantValue"
"""Property whose values are text, as published, but often a mere number."""
MONTHS = PREFIXES["sdmx-dimension"] + "refPeriod"
HEADINGS = (LABEL.value, PREFIXES["skos"] + "prefLabel", TYPE.value)
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


@dataclass(frozen=True)
class Facts:
    """What the graph of one corridor states about each thing, in the words of its readers."""

    store: Store
    names: dict[tuple[str, bool], Text]
    """Labels by (property IRI, read from the other end?)."""
    order: dict[str, int]
    """Place of each property IRI: that of its column in the tables."""
    named: dict[tuple[str, str], Text]
    """Names of the codes that a property holds as text, by (property IRI, code)."""

    @classmethod
    def load(cls, corridor: Corridor) -> Facts:
        """Read the names from the store and the order from the metadata that describe its tables."""
        store = corridor.store
        named = {
            (row["property"].value, row["value"].value): {"vi": row["vi"].value, "en": row["en"].value}
            for row in select(store, "pages/named-values")
        }
        return cls(store, _property_names(store), read_columns(metadata_of(corridor.data)).order, named)

    def about(self, thing: str, lang: str | None = None) -> tuple[Fact, ...]:
        """What is stated with this thing as subject, in the order of the tables' columns.

        With `lang`, a text in the other language is left out where the same property has one in `lang`.
        A statement whose value is the thing itself (a product covers itself) is left out here and in
        `incoming`.
        """
        rows = select(self.store, "pages/facts", thing=NamedNode(ID + thing))
        return self._facts(rows, inverse=False, lang=lang)

    def incoming(self, thing: str) -> tuple[Fact, ...]:
        """What points to this thing, named from its end ("Operates" for "Operated by")."""
        rows = select(self.store, "pages/incoming", thing=NamedNode(ID + thing))
        return self._facts(rows, inverse=True)

    def label(self, property: NamedNode) -> Text:
        """How a property is called; its short name where the vocabulary does not name it."""
        if property == TYPE:
            return KIND
        known = slug(property.value)
        return self.names.get((property.value, False), {"vi": known, "en": known})

    def text(self, property: NamedNode, term: NamedNode | Literal) -> Text:
        """A value of a property as people read it."""
        if isinstance(term, Literal):
            return self.named.get((property.value, term.value)) or literal_text(term, property.value)
        return term_text(self.store, term)

    def rank(self, property: str) -> int:
        """Sorting key of a property IRI; one that no column holds comes last."""
        return self.order.get(property, len(self.order))

    def _facts(
        self, rows: Iterable[dict[str, Any]], inverse: bool, lang: str | None = None
    ) -> tuple[Fact, ...]:
        found: dict[str, dict[Any, Value]] = {}
        for row in rows:
            name = row["property"].value
            if name in HEADINGS or (inverse and not row["value"].value.startswith(BASE)):
                continue
            values = found.setdefault(name, {})
            graph = row["graph"].value if "graph" in row else None
            value = values.get(row["value"]) or self._value(row)
            if graph in COMPUTED:
                value = replace(value, computed=True)
            elif graph == CURATED:
                value = replace(value, curated=True)
            elif graph and graph.startswith(SOURCE):
                value = replace(value, sources=(*value.sources, slug(graph)))
            values[row["value"]] = value
        return tuple(
            Fact(
                slug(name),
                self.names.get((name, inverse), {"vi": slug(name), "en": slug(name)}),
                _merged(_in_language(found[name], lang)),
            )
            for name in sorted(found, key=lambda name: (self.rank(name), name))
        )

    def _value(self, row: dict[str, Any]) -> Value:
        term = row["value"]
        if isinstance(term, Literal):
            return Value(self.text(row["property"], term), None, (), False, lang=term.language)
        if not term.value.startswith(BASE):
            return Value({"vi": term.value, "en": term.value}, None, (), False, term.value)
        names = {lang: row[lang].value for lang in ("vi", "en") if lang in row}
        fallback = next(iter(names.values()), row["title"].value if "title" in row else slug(term.value))
        linked = slug(term.value) if term.value.startswith((ID, SOURCE)) else None
        return Value({"vi": names.get("vi", fallback), "en": names.get("en", fallback)}, linked, (), False)


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
    return tuple(
        sorted(values.values(), key=lambda value: (value.text["vi"], value.slug or "", value.lang or ""))
    )


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


def literal_text(term: Literal, property: str = "") -> Text:
    """A literal as people write it: 5.650 and 06.2024 in Vietnamese, 5,650 and 06.2024 in English.

    The property decides how text is read that stands for a period or a published number.
    """
    kind, text = term.datatype.value, term.value
    if kind in NUMBERS:
        return number_text(text)
    if kind == XSD + "boolean":
        return YES_NO[text]
    if kind in DATES or property == MONTHS or PERIOD.fullmatch(text):
        text = "–".join(".".join(reversed(end.split("-"))) for end in text.split("/"))
    elif property == PUBLISHED:
        return published_text(text)
    return {"vi": text, "en": text}


def published_text(text: str) -> Text:
    """A plain number as each language writes it; a year and words as they are."""
    if PLAIN_NUMBER.fullmatch(text) and not YEAR_NUMBER.fullmatch(text):
        return number_text(text)
    return {"vi": text, "en": text}


def number_text(digits: str) -> Text:
    """A decimal number with all its digits."""
    return {lang: format_decimal(digits, locale=lang, decimal_quantization=False) for lang in ("vi", "en")}


def _property_names(store: Store) -> dict[tuple[str, bool], Text]:
    names: dict[tuple[str, bool], Text] = {}
    for row in select(store, "pages/properties"):
        iri = row["property"].value
        names[iri, False] = {"vi": row["vi"].value, "en": row["en"].value}
        if "inverseVi" in row and "inverseEn" in row:
            names[iri, True] = {"vi": row["inverseVi"].value, "en": row["inverseEn"].value}
        else:
            names[iri, True] = {lang: f"← {text}" for lang, text in names[iri, False].items()}
    return names
