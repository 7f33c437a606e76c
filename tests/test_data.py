"""The rules of `graph/queries/checks` hold on the real data; our translations say what the originals say."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from pyoxigraph import Store

from graph.namespaces import PREFIXES
from graph.query import QUERIES, Query, load_queries
from graph.store import SHIPPED_METADATA
from tests.fixtures.breaches import ALLOWED, BREACHES, WARNING_BREACHES

CHECKS = {query.name: query for query in load_queries(QUERIES / "checks")}
WARNINGS = {query.name: query for query in load_queries(QUERIES / "warnings")}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_rule_holds(corridor: Any, check: Query) -> None:
    assert check.offenders(corridor.store) == [], f"{check.title['en']}. {check.about['en']}"


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_rule_notices_a_breach(check: Query) -> None:
    store = Store()
    store.update("INSERT DATA { " + BREACHES[check.name] + " }", prefixes=PREFIXES)
    assert check.offenders(store)


@pytest.mark.parametrize("warning", WARNINGS.values(), ids=WARNINGS.keys())
def test_a_warning_tells_the_unlikely_from_the_usual(warning: Query) -> None:
    for graph, told in ((WARNING_BREACHES[warning.name], True), (ALLOWED[warning.name], False)):
        store = Store()
        store.update("INSERT DATA { " + graph + " }", prefixes=PREFIXES)
        assert bool(warning.offenders(store)) is told


RULES = CHECKS | WARNINGS


@pytest.mark.parametrize("check", RULES.values(), ids=RULES.keys())
def test_rule_tells_what_to_do(check: Query) -> None:
    assert set(check.title) == set(check.about) == {"en", "vi"}


def test_every_breach_belongs_to_a_rule() -> None:
    assert set(BREACHES) == set(CHECKS)
    assert set(WARNING_BREACHES) == set(ALLOWED) == set(WARNINGS)


TRANSLATION = "_vi"
SEPARATOR = "|"
NAMES = ("name_en", "developer")
"""Names of things need no translation: a column, and a property of disagreements.csv."""
WORD = re.compile(r"[A-Za-z]{3,}")
MONTHS = "January February March April May June July August September October November December".split()
SHORT = [month[:3] for month in MONTHS]
NAME_OF_MONTH = "|".join([*MONTHS, *SHORT, "Sept"])
MONTH = re.compile(rf"(?<=\d )(?:{NAME_OF_MONTH})\b|\b(?:{NAME_OF_MONTH})(?=[ -](?:\d|to ))")
"""A month by name beside a number, so that neither "may" nor a garment firm called May counts."""


class Pair(NamedTuple):
    """A text of the tables and our Vietnamese for it (empty where a source gives a Vietnamese text)."""

    table: str
    column: str
    row: dict[str, str]
    separated: bool

    @property
    def original(self) -> str:
        return self.row[self.column]

    @property
    def translated(self) -> str:
        return self.row[self.column + TRANSLATION]

    @property
    def official(self) -> str:
        """The Vietnamese text of a source, where the table has a column for it."""
        return self.row.get(self.column.removesuffix("_en") + TRANSLATION, "") if "_en" in self.column else ""


def translated_columns() -> list[tuple[str, str, bool]]:
    """Table, column and whether it is a list, of every column that a `<column>_vi` of our own translates."""
    found = []
    for table in json.loads(SHIPPED_METADATA.read_text("utf-8"))["tables"]:
        columns = {column["name"]: column for column in table["tableSchema"]["columns"]}
        found += [
            (table["url"], name, "separator" in columns[name])
            for name in columns
            if columns.get(name + TRANSLATION, {}).get("lang") == "vi"
        ]
    return found


def pairs() -> Iterator[Pair]:
    for table, column, separated in translated_columns():
        yield from (Pair(table, column, row, separated) for row in rows(table) if row[column])


def rows(table: str) -> list[dict[str, str]]:
    with (SHIPPED_METADATA.parent / table).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def texts(pair: Pair, people: set[str]) -> list[str]:
    """The items of the original that are words; `participants` mixes them with ids of people."""
    items = pair.original.split(SEPARATOR) if pair.separated else [pair.original]
    return [item for item in items if item not in people]


def numbers(text: str) -> list[int]:
    """Every group of digits, months by name among them, in ascending order."""
    plain = MONTH.sub(lambda found: str(SHORT.index(found[0][:3]) + 1), text)
    return sorted(int(digits) for digits in re.findall(r"\d+", plain))


def faults(original: list[str], translated: str) -> list[str]:
    """What is wrong with a translation, whatever its words: nothing there, items or numbers that differ."""
    if not translated:
        return ["missing"]
    items = translated.split(SEPARATOR) if len(original) > 1 else [translated]
    if len(items) != len(original):
        return ["items"]
    same = all(numbers(one) == numbers(other) for one, other in zip(original, items, strict=True))
    return [] if same else ["numbers"]


@pytest.mark.parametrize(
    ("original", "translated", "expected"),
    [
        (["USD 5,650m after Nov-2024"], "5.650 triệu USD sau tháng 11.2024", []),
        (["signed 4 Dec 2024, 40.5 ha"], "ký ngày 04.12.2024, 40,5 ha", []),
        (["Decision 1511/QĐ-TTg"], "Quyết định 1511/QĐ-TTg", []),
        (["phase 1 May 2023-Dec 2024"], "giai đoạn 1 từ tháng 5.2023 đến tháng 12.2024", []),
        (["electronics", "logistics"], "điện tử|logistics", []),
        (["planned"], "", ["missing"]),
        (["electronics", "logistics"], "điện tử, logistics", ["items"]),
        (["signed 4 Dec 2024"], "ký ngày 04.11.2024", ["numbers"]),
        (["40.5 ha"], "405 ha", ["numbers"]),
        (["12 ha of 30"], "12 ha", ["numbers"]),
    ],
)
def test_faults_of_a_translation_are_noticed(
    original: list[str], translated: str, expected: list[str]
) -> None:
    assert faults(original, translated) == expected


@pytest.mark.parametrize("column", translated_columns(), ids=lambda column: ".".join(column[:2]))
def test_every_text_in_english_has_its_vietnamese(column: tuple[str, str, bool]) -> None:
    people = {row["id"] for row in rows("people.csv")}
    found = [pair for pair in pairs() if (pair.table, pair.column, pair.separated) == column]
    assert found or not rows(column[0])
    wrong = {
        pair.row["id"]: faults(words, pair.translated)
        for pair in found
        if (words := texts(pair, people)) and (pair.translated or not excused(pair))
    }
    assert {row: found for row, found in wrong.items() if found} == {}


def excused(pair: Pair) -> bool:
    """A name, a text that a source gives in Vietnamese too, a published value without words."""
    if pair.table == "disagreements.csv":
        return pair.row["property"] in NAMES or not WORD.search(pair.original)
    return pair.column in NAMES or bool(pair.official)
