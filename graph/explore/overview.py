"""The overview: the corridor in one picture, from the plan of graph.layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from graph.explore.extent import SUB
from graph.explore.facets import Selection
from graph.explore.selected import selected
from graph.explore.sheet import GROUP, MOST_NAMES, Group, Picture
from graph.explore.short_names import BOX
from graph.explore.things import Things, border, stop_radius
from graph.explore.view import Backdrop, Edge, Item, Node, Section, View, Words
from graph.explore.words import counted, in_words, say
from graph.gaps.wording import mid_sentence
from graph.layout import (
    BAND_BOTTOM,
    BAND_TOP,
    SPINE,
    WEST,
    Band,
    Box,
    Plan,
    Rest,
    Stop,
    plan_overview,
    total_capital,
)
from graph.layout_margins import GROUND, PORT_X, Input
from graph.lettering import width
from graph.model import Finding

COUNCIL_Y, COMMITTEE_Y, BOARD_Y = 24.0, 80.0, 109.0
PARTNER_WEST, SECRETARIAT_EAST = 330.0, 290.0
SHORT_SPINE = (10.0, 1340.0)
LABEL_X, NO_PARK_Y = 14.0, 188.0


def overview(
    things: Things,
    findings: Iterable[Finding],
    selection: Selection | None = None,
    usual: View | None = None,
) -> Picture:
    """The picture of all things, or of those selected, and what its groups hold.

    Inputs that are in `usual`, the picture of today, stand where they do there.
    """
    keep = selection.placed if selection else None
    seats = {node.id: node.x or 0.0 for node in usual.nodes if node.y == GROUND} if usual else {}
    plan = plan_overview(things.network, findings, lambda plant: things.short(plant, BOX), keep, seats)
    picture = _Overview(things, plan, selection is not None).picture()
    return selected(things, picture, selection) if selection else picture


class _Overview:
    """Collects nodes, lines and texts of the overview."""

    def __init__(self, things: Things, plan: Plan, filtered: bool = False):
        self.things, self.plan, self.lang, self.filtered = things, plan, things.lang, filtered
        self.network = things.network
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.texts: list[Words] = []
        self.groups: dict[str, Group] = {}

    def picture(self) -> Picture:
        bands = [self._band(band) for band in self.plan.bands]
        coordination = self._roof()
        stops = {stop.zone: self._stop(stop) for stop in self.plan.stops}
        boxes = [(box, self._box(box)) for box in self.plan.boxes]
        rests = [(rest, self._rest(rest)) for rest in self.plan.rests]
        inputs = [self._input(item) for item in self.plan.inputs]
        ports = [self._add(self.things.node(port.slug, PORT_X, port.y)) for port in self.plan.ports]
        self._words()
        sections = [
            Section(say("inputs-heading", self.lang), tuple(self._input_items(inputs))),
            *(self._locality_section(band, stops, boxes, rests) for band in self.plan.bands),
            Section(say("coordination", self.lang), tuple(map(_item, coordination))),
            Section(say("ports", self.lang), tuple(map(_item, ports))),
        ]
        view = View(
            say("overview", self.lang),
            "",
            "overview",
            tuple(self.nodes),
            tuple(self.edges),
            tuple(section for section in sections if section.items),
            bands=tuple(bands),
            texts=tuple(self.texts),
            spine={"x1": SHORT_SPINE[0], "x2": SHORT_SPINE[1], "y": SPINE},
            coast=True,
        )
        return Picture(replace(view, subtitle=say("overview-sub", self.lang, n=view.things)), self.groups)

    def _add(self, node: Node) -> Node:
        self.nodes.append(node)
        return node

    def _line(self, start: str, relation: str, end: str, style: str, title: str = "", **looks: Any) -> None:
        self.edges.append(
            Edge(f"{start}|{relation}|{end}", start, end, relation, style, title=title, **looks)
        )

    def _band(self, band: Band) -> Backdrop:
        if any(box.home == band.locality for box in self.plan.boxes):
            self.texts.append(Words(band.x + LABEL_X, NO_PARK_Y, say("no-park", self.lang), 10.5))
        return Backdrop(
            band.locality,
            band.x,
            BAND_TOP,
            band.width,
            BAND_BOTTOM - BAND_TOP,
            self.things.short(band.locality),
            self._band_sub(band),
        )

    def _band_sub(self, band: Band) -> str:
        more = f" ({say('not-of-agreement', self.lang, n=band.others)})" if band.others else ""
        plants = counted(band.plants, "plant", self.lang)
        what = f"{plants}{more}, {counted(band.zones, 'zone', self.lang)}"
        if width(what, SUB) > band.width - 2 * LABEL_X:
            what = f"{plants}{more}"
        return say("match-here", self.lang, what=what) if self.filtered else what

    # Roof

    def _roof(self) -> list[Node]:
        """Council, its federation and secretariat, committees and boards, found by their relations."""
        seats = self._members()
        council = max(sorted(seats), key=lambda body: len(seats[body]), default=None)
        roof: list[Node] = []
        middle = self.plan.middle
        if council is not None:
            roof.append(self._add(self.things.node(council, middle, COUNCIL_Y, size=None)))
            for partner in self._partners(council):
                roof.append(
                    self._add(
                        self.things.node(partner, middle - PARTNER_WEST, COUNCIL_Y, size=110, height=26)
                    )
                )
            for office in self._secretariats(council):
                roof.append(
                    self._add(self.things.node(office, middle + SECRETARIAT_EAST, COUNCIL_Y, size=130))
                )
                self._line(office, "sub_organization_of", council, "tie", self.things.name(office))
        for band in self.plan.bands:
            roof += self._committee(band, council)
        return roof

    def _members(self) -> dict[str, list[str]]:
        """Councils with the committees that are their members."""
        found: dict[str, list[str]] = {}
        for member, body, relation in self.network.edges(data="relation"):
            if (
                relation == "member_of"
                and self.network.nodes[body].get("subkind") == "council"
                and "committee" in (self.network.nodes[member].get("subkind") or "")
            ):
                found.setdefault(body, []).append(member)
        return found

    def _partners(self, council: str) -> Iterator[str]:
        for member, _, key, data in sorted(
            self.network.in_edges(council, keys=True, data=True), key=lambda e: e[2]
        ):
            if data["relation"] == "member_of" and self.network.nodes[member].get("subkind") == "federation":
                label = say("co-chair", self.lang) if data["title"]["en"].startswith("co-chair") else None
                self.edges.append(self.things.edge(member, council, key, data, label=label))
                yield member
                return

    def _secretariats(self, council: str) -> Iterator[str]:
        for office, _, relation in sorted(self.network.in_edges(council, data="relation")):
            if (
                relation == "sub_organization_of"
                and self.network.nodes[office].get("subkind") == "secretariat"
            ):
                yield office
                return

    def _committee(self, band: Band, council: str | None) -> list[Node]:
        """The committee of a locality with its board: of several its own, then that of most zones."""
        here = [
            slug
            for unit in self._with_predecessors(band.locality)
            for slug, _, relation in sorted(self.network.in_edges(unit, data="relation"))
            if relation == "located_in"
        ]
        committees = [slug for slug in here if "committee" in (self.network.nodes[slug].get("subkind") or "")]
        boards = [slug for slug in here if self.network.nodes[slug].get("subkind") == "zone-authority"]
        added = []
        own = {slug for committee in committees[:1] for slug in self.network.predecessors(committee)}
        for committee in committees[:1]:
            added.append(self._add(self.things.node(committee, band.middle, COMMITTEE_Y, size=150)))
            self._line(committee, "located_in", band.locality, "tie", self.things.name(committee))
            if council is not None:
                seats = self.network.get_edge_data(committee, council, default={})
                for key in [key for key in sorted(seats) if seats[key]["relation"] == "member_of"][:1]:
                    self.edges.append(self.things.edge(committee, council, key, seats[key]))
        for board in sorted(boards, key=lambda slug: (slug not in own, -self._managed(slug), slug))[:1]:
            added.append(self._add(self.things.node(board, band.middle, BOARD_Y, size=132)))
        return added

    def _with_predecessors(self, locality: str) -> list[str]:
        """The unit and those merged into it, first the one whose name it keeps."""
        nodes = self.network.nodes
        name = nodes[locality]["label"]["vi"]
        merged = [slug for slug, unit in nodes(data="successor") if unit == locality]
        return [locality, *sorted(merged, key=lambda slug: (nodes[slug]["label"]["vi"] != name, slug))]

    def _managed(self, board: str) -> int:
        return sum(
            relation == "managed_by" for _, _, relation in self.network.in_edges(board, data="relation")
        )

    # Parks and anchors

    def _stop(self, stop: Stop) -> Node:
        node = self.things.node(stop.zone, stop.x, stop.y, number=stop.plants, size=stop_radius(stop.plants))
        if stop.above:
            self._line(stop.above, "column", stop.zone, "twig")
        return self._add(node)

    def _box(self, box: Box) -> Node:
        first = box.plants[0]
        if len(box.plants) == 1:
            node = self.things.node(first, box.x, box.y)
        else:
            label = self.things.short(first, BOX - 4) + f" ({len(box.plants)})"
            if box.folded:
                label = say("other-anchors", self.lang, n=len(box.plants))
            running = any(not self.things.mark(plant).endswith("planned") for plant in box.plants)
            node = Node(
                f"{GROUP}{box.home}:{first}",
                label,
                "facility",
                "anchor" if running else "anchor-planned",
                box.x,
                box.y,
                title="\n".join(self.things.name(plant) for plant in box.plants[:MOST_NAMES]),
                border=border(total_capital(self.network, box.plants)),
            )
            relation = "in_zone" if self.network.nodes[box.home]["kind"] == "zone" else "located_in"
            self.groups[node.id] = Group(box.home, (relation, "in"), box.plants)
        if self.network.nodes[box.home]["kind"] == "zone":
            self._line(node.id, "in_zone", box.home, "twig", f"{node.label} → {self.things.name(box.home)}")
        return self._add(node)

    def _rest(self, rest: Rest) -> Node:
        node = Node(
            f"{GROUP}{rest.locality}:parks",
            say("other-parks", self.lang),
            "zone",
            "group",
            rest.x,
            rest.y,
            title="\n".join(self.things.name(zone) for zone in rest.zones[:MOST_NAMES]),
            number=len(rest.zones),
        )
        self.groups[node.id] = Group(rest.locality, ("located_in", "in"), rest.zones)
        if rest.above:
            self._line(rest.above, "column", node.id, "twig")
        return self._add(node)

    # Ground

    def _input(self, item: Input) -> tuple[Input, Node]:
        need = say("plants-need" if item.buyers > 1 else "plant-needs", self.lang, n=item.buyers)
        if item.buyers < item.recorded:
            need = say("plants-need-of", self.lang, n=item.buyers, all=item.recorded)
        product = mid_sentence(self.things.name(item.product))
        title = say("maker-not-recorded", self.lang, product=product) + f"\n{need}"
        node = self.things.node(item.product, item.x, GROUND, mark="missing", sub=need, title=title)
        for place, buyers in item.lines:
            where = f"{self.things.short(place)}: {counted(buyers, 'plant', self.lang)}"
            self._line(
                item.product,
                "missing",
                place,
                "missing",
                f"{title}\n{where}",
                width=round(0.9 + 0.22 * buyers, 2),
                smooth="cubic",
            )
        return item, self._add(node)

    def _input_items(self, inputs: Sequence[tuple[Input, Node]]) -> Iterator[Item]:
        ranked = sorted(inputs, key=lambda pair: (-pair[0].buyers, pair[1].id))
        for item, node in ranked:
            counts = (f"{self.things.short(place)} {n}" for place, n in item.places.items())
            places = ", ".join(count.replace(" ", "\u00a0") for count in counts)  # a name stays on one line
            yield Item(node.id, self.things.name(node.id), "missing", places, node.sub, gap=True)

    # Words and list

    def _words(self) -> None:
        if not self.plan.bands:
            return
        self.texts += [
            Words(SHORT_SPINE[0], SPINE - 12, say("to-hanoi", self.lang), 10.5, "accent", weight=500),
            Words(1344, SPINE + 18, say("to-mong-cai", self.lang), 10.5, "accent", weight=500),
            Words(PORT_X, 366, say("gulf", self.lang), 12, "c-infra", "middle", 500),
        ]
        if self.plan.inputs:
            text = say("ten-inputs", self.lang, n=in_words(len(self.plan.inputs), self.lang))
            self.texts.append(Words(WEST, GROUND - 2, text, 12.5, "gap", weight=600))

    def _locality_section(
        self,
        band: Band,
        stops: dict[str, Node],
        boxes: Sequence[tuple[Box, Node]],
        rests: Sequence[tuple[Rest, Node]],
    ) -> Section:
        """Parks west to east with their anchors, then anchors with no recorded park, then the other parks."""
        items = [_item(self.things.node(band.locality), sub=self._band_sub(band))]
        here = [node for node in stops.values() if band.x <= (node.x or 0) <= band.x + band.width]
        for node in sorted(here, key=lambda node: (node.x or 0, node.y or 0, node.id)):
            items.append(_item(node, sub="", count=node.number))
            items += [
                _item(box_node, sub=self.things.name(box.home))
                for box, box_node in boxes
                if box.home == node.id
            ]
        no_park = say("no-park", self.lang)
        items += [_item(node, sub=no_park) for box, node in boxes if box.home == band.locality]
        items += [
            _item(node, sub="", count=node.number) for rest, node in rests if rest.locality == band.locality
        ]
        return Section(self.things.short(band.locality), tuple(items))


def _item(node: Node, sub: str = "", count: int | None = None) -> Item:
    """The row of a node; its mark tells the symbol."""
    full = node.title.split("\n", 1)[0] if not node.id.startswith(GROUP) else node.label
    return Item(node.id, full, node.mark, sub, count)
