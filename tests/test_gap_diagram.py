"""The drawing of a gap, wide and narrow: the same things, with names that can be read."""

from __future__ import annotations

import pytest
from flask import Flask

from graph import gap_diagram, gap_diagram_narrow
from graph.gap_diagram import shortened
from web import support
from web.gap_page import gap_page


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("LG Display", "LG Display"),
        ("LG Display Hải Phòng", "LG Display Hải…"),
        ("Supercalifragilistic", "Supercalifragi…"),
        ("Supercalifragilistic Ltd", "Supercalifragi…"),
    ],
)
def test_a_name_is_never_cut_to_nothing(words: str, shown: str) -> None:
    assert shortened(words, 15) == shown


def test_the_narrow_drawing_shows_what_the_wide_one_shows(app: Flask) -> None:
    with app.test_request_context("/gaps?lang=vi"):
        pages = (gap_page(finding) for finding in support.view().findings[::20])
        drawings = [page.drawing for page in pages if page.drawing]
    assert len(drawings) > 10
    for wide, narrow in drawings:
        assert {mark.slug for mark in narrow.marks} == {mark.slug for mark in wide.marks}
        assert set(narrow.styles) == set(wide.styles)
        assert (wide.width, narrow.width) == (gap_diagram.WIDTH, gap_diagram_narrow.WIDTH)
        for drawing in (wide, narrow):
            assert all(
                0 <= mark.x < drawing.width and 0 <= mark.y <= drawing.height for mark in drawing.marks
            )
            assert all(line.strip("…") for mark in drawing.marks for line in mark.lines)


def test_the_drawing_of_a_concentrated_park_shows_the_plants_that_were_counted(app: Flask) -> None:
    with app.test_request_context("/gaps?lang=en"):
        view = support.view()
        parks = [
            finding
            for finding in view.findings
            if finding.detector == "D10" and view.network.nodes[finding.subject]["kind"] == "zone"
        ]
        shown = [gap_page(finding).drawing for finding in parks]
    assert parks
    for finding, drawing in zip(parks, shown, strict=True):
        assert drawing is not None
        assert sum(band.count for band in drawing.wide.bands) == finding.plants
