"""Checks the graph against the SHACL shapes of `ontology/shapes.ttl` and names table, row and column.

pySHACL is imported when it is needed only: it takes longer to import than the tables take to load. It sees
the default graph, where each statement stands once, and of that only the properties that a shape mentions.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
    serialize,
)

from graph.namespaces import PREFIXES, curie, rebased, slug
from graph.rules import Places
from graph.tables import Problem, Tables

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

Subject: TypeAlias = NamedNode | BlankNode | Triple
Object: TypeAlias = Subject | Literal

SH = "http://www.w3.org/ns/shacl#"
VIOLATION = NamedNode(SH + "Violation")
"""What breaking a shape is where it names no severity."""
FIRST = PREFIXES["rdf"] + "first"
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


@dataclass(frozen=True)
class Shape:
    """A rule that records are held to, and what it says of a record that breaks it."""

    iri: str
    targets: tuple[str, ...]
    """The classes it is for, or the properties whose subjects it is for."""
    stops: bool
    """Whether breaking a part of it stops a release; otherwise it is counted as a warning."""
    messages: dict[str, tuple[str, ...]]
    """By language, in both the same order."""
    paths: tuple[str, ...]
    """The property that each message is about, empty where it is about the whole record."""

    @property
    def name(self) -> str:
        """The last part of the IRI."""
        return slug(self.iri)


def shape_quads(path: Path) -> list[Quad]:
    """The statements of a Turtle file of shapes. Raises SyntaxError."""
    return list(parse(rebased(path.read_text("utf-8")), format=RdfFormat.TURTLE))


def list_shapes(quads: Iterable[Quad]) -> tuple[Shape, ...]:
    """The shapes that these statements make, by name."""
    stated: dict[Subject, list[Quad]] = {}
    for quad in quads:
        stated.setdefault(quad.subject, []).append(quad)

    def objects(node: Subject, *names: str) -> list[Object]:
        return [
            quad.object for quad in stated.get(node, ()) if quad.predicate.value.removeprefix(SH) in names
        ]

    def about(node: Subject) -> str:
        steps = [one for one in objects(node, "path") if not isinstance(one, Literal)]
        first = [q.object for one in steps for q in stated.get(one, ()) if q.predicate.value == FIRST]
        return next((one.value for one in (*steps, *first) if isinstance(one, NamedNode)), "")

    def shape(node: NamedNode) -> Shape:
        inner: list[Subject] = [one for one in objects(node, "property") if isinstance(one, BlankNode)]
        said = [
            (text, about(one))
            for one in [node, *inner]
            for text in objects(one, "message")
            if isinstance(text, Literal)
        ]
        parts = inner if inner and not objects(node, "severity") else [node, *inner]
        targets = objects(node, "targetClass", "targetSubjectsOf")
        return Shape(
            node.value,
            tuple(one.value for one in targets if isinstance(one, NamedNode)),
            any(VIOLATION in (objects(one, "severity") or [VIOLATION]) for one in parts),
            {lang: tuple(text.value for text, _ in said if text.language == lang) for lang in ("vi", "en")},
            tuple(term for text, term in said if text.language == "vi"),
        )

    named = [node for node in stated if isinstance(node, NamedNode)]
    return tuple(shape(node) for node in sorted(named, key=lambda node: node.value))


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
