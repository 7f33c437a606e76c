"""Parameters and answers that several operations of the API share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_babel import gettext

from graph.explore.chosen import MOST as MOST_CHOSEN
from graph.explore.facets import FACETS
from graph.gap_table import FACETS as GAP_FACETS
from graph.model import FIRST_DAY, LAST_DAY, READINGS
from graph.sparql_problems import PROBLEMS
from web import support
from web.filters import facets
from web.gap_views import analysis
from web.openapi_schemas import STRING, Schema, ref

JSON, PROBLEM, CSV, FORM = (
    "application/json",
    "application/problem+json",
    "text/csv",
    "application/x-www-form-urlencoded",
)
HTML = "text/html"
ANY: Schema = {}
REFUSED = tuple(sorted({status for status, _, _ in PROBLEMS.values() if status < 500}))
CLOSED = ("kind", "grade", "status")
"""Facets of the explorer whose values are few enough to list."""
CLOSED_OF_GAPS = ("kind", "criticality", "basis", "label", "grade", "listed")


class Operation(NamedTuple):
    """One method at one address. `rule` is that of Flask, `parameters` and `answers` those of OpenAPI."""

    rule: str
    method: str
    summary: str
    parameters: tuple[dict[str, Any], ...]
    answers: dict[int, dict[str, Schema]]
    body: dict[str, Any] | None = None


def query(name: str, schema: Schema, text: str, required: bool = False) -> dict[str, Any]:
    """A parameter of the address."""
    return {"name": name, "in": "query", "description": text, "schema": schema, "required": required}


def part(name: str, text: str, schema: Schema = STRING, example: str = "") -> dict[str, Any]:
    """A part of the path."""
    found = {"name": name, "in": "path", "description": text, "schema": schema, "required": True}
    return found | ({"example": example} if example else {})


def whole(default: int, least: int, most: int) -> Schema:
    """A whole number in a range."""
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def many(values: tuple[str, ...] = ()) -> Schema:
    """A parameter that may be repeated."""
    return {"type": "array", "items": {"type": "string", "enum": list(values)} if values else STRING}


def when() -> tuple[dict[str, Any], ...]:
    """Date, reading and language."""
    return (
        query(
            "as_of",
            {"type": "string", "format": "date"},
            gettext(
                "State of the records on this day, from %(first)s to %(last)s; today if left out.",
                first=FIRST_DAY,
                last=LAST_DAY,
            ),
        ),
        query("reading", {"enum": list(READINGS)}, gettext("How places are grouped.")),
        lang(),
    )


def lang() -> dict[str, Any]:
    """The language."""
    return query("lang", {"enum": list(support.LANGUAGES)}, gettext("Language of the texts."))


def filters() -> Iterator[dict[str, Any]]:
    """The filters of the explorer."""
    allowed = facets().allowed
    text = gettext(
        "Only things with one of these values; give it as often as needed. /api/facets lists the values."
    )
    for name in FACETS:
        yield query(name, many(allowed[name] if name in CLOSED else ()), text)


def base() -> tuple[dict[str, Any], ...]:
    """What a picture shows."""
    return (
        query("focus", STRING, gettext("Show the surroundings of this thing.")),
        query("gap", STRING, gettext("Show the evidence of this gap.")),
        query(
            "things",
            STRING,
            gettext("Show these things, at most %(most)s, with commas between them.", most=MOST_CHOSEN),
        ),
        *filters(),
        *when(),
    )


def gap_filters() -> Iterator[dict[str, Any]]:
    """The filters of the list of gaps."""
    allowed = analysis().table.allowed
    text = gettext("Only gaps with one of these values; give it as often as needed.")
    for name in GAP_FACETS:
        yield query(name, many(allowed[name] if name in CLOSED_OF_GAPS else ()), text)
    yield query(
        "q", STRING, gettext("Only gaps whose text holds all these words, with or without diacritics.")
    )
    yield from when()


def answers(good: dict[str, Schema], *errors: int, status: int = 200) -> dict[int, dict[str, Schema]]:
    """Answers by status; mistakes are problem details or, for a browser, a page."""
    return {status: good} | {error: {PROBLEM: ref("Problem"), HTML: STRING} for error in errors}


def known_json(name: str, *errors: int) -> dict[int, dict[str, Schema]]:
    """Answers of the API: one shape, or problem details."""
    return {200: {JSON: ref(name)}} | {error: {PROBLEM: ref("Problem")} for error in (400, *errors, 503)}


def file(*media: str, errors: tuple[int, ...] = (400, 503)) -> dict[int, dict[str, Schema]]:
    """Answers of a file."""
    return answers(dict.fromkeys(media, ANY), *errors)
