"""Runs the rules of `queries/checks` and says in which table, row and column an offender stands.

A rule is a query whose rows are offenders; its `about` says what to do. Comment lines serve this module:

    # columns: supplier_facility buyer_facility
    # refuses: loading
    # row: later

The first names the columns to look at. The second marks a contradiction that no reading of the table can
mean, such as a validity that ends before it begins: such a row does not enter the graph. The third is for
rules on two alike rows of one table: the later one is named, which is the one that was added.
`queries/warnings` holds queries of the same form for what is unlikely, but may be true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from csvw import Table
from pyoxigraph import Store

from graph.namespaces import CODE, ID, SOURCE
from graph.query import QUERIES, Query, load_queries
from graph.tables import Problem, Row, Tables, stored_columns, values

COLUMNS = re.compile(r"^#\s*columns:\s*(.+)$", re.MULTILINE)
REFUSES = re.compile(r"^#\s*refuses:\s*loading\s*$", re.MULTILINE)
LATER_ROW = re.compile(r"^#\s*row:\s*later\s*$", re.MULTILINE)
CHECKS = QUERIES / "checks"
WARNINGS = QUERIES / "warnings"
HYGIENE = QUERIES / "hygiene"


class Places:
    """Where the things of a graph stand in the tables."""

    def __init__(self, tables: Tables):
        self._tables = tables

    @cached_property
    def _rows(self) -> dict[str, tuple[Table, Row]]:
        return {row.id: (table, row) for table, rows in self._tables for row in rows}

    def problem(
        self, terms: Iterable[str], columns: Iterable[str], message: str, later: bool = False
    ) -> Problem | None:
        """The problem at the first of these terms that is a row; None if none is.

        `later`: at the last row among those terms that stand in the same table as the first.
        `columns` are names of columns or IRIs of properties, likeliest first. Of those the table has, the
        one that holds one of the other terms is named, or else the first.
        """
        texts = [_bare(term) for term in terms]
        here = [text for text in texts if text in self._rows]
        if not here:
            return None
        table, row = self._rows[slug := here[0]]
        if later:
            alike = [text for text in here if self._rows[text][1].table == row.table]
            table, row = self._rows[slug := max(alike, key=lambda text: self._rows[text][1].number)]
        named = {column.name: column for column in stored_columns(table)}
        by_property = {
            column.propertyUrl.uri: name for name, column in reversed(named.items()) if column.propertyUrl
        }
        wanted = [by_property.get(name, name) for name in columns]
        found = [name for name in wanted if name in named]
        others = [text for text in texts if text != slug]
        cells = {name: [str(value) for value in values(row.cells[name])] for name in found}
        chosen = next((name for name in found if set(cells[name]) & set(others)), found[0] if found else None)
        value = "|".join(cells[chosen]) if chosen else slug
        return Problem(table.local_name, row.number, chosen, value, message)


def _bare(term: str) -> str:
    """The id in an IRI of a thing or source, the code in an IRI of a code, the text of a literal."""
    term = term.removeprefix("<").removesuffix(">")
    for start in (ID, SOURCE):
        if term.startswith(start):
            return term[len(start) :]
    if term.startswith('"'):
        return term[1:].split('"', 1)[0]
    return term.removeprefix(CODE)


def refusing(queries: Iterable[Query] | None = None) -> list[Query]:
    """The rules that keep a row from entering the graph."""
    return [query for query in queries or load_queries(CHECKS) if REFUSES.search(query.text)]


def rule_problems(store: Store, queries: Iterable[Query], tables: Tables) -> Iterator[Problem]:
    """The offenders in the order of the rules; those that come to the same cell are one problem."""
    places = Places(tables)
    told: set[Problem] = set()
    for query in queries:
        match = COLUMNS.search(query.text)
        columns = match[1].replace(",", " ").split() if match else []
        message = "; ".join(
            text.rstrip(".") for text in (query.title["en"], query.about.get("en", "")) if text
        )
        for terms in query.offenders(store):
            iris = [term.strip("<>") for term in terms if term.startswith("<")]
            later = bool(LATER_ROW.search(query.text))
            problem = places.problem(terms, [*columns, *iris], message, later)
            problem = problem or Problem(f"{query.name}.rq", None, None, "  ".join(terms), message)
            if problem not in told:
                told.add(problem)
                yield problem
