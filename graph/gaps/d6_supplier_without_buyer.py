"""D6 supplier without buyer: a plant makes an input that others here need, and no corridor buyer is recorded.

Definition: n = plants of the corridor with a need that some product of f, made for sale, covers; n >= 1 and
no recorded link from f to a buyer in the corridor. Severity: 1 - 0.5^n, halved if other buyers are recorded
(a plant that exports all it makes is no failure; a buyer of unknown place counts as such). Confidence:
confidence of the best-attested make x conf0 at the coverage of the links out of f.
Complexity: O(V + E). The union of buyers is counted exactly up to `EXACT` of them, above that by the
product most asked for, where the severity is 1.0 already.
Reference: OECD FDI-SME toolkit; UNIDO SPX profiles; gap-spec 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.gaps.build import build_finding
from graph.gaps.confidence import premise_confidence
from graph.gaps.evidence import (
    flip_sentence,
    link_premise,
    make_premise,
    requirement_basis,
    requirement_premises,
    shown,
)
from graph.gaps.remedies import offers
from graph.gaps.wording import count, decimal, in_sentence, listing, with_status
from graph.gaps.world import Link, World
from graph.model import Account, Finding, Premise, Rest, Text

DETECTOR = "D6"
NAME = "supplier without buyer"
EXACT = 500
"""Buyers of all products together up to which their union is counted."""


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per plant whose products are needed and which has no recorded corridor buyer."""
    counted: dict[tuple[str, ...], int] = {}
    for facility in world.inside:
        links = world.links_out[facility]
        if any(link.buyer_side == "local" for link in links):
            continue
        products = wanted_products(world, facility)
        if products:
            if products not in counted:
                counted[products] = _buyers(world, products)
            yield _finding(world, facility, products, counted[products], links)


def wanted_products(world: World, facility: str) -> tuple[str, ...]:
    """Needed products that a facility covers with what it makes for sale."""
    made = (product for product, (own_use, _) in world.makes.get(facility, {}).items() if not own_use)
    return tuple(sorted({wide for product in made for wide in world.upward(product) if wide in world.buyers}))


def _buyers(world: World, products: tuple[str, ...]) -> int:
    sizes = [len(world.buyers[product]) for product in products]
    if len(sizes) > 1 and sum(sizes) > EXACT:
        return max(sizes)
    return len({buyer for product in products for buyer in world.buyers[product]})


def _finding(
    world: World, facility: str, products: tuple[str, ...], buyers: int, links: tuple[Link, ...]
) -> Finding:
    coverage = _coverage(world, facility)
    sources = max((world.make_sources(facility, product) for product in products), key=len)
    premise = premise_confidence(sources, world.parameters.confidence)
    needs = [world.needs[world.buyers[product][0]][product] for product in products]
    return build_finding(
        world,
        DETECTOR,
        NAME,
        facility,
        (),
        touched=(facility,),
        severity=(1 - 0.5**buyers) * (0.5 if links else 1.0),
        coverage=coverage,
        premise=premise,
        account=lambda: _account(world, facility, products, buyers, links, coverage, premise),
        rests_on=(Rest(facility, "supplies_to", coverage),),
        formula={
            "potential_buyers": float(buyers),
            "other_buyers": float(len({link.buyer for link in links})),
        },
        criticality=max(need.criticality for need in needs),
        basis=requirement_basis(needs),
        group="other_buyers" if links else "no_buyer",
    )


def _coverage(world: World, facility: str) -> float:
    return world.parameters.coverage("supplies_to", *world.strata(facility)).value


def _account(
    world: World,
    facility: str,
    products: tuple[str, ...],
    buyers: int,
    links: tuple[Link, ...],
    coverage: float,
    premise: float,
) -> Account:
    name = world.name(facility)
    flip = {
        "vi": f"Một nguồn nêu tên một nhà máy trong hành lang mua hàng của {name['vi']} sẽ xóa phát hiện "
        f"này.",
        "en": f"A source naming a corridor plant that buys from {name['en']} removes this finding.",
    }
    return Account(
        message=_message(world, facility, products, buyers, links),
        evidence=tuple(_evidence(world, facility, products, links, coverage)),
        remedies=tuple(offers(world, facility, products)),
        flip=flip_sentence(world, flip, coverage, premise),
    )


def _message(
    world: World, facility: str, products: tuple[str, ...], buyers: int, links: tuple[Link, ...]
) -> Text:
    name = with_status(world.name(facility), world.node(facility).get("status"))
    goods = listing([in_sentence(world.name(product)) for product in products], 3)
    needs = "plant in the corridor needs" if buyers == 1 else "plants in the corridor need"
    known = {"vi": "", "en": ""}
    if links:
        who = listing([world.name(buyer) for buyer in sorted({link.buyer for link in links})], 3)
        known = {
            "vi": f" Bên mua đã ghi nhận, ngoài hành lang hoặc chưa rõ địa điểm: {who['vi']}.",
            "en": f" Recorded buyers, outside the corridor or of unknown place: {who['en']}.",
        }
    return {
        "vi": f"{name['vi']} {world.making(*products)} {goods['vi']}, {buyers} nhà máy trong hành lang cần; "
        f"chưa ghi nhận bên mua nào trong hành lang.{known['vi']}",
        "en": f"{name['en']} makes {goods['en']}, which {buyers} {needs}; no corridor buyer is recorded."
        f"{known['en']}",
    }


def _evidence(
    world: World, facility: str, products: tuple[str, ...], links: tuple[Link, ...], coverage: float
) -> Iterator[Premise]:
    for made in sorted(world.makes[facility]):
        if any(world.covers(made, product) for product in products):
            yield make_premise(world, facility, made)
    yield from shown(
        tuple(
            requirement_premises(
                world, (world.needs[buyer][p] for p in products for buyer in shown(world.buyers[p]))
            )
        )
    )
    for link in links:
        yield link_premise(world, link)
    name, share, searched = world.name(facility), decimal(coverage), len(links)
    text = {
        "vi": f"Đã xem {searched} liên kết cung ứng ghi nhận từ {name['vi']}: chưa ghi nhận bên mua nào "
        f"trong hành "
        f"lang (độ phủ ước tính {share['vi']})",
        "en": f"Searched {count(searched, 'recorded supply link')} out of {name['en']}: no corridor buyer is "
        f"recorded (estimated coverage {share['en']})",
    }
    method = world.parameters.coverage("supplies_to", *world.strata(facility)).method
    yield Premise(
        text, facility, "supplies_to", absence=True, searched=searched, coverage=coverage, method=method
    )
