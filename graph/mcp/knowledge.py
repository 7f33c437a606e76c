"""Answers to the tools over one state of the data, without the protocol that carries them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from graph.catalogue import Catalogue
from graph.explore.neighbours import MISSING
from graph.explore.paths import GROUPS, MOST_PATHS, USUAL
from graph.explore.routes import routes
from graph.explore.view import Edge
from graph.facts import Facts
from graph.gaps import GAP_DETECTORS
from graph.mcp import answers
from graph.mcp.answers import NOT_ABSENT
from graph.mcp.gaps import Gaps
from graph.mcp.records import Records, Unanswerable
from graph.mcp.words import LANGUAGES, MOST_VALUES, examples, fact, label, properties_of
from graph.namespaces import ID, PREFIXES, SOURCE, slug
from graph.publish import analyse
from graph.query import EXAMPLES, load_queries
from graph.search import NAMED
from graph.sparql import Endpoint, Parameters
from graph.sparql_problems import Problem
from graph.store import Corridor
from graph.terms import Term, read_terms
from graph.workers import QueryPool

MOST_GAPS = 10
"""Gaps that `describe` names."""
MOST_NEAR = 8
PLACES = ("zone", "locality")
TURTLE_SIGNS = 40_000
QUERY_SECONDS = 10.0
ACCEPT = "application/sparql-results+json, text/turtle"


class Knowledge(Records):
    """The records as of one day, with everything the tools read. Close it to end the query processes."""

    def __init__(self, corridor: Corridor, as_of: str | None = None, seconds: float = QUERY_SECONDS) -> None:
        corridor, network, findings = analyse(corridor, as_of)
        super().__init__(network, findings, Catalogue.load(corridor.store))
        self.facts = Facts.load(corridor)
        self.gaps = Gaps(self)
        self.terms = read_terms(corridor.store)
        self.properties = properties_of(corridor)
        self.pool = QueryPool(corridor.dump, workers=1, seconds=seconds)
        self.endpoint = Endpoint(self.pool, corridor.graphs, corridor.store)

    def close(self) -> None:
        """Ends the query processes."""
        self.pool.close()

    def search(self, text: str, kind: str | None, limit: int) -> answers.Found:
        """Things by name. Diacritics may be left out."""
        hits, total = self.index.find(text, "en", {kind} if kind else None, limit)
        things = [self.thing(hit.slug) for hit in hits]
        near: list[answers.Thing] = []
        wanted = {kind} if kind else NAMED
        if not any(thing["kind"] in wanted for thing in things):
            near = [self.thing(hit.slug) for hit in self.index.near(text, "en", wanted, MOST_NEAR)]
        sources = [
            source
            for thing in (*things, *near)
            for source in self.network.nodes[thing["id"]].get("sources", ())
        ]
        rest = "Raise limit (at most 100) or search for more words." if total > len(hits) else ""
        return {"total": total, "things": things, "near": near, **self.ended(sources, rest)}

    def describe(self, thing: str) -> answers.Description:
        """Everything stated about a thing. Raises Unanswerable for an unknown id."""
        thing = self.known(thing)
        stated = self.facts.about(thing)
        cut = any(len(fact.values) > MOST_VALUES for fact in stated)
        gaps = [finding for finding in self.findings if thing in (finding.subject, *finding.objects)]
        rest = []
        if cut:
            rest.append(f"A fact has more than {MOST_VALUES} values: expand lists them, or sparql.")
        if len(gaps) > MOST_GAPS:
            rest.append(f"{len(gaps)} gaps in all: find_gaps with about={thing}.")
        named = [source for fact in stated for value in fact.values[:MOST_VALUES] for source in value.sources]
        return {
            "thing": self.thing(thing),
            "summary": {"vi": self.explorer.summary(thing, "vi"), "en": self.explorer.summary(thing, "en")},
            "facts": [fact(one) for one in stated],
            "relations": self._relations(thing),
            "gaps": [
                {"id": gap.id, "label": label(gap.message), "kind": gap.detector} for gap in gaps[:MOST_GAPS]
            ],
            **self.ended(named, " ".join(rest)),
        }

    def _relations(self, thing: str) -> list[answers.Relation]:
        found = zip(*(self.explorer.relations(thing, lang) for lang in LANGUAGES), strict=True)
        return [
            {
                "relation": vi.relation,
                "direction": vi.direction,
                "label": {"vi": vi.label, "en": en.label},
                "count": vi.count,
            }
            for vi, en in found
        ]

    def expand(
        self, thing: str, relation: str, direction: str, within: str | None, limit: int, after: int
    ) -> answers.Neighbours:
        """A page of neighbours, of those that stand in a place if one is given.

        Raises Unanswerable for an unknown id, what is no place, or a relation the thing does not have.
        """
        thing, place = self.known(thing), within and self.known(within)
        if place and self.network.nodes[place]["kind"] not in PLACES:
            raise Unanswerable(f"{place} is no place: within takes the id of a park, a zone or a locality.")
        found = self.explorer.expand(thing, relation, direction, len(self.network), 0, "en")
        known = [(one["relation"], one["direction"]) for one in self._relations(thing)]
        if (relation, direction) not in known and relation != MISSING:
            named = ", ".join(f"{name} ({way})" for name, way in known)
            raise Unanswerable(f"{thing} has no relation {relation!r} ({direction}). It has: {named}")
        by_end: dict[str, list[Edge]] = {}
        for edge in found.edges:
            for end in (edge.from_id, edge.to_id):
                by_end.setdefault(end, []).append(edge)
        kept = [node.id for node in found.nodes if not place or place in self.around(node.id)]
        neighbours: list[answers.Neighbour] = [
            {**self.thing(name), "lines": [self.line(edge.id) for edge in by_end.get(name, ())]}
            for name in kept[after : after + limit]
        ]
        named_sources = [s for one in neighbours for line in one["lines"] for s in line["source_ids"]]
        following = after + len(neighbours)
        rest = f"Call expand again with after={following}." if following < len(kept) else ""
        return {"total": len(kept), "neighbours": neighbours, **self.ended(named_sources, rest)}

    def path(self, start: str, end: str, relations: Sequence[str], limit: int) -> answers.Paths:
        """Paths between two things. Raises Unanswerable for an unknown id or twice the same."""
        start, end = self.known(start), self.known(end)
        if start == end:
            raise Unanswerable("Both ends are the same thing: name two different ones.")
        found = routes(self.explorer, start, end, tuple(relations) or USUAL, limit + 1, "en")
        paths: list[answers.Path] = [
            {
                "things": [self.thing(name) for name in route.ids],
                "steps": [[self.line(name) for name in step] for step in route.steps],
                "uncertain": route.missing,
            }
            for route in found.routes[:limit]
        ]
        named = [s for one in paths for step in one["steps"] for line in step for s in line["source_ids"]]
        rest = "The search stopped after very many relations: choose fewer kinds." if found.truncated else ""
        if len(found.routes) > limit:
            most = limit == MOST_PATHS
            rest = (
                rest
                or f"There are more paths: {'choose fewer kinds of relation' if most else 'raise limit'}."
            )
        other = ", ".join(group for group in GROUPS if group not in (tuple(relations) or USUAL))
        note = "" if paths else f"No recorded path by these relations. {NOT_ABSENT} Others to try: {other}."
        return {"paths": paths, "note": note, **self.ended(named, rest)}

    def sparql(self, query: str, limit: int, seconds: float) -> answers.Rows:
        """The answer to a query in the sandbox of the endpoint. Raises Unanswerable for what it refuses."""
        try:
            answer = self.endpoint.answer(Parameters(query, timeout=seconds), ACCEPT)
        except Problem as problem:
            raise Unanswerable(problem.explained()) from problem
        found: answers.Rows = {
            "variables": [], "rows": [], "boolean": None, "turtle": "", "things": [],
            "truncated": False, "rest": "", "sources": [],
        }  # fmt: skip
        if answer.reply.kind == "graph":
            triples = answer.reply.body.decode()
            found["turtle"] = triples[:TURTLE_SIGNS]
            cut, count = len(triples) > TURTLE_SIGNS or answer.reply.truncated, 0
        else:
            body = json.loads(answer.reply.body)
            found["boolean"] = body.get("boolean")
            found["variables"] = body["head"].get("vars", [])
            bindings = body.get("results", {}).get("bindings", [])
            found["rows"] = bindings[:limit]
            cut, count = len(bindings) > limit or answer.reply.truncated, len(bindings)
        cells = [cell["value"] for row in found["rows"] for cell in row.values() if cell["type"] == "uri"]
        things = dict.fromkeys(slug(iri) for iri in cells if iri.startswith(ID))
        found["things"] = [self.thing(name) for name in things if name in self.network]
        named = [slug(iri) for iri in cells if iri.startswith(SOURCE)]
        rest = ""
        if cut and count:
            rows = f"More than {count} rows" if answer.reply.truncated else f"{count} rows in all"
            rest = f"{rows}: raise limit (at most 1000), or use ORDER BY with LIMIT and OFFSET."
        elif cut:
            rest = "The graph is cut off, perhaps within a statement: use LIMIT and OFFSET in the query."
        return {**found, **self.ended(named, rest)}

    def schema(self, sort: str, text: str, limit: int, after: int) -> answers.Schema:
        """Terms of one sort whose name holds a text, and what a query may use."""
        wanted = text.casefold()
        found = [
            term
            for term in self.terms.of(sort, "en")
            if wanted in " ".join((term.name, *term.label.values(), *_other_names(term))).casefold()
        ]
        page = found[after : after + limit]
        following = after + len(page)
        rest = f"Call schema again with after={following}." if following < len(found) else ""
        return {
            "total": len(found),
            "terms": [
                {
                    "name": term.name,
                    "iri": term.iri,
                    "label": label(term.label),
                    "definition": " ".join(term.texts("skos:definition", "en")),
                    "domain": term.links("rdfs:domain"),
                    "range": term.links("rdfs:range"),
                    "properties": self.properties.get(term.iri, []),
                    "uses": term.uses,
                }
                for term in page
            ],
            "prefixes": dict(PREFIXES),
            "detectors": {one.DETECTOR: one.NAME for one in GAP_DETECTORS},
            "examples": examples([term.name for term in page], text),
            "questions": [query.title["en"] for query in load_queries(EXAMPLES)],
            **self.ended((), rest),
        }


def _other_names(term: Term) -> list[str]:
    return [name for lang in LANGUAGES for name in term.texts("skos:altLabel", lang)]
