"""`make fuzz`: many made-up requests to a server of its own; prints counts, memory, and what went wrong.

Half are what the OpenAPI description allows and forbids (schemathesis), half SPARQL made by a grammar and then
often broken. Wrong is a status above 499 other than 503 and 507, an answer that is not as described, and a text
that tells a path or a traceback.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

ROOT = Path(__file__).resolve().parents[1]
ANNOUNCED = (503, 507)
LEAK = re.compile(
    rb"Traceback \(most recent|site-packages|" + re.escape(str(ROOT).encode()) + rb"|/home/|/tmp/"
)
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
ROUND = 25
SECONDS = "0.3"

VARIABLES = st.sampled_from(["?a", "?b", "?c", "?d"])
CLASSES = st.sampled_from(["vx:Zone", "vx:Facility", "vx:SupplyRelation", "owl:Class", "<urn:x>"])
PROPERTIES = st.sampled_from(["a", "rdfs:label", "vx:inZone", "vx:makes", "vx:areaHa", "vx:nothing"])
LITERALS = st.one_of(
    st.integers(-10, 10**20).map(str), st.floats(allow_nan=False).map(repr), st.text(max_size=8).map(repr),
    st.sampled_from(['"a"@vi', '"2025-06-30"^^xsd:date', "true", '"x"^^<urn:t>', "1e400"]),
)  # fmt: skip
VERBS = st.one_of(
    PROPERTIES, VARIABLES,
    st.builds("{}/{}".format, PROPERTIES, PROPERTIES), st.builds("{}*".format, PROPERTIES.filter(lambda p: p != "a")),
    st.builds("^{}".format, PROPERTIES), st.builds("!({}|{})".format, PROPERTIES, PROPERTIES),
)  # fmt: skip
TRIPLES = st.builds("{} {} {} .".format, VARIABLES, VERBS, st.one_of(VARIABLES, CLASSES, LITERALS))
EXPRESSIONS = st.recursive(
    st.one_of(VARIABLES, LITERALS),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "=", "<", "&&", "||"]), inner),
        st.builds("{}({})".format, st.sampled_from(["STR", "LANG", "STRLEN", "ABS", "YEAR", "BOUND", "IRI", "!"]), inner),
        st.builds("REGEX({}, {})".format, inner, inner), st.builds("IF({}, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)  # fmt: skip
GROUPS = st.recursive(
    st.lists(TRIPLES, max_size=3).map(" ".join),
    lambda inner: st.one_of(
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner), st.builds("OPTIONAL {{ {} }}".format, inner),
        st.builds("GRAPH ?g {{ {} }}".format, inner), st.builds("{} MINUS {{ {} }}".format, inner, inner),
        st.builds("{} FILTER({})".format, inner, EXPRESSIONS), st.builds("BIND({} AS ?z) {}".format, EXPRESSIONS, inner),
        st.builds("FILTER NOT EXISTS {{ {} }}".format, inner), st.builds("{{ SELECT ?a {{ {} }} LIMIT 3 }}".format, inner),
        st.builds("SERVICE <http://127.0.0.1/> {{ {} }}".format, inner), st.builds("VALUES ?a {{ {} }} {}".format, LITERALS, inner),
    ),
    max_leaves=4,
)  # fmt: skip
ENDS = st.sampled_from(
    ["", "LIMIT 5", "ORDER BY ?a LIMIT 9", "GROUP BY ?a", "OFFSET 2", "HAVING (COUNT(*) > 1)"]
)
QUERIES = st.one_of(
    st.builds("SELECT * WHERE {{ {} }} {}".format, GROUPS, ENDS),
    st.builds("SELECT ?a (COUNT(*) AS ?n) (SAMPLE(?b) AS ?s) {{ {} }} GROUP BY ?a {}".format, GROUPS, ENDS),
    st.builds("ASK {{ {} }}".format, GROUPS), st.builds("CONSTRUCT {{ ?a ?b ?c }} WHERE {{ {} }} LIMIT 9".format, GROUPS),
    st.builds("DESCRIBE ?a {{ {} }} LIMIT 3".format, GROUPS), st.builds("INSERT DATA {{ {} }}".format, GROUPS),
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A query with a part cut out, doubled or replaced by any text."""
    query = draw(QUERIES)
    start, end = sorted((draw(st.integers(0, len(query))), draw(st.integers(0, len(query)))))
    return (
        query[:start]
        + draw(st.sampled_from(["", query[start:end] * 2, "{" * 40]))
        + draw(st.text(max_size=4))
        + query[end:]
    )


