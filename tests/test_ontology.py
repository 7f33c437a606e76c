"""The vocabulary is complete: whatever the tables, queries and code use is declared, in both languages."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import owlrl
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef, namespace
from rdflib.term import Node

from graph.changes import CAUSES, KINDS
from graph.gaps import GAP_DETECTORS
from graph.model import GRADES, LABELS
from graph.namespaces import BASE, CODE, ID, PREFIXES, SOURCE, VX

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
FILES = ("vehec.ttl", "codes.ttl")
METADATA = json.loads((ROOT / "data" / "csv-metadata.json").read_text(encoding="utf-8"))
BUNDLED = [
    getattr(namespace, name)
    for name in "DC DCTERMS FOAF GEO ORG OWL PROV QB RDF RDFS SDO SKOS VANN VOID XSD".split()
]
"""Vocabularies whose terms the pinned rdflib lists."""
PINNED = {
    line
    for path in (ONTOLOGY / "reused").glob("*.txt")
    for line in path.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
}
"""Terms of vocabularies that rdflib does not carry. Look a term up in its vocabulary before adding it."""
with (ROOT / "data" / "disagreements.csv").open(encoding="utf-8", newline="") as file:
    VARIANT_PROPERTIES = {row["property"] for row in csv.DictReader(file)}
with (ROOT / "data" / "indicators.csv").open(encoding="utf-8", newline="") as file:
    UNITS = {row["unit"] for row in csv.DictReader(file)}
with (ROOT / "data" / "expert_statements.csv").open(encoding="utf-8", newline="") as file:
    UNITS |= {row["unit"] for row in csv.DictReader(file) if row["unit"]}
with (ROOT / "data" / "supply_links.csv").open(encoding="utf-8", newline="") as file:
    PLACES = {row[side] for row in csv.DictReader(file) for side in ("supplier_place", "buyer_place")} - {""}
with (ROOT / "data" / "organizations.csv").open(encoding="utf-8", newline="") as file:
    COUNTRIES = {code for row in csv.DictReader(file) for code in row["country"].split("|")} - {""}
with (ROOT / "data" / "products.csv").open(encoding="utf-8", newline="") as file:
    DIVISIONS = {row["isic4"][:2] for row in csv.DictReader(file)} - {""}
with (ROOT / "data" / "facilities.csv").open(encoding="utf-8", newline="") as file:
    DIVISIONS |= {row["isic4"][:2] for row in csv.DictReader(file)} - {""}
NAMED_BEFOREHAND = {"03", "06", "16", "33"}
"""Divisions of the corridor's industries that no row has yet."""
CODES_WITHOUT_COLUMN = {
    "gap-label": set(LABELS),
    "detector": {f"D{number}" for number in range(1, 15)},
    "gap-grade": set(GRADES),
    "gap-change": set(KINDS),
    "run-difference": set(CAUSES),
    "variant-property": VARIANT_PROPERTIES,
    "unit": UNITS,
    "place": PLACES,
    "country": COUNTRIES,
    "isic-division": DIVISIONS | NAMED_BEFOREHAND,
    "isic-section": set("ABCDFHLM"),
}
RDF_TYPE = PREFIXES["rdf"] + "type"
OF_A_CLASS, OF_A_PROPERTY = 8, 3
"""How many things of each class, and links by each property, the consistency check reads at least."""
OWLRL_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
LANGUAGES = ["en", "vi"]
INVERSE_LABEL = URIRef(VX + "inverseLabel")
SLUG = re.compile(r"[\w-]+")
CLOSED_LIST = re.compile(r"[\w-]+(\|[\w-]+)*")

