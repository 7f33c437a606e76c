"""The API for programs: its description as OpenAPI 3.1, and the same as a page."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from flask_babel import gettext

from web import support
from web.openapi_operations import operations
from web.openapi_parts import Operation
from web.openapi_schemas import shapes

bp = Blueprint("openapi", __name__)

VARIABLE = re.compile(r"<(?:[^:<>]+:)?([a-z_]+)>")


def path_of(rule: str) -> str:
    """`/data/<name>` -> `/data/{name}`."""
    return VARIABLE.sub(r"{\1}", rule)


def document() -> dict[str, Any]:
    """The description in the language of the request."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations():
        paths.setdefault(path_of(operation.rule), {})[operation.method] = _described(operation)
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
        "paths": paths,
        "components": {"schemas": shapes()},
    }


def _described(operation: Operation) -> dict[str, Any]:
    found = {
        "summary": operation.summary,
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
    }
    return found | ({"requestBody": operation.body} if operation.body else {})


@bp.get("/api/openapi.json")
def openapi_json() -> Response:
    """Everything a program may ask, and what it gets."""
    answer = jsonify(document())
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@bp.get("/api")
def page() -> str:
    """The same to read."""
    return render_template("api.html", page="", api=document(), range_text=range_text)


def range_text(schema: dict[str, Any]) -> str:
    """What a parameter may be: `1–100`, `out | in`."""
    inner = schema.get("items", schema)
    if "enum" in inner:
        return " | ".join(map(str, inner["enum"]))
    if "maximum" in inner:
        return f"{support.number(inner['minimum'])} – {support.number(inner['maximum'])}"
    return ""
