"""The shipped questions and their answers: how an answer is written down, and where it is kept.

`make golden` rewrites the kept answers; the difference is what a reviewer reads.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph.namespaces import curie
from graph.publish import analyse
from graph.query import EXAMPLES, Query, load_queries
from graph.store import load

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
FIXTURE = Path(__file__).parent / "fixtures" / "questions"
WORLDS = {"fixture": FIXTURE, "shipped": ROOT / "data"}
"""Answers are kept for each of these worlds, in a folder of its name."""
AS_OF = "2025-12-01"
"""Day the gaps are found for, so that an answer does not change overnight."""
MOST_ROWS, KEPT_ROWS = 200, 20
"""A longer answer is kept as its first rows, their number and a digest of all."""


@dataclass(frozen=True)
class Table:
    """An answer: the names of its columns and its rows as text, IRIs shortened, numbers in plain form."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def written(self) -> str:
        """The answer as it is kept on disk."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        kept = self.rows if len(self.rows) <= MOST_ROWS else self.rows[:KEPT_ROWS]
        writer.writerows(kept)
        if len(kept) < len(self.rows):
            digest = hashlib.sha256(repr(self.rows).encode()).hexdigest()[:16]
            text.write(f"# {len(self.rows)} rows, digest {digest}\n")
        return text.getvalue()


def world(name: str) -> Store:
    """A store with the statements and the findings of a world."""
    return analyse(load(ROOT / "ontology", WORLDS[name]), AS_OF)[0].store


def answer(store: Store, query: Query) -> Table:
    """Asks a SELECT query. Rows keep their order where the query asks for one, else they are sorted."""
    solutions = query.run(store)
    assert isinstance(solutions, QuerySolutions), f"{query.name} is not a SELECT query"
    rows = [tuple(map(_text, row)) for row in solutions]
    if "ORDER BY" not in query.text:
        rows.sort()
    return Table(tuple(variable.value for variable in solutions.variables), tuple(rows))


def _text(term: object) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return curie(term.value)
    assert isinstance(term, Literal), f"{term} is neither a name nor a value"
    try:
        return f"{Decimal(term.value).normalize():f}" if _is_number(term) else term.value
    except InvalidOperation:
        return term.value


def _is_number(term: Literal) -> bool:
    return term.datatype.value.endswith(("#integer", "#decimal", "#double", "#float"))


def path(name: str, query: Query) -> Path:
    """Where the answer of a query in a world is kept."""
    return GOLDEN / name / f"{query.name}.csv"


def main() -> None:
    """Rewrites every kept answer and names the ones that changed."""
    kept = set(GOLDEN.rglob("*.csv"))
    for name in WORLDS:
        store = world(name)
        for query in load_queries(EXAMPLES):
            file, text = path(name, query), answer(store, query).written()
            kept.discard(file)
            before = file.read_text("utf-8") if file.exists() else None
            if text != before:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
                print(f"{'new' if before is None else 'changed':8}{file.relative_to(ROOT)}")
    for file in sorted(kept):
        file.unlink()
        print(f"{'removed':8}{file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
