"""What to do about a missing link: candidates by the score of gap-spec 2.6, or an investment target."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from graph.gaps.parameters import RemedyParameters
from graph.gaps.wording import count, decimal, in_sentence, kilometres, listing, with_status
from graph.gaps.world import World
from graph.model import Remedy, Text

MINED = ("05", "06", "07", "08")
"""ISIC Rev. 4 divisions of mining and quarrying."""
ZONES_NAMED = 3
"""Zones with room named in an investment target."""


def score(
    proximity: float, distance_km: float | None, capacity: float | None, weights: RemedyParameters
) -> float:
    """Remedy score, 0..1: weighted product fit, nearness and capacity.

    Capacity is the share of the need the candidate could serve, at an assumed value when unknown. An unknown
    distance counts as 0 km; callers show that it is unknown.
    """
    return (
        weights.proximity_weight * proximity
        + weights.distance_weight * math.exp(-(distance_km or 0.0) / weights.scale_km)
        + weights.capacity_weight * (weights.unknown_capacity if capacity is None else min(1.0, capacity))
    )


@dataclass(frozen=True)
class Candidate:
    """A plant inside the corridor that could serve a need, with the three parts of its score."""

    facility: str
    made: str
    """The product of the plant nearest to the needed one."""
    proximity: float
    distance_km: float | None
    score: float

    @property
    def parts(self) -> dict[str, float | None]:
        """Parts as shown: capacity is never recorded so far."""
        return {"proximity": self.proximity, "distance_km": self.distance_km, "capacity": None}


def can_supply(world: World, product: str, buyers: tuple[str, ...]) -> tuple[Candidate, ...]:
    """Makers of the product inside the corridor, best first, without the buyers and their own groups."""
    return _ranked(world, product, buyers, sorted(world.suppliers.get(product, ())))


def could_diversify(world: World, product: str, buyers: tuple[str, ...]) -> tuple[Candidate, ...]:
    """Plants inside that make something near enough, or the product itself for own use only, best first."""
    makers = world.suppliers.get(product, frozenset())
    near = (
        facility
        for facility in world.inside
        if facility not in makers
        and world.facility_proximity(facility, product)[0] >= world.parameters.remedies.min_proximity
    )
    return _ranked(world, product, buyers, near)


def _ranked(
    world: World, product: str, buyers: tuple[str, ...], facilities: Iterator[str] | list[str]
) -> tuple[Candidate, ...]:
    found = []
    for facility in facilities:
        customers = [buyer for buyer in buyers if world.group(buyer) != world.group(facility)]
        if facility in buyers or not customers:
            continue
        proximity, made = world.facility_proximity(facility, product)
        assert made is not None, f"{facility} makes nothing"
        distance = nearest_km(world, facility, customers)
        points = score(proximity, distance, None, world.parameters.remedies)
        found.append(Candidate(facility, made, proximity, distance, points))
    return tuple(sorted(found, key=_order))


def _order(candidate: Candidate) -> tuple[float, bool, str]:
    return -candidate.score, candidate.distance_km is None, candidate.facility


def nearest_km(world: World, facility: str, others: list[str] | tuple[str, ...]) -> float | None:
    """Distance to the nearest of the others, None if none is known."""
    known = (world.distance_km(facility, other) for other in others)
    return min((distance for distance in known if distance is not None), default=None)


def matches(world: World, product: str, candidates: tuple[Candidate, ...]) -> Iterator[Remedy]:
    """One introduction per candidate that can supply."""
    goods = in_sentence(world.name(product))
    for candidate in candidates[: world.parameters.remedies.limit]:
        node = world.node(candidate.facility)
        name = with_status(world.name(candidate.facility), node.get("status"))
        away = kilometres(candidate.distance_km)
        text = {
            "vi": f"Kết nối với {name['vi']}, nơi làm ra {goods['vi']}, {away['vi']}",
            "en": f"Introduce {name['en']}, which makes {goods['en']}, {away['en']}",
        }
        yield Remedy("match", text, candidate.facility, node.get("zone"), candidate.score, candidate.parts)


def missing_input_remedies(world: World, product: str, buyers: tuple[str, ...]) -> Iterator[Remedy]:
    """For a product without a maker: plants to ask or upgrade, else an investment target; makers elsewhere.

    What is mined cannot be invited: there the remedy is to ask where it is bought.
    """
    if (world.node(product).get("isic4") or "").startswith(MINED):
        yield _ask_where_mined(world, product, buyers)
        yield from _outside_makers(world, product, buyers)
        return
    candidates = could_diversify(world, product, buyers)[: world.parameters.remedies.limit]
    if not candidates:
        yield _attract(world, product, buyers)
    for candidate in candidates:
        yield _approach(world, product, candidate)
    yield from _outside_makers(world, product, buyers)


def _approach(world: World, product: str, candidate: Candidate) -> Remedy:
    """Ask a plant that may make the product already, or help one that makes something near it to upgrade."""
    node, goods = world.node(candidate.facility), in_sentence(world.name(product))
    name = with_status(world.name(candidate.facility), node.get("status"))
    near, fit = in_sentence(world.name(candidate.made)), decimal(candidate.proximity)
    if world.covers(candidate.made, product):
        kind, text = "ask", {
            "vi": f"{name['vi']} đã làm ra {goods['vi']} để tự dùng: hỏi khả năng cung ứng cho nơi khác",
            "en": f"{name['en']} makes {goods['en']} for its own use: ask whether it could supply others",
        }
    elif world.covers(product, candidate.made):
        kind, text = "ask", {
            "vi": f"{name['vi']} chỉ được ghi nhận chung là làm ra {near['vi']}: "
            f"hỏi xem có làm ra {goods['vi']} không",
            "en": f"{name['en']} is recorded only as making {near['en']}: ask whether it makes {goods['en']}",
        }
    else:
        kind, text = "upgrade", {
            "vi": f"{name['vi']} làm ra sản phẩm gần là {near['vi']} (độ gần {fit['vi']}): "
            f"hỗ trợ nâng cấp để làm {goods['vi']}",
            "en": f"{name['en']} makes a near product, {near['en']} (proximity {fit['en']}): "
            f"help it upgrade to {goods['en']}",
        }
    return Remedy(kind, text, candidate.facility, node.get("zone"), candidate.score, candidate.parts)


def _ask_where_mined(world: World, product: str, buyers: tuple[str, ...]) -> Remedy:
    goods, number = in_sentence(world.name(product)), len(buyers)
    text = {
        "vi": f"Hỏi {number} nhà máy này đang mua {goods['vi']} từ mỏ nào, trong hay ngoài hành lang, "
        "rồi ghi nhận nguồn",
        "en": f"Ask the {count(number, 'plant')} which mine or quarry they buy {goods['en']} from, "
        "inside or outside the corridor, and record it",
    }
    return Remedy("ask", text, parts={"buyers": float(number)})


def _attract(world: World, product: str, buyers: tuple[str, ...]) -> Remedy:
    goods, number = in_sentence(world.name(product)), len(buyers)
    need = "plant needs" if number == 1 else "plants need"
    text = {
        "vi": f"Mời gọi đầu tư sản xuất {goods['vi']}: {number} nhà máy cần",
        "en": f"Attract a maker of {goods['en']}: {number} {need} it",
    }
    if parks := _nearest_zones_with_room(world, buyers):
        names = listing([_with_occupancy(world, park) for park in parks])
        text["vi"] += f". Khu được ghi nhận còn đất, gần các nhà máy này nhất: {names['vi']}"
        text["en"] += f". Zones recorded with room, nearest to these plants: {names['en']}"
    parts: dict[str, float | None] = {"buyers": float(number), "size": world.total_size(buyers)}
    return Remedy("attract", text, zone=parks[0] if parks else None, parts=parts)


def _nearest_zones_with_room(world: World, buyers: tuple[str, ...]) -> list[str]:
    """Up to ZONES_NAMED, by mean distance to the buyers whose place is known."""
    near = []
    for zone in world.zones_with_room:
        known = [km for buyer in buyers if (km := world.distance_km(zone, buyer)) is not None]
        if known:
            near.append((sum(known) / len(known), zone))
    return [zone for _, zone in sorted(near)[:ZONES_NAMED]]


def _with_occupancy(world: World, zone: str) -> Text:
    name, full = world.name(zone), decimal(world.node(zone)["occupancy"], 0)
    return {"vi": f"{name['vi']} (lấp đầy {full['vi']}%)", "en": f"{name['en']} ({full['en']}% full)"}


def _outside_makers(world: World, product: str, buyers: tuple[str, ...]) -> Iterator[Remedy]:
    found = [(nearest_km(world, maker, buyers), maker) for maker in world.outside_makers.get(product, ())]
    found.sort(key=lambda pair: (pair[0] is None, pair[0] or 0.0, pair[1]))
    goods = in_sentence(world.name(product))
    for distance, maker in found[: world.parameters.remedies.limit]:
        node = world.node(maker)
        name, away = with_status(world.name(maker), node.get("status")), kilometres(distance)
        text = {
            "vi": f"Nơi ngoài hành lang đã ghi nhận làm ra {goods['vi']}: {name['vi']}, {away['vi']}",
            "en": f"Recorded maker of {goods['en']} outside the corridor: {name['en']}, {away['en']}",
        }
        yield Remedy("outside_maker", text, maker, node.get("zone"), parts={"distance_km": distance})
