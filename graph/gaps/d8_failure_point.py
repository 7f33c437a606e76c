"""D8 failure point: a facility whose stop would stop others, or split the recorded network.

Definition: U = undirected graph of the recorded links between facilities of the corridor. Candidates: cut
points of U and named sole sources of core inputs. I(v) = summed size of the facilities that stop after v /
summed size of all but v (rule of `cascade`). D(v) = 1 - sum n_i (n_i - 1) / ((n - 1)(n - 2)), the share of
pairs in its component that lose every path; n_i are the parts without v. Severity: max(I, 0.5 D). Bridges
stand in the evidence of their cut points, with the sizes on either side.
Confidence: where I decides, the expected share of I that is real: each stopped facility weighted by its
size, its link and the product of conf1(coverage of the links into it) along its chain. Where D decides:
conf0 at the lowest coverage of the neighbours, that no way around is missing from the records.
A ranking is fragile: entries are listed only from the coverage named in the parameter file, and only those
that stay among the first in most of the resamples without a tenth of the links (flag `stable`).
Complexity: O(V + E) for cut points and D, O(links reached) per candidate for I; resamples only where one is
listable. In a world of long chains a stop can reach nearly all: after `REACH` stopped facilities no further
tier is looked at, except for the `EXACT` candidates that then stand first. Where tiers were left out the
finding says so ("at least", `cut_short` in the formula).
Reference: Diem et al. 2022, Sci. Rep. 12:7719 (ESRI); Pichler et al. 2021; Hopcroft and Tarjan 1973; gap-
spec 6.3.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from graph.gaps.build import Touched, build_finding
from graph.gaps.cascade import Cascade, Stop
from graph.gaps.confidence import conf0, conf1
from graph.gaps.connectivity import Cuts, cuts
from graph.gaps.evidence import flip_sentence, link_premise, shown, size_premise
from graph.gaps.remedies import matches, second_sources
from graph.gaps.wording import count, decimal, figure, in_sentence, listing, with_status
from graph.gaps.world import RECORDED, Link, World
from graph.model import Account, Finding, Premise, Remedy, Text, home

DETECTOR = "D8"
NAME = "failure point"
CHAINS = 20
"""Stopped facilities that the evidence names; the figures count all."""
REACH = 200
"""Stopped facilities after which no further tier is looked at."""
EXACT = 50
"""Candidates whose cascade is followed to the end, however long."""


class _Point(NamedTuple):
    """One candidate and what its stop does."""

    facility: str
    stopped: int
    cut_short: bool
    """Whether more may stop than were counted."""
    impact: float
    separation: float
    joined: int
    """Other facilities in its component, 0 if it is no cut point."""
    severity: float
    size: float
    places: dict[str, int]
    coverage: float
    """Lowest coverage of the links into those that stop; 1 if none does."""
    real: float
    """Share of the impact that is real (`_real_share`)."""
    stated: bool
    """Whether a source states one of the requirements behind it."""


class _Network:
    """The structure of the recorded links, some of which may be left out."""

    def __init__(self, world: World, without: Collection[str] = ()) -> None:
        self.world = world
        self.cascade = Cascade(world, without)
        self.cuts = cuts(
            (link.supplier, link.buyer) for link in corridor_links(world) if link.id not in without
        )
        self._all = world.total_size(world.inside)
        self._inside = frozenset(world.inside)
        # Per facility and per need of the cascade, in its numbers; suppliers that are no plants never stop.
        names, needs = self.cascade.names, self.cascade.needs
        self._size = [world.size(name)[0] if name in self._inside else 0.0 for name in names]
        self._place = [home(world.node(name)) if name in self._inside else None for name in names]
        self._cover = [world.supplied_by(name).value if name in self._inside else 1.0 for name in names]
        single = {value: conf1(value, world.parameters.confidence.prior) for value in set(self._cover)}
        self._sure = [need.sure * single[self._cover[self.cascade.number[need.buyer]]] for need in needs]

    def points(self) -> list[_Point]:
        """The candidates with an effect, by name."""
        candidates = sorted(self.cuts.parts.keys() | self.cascade.sole_sources)
        found = {facility: self._point(facility, REACH) for facility in candidates}
        first = sorted(found, key=lambda facility: (-found[facility].severity, facility))[:EXACT]
        for facility in first:
            if found[facility].cut_short:
                found[facility] = self._point(facility, None)
        return [point for point in found.values() if point.severity > 0]

    def _point(self, facility: str, most: int | None) -> _Point:
        stopped, causes = self.cascade.walk(facility, most)
        lost = math.fsum(map(self._size.__getitem__, stopped))
        own = self.world.size(facility)[0] if facility in self._inside else 0.0
        others = self._all - own
        impact = min(1.0, lost / others) if others > 0 else 0.0
        separation = self.cuts.separation(facility)
        places = Counter(map(self._place.__getitem__, stopped))
        return _Point(
            facility,
            len(stopped),
            most is not None and len(stopped) >= most,
            impact,
            separation,
            sum(self.cuts.parts.get(facility, ())),
            max(impact, self.world.parameters.failure.separation_weight * separation),
            lost,
            {place: places[place] for place in sorted(filter(None, places))},
            min(map(self._cover.__getitem__, stopped), default=1.0),
            self._real(facility, stopped, causes) / lost if lost > 0 else 0.0,
            any(map(self._stated, causes)),
        )

    def _real(self, facility: str, stopped: list[int], causes: list[int]) -> float:
        """Size that stops if every link is right and every source the only one, along each chain."""
        size, sure, sources, real = self._size, self._sure, self.cascade.sources, 0.0
        chains = {self.cascade.number[facility]: 1.0} if stopped else {}
        for buyer, need in zip(stopped, causes, strict=True):
            before = sources[need]
            chain = chains[before[0]] if len(before) == 1 else min(chains[s] for s in before)
            chains[buyer] = chain = chain * sure[need]
            real += size[buyer] * chain
        return real

    def _stated(self, number: int) -> bool:
        need = self.cascade.needs[number]
        return any(row.basis == "source" for _, row in self.world.needs[need.buyer][need.product].causes)


def corridor_links(world: World) -> Iterator[Link]:
    """Recorded links between two facilities of the corridor."""
    for facility, links in world.links_in.items():
        for link in links:
            if link.supplier in world.links_in and link.supplier != facility:
                yield link


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per facility whose stop has an effect."""
    network = _Network(world)
    points = network.points()
    least = world.parameters.list_from_coverage.get(DETECTOR, 0.0)
    coverages = {point.facility: _coverage(world, point) for point in points}
    stable = _stable(world, points) if any(known >= least for known in coverages.values()) else frozenset()
    for point in points:
        yield _finding(world, network, point, coverages[point.facility], point.facility in stable)


