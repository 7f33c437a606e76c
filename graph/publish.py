"""Writes findings back into the graph as RDF, so that SPARQL can join them with everything else.

Beside the findings stand the run that made them, the lines of evidence they share, and what changed since
the list kept at the last release, where the data folder has one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from graph.changes import RELEASED, Changes, Row, Run, compare, released, rows_of
from graph.findings import find_gaps, no_collection, parameter_file
from graph.model import Finding, Premise, Text
from graph.namespaces import CODE, FINDINGS, ID, PREFIXES, SOURCE, VX
from graph.projection import Network, project
from graph.store import Corridor
from graph.version import TELLING, code_version

Term = NamedNode | Literal
Said = tuple[str, str, Term]
"""Slug of the subject, IRI of the property, value."""
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


@no_collection()
def analyse(corridor: Corridor, as_of: str | None = None) -> tuple[Corridor, Network, tuple[Finding, ...]]:
    """Project, find the gaps and publish them: the corridor with findings, its network, the findings."""
    network = project(corridor, as_of)
    findings = find_gaps(network)
    return publish(corridor, findings, network.graph["as_of"]), network, findings


def publish(corridor: Corridor, findings: Sequence[Finding], as_of: str) -> Corridor:
    """The corridor with these findings in the default graph and in `graph/findings`."""
    said = hashlib.sha256(repr((as_of, findings, code_version(TELLING))).encode())
    for path in (parameter_file(corridor.data), corridor.data / RELEASED):
        said.update(path.read_bytes() if path.exists() else b"")
    return corridor.with_graph(
        FINDINGS,
        said.hexdigest(),
        lambda: (
            Triple(NamedNode(ID + subject), NamedNode(predicate), term)
            for subject, predicate, term in _told(findings, as_of, corridor.data)
        ),
    )


def _told(findings: Sequence[Finding], as_of: str, data: Path) -> Iterator[Said]:
    run = _run(findings, as_of)
    yield from _run_triples(run)
    premises: dict[str, Premise] = {}
    for finding in findings:
        yield finding.id, GENERATED_BY, NamedNode(ID + run.id)
        yield from _triples(finding)
        for name, premise in {premise_id(premise): premise for premise in finding.evidence}.items():
            premises[name] = premise
            yield finding.id, VX + "premise", NamedNode(ID + name)
    for name, premise in sorted(premises.items()):
        yield from _premise_triples(name, premise)
    if (before := released(data)) is not None:
        yield from _change_triples(compare(before, rows_of(findings)))


def _run(findings: Sequence[Finding], as_of: str) -> Run:
    if not findings:
        return Run(as_of)
    return Run(*(getattr(findings[0], field) for field in Run._fields))


def _run_triples(run: Run) -> Iterator[Said]:
    yield run.id, TYPE, NamedNode(VX + "GapRun")
    yield run.id, TYPE, NamedNode(PREFIXES["prov"] + "Activity")
    yield run.id, VX + "asOfDate", _typed(run.as_of, "date")
    versions = {
        VX + "parametersVersion": run.parameters,
        VX + "dataGeneration": run.generation,
        VX + "codeVersion": run.code,
    }
    for name, version in versions.items():
        if version:
            yield run.id, name, Literal(version)


def _triples(finding: Finding) -> Iterator[Said]:
    yield finding.id, TYPE, NamedNode(VX + "GapFinding")
    yield from _texts(finding.id, LABEL, finding.message)
    values: dict[str, Term] = {
        "detector": Literal(finding.detector),
        "detectorCode": NamedNode(f"{CODE}detector-{finding.detector}"),
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
    yield finding.id, VX + "gapGrade", NamedNode(f"{CODE}gap-grade-{finding.grade}")
    yield from _texts(finding.id, VX + "flip", finding.flip)
    for thing in finding.objects:
        yield finding.id, VX + "object", _thing(thing)
    for plant in finding.neighbours:
        yield finding.id, VX + "neighbour", NamedNode(ID + plant)
    for remedy in finding.remedies:
        yield from _texts(finding.id, VX + "remedy", remedy.text)
    for source in sorted({source for premise in finding.evidence for source in premise.sources}):
        yield finding.id, VX + "evidenceSource", NamedNode(SOURCE + source)


def premise_id(premise: Premise) -> str:
    """Slug of a line of evidence: the same line has the same in every run."""
    said = (
        premise.subject, premise.relation, premise.object, premise.status, premise.sources, premise.absence,
        premise.searched, premise.coverage,
    )  # fmt: skip
    return f"premise-{hashlib.sha256(repr(said).encode()).hexdigest()[:12]}"


def _premise_triples(name: str, premise: Premise) -> Iterator[Said]:
    yield name, TYPE, NamedNode(VX + "Premise")
    yield name, VX + "premiseSubject", NamedNode(ID + premise.subject)
    yield name, VX + "premiseRelation", Literal(premise.relation)
    yield name, VX + "isAbsence", _typed(str(premise.absence).lower(), "boolean")
    if premise.object is not None:
        yield name, VX + "premiseObject", _thing(premise.object)
    for source in premise.sources:
        yield name, VX + "premiseSource", NamedNode(SOURCE + source)
    if premise.searched is not None:
        yield name, VX + "searchedRecords", _typed(str(premise.searched), "integer")
    if premise.coverage is not None:
        yield name, VX + "premiseCoverage", _typed(f"{premise.coverage:.4f}", "decimal")


def _change_triples(changes: Changes) -> Iterator[Said]:
    """The run before, what differs from it, and each finding that is new, changed or closed since."""
    if changes.before == changes.after:
        return
    now, before = changes.after.id, changes.before.id
    yield from _run_triples(changes.before)
    yield now, VX + "previousRun", NamedNode(ID + before)
    for cause in changes.causes:
        yield now, VX + "runDifference", NamedNode(f"{CODE}run-difference-{cause}")
    for item in changes.items:
        yield item.id, VX + "changeSince", NamedNode(f"{CODE}gap-change-{item.kind}")
        if item.kind == "closed":
            yield item.id, TYPE, NamedNode(VX + "ClosedGap")
            yield item.id, GENERATED_BY, NamedNode(ID + before)
            yield from _closed_triples(item.row)


def _closed_triples(row: Row) -> Iterator[Said]:
    yield row["id"], VX + "detectorCode", NamedNode(f"{CODE}detector-{row['detector']}")
    about = [row["subject"], *row["objects"]]
    yield row["id"], LABEL, Literal(f"{row['detector']}: {' '.join(about)}")


def _thing(name: str) -> NamedNode:
    return NamedNode(ASKED.get(name, ID + name))


def _texts(subject: str, predicate: str, text: Text) -> Iterator[Said]:
    for language, words in text.items():
        yield subject, predicate, Literal(words, language=language)


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))
