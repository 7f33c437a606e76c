"""What the page of claims shows: the verdict, the rule or person behind it, and the records compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from graph.carriers import carried
from graph.catalogue import Source
from graph.facts import term_text
from graph.model import Text
from graph.namespaces import ID, NOTE, TYPE, rebased, slug, source_slugs
from graph.query import QUERIES, select, shipped
from web import support
from web.source_views import Tally, as_dict, tallies

CHECKS = ("contradicted", "supported", "unverified")
RULE_QUERY = "30-claim-verdicts"


class Record(NamedTuple):
    """A record a claim was compared with."""

    slug: str
    name: str
    place: str
    note: str
    """Status of a plant; empty for other things."""
    inside: bool | None
    """Whether a plant lies in the four localities; None for other things."""
    counts: bool
    """Whether the rule counts it."""
    sources: list[Source]


@dataclass(frozen=True)
class ClaimRow:
    """One claim, how it compares with the records, and the records it was compared with."""

    slug: str
    name: Text
    subject: str | None
    check: str
    rule: str | None
    """Rule by which the verdict is computed; None for a verdict of the curators."""
    investor: str | None
    """Whom the rule is about."""
    speakers: tuple[str, ...]
    speaker_text: str
    evidence: tuple[Record, ...]
    plants: int
    """Plants among them that count."""
    inside: int
    """Of these plants, the ones in the four localities."""
    note: str
    note_lang: str
    sources: list[Source]


@dataclass(frozen=True)
class ClaimsPage:
    """The list of claims, and the query that computes verdicts."""

    rows: tuple[ClaimRow, ...]
    checks: tuple[Tally, ...]
    total: int
    computed: int
    rule: str
    """Text of the query by which verdicts are computed."""
    plants_query: str
    """Text of the query for the plants that it looks at."""


def claims_page(chosen: tuple[str, ...]) -> ClaimsPage:
    """Claims with the given results of the check (all if none), contradicted first, computed ones first."""
    store = support.site().corridor.store
    plants: dict[str, list[dict[str, Any]]] = {}
    for plant in select(store, "pages/claim-plants"):
        plants.setdefault(slug(plant["claim"].value), []).append(plant)
    rows = [_claim(row, plants.get(slug(row["claim"].value), [])) for row in select(store, "pages/claims")]
    rows.sort(key=lambda row: (CHECKS.index(row.check), row.rule is None, -len(row.evidence), row.slug))
    return ClaimsPage(
        rows=tuple(row for row in rows if not chosen or row.check in chosen),
        checks=tallies("claim-check", CHECKS, [row.check for row in rows], chosen),
        total=len(rows),
        computed=sum(row.rule is not None for row in rows),
        rule=_rule_text(),
        plants_query=shipped("pages/claim-plants").text,
    )


@lru_cache(maxsize=1)
def _rule_text() -> str:
    return rebased((QUERIES / "derive" / f"{RULE_QUERY}.rq").read_text("utf-8"))


def _claim(row: dict[str, Any], plants: list[dict[str, Any]]) -> ClaimRow:
    site = support.site()
    store, language = site.corridor.store, support.lang()
    claim = slug(row["claim"].value)
    note, note_lang = _note(store, claim)
    rest = [
        thing for thing in _slugs(row.get("evidence")) if ID + thing not in {p["plant"].value for p in plants}
    ]
    evidence = (*map(_plant, plants), *(_record(store, thing) for thing in rest))
    counted = [record for record in evidence if record.counts and record.inside is not None]
    return ClaimRow(
        slug=claim,
        name={
            "vi": row["statement"].value if "statement" in row else term_text(store, row["claim"])["vi"],
            "en": term_text(store, row["claim"])["en"],
        },
        subject=slug(row["subject"].value) if "subject" in row else None,
        check=row["check"].value,
        rule=term_text(store, row["rule"])[language] if "rule" in row else None,
        investor=slug(row["ruleObject"].value) if "ruleObject" in row else None,
        speakers=_slugs(row.get("speakers")),
        speaker_text=_speaker_text(row, language),
        evidence=evidence,
        plants=len(counted),
        inside=sum(bool(record.inside) for record in counted),
        note=note,
        note_lang=note_lang,
        sources=site.catalogue.best(source_slugs(row["sources"].value)),
    )


def _speaker_text(row: dict[str, Any], language: str) -> str:
    """Who said it, as written by the source, or our translation of that; empty if nothing is recorded."""
    field = "statedByTextVi" if language == "vi" and "statedByTextVi" in row else "statedByText"
    return str(row[field].value) if field in row else ""


def _plant(row: dict[str, Any]) -> Record:
    store, language = support.site().corridor.store, support.lang()
    record = _record(store, slug(row["plant"].value))
    return record._replace(
        place=term_text(store, row["locality"])[language] if "locality" in row else "",
        note=term_text(store, row["status"])[language],
        inside=row["inside"].value == "true",
        counts=row["counts"].value == "true",
    )


def _record(store: Store, thing: str) -> Record:
    site = support.site()
    node = NamedNode(ID + thing)
    attributes = site.network.nodes[thing] if thing in site.network else {}
    types = carried(store, store.quads_for_pattern(node, TYPE, None, None))
    return Record(
        slug=thing,
        name=term_text(store, node)[support.lang()],
        place=support.label(place) if (place := attributes.get("locality_stated")) else "",
        note="",
        inside=attributes["inside"] if attributes.get("kind") == "facility" else None,
        counts=True,
        sources=site.catalogue.best(source for statement in types for source in statement.sources),
    )


def _note(store: Store, claim: str) -> tuple[str, str]:
    """The curators' note and its language: that of the page if there is one."""
    notes = {
        quad.object.language or "": quad.object.value
        for quad in store.quads_for_pattern(NamedNode(ID + claim), NOTE, None, None)
        if isinstance(quad.object, Literal)
    }
    if not notes:
        return "", ""
    language = support.lang() if support.lang() in notes else min(notes)
    return notes[language], language


def _slugs(iris: Literal | None) -> tuple[str, ...]:
    return tuple(sorted(slug(iri) for iri in iris.value.split())) if iris else ()


def claims_json(page: ClaimsPage) -> dict[str, Any]:
    """The list for programs."""
    return {
        "claims": [
            {
                "id": row.slug, "statement": row.name, "about": row.subject, "check": row.check,
                "computed": row.rule is not None, "rule_object": row.investor,
                "plants": row.plants, "inside": row.inside,
                "evidence": [
                    {
                        "id": record.slug, "name": record.name, "place": record.place,
                        "inside": record.inside, "counts": record.counts,
                        "sources": list(map(as_dict, record.sources)),
                    }
                    for record in row.evidence
                ],
                "sources": list(map(as_dict, row.sources)),
            }
            for row in page.rows
        ],
        "total": len(page.rows),
    }  # fmt: skip
