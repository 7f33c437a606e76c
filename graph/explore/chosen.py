"""The view of a chosen set: things in columns by kind, or on both sides of the one that most of them touch.

Neighbours stand at similar heights, so that few lines cross. The places are the same on every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from math import ceil, sqrt

from graph.explore.around import CENTER_X, CENTER_Y, WIDE
from graph.explore.lines import Line, Lines
from graph.explore.neighbours import Neighbours
from graph.explore.sheet import Picture, Sheet
from graph.explore.things import WIDE_BOX, Things
from graph.explore.view import Edge
from graph.explore.words import BODIES, PLURALS, counted, say

MOST = 300
"""Things of one chosen set."""
COLUMN_PITCH, ROOM, LEAST_ROWS = 290.0, 1.6, 10
"""Pitch of columns, px; width over height of a large set; rows before a kind takes two columns."""
LINE, WIDE_LINE, SMALL = 50.0, 64.0, 60
"""Pitch of rows, px; that of a set of fewer than SMALL things."""
HUB_LINKS, FEWEST_AROUND = 0.6, 4
"""A thing that touches so many of the others stands in the middle."""
SWEEPS = 4
HEADING_UP = 34.0
NAMED = 5
"""Unknown ids that the subtitle names."""


def chosen_view(
    things: Things, lines: Lines, ids: Sequence[str], unknown: Sequence[str] = (), left_out: int = 0
) -> Picture:
    """The picture of these things with every line between them. `unknown` ids are named in the subtitle."""
    sheet = Sheet(things)
    ids = list(dict.fromkeys(ids))
    between = list(lines.between(ids, ()))
    touching: dict[str, set[str]] = defaultdict(set)
    for line in between:
        touching[line.link[0]].add(line.link[1])
        touching[line.link[1]].add(line.link[0])
    hub = _hub(ids, touching)
    pitch = WIDE_LINE if len(ids) < SMALL else LINE
    columns = _columns(things, [thing for thing in ids if thing != hub])
    middle = (len(columns) + 1) // 2 if hub else 0
    if hub:
        columns.insert(middle, ("", [hub]))
    _straighten(columns, touching)
    for n, (heading, members) in enumerate(columns):
        x = CENTER_X + (n - (len(columns) - 1) / 2) * COLUMN_PITCH
        top = CENTER_Y - (len(members) - 1) * pitch / 2
        if heading:
            sheet.heading(x, top - HEADING_UP, heading)
        for row, thing in enumerate(members):
            mark, label, kind = product_mark(lines.neighbours, thing), None, things.kind(thing)
            if kind == "organization":
                label = things.short(thing, WIDE)
            elif kind == "facility" and things.mark(thing).startswith("plant"):
                label = things.named_with_place(thing)
            align = "left" if n < middle else "right"
            sheet.put_beside(thing, x, top + row * pitch, align, mark=mark, label=label)
    for line in between:
        drawn = draw(sheet, line, smooth="cubic")
        sheet.edges.setdefault(drawn.id, drawn)
    for kind in PLURALS:
        members = sorted((t for t in ids if things.kind(t) == kind), key=lambda t: things.name(t).casefold())
        sheet.section(PLURALS[kind][things.lang], members, {t: sheet.nodes[t].mark for t in members})
    lang = things.lang
    subtitle = say("chosen-sub", lang, lines=counted(len(sheet.edges), "line", lang))
    if unknown:
        named, more = ", ".join(unknown[:NAMED]), len(unknown) - NAMED
        told = say("chosen-more", lang, ids=named, n=more) if more > 0 else named
        subtitle += " " + say("chosen-unknown", lang, ids=told)
    title = say("chosen-one" if len(ids) == 1 else "chosen", lang, n=len(ids))
    return sheet.picture("chosen", title, subtitle, left_out=left_out)


def draw(sheet: Sheet, line: Line, smooth: str | None = None) -> Edge:
    """How a line between two things looks."""
    if line.need:
        return sheet.missing(line.need, smooth=smooth)
    return sheet.things.edge(*line.link, smooth=smooth)


def product_mark(neighbours: Neighbours, slug: str) -> str | None:
    """Mark of a product by all open needs for it; None for any other thing, which has a mark of its own."""
    needs = neighbours.needed.get(slug)
    if not needs:
        return None
    if any(need.no_maker for need in needs):
        return "missing"
    core = max(need.finding.criticality for need in needs) >= 1
    return "product" if core else "product-common"


def _hub(ids: Sequence[str], touching: Mapping[str, Collection[str]]) -> str | None:
    """The thing that touches most of the others, if there is one."""
    best = min(ids, key=lambda thing: (-len(touching.get(thing, ())), thing), default=None)
    if best is None or len(ids) < FEWEST_AROUND:
        return None
    return best if len(touching.get(best, ())) >= HUB_LINKS * (len(ids) - 1) else None


def _columns(things: Things, ids: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Columns of one kind each with their headings; public bodies apart from firms.

    A kind with many things takes several columns side by side.
    """
    rows = max(LEAST_ROWS, ceil(sqrt(len(ids) * ROOM * COLUMN_PITCH / LINE)))
    kinds: dict[str, list[str]] = {heading[things.lang]: [] for heading in (BODIES, *PLURALS.values())}
    for thing in sorted(ids, key=lambda thing: (things.place(thing), things.name(thing).casefold(), thing)):
        heading = BODIES if things.mark(thing) in WIDE_BOX else PLURALS[things.kind(thing)]
        kinds[heading[things.lang]].append(thing)
    found = []
    for name, members in kinds.items():
        parts = ceil(len(members) / rows)
        size = ceil(len(members) / parts) if parts else 0
        found += [(name, members[n * size : (n + 1) * size]) for n in range(parts)]
    return found


def _straighten(columns: Sequence[tuple[str, list[str]]], touching: Mapping[str, Collection[str]]) -> None:
    """Sorts each column by the mean height of what its things touch, a few times to and fro."""
    height: dict[str, float] = {}

    def mean(thing: str) -> tuple[float, float]:
        others = [height[other] for other in touching.get(thing, ())]
        return sum(others) / len(others) if others else height[thing], height[thing]

    rows = [members for _, members in columns]
    for members in rows:
        height.update(_heights(members))
    for sweep in range(SWEEPS):
        for members in rows if sweep % 2 == 0 else reversed(rows):
            members.sort(key=mean)
            height.update(_heights(members))


def _heights(members: Sequence[str]) -> dict[str, float]:
    return {thing: row - len(members) / 2 for row, thing in enumerate(members)}
