"""D13 province deficit: fewer recorded links from one province to another than its makers would lead one
to expect.

Definition: for every recorded corridor link (s, b, p) the null says that the supplier is drawn evenly from
the makers of p other than b. Expected links and variance of a pair of provinces are sums of the resulting
probabilities (Poisson-binomial); O is observed; z = (O - expected) / sqrt(variance). A finding for a pair
of different provinces with at least 5 links expected, O below, and a one-sided p that the Benjamini-
Hochberg procedure keeps at 0.05 (for one pair: z < -1.645). Counting only who can supply does not blame a
province for products that it does not make.
Severity: (expected - O) / expected. Confidence: conf0 at the lowest coverage of links of the two provinces.
Complexity: O(links x provinces), with makers counted per product and province.
Reference: Benjamini and Hochberg 1995; product-preserving null models, Ialongo et al. 2022; gap-spec 3.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from graph.gaps.build import build_finding
from graph.gaps.evidence import flip_sentence, link_premise
from graph.gaps.wording import count, decimal, in_sentence, listing
from graph.gaps.world import Link, World
from graph.model import Account, Finding, Premise, Remedy, Text

DETECTOR = "D13"
NAME = "province deficit"
TOP = 5


@dataclass
class Pair:
    """Links from one province to another: expected with their variance, and observed."""

    expected: float = 0.0
    variance: float = 0.0
    observed: int = 0

    @property
    def z(self) -> float:
        """Standard deviations that the observed links lie above the expected ones."""
        return (self.observed - self.expected) / math.sqrt(self.variance) if self.variance > 0 else 0.0


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per ordered pair of provinces, supplying then buying."""
    pairs, wanted = expectations(world)
    tested = {
        key: pair
        for key, pair in pairs.items()
        if key[0] != key[1] and pair.expected >= world.parameters.deficit.min_expected
    }
    kept = _kept({key: pair.z for key, pair in tested.items()}, world.parameters.deficit.false_share)
    lowest = _coverages(world) if kept else {}
    for key in sorted(kept):
        if tested[key].observed < tested[key].expected:
            yield _finding(world, *key, tested[key], wanted[key], min(lowest[key[0]], lowest[key[1]]))


def expectations(world: World) -> tuple[dict[tuple[str, str], Pair], dict[tuple[str, str], dict[str, float]]]:
    """Per (supplying, buying) province its links, and the expected number by product.

    Links of one product into one province with the same makers to choose from are counted first.
    """
    pairs: dict[tuple[str, str], Pair] = defaultdict(Pair)
    wanted: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    alike: Counter[tuple[str, str, bool, str | None]] = Counter()
    province = {facility: world.node(facility).get("locality") or "" for facility in world.inside}
    for buyer, links in world.links_in.items():
        home = province[buyer]
        for link in links:
            if link.product is None or link.supplier not in province or link.supplier == buyer:
                continue
            here, makers = province[link.supplier], world.supply(link.product).makers
            unlisted = None if link.supplier in makers else here
            alike[link.product, home, buyer in makers, unlisted] += 1
            pairs[here, home].observed += 1
    for (product, home, buyer_makes, unlisted), links_alike in alike.items():
        able = _provinces(world, product)
        able[home] -= buyer_makes
        if unlisted is not None:
            able[unlisted] += 1
        number = able.total()
        for here, makers_here in able.items():
            share = makers_here / number
            pair = pairs[here, home]
            pair.expected += links_alike * share
            pair.variance += links_alike * share * (1 - share)
            wanted[here, home][product] += links_alike * share
    return pairs, wanted


def _provinces(world: World, product: str) -> Counter[str]:
    return Counter(world.node(maker).get("locality") or "" for maker in world.supply(product).makers)


def _kept(scores: dict[tuple[str, str], float], false_share: float) -> set[tuple[str, str]]:
    """The pairs that the Benjamini-Hochberg procedure rejects the null for."""
    chances = sorted((NormalDist().cdf(z), key) for key, z in scores.items())
    last = max((n for n, (p, _) in enumerate(chances, 1) if p < false_share * n / len(chances)), default=0)
    return {key for _, key in chances[:last]}


def _coverages(world: World) -> dict[str, float]:
    """Lowest coverage of the links into the plants of each province."""
    found: dict[str, float] = {}
    for facility in world.inside:
        place = world.node(facility).get("locality")
        if place is not None:
            found[place] = min(world.supplied_by(facility).value, found.get(place, 1.0))
    return found


