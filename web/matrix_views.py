"""What the matrix shows, as typed objects: recorded links and needs by locality, missing inputs by sector."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext

from graph.catalogue import Source
from graph.gap_diagram import PER_ROW, Parts
from graph.gap_table import Entry, Filters, Reach
from graph.gaps.world import RECORDED, Link
from graph.model import home
from web import support
from web.gap_page import Drawing, drawing
from web.gap_views import analysis, narrowed_name, place_name
from web.views import View

SHOWN_NEEDS = 5
"""Products of a cell that are drawn, those with most buyers first."""
SHOWN_GAPS = 12


class NoSuchCell(ValueError):
    """The address names a locality or a sector that the matrix does not have."""


class Pair(NamedTuple):
    """Links recorded from one locality to another, and matches to check; `shade` 0..1 follows the matches."""

    maker: str
    buyer: str
    recorded: int
    to_check: int
    shade: float
    href: str


class SectorCell(NamedTuple):
    """Recorded plants of a sector in a locality, and inputs they need that nobody is recorded to make."""

    place: str
    plants: int
    missing: int
    width: float
    """Length of the bar, percent of the longest."""
    href: str


class PairRow(NamedTuple):
    """One supplying locality."""

    name: str
    cells: tuple[Pair, ...]
    recorded: int


class SectorRow(NamedTuple):
    """One sector."""

    name: str
    cells: tuple[SectorCell, ...]
    missing: int
    """Different inputs over all localities."""


@dataclass(frozen=True)
class Cells:
    """What both tables count: links by (from, to), plants by (locality, sector), products by the same."""

    links: dict[tuple[str, str], tuple[Link, ...]]
    plants: dict[tuple[str, str], tuple[str, ...]]
    missing: dict[tuple[str, str], frozenset[str]]
    unsorted: int
    """Plants without a recorded product whose sector is known."""


@dataclass(frozen=True)
class MatrixPage:
    """Both tables."""

    places: tuple[str, ...]
    pairs: tuple[PairRow, ...]
    sectors: tuple[SectorRow, ...]
    most: int
    inside: int
    """Recorded links with both ends in the localities."""
    links: int
    unsorted: int


class RecordedLink(NamedTuple):
    """A recorded link as shown."""

    link: Link
    sources: list[Source]


@dataclass(frozen=True)
class CellPage:
    """One cell: its graph, its recorded links, its gaps."""

    title: str
    about: str
    drawing: Drawing | None
    links: tuple[RecordedLink, ...]
    gaps: tuple[Entry, ...]
    total: int
    href: str
    """The list of all of them."""
    pair: bool
    graph: str
    """The explorer with the things of the drawing; empty when there is none."""


def _cells(view: View) -> Cells:
    found = analysis()
    world, reach = found.world, Reach(found.world)
    links: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in world.links:
        ends = [place for end in (link.supplier, link.buyer) if (place := _place(end))]
        if link.status in RECORDED and link.supplier != link.buyer and len(ends) == 2:
            links[ends[0], ends[1]].append(link)
    plants: dict[tuple[str, str], list[str]] = defaultdict(list)
    missing: dict[tuple[str, str], set[str]] = defaultdict(set)
    without = {entry.finding.subject for entry in found.table.entries if entry.finding.detector == "D1"}
    unsorted = 0
    for plant in world.inside:
        place, sector = home(world.node(plant)), reach.sector(plant)
        if place is None or sector is None:
            unsorted += 1
            continue
        plants[place, sector].append(plant)
        missing[place, sector].update(without.intersection(world.needs[plant]))
    return Cells(
        {key: tuple(value) for key, value in links.items()},
        {key: tuple(value) for key, value in plants.items()},
        {key: frozenset(value) for key, value in missing.items()},
        unsorted,
    )


def _place(end: str) -> str | None:
    """The locality of the reading in which a plant of the corridor lies."""
    world = analysis().world
    if end not in world.network or not world.node(end).get("inside"):
        return None
    where = home(world.node(end))
    return where if where in analysis().table.localities else None


def matrix_page() -> MatrixPage:
    """Both tables for the date and the reading of the request."""
    found, cells = analysis(), support.view().part(_cells)
    places = found.table.localities
    checks = found.table.counts(Filters({"kind": ("D3",)}), "pair") if "pair" in found.table.allowed else {}
    most = max(checks.values(), default=0)
    longest = max((len(plants) for plants in cells.plants.values()), default=1)
    totals = Counter(sector for (_, sector), plants in cells.plants.items() for _ in plants)
    return MatrixPage(
        places=tuple(place_name(place) for place in places),
        pairs=tuple(
            PairRow(
                place_name(maker),
                tuple(_pair(maker, buyer, cells, checks, most) for buyer in places),
                sum(len(cells.links.get((maker, buyer), ())) for buyer in places),
            )
            for maker in places
        ),
        sectors=tuple(
            SectorRow(
                _sector_name(sector),
                tuple(_sector_cell(place, sector, cells, longest) for place in places),
                len(frozenset().union(*(cells.missing.get((place, sector), ()) for place in places))),
            )
            for sector, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))
        ),
        most=most,
        inside=sum(map(len, cells.links.values())),
        links=len(found.world.links),
        unsorted=cells.unsorted,
    )


def _pair(maker: str, buyer: str, cells: Cells, checks: dict[str, int], most: int) -> Pair:
    to_check = checks.get(f"{maker}.{buyer}", 0)
    ends: dict[str, Any] = {"from": maker, "to": buyer}
    href = url_for("matrix.matrix", **ends)
    recorded = len(cells.links.get((maker, buyer), ()))
    return Pair(place_name(maker), place_name(buyer), recorded, to_check, to_check / (most or 1), href)


def _sector_cell(place: str, sector: str, cells: Cells, longest: int) -> SectorCell:
    plants, missing = cells.plants.get((place, sector), ()), cells.missing.get((place, sector), ())
    href = url_for("matrix.matrix", place=place, sector=sector)
    return SectorCell(place_name(place), len(plants), len(missing), 100 * len(plants) / longest, href)


def _sector_name(sector: str) -> str:
    name = analysis().sectors.name(sector)[support.lang()]
    return name[:1].upper() + name[1:]


def cell_page(maker: str = "", buyer: str = "", place: str = "", sector: str = "") -> CellPage:
    """One cell of either table. Raises NoSuchCell."""
    cells, places = support.view().part(_cells), analysis().table.localities
    if maker:
        if maker not in places or buyer not in places:
            raise NoSuchCell(f"{maker}, {buyer}")
        return _pair_page(maker, buyer, cells)
    if place not in places or sector not in {known for _, known in cells.plants}:
        raise NoSuchCell(f"{place}, {sector}")
    return _sector_page(place, sector, cells)


def _pair_page(maker: str, buyer: str, cells: Cells) -> CellPage:
    table, value = analysis().table, f"{maker}.{buyer}"
    found = table.select(Filters({"kind": ("D3",), "pair": (value,)}))
    links = cells.links.get((maker, buyer), ())
    wanted = Counter(entry.finding.objects[0] for entry in found)
    shown = [product for product, _ in wanted.most_common(SHOWN_NEEDS)]
    buyers = [entry.finding.subject for entry in found if entry.finding.objects[0] in shown]
    world = analysis().world
    right = [
        (slug, "derived", "")
        for slug in world.inside
        if home(world.node(slug)) == maker and any(slug in world.suppliers.get(p, ()) for p in shown)
    ]
    parts = Parts(tuple(dict.fromkeys(buyers))[: 4 * PER_ROW], "missing", tuple(shown), tuple(right[:8]))
    return CellPage(
        title=narrowed_name("pair", value),
        about=gettext("Plants on the left need what stands in the middle; plants on the right make it."),
        drawing=drawing(parts) if found else None,
        links=tuple(RecordedLink(link, support.site().catalogue.best(link.sources)) for link in links),
        gaps=found[:SHOWN_GAPS],
        total=len(found),
        href=url_for("gaps.gaps", kind="D3", pair=value),
        pair=True,
        graph=_graph((*buyers[: 4 * PER_ROW], *shown, *(slug for slug, _, _ in right[:8]))) if found else "",
    )


def _sector_page(place: str, sector: str, cells: Cells) -> CellPage:
    value = f"{place}.{sector}"
    found = analysis().table.select(Filters({"kind": ("D1",), "cell": (value,)}))
    shown = [entry.finding.subject for entry in found][:SHOWN_NEEDS]
    plants = cells.plants.get((place, sector), ())
    parts = Parts(plants, "missing", tuple(shown), (), gap=True)
    return CellPage(
        title=narrowed_name("cell", value),
        about=gettext("Plants on the left need what stands in the middle; no maker of it is recorded."),
        drawing=drawing(parts) if found else None,
        links=(),
        gaps=found[:SHOWN_GAPS],
        total=len(found),
        href=url_for("gaps.gaps", kind="D1", cell=value),
        pair=False,
        graph=_graph((*plants, *shown)) if found else "",
    )


def _graph(things: Iterable[str]) -> str:
    return url_for("explorer.index", things=",".join(dict.fromkeys(things)))
