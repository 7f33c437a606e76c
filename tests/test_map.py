"""The map: what stands where, how well its place is known, and the page without script."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from graph import project
from graph.explore.atlas import Map, Mark, map_view
from graph.explore.things import Things
from graph.geo import ZOOMS, Frame, Ground, Named, Rect, read_outlines, square, text_rect

DATA = Path(__file__).parents[1] / "data"
BROWSER = {"Accept": "text/html"}


def table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def whole(network: Any) -> Map:
    return map_view(Things(network, "en"), read_outlines(DATA))


@pytest.fixture(scope="module")
def merged(corridor: Any) -> Map:
    return map_view(Things(project(corridor, "2025-07-01", "units"), "vi"), read_outlines(DATA))


@pytest.fixture(scope="module")
def before(corridor: Any) -> Map:
    return map_view(Things(project(corridor, "2025-06-30", "units"), "vi"), read_outlines(DATA))


def overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def mark_of(view: Map, thing: str) -> Mark:
    return next(mark for mark in view.marks if thing in mark.ids)


def test_positions_follow_the_tables(whole: Map) -> None:
    """Longitude and latitude of every drawn place, against one linear scale fitted from two airports."""
    rows = {row["id"]: row for name in ("zones", "infrastructure") for row in table(name)}
    west, east = (rows[name] for name in ("cat-bi-airport", "van-don-airport"))
    one, two = mark_of(whole, "cat-bi-airport"), mark_of(whole, "van-don-airport")
    per_lon = (two.x - one.x) / (float(east["lon"]) - float(west["lon"]))
    per_lat = (two.y - one.y) / (float(east["lat"]) - float(west["lat"]))
    assert per_lon / -per_lat == pytest.approx(math.cos(math.radians(21.1)), abs=0.01), "true to scale"
    for mark in whole.marks:
        for thing in mark.ids[:1] if mark.id else mark.ids:
            assert mark.x == pytest.approx(
                one.x + (float(rows[thing]["lon"]) - float(west["lon"])) * per_lon, abs=1
            )
            assert mark.y == pytest.approx(
                one.y + (float(rows[thing]["lat"]) - float(west["lat"])) * per_lat, abs=1
            )


def test_precision_follows_the_tables(whole: Map) -> None:
    recorded = {row["id"]: row["location_precision"] for n in ("zones", "infrastructure") for row in table(n)}
    drawn = {thing: mark.precision for mark in whole.marks for thing in (mark.zones or (mark.id,))}
    assert {thing: recorded[thing] for thing in drawn} == drawn
    assert "province" not in drawn.values(), "a province is no place for a mark"
    vague = {thing for province in whole.provinces for thing in (*province.zones, *province.ports)}
    assert {recorded[thing] for thing in vague} == {"province"}
    assert set(drawn) & vague == set()
    ports = {row["id"] for row in table("infrastructure") if not row["lat"]}
    listed = next(part for part in whole.parts if part.key == "nowhere")
    assert {row.id for row in listed.rows} == ports
    assert whole.nowhere == len(ports) > 0


def test_every_zone_is_in_the_list_once(whole: Map) -> None:
    listed = Counter(row.id for part in whole.parts for row in part.rows)
    assert set(listed.values()) == {1}
    assert {row["id"] for row in table("zones")} <= set(listed)


def test_parks_carry_the_numbers_of_the_graph(whole: Map, network: Any) -> None:
    things = Things(network, "en")
    mark = mark_of(whole, "trang-due")
    begun = {plant for plant in things.plants("trang-due") if network.nodes[plant]["active"]}
    assert mark.plants == len(begun) > 5
    assert mark.anchors == sum(network.nodes[plant]["role"] == "anchor" for plant in begun) > 0
    assert "lgd-trang-due" in mark.ids
    assert mark_of(whole, "cat-bi-airport").precision == "exact"
    assert (mark_of(whole, "cat-bi-airport").dx, mark_of(whole, "cat-bi-airport").dy) == (0, 0)


def test_a_plant_that_starts_later_is_not_counted(corridor: Any, whole: Map) -> None:
    network = project(corridor, "2000-01-01")
    early = map_view(Things(network, "en"), read_outlines(DATA))
    assert mark_of(early, "nomura-hai-phong").plants < mark_of(whole, "nomura-hai-phong").plants
    assert not mark_of(early, "trang-due").begun
    several = [mark for mark in early.marks if not mark.id]
    there = [any(network.nodes[zone]["active"] for zone in mark.zones) for mark in several]
    assert [mark.begun for mark in several] == there and {*there} == {True, False}


def test_a_mark_of_several_parks_says_which_come_later(client: FlaskClient) -> None:
    pages = [
        client.get(f"/map?lang=en&as_of={day}", headers=BROWSER).text for day in ("2000-01-01", "2026-01-01")
    ]
    titles = [re.findall(r"<title>(\d+ parks? with no recorded plant\n[^<]+)", page) for page in pages]
    assert [any(", not yet established on this date\n" in title for title in found) for found in titles] == [
        True,
        False,
    ]


def test_the_merger(before: Map, merged: Map) -> None:
    assert [p.id for p in before.provinces] == ["hung-yen", "hai-duong", "hai-phong", "quang-ninh"]
    assert sorted(p.id for p in merged.provinces) == ["hai-phong-2025", "hung-yen-2025", "quang-ninh"]
    roles = {area.id: area.role for area in merged.areas}
    assert {a for a, role in roles.items() if role == "former"} == {
        "hai-duong", "hai-phong", "hung-yen", "thai-binh",
    }  # fmt: skip
    assert roles["hai-phong-2025"] == "group"
    assert {a.role for a in before.areas if a.id in ("hai-phong-2025", "hung-yen-2025")} == set()
    assert next(a.role for a in before.areas if a.id == "thai-binh") == "other"
    assert (before.width, before.height) == (merged.width, merged.height), "the frame stays"


def test_the_agreement_keeps_its_four_localities_on_any_date(whole: Map) -> None:
    groups = {area.id for area in whole.areas if area.role == "group"}
    assert groups == {"quang-ninh", "hai-phong", "hai-duong", "hung-yen"}
    assert all(area.role != "former" for area in whole.areas)


@pytest.mark.parametrize("zoom", [0.85, 1.0, 1.3, 1.8, 2.4, 3.5, 6.0])
def test_nothing_covers_anything(whole: Map, merged: Map, zoom: float) -> None:
    level = max(n for n, least in enumerate(ZOOMS) if zoom >= least)
    for view in (whole, merged):
        rects = []
        for mark in view.marks:
            x, y = mark.x * zoom, mark.y * zoom
            named = Named((mark.x, mark.y), mark.r, mark.name)
            rects.append((mark.x * zoom + mark.dx, mark.y * zoom + mark.dy, mark.r))
            if mark.label.level <= level and mark.name:
                left, top, right, bottom = text_rect(named, mark.label)
                box = (left + x, top + y, right + x, bottom + y)
                assert box[0] >= -1
                assert box[2] <= view.width * zoom + 1
                others = [
                    (
                        o.x * zoom + o.dx - o.r,
                        o.y * zoom + o.dy - o.r,
                        o.x * zoom + o.dx + o.r,
                        o.y * zoom + o.dy + o.r,
                    )
                    for o in view.marks
                    if o is not mark
                ]
                assert not any(overlap(box, other) for other in others), mark.id
        for n, (x, y, r) in enumerate(rects):
            for x2, y2, r2 in rects[:n]:
                assert math.hypot(x - x2, y - y2) >= min(r + r2, 12), "rings stand apart"


def test_only_what_is_kept_is_drawn(network: Any) -> None:
    view = map_view(Things(network, "en"), read_outlines(DATA), keep={"lgd-trang-due", "trang-due"})
    assert [mark.id for mark in view.marks] == ["trang-due"]
    assert mark_of(view, "trang-due").plants == 1
    assert len(view.provinces) == 4, "the frame of the map stays"
    assert map_view(Things(network, "en"), {}, keep=set()).marks == ()


def test_no_outlines_no_ground(network: Any, tmp_path: Path) -> None:
    assert read_outlines(tmp_path) == {}
    view = map_view(Things(network, "en"), read_outlines(tmp_path))
    assert view.areas == ()
    assert len(view.marks) > 20


def test_ground() -> None:
    frame = Frame.around([(106.0, 20.0), (107.0, 21.0)], 1000)
    ground = Ground(frame, 1.0)
    assert frame.holds(frame.point(106.5, 20.5))
    assert not frame.holds(frame.point(110.0, 20.5))
    middle = frame.point(106.5, 20.5)
    assert ground.settle(middle, square(10)) == (0, 0)
    assert math.hypot(*ground.settle(middle, square(10))) >= 20
    with pytest.raises(ValueError):
        Frame.around([], 1000)


@pytest.mark.parametrize(
    ("east_of_it", "left", "free"),
    [
        (10.0, -20.0, False),  # west of the other at first, passes over it later
        (10.0, 121.0, True),
        (10.0, 105.0, False),
        (0.0, -20.0, True),  # the same point: the distance stays
        (-10.0, -20.0, True),
    ],
)
def test_what_is_free_stays_free_at_larger_zooms(east_of_it: float, left: float, free: bool) -> None:
    frame = Frame.around([(106.0, 20.0), (107.0, 21.0)], 1000)
    x, y = frame.point(106.5, 20.5)
    ground = Ground(frame, 1.0)
    ground.take((x, y), (100.0, -10.0, 120.0, 10.0))
    assert ground.free((x + east_of_it, y), (left, -10.0, left + 20, 10.0)) is free


def test_the_page(client: FlaskClient) -> None:
    page = client.get("/map?select=trang-due&lang=en", headers=BROWSER).text
    assert "GeoNames (CC BY 4.0)" in page
    assert "Natural Earth" in page
    assert re.search(r'class="mark-park district z\d sel"', page)
    assert page.count('class="group" data-area') == 4
    assert "/page/trang-due" in page, "without script the page of the thing is a click away"
    assert "http://" not in re.sub(r'xmlns="[^"]*"', "", page.split("<main")[1].split("</main>")[0])
    assert client.get("/map?select=no-such-thing", headers=BROWSER).status_code == 404
    assert client.get("/map?as_of=2025-13-01", headers=BROWSER).status_code == 400
    assert client.get("/map?sector=nonsense", headers=BROWSER).status_code == 400


def test_filters_choose_what_is_drawn(client: FlaskClient) -> None:
    def marks(query: str) -> int:
        return client.get(f"/map?{query}", headers=BROWSER).text.count("<title>")

    assert 0 < marks("sector=C26") < marks("")


def test_names_are_text(network: Any, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Things, "short", lambda self, slug, limit=0: "<img src=x onerror=alert(1)>")
    page = client.get("/map?lang=en&as_of=2019-03-03", headers=BROWSER).text
    assert "<img" not in page
    assert "&lt;img src=x" in page


def test_outlines_of_the_data_set() -> None:
    features = json.loads((DATA / "outlines.geojson").read_text(encoding="utf-8"))["features"]
    found = read_outlines(DATA)
    assert list(found) == [feature["properties"]["id"] for feature in features]
    assert sum(len(ring) for ring in found["hai-duong"].rings) == 68
