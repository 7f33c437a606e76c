"""The words of answers: names in both languages, doubts, and what helps to write a query."""

from __future__ import annotations

import re

from graph.facts import Fact as Stated
from graph.mcp import answers
from graph.mcp.answers import Label
from graph.model import Finding, Text
from graph.names import WORD, fold
from graph.namespaces import curie
from graph.query import EXAMPLES, Query, load_queries, select
from graph.store import Corridor

LANGUAGES = ("vi", "en")
MOST_VALUES = 25
"""Values of one fact that `describe` gives."""
SHOWN_EXAMPLES = 3
MOST_PROPERTIES = 30
"""Properties of a class that `schema` names."""
NAME = re.compile(r"\b[a-z]+:\w+")


def properties_of(corridor: Corridor) -> dict[str, list[str]]:
    """By class, the properties that its things have, most used first."""
    found: dict[str, list[str]] = {}
    for row in select(corridor.store, "vocabulary/properties"):
        names = found.setdefault(row["class"].value, [])
        if len(names) < MOST_PROPERTIES:
            names.append(curie(row["property"].value))
    return found


def examples(names: list[str], wanted: str) -> list[str]:
    """Shipped queries whose title has most of the wanted words; among equals those that use most terms."""
    words = WORD.findall(fold(wanted))

    def fits(query: Query) -> tuple[int, int]:
        title = WORD.findall(fold(" ".join(query.title.values())))
        said = sum(any(one.startswith(word) for one in title) for word in words)
        return said, len(set(names) & set(NAME.findall(query.text)))

    best = sorted(
        ((fits(query), query) for query in load_queries(EXAMPLES)), key=lambda pair: pair[0], reverse=True
    )
    return [query.titled("en") for rank, query in best[:SHOWN_EXAMPLES] if any(rank)]


def label(text: Text) -> Label:
    """A text in both languages."""
    return {"vi": text["vi"], "en": text["en"]}


def fact(stated: Stated) -> answers.Fact:
    """A property with its values, at most MOST_VALUES."""
    return {
        "property": stated.property,
        "label": label(stated.label),
        "values": [
            {
                "text": label(value.text),
                "id": value.slug,
                "computed": value.computed,
                "curated": value.curated,
                "source_ids": list(value.sources),
            }
            for value in stated.values[:MOST_VALUES]
        ],
    }


def doubt(finding: Finding) -> str:
    """What the records leave open, in a sentence."""
    shares = [premise.coverage for premise in finding.evidence if premise.coverage is not None]
    if not shares:
        return "The records may be incomplete: what is not recorded may still exist."
    share = " to ".join(dict.fromkeys(f"{end:.0%}" for end in (min(shares), max(shares))))
    return (
        f"Of the relations searched, about {share} are thought to be "
        "recorded: a link or maker that nobody recorded may exist."
    )
