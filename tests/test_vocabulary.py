"""The rules of `graph/queries/hygiene` hold for the shipped vocabulary, and each notices a breach."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import Store

from graph.namespaces import PREFIXES
from graph.query import QUERIES, Query, load_queries
from tests.fixtures.breaches import HYGIENE_BREACHES

RULES = {query.name: query for query in load_queries(QUERIES / "hygiene")}

TIDY = """
<https://w3id.org/vehec/ont> a owl:Ontology ; owl:versionIRI <https://w3id.org/vehec/ont/1.0.0> ;
    owl:versionInfo "1.0.0" ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    dcterms:created "2026-11-21" ; dcterms:modified "2026-11-22" ;
    <http://purl.org/vocab/vann/preferredNamespacePrefix> "vx" ;
    <http://purl.org/vocab/vann/preferredNamespaceUri> "https://w3id.org/vehec/ont#" ;
    dcterms:title "Terms"@en , "Thuật ngữ"@vi ; dcterms:description "Some terms."@en , "Vài thuật ngữ."@vi ;
    skos:changeNote "1.0.0: first."@en , "1.0.0: bản đầu."@vi .
vx:Plant a owl:Class ; rdfs:isDefinedBy <https://w3id.org/vehec/ont> ; rdfs:subClassOf skos:Concept ;
    rdfs:label "Plant"@en , "Nhà máy"@vi ;
    skos:definition "A place where goods are made."@en , "Nơi làm ra hàng hóa."@vi ;
    skos:example "a shoe factory"@en , "một xưởng giày"@vi .
vx:feeds a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/vehec/ont> ;
    rdfs:label "Feeds"@en , "Cấp cho"@vi ; vx:inverseLabel "Fed by"@en , "Nhận từ"@vi ;
    skos:definition "One plant supplies another."@en , "Nhà máy này cấp hàng cho nhà máy kia."@vi ;
    skos:example "soles for shoes"@en , "đế cho giày"@vi ; rdfs:domain vx:Plant ; rdfs:range vx:Plant .
code:kind a skos:ConceptScheme .
code:kind-shoe a skos:Concept ; skos:inScheme code:kind ; skos:notation "shoe" ; vx:impliesClass vx:Plant ;
    rdfs:label "shoes"@en , "giày"@vi ; skos:prefLabel "shoes"@en , "giày"@vi .
id:one a vx:Plant ; vx:feeds id:two .
"""
"""A tiny vocabulary that keeps every rule, in the words that the rules look at."""


def store(text: str) -> Store:
    made = Store()
    made.update("INSERT DATA { " + text + " }", prefixes=PREFIXES)
    return made


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_the_shipped_vocabulary_keeps_the_rule(corridor: Any, rule: Query) -> None:
    assert rule.offenders(corridor.store) == [], f"{rule.title['en']}. {rule.about['en']}"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_the_rule_notices_a_breach(rule: Query) -> None:
    assert rule.offenders(store(HYGIENE_BREACHES[rule.name]))


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.name != "terms-are-declared"], ids=lambda rule: rule.name
)
def test_a_tidy_vocabulary_breaks_no_rule(rule: Query) -> None:
    assert rule.offenders(store(TIDY)) == []


def test_a_term_in_use_that_nobody_declares_is_named_once() -> None:
    offenders = RULES["terms-are-declared"].offenders(store("id:a vx:sells id:b . id:c vx:sells id:d"))
    assert offenders == [["<https://w3id.org/vehec/ont#sells>"]]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_the_rule_tells_what_to_do(rule: Query) -> None:
    assert set(rule.title) == set(rule.about) == {"en", "vi"}


def test_every_breach_belongs_to_a_rule() -> None:
    assert set(HYGIENE_BREACHES) == set(RULES)
