"""What breaks an sh:Violation never enters the graph: tables or rules refuse it without the shapes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection

from graph import store
from graph.curation import ONTOLOGY, examine, load_good
from graph.namespaces import VX
from graph.shapes import list_shapes, shape_quads
from graph.store import SHAPES, SHIPPED_METADATA
from graph.tables import BadTables
from tests.fixtures.every_table import POSITION, ROWS, SECOND_VARIANT

T20 = Path(__file__).parent / "fixtures" / "t20"
SHAPE = Namespace("https://w3id.org/vehec/shape/")
TABLES = {
    next(c["valueUrl"] for c in table["tableSchema"]["columns"] if c["name"] == "class"): (
        table["url"],
        [c for c in table["tableSchema"]["columns"] if c["name"] != "class" and "propertyUrl" in c],
    )
    for table in json.loads(SHIPPED_METADATA.read_text("utf-8"))["tables"]
}
ABOUT = {SH.path, SH.severity, SH.message}
WRONG = {
    # What stands in the cell instead: no such code, no such id, or nothing the datatype takes.
    SH.hasValue: "no-such-code",
    SH["in"]: "no-such-code",
    SH["class"]: "no-such-id",
    SH.nodeKind: "no address",
    SH.datatype: "no value",
    SH.pattern: "vn",
    SH.minInclusive: "-1",
    SH.minExclusive: "0",
    SH.maxInclusive: "999",
}
SEVERAL = {"zone": "park-k1|park-k2", "broader": "prod-panel|prod-glass"}
"""Good values by columns that take several where a shape allows one."""
NOT_OF_TABLES = {SHAPE.GapFinding}
"""Shapes of what is computed: findings have a class, and bounds, by construction."""

Change = dict[str, str]


class Breach(NamedTuple):
    """A row of a table with some cells changed so that it breaks one constraint."""

    shape: str
    constraint: str
    file: str
    cells: Change


def paths(graph: Graph, node: Any) -> list[str]:
    """The properties whose values a path begins with."""
    if isinstance(node, URIRef):
        return [str(node)]
    if (alternatives := graph.value(node, SH.alternativePath)) is not None:
        return [name for one in Collection(graph, alternatives) for name in paths(graph, one)]
    return paths(graph, graph.value(node, RDF.first))


def columns_of(target: URIRef, names: list[str]) -> list[dict[str, Any]]:
    return [column for column in TABLES[str(target)][1] if column["propertyUrl"] in names]


def excluded_by_the_header(constraint: URIRef, columns: list[dict[str, Any]]) -> bool:
    """Whether no cell can break it: one column holds one value; columns have one language each."""
    if constraint == SH.maxCount:
        return len(columns) == 1 and "separator" not in columns[0]
    languages = [column.get("lang") for column in columns]
    return constraint in (SH.uniqueLang, SH.languageIn) and len(set(languages)) == len(languages) <= 2


def breaches() -> Iterator[Breach]:
    """One for each constraint of each sh:Violation in the shapes that some cell can break."""
    graph = Graph().parse(ONTOLOGY / SHAPES)
    for shape in sorted(set(graph.subjects(RDF.type, SH.NodeShape)) - NOT_OF_TABLES):
        if graph.value(shape, SH.severity) != SH.Violation:
            continue
        name = shape.removeprefix(SHAPE)
        targets = list(graph.objects(shape, SH.targetClass))
        for prop in graph.objects(shape, SH.property):
            found = paths(graph, graph.value(prop, SH.path))
            for target in targets or [URIRef(iri) for iri in TABLES if columns_of(URIRef(iri), found)]:
                file, columns = TABLES[str(target)][0], columns_of(target, found)
                for constraint, value in graph.predicate_objects(prop):
                    if constraint in ABOUT or excluded_by_the_header(constraint, columns):
                        continue
                    assert columns, f"{name}: no column of {file} states {found}"
                    label = f"{found[0].rpartition('/')[2]} {constraint.removeprefix(str(SH))}"
                    if constraint == SH.minCount:
                        cells = {column["name"]: "" for column in columns}
                    elif constraint == SH.disjoint:
                        other = columns_of(target, [str(value)])[0]["name"]
                        cells = {columns[0]["name"]: "{" + other + "}"}
                    elif constraint == SH.maxCount:
                        cells = {columns[0]["name"]: SEVERAL[columns[0]["name"]]}
                    elif constraint in (SH.uniqueLang, SH.languageIn):
                        cells = {column["name"]: column["name"] for column in columns}
                    else:
                        cells = {columns[0]["name"]: WRONG[constraint]}
                    yield Breach(name, label, file, cells)


WHOLE_SHAPES = [
    # Constraints on a record as a whole, not on one property.
    Breach("SuppliesAnother", "or", "supply_links.csv", {"buyer": "{supplier}", "buyer_facility": ""}),
    Breach("Place", "not", "zones.csv", {"id": "co-a"}),
    Breach("Successor", "or", "localities.csv", {"valid_to": ""}),
]
BREACHES = [*breaches(), *WHOLE_SHAPES]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The T20 tables with a row in each table, and builds cached beside them."""
    monkeypatch.setattr(store, "CACHE", tmp_path / "cache")
    copy = Path(shutil.copytree(T20, tmp_path / "data"))
    for file, row in [*ROWS.items(), ("disagreements.csv", SECOND_VARIANT)]:
        path = copy / file
        header = next(csv.reader(path.open(encoding="utf-8")))
        text = io.StringIO()
        csv.DictWriter(text, header, restval="", lineterminator="\n").writerow(row | {"sources": "fixture"})
        path.write_text(path.read_text("utf-8") + text.getvalue(), "utf-8")
    for file in ("localities.csv", "zones.csv", "infrastructure.csv"):
        change_first_row(copy / file, POSITION)
    return copy


