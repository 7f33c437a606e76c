"""The map and the date slider as a reader uses them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

MERGED = {"hai-phong-2025", "hung-yen-2025", "quang-ninh"}


@pytest.fixture
def chart(page: Any) -> Any:
    """The map, ready."""

    def open_at(query: str = "") -> Any:
        page.goto(f"/map?lang=en{query}")
        expect(page.locator("#main")).to_have_attribute("data-ready", "true")
        return page

    return open_at


def groups(page: Any) -> set[str]:
    return set(page.locator("#map path.group").evaluate_all("all => all.map((a) => a.dataset.area)"))


def test_choose_on_the_map_then_in_the_graph(chart: Any) -> None:
    page = chart()
    page.locator('#map a[data-id="trang-due"] circle').click()
    expect(page.locator("#panel .title")).to_have_text("Trang Due Industrial Park")
    expect(page.locator("#map")).to_have_attribute("data-selected", "trang-due")
    expect(page.locator("#map .sel")).to_have_count(1)
    assert "select=trang-due" in page.url
    page.reload()
    expect(page.locator("#panel .title")).to_have_text("Trang Due Industrial Park")
    page.locator('.bar .seg a[data-view="graph"]').click()
    expect(page.locator("#main")).to_have_attribute("data-ready", "true")
    expect(page.locator("#canvas")).to_have_attribute("data-selected", "trang-due")
    page.locator("#to-map").click()
    expect(page.locator("#map")).to_have_attribute("data-selected", "trang-due")


def test_the_list_chooses_too(chart: Any) -> None:
    page = chart()
    row = page.locator('.below a[data-id="song-khoai"]')
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel .title")).to_be_focused()
    expect(row).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(row).to_be_focused()
    assert "select" not in page.url


def test_a_thing_with_no_place_is_chosen_with_its_province(chart: Any) -> None:
    page = chart()
    loose = page.locator(".below .loose").first
    loose.locator("summary").click()
    loose.locator("a[data-id]").first.click()
    expect(page.locator("#map .names .sel")).to_have_count(1)


def test_zoom_keeps_the_size_of_marks_and_adds_labels(chart: Any) -> None:
    page = chart()
    ring = page.locator('#map a[data-id="trang-due"] circle')
    labels = page.locator("#map .lettering:visible")
    size, shown = ring.bounding_box()["width"], labels.count()
    page.locator("#frame").focus()
    for _ in range(3):
        page.keyboard.press("+")
    assert ring.bounding_box()["width"] == pytest.approx(size, abs=1)
    assert labels.count() > shown
    page.keyboard.press("0")
    assert labels.count() == shown


def test_the_merger_on_the_map(chart: Any) -> None:
    page = chart("&reading=units&as_of=2025-06-30")
    time = page.locator("#time")
    expect(time).to_be_visible()
    assert groups(page) == {"hai-phong", "hai-duong", "hung-yen", "quang-ninh"}
    time.locator("[data-step=on]").click()
    expect(time.locator(".what")).to_contain_text("Hải Dương and Hải Phòng become Hải Phòng")
    expect(page.locator("#map path.former")).to_have_count(4)
    assert groups(page) == MERGED
    assert "as_of=2025-07-01" in page.url
    expect(page.locator(".dateline")).to_contain_text("01.07.2025")
    page.go_back()
    expect(page.locator("#map path.former")).to_have_count(0)
    expect(time.locator("output")).to_have_text("30.06.2025")


def test_the_merger_in_the_graph(page: Any) -> None:
    page.goto("/?lang=en&reading=units&as_of=2025-06-30")
    expect(page.locator("#main")).to_have_attribute("data-ready", "true")
    time = page.locator("#time")
    expect(time).to_be_visible()
    time.locator("input").focus()
    page.keyboard.press("ArrowRight")
    expect(time.locator(".what")).to_contain_text("Hải Dương and Hải Phòng become Hải Phòng")
    expect(page.locator(".list h2", has_text="Hải Dương")).to_have_count(0)
    assert "as_of=2025-07-01" in page.url


def test_playing_stops_when_asked(chart: Any) -> None:
    page = chart("&as_of=2024-12-10")
    play = page.locator("[data-step=play]")
    play.click()
    expect(play).to_have_text("Pause")
    expect(page.locator("#time output")).not_to_have_text("10.12.2024")
    play.click()
    expect(play).to_have_text("Play")


def test_a_busy_server_is_said_and_tried_again(chart: Any, page_log: Any) -> None:
    page = chart("&as_of=2025-06-30")
    page.route(re.compile(r"/map\?"), lambda route: route.fulfill(status=503, body="busy"))
    page.locator("[data-step=on]").click()
    expect(page.locator("#time .what")).to_have_text("The server is busy.")
    page.unroute(re.compile(r"/map\?"))
    page.locator("[data-step=retry]").click()
    expect(page.locator("#time .what")).to_contain_text("become")
    expect(page.locator("[data-step=retry]")).to_be_hidden()
    page_log.errors[:] = [error for error in page_log.errors if "503" not in error]


def test_without_script(browser: Any, base_url: str) -> None:
    context = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": 1200, "height": 900}
    )
    page = context.new_page()
    page.goto("/map?lang=en")
    expect(page.locator("#time")).to_be_hidden()
    page.locator('#map a[data-id="trang-due"] circle').click()
    expect(page.locator("#panel .title")).to_have_text("Trang Due Industrial Park")
    expect(page.locator("#panel")).to_contain_text("drawn at the seat of its district")
    context.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_phone_never_scrolls_sideways(page: Any, lang: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/map?lang={lang}&select=trang-due")
    expect(page.locator("#main")).to_have_attribute("data-ready", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    frame, mark = page.locator("#frame").bounding_box(), page.locator("#map .sel circle").bounding_box()
    assert frame["x"] <= mark["x"] <= frame["x"] + frame["width"], "what is chosen is in the frame"
