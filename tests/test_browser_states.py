"""Empty and broken states of the explorer: each says what happened and what to do, and none waits for ever."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.test_browser import READY, count, open_explorer

BUSY = {"status": 503, "content_type": "application/problem+json", "body": "{}"}
NETWORK_NOISE = re.compile("Failed to load resource|net::ERR")


def forgive(page_log: Any) -> None:
    """Chromium itself logs each request that failed; nothing else may be logged."""
    page_log.errors[:] = [text for text in page_log.errors if not NETWORK_NOISE.search(text)]


def test_nothing_matches_the_filters(page: Any) -> None:
    open_explorer(page, "/?lang=en&sector=C15&locality=bac-giang")
    page.click("#filters summary")
    expect(page.locator("#filters .matching")).to_contain_text(
        re.compile("Nothing matches|of .* things match")
    )
    expect(page.get_by_role("link", name="Clear")).to_be_visible()


def test_a_thing_without_links_says_so(page: Any) -> None:
    open_explorer(page, "/?lang=en")
    page.route("**/api/expand?*", lambda route: route.fulfill(json={"center": "trang-due", "relations": []}))
    page.click("[data-choose=list]")
    page.locator("#list a[data-id=trang-due]").click()
    expect(page.locator("#panel")).to_contain_text("No links recorded around it.")


def test_a_busy_server_is_called_busy_and_asked_again(page: Any, page_log: Any) -> None:
    open_explorer(page, "/?lang=en")
    page.route("**/api/**", lambda route: route.fulfill(**BUSY))
    page.click("[data-choose=list]")
    page.locator("#list a[data-id=trang-due]").click()
    expect(page.locator("#panel [role=alert]")).to_contain_text("The server is busy")
    page.fill("#find", "lg")
    expect(page.locator("#find-hits")).to_contain_text("The server is busy")
    page.unroute_all()
    page.locator("#panel").get_by_role("button", name="Try again").click()
    expect(page.locator("#panel .title")).to_contain_text("Trang Due")
    expect(page.locator("#panel .f").first).to_be_visible()
    forgive(page_log)


def test_a_view_that_is_refused_can_be_asked_again(page: Any, page_log: Any) -> None:
    open_explorer(page, "/?lang=en&select=trang-due")
    nodes = count(page, "nodes")
    page.route("**/api/graph?*", lambda route: route.fulfill(**BUSY))
    page.locator("#panel .acts a[href*='focus=']").click()
    expect(page.locator("#say")).to_contain_text("The server is busy")
    assert count(page, "nodes") == nodes, "the former picture stays"
    page.unroute_all()
    page.locator("#say").get_by_role("button", name="Try again").click()
    expect(page).to_have_url(re.compile("focus=trang-due"))
    expect(page.locator("#say")).to_be_empty()
    forgive(page_log)


def test_an_answer_that_does_not_come_is_given_up(page: Any, page_log: Any) -> None:
    open_explorer(page, "/?lang=en&show=list")
    page.evaluate("AbortSignal.timeout = () => { const c = new AbortController();"
                  " c.abort(new DOMException('late', 'TimeoutError')); return c.signal; };")  # fmt: skip
    page.locator("#list a[data-id=trang-due]").click()
    expect(page.locator("#panel [role=alert]")).to_contain_text("takes too long")
    expect(page.locator("#panel").get_by_role("button", name="Try again")).to_be_visible()
    forgive(page_log)


def test_an_unknown_thing_is_no_reason_to_try_again(page: Any, page_log: Any) -> None:
    open_explorer(page, "/?lang=en&select=no-such-thing")
    expect(page.locator("#panel [role=alert]")).to_contain_text("Search for it")
    expect(page.locator("#panel").get_by_role("button", name="Try again")).to_have_count(0)
    assert count(page, "nodes") > 90
    answer = page.goto("/?focus=no-such-thing&lang=en")
    assert answer.status == 404
    expect(page.locator("main")).to_contain_text("no-such-thing")
    forgive(page_log)


def test_offline_says_so_and_goes_on_when_the_network_is_back(page: Any, page_log: Any) -> None:
    open_explorer(page, "/?lang=en&select=trang-due")
    expect(page.locator("#panel .acts")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#panel .acts a[href*='focus=']").click()
    expect(page.locator("#say")).to_contain_text("There is no connection")
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("focus=trang-due"))
    expect(page.locator("#say")).to_be_empty()
    forgive(page_log)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/?lang=en&v=%25%25%25", "A part of this link is damaged"),
        ("/?lang=en&v=e30", "A part of this link is damaged"),
        ("/?lang=en&view=nope", "This short link is not known here"),
    ],
)
def test_a_damaged_link_shows_the_rest_and_says_so(
    page: Any, page_log: Any, address: str, words: str
) -> None:
    open_explorer(page, address)
    expect(page.locator("#say")).to_contain_text(words)
    assert count(page, "nodes") > 90
    forgive(page_log)


def test_without_the_drawing_library_the_list_works(page: Any, page_log: Any) -> None:
    page.route("**/vis-network.min.js", lambda route: route.abort())
    open_explorer(page, "/?lang=en")
    expect(page.locator("#say")).to_contain_text("The list holds the same things")
    page.locator("#list a[data-id=trang-due]").click()
    expect(page.locator("#panel .title")).to_contain_text("Trang Due")
    page.locator("#panel button[data-relation=in_zone][data-direction=in]").click()
    expect(page.locator("#list [data-added] li")).not_to_have_count(0)
    forgive(page_log)


def test_a_refused_question_says_what_to_ask_instead(page: Any, page_log: Any) -> None:
    open_explorer(page, "/?lang=en&select=trang-due")
    refused = {"status": 400, "json": {"detail": "Type 2025-06-30."}}
    page.route("**/api/graph?*", lambda route: route.fulfill(**refused))
    page.locator("#panel .acts a[href*='focus=']").click()
    expect(page.locator("#say")).to_have_text("Type 2025-06-30.")
    forgive(page_log)


def test_a_date_that_was_passed_over_is_not_drawn(page: Any) -> None:
    asked: list[str] = []
    page.on("requestfailed", lambda request: asked.append(request.url))
    open_explorer(page, "/?lang=en&as_of=2025-06-01&reading=units")
    slider = page.locator("#time input")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(page.locator("#time")).to_have_attribute("data-state", "ready")
    shown = page.locator("#time output").inner_text()
    day = "-".join(reversed(shown.split(".")))
    expect(page).to_have_url(re.compile(f"as_of={day}"))


def test_the_line_of_a_group_says_what_it_stands_for(page: Any, page_log: Any) -> None:
    group = "group:thang-long-2:toto-tl2-3|in_zone|thang-long-2"
    open_explorer(page, "/?lang=en")
    page.evaluate(
        "async (id) => { history.replaceState(null, '', '?lang=en&select=' + encodeURIComponent(id)); }",
        group,
    )
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#panel .sum")).to_contain_text("stands for several things")
    page.locator("#panel dd a", has_text="TOTO").click()
    expect(page.locator("#panel .title")).to_contain_text("TOTO")
