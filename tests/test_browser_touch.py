"""Fingers on the picture: what follows quickly after a tap is never taken for it, and a pinch opens nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.conftest import PageLog

READY = "main[data-ready=true]"
AFTER_A_TAP, HELD = 400, 300
"""Milliseconds: longer than the page waits after a tap for a second one; longer than a finger rests by accident."""
Touch = Callable[..., None]
Spot = tuple[float, float]


@pytest.fixture
def phone(browser: Any, base_url: str, page_log: PageLog) -> Iterator[Any]:
    """The surroundings of a park on a page of 360 px with touch, nothing chosen. Its clock stands: tests move it."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page_log.watch(page, urlsplit(base_url).netloc)
    page.clock.install(time=0)
    page.goto("/?focus=trang-due&show=graph&lang=vi&select=")
    page.wait_for_selector(READY)
    page.clock.pause_at(3_600_000)
    yield page
    context.close()
    assert page_log.errors == []


@pytest.fixture
def touch(phone: Any) -> Touch:
    """A function that sends one touch event, with a finger at each of the points given after its kind."""
    client = phone.context.new_cdp_session(phone)

    def send(kind: str, *points: Spot) -> None:
        spots = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    return send


@pytest.fixture
def spot(phone: Any) -> Spot:
    """Where the mark of the park stands."""
    box = phone.locator("#canvas .net").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def tap(touch: Touch, at: Spot) -> None:
    touch("touchStart", at)
    touch("touchEnd")


def pinch(touch: Touch, at: Spot) -> None:
    x, y = at
    touch("touchStart", (x - 40, y))
    touch("touchStart", (x - 40, y), (x + 40, y))
    for spread in range(50, 121, 10):
        touch("touchMove", (x - spread, y), (x + spread, y))
    touch("touchEnd", (x - 120, y))
    touch("touchEnd")


def test_a_tap_a_long_press_and_a_pinch_each_do_their_own(phone: Any, touch: Touch, spot: Spot) -> None:
    tap(touch, spot)
    touch("touchStart", spot)
    phone.clock.run_for(HELD)
    expect(phone.get_by_role("menu")).to_be_visible()
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.locator("#panel")).to_be_hidden()
    touch("touchEnd")
    expect(phone.get_by_role("menu")).to_be_visible()
    pinch(touch, (spot[0], spot[1] - 100))
    expect(phone.get_by_role("menu")).to_have_count(0)
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.get_by_role("menu")).to_have_count(0)
    expect(phone.locator("#panel")).to_be_hidden()
    expect(phone.locator("#undo")).to_be_disabled()


def test_a_pinch_right_after_a_tap_chooses_nothing(phone: Any, touch: Touch, spot: Spot) -> None:
    tap(touch, spot)
    pinch(touch, spot)
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.get_by_role("menu")).to_have_count(0)
    expect(phone.locator("#panel")).to_be_hidden()
    expect(phone.locator("#canvas")).to_have_attribute("data-selected", "")


def test_a_pinch_with_one_finger_on_the_panel_is_no_long_press(phone: Any, touch: Touch, spot: Spot) -> None:
    tap(touch, spot)
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.locator("#panel .r")).to_be_visible()
    stage = phone.locator("#canvas .net").bounding_box()
    panel = phone.locator("#panel").bounding_box()
    mark = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    beside = (panel["x"] + 40, panel["y"] + 30)
    touch("touchStart", mark)
    touch("touchStart", mark, beside)
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.get_by_role("menu")).to_have_count(0)
    touch("touchEnd", mark)
    touch("touchEnd")
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.get_by_role("menu")).to_have_count(0)


def test_a_tap_still_chooses_after_a_pinch(phone: Any, touch: Touch, spot: Spot) -> None:
    pinch(touch, spot)
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.locator("#panel")).to_be_hidden()
    tap(touch, spot)
    phone.clock.run_for(AFTER_A_TAP)
    expect(phone.locator("#panel .title")).to_be_visible()
