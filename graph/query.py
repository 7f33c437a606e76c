"""Loads `.rq` files: one query per file, notes in its leading comment, parameters bound as RDF terms.

    # topic: institutions
    # title-en: Members of the council on a date
    # title-vi: Thành viên hội đồng vào một ngày
    # about-en: Change the date in the last line.
    SELECT ...

Text never becomes part of a query: `Query.run` hands values to the engine as terms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
)

from graph.namespaces import PREFIXES

QUERIES = Path(__file__).with_name("queries")
EXAMPLES = QUERIES / "examples"
_NOTE = re.compile(r"#\s*(topic|(?:title|about)-(?:en|vi)):\s*(.+)")


@dataclass(frozen=True)
class Query:
    """A shipped query. `title` and `about` hold one text per language tag; `topic` groups the examples."""

    name: str
    """File name without `.rq`."""
    text: str
    """The query without its topic, title and about lines."""
    title: dict[str, str]
    about: dict[str, str]
    topic: str = ""

    def titled(self, lang: str) -> str:
        """The query under its title as a comment, as it is offered to a reader."""
        return f"# {self.title[lang]}\n{self.text}"

    def run(
        self, store: Store, **values: NamedNode | BlankNode | Literal | Triple
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Runs the query in this process, variables replaced by terms.

        A variable that is replaced must be among the selected ones: the engine refuses it otherwise.
        For our own queries; those of a client go through `graph.workers.QueryPool`.
        """
        bound = {Variable(name): term for name, term in values.items()}
        return store.query(self.text, prefixes=PREFIXES, substitutions=bound or None)

    def offenders(self, store: Store) -> list[list[str]]:
        """Rows of a rule query as text: each is something that breaks the rule."""
        solutions = self.run(store)
        assert isinstance(solutions, QuerySolutions), f"{self.name} is not a SELECT query"
        return [[str(term) for term in row] for row in solutions]


def load_query(path: Path) -> Query:
    """Reads one `.rq` file."""
    notes: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    start = 0
    while start < len(lines) and (note := _NOTE.fullmatch(lines[start].strip())):
        notes[note[1]] = note[2]
        start += 1
    text = "\n".join(lines[start:]).strip() + "\n"
    title, about = (
        {lang: notes[f"{name}-{lang}"] for lang in ("en", "vi") if f"{name}-{lang}" in notes}
        for name in ("title", "about")
    )
    return Query(path.stem, text, title, about, notes.get("topic", ""))


@cache
def shipped(name: str) -> Query:
    """The query of `queries/<name>.rq`, such as `project/things`."""
    return load_query(QUERIES / f"{name}.rq")


def select(store: Store, name: str, **values: NamedNode | Literal) -> list[dict[str, Any]]:
    """Solutions of a shipped SELECT as dicts of terms by variable name; unbound variables are left out."""
    solutions = shipped(name).run(store, **values)
    assert isinstance(solutions, QuerySolutions), f"{name} is not a SELECT query"
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in solutions]


@cache
def load_queries(folder: Path) -> tuple[Query, ...]:
    """The queries of a folder in the order of their file names."""
    return tuple(load_query(path) for path in sorted(folder.glob("*.rq")))
