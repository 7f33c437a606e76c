"""What the page of one gap shows, as typed objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext

from graph.catalogue import Source
from graph.explore.short_names import short_name
from graph.gap_candidates import Option, Options, options, target_of
from graph.gap_diagram import Diagram, Parts, draw, parts_of
from graph.gap_diagram_narrow import draw_narrow
from graph.gap_export import audits
from graph.gap_query import gap_query
from graph.gap_table import Entry
from graph.gaps.nearest import kilometres_between
from graph.gaps.parameters import RemedyParameters
from graph.model import Finding, Premise, Remedy, Text, home
from web import support
from web.gap_views import Sentence, analysis, place_name, sentence
from web.gap_words import basis_name, formula_name, kind_of_gap

SHOWN_PREMISES = 4
"""Premises of one class shown before the rest folds away."""
WITHOUT_DRAWING = ("D12",)


class Evidence(NamedTuple):
    """One premise as shown."""

    premise: Premise
    sources: list[Source]
    href: str | None


class Drawing(NamedTuple):
    """A drawing for wide pages and for narrow ones."""

    wide: Diagram
    narrow: Diagram


class EvidenceGroup(NamedTuple):
    """Premises of one class; `more` is folded away."""

    title: str
    shown: tuple[Evidence, ...]
    more: tuple[Evidence, ...]


class Candidate(NamedTuple):
    """A plant to ask, with its place and the name of what it makes nearest to the product."""

    option: Option
    text: Text | None
    """What the finding proposes about it."""
    place: str
    what_if: str | None


class Outside(NamedTuple):
    """A recorded maker outside the corridor."""

    slug: str
    place: str
    km: float | None


@dataclass(frozen=True)
class GapPage:
    """One gap with all its evidence."""

    finding: Finding
    kind: str
    rests_on: str
    sentence: Sentence
    drawing: Drawing | None
    target: str | None
    """The product the plants need, if the gap is about one."""
    other_makers: bool
    """Whether plants of the corridor are recorded to make it that supply nobody."""
    evidence: tuple[EvidenceGroup, ...]
    absences: tuple[Premise, ...]
    audits: int
    steps: tuple[Remedy, ...]
    """Ways out that name no candidate."""
    can_supply: tuple[Candidate, ...]
    could_diversify: tuple[Candidate, ...]
    weights: RemedyParameters
    asks_candidates: bool
    """Whether the finding is of a kind that candidates could settle."""
    outside: tuple[Outside, ...]
    formula: tuple[tuple[str, float], ...]
    sensitivity: tuple[tuple[float, float], ...]
    """(prior belief that there is none, confidence); empty where the prior does not enter."""
    query: str
    what_if: tuple[tuple[str, str], ...]
    """(words, address) of what can be imagined about it."""
    generation: str


def gap_page(finding: Finding) -> GapPage:
    """The page of one gap."""
    found, world = analysis(), analysis().world
    entry = found.table.by_id[finding.id]
    choice, target = options(world, finding), target_of(world, finding)
    at_priors = {
        float(name.rpartition("_")[2]): value
        for name, value in finding.formula.items()
        if name.startswith("confidence_at_")
    }
    prior_counts = len({round(value, 2) for value in at_priors.values()}) > 1
    numbers = [
        (name, round(value) if name.endswith("_km") else value)
        for name, value in finding.formula.items()
        if not name.startswith("confidence_at_") and (prior_counts or name != "prior_none")
    ]
    proposed = [remedy for remedy in finding.remedies if remedy.facility]
    lists = (choice.can_supply, choice.could_diversify)
    named = {one.facility for some in lists for one in some} | set(choice.elsewhere)
    return GapPage(
        finding=finding,
        kind=kind_of_gap(finding.detector, finding.name),
        rests_on=basis_name(finding),
        sentence=sentence(finding),
        drawing=_drawing(entry, choice) if finding.detector not in WITHOUT_DRAWING else None,
        target=target,
        other_makers=finding.subject in world.other_makers,
        evidence=tuple(_evidence_groups(finding)),
        absences=tuple(premise for premise in finding.evidence if premise.absence),
        audits=audits(world, entry),
        steps=tuple(remedy for remedy in finding.remedies if remedy.facility not in named),
        can_supply=tuple(_candidate(one, target, proposed) for one in choice.can_supply),
        could_diversify=tuple(_candidate(one, target, proposed) for one in choice.could_diversify),
        weights=world.parameters.remedies,
        asks_candidates=target is not None and finding.detector != "D12",
        outside=tuple(_outside(slug, entry) for slug in choice.elsewhere),
        formula=tuple((formula_name(name), value) for name, value in numbers),
        sensitivity=tuple(sorted(at_priors.items())) if prior_counts else (),
        query=gap_query(finding, support.lang()),
        what_if=tuple(_what_if(finding, entry, target)),
        generation=support.site().corridor.generation,
    )


def _drawing(entry: Entry, choice: Options) -> Drawing | None:
    world, finding = analysis().world, entry.finding
    parts = parts_of(world, finding, entry.plants, choice)
    if not parts.left and not parts.right:
        return None
    target = target_of(world, finding)
    core = {
        plant
        for plant in entry.plants
        if target and (need := world.needs[plant].get(target)) is not None and need.criticality == 1.0
    }
    return drawing(parts, core)


def drawing(parts: Parts, core: Collection[str] = ()) -> Drawing:
    """The drawing of some parts in the page's language; `core` are plants with a core need."""
    found, subs = analysis(), {slug: place_of(slug, drawn_name) for slug, _, _ in parts.right}
    asked = (found.world, parts, drawn_name, found.table.localities, place_name, core, subs)
    return Drawing(draw(*asked), draw_narrow(*asked))


