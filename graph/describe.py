"""What a file about one thing holds: its statements, the names of what they point to, and who says so."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph.card_rdf import DATASET, VOID
from graph.namespaces import LABEL, PREFIXES, SOURCE, TYPE

DCTERMS, FOAF = PREFIXES["dcterms"], PREFIXES["foaf"]
OF_A_SOURCE = tuple(
    NamedNode(iri)
    for iri in (
        DCTERMS + "title",
        PREFIXES["dc"] + "publisher",
        DCTERMS + "issued",
        PREFIXES["schema"] + "url",
        PREFIXES["vx"] + "grade",
    )
)
"""What a reader needs to judge a source that stands behind a statement."""


def about(store: Store, node: NamedNode) -> list[Quad]:
    """Every statement with this node as subject or object, in every graph that carries it."""
    return [
        *store.quads_for_pattern(node, None, None, None),
        *store.quads_for_pattern(None, None, node, None),
    ]


def context(store: Store, node: NamedNode, quads: list[Quad]) -> Iterator[Quad]:
    """Names of everything the statements mention, and the particulars of the sources that carry them."""
    mentioned = dict.fromkeys(
        term
        for quad in quads
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, NamedNode) and term != node
    )
    for term in mentioned:
        wanted = OF_A_SOURCE if term.value.startswith(SOURCE) else (LABEL,)
        for predicate in wanted:
            yield from store.quads_for_pattern(term, predicate, None, DefaultGraph())


def document(address: str, node: NamedNode, quads: list[Quad], licence: str) -> Iterator[Quad]:
    """What the file at `address` is: about which thing, under which licence, from which sources."""
    file = NamedNode(address)
    sources = dict.fromkeys(
        quad.graph_name
        for quad in quads
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(SOURCE)
    )
    stated = [
        (TYPE.value, NamedNode(FOAF + "Document")),
        (FOAF + "primaryTopic", node),
        (DCTERMS + "license", NamedNode(licence)),
        (VOID + "inDataset", NamedNode(DATASET)),
        *((DCTERMS + "source", source) for source in sources),
    ]
    return (Quad(file, NamedNode(predicate), value, DefaultGraph()) for predicate, value in stated)
