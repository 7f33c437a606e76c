"""One sentence on a thing: what is counted about it and what is not recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from graph.explore.neighbours import MISSING, Neighbours
from graph.explore.things import Things
from graph.explore.words import counted, say
from graph.gaps.evidence import recorded_only
from graph.gaps.wording import mid_sentence
from graph.layout import NOT_THERE

MOST_NAMES = 2


def summary(things: Things, neighbours: Neighbours, slug: str) -> str:
    """The sentence at the head of the panel; empty where there is nothing to count."""
    write = WRITERS.get(things.kind(slug))
    return write(things, neighbours, slug) if write else ""


def _plant(things: Things, neighbours: Neighbours, slug: str) -> str:
    near = neighbours.of(slug)
    needs = [n.need for n in near.get((MISSING, "out"), ()) if n.need]
    links = [link for n in near.get(("supplies", "in"), ()) for link in n.links]
    products = {need.product for need in needs} | {link[3]["product"] for link in links if link[3]["product"]}
    if not products:
        return ""
    alone = [need.product for need in needs if need.no_maker]
    others = len(needs) - len(alone)
    if things.lang == "vi":
        recorded = f"đã ghi nhận {len(links)} nguồn cung" if links else "chưa ghi nhận nguồn cung nào"
        head = f"Cần {len(products)} loại đầu vào, {recorded} cho nhà máy này."
        local = f" Trong hành lang đã có nơi sản xuất {others} loại." if others else ""
        none = f" Chưa ghi nhận nơi nào sản xuất {_names(things, alone)} để bán." if alone else ""
        return head + local + none
    head = (
        f"{counted(len(products), 'input', 'en')} needed, {len(links)} supply links to this plant recorded."
    )
    if len(links) == 1:
        head = head.replace("links", "link")
    local = f" For {others} of them a plant in the corridor makes the input" if others else ""
    it = "it" if len(alone) == 1 else "them"
    lead = "; for" if others else " For"
    none = f"{lead} {_names(things, alone)} nobody is recorded to make {it} for sale" if alone else ""
    return head + local + none + ("." if local or none else "")


def _names(things: Things, products: Sequence[str]) -> str:
    names = sorted((mid_sentence(things.name(product)) for product in products), key=str.casefold)
    shown, rest = names[:MOST_NAMES], len(names) - MOST_NAMES
    conjunction = {"vi": " và ", "en": " and "}[things.lang]
    if rest > 0:
        return (
            "; ".join(shown) + conjunction + {"vi": f"{rest} đầu vào khác", "en": f"{rest} more"}[things.lang]
        )
    return conjunction.join(shown)


def _product(things: Things, neighbours: Neighbours, slug: str) -> str:
    near = neighbours.of(slug)
    makers = len(neighbours.world.suppliers.get(slug, ()))
    only = recorded_only(neighbours.world, slug)[things.lang]
    needs = [n.need for n in near.get((MISSING, "in"), ()) if n.need]
    other = sum(bool(need.other_supply["en"]) for need in needs)
    if things.lang == "vi":
        some = f"Đã ghi nhận {makers} nhà máy" if makers else "Chưa ghi nhận nhà máy nào"
        made = f"{some} trong hành lang sản xuất để bán{only}."
        need = f" {len(needs)} nhà máy cần mà chưa ghi nhận nguồn cung trong hành lang" if needs else ""
        also = f"; {other} nhà máy trong số đó đã ghi nhận nguồn cung khác" if other else ""
    else:
        made = f"{counted(makers, 'plant', 'en')} in the corridor recorded to make it for sale{only}."
        need = (
            f" {counted(len(needs), 'plant', 'en')} in need with no corridor supply recorded" if needs else ""
        )
        also = f"; other supply is recorded for {other} of them" if other else ""
    return f"{made}{need}{also}." if needs else made


def _organization(things: Things, neighbours: Neighbours, slug: str) -> str:
    near = neighbours.of(slug)
    plants = {n.slug for side in (("operated_by", "in"), ("group_plants", "in")) for n in near.get(side, ())}
    there = {plant for plant in plants if things.network.nodes[plant]["status"] not in NOT_THERE}
    inside = {plant for plant in there if things.network.nodes[plant]["inside"]}
    claims = len(near.get(("mentioned_in", "out"), ())) + len(near.get(("about_subject", "in"), ()))
    group = things.network.nodes[slug]["subkind"] == "corporate-group"
    if not (plants or (group and claims)):
        return ""
    elsewhere = len(there) - len(inside)
    if things.lang == "vi":
        text = f"{len(inside)} nhà máy được ghi nhận trong hành lang, {elsewhere} ở nơi khác."
        return text + (f" {claims} nhận định nhắc đến." if claims else "")
    text = f"{counted(len(inside), 'plant', 'en')} recorded in the corridor, {elsewhere} elsewhere."
    mention = "mentions" if claims == 1 else "mention"
    return text + (f" {counted(claims, 'claim', 'en')} {mention} it." if claims else "")


def _zone(things: Things, neighbours: Neighbours, slug: str) -> str:
    return _plants_here(things, things.plants(slug))


def _locality(things: Things, neighbours: Neighbours, slug: str) -> str:
    here = [n.slug for n in neighbours.of(slug).get(("located_in", "in"), ())]
    plants = [thing for thing in here if things.kind(thing) == "facility"]
    text = _plants_here(things, plants)
    outside = sum(not things.network.nodes[plant]["inside"] for plant in plants)
    if not outside or outside == len(plants):
        return text
    return f"{text} " + say("some-outside", things.lang, plants=counted(outside, "plant", things.lang))


def _plants_here(things: Things, plants: Collection[str]) -> str:
    nodes = things.network.nodes
    there = [plant for plant in plants if nodes[plant]["status"] not in NOT_THERE]
    anchors = sum(nodes[plant]["role"] == "anchor" for plant in there)
    if not there:
        return {"vi": "Chưa ghi nhận nhà máy nào ở đây.", "en": "No plant is recorded here."}[things.lang]
    if things.lang == "vi":
        return f"{len(there)} nhà máy được ghi nhận, trong đó {anchors} của nhà đầu tư lớn."
    return f"{counted(len(there), 'plant', 'en')} recorded, {anchors} of them anchor investors."


WRITERS: dict[str, Callable[[Things, Neighbours, str], str]] = {
    "facility": _plant,
    "product": _product,
    "organization": _organization,
    "zone": _zone,
    "locality": _locality,
}
"""Kinds of thing that have a sentence."""
