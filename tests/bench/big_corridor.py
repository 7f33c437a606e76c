"""A corridor of any size in the table format of `data/`: the shipped tables, and copies of their rows.

    python -m tests.bench.big_corridor FOLDER [STATEMENTS]

A copy of a firm, plant, park or supply link has an id and a name of its own and points to the copies of what
its original points to. It stays in the same locality, makes the same products and belongs to the same group,
so the hubs of the shipped data grow with the corridor. The same arguments give the same tables.
"""

from __future__ import annotations

import csv
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph

from graph import load
from graph.store import ROOT, Corridor

STATEMENTS = 200_000
SHIPPED = ROOT / "data"
COPIED: dict[str, tuple[str, ...]] = {
    "organizations.csv": (),
    "zones.csv": ("part_of", "phase_of"),
    "facilities.csv": ("operator", "zone"),
    "supply_links.csv": ("supplier", "supplier_facility", "buyer", "buyer_facility"),
}
"""Columns of a copied row that point to the copy where there is one."""
BODIES = frozenset(
    "council secretariat federation ministry agency department association people-committee people-council "
    "zone-authority state-body party-body institute media corporate-group aggregate".split()
)
"""Organisations that stay one of a kind."""
NAMES = ("name_vi", "name_en")
Row = dict[str, str]


def statements_in(corridor: Corridor) -> int:
    """Statements, each counted once however many sources carry it."""
    return sum(1 for _ in corridor.store.quads_for_pattern(None, None, None, DefaultGraph()))


def write(folder: Path, copies: int) -> None:
    """The tables of the shipped corridor with this many copies of each row that can be copied."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("released", "*.geojson", "*.md"))
    tables = {name: _read(folder / name) for name in COPIED}
    taken = {name: [row for row in rows if row.get("kind") not in BODIES] for name, rows in tables.items()}
    copied = {row["id"] for rows in taken.values() for row in rows}
    for name, rows in tables.items():
        with (folder / name).open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            for number in range(1, copies + 1):
                writer.writerows(_copies(taken[name], COPIED[name], copied, number))


def _copies(
    rows: Iterable[Row], pointing: Iterable[str], copied: frozenset[str] | set[str], number: int
) -> Iterator[Row]:
    for row in rows:
        own = {column: _copy(row[column], number) for column in pointing if row[column] in copied}
        named = {column: f"{row[column]} {number}" for column in NAMES if row.get(column)}
        yield {**row, **own, **named, "id": _copy(row["id"], number)}


def _copy(slug: str, number: int) -> str:
    return f"{slug}-copy-{number}"


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def big(folder: Path, statements: int = STATEMENTS) -> Corridor:
    """A corridor of at least this many statements, its tables in a new folder within `folder`."""
    none, one = (statements_in(_built(folder, copies)) for copies in (0, 1))
    return _built(folder, max(0, -(-(statements - none) // (one - none))))


def _built(folder: Path, copies: int) -> Corridor:
    tables = folder / f"copies-{copies}"
    if not tables.exists():
        write(tables, copies)
    return load(ROOT / "ontology", tables)


def main() -> None:
    """Command line."""
    folder, *rest = sys.argv[1:]
    corridor = big(Path(folder), int(rest[0]) if rest else STATEMENTS)
    print(f"{statements_in(corridor):,} statements ({len(corridor.store):,} quads) in {corridor.data}")


if __name__ == "__main__":
    main()
