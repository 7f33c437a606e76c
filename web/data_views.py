"""What the pages of the data set and of the vocabulary show, as typed objects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext
from pyoxigraph import Quad

from graph.card import FOLDER, Card, Row, TableCard, read_card
from graph.card_rdf import DATASET
from graph.gaps.plants import NOT_SUPPLYING
from graph.namespaces import ONTOLOGY_GRAPH, VX, curie, slug
from graph.query import shipped
from graph.shapes import Shape, list_shapes, shape_quads
from graph.store import ROOT, SHAPES
from graph.terms import CLASS, DATATYPE, GRAPH, LIST, PROPERTY, Term, Vocabulary, read_terms
from web import support

RELATIONS = (
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:domain",
    "rdfs:range",
    "owl:inverseOf",
    "owl:disjointWith",
    "skos:closeMatch",
    "skos:exactMatch",
)
"""What is shown of a term besides its texts, in this order."""


class Count(NamedTuple):
    """A name and how many; `share` of the largest, 0 to 1."""

    label: str
    number: int
    share: float


class Weak(NamedTuple):
    """One known weak spot in the language of the page."""

    id: str
    title: str
    text: str
    query: str | None


class Group(NamedTuple):
    """Kinds of one class."""

    label: str
    kinds: tuple[Count, ...]


class Uncounted(NamedTuple):
    """Plants of the four localities in the tables, and those that gap pages and the overview do not count."""

    all: int
    left: int
    """How many are not counted."""
    why: str
    """How many for which reason."""


class TableRow(NamedTuple):
    """One table, named after the class its rows belong to."""

    table: TableCard
    label: str
    about: str


@dataclass(frozen=True)
class DataPage:
    """The page of the data set."""

    card: Card
    title: str
    iri: str
    citation: str
    stated: int
    """Statements that sources make."""
    sources: int
    origins: tuple[Count, ...]
    grades: tuple[tuple[str, int, int], ...]
    """Letter, sources, statements whose best source has it."""
    tables: tuple[TableRow, ...]
    groups: tuple[Group, ...]
    coverage: tuple[tuple[str, bool, Row], ...]
    """Slug of the locality, whether it is a party to the agreement, figures."""
    uncounted: Uncounted
    years: tuple[Count, ...]
    weak: tuple[Weak, ...]

    def word(self, name: str) -> str:
        """A text of card.toml in the language of the page, empty if it is not there."""
        return self.card.words.get(name, {}).get(support.lang(), "")

    def query(self, name: str) -> str:
        """The address that runs a query of the card."""
        return url_for("sparql.sparql", query=shipped(FOLDER + name).titled(support.lang()))


def card() -> Card:
    """The card of the data that are served."""
    return _card(support.site().corridor.generation)


@lru_cache(maxsize=2)
def _card(_generation: str) -> Card:
    return read_card(support.site().corridor)


def vocabulary() -> Vocabulary:
    """The vocabulary of the data that are served."""
    return _vocabulary(support.site().corridor.generation)


@lru_cache(maxsize=2)
def _vocabulary(_generation: str) -> Vocabulary:
    return read_terms(support.site().corridor.store)


def shape_statements() -> tuple[Quad, ...]:
    """The rules that the records are held to, as SHACL; read once for a site."""
    return support.site().part(_read_shapes)


def _read_shapes(_site: support.Site) -> tuple[Quad, ...]:
    return tuple(shape_quads(ROOT / "ontology" / SHAPES))


def shapes() -> tuple[Shape, ...]:
    """The same rules, by name."""
    return support.site().part(_list_shapes)


def _list_shapes(site: support.Site) -> tuple[Shape, ...]:
    return list_shapes(site.part(_read_shapes))


def data_page() -> DataPage:
    """The page of the data set."""
    now, lang = card(), support.lang()
    grades = tuple((r["grade"], r["sources"], r.get("statements", 0)) for r in now.answers["grades"])
    return DataPage(
        card=now,
        title=now.words["title"][lang],
        iri=DATASET,
        citation=_citation(now.words, lang),
        stated=sum(row["statements"] for row in now.answers["origins"] if row["origin"] == VX + "Source"),
        sources=sum(sources for _, sources, _ in grades),
        origins=_counts([(_origin(row["origin"]), row["statements"]) for row in now.answers["origins"]]),
        grades=grades,
        tables=tuple(TableRow(table, _name(table.iri), _definition(table.iri)) for table in now.tables),
        groups=_groups(now),
        coverage=tuple(
            (slug(row["locality"]), row.get("party") == "true", row) for row in now.answers["coverage"]
        ),
        uncounted=_uncounted(),
        years=_counts([(row["year"], row["facilities"]) for row in now.answers["years"]]),
        weak=tuple(
            Weak(
                weakness.id,
                weakness.title[lang],
                weakness.text[lang].format(**{k: support.number(v) for k, v in weakness.figures.items()}),
                weakness.query,
            )
            for weakness in now.weak
        ),
    )


def _uncounted() -> Uncounted:
    nodes = support.site().network.nodes.values()
    plants = [node for node in nodes if node["kind"] == "facility" and node["inside"]]
    states = Counter(
        node["status"] if node["status"] in NOT_SUPPLYING else "later" if not node["active"] else ""
        for node in plants
    )
    reasons = {
        "mou": ngettext("%(num)s only a memorandum", "%(num)s only a memorandum", states["mou"]),
        "ended": ngettext("%(num)s ended", "%(num)s ended", states["ended"]),
        "later": ngettext("%(num)s to start later", "%(num)s to start later", states["later"]),
    }
    why = ", ".join(words for state, words in reasons.items() if states[state])
    return Uncounted(len(plants), len(plants) - states[""], why)


def _citation(words: dict[str, Any], lang: str) -> str:
    """How to cite; empty where the data do not say who publishes which version and when."""
    if not {"publisher", "version", "modified"} <= words.keys():
        return ""
    return words["citation"][lang].format(
        publisher=words.get(f"publisher_{lang}", words["publisher"]),
        year=words["modified"].year,
        title=words["title"][lang],
        version=words["version"],
        date=support.date(words["modified"].isoformat()),
        licence_name=words["licence_name"],
        address=DATASET,
    )


def _counts(pairs: list[tuple[str, int]]) -> tuple[Count, ...]:
    top = max((count for _, count in pairs), default=0)
    return tuple(Count(label, count, count / top) for label, count in pairs)


def _origin(iri: str) -> str:
    if iri == VX + "Source":
        return gettext("stated by sources")
    return gettext("the vocabulary") if iri == ONTOLOGY_GRAPH else _name(iri)


def _name(iri: str) -> str:
    terms = vocabulary().terms
    return terms[iri].label[support.lang()] if iri in terms else slug(iri)


def _definition(iri: str) -> str:
    terms = vocabulary().terms
    return " ".join(terms[iri].texts("skos:definition", support.lang())) if iri in terms else ""


def _groups(now: Card) -> tuple[Group, ...]:
    """Kinds by class, the class with most things first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for row in now.answers["kinds"]:
        found.setdefault(row["class"], []).append((_name(row["kind"]), row["things"]))
    groups = sorted(found.items(), key=lambda item: -sum(count for _, count in item[1]))
    return tuple(Group(_name(iri), _counts(kinds)) for iri, kinds in groups)


