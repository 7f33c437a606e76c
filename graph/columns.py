"""What the metadata of the tables say about columns: their order, and the property each stands for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from graph.namespaces import VX, rebased


class Column(NamedTuple):
    """The property that a column states of its row."""

    property: str
    is_date: bool


@dataclass(frozen=True)
class Columns:
    """The columns of the tables of one data folder."""

    order: dict[str, int]
    """Rightmost column in which each property IRI stands: notes come last."""
    of_class: dict[str, dict[str, Column]]
    """By IRI of the class of the rows: the columns by name."""


def read_columns(metadata: Path) -> Columns:
    """The columns that a `csv-metadata.json` describes."""
    order: dict[str, int] = {}
    of_class: dict[str, dict[str, Column]] = {}
    for table in json.loads(rebased(metadata.read_text("utf-8")))["tables"]:
        columns = table["tableSchema"]["columns"]
        stating = {
            column["name"]: Column(column["propertyUrl"], VX + "partialDate" in str(column.get("datatype")))
            for column in columns
            if "propertyUrl" in column and not column.get("suppressOutput")
        }
        for position, column in enumerate(stating.values()):
            order[column.property] = max(position, order.get(column.property, 0))
        of_class |= {column["valueUrl"]: stating for column in columns if column.get("virtual")}
    return Columns(order, of_class)
