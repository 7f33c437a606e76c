"""Whole journeys: "find LG, expand its suppliers, open the source, share the view" by keyboard alone and by touch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.test_browser import READY, count, open_explorer

SMALL = """() => [...document.querySelectorAll('main :is(a, button, summary, input, select)')].filter((one) => {
    const box = one.getBoundingClientRect();
    return one.matches('.bar *, .zoom *, .time *, .list *, .acts *, .r > li > *') && one.checkVisibility() && box.width
        && (box.height < 39.5 || box.width < 39.5) && !(one.type === 'checkbox' || one.type === 'range');
  }).map((one) => `${one.outerHTML.slice(0, 90)} ${one.getBoundingClientRect().height}`)"""
SIDEWAYS = "document.documentElement.scrollWidth"


@pytest.fixture
def phone(browser: Any, base_url: str, page_log: Any) -> Iterator[Any]:
    """A page of 360 px with touch."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    opened = context.new_page()
    page_log.watch(opened, urlsplit(base_url).netloc)
    yield opened
    context.close()
    assert page_log.errors == [] and page_log.external == []


def tab_to(page: Any, selector: str, back: bool = False) -> None:
    """Presses Tab until the keyboard is on `selector`."""
    for _ in range(90):
        if page.evaluate("(s) => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"Tab does not reach {selector}")


def test_by_keyboard_alone(page: Any) -> None:
    open_explorer(page, "/?lang=en")
    page.keyboard.press("/")
    page.keyboard.type("lg display")
    plant = page.locator("#find-hits [role=option]", has_text="Trang Due").first
    expect(plant).to_be_visible()
    while plant.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("focus=lgd-trang-due"))
    expect(page.locator("#panel .title")).to_be_focused()
    expect(page.locator("#panel .r")).to_be_visible()
    supplies = "#panel .r summary"
    before = count(page, "nodes")
    tab_to(page, "#panel .r button[data-relation]:not([data-relation=missing])")
    page.keyboard.press("Enter")
    expect(page.locator("#canvas")).not_to_have_attribute("data-nodes", str(before))
    expect(page.locator(supplies).first).to_be_visible()
    link = page.url
    tab_to(page, "#panel .src", back=True)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/page/"))
    expect(page.locator("main a[rel~=noopener]").first).to_be_visible()
    page.go_back()
    page.wait_for_selector(READY)
    expect(page.locator("#canvas")).not_to_have_attribute("data-nodes", str(before))
    tab_to(page, "#share")
    page.keyboard.press("Enter")
    field = page.locator("#share-link input")
    expect(field).to_have_value(re.compile(r"v=|/s/"))
    assert link.split("?")[0] in field.input_value() or "/s/" in field.input_value()
    page.keyboard.press("Escape")
    expect(page.locator("#share")).to_be_focused()


def test_by_touch_in_vietnamese(phone: Any) -> None:
    open_explorer(phone, "/?lang=vi")
    assert phone.evaluate(SMALL) == []
    phone.locator("#find").tap()
    phone.keyboard.type("lg display")
    expect(phone.locator("#find-hits .kind").first).to_have_text(re.compile("Tổ chức|Nhà máy"))
    phone.locator("#find-hits [role=option]", has_text="Tràng Duệ").first.tap()
    expect(phone).to_have_url(re.compile("focus=lgd-trang-due"))
    expect(phone.locator("#panel .r")).to_be_visible()
    before = count(phone, "nodes")
    phone.locator("#panel .r button[data-relation]:visible:not([data-relation=missing])").first.tap()
    expect(phone.locator("#canvas")).not_to_have_attribute("data-nodes", str(before))
    assert phone.evaluate(SIDEWAYS) == 360
    assert phone.evaluate(SMALL) == []
    phone.locator("#panel .src").first.tap()
    expect(phone).to_have_url(re.compile("/page/"))
    phone.go_back()
    phone.wait_for_selector(READY)
    phone.get_by_role("button", name="Đóng", exact=True).first.tap()
    phone.locator("#export summary").tap()
    phone.get_by_role("button", name="Chia sẻ").tap()
    expect(phone.locator("#share-link input")).to_have_value(re.compile(r"v=|/s/"))
    assert phone.evaluate(SIDEWAYS) == 360


def middle(phone: Any) -> tuple[float, float]:
    """Where the mark in the middle of the view of surroundings stands."""
    box = phone.locator("#canvas .net").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def fingers(phone: Any) -> Callable[..., None]:
    """A function that sends one touch event with a finger at each of the points given after its kind."""
    client = phone.context.new_cdp_session(phone)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        spots = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    return touch


