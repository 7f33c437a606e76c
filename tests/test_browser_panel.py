"""The panel and the dialog for paths, in a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

READY = "main[data-ready=true]"


def open_page(page: Any, address: str) -> None:
    page.goto(address)
    expect(page.locator(READY)).to_be_attached()


def panel(page: Any) -> Any:
    return page.locator("#panel")


def test_links_are_a_list_whose_rows_open_the_thing(page: Any) -> None:
    open_page(page, "/?focus=trang-due&lang=en")
    row = panel(page).locator(".r li", has_text="Plants here (12)").first
    row.locator("summary").click()
    expect(row.locator(".near li")).to_have_count(12)
    row.get_by_role("link", name=re.compile("^LG Display")).click()
    expect(panel(page).locator(".title")).to_contain_text("LG Display")
    expect(page.locator("#canvas")).to_have_attribute("data-selected", "lgd-trang-due")


def test_conflicts_history_and_facts_have_sources_and_more_acts(page: Any) -> None:
    open_page(page, "/?focus=trang-due&lang=en")
    expect(panel(page).locator(".differ").first).to_contain_text("401")
    expect(panel(page).locator(".differ .used .src").first).to_be_visible()
    expect(panel(page).get_by_role("heading", name="History")).to_be_visible()
    expect(panel(page).locator(".past").first).to_contain_text("01.07.2025")
    panel(page).get_by_role("button", name="More", exact=True).click()
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem")).to_have_text(["Hide", "Pin", "Only its neighbourhood"])
    menu.get_by_role("menuitem", name="Pin").press("Enter")
    expect(page.locator("#canvas")).to_have_attribute("data-pinned", "1")
    expect(menu).to_be_hidden()


def test_a_long_list_of_links_comes_25_at_a_time(page: Any) -> None:
    open_page(page, "/?focus=hai-phong&lang=en")
    row = panel(page).locator(".r li", has_text="Located here").first
    row.locator("summary").click()
    expect(row.locator(".near li")).to_have_count(25)
    row.get_by_role("button", name="Next 25", exact=True).first.click()
    expect(row.locator(".near li")).to_have_count(50)


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("link-002", ["Recorded relation", "supplies Apple Inc.", "current", "Sources"]),
        (
            "lgd-trang-due|group_plants|lg",
            ["Computed relation", "is a plant of the group", "It follows from"],
        ),
        ("driver-ic|missing|lgd-trang-due", ["Needed, not recorded", "no corridor supply", "Read this gap"]),
    ],
)
def test_a_line_opens_its_evidence(page: Any, line: str, texts: list[str]) -> None:
    open_page(page, f"/?focus=lgd-trang-due&select={line.replace('|', '%7C')}&lang=en")
    for text in texts:
        expect(panel(page)).to_contain_text(text)
    expect(panel(page).locator(".src").first).to_be_visible()


def test_a_thing_that_is_not_there_yet_leads_to_its_day(page: Any) -> None:
    open_page(page, "/?focus=hai-phong-2025&as_of=2025-01-01&lang=en")
    expect(panel(page)).to_contain_text("Not recorded as existing on 01.01.2025.")
    panel(page).get_by_role("link", name="See 01.07.2025").click()
    expect(page).to_have_url(re.compile("as_of=2025-07-01"))
    expect(panel(page).locator(".title")).to_be_visible()
    expect(panel(page)).not_to_contain_text("Not recorded as existing")


def test_a_thing_without_links_says_what_that_means(page: Any) -> None:
    page.route("**/api/expand?id=*", lambda route: route.fulfill(json={"center": "x", "relations": []}))
    open_page(page, "/?focus=trang-due&lang=en")
    expect(panel(page)).to_contain_text("not proof that there are none")


def test_what_failed_can_be_tried_again(page: Any, page_log: Any) -> None:
    page.route("**/api/thing/**", lambda route: route.abort())
    open_page(page, "/?focus=trang-due&lang=en")
    again = panel(page).get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.unroute("**/api/thing/**")
    again.click()
    expect(panel(page)).to_contain_text("Facts")
    assert page_log.errors
    page_log.errors.clear()


def test_a_path_is_found_by_keyboard_and_put_in_the_picture(page: Any) -> None:
    open_page(page, "/?focus=lgd-trang-due&lang=en")
    panel(page).get_by_role("button", name="Path to…").press("Enter")
    dialog = page.locator("#path")
    expect(page.locator("#path-from")).to_have_value("LG Display")
    expect(page.locator("#path-to")).to_be_focused()
    page.keyboard.type("vinfast cat hai")
    hits = page.locator("#path-to-hits")
    expect(hits.locator("[role=option]").first).to_be_visible()
    expect(hits).not_to_contain_text("statement")
    expect(hits.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(hits.locator("[role=option]").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(dialog.locator(".found li")).to_have_count(3)
    expect(dialog.locator(".found li").first).to_contain_text("→")
    before = int(page.locator("#canvas").get_attribute("data-nodes"))
    dialog.get_by_role("button", name="Show in picture").first.click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#canvas")).not_to_have_attribute("data-nodes", str(before))
    page.keyboard.press("Control+z")
    expect(page.locator("#canvas")).to_have_attribute("data-nodes", str(before))
    expect(panel(page).get_by_role("link", name="Show its surroundings")).to_be_hidden()


def test_relations_change_the_answer_and_none_is_said_in_words(page: Any) -> None:
    open_page(page, "/?focus=lgd-trang-due&lang=en")
    panel(page).get_by_role("button", name="Path to…").click()
    dialog = page.locator("#path")
    page.fill("#path-to", "trang due industrial")
    expect(page.locator("#path-to-hits [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(dialog.locator(".found li").first).to_be_visible()
    for name in dialog.locator("[name=relation]:checked").evaluate_all(
        "boxes => boxes.map((box) => box.value)"
    ):
        if name != "claims":
            dialog.locator(f"[value={name}]").uncheck()
    expect(dialog.locator(".out")).to_contain_text("That does not mean there is none.")
    dialog.locator("[value=claims]").uncheck()
    expect(dialog.locator(".out")).to_contain_text("Choose at least one kind of relation.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
