"""D1 missing input: plants need a product that no plant in the corridor is recorded to make for sale.

Severity: max criticality x (1 - 0.5 ^ number of buyers). Confidence: conf0 at the coverage of makers.
A buyer that makes the product itself has no such need, so the makers other than a buyer are all makers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from graph.gaps.build import build_finding
from graph.gaps.evidence import (
    buyer_premises,
    flip_sentence,
    other_maker_premises,
    recorded_only,
    requirement_basis,
    requirement_premises,
    shown,
)
from graph.gaps.neighbours import neighbour_premises, neighbour_sentence, neighbours
from graph.gaps.parameters import Coverage
from graph.gaps.plants import EVERYWHERE
from graph.gaps.remedies import missing_input_remedies
from graph.gaps.wording import count, decimal, in_sentence
from graph.gaps.world import Need, World
from graph.model import Account, Finding, Premise, Rest, Text

DETECTOR = "D1"
NAME = "missing input"


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per product needed and made by nobody for sale; objects are the buying facilities."""
    for product, buyers in world.buyers.items():
        if not world.suppliers.get(product):
            yield _finding(world, product, buyers)


def _finding(world: World, product: str, buyers: tuple[str, ...]) -> Finding:
    needs = [world.needs[buyer][product] for buyer in buyers]
    criticality = max(need.criticality for need in needs)
    core = sum(need.criticality == 1.0 for need in needs)
    coverage = world.parameters.coverage("made_by", product, EVERYWHERE)
    return build_finding(
        world,
        DETECTOR,
        NAME,
        product,
        buyers,
        touched=buyers,
        severity=criticality * (1 - 0.5 ** len(buyers)),
        coverage=coverage.value,
        account=lambda: _account(world, product, buyers, needs, coverage),
        rests_on=(Rest(product, "made_by", coverage.value),),
        formula={"criticality": criticality, "buyers": float(len(buyers)), "core_buyers": float(core)},
        criticality=criticality,
        basis=requirement_basis(needs),
        next_door=partial(neighbours, world, (product,), buyers),
    )


def _account(
    world: World, product: str, buyers: tuple[str, ...], needs: list[Need], coverage: Coverage
) -> Account:
    goods, core = in_sentence(world.name(product)), sum(need.criticality == 1.0 for need in needs)
    flip = {
        "vi": f"Một nguồn nêu tên một nhà máy trong hành lang {world.making(product)} {goods['vi']} "
        f"{world.for_sale(product)} sẽ xóa phát hiện này.",
        "en": f"A source naming one plant in the corridor that makes {goods['en']} for sale removes this "
        "finding.",
    }
    made = (
        premise
        for buyer, need in shown(list(zip(buyers, needs, strict=True)))
        for premise in buyer_premises(world, buyer, need)
    )
    return Account(
        message=_message(world, product, len(buyers), core, neighbour_sentence(world, product, buyers)),
        evidence=(
            *requirement_premises(world, needs),
            *made,
            *other_maker_premises(world, product),
            *_absences(world, product, coverage),
            *neighbour_premises(world, (product,), buyers),
        ),
        remedies=tuple(missing_input_remedies(world, product, buyers)),
        flip=flip_sentence(world, flip, coverage.value),
    )


def _message(world: World, product: str, buyers: int, core: int, near: Text) -> Text:
    absence, others = _no_maker(world, product), recorded_only(world, product)
    if core == 0:
        weight = {"vi": "ở mức thường dùng", "en": "as a common input"}
    elif core == buyers:
        weight = {"vi": "ở mức cốt yếu", "en": "as a core input"}
    else:
        weight = {"vi": f"trong đó {core} nhà máy cần ở mức cốt yếu", "en": f"{core} of them as a core input"}
    verb = "needs" if buyers == 1 else "need"
    return {
        "vi": f"Chưa ghi nhận nơi nào trong hành lang {absence['vi']}; {buyers} nhà máy cần, "
        f"{weight['vi']}{others['vi']}.{near['vi']}",
        "en": f"No {absence['en']} is recorded in the corridor; {count(buyers, 'plant')} {verb} it, "
        f"{weight['en']}{others['en']}.{near['en']}",
    }


def _no_maker(world: World, product: str) -> Text:
    """What is not recorded: any maker, or a maker that sells where others are recorded."""
    goods = in_sentence(world.name(product))
    made = f"{world.making(product)} {goods['vi']}"
    if world.other_makers.get(product):
        return {"vi": f"{made} {world.for_sale(product)}", "en": f"maker that sells {goods['en']}"}
    return {"vi": made, "en": f"maker of {goods['en']}"}


def _absences(world: World, product: str, coverage: Coverage) -> Iterator[Premise]:
    known = world.plants_that_sell
    absence, share = _no_maker(world, product), decimal(coverage.value)
    text = {
        "vi": f"Đã xem {known} nhà máy có sản phẩm được ghi nhận, trong số {len(world.inside)} nhà "
        "máy của hành lang: "
        f"chưa ghi nhận nơi nào {absence['vi']} (độ phủ ước tính {share['vi']})",
        "en": f"Searched {count(known, 'plant')} with a recorded product, of {len(world.inside)} in "
        "the corridor: no "
        f"{absence['en']} is recorded (estimated coverage {share['en']})",
    }
    yield Premise(
        text,
        product,
        "made_by",
        absence=True,
        searched=known,
        coverage=coverage.value,
        method=coverage.method,
    )
    for wider in world.branch(product):
        makers, branch = len(world.suppliers.get(wider, ())), in_sentence(world.name(wider))
        yield Premise(
            {
                "vi": f"Cũng đã xem nhóm rộng hơn gần nhất, {branch['vi']}: ghi nhận {makers} nơi sản xuất "
                "để bán",
                "en": f"Nearest broader product searched too, {branch['en']}: "
                f"{count(makers, 'plant')} recorded to make it for sale",
            },
            wider,
            "made_by",
            absence=makers == 0,
            searched=known,
        )
