"""The gaps that touch a thing, on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for

from graph.explore.short_names import short_name
from graph.gap_table import Entry
from web import support
from web.gap_views import absence, analysis, sentence

SHOWN_GAPS = 8


class GapItem(NamedTuple):
    """A gap that touches this thing."""

    href: str
    text: str
    note: str
    missing: bool = False
    """Whether it is an input that is needed and nobody here is recorded to make."""


@dataclass(frozen=True)
class Gaps:
    """The gaps that touch a thing: the listed ones, and how many opportunities and questions there are."""

    items: tuple[GapItem, ...]
    total: int
    all: str
    opportunities: int
    opportunities_href: str
    questions: tuple[GapItem, ...]


def gaps_of(thing: str, node: dict[str, Any], plants: list[str]) -> Gaps | None:
    """The gaps of a thing and its plants; None for a kind of thing that has none."""
    touching = _touching(thing, node, plants)
    if touching is None:
        return None
    entries, narrowed = touching
    main = [e for e in entries if e.finding.listed and e.finding.detector != "D12"]
    matches = sum(entry.finding.detector == "D3" for entry in entries)
    questions = [e for e in entries if e.finding.detector == "D12" and e.finding.subject == thing]
    return Gaps(
        items=tuple(_gap_item(entry, {thing, *plants}) for entry in main[:SHOWN_GAPS]),
        total=len(main),
        all=url_for("gaps.gaps", **narrowed),
        opportunities=matches,
        opportunities_href=url_for("gaps.gaps", kind="D3", **narrowed),
        questions=tuple(_gap_item(entry, set()) for entry in questions),
    )


def _touching(
    thing: str, node: dict[str, Any], plants: list[str]
) -> tuple[list[Entry], dict[str, Any]] | None:
    """The findings that touch a thing, and the filter that gives the same list; None for other kinds."""
    table = analysis().table
    kind = node.get("kind")
    if kind == "facility" and thing in table.allowed["buyer"]:
        return [e for e in table.entries if thing in e.plants], {"buyer": thing}
    if kind == "zone" and thing in table.allowed["zone"]:
        return [e for e in table.entries if thing in e.zones], {"zone": thing}
    if kind == "locality" and (here := _groups_in(thing)):
        return [e for e in table.entries if set(here) & set(e.finding.places)], {"locality": here}
    if kind == "product":
        found = [e for e in table.entries if thing in (e.finding.subject, *e.finding.objects)]
        return found, {"q": support.label(thing)}
    if kind == "organization" and (own := [plant for plant in plants if plant in table.allowed["buyer"]]):
        return [e for e in table.entries if set(own) & set(e.plants)], {"buyer": own}
    return None


def _groups_in(unit: str) -> list[str]:
    """The localities of the reading that are this unit or lie in it on the date."""
    nodes, found = support.view().network.nodes, analysis().table.localities
    return [place for place in found if unit in (place, nodes[place].get("unit"))]


def _gap_item(entry: Entry, around: set[str]) -> GapItem:
    finding, network = entry.finding, support.view().network
    href = url_for("gaps.gap", gap_id=finding.id)
    if finding.detector in ("D1", "D7"):
        buyers = [plant for plant in entry.plants if plant in around] or list(entry.plants)
        names = dict.fromkeys(short_name(network, plant, support.lang()) for plant in buyers)
        note = f"{absence(finding)} · {_listing(list(names))}"
        return GapItem(href, support.label(finding.subject), note, missing=True)
    words = sentence(finding)
    return GapItem(href, f"{words.before}{words.strong}{words.after}", words.note)


def _listing(names: list[str], most: int = 4) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} +{len(names) - most}" if len(names) > most else shown