def change_first_row(path: Path, cells: Change) -> None:
    """Puts these cells into the first row; `{column}` stands for the cell of that column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {name: text.format(**rows[0]) for name, text in cells.items()}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_the_tables_before_the_change_are_good(folder: Path) -> None:
    assert examine(load_good(data=folder)).problems == []


@pytest.mark.parametrize("breach", BREACHES, ids=[f"{b.shape} {b.file} {b.constraint}" for b in BREACHES])
def test_what_breaks_a_shape_is_refused_without_it(folder: Path, breach: Breach) -> None:
    change_first_row(folder / breach.file, breach.cells)
    with pytest.raises(BadTables):
        load_good(data=folder)


def test_every_shape_that_stops_a_release_has_a_case() -> None:
    graph = Graph().parse(ONTOLOGY / SHAPES)
    stopping = {shape for shape in graph.subjects(SH.severity, SH.Violation) if not isinstance(shape, BNode)}
    assert {SHAPE[breach.shape] for breach in BREACHES} == stopping - NOT_OF_TABLES


@pytest.mark.parametrize(
    ("shape", "stops"),
    [
        ("sh:property [ sh:path vx:areaHa ]", True),
        ("sh:property [ sh:path vx:areaHa ; sh:severity sh:Warning ]", False),
        ("sh:severity sh:Warning ; sh:property [ sh:path vx:areaHa ]", True),
        ("sh:severity sh:Violation ; sh:property [ sh:path vx:areaHa ; sh:severity sh:Warning ]", True),
        ("sh:severity sh:Info", False),
        ("sh:closed true", True),
    ],
)
def test_a_shape_without_severity_stops_a_release(tmp_path: Path, shape: str, stops: bool) -> None:
    file = tmp_path / "shapes.ttl"
    prefixes = f"PREFIX sh: <{SH}> PREFIX vx: <{VX}> PREFIX shape: <{SHAPE}>"
    file.write_text(f"{prefixes} shape:One a sh:NodeShape ; {shape} .", "utf-8")
    assert [one.stops for one in list_shapes(shape_quads(file))] == [stops]
