"""What the pages of sources and claims show, as typed objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.catalogue import Source
from graph.model import Text
from graph.namespaces import CODE, PREFIXES, SOURCE, slug
from graph.query import select
from graph.search import fold
from web import support
from web.thing_views import name_of, texts_of

MOST_THINGS = 100
PAGE_SIZE = 100
SORTS = ("statements", "published", "grade", "publisher", "title")
CHECKS = ("contradicted", "supported", "unverified")
DEFINITION = NamedNode(PREFIXES["skos"] + "definition")


class Mention(NamedTuple):
    """A thing a source speaks about."""

    slug: str
    name: Text
    statements: int


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
    things: int


class SourceRow(NamedTuple):
    """One source in the list."""

    source: Source
    kind: Text
    statements: int


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


@dataclass(frozen=True)
class SourceFilters:
    """What is asked of the list of sources."""

    grades: tuple[str, ...]
    kinds: tuple[str, ...]
    text: str
    sort: str
    number: int


class ClaimRow(NamedTuple):
    """One claim, how it compares with the records, and the records it was compared with."""

    slug: str
    name: Text
    subject: str | None
    check: str
    speakers: tuple[str, ...]
    speaker_text: str
    evidence: tuple[tuple[str, str], ...]
    """Slug and place of each thing the claim was compared with."""
    plants: int
    """Plants among them."""
    inside: int
    """Of these plants, the ones in the four localities."""
    note: str
    sources: list[Source]


@dataclass(frozen=True)
class ClaimsPage:
    """The list of claims."""

    rows: tuple[ClaimRow, ...]
    checks: tuple[Tally, ...]
    total: int


def code_name(scheme: str, value: str) -> Text:
    """Label of a code of a closed list, such as ("source-kind", "news")."""
    return name_of(support.site().corridor.store, f"{CODE}{scheme}-{value}", value)


def _definition(store: Store, scheme: str, value: str) -> Text:
    texts = texts_of(store, f"{CODE}{scheme}-{value}", DEFINITION)
    return {"vi": texts.get("vi", ""), "en": texts.get("en", "")}


def source_page(source: Source) -> SourcePage:
    """The page of one source."""
    store = support.site().corridor.store
    graph = NamedNode(SOURCE + source.slug)
    rows = select(store, "pages/source-things", source=graph)
    return SourcePage(
        source=source,
        iri=graph.value,
        kind=code_name("source-kind", source.kind),
        grade=code_name("source-grade", source.grade),
        grade_meaning=_definition(store, "source-grade", source.grade),
        language=_language_name(source.language),
        link=source.url if source.url.startswith(("http://", "https://")) else None,
        statements=sum(int(row["statements"].value) for row in rows),
        alone=_alone(store, graph),
        mentions=tuple(_mention(row) for row in rows[:MOST_THINGS]),
        things=len(rows),
    )


def _mention(row: dict) -> Mention:
    thing = slug(row["thing"].value)
    names = {lang: row[lang].value for lang in ("vi", "en") if lang in row}
    known = next(iter(names.values()), thing)
    name = {"vi": names.get("vi", known), "en": names.get("en", known)}
    return Mention(thing, name, int(row["statements"].value))


def _alone(store: Store, graph: NamedNode) -> int:
    """Statements in this graph and in no other named graph."""
    return sum(
        all(
            other.graph_name in (graph, DefaultGraph())
            for other in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        )
        for quad in store.quads_for_pattern(None, None, None, graph)
    )


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code).get_language_name(support.lang()) or code
    except (UnknownLocaleError, ValueError):
        return code


def sources_page(filters: SourceFilters) -> SourcesPage:
    """The sources that pass, sorted; `filters` holds allowed values only."""
    site = support.site()
    counted = select(site.corridor.store, "pages/statement-counts")
    statements = {row["source"].value.removeprefix(SOURCE): int(row["statements"].value) for row in counted}
    found = [source for source in site.catalogue.values() if _has_words(source, filters.text)]
    passing = [s for s in found if _is_in(s.grade, filters.grades) and _is_in(s.kind, filters.kinds)]
    rows = [SourceRow(s, code_name("source-kind", s.kind), statements.get(s.slug, 0)) for s in passing]
    rows.sort(key=lambda row: fold(row.source.title))
    if filters.sort == "statements":
        rows.sort(key=lambda row: -row.statements)
    elif filters.sort == "published":
        rows.sort(key=lambda row: row.source.published, reverse=True)
    elif filters.sort != "title":
        rows.sort(key=lambda row: fold(getattr(row.source, filters.sort)) or "~")
    start = (filters.number - 1) * PAGE_SIZE
    by_kind = [s for s in found if _is_in(s.kind, filters.kinds)]
    by_grade = [s for s in found if _is_in(s.grade, filters.grades)]
    grades = sorted({source.grade for source in site.catalogue.values()})
    return SourcesPage(
        rows=tuple(rows[start : start + PAGE_SIZE]),
        total=len(rows),
        all=len(site.catalogue),
        grades=_tallies("source-grade", grades, [s.grade for s in by_kind], filters.grades),
        kinds=_tallies("source-kind", source_kinds(), [s.kind for s in by_grade], filters.kinds),
        meanings=tuple((grade, _definition(site.corridor.store, "source-grade", grade)) for grade in grades),
        text=filters.text,
        sort=filters.sort,
        number=filters.number,
        pages=max(1, -(-len(rows) // PAGE_SIZE)),
    )


def source_kinds() -> tuple[str, ...]:
    """The kinds of source in use."""
    return tuple(sorted({source.kind for source in support.site().catalogue.values()}))


def _tallies(
    scheme: str, values: Iterable[str], among: list[str], chosen: tuple[str, ...]
) -> tuple[Tally, ...]:
    return tuple(Tally(v, code_name(scheme, v), among.count(v), v in chosen) for v in values)


def _is_in(value: str, chosen: tuple[str, ...]) -> bool:
    return not chosen or value in chosen


def _has_words(source: Source, text: str) -> bool:
    words = fold(f"{source.title} {source.publisher} {source.slug}")
    return all(word in words for word in fold(text).split())


def claims_page(chosen: tuple[str, ...]) -> ClaimsPage:
    """Claims with the given results of the check (all if none), contradicted first, most evidence first."""
    site = support.site()
    rows = [_claim(row) for row in select(site.corridor.store, "pages/claims")]
    rows.sort(key=lambda row: (CHECKS.index(row.check), -len(row.evidence), row.slug))
    checks = [row.check for row in rows]
    return ClaimsPage(
        rows=tuple(row for row in rows if _is_in(row.check, chosen)),
        checks=_tallies("claim-check", CHECKS, checks, chosen),
        total=len(rows),
    )


def _claim(row: dict) -> ClaimRow:
    site = support.site()
    claim = slug(row["claim"].value)
    nodes = site.network.nodes
    evidence = _slugs(row.get("evidence"))
    plants = [thing for thing in evidence if thing in nodes and nodes[thing]["kind"] == "facility"]
    return ClaimRow(
        slug=claim,
        name=nodes[claim]["label"],
        subject=slug(row["subject"].value) if "subject" in row else None,
        check=row["check"].value,
        speakers=_slugs(row.get("speakers")),
        speaker_text=row["statedByText"].value if "statedByText" in row else "",
        evidence=tuple((thing, _place(thing)) for thing in evidence),
        plants=len(plants),
        inside=sum(nodes[plant]["inside"] for plant in plants),
        note=row["note"].value if "note" in row else "",
        sources=site.catalogue.best(nodes[claim]["sources"]),
    )


def _slugs(iris: Literal | None) -> tuple[str, ...]:
    return tuple(sorted(slug(iri) for iri in iris.value.split())) if iris else ()


def _place(thing: str) -> str:
    nodes = support.site().network.nodes
    locality = nodes[thing].get("locality_stated") if thing in nodes else None
    return support.label(locality) if locality else ""


def allowed_grades() -> Iterable[str]:
    """The grades in use."""
    return sorted({source.grade for source in support.site().catalogue.values()})
