"""The query page as a reader uses it: forms, views of a result, files; by mouse, keyboard, phone, without scripts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.test_axe import violations

PHONE = {"width": 360, "height": 740}
SUPPLY = "CONSTRUCT { ?s vx:suppliesTo ?b } WHERE { ?s vx:suppliesTo ?b . ?s vx:inCorridor true }"


def texts(page: Any, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def fits(page: Any) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_reader_who_knows_no_sparql_gets_an_answer_on_a_phone(page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/sparql?lang=vi")
    page.locator("summary", has_text="Câu hỏi").click()
    page.get_by_text("Nhà đầu tư và năng lực").click()
    page.get_by_role("link", name="Một khu công nghiệp sản xuất những gì").click()
    park = page.get_by_role("combobox", name="Khu công nghiệp")
    park.fill("nam dinh vu")
    page.get_by_role("option", name="Khu công nghiệp Nam Đình Vũ").first.wait_for()
    park.press("Enter")
    assert park.input_value().startswith("Khu công nghiệp Nam Đình Vũ")
    page.get_by_role("button", name="Xem câu trả lời").click()
    page.wait_for_url("**park=*")
    assert texts(page, ".res th")[:3] == ["Nhà máy", "Sản phẩm", "Tập đoàn"]
    assert page.locator(".res tbody tr").count() > 0
    assert not page.locator(".ed").is_visible()
    assert fits(page)


def test_growth_is_charted_and_downloaded_on_a_phone_in_vietnamese(page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/sparql?example=cq21-grdp-growth&lang=vi")
    page.get_by_label("Địa phương").select_option(label="Tỉnh Hải Dương")
    page.get_by_role("button", name="Xem câu trả lời").click()
    page.get_by_role("link", name="Biểu đồ").click()
    page.wait_for_url("**show=chart**")
    figure = page.locator("figure.chart").first
    assert figure.locator("figcaption").inner_text() == "Tốc độ tăng (%)"
    assert figure.locator("rect.bar").count() >= 3
    widths = figure.locator("rect.bar").evaluate_all(
        "bars => bars.map((bar) => bar.getBoundingClientRect().width)"
    )
    assert all(0 < width < 360 for width in widths)
    assert fits(page)
    page.locator(".files summary").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    with Path(file.value.path()).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["area"].rpartition("/")[2] for row in rows} == {"hai-duong"}
    assert "11.46" in {row["growth"] for row in rows}


def test_a_construct_is_drawn(page: Any) -> None:
    page.goto(f"/sparql?lang=vi&show=graph&query={quote(SUPPLY)}")
    lines = page.locator(".drawn svg path")
    assert lines.count() > 20
    assert "là của chính kết quả" in page.locator(".res .about").inner_text()
    page.get_by_role("link", name="Mở trong sơ đồ").click()
    page.wait_for_url("**/?things=*")


def test_a_table_sorts_by_mouse_and_keyboard(page: Any) -> None:
    page.goto("/sparql?example=cq11-free-area&lang=vi")
    heading = page.locator(".res th", has_text="Tỷ lệ lấp đầy")
    heading.get_by_role("button").click()
    column = ".res tbody td:nth-child(4)"

    def values() -> list[float]:
        return [float(text.replace(".", "").replace(",", ".")) for text in texts(page, column)]

    assert heading.get_attribute("aria-sort") == "ascending"
    assert values() == sorted(values())
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert values() == sorted(values(), reverse=True)
    page.locator(".res th button", has_text="Tính đến").click()
    dates = texts(page, ".res tbody td:nth-child(5)")
    filled = [date for date in dates if date != "–"]
    assert dates == filled + ["–"] * (len(dates) - len(filled))
    assert "Đã sắp xếp theo Tính đến" in page.locator(".res [role=status]").inner_text()


def test_commands_are_copied(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/sparql?example=x14-made-in-a-park&park=trang-due&lang=en")
    page.get_by_text("Use it from a program").click()
    page.get_by_role("button", name="Copy as curl").click()
    page.get_by_text("Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl -H 'Accept: text/csv'")
    assert "park=trang-due" in copied


def test_without_scripts_forms_and_views_work(browser: Any, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql?example=x14-made-in-a-park&lang=en")
    assert page.locator("#p-park-names option").count() > 100
    page.get_by_label("Park", exact=True).fill("Nam Dinh Vu Industrial Park")
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("link", name="Map", exact=True).click()
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["show"] == ["map"]
    assert asked["park"] == ["Nam Dinh Vu Industrial Park"]
    assert page.locator("svg.places .marks g").count() >= 1
    context.close()


@pytest.mark.parametrize(("width", "beside"), [(360, False), (1440, True)])
def test_without_scripts_the_questions_stand_where_there_is_room(
    browser: Any, base_url: str, width: int, beside: bool
) -> None:
    context = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": width, "height": 740}
    )
    page = context.new_page()
    page.goto("/sparql?lang=vi")
    assert page.locator(".topic summary").first.is_visible() == beside
    assert page.locator("#ask").bounding_box()["y"] < 740
    context.close()


@pytest.mark.parametrize(
    ("example", "scrolls"), [("x17-who-supplies-a-product", False), ("cq14-candidates-for-a-buyer", True)]
)
def test_a_picture_says_when_it_is_larger_than_its_frame(page: Any, example: str, scrolls: bool) -> None:
    page.set_viewport_size({"width": 1180, "height": 900})
    page.goto(f"/sparql?example={example}&show=graph&lang=en")
    page.locator(".drawn").wait_for()
    page.wait_for_selector(".sideways", state="visible" if scrolls else "hidden")


def test_the_sparql_can_be_shown(page: Any) -> None:
    page.goto("/sparql?example=x14-made-in-a-park&park=nam-dinh-vu&lang=en")
    page.get_by_text("Show the SPARQL").click()
    page.locator(".ed").wait_for()
    assert "BIND(id:nam-dinh-vu AS ?park)" in page.locator("#query").input_value()


@pytest.mark.parametrize(
    ("show", "width", "scheme"),
    [
        ("table", 1440, "light"), ("table", 360, "dark"), ("graph", 360, "light"), ("chart", 360, "dark"),
        ("map", 1440, "dark"), ("raw", 360, "light"),
    ],
)  # fmt: skip
def test_a_view_breaks_no_rule(page: Any, show: str, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/sparql?example=cq11-free-area&lang=vi&show={show}")
    assert violations(page) == []
    for seen in (1440, 360):
        page.set_viewport_size({"width": seen, "height": 900})
        assert fits(page), seen
