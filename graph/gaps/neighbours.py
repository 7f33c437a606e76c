"""Makers in the provinces next door: the corridor is no island, so every gap is also read with them.

A plant recorded outside the corridor is next door to a buyer up to `within_km` of the parameter file; one at
an unknown distance is not. Complexity: per finding, plants outside that make the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.gaps.evidence import make_premise
from graph.gaps.nearest import Nearest
from graph.gaps.wording import count, in_sentence, kilometres, listing, mid_sentence, with_status
from graph.gaps.world import World
from graph.model import Premise, Text

UNITS = ("Tỉnh ", "Thành phố ")
"""Words before the name of a province, small inside a sentence."""
NOBODY: Text = {"vi": "", "en": ""}


def next_door(
    world: World, products: Sequence[str], buyers: Sequence[str]
) -> tuple[tuple[str, float, str], ...]:
    """Makers next door of any of some products: (plant, km to the nearest buyer, product), nearest first.

    Plants of a group that all the buyers belong to are left out, as they are its own.
    """
    makers = {maker: p for p in sorted(products, reverse=True) for maker in world.outside_makers.get(p, ())}
    if not makers:
        return ()
    customers, groups = Nearest(buyers, world.site, world.group), {world.group(buyer) for buyer in buyers}
    found = []
    for maker, product in makers.items():
        group = world.group(maker)
        if groups == {group}:
            continue
        known = customers.known(world.site(maker), 1, group if group in groups else None)
        if known and known[0].km is not None and known[0].km <= world.parameters.neighbour_km:
            found.append((known[0].km, maker, product))
    shown = sorted(found)[: world.parameters.neighbours_shown]
    return tuple((maker, km, product) for km, maker, product in shown)


def neighbours(world: World, products: Sequence[str], buyers: Sequence[str]) -> tuple[str, ...]:
    """The plants of `next_door`."""
    return tuple(maker for maker, _, _ in next_door(world, products, buyers))


def neighbour_sentence(world: World, product: str, buyers: Sequence[str]) -> Text:
    """One sentence, after a space, on the nearest maker next door; empty if none is recorded."""
    found = next_door(world, (product,), buyers)
    if not found:
        return NOBODY
    maker, km, _ = found[0]
    name, away = _named(world, maker), kilometres(km)
    more = {"vi": "", "en": ""}
    if len(found) > 1:
        more = {"vi": f" (và {len(found) - 1} nơi khác)", "en": f" (and {len(found) - 1} more)"}
    return {
        "vi": f" Ngoài hành lang, nơi {world.making(product)} đã ghi nhận gần nhất: {name['vi']}, "
        f"{away['vi']}{more['vi']}.",
        "en": f" Nearest recorded maker outside the corridor: {name['en']}, {away['en']}{more['en']}.",
    }


def neighbour_premises(world: World, products: Sequence[str], buyers: Sequence[str]) -> Iterator[Premise]:
    """What is recorded of the makers next door, and how the gap reads with the neighbours counted in."""
    found = next_door(world, products, buyers)
    for maker, _, product in found:
        made = next(made for made in sorted(world.makes[maker]) if world.covers(made, product))
        yield make_premise(world, maker, made)
    searched, reach = len(world.outside), f"{world.parameters.neighbour_km:.0f}"
    wanted = dict.fromkeys(product for _, _, product in found) if found else products
    goods = listing([in_sentence(world.name(product)) for product in wanted], 3)
    subject = products[0] if products else buyers[0]
    lead = {
        "vi": f"Tính cả các tỉnh lân cận (trong {reach} km)",
        "en": f"With the provinces next door (within {reach} km)",
    }
    if found:
        text = {
            "vi": f"{lead['vi']}: đã ghi nhận nơi {world.making(*wanted)} {goods['vi']}, gần nhất ở "
            f"{_place(world, found[0][0])['vi']}",
            "en": f"{lead['en']}: a maker of {goods['en']} is recorded, the nearest in "
            f"{_place(world, found[0][0])['en']}",
        }
    else:
        text = {
            "vi": f"{lead['vi']}: đã xem {searched} nhà máy ghi nhận ngoài hành lang, chưa ghi nhận nơi nào "
            f"{world.making(*wanted)} {goods['vi']}",
            "en": f"{lead['en']}: searched {count(searched, 'plant')} recorded outside the corridor, no "
            f"maker of {goods['en']} is recorded",
        }
    yield Premise(text, subject, "made_next_door", absence=not found, searched=searched)


def _named(world: World, maker: str) -> Text:
    """A maker with its province, unless its name tells it."""
    name, place = with_status(world.name(maker), world.node(maker).get("status")), _place(world, maker)
    return {
        language: text if place[language].lower() in text.lower() else f"{text}, {place[language]}"
        for language, text in name.items()
    }


def _place(world: World, maker: str) -> Text:
    place = world.node(maker).get("locality_stated")
    if place is None:
        return {"vi": "nơi chưa rõ", "en": "a place not known"}
    name = world.name(place)
    vietnamese = name["vi"]
    return {"vi": mid_sentence(vietnamese) if vietnamese.startswith(UNITS) else vietnamese, "en": name["en"]}
