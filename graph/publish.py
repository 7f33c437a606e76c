"""Writes findings back into the graph as RDF, so that SPARQL can join them with everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from graph.findings import find_gaps
from graph.model import Finding, Text
from graph.namespaces import CODE, FINDINGS, ID, PREFIXES, SOURCE, VX
from graph.projection import Network, project
from graph.store import Corridor

Term = NamedNode | Literal
LABEL = PREFIXES["rdfs"] + "label"
TYPE = PREFIXES["rdf"] + "type"
GENERATED_BY = PREFIXES["prov"] + "wasGeneratedBy"
XSD = PREFIXES["xsd"]
ASKED = {
    "made_by": VX + "makes",
    "supplied_by": VX + "suppliesTo",
    "supplies_to": VX + "suppliesTo",
    **{kind: f"{CODE}infrastructure-kind-{kind}" for kind in ("expressway", "seaport", "airport")},
}
"""What an object names that is no thing: the property a data gap asks about, a kind of infrastructure."""


def analyse(corridor: Corridor, as_of: str | None = None) -> tuple[Corridor, Network, tuple[Finding, ...]]:
    """Project, find the gaps and publish them: the corridor with findings, its network, the findings."""
    network = project(corridor, as_of)
    findings = find_gaps(network)
    return publish(corridor, findings, network.graph["as_of"]), network, findings


def publish(corridor: Corridor, findings: Iterable[Finding], as_of: str) -> Corridor:
    """The corridor with these findings in the default graph and in `graph/findings`."""
    run = f"gap-run-{as_of}"
    triples: list[tuple[str, str, Term]] = [
        (run, TYPE, NamedNode(VX + "GapRun")),
        (run, VX + "asOfDate", _typed(as_of, "date")),
    ]
    for finding in findings:
        triples += [(finding.id, GENERATED_BY, NamedNode(ID + run)), *_triples(finding)]
    quads = [
        Quad(NamedNode(ID + subject), NamedNode(predicate), term, graph)
        for subject, predicate, term in triples
        for graph in (DefaultGraph(), NamedNode(FINDINGS))
    ]
    return corridor.with_quads(quads, name=run)


def _triples(finding: Finding) -> Iterator[tuple[str, str, Term]]:
    yield finding.id, TYPE, NamedNode(VX + "GapFinding")
    yield from _texts(finding.id, LABEL, finding.message)
    values: dict[str, Term] = {
        "detector": Literal(finding.detector),
        "gapName": Literal(finding.name),
        "subject": NamedNode(ID + finding.subject),
        "severity": _typed(f"{finding.severity:.4f}", "decimal"),
        "confidence": _typed(f"{finding.confidence:.4f}", "decimal"),
        "gapLabel": NamedNode(f"{CODE}gap-label-{finding.label}"),
        "listed": _typed(str(finding.listed).lower(), "boolean"),
        "plants": _typed(str(finding.plants), "integer"),
        "size": _typed(f"{finding.size:.2f}", "decimal"),
    }
    for name, term in values.items():
        yield finding.id, VX + name, term
    yield from _texts(finding.id, VX + "flip", finding.flip)
    for thing in finding.objects:
        yield finding.id, VX + "object", NamedNode(ASKED.get(thing, ID + thing))
    for remedy in finding.remedies:
        yield from _texts(finding.id, VX + "remedy", remedy.text)
    for source in sorted({source for premise in finding.evidence for source in premise.sources}):
        yield finding.id, VX + "evidenceSource", NamedNode(SOURCE + source)


def _texts(subject: str, predicate: str, text: Text) -> Iterator[tuple[str, str, Term]]:
    for language, words in text.items():
        yield subject, predicate, Literal(words, language=language)


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))
