"""What to do about a missing link: candidates by the score of gap-spec 2.6, or an investment target."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from graph.gaps.nearest import Near, Nearest, Site, kilometres_between
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
    """The best makers of the product inside the corridor, without the buyers and their own groups."""
    supply, limit = world.supply(product), world.parameters.remedies.limit
    if len(buyers) == 1:
        return tuple(_maker(world, product, near) for near in supply.around(buyers[0], limit))
    return _ranked(world, dict.fromkeys(supply.makers - set(buyers), 1.0), product, buyers)


def _maker(world: World, product: str, near: Near) -> Candidate:
    made = next(made for made in sorted(world.makes[near.facility]) if world.covers(made, product))
    return Candidate(near.facility, made, 1.0, near.km, score(1.0, near.km, None, world.parameters.remedies))


def second_sources(world: World, product: str, buyer: str, first: str) -> tuple[Candidate, ...]:
    """The best makers beside the group of the first source, without the buyer's own."""
    supply, limit = world.supply(product), world.parameters.remedies.limit
    near = supply.around(buyer, limit + supply.groups[first])
    return tuple(_maker(world, product, one) for one in near if world.group(one.facility) != first)[:limit]


def offers(world: World, supplier: str, products: tuple[str, ...]) -> Iterator[Remedy]:
    """The nearest plants that need what a supplier makes: the score with the roles swapped."""
    site, group, limit = world.site(supplier), world.group(supplier), world.parameters.remedies.limit
    best: dict[str, tuple[float, bool, str, str]] = {}
    for product in products:
        demand = world.demand(product)
        for near in demand.known(site, limit, group) + demand.unknown(site, limit, group):
            entry = (near.km or 0.0, near.km is None, near.facility, product)
            best[near.facility] = min(entry, best.get(near.facility, entry))
    for km, unknown, buyer, product in sorted(best.values())[:limit]:
        node, goods = world.node(buyer), in_sentence(world.name(product))
        name, away = with_status(world.name(buyer), node.get("status")), kilometres(None if unknown else km)
        text = {
            "vi": f"Chào bán {goods['vi']} cho {name['vi']}, {away['vi']}",
            "en": f"Offer {goods['en']} to {name['en']}, {away['en']}",
        }
        points = score(1.0, km, None, world.parameters.remedies)
        parts: dict[str, float | None] = {
            "proximity": 1.0,
            "distance_km": None if unknown else km,
            "capacity": None,
        }
        yield Remedy("match", text, buyer, node.get("zone"), points, parts)


