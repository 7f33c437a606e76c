"""The description of the API: it names what there is, and what it says is true of what is answered."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from web.openapi import document
from web.openapi_operations import operations

DATA = (
    "/api/",
    "/data/",
    "/export/",
    "/id/",
    "/source/",
    "/code/",
    "/gaps.",
    "/conflicts.csv",
    "/sparql",
    "/healthz",
    "/.well-known/",
)
BUSY = 503
REFUSED = ("put", "patch", "delete")
"""Methods that `/sparql` knows only to say that it does not offer them."""
EXAMPLES = 8
PLAIN = {"Accept-Encoding": "identity"}
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
KEEP_PATHS = HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    with app.test_request_context("/api/openapi.json?lang=en"):
        return document()


def routes(app: Flask) -> set[tuple[str, str]]:
    return {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(DATA)
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    } - {("/sparql", method) for method in REFUSED}


def test_every_route_is_described_and_nothing_else(app: Flask) -> None:
    with app.test_request_context("/api/openapi.json"):
        listed = [(operation.rule, operation.method) for operation in operations()]
    assert len(listed) == len(set(listed))
    assert set(listed) == routes(app)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_names_every_address(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/api?lang={lang}").text
    for path, methods in client.get(f"/api/openapi.json?lang={lang}").get_json()["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}</code>" in page
            assert operation["summary"] in page.replace("&#39;", "'").replace("&#34;", '"')


@pytest.mark.parametrize(
    ("path", "name", "below", "above"),
    [("/api/search", "limit", 0, 101), ("/api/expand", "limit", 0, 201), ("/api/path", "limit", 0, 6)],
)
def test_ranges_are_those_of_the_server(
    client: FlaskClient, described: dict[str, Any], path: str, name: str, below: int, above: int
) -> None:
    schema = next(p for p in described["paths"][path]["get"]["parameters"] if p["name"] == name)["schema"]
    assert (schema["minimum"] - 1, schema["maximum"] + 1) == (below, above)
    needed = {
        "/api/expand": "id=trang-due&relation=in_zone&direction=in",
        "/api/path": "from=lgd-trang-due&to=trang-due",
    }
    ask = f"{path}?{needed.get(path, '')}&{name}="
    for value, status in ((below, 400), (below + 1, 200), (above - 1, 200), (above, 400)):
        assert client.get(f"{ask}{value}").status_code == status


def operations_of(app: Flask, described: dict[str, Any]) -> list[Any]:
    schema = schemathesis.openapi.from_dict(described)
    schema.app = app
    found = list(schema.get_all_operations())
    assert all(isinstance(one, Ok) for one in found)
    return [one.ok() for one in found if isinstance(one, Ok)]


def test_a_difference_would_be_noticed(app: Flask, described: dict[str, Any]) -> None:
    wrong = described | {
        "components": {"schemas": described["components"]["schemas"] | {"Hits": {"type": "array"}}},
        "paths": {"/api/search": described["paths"]["/api/search"]},
    }
    case = operations_of(app, wrong)[0].Case(query={"q": "lg"})
    with pytest.raises(FailureGroup):
        case.validate_response(case.call(headers=PLAIN), checks=CHECKS)


def test_answers_are_as_described(app: Flask, described: dict[str, Any]) -> None:
    """Every operation with made-up requests, the same in every run."""
    wrong: list[str] = []
    asked = 0
    for operation in operations_of(app, described):

        def try_one(case: Any) -> None:
            nonlocal asked
            asked += 1
            response = case.call(headers=PLAIN)
            if response.status_code != BUSY:
                case.validate_response(response, checks=[not_a_server_error, *CHECKS])

        run = operation.as_strategy()
        tried = settings(
            max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=KEEP_PATHS,
        )(given(run)(try_one))  # fmt: skip
        try:
            tried()
        except (Exception, FailureGroup) as error:
            wrong.append(f"{operation.method} {operation.path}: {error}"[:1500])
    assert wrong == []
    assert asked > EXAMPLES * len(described["paths"]) / 2
