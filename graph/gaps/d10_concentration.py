"""D10 concentration: one sector carries an area, or one group the making of a product.

Definition: HHI = sum of squared shares. (a) Area: shares of size by sector of the main product, in a
locality at the date or a zone, from 5 plants with a known product; fewer are too little to judge. (b)
Product: shares of size of the makers for sale by group, from 3 makers. Size is employees, else capital,
else the median of the plants of its role.
Severity: max(0, (HHI - 0.18) / 0.82). Confidence of an area: coverage of its facilities; of a product: that
of its makers. Listed only where sizes are of one kind, since employees and capital do not add up. A share
from a sample needs a margin: that of the jackknife is shown.
Complexity: O(V), with the jackknife in closed form.
Reference: US Department of Justice and FTC, Merger Guidelines 2023, guideline 1 (1,800 points: a
convention, not a law of regions); Efron 1981 (jackknife); gap-spec 3.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.gaps.build import build_finding
from graph.gaps.evidence import shown, size_premise
from graph.gaps.plants import EVERYWHERE
from graph.gaps.sectors import Sectors
from graph.gaps.wording import count, decimal, in_sentence, listing
from graph.gaps.world import World
from graph.model import Account, Finding, Premise, Remedy, Text

DETECTOR = "D10"
NAME = "concentration"
BASES = ("employees", "capital", "median")


@dataclass
class _Mix:
    """Sizes by class, and the plants behind them."""

    sizes: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    plants: list[str] = field(default_factory=list)
    parts: list[tuple[str, float]] = field(default_factory=list)
    """(class, size) of each plant, or of each of its equal main products."""

    def add(self, plant: str, shares: Mapping[str, float], size: float) -> None:
        self.plants.append(plant)
        for name, share in shares.items():
            self.sizes[name] += share * size
            self.parts.append((name, share * size))

    @property
    def index(self) -> float:
        return herfindahl(self.sizes)

    def margin(self) -> float:
        """Standard error of the index by the jackknife: one part left out at a time."""
        whole, squares = math.fsum(self.sizes.values()), math.fsum(s * s for s in self.sizes.values())
        known = Counter((self.sizes[name], size) for name, size in self.parts if whole > size)
        values = [
            ((squares - size * (2 * total - size)) / (whole - size) ** 2, times)
            for (total, size), times in known.items()
        ]
        number = sum(times for _, times in values)
        if number < 2:
            return 0.0
        mean = sum(value * times for value, times in values) / number
        return math.sqrt((number - 1) / number * sum(times * (value - mean) ** 2 for value, times in values))


def herfindahl(sizes: Mapping[str, float]) -> float:
    """Sum of squared shares, 0..1; 0 where there is no size."""
    whole = math.fsum(sizes.values())
    return math.fsum((size / whole) ** 2 for size in sizes.values()) if whole else 0.0


def severity(index: float, mark: float) -> float:
    """How far an index lies above the mark, 0..1."""
    return max(0.0, (index - mark) / (1 - mark))


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per concentrated locality, zone or product."""
    rules, sectors = world.parameters.concentration, Sectors(world)
    for area, mix in sorted(_areas(world, sectors).items()):
        if len(mix.plants) >= rules.min_facilities and severity(mix.index, rules.mark) > 0:
            coverage = world.parameters.coverage("located_in", area, EVERYWHERE).value
            yield _finding(world, area, mix, coverage, sectors)
    for product, makers in sorted(world.suppliers.items()):
        if product in world.buyers and len(makers) >= rules.min_makers:
            mix = _Mix()
            for maker in sorted(makers):
                mix.add(maker, {world.group(maker): 1.0}, world.size(maker)[0])
            if severity(mix.index, rules.mark) > 0:
                coverage = world.parameters.coverage("made_by", product, EVERYWHERE).value
                yield _finding(world, product, mix, coverage, None)


def _areas(world: World, sectors: Sectors) -> dict[str, _Mix]:
    found: dict[str, _Mix] = defaultdict(_Mix)
    for facility in world.inside:
        if shares := sectors.of_facility(facility):
            node = world.node(facility)
            zone, place = node.get("zone"), node.get("locality")
            for area in (*([place] if place else ()), *(world.zones_around(zone) if zone else ())):
                found[area].add(facility, shares, world.size(facility)[0])
    # A wider zone with the plants of one of its parts only says the same again.
    narrow = {tuple(mix.plants): area for area, mix in found.items() if area not in world.zones_with_parts}
    return {area: mix for area, mix in found.items() if narrow.get(tuple(mix.plants), area) == area}


def _finding(world: World, subject: str, mix: _Mix, coverage: float, sectors: Sectors | None) -> Finding:
    index = mix.index
    return build_finding(
        world,
        DETECTOR,
        NAME,
        subject,
        (),
        touched=tuple(mix.plants),
        severity=severity(index, world.parameters.concentration.mark),
        coverage=coverage,
        posterior=_share_of_all,
        account=lambda: _account(world, subject, mix, coverage, sectors),
        formula=lambda: {
            "concentration_index": index,
            "margin": mix.margin(),
            "plants_counted": float(len(mix.plants)),
            "classes": float(len(mix.sizes)),
        },
        criticality=0.5,
        basis="source",
        group="area" if sectors else "product",
        listable=_alike(world, mix) >= world.parameters.concentration.min_alike,
    )


