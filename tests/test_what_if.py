"""What stops with a plant and what an imagined maker changes; nothing imagined stays anywhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph.findings import find_gaps
from graph.what_if import IMAGINED, NotPossible, stops, with_supplier
from tests.t20 import edge, supply, t20

PAGE = {"Accept": "text/html"}
DATA = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("start", "stopped", "share"),
    [
        ("c", {"a": "panel", "b": "panel"}, 150 / 295),
        ("j", {"a": "camera"}, 100 / 335),
        ("e", {"d": "mould"}, 0.0286),
        ("a", {}, 0.0),
        ("g", {}, 0.0),
    ],
)
def test_what_stops(start: str, stopped: dict[str, str], share: float) -> None:
    found = stops(t20(), f"plant-{start}")
    assert {halt.facility: halt.product for halt in found.halts} == {
        f"plant-{facility}": f"prod-{product}" for facility, product in stopped.items()
    }
    assert found.share == pytest.approx(share, abs=5e-5)


def test_a_chain_leads_from_the_start_to_what_stops() -> None:
    network = t20()
    edge(network, "prod-panel", "prod-mould", "requires", key="r", id="r", criticality=1.0, basis="source")
    supply(network, "plant-e", "plant-c", "prod-mould")
    chains = {halt.facility: (halt.tier, halt.chain) for halt in stops(network, "plant-e").halts}
    assert chains["plant-c"] == (1, ("plant-e", "plant-c"))
    assert chains["plant-a"] == (2, ("plant-e", "plant-c", "plant-a"))


@pytest.mark.parametrize(
    ("other", "reason", "left"),
    [("plant-j", "another_source", ("plant-j",)), ("outside-x", "aggregate_source", ("outside-x",))],
)
def test_who_goes_on_and_why(other: str, reason: str, left: tuple[str, ...]) -> None:
    network = t20()
    supply(network, other, "plant-a", "prod-panel")
    found = stops(network, "plant-c")
    assert [halt.facility for halt in found.halts] == ["plant-b"]
    spared = {item.facility: item for item in found.spared}
    assert (spared["plant-a"].reason, spared["plant-a"].others) == (reason, left)


def test_a_plant_is_no_buyer_of_itself() -> None:
    network = t20()
    before = stops(network, "plant-c").buyers
    supply(network, "plant-c", "plant-c", "prod-panel")
    assert stops(network, "plant-c").buyers == before > 0


def test_an_input_that_is_not_core_stops_nobody() -> None:
    assert [(item.facility, item.reason) for item in stops(t20(), "plant-d").spared] == [
        ("plant-a", "not_core")
    ]


@pytest.mark.parametrize(
    ("start", "reason"), [("plant-zz", "unknown"), ("outside-x", "aggregate"), ("park-k1", "no_facility")]
)
def test_what_cannot_stop(start: str, reason: str) -> None:
    with pytest.raises(NotPossible) as caught:
        stops(t20(), start)
    assert caught.value.reason == reason


def kinds(shifts: Any, detector: str) -> set[tuple[str, ...]]:
    return {
        (shift.finding.subject, *shift.finding.objects)
        for shift in shifts
        if shift.finding.detector == detector
    }


def test_a_maker_closes_the_missing_input_and_opens_matches() -> None:
    found = with_supplier(t20(), "prod-resin", "park-k1")
    assert [shift.finding.subject for shift in found.present.closed if shift.finding.detector == "D1"] == [
        "prod-resin"
    ]
    assert kinds(found.present.new, "D3") == {("plant-d", "prod-resin"), ("plant-g", "prod-resin")}
    assert {meet.facility for meet in found.meets} == {"plant-d", "plant-g"}
    assert found.makers == ()


def test_supply_from_it_lowers_dependence_and_leaves_no_match() -> None:
    found = with_supplier(t20(), "prod-resin", "park-k1")
    assert kinds(found.supplying.new, "D3") == set()
    severity = {
        shift.finding.subject: (shift.before.severity, shift.after.severity)
        for shift in found.supplying.changed
        if shift.finding.detector == "D7" and shift.before and shift.after
    }
    assert severity["prod-resin"] == (0.75, 0.375)


def test_a_second_maker_ends_a_single_source() -> None:
    network = t20()
    assert kinds(with_supplier(network, "prod-panel", "park-k1").supplying.closed, "D2") >= {
        ("plant-a", "prod-panel"), ("plant-b", "prod-panel")
    }  # fmt: skip
    assert kinds(with_supplier(network, "prod-resin", "park-k1").supplying.closed, "D2") == set()


def test_what_the_new_plant_needs() -> None:
    found = with_supplier(t20(), "prod-housing", "park-k1")
    needs = {need.product: bool(need.makers) for need in found.brings}
    assert needs["prod-resin"] is False and needs["prod-mould"] is True


@pytest.mark.parametrize(
    ("product", "zone", "parameter", "reason"),
    [
        ("prod-zz", "park-k1", "product", "unknown"),
        ("prod-resin", "park-zz", "zone", "unknown"),
        ("plant-a", "park-k1", "product", "no_product"),
        ("prod-resin", "plant-a", "zone", "no_zone"),
    ],
)
def test_what_cannot_be_imagined(product: str, zone: str, parameter: str, reason: str) -> None:
    with pytest.raises(NotPossible) as caught:
        with_supplier(t20(), product, zone)
    assert (caught.value.parameter, caught.value.reason) == (parameter, reason)


def test_the_network_and_its_findings_stay_as_they_are() -> None:
    network = t20()
    before = set(network.nodes), network.number_of_edges(), [f.as_dict() for f in find_gaps(network)]
    with_supplier(network, "prod-resin", "park-k1")
    stops(network, "plant-c")
    assert before == (
        set(network.nodes),
        network.number_of_edges(),
        [f.as_dict() for f in find_gaps(network)],
    )


def test_nothing_imagined_reaches_the_store_or_the_published_findings(app: Any, client: Any) -> None:
    site = app.extensions["vehec"]
    before = len(site.corridor.store), client.get("/gaps.json").text, site.corridor.dump.stat().st_mtime_ns
    answer = client.get("/what-if?product=special-steel&zone=trang-due", headers=DATA)
    assert answer.get_json()["with_supplier"]["present"]["closed"]
    after = len(site.corridor.store), client.get("/gaps.json").text, site.corridor.dump.stat().st_mtime_ns
    assert before == after
    assert not any(node.startswith(IMAGINED) for node in site.network)
    assert IMAGINED not in json.dumps(client.get("/gaps.json").get_json())


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "address",
    ["/what-if?x=1", "/what-if?stop=lgchem-haiphong", "/what-if?product=special-steel&zone=trang-due",
     "/what-if?stop=lgchem-haiphong&as_of=2025-06-30&reading=units"],
)  # fmt: skip
def test_the_page(client: Any, address: str, lang: str) -> None:
    answer = client.get(f"{address}&lang={lang}", headers=PAGE)
    assert answer.status_code == 200
    assert {"vi": "không phải dự báo", "en": "not a forecast"}[lang] in answer.text


def test_a_name_leads_to_the_address_with_the_id(client: Any) -> None:
    name = client.application.extensions["vehec"].network.nodes["lgchem-haiphong"]["label"]["en"]
    answer = client.get("/what-if", query_string={"stop": name}, headers=PAGE)
    assert answer.status_code == 303 and "stop=lgchem-haiphong" in answer.headers["Location"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("stop=LG", 404),
        ("stop=qqqq", 404),
        ("stop=trang-due", 400),
        ("product=trang-due&zone=trang-due", 400),
    ],
)
def test_what_cannot_be_asked_is_told(client: Any, query: str, status: int) -> None:
    assert client.get(f"/what-if?{query}", headers=PAGE).status_code == status
    assert client.get(f"/what-if?{query}", headers=DATA).get_json()["detail"]
