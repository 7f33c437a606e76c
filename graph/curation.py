"""What a curator is told: everything wrong with the tables and the graph they make, and what to type.

A build is good when the tables can be read and no rule of `queries/checks` has an offender. Hygiene of the
terms, shapes and `queries/warnings` take some seconds: `examine` runs them, a start of the server does not.
No `sh:Violation` needs them: what breaks one is refused by the tables' description or by a rule already.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph.query import load_queries
from graph.rules import CHECKS, HYGIENE, WARNINGS, rule_problems
from graph.shapes import check_shapes
from graph.store import ROOT, SHAPES, Corridor, load, metadata_of, remember
from graph.tables import METADATA, BadTables, Problem, read_tables

ONTOLOGY = ROOT / "ontology"
LOCKS = ("~$", ".~lock.")
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")


@dataclass
class Examination:
    """Problems stop a release; warnings are counted by kind."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def load_good(ontology: str | Path = "ontology", data: str | Path = "data") -> Corridor:
    """The corridor, if no rule has an offender; it is then remembered as the last good build of its folder.

    Raises BadTables with every problem otherwise.
    """
    corridor = load(ontology, data)
    broken = [query for query in load_queries(CHECKS) if query.offenders(corridor.store)]
    if broken:
        tables = read_tables(corridor.data, metadata_of(corridor.data))
        raise BadTables(list(rule_problems(corridor.store, broken, tables)))
    remember(corridor)
    return corridor


def examine(corridor: Corridor, tell: Callable[[str], object] = lambda step: None) -> Examination:
    """Rules, hygiene of the terms and shapes over a loaded corridor; `tell` gets each step's name."""
    tables = read_tables(corridor.data, metadata_of(corridor.data))
    found = Examination(warnings=list(stray_files(corridor.data, [t.local_name for t, _ in tables])))
    for step, folder in (("rules", CHECKS), ("terms", HYGIENE)):
        tell(step)
        found.problems += rule_problems(corridor.store, load_queries(folder), tables)
    found.warnings += rule_problems(corridor.store, load_queries(WARNINGS), tables)
    tell("shapes")
    report = check_shapes(corridor.store, ONTOLOGY / SHAPES, tables)
    found.problems += report.violations
    found.warnings += report.warnings
    return found


def stray_files(folder: Path, tables: list[str]) -> Iterator[Problem]:
    """Files of a data folder that look like tables but are not read, and why."""
    for path in sorted(folder.iterdir()):
        name = path.name
        if name in tables or name == METADATA:
            continue
        if name.startswith(LOCKS):
            yield Problem(
                name, None, None, "", "a table is open in a spreadsheet; ignored, save and close it there"
            )
        elif path.suffix.lower() in WORKBOOKS:
            yield Problem(name, None, None, "", "a workbook is not read; save the sheet as 'CSV UTF-8'")
        elif path.suffix.lower() in (".csv", ".tsv", ".txt") or ".csv" in name.lower():
            near = difflib.get_close_matches(name, tables, 1, cutoff=0.5)
            hint = f"is it a copy of {near[0]}? move its rows there" if near else f"describe it in {METADATA}"
            yield Problem(name, None, None, "", f"not one of the tables, so not read; {hint}, or remove it")
