"""`/page/<slug>/gaps`: what a plant, a firm, a park or a locality needs that nobody is recorded to make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext

from graph.catalogue import Source
from graph.explore.short_names import short_name
from graph.gap_candidates import Options, options, target_of
from graph.gap_table import Entry
from graph.model import Finding, home
from web import support
from web.gap_page import drawn_name
from web.gap_views import analysis

bp = Blueprint("gap_sheet", __name__)
KINDS = ("facility", "zone", "organization", "locality")
MOST_NEEDS, MOST_QUESTIONS, LONGEST_NAME = 25, 8, 60


class NeedRow(NamedTuple):
    """An input that nobody is recorded to make, the plants here that need it, and whom to ask."""

    finding: Finding
    product: str
    plants: tuple[str, ...]
    core: bool
    sources: tuple[Source, ...]
    """Who says that what these plants make needs it, best first; empty where it is our own judgement."""
    options: Options


@dataclass(frozen=True)
class GapSheet:
    """The sheet of one thing."""

    slug: str
    plants: tuple[str, ...]
    names: dict[str, str]
    """Short names of the plants that lie in the park itself, where they tell the plants apart."""
    needs: tuple[NeedRow, ...]
    total: int
    matches: int
    questions: tuple[str, ...]
    """Questions to ask, those that would settle most first."""
    all: str
    as_of: str
    generation: str


@bp.get("/page/<slug>/gaps")
def sheet(slug: str) -> str | Response:
    """The gap sheet of a facility, a zone, an organisation or a locality."""
    nodes = support.view().network.nodes
    if slug not in nodes or nodes[slug]["kind"] not in KINDS:
        detail = gettext("Only plants, organisations, parks and localities have a gap sheet.")
        return support.problem(404, gettext("No gap sheet"), detail)
    return render_template("gap_sheet.html", page="gaps", view=gap_sheet(slug))


def gap_sheet(slug: str) -> GapSheet:
    """The sheet of a thing that has one."""
    found = analysis()
    world, kind = found.world, support.view().network.nodes[slug]["kind"]
    belongs: dict[str, Callable[[str], bool]] = {
        "facility": lambda plant: plant == slug,
        "zone": lambda plant: slug in _zones(plant),
        "organization": lambda plant: slug in (world.node(plant).get("operator"), world.group(plant)),
        "locality": lambda plant: slug in (home(world.node(plant)), world.node(plant).get("locality_stated")),
    }
    plants = tuple(plant for plant in world.inside if belongs[kind](plant))
    here = set(plants)
    touching = [entry for entry in found.table.entries if here.intersection(entry.plants)]
    missing = [entry for entry in touching if entry.finding.detector == "D1"]
    rows = [_need(entry, here) for entry in missing]
    rows.sort(key=lambda row: (not row.core, -len(row.plants), row.product))
    asked = [e.finding for e in touching if e.finding.detector == "D12" and _asks_here(e.finding, slug, here)]
    narrowed = {"facility": "buyer", "zone": "zone", "locality": "locality"}.get(kind)
    chosen = {narrowed: slug} if narrowed else {"buyer": list(plants)}
    known = narrowed is None or slug in found.table.allowed[narrowed]
    return GapSheet(
        slug=slug,
        plants=plants,
        names=_names(slug, plants),
        needs=tuple(rows[:MOST_NEEDS]),
        total=len(rows),
        matches=sum(entry.finding.detector == "D3" for entry in touching),
        questions=tuple(
            support.text(finding.remedies[0].text).replace(f" ({support.label(slug)})", "")
            for finding in asked[:MOST_QUESTIONS]
        ),
        all=url_for("gaps.gaps", listed="all", **(chosen if known and plants else {})),
        as_of=support.as_of(),
        generation=support.site().corridor.generation,
    )


def _zones(plant: str) -> tuple[str, ...]:
    world = analysis().world
    zone = world.node(plant).get("zone")
    return world.zones_around(zone) if zone else ()


def _names(zone: str, plants: tuple[str, ...]) -> dict[str, str]:
    """The sheet stands under the name of the park, so its plants need not repeat it."""
    world, network = analysis().world, support.view().network
    start = f"({support.label(zone)}"
    own = [p for p in plants if world.node(p).get("zone") == zone or start in support.label(p)]
    names = {plant: short_name(network, plant, support.lang(), LONGEST_NAME) for plant in own}
    count = Counter(names.values())
    return {plant: name for plant, name in names.items() if count[name] == 1}


def _need(entry: Entry, here: set[str]) -> NeedRow:
    world, finding = analysis().world, entry.finding
    product = target_of(world, finding) or finding.subject
    plants = sorted(here.intersection(entry.plants), key=lambda plant: (drawn_name(plant), plant))
    core = any(world.needs[plant][product].criticality == 1.0 for plant in plants)
    causes = [requirement for plant in plants for _, requirement in world.needs[plant][product].causes]
    stated = support.site().catalogue.best(source for cause in causes for source in cause.sources)
    return NeedRow(finding, product, tuple(plants), core, tuple(stated), options(world, finding))


def _asks_here(finding: Finding, slug: str, here: set[str]) -> bool:
    return bool(finding.remedies) and (finding.subject == slug or finding.subject in here)