class Tally:
    """What was answered, and what was wrong with it."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.wrong: dict[str, str] = {}

    def note(self, asked: str, status: int, body: bytes) -> None:
        """Counts an answer; keeps the first request of each kind of fault."""
        self.statuses[status] += 1
        if status >= 500 and status not in ANNOUNCED:
            self.wrong.setdefault(f"status {status}", asked)
        if found := LEAK.search(body):
            self.wrong.setdefault(f"tells {found[0].decode()!r}", asked)

    @property
    def total(self) -> int:
        """Answers in all."""
        return sum(self.statuses.values())


@contextmanager
def running() -> Iterator[tuple[str, int]]:
    """A server of its own: address and process id."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "server.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PORT": "0", "VEHEC_LINKS": f"{folder}/links.sqlite"},
        )  # fmt: skip
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            yield next(found[0] for line in lines if (found := re.search(r"http://[^/]+", line))), process.pid
        finally:
            process.terminate()
            process.wait(20)


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def run(strategy: Any, one: Callable[[Any], None], examples: int, number: int) -> None:
    """Tries examples of a strategy; the same number gives the same ones."""
    wanted = settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    seed(number)(wanted(given(strategy)(one)))()


def main(most: int) -> int:
    """Sends `most` requests; 1 if anything was wrong."""
    tally, started = Tally(), time.monotonic()
    with running() as (address, pid), requests.Session() as session:
        schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json?lang=en")
        operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]

        def described(case: Any) -> None:
            response = case.call(base_url=address, session=session)
            asked = f"{case.method} {response.request.url} {response.request.body!r}"[:1500]
            tally.note(asked, response.status_code, response.content)
            try:
                if response.status_code not in ANNOUNCED:
                    case.validate_response(response, checks=CHECKS)
            except FailureGroup as failed:
                tally.wrong.setdefault(
                    f"{case.method} {case.operation.path}: {failed.exceptions[0].title}", asked
                )

        def sparql(query: str) -> None:
            body = {"query": query.encode("utf-8", "replace"), "timeout": SECONDS}
            response = session.post(f"{address}/sparql", data=body)
            tally.note(f"POST /sparql {query!r}"[:1500], response.status_code, response.content)

        number, before = 0, 0.0
        while tally.total < most:
            number += 1
            for operation in operations:
                run(operation.as_strategy(), described, max(1, ROUND // 5), number)
            sent = tally.total
            while tally.total < min(2 * sent, most) and tally.total - sent < 8 * ROUND:
                run(st.one_of(QUERIES, broken()), sparql, ROUND, number * 1000 + tally.total)
            before = before or (megabytes(pid) if tally.total >= most / 10 else 0.0)
            print(f"{tally.total} requests, {megabytes(pid):.0f} MB", flush=True)
        after = megabytes(pid)
    print(
        f"{tally.total} requests in {time.monotonic() - started:.0f} s: {dict(sorted(tally.statuses.items()))}"
    )
    print(f"memory of the server: {before:.0f} MB after a tenth, {after:.0f} MB at the end")
    for fault, first in tally.wrong.items():
        print(f"wrong: {fault}\n  {first}")
    print("nothing wrong" if not tally.wrong else f"{len(tally.wrong)} kinds of fault")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
