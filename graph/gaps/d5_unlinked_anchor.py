"""D5 unlinked anchor: a large buyer for whose needs no, or hardly any, corridor supplier is recorded.

LSR = criticality of the needs with a recorded local supplier / criticality of all needs. A finding if LSR
is below 0.35: class `none` if it is 0, else `weak`. Severity: (1 - LSR) x w, w = 0.6 when no needed input
has a maker in the corridor. Confidence: conf0 at the coverage of the links into the anchor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from graph.gaps.build import build_finding
from graph.gaps.evidence import (
    SIDES,
    flip_sentence,
    link_absence,
    link_premise,
    requirement_basis,
    requirement_premises,
    size_premise,
)
from graph.gaps.neighbours import neighbour_premises, neighbours
from graph.gaps.remedies import can_supply, matches, missing_input_remedies
from graph.gaps.wording import CRITICALITY_NAMES, count, in_sentence, with_status
from graph.gaps.world import Need, World
from graph.model import Account, Finding, Premise, Remedy, Rest, Text

DETECTOR = "D5"
NAME = "unlinked anchor"


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per anchor with needs of which less than the threshold share is sourced locally."""
    for anchor in world.anchors:
        needs = tuple(world.needs[anchor].values())
        if not needs:
            continue
        local = {need.product for need in needs if "local" in _sides(world, anchor, need)}
        share = sum(need.criticality for need in needs if need.product in local) / sum(
            need.criticality for need in needs
        )
        if share < world.parameters.anchor_weak_below:
            yield _finding(world, anchor, needs, local, share)


def _sides(world: World, anchor: str, need: Need) -> set[str | None]:
    return {link.side for link in world.links_for(anchor, need.product)}


def _finding(world: World, anchor: str, needs: tuple[Need, ...], local: set[str], share: float) -> Finding:
    unlinked = tuple(need for need in needs if need.product not in local)
    linkable = any(world.suppliers.get(need.product) for need in needs)
    weight = 1.0 if linkable else world.parameters.anchor_no_maker_weight
    coverage = world.supplied_by(anchor).value
    return build_finding(
        world,
        DETECTOR,
        NAME,
        anchor,
        (),
        touched=(anchor,),
        severity=(1 - share) * weight,
        coverage=coverage,
        account=lambda: _account(world, anchor, needs, unlinked, linkable, coverage),
        rests_on=(Rest(anchor, "supplied_by", coverage),),
        formula={
            "local_share": share,
            "weight": weight,
            "needs": float(len(needs)),
            "local_needs": float(len(local)),
            "outside_needs": float(sum("outside" in _sides(world, anchor, need) for need in unlinked)),
        },
        criticality=max(need.criticality for need in needs),
        basis=requirement_basis(needs),
        group="weak" if local else "none",
        next_door=partial(neighbours, world, [need.product for need in unlinked], (anchor,)),
    )


def _account(
    world: World,
    anchor: str,
    needs: tuple[Need, ...],
    unlinked: tuple[Need, ...],
    linkable: bool,
    coverage: float,
) -> Account:
    name = world.name(anchor)
    flip = {
        "vi": f"Danh sách nhà cung ứng thực tế của {name['vi']}, nếu có nhà máy trong hành lang, sẽ "
        "đổi phát hiện này.",
        "en": f"The real supplier list of {name['en']}, if it names plants in the corridor, changes "
        "this finding.",
    }
    return Account(
        message=_message(world, anchor, len(needs), len(needs) - len(unlinked)),
        evidence=tuple(_evidence(world, anchor, needs, unlinked)),
        remedies=tuple(_remedies(world, anchor, unlinked, linkable)),
        flip=flip_sentence(world, flip, coverage),
    )


def _message(world: World, anchor: str, needs: int, local: int) -> Text:
    name = with_status(world.name(anchor), world.node(anchor).get("status"))
    if local:
        return {
            "vi": f"{name['vi']} cần {needs} loại đầu vào; mới ghi nhận nguồn cung trong hành lang "
            f"cho {local} loại.",
            "en": f"{name['en']} needs {count(needs, 'input')}; a corridor supplier is recorded for "
            f"only {local}.",
        }
    return {
        "vi": f"{name['vi']} cần {needs} loại đầu vào; chưa ghi nhận nguồn cung trong hành lang cho "
        "loại nào.",
        "en": f"{name['en']} needs {count(needs, 'input')}; no corridor supplier is recorded for any "
        "of them.",
    }


def _evidence(
    world: World, anchor: str, needs: tuple[Need, ...], unlinked: tuple[Need, ...]
) -> Iterator[Premise]:
    yield size_premise(world, anchor)
    for need in needs:
        yield _need_premise(world, anchor, need)
    yield from requirement_premises(world, needs)
    for link in world.links_in[anchor]:
        yield link_premise(world, link)
    yield link_absence(world, anchor, [need.product for need in unlinked])
    yield from neighbour_premises(world, [need.product for need in unlinked], (anchor,))


def _need_premise(world: World, anchor: str, need: Need) -> Premise:
    sides = _sides(world, anchor, need)
    side = next((side for side in ("local", "outside") if side in sides), None)
    status = {"vi": "chưa rõ nguồn cung", "en": "sourcing not known"} if side is None else SIDES[side]
    goods, weight = in_sentence(world.name(need.product)), CRITICALITY_NAMES[need.criticality]
    text = {
        "vi": f"Cần {goods['vi']} ({weight['vi']}): {status['vi']}",
        "en": f"Needs {goods['en']} ({weight['en']}): {status['en']}",
    }
    sources = {source for _, requirement in need.causes for source in requirement.sources}
    return Premise(text, anchor, "needs", need.product, side or "unknown", tuple(sorted(sources)))


def _remedies(world: World, anchor: str, unlinked: tuple[Need, ...], linkable: bool) -> Iterator[Remedy]:
    strongest = sorted(unlinked, key=lambda need: (-need.criticality, need.product))
    if linkable:
        offers = [
            offer
            for need in strongest
            for offer in matches(world, need.product, can_supply(world, need.product, (anchor,))[:1])
        ]
        offers.sort(key=lambda offer: -(offer.score or 0.0))
    else:
        offers = [
            offer
            for need in strongest
            for offer in islice(missing_input_remedies(world, need.product, (anchor,)), 1)
        ]
    yield from offers[: world.parameters.remedies.limit]
