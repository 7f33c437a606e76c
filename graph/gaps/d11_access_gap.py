"""D11 access gap: a zone lies far from the expressway, a seaport or an airport.

Definition: for each kind i with threshold t_i and weight w_i (expressway 10 km, 0.5; seaport 50 km, 0.35;
airport 100 km, 0.15) the distance d_i is the least of the published ones and of the great circle x 1.3 to
what is open.
Severity: sum of w_i x clamp((d_i - t_i) / t_i, 0, 1); a kind of unknown distance adds nothing, nor does a
great circle less than the error of a position above the threshold. A zone known only by its province has no
great circle. What is planned or being built enters a second value. There is no road graph in the records;
with one, a multi-source Dijkstra per kind replaces the great circle.
Confidence: of the distances that raise the severity, the least sure one: 0.8 for a great circle, the
confidence of the statement for a published distance.
Complexity: O(zones x infrastructure), with a few dozen of the latter.
Reference: gap-spec 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graph.gaps.build import build_finding
from graph.gaps.confidence import premise_confidence
from graph.gaps.nearest import kilometres_between
from graph.gaps.wording import decimal, listing
from graph.gaps.world import World
from graph.model import Account, Finding, Premise, Remedy, Text

DETECTOR = "D11"
NAME = "access gap"
AHEAD = ("planned", "under-construction", "licensed")
WIDE = ("economic-zone", "free-trade-zone")
"""Zones as large as a district: no one point stands for them."""
PRECISE = ("exact", "commune", "district")
KIND_NAMES: dict[str, Text] = {
    "expressway": {"vi": "đường cao tốc", "en": "expressway"},
    "seaport": {"vi": "cảng biển", "en": "seaport"},
    "airport": {"vi": "sân bay", "en": "airport"},
}


class Access(NamedTuple):
    """The nearest infrastructure of one kind: its distance, and whether a source states it."""

    km: float
    thing: str
    kind: str
    stated: bool
    sources: tuple[str, ...]


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per zone of the corridor with a distance above its threshold; a park by its phases."""
    things = world.ways_out
    published = _published(world)
    plants: dict[str, list[str]] = defaultdict(list)
    for facility in world.inside:
        if (zone := world.node(facility).get("zone")) is not None:
            plants[zone].append(facility)
    for zone, node in sorted(world.network.nodes(data=True)):
        if zone in world.zones_with_parts:
            continue
        if (
            node["kind"] == "zone"
            and node.get("subkind") not in WIDE
            and node.get("locality_stated") in world.network.graph["corridor"]
        ):
            known = _nearest(world, zone, things, published, ahead=False)
            if far := [access for access in known if excess(world, access) > 0]:
                later = _nearest(world, zone, things, published, ahead=True)
                yield _finding(world, zone, known, far, later, tuple(plants[zone]))


def excess(world: World, access: Access) -> float:
    """What one distance adds to the severity."""
    rules = world.parameters.access
    limit = rules.thresholds_km[access.kind]
    if not access.stated and access.km <= limit + rules.position_error_km:
        return 0.0
    return rules.weights[access.kind] * min(1.0, max(0.0, (access.km - limit) / limit))


def _published(world: World) -> dict[str, list[tuple[str, float, tuple[str, ...]]]]:
    found: dict[str, list[tuple[str, float, tuple[str, ...]]]] = defaultdict(list)
    for zone, thing, data in world.related("access"):
        if data["distance_km"] is not None:
            found[zone].append((thing, data["distance_km"], tuple(data["sources"])))
    return found


def _nearest(
    world: World,
    zone: str,
    things: tuple[str, ...],
    published: dict[str, list[tuple[str, float, tuple[str, ...]]]],
    ahead: bool,
) -> list[Access]:
    """The nearest infrastructure of each kind with a known distance; with `ahead` also what is not open
    yet."""
    best: dict[str, Access] = {}

    def offer(access: Access) -> None:
        if ahead or world.node(access.thing).get("status") not in AHEAD:
            best[access.kind] = min(access, best.get(access.kind, access))

    for thing, km, sources in published.get(zone, ()):
        if thing in things:
            offer(Access(km, thing, world.node(thing)["subkind"], True, sources))
    if world.node(zone).get("precision") in PRECISE:
        for thing in things:
            line = kilometres_between(world.site(zone), world.site(thing))
            if line is not None:
                road = line * world.parameters.access.road_factor
                offer(Access(road, thing, world.node(thing)["subkind"], False, ()))
    return [best[kind] for kind in sorted(best)]


def _confidence(world: World, access: Access) -> float:
    if access.stated:
        return premise_confidence(access.sources, world.parameters.confidence)
    return world.parameters.access.great_circle_confidence


