"""D12 data gap: one question whose answer would settle other findings.

For a thing x and a relation r: value of information = 1 - product over the findings that rest on (x, r) of
(1 - severity x (1 - conf0(coverage of (x, r)))). Only the absence part of their confidence enters: asking
who supplies a plant says nothing about doubts in a recorded statement. D5 sums up the needs that D3 lists
one by one, so it counts only where nothing else rests on the same (x, r).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from graph.gaps.build import build_finding
from graph.gaps.confidence import conf0
from graph.gaps.evidence import make_premise, shown
from graph.gaps.wording import count, in_sentence, listing
from graph.gaps.world import World
from graph.model import Account, Finding, Premise, Remedy, Text

DETECTOR = "D12"
NAME = "data gap"

Dependent = tuple[Finding, float]
"""A finding and the coverage with which it rests on the thing asked about."""


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per (thing asked about, relation) on whose coverage at least one earlier finding rests."""
    rests_on: dict[tuple[str, str], list[Dependent]] = defaultdict(list)
    for finding in earlier:
        for rest in finding.rests_on:
            rests_on[rest.subject, rest.relation].append((finding, rest.coverage))
    for (subject, relation), dependents in sorted(rests_on.items()):
        single = [pair for pair in dependents if pair[0].detector != "D5"] or dependents
        if (value := information_value(world, single)) > 0:
            yield _finding(world, subject, relation, single, value)


def information_value(world: World, dependents: Sequence[Dependent]) -> float:
    """Chance, weighted by severity, that the answer overturns at least one dependent finding; 0..1."""
    prior = world.parameters.confidence.prior
    kept = sorted(1 - finding.severity * (1 - conf0(coverage, prior)) for finding, coverage in dependents)
    return 1 - math.prod(kept)


def _finding(world: World, subject: str, relation: str, dependents: list[Dependent], value: float) -> Finding:
    findings = [finding for finding, _ in dependents]
    touched = _buyers(world, findings) if relation == "made_by" else (subject,)
    return build_finding(
        world,
        DETECTOR,
        NAME,
        subject,
        (relation,),
        id_object=relation,
        touched=touched,
        severity=value,
        coverage=1.0,
        account=lambda: _account(world, subject, relation, findings),
        formula={"findings": float(len(findings)), "coverage": dependents[0][1]},
        question=True,
        criticality=max(finding.criticality for finding in findings),
        basis="source" if any(finding.basis == "source" for finding in findings) else "curated",
    )


def _account(world: World, subject: str, relation: str, findings: list[Finding]) -> Account:
    ask = ASK[relation]
    message, remedy = ask(world, subject, findings)
    number = len(findings)
    return Account(
        message={
            "vi": f"{message['vi']} Câu trả lời giúp làm rõ {number} phát hiện.",
            "en": f"{message['en']} The answer would settle {count(number, 'finding')}.",
        },
        evidence=(*_evidence(findings), *(_sold(world, subject) if relation == "supplies_to" else ())),
        remedies=(remedy,),
        flip={
            "vi": "Câu trả lời có nguồn, hoặc ghi nhận rằng dữ liệu đã đầy đủ, sẽ đóng câu hỏi này.",
            "en": "A sourced answer, or a record that the data are complete, closes this question.",
        },
    )


def _buyers(world: World, findings: list[Finding]) -> tuple[str, ...]:
    return tuple(sorted({slug for finding in findings for slug in finding.objects if slug in world.needs}))


def _evidence(findings: list[Finding]) -> Iterator[Premise]:
    for finding in shown(sorted(findings, key=lambda finding: (-finding.severity, finding.id))):
        yield Premise(finding.message, finding.id, "would_settle", finding.subject, finding.label)


def _sold(world: World, seller: str) -> Iterator[Premise]:
    """What a plant makes for sale."""
    for made, (own_use, _) in sorted(world.makes[seller].items()):
        if not own_use:
            yield make_premise(world, seller, made)


def _ask_buyer(world: World, buyer: str, findings: list[Finding]) -> tuple[Text, Remedy]:
    name, whom = world.name(buyer), _whom(world, buyer)
    products = sorted({product for finding in findings for product in _asked(world, buyer, finding)})
    goods = listing([in_sentence(world.name(product)) for product in products])
    message = {
        "vi": f"Cần hỏi {whom['vi']}: nhà máy hiện mua {goods['vi']} từ nhà cung ứng nào, ở đâu?",
        "en": f"Ask {whom['en']}: from which suppliers, and where, does the plant buy {goods['en']}?",
    }
    question = {
        "vi": f"{name['vi']} hiện mua {goods['vi']} từ nhà cung ứng nào, ở đâu?",
        "en": f"From which suppliers, and where, does {name['en']} buy {goods['en']}?",
    }
    return message, Remedy("collect_data", question, buyer, world.node(buyer).get("zone"))


def _whom(world: World, plant: str) -> Text:
    """Who can answer for a plant: the plant itself, or the management of the park it stands in."""
    name = world.name(plant)
    if world.node(plant).get("zone") is None:
        return name
    return {
        "vi": f"{name['vi']} hoặc ban quản lý khu",
        "en": f"{name['en']} or the management of its park",
    }


def _asked(world: World, buyer: str, finding: Finding) -> tuple[str, ...]:
    if finding.detector == "D5":
        return tuple(world.needs[buyer])
    return finding.objects if finding.subject == buyer else (finding.subject,)


def _ask_makers(world: World, product: str, findings: list[Finding]) -> tuple[Text, Remedy]:
    goods = in_sentence(world.name(product))
    message = {
        "vi": "Cần hỏi ban quản lý các khu công nghiệp và hiệp hội ngành nghề: "
        f"nơi nào trong hành lang {world.making(product)} {goods['vi']}?",
        "en": "Ask the zone authorities and the trade associations: "
        f"who in the corridor makes {goods['en']}?",
    }
    question = {
        "vi": f"Nơi nào trong hành lang {world.making(product)} {goods['vi']}?",
        "en": f"Who in the corridor makes {goods['en']}?",
    }
    return message, Remedy("collect_data", question)


def _ask_seller(world: World, seller: str, findings: list[Finding]) -> tuple[Text, Remedy]:
    name, whom = world.name(seller), _whom(world, seller)
    message = {
        "vi": f"Cần hỏi {whom['vi']}: nhà máy hiện bán hàng cho những nơi nào trong hành lang?",
        "en": f"Ask {whom['en']}: which plants in the corridor does the plant sell to?",
    }
    question = {
        "vi": f"{name['vi']} hiện bán hàng cho những nơi nào trong hành lang?",
        "en": f"Which plants in the corridor does {name['en']} sell to?",
    }
    return message, Remedy("collect_data", question, seller, world.node(seller).get("zone"))


ASK = {"made_by": _ask_makers, "supplied_by": _ask_buyer, "supplies_to": _ask_seller}
