"""Premises shared by the detectors: one line of evidence per recorded statement or per thing not recorded."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from graph.gaps import confidence
from graph.gaps.plants import NOT_SUPPLYING
from graph.gaps.wording import (
    CRITICALITY_NAMES,
    SIZE_BASIS_NAMES,
    count,
    decimal,
    figure,
    in_sentence,
    listing,
    status_name,
    with_status,
)
from graph.gaps.world import Link, Need, Requirement, World
from graph.model import Premise, Text

SHOWN = 200
"""Statements of one kind that an account holds at most; its sentence and formula count all."""

T = TypeVar("T")


def shown(items: Sequence[T]) -> Sequence[T]:
    """The first of some statements, so that an account stays of a size that people can read."""
    return items[:SHOWN]


def requirement_premises(world: World, needs: Iterable[Need]) -> Iterator[Premise]:
    """The requirement rows behind some needs, each once, strongest first."""
    rows = {row.id: row for need in needs for _, row in need.causes}
    for row in sorted(rows.values(), key=lambda row: (-row.criticality, row.id)):
        yield _requirement_premise(world, row)


def _requirement_premise(world: World, row: Requirement) -> Premise:
    output, needed = world.name(row.output), in_sentence(world.name(row.input))
    weight = CRITICALITY_NAMES[row.criticality]
    basis = (
        {"vi": "theo nguồn", "en": "stated by a source"}
        if row.basis == "source"
        else {"vi": "nhận định của nhóm biên soạn", "en": "our own judgement"}
    )
    text = {
        "vi": f"{output['vi']} cần {needed['vi']} ({weight['vi']}; {basis['vi']})",
        "en": f"{output['en']} needs {needed['en']} ({weight['en']}; {basis['en']})",
    }
    return Premise(text, row.output, "requires", row.input, row.basis, row.sources)


def requirement_basis(needs: Iterable[Need]) -> str:
    """`source` if at least one requirement row behind the needs is stated by a source, else `curated`."""
    return "source" if any(row.basis == "source" for need in needs for _, row in need.causes) else "curated"


def buyer_premises(world: World, buyer: str, need: Need) -> Iterator[Premise]:
    """What the buyer makes that raises the need."""
    for made in sorted({output for output, _ in need.causes}):
        yield make_premise(world, buyer, made)


def make_premise(world: World, facility: str, made: str) -> Premise:
    """A make statement of a facility, with the status of the facility."""
    node = world.node(facility)
    own_use, sources = world.makes[facility][made]
    name, product = with_status(world.name(facility), node.get("status")), in_sentence(world.name(made))
    text = {
        "vi": f"{name['vi']} {world.making(made)} {product['vi']}"
        + (" (chỉ dùng nội bộ)" if own_use else ""),
        "en": f"{name['en']} makes {product['en']}" + (" (for its own use only)" if own_use else ""),
    }
    return Premise(text, facility, "makes", made, node.get("status"), sources)


def other_maker_premises(world: World, product: str) -> Iterator[Premise]:
    """What is recorded of the makers in the corridor that supply nobody."""
    for maker in sorted(world.other_makers.get(product, ())):
        for made in sorted(world.makes[maker]):
            if world.covers(made, product):
                yield make_premise(world, maker, made)


def recorded_only(world: World, product: str) -> Text:
    """The makers in the corridor that supply nobody, in brackets after a sentence; empty if none is."""
    makers = sorted(world.other_makers.get(product, ()))
    if not makers:
        return {"vi": "", "en": ""}
    named = listing([_not_selling(world, maker) for maker in makers])
    return {"vi": f" (mới ghi nhận: {named['vi']})", "en": f" (recorded only: {named['en']})"}


def _not_selling(world: World, maker: str) -> Text:
    """A maker and why it supplies nobody: its status, else own use; an own-use plant also with its status."""
    name, status = world.name(maker), world.node(maker).get("status")
    reasons = [] if status in NOT_SUPPLYING else [{"vi": "để tự dùng", "en": "for its own use"}]
    reasons += [] if status == "operating" else [status_name(status)]
    return {
        language: ", ".join([text, *(reason[language] for reason in reasons)])
        for language, text in name.items()
    }


def size_premise(world: World, facility: str) -> Premise:
    """The size that entered ranking, and what it is."""
    value, basis = world.size(facility)
    name, unit, size = world.name(facility), SIZE_BASIS_NAMES[basis], figure(value)
    text = {
        "vi": f"Quy mô dùng để xếp hạng của {name['vi']}: {size['vi']} ({unit['vi']})",
        "en": f"Size of {name['en']} used for ranking: {size['en']} ({unit['en']})",
    }
    sources = tuple(world.node(facility).get(f"{basis}_sources", ())) if basis != "median" else ()
    return Premise(text, facility, "size", None, basis, sources)


SIDES: dict[str | None, Text] = {
    "local": {"vi": "từ trong hành lang", "en": "from inside the corridor"},
    "outside": {"vi": "từ ngoài hành lang", "en": "from outside the corridor"},
    None: {"vi": "chưa rõ địa điểm, không tính", "en": "place not known, not counted"},
}


def link_premise(world: World, link: Link) -> Premise:
    """A recorded supply link: who supplies whom with what, from where, and its status."""
    supplier, buyer, side = world.name(link.supplier), world.name(link.buyer), SIDES[link.side]
    status = status_name(link.status)
    goods = (
        in_sentence(world.name(link.product))
        if link.product is not None
        else {"vi": "sản phẩm chưa nêu rõ", "en": "an unnamed product"}
    )
    text = {
        "vi": f"{supplier['vi']} cung ứng {goods['vi']} cho {buyer['vi']} ({side['vi']}; {status['vi']})",
        "en": f"{supplier['en']} supplies {goods['en']} to {buyer['en']} ({side['en']}; {status['en']})",
    }
    return Premise(text, link.supplier, "supplies", link.buyer, link.status, link.sources)


def link_confidence(world: World, link: Link) -> float:
    """How sure a recorded link is; one that is not verified is never corroborated."""
    sources = link.sources if link.status == "current" else link.sources[:1]
    return confidence.premise_confidence(sources, world.parameters.confidence)


def supply_not_counted(world: World, buyer: str, product: str) -> Text:
    """Who is recorded to supply a need otherwise than from the corridor now, with side and status;
    empty if nobody is."""
    links = world.links_not_counted(buyer, product)
    named = [
        {
            language: f"{name} ({SIDES[link.side][language]}; {status_name(link.status)[language]})"
            for language, name in world.name(link.supplier).items()
        }
        for link in links
    ]
    return listing(named) if named else {"vi": "", "en": ""}


def link_absence(world: World, buyer: str, products: Collection[str]) -> Premise:
    """That no (further) corridor supplier of some products is recorded for a buyer, and what was searched."""
    coverage, searched = world.supplied_by(buyer), len(world.links_in[buyer])
    name, share = world.name(buyer), decimal(coverage.value)
    goods = [in_sentence(world.name(product)) for product in products]
    listed = {language: "; ".join(item[language] for item in goods) for language in ("vi", "en")}
    some = any(link.side == "local" for product in products for link in world.links_for(buyer, product))
    further = {"vi": "thêm ", "en": "further "} if some else {"vi": "", "en": ""}
    text = {
        "vi": f"Đã xem {searched} liên kết cung ứng ghi nhận đến {name['vi']}: chưa ghi nhận "
        f"{further['vi']}nguồn cung trong hành lang về {listed['vi']} (độ phủ ước tính {share['vi']})",
        "en": f"Searched {count(searched, 'recorded supply link')} into {name['en']}: no "
        f"{further['en']}corridor supplier of {listed['en']} is recorded (estimated coverage {share['en']})",
    }
    return Premise(
        text,
        buyer,
        "supplied_by",
        absence=True,
        searched=searched,
        coverage=coverage.value,
        method=coverage.method,
    )


def flip_sentence(
    world: World,
    flip: Text,
    coverage: float,
    premise: float = 1.0,
    posterior: confidence.Posterior = confidence.conf0,
) -> Text:
    """The datum that would remove a finding, and the coverage at which its label would change without it."""
    parameters = world.parameters.confidence
    now = premise * posterior(coverage, parameters.prior)
    target = parameters.possibly if now < parameters.possibly else parameters.likely
    needed = confidence.coverage_for(target / premise, parameters.prior, posterior)
    if now >= parameters.likely or needed is None:
        return flip
    share = decimal(math.ceil(needed * 100) / 100)
    word = (
        {"vi": "chưa ghi nhận", "en": "not recorded"}
        if target == parameters.possibly
        else {"vi": "nhiều khả năng không có", "en": "probably absent"}
    )
    return {
        "vi": f"{flip['vi']} Nếu độ phủ đạt {share['vi']} mà vẫn chưa ghi nhận thì nhãn đổi thành "
        f"“{word['vi']}”.",
        "en": f"{flip['en']} If coverage reached {share['en']} with still no record, the label would become "
        f"“{word['en']}”.",
    }
