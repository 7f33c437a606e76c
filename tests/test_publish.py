"""Findings are data: SPARQL joins them with everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
