"""The views of a result as a reader sees them: sizes on the screen, sorting, copying, a phone."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

PHONE = {"width": 360, "height": 740}
LINKS = "CONSTRUCT { ?p vx:inZone ?z . ?p vx:makes ?g } WHERE { ?p vx:inZone ?z ; vx:makes ?g }"
NAMES = """SELECT ?name ?n ?day { VALUES (?name ?n ?day) {
  ("Đông" -2.5 "2024-06-25"^^xsd:date) ("Dương" 10 "2023-12-01"^^xsd:date) ("An" 9.5 "2024-01-31"^^xsd:date)
  ("Ân" 1000 "1999-01-01"^^xsd:date) ("Em" UNDEF UNDEF) ("đá" 0 "2024-06-03"^^xsd:date) } }"""


def sparql(query: str, show: str, lang: str = "vi") -> str:
    return f"/sparql?lang={lang}&show={show}&query={quote(query)}"


def fits(page: Any) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_names_of_a_graph_are_legible_and_lead_on(page: Any) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(sparql(LINKS, "graph"))
    smallest = page.locator(".drawn text").evaluate_all(
        """texts => Math.min(...texts.map((text) =>
          parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
    )
    assert smallest >= 11
    assert fits(page)
    page.get_by_role("link", name="Xem bảng").click()
    page.locator(".rows tbody tr").first.wait_for()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("column", "order"),
    [
        ("name", ["An", "Ân", "Dương", "đá", "Đông", "Em"]),
        ("n", ["Đông", "đá", "An", "Dương", "Ân", "Em"]),
        ("day", ["Ân", "Dương", "An", "đá", "Đông", "Em"]),
    ],
)
def test_numbers_dates_and_vietnamese_sort(page: Any, lang: str, column: str, order: list[str]) -> None:
    page.goto(sparql(NAMES, "table", lang))
    page.get_by_role("button", name=column, exact=True).click()
    assert page.locator(".rows td:first-child").all_inner_texts() == order


def test_a_long_table_on_a_phone_keeps_its_header_and_links(page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto(sparql("SELECT ?plant ?p ?x { ?plant a vx:Facility ; ?p ?x }", "table"))
    rows = page.locator(".rows")
    assert rows.locator("tbody tr").count() == 500
    rows.evaluate("(box) => { box.scrollTop = 4000; box.scrollLeft = 40 }")
    tops = page.evaluate(
        """() => [document.querySelector('.rows'), document.querySelector('.rows th')]
          .map((each) => each.getBoundingClientRect().top)"""
    )
    assert abs(tops[0] - tops[1]) < 2
    assert rows.locator("td:first-child a[href^='/page/']").count() == 500
    assert fits(page)
    page.locator(".files summary").click()
    box = page.locator(".files .pop").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert fits(page)


def test_the_text_scrolls_in_its_box_and_is_copied_whole(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size(PHONE)
    page.goto(sparql("SELECT ?plant ?p ?x { ?plant a vx:Facility ; ?p ?x }", "raw", "en"))
    page.get_by_role("link", name="CSV", exact=True).first.click()
    page.wait_for_url("**form=csv**")
    page.get_by_text("Cut on the screen").wait_for()
    assert fits(page)
    shown = page.locator("#as-text").inner_text()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("Copied.").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.replace("\r", "").startswith(shown.replace("\r", "")[:5000])
    assert len(copied) > len(shown)


def test_a_chart_wraps_its_names_on_a_phone(page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/sparql?example=cq21-grdp-growth&show=chart&lang=vi")
    rights = page.locator(".bars span").evaluate_all(
        "spans => spans.map((span) => span.getBoundingClientRect().right)"
    )
    assert rights
    assert max(rights) <= 360
    assert fits(page)
