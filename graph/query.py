"""Loads `.rq` files: one query per file, notes in its leading comment, parameters bound as RDF terms.

    # topic: institutions
    # title-en: Members of the council on a date
    # title-vi: Thành viên hội đồng vào một ngày
    # about-en: Change the date in the last line.
    # param: date date "Ngày" "Date"
    SELECT ... { BIND("2025-06-30"^^xsd:date AS ?date) ... }

A parameter names the variable that a BIND sets to one term, its kind, and its words in both languages; one
that VALUES leaves UNDEF may stay open. Values enter a query as terms, never as text: `Query.run` hands them
to the engine, `Query.filled` writes them in place of the term that stands there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
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

from graph.namespaces import ID, PREFIXES, XSD, curie, rebased

QUERIES = Path(__file__).with_name("queries")
EXAMPLES = QUERIES / "examples"
OPEN = "UNDEF"
"""What stands for a parameter that is left open."""
Value = NamedNode | Literal | None
"""Of a parameter; None leaves it open."""
_NOTE = re.compile(r"#\s*(topic|param|(?:title|about)-(?:en|vi)):\s*(.+)")
_PARAMETER = re.compile(r'(\w+)\s+(\w+)\s+"([^"]+)"\s+"([^"]+)"')
_LOCAL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLAIN_NUMBERS = (XSD + "integer", XSD + "decimal")


@dataclass(frozen=True)
class Parameter:
    """What a reader may choose in a question. `kind` is a kind of thing, `thing`, `date`, `number` or `text`;
    `label` holds its words by language."""

    name: str
    kind: str
    label: dict[str, str]

    @property
    def slot(self) -> re.Pattern[str]:
        """Where its value stands in the text of a query: what is before, the term, what is after."""
        name = re.escape(self.name)
        return re.compile(
            rf"(?P<before>BIND\()(?P<term>[^\n]+?)(?P<after> AS \?{name}\))"
            rf"|(?P<start>VALUES \?{name} \{{ )(?P<row>[^\n]+?)(?P<end> \}})"
        )

    def standing(self, text: str) -> str:
        """The term that stands in a text."""
        found = self.slot.search(text)
        assert found, f"?{self.name} is not set in the query"
        return found["term"] or found["row"]

    def may_be_open(self, text: str) -> bool:
        """Whether the text allows no value at all."""
        found = self.slot.search(text)
        return bool(found and found["row"])

    def put(self, text: str, term: str) -> str:
        """The text with another term."""

        def line(found: re.Match[str]) -> str:
            return (found["before"] or found["start"]) + term + (found["after"] or found["end"])

        return self.slot.sub(line, text, 1)


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
    parameters: tuple[Parameter, ...] = ()

    def filled(self, values: Mapping[str, Value]) -> Query:
        """The query with other values of its parameters. A value is written as one RDF term."""
        text = self.text
        for parameter in self.parameters:
            if parameter.name in values:
                text = parameter.put(text, written(values[parameter.name]))
        return replace(self, text=text)

    def terms(self, text: str) -> dict[str, str] | None:
        """The terms by parameter if a text is this query, whatever their values; None if it is another."""
        own, other = self.text.strip(), text.strip()
        found = {}
        for parameter in self.parameters:
            if not parameter.slot.search(other):
                return None
            found[parameter.name] = parameter.standing(other)
            own, other = parameter.put(own, OPEN), parameter.put(other, OPEN)
        return found if own == other else None

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
    parameters: list[Parameter] = []
    lines = rebased(path.read_text(encoding="utf-8")).splitlines()
    start = 0
    while start < len(lines) and (note := _NOTE.fullmatch(lines[start].strip())):
        if note[1] == "param":
            parameters.append(_parameter(path, note[2]))
        notes[note[1]] = note[2]
        start += 1
    text = "\n".join(lines[start:]).strip() + "\n"
    title, about = (
        {lang: notes[f"{name}-{lang}"] for lang in ("en", "vi") if f"{name}-{lang}" in notes}
        for name in ("title", "about")
    )
    return Query(path.stem, text, title, about, notes.get("topic", ""), tuple(parameters))


def _parameter(path: Path, note: str) -> Parameter:
    found = _PARAMETER.fullmatch(note.strip())
    if found is None:
        raise ValueError(f'{path.name}: write a parameter as `# param: name kind "tiếng Việt" "English"`')
    return Parameter(found[1], found[2], {"vi": found[3], "en": found[4]})


def written(value: Value) -> str:
    """A value as it stands in a query: `id:trang-due`, `50`, `"2025-06-30"^^xsd:date`, or `UNDEF`.

    >>> written(Literal('"} DROP ALL #'))
    '"\\\\"} DROP ALL #"'
    """
    if value is None:
        return OPEN
    if isinstance(value, NamedNode):
        return curie(value.value) if _LOCAL.fullmatch(value.value.removeprefix(ID)) else str(value)
    if value.datatype.value in _PLAIN_NUMBERS:
        return value.value
    if value.datatype.value.startswith(XSD) and not value.language and value.datatype.value != XSD + "string":
        return f"{Literal(value.value)}^^xsd:{value.datatype.value.removeprefix(XSD)}"
    return str(value)


@cache
def headings() -> dict[str, dict[str, str]]:
    """Words over the columns of the shipped questions: by variable, then by language."""
    with (QUERIES / "columns.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"]: {"vi": row["vi"], "en": row["en"]} for row in csv.DictReader(lines)}


@cache
def shipped(name: str) -> Query:
    """The query of `queries/<name>.rq`, such as `project/things`."""
    return load_query(QUERIES / f"{name}.rq")


def select(store: Store, name: str, **values: NamedNode | Literal) -> list[dict[str, Any]]:
    """Solutions of a shipped SELECT as dicts of terms by variable name; unbound variables are left out."""
    solutions = shipped(name).run(store, **values)
    assert isinstance(solutions, QuerySolutions), f"{name} is not a SELECT query"
    names = [variable.value for variable in solutions.variables]
    return [
        {name: term for name, term in zip(names, row, strict=True) if term is not None} for row in solutions
    ]


@cache
def load_queries(folder: Path) -> tuple[Query, ...]:
    """The queries of a folder in the order of their file names."""
    return tuple(load_query(path) for path in sorted(folder.glob("*.rq")))