def _finding(
    world: World,
    zone: str,
    known: list[Access],
    far: list[Access],
    later: list[Access],
    plants: tuple[str, ...],
) -> Finding:
    premise = min(_confidence(world, access) for access in far)
    return build_finding(
        world,
        DETECTOR,
        NAME,
        zone,
        tuple(access.kind for access in far),
        touched=plants,
        severity=sum(excess(world, access) for access in known),
        coverage=1.0,
        premise=premise,
        account=lambda: _account(world, zone, known, far),
        formula={
            **{f"{access.kind}_km": access.km for access in known},
            "with_planned": sum(excess(world, access) for access in later),
        },
        criticality=0.5,
        basis="source",
    )


def _account(world: World, zone: str, known: list[Access], far: list[Access]) -> Account:
    name = with_zone_status(world, zone)
    parts = [_distance(world, access) for access in far]
    listed = listing(parts)
    message: Text = {
        "vi": f"{name['vi']} ở xa hạ tầng giao thông: {listed['vi']}.",
        "en": f"{name['en']} is far from infrastructure: {listed['en']}.",
    }
    worst = max(far, key=lambda access: (excess(world, access), access.kind))
    kind = KIND_NAMES[worst.kind]
    return Account(
        message=message,
        evidence=tuple(_evidence(world, zone, known)),
        remedies=tuple(_remedies(world, zone, known, worst)),
        flip={
            "vi": f"Quãng đường đường bộ đo được ngắn hơn ngưỡng, hoặc một {kind['vi']} gần hơn chưa ghi "
            "nhận, sẽ đổi phát hiện này.",
            "en": f"A measured road distance below the threshold, or a nearer {kind['en']} not recorded "
            "here, changes this finding.",
        },
    )


def _remedies(world: World, zone: str, known: list[Access], worst: Access) -> Iterator[Remedy]:
    """A road to what is worst to reach, and the measurement of what is not recorded."""
    name, to = with_zone_status(world, zone), world.name(worst.thing)
    text = {
        "vi": f"Đường nối hoặc nút giao rút ngắn quãng đường từ {name['vi']} đến {to['vi']} giảm khoảng "
        "cách này nhiều nhất",
        "en": f"A link road or interchange that shortens the way from {name['en']} to {to['en']} would "
        "help most",
    }
    yield Remedy("build", text, zone=zone, parts={"distance_km": worst.km})
    recorded = {access.kind for access in known}
    missing = [KIND_NAMES[kind] for kind in world.parameters.access.thresholds_km if kind not in recorded]
    if missing:
        unknown = listing(missing)
        text = {
            "vi": f"Đo quãng đường từ {name['vi']} đến {unknown['vi']}, hiện chưa ghi nhận",
            "en": f"Measure the road distance from {name['en']} to the nearest {unknown['en']}, "
            "not recorded yet",
        }
        yield Remedy("collect_data", text, zone=zone)


def with_zone_status(world: World, zone: str) -> Text:
    """The name of a zone, marked where it does not run yet."""
    name = world.name(zone)
    if world.node(zone).get("status") in AHEAD:
        return {"vi": f"{name['vi']} (chưa hoạt động)", "en": f"{name['en']} (not running yet)"}
    return name


def _distance(world: World, access: Access) -> Text:
    limit = decimal(world.parameters.access.thresholds_km[access.kind], 0)
    km, to, kind = decimal(access.km, 0), world.name(access.thing), KIND_NAMES[access.kind]
    return {
        "vi": f"{kind['vi']} gần nhất đã ghi nhận ({to['vi']}) cách khoảng {km['vi']} km, ngưỡng "
        f"{limit['vi']} km",
        "en": f"nearest recorded {kind['en']} ({to['en']}) about {km['en']} km away, threshold "
        f"{limit['en']} km",
    }


def _evidence(world: World, zone: str, known: list[Access]) -> Iterator[Premise]:
    name = world.name(zone)
    for access in known:
        line = _distance(world, access)
        how = (
            {"vi": "theo nguồn", "en": "stated by a source"}
            if access.stated
            else {
                "vi": "đường chim bay × 1,3, vị trí theo cấp huyện",
                "en": "great circle × 1.3, district positions",
            }
        )
        text = {language: f"{name[language]}: {line[language]} ({how[language]})" for language in line}
        yield Premise(text, zone, "access", access.thing, None, access.sources, searched=None)
    number = len(world.ways_out)
    text = {
        "vi": f"Đã xem {number} đường cao tốc, cảng biển, sân bay đã ghi nhận: chưa ghi nhận công trình "
        f"gần hơn",
        "en": f"Searched {number} recorded expressways, seaports and airports: none nearer is recorded",
    }
    yield Premise(text, zone, "access", absence=True, searched=number)
