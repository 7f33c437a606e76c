"""Checks the vocabulary with rdflib: every term the graph uses is declared, and named in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import QuerySolutions, Store
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from graph.namespaces import CODE, PREFIXES, VX, curie

LANGUAGES = ("vi", "en")
BUILT_IN = (PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"], PREFIXES["xsd"])
"""Vocabularies of RDF itself, which need no declaration here."""


def read_vocabulary(folder: Path) -> Graph:
    """All terms and codes of a folder of Turtle files. Raises rdflib's BadSyntax with line and column."""
    vocabulary = Graph()
    for path in sorted(folder.glob("*.ttl")):
        vocabulary.parse(path)
    return vocabulary


def used_terms(store: Store) -> set[str]:
    """IRIs of the properties, classes and codes that the statements use."""
    found: set[str] = set()
    for pattern in ("?s ?term ?o", "?s a ?term", f"?s ?p ?term FILTER(STRSTARTS(STR(?term), '{CODE}'))"):
        rows = store.query(f"SELECT DISTINCT ?term {{ {pattern} }}")
        assert isinstance(rows, QuerySolutions)
        found.update(row["term"].value for row in rows)
    return found


def vocabulary_problems(vocabulary: Graph, used: Iterable[str]) -> Iterator[str]:
    """One line per term that is used but not declared, or declared but not named; says what to add."""
    for term in sorted(term for term in used if not term.startswith(BUILT_IN)):
        if (URIRef(term), RDF.type, None) not in vocabulary:
            file = "codes.ttl" if term.startswith(CODE) else "vehec.ttl"
            yield f"{curie(term)} is used but not declared; add it to ontology/{file}, named in vi and en"
    declared_terms = {str(term) for term in vocabulary.subjects(RDF.type) if isinstance(term, URIRef)}
    for declared in sorted(term for term in declared_terms if term.startswith((VX, CODE))):
        required = (RDFS.label,) if declared.startswith(CODE) else (RDFS.label, SKOS.definition)
        for name in required:
            texts = {
                text.language
                for text in vocabulary.objects(URIRef(declared), name)
                if isinstance(text, Literal)
            }
            if missing := [language for language in LANGUAGES if language not in texts]:
                yield f"{curie(declared)} has no {curie(str(name))} in {' and '.join(missing)}; add it"
