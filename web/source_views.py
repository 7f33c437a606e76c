"""What the list of sources and the page of one source show, as typed objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from babel import Locale, UnknownLocaleError
from flask import url_for
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.carriers import Carried, Count, statements_of
from graph.catalogue import Source
from graph.facts import term_text
from graph.model import Text
from graph.namespaces import CODE, ID, PREFIXES, SOURCE, curie, slug
from graph.query import shipped
from graph.search import fold
from web import kept, support

THINGS_PER_PAGE = 40
PAGE_SIZE = 100
SORTS = ("statements", "alone", "published", "grade", "publisher", "title")
DEFINITION = NamedNode(PREFIXES["skos"] + "definition")


class Said(NamedTuple):
    """One statement of a source: property, value, and whether no other source carries it."""

    property: str
    value: str
    slug: str | None
    """The thing that is the value, if it is one."""
    lang: str | None
    """Language of a text that is not that of the page."""
    alone: bool
    address: str
    """Where all its sources are listed."""


class Mention(NamedTuple):
    """A thing a source speaks about, and what it says."""

    slug: str
    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class SourcePage:
    """Everything on the page of one source."""

    source: Source
    iri: str
    kind: Text
    grade: Text
    grade_meaning: Text
    language: str
    link: str | None
    statements: int
    alone: int
    """Statements that no other source carries."""
    mentions: tuple[Mention, ...]
    """Those on this page of the list."""
    things: int
    number: int
    pages: int


class SourceRow(NamedTuple):
    """One source in the list."""

    source: Source
    kind: Text
    statements: int
    alone: int


@dataclass(frozen=True)
class Tally:
    """A value to filter by and how many it would give."""

    value: str
    label: Text
    count: int
    chosen: bool


@dataclass(frozen=True)
class SourcesPage:
    """The list of sources under some filters."""

    rows: tuple[SourceRow, ...]
    total: int
    all: int
    grades: tuple[Tally, ...]
    kinds: tuple[Tally, ...]
    meanings: tuple[tuple[str, Text], ...]
    text: str
    sort: str
    number: int
    pages: int
    statements: int
    """Sum over the sources that pass: a statement counts once per source."""
    alone: int
    query: str


@dataclass(frozen=True)
class SourceFilters:
    """What is asked of the list of sources."""

    grades: tuple[str, ...]
    kinds: tuple[str, ...]
    text: str
    sort: str
    number: int


def code_name(scheme: str, value: str) -> Text:
    """Label of a code of a closed list, such as ("source-kind", "news")."""
    return term_text(support.site().corridor.store, NamedNode(f"{CODE}{scheme}-{value}"))


def _definition(store: Store, scheme: str, value: str) -> Text:
    quads = store.quads_for_pattern(NamedNode(f"{CODE}{scheme}-{value}"), DEFINITION, None, DefaultGraph())
    texts = {q.object.language: q.object.value for q in quads if isinstance(q.object, Literal)}
    return {"vi": texts.get("vi", ""), "en": texts.get("en", "")}


def source_page(source: Source, number: int = 1) -> SourcePage:
    """The page of one source; `number` is the page of its statements, from 1."""
    store = support.site().corridor.store
    said = statements_of(store, source.slug)
    count = kept.counts().get(source.slug, Count(0, 0))
    pages = max(1, -(-len(said) // THINGS_PER_PAGE))
    start = (min(number, pages) - 1) * THINGS_PER_PAGE
    return SourcePage(
        source=source,
        iri=SOURCE + source.slug,
        kind=code_name("source-kind", source.kind),
        grade=code_name("source-grade", source.grade),
        grade_meaning=_definition(store, "source-grade", source.grade),
        language=_language_name(source.language),
        link=source.url if source.url.startswith(("http://", "https://")) else None,
        statements=count.statements,
        alone=count.alone,
        mentions=tuple(
            _mention(store, subject, statements)
            for subject, statements in list(said.items())[start : start + THINGS_PER_PAGE]
        ),
        things=len(said),
        number=min(number, pages),
        pages=pages,
    )


def _mention(store: Store, subject: NamedNode, statements: list[Carried]) -> Mention:
    language, order = support.lang(), kept.facts().order
    statements = sorted(statements, key=lambda s: (order.get(s.predicate.value, -1), s.predicate.value))
    return Mention(
        slug(subject.value),
        term_text(store, subject)[language],
        tuple(_said(statement) for statement in statements),
    )


def _said(statement: Carried) -> Said:
    language, value = support.lang(), statement.value
    linked = isinstance(value, NamedNode) and value.value.startswith(ID)
    return Said(
        property=kept.facts().label(statement.predicate)[language],
        value=kept.facts().text(statement.predicate, value)[language],
        slug=slug(value.value) if linked else None,
        lang=value.language if isinstance(value, Literal) and value.language != language else None,
        alone=len(statement.sources) == 1,
        address=url_for(
            "provenance.statements", of=slug(statement.subject.value),
            p=curie(statement.predicate.value), o=value.value,
        ),
    )  # fmt: skip


def as_dict(source: Source) -> dict[str, str]:
    """A source for programs: what a reader needs to judge and open the document."""
    return {
        "id": source.slug, "title": source.title, "publisher": source.publisher,
        "published": source.published, "url": source.url, "grade": source.grade, "kind": source.kind,
    }  # fmt: skip


def sources_json(filters: SourceFilters) -> dict[str, Any]:
    """All sources that pass, for programs, not split into pages."""
    rows = _rows(filters)
    return {
        "sources": [as_dict(row.source) | {"statements": row.statements, "alone": row.alone} for row in rows],
        "total": len(rows),
    }


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code).get_language_name(support.lang()) or code
    except (UnknownLocaleError, ValueError):
        return code


def sources_page(filters: SourceFilters) -> SourcesPage:
    """The sources that pass, sorted; `filters` holds allowed values only."""
    site = support.site()
    rows = _rows(filters)
    start = (filters.number - 1) * PAGE_SIZE
    found = [source for source in site.catalogue.values() if _has_words(source, filters.text)]
    by_kind = [s for s in found if _is_in(s.kind, filters.kinds)]
    by_grade = [s for s in found if _is_in(s.grade, filters.grades)]
    grades = sorted({source.grade for source in site.catalogue.values()})
    return SourcesPage(
        rows=tuple(rows[start : start + PAGE_SIZE]),
        total=len(rows),
        all=len(site.catalogue),
        grades=tallies("source-grade", grades, [s.grade for s in by_kind], filters.grades),
        kinds=tallies("source-kind", source_kinds(), [s.kind for s in by_grade], filters.kinds),
        meanings=tuple((grade, _definition(site.corridor.store, "source-grade", grade)) for grade in grades),
        text=filters.text,
        sort=filters.sort,
        number=filters.number,
        pages=max(1, -(-len(rows) // PAGE_SIZE)),
        statements=sum(row.statements for row in rows),
        alone=sum(row.alone for row in rows),
        query=shipped("pages/statement-counts").text,
    )


def _rows(filters: SourceFilters) -> list[SourceRow]:
    site = support.site()
    count = kept.counts()
    rows = [
        SourceRow(
            source, code_name("source-kind", source.kind), *astuple(count.get(source.slug, Count(0, 0)))
        )
        for source in site.catalogue.values()
        if _has_words(source, filters.text)
        and _is_in(source.grade, filters.grades)
        and _is_in(source.kind, filters.kinds)
    ]
    rows.sort(key=lambda row: fold(row.source.title))
    if filters.sort in ("statements", "alone"):
        rows.sort(key=lambda row: -getattr(row, filters.sort))
    elif filters.sort == "published":
        rows.sort(key=lambda row: row.source.published, reverse=True)
    elif filters.sort != "title":
        rows.sort(key=lambda row: fold(getattr(row.source, filters.sort)) or "~")
    return rows


def source_kinds() -> tuple[str, ...]:
    """The kinds of source in use."""
    return tuple(sorted({source.kind for source in support.site().catalogue.values()}))


def tallies(
    scheme: str, values: Iterable[str], among: list[str], chosen: tuple[str, ...]
) -> tuple[Tally, ...]:
    """The values of a closed list with how often each stands in `among`."""
    return tuple(Tally(v, code_name(scheme, v), among.count(v), v in chosen) for v in values)


def _is_in(value: str, chosen: tuple[str, ...]) -> bool:
    return not chosen or value in chosen


def _has_words(source: Source, text: str) -> bool:
    words = fold(f"{source.title} {source.publisher} {source.slug}")
    return all(word in words for word in fold(text).split())


def allowed_grades() -> Iterable[str]:
    """The grades in use."""
    return sorted({source.grade for source in support.site().catalogue.values()})
