"""The SPARQL 1.1 Service Description of the endpoint, as triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.card_rdf import DATASET, DCAT, VOID
from graph.namespaces import PREFIXES

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
SIMPLE = "http://www.w3.org/ns/entailment/Simple"
RESULT_FORMATS = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples JSON-LD RDF_XML TriG N-Quads"
).split()
REMARK = "Every accepted statement once. The named graph of a source holds what that source states."


def description(address: str, graphs: Iterable[str]) -> Iterator[Triple]:
    """The endpoint at `address` with the IRIs of its named graphs.

    Of the features the standard names it has one: the default graph is the union of the named graphs. It
    contacts no other endpoint, fetches no graph and has no empty ones.
    """
    service, dataset, default = NamedNode(address), BlankNode("dataset"), BlankNode("default")
    kind, sd = NamedNode(PREFIXES["rdf"] + "type"), lambda name: NamedNode(SD + name)
    yield Triple(service, kind, sd("Service"))
    yield Triple(service, sd("endpoint"), service)
    yield Triple(service, NamedNode(DCAT + "servesDataset"), NamedNode(DATASET))
    yield Triple(NamedNode(DATASET), NamedNode(VOID + "sparqlEndpoint"), service)
    card = NamedNode(urljoin(address, "/.well-known/void"))
    yield Triple(service, NamedNode(PREFIXES["rdfs"] + "seeAlso"), card)
    yield Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
    yield Triple(service, sd("feature"), sd("UnionDefaultGraph"))
    yield Triple(service, sd("defaultEntailmentRegime"), NamedNode(SIMPLE))
    for name in RESULT_FORMATS:
        yield Triple(service, sd("resultFormat"), NamedNode(FORMATS + name))
    yield Triple(service, sd("defaultDataset"), dataset)
    yield Triple(dataset, kind, sd("Dataset"))
    yield Triple(dataset, sd("defaultGraph"), default)
    yield Triple(default, kind, sd("Graph"))
    yield Triple(default, NamedNode(PREFIXES["rdfs"] + "comment"), Literal(REMARK, language="en"))
    for number, graph in enumerate(graphs):
        node = BlankNode(f"graph{number}")
        yield Triple(dataset, sd("namedGraph"), node)
        yield Triple(node, kind, sd("NamedGraph"))
        yield Triple(node, sd("name"), NamedNode(graph))
