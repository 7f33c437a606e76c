"""The filters in a browser: applied at once with script, sent as a form without."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

READY = "main.explorer[data-ready=true]"


def box(page: Any, facet: str, value: str) -> Any:
    return page.locator(f"#filters input[name={facet}][value={value}]")


def number_beside(page: Any, facet: str, value: str) -> Any:
    return page.locator(f"#filters li:has(input[name={facet}][value={value}]) .n")


def query(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_choice_applies_at_once_and_back_takes_it_away(page: Any) -> None:
    page.goto("/?lang=en")
    page.wait_for_selector(READY)
    before = int(page.get_attribute("#canvas", "data-nodes"))
    page.click("#filters > summary")
    promised = number_beside(page, "sector", "C26").inner_text()
    box(page, "sector", "C26").check()
    expect(page.locator("#view-subtitle")).to_contain_text(f"{promised} of 1,675 things match")
    expect(page.locator("#filters .matching")).to_have_text(f"{promised} of 1,675 things match")
    expect(page.locator("#filters .chosen")).to_have_text("(1)")
    assert query(page)["sector"] == ["C26"]
    assert int(page.get_attribute("#canvas", "data-nodes")) < before
    promised = number_beside(page, "locality", "hai-phong").inner_text()
    box(page, "locality", "hai-phong").check()
    expect(page.locator("#view-subtitle")).to_contain_text(f"{promised} of 1,675 things match")
    page.go_back()
    expect(box(page, "locality", "hai-phong")).not_to_be_checked()
    expect(box(page, "sector", "C26")).to_be_checked()
    page.click("#filters [data-clear]")
    expect(page.locator("#canvas")).to_have_attribute("data-nodes", str(before))
    assert "sector" not in query(page)
    page.click("#filters [data-close]")
    expect(page.locator("#filters")).not_to_have_attribute("open", "")
    expect(page.locator("#filters > summary")).to_be_focused()


def test_filters_stay_when_another_picture_opens(page: Any) -> None:
    page.goto("/?lang=en&sector=C26&focus=trang-due")
    page.wait_for_selector(READY)
    expect(page.locator("#view-subtitle")).to_contain_text("left out by filters")
    page.click(".up")
    expect(page.locator("#view-subtitle")).to_contain_text("things match")
    assert query(page)["sector"] == ["C26"]
    page.click("#filters > summary")
    expect(box(page, "sector", "C26")).to_be_checked()


def test_rows_of_the_list_follow(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/?focus=trang-due")
    page.wait_for_selector(READY)
    plants = page.locator("#list [data-kind=facility]")
    expect(plants.first).to_be_visible()
    page.click("#filters > summary")
    box(page, "kind", "organization").check()
    expect(plants).to_have_count(0)
    expect(page.locator("#list [data-kind=organization]").first).to_be_attached()


def test_a_product_is_found_and_chosen(page: Any) -> None:
    page.goto("/?lang=vi")
    page.wait_for_selector(READY)
    page.click("#filters > summary")
    page.fill("[data-find=product]", "day dien")
    found = box(page, "product", "wire-harness")
    found.check()
    expect(page.locator("#filters .chosen")).to_have_text("(1)")
    page.wait_for_url("**product=wire-harness**")


def test_nothing_left_says_what_to_do(page: Any) -> None:
    page.goto("/?lang=en&sector=C26&status=ended&locality=hai-phong")
    page.wait_for_selector(READY)
    expect(page.locator("#view-subtitle")).to_have_text(
        "Nothing matches these filters. Take one of them away."
    )


@pytest.mark.parametrize("width", [390, 1440])
def test_the_form_works_without_script(browser: Any, base_url: str, width: int) -> None:
    context = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": width, "height": 844}
    )
    page = context.new_page()
    page.goto("/?lang=en&focus=trang-due&as_of=2025-06-30")
    page.click("#filters > summary")
    box(page, "sector", "C26").check()
    page.click("#filters [type=submit]")
    wanted = {"lang": ["en"], "focus": ["trang-due"], "as_of": ["2025-06-30"], "sector": ["C26"]}
    assert query(page) == wanted
    expect(page.locator("#view-subtitle")).to_contain_text("left out by filters")
    page.click("#filters > summary")
    page.click("#filters [data-clear]")
    assert query(page) == {name: value for name, value in wanted.items() if name != "sector"}
    context.close()
