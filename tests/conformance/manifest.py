"""Reads the tests of a suite: folders that each hold a `manifest.ttl`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from rdflib import RDF, RDFS, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ROOT = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
"""Address of the published suite: the base of its relative IRIs, wherever the copy lies."""


@dataclass(frozen=True)
class Data:
    """The dataset of a test: IRIs of files, and names of graphs with the files they hold."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Exchange:
    """A request of a protocol test and what the answer must be."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: tuple[str, ...]
    """First digits that the status may have."""
    boolean: bool | None
    format: str
    """`boolean`, `tabular`, `RDF`, or empty if none is required."""


@dataclass(frozen=True)
class Test:
    """An entry of a manifest. The first two characters of a folder's tests are of no meaning."""

    __test__ = False

    folder: str
    id: str
    name: str
    kind: str
    """Local name of its class, such as `QueryEvaluationTest`."""
    data: Data = Data()
    query: str = ""
    """IRI of the query's file."""
    result: str = ""
    """IRI of the file with the result."""
    exchanges: tuple[Exchange, ...] = ()
    beyond: str = ""
    """What the test needs that this kind of run has not; empty for most."""


class Suite:
    """The tests below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """All tests, by folder and in the order of each manifest."""
        return tuple(test for path in sorted(self.folder.glob("*/manifest.ttl")) for test in _read(path))

    def path(self, iri: str) -> Path:
        """Where the copy of a file of the suite lies."""
        return self.folder / unquote(iri.removeprefix(ROOT))


def _read(path: Path) -> Iterator[Test]:
    folder = path.parent.name
    graph = Graph().parse(path, format="turtle", publicID=f"{ROOT}{folder}/manifest.ttl")
    for entries in graph.objects(None, MF.entries):
        for entry in Collection(graph, entries):
            action = graph.value(entry, MF.action)
            query = graph.value(action, QT.query) or action
            yield Test(
                folder=folder,
                id=str(entry).rpartition("#")[2],
                name=str(graph.value(entry, MF.name)),
                kind=str(graph.value(entry, RDF.type)).rpartition("#")[2],
                data=Data(
                    tuple(sorted(str(file) for file in graph.objects(action, QT.data))),
                    tuple(sorted(_graphs(graph, entry, action))),
                ),
                query=str(query or ""),
                result=str(graph.value(entry, MF.result) or ""),
                exchanges=tuple(_exchanges(graph, action)),
                beyond=_beyond(graph, action),
            )


def _beyond(graph: Graph, action: Node | None) -> str:
    if graph.value(action, SD.entailmentRegime) or graph.value(action, SD.EntailmentProfile):
        return "needs an entailment regime"
    return "needs another endpoint (SERVICE)" if graph.value(action, QT.serviceData) else ""


def _graphs(graph: Graph, entry: Node, action: Node | None) -> Iterator[tuple[str, str]]:
    for node in graph.objects(action, QT.graphData):
        file = graph.value(node, QT.graph) or node
        yield str(graph.value(node, RDFS.label) or file), str(file)
    for node in graph.objects(entry, UT.graphData):
        yield str(graph.value(node, RDFS.label)), str(graph.value(node, UT.graph))


def _exchanges(graph: Graph, action: Node | None) -> Iterator[Exchange]:
    requests = graph.value(action, HT.requests)
    for node in Collection(graph, requests) if requests else ():
        body, answer = graph.value(node, HT.body), graph.value(node, HT.resp)
        headers = graph.value(node, HT.headers)
        truth = graph.value(answer, MF.expectedBoolean)
        yield Exchange(
            method=str(graph.value(node, HT.methodName)),
            path=str(graph.value(node, HT.absolutePath)),
            headers=tuple(
                (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
                for header in (Collection(graph, headers) if headers else ())
            ),
            body=str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))
            if body
            else None,
            statuses=tuple(str(code)[-3] for code in graph.objects(answer, MF.expectedStatus)),
            boolean=None if truth is None else bool(truth.toPython()),  # type: ignore[attr-defined]
            format=str(graph.value(answer, MF.expectedFormat) or ""),
        )
