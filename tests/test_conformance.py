"""The runner of W3C tests, on a small suite of our own: half of it right, half of it wrong on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import report
from tests.conformance.manifest import Suite
from tests.conformance.results import Rows, read, same
from tests.conformance.run import APART, BY_VALUE, FAILED, PASSED, REFUSED, Outcome, run
from tests.conformance.server import serving

SUITE = Path(__file__).parent / "fixtures/conformance"
DOCUMENT = Path(__file__).parents[1] / "docs/conformance.md"


@pytest.fixture(scope="module")
def outcomes() -> tuple[Outcome, ...]:
    with serving() as server:
        return tuple(run(Suite(SUITE), server))


@pytest.mark.parametrize(
    ("test", "endpoint", "engine"),
    [
        ("right/rows-xml", BY_VALUE, BY_VALUE),
        ("right/rows-sorted", PASSED, PASSED),
        ("right/rows-csv", PASSED, PASSED),
        ("right/rows-tsv", PASSED, PASSED),
        ("right/blank", PASSED, PASSED),
        ("right/truth", PASSED, PASSED),
        ("right/named", PASSED, PASSED),
        ("right/construct", PASSED, PASSED),
        ("right/entailed", APART, APART),
        ("right/read", PASSED, PASSED),
        ("right/unread", PASSED, PASSED),
        ("right/elsewhere", REFUSED, PASSED),
        ("right/unknown-function", PASSED, PASSED),
        ("right/merge", PASSED, ""),
        ("right/bad-update", PASSED, ""),
        ("right/update_data", APART, ""),
        ("right/returns-rdf", PASSED, ""),
        ("right/has-endpoint-triple", PASSED, ""),
        ("right/conforms-to-schema", PASSED, ""),
        ("wrong/value", FAILED, FAILED),
        ("wrong/order", FAILED, FAILED),
        ("wrong/readable", FAILED, FAILED),
        ("wrong/unreadable", FAILED, FAILED),
        ("wrong/status", FAILED, ""),
        ("wrong/boolean", FAILED, ""),
    ],
)
def test_each_kind_of_test(outcomes: tuple[Outcome, ...], test: str, endpoint: str, engine: str):
    (found,) = (o for o in outcomes if f"{o.test.folder}/{o.test.id}" == test)
    assert (found.endpoint, found.engine) == (endpoint, engine), found.reason
    assert found.reason or endpoint == PASSED


def test_the_table_counts_every_test(outcomes: tuple[Outcome, ...]):
    lines = report.rows(outcomes)
    assert [line[:5] for line in lines] == [
        ("right", "19", "16", "1", "0"),
        ("wrong", "6", "0", "0", "6"),
        ("all", "25", "16", "1", "6"),
    ]
    assert report.table(outcomes).count("\n") == len(lines)


def test_what_differs_from_the_engine_is_told(outcomes: tuple[Outcome, ...]):
    told = report.surprises(outcomes)
    assert len([line for line in told if "through the endpoint only" in line]) == 2
    assert len([line for line in told if "no known reason" in line]) == 4


def test_the_document_is_renewed_between_its_marks(outcomes: tuple[Outcome, ...]):
    text = report.renewed(DOCUMENT.read_text("utf-8"), outcomes)
    assert text.startswith("# Conformance")
    assert "wrong/order" in text
    assert report.renewed(text, outcomes) == text
    with pytest.raises(ValueError, match="marks"):
        report.renewed("no marks", outcomes)


ONE = b"s,n\r\n_:a,1\r\n_:b,1\r\n"


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (ONE, b"s,n\r\n_:x,1\r\n_:y,1\r\n", True),
        (ONE, b"n,s\r\n1,_:x\r\n1,_:y\r\n", True),
        (ONE, b"s,n\r\n_:x,1\r\n_:x,1\r\n", False),
        (ONE, b"s,n\r\n_:x,1\r\n", False),
        (ONE, b"s,n\r\n_:x,1\r\n_:y,2\r\n", False),
        (ONE, b"s,m\r\n_:x,1\r\n_:y,1\r\n", False),
        (b"s\r\nx\r\nx\r\ny\r\n", b"s\r\nx\r\ny\r\nx\r\n", True),
        (b"s\r\nx\r\nx\r\ny\r\n", b"s\r\nx\r\ny\r\ny\r\n", False),
    ],
)
def test_rows_are_compared_as_a_bag(first: bytes, second: bytes, equal: bool):
    assert same(read(first, "csv"), read(second, "csv")) is equal


@pytest.mark.parametrize(
    ("number", "other", "equal"),
    [
        ("1.0", "1.00", True),
        ("1e6", "1.0E6", True),
        ("100", "100", True),
        ("1.0", "1.01", False),
        ("1.0", "1", False),
        ('"0"^^<http://www.w3.org/2001/XMLSchema#boolean>', "false", True),
        ('"0"^^<http://www.w3.org/2001/XMLSchema#boolean>', "true", False),
        ('"1.0"', '"1.00"', False),
    ],
)
def test_numbers_are_compared_by_value(number: str, other: str, equal: bool):
    first, second = (read(f"?n\n{text}\n".encode(), "tsv") for text in (number, other))
    assert isinstance(first, Rows)
    assert same(first, second, by_value=True) is equal
