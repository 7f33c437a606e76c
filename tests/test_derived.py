"""What is computed from kinds and figures: classes, units and data sets, all in the graph of computed statements."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import QueryBoolean, Store

from graph.namespaces import DERIVED, PREFIXES


def ask(store: Store, pattern: str) -> bool:
    found = store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES)
    assert isinstance(found, QueryBoolean)
    return bool(found)


@pytest.mark.parametrize(
    ("thing", "name", "expected"),
    [
        ("trang-due", "IndustrialPark", True),
        ("trang-due", "EconomicZone", False),
        ("trang-due-2", "ParkPhase", True),
        ("trang-due-2", "IndustrialPark", False),
        ("dinh-vu-cat-hai-ez", "EconomicZone", True),
        ("ppc-qn", "PeoplesCommittee", True),
        ("ppc-qn", "Institution", True),
        ("qeza", "ZoneManagementBoard", True),
        ("vcci", "BusinessAssociation", True),
        ("vcci", "Institution", False),
        ("vehec-council", "CoordinationCouncil", True),
        ("lg", "CorporateGroup", True),
        ("lg", "LegalEntity", False),
        ("lach-huyen-port", "Seaport", True),
        ("hai-duong", "AdministrativeUnit", True),
        ("vehec", "AdministrativeUnit", False),
        ("ev-2024-12-12-forum", "Forum", True),
        ("merger-hai-duong-hai-phong-2025", "TerritorialMerger", True),
        ("quang-ninh-unmerged-2025", "TerritorialMerger", False),
    ],
)
def test_a_class_follows_from_the_kind(corridor: Any, thing: str, name: str, expected: bool) -> None:
    assert ask(corridor.store, f"id:{thing} a vx:{name}") is expected
    assert ask(corridor.store, f"GRAPH <{DERIVED}> {{ id:{thing} a vx:{name} }}") is expected


def test_no_source_is_credited_with_a_computed_class(corridor: Any) -> None:
    pattern = f"GRAPH ?graph {{ ?thing a vx:IndustrialPark }} FILTER(?graph != <{DERIVED}>)"
    assert not ask(corridor.store, pattern)


def test_the_class_a_source_states_is_not_computed_again(corridor: Any) -> None:
    assert not ask(corridor.store, f"GRAPH <{DERIVED}> {{ ?thing a vx:Zone }}")


@pytest.mark.parametrize("property", ["qb:dataSet", "sdmx-attribute:unitMeasure"])
def test_every_figure_has_one_data_set_and_one_unit(corridor: Any, property: str) -> None:
    query = f"""SELECT ?figure {{ ?figure a qb:Observation . OPTIONAL {{ ?figure {property} ?value }} }}
        GROUP BY ?figure HAVING (COUNT(?value) != 1)"""
    assert list(corridor.store.query(query, prefixes=PREFIXES)) == []


def test_every_data_set_is_named_and_rests_on_a_source_of_its_figures(corridor: Any) -> None:
    unnamed = "?set a qb:DataSet FILTER NOT EXISTS { ?set rdfs:label ?vi, ?en FILTER(LANG(?vi) = 'vi' && LANG(?en) = 'en') }"
    foreign = """?figure qb:dataSet/prov:wasDerivedFrom ?source
        FILTER NOT EXISTS { GRAPH ?source { ?figure a qb:Observation } }"""
    assert not ask(corridor.store, unnamed)
    assert not ask(corridor.store, foreign)


def test_values_that_differ_stand_in_different_data_sets(corridor: Any) -> None:
    same = "?a {0} ?x . ?b {0} ?x ."
    dimensions = ("sdmx-dimension:refArea", "vx:indicator", "sdmx-dimension:refPeriod")
    pair = " ".join(same.format(name).replace("?x", f"?x{n}") for n, name in enumerate(dimensions))
    pair += " ?a qb:dataSet ?one . ?b qb:dataSet ?two FILTER(STR(?a) < STR(?b))"
    assert ask(corridor.store, pair), "the data hold differing values"
    whole = " FILTER NOT EXISTS { ?a vx:part ?part }"
    assert not ask(corridor.store, f"{pair} FILTER(?one = ?two) {whole}")


def test_every_figure_has_the_dimensions_of_its_structure(corridor: Any) -> None:
    missing = """?figure qb:dataSet/qb:structure/qb:component/qb:dimension ?dimension
        FILTER NOT EXISTS { ?figure ?dimension ?value }"""
    assert not ask(corridor.store, missing)