def _neighbours(world: World, facility: str) -> tuple[str, ...]:
    """Facilities inside that are recorded to deal with one."""
    sellers = (link.supplier for link in world.links_in.get(facility, ()) if link.supplier in world.links_in)
    buyers = (link.buyer for link in world.links_out.get(facility, ()) if link.buyer in world.links_in)
    return tuple(sorted({*sellers, *buyers} - {facility}))


def _coverage(world: World, point: _Point) -> float:
    """Lowest coverage of the links into those that stop, or into the neighbours of a mere cut point."""
    if point.stopped:
        return point.coverage
    return min(world.supplied_by(facility).value for facility in _neighbours(world, point.facility))


def _stable(world: World, points: Sequence[_Point]) -> frozenset[str]:
    """Facilities that stay among the first in most resamples without a share of the links."""
    rules, links = world.parameters.failure, [link.id for link in corridor_links(world)]
    kept: Counter[str] = Counter()
    for seed in range(rules.resamples):
        without = frozenset(random.Random(seed).sample(links, round(rules.dropped_share * len(links))))
        ranked = sorted(
            _Network(world, without).points(), key=lambda point: (-point.severity, point.facility)
        )
        kept.update(point.facility for point in ranked[: rules.top])
    return frozenset(p.facility for p in points if kept[p.facility] >= rules.stable_share * rules.resamples)


