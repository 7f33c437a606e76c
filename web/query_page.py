"""What the query page shows: the questions, the form of one, the editor, and the views of a result."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from graph.evaluation import GRAPH_FORMATS, ROW_FORMATS, Reply
from graph.namespaces import BASE, ID, PREFIXES, SOURCE
from graph.query import EXAMPLES, Query, headings, load_queries
from graph.sparql import ROWS, SHOWN, Answer, Parameters
from graph.sparql_problems import Problem
from graph.sparql_syntax import outer_limit, read
from web import question_forms, result_code, support
from web.assets import modules
from web.query_hints import hints
from web.question_forms import Field
from web.result_table import table
from web.result_views import Result, asked_show
from web.statement_views import row_address

DATASET = ("default-graph-uri", "named-graph-uri")
MODULES = modules("workbench.js")
SHEETS = ("xlsx", "csv", "tsv")


@dataclass(frozen=True)
class View:
    """What the query page shows."""

    query: str
    examples: tuple[Query, ...]
    current: Query | None
    """The example whose text the query is, whatever values its parameters have."""
    seconds: float
    shown: int
    rows: int
    """Most rows of an answer."""
    dataset: dict[str, list[str]]
    """The graphs chosen in the address, by parameter name, to be sent again."""
    fields: list[Field] = field(default_factory=list)
    """The form of the current example."""
    by_form: bool = False
    """The query comes from the form of a question: the reader has not asked for its text."""
    table: dict[str, Any] | None = None
    result: Result | None = None
    kind: str = ""
    """`rows`, `graph` or `boolean`."""
    truncated: bool = False
    elapsed: float = 0.0
    limited: bool = False
    """The query's own LIMIT was reached."""
    problem: Problem | None = None

    @property
    def wrong(self) -> str:
        """What is wrong, in words, with numbers as the language writes them."""
        assert self.problem
        values = {
            name: support.number(round(value, 1)) if isinstance(value, float) else value
            for name, value in self.problem.values.items()
        }
        return gettext(self.problem.detail) % values

    @property
    def hints(self) -> list[str]:
        """What to do about a query that cannot be read."""
        problem = self.problem
        return list(hints(self.query, problem.values)) if problem and problem.code == "syntax-error" else []

    @property
    def topics(self) -> Iterator[tuple[str, list[Query], bool]]:
        """The examples by topic: its name, its questions, and whether to show them at once."""
        for topic, name in _topics().items():
            found = [example for example in self.examples if example.topic == topic]
            if found:
                yield name, found, bool(self.current and self.current.topic == topic)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What a program sends to ask the same: the example with its values, or the text."""
        graphs = [(name, value) for name, values in self.dataset.items() for value in values]
        if self.current and self.by_form:
            names = {parameter.name for parameter in self.current.parameters}
            chosen = [(name, value) for name, value in request.args.items() if name in names]
            return [("example", self.current.name), *chosen, *graphs]
        return [("query", plain(self.query)), *graphs]

    @property
    def curl(self) -> str:
        """A command that prints the same answer as CSV."""
        return result_code.curl(url_for("sparql.sparql", _external=True), self.pairs)

    @property
    def python(self) -> str:
        """A script that prints the same answer."""
        return result_code.python(url_for("sparql.sparql", _external=True), self.pairs)

    def address(self, **more: str) -> str:
        """The address of this query, with more parameters."""
        asked: dict[str, Any] = {}
        for name, value in [*self.pairs, *more.items()]:
            asked.setdefault(name, []).append(value)
        return url_for("sparql.sparql", **asked)

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefixes a query may use without declaring them."""
        return PREFIXES

    @property
    def formats(self) -> list[str]:
        """Formats the result can be downloaded in; tables first those that a spreadsheet opens."""
        return [*GRAPH_FORMATS] if self.kind == "graph" else list(dict.fromkeys((*SHEETS, *ROW_FORMATS)))

    @property
    def modules(self) -> tuple[str, ...]:
        """The scripts of the editor, to be fetched together."""
        return MODULES

    @property
    def lines(self) -> int:
        """Height of the query box."""
        return min(30, max(10, self.query.rstrip().count("\n") + 2))


