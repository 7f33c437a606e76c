"""Who says so: statements that are asked for by thing, property and value, with the sources of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from pyoxigraph import Literal, NamedNode, Store

from graph.carriers import Carried, Term, statements_about
from graph.catalogue import Source
from graph.facts import term_text
from graph.namespaces import BASE, CODE, ID, PREFIXES, SOURCE, curie, slug
from web import kept, support
from web.source_views import as_dict

NAMESPACES = (ID, SOURCE, CODE)
MOST_THINGS, MOST_VALUES, MOST_SIGNS = 6, 6, 300
"""Things and values of a row that its link names, and the longest value."""


class UnknownTerm(ValueError):
    """A parameter names nothing in the graph. `args`: parameter, value."""


class StatementView(NamedTuple):
    """One statement with everything that carries it."""

    subject: str
    subject_iri: str
    subject_name: str
    property: str
    property_iri: str
    value: str
    value_slug: str | None
    value_term: Term
    lang: str | None
    sources: list[Source]
    computed: bool
    curated: bool


class Group(NamedTuple):
    """Statements that the same sources carry."""

    rows: tuple[StatementView, ...]
    sources: list[Source]
    computed: bool
    curated: bool


class Asked(NamedTuple):
    """A thing that was asked about."""

    slug: str
    name: str
    statements: int


@dataclass(frozen=True)
class StatementsPage:
    """The statements that fit."""

    things: tuple[Asked, ...]
    rows: tuple[StatementView, ...]
    narrowed: bool
    """Whether a property or value was asked for, or how several things are joined."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The statements by what carries them, in the order of the first of each."""
        found: dict[tuple[Any, ...], list[StatementView]] = {}
        for row in self.rows:
            found.setdefault((*row.sources, row.computed, row.curated), []).append(row)
        return tuple(
            Group(tuple(rows), rows[0].sources, rows[0].computed, rows[0].curated) for rows in found.values()
        )


def statements_page(
    things: Iterable[str], properties: Iterable[str], values: Iterable[str]
) -> StatementsPage:
    """Statements about the things; raises UnknownTerm for a thing or property that the graph does not hold.

    With values or several things, only statements whose value is one of the values or one of the things.
    Things, properties and values may be IRIs or prefixed names; a thing may be its id, a value any text.
    """
    store = support.site().corridor.store
    subjects = [_subject(store, thing) for thing in dict.fromkeys(things)]
    wanted = {_property(store, name) for name in properties}
    texts = {form for value in values for form in (value, _expanded(value))}
    targets = texts | {node.value for node in subjects} if texts or len(subjects) > 1 else set()
    about = {subject: statements_about(store, subject) for subject in subjects}
    rows = [
        statement
        for statements in about.values()
        for statement in statements
        if (not wanted or statement.predicate in wanted) and (not targets or statement.value.value in targets)
    ]
    order = kept.facts().order
    rows.sort(key=lambda s: (s.computed, order.get(s.predicate.value, -1), s.predicate.value, s.value.value))
    return StatementsPage(
        things=tuple(
            Asked(slug(subject.value), term_text(store, subject)[support.lang()], len(statements))
            for subject, statements in about.items()
        ),
        rows=tuple(map(_view, rows)),
        narrowed=bool(wanted or targets),
    )


def _subject(store: Store, name: str) -> NamedNode:
    full = _expanded(name)
    for iri in [full] if full.startswith(BASE) else [base + name for base in NAMESPACES]:
        node = _node(iri)
        if node and next(store.quads_for_pattern(node, None, None, None), None):
            return node
    raise UnknownTerm("of", name)


def _property(store: Store, name: str) -> NamedNode:
    full = _expanded(name)
    node = _node(full if ":" in full else PREFIXES["vx"] + name)
    if node is None or next(store.quads_for_pattern(None, node, None, None), None) is None:
        raise UnknownTerm("p", name)
    return node


def _expanded(name: str) -> str:
    """`vx:areaHa` written out; anything else as it is."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES and local else name


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _view(statement: Carried) -> StatementView:
    site, language = support.site(), support.lang()
    store, value = site.corridor.store, statement.value
    linked = isinstance(value, NamedNode) and value.value.startswith((ID, SOURCE))
    return StatementView(
        subject=slug(statement.subject.value),
        subject_iri=statement.subject.value,
        subject_name=term_text(store, statement.subject)[language],
        property=kept.facts().label(statement.predicate)[language],
        property_iri=statement.predicate.value,
        value=kept.facts().text(statement.predicate, value)[language],
        value_slug=slug(value.value) if linked else None,
        value_term=value,
        lang=value.language if isinstance(value, Literal) and value.language != language else None,
        sources=site.catalogue.best(statement.sources),
        computed=statement.computed,
        curated=statement.curated,
    )


def statements_json(page: StatementsPage) -> dict[str, Any]:
    """The statements for programs."""
    return {
        "statements": [
            {
                "subject": row.subject_iri,
                "property": row.property_iri,
                "value": _value(row.value_term),
                "computed": row.computed, "curated": row.curated,
                "sources": list(map(as_dict, row.sources)),
            }
            for row in page.rows
        ],
        "total": len(page.rows),
    }  # fmt: skip


def _value(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    found = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return found | ({"xml:lang": term.language} if term.language else {})


def row_address(cells: Iterable[dict[str, str] | None]) -> str | None:
    """Address of "who says so" for a row of query results (SPARQL JSON terms); None if it names no thing."""
    names = kept.facts().names
    things: dict[str, None] = {}
    properties: dict[str, None] = {}
    values: dict[str, None] = {}
    for cell in cells:
        if not cell:
            continue
        text = cell["value"]
        if cell["type"] != "uri":
            if len(text) <= MOST_SIGNS:
                values[text] = None
        elif text.startswith(ID) and support.slug_like(text.removeprefix(ID)):
            things[text.removeprefix(ID)] = None
        elif (text, False) in names:
            properties[curie(text)] = None
    if not things:
        return None
    return url_for(
        "provenance.statements",
        of=list(things)[:MOST_THINGS],
        p=list(properties),
        o=list(values)[:MOST_VALUES],
    )
