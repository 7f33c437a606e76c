"""The surroundings of a plant, always in the same shape.

What it needs stands on the left with the makers behind, buyers on the right, the group above, the park and
its other plants below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.explore.neighbours import MISSING, Link, Need, Neighbour, Neighbours, Side
from graph.explore.sheet import GROUP, Group, Picture, Sheet, in_order, need_mark
from graph.explore.things import Things
from graph.explore.view import Node
from graph.explore.words import STATUS, counted, relation_name, say

CENTER_X, CENTER_Y = 600.0, 362.0
MAKERS_X, NEEDS_X, BUYERS_X = 172.0, 298.0, 900.0
TOP, ROW, MAKER_ROW, HEADING_Y = 136.0, 62.0, 30.0, 92.0
ABOVE_Y, PARK_BELOW, NEIGHBOURS_BELOW = 142.0, 213.0, 338.0
NEIGHBOUR_PITCH, WIDER_X, BUYER_PITCH = 115.0, 198.0, 92.0
MOST_NEEDS, MOST_MAKERS, MOST_NEIGHBOURS, MOST_BUYERS, MOST_PEOPLE, MOST_CLAIMS = 12, 2, 5, 6, 2, 3


def plant_view(things: Things, neighbours: Neighbours, slug: str) -> Picture:
    """The surroundings of a plant, with what the groups in it hold."""
    return _Plant(things, neighbours, slug).picture()


@dataclass
class _Row:
    """One input of a plant: the need, or the recorded supply."""

    product: str | None
    need: Need | None = None
    links: list[Link] = field(default_factory=list)
    core: bool = False


class _Plant:
    """Builds the focus view of a plant."""

    def __init__(self, things: Things, neighbours: Neighbours, slug: str):
        self.things, self.neighbours, self.slug = things, neighbours, slug
        self.sheet = Sheet(things)
        self.near = {
            side: [neighbour for neighbour in found if neighbour.slug != slug]
            for side, found in neighbours.of(slug).items()
        }

    def picture(self) -> Picture:
        rows, left_out = self._rows()
        heights = [ROW + MAKER_ROW * max(0, len(self._suppliers(row)) - 1) for row in rows]
        if left_out:
            heights.append(ROW)
        self.center_y = max(CENTER_Y, TOP + (sum(heights) - ROW) / 2)
        self.sheet.put(self.slug, CENTER_X, self.center_y)
        self._needs(rows, heights, left_out)
        self._buyers()
        self._group()
        self._park()
        title = self.things.name(self.slug)
        filtered = self.neighbours.left_out(self.slug)
        return self.sheet.picture("focus", title, say("focus-sub", self.things.lang), self.slug, filtered)

    def _rows(self) -> tuple[list[_Row], list[Need]]:
        """Inputs to show and needs that found no room."""
        rows: dict[str, _Row] = {}
        for neighbour in self.near.get(("supplies", "in"), ()):
            for link in neighbour.links:
                product = self._shown(link[3]["product"])
                row = rows.setdefault(product or link[2], _Row(product))
                row.links.append(link)
        ranked = [n.need for n in in_order(self.things, self.near.get((MISSING, "out"), ())) if n.need]
        open_needs = [need for need in ranked if need.product not in rows]
        shown = open_needs[: max(1, MOST_NEEDS - len(rows))]
        for need in ranked:
            if need.product in rows:
                rows[need.product].need = need
        for need in shown:
            rows[need.product] = _Row(need.product, need)
        for row in rows.values():
            row.core = (
                bool(row.product) and self.neighbours.world.criticality(self.slug, row.product or "") >= 1
            )
        return sorted(rows.values(), key=self._rank), open_needs[len(shown) :]

    def _shown(self, product: str | None) -> str | None:
        return product if product and self.neighbours.holds(product) else None

    def _rank(self, row: _Row) -> tuple[int, str, str]:
        """Missing makers, then core, then common, then by name."""
        no_maker = bool(row.need and row.need.no_maker and not row.links)
        name = self.things.name(row.product) if row.product else ""
        return 0 if no_maker else 1 if row.core else 2, name.casefold(), row.product or row.links[0][2]

    def _suppliers(self, row: _Row) -> list[str]:
        if row.links:
            return list(dict.fromkeys(link[0] for link in row.links))[:MOST_MAKERS]
        makers = filter(self.neighbours.holds, row.need.makers if row.need else ())
        return list(makers)[:MOST_MAKERS]

    def _needs(self, rows: Sequence[_Row], heights: Sequence[float], left_out: Sequence[Need]) -> None:
        lang = self.things.lang
        if rows:
            self.sheet.heading(NEEDS_X, HEADING_Y, say("needs-heading", lang))
            self.sheet.heading(MAKERS_X - 42, HEADING_Y, say("makers-heading", lang))
        else:
            self._products()
        top = TOP
        for row, height in zip(rows, heights, strict=False):
            self._row(row, top + (height - ROW) / 2)
            top += height
        if left_out:
            group = Group(self.slug, (MISSING, "out"), tuple(need.product for need in left_out))
            node = self.sheet.put_group(f"{self.slug}:needs", group, NEEDS_X, top, "product")
            self.sheet.draw(node.id, MISSING, self.slug, "missing", node.title, width=1.5, smooth="cubic")
        missing = [row.need for row in rows if row.need and not row.links] + list(left_out)
        marks = {need.product: "missing" for need in missing if need.no_maker}
        self.sheet.section(relation_name(MISSING, "out", lang), [need.product for need in missing], marks)
        self.sheet.section(
            relation_name("supplies", "in", lang), [n.slug for n in self._sorted(("supplies", "in"))]
        )

    def _products(self) -> None:
        """What the plant makes, where no need of it is known."""
        products = self._sorted(("makes", "out"))[:MOST_NEEDS]
        y = self.center_y - ROW * (len(products) - 1) / 2
        if products:
            self.sheet.heading(NEEDS_X, y - 44, relation_name("makes", "out", self.things.lang))
        for n, product in enumerate(products):
            self.sheet.put(product.slug, NEEDS_X, y + n * ROW)
            self.sheet.line(product.links[0], smooth="cubic")
        self.sheet.section(relation_name("makes", "out", self.things.lang), [n.slug for n in products])

    def _row(self, row: _Row, y: float) -> None:
        """One input at height y, with its makers or suppliers to the left of it."""
        makers = self._suppliers(row)
        ys = [y + MAKER_ROW * (n - (len(makers) - 1) / 2) for n in range(len(makers))]
        for maker, maker_y in zip(makers, ys, strict=True):
            self.sheet.put_beside(maker, MAKERS_X, maker_y, "left", label=self.things.named_with_place(maker))
        if row.product is None:
            for link in row.links:
                self.sheet.line(link, smooth="cubic")
            return
        if row.links:
            self._supplied(row, y)
            return
        need = row.need
        assert need is not None
        self.sheet.put(row.product, NEEDS_X, y, mark=need_mark(self.things, need, row.core))
        self.sheet.missing(need)
        if need.no_maker:
            self._unknown_maker(need, y)
        for maker in makers:
            self._makes(maker, row.product)

    def _supplied(self, row: _Row, y: float) -> None:
        assert row.product is not None
        self.sheet.put(row.product, NEEDS_X, y, mark="product" if row.core else "product-common")
        for link in row.links:
            edge = self.things.edge(*link)
            if link[0] in self.sheet.nodes:
                self.sheet.draw(link[0], edge.id, row.product, edge.style, edge.title)
            self.sheet.draw(row.product, edge.id, self.slug, edge.style, edge.title, smooth="cubic")

    def _unknown_maker(self, need: Need, y: float) -> None:
        lang = self.things.lang
        title = need.finding.message[lang]
        others = need.product in self.neighbours.world.other_makers
        unknown = Node(
            f"{GROUP}{need.product}:unknown",
            say("no-seller" if others else "no-maker", lang),
            "facility",
            "unknown",
            MAKERS_X,
            y,
            title,
            align="left",
        )
        self.sheet.nodes[unknown.id] = unknown
        self.sheet.draw(unknown.id, "makes", need.product, "missing", title)

    def _makes(self, maker: str, product: str) -> None:
        """The recorded make statement, or a dotted line where only a narrower product is recorded."""
        links = self.things.network.get_edge_data(maker, product, default={})
        for key in sorted(links):
            if links[key]["relation"] == "makes":
                self.sheet.line((maker, product, key, links[key]), width=1.5)
                return
        self.sheet.draw(maker, "makes", product, "derived", say("computed", self.things.lang))

    def _sorted(self, side: Side) -> list[Neighbour]:
        return in_order(self.things, self.near.get(side, ()))

    def _buyers(self) -> None:
        lang = self.things.lang
        buyers = self._sorted(("supplies", "out"))
        shown = buyers[:MOST_BUYERS]
        count = len(shown) + (len(buyers) > len(shown))
        ys = [self.center_y + BUYER_PITCH * (n - (count - 1) / 2) for n in range(count)]
        if shown:
            self.sheet.heading(BUYERS_X, min(HEADING_Y, ys[0] - 44), say("buyers-heading", lang))
        for buyer, y in zip(shown, ys, strict=False):
            self.sheet.put(buyer.slug, BUYERS_X, y, sub=self._link_words(buyer))
            for link in buyer.links:
                self.sheet.line(link, smooth="cubic")
        if len(buyers) > len(shown):
            group = Group(self.slug, ("supplies", "out"), tuple(n.slug for n in buyers[len(shown) :]))
            node = self.sheet.put_group(f"{self.slug}:buyers", group, BUYERS_X, ys[-1], "organization")
            self.sheet.draw(self.slug, "supplies", node.id, "weak", node.title, smooth="cubic")
        self.sheet.section(relation_name("supplies", "out", lang), [n.slug for n in buyers])
        self._claims(max([self.center_y, *ys]) + 120)

    def _link_words(self, buyer: Neighbour) -> str:
        """`stated, current`, and whether the buyer lies outside the corridor."""
        lang, data = self.things.lang, buyer.links[0][3]
        words = ", ".join(
            STATUS[word][lang] for word in (data["link_kind"], data["status"]) if word in STATUS
        )
        return f"{words}\n{say('outside', lang)}" if data["buyer_side"] == "outside" else words

    def _claims(self, y: float) -> None:
        lang = self.things.lang
        sides = (("about_subject", "in"), ("evidence", "in"))
        claims = [neighbour for side in sides for neighbour in self._sorted(side)]
        shown = claims[:MOST_CLAIMS]
        if shown:
            self.sheet.heading(BUYERS_X + 40, y - 30, say("claims-heading", lang))
        for n, claim in enumerate(shown):
            self.sheet.put_beside(claim.slug, BUYERS_X + 10, y + 34 * n, "right")
            for link in claim.links:
                self.sheet.line(link, smooth="cubic")
        self.sheet.section(say("claims-heading", lang), [claim.slug for claim in claims])

    def _group(self) -> None:
        """The group above the plant, else its operator, with people who hold office there."""
        lang = self.things.lang
        side = ("group_plants", "out") if ("group_plants", "out") in self.near else ("operated_by", "out")
        for neighbour in self._sorted(side)[:1]:
            sub = (
                say("part-of", lang)
                if side[0] == "group_plants"
                else relation_name("operated_by", "out", lang)
            )
            self.sheet.put(neighbour.slug, CENTER_X, ABOVE_Y, sub=sub)
            self.sheet.line(neighbour.links[0])
            office = in_order(self.things, self.neighbours.of(neighbour.slug).get(("holds_office", "in"), ()))
            for n, person in enumerate(office[:MOST_PEOPLE]):
                self.sheet.put_beside(person.slug, CENTER_X + 150, ABOVE_Y - 14 + 30 * n, "right")
                self.sheet.line(person.links[0])
            self.sheet.section(
                relation_name(*side, lang), [neighbour.slug, *(person.slug for person in office)]
            )

    def _park(self) -> None:
        """The park or, where none is recorded, the locality; wider zones beside it, other plants below."""
        lang, y = self.things.lang, self.center_y + PARK_BELOW
        side = ("in_zone", "out") if ("in_zone", "out") in self.near else ("located_in", "out")
        homes = self._sorted(side)
        for n, home in enumerate(homes[:2]):
            sub = None
            if side[0] == "in_zone":
                plants = counted(len(self.things.plants(home.slug)), "plant", lang)
                sub = say("recorded-plants", lang, plants=plants)
            self.sheet.put_beside(home.slug, CENTER_X - n * WIDER_X, y, "left", sub=sub)
            self.sheet.line(home.links[0])
        self.sheet.section(relation_name(*side, lang), [home.slug for home in homes])
        if homes and side[0] == "in_zone":
            self._wider(homes[0].slug, y)
            self._park_plants(homes[0].slug, self.center_y + NEIGHBOURS_BELOW)
        for n, place in enumerate(self._sorted(("at_infrastructure", "out"))[:1]):
            self.sheet.put(place.slug, CENTER_X - WIDER_X * (n + 1), y)
            self.sheet.line(place.links[0])

    def _wider(self, zone: str, y: float) -> None:
        near = self.neighbours.of(zone)
        wider = [
            n
            for side in (("part_of", "out"), ("phase_of", "out"))
            for n in in_order(self.things, near.get(side, ()))
        ]
        for n, other in enumerate(wider[:2]):
            self.sheet.put(other.slug, CENTER_X + WIDER_X * (n + 1), y)
            self.sheet.line(
                other.links[0], label=relation_name(other.links[0][3]["relation"], "out", self.things.lang)
            )

    def _park_plants(self, zone: str, y: float) -> None:
        """Other plants in the park: anchors first, then by name; the rest behind one mark."""
        others = [
            n
            for n in in_order(self.things, self.neighbours.of(zone).get(("in_zone", "in"), ()))
            if n.slug != self.slug
        ]
        others = [n for n in others if n.slug not in self.sheet.nodes]
        others.sort(key=lambda n: not self.things.mark(n.slug).startswith("anchor"))
        shown, rest = others[:MOST_NEIGHBOURS], others[MOST_NEIGHBOURS:]
        count = len(shown) + bool(rest)
        xs = [CENTER_X + NEIGHBOUR_PITCH * (n - (count - 1) / 2) for n in range(count)]
        for plant, x in zip(shown, xs, strict=False):
            self.sheet.put(plant.slug, x, y)
            self.sheet.line(plant.links[0], smooth="cubic")
        if rest:
            group = Group(zone, ("in_zone", "in"), tuple(plant.slug for plant in rest))
            node = self.sheet.put_group(f"{self.slug}:neighbours", group, xs[-1], y, "facility")
            self.sheet.draw(node.id, "in_zone", zone, "twig", node.title, smooth="cubic")
        self.sheet.section(relation_name("in_zone", "in", self.things.lang), [plant.slug for plant in others])
