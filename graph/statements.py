"""Turns table rows into sourced RDF statements, by the W3C rules for CSV to RDF (minimal mode).

A statement goes once into the default graph and once into the named graph of each of its sources.
Which sources, from fine to coarse: the column's own `<column>_sources`, the column named by
`attributedBy`, the row's `sources`. A source that is recorded with another value of the same
property (disagreements.csv) is never credited with the value of the row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from csvw import Column, Table
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from graph.namespaces import CATALOGUE, CURATED, PREFIXES, SOURCE, VX
from graph.tables import ANY_TABLE_OR_TEXT, Row, Tables, is_curated, stored_columns, values

XSD = PREFIXES["xsd"]
DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
DATATYPES = {"decimal": "decimal", "integer": "integer", "boolean": "boolean"}
NO_LANGUAGE = "und"
TABLE_OF_SOURCES = "sources"
TABLE_OF_VARIANTS = "disagreements"

Term = NamedNode | Literal


@dataclass(frozen=True)
class Statement:
    """A triple and the named graphs that carry it: sources, the curated graph or the catalogue."""

    subject: NamedNode
    predicate: NamedNode
    object: Term
    graphs: tuple[str, ...]

    def quads(self) -> Iterator[Quad]:
        """Once in the default graph, once in each named graph."""
        yield Quad(self.subject, self.predicate, self.object, DefaultGraph())
        for graph in self.graphs:
            yield Quad(self.subject, self.predicate, self.object, NamedNode(graph))


def statements(tables: Tables) -> Iterator[Statement]:
    """Every statement of the tables, in table, row and column order."""
    owner = tables.owner
    variants = _variants(tables)
    for table, rows in tables:
        about = table.tableSchema.aboutUrl
        columns = [column for column in table.tableSchema.columns if not column.suppressOutput]
        for row in rows:
            subject = NamedNode(about.expand(id=row.id))
            for column in columns:
                predicate = NamedNode(column.propertyUrl.uri)
                graphs = _graphs(table, row, column, variants)
                for term in _terms(column, row, owner):
                    yield Statement(subject, predicate, term, graphs)


def _terms(column: Column, row: Row, owner: dict[str, str]) -> Iterator[Term]:
    if column.virtual:
        yield NamedNode(column.valueUrl.expand())
        return
    or_text = column.common_props.get(VX + "references") == ANY_TABLE_OR_TEXT
    for value in values(row.cells[column.name]):
        if column.valueUrl and not (or_text and value not in owner):
            yield NamedNode(column.valueUrl.expand({column.name: value}))
        else:
            yield _literal(column, value)


def _literal(column: Column, value: Any) -> Literal:
    if column.datatype.at_props.get("id") == VX + "partialDate":
        return Literal(value, datatype=NamedNode(XSD + DATE_TYPES[len(value)]))
    if column.lang != NO_LANGUAGE:
        return Literal(value, language=column.lang)
    if column.datatype.base in DATATYPES:
        text = f"{value:f}" if isinstance(value, Decimal) else str(value).lower()
        return Literal(text, datatype=NamedNode(XSD + DATATYPES[column.datatype.base]))
    return Literal(value)


def _graphs(
    table: Table, row: Row, column: Column, variants: dict[tuple[str, str], dict[str, set[str]]]
) -> tuple[str, ...]:
    if row.table == TABLE_OF_SOURCES:
        return (CATALOGUE,)
    finer = column.common_props.get(VX + "attributedBy", f"{column.name}_sources")
    sources = values(row.cells.get(finer)) or row.cells["sources"]
    if not column.virtual:
        sources = [s for s in sources if not _contradicts(s, row, column.name, variants)]
    if not sources or is_curated(table, row):
        return (CURATED,)
    return tuple(SOURCE + source for source in sources)


def _variants(tables: Tables) -> dict[tuple[str, str], dict[str, set[str]]]:
    """Published values by (thing, column) and source, for the columns of the thing's own table."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    owner = tables.owner
    columns = {
        table.local_name.removesuffix(".csv"): [c.name for c in stored_columns(table)] for table, _ in tables
    }
    for row in tables.rows[TABLE_OF_VARIANTS]:
        thing, prefix = row.cells["subject"], row.cells["property"].replace("-", "_")
        for column in columns[owner[thing]]:
            if column == prefix or column.startswith(prefix + "_"):
                for source in row.cells["sources"]:
                    found[thing, column][source].add(row.cells["value"])
    return found


def _contradicts(
    source: str, row: Row, column: str, variants: dict[tuple[str, str], dict[str, set[str]]]
) -> bool:
    published = variants.get((row.id, column), {}).get(source)
    cell = row.cells[column]
    if not published or cell is None or column.endswith("_basis"):
        return False
    return not any(_same(value, cell) for value in published)


def _same(published: str, cell: Any) -> bool:
    """A published value agrees with a cell when the texts or the leading numbers are equal."""
    if published in [str(value) for value in values(cell)]:
        return True
    leading = re.match(r"\d+(\.\d+)?", published)
    try:
        return leading is not None and Decimal(leading[0]) == Decimal(str(cell))
    except ArithmeticError:
        return False
