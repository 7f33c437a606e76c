"""The vocabulary as a reader looks it up: classes, properties, named graphs and codes, and their uses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Store

from graph.model import Text
from graph.namespaces import CODE, GRAPHS, VX, curie, slug
from graph.query import select, shipped

OWN = (VX, CODE, GRAPHS)
CLASS, PROPERTY, DATATYPE, GRAPH, LIST, NOTION = "class", "property", "datatype", "graph", "list", "code"
SORT_OF = {
    "owl:Class": CLASS,
    "rdfs:Class": CLASS,
    "owl:ObjectProperty": PROPERTY,
    "owl:DatatypeProperty": PROPERTY,
    "owl:AnnotationProperty": PROPERTY,
    "rdf:Property": PROPERTY,
    "rdfs:Datatype": DATATYPE,
    "vx:StatementGraph": GRAPH,
    "skos:ConceptScheme": LIST,
    "skos:Concept": NOTION,
}
"""The sort of a term by its type; the first type that is listed here decides."""
USES = {CLASS: "of-class", PROPERTY: "of-property", NOTION: "of-code", GRAPH: "of-graph"}
"""The query that lists the uses of a term, by its sort; `$term` in it stands for the term."""


@dataclass(frozen=True)
class Term:
    """One term of the vocabulary."""

    iri: str
    stated: dict[str, tuple[NamedNode | Literal, ...]]
    """What the vocabulary says about it, by prefixed property name."""
    uses: int

    @property
    def name(self) -> str:
        """Prefixed name, such as `vx:Facility`."""
        return f"graph:{slug(self.iri)}" if self.iri.startswith(GRAPHS) else curie(self.iri)

    @property
    def anchor(self) -> str:
        """The part of the documentation page that describes it."""
        return anchor(self.iri)

    @property
    def own(self) -> bool:
        """Whether this project minted it."""
        return self.iri.startswith(OWN)

    @property
    def types(self) -> tuple[str, ...]:
        """Prefixed names of its types."""
        return tuple(curie(value.value) for value in self.stated.get("rdf:type", ()))

    @property
    def sort(self) -> str:
        """One of the sorts in SORT_OF, or "other"."""
        return next((sort for name, sort in SORT_OF.items() if name in self.types), "other")

    @property
    def label(self) -> Text:
        """Its name in both languages; the other language where one is missing."""
        found = self._by_language("rdfs:label")
        known = next(iter(found.values()), self.name)
        return {"vi": found.get("vi", known), "en": found.get("en", known)}

    def texts(self, name: str, lang: str) -> list[str]:
        """The texts of a property in a language, or those without a language."""
        literals = [value for value in self.stated.get(name, ()) if isinstance(value, Literal)]
        own = [literal.value for literal in literals if literal.language == lang]
        return own or [literal.value for literal in literals if not literal.language]

    def links(self, name: str) -> list[str]:
        """The terms that a property names."""
        return sorted(v.value for v in self.stated.get(name, ()) if isinstance(v, NamedNode))

    def _by_language(self, name: str) -> dict[str, str]:
        values = (value for value in self.stated.get(name, ()) if isinstance(value, Literal))
        return {value.language: value.value for value in values if value.language}

    def query(self, lang: str) -> str | None:
        """A query that lists where it is used; None for a sort of term that has none."""
        if self.sort not in USES:
            return None
        return shipped(f"vocabulary/{USES[self.sort]}").titled(lang).replace("$term", f"<{self.iri}>")


@dataclass(frozen=True)
class Vocabulary:
    """All terms by IRI, and what the vocabulary says about itself."""

    terms: dict[str, Term]
    header: Term

    def of(self, sort: str, lang: str, own: bool = True) -> list[Term]:
        """The terms of one sort by name, our own or those taken from elsewhere."""
        found = (term for term in self.terms.values() if term.sort == sort and term.own is own)
        return sorted(found, key=lambda term: (term.label[lang].casefold(), term.iri))

    @cached_property
    def codes(self) -> dict[str, list[Term]]:
        """The codes of each list, in the order of their addresses."""
        found: dict[str, list[Term]] = {}
        for term in sorted(self.terms.values(), key=lambda term: term.iri):
            for scheme in term.links("skos:inScheme"):
                found.setdefault(scheme, []).append(term)
        return found

    @cached_property
    def properties_of(self) -> dict[str, list[Term]]:
        """The properties whose domain is a class."""
        found: dict[str, list[Term]] = {}
        for term in sorted(self.terms.values(), key=lambda term: term.iri):
            for domain in term.links("rdfs:domain"):
                found.setdefault(domain, []).append(term)
        return found

    def stray(self) -> Iterable[Term]:
        """Terms of no known sort: the page lists them too, so that every address leads somewhere."""
        return (term for term in self.terms.values() if term.sort == "other")


def anchor(iri: str) -> str:
    """`…/ont#Facility` -> `Facility`, `…/code/basis` -> `code-basis`, `…/graph/derived` -> `graph-derived`.

    A term of another vocabulary keeps its prefixed name: a local name would not be unique.
    """
    if iri.startswith(VX):
        return iri.removeprefix(VX)
    for base, prefix in ((CODE, "code-"), (GRAPHS, "graph-")):
        if iri.startswith(base):
            return prefix + iri.removeprefix(base)
    return curie(iri)


def read_terms(store: Store) -> Vocabulary:
    """The vocabulary that is loaded in a store."""
    uses = {row["term"].value: int(row["uses"].value) for row in select(store, "vocabulary/uses")}
    stated = _by_subject(select(store, "vocabulary/terms"), "term")
    header = _by_subject(select(store, "vocabulary/header"), "ontology")
    terms = {iri: Term(iri, values, uses.get(iri, 0)) for iri, values in stated.items()}
    own, values = next(iter(header.items()), (VX.removesuffix("#"), {}))
    return Vocabulary(terms, Term(own, values, 0))


def _by_subject(rows: list[dict], subject: str) -> dict[str, dict[str, tuple[NamedNode | Literal, ...]]]:
    found: dict[str, dict[str, dict[NamedNode | Literal, None]]] = {}
    for row in rows:
        values = found.setdefault(row[subject].value, {}).setdefault(curie(row["property"].value), {})
        values[row["value"]] = None
    return {iri: {name: tuple(v) for name, v in values.items()} for iri, values in found.items()}
