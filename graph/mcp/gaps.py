"""The linkage gaps as the tools tell them."""

from __future__ import annotations

from collections.abc import Sequence

from graph.gap_table import Entry, Filters, GapTable, UnknownValue
from graph.mcp import answers
from graph.mcp.answers import NOT_ABSENT
from graph.mcp.records import Records, Unanswerable, bare
from graph.mcp.words import doubt, label
from graph.model import Finding

MOST_EVIDENCE = 8
"""Lines of evidence of a gap among others."""
MOST_LINES = 1000
"""Lines of evidence of a gap that is asked for by its id."""
LISTED = "listed"


class Gaps:
    """All findings on some records, by what they touch."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._table = GapTable.build(records.explorer.neighbours.world, records.findings)

    def find(
        self, about: Sequence[str], chosen: dict[str, str | None], text: str, limit: int, after: int
    ) -> answers.Gaps:
        """Gaps that pass the filters, in rank order. Raises Unanswerable for a value that no gap has."""
        filters = Filters({name: (value,) for name, value in chosen.items() if value}, text)
        try:
            self._table.check(filters)
        except UnknownValue as unknown:
            known = ", ".join(unknown.allowed[:20])
            raise Unanswerable(
                f"{unknown.facet}={unknown.value!r} is not known. Known are: {known}"
            ) from unknown
        found, note = self._about(about, filters), NOT_ABSENT
        kept_out = len(self._about(about, filters.without(LISTED))) - len(found)
        if kept_out:
            note += f" {kept_out} more are not on the main list, their evidence is thin: main_list=false."
        page = found[after : after + limit]
        most = MOST_LINES if {gap.id for gap in page} & {bare(one) for one in about} else MOST_EVIDENCE
        named = [s for gap in page for premise in gap.evidence[:most] for s in premise.sources]
        following = after + len(page)
        rest = f"Call find_gaps again with after={following}." if following < len(found) else ""
        if any(len(gap.evidence) > most for gap in page):
            rest = f"{rest} {most} lines of evidence a gap: about=<id of the gap> gives all.".strip()
        if kept_out and not found:
            rest = f"{kept_out} gaps fit, all of them with thin evidence: call again with main_list=false."
        return {
            "total": len(found),
            "gaps": [self._gap(finding, most) for finding in page],
            "note": note,
            **self._records.ended(named, rest),
        }

    def _about(self, about: Sequence[str], filters: Filters) -> list[Finding]:
        """The gaps that pass the filters and touch all these things, or those of these ids.

        Raises Unanswerable.
        """
        named = {bare(one) for one in about}
        if found := [finding for finding in self._records.findings if finding.id in named]:
            return found
        things = [self._records.known(one) for one in about]
        return [
            entry.finding
            for entry in self._table.select(filters)
            if all(self._touches(entry, thing) for thing in things)
        ]

    def _touches(self, entry: Entry, thing: str) -> bool:
        plants = [self._records.network.nodes[plant] for plant in entry.plants]
        return (
            thing in (entry.finding.subject, *entry.finding.objects, *entry.plants, *entry.zones)
            or thing in entry.finding.places
            or any(thing in (plant.get("operator"), plant.get("group")) for plant in plants)
        )

    def _gap(self, finding: Finding, most: int) -> answers.Gap:
        names = [name for name in (finding.subject, *finding.objects) if name in self._records.network]
        return {
            "id": finding.id,
            "detector": f"{finding.detector} {finding.name}",
            "message": label(finding.message),
            "things": [self._records.thing(name) for name in names],
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
                for premise in finding.evidence[:most]
            ],
        }
