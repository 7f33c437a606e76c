"""The rules of `graph/queries/checks` hold on the real data, and each notices a breach."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import Store

from graph.namespaces import PREFIXES
from graph.query import QUERIES, Query, load_queries
from tests.fixtures.breaches import BREACHES

CHECKS = {query.name: query for query in load_queries(QUERIES / "checks")}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_rule_holds(corridor: Any, check: Query) -> None:
    assert check.offenders(corridor.store) == [], f"{check.title['en']}. {check.about['en']}"


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_rule_notices_a_breach(check: Query) -> None:
    store = Store()
    store.update("INSERT DATA { " + BREACHES[check.name] + " }", prefixes=PREFIXES)
    assert check.offenders(store)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_rule_tells_what_to_do(check: Query) -> None:
    assert set(check.title) == set(check.about) == {"en", "vi"}


def test_every_breach_belongs_to_a_rule() -> None:
    assert set(BREACHES) == set(CHECKS)
