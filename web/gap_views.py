"""What the list of gaps shows, as typed objects, and what all gap pages share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext, ngettext

from graph.catalogue import Source
from graph.findings import parameters_of
from graph.gap_table import Entry, Filters, GapTable
from graph.gaps.sectors import Sectors
from graph.gaps.wording import mid_sentence
from graph.gaps.world import World
from graph.model import Finding, home
from graph.search import fold
from web import support
from web.gap_words import basis_name, kind_of_gap, value_name
from web.views import View

PAGE_SIZE = 50
EXPLAINED = ("D3", "D5")
"""Kinds whose absence from the main list has a sentence of its own."""


@dataclass(frozen=True)
class Analysis:
    """What the gap pages read: the table of findings and the indexes they were found with."""

    world: World
    table: GapTable
    sectors: Sectors


def analysis() -> Analysis:
    """The analysis for the date and the reading of the request."""
    return support.view().part(_analysis)


def _analysis(view: View) -> Analysis:
    world = World(view.network, parameters_of(view.network))
    return Analysis(world, GapTable.build(world, view.findings), Sectors(world))


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


class Menu(NamedTuple):
    """A list to choose one thing from; what would leave nothing is not offered."""

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
    elsewhere: str
    """The nearest recorded maker outside the corridor with its place; empty where none is recorded or the
    sentence names it."""
    rests_on: str


@dataclass(frozen=True)
class LeftOut:
    """Findings of one kind that are not in the main list."""

    kind: str
    title: str
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
    menus: tuple[Menu, ...]
    scope: tuple[Choice, ...]
    """The main list or all findings."""
    text: str
    narrowed: tuple[tuple[str, str], ...]
    """Filters that have no checkbox: (name, value)."""
    narrowed_label: str
    """What the list is narrowed to, besides the checkboxes: park, product, plant, cell of the matrix."""
    place: str
    """Where or which plant the list is narrowed to; its rows still count the whole corridor."""
    sheet: str | None
    """The sheet to print of the one plant, park or locality that is chosen."""
    active: int
    left_out: tuple[LeftOut, ...]
    """Kinds that are left out and have a sentence of their own."""
    too_thin: tuple[LeftOut, ...]
    """The other kinds that are left out."""
    links: int
    """Recorded supply links."""
    xlsx: str
    csv: str
    json: str
    previous: str | None
    next: str | None
    first: int
    last: int


def sentence(finding: Finding) -> Sentence:
    """The message of a finding, cut for a headline and a note below it."""
    language = support.lang()
    message = finding.message[language]
    if finding.detector == "D12":
        whom, effect = message.partition(": ")[0], message.rpartition("? ")[2]
        return Sentence("", "", finding.remedies[0].text[language], f"{whom}. {effect}")
    name = analysis().world.name(finding.subject)[language]
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
    name = analysis().world.name(locality)["vi"].removeprefix("Thành phố ").removeprefix("Tỉnh ")
    return support.cut(name)


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
        "grade": gettext("Evidence grade"),
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


def _menus(effective: Filters) -> Iterator[Menu]:
    titles = {"zone": gettext("Park"), "product": gettext("Product"), "buyer": gettext("Plant that needs it")}
    for facet, title in titles.items():
        chosen = effective.chosen.get(facet, ())
        found = [
            Choice(value, support.label(value), count, value in chosen)
            for value, count in analysis().table.counts(effective, facet).items()
            if count or value in chosen
        ]
        found.sort(key=lambda choice: (not choice.chosen, fold(choice.label), choice.value))
        yield Menu(facet, title, tuple(found))


def _scope(explicit: Filters) -> tuple[Choice, Choice]:
    """The main list or everything; a chosen kind shows all of it unless the main list is asked for."""
    counts = analysis().table.counts(explicit, "listed")
    by_kind, asked = "kind" in explicit.chosen, explicit.chosen.get("listed", ())
    everything = "all" in asked or (by_kind and "true" not in asked)
    return (
        Choice("true" if by_kind else "", gettext("Main list"), counts["true"], not everything),
        Choice("all", gettext("All, also with too little data"), counts["all"], everything),
    )


def list_page(explicit: Filters, number: int) -> GapsPage:
    """One page of the list. Without a chosen kind it holds the listed findings only."""
    table = analysis().table
    main_list = not explicit.chosen.keys() & {"kind", "listed"}
    effective = explicit.plus("listed", "true") if main_list else explicit
    found = table.select(effective)
    questions = sum(entry.finding.detector == "D12" for entry in found)
    start = (number - 1) * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]
    narrowed = tuple((name, value) for name in ("pair", "cell") for value in explicit.chosen.get(name, ()))
    left_out = tuple(_left_out(explicit)) if main_list else ()
    menus = tuple(_menus(effective))
    chosen = [option.label for menu in menus for option in menu.options if option.chosen]
    return GapsPage(
        rows=tuple(_row(start + position, entry) for position, entry in enumerate(shown, 1)),
        gaps=len(found) - questions,
        questions=questions,
        matches=sum(entry.finding.detector == "D3" for entry in found),
        needed=len({product for needs in analysis().world.needs.values() for product in needs}),
        missing=sum(entry.finding.detector == "D1" for entry in table.entries),
        choices=tuple(_choices(explicit, effective)),
        menus=menus,
        scope=_scope(explicit),
        text=explicit.text,
        narrowed=narrowed,
        narrowed_label=", ".join([*chosen, *(narrowed_name(name, value) for name, value in narrowed)]),
        place=", ".join(_place_names(explicit)),
        sheet=_sheet(explicit),
        active=sum(len(values) for values in explicit.chosen.values()) + bool(explicit.text),
        left_out=tuple(left for left in left_out if left.kind in EXPLAINED),
        too_thin=tuple(left for left in left_out if left.kind not in EXPLAINED),
        links=len(analysis().world.links),
        xlsx=_link("gaps.gaps_xlsx", effective),
        csv=_link("gaps.gaps_csv", effective),
        json=_link("gaps.gaps_json", effective),
        previous=_link("gaps.gaps", explicit, page=number - 1) if number > 1 else None,
        next=_link("gaps.gaps", explicit, page=number + 1) if start + PAGE_SIZE < len(found) else None,
        first=start + 1,
        last=start + len(shown),
    )


def _place_names(explicit: Filters) -> Iterator[str]:
    for facet in ("locality", "zone", "buyer", "pair", "cell"):
        for value in explicit.chosen.get(facet, ()):
            if facet == "locality":
                yield place_name(value)
            else:
                yield support.label(value) if facet in ("zone", "buyer") else narrowed_name(facet, value)


def _sheet(explicit: Filters) -> str | None:
    places = [explicit.chosen.get(name, ()) for name in ("buyer", "zone", "locality")]
    slug = next((values[0] for values in places if len(values) == 1), None)
    return url_for("gap_sheet.sheet", slug=slug) if slug else None


def narrowed_name(facet: str, value: str) -> str:
    """A cell of the matrix in words: from where to where, or which sector where."""
    first, _, second = value.partition(".")
    if facet == "pair":
        return gettext("%(maker)s to %(buyer)s", maker=place_name(first), buyer=place_name(second))
    sector = analysis().sectors.name(second)[support.lang()]
    return gettext("%(sector)s in %(place)s", sector=sector, place=place_name(first))


def _left_out(explicit: Filters) -> Iterator[LeftOut]:
    for kind, count in analysis().table.counts(explicit.plus("listed", "false"), "kind").items():
        if count:
            title = kind_of_gap(kind, kind)
            yield LeftOut(kind, title, count, _link("gaps.gaps", explicit.plus("kind", kind)))


def _link(endpoint: str, filters: Filters, page: int | None = None) -> str:
    values: dict[str, Any] = {name: list(chosen) for name, chosen in filters.chosen.items()}
    return url_for(endpoint, **values, q=filters.text or None, page=page)


def _row(rank: int, entry: Entry) -> Row:
    finding = entry.finding
    kind = kind_of_gap(finding.detector, finding.name)
    sources = support.site().catalogue.best(s for premise in finding.evidence for s in premise.sources)
    return Row(
        rank,
        finding,
        kind,
        sentence(finding),
        place_strip(finding.places),
        sources,
        _nearest_outside(finding),
        basis_name(finding),
    )


def _nearest_outside(finding: Finding) -> str:
    if not finding.neighbours:
        return ""
    nearest = finding.neighbours[0]
    name = support.label(nearest).removesuffix(")")  # a sentence puts the place into brackets that are there
    if name in finding.message[support.lang()]:
        return ""
    node = analysis().world.node(nearest)
    where = home(node) or node.get("locality_stated")
    return f"{support.label(nearest)} ({place_name(where)})" if where else support.label(nearest)


def heading(view: GapsPage) -> str:
    """How many findings the list holds."""
    gaps_text = ngettext("%(num)s gap", "%(num)s gaps", view.gaps)
    if view.matches == view.gaps and view.matches:
        gaps_text = ngettext("%(num)s match to check", "%(num)s matches to check", view.matches)
    question_text = ngettext("%(num)s question to ask", "%(num)s questions to ask", view.questions)
    if view.gaps and view.questions:
        return gettext("%(gaps)s and %(questions)s", gaps=gaps_text, questions=question_text)
    return question_text if view.questions else gaps_text
