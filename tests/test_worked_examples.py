"""The example rows of data/README.md, pasted into the tables, pass every check."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from graph import store
from graph.curation import load_good
from graph.namespaces import ID
from graph.query import load_queries
from graph.rules import WARNINGS, rule_problems
from graph.store import SHIPPED_METADATA
from graph.tables import BadTables, read_tables

DATA = SHIPPED_METADATA.parent
EXAMPLES = re.findall(r"^```csv (\S+\.csv)\n(.*?)^```", (DATA / "README.md").read_text("utf-8"), re.M | re.S)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped tables, their builds cached beside it."""
    monkeypatch.setattr(store, "CACHE", tmp_path / "cache")
    copy = tmp_path / "data"
    copy.mkdir()
    for table in (*DATA.glob("*.csv"), SHIPPED_METADATA):
        shutil.copy(table, copy)
    return copy


def paste(folder: Path, name: str, rows: str) -> None:
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, restval="", lineterminator="\n").writerows(
            csv.DictReader(io.StringIO(rows))
        )


def test_there_is_an_example_for_each_thing_an_economist_adds() -> None:
    names = [name for name, _ in EXAMPLES]
    assert names == ["sources.csv", "zones.csv", "organizations.csv", "facilities.csv", "supply_links.csv"]


def test_the_examples_pass_every_check(folder: Path) -> None:
    """What passes `load_good` violates no shape: tests/test_shapes.py."""
    for name, rows in EXAMPLES:
        paste(folder, name, rows)
    made = load_good(data=folder)
    ids = [row["id"] for _, rows in EXAMPLES[1:] for row in csv.DictReader(io.StringIO(rows))]
    assert [
        name for name in ids if not any(made.store.quads_for_pattern(NamedNode(ID + name), None, None))
    ] == []
    told = rule_problems(made.store, load_queries(WARNINGS), read_tables(folder))
    assert [str(problem) for problem in told if "example" in str(problem)] == []


def test_without_the_document_nothing_is_accepted(folder: Path) -> None:
    for name, rows in EXAMPLES[1:]:
        paste(folder, name, rows)
    with pytest.raises(BadTables, match="example-news-2024-11-05"):
        load_good(data=folder)
