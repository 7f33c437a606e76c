"""The description of the API: it names what there is, and what it says is true of what is answered."""

from __future__ import annotations

import itertools
import json
import shlex
from pathlib import Path
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

from web.openapi import document, path_of
from web.openapi_examples import COMMANDS
from web.openapi_operations import sections

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
EXAMPLES = 3
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
        listed = [(one.rule, one.method) for section in sections() for one in section.operations]
    assert len(listed) == len(set(listed))
    assert set(listed) == routes(app)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_names_every_address(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/api?lang={lang}").text
    for path, methods in client.get(f"/api/openapi.json?lang={lang}").get_json()["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}</code>" in page
            assert operation["summary"] in page.replace("&#39;", "'").replace("&#34;", '"')


def sent_by(command: str) -> dict[str, Any]:
    """What a curl command sends, as the test client takes it."""
    words = shlex.split(command)
    found: dict[str, Any] = {
        "path": words[-1].removeprefix("http://localhost"),
        "method": "GET",
        "headers": {},
    }
    if "-G" in words:
        name, _, value = words[words.index("--data-urlencode") + 1].partition("=")
        return found | {"query_string": {name: value}}
    for flag, value in itertools.pairwise(words):
        if flag == "-H":
            name, _, text = value.partition(": ")
            found["headers"][name] = text
        elif flag == "-X":
            found["method"] = value
        elif flag == "--json":
            found |= {"method": "POST", "json": json.loads(value)}
        elif flag == "--data-urlencode":
            found |= {"method": "POST", "data": dict([value.split("=", 1)])}
    return found


def test_every_example_is_answered(
    client: FlaskClient, described: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "LINKS", str(tmp_path / "links.sqlite"))
    match = client.application.url_map.bind("localhost").match
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            (sample,) = operation["x-codeSamples"]
            sent = sent_by(sample["source"])
            assert sent["method"].lower() == method
            rule, _ = match(sent["path"].partition("?")[0], method=sent["method"], return_rule=True)
            assert path_of(rule.rule) == path
            unknown = sent["path"].endswith(("/ID", "/NAME"))
            answer = client.open(**sent)
            assert answer.status_code == 404 if unknown else answer.status_code < 400, sample["source"]
    assert set(COMMANDS) == {(m, path) for path, methods in described["paths"].items() for m in methods}


def test_the_page_explains_shared_parameters_once(client: FlaskClient) -> None:
    page = client.get("/api?lang=en").text
    assert page.count("State of the records on this day") == 1
    assert page.count("<td><code>sector</code>") == 1
    assert page.count("<td><code>criticality</code>") == 1
    assert page.count('href="#when"') > 20
    assert page.count('<details class="fold"') == len(COMMANDS) + 1
    for anchor in ("when", "filters", "gap-filters", "mistakes", "shared"):
        assert f'id="{anchor}"' in page


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
