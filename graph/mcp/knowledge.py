"""Answers to the tools over one state of the data, without the protocol that carries them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from graph.catalogue import Catalogue
from graph.explore import Explorer
from graph.explore.neighbours import MISSING
from graph.explore.paths import GROUPS, MOST_PATHS, USUAL
from graph.explore.routes import routes
from graph.explore.sentences import sentence
from graph.explore.view import Edge
from graph.facts import Facts
from graph.gap_table import Filters, GapTable, UnknownValue
from graph.gaps import GAP_DETECTORS
from graph.mcp import answers
from graph.mcp.answers import NOT_ABSENT
from graph.mcp.words import MOST_VALUES, doubt, examples, fact, label, properties_of, refusal
from graph.model import Finding
from graph.namespaces import ID, PREFIXES, SOURCE, slug
from graph.publish import analyse
from graph.search import Index
from graph.sparql import Endpoint, Parameters
from graph.sparql_problems import Problem
from graph.store import Corridor
from graph.terms import Term, read_terms
from graph.workers import QueryPool

LANGUAGES = ("vi", "en")
MOST_GAPS = 10
"""Gaps that `describe` names."""
MOST_SOURCES = 40
TURTLE_SIGNS = 40_000
QUERY_SECONDS = 10.0
MOST_EVIDENCE = 8
LISTED = "listed"
ACCEPT = "application/sparql-results+json, text/turtle"


class Unanswerable(ValueError):
    """A question that cannot be answered; the text says what to ask instead."""


class Knowledge:
    """The records as of one day, with everything the tools read. Close it to end the query processes."""

    def __init__(self, corridor: Corridor, as_of: str | None = None, seconds: float = QUERY_SECONDS) -> None:
        corridor, self.network, self.findings = analyse(corridor, as_of)
        self.explorer = Explorer(self.network, self.findings)
        self.index = Index.build(self.network)
        self.catalogue = Catalogue.load(corridor.store)
        self.facts = Facts.load(corridor)
        self.gaps = GapTable.build(self.explorer.neighbours.world, self.findings)
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
        things = [self._thing(hit.slug) for hit in hits]
        sources = [
            source for thing in things for source in self.network.nodes[thing["id"]].get("sources", ())
        ]
        rest = "Raise limit (at most 100) or search for more words." if total > len(hits) else ""
        return {"total": total, "things": things, **self._close(sources, rest)}

    def describe(self, thing: str) -> answers.Description:
        """Everything stated about a thing. Raises Unanswerable for an unknown id."""
        thing = self._known(thing)
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
            "thing": self._thing(thing),
            "summary": {"vi": self.explorer.summary(thing, "vi"), "en": self.explorer.summary(thing, "en")},
            "facts": [fact(one) for one in stated],
            "relations": self._relations(thing),
            "gaps": [
                {"id": gap.id, "label": label(gap.message), "kind": gap.detector} for gap in gaps[:MOST_GAPS]
            ],
            **self._close(named, " ".join(rest)),
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

    def expand(self, thing: str, relation: str, direction: str, limit: int, after: int) -> answers.Neighbours:
        """A page of neighbours. Raises Unanswerable for an id or a relation the thing does not have."""
        thing = self._known(thing)
        found = self.explorer.expand(thing, relation, direction, limit, after, "en")
        known = [(one["relation"], one["direction"]) for one in self._relations(thing)]
        if (relation, direction) not in known and relation != MISSING:
            named = ", ".join(f"{name} ({way})" for name, way in known)
            raise Unanswerable(f"{thing} has no relation {relation!r} ({direction}). It has: {named}")
        by_end: dict[str, list[Edge]] = {}
        for edge in found.edges:
            for end in (edge.from_id, edge.to_id):
                by_end.setdefault(end, []).append(edge)
        neighbours: list[answers.Neighbour] = [
            {**self._thing(node.id), "lines": [self._line(edge.id) for edge in by_end.get(node.id, ())]}
            for node in found.nodes
        ]
        named_sources = [s for one in neighbours for line in one["lines"] for s in line["source_ids"]]
        rest = "" if found.after is None else f"Call expand again with after={found.after}."
        return {"total": found.count, "neighbours": neighbours, **self._close(named_sources, rest)}

    def path(self, start: str, end: str, relations: Sequence[str], limit: int) -> answers.Paths:
        """Paths between two things. Raises Unanswerable for an unknown id or twice the same."""
        start, end = self._known(start), self._known(end)
        if start == end:
            raise Unanswerable("Both ends are the same thing: name two different ones.")
        found = routes(self.explorer, start, end, tuple(relations) or USUAL, limit + 1, "en")
        paths: list[answers.Path] = [
            {
                "things": [self._thing(name) for name in route.ids],
                "steps": [[self._line(name) for name in step] for step in route.steps],
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
        return {"paths": paths, "note": note, **self._close(named, rest)}

    def sparql(self, query: str, limit: int, seconds: float) -> answers.Rows:
        """The answer to a query in the sandbox of the endpoint. Raises Unanswerable for what it refuses."""
        try:
            answer = self.endpoint.answer(Parameters(query, timeout=seconds), ACCEPT)
        except Problem as problem:
            raise Unanswerable(refusal(problem)) from problem
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
        found["things"] = [self._thing(name) for name in things if name in self.network]
        named = [slug(iri) for iri in cells if iri.startswith(SOURCE)]
        rest = ""
        if cut and count:
            rows = f"More than {count} rows" if answer.reply.truncated else f"{count} rows in all"
            rest = f"{rows}: raise limit (at most 1000), or use ORDER BY with LIMIT and OFFSET."
        elif cut:
            rest = "The graph is cut off, perhaps within a statement: use LIMIT and OFFSET in the query."
        return {**found, **self._close(named, rest)}

    def find_gaps(
        self, about: str | None, chosen: dict[str, str | None], text: str, limit: int, after: int
    ) -> answers.Gaps:
        """Gaps that pass the filters, in rank order. Raises Unanswerable for a value that no gap has."""
        filters = Filters({name: (value,) for name, value in chosen.items() if value}, text)
        try:
            self.gaps.check(filters)
        except UnknownValue as unknown:
            known = ", ".join(unknown.allowed[:20])
            raise Unanswerable(
                f"{unknown.facet}={unknown.value!r} is not known. Known are: {known}"
            ) from unknown
        found, note = self._gaps_about(about, filters), NOT_ABSENT
        kept_out = len(self._gaps_about(about, filters.without(LISTED))) - len(found)
        if kept_out:
            note += f" {kept_out} more are not on the main list, their evidence is thin: main_list=false."
        page = found[after : after + limit]
        named = [source for gap in page for premise in gap.evidence for source in premise.sources]
        following = after + len(page)
        rest = f"Call find_gaps again with after={following}." if following < len(found) else ""
        return {
            "total": len(found),
            "gaps": [self._gap(finding) for finding in page],
            "note": note,
            **self._close(named, rest),
        }

    def _gaps_about(self, about: str | None, filters: Filters) -> list[Finding]:
        """The gaps that pass the filters and touch a thing, or the gap of this id. Raises Unanswerable."""
        chosen = self.gaps.select(filters)
        if not about:
            return [entry.finding for entry in chosen]
        if one := [finding for finding in self.findings if finding.id == _bare(about)]:
            return one
        thing, node = self._known(about), self.network.nodes
        return [
            entry.finding
            for entry in chosen
            if thing in (entry.finding.subject, *entry.finding.objects, *entry.plants, *entry.zones)
            or thing in entry.finding.places
            or any(thing in (node[plant].get("operator"), node[plant].get("group")) for plant in entry.plants)
        ]

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
            "examples": examples([term.name for term in page]),
            **self._close((), rest),
        }

    def _known(self, thing: str) -> str:
        """The id of a thing, which may come as an IRI or with its prefix. Raises Unanswerable."""
        found = _bare(thing)
        if found in self.network:
            return found
        if any(finding.id == found for finding in self.findings):
            raise Unanswerable(f"{found} is a gap: call find_gaps with about={found}.")
        hits, _ = self.index.find(found.replace("-", " "), "en", None, 3)
        near = "; ".join(f"{hit.slug} ({hit.label})" for hit in hits)
        tip = f"Did you mean: {near}?" if near else "Call search with a name to get an id."
        raise Unanswerable(f"No thing has the id {thing[:80]!r}. {tip}")

    def _thing(self, name: str) -> answers.Thing:
        attributes = self.network.nodes[name]
        return {"id": name, "label": label(attributes["label"]), "kind": attributes["kind"]}

    def _line(self, name: str) -> answers.Line:
        line = self.explorer.line(name)
        texts = {lang: sentence(self.explorer.things(lang), line) for lang in LANGUAGES}
        return {
            "id": name,
            "kind": line.kind,
            "sentence": label(texts),
            "source_ids": [] if line.need else list(line.link[3].get("sources", ())),
        }

    def _gap(self, finding: Finding) -> answers.Gap:
        names = [name for name in (finding.subject, *finding.objects) if name in self.network]
        return {
            "id": finding.id,
            "detector": f"{finding.detector} {finding.name}",
            "message": label(finding.message),
            "things": [self._thing(name) for name in names],
            "severity": round(finding.severity, 4),
            "confidence": round(finding.confidence, 4),
            "label": finding.label,
            "cannot_be_ruled_out": doubt(finding),
            "would_change_it": label(finding.flip),
            "evidence_total": len(finding.evidence),
            "evidence": [
                {
                    "text": label(premise.text),
                    "absence": premise.absence,
                    "searched": premise.searched,
                    "coverage": premise.coverage,
                    "source_ids": list(premise.sources),
                }
                for premise in finding.evidence[:MOST_EVIDENCE]
            ],
        }

    def _close(self, named: Iterable[str], rest: str) -> answers.Answer:
        """What every answer ends with: whether it is whole, and who says so, best first."""
        sources = self.catalogue.best(named)
        if len(sources) > MOST_SOURCES:
            rest = f"{rest} {len(sources)} sources in all: ask for fewer things.".strip()
        return {
            "truncated": bool(rest),
            "rest": rest,
            "sources": [
                {
                    "id": source.slug,
                    "title": source.title,
                    "publisher": source.publisher,
                    "date": source.published,
                    "address": source.url,
                    "grade": source.grade,
                }
                for source in sources[:MOST_SOURCES]
            ],
        }


def _bare(thing: str) -> str:
    return thing.removeprefix(ID).removeprefix("id:")


def _other_names(term: Term) -> list[str]:
    return [name for lang in LANGUAGES for name in term.texts("skos:altLabel", lang)]
