"""D4 isolated park: plants of a park could trade with plants outside it, and hardly any link is recorded.

Definition: park k with two or more plants of known product; L = recorded corridor links across its
boundary; M = needs without recorded corridor supply (as in D3) that could be met across the boundary: buyer
inside and no maker of another group inside, or buyer outside and such a maker inside. A finding if L = 0
and M > 0 (class isolated) or the index is 0.8 or more (weak). L = M = 0 says only that no complementary
product is recorded; that is no gap.
A park with phases on record is judged by its phases, as plants whose phase is unknown stand at the park
itself.
Severity: 1 - L / (L + M). Confidence: conf0 at the mean coverage of the links into the buyers of M.
Complexity: O(V + E): per product the open needs are counted by park once; a buyer whose own group makes the
product is corrected for by itself.
Reference: Cecelja et al. 2015 (matching within parks); gap-spec 3.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice

from graph.gaps.build import build_finding
from graph.gaps.evidence import flip_sentence, make_premise, requirement_basis, requirement_premises, shown
from graph.gaps.remedies import can_supply, matches
from graph.gaps.wording import count, decimal, in_sentence
from graph.gaps.world import Need, World
from graph.model import Account, Finding, Premise, Remedy, Text

DETECTOR = "D4"
NAME = "isolated park"
TOP = 5
"""Needs named per park."""


@dataclass
class _Tally:
    """Needs that could be met across a boundary, and the summed coverage of their buyers' links."""

    needs: float = 0.0
    coverage: float = 0.0

    def add(self, needs: float, coverage: float) -> None:
        self.needs += needs
        self.coverage += coverage


