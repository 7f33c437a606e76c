"""The page of a gap prints on one A4 page."""

from __future__ import annotations

import re
from typing import Any

import pytest


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_first_finding_of_each_detector_prints_on_one_page(
    page: Any, findings: Any, language: str
) -> None:
    first = {finding.detector: finding.id for finding in reversed(findings)}
    pages = {}
    for detector, gap in first.items():
        page.goto(f"/gaps/{gap}?lang={language}")
        pages[detector] = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert pages == dict.fromkeys(first, 1)


def test_a_gap_sheet_prints_all_of_its_questions(page: Any) -> None:
    page.goto("/page/trang-due/gaps?lang=vi")
    page.emulate_media(media="print")
    hidden = page.locator(".steps li, .cand .need small").evaluate_all(
        "items => items.filter(item => !item.getClientRects().length).length"
    )
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="screen")
    assert page.locator(".steps li").count() > 2
    assert hidden == 0
