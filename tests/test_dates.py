"""The days at which the recorded state changes, against the tables."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from graph.dates import turns
from graph.projection import project

DATA = Path(__file__).parents[1] / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def recorded() -> Counter[tuple[str, str]]:
    """(day, kind) of everything in the tables that begins or ends on a date."""
    found: Counter[tuple[str, str]] = Counter()

    def add(kind: str, *dates: str) -> None:
        found.update((f"{date}-01-01"[:10], kind) for date in dates if date)

    for row in rows("facilities"):
        if row["year_basis"] == "start":
            add("plant", row["year_started"])
    for row in rows("zones"):
        add("zone", row["established_year"])
    for row in rows("infrastructure"):
        add("infrastructure", row["opened_year"])
    for row in rows("supply_links"):
        if row["status"] != "planned":
            add("supply", row["since"])
    for row in rows("agreements"):
        add("agreement", row["signed_on"], row["valid_until"])
    for name in ("roles", "memberships"):
        for row in rows(name):
            add("seat", row["valid_from"], row["valid_to"])
    for row in rows("administrative_changes"):
        if row["to_unit"] not in row["from_units"].split("|"):
            add("merger", row["effective_date"])
    return found


def test_days_follow_the_tables(corridor: Any) -> None:
    found = Counter((day, turn.what) for day, on_day in turns(corridor.store).items() for turn in on_day)
    assert found == recorded()
    assert len({day for day, _ in found}) > 40
    assert list(turns(corridor.store)) == sorted(turns(corridor.store))


def test_every_day_on_which_the_network_differs_is_listed(corridor: Any) -> None:
    """Between two listed days nothing changes; over the merger something does."""
    days = list(turns(corridor.store))

    def state(day: str) -> tuple[Any, ...]:
        network = project(corridor, day, "units")
        active = frozenset(slug for slug, a in network.nodes(data=True) if a.get("active"))
        return network.graph["groups"], active, frozenset(key for _, _, key in network.edges(keys=True))

    for first, last in (
        ("2023-07-12", "2023-11-30"),
        ("2024-01-02", "2024-09-03"),
        ("2025-07-16", "2025-09-21"),
    ):
        assert not [day for day in days if first < day <= last]
        assert state(first) == state(last)
    for before, day in (("2025-06-30", "2025-07-01"), ("2017-12-31", "2018-01-01")):
        assert day in days
        assert state(before) != state(day)


def test_the_answer(client: FlaskClient) -> None:
    found = client.get("/api/dates?lang=en").get_json()
    by_day = {entry["date"]: entry for entry in found["dates"]}
    assert found["first"] == min(by_day)
    assert found["last"] == max([*by_day, found["today"]])
    merger = by_day["2025-07-01"]
    assert merger["name"] == "01.07.2025"
    assert "Hải Dương and Hải Phòng become Hải Phòng" in merger["text"]
    assert "Hưng Yên and Thái Bình become Hưng Yên" in merger["text"]
    assert "agreement signed" in by_day["2022-07-28"]["text"]
    assert by_day["2005-01-01"]["name"] == "2005", "a year is not made a day"
    assert by_day["2020-11-01"]["name"] == "11.2020"
    assert all(entry["text"] and entry["count"] > 0 for entry in found["dates"])
    vietnamese = client.get("/api/dates?lang=vi").get_json()["dates"]
    assert any("Hải Dương và Hải Phòng hợp nhất thành Hải Phòng" in entry["text"] for entry in vietnamese)


def test_the_same_days_in_every_view(client: FlaskClient) -> None:
    usual = client.get("/api/dates?lang=en").get_json()
    assert client.get("/api/dates?lang=en&as_of=2010-01-01&reading=units").get_json() == usual