class Section(NamedTuple):
    """Terms of one sort under one heading."""

    id: str
    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class OntologyPage:
    """The documentation of the vocabulary."""

    terms: Vocabulary
    sections: tuple[Section, ...]
    lists: tuple[Term, ...]
    shapes: tuple[Shape, ...]

    @property
    def header(self) -> Term:
        """What the vocabulary says about itself."""
        return self.terms.header

    def codes(self, term: Term) -> list[Term]:
        """The codes of a list."""
        return self.terms.codes.get(term.iri, [])

    def known(self, iri: str) -> Term | None:
        """The term with this IRI, if the page describes it."""
        return self.terms.terms.get(iri)

    def short(self, iri: str) -> str:
        """Prefixed name of what the page does not describe."""
        return curie(iri)

    def licence(self, iri: str) -> str:
        """Name of the licence, if it is the one of the data."""
        words = card().words
        return words["licence_name"] if iri == words["licence"] else iri

    def relations(self, term: Term) -> list[tuple[str, list[str]]]:
        """Names of the relations of a term, each with the IRIs it points to."""
        found = ((name, [iri for iri in term.links(name) if iri != term.iri]) for name in RELATIONS)
        return [(relation_name(name), iris) for name, iris in found if iris]

    def properties(self, term: Term) -> list[Term]:
        """The properties that things of a class may have."""
        return self.terms.properties_of.get(term.iri, [])

    def query(self, term: Term) -> str | None:
        """The address that lists where a term is used."""
        text = term.query(support.lang())
        return url_for("sparql.sparql", query=text) if text and term.uses else None


def relation_name(name: str) -> str:
    """What a relation between terms is called in the language of the page."""
    return {
        "rdfs:subClassOf": gettext("Kind of"),
        "rdfs:subPropertyOf": gettext("Narrower than"),
        "rdfs:domain": gettext("Said of"),
        "rdfs:range": gettext("Leads to"),
        "owl:inverseOf": gettext("Inverse of"),
        "owl:disjointWith": gettext("Never also"),
        "skos:closeMatch": gettext("Close to"),
        "skos:exactMatch": gettext("Same as"),
    }[name]


def ontology_page() -> OntologyPage:
    """The documentation of the vocabulary."""
    terms, lang = vocabulary(), support.lang()
    reused = [term for sort in (CLASS, PROPERTY, DATATYPE, LIST) for term in terms.of(sort, lang, own=False)]
    sections = (
        Section("classes", gettext("Classes"), tuple(terms.of(CLASS, lang))),
        Section("properties", gettext("Properties"), tuple(terms.of(PROPERTY, lang))),
        Section("datatypes", gettext("Datatypes"), tuple(terms.of(DATATYPE, lang))),
        Section("graphs", gettext("Named graphs"), tuple(terms.of(GRAPH, lang))),
        Section("reused", gettext("Terms taken from other vocabularies"), tuple(reused)),
        Section("others", gettext("Other terms"), tuple(terms.stray())),
    )
    return OntologyPage(
        terms,
        tuple(section for section in sections if section.terms),
        tuple(terms.of(LIST, lang)),
        shapes(),
    )
