"""Planted truth for the detectors of structure, place and coordination: D4, D8, D9, D10, D11, D13, D14.

Cases of each kind are put into a generated world, then the truth is read from its tables by the plain
definition, slowly and without the code that is tested.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import networkx as nx

from tests.fixtures.worlds import IMPORTS, LOCALITIES, Plan, Shape, needs_of, network_of, plan_of, truth

Key = tuple[str, str]
DETECTORS = ("D4", "D8", "D9", "D10", "D11", "D13", "D14")
SUPPRESSED = (("north", "port"), ("west", "middle"))
"""(supplying, buying) localities of which nine in ten links are given to makers elsewhere."""
DIVISIONS = ("10", "13", "14", "17", "20", "22", "24", "25", "26", "27", "28", "29")
OUTSIDE = {"east-unit": (21.6, 107.6), "hill-unit": (21.7, 105.9), "far-unit": (10.8, 106.7)}
"""Units outside the agreement; the last is too far to coordinate with."""
THRESHOLDS = {"expressway": 10.0, "seaport": 50.0, "airport": 100.0}
SITES = [
    *(("expressway", lat + dlat, lon + dlon) for lat, lon in LOCALITIES.values() for dlat in (-0.2, 0.2)
      for dlon in (-0.2, 0.2)),
    *(("seaport", lat, lon) for lat, lon in ((20.8, 106.7), (20.95, 107.1))),
    *(("airport", lat, lon) for lat, lon in ((21.2, 105.8), (20.82, 106.72))),
]  # fmt: skip
ROAD_FACTOR, POSITION_ERROR_KM, MARK = 1.3, 20.0, 0.18


@dataclass
class Case:
    """A world with planted cases: its tables, what was put in, and what coordinates it."""

    plan: Plan
    network: nx.MultiDiGraph
    division: dict[str, str]
    boards: dict[str, str]
    """Board -> the park it runs."""
    channels: list[Key]
    """Membership, representation, parent and management, as pairs."""
    planted: dict[str, set[Key]] = field(default_factory=dict)


def case_of(size: int, seed: int) -> Case:
    """A world with cases of D4, D8, D9, D10, D11 and D14; D13 has one of its own (`deficit_case`)."""
    plan = plan_of(size, seed, shape=Shape(apart=0.1))
    rng = random.Random(seed)
    planted: dict[str, set[Key]] = {"D4": {(zone, "") for zone in plan.apart}}
    division = {product: rng.choice(DIVISIONS) for product in sorted(_products(plan))}
    planted["D14"], planted["D8"] = _share_a_source(plan, max(3, size // 500))
    planted["D10"] = _of_one_sector(plan, division, rng, max(2, size // 1000))
    planted["D11"] = _far_away(plan, rng, max(2, size // 500))
    buyers = sorted(link for link in plan.links if link[0] == "outside-firm")[: 3 * len(OUTSIDE)]
    for at, (_, buyer, product) in enumerate(buyers):
        plan.links.append((f"outside-{list(OUTSIDE)[at % len(OUTSIDE)]}", buyer, product))
    planted["D9"] = {(unit, "") for unit in list(OUTSIDE)[:2]}
    network = network_of(plan)
    boards, channels, lonely = _coordinated(plan, network, rng)
    planted["D9"] |= lonely
    for product, code in division.items():
        network.nodes[product]["isic4"] = f"{code}00"
    for at, (kind, lat, lon) in enumerate(SITES):
        network.add_node(
            f"site-{at}", kind="infrastructure", subkind=kind, label={"vi": kind, "en": kind}, lat=lat, lon=lon,
            status="operating", sources=("generated",),
        )  # fmt: skip
    return Case(plan, network, division, boards, channels, planted)


def deficit_case(size: int, seed: int) -> tuple[nx.MultiDiGraph, set[Key]]:
    """A world in which suppliers are drawn evenly among the makers, but for the suppressed pairs."""
    plan, rng = plan_of(size, seed), random.Random(seed)
    links = []
    for supplier, buyer, product in plan.links:
        if supplier in plan.makes:
            others = [maker for maker in plan.makers[product] if maker != buyer]
            supplier = rng.choice(others)
            pair = plan.place[supplier][1], plan.place[buyer][1]
            elsewhere = [maker for maker in others if plan.place[maker][1] != pair[0]]
            if pair in SUPPRESSED and elsewhere and rng.random() < 0.9:
                supplier = rng.choice(elsewhere)
        links.append((supplier, buyer, product))
    return network_of(replace(plan, links=links)), set(SUPPRESSED)


# What is put in


def _products(plan: Plan) -> set[str]:
    return {name for made, needed in plan.requires.items() for name in (made, *needed)} | set(plan.makers)


def _named(plan: Plan) -> dict[Key, set[str]]:
    """(buyer, product) -> its suppliers; without needs that an aggregate fills."""
    found: dict[Key, set[str]] = defaultdict(set)
    for supplier, buyer, product in plan.links:
        found[buyer, product].add(supplier)
    return {need: names for need, names in found.items() if IMPORTS not in names}


def _share_a_source(plan: Plan, number: int) -> tuple[set[Key], set[Key]]:
    """Give both suppliers of some needs one and the same only source of a core input: the needs, the sources."""
    found: set[Key] = set()
    sources: set[Key] = set()
    used: set[str] = set()
    for (buyer, product), names in sorted(_named(plan).items()):
        local = sorted(name for name in names if name in plan.makes)
        if len(found) == number:
            break
        if len(local) != 2 or len(names) != 2 or used.intersection((*local, buyer)):
            continue
        core = [
            {needed for needed, weight in needs_of(plan, name).items() if weight == 1.0} for name in local
        ]
        groups = {plan.group[name] for name in (*local, buyer)}
        for needed in sorted(core[0] & core[1]):
            makers = [m for m in plan.makers.get(needed, ()) if plan.group[m] not in groups and m not in used]
            if len(groups) == 3 and makers:
                plan.links = [link for link in plan.links if not (link[1] in local and link[2] == needed)]
                plan.links += [(makers[0], name, needed) for name in local]
                used |= {*local, buyer, makers[0]}
                found.add((buyer, f"{product}|{plan.group[makers[0]]}"))
                sources.add((makers[0], ""))
                break
    return found, sources


def _of_one_sector(plan: Plan, division: dict[str, str], rng: random.Random, number: int) -> set[Key]:
    """Swap plants between parks until all plants of some parks make products of one division only."""
    homes: dict[str, list[str]] = defaultdict(list)
    for plant, (zone, *_) in plan.place.items():
        if zone not in plan.apart:
            homes[zone].append(plant)
    chosen = rng.sample(sorted(zone for zone, plants in homes.items() if len(plants) >= 5), k=number)
    pool = sorted(plant for zone, plants in homes.items() if zone not in chosen for plant in plants)
    found: set[Key] = set()
    for zone in chosen:
        divided = {plant: {division[made] for made in plan.makes[plant]} for plant in pool}
        counts = Counter(code for codes in divided.values() if len(codes) == 1 for code in codes)
        code = min(counts, key=lambda c: (-counts[c], c))
        fitting = [plant for plant in pool if divided[plant] == {code}][: len(homes[zone])]
        for plant, other in zip(homes[zone], fitting, strict=False):
            plan.place[plant], plan.place[other] = plan.place[other], plan.place[plant]
        pool = [plant for plant in pool if plant not in fitting]
        for plant in homes[zone][len(fitting) :]:
            plan.place[plant] = plan.place[rng.choice(pool)]
        if len(fitting) >= 5:
            found.add((zone, ""))
    return found


def _far_away(plan: Plan, rng: random.Random, number: int) -> set[Key]:
    """Move some parks about 170 km from everything."""
    chosen = set(rng.sample(sorted({place[0] for place in plan.place.values()}), k=number))
    for plant, (zone, place, lat, lon) in plan.place.items():
        if zone in chosen:
            plan.place[plant] = (zone, place, lat + 1.5, lon)
    return {(zone, "") for zone in chosen}


def _coordinated(
    plan: Plan, network: nx.MultiDiGraph, rng: random.Random
) -> tuple[dict[str, str], list[Key], set[Key]]:
    """A council, its members and boards of parks; every fourth board has no path to the council."""
    boards: dict[str, str] = {}
    channels: list[Key] = []
    lonely: set[Key] = set()

    def body(name: str, subkind: str, place: str | None) -> None:
        label = {"vi": name, "en": name}
        network.add_node(
            name, kind="organization", subkind=subkind, label=label, sources=("generated",), locality=place
        )

    def channel(one: str, other: str, relation: str) -> None:
        network.add_edge(one, other, key=relation, relation=relation, sources=("generated",))
        channels.append((one, other))

    body("council", "council", None)
    for place in LOCALITIES:
        network.nodes[place]["subkind"] = "province"
        body(f"committee-{place}", "people-committee", place)
        channel(f"committee-{place}", "council", "member_of")
        channels.append((f"committee-{place}", place))
    for unit, (lat, lon) in OUTSIDE.items():
        network.add_node(
            unit, kind="locality", subkind="province", label={"vi": unit, "en": unit}, sources=("generated",),
            in_agreement=False, lat=lat, lon=lon,
        )  # fmt: skip
        network.add_node(
            f"outside-{unit}", kind="facility", label={"vi": unit, "en": unit}, sources=("generated",), operator=None,
            group=None, zone=None, locality=unit, locality_stated=unit, inside=False, status="operating",
            role="supplier", active=True, employees=None, capital=None, employees_sources=(), capital_sources=(),
            lat=lat, lon=lon, precision="district",
        )  # fmt: skip
    zones = sorted({place[:2] for place in plan.place.values()})
    for at, (zone, place) in enumerate(rng.sample(zones, k=max(4, len(zones) // 2))):
        name, apart = f"board-{at}", at % 4 == 0
        boards[name] = zone
        body(name, "zone-authority", None if apart else place)
        channel(zone, name, "managed_by")
        if apart:
            lonely.add((name, ""))
        else:
            channels.append((name, place))
    return boards, channels, lonely


# What is true


def truth_of(case: Case) -> dict[str, set[Key]]:
    """The gaps of a world by the plain definitions; D13 is planted only (`deficit_case`)."""
    return {
        "D4": _isolated(case.plan),
        "D8": _failing(case.plan),
        "D9": _uncovered(case),
        "D10": _concentrated(case),
        "D11": _remote(case.plan),
        "D14": _not_diverse(case.plan),
    }


def _isolated(plan: Plan) -> set[Key]:
    zone = {plant: place[0] for plant, place in plan.place.items()}
    across: Counter[str] = Counter()
    for supplier, buyer, _ in plan.links:
        if supplier in zone and zone[supplier] != zone[buyer]:
            across.update((zone[supplier], zone[buyer]))
    open_across: Counter[str] = Counter()
    for buyer, product in truth(plan)["D3"]:
        able = {zone[maker] for maker in plan.makers[product] if plan.group[maker] != plan.group[buyer]}
        if zone[buyer] not in able:
            open_across[zone[buyer]] += 1
        open_across.update(able - {zone[buyer]})
    plants = Counter(zone.values())
    return {
        (name, "")
        for name, number in plants.items()
        if number >= 2
        and open_across[name] > 0
        and (not across[name] or open_across[name] / (across[name] + open_across[name]) >= 0.8)
    }


def _failing(plan: Plan) -> set[Key]:
    """Only sources of a core input, and plants whose loss cuts others off from each other."""
    found = {
        (next(iter(names)), "")
        for (buyer, product), names in _named(plan).items()
        if len(names) == 1 and needs_of(plan, buyer).get(product) == 1.0
    }
    dealing: nx.Graph = nx.Graph((s, b) for s, b, _ in plan.links if s in plan.makes)
    return found | {(plant, "") for plant in nx.articulation_points(dealing)}


def _uncovered(case: Case) -> set[Key]:
    known: nx.Graph = nx.Graph(case.channels)
    reached = nx.single_source_shortest_path_length(known, "council", cutoff=4)
    trading = {
        case.plan.place[end][0] for link in case.plan.links for end in link[:2] if end in case.plan.place
    }
    actors = {board for board, zone in case.boards.items() if zone in trading}
    for unit, here in OUTSIDE.items():
        sells = any(supplier == f"outside-{unit}" for supplier, *_ in case.plan.links)
        if sells and min(_kilometres(here, place) for place in LOCALITIES.values()) <= 150:
            actors.add(unit)
    return {(actor, "") for actor in actors if actor not in reached}


def _concentrated(case: Case) -> set[Key]:
    plan = case.plan
    buyers: Counter[str] = Counter()
    strongest: dict[str, float] = defaultdict(float)
    for plant in plan.makes:
        for needed, weight in needs_of(plan, plant).items():
            buyers[needed] += 1
            strongest[needed] = max(strongest[needed], weight)
    sales = Counter((supplier, product) for supplier, _, product in plan.links)
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    plants: Counter[str] = Counter()
    for plant, made in plan.makes.items():
        weights = {product: (sales[plant, product], strongest[product], buyers[product]) for product in made}
        mains = [product for product in made if weights[product] == max(weights.values())]
        for area in plan.place[plant][:2]:
            plants[area] += 1
            for product in mains:
                areas[area][case.division[product]] += plan.size[plant] / len(mains)  # type: ignore[assignment]
    found = {(area, "") for area, sizes in areas.items() if plants[area] >= 5 and _index(sizes) > MARK}
    for product, makers in plan.makers.items():
        by_group: dict[str, float] = defaultdict(float)
        for maker in makers:
            by_group[plan.group[maker]] += plan.size[maker]
        if buyers[product] and len(set(makers)) >= 3 and _index(by_group) > MARK:
            found.add((product, ""))
    return found


def _index(sizes: Mapping[str, float]) -> float:
    return sum(size * size for size in sizes.values()) / sum(sizes.values()) ** 2


def _remote(plan: Plan) -> set[Key]:
    found: set[Key] = set()
    for zone, _, lat, lon in set(plan.place.values()):
        for kind, limit in THRESHOLDS.items():
            roads = [ROAD_FACTOR * _kilometres((lat, lon), site[1:]) for site in SITES if site[0] == kind]
            if min(roads) > limit + POSITION_ERROR_KM:
                found.add((zone, ""))
    return found


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great circle by the angle between two vectors."""
    first, second = (_vector(*point) for point in (one, other))
    return 6371.0 * math.acos(min(1.0, sum(a * b for a, b in zip(first, second, strict=True))))


