"""D2 single source: all recorded suppliers of a needed input belong to one group.

Definition: need (b, p) of criticality 0.5 or more, at least one recorded supplier, no aggregate among them,
and all of one group. An aggregate ("imports from Korea") stands for many firms and is never one source.
Severity: criticality / (1 + alt), alt = makers of p in the corridor other than the buyer and its suppliers
(and other than the plants of a supplier that is recorded as a firm only). Confidence: link confidence x
conf1 at the coverage of the links into the buyer: the probability that one supplier exists where one is
recorded.
Complexity: O(links), one pass over the filled needs.
Reference: Shao et al. 2018 (nexus suppliers); gap-spec 2.3 and 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from graph.gaps.build import build_finding
from graph.gaps.confidence import conf1
from graph.gaps.evidence import (
    buyer_premises,
    flip_sentence,
    link_absence,
    link_confidence,
    link_premise,
    make_premise,
    requirement_basis,
    requirement_premises,
)
from graph.gaps.neighbours import neighbour_premises, neighbour_sentence, neighbours
from graph.gaps.remedies import Candidate, matches, missing_input_remedies, second_sources
from graph.gaps.wording import count, in_sentence, listing, with_status
from graph.gaps.world import Link, Need, World
from graph.model import Account, Finding, Premise, Text

DETECTOR = "D2"
NAME = "single source"


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per need (buyer, product) with one recorded source."""
    for buyer, products in world.sole.items():
        for product in products:
            need = world.needs[buyer][product]
            if need.criticality >= world.parameters.single_source_criticality:
                yield _finding(world, buyer, need)


def alternatives(world: World, product: str, suppliers: set[str]) -> int:
    """Makers of the product in the corridor beside its one source."""
    supply = world.supply(product)
    if any(world.node(supplier)["kind"] != "facility" for supplier in suppliers):
        return supply.others(world.group(min(suppliers)))
    return len(supply.makers) - len(supply.makers & suppliers)


def _finding(world: World, buyer: str, need: Need) -> Finding:
    links = world.sources[buyer][need.product]
    suppliers = {link.supplier for link in links}
    other = alternatives(world, need.product, suppliers)
    coverage = world.supplied_by(buyer).value
    premise = max(link_confidence(world, link) for link in links)
    return build_finding(
        world,
        DETECTOR,
        NAME,
        buyer,
        (need.product,),
        id_object=need.product,
        touched=(buyer,),
        severity=need.criticality / (1 + other),
        coverage=coverage,
        premise=premise,
        posterior=conf1,
        account=lambda: _account(world, buyer, need, links, other, coverage, premise),
        formula={
            "criticality": need.criticality,
            "alternatives": float(other),
            "suppliers": float(len(suppliers)),
        },
        criticality=need.criticality,
        basis=requirement_basis([need]),
        next_door=partial(neighbours, world, (need.product,), (buyer,)),
    )


def _account(
    world: World,
    buyer: str,
    need: Need,
    links: tuple[Link, ...],
    other: int,
    coverage: float,
    premise: float,
) -> Account:
    name, goods = world.name(buyer), in_sentence(world.name(need.product))
    candidates = second_sources(world, need.product, buyer, world.group(links[0].supplier))
    flip = {
        "vi": f"Một nguồn nêu tên nhà cung ứng thứ hai về {goods['vi']} cho {name['vi']}, thuộc tập đoàn "
        f"khác, "
        "sẽ xóa phát hiện này.",
        "en": f"A source naming a second supplier of {goods['en']} to {name['en']}, of another group, "
        f"removes "
        "this finding.",
    }
    remedies = (
        matches(world, need.product, candidates)
        if candidates
        else missing_input_remedies(world, need.product, (buyer,))
    )
    return Account(
        message=_message(world, buyer, need.product, links, other),
        evidence=tuple(_evidence(world, buyer, need, links, candidates)),
        remedies=tuple(remedies),
        flip=flip_sentence(world, flip, coverage, premise, conf1),
    )


def _message(world: World, buyer: str, product: str, links: tuple[Link, ...], other: int) -> Text:
    goods, near = in_sentence(world.name(product)), {"vi": "", "en": ""}
    name = with_status(world.name(buyer), world.node(buyer).get("status"))
    suppliers = sorted({link.supplier for link in links})
    who = listing([world.name(supplier) for supplier in suppliers])
    one = {
        "vi": "mới ghi nhận một nguồn cung là"
        if len(suppliers) == 1
        else "mới ghi nhận nguồn cung của một tập đoàn là",
        "en": "the one recorded source is"
        if len(suppliers) == 1
        else "the recorded sources are of one group:",
    }
    if other:
        rest = {
            "vi": f"{other} nhà máy khác trong hành lang được ghi nhận {world.making(product)} sản phẩm này",
            "en": f"{count(other, 'other plant')} in the corridor {'is' if other == 1 else 'are'} recorded "
            f"to make it",
        }
    else:
        near = neighbour_sentence(world, product, (buyer,))
        rest = {
            "vi": f"chưa ghi nhận nơi khác trong hành lang {world.making(product)} sản phẩm này",
            "en": "no other maker of it is recorded in the corridor",
        }
    return {
        "vi": f"{name['vi']} cần {goods['vi']}; {one['vi']} {who['vi']}; {rest['vi']}.{near['vi']}",
        "en": f"{name['en']} needs {goods['en']}; {one['en']} {who['en']}; {rest['en']}.{near['en']}",
    }


def _evidence(
    world: World, buyer: str, need: Need, links: tuple[Link, ...], candidates: tuple[Candidate, ...]
) -> Iterator[Premise]:
    for link in links:
        yield link_premise(world, link)
    yield from requirement_premises(world, [need])
    yield from buyer_premises(world, buyer, need)
    for candidate in candidates:
        yield make_premise(world, candidate.facility, candidate.made)
    yield link_absence(world, buyer, (need.product,))
    yield from neighbour_premises(world, (need.product,), (buyer,))
