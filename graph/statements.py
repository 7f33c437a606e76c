"""Turns table rows into sourced RDF statements, by the W3C rules for CSV to RDF (minimal mode).

A statement goes once into the default graph and once into the named graph of each of its sources.
Which sources, from fine to coarse: the column's own `<column>_sources`, the column named by
`attributedBy`, the row's `sources`. Three rules keep a source from being credited with what it does
not say: a column marked `curatedColumn` is our own judgement; a source that is recorded with another
value of the same property (disagreements.csv) does not carry the value of the row; a source published
before the day that `vx:asOf` names does not carry that day. What no source is left to carry stands in
the curated graph.
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

from graph.namespaces import CATALOGUE, CURATED, SOURCE, VX, XSD
from graph.tables import ANY_TABLE_OR_TEXT, OF_ONE_COLUMN, Row, Tables, is_curated, stored_columns, values

DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}
DATATYPES = {"decimal": "decimal", "integer": "integer", "boolean": "boolean"}
NO_LANGUAGE = "und"
TABLE_OF_SOURCES = "sources"
TABLE_OF_VARIANTS = "disagreements"
STATE_OF_KNOWLEDGE = VX + "asOf"

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
YEAR = re.compile(r"\b\d{4}\b")

Term = NamedNode | Literal
Variants = dict[tuple[str, str], dict[str, set[str]]]
"""Published values by (thing, column) and source."""


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
    published = {row.id: row.cells["published"] for row in tables.rows[TABLE_OF_SOURCES]}
    for table, rows in tables:
        about = table.tableSchema.aboutUrl
        columns = [column for column in table.tableSchema.columns if not column.suppressOutput]
        for row in rows:
            subject = NamedNode(about.expand(id=row.id))
            for column in columns:
                predicate = NamedNode(column.propertyUrl.uri)
                graphs = _graphs(table, row, column, variants, published)
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
    if _is_date(column):
        return Literal(value, datatype=NamedNode(XSD + DATE_TYPES[len(value)]))
    if column.lang != NO_LANGUAGE:
        return Literal(value, language=column.lang)
    if column.datatype.base in DATATYPES:
        return Literal(_canonical(value), datatype=NamedNode(XSD + DATATYPES[column.datatype.base]))
    return Literal(value)


def _canonical(value: Decimal | int | bool) -> str:
    """One text for one value, however a spreadsheet wrote it: 20.7910 and 20.791 are 20.791."""
    if not isinstance(value, Decimal):
        return str(value).lower()
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _is_date(column: Column) -> bool:
    return column.datatype.at_props.get("id") == VX + "partialDate"


def _graphs(
    table: Table, row: Row, column: Column, variants: Variants, published: dict[str, str | None]
) -> tuple[str, ...]:
    if row.table == TABLE_OF_SOURCES:
        return (CATALOGUE,)
    finer = column.common_props.get(VX + "attributedBy", "")
    own = values(row.cells.get(f"{column.name}{OF_ONE_COLUMN}"))
    sources = own or values(row.cells.get(finer)) or row.cells["sources"]
    if column.propertyUrl.uri == STATE_OF_KNOWLEDGE:
        sources = [source for source in sources if not is_older(published[source], row.cells[column.name])]
    if not column.virtual:
        sources = [source for source in sources if not _contradicts(source, row, column, variants)]
    if not sources or column.common_props.get(VX + "curatedColumn") or is_curated(table, row):
        return (CURATED,)
    return tuple(SOURCE + source for source in sources)


def is_older(published: str | None, day: str | None) -> bool:
    """Whether one date lies before the other, as far as both are known: 2024 is not older than 2024-11."""
    if not published or not day:
        return False
    known = min(len(published), len(day))
    return published[:known] < day[:known]


def _variants(tables: Tables) -> Variants:
    """What disagreements.csv records, for the columns of the thing's own table."""
    found: Variants = defaultdict(lambda: defaultdict(set))
    owner = tables.owner
    columns = {
        table.local_name.removesuffix(".csv"): [c.name for c in stored_columns(table)] for table, _ in tables
    }
    for row in tables.rows[TABLE_OF_VARIANTS]:
        thing = row.cells["subject"]
        for column in columns[owner[thing]]:
            if is_about(row.cells["property"], column):
                for source in row.cells["sources"]:
                    found[thing, column][source].add(row.cells["value"])
    return found


def is_about(property: str, column: str) -> bool:
    """Whether a recorded difference speaks of a column: `capital` of capital_usd_m, not of capital_basis."""
    prefix = property.replace("-", "_")
    return (column == prefix or column.startswith(f"{prefix}_")) and not column.endswith("_basis")


def _contradicts(source: str, row: Row, column: Column, variants: Variants) -> bool:
    published = variants.get((row.id, column.name), {}).get(source)
    cells = [*values(row.cells[column.name]), *values(row.cells.get(f"{column.name}_text"))]
    if not published or not cells:
        return False
    return not any(agrees(text, cell, _is_date(column)) for text in published for cell in cells)


def agrees(published: str, cell: Any, is_date: bool) -> bool:
    """Whether a published text says the same as a cell (text, date as text, or number).

    Equal texts agree; so do a date and a text that names its year, and a number and a text whose first
    number it is: `600 (400 industrial + 200 township)` says 600. Commas separate thousands.
    """
    if published == str(cell):
        return True
    if is_date:
        return cell[:4] in YEAR.findall(published)
    first = NUMBER.search(published)
    return (
        first is not None and isinstance(cell, int | Decimal) and Decimal(first[0].replace(",", "")) == cell
    )
