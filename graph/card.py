"""The card of the data set: what is in it, how complete it is and where it is weak.

Every number is the answer of a query in `queries/card/`; what no query can say stands in `card.toml` of the
data folder. `graph.card_rdf` writes the card as DCAT, VoID and DQV.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, Store

from graph.model import Text
from graph.namespaces import PREFIXES, rebased
from graph.query import select
from graph.store import SHIPPED_METADATA, Corridor, metadata_of

CARD = "card.toml"
SHIPPED_CARD = SHIPPED_METADATA.with_name(CARD)
FOLDER = "card/"
"""Where the queries are, below `queries/`."""
COUNTS = ("statements", "origins", "classes", "kinds", "properties", "coverage", "grades", "years", "uses")
OF_ANY_DATA = ("measures", "table_measures", "dimensions", "citation", "licence", "licence_name")
"""Parts of the shipped card.toml that hold for every data folder in this format."""

Row = dict[str, Any]
"""One answer of a query: int for a number, text for anything else, by variable; unbound ones are left out."""


@dataclass(frozen=True)
class Weakness:
    """One known weak spot. The texts hold `{name}` for each of `figures`."""

    id: str
    title: Text
    text: Text
    query: str | None
    figures: Row


@dataclass(frozen=True)
class Column:
    """One column of a table, or several with the same property, and how many rows have a value in it."""

    name: str
    title: Text
    iri: str
    filled: int


@dataclass(frozen=True)
class TableCard:
    """One table: a row is a thing of its class."""

    name: str
    file: str
    iri: str
    """The class."""
    rows: int
    low: int | None
    """Rows for which no better source than grade C is recorded; None for rows that need no source."""
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Card:
    """The card of one generation of the data."""

    words: dict[str, Any]
    """What card.toml says."""
    generation: str
    answers: dict[str, list[Row]]
    """The answers of the queries in COUNTS."""
    tables: tuple[TableCard, ...]
    weak: tuple[Weakness, ...]


def read_card(corridor: Corridor) -> Card:
    """Asks every query of the card and reads its words."""
    store = corridor.store
    words = _words(corridor.data)
    return Card(
        words=words,
        generation=corridor.generation,
        answers={name: answer(store, name) for name in COUNTS},
        tables=tuple(_tables(store, metadata_of(corridor.data))),
        weak=tuple(
            Weakness(
                entry["id"], entry["title"], entry["text"], (name := entry.get("query")),
                answer(store, name)[0] if name else {},
            )
            for entry in words["weak"]
        ),
    )  # fmt: skip


def _words(data: Path) -> dict[str, Any]:
    """card.toml of a data folder; one that has none gets the title of its tables and no weak spots."""
    shipped = tomllib.loads(SHIPPED_CARD.read_text("utf-8"))
    if (own := data / CARD).exists():
        return shipped | tomllib.loads(own.read_text("utf-8"))
    title = json.loads(metadata_of(data).read_text("utf-8")).get("dc:title", data.name)
    return {"title": {"vi": title, "en": title}, "weak": []} | {name: shipped[name] for name in OF_ANY_DATA}


def answer(store: Store, name: str) -> list[Row]:
    """The rows of a query of the card."""
    return [
        {variable: _plain(term) for variable, term in row.items()} for row in select(store, FOLDER + name)
    ]


def _plain(term: Any) -> Any:
    if isinstance(term, Literal) and term.datatype.value == PREFIXES["xsd"] + "integer":
        return int(term.value)
    return term.value


def _tables(store: Store, metadata: Path) -> Iterator[TableCard]:
    things = {row["class"]: row["things"] for row in answer(store, "classes")}
    low = {row["class"]: row["onlyC"] for row in answer(store, "low-grade")}
    filled = {(row["class"], row["property"], row["language"]): row for row in answer(store, "columns")}
    for table in json.loads(rebased(metadata.read_text("utf-8")))["tables"]:
        columns = table["tableSchema"]["columns"]
        iri = next(c["valueUrl"] for c in columns if c.get("propertyUrl") == PREFIXES["rdf"] + "type")
        yield TableCard(
            name=table["url"].removesuffix(".csv"),
            file=table["url"],
            iri=iri,
            rows=things.get(iri, 0),
            low=low.get(iri),
            columns=tuple(_columns(iri, columns, filled)),
        )


def _columns(iri: str, columns: list[dict], filled: dict[tuple[str, str, str], Row]) -> Iterator[Column]:
    """The columns that hold statements; those with one property and language are one."""
    together: dict[tuple[str, str], list[dict]] = {}
    for column in columns:
        if "propertyUrl" in column and not column.get("virtual") and not column.get("suppressOutput"):
            together.setdefault((column["propertyUrl"], column.get("lang", "")), []).append(column)
    for (name, lang), same in together.items():
        counted = "filled" if any("valueUrl" in column for column in same) else "inWords"
        yield Column(
            ", ".join(column["name"] for column in same),
            {language: same[0]["titles"][language] for language in ("vi", "en")},
            name,
            filled.get((iri, name, lang), {}).get(counted, 0),
        )