TERM_IN_CODE = re.compile(
    r"\bvx:(?P<curie>\w+)|\bVX\.(?P<attribute>\w+)\b(?!\()|\bVX\s*\+\s*f?[\"'](?P<sum>\w+)|\{VX\}(?P<f_string>\w+)"
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
        if scheme != URIRef(CODE + "unit"):  # a unit is noted as it is written: %, t/year
            assert str(code) == f"{scheme}-{graph.value(code, SKOS.notation)}".replace(" ", "-")
        assert SLUG.fullmatch(str(code).removeprefix(f"{scheme}-"))
        assert (code, RDF.type, SKOS.Concept) in graph and (code, SKOS.topConceptOf, scheme) in graph


def test_texts_stand_once_in_each_language() -> None:
    codes = set(vocabulary().subjects(SKOS.inScheme))
    for term in declared() - set(vocabulary().subjects(RDF.type, OWL.Ontology)):
        required = {RDFS.label, SKOS.prefLabel if term in codes else SKOS.definition}
        for prop in (RDFS.label, SKOS.prefLabel, SKOS.definition, INVERSE_LABEL):
            found = languages(term, prop)
            complete = found == LANGUAGES or (not found and prop not in required)
            assert complete, f"{term}: {prop} in {found}; write it once in each of {LANGUAGES}"


def test_everyday_words_stand_in_both_languages_and_differ_from_the_name() -> None:
    worded = set(vocabulary().subjects(SKOS.altLabel))
    assert URIRef(VX + "Facility") in worded
    for term in worded:
        assert {*languages(term, SKOS.altLabel)} == {*LANGUAGES}, term
        names = {str(name).casefold() for name in vocabulary().objects(term, RDFS.label)}
        words = [str(word).casefold() for word in vocabulary().objects(term, SKOS.altLabel)]
        assert names.isdisjoint(words), f"{term}: {words} repeat its name"


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
    mixed = {c["propertyUrl"] for c in columns() if c.get(VX + "references") == "any table, or text"}
    for column in columns():
        prop = URIRef(column.get("propertyUrl", RDF.type))
        if not str(prop).startswith(VX):
            continue
        if str(prop) in mixed:
            expected = RDF.Property
        else:
            expected = OWL.ObjectProperty if "valueUrl" in column else OWL.DatatypeProperty
        assert (prop, RDF.type, expected) in graph, f"{column['name']}: {prop} must be {expected}"


def iris_of_others() -> list[str]:
    """Every outside IRI that the vocabulary uses as a term: declared, as a property, or as a value."""
    documents = set(vocabulary().objects(None, RDFS.isDefinedBy)) | set(
        vocabulary().objects(None, DCTERMS.license)
    )
    used = {node for triple in vocabulary() for node in triple if isinstance(node, URIRef)} - documents
    return sorted(str(node) for node in used if not str(node).startswith(BASE))


def exists(term: str) -> bool:
    """Whether the pinned copy or list of its vocabulary has this term."""
    bundled = [terms for terms in BUNDLED if term.startswith(str(terms))]
    return any(URIRef(term) in terms for terms in bundled) if bundled else term in PINNED


@pytest.mark.parametrize("term", iris_of_others())
def test_reused_terms_exist_in_their_vocabulary(term: str) -> None:
    assert exists(term), (
        f"{term}: look it up in its vocabulary; ontology/reused/ lists those rdflib does not carry"
    )


@pytest.mark.parametrize(
    "term",
    [
        PREFIXES["org"] + "suborganisationOf",
        PREFIXES["qb"] + "dataset",
        PREFIXES["owl"] + "disjoint",
        PREFIXES["sdmx-attribute"] + "unitOfMeasure",
        "http://qudt.org/vocab/unit/Percent",
        "https://spec.industrialontologies.org/ontology/construct/Supply",
    ],
)
def test_a_reused_term_with_a_wrong_name_is_noticed(term: str) -> None:
    assert not exists(term)


def used_somewhere() -> set[str]:
    """Our terms that a table, a query, a module or another term of the vocabulary uses."""
    texts = " ".join(path.read_text(encoding="utf-8") for path in SOURCES)
    graph = vocabulary()
    linked = {str(node) for s, p, o in graph if p != RDF.type for node in (p, o)}
    return terms_of_tables() | set(terms_in(texts)) | linked


def test_every_term_of_ours_is_used() -> None:
    ours = {str(term) for term in declared() if str(term).startswith(VX)}
    assert sorted(ours - used_somewhere()) == [], "use the term or remove it"


def closure(links: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """What follows by OWL RL from the vocabulary and these links; texts and figures are left out."""
    closed = Graph()
    for triple in (*vocabulary(), *links):
        if not isinstance(triple[2], Literal):
            closed.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return closed


def contradictions(graph: Graph) -> list[str]:
    errors = [str(message) for message in graph.objects(None, OWLRL_ERROR)]
    empty = [str(term) for prop in (RDF.type, RDFS.subClassOf) for term in graph.subjects(prop, OWL.Nothing)]
    return errors + [term for term in empty if term != str(OWL.Nothing)]


def links_of_sample(store: Store) -> Graph:
    """All links among some things of each class and some ends of each property."""
    taken: Counter[tuple[str, str]] = Counter()
    kept: set[NamedNode] = set()
    links = []
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        one, two = quad.subject, quad.object
        if isinstance(one, NamedNode) and isinstance(two, NamedNode) and one.value.startswith((ID, SOURCE)):
            links.append((one, quad.predicate, two))
    for one, predicate, two in sorted(links, key=str):
        of_class = predicate.value == RDF_TYPE
        stratum = (predicate.value, two.value if of_class else "")
        if taken[stratum] < (OF_A_CLASS if of_class else OF_A_PROPERTY):
            taken[stratum] += 1
            kept |= {one, two}
    sample = Graph()
    for triple in links:
        one, predicate, two = triple
        if one in kept and (two in kept or not two.value.startswith((ID, SOURCE))):
            sample.add((URIRef(one.value), URIRef(predicate.value), URIRef(two.value)))
    left_out = {predicate.value for _, predicate, _ in links} - {str(name) for name in sample.predicates()}
    assert not left_out, "a property has no link in the sample"
    return sample


def test_vocabulary_and_data_hold_no_contradiction(corridor: Any) -> None:
    sample = links_of_sample(corridor.store)
    present = {str(term) for term in sample.objects(None, RDF.type)}
    assert {
        VX + name for name in ("Zone", "Facility", "SupplyRelation", "ParkPhase", "TerritorialMerger")
    } <= present
    assert contradictions(closure(sample)) == []


NEVER_BOTH = {
    "park-board": (VX + "Zone", PREFIXES["org"] + "Organization"),
    "plant-firm": (VX + "Facility", VX + "LegalEntity"),
    "province-committee": (VX + "Locality", VX + "PeoplesCommittee"),
    "link-document": (VX + "Relator", VX + "Source"),
    "park-zone": (VX + "IndustrialPark", VX + "EconomicZone"),
    "part-plant": (VX + "Product", VX + "Facility"),
}


@cache
def errors_in_impossible_world() -> str:
    """What the closure reports when things are two things at once, and a zone runs a plant."""
    links = {
        (URIRef(ID + thing), RDF.type, URIRef(name)) for thing, names in NEVER_BOTH.items() for name in names
    }
    operated = (URIRef(ID + "some-plant"), URIRef(VX + "operatedBy"), URIRef(ID + "some-zone"))
    links |= {operated, (URIRef(ID + "some-zone"), RDF.type, URIRef(VX + "Zone"))}
    return "\n".join(contradictions(closure(links)))


@pytest.mark.parametrize("thing", NEVER_BOTH)
def test_nothing_is_both(thing: str) -> None:
    assert ID + thing in errors_in_impossible_world()


def test_a_zone_that_runs_a_plant_is_a_contradiction() -> None:
    """The range of vx:operatedBy makes the zone an organisation, and a place is never one."""
    assert ID + "some-zone" in errors_in_impossible_world()
