"""Expert statements against findings: each verdict both ways, and the grade that follows."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from graph.expert_check import agreement_rate, compare, counts
from graph.findings import find_gaps, load_parameters
from graph.gaps.world import World
from tests.t20 import t20


def said(reading: str, *products: str, place: str = "viet-nam", **more: Any) -> dict[str, Any]:
    text = {"vi": "x", "en": "x"}
    row = {"id": "expert-1", "products": products, "localities": (place,), "reading": reading, "text": text}
    return {**row, "period": "2024", "sources": ("paper",), **more}


def world_with(*statements: dict[str, Any]) -> nx.MultiDiGraph:
    network = t20()
    network.graph["expert_statements"] = statements
    return network


CASES = [
    (said("gap", "prod-lens"), "agrees", "most_missing"),
    (said("gap", "prod-resin", "prod-lens"), "agrees", "most_missing"),
    (said("gap", "prod-optics"), "agrees", "most_missing"),
    (said("gap", "prod-panel", place="hp"), "contradicts", "made_there"),
    (said("gap", "prod-panel"), "undecided", "maker_may_not_be_enough"),
    (said("gap", "prod-carton", place="hp"), "undecided", "maker_may_not_be_enough"),
    (said("no_gap", "prod-panel"), "agrees", "made_inside"),
    (said("no_gap", "prod-lens", place="hp"), "contradicts", "no_maker"),
    (said("no_gap", "prod-lens"), "undecided", "country_may_make_it"),
    (said("gap", "prod-lens", place="southern-viet-nam"), "undecided", "elsewhere"),
    (said("unclear", "prod-lens"), "undecided", "takes_no_side"),
    (said("gap"), "undecided", "names_no_product"),
    (said("gap", "prod-lens", period="2013"), "undecided", "too_old"),
    (said("gap", "prod-lens", "prod-panel", place="hp"), "undecided", "products_differ"),
]


@pytest.mark.parametrize(("statement", "verdict", "reason"), CASES, ids=str)
def test_verdicts(statement: dict[str, Any], verdict: str, reason: str) -> None:
    network = world_with(statement)
    (found,) = compare(World(network, load_parameters()), find_gaps(network))
    assert (found.verdict, found.reason) == (verdict, reason)


def test_rate_counts_only_what_can_be_decided() -> None:
    network = world_with(*(statement for statement, _, _ in CASES))
    found = compare(World(network, load_parameters()), find_gaps(network))
    assert counts(found) == {"agrees": 4, "contradicts": 2, "undecided": 8}
    assert agreement_rate(found) == pytest.approx(4 / 6)
    assert agreement_rate([]) is None


def grades(network: nx.MultiDiGraph, detector: str = "D1") -> dict[str, str]:
    return {one.subject: one.grade for one in find_gaps(network, detectors=[detector])}


def test_an_independent_statement_raises_the_grade() -> None:
    before, after = grades(t20()), grades(world_with(said("gap", "prod-lens")))
    assert before["prod-lens"] in "BC"
    assert after == {**before, "prod-lens": "A"}


@pytest.mark.parametrize(
    "statement",
    [
        said("gap", "prod-lens", sources=("fixture",)),
        said("no_gap", "prod-lens", place="hp"),
        said("gap", "prod-lens", period="2013"),
    ],
    ids=["same source", "contradicts", "too old"],
)
def test_other_statements_do_not(statement: dict[str, Any]) -> None:
    assert grades(world_with(statement)) == grades(t20())


def test_real_statements_agree(network: Any, findings: Any) -> None:
    found = compare(World(network, load_parameters()), findings)
    rate = agreement_rate(found)
    assert rate is not None and rate >= 0.8
    assert counts(found)["agrees"] >= 10


@pytest.mark.parametrize("path", ["/experts", "/coverage"])
def test_pages_in_both_languages_and_as_json(client: Any, path: str) -> None:
    for lang in ("vi", "en"):
        assert client.get(f"{path}?lang={lang}").status_code == 200
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.is_json and answer.json


def test_statements_of_one_verdict(client: Any) -> None:
    assert client.get("/experts?verdict=undecided&lang=en").status_code == 200
    assert client.get("/experts?verdict=perhaps").status_code == 400


def test_no_audit_is_recorded_yet(client: Any) -> None:
    assert "No audit has been made yet" in client.get("/coverage?lang=en").get_data(as_text=True)
