"""The forms of shipped questions: what a reader chooses, and the RDF terms it stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext
from pyoxigraph import Literal, NamedNode

from graph.model import iso_day
from graph.names import fold
from graph.namespaces import ID, XSD
from graph.query import OPEN, Parameter, Query, Value
from graph.sparql_problems import Problem
from web import support

ANY = "thing"
"""The kind of a parameter that takes a thing of any kind."""
MOST_CHOICES, MOST_LISTED = 40, 600
"""Things that a list to choose from holds; things that are offered while typing without a script."""
MOST_SIGNS = 200
NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")
_NAMED = re.compile(r".*\[([a-z0-9-]+)\]")


class Field(NamedTuple):
    """One field of a form. `control` is select, thing, date, number or text; `value` is what it shows;
    `choices` are pairs of value and words; `type` is the kind of thing that a search is kept to."""

    name: str
    control: str
    label: str
    value: str
    may_be_open: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    type: str = ""


class Names:
    """The names of all things, to read back what a reader typed or chose."""

    def __init__(self, nodes: Any):
        self.labels: dict[str, dict[str, str]] = {}
        self.of_kind: dict[str, list[str]] = defaultdict(list)
        self._known: dict[str, set[str]] = defaultdict(set)
        for slug, attributes in nodes(data=True):
            self.labels[slug] = attributes["label"]
            for kind in (attributes["kind"], ANY):
                self.of_kind[kind].append(slug)
            for name in attributes["label"].values():
                self._known[fold(name)].add(slug)

    def find(self, typed: str, kind: str) -> str | None:
        """The thing of a kind by id, by its only name, or by both as `name [id]`."""
        named = _NAMED.fullmatch(typed)
        fitting = {typed, named[1] if named else ""} & set(self.of_kind[kind])
        fitting = fitting or self._known.get(fold(typed), set()) & set(self.of_kind[kind])
        return fitting.pop() if len(fitting) == 1 else None

    def shown(self, slug: str, kind: str, lang: str) -> str:
        """A text by which `find` knows the thing again: its name, with the id where two share the name."""
        label = self.labels[slug][lang]
        return label if self.find(label, kind) == slug else f"{label} [{slug}]"


def _names(site: support.Site) -> Names:
    return Names(site.network.nodes)


def values(query: Query, typed: Mapping[str, str]) -> dict[str, Value]:
    """The terms by parameter for what a reader typed; what is not typed is left out. Raises a Problem."""
    return {
        parameter.name: _value(query, parameter, typed[parameter.name].strip())
        for parameter in query.parameters
        if parameter.name in typed
    }


def _value(query: Query, parameter: Parameter, text: str) -> Value:
    said = {"name": parameter.label[support.lang()], "text": text[:60]}
    if not text and parameter.may_be_open(query.text):
        return None
    if parameter.kind == "date":
        try:
            return Literal(iso_day(text), datatype=NamedNode(XSD + "date"))
        except ValueError:
            raise Problem("date-unreadable", **said) from None
    if parameter.kind == "number":
        if not NUMBER.fullmatch(text):
            raise Problem("number-unreadable", **said)
        kind = "decimal" if "," in text or "." in text else "integer"
        return Literal(text.replace(",", "."), datatype=NamedNode(XSD + kind))
    if parameter.kind == "text":
        return Literal(text[:MOST_SIGNS])
    slug = support.site().part(_names).find(text[: 2 * MOST_SIGNS], parameter.kind)
    if slug is None:
        raise Problem("thing-unknown", **said)
    return NamedNode(ID + slug)


def fields(query: Query, terms: Mapping[str, str], typed: Mapping[str, str]) -> list[Field]:
    """The form of a question: what was typed, else the terms that stand in its text."""
    return [_field(query, parameter, terms[parameter.name], typed) for parameter in query.parameters]


def _field(query: Query, parameter: Parameter, term: str, typed: Mapping[str, str]) -> Field:
    lang, label, kind = support.lang(), parameter.label[support.lang()], parameter.kind
    may_be_open = parameter.may_be_open(query.text)
    plain = "" if term == OPEN else term
    given = typed.get(parameter.name)
    if kind == "date":
        return Field(parameter.name, "date", label, given or plain.partition('"^^')[0].strip('"'))
    if kind in ("number", "text"):
        return Field(parameter.name, kind, label, given or plain.strip('"'))
    names = support.site().part(_names)
    slug = plain.removeprefix("id:")
    if given is not None:
        slug = names.find(given.strip(), kind) or ""
    known = sorted(names.of_kind[kind], key=lambda slug: fold(names.labels[slug][lang]))
    if len(known) <= MOST_CHOICES:
        choices = tuple((each, names.labels[each][lang]) for each in known)
        if may_be_open:
            choices = (("", gettext("all")), *choices)
        return Field(parameter.name, "select", label, slug, may_be_open, choices)
    shown = names.shown(slug, kind, lang) if slug in names.labels else given or slug
    listed = known if len(known) <= MOST_LISTED else []
    choices = tuple((names.shown(each, kind, lang), "") for each in listed)
    return Field(parameter.name, "thing", label, shown, may_be_open, choices, "" if kind == ANY else kind)
