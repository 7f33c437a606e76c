"""Every operation of the API. Ranges and lists come from the code that reads the parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext

from graph.explore.facets import FACETS
from graph.explore.paths import GROUPS, MOST_PATHS
from graph.search import KIND_ORDER
from graph.spreadsheet import XLSX
from web import openapi_parts as parts
from web.arguments import FAR
from web.explorer_api import MOST_AMONG, MOST_NEIGHBOURS, MOST_THINGS
from web.links import MOST_QUERY, PATHS
from web.openapi_files import export_operations, linked_data_operations, query_operations
from web.openapi_parts import Operation
from web.openapi_schemas import STRING, record, ref
from web.search import MOST_HITS, QUERY_SIGNS, SHOWN_HITS


class Section(NamedTuple):
    """Operations under one heading."""

    id: str
    title: str
    operations: tuple[Operation, ...]


def sections() -> tuple[Section, ...]:
    """All operations in the language of the request."""
    return (
        Section("explorer", gettext("Explorer"), tuple(_explorer())),
        Section("gaps", gettext("Gaps and conflicts"), tuple(_gaps())),
        Section("queries", gettext("SPARQL"), tuple(query_operations())),
        Section("files", gettext("Pictures and networks as files"), tuple(export_operations())),
        Section("linked-data", gettext("Linked data"), tuple(linked_data_operations())),
    )


def _explorer() -> Iterator[Operation]:
    thing = gettext("Id of a thing, as in /id/<id>.")
    yield Operation(
        "/api/search",
        "get",
        gettext("Find things by name; diacritics may be left out."),
        (
            parts.query(
                "q",
                STRING,
                gettext("Beginnings of words of the name; the first %(most)s signs count.", most=QUERY_SIGNS),
            ),
            parts.query("type", parts.many(KIND_ORDER), gettext("Only things of these kinds.")),
            parts.query(
                "limit", parts.whole(SHOWN_HITS, 1, MOST_HITS), gettext("So many at most; total counts all.")
            ),
            *parts.when(),
        ),
        parts.known_json("Hits"),
    )
    yield Operation(
        "/api/thing/<path:slug>",
        "get",
        gettext("Facts of a thing with their sources."),
        (parts.part("slug", thing, example="trang-due"), *parts.when()),
        parts.known_json("Thing", 404),
    )
    yield Operation(
        "/api/graph",
        "get",
        gettext("A picture: things and lines with their places."),
        parts.base(),
        parts.known_json("Picture", 404),
    )
    expansion = {200: {parts.JSON: {"anyOf": [ref("Relations"), ref("Expansion")]}}}
    yield Operation(
        "/api/expand",
        "get",
        gettext("Neighbours of a thing: their number by relation, or with relation a page of them."),
        (
            parts.query("id", STRING, thing, required=True),
            parts.query(
                "relation", STRING, gettext("One of the relations that the answer without it lists.")
            ),
            parts.query("direction", {"enum": ["out", "in"]}, gettext("From the thing or towards it.")),
            parts.query(
                "limit",
                parts.whole(25, 1, MOST_NEIGHBOURS),
                gettext("So many at most; after says where the next page begins."),
            ),
            parts.query(
                "after", {"type": "integer", "minimum": 0, "maximum": 10**9}, gettext("Skip so many.")
            ),
            *(
                parts.query(
                    axis,
                    {"type": "number", "minimum": -FAR, "maximum": FAR},
                    gettext("Where the thing stands, in pixels."),
                )
                for axis in "xy"
            ),
            *parts.filters(),
            *parts.when(),
        ),
        parts.known_json("Expansion", 404) | expansion,
    )
    ids = {"type": "array", "items": STRING}
    yield Operation(
        "/api/things",
        "post",
        gettext("Things by id, with every line between them or to others."),
        (*parts.filters(), *parts.when()),
        parts.known_json("Things", 413),
        {
            "content": {
                parts.JSON: {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "ids": ids | {"maxItems": MOST_THINGS},
                            "among": ids | {"maxItems": MOST_AMONG},
                        },
                    }
                }
            },
            "required": True,
        },
    )
    yield Operation(
        "/api/path",
        "get",
        gettext("The shortest recorded paths between two things. No path is not proof that there is none."),
        (
            parts.query("from", STRING, thing, required=True),
            parts.query("to", STRING, thing, required=True),
            parts.query(
                "relation", parts.many(tuple(GROUPS)), gettext("Kinds of relation that a path may use.")
            ),
            parts.query("limit", parts.whole(2, 1, MOST_PATHS), gettext("So many paths at most.")),
            *parts.filters(),
            *parts.when(),
        ),
        parts.known_json("Paths", 404),
    )
    yield Operation(
        "/api/link",
        "get",
        gettext("The evidence of one line."),
        (
            parts.query("id", STRING, gettext("Id of a line, as /api/graph gives it."), required=True),
            *parts.filters(),
            *parts.when(),
        ),
        parts.known_json("Line", 404),
    )
    yield Operation(
        "/api/facets",
        "get",
        gettext("How many things each filter value would leave."),
        (
            parts.query("facet", {"enum": list(FACETS)}, gettext("Only this filter.")),
            parts.query("q", STRING, gettext("Only values whose name holds this text.")),
            *parts.filters(),
            *parts.when(),
        ),
        parts.known_json("Facets"),
    )
    yield Operation(
        "/api/dates",
        "get",
        gettext("The days on which the recorded state changes, in words."),
        parts.when(),
        parts.known_json("Dates"),
    )
    yield Operation(
        "/api/marks.json",
        "get",
        gettext("Shapes, colours and line styles of the picture."),
        parts.when(),
        {200: {parts.JSON: {"type": "object"}}, 400: {parts.PROBLEM: ref("Problem")}},
    )
    yield Operation(
        "/api/links",
        "post",
        gettext("Keep a short link to a page."),
        (parts.lang(),),
        {201: {parts.JSON: ref("KeptLink")}}
        | {error: {parts.PROBLEM: ref("Problem")} for error in (400, 413, 503, 507)},
        {
            "content": {
                parts.JSON: {
                    "schema": record(
                        {"path": {"enum": list(PATHS)}},
                        query={"type": "string", "maxLength": MOST_QUERY},
                        state={"type": ["object", "null"]},
                    )
                    | {"additionalProperties": False}
                }
            },
            "required": True,
        },
    )
    yield Operation(
        "/api/links/<name>",
        "get",
        gettext("What a short link stands for."),
        (parts.part("name", gettext("Id of a short link.")), parts.lang()),
        {
            200: {parts.JSON: ref("Link")},
            404: {parts.PROBLEM: ref("Problem")},
            503: {parts.PROBLEM: ref("Problem")},
        },
    )
    yield Operation(
        "/api/openapi.json",
        "get",
        gettext("This description, as OpenAPI 3.1."),
        (parts.lang(),),
        {200: {parts.JSON: {"type": "object"}}},
    )


def _gaps() -> Iterator[Operation]:
    filters = tuple(parts.gap_filters())
    yield Operation(
        "/gaps.json",
        "get",
        gettext("Linkage gaps with evidence, severity and confidence."),
        filters,
        parts.answers({parts.JSON: ref("Findings")}, 400, 503),
    )
    yield Operation(
        "/gaps.csv", "get", gettext("The same for a spreadsheet."), filters, parts.file(parts.CSV)
    )
    yield Operation("/gaps.xlsx", "get", gettext("The same as a workbook."), filters, parts.file(XLSX))
    yield Operation(
        "/conflicts.csv",
        "get",
        gettext("Values on which sources differ."),
        parts.when(),
        parts.file(parts.CSV),
    )