def test_a_tap_selects(phone: Any) -> None:
    open_explorer(phone, "/?focus=trang-due&show=graph&lang=en&select=")
    phone.touchscreen.tap(*middle(phone))
    expect(phone.locator("#panel .title")).to_contain_text("Trang Due")


def test_a_long_press_opens_the_menu_and_lifting_chooses_nothing(phone: Any) -> None:
    open_explorer(phone, "/?focus=trang-due&show=graph&lang=en&select=")
    touch = fingers(phone)
    touch("touchStart", middle(phone))
    expect(phone.get_by_role("menu")).to_be_visible()
    touch("touchEnd")
    expect(phone.get_by_role("menu")).to_be_visible()
    expect(phone.locator("#undo")).to_be_disabled()
    phone.get_by_role("menuitem", name="Only its neighbourhood").tap()
    expect(phone.locator("#canvas")).to_have_attribute("data-near", "trang-due")


def test_two_fingers_zoom_and_select_nothing(phone: Any) -> None:
    open_explorer(phone, "/?focus=trang-due&show=graph&lang=en&select=")
    x, y = middle(phone)
    touch = fingers(phone)
    touch("touchStart", (x - 40, y + 60))
    for spread in range(40, 121, 10):
        touch("touchStart" if spread == 40 else "touchMove", (x - spread, y + 60), (x + spread, y + 60))
    touch("touchEnd")
    expect(phone).to_have_url(re.compile("v="))
    expect(phone.locator("#panel")).to_be_hidden()


def test_a_double_tap_expands_and_opens_nothing(phone: Any) -> None:
    open_explorer(phone, "/?focus=trang-due&show=graph&lang=en&select=")
    x, y = middle(phone)
    phone.touchscreen.tap(x, y)
    phone.touchscreen.tap(x, y)
    expect(phone.locator("#say")).to_contain_text("Everything recorded around it is in the picture.")
    expect(phone.locator("#panel")).to_be_hidden()


def test_a_path_is_lit_until_it_is_left(page: Any) -> None:
    open_explorer(page, "/?lang=en&select=lgd-trang-due")
    page.get_by_role("button", name="Path to…").click()
    page.locator("#path-to").press_sequentially("trang due")
    expect(page.locator("#path-to-hits [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.locator("#path .out button").first.click()
    expect(page.locator("#canvas")).to_have_attribute("data-near", "path")
    leave = page.get_by_role("button", name="Leave the path")
    expect(leave).to_be_visible()
    rows = page.locator("#list li:not([hidden]) a[data-id]")
    lit = rows.count()
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#canvas")).to_have_attribute("data-near", "path")
    leave.click()
    expect(page.locator("#canvas")).to_have_attribute("data-near", "")
    assert rows.count() > lit


def test_hits_stand_under_their_kinds(page: Any) -> None:
    open_explorer(page, "/?lang=en")
    page.fill("#find", "LG")
    groups = page.locator("#find-hits [role=group]")
    expect(groups.first).to_be_visible()
    names = groups.evaluate_all(
        "(all) => all.map((g) => document.getElementById(g.getAttribute('aria-labelledby')).textContent)"
    )
    assert len(names) == len(set(names)) > 1
    assert {"Organisation", "Plant"} <= set(names)


def test_the_plus_marks_of_the_map_say_what_they_hold(page: Any) -> None:
    page.goto("/map?lang=en")
    page.wait_for_selector("main[data-ready=true]")
    mark = page.locator("#map .mark-group:not([data-id])").first
    ids = mark.get_attribute("data-ids").split()
    mark.dispatch_event("click")
    expect(page.locator("#panel .names li")).to_have_count(len(ids))
    page.locator("#panel .names a").first.click()
    expect(page).to_have_url(re.compile(f"select={ids[0]}"))


def test_filters_lead_to_their_cell_of_the_matrix_and_back(page: Any) -> None:
    open_explorer(page, "/?lang=en&sector=C26&locality=hai-phong")
    page.click("#filters summary")
    page.get_by_role("link", name="The same in the matrix").click()
    expect(page).to_have_url(re.compile("/matrix.*place=hai-phong.*sector=isic-26"))
    page.get_by_role("link", name="Open in the explorer").click()
    page.wait_for_selector(READY)
    assert count(page, "nodes") > 3
