"""Reads the CSV tables through their CSV on the Web metadata and checks every cell.

The metadata file says, for each column, its datatype, separator, property and target table; this
module only carries that out. Annotations in our own namespace extend CSVW where it is silent:
`references` (a column that may point into several tables), `acyclic` (a hierarchy), `attributedBy`
(the column that names the sources of this one), `curatedWhere` (rows that are our own judgement),
`curatedColumn` (a column that is) and `optional` (a table that may be missing). A column that is not
`required` may be missing from a file; it is then empty in every row. A column `<column>_sources` names the
sources of one column where they are not all those of the row; any table with `sources` takes it undescribed.
"""

from __future__ import annotations

import difflib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import networkx as nx
from csvw import Column, Table, TableGroup

from graph.cells import cell_value, list_hint
from graph.namespaces import VX, rebased
from graph.sheet import BadFile, Limits, read_sheet

METADATA = "csv-metadata.json"
ANY_TABLE = "any table"
ANY_TABLE_OR_TEXT = "any table, or text"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
OF_ONE_COLUMN = "_sources"
"""Ending of the column that names the sources of the column before it."""
SHOWN = 60
"""Characters of a value that a message repeats."""


@dataclass(frozen=True)
class Problem:
    """One cell, row or file that cannot be used, and what to type instead."""

    file: str
    row: int | None
    column: str | None
    value: str
    message: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        shown = self.value if len(self.value) <= SHOWN else self.value[:SHOWN] + "…"
        return f"{place}: {shown!r}: {self.message}" if self.value else f"{place}: {self.message}"


