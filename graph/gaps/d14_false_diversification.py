"""D14 false diversification: several suppliers of one input all depend on the same supplier behind them.

Definition: need (b, p) with named suppliers of two or more groups. Sole*(s) = suppliers that are the only
recorded source (one group, no aggregate) of a core input of s, and theirs in turn. A finding for each u in
the intersection of Sole*(s) over the suppliers s of the need. Plants of one group are one source.
Severity: criticality x 0.8^(d - 1), d = tiers from b to u. Confidence: least sure link of the chains x
product of conf1(coverage of the links in) over the plants of the chains that have one source.
Complexity: near O(links) on sparse data: one search upstream per supplier, kept for the next need; a search
stops after `REACH` groups, nearest first, and never enters a plant twice (cycles).
Reference: Shao et al. 2018 (hidden critical suppliers); gap-spec 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from graph.gaps.build import build_finding
from graph.gaps.confidence import conf1
from graph.gaps.evidence import (
    link_absence,
    link_confidence,
    link_premise,
    requirement_basis,
    requirement_premises,
)
from graph.gaps.remedies import matches, missing_input_remedies, second_sources
from graph.gaps.wording import count, in_sentence, listing
from graph.gaps.world import Link, Need, World
from graph.model import Account, Finding, Text

DETECTOR = "D14"
NAME = "false diversification"
REACH = 200


class Step(NamedTuple):
    """How a search upstream reached a source: from which buyer, with which links, after how many tiers."""

    source: str
    buyer: str
    product: str
    links: tuple[Link, ...]
    tiers: int


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per need with several supplier groups and supplier hidden behind all of them."""
    upstream = lru_cache(maxsize=20_000)(partial(sole_sources, world))
    for buyer, filled in world.sources.items():
        for product, links in sorted(filled.items()):
            if len(links) < 2 or product in world.sole[buyer]:
                continue
            suppliers = sorted({link.supplier for link in links})
            if not all(map(world.named, suppliers)):
                continue
            reached = []
            for supplier in suppliers:
                reached.append(upstream(supplier))
                if not reached[-1]:
                    break
            shared = set(reached[0]).intersection(*reached[1:]) - {world.group(buyer)}
            for group in sorted(shared):
                yield _finding(world, buyer, world.needs[buyer][product], suppliers, reached, group)


def sole_sources(world: World, supplier: str) -> dict[str, Step]:
    """The groups that a supplier depends on for a core input, directly or further up: how each was
    reached."""
    found: dict[str, Step] = {}
    seen, queue = {supplier}, [(supplier, 1)]
    for buyer, tiers in queue:
        for product, group in world.sole.get(buyer, {}).items():
            if world.needs[buyer][product].criticality < 1.0:
                continue
            links = world.sources[buyer][product]
            sources = {link.supplier for link in links}
            found.setdefault(group, Step(min(sources), buyer, product, links, tiers))
            queue += [(source, tiers + 1) for source in sorted(sources - seen)]
            seen |= sources
        if len(found) >= REACH:
            break
    return found


def _chain(reached: dict[str, Step], group: str, world: World) -> list[Step]:
    """The steps from a supplier up to a group, top first."""
    steps = [reached[group]]
    while steps[-1].tiers > 1:
        steps.append(reached[world.group(steps[-1].buyer)])
    return steps


def _finding(
    world: World,
    buyer: str,
    need: Need,
    suppliers: list[str],
    reached: list[dict[str, Step]],
    group: str,
) -> Finding:
    chains = [_chain(known, group, world) for known in reached]
    steps = list({(step.buyer, step.product): step for chain in chains for step in chain}.values())
    hidden = min(chain[0].source for chain in chains)
    tiers = min(known[group].tiers for known in reached) + 1
    coverages = tuple(sorted(world.supplied_by(step.buyer).value for chain in chains for step in chain))
    links = [link for step in steps for link in step.links]
    premise = min(link_confidence(world, link) for link in (*links, *world.sources[buyer][need.product]))
    posterior = partial(_all_sole, coverages)
    return build_finding(
        world,
        DETECTOR,
        NAME,
        buyer,
        (need.product, hidden),
        id_object=f"{need.product}|{hidden}",
        touched=(buyer,),
        severity=need.criticality * world.parameters.shared_tier_decay ** (tiers - 1),
        coverage=coverages[0],
        premise=premise,
        posterior=posterior,
        account=lambda: _account(world, buyer, need, suppliers, steps, hidden),
        formula={
            "criticality": need.criticality,
            "tiers": float(tiers),
            "suppliers": float(len(suppliers)),
        },
        criticality=need.criticality,
        basis=requirement_basis([need]),
    )


def _all_sole(coverages: tuple[float, ...], _: float, prior: Sequence[float]) -> float:
    return math.prod(conf1(coverage, prior) for coverage in coverages)


def _account(
    world: World, buyer: str, need: Need, suppliers: list[str], steps: list[Step], hidden: str
) -> Account:
    name, goods, behind = world.name(buyer), in_sentence(world.name(need.product)), world.name(hidden)
    who = listing([world.name(supplier) for supplier in suppliers])
    shared = sorted({step.product for step in steps if step.source == hidden})
    inputs = listing([in_sentence(world.name(product)) for product in shared])
    number = len(suppliers)
    message: Text = {
        "vi": f"{name['vi']} có {number} nguồn {goods['vi']} đã ghi nhận ({who['vi']}), nhưng theo các "
        f"liên kết đã "
        f"ghi nhận, tất cả đều dựa vào một nguồn phía sau là {behind['vi']} ({inputs['vi']}).",
        "en": f"{name['en']} has {count(number, 'recorded source')} of {goods['en']} ({who['en']}), but by "
        f"the "
        f"recorded links all of them rest on one source behind, {behind['en']} ({inputs['en']}).",
    }
    top = [step for step in steps if step.source == hidden]
    remedies = [
        remedy
        for step in top
        for remedy in (
            *matches(
                world, step.product, second_sources(world, step.product, step.buyer, world.group(hidden))[:2]
            ),
        )
    ]
    if not remedies:
        remedies = list(missing_input_remedies(world, top[0].product, (top[0].buyer,)))
    return Account(
        message=message,
        evidence=(
            *requirement_premises(world, [need]),
            *(link_premise(world, link) for link in world.sources[buyer][need.product]),
            *(link_premise(world, link) for step in steps for link in step.links),
            *(link_absence(world, step.buyer, (step.product,)) for step in steps),
        ),
        remedies=tuple(remedies[: world.parameters.remedies.limit]),
        flip={
            "vi": f"Một nguồn nêu tên nhà cung ứng khác ngoài {behind['vi']} cho một trong các nhà máy này "
            f"sẽ xóa "
            "phát hiện này.",
            "en": f"A source naming another supplier than {behind['en']} for one of these plants removes "
            f"this "
            "finding.",
        },
    )
