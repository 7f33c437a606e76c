"""D7 outside dependence: plants are recorded to buy a product from outside the corridor.

OD = outside links / links whose side is known. Severity: criticality x OD x (1 - 0.5 ^ buyers using outside
sources). Confidence: the least sure of the outside links x conf0 at the lowest coverage of those buyers'
links. The least sure one and not the product of all: several links often share a source, and a better
documented dependence must not look less certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from graph.gaps.build import build_finding
from graph.gaps.evidence import (
    flip_sentence,
    link_absence,
    link_confidence,
    link_premise,
    other_maker_premises,
    recorded_only,
    requirement_basis,
    requirement_premises,
    shown,
)
from graph.gaps.neighbours import neighbour_premises, neighbour_sentence, neighbours
from graph.gaps.remedies import can_supply, matches, missing_input_remedies
from graph.gaps.wording import count, in_sentence, listing
from graph.gaps.world import Link, Need, World
from graph.model import Account, Finding, Premise, Rest, Text

DETECTOR = "D7"
NAME = "outside dependence"


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per product with an outside link of a plant that needs it; objects are those plants."""
    by_product: dict[str, list[Link]] = defaultdict(list)
    for link in (link for into in world.links_in.values() for link in into):
        if link.product is not None:
            by_product[link.product].append(link)
    for product, links in sorted(by_product.items()):
        outside = [link for link in links if link.side == "outside"]
        buyers = tuple(sorted({link.buyer for link in outside}))
        if needs := [need for buyer in buyers for need in _needs_filled(world, buyer, product)]:
            yield _finding(world, product, links, outside, buyers, needs)


def _needs_filled(world: World, buyer: str, product: str) -> list[Need]:
    return [need for need in world.needs[buyer].values() if world.covers(product, need.product)]


def _finding(
    world: World,
    product: str,
    links: list[Link],
    outside: list[Link],
    buyers: tuple[str, ...],
    needs: list[Need],
) -> Finding:
    criticality = max(need.criticality for need in needs)
    placed = sum(link.side is not None for link in links)
    other = world.links_of[product] - placed
    share = len(outside) / placed
    coverage = min(world.supplied_by(buyer).value for buyer in buyers)
    premise = min(link_confidence(world, link) for link in outside)
    makers = len(world.suppliers.get(product, ()))
    return build_finding(
        world,
        DETECTOR,
        NAME,
        product,
        buyers,
        touched=buyers,
        severity=criticality * share * (1 - 0.5 ** len(buyers)),
        coverage=coverage,
        premise=premise,
        account=lambda: _account(world, product, links, buyers, needs, coverage, premise),
        rests_on=tuple(Rest(buyer, "supplied_by", world.supplied_by(buyer).value) for buyer in buyers),
        formula={
            "criticality": criticality,
            "outside_share": share,
            "outside_links": float(len(outside)),
            "placed_links": float(placed),
            "links_without_place": float(len(links) - placed),
            "links_not_counted": float(other),
            "buyers": float(len(buyers)),
            "makers_inside": float(makers),
        },
        criticality=criticality,
        basis=requirement_basis(needs),
        group="local_maker_exists" if makers else "no_local_maker",
        next_door=partial(neighbours, world, (product,), buyers),
    )


def _account(
    world: World,
    product: str,
    links: list[Link],
    buyers: tuple[str, ...],
    needs: list[Need],
    coverage: float,
    premise: float,
) -> Account:
    goods = in_sentence(world.name(product))
    flip = {
        "vi": f"Một nguồn cho thấy các nhà máy này mua {goods['vi']} từ trong hành lang sẽ giảm hoặc "
        "xóa phát hiện này.",
        "en": f"A source showing that these plants buy {goods['en']} inside the corridor lowers or "
        "removes this finding.",
    }
    remedies = (
        matches(world, product, can_supply(world, product, buyers))
        if world.suppliers.get(product)
        else missing_input_remedies(world, product, buyers)
    )
    outside = [link for link in links if link.side == "outside"]
    placed = sum(link.side is not None for link in links)
    return Account(
        message=_message(world, product, outside, placed, world.links_of[product] - placed),
        evidence=tuple(_evidence(world, product, links, buyers, needs)),
        remedies=tuple(remedies),
        flip=flip_sentence(world, flip, coverage, premise),
    )


def _message(world: World, product: str, outside: list[Link], placed: int, other: int) -> Text:
    buyers = sorted({link.buyer for link in outside})
    share, local = _share(world, product, outside, placed), _local(world, product, buyers)
    rest = {"vi": "", "en": ""}
    if other:
        rest = {
            "vi": f" Chưa tính {other} liên kết khác đã ghi nhận về sản phẩm này (bên mua khác, chưa rõ nơi "
            "cung ứng, mới dự kiến hoặc đã kết thúc).",
            "en": f" Not counted: {count(other, 'other recorded link')} of it (other buyers, place of supply "
            "not known, planned or ended).",
        }
    return {
        "vi": f"{share['vi']}, cho {len(buyers)} nhà máy.{rest['vi']} {local['vi']}",
        "en": f"{share['en']}, for {count(len(buyers), 'plant')}.{rest['en']} {local['en']}",
    }


def _share(world: World, product: str, outside: list[Link], placed: int) -> Text:
    """How many of the links into plants of the corridor come from outside, and from whom."""
    goods, number = in_sentence(world.name(product)), len(outside)
    suppliers = listing([world.name(slug) for slug in sorted({link.supplier for link in outside})])
    if placed == 1:
        links = {
            "vi": f"Liên kết cung ứng {goods['vi']} duy nhất đã rõ nơi cung ứng đến từ",
            "en": f"The one recorded supply link of {goods['en']} with a known place of supply comes from",
        }
    else:
        links = {
            "vi": f"{number} trong {placed} liên kết cung ứng {goods['vi']} đã rõ nơi cung ứng đến từ",
            "en": f"{number} of the {placed} recorded supply links of {goods['en']} with a known place of "
            f"supply {'comes' if number == 1 else 'come'} from",
        }
    return {
        "vi": f"{links['vi']} ngoài hành lang ({suppliers['vi']})",
        "en": f"{links['en']} outside the corridor ({suppliers['en']})",
    }


def _local(world: World, product: str, buyers: list[str]) -> Text:
    """Who is recorded to make it for sale in the corridor."""
    made = f"{world.making(product)} sản phẩm này {world.for_sale(product)}"
    if makers := len(world.suppliers.get(product, ())):
        return {
            "vi": f"Trong hành lang đã ghi nhận {makers} nơi {made}.",
            "en": f"{count(makers, 'plant')} in the corridor {'is' if makers == 1 else 'are'} recorded to "
            "make it for sale.",
        }
    others, near = recorded_only(world, product), neighbour_sentence(world, product, buyers)
    return {
        "vi": f"Chưa ghi nhận nơi nào trong hành lang {made}{others['vi']}.{near['vi']}",
        "en": f"No maker that sells it is recorded in the corridor{others['en']}.{near['en']}",
    }


def _evidence(
    world: World, product: str, links: list[Link], buyers: tuple[str, ...], needs: list[Need]
) -> Iterator[Premise]:
    for link in shown(sorted(links, key=lambda link: link.side != "outside")):
        yield link_premise(world, link)
    yield from requirement_premises(world, needs)
    if not world.suppliers.get(product):
        yield from other_maker_premises(world, product)
    for buyer in shown(buyers):
        yield link_absence(world, buyer, (product,))
    yield from neighbour_premises(world, (product,), buyers)
