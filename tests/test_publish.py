"""Findings are data: SPARQL joins them with everything else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graph.changes import RELEASED, keep, rows_of
from graph.namespaces import FINDINGS, ID, PREFIXES
from graph.publish import analyse
from graph.store import load

T20 = Path(__file__).parent / "fixtures" / "t20"


@pytest.fixture(scope="module")
def published() -> tuple[Any, Any, Any]:
    return analyse(load(data=T20), "2025-06-30")


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        (
            "?gap a vx:GapFinding ; vx:detector 'D1' ; vx:subject id:prod-resin ; vx:object id:plant-d , id:plant-g",
            True,
        ),
        ("?gap vx:subject id:prod-resin ; vx:severity ?s . FILTER(?s = 0.75)", True),
        ("?gap vx:subject id:prod-glue ; vx:detector 'D1'", False),
        ("?gap vx:detector 'D12' ; vx:subject id:plant-b ; vx:object vx:suppliesTo", True),
        ("?gap prov:wasGeneratedBy ?run . ?run vx:asOfDate '2025-06-30'^^xsd:date", True),
        ("?gap vx:evidenceSource src:fixture", True),
        ("?gap vx:subject ?plant . ?plant vx:inZone id:park-k4", True),
        (
            "?run a vx:GapRun, prov:Activity ; vx:parametersVersion ?p ; vx:dataGeneration ?g ; vx:codeVersion ?c",
            True,
        ),
        (
            "?gap vx:subject id:prod-resin ; vx:detectorCode code:detector-D1 ; vx:gapGrade code:gap-grade-B",
            True,
        ),
        (
            "?gap vx:subject id:plant-a ; vx:premise ?line . ?line vx:premiseSubject id:plant-a ; "
            "vx:premiseRelation 'makes' ; vx:premiseObject ?made ; vx:premiseSource src:fixture",
            True,
        ),
        (
            "?gap vx:premise ?line . ?line vx:isAbsence true ; vx:premiseCoverage ?share ; vx:searchedRecords ?n",
            True,
        ),
        ("?line vx:isAbsence true ; vx:premiseSource ?source", False),
        ("?run vx:previousRun ?before", False),
        (f"GRAPH <{FINDINGS}> {{ ?gap a vx:GapFinding }}", True),
        ("GRAPH src:fixture { ?gap a vx:GapFinding }", False),
    ],
)
def test_findings_in_the_graph(published: tuple[Any, Any, Any], pattern: str, holds: bool) -> None:
    corridor, _, _ = published
    assert bool(corridor.store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES)) is holds


def test_every_finding_is_there_once(published: tuple[Any, Any, Any]) -> None:
    corridor, _, findings = published
    rows = corridor.store.query("SELECT ?gap { ?gap a vx:GapFinding }", prefixes=PREFIXES)
    assert sorted(row["gap"].value for row in rows) == sorted(ID + finding.id for finding in findings)


def test_the_dump_holds_the_findings_and_the_generation_tells_so(published: tuple[Any, Any, Any]) -> None:
    corridor, _, findings = published
    assert findings[0].id in corridor.dump.read_text("utf-8")
    assert corridor.generation != load(data=T20).generation


def test_every_detector_of_the_shipped_findings_is_a_code(shipped: Any) -> None:
    loose = "SELECT ?gap { ?gap a vx:GapFinding . FILTER NOT EXISTS { ?gap vx:detectorCode/skos:inScheme code:detector } }"
    assert not list(shipped.query(loose, prefixes=PREFIXES))


@pytest.fixture(scope="module")
def shipped(corridor: Any) -> Any:
    return analyse(load(), "2026-11-22")[0].store


def printed(data: Path, seed: str) -> list[dict[str, Any]]:
    """The findings of a folder as another process prints them."""
    command = [
        sys.executable,
        "-m",
        "graph",
        "gaps",
        "--format",
        "json",
        "--data",
        str(data),
        "--as-of",
        "2025-06-30",
    ]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parents[1], capture_output=True, check=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_ids_are_the_same_in_every_run(tmp_path: Path) -> None:
    turned = tmp_path / "turned"
    shutil.copytree(T20, turned)
    for table in turned.glob("*.csv"):
        head, *rows = table.read_text("utf-8").splitlines()
        table.write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
    one, other = printed(T20, "1"), printed(turned, "2")
    numbers = ("id", "severity", "confidence", "label", "listed")
    assert [[finding[name] for name in numbers] for finding in one] == [
        [finding[name] for name in numbers] for finding in other
    ]
    assert len({finding["id"] for finding in one}) == len(one)


def test_changes_since_the_kept_list_are_in_the_graph(
    tmp_path: Path, published: tuple[Any, Any, Any]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(T20, data)
    rows = [{**row, "parameters": "2020-01-01"} for row in rows_of(published[2])]
    changed, gone, *rest = rows
    keep([{**changed, "severity": 0.1}, {**gone, "id": "d1-0000000000"}, *rest], data / RELEASED)
    store = analyse(load(data=data), "2025-06-30")[0].store
    for pattern in (
        f"id:{changed['id']} vx:changeSince code:gap-change-changed",
        f"id:{gone['id']} vx:changeSince code:gap-change-new",
        "id:d1-0000000000 a vx:ClosedGap ; vx:changeSince code:gap-change-closed ; vx:detectorCode ?kind",
        "?run vx:previousRun ?before ; vx:runDifference code:run-difference-parameters . "
        "id:d1-0000000000 prov:wasGeneratedBy ?before",
    ):
        assert store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES), pattern
    assert not store.query(f"ASK {{ id:{rest[0]['id']} vx:changeSince ?change }}", prefixes=PREFIXES)
    assert not store.query("ASK { ?run vx:runDifference code:run-difference-date }", prefixes=PREFIXES)
