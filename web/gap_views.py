"""What the gap pages show, as typed objects: the list under some filters, and one gap with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext

from graph.catalogue import Source
from graph.explore.short_names import short_name
from graph.findings import parameters_of
from graph.gap_table import Entry, Filters, GapTable
from graph.gaps.wording import mid_sentence
from graph.gaps.world import World
from graph.model import Finding, Premise, Remedy, home
from web import support
from web.gap_words import formula_name, kind_of_gap, value_name
from web.views import View

PAGE_SIZE = 50
SHOWN_PREMISES = 4
"""Premises of one class shown before the rest folds away."""
NOT_RUNNING = ("under-construction", "licensed", "planned")


@dataclass(frozen=True)
class Analysis:
    """What the gap pages read: the table of findings and the indexes they were found with."""

    world: World
    table: GapTable


def analysis() -> Analysis:
    """The analysis for the date and the reading of the request."""
    return support.view().part(_analysis)


def _analysis(view: View) -> Analysis:
    world = World(view.network, parameters_of(view.network))
    return Analysis(world, GapTable.build(world, view.findings))


def absence(finding: Finding) -> str:
    """What is not recorded of an input: any maker, one that sells, or supply from inside the corridor."""
    if finding.detector == "D7":
        return gettext("recorded from outside")
    if finding.subject in analysis().world.other_makers:
        return gettext("no maker that sells it recorded")
    return gettext("no maker recorded")


@dataclass(frozen=True)
class Place:
    """One cell of a place strip."""

    label: str
    short: str
    count: int


@dataclass(frozen=True)
class Choice:
    """One checkbox."""

    value: str
    label: str
    count: int
    chosen: bool


class Choices(NamedTuple):
    """A group of checkboxes."""

    name: str
    title: str
    options: tuple[Choice, ...]


class Sentence(NamedTuple):
    """A finding in words: what it is about stands out, details follow below."""

    before: str
    strong: str
    after: str
    note: str


class Row(NamedTuple):
    """One finding in the list."""

    rank: int
    finding: Finding
    kind: str
    sentence: Sentence
    places: tuple[Place, ...]
    sources: list[Source]
    """Sources of the recorded statements behind it, best first."""


@dataclass(frozen=True)
class LeftOut:
    """Findings of one kind that are not in the main list."""

    kind: str
    count: int
    href: str


@dataclass(frozen=True)
class GapsPage:
    """The list of gaps under some filters."""

    rows: tuple[Row, ...]
    gaps: int
    """Findings that pass, questions not counted."""
    questions: int
    matches: int
    """Matches to check (D3) among the gaps."""
    needed: int
    """Kinds of input that the recorded plants need."""
    missing: int
    """Of these, the ones with no recorded maker that sells them."""
    choices: tuple[Choices, ...]
    text: str
    narrowed: tuple[tuple[str, str], ...]
    """Filters that have no checkbox: (name, value)."""
    narrowed_label: str
    active: int
    left_out: tuple[LeftOut, ...]
    links: int
    """Recorded supply links."""
    csv: str
    json: str
    previous: str | None
    next: str | None
    first: int
    last: int


class Mark(NamedTuple):
    """One plant in the picture of a gap."""

    slug: str
    name: str
    core: bool
    planned: bool


class Band(NamedTuple):
    """The plants of one locality."""

    place: str
    plants: tuple[Mark, ...]


class Evidence(NamedTuple):
    """One premise as shown."""

    premise: Premise
    sources: list[Source]
    href: str | None


class EvidenceGroup(NamedTuple):
    """Premises of one class; `more` is folded away."""

    title: str
    shown: tuple[Evidence, ...]
    more: tuple[Evidence, ...]


class Step(NamedTuple):
    """One remedy."""

    remedy: Remedy
    place: str


@dataclass(frozen=True)
class GapPage:
    """One gap with all its evidence."""

    finding: Finding
    kind: str
    sentence: Sentence
    bands: tuple[Band, ...]
    target: str | None
    """The product the plants need, if the gap is about one."""
    other_makers: bool
    """Whether plants of the corridor are recorded to make it that supply nobody."""
    evidence: tuple[EvidenceGroup, ...]
    absences: tuple[Premise, ...]
    steps: tuple[Step, ...]
    scored: bool
    formula: tuple[tuple[str, float], ...]
    sensitivity: tuple[tuple[float, float], ...]
    query: str
    generation: str


def sentence(finding: Finding) -> Sentence:
    """The message of a finding, cut for a headline and a note below it."""
    language = support.lang()
    message = finding.message[language]
    if finding.detector == "D12":
        whom, effect = message.partition(": ")[0], message.rpartition("? ")[2]
        return Sentence("", "", finding.remedies[0].text[language], f"{whom}. {effect}")
    name = support.label(finding.subject)
    strong = mid_sentence(name) if mid_sentence(name) in message else name
    before, strong, after = message.partition(strong)
    if finding.detector == "D1":
        after, _, note = after.partition("; ")
        return Sentence(before, strong, f"{after}.", note.rstrip("."))
    return Sentence(before, strong, after, "")


def place_strip(entry_places: dict[str, int]) -> tuple[Place, ...]:
    """One cell for each locality of the reading, west to east."""
    return tuple(
        Place(
            place_name(slug),
            "".join(part[0] for part in slug.split("-") if part.isalpha()).upper(),
            entry_places.get(slug, 0),
        )
        for slug in analysis().table.localities
    )


def place_name(locality: str) -> str:
    """A locality as people say it: Hải Phòng, not Thành phố Hải Phòng."""
    return analysis().world.name(locality)["vi"].removeprefix("Thành phố ").removeprefix("Tỉnh ")


def _choice_name(facet: str, value: str) -> str:
    if facet == "kind":
        return kind_of_gap(value, value)
    return place_name(value) if facet == "locality" else value_name(value)


def _choices(explicit: Filters, effective: Filters) -> Iterator[Choices]:
    titles = {
        "kind": gettext("Kind"),
        "locality": gettext("Needed in"),
        "criticality": gettext("How much it is needed"),
        "basis": gettext("Basis of the need"),
        "label": gettext("Confidence"),
    }
    for facet, title in titles.items():
        counts = analysis().table.counts(explicit if facet == "kind" else effective, facet)
        chosen = explicit.chosen.get(facet, ())
        options = tuple(
            Choice(value, _choice_name(facet, value), count, value in chosen)
            for value, count in counts.items()
            if count or value in chosen
        )
        yield Choices(facet, title, options)


def list_page(explicit: Filters, number: int) -> GapsPage:
    """One page of the list. Without a chosen kind it holds the listed findings only."""
    table = analysis().table
    main_list = not explicit.chosen.keys() & {"kind", "listed"}
    effective = explicit.plus("listed", "true") if main_list else explicit
    found = table.select(effective)
    questions = sum(entry.finding.detector == "D12" for entry in found)
    start = (number - 1) * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]
    narrowed = tuple(
        (name, value) for name in ("listed", "buyer", "zone") for value in explicit.chosen.get(name, ())
    )
    return GapsPage(
        rows=tuple(_row(start + position, entry) for position, entry in enumerate(shown, 1)),
        gaps=len(found) - questions,
        questions=questions,
        matches=sum(entry.finding.detector == "D3" for entry in found),
        needed=len({product for needs in analysis().world.needs.values() for product in needs}),
        missing=sum(entry.finding.detector == "D1" for entry in table.entries),
        choices=tuple(_choices(explicit, effective)),
        text=explicit.text,
        narrowed=narrowed,
        narrowed_label=", ".join(support.label(value) for name, value in narrowed if name != "listed"),
        active=sum(len(values) for values in explicit.chosen.values()) + bool(explicit.text),
        left_out=tuple(_left_out(explicit)) if main_list else (),
        links=len(analysis().world.links),
        csv=_link("gaps.gaps_csv", effective),
        json=_link("gaps.gaps_json", effective),
        previous=_link("gaps.gaps", explicit, page=number - 1) if number > 1 else None,
        next=_link("gaps.gaps", explicit, page=number + 1) if start + PAGE_SIZE < len(found) else None,
        first=start + 1,
        last=start + len(shown),
    )


def _left_out(explicit: Filters) -> Iterator[LeftOut]:
    for kind, count in analysis().table.counts(explicit.plus("listed", "false"), "kind").items():
        if count:
            yield LeftOut(kind, count, _link("gaps.gaps", explicit.plus("kind", kind)))


def _link(endpoint: str, filters: Filters, page: int | None = None) -> str:
    values: dict[str, Any] = {name: list(chosen) for name, chosen in filters.chosen.items()}
    return url_for(endpoint, **values, q=filters.text or None, page=page)


def _row(rank: int, entry: Entry) -> Row:
    finding = entry.finding
    kind = kind_of_gap(finding.detector, finding.name)
    sources = support.site().catalogue.best(s for premise in finding.evidence for s in premise.sources)
    return Row(rank, finding, kind, sentence(finding), place_strip(finding.places), sources)


def gap_page(finding: Finding) -> GapPage:
    """The page of one gap."""
    entry = next(entry for entry in analysis().table.entries if entry.finding is finding)
    sensitivity = {
        float(name.rpartition("_")[2]): value
        for name, value in finding.formula.items()
        if name.startswith("confidence_at_")
    }
    formula = (
        (name, value) for name, value in finding.formula.items() if not name.startswith("confidence_at_")
    )
    return GapPage(
        finding=finding,
        kind=kind_of_gap(finding.detector, finding.name),
        sentence=sentence(finding),
        bands=tuple(_bands(finding, entry.plants)),
        target=_target(finding),
        other_makers=finding.subject in analysis().world.other_makers,
        evidence=tuple(_evidence_groups(finding)),
        absences=tuple(premise for premise in finding.evidence if premise.absence),
        steps=tuple(Step(remedy, _place_of(remedy)) for remedy in finding.remedies),
        scored=any(remedy.score is not None for remedy in finding.remedies),
        formula=tuple((formula_name(name), value) for name, value in formula),
        sensitivity=tuple(sorted(sensitivity.items())),
        query=_query(finding),
        generation=support.site().corridor.generation,
    )


def _target(finding: Finding) -> str | None:
    nodes = support.view().network.nodes
    for thing in (finding.subject, *finding.objects):
        if thing in nodes and nodes[thing]["kind"] == "product":
            return thing
    return None


def _bands(finding: Finding, plants: Iterable[str]) -> Iterator[Band]:
    world, target = analysis().world, _target(finding)
    for locality in analysis().table.localities:
        marks = []
        for plant in plants:
            node = world.node(plant)
            if home(node) == locality:
                need = world.needs[plant].get(target) if target else None
                core = need is not None and need.criticality == 1.0
                name = short_name(world.network, plant, support.lang())
                marks.append(Mark(plant, name, core, node["status"] in NOT_RUNNING))
        if marks:
            yield Band(
                place_name(locality), tuple(sorted(marks, key=lambda mark: (not mark.core, mark.name)))
            )


def _place_of(remedy: Remedy) -> str:
    if remedy.facility is None:
        return ""
    node = analysis().world.node(remedy.facility)
    zone = [support.label(node["zone"])] if node["zone"] else []
    return ", ".join([*zone, place_name(home(node) or node["locality_stated"])])


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


def _query(finding: Finding) -> str:
    return (
        "PREFIX vx: <https://w3id.org/vehec/ont#>\n"
        "PREFIX id: <https://w3id.org/vehec/id/>\n"
        "SELECT ?property ?value WHERE {\n"
        f"  id:{finding.id} ?property ?value .\n"
        "} ORDER BY ?property"
    )


def heading(view: GapsPage) -> str:
    """How many findings the list holds."""
    gaps_text = ngettext("%(num)s gap", "%(num)s gaps", view.gaps)
    if view.matches == view.gaps and view.matches:
        gaps_text = ngettext("%(num)s match to check", "%(num)s matches to check", view.matches)
    question_text = ngettext("%(num)s question to ask", "%(num)s questions to ask", view.questions)
    if view.gaps and view.questions:
        return gettext("%(gaps)s and %(questions)s", gaps=gaps_text, questions=question_text)
    return question_text if view.questions else gaps_text
