"""The API for programs: its description as OpenAPI 3.1, and the same as a page."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext

from web import support
from web.openapi_examples import curl
from web.openapi_operations import sections
from web.openapi_parts import Operation, filters, gap_filters, when
from web.openapi_schemas import shapes
from web.problems import kinds

bp = Blueprint("openapi", __name__)

VARIABLE = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")


def path_of(rule: str) -> str:
    """`/data/<name>` -> `/data/{name}`."""
    return VARIABLE.sub(r"{\1}", rule)


def document() -> dict[str, Any]:
    """The description in the language of the request."""
    paths: dict[str, dict[str, Any]] = {}
    found = sections()
    for section in found:
        for operation in section.operations:
            paths.setdefault(path_of(operation.rule), {})[operation.method] = _described(
                operation, section.id
            )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VEHEC",
            "version": support.site().corridor.generation,
            "description": gettext(
                "Firms, parks, products and supply links along the eastern expressway of Việt Nam, with the "
                "sources of every fact. Not recorded does not mean that it does not exist."
            ),
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "tags": [{"name": section.id, "description": section.title} for section in found],
        "paths": paths,
        "components": {"schemas": shapes()},
    }


def _described(operation: Operation, tag: str) -> dict[str, Any]:
    command = curl(operation.method, path_of(operation.rule), request.url_root)
    found = {
        "summary": operation.summary,
        "tags": [tag],
        "parameters": list(operation.parameters),
        "responses": {
            str(status): {
                "description": HTTPStatus(status).phrase,
                **(
                    {"content": {kind: {"schema": schema} for kind, schema in media.items()}} if media else {}
                ),
            }
            for status, media in operation.answers.items()
        },
        "x-codeSamples": [{"lang": "Shell", "source": command}],
    }
    return found | ({"requestBody": operation.body} if operation.body else {})


@bp.get("/api/openapi.json")
def openapi_json() -> Response:
    """Everything a program may ask, and what it gets."""
    answer = jsonify(document())
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


class Shared(NamedTuple):
    """Parameters that many operations take, explained once."""

    id: str
    title: str
    parameters: tuple[dict[str, Any], ...]


@bp.get("/api")
def page() -> str:
    """The same to read."""
    shared = _shared()

    def own(operation: dict[str, Any]) -> list[dict[str, Any]]:
        """The parameters of an operation that are explained with it."""
        return [
            one for one in operation["parameters"] if not any(one in group.parameters for group in shared)
        ]

    def taken(operation: dict[str, Any]) -> list[tuple[Shared, list[str]]]:
        """The shared groups that an operation takes from, with the names."""
        names = (
            (group, [p["name"] for p in operation["parameters"] if p in group.parameters]) for group in shared
        )
        return [(group, found) for group, found in names if found]

    return render_template(
        "api.html", page="", api=document(), shared=shared, own=own, taken=taken, problems=kinds(),
        range_text=range_text,
    )  # fmt: skip


def _shared() -> tuple[Shared, ...]:
    timed = when()
    of_gaps = tuple(one for one in gap_filters() if one not in timed)
    return (
        Shared("when", gettext("Date, reading and language"), timed),
        Shared("filters", gettext("Filters of the explorer"), tuple(filters())),
        Shared("gap-filters", gettext("Filters of the gaps"), of_gaps),
    )


def range_text(schema: dict[str, Any]) -> str:
    """What a parameter may be: `1–100`, `out | in`."""
    inner = schema.get("items", schema)
    if "enum" in inner:
        return " | ".join(map(str, inner["enum"]))
    if "maximum" in inner:
        return f"{support.number(inner['minimum'])} – {support.number(inner['maximum'])}"
    return ""
