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
