"""How a thing and a relation of the network look: mark, label, title, line style."""

from __future__ import annotations

import copy
import math
from collections.abc import Collection
from typing import Any, Self

import networkx as nx

from graph.explore.short_names import BOX, TWO_LINES, short_name
from graph.explore.view import Edge, Node
from graph.explore.words import STATUS, counted, decimal, relation_name, say
from graph.layout import NOT_THERE, plants_by_zone
from graph.model import home

NOT_RUNNING = frozenset({"planned", "licensed", "under-construction", "mou"})
ORGANIZATION_MARKS = {
    "council": "council", "federation": "council", "secretariat": "body", "people-committee": "body",
    "people-council": "body", "ministry": "body", "agency": "body", "department": "body",
    "association": "body", "state-body": "body", "party-body": "body", "institute": "body",
    "zone-authority": "board",
}  # fmt: skip
"""Firms, groups, park developers and media are plain text: we do not know their insides."""
KIND_MARKS = {
    "product": "product", "zone": "park", "locality": "locality", "infrastructure": "infrastructure",
    "person": "person", "event": "event", "document": "document", "agreement": "document", "claim": "claim",
    "expert_statement": "claim", "change": "document",
}  # fmt: skip
TIES = {"member_of", "holds_office"}
DERIVED = {"mentioned_in", "group_plants"}
BORDERS = ((1000.0, 3.5), (100.0, 2.25), (0.0, 1.25))
"""Edge of an anchor's box in px, from this capital in million USD; unknown capital is drawn thin."""
WIDE_BOX = {"council": 250, "body": 150, "board": 132}
SIGN = 6.6
"""Widest mean width of a sign in a box, px."""