class BadTables(ValueError):
    """The tables hold at least one problem. `problems` lists them all, in file and row order."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{count} in the tables; nothing was loaded.\n{lines}")


@dataclass(frozen=True)
class Row:
    """One table row: `cells` holds parsed values by column name (lists where the column has a separator),
    those of `<column>_sources` only where the file has such a column."""

    table: str
    number: int
    id: str
    cells: dict[str, Any]


@dataclass(frozen=True)
class Tables:
    """All rows of a data folder, with the metadata that describes them."""

    group: TableGroup
    rows: dict[str, list[Row]]

    def __iter__(self) -> Iterator[tuple[Table, list[Row]]]:
        for table in self.group.tables:
            yield table, self.rows[_name(table)]

    @property
    def owner(self) -> dict[str, str]:
        """Table name by row id."""
        return {row.id: name for name, rows in self.rows.items() for row in rows}


def read_tables(folder: Path, metadata: Path | None = None, limits: Limits | None = None) -> Tables:
    """Read and check every table the metadata describes.

    `metadata` defaults to the folder's own file, so another folder in the same format can be read
    with the metadata of this one. Raises BadTables with every problem found, never only the first.
    """
    limits = limits or Limits()
    metadata = metadata or folder / METADATA
    group = _described(metadata, rebased(metadata.read_text("utf-8")))
    problems: list[Problem] = []
    read = {_name(table): _read(table, folder, limits, problems) for table in group.tables}
    unread = {name for name, rows in read.items() if rows is None}
    tables = Tables(group, {name: rows or [] for name, rows in read.items()})
    problems += [
        *_duplicates(tables),
        *_unknown_references(tables, unread),
        *_missing_sources(tables),
        *_wrong_sources_of_one_column(tables),
        *_cycles(tables),
    ]
    if problems:
        order = [table.local_name for table in group.tables]
        raise BadTables(sorted(problems, key=lambda p: (order.index(p.file), p.row or 0)))
    return tables


@lru_cache(maxsize=4)
def _described(metadata: Path, text: str) -> TableGroup:
    """What a metadata file says. Kept: to check it takes as long as to read the tables. Read only."""
    return TableGroup.from_file(metadata, data=json.loads(text))


def _name(table: Table) -> str:
    return table.local_name.removesuffix(".csv")


def stored_columns(table: Table) -> list[Column]:
    """The columns a file holds, in order; virtual columns left out."""
    return [column for column in table.tableSchema.columns if not column.virtual]


def _read(table: Table, folder: Path, limits: Limits, problems: list[Problem]) -> list[Row] | None:
    """The rows of one file; None if the file or its header cannot be used."""
    file = table.local_name
    columns = {column.name: column for column in stored_columns(table)}
    try:
        header, lines = read_sheet(folder / file, columns, limits)
    except FileNotFoundError:
        if table.common_props.get(VX + "optional"):
            return []
        message = f"file is missing; create it with the header {','.join(columns)}"
        problems.append(Problem(file, None, None, "", message))
        return None
    except BadFile as error:
        problems.append(Problem(file, error.row, None, "", str(error)))
        return None
    columns |= _sources_of_one_column(table, header, columns)
    if wrong := list(_header_problems(file, header, columns)):
        problems.extend(wrong)
        return None
    rows = []
    for number, texts in lines:
        if len(texts) != len(header):
            message = f"{len(texts)} fields, the header has {len(header)}; quote cells that hold a comma"
            problems.append(Problem(file, number, None, "", message))
            continue
        cells: dict[str, Any] = {name: [] if column.separator else None for name, column in columns.items()}
        for name, text in zip(header, texts, strict=True):
            try:
                cells[name] = cell_value(columns[name], text)
            except ValueError as error:
                problems.append(Problem(file, number, name, text, str(error)))
        given = dict(zip(header, texts, strict=True))
        problems.extend(_swapped(file, number, columns, given))
        if cells["id"]:
            rows.append(Row(_name(table), number, cells["id"], cells))
    return rows


def _sources_of_one_column(table: Table, header: list[str], columns: dict[str, Column]) -> dict[str, Column]:
    """The columns of a header that name the sources of one described column, read as `sources` is."""
    described = table.get_column("sources")
    extra = {f"{name}{OF_ONE_COLUMN}" for name in columns if name not in ("id", "sources")} - set(columns)
    return {} if described is None else {name: described for name in header if name in extra}


def _swapped(file: str, number: int, columns: dict[str, Column], given: dict[str, str]) -> Iterator[Problem]:
    """Two neighbouring numbers that each lie in the range of the other column, not in their own."""
    ranges = {
        name: (float(column.datatype.minimum), float(column.datatype.maximum))
        for name, column in columns.items()
        if column.datatype.minimum is not None and column.datatype.maximum is not None
    }
    numbers = {name: float(given[name]) for name in ranges if NUMBER.fullmatch(given.get(name, ""))}
    for one, two in itertools.pairwise(numbers):
        if not any(_inside(numbers[name], ranges[name]) for name in (one, two)) and (
            _inside(numbers[one], ranges[two]) and _inside(numbers[two], ranges[one])
        ):
            message = f"{one} and {two} are swapped; type {given[two]} here and {given[one]} in {two}"
            yield Problem(file, number, one, given[one], message)


def _inside(number: float, span: tuple[float, float]) -> bool:
    return span[0] <= number <= span[1]


def _header_problems(file: str, header: list[str], columns: dict[str, Column]) -> Iterator[Problem]:
    for name in header:
        if name not in columns:
            near = difflib.get_close_matches(name, columns, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"describe it in {METADATA} or remove it"
            yield Problem(file, 1, name, name, f"unknown column; {hint}")
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(file, 1, name, name, "column stands twice in the header; remove one")
    for name, column in columns.items():
        if name not in header and (column.required or name == "sources"):
            yield Problem(file, 1, name, "", f"column is missing; the header must be {','.join(columns)}")


def _duplicates(tables: Tables) -> Iterator[Problem]:
    seen: dict[str, Row] = {}
    for rows in tables.rows.values():
        for row in rows:
            first = seen.setdefault(row.id, row)
            if first is not row:
                where = f"{first.table}.csv, row {first.number}"
                yield Problem(
                    f"{row.table}.csv", row.number, "id", row.id, f"already used in {where}; take another id"
                )


def references(table: Table) -> dict[str, tuple[str, ...]]:
    """Target tables by column name; an empty tuple means any table."""
    found: dict[str, tuple[str, ...]] = {
        key.columnReference[0]: (key.reference.resource.string.removesuffix(".csv"),)
        for key in table.tableSchema.foreignKeys
    }
    for column in table.tableSchema.columns:
        target = column.common_props.get(VX + "references")
        if target in (ANY_TABLE, ANY_TABLE_OR_TEXT):
            found[column.name] = ()
        elif target:
            found[column.name] = tuple(target)
    return found


def _unknown_references(tables: Tables, unread: set[str]) -> Iterator[Problem]:
    """Values that are no id of their target table; an id that may stand in an unread table is let pass."""
    owner = tables.owner
    ids = list(owner)
    for table, rows in tables:
        for name, targets in references(table).items():
            if table.get_column(name).common_props.get(VX + "references") == ANY_TABLE_OR_TEXT:
                continue
            allowed = f"{' or '.join(targets)}.csv" if targets else "any table"
            incomplete = bool(unread & set(targets) if targets else unread)
            for row in rows:
                for value in values(row.cells[name]):
                    if value not in owner and incomplete:
                        continue
                    if value not in owner or (targets and owner[value] not in targets):
                        pool = [i for i in ids if owner[i] in targets] if targets else ids
                        near = difflib.get_close_matches(value, pool, 3, cutoff=0.75)
                        hint = (
                            f"did you mean {' or '.join(near)}?"
                            if near
                            else f"type an id of {allowed}, or add the row there"
                        )
                        where = f"is an id of {owner[value]}.csv" if value in owner else "unknown id"
                        sign = table.get_column(name).separator
                        hint = (sign and list_hint(value, sign)) or hint
                        yield Problem(table.local_name, row.number, name, value, f"{where}; {hint}")


def _missing_sources(tables: Tables) -> Iterator[Problem]:
    for table, rows in tables:
        if table.get_column("sources") is None:
            continue
        for row in rows:
            if not row.cells["sources"] and not is_curated(table, row):
                message = "no source; type the id of a row of sources.csv (add the document there first)"
                yield Problem(table.local_name, row.number, "sources", "", message)


def _wrong_sources_of_one_column(tables: Tables) -> Iterator[Problem]:
    """Cells of `<column>_sources` that speak of an empty cell or name what is no source of the row."""
    for table, rows in tables:
        names = [column.name for column in stored_columns(table)]
        extra = [f"{name}{OF_ONE_COLUMN}" for name in names]
        for row in rows:
            for name in extra:
                column, given = name.removesuffix(OF_ONE_COLUMN), values(row.cells.get(name))
                if given and not values(row.cells[column]):
                    message = f"{column} is empty; fill it, or empty this cell"
                    yield Problem(table.local_name, row.number, name, "|".join(given), message)
                for source in given:
                    if source in row.cells["sources"]:
                        continue
                    near = difflib.get_close_matches(source, row.cells["sources"], 3, cutoff=0.75)
                    hint = f"did you mean {' or '.join(near)}?" if near else "add it to sources of this row"
                    message = f"not among the sources of this row; {list_hint(source, '|') or hint}"
                    yield Problem(table.local_name, row.number, name, source, message)


def _cycles(tables: Tables) -> Iterator[Problem]:
    for table, rows in tables:
        for column in table.tableSchema.columns:
            if not column.common_props.get(VX + "acyclic"):
                continue
            hierarchy = nx.DiGraph((row.id, up) for row in rows for up in values(row.cells[column.name]))
            numbers = {row.id: row.number for row in rows}
            for loop in nx.strongly_connected_components(hierarchy):
                first = min(loop)
                if (len(loop) > 1 or hierarchy.has_edge(first, first)) and first in numbers:
                    message = f"goes round in a circle: {', '.join(sorted(loop))}; remove one of these links"
                    yield Problem(table.local_name, numbers[first], column.name, first, message)


def is_curated(table: Table, row: Row) -> bool:
    """True for a row the metadata declares to be our own judgement, with no document behind it."""
    rule = table.common_props.get(VX + "curatedWhere")
    return bool(rule) and row.cells[rule["column"]] == rule["value"]


def values(cell: Any) -> list[Any]:
    """The values of a cell as a list, whether or not its column has a separator."""
    if cell is None:
        return []
    return cell if isinstance(cell, list) else [cell]
