"""The vocabulary is complete: whatever the tables, queries and code use is declared, in both languages."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef, namespace

from graph.gaps import GAP_DETECTORS
from graph.model import LABELS
from graph.namespaces import BASE, CODE, PREFIXES, VX

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
FILES = ("vehec.ttl", "codes.ttl")
METADATA = json.loads((ROOT / "data" / "csv-metadata.json").read_text(encoding="utf-8"))
BUNDLED = [getattr(namespace, name) for name in "DC DCTERMS FOAF GEO ORG PROV QB SDO SKOS VANN".split()]
with (ROOT / "data" / "disagreements.csv").open(encoding="utf-8", newline="") as file:
    VARIANT_PROPERTIES = {row["property"] for row in csv.DictReader(file)}
CODES_WITHOUT_COLUMN = {
    "gap-label": set(LABELS),
    "detector": {f"D{number}" for number in range(1, 15)},
    "variant-property": VARIANT_PROPERTIES,
}
NOT_BUNDLED = {
    str(RDFS.label),
    str(RDFS.isDefinedBy),
    PREFIXES["sdmx-dimension"] + "refArea",
    PREFIXES["sdmx-dimension"] + "refPeriod",
    PREFIXES["sdmx-measure"] + "obsValue",
    "https://spec.industrialontologies.org/ontology/construct/SupplyRelationship",
}
"""Reused terms of vocabularies that rdflib does not carry. Look a term up before adding it here."""
OWLRL_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
LANGUAGES = ["en", "vi"]
INVERSE_LABEL = URIRef(VX + "inverseLabel")
CLOSED_LIST = re.compile(r"[\w-]+(\|[\w-]+)+")

TERM_IN_CODE = re.compile(
    r"\bvx:(?P<curie>\w+)|\bVX\.(?P<attribute>\w+)|\bVX\s*\+\s*f?[\"'](?P<sum>\w+)|\{VX\}(?P<f_string>\w+)"
    rf"|\bVX\[[\"'](?P<item>\w+)|{re.escape(VX)}(?P<iri>\w+)"
)
CODE_IN_CODE = re.compile(
    r"\bcode:(?P<curie>[\w-]*\w)(?![\w-]*[-{])|\bCODE\s*\+\s*[\"'](?P<sum>[\w-]*\w)[\"']"
    rf"|{re.escape(CODE)}(?P<iri>[\w-]*\w)(?![\w-]*[-{{])"
)
REUSED_PREFIXES = sorted(PREFIXES.keys() - {"vx", "code", "id", "src", "rdf", "rdfs", "owl", "xsd"})
REUSED_IN_QUERY = re.compile(rf"\b({'|'.join(REUSED_PREFIXES)}):([A-Za-z]\w*)")


@cache
def vocabulary() -> Graph:
    """All terms and codes. Do not change the returned graph."""
    graph = Graph()
    for name in FILES:
        graph.parse(ONTOLOGY / name)
    return graph


def declared() -> set[URIRef]:
    """Every term with a type, our own and reused."""
    return {term for term in vocabulary().subjects(RDF.type) if isinstance(term, URIRef)}


def languages(term: URIRef, prop: URIRef) -> list[str | None]:
    return sorted(text.language for text in vocabulary().objects(term, prop) if isinstance(text, Literal))


def unknown(terms: Iterable[str]) -> list[str]:
    """The terms that neither vehec.ttl nor codes.ttl declares."""
    return sorted(set(terms) - {str(term) for term in declared()})


def terms_in(text: str) -> Iterator[str]:
    """IRIs of our terms and codes that a query or module names, however it writes them."""
    for base, pattern in ((VX, TERM_IN_CODE), (CODE, CODE_IN_CODE)):
        for match in pattern.finditer(text):
            yield base + match[match.lastgroup or 0]


def reused_terms_in(query: str) -> Iterator[str]:
    for prefix, name in REUSED_IN_QUERY.findall(query):
        yield PREFIXES[prefix] + name


def columns() -> Iterator[dict]:
    for table in METADATA["tables"]:
        yield from table["tableSchema"]["columns"]


def terms_of_tables() -> set[str]:
    """Properties, classes, datatypes and our own annotations of the table metadata."""
    terms = {column["propertyUrl"] for column in columns() if "propertyUrl" in column} - {str(RDF.type)}
    terms |= {column["valueUrl"] for column in columns() if column.get("virtual")}
    return terms | {VX + name for name in re.findall(re.escape(VX) + r"(\w+)", json.dumps(METADATA))}


def closed_lists() -> dict[str, set[str]]:
    """Values by list name, from every column that points to a code."""
    lists: dict[str, set[str]] = {}
    for column in columns():
        value_url = column.get("valueUrl", "")
        if value_url.startswith(CODE):
            name = value_url.removeprefix(CODE).rpartition("-{")[0]
            pattern = column["datatype"]["format"]
            assert CLOSED_LIST.fullmatch(pattern), f"{column['name']}: {pattern!r} is no closed list"
            values = set(pattern.split("|"))
            assert lists.setdefault(name, values) == values, f"{name} differs between two columns"
    return lists


def test_every_term_of_the_tables_is_declared() -> None:
    assert unknown(terms_of_tables()) == [], "declare these in ontology/vehec.ttl"


SOURCES = sorted(path for suffix in ("rq", "py") for path in (ROOT / "graph").rglob(f"*.{suffix}"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_term_of_queries_and_code_is_declared(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reused = reused_terms_in(text) if path.suffix == ".rq" else ()
    assert unknown({*terms_in(text), *reused}) == [], "declare these in ontology/, or correct the spelling"


@pytest.mark.parametrize(
    "text, names",
    [
        ("?a vx:makes ?b ; vx:status code:facility-status-mou .", ["makes", "status", "facility-status-mou"]),
        ('VX + "period"; VX.Claim; VX["kind"]; f"{VX}size"', ["period", "Claim", "kind", "size"]),
        (f"<{VX}covers> <{CODE}basis-curated>", ["covers", "basis-curated"]),
        ('CODE + "gap-label-unknown"', ["gap-label-unknown"]),
        (f'f"code:detector-{{d}}" PREFIX code: <{CODE}> PREFIX vx: <{VX}>', []),
    ],
)
def test_terms_are_found_in_text(text: str, names: list[str]) -> None:
    assert [re.split(r"[#/]", term)[-1] for term in terms_in(text)] == names


def test_a_term_that_does_not_exist_is_reported() -> None:
    query = "?a vx:makes ?b ; vx:manufactures ?c ; vx:status code:facility-status-closed ; org:hasBoss ?d ."
    assert unknown({*terms_in(query), *reused_terms_in(query)}) == [
        PREFIXES["org"] + "hasBoss", CODE + "facility-status-closed", VX + "manufactures"
    ]  # fmt: skip


def test_lists_of_codes_equal_those_of_the_tables() -> None:
    graph = vocabulary()
    schemes: dict[str, set[str]] = {}
    for code, scheme in graph.subject_objects(SKOS.inScheme):
        schemes.setdefault(str(scheme).removeprefix(CODE), set()).add(str(graph.value(code, SKOS.notation)))
    assert schemes == closed_lists() | CODES_WITHOUT_COLUMN
    assert {CODE + name for name in schemes} == set(map(str, graph.subjects(RDF.type, SKOS.ConceptScheme)))


def test_detectors_are_called_as_in_the_findings() -> None:
    for detector in GAP_DETECTORS:
        code = URIRef(f"{CODE}detector-{detector.DETECTOR}")
        assert (code, RDFS.label, Literal(detector.NAME, lang="en")) in vocabulary()


def test_code_iris_follow_from_list_and_value() -> None:
    graph = vocabulary()
    for code, scheme in graph.subject_objects(SKOS.inScheme):
        assert str(code) == f"{scheme}-{graph.value(code, SKOS.notation)}".replace(" ", "-")
        assert (code, RDF.type, SKOS.Concept) in graph and (code, SKOS.topConceptOf, scheme) in graph


def test_texts_stand_once_in_each_language() -> None:
    codes = set(vocabulary().subjects(SKOS.inScheme))
    for term in declared() - set(vocabulary().subjects(RDF.type, OWL.Ontology)):
        required = {RDFS.label, SKOS.prefLabel if term in codes else SKOS.definition}
        for prop in (RDFS.label, SKOS.prefLabel, SKOS.definition, INVERSE_LABEL):
            found = languages(term, prop)
            complete = found == LANGUAGES or (not found and prop not in required)
            assert complete, f"{term}: {prop} in {found}; write it once in each of {LANGUAGES}"


def test_two_terms_of_ours_never_share_a_definition() -> None:
    seen: dict[Literal, URIRef] = {}
    for term, text in vocabulary().subject_objects(SKOS.definition):
        if str(term).startswith(VX):
            assert seen.setdefault(text, term) == term, f"{term} and {seen[text]}: {text}"


def test_every_term_names_its_vocabulary() -> None:
    codes = set(vocabulary().subjects(SKOS.inScheme))
    ontology = URIRef(VX.rstrip("#"))
    for term in declared() - codes - {ontology}:
        home = vocabulary().value(term, RDFS.isDefinedBy)
        assert (home == ontology) == str(term).startswith(BASE), f"{term} is defined by {home}"


@pytest.mark.parametrize("name", FILES)
def test_files_are_in_unicode_form_nfc(name: str) -> None:
    assert unicodedata.is_normalized("NFC", (ONTOLOGY / name).read_text(encoding="utf-8"))


def test_kind_of_property_fits_the_columns() -> None:
    """A column with a target address holds things, any other one values; a mixed one is a plain property."""
    graph = vocabulary()
    for column in columns():
        prop = URIRef(column.get("propertyUrl", RDF.type))
        if not str(prop).startswith(VX):
            continue
        if column.get(VX + "references") == "any table, or text":
            expected = RDF.Property
        else:
            expected = OWL.ObjectProperty if "valueUrl" in column else OWL.DatatypeProperty
        assert (prop, RDF.type, expected) in graph, f"{column['name']}: {prop} must be {expected}"


def reused_terms() -> list[URIRef]:
    return sorted(term for term in declared() if not str(term).startswith(BASE))


@pytest.mark.parametrize("term", reused_terms(), ids=str)
def test_reused_terms_exist_in_their_vocabulary(term: URIRef) -> None:
    bundled = [terms for terms in BUNDLED if str(term).startswith(str(terms))]
    found = any(term in terms for terms in bundled) if bundled else str(term) in NOT_BUNDLED
    assert found, f"{term}: look it up in its vocabulary; NOT_BUNDLED lists those rdflib does not carry"


def test_a_reused_term_with_a_wrong_name_is_noticed() -> None:
    assert PREFIXES["org"] + "suborganisationOf" not in namespace.ORG


def closure(extra: str = "") -> Graph:
    graph = Graph()
    for triple in vocabulary():
        graph.add(triple)
    graph.parse(data=extra, format="turtle")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def contradictions(graph: Graph) -> list[str]:
    errors = [str(message) for message in graph.objects(None, OWLRL_ERROR)]
    empty = [str(term) for prop in (RDF.type, RDFS.subClassOf) for term in graph.subjects(prop, OWL.Nothing)]
    return errors + [term for term in empty if term != str(OWL.Nothing)]


def test_the_vocabulary_holds_no_contradiction() -> None:
    assert contradictions(closure()) == []


def test_a_place_that_is_also_an_organisation_is_a_contradiction() -> None:
    EX = Namespace("https://example.org/")
    extra = f"<{EX}plant> a <{VX}Facility> . <{EX}plant> a <{PREFIXES['org']}Organization> ."
    assert any(str(EX.plant) in message for message in contradictions(closure(extra)))
