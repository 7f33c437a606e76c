"""What the what-if page shows, as typed objects and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext

from graph.catalogue import Source
from graph.model import Finding
from graph.what_if import Brings, Cascade, Closed, Difference, Halt, Meets, Shift, Spared
from web import support
from web.gap_words import kind_of_gap
from web.views import View

FIELDS = {"stop": ("facility", "organization"), "product": ("product",), "zone": ("zone",)}
"""What can be picked, with the kinds of thing each may be."""
MOST_CHOICES = 800
"""Names offered under a field; any other can be typed."""
MOST_ROWS = 60
"""Findings of one kind of change on the page; JSON has all."""


class Step(NamedTuple):
    """One facility that stops, with its sources."""

    halt: Halt
    sources: list[Source]


class StopPage(NamedTuple):
    """What stops with a facility."""

    cascade: Cascade
    steps: tuple[Step, ...]
    finding: Finding | None
    """The failure point (D8) about the same facility, if the analysis names it."""


class ShiftRow(NamedTuple):
    """One finding before and after."""

    kind: str
    text: str
    href: str | None
    """Page of the finding; a finding that is only imagined has none."""
    before: Finding | None
    after: Finding | None


class ShiftGroup(NamedTuple):
    """Findings that close, change or open."""

    key: str
    title: str
    rows: tuple[ShiftRow, ...]
    number: int


class Stage(NamedTuple):
    """The findings under one assumption."""

    key: str
    title: str
    groups: tuple[ShiftGroup, ...]


class ClosedPage(NamedTuple):
    """What an imagined maker would change."""

    closed: Closed
    stages: tuple[Stage, ...]
    meets: tuple[Meets, ...]
    brings: tuple[Brings, ...]


def names(view: View) -> dict[str, list[str]]:
    """Things by each of their names, in small letters."""
    found: dict[str, list[str]] = {}
    for thing, node in sorted(view.network.nodes(data=True)):
        for name in dict.fromkeys(text.casefold() for text in node["label"].values()):
            found.setdefault(name, []).append(thing)
    return found


def choices() -> dict[str, list[str]]:
    """Names to offer under each field, in the page's language."""
    return support.view().part({"vi": _choices_vi, "en": _choices_en}[support.lang()])


def _choices_vi(view: View) -> dict[str, list[str]]:
    return _choices(view, "vi")


def _choices_en(view: View) -> dict[str, list[str]]:
    return _choices(view, "en")


def _choices(view: View, lang: str) -> dict[str, list[str]]:
    nodes = view.network.nodes
    suppliers = {
        start
        for start, _, data in view.network.edges(data=True)
        if data["relation"] == "supplies" and nodes[start].get("subkind") != "aggregate"
    }
    inside = frozenset(view.network.graph["corridor"])
    zones = {
        zone
        for zone, node in nodes(data=True)
        if node["kind"] == "zone" and (node.get("locality_stated") or node.get("locality")) in inside
    }
    products = {product for product, node in nodes(data=True) if node["kind"] == "product"}
    things = {"stop": suppliers, "product": products, "zone": zones}
    return {
        name: sorted({nodes[thing]["label"][lang] for thing in found}, key=str.casefold)[:MOST_CHOICES]
        for name, found in things.items()
    }


def stop_page(cascade: Cascade) -> StopPage:
    """The page of a stop."""
    catalogue = support.site().catalogue
    steps = tuple(Step(halt, catalogue.best(halt.sources)) for halt in cascade.halts)
    about = support.view().findings_by_thing.get(cascade.start, ())
    finding = next((f for f in about if f.detector == "D8" and f.subject == cascade.start), None)
    return StopPage(cascade, steps, finding)


def spared_reason(item: Spared) -> str:
    """Why a buyer goes on."""
    return {
        "another_source": gettext("another supplier is recorded"),
        "aggregate_source": gettext("it also buys from suppliers that the records do not name one by one"),
        "not_core": gettext("the input is not recorded as a core need"),
        "no_need": gettext("no need for this input is recorded"),
    }[item.reason]


def closed_page(closed: Closed) -> ClosedPage:
    """The page of an imagined maker."""
    stages = (
        ("present", gettext("If it stood there, before it supplies anyone"), closed.present),
        ("supplying", gettext("If it also supplied every plant that needs its product"), closed.supplying),
    )
    return ClosedPage(
        closed,
        tuple(Stage(key, title, _groups(difference)) for key, title, difference in stages),
        closed.meets,
        closed.brings,
    )


def _groups(difference: Difference) -> tuple[ShiftGroup, ...]:
    groups = (
        ("closed", gettext("Gaps that close"), difference.closed),
        ("changed", gettext("Gaps that change"), difference.changed),
        ("new", gettext("Gaps and matches to check that appear"), difference.new),
    )
    return tuple(
        ShiftGroup(
            key, title, tuple(_row(key, shift) for shift in _gaps_first(shifts)[:MOST_ROWS]), len(shifts)
        )
        for key, title, shifts in groups
    )


def _gaps_first(shifts: Iterable[Shift]) -> list[Shift]:
    """Questions about the records (D12) last, else by how much is at stake."""
    return sorted(
        shifts, key=lambda shift: (shift.finding.detector == "D12", -shift.finding.priority, shift.finding.id)
    )


def _row(key: str, shift: Shift) -> ShiftRow:
    finding = shift.finding
    href = None if key == "new" else url_for("gaps.gap", gap_id=finding.id)
    return ShiftRow(
        kind_of_gap(finding.detector, finding.name), _about(finding), href, shift.before, shift.after
    )


def _about(finding: Finding) -> str:
    """What a finding is about: its subject, and of an input of one plant also the input."""
    named = [finding.subject]
    if finding.detector in ("D2", "D3", "D14"):
        named += finding.objects[:1]
    return ": ".join(support.label(name) for name in named)


def stop_json(cascade: Cascade) -> dict[str, Any]:
    """What stops, as plain JSON."""
    return {
        "start": cascade.start,
        "stops": [halt._asdict() for halt in cascade.halts],
        "goes_on": [item._asdict() for item in cascade.spared],
        "share_of_size": round(cascade.share, 4),
        "size": cascade.size,
        "size_of_all_others": cascade.all_size,
        "links_searched": cascade.links,
        "recorded_buyers": cascade.buyers,
        "lowest_coverage": cascade.lowest_coverage,
    }


def closed_json(closed: Closed) -> dict[str, Any]:
    """What an imagined maker would change, as plain JSON."""
    return {
        "product": closed.product,
        "zone": closed.zone,
        "recorded_makers": list(closed.makers),
        "present": _difference_json(closed.present),
        "supplying": _difference_json(closed.supplying),
        "could_meet": [item._asdict() for item in closed.meets],
        "would_need": [item._asdict() for item in closed.brings],
    }


def _difference_json(difference: Difference) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, Sequence[Shift]] = {
        "closed": difference.closed,
        "changed": difference.changed,
        "new": difference.new,
    }
    return {name: [_shift_json(shift) for shift in shifts] for name, shifts in groups.items()}


def _shift_json(shift: Shift) -> dict[str, Any]:
    finding = shift.finding
    about = {"id": finding.id, "detector": finding.detector, "name": finding.name, "subject": finding.subject}
    return {
        **about,
        "objects": list(finding.objects),
        **{side: _numbers(getattr(shift, side)) for side in ("before", "after")},
    }


def _numbers(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    numbers = {"severity": round(finding.severity, 4), "confidence": round(finding.confidence, 4)}
    return {**numbers, "label": finding.label, "group": finding.group, "listed": finding.listed}
