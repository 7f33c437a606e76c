"""The evidence graph of a finding as a small drawing: plants on the left, what is asked about in the middle,
plants that could answer on the right. What is missing is dashed; what is computed is dotted.

The page of a gap and the cells of the matrix draw with it. It knows positions only: names come as a function.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.gap_candidates import Options, target_of
from graph.gaps.world import World
from graph.model import Finding, home

WIDTH = 900
BOX_X, BOX_WIDTH, BOX_HEIGHT, BOX_GAP = 112, 96, 23, 6
PER_ROW = 3
MOST_ROWS = 4
"""Rows of boxes per locality; the rest is counted in words."""
BRACKET_X = BOX_X + PER_ROW * (BOX_WIDTH + BOX_GAP)
MIDDLE_X, RIGHT_X = 510, 668
ROW, WRAP = 42, 18
MOST_MIDDLE, MOST_RIGHT = 5, 6
NOT_RUNNING = ("under-construction", "licensed", "planned")
SYMBOLS = {
    "product": "m-product",
    "zone": "m-park",
    "locality": "m-locality",
    "infrastructure": "m-infrastructure",
    "organization": "m-body",
}
MISSING = ("D1", "D3", "D4", "D5", "D6", "D9", "D11", "D12", "D13")
"""Detectors whose finding is a line that is not there."""


@dataclass(frozen=True)
class Mark:
    """A thing: its place (left top of a box, middle of a symbol), words in lines, a smaller line below."""

    slug: str | None
    x: float
    y: float
    lines: tuple[str, ...]
    symbol: str
    """`box` or a symbol of the sprite."""
    sub: str = ""
    core: bool = False
    planned: bool = False
    beside: bool = False
    """Whether the words stand to the right of the symbol, and not below it."""


@dataclass(frozen=True)
class Band:
    """The name of a locality beside its plants, and the bracket that joins them."""

    name: str
    count: int
    hidden: int
    top: float
    bottom: float


@dataclass(frozen=True)
class Line:
    """A line as an SVG path; `style` is a class of ui.css."""

    path: str
    style: str


@dataclass(frozen=True)
class Diagram:
    """A drawing of width x height."""

    height: float
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    styles: tuple[str, ...]
    """Line styles in use, for the key."""
    width: int = WIDTH


@dataclass(frozen=True)
class Parts:
    """What a drawing shows: plants, things in the middle, things on the right with their line style."""

    left: tuple[str, ...]
    left_style: str
    middle: tuple[str, ...]
    right: tuple[tuple[str, str, str], ...]
    """(slug, line style, words below)."""
    alarm: str = ""
    """Words under the middle in the colour of what is missing."""
    gap: bool = False
    """Whether the middle is drawn as missing."""


def parts_of(world: World, finding: Finding, plants: Sequence[str], found: Options) -> Parts:
    """What the drawing of a finding shows. `plants` are those it touches."""
    detector, target = finding.detector, target_of(world, finding)
    asked = [one.facility for one in (*found.can_supply, *found.could_diversify)]
    recorded = dict.fromkeys(
        line.subject for line in finding.evidence if line.relation == "supplies" and not line.absence
    )
    right = [(slug, "stated", "") for slug in recorded if slug not in plants]
    right += [
        (slug, "derived", "") for slug in dict.fromkeys([*asked, *found.elsewhere]) if slug not in recorded
    ]
    left = tuple(plants)
    middle: tuple[str, ...] = (target or finding.subject,)
    if detector == "D5":
        middle = tuple(
            sorted(world.needs.get(finding.subject, ()), key=lambda p: (_weight(world, finding, p), p))
        )
    elif detector == "D6":
        left = tuple(one.facility for one in found.can_supply)
        made = [p for p, (own, _) in world.makes.get(finding.subject, {}).items() if not own]
        middle, right = tuple(sorted(made)), [(finding.subject, "stated", "")]
    elif detector == "D8":
        near = [link for link in world.links if finding.subject in (link.supplier, link.buyer)]
        left = tuple(dict.fromkeys(link.buyer for link in near if link.buyer != finding.subject))
        right = [
            (s, "stated", "") for s in dict.fromkeys(link.supplier for link in near) if s != finding.subject
        ]
    elif detector in ("D9", "D11", "D13"):
        left = ()
        right = [(thing, "missing", "") for thing in _other_end(finding)]
    elif detector == "D14":
        right = [(slug, "stated", "") for slug in finding.objects[1:]]
    kept = {slug: (slug, style, words) for slug, style, words in reversed(right) if slug not in left}
    return Parts(
        left,
        "missing" if detector in MISSING else "twig" if detector == "D10" else "stated",
        middle[:MOST_MIDDLE],
        tuple(reversed(kept.values()))[:MOST_RIGHT],
        gap=detector == "D1",
    )


def _weight(world: World, finding: Finding, product: str) -> float:
    return -world.needs[finding.subject][product].criticality


def _other_end(finding: Finding) -> Iterable[str]:
    """What the subject has no recorded way to: named by the finding, else the council."""
    return finding.objects or ("vehec-council",)


def draw(
    world: World, parts: Parts, name: Callable[[str], str], order: Sequence[str], place: Callable[[str], str],
    core: Collection[str] = (), subs: Mapping[str, str] | None = None,
) -> Diagram:  # fmt: skip
    """Place everything. `order` lists localities west to east; `name` gives short names."""
    bands, marks, y = [], [], 8.0
    for locality, here in by_place(world, parts, name, order, core):
        shown = here[: PER_ROW * MOST_ROWS]
        rows = -(-len(shown) // PER_ROW)
        bottom = y + rows * (BOX_HEIGHT + BOX_GAP) - BOX_GAP
        bands.append(Band(place(locality), len(here), len(here) - len(shown), y, bottom))
        marks += [plant_box(world, plant, BOX_X, y, n, name, plant in core) for n, plant in enumerate(shown)]
        y = max(bottom, y + 34) + 14
    height = max(y, ROW * 1.7 * len(parts.middle), ROW * len(parts.right) + 12, 90.0)
    centres = _spread(len(parts.middle), height, ROW * 1.6)
    ends = _spread(len(parts.right), height, ROW)
    marks += [
        Mark(slug, MIDDLE_X, at, _wrapped(name(slug)), "m-missing" if parts.gap else symbol(world, slug))
        for slug, at in zip(parts.middle, centres, strict=True)
    ]
    marks += [
        Mark(slug, RIGHT_X, at, (shortened(name(slug), 34),), symbol(world, slug),
             words or (subs or {}).get(slug, ""), beside=True)
        for (slug, _, words), at in zip(parts.right, ends, strict=True)
    ]  # fmt: skip
    lines = [
        Line(_curve(BRACKET_X + 5, (band.top + band.bottom) / 2, MIDDLE_X - 14, at), parts.left_style)
        for band in bands
        for at in centres
    ]
    for (slug, style, _), end in zip(parts.right, ends, strict=True):
        for thing, at in zip(parts.middle, centres, strict=True):
            if len(parts.middle) == 1 or answers(world, slug, thing):
                lines.append(Line(_curve(MIDDLE_X + 14, at, RIGHT_X - 12, end), style))
    return Diagram(
        height, tuple(bands), tuple(marks), tuple(lines), tuple(dict.fromkeys(line.style for line in lines))
    )


def by_place(
    world: World, parts: Parts, name: Callable[[str], str], order: Sequence[str], core: Collection[str]
) -> Iterator[tuple[str, list[str]]]:
    """The localities that have plants, with those plants: core needs first, then by name."""
    for locality in order:
        here = [plant for plant in parts.left if home(world.node(plant)) == locality]
        if here:
            yield locality, sorted(here, key=lambda plant: (plant not in core, name(plant)))


def plant_box(
    world: World, plant: str, left: float, top: float, n: int, name: Callable[[str], str], core: bool
) -> Mark:
    """The box of the n-th plant of a locality; `left` and `top` are the corner of the first."""
    x = left + n % PER_ROW * (BOX_WIDTH + BOX_GAP)
    y = top + n // PER_ROW * (BOX_HEIGHT + BOX_GAP)
    planned = world.node(plant).get("status") in NOT_RUNNING
    return Mark(plant, x, y, (shortened(name(plant), 15),), "box", "", core, planned)


def shortened(words: str, most: int) -> str:
    """The words in at most `most` signs, cut between two of them unless the first is too long."""
    line = textwrap.shorten(words, most, placeholder="…")
    return words[: most - 1] + "…" if line == "…" else line


def symbol(world: World, slug: str) -> str:
    """Name of the symbol of a thing in the sprite."""
    if slug not in world.network:
        return "m-unknown"
    node = world.node(slug)
    if node["kind"] == "facility":
        return "m-anchor" if node.get("role") == "anchor" else "m-plant"
    return SYMBOLS.get(node["kind"], "m-document")


def answers(world: World, plant: str, product: str) -> bool:
    """Whether a plant is recorded to make a product."""
    return any(world.covers(made, product) for made in world.makes.get(plant, ()))


def _spread(number: int, height: float, pitch: float) -> list[float]:
    """Heights of some things one below the other, around the middle."""
    top = height / 2 - (number - 1) * pitch / 2 - (6 if number else 0)
    return [top + n * pitch for n in range(number)]


def _wrapped(text: str) -> tuple[str, ...]:
    lines = textwrap.wrap(text, WRAP)
    return (*lines[:2], "…") if len(lines) > 3 else tuple(lines)


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    bend = (x2 - x1) / 2
    return f"M{x1:.0f} {y1:.1f}C{x1 + bend:.0f} {y1:.1f} {x2 - bend:.0f} {y2:.1f} {x2:.0f} {y2:.1f}"