def _finding(
    world: World, supplying: str, buying: str, pair: Pair, wanted: dict[str, float], coverage: float
) -> Finding:
    products = [product for product, _ in sorted(wanted.items(), key=lambda item: (-item[1], item[0]))]
    able = {maker for product in products for maker in world.supply(product).makers}
    touched = tuple(sorted(maker for maker in able if world.node(maker).get("locality") == supplying))
    return build_finding(
        world,
        DETECTOR,
        NAME,
        supplying,
        (buying,),
        id_object=buying,
        touched=touched,
        severity=(pair.expected - pair.observed) / pair.expected,
        coverage=coverage,
        account=lambda: _account(world, supplying, buying, pair, products, coverage),
        formula={
            "expected": pair.expected,
            "observed": float(pair.observed),
            "z": pair.z,
        },
        criticality=1.0,
        basis="source",
    )


def _account(
    world: World, supplying: str, buying: str, pair: Pair, products: list[str], coverage: float
) -> Account:
    here, there, expected = world.name(supplying), world.name(buying), decimal(pair.expected, 1)
    goods = listing([in_sentence(world.name(product)) for product in products], 3)
    flip = {
        "vi": f"Thêm liên kết có nguồn từ nhà máy tại {here['vi']} đến nhà máy tại {there['vi']} sẽ giảm "
        f"hoặc xóa "
        "phát hiện này.",
        "en": f"Sourced links from plants in {here['en']} to plants in {there['en']} lower or remove this "
        f"finding.",
    }
    message: Text = {
        "vi": f"Từ {here['vi']} đến {there['vi']} mới ghi nhận {pair.observed} liên kết cung ứng; nếu bên "
        f"mua chọn đều "
        f"giữa các nơi đã ghi nhận có khả năng cung ứng thì kỳ vọng là {expected['vi']} ({goods['vi']}).",
        "en": f"From {here['en']} to {there['en']} {count(pair.observed, 'supply link')} "
        f"{'is' if pair.observed == 1 else 'are'} recorded; if buyers chose evenly among the recorded "
        f"makers, "
        f"{expected['en']} would be expected ({goods['en']}).",
    }
    text: Text = {
        "vi": f"Tổ chức kết nối giữa nhà máy sản xuất {goods['vi']} tại {here['vi']} và bên mua tại "
        f"{there['vi']}",
        "en": f"Bring makers of {goods['en']} in {here['en']} together with buyers in {there['en']}",
    }
    return Account(
        message=message,
        evidence=tuple(_evidence(world, supplying, buying, pair, products, coverage)),
        remedies=(Remedy("coordinate", text, parts={"expected": pair.expected}),),
        flip=flip_sentence(world, flip, coverage),
    )


def _evidence(
    world: World, supplying: str, buying: str, pair: Pair, products: list[str], coverage: float
) -> Iterator[Premise]:
    for product in products[:TOP]:
        goods, able = in_sentence(world.name(product)), _provinces(world, product)
        text = {
            "vi": f"Đã ghi nhận {able.total()} nơi trong hành lang {world.making(product)} {goods['vi']}, "
            f"trong đó {able[supplying]} tại "
            f"{world.name(supplying)['vi']}",
            "en": f"{count(able.total(), 'plant')} in the corridor {'is' if able.total() == 1 else 'are'} "
            f"recorded to "
            f"make {goods['en']}, {able[supplying]} of them in {world.name(supplying)['en']}",
        }
        sources = {
            s for maker in sorted(world.supply(product).makers) for s in world.make_sources(maker, product)
        }
        yield Premise(text, product, "made_by", supplying, None, tuple(sorted(sources)[:TOP]))
    into = [link for link in _into(world, buying) if link.product in set(products)]
    for link in into[:TOP]:
        yield link_premise(world, link)
    share = decimal(coverage)
    text = {
        "vi": f"Đã xem {len(into)} liên kết cung ứng ghi nhận về các sản phẩm này đến "
        f"{world.name(buying)['vi']}: "
        f"{pair.observed} từ {world.name(supplying)['vi']} (độ phủ ước tính {share['vi']}; nguồn tin địa "
        f"phương thường "
        "ghi liên kết trong tỉnh nhiều hơn)",
        "en": f"Searched {count(len(into), 'recorded supply link')} of these products into "
        f"{world.name(buying)['en']}: "
        f"{pair.observed} from {world.name(supplying)['en']} (estimated coverage {share['en']}; local "
        f"papers record "
        "local links more often)",
    }
    yield Premise(
        text,
        buying,
        "supplied_by",
        supplying,
        absence=True,
        searched=len(into),
        coverage=coverage,
        method="lowest",
    )


def _into(world: World, buying: str) -> Iterator[Link]:
    for buyer, links in world.links_in.items():
        if world.node(buyer).get("locality") == buying:
            yield from (link for link in links if link.supplier in world.links_in)