def drawn_name(slug: str) -> str:
    """A name as short as a drawing needs it."""
    nodes = support.view().network.nodes
    if slug in nodes and nodes[slug]["kind"] in ("facility", "zone"):
        return short_name(support.view().network, slug, support.lang())
    return {
        "expressway": gettext("Expressway"),
        "seaport": gettext("Seaport"),
        "airport": gettext("Airport"),
    }.get(slug) or support.label(slug)


def place_of(slug: str, named: Callable[[str], str] = support.label) -> str:
    """Park and province of a thing; empty for what has none. `named` gives the name of the park."""
    nodes = support.view().network.nodes
    node = nodes.get(slug, {})
    zone = [named(node["zone"])] if node.get("zone") else []
    where = home(node) or node.get("locality_stated")
    return ", ".join([*zone, *([place_name(where)] if where else [])])


def _candidate(option: Option, target: str | None, proposed: list[Remedy]) -> Candidate:
    """A plant with the first remedy of the list that names it, which leaves the list."""
    remedy = next((one for one in proposed if one.facility == option.facility), None)
    if remedy is not None:
        proposed.remove(remedy)
    node = support.view().network.nodes[option.facility]
    zone, imagined = node.get("zone"), None
    if target and zone and option.fit < 1:
        imagined = url_for("what_if.what_if", product=target, zone=zone)
    return Candidate(option, remedy.text if remedy else None, place_of(option.facility), imagined)


def _outside(slug: str, entry: Entry) -> Outside:
    world = analysis().world
    here = world.site(slug)
    known = [km for plant in entry.plants if (km := kilometres_between(world.site(plant), here)) is not None]
    return Outside(slug, place_of(slug), min(known, default=None))


def _what_if(finding: Finding, entry: Entry, target: str | None) -> Iterator[tuple[str, str]]:
    world = analysis().world
    stops = [finding.subject, *finding.objects] if finding.detector in ("D2", "D8", "D14") else []
    for plant in [thing for thing in stops if thing in world.needs][:1]:
        yield (
            gettext("What stops if %(plant)s stops?", plant=drawn_name(plant)),
            url_for("what_if.what_if", stop=plant),
        )
    zones = [remedy.zone for remedy in finding.remedies if remedy.zone]
    zones += [str(world.node(plant)["zone"]) for plant in entry.plants if world.node(plant).get("zone")]
    if target and zones and finding.detector in ("D1", "D2", "D7"):
        yield (
            gettext("What closes if %(zone)s gets a maker of it?", zone=support.label(zones[0])),
            url_for("what_if.what_if", product=target, zone=zones[0]),
        )


def _evidence_groups(finding: Finding) -> Iterator[EvidenceGroup]:
    stated = [premise for premise in finding.evidence if not premise.absence]
    required = [premise for premise in stated if premise.relation == "requires"]
    settled = [premise for premise in stated if premise.relation == "would_settle"]
    groups = (
        (gettext("Needs stated by a source"), [p for p in required if p.status == "source"]),
        (gettext("Needs by our judgement, no document"), [p for p in required if p.status != "source"]),
        (gettext("Records"), [p for p in stated if p.relation not in ("requires", "would_settle")]),
        (gettext("Findings the answer would settle"), settled),
    )
    for title, premises in groups:
        if premises:
            lines = tuple(_evidence(premise) for premise in premises)
            yield EvidenceGroup(title, lines[:SHOWN_PREMISES], lines[SHOWN_PREMISES:])


def _evidence(premise: Premise) -> Evidence:
    view = support.view()
    href = None
    if premise.subject in view.findings_by_id:
        href = url_for("gaps.gap", gap_id=premise.subject)
    elif premise.subject in view.network:
        href = url_for("pages.page", slug=premise.subject)
    return Evidence(premise, support.site().catalogue.best(premise.sources), href)
