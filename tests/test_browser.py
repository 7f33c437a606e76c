"""A real browser does what a newcomer does. The `page` fixture fails on any console error or outside request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

READY = "#main[data-ready=true]"
WORLD = (1440, 752)


def open_explorer(page: Any, address: str = "/") -> None:
    page.goto(address)
    page.wait_for_selector(READY)


def count(page: Any, what: str) -> int:
    return int(page.get_attribute("#canvas", f"data-{what}"))


def position(page: Any, node: str) -> tuple[float, float]:
    """Where a node of the overview stands on the screen: the whole world is fitted into the canvas."""
    view = page.request.get("/api/graph").json()
    found = next(n for n in view["nodes"] if n["id"] == node)
    box = page.locator("#canvas .net").bounding_box()
    scale = min(box["width"] / WORLD[0], box["height"] / WORLD[1])
    return (
        box["x"] + box["width"] / 2 + (found["x"] - WORLD[0] / 2) * scale,
        box["y"] + box["height"] / 2 + (found["y"] - WORLD[1] / 2) * scale,
    )


def test_the_overview_is_drawn_and_a_vain_search_says_so(page: Any) -> None:
    open_explorer(page)
    assert 90 <= count(page, "nodes") <= 300
    assert count(page, "missing") >= 10
    expect(page.locator("h1")).to_have_text("Hành lang trong một hình")
    expect(page.locator("#panel")).to_be_hidden()

    page.fill("#find", "qqqzzz")
    expect(page.get_by_text("Không tìm thấy", exact=False).first).to_be_visible()


def test_search_without_diacritics_opens_the_place_or_lists_all(page: Any) -> None:
    open_explorer(page)
    page.keyboard.press("/")
    page.keyboard.type("hai duong")
    first = page.locator("#find-hits [role=option]").first
    expect(first).to_contain_text("Hải Dương")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"focus=hai-duong"))
    expect(page.locator("#panel .title")).to_contain_text("Hải Dương")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Hành lang trong một hình")
    page.fill("#find", "LG")  # an exact name: still all results are shown
    page.click("#find-hits .all")
    expect(page).to_have_url(re.compile(r"/search\?q=LG&all=1"))
    assert page.locator("main .hints li").count() > 8


def test_the_keyboard_goes_to_the_panel_and_back(page: Any) -> None:
    open_explorer(page)
    title = page.locator("#panel .title")
    page.fill("#find", "trang due")
    expect(page.locator("#find-hits [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(title).to_contain_text("Tràng Duệ")
    expect(title).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#find")).to_be_focused()
    page.click("[data-choose=list]")
    row = page.locator("#list a[data-id]").first
    row.press("Enter")
    expect(title).to_be_focused()
    page.keyboard.press("Escape")
    expect(row).to_be_focused()


def test_the_address_keeps_selection_and_list(page: Any) -> None:
    open_explorer(page)
    page.click("[data-choose=list]")
    page.locator("#list a[data-kind][data-id=trang-due]").first.click()
    expect(page.locator("#panel .title")).to_contain_text("Tràng Duệ")
    expect(page).to_have_url(re.compile(r"\?show=list&select=trang-due$"))
    expect(page.locator(".lang a[lang=en]")).to_have_attribute("href", "?show=list&select=trang-due&lang=en")
    page.locator("#panel .acts a[href^='/page/']").click()
    expect(page).to_have_url(re.compile("/page/trang-due"))
    page.go_back()
    expect(page.locator("#panel .title")).to_contain_text("Tràng Duệ")
    expect(page.locator("#list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/\?show=list$"))


def test_a_click_shows_facts_with_their_sources_and_missing_links(page: Any) -> None:
    open_explorer(page)
    before = count(page, "missing")
    page.mouse.click(*position(page, "lgd-trang-due"))
    expect(page.locator("#panel .title")).to_contain_text("LG Display")
    expect(page.locator("#canvas")).to_have_attribute("data-selected", "lgd-trang-due")
    expect(page.locator("#panel .src").nth(2)).to_be_attached()
    expect(page.locator("#canvas")).not_to_have_attribute("data-missing", str(before))
    assert count(page, "missing") > before
    assert "/gaps/" in page.locator("#panel .m a").first.get_attribute("href")


@pytest.mark.parametrize(
    ("select", "of_plant", "sheet"),
    [("lgd-trang-due", 1, 0), ("trang-due", 0, 1), ("pham-tan-cong", 0, 0)],
)
def test_the_panel_of_a_park_leads_to_what_its_plants_need(
    page: Any, select: str, of_plant: int, sheet: int
) -> None:
    open_explorer(page, f"/?lang=en&select={select}")
    expect(page.locator("#panel .title")).to_be_visible()
    expect(page.locator(f"#panel a[href^='/page/{select}/gaps']")).to_have_count(sheet)
    expect(page.locator("#panel").get_by_text("needed by this plant")).to_have_count(of_plant)


def test_a_double_click_adds_neighbours(page: Any) -> None:
    open_explorer(page)
    before = count(page, "nodes")
    page.mouse.dblclick(*position(page, "lgd-trang-due"))
    page.wait_for_selector(f"#canvas:not([data-nodes='{before}'])")
    assert count(page, "nodes") > before


def test_what_is_in_the_picture_is_not_offered_again(page: Any) -> None:
    open_explorer(page, "/?select=trang-due")
    expect(page.locator("#panel .title")).to_contain_text("Tràng Duệ")
    expand = page.locator("#panel .acts button.solid")
    buttons = page.locator("#panel .r button:visible")
    expect(buttons).not_to_have_count(0)
    expect(expand).to_be_enabled()
    while left := buttons.count():
        buttons.first.click()
        expect(buttons).not_to_have_count(left)
    expect(page.locator("#panel .r li").first).to_contain_text("đã hiện hết", use_inner_text=True)
    expect(expand).to_be_disabled()


def test_a_group_counts_down_as_its_members_are_added_25_at_a_time(page: Any) -> None:
    open_explorer(page, "/?focus=hai-phong")
    row = page.locator("#panel button[data-relation=located_in][data-direction=in]")
    expect(row).to_have_text("Thêm 25 nữa")
    before, rest = count(page, "nodes"), count(page, "rest")
    row.click()
    expect(page.locator("#canvas")).to_have_attribute("data-nodes", str(before + 25))
    assert count(page, "rest") == rest - 25


def test_the_gap_page_opens_its_evidence_in_the_graph(page: Any) -> None:
    page.goto("/gaps")
    page.locator("a[href*='gap=d1-']").first.click()
    page.wait_for_selector(READY)
    assert count(page, "missing") >= 1
    expect(page.locator("#gap-link")).to_be_visible()


def test_who_says_so_is_one_click_away(page: Any) -> None:
    open_explorer(page, "/?focus=lgd-trang-due")
    page.locator("#panel .src").first.click()
    expect(page).to_have_url(re.compile(r"/page/"))
    expect(page.locator("main a[rel~=noopener]").first).to_be_visible()


def test_samsung_shows_the_claim_and_what_the_records_say(page: Any) -> None:
    open_explorer(page, "/?focus=samsung&lang=en")
    expect(page.locator("#list")).to_contain_text("VEHEC")
    page.goto("/claims?lang=en")
    first = page.locator("main article, main section, main li").filter(has_text="Samsung").first
    expect(first).to_contain_text("0 of 6")


NARROW = (
    "/", "/gaps", "/gaps/{gap}", "/page/trang-due/gaps", "/matrix", "/what-if", "/experts", "/sparql", "/sources",
    "/claims", "/page/trang-due", "/?focus=lgd-trang-due",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_page_scrolls_sideways_on_a_phone(page: Any, findings: Any, lang: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    widths = {}
    for address in NARROW:
        page.goto(f"{address.replace('{gap}', findings[0].id)}{'&' if '?' in address else '?'}lang={lang}")
        widths[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in widths.items() if width > 390} == {}


def test_the_standalone_export_opens_offline(page: Any, page_log: Any, tmp_path: Path) -> None:
    answer = page.request.get("/export/explorer.html")
    file = tmp_path / "explorer.html"
    file.write_bytes(answer.body())
    page.context.set_offline(True)
    page.goto(file.as_uri())
    page.wait_for_selector("canvas")
    assert page_log.external == []
    assert not re.search(rb"<(script|link|img)[^>]+(src|href)=[\"']https?:", answer.body())