@dataclass
class _Open:
    """The open needs for one product; buyers by the weight of their need."""

    buyers: list[str] = field(default_factory=list)
    all: _Tally = field(default_factory=_Tally)
    in_zone: dict[str, _Tally] = field(default_factory=lambda: defaultdict(_Tally))


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per park."""
    links, unmet = _crossing(world), _unmet(world)
    needs: dict[str, _Tally] = defaultdict(_Tally)
    for product, open_needs in unmet.items():
        _count(world, product, open_needs, needs)
    rules = world.parameters.isolation
    for zone, plants in sorted(_plants(world).items()):
        across, tally = links[zone], needs[zone]
        if len(plants) < rules.min_plants or tally.needs <= 0 or zone in world.zones_with_parts:
            continue
        index = 1 - across / (across + tally.needs)
        if across == 0 or index >= rules.weak_from:
            yield _finding(world, zone, plants, across, tally, unmet)


def _plants(world: World) -> dict[str, list[str]]:
    """Zone -> its plants with a known product."""
    found: dict[str, list[str]] = defaultdict(list)
    for facility in world.inside:
        if (zone := world.node(facility).get("zone")) is not None and world.makes.get(facility):
            found[zone].append(facility)
    return found


def _crossing(world: World) -> Counter[str]:
    """Zone -> recorded links between a plant inside and a corridor partner that is not known to be inside."""
    found: Counter[str] = Counter()
    zones = {facility: world.node(facility).get("zone") for facility in world.inside}
    for facility, zone in zones.items():
        if zone is not None:
            for link in world.links_in[facility]:
                found[zone] += link.side == "local" and zones.get(link.supplier) != zone
            for link in world.links_out[facility]:
                found[zone] += link.buyer_side == "local" and zones.get(link.buyer) != zone
    return found


def _unmet(world: World) -> dict[str, _Open]:
    """Product -> buyers whose need is open although another group makes it."""
    found: dict[str, _Open] = defaultdict(_Open)
    for buyer, products in world.open_needs.items():
        coverage, zone = world.supplied_by(buyer).value, world.node(buyer).get("zone")
        for product in products:
            known = found[product]
            known.buyers.append(buyer)
            known.all.add(1, coverage)
            if zone is not None:
                known.in_zone[zone].add(1, coverage)
    for product, known in found.items():
        known.buyers.sort(key=lambda buyer: _weight(world, buyer, product))
    return dict(sorted(found.items()))


def _count(world: World, product: str, open_needs: _Open, needs: dict[str, _Tally]) -> None:
    """Add the open needs for one product to the parks whose boundary they cross."""
    supply = world.supply(product)
    with_maker = set(supply.zones())
    for zone, inside in open_needs.in_zone.items():
        if zone not in with_maker:
            needs[zone].add(inside.needs, inside.coverage)
    for zone in with_maker:
        inside = open_needs.in_zone.get(zone, _Tally())
        needs[zone].add(open_needs.all.needs - inside.needs, open_needs.all.coverage - inside.coverage)
    for buyer in open_needs.buyers:
        group, home = world.group(buyer), world.node(buyer).get("zone")
        if supply.groups[group]:
            coverage = world.supplied_by(buyer).value
            for zone in with_maker:
                if not supply.others_at(group, "zone", zone):
                    sign = 1 if zone == home else -1
                    needs[zone].add(sign, sign * coverage)


def _finding(
    world: World, zone: str, plants: list[str], across: int, tally: _Tally, unmet: dict[str, _Open]
) -> Finding:
    coverage = tally.coverage / tally.needs
    wanted = _wanted(world, zone, plants, unmet)
    needs = [world.needs[buyer][product] for buyer, product in wanted]
    return build_finding(
        world,
        DETECTOR,
        NAME,
        zone,
        (),
        touched=tuple(plants),
        severity=1 - across / (across + tally.needs),
        coverage=coverage,
        account=lambda: _account(world, zone, plants, across, int(tally.needs), wanted, coverage),
        formula={
            "links_across": float(across),
            "needs_across": tally.needs,
            "plants_with_product": float(len(plants)),
        },
        criticality=max(need.criticality for need in needs),
        basis=requirement_basis(needs),
        group="weak" if across else "isolated",
    )


def _wanted(world: World, zone: str, plants: list[str], unmet: dict[str, _Open]) -> list[tuple[str, str]]:
    """The strongest open needs across the boundary, as (buyer, product): core first, then larger plants."""
    found: set[tuple[str, str]] = set()
    for buyer in plants:
        for product in world.open_needs[buyer]:
            if not world.supply(product).others_at(world.group(buyer), "zone", zone):
                found.add((buyer, product))
    made = {product for plant in plants for output in world.makes[plant] for product in world.upward(output)}
    for product in sorted(made & unmet.keys()):
        supply = world.supply(product)
        outside = (
            (buyer, product)
            for buyer in unmet[product].buyers
            if world.node(buyer).get("zone") != zone and supply.others_at(world.group(buyer), "zone", zone)
        )
        found.update(islice(outside, TOP))
    return nsmallest(TOP, found, key=lambda pair: _weight(world, *pair))


def _weight(world: World, buyer: str, product: str) -> tuple[float, float, str, str]:
    need: Need = world.needs[buyer][product]
    return -need.criticality, -world.size(buyer)[0], buyer, product


def _account(
    world: World,
    zone: str,
    plants: list[str],
    across: int,
    needs: int,
    wanted: list[tuple[str, str]],
    coverage: float,
) -> Account:
    name = world.name(zone)
    flip = {
        "vi": f"Một nguồn nêu một giao dịch giữa nhà máy trong {name['vi']} và nhà máy khác của hành lang "
        f"sẽ giảm hoặc "
        "xóa phát hiện này.",
        "en": f"A source naming one deal between a plant of {name['en']} and another plant of the corridor "
        f"lowers or "
        "removes this finding.",
    }
    return Account(
        message=_message(name, len(plants), across, needs),
        evidence=tuple(_evidence(world, zone, plants, across, wanted, coverage)),
        remedies=tuple(_remedies(world, zone, wanted, needs)),
        flip=flip_sentence(world, flip, coverage),
    )


def _message(name: Text, plants: int, across: int, needs: int) -> Text:
    if across:
        links = {
            "vi": f"mới ghi nhận {across} liên kết cung ứng qua ranh giới khu",
            "en": f"{count(across, 'recorded supply link')} {'crosses' if across == 1 else 'cross'} its "
            f"boundary",
        }
    else:
        links = {
            "vi": "chưa ghi nhận liên kết cung ứng nào qua ranh giới khu với nơi khác trong hành lang",
            "en": "no supply link across its boundary with the rest of the corridor is recorded",
        }
    return {
        "vi": f"{name['vi']} có {plants} nhà máy đã ghi nhận sản phẩm; {links['vi']}, trong khi {needs} "
        f"nhu cầu có thể "
        "được đáp ứng qua ranh giới này.",
        "en": f"{name['en']} has {count(plants, 'plant')} with a recorded product; {links['en']}, while "
        f"{count(needs, 'need')} could be met across it.",
    }


def _evidence(
    world: World, zone: str, plants: list[str], across: int, wanted: list[tuple[str, str]], coverage: float
) -> Iterator[Premise]:
    for plant in shown(plants):
        for made in sorted(world.makes[plant]):
            yield make_premise(world, plant, made)
    yield from requirement_premises(world, (world.needs[buyer][product] for buyer, product in wanted))
    for buyer, product in wanted:
        name, goods = world.name(buyer), in_sentence(world.name(product))
        text = {
            "vi": f"Nhu cầu có thể đáp ứng qua ranh giới: {name['vi']} cần {goods['vi']}",
            "en": f"Could be met across the boundary: {name['en']} needs {goods['en']}",
        }
        sources = {s for _, row in world.needs[buyer][product].causes for s in row.sources}
        yield Premise(text, buyer, "needs", product, None, tuple(sorted(sources)))
    name, share = world.name(zone), decimal(coverage)
    searched = sum(len(world.links_in[plant]) + len(world.links_out[plant]) for plant in plants)
    text = {
        "vi": f"Đã xem {searched} liên kết cung ứng ghi nhận của các nhà máy trong {name['vi']}: {across} "
        f"liên kết qua "
        f"ranh giới với nơi khác trong hành lang (độ phủ ước tính {share['vi']})",
        "en": f"Searched {count(searched, 'recorded supply link')} of the plants in {name['en']}: {across} "
        f"across the "
        f"boundary with the rest of the corridor (estimated coverage {share['en']})",
    }
    yield Premise(text, zone, "supplies", absence=True, searched=searched, coverage=coverage, method="mean")


def _remedies(world: World, zone: str, wanted: list[tuple[str, str]], needs: int) -> Iterator[Remedy]:
    name = world.name(zone)
    text = {
        "vi": f"Tổ chức buổi kết nối cung cầu cho các nhà máy trong {name['vi']} ({needs} nhu cầu)",
        "en": f"Hold a supplier meeting for the plants of {name['en']} ({count(needs, 'need')})",
    }
    yield Remedy("coordinate", text, zone=zone, parts={"needs": float(needs)})
    for buyer, product in wanted:
        to, goods = world.name(buyer), in_sentence(world.name(product))
        for offer in matches(world, product, can_supply(world, product, (buyer,))[:1]):
            text = {
                "vi": f"Cho {to['vi']}, về {goods['vi']}: {offer.text['vi']}",
                "en": f"For {to['en']}, {goods['en']}: {offer.text['en']}",
            }
            yield Remedy("match", text, offer.facility, offer.zone, offer.score, offer.parts)
