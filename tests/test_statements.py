"""A quad is a sourced statement: once in the default graph, once per source, never credited wrongly."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store

from graph.namespaces import CATALOGUE, CODE, CURATED, DERIVED, ID, PREFIXES, SOURCE, VX
from graph.statements import statements
from graph.store import SHIPPED_METADATA, load
from graph.tables import read_tables

T20 = Path(__file__).parent / "fixtures" / "t20"


def ask(store: Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES))


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("id:trang-due vx:areaHa 401.0", True),
        ("GRAPH src:vccinews-2024-06-25 { id:trang-due vx:areaHa 401.0 }", True),
        ("GRAPH src:haiphongdpi-gov-2017-09-24 { id:trang-due vx:areaHa 401.0 }", False),  # it says 600
        ("GRAPH src:tophaiphongaz-khu-cong-nghiep { id:trang-due vx:areaHa 401.0 }", False),  # it says 400
        ("GRAPH src:haiphongdpi-gov-2017-09-24 { id:trang-due vx:locatedIn id:hai-phong }", True),
        (
            "GRAPH src:haiphongdpi-gov-2017-09-24 { ?v vx:aboutSubject id:trang-due ; vx:variantValue ?600 . FILTER(STRSTARTS(?600, '600')) }",
            True,
        ),
        ("GRAPH src:npm-cities-json-1-1-64 { id:trang-due schema:latitude ?lat }", True),
        (
            "GRAPH src:vccinews-2024-06-25 { id:trang-due schema:latitude ?lat }",
            False,
        ),  # no document gave a position
        (
            "id:lgd-trang-due rdfs:label 'LG Display Vietnam Haiphong Co., Ltd (Trang Due Industrial Park)'@en",
            True,
        ),
        (
            "GRAPH ?s { id:lgd-trang-due rdfs:label ?l } FILTER(?s != <https://w3id.org/vehec/graph/derived>)",
            False,
        ),
        ("id:hai-duong vx:validTo '2025-07-01'^^xsd:date", True),
        ("id:vcci skos:altLabel 'Phòng Thương mại và Công nghiệp Việt Nam'", True),
    ],
)
def test_what_the_real_graph_states(corridor: Any, pattern: str, holds: bool) -> None:
    assert ask(corridor.store, pattern) is holds


def test_every_stated_triple_stands_in_default_and_in_a_named_graph(corridor: Any) -> None:
    store = corridor.store
    only_default = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o MINUS { GRAPH ?g { ?s ?p ?o } } }")
    only_named = store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } MINUS { ?s ?p ?o } }")
    assert [int(row["n"].value) for result in (only_default, only_named) for row in result] == [0, 0]


def test_a_triple_in_three_sources_counts_once(corridor: Any) -> None:
    rows = list(corridor.store.query("SELECT ?z { id:lgd-trang-due vx:inZone ?z }", prefixes=PREFIXES))
    graphs = list(
        corridor.store.query("SELECT ?g { GRAPH ?g { id:lgd-trang-due vx:inZone ?z } }", prefixes=PREFIXES)
    )
    assert len(rows) == 1
    assert len(graphs) >= 3


def test_no_source_is_credited_with_a_value_it_contradicts(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(T20, tmp_path / "data"))
    (folder / "sources.csv").write_text(
        "id,title,publisher,published,language,url,kind,grade,notes\n"
        "fixture,Fixture,F,2025-01-01,en,https://example.org/fixture,dataset,A,\n"
        "other,Other,O,2025-01-01,en,https://example.org/other,dataset,B,\n"
    )
    zones = (folder / "zones.csv").read_text()
    zones = zones.replace(
        "park-k1,industrial-park,Park K1,Park K1,,hp,,,,,",
        "park-k1,industrial-park,Park K1,Park K1,,hp,,,,401,",
    )
    (folder / "zones.csv").write_text(zones.replace(",fixture,\npark-k2", ",fixture|other,\npark-k2"))
    (folder / "disagreements.csv").write_text(
        "id,subject,property,period,value,sources\nd-1,park-k1,area-ha,,401,fixture\nd-2,park-k1,area-ha,,600 (with town),other\n"
    )
    found = {
        (s.predicate.value.removeprefix(VX), graph.removeprefix(SOURCE))
        for s in statements(read_tables(folder, SHIPPED_METADATA))
        if s.subject.value == ID + "park-k1"
        for graph in s.graphs
    }
    assert ("areaHa", "fixture") in found
    assert ("areaHa", "other") not in found
    assert ("locatedIn", "other") in found


def test_our_own_judgement_has_a_graph_of_its_own(corridor: Any) -> None:
    graphs = {row["g"].value for row in corridor.store.query(
        f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?r vx:basis <{CODE}basis-curated> ; a vx:InputRequirement }} }}", prefixes=PREFIXES)}  # fmt: skip
    assert graphs == {CURATED}


def test_the_catalogue_holds_what_we_record_about_sources(corridor: Any) -> None:
    quads = list(
        corridor.store.quads_for_pattern(
            NamedNode(SOURCE + "forum-article-2024-12"), None, None, NamedNode(CATALOGUE)
        )
    )
    assert quads


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("id:plant-d vx:inCorridor true", True),
        ("id:prod-lens vx:covers id:prod-optics", True),
        ("id:prod-optics vx:covers id:prod-lens", False),
        ("id:plant-d vx:locatedIn id:hd", True),
        ("id:co-d vx:ultimateParent id:group-g-d", True),
        ("id:plant-c vx:suppliesTo id:plant-a", True),
        ("id:plant-a vx:suppliesTo id:plant-c", False),
    ],
)
def test_shortcuts_are_derived(pattern: str, holds: bool) -> None:
    assert ask(load(data=T20).store, pattern) is holds


def test_derived_statements_are_kept_apart_from_stated_ones(corridor: Any) -> None:
    both = corridor.store.query(
        f"SELECT ?s ?p ?o {{ GRAPH <{DERIVED}> {{ ?s ?p ?o }} GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{SOURCE}')) }} LIMIT 3"
    )
    assert list(both) == []
