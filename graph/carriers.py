"""Who says so: statements with the sources that carry them, and how many statements rest on each source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.namespaces import CATALOGUE, COMPUTED, CURATED, SOURCE, slug, source_slugs
from graph.query import select

Term = NamedNode | Literal


@dataclass(frozen=True)
class Carried:
    """One statement and what carries it. No source and none of the marks would mean: nobody says so."""

    subject: NamedNode
    predicate: NamedNode
    value: Term
    sources: tuple[str, ...]
    computed: bool
    curated: bool
    """Our own judgement, or what we record about a source."""

    @property
    def traceable(self) -> bool:
        """Whether a source, our own graphs or a computation stands behind it."""
        return bool(self.sources) or self.computed or self.curated


def carried(store: Store, quads: Iterable[Quad]) -> Iterator[Carried]:
    """Each statement of these quads once, with everything that carries it, in order of their terms."""
    for triple in sorted({quad.triple for quad in quads}, key=str):
        if not (isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)):
            continue
        graphs = {
            quad.graph_name.value
            for quad in store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            if isinstance(quad.graph_name, NamedNode)
        }
        yield Carried(
            triple.subject,
            triple.predicate,
            triple.object,
            source_slugs(" ".join(graphs)),
            bool(graphs & set(COMPUTED)),
            bool(graphs & {CURATED, CATALOGUE}),
        )


def statements_about(store: Store, subject: NamedNode, property: NamedNode | None = None) -> list[Carried]:
    """What the default graph states with this subject."""
    return list(carried(store, store.quads_for_pattern(subject, property, None, DefaultGraph())))


def statements_of(store: Store, source: str) -> dict[NamedNode, list[Carried]]:
    """The statements a source carries, by thing, the thing with most of them first."""
    found: dict[NamedNode, list[Carried]] = {}
    for statement in carried(store, store.quads_for_pattern(None, None, None, NamedNode(SOURCE + source))):
        found.setdefault(statement.subject, []).append(statement)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0].value)))


@dataclass(frozen=True)
class Count:
    """How many statements a source carries, and how many no other source carries."""

    statements: int
    alone: int


def counts(store: Store) -> dict[str, Count]:
    """Counts by source slug; a source that carries nothing is left out."""
    return {
        slug(row["source"].value): Count(int(row["statements"].value), int(row["alone"].value))
        for row in select(store, "pages/statement-counts")
    }
