"""Things, lines and sources of the records, as every tool names them."""

from __future__ import annotations

from collections.abc import Iterable

from graph.catalogue import Catalogue
from graph.explore import Explorer
from graph.explore.sentences import sentence
from graph.mcp import answers
from graph.mcp.words import LANGUAGES, label
from graph.model import Finding, home
from graph.namespaces import ID
from graph.projection import Network
from graph.search import Index

MOST_MEANT = 3
MOST_SOURCES = 40


class Unanswerable(ValueError):
    """A question that cannot be answered; the text says what to ask instead."""


class Records:
    """A network with its findings, the names of its things and their sources."""

    def __init__(self, network: Network, findings: tuple[Finding, ...], catalogue: Catalogue) -> None:
        self.network, self.findings, self.catalogue = network, findings, catalogue
        self.explorer = Explorer(network, findings)
        self.index = Index.build(network)

    def known(self, thing: str) -> str:
        """The id of a thing, which may come as an IRI or with its prefix. Raises Unanswerable."""
        found = bare(thing)
        if found in self.network:
            return found
        if any(finding.id == found for finding in self.findings):
            raise Unanswerable(f"{found} is a gap: call find_gaps with about={found}.")
        hits = self.index.near(found, "en", limit=MOST_MEANT)
        near = "; ".join(f"{hit.slug} ({hit.label})" for hit in hits)
        tip = f"Did you mean: {near}?" if near else "Call search with a name to get an id."
        raise Unanswerable(f"No thing has the id {thing[:80]!r}. {tip}")

    def thing(self, name: str) -> answers.Thing:
        """What every answer says of a thing."""
        attributes = self.network.nodes[name]
        found: answers.Thing = {"id": name, "label": label(attributes["label"]), "kind": attributes["kind"]}
        if zone := attributes.get("zone"):
            found["zone"] = zone
        if (place := home(attributes)) and place != name:
            found["locality"] = place
        return found

    def around(self, name: str) -> set[str]:
        """The park and wider zones a thing stands in, and its locality by either reading."""
        attributes = self.network.nodes[name]
        zone = name if attributes["kind"] == "zone" else attributes.get("zone")
        zones = self.explorer.neighbours.world.zones_around(zone) if zone else ()
        places = (attributes.get(key) for key in ("home", "locality", "locality_stated"))
        return {*zones, *filter(None, places)}

    def line(self, name: str) -> answers.Line:
        """A statement between two things, in words."""
        line = self.explorer.line(name)
        texts = {lang: sentence(self.explorer.things(lang), line) for lang in LANGUAGES}
        return {
            "id": name,
            "kind": line.kind,
            "sentence": label(texts),
            "source_ids": [] if line.need else list(line.link[3].get("sources", ())),
        }

    def ended(self, named: Iterable[str], rest: str) -> answers.Answer:
        """What every answer ends with: whether it is whole, and who says so, best first."""
        sources = self.catalogue.best(named)
        if len(sources) > MOST_SOURCES:
            rest = f"{rest} {len(sources)} sources in all: ask for fewer things.".strip()
        return {
            "truncated": bool(rest),
            "rest": rest,
            "sources": [
                {
                    "id": source.slug,
                    "title": source.title,
                    "publisher": source.publisher,
                    "date": source.published,
                    "address": source.url,
                    "grade": source.grade,
                }
                for source in sources[:MOST_SOURCES]
            ],
        }


def bare(thing: str) -> str:
    """The id of a thing that may come as an IRI or with its prefix."""
    return thing.removeprefix(ID).removeprefix("id:")