def _finding(world: World, network: _Network, point: _Point, coverage: float, stable: bool) -> Finding:
    by_cascade = point.impact >= point.severity
    most = REACH if point.cut_short else None
    posterior = partial(_real_share, world, network.cascade, point, most) if by_cascade else conf0
    touched = (
        Touched(point.stopped, point.size, point.places)
        if point.stopped
        else _neighbours(world, point.facility)
    )
    return build_finding(
        world,
        DETECTOR,
        NAME,
        point.facility,
        (),
        touched=touched,
        severity=point.severity,
        coverage=coverage,
        posterior=posterior,
        account=lambda: _account(
            world, network.cuts, point, network.cascade.stops(point.facility, most), coverage
        ),
        formula=lambda: {
            "impact": point.impact,
            "separation": point.separation,
            "stopped": float(point.stopped),
            **({"cut_short": 1.0} if point.cut_short else {}),
            "expected_impact": point.impact * posterior(coverage, world.parameters.confidence.prior),
        },
        criticality=1.0 if point.stopped else 0.5,
        basis="source" if point.stated else "curated",
        group="cascade" if by_cascade else "cut_point",
        flags=("stable",) if stable else (),
        listable=stable,
    )


def _real_share(
    world: World, cascade: Cascade, point: _Point, most: int | None, _: float, prior: Sequence[float]
) -> float:
    """Share of the impact that is real: every link right and every source the only one, along each chain."""
    if prior == world.parameters.confidence.prior:
        return point.real
    stops = cascade.stops(point.facility, most)
    chains: dict[str, float] = {}
    single: dict[float, float] = {}
    whole = real = 0.0
    for stop in stops:
        coverage = world.supplied_by(stop.facility).value
        if coverage not in single:
            single[coverage] = conf1(coverage, prior)
        before = min((chains[s] for s in stop.suppliers if s in chains), default=1.0)
        chains[stop.facility] = before * stop.sure * single[coverage]
        size = world.size(stop.facility)[0]
        whole += size
        real += size * chains[stop.facility]
    return real / whole


def _account(world: World, found: Cuts, point: _Point, stops: list[Stop], coverage: float) -> Account:
    name = world.name(point.facility)
    flip = {
        "vi": f"Một nguồn cho thấy các nhà máy này còn nguồn cung khác ngoài {name['vi']} sẽ giảm hoặc xóa "
        "phát hiện này.",
        "en": f"A source showing that these plants have other suppliers than {name['en']} lowers or removes "
        "this finding.",
    }
    if not stops:
        flip = flip_sentence(world, flip, coverage)
    return Account(
        message=_message(world, point, stops),
        evidence=tuple(_evidence(world, found, point, stops, coverage)),
        remedies=tuple(_remedies(world, point, stops)),
        flip=flip,
    )


def _message(world: World, point: _Point, stops: list[Stop]) -> Text:
    name = world.name(point.facility)
    if world.node(point.facility)["kind"] == "facility":
        name = with_status(name, world.node(point.facility).get("status"))
    texts = {"vi": [], "en": []}  # type: dict[str, list[str]]
    if stops:
        number, share = point.stopped, decimal(100 * point.impact, 1)
        first = listing([world.name(stop.facility) for stop in stops], 3)
        least = {"vi": "ít nhất ", "en": "at least "} if point.cut_short else {"vi": "", "en": ""}
        texts["vi"].append(
            f"{least['vi']}{number} nhà máy chưa ghi nhận nguồn khác cho một đầu vào cốt yếu "
            f"sẽ phải dừng theo ({first['vi']}), "
            f"chiếm {least['vi']}{share['vi']}% quy mô của các nhà máy khác trong hành lang"
        )
        texts["en"].append(
            f"{least['en']}{count(number, 'plant')} with no other recorded source of a core input "
            f"would stop too ({first['en']}), {least['en']}{share['en']}% of the size of all other plants "
            f"in the corridor"
        )
    if point.separation > 0:
        share = decimal(100 * point.separation, 0)
        texts["vi"].append(
            f"{share['vi']}% số cặp trong {point.joined} nhà máy đang nối với nhau sẽ mất kết nối"
        )
        texts["en"].append(
            f"{share['en']}% of the pairs among the {point.joined} plants it joins would be cut off"
        )
    joined = {language: "; ".join(lines) for language, lines in texts.items()}
    return {
        "vi": f"Nếu {name['vi']} dừng, theo các liên kết đã ghi nhận: {joined['vi']}.",
        "en": f"If {name['en']} stopped, by the recorded links: {joined['en']}.",
    }