def _vector(lat: float, lon: float) -> tuple[float, float, float]:
    up, around = math.radians(lat), math.radians(lon)
    return math.cos(up) * math.cos(around), math.cos(up) * math.sin(around), math.sin(up)


def _not_diverse(plan: Plan) -> set[Key]:
    """(buyer, product|group) where every supplier rests on that one group, directly or further up."""
    suppliers = _named(plan)
    behind: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (buyer, product), names in suppliers.items():
        if needs_of(plan, buyer).get(product) == 1.0 and len({plan.group.get(n, n) for n in names}) == 1:
            behind[buyer] |= {(name, plan.group.get(name, name)) for name in names}
    found: set[Key] = set()
    for (buyer, product), names in suppliers.items():
        if len({plan.group.get(name, name) for name in names}) > 1:
            rests = [set(_groups_behind(name, behind)) for name in names]
            shared = set.intersection(*rests) - {plan.group[buyer]}
            found |= {(buyer, f"{product}|{group}") for group in shared}
    return found


def _groups_behind(start: str, behind: Mapping[str, set[tuple[str, str]]]) -> Iterator[str]:
    seen, waiting = {start}, [start]
    while waiting:
        for name, group in behind.get(waiting.pop(), ()):
            yield group
            if name not in seen:
                seen.add(name)
                waiting.append(name)