class Things:
    """Looks of the things of one network in one language."""

    def __init__(self, network: nx.MultiDiGraph, lang: str):
        self.network, self.lang = network, lang
        self._plants = plants_by_zone(network)
        self._keep: Collection[str] | None = None
        nodes = network.nodes(data="label")
        ordered = sorted((label[lang].casefold(), slug) for slug, label in nodes)
        self.alphabet = {slug: place for place, (_, slug) in enumerate(ordered)}
        """Place of each thing by name, then id."""

    def among(self, keep: Collection[str]) -> Self:
        """The same looks, with the numbers of parks counting only what is in `keep`."""
        found = copy.copy(self)
        found._keep = keep
        return found

    def number(self, zone: str) -> int:
        """The number in the mark of a zone: its plants, of those kept only."""
        plants = self.plants(zone)
        return len(plants) if self._keep is None else sum(plant in self._keep for plant in plants)

    def plants(self, zone: str) -> frozenset[str]:
        """Plants counted for a zone: in it or its phases, without ended ones and memoranda."""
        return self._plants.get(zone, frozenset())

    def name(self, slug: str) -> str:
        """Full name."""
        label: str = self.network.nodes[slug]["label"][self.lang]
        return label

    def short(self, slug: str, limit: int = TWO_LINES) -> str:
        """Name for the picture."""
        return short_name(self.network, slug, self.lang, limit)

    def kind(self, slug: str) -> str:
        """Kind of the thing."""
        kind: str = self.network.nodes[slug]["kind"]
        return kind

    def place(self, slug: str) -> str:
        """Short name of the locality a thing was recorded in, else empty."""
        attributes = self.network.nodes[slug]
        place = home(attributes) or attributes.get("locality")
        return self.short(place) if place in self.network else ""

    def validity(self, slug: str) -> str | None:
        """`before 01.07.2025` or `from 01.07.2025` for a unit with recorded dates."""
        attributes = self.network.nodes[slug]
        for key, word in (("valid_to", "before"), ("valid_from", "from")):
            if attributes.get(key):
                return say(word, self.lang, day=".".join(reversed(attributes[key].split("-"))))
        return None

    def named_with_place(self, slug: str) -> str:
        """`Hansung P.T.C, Hải Phòng`."""
        return ", ".join(part for part in (self.short(slug), self.place(slug)) if part)

    def mark(self, slug: str) -> str:
        """Key of graph/marks.json."""
        attributes = self.network.nodes[slug]
        if attributes["kind"] == "organization":
            return ORGANIZATION_MARKS.get(attributes["subkind"] or "", "outside")
        if attributes["kind"] != "facility":
            return KIND_MARKS[attributes["kind"]]
        if not attributes["inside"]:
            return "outside"
        shape = "anchor" if attributes["role"] == "anchor" else "plant"
        waiting = attributes["status"] in NOT_RUNNING or not attributes.get("active", True)
        return f"{shape}-planned" if waiting else shape

    def title(self, slug: str) -> str:
        """Full name, status and place, in plain text."""
        attributes = self.network.nodes[slug]
        status = attributes.get("status")
        parts = [self.name(slug)]
        if attributes["kind"] == "facility":
            parts += [STATUS[status][self.lang] if status in STATUS else "", self.place(slug)]
            if not attributes.get("active", True):
                parts.append(say("not-begun", self.lang, year=attributes["started"]))
            if not attributes["inside"]:
                parts.append(say("outside", self.lang))
        elif attributes["kind"] == "zone":
            plants = counted(len(self.plants(slug)), "plant", self.lang)
            parts += [say("recorded-plants", self.lang, plants=plants), self.place(slug)]
            if self._keep is not None:
                parts.append(say("of-them", self.lang, n=self.number(slug)))
        return "\n".join(part for part in parts if part)

    def node(self, slug: str, x: float | None = None, y: float | None = None, **looks: Any) -> Node:
        """The mark of a thing; `looks` override what follows from the network."""
        mark = looks.pop("mark", None) or self.mark(slug)
        kind = self.kind(slug)
        label = looks.pop("label", None) or self.short(slug, BOX if mark.startswith("anchor") else TWO_LINES)
        drawn: dict[str, Any] = {"title": self.title(slug), "href": f"/page/{slug}"}
        if kind == "zone" and (plants := self.number(slug)):
            drawn |= {"number": plants, "size": stop_radius(plants)}
        elif mark.startswith("anchor"):
            drawn["border"] = border(self.network.nodes[slug]["capital"])
        if kind == "facility" and self.network.nodes[slug]["status"] in NOT_THERE:
            drawn["sub"] = STATUS[self.network.nodes[slug]["status"]][self.lang]
        if kind == "facility" and (told := self.network.nodes[slug].get("told_apart")):
            drawn.setdefault("sub", told[self.lang])
        if kind == "locality":
            drawn["sub"] = self.validity(slug)
        if mark in WIDE_BOX:
            drawn["size"] = round(max(60.0, min(WIDE_BOX[mark], len(label) * SIGN + 20)))
        return Node(slug, label, kind, mark, x, y, **(drawn | looks))

    def edge(self, start: str, end: str, key: str, data: dict[str, Any], **looks: Any) -> Edge:
        """The line of a relation recorded in the network."""
        relation = data["relation"]
        title = self.edge_title(start, end, data)
        label = distance(data, self.lang) if relation == "access" else None
        drawn = {"style": line_style(data), "title": title, "label": label, **looks}
        return Edge(edge_id(start, end, key, relation), start, end, relation, **drawn)

    def edge_title(self, start: str, end: str, data: dict[str, Any]) -> str:
        """`A: Supplies B`, then product, status and number of sources, in plain text."""
        lines = [
            f"{self.name(start)} → {relation_name(data['relation'], 'out', self.lang)}: {self.name(end)}"
        ]
        if data.get("product") in self.network:
            lines.append(self.name(data["product"]))
        words = [STATUS[w][self.lang] for w in (data.get("link_kind"), data.get("status")) if w in STATUS]
        if words:
            lines.append(", ".join(words))
        if data.get("title", {}).get(self.lang):
            lines.append(data["title"][self.lang])
        sources = data.get("sources", ())
        if data["relation"] in DERIVED or data.get("computed"):
            lines.append(say("computed", self.lang))
        else:
            lines.append(
                counted(len(sources), "source", self.lang) if sources else say("no-source", self.lang)
            )
        return "\n".join(lines)


def distance(data: dict[str, Any], lang: str) -> str:
    """How far the ends of an `access` relation are apart, in km."""
    return say("distance", lang, n=decimal(data["distance_km"], lang))


def edge_id(start: str, end: str, key: str, relation: str) -> str:
    """The relation's own id where it is a thing of its own, else `from|relation|to`."""
    own = key not in (relation, "makes_for_own_use")
    return key if own else f"{start}|{relation}|{end}"


def line_style(data: dict[str, Any]) -> str:
    """Key of the line styles in graph/marks.json."""
    relation = data["relation"]
    if relation == "supplies":
        if data["status"] == "planned":
            return "planned"
        return "stated" if data["status"] == "current" and data["link_kind"] != "same-group" else "weak"
    if relation == "makes":
        return "stated"
    if relation in TIES:
        return "tie"
    return "derived" if relation in DERIVED or data.get("computed") else "twig"


def stop_radius(plants: int) -> float:
    """Radius of a park in px: 5 + 2.1 x the root of its plants."""
    return round(5 + 2.1 * math.sqrt(plants), 1)


def border(capital: float | None) -> float:
    """Edge of an anchor's box in px by capital in million USD."""
    return next(width for least, width in BORDERS if (capital or 0.0) >= least)