def example(name: str) -> Query:
    """A shipped question by the name of its file. Raises a Problem."""
    found = next((query for query in load_queries(EXAMPLES) if query.name == name), None)
    if found is None:
        raise Problem("example-unknown", name=name)
    return found


def filled(name: str, typed: Mapping[str, str]) -> str:
    """The text of a shipped question with the values a reader typed, under its title. Raises a Problem."""
    query = example(name)
    return query.filled(question_forms.values(query, typed)).titled(support.lang())


def page(query: str, problem: Problem | None = None) -> View:
    """The page for a query text; without one, the first question stands in the editor."""
    examples = load_queries(EXAMPLES)
    asked = request.args.get("example", "") if "query" not in request.args else ""
    if not query and problem:
        query = next((each.titled(support.lang()) for each in examples if each.name == asked), "")
    current, terms = (
        _current(query, examples) if query else (examples[0], examples[0].terms(examples[0].text))
    )
    typed = request.args if problem else {}
    return View(
        query=query or examples[0].titled(support.lang()),
        examples=examples,
        current=current,
        seconds=support.site().pool.seconds,
        shown=SHOWN,
        rows=ROWS,
        dataset={name: request.args.getlist(name) for name in DATASET if name in request.args},
        fields=question_forms.fields(current, terms or {}, typed) if current else [],
        by_form=bool(asked and current),
        problem=problem,
    )


def _current(query: str, examples: tuple[Query, ...]) -> tuple[Query | None, dict[str, str] | None]:
    text = plain(query)
    first, _, rest = text.partition("\n")
    for each in examples:
        title = first.removeprefix("#").strip() in each.title.values()
        if title and (terms := each.terms(rest)) is not None:
            return each, terms
    return None, None


def answered(wanted: Parameters, answer: Answer, in_format: Callable[[str], Reply]) -> View:
    """The page of an answer; `in_format` asks for the same answer in another format. Raises a Problem."""
    show = asked_show()
    found = json.loads(answer.reply.body)
    for row in found.get("rows", []):
        for cell in row:
            if cell and cell["type"] == "uri":
                cell["href"] = _href(cell["value"])
    found["who"] = [row_address(row) for row in found.get("rows", [])]
    kind, view = answer.reply.kind, page(wanted.query)
    words = headings() if view.current else {}
    shown = table(found, words, support.lang()) if kind != "boolean" else None
    return replace(
        view,
        table=found,
        result=Result(show, kind, shown, in_format),
        kind=kind,
        truncated=answer.reply.truncated,
        elapsed=answer.reply.seconds,
        limited=found.get("total") == outer_limit(read(wanted.query, PREFIXES)),
    )


def plain(query: str) -> str:
    """A query with the line ends of a file: browsers send CRLF from a text box."""
    return query.replace("\r\n", "\n").strip()


def _href(iri: str) -> str | None:
    """Our page for things and sources, the address itself for the rest of the web, nothing for terms."""
    for namespace in (ID, SOURCE):
        if iri.startswith(namespace) and support.slug_like(iri.removeprefix(namespace)):
            return url_for("pages.page", slug=iri.removeprefix(namespace))
    return iri if iri.startswith(("http://", "https://")) and not iri.startswith(BASE) else None


def _topics() -> dict[str, str]:
    """Names of the topics in the order of the page."""
    return {
        "institutions": gettext("Institutions and agreements"),
        "territory": gettext("Territory and time"),
        "investors": gettext("Investors and capacity"),
        "linkages": gettext("Supply links and needs"),
        "evidence": gettext("Who says so"),
        "measures": gettext("Figures"),
        "infrastructure": gettext("Infrastructure"),
        "gaps": gettext("Gaps and coverage"),
        "numbers": gettext("Numbers on the pages"),
    }
