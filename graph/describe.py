"""What a file about one thing holds: its statements, the names of what they point to, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad, Store

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
    """Every statement with this node as subject, then as object, in every graph that carries it."""
    found = [
        *store.quads_for_pattern(node, None, None, None),
        *store.quads_for_pattern(None, None, node, None),
    ]
    return sorted(settled(found), key=lambda quad: quad.subject != node)


def settled(quads: Iterable[Quad]) -> list[Quad]:
    """The quads in an order, and with names of blank nodes, that follow from what they state.

    The store gives them in the order they were added and names blank nodes anew each time it is filled.
    """
    named: list[Quad] = []
    nameless: list[Quad] = []
    for quad in quads:
        of = nameless if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode) else named
        of.append(quad)
    if nameless:
        dataset = Dataset(nameless)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        nameless = sorted(dataset, key=_place)
    return [*sorted(named, key=_place), *nameless]


def _place(quad: Quad) -> tuple[str, str, str, str]:
    graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
    return graph, str(quad.subject), str(quad.predicate), str(quad.object)


def context(store: Store, node: NamedNode, quads: list[Quad]) -> Iterator[Quad]:
    """Names of everything the statements mention, and the particulars of the sources that carry them."""
    mentioned = {
        term
        for quad in quads
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, NamedNode) and term != node
    }
    for term in sorted(mentioned, key=str):
        wanted = OF_A_SOURCE if term.value.startswith(SOURCE) else (LABEL,)
        for predicate in wanted:
            yield from settled(store.quads_for_pattern(term, predicate, None, DefaultGraph()))


def document(address: str, node: NamedNode, quads: list[Quad], licence: str) -> Iterator[Quad]:
    """What the file at `address` is: about which thing, under which licence, from which sources."""
    file = NamedNode(address)
    sources = {
        quad.graph_name
        for quad in quads
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(SOURCE)
    }
    stated = [
        (TYPE.value, NamedNode(FOAF + "Document")),
        (FOAF + "primaryTopic", node),
        (DCTERMS + "license", NamedNode(licence)),
        (VOID + "inDataset", NamedNode(DATASET)),
        *((DCTERMS + "source", source) for source in sorted(sources, key=str)),
    ]
    return (Quad(file, NamedNode(predicate), value, DefaultGraph()) for predicate, value in stated)
