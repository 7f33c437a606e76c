"""The picture of one finding: the plants it touches, what they make, what is missing, who could be asked.

What is recorded between the things shown is drawn solid, what is missing dashed red, and plants that could
be asked are joined by dots.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from graph.explore.neighbours import MISSING, NO_LINK, NO_MAKER, Need, Neighbours
from graph.explore.sheet import Group, Picture, Sheet, in_order
from graph.explore.things import Things
from graph.explore.words import relation_name, say
from graph.model import Finding

BUYERS_X, CAUSES_X, MISSING_X, ASKED_X = 180.0, 450.0, 720.0, 980.0
TOP, PITCH, STEP, HEADING = 136.0, 36.0, 1.5, 40.0
"""Plants stand one pitch apart, all else STEP pitches."""
MOST_PLANTS, MOST_OTHERS = 24, 12
FEW = 3
"""So few causes stand above the red lines; more would cross them, and stand in the list only."""
DATA_GAP = "D12"
"""Asks about the subject; its objects are names of relations."""
RECORDED = frozenset({"makes", "requires", "supplies", "in_zone", "operated_by", "part_of"})


def evidence_view(things: Things, neighbours: Neighbours, finding: Finding) -> Picture:
    """Everything a finding rests on."""
    sheet = Sheet(things)
    left_out: set[str] = set()

    def kept(slugs: Iterable[str]) -> list[str]:
        found = list(slugs)
        left_out.update(slug for slug in found if not neighbours.holds(slug) and slug != finding.subject)
        return [slug for slug in found if slug not in left_out]

    needs = _needs(things, neighbours, finding)
    touched = [need.buyer for need in needs] if finding.detector == DATA_GAP else finding.objects
    named = kept(thing for thing in dict.fromkeys((finding.subject, *touched)) if thing in things.network)
    plants = [thing for thing in named if things.kind(thing) == "facility"]
    plants.sort(key=lambda slug: (things.place(slug), things.name(slug).casefold(), slug))
    wanted = [thing for thing in named if thing not in plants]
    wanted += kept(dict.fromkeys(need.product for need in needs if need.product not in wanted))
    wanted = wanted[:MOST_OTHERS]
    asked = kept(_present(things, (remedy.facility for remedy in finding.remedies), {*plants, *wanted}))
    premises = (thing for premise in finding.evidence for thing in (premise.subject, premise.object))
    causes = kept(_present(things, premises, {*plants, *wanted, *asked}))
    causes = _by_maker(things, plants, causes)[:MOST_OTHERS]
    tallest = max(len(plants[:MOST_PLANTS]), STEP * len(wanted), STEP * len(asked))
    middle = TOP + tallest * PITCH / 2
    _plants(sheet, finding, plants, middle)
    above = middle - (tallest / 2 + STEP * len(causes)) * PITCH
    if len(causes) <= FEW:
        _stack(sheet, causes, CAUSES_X, above)
    red = {need.product for need in needs if need.no_maker}
    _stack(sheet, wanted, MISSING_X, _top(middle, wanted), red)
    for n, maker in enumerate(asked):
        y = _top(middle, asked) + n * STEP * PITCH
        sheet.put_beside(maker, ASKED_X, y, "right", label=things.named_with_place(maker))
    if asked:
        sheet.heading(ASKED_X + 40, _top(middle, asked) - HEADING, say("candidate", things.lang))
    _lines(sheet, needs, wanted, asked)
    _list(sheet, plants, wanted, causes, asked)
    title = finding.message[things.lang]
    return sheet.picture("evidence", title, say("evidence-sub", things.lang), finding.subject, len(left_out))


def _top(middle: float, column: Sequence[str]) -> float:
    return middle - (len(column) - 1) * STEP * PITCH / 2


def _stack(sheet: Sheet, column: Sequence[str], x: float, y: float, red: Collection[str] = ()) -> None:
    for n, slug in enumerate(column):
        sheet.put(slug, x, y + n * STEP * PITCH, mark="missing" if slug in red else None)


def _by_maker(things: Things, plants: Sequence[str], causes: Sequence[str]) -> list[str]:
    """Products in the order of the plants that make them, so that few lines cross."""

    def height(product: str) -> float:
        makers = [n for n, plant in enumerate(plants) if things.network.has_edge(plant, product)]
        return sum(makers) / len(makers) if makers else math.inf

    return sorted(causes, key=lambda product: (height(product), product))


def _present(things: Things, slugs: Iterable[str | None], taken: set[str]) -> list[str]:
    return [slug for slug in dict.fromkeys(slugs) if slug and slug in things.network and slug not in taken]


def _needs(things: Things, neighbours: Neighbours, finding: Finding) -> list[Need]:
    """The needs a finding is about: its own, or those of the plant or for the product it is about."""
    needed = neighbours.needed.get(finding.subject, [])
    own = [need for need in (*needed, *neighbours.needs.get(finding.subject, ())) if need.finding is finding]
    if own or finding.detector in (NO_MAKER, NO_LINK):
        return own
    if finding.detector == DATA_GAP and things.kind(finding.subject) == "product":
        return needed
    if finding.objects and finding.detector != DATA_GAP:
        return []
    missing = in_order(things, neighbours.of(finding.subject).get((MISSING, "out"), ()))
    return [neighbour.need for neighbour in missing if neighbour.need][:MOST_OTHERS]


def _plants(sheet: Sheet, finding: Finding, plants: Sequence[str], middle: float) -> None:
    """Plants by locality; what is over stands behind one mark."""
    shown, rest = plants[:MOST_PLANTS], plants[MOST_PLANTS:]
    y = middle - (len(shown) + bool(rest) - 1) * PITCH / 2
    for slug in shown:
        plain = sheet.things.mark(slug).startswith("plant")
        label = sheet.things.named_with_place(slug) if plain else None
        sheet.put_beside(slug, BUYERS_X, y, "left", label=label)
        y += PITCH
    if rest:
        group = Group(finding.subject, (MISSING, "in"), tuple(rest))
        node = sheet.put_group(f"{finding.id}:plants", group, BUYERS_X, y, "facility")
        sheet.draw(finding.subject, MISSING, node.id, "missing", node.title, smooth="cubic")


def _lines(sheet: Sheet, needs: Sequence[Need], wanted: Sequence[str], asked: Sequence[str]) -> None:
    network = sheet.things.network
    for start in [slug for slug in sheet.nodes if slug in network]:
        for _, end, key, data in network.out_edges(start, keys=True, data=True):
            relation = data["relation"]
            if start == end or end not in sheet.nodes:
                continue
            if relation in RECORDED and (relation != "requires" or (end in wanted and start not in wanted)):
                sheet.line((start, end, key, data))
    for need in needs:
        if need.buyer in sheet.nodes and need.product in sheet.nodes:
            sheet.missing(need)
    joined = {end for edge in sheet.edges.values() for end in (edge.from_id, edge.to_id)}
    for maker in asked:
        if maker not in joined and wanted:
            sheet.draw(wanted[0], "candidate", maker, "derived", say("candidate", sheet.lang), smooth="cubic")


def _list(
    sheet: Sheet,
    plants: Sequence[str],
    wanted: Sequence[str],
    causes: Sequence[str],
    asked: Sequence[str],
) -> None:
    lang = sheet.lang
    marks = {slug: sheet.nodes[slug].mark for slug in wanted if slug in sheet.nodes}
    sheet.section(relation_name(MISSING, "out", lang), wanted, marks)
    sheet.section(relation_name(MISSING, "in", lang), plants)
    sheet.section(say("evidence-sub", lang), causes)
    sheet.section(say("candidate", lang), asked)
