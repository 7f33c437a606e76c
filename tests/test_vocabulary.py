"""A curator who uses a term without declaring or naming it is told what to add."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from graph.namespaces import CODE, VX
from graph.vocabulary import read_vocabulary, used_terms, vocabulary_problems

ROOT = Path(__file__).parents[1]
DECLARED = """
@prefix vx: <https://w3id.org/vehec/ont#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
vx:makes a owl:ObjectProperty ; rdfs:label "Makes"@en, "Làm ra"@vi ; skos:definition "What it makes."@en, "Làm ra gì."@vi .
"""


def test_the_shipped_vocabulary_covers_the_graph(corridor: Any) -> None:
    used = used_terms(corridor.store)
    assert VX + "makes" in used
    assert CODE + "criticality-core" in used
    assert list(vocabulary_problems(read_vocabulary(ROOT / "ontology"), used)) == []


@pytest.mark.parametrize(
    ("text", "used", "problem"),
    [
        (DECLARED, VX + "makes", None),
        (DECLARED, VX + "sells", "vx:sells is used but not declared; add it to ontology/vehec.ttl"),
        (DECLARED, CODE + "criticality-vital", "add it to ontology/codes.ttl"),
        (DECLARED.replace(', "Làm ra"@vi', ""), VX + "makes", "vx:makes has no rdfs:label in vi; add it"),
        (DECLARED.replace('"What it makes."@en, ', ""), VX + "makes", "vx:makes has no skos:definition in en; add it"),
    ],
)
def test_what_is_missing_is_named(text: str, used: str, problem: str | None) -> None:
    found = list(vocabulary_problems(Graph().parse(data=text), [used]))
    assert (problem is None and not found) or any(problem in line for line in found)
