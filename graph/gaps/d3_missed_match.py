"""D3 missed match: a plant needs a product, others in the corridor make it, and no link is recorded.

Severity: criticality x (0.5 + 0.5 exp(-nearest km / 100)). Confidence: conf0 at the coverage of the links
into the buyer, times the confidence of the best-attested make statement among the candidates.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial

from graph.gaps.build import build_finding
from graph.gaps.confidence import confidence_of
from graph.gaps.evidence import (
    buyer_premises,
    flip_sentence,
    link_absence,
    link_premise,
    make_premise,
    requirement_basis,
    requirement_premises,
)
from graph.gaps.nearest import Near
from graph.gaps.neighbours import neighbour_premises, neighbours
from graph.gaps.parameters import Parameters
from graph.gaps.remedies import Candidate, can_supply, matches
from graph.gaps.supply import Supply
from graph.gaps.wording import count, in_sentence, kilometres, with_status
from graph.gaps.world import Need, World
from graph.model import Account, Finding, Premise, Rest, Text

DETECTOR = "D3"
NAME = "missed match"


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per need (buyer, product); candidate suppliers are its remedies."""
    for buyer, products in world.open_needs.items():
        for product in products:
            yield _finding(world, buyer, world.needs[buyer][product])


def severity(criticality: float, distance_km: float | None, parameters: Parameters) -> float:
    """Criticality, falling with the distance of the nearest candidate; an unknown distance counts as 0 km."""
    near = parameters.match_near_share
    return criticality * (near + (1 - near) * math.exp(-(distance_km or 0.0) / parameters.match_scale_km))


def _finding(world: World, buyer: str, need: Need) -> Finding:
    product, supply, group = need.product, world.supply(need.product), world.group(buyer)
    closest = supply.closest(buyer)
    distance = closest.km if closest else None
    coverage = world.supplied_by(buyer).value
    premise = confidence_of(supply.attested(group), world.parameters.confidence)
    bought_outside = any(link.side == "outside" for link in world.links_for(buyer, product))
    return build_finding(
        world,
        DETECTOR,
        NAME,
        buyer,
        (product,),
        id_object=product,
        touched=(buyer,),
        severity=severity(need.criticality, distance, world.parameters),
        coverage=coverage,
        premise=premise,
        account=lambda: _account(world, buyer, need, closest, coverage, premise),
        rests_on=(Rest(buyer, "supplied_by", coverage),),
        formula={
            "criticality": need.criticality,
            "distance_km": distance or 0.0,
            "distance_unknown": float(distance is None),
            "candidates": float(supply.others(group)),
        },
        criticality=need.criticality,
        basis=requirement_basis([need]),
        next_door=partial(neighbours, world, (product,), (buyer,)),
        group="substitution" if bought_outside else "unknown_sourcing",
        flags=tuple(_flags(world, buyer, supply)),
    )


def _flags(world: World, buyer: str, supply: Supply) -> Iterator[str]:
    for flag, attribute in (("cross_province", "locality"), ("was_cross_province", "locality_stated")):
        if not supply.others_at(world.group(buyer), attribute, world.node(buyer).get(attribute)):
            yield flag


def _account(
    world: World, buyer: str, need: Need, closest: Near | None, coverage: float, premise: float
) -> Account:
    candidates = can_supply(world, need.product, (buyer,))
    name, goods = world.name(buyer), in_sentence(world.name(need.product))
    flip = {
        "vi": f"Một nguồn nêu tên nhà máy trong hành lang đang cung ứng {goods['vi']} cho "
        f"{name['vi']} sẽ xóa "
        "phát hiện này.",
        "en": f"A source naming a corridor plant that supplies {goods['en']} to {name['en']} removes "
        "this finding.",
    }
    nearest = closest or Near(candidates[0].facility, None)
    number = world.supply(need.product).others(world.group(buyer))
    return Account(
        message=_message(world, buyer, need.product, number, nearest),
        evidence=tuple(_evidence(world, buyer, need, candidates)),
        remedies=tuple(matches(world, need.product, candidates)),
        flip=flip_sentence(world, flip, coverage, premise),
    )


def _message(world: World, buyer: str, product: str, number: int, nearest: Near) -> Text:
    goods = in_sentence(world.name(product))
    name = with_status(world.name(buyer), world.node(buyer).get("status"))
    closest, away = world.name(nearest.facility), kilometres(nearest.km)
    make = "makes" if number == 1 else "make"
    return {
        "vi": f"{name['vi']} cần {goods['vi']}; chưa ghi nhận nguồn cung trong hành lang, dù {number} "
        "nhà máy trong "
        f"hành lang {world.making(product)} sản phẩm này (gần nhất: {closest['vi']}, {away['vi']}).",
        "en": f"{name['en']} needs {goods['en']}; no corridor supplier of it is recorded, though "
        f"{count(number, 'plant')} in the corridor {make} it (nearest: {closest['en']}, {away['en']}).",
    }


def _evidence(world: World, buyer: str, need: Need, candidates: tuple[Candidate, ...]) -> Iterator[Premise]:
    yield from requirement_premises(world, [need])
    yield from buyer_premises(world, buyer, need)
    for candidate in candidates:
        yield make_premise(world, candidate.facility, candidate.made)
    for link in world.links_in[buyer]:
        yield link_premise(world, link)
    yield link_absence(world, buyer, (need.product,))
    if world.outside_makers.get(need.product):
        yield from neighbour_premises(world, (need.product,), (buyer,))