def _evidence(
    world: World, found: Cuts, point: _Point, stops: list[Stop], coverage: float
) -> Iterator[Premise]:
    if world.node(point.facility)["kind"] == "facility":
        yield size_premise(world, point.facility)
    for stop in stops[:CHAINS]:
        name, goods = world.name(stop.facility), in_sentence(world.name(stop.product))
        who, size = listing([world.name(s) for s in stop.suppliers]), figure(world.size(stop.facility)[0])
        links = world.sources[stop.facility][stop.product]
        text = {
            "vi": f"{name['vi']} (quy mô {size['vi']}) dừng ở bậc {stop.tiers}: mọi nguồn {goods['vi']} đã "
            f"ghi nhận "
            f"đều dừng ({who['vi']})",
            "en": f"{name['en']} (size {size['en']}) stops at tier {stop.tiers}: every recorded source of "
            f"{goods['en']} has stopped ({who['en']})",
        }
        sources = tuple(sorted({source for link in links for source in link.sources}))
        yield Premise(text, stop.facility, "stops", stop.product, "current", sources)
    if point.separation > 0:
        yield from _links_held(world, found, point)
    share, searched = decimal(coverage), len(world.links)
    text = {
        "vi": f"Đã xem {searched} liên kết cung ứng ghi nhận: chưa ghi nhận nguồn khác hay đường nối khác "
        f"(độ phủ "
        f"ước tính thấp nhất {share['vi']})",
        "en": f"Searched {count(searched, 'recorded supply link')}: no other source or way around is "
        f"recorded "
        f"(lowest estimated coverage {share['en']})",
    }
    yield Premise(
        text, point.facility, "supplies", absence=True, searched=searched, coverage=coverage, method="lowest"
    )


def _links_held(world: World, found: Cuts, point: _Point) -> Iterator[Premise]:
    """The links at the cut point; of a bridge also the parts on either side."""
    here = [
        link
        for link in (*world.links_in.get(point.facility, ()), *world.links_out.get(point.facility, ()))
        if link.status in RECORDED
        and link.supplier != link.buyer
        and {link.supplier, link.buyer} <= world.links_in.keys()
    ]
    for link in shown(here):
        line, ends = link_premise(world, link), (link.supplier, link.buyer)
        sides = found.bridges.get(ends) or found.bridges.get(ends[::-1])
        if sides is None:
            yield line
            continue
        text = {
            "vi": f"{line.text['vi']}; là cầu nối duy nhất giữa hai phần gồm {sides[0]} và {sides[1]} nhà "
            f"máy",
            "en": f"{line.text['en']}; the only recorded bridge between parts of {sides[0]} and {sides[1]} "
            f"plants",
        }
        yield Premise(text, line.subject, "bridge", line.object, line.status, line.sources)


def _remedies(world: World, point: _Point, stops: list[Stop]) -> Iterator[Remedy]:
    """Second sources for what stops first, those needs first that save most."""
    limit = world.parameters.remedies.limit
    first = sorted(
        (stop for stop in stops if stop.suppliers == (point.facility,)),
        key=lambda stop: (-world.size(stop.facility)[0], stop.facility),
    )
    group, made = world.group(point.facility), 0
    for stop in first[:limit]:
        for remedy in matches(
            world, stop.product, second_sources(world, stop.product, stop.facility, group)[:1]
        ):
            made += 1
            yield remedy
    if not made:
        name = world.name(point.facility)
        text = {
            "vi": f"Hỏi các nhà máy giao dịch với {name['vi']} xem còn nguồn cung hay bên mua nào khác",
            "en": f"Ask the plants that deal with {name['en']} for their other suppliers and buyers",
        }
        yield Remedy("ask", text, point.facility if point.facility in world.links_in else None)
