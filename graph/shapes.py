"""Checks the graph against the SHACL shapes of `ontology/shapes.ttl` and names table, row and column.

pySHACL is imported when it is needed only: it takes longer to import than the tables take to load. It sees
the default graph, where each statement stands once, and of that only the properties that a shape mentions.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, serialize

from graph.namespaces import PREFIXES, curie, rebased
from graph.rules import Places
from graph.tables import Problem, Tables

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

SH = "http://www.w3.org/ns/shacl#"
ALWAYS_SEEN = (PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "subClassOf", PREFIXES["skos"] + "inScheme")


@dataclass(frozen=True)
class Report:
    """What breaks a shape: `violations` stop a release, `warnings` are things to look into."""

    violations: list[Problem]
    warnings: list[Problem]

    def kinds(self) -> list[tuple[str, str, int]]:
        """Warnings as (file, message, count), most frequent first."""
        counted = Counter((problem.file, problem.message) for problem in self.warnings)
        return [(file, message, count) for (file, message), count in counted.most_common()]


def check_shapes(store: Store, shapes: Path, tables: Tables) -> Report:
    """Validates the default graph of a store. Takes some seconds; `shapes` is a Turtle file."""
    from pyshacl import validate
    from rdflib import Graph, URIRef

    rules = Graph().parse(data=rebased(shapes.read_text("utf-8")), format="turtle")
    data = _seen(store, rules)
    logging.getLogger("pyshacl").setLevel(logging.ERROR)
    _, results, _ = validate(data, shacl_graph=rules, inference="none", inplace=True, advanced=False)
    assert isinstance(results, Graph), f"pySHACL gave no report: {results}"
    found: dict[bool, list[Problem]] = {True: [], False: []}
    places = Places(tables)
    for result in results.subjects(URIRef(SH + "resultSeverity")):
        severity = results.value(result, URIRef(SH + "resultSeverity"))
        found[severity == URIRef(SH + "Violation")].append(_problem(results, result, places))
    order = {table.local_name: number for number, (table, _) in enumerate(tables)}
    for problems in found.values():
        problems.sort(
            key=lambda problem: (order.get(problem.file, len(order)), problem.row or 0, str(problem))
        )
    return Report(found[True], found[False])


def _seen(store: Store, rules: Graph) -> Graph:
    """The statements of the default graph with a property that some shape mentions."""
    from rdflib import Graph, URIRef

    mentioned = {str(term) for term in rules.objects() if isinstance(term, URIRef)}
    quads = (
        quad.triple
        for name in sorted(mentioned | set(ALWAYS_SEEN))
        for quad in store.quads_for_pattern(None, NamedNode(name), None, DefaultGraph())
    )
    text = serialize(quads, format=RdfFormat.N_TRIPLES)
    assert text is not None
    return Graph().parse(data=text, format="nt")


def _problem(results: Graph, result: Node, places: Places) -> Problem:
    from rdflib import Literal, URIRef

    focus = str(results.value(result, URIRef(SH + "focusNode")))
    value = results.value(result, URIRef(SH + "value"))
    texts = results.objects(result, URIRef(SH + "resultMessage"))
    message = next((str(text) for text in texts if isinstance(text, Literal) and text.language == "en"), "")
    path = results.value(result, URIRef(SH + "resultPath"))
    columns = list(_properties(results, path)) if path is not None else []
    found = places.problem([focus, str(value or "")], columns, message)
    return found or Problem(curie(focus), None, None, str(value or ""), message)


def _properties(results: Graph, path: Node) -> Iterator[str]:
    """The properties that a SHACL path begins with."""
    from rdflib import RDF, URIRef

    if isinstance(path, URIRef):
        yield str(path)
    elif (alternatives := results.value(path, URIRef(SH + "alternativePath"))) is not None:
        for one in results.items(alternatives):
            yield from _properties(results, one)
    elif (first := results.value(path, RDF.first)) is not None:
        yield from _properties(results, first)