def _alike(world: World, mix: _Mix) -> float:
    """Share of the plants with a size of the one kind that is stated; 0 where employees meet capital."""
    bases = Counter(world.size(plant)[1] for plant in mix.plants)
    stated = [bases[basis] for basis in BASES[:2] if bases[basis]]
    return stated[0] / len(mix.plants) if len(stated) == 1 else 0.0


def _share_of_all(coverage: float, _: Sequence[float]) -> float:
    """A share is as sure as the part of the plants that is recorded."""
    return coverage


def _account(world: World, subject: str, mix: _Mix, coverage: float, sectors: Sectors | None) -> Account:
    whole = math.fsum(mix.sizes.values())
    ranked = sorted(mix.sizes.items(), key=lambda item: (-item[1], item[0]))
    name_of = sectors.name if sectors else world.name
    top = [
        {
            language: f"{text} {decimal(100 * size / whole, 0)[language]}%"
            for language, text in name_of(name).items()
        }
        for name, size in ranked[:3]
    ]
    message = _message(world, subject, mix, listing(top), sectors is not None)
    first = name_of(ranked[0][0])
    return Account(
        message=message,
        evidence=tuple(_evidence(world, subject, mix, coverage)),
        remedies=(_remedy(world, subject, first, sectors is not None),),
        flip={
            "vi": "Danh sách nhà máy đầy đủ hơn, hoặc quy mô có nguồn thay cho giá trị trung vị, sẽ đổi "
            "phát hiện này.",
            "en": "A fuller list of plants, or sourced sizes in place of medians, changes this finding.",
        },
    )


def _message(world: World, subject: str, mix: _Mix, top: Text, area: bool) -> Text:
    index, plants = decimal(mix.index), len(mix.plants)
    if area:
        name = world.name(subject)
        return {
            "vi": f"{name['vi']}: trong {plants} nhà máy đã ghi nhận sản phẩm, quy mô tập trung vào "
            f"{top['vi']} (chỉ số "
            f"HHI {index['vi']}).",
            "en": f"{name['en']}: of {count(plants, 'plant')} with a recorded product, size is "
            f"concentrated in "
            f"{top['en']} (HHI {index['en']}).",
        }
    goods = in_sentence(world.name(subject))
    return {
        "vi": f"Trong {plants} nơi đã ghi nhận {world.making(subject)} {goods['vi']} "
        f"{world.for_sale(subject)}, quy mô tập trung ở {top['vi']} (chỉ số HHI "
        f"{index['vi']}).",
        "en": f"Of {count(plants, 'plant')} recorded to make {goods['en']} for sale, size is concentrated in "
        f"{top['en']} (HHI {index['en']}).",
    }


def _evidence(world: World, subject: str, mix: _Mix, coverage: float) -> Iterator[Premise]:
    largest = sorted(mix.plants, key=lambda plant: (-world.size(plant)[0], plant))
    for plant in shown(largest):
        yield size_premise(world, plant)
    bases = Counter(world.size(plant)[1] for plant in mix.plants)
    by, share = [bases[basis] for basis in BASES], decimal(coverage)
    text = {
        "vi": f"Đã xem {len(mix.plants)} nhà máy: quy mô theo lao động {by[0]}, theo vốn {by[1]}, theo "
        f"trung vị {by[2]}; "
        f"nhà máy chưa ghi nhận có thể đổi tỷ trọng (độ phủ ước tính {share['vi']})",
        "en": f"Searched {count(len(mix.plants), 'plant')}: size by employees for {by[0]}, by capital for "
        f"{by[1]}, by "
        f"median for {by[2]}; plants not recorded may change the shares (estimated coverage {share['en']})",
    }
    yield Premise(
        text,
        subject,
        "located_in",
        absence=True,
        searched=len(mix.plants),
        coverage=coverage,
        method="default",
    )


def _remedy(world: World, subject: str, first: Text, area: bool) -> Remedy:
    name = world.name(subject)
    if area:
        text = {
            "vi": f"Khi mời gọi đầu tư vào {name['vi']}, ưu tiên ngành liên quan nhưng khác với "
            f"{first['vi']}",
            "en": f"When promoting {name['en']}, favour sectors related to {first['en']} but not the same",
        }
    else:
        goods = in_sentence(name)
        text = {
            "vi": f"Giới thiệu bên mua với những nơi khác cũng {world.making(subject)} {goods['vi']} "
            f"ngoài {first['vi']}",
            "en": f"Introduce buyers to the other makers of {goods['en']} beside {first['en']}",
        }
    return Remedy("coordinate", text)
