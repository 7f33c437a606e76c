"""Reads the CSV tables through their CSV on the Web metadata and checks every cell.

The metadata file says, for each column, its datatype, separator, property and target table; this
module only carries that out. Annotations in our own namespace extend CSVW where it is silent:
`references` (a column that may point into several tables), `acyclic` (a hierarchy), `attributedBy`
(the column that names the sources of this one), `curatedWhere` (rows that are our own judgement) and
`curatedColumn` (a column that is).
"""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
from csvw import Column, Table, TableGroup
from csvw.dsv import UnicodeReaderWithLineNumber

from graph.namespaces import VX

METADATA = "csv-metadata.json"
ANY_TABLE = "any table"
ANY_TABLE_OR_TEXT = "any table, or text"


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
        return f"{place}: {self.value!r}: {self.message}" if self.value else f"{place}: {self.message}"


class BadTables(ValueError):
    """The tables hold at least one problem. `problems` lists them all, in file and row order."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{count} in the tables; nothing was loaded.\n{lines}")


@dataclass(frozen=True)
class Row:
    """One table row: `cells` holds parsed values by column name (lists where the column has a separator)."""

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


def read_tables(folder: Path, metadata: Path | None = None) -> Tables:
    """Read and check every table the metadata describes.

    `metadata` defaults to the folder's own file, so another folder in the same format can be read
    with the metadata of this one. Raises BadTables with every problem found, never only the first.
    """
    group = TableGroup.from_file(metadata or folder / METADATA)
    problems: list[Problem] = []
    read = {_name(table): _read(table, folder, problems) for table in group.tables}
    unread = {name for name, rows in read.items() if rows is None}
    tables = Tables(group, {name: rows or [] for name, rows in read.items()})
    problems += [
        *_duplicates(tables),
        *_unknown_references(tables, unread),
        *_missing_sources(tables),
        *_cycles(tables),
    ]
    if problems:
        order = [table.local_name for table in group.tables]
        raise BadTables(sorted(problems, key=lambda p: (order.index(p.file), p.row or 0)))
    return tables


def _name(table: Table) -> str:
    return table.local_name.removesuffix(".csv")


def stored_columns(table: Table) -> list[Column]:
    """The columns a file holds, in order; virtual columns left out."""
    return [column for column in table.tableSchema.columns if not column.virtual]


def _read(table: Table, folder: Path, problems: list[Problem]) -> list[Row] | None:
    """The rows of one file; None if the file or its header cannot be used."""
    file = table.local_name
    path = folder / file
    columns = {column.name: column for column in stored_columns(table)}
    try:
        with UnicodeReaderWithLineNumber(path) as reader:
            lines = list(reader)
    except FileNotFoundError:
        problems.append(
            Problem(file, None, None, "", f"file is missing; create it with the header {','.join(columns)}")
        )
        return None
    except UnicodeDecodeError as error:
        problems.append(
            Problem(file, None, None, "", f"not UTF-8 (byte {error.start}); save it as 'CSV UTF-8'")
        )
        return None
    if not lines:
        problems.append(
            Problem(file, None, None, "", f"file is empty; give it the header {','.join(columns)}")
        )
        return None
    header = [name.removeprefix("\ufeff") for name in lines[0][1]]
    if wrong := list(_header_problems(file, header, columns)):
        problems.extend(wrong)
        return None
    rows = []
    for number, cells in lines[1:]:
        if not any(cells):
            continue
        if len(cells) != len(header):
            message = f"{len(cells)} fields, the header has {len(header)}; quote cells that hold a comma"
            problems.append(Problem(file, number, None, "", message))
            continue
        row: dict[str, Any] = {}
        for name, text in zip(header, cells, strict=True):
            try:
                row[name] = _cell(columns[name], text)
            except ValueError as error:
                problems.append(Problem(file, number, name, text, str(error)))
                row[name] = [] if columns[name].separator else None
        if row["id"]:
            rows.append(Row(_name(table), number, row["id"], row))
    return rows


def _header_problems(file: str, header: list[str], columns: dict[str, Column]) -> Iterator[Problem]:
    for name in header:
        if name not in columns:
            near = difflib.get_close_matches(name, columns, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"describe it in {METADATA} or remove it"
            yield Problem(file, 1, name, name, f"unknown column; {hint}")
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(file, 1, name, name, "column stands twice in the header; remove one")
    for name in columns:
        if name not in header:
            yield Problem(file, 1, name, "", f"column is missing; the header must be {','.join(columns)}")


def _cell(column: Column, text: str) -> Any:
    """The parsed value; ValueError says what to type instead."""
    if text != unicodedata.normalize("NFC", text):
        raise ValueError("not in Unicode form NFC; retype the accented letters")
    if text != text.strip():
        raise ValueError(f"space at the start or end; type {text.strip()!r}")
    if column.separator and text and "" in text.split(column.separator):
        raise ValueError(
            f"empty item between two {column.separator!r}; remove the extra {column.separator!r}"
        )
    try:
        value = column.read(text)
    except ValueError as error:
        raise ValueError(_hint(column, text, str(error))) from error
    if (
        column.datatype
        and column.datatype.at_props.get("id") in (VX + "partialDate", VX + "period")
        and value
    ):
        _check_dates(value)
    return value


def _hint(column: Column, text: str, reason: str) -> str:
    datatype = column.datatype
    if not text:
        return "empty, but a value is required here" + (f"; {_expected(column)}" if _expected(column) else "")
    if datatype.minimum is not None or datatype.maximum is not None:
        low, high = datatype.minimum, datatype.maximum
        span = f"from {low} to {high}" if high is not None else f"of {low} or more"
        return f"type a number {span}, with a point for decimals and no thousands sign"
    return _expected(column) or reason


def _expected(column: Column) -> str:
    datatype = column.datatype
    kind = datatype.at_props.get("id", "")
    if kind == VX + "partialDate":
        return "type a date as 2024-12-31, 2024-12 or 2024"
    if kind == VX + "period":
        return "type a period as 2024, 2024-12-31 or 2024-01/2024-09"
    if column.name == "id":
        return "type lower-case letters a-z, digits and single hyphens, such as trang-due"
    if (datatype.format or "").startswith("https?://"):
        return "type an address that starts with https:// or http://"
    if datatype.format and re.fullmatch(r"[\w-]+(\|[\w-]+)+", datatype.format):
        return f"type one of {', '.join(datatype.format.split('|'))}"
    return {
        "decimal": "type a number with a point for decimals and no thousands sign, such as 1250.5",
        "integer": "type a whole number without thousands sign, such as 1250",
        "boolean": "type true or false",
    }.get(datatype.base, f"must match {datatype.format}" if datatype.format else "")


def _check_dates(value: str) -> None:
    ends = value.split("/")
    for end in ends:
        try:
            datetime.date.fromisoformat((end + "-01-01")[:10])
        except ValueError as error:
            raise ValueError(f"no such date ({error}); type a date as 2024-12-31, 2024-12 or 2024") from error
    if len(ends) == 2 and ends[0] > ends[1]:
        raise ValueError("the period ends before it starts; type the earlier date first")


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
                        yield Problem(table.local_name, row.number, name, value, f"{where}; {hint}")


def _missing_sources(tables: Tables) -> Iterator[Problem]:
    for table, rows in tables:
        if table.get_column("sources") is None:
            continue
        for row in rows:
            if not row.cells["sources"] and not is_curated(table, row):
                message = "no source; type the id of a row of sources.csv (add the document there first)"
                yield Problem(table.local_name, row.number, "sources", "", message)


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