def could_diversify(world: World, product: str, buyers: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The best plants inside that make something near enough, or the product itself for own use only."""
    skip = world.suppliers.get(product, frozenset()).union(buyers)
    near: dict[str, float] = {}
    for made, proximity in world.near_products(product).items():
        for facility in world.makers_of[made]:
            if facility not in skip:
                near[facility] = max(proximity, near.get(facility, 0.0))
    return _ranked(world, near, product, buyers)


def _ranked(
    world: World, facilities: Mapping[str, float], product: str, buyers: tuple[str, ...]
) -> tuple[Candidate, ...]:
    """The best of some facilities with their proximity; those of the buyers' only group left out."""
    customers = Nearest(buyers, world.site, world.group)
    groups = {world.group(buyer) for buyer in buyers}
    distances: dict[tuple[Site, str | None], float | None] = {}
    found = []
    for facility, proximity in facilities.items():
        group = world.group(facility)
        own = group if group in groups else None
        if groups == {own}:
            continue
        place = (world.site(facility), own)
        if place not in distances:
            known = customers.known(place[0], 1, own)
            distances[place] = known[0].km if known else None
        points = score(proximity, distances[place], None, world.parameters.remedies)
        found.append(((-points, distances[place] is None, facility), proximity, distances[place]))
    best = nsmallest(world.parameters.remedies.limit, found)
    return tuple(
        Candidate(order[2], _nearest_product(world, order[2], product), proximity, km, -order[0])
        for order, proximity, km in best
    )


def _nearest_product(world: World, facility: str, product: str) -> str:
    made = world.facility_proximity(facility, product)[1]
    assert made is not None, f"{facility} makes nothing"
    return made


def matches(world: World, product: str, candidates: tuple[Candidate, ...]) -> Iterator[Remedy]:
    """One introduction per candidate that can supply."""
    goods = in_sentence(world.name(product))
    for candidate in candidates[: world.parameters.remedies.limit]:
        node = world.node(candidate.facility)
        name = with_status(world.name(candidate.facility), node.get("status"))
        away = kilometres(candidate.distance_km)
        text = {
            "vi": f"Kết nối với {name['vi']}, nơi {world.making(product)} {goods['vi']}, {away['vi']}",
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
        kind, text = (
            "ask",
            {
                "vi": f"{name['vi']} đã {world.making(product)} {goods['vi']} để tự dùng: "
                "hỏi khả năng cung ứng cho nơi khác",
                "en": f"{name['en']} makes {goods['en']} for its own use: ask whether it could supply others",
            },
        )
    elif world.covers(product, candidate.made):
        kind, text = (
            "ask",
            {
                "vi": f"{name['vi']} chỉ được ghi nhận chung là {world.making(candidate.made)} {near['vi']}: "
                f"hỏi xem có {world.making(product)} {goods['vi']} không",
                "en": f"{name['en']} is recorded only as making {near['en']}: ask whether it makes "
                f"{goods['en']}",
            },
        )
    else:
        kind, text = (
            "upgrade",
            {
                "vi": f"{name['vi']} {world.making(candidate.made)} sản phẩm gần là {near['vi']} "
                f"(độ gần {fit['vi']}): hỗ trợ nâng cấp để làm {goods['vi']}",
                "en": f"{name['en']} makes a near product, {near['en']} (proximity {fit['en']}): "
                f"help it upgrade to {goods['en']}",
            },
        )
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
        "vi": f"Mời gọi đầu tư {world.making(product)} {goods['vi']}: {number} nhà máy cần",
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
    sites = Counter(world.site(buyer) for buyer in buyers)
    for zone in world.zones_with_room:
        here = world.site(zone)
        known = [(km, n) for site, n in sites.items() if (km := kilometres_between(here, site)) is not None]
        if known:
            near.append((sum(km * n for km, n in known) / sum(n for _, n in known), zone))
    return [zone for _, zone in sorted(near)[:ZONES_NAMED]]


def _with_occupancy(world: World, zone: str) -> Text:
    name, full = world.name(zone), decimal(world.node(zone)["occupancy"], 0)
    return {"vi": f"{name['vi']} (lấp đầy {full['vi']}%)", "en": f"{name['en']} ({full['en']}% full)"}


def _outside_makers(world: World, product: str, buyers: tuple[str, ...]) -> Iterator[Remedy]:
    near = Nearest(buyers, world.site, world.group)
    found = [
        (next((one.km for one in near.known(world.site(maker), 1)), None), maker)
        for maker in world.outside_makers.get(product, ())
    ]
    found.sort(key=lambda pair: (pair[0] is None, pair[0] or 0.0, pair[1]))
    goods = in_sentence(world.name(product))
    for distance, maker in found[: world.parameters.remedies.limit]:
        node = world.node(maker)
        name, away = with_status(world.name(maker), node.get("status")), kilometres(distance)
        text = {
            "vi": f"Nơi ngoài hành lang đã ghi nhận {world.making(product)} {goods['vi']}: {name['vi']}, "
            f"{away['vi']}",
            "en": f"Recorded maker of {goods['en']} outside the corridor: {name['en']}, {away['en']}",
        }
        yield Remedy("outside_maker", text, maker, node.get("zone"), parts={"distance_km": distance})
