"""The matrix of localities and sectors, its cells, and the gap sheets of things."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

PLACES = ("hung-yen", "hai-duong", "hai-phong", "quang-ninh")
BROWSER = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("language", "heading"), [("vi", "Ai có thể cung ứng cho ai"), ("en", "Who could supply whom")]
)
def test_the_matrix_reads_in_both_languages(client: Any, language: str, heading: str) -> None:
    text = client.get(f"/matrix?lang={language}").get_data(as_text=True)
    assert f"<h1>{heading}</h1>" in text
    assert text.count('<th scope="row">') > len(PLACES)
    assert text.count("<caption") == 2


@pytest.mark.parametrize("maker", PLACES)
@pytest.mark.parametrize("buyer", PLACES)
def test_a_cell_counts_the_list_it_opens(client: Any, maker: str, buyer: str) -> None:
    text = client.get("/matrix?lang=en").get_data(as_text=True)
    cell = re.search(
        rf'href="/matrix\?from={maker}&amp;to={buyer}"[^>]*aria-label="[^"]*, (\d+) to check"', text
    )
    assert cell
    listed = client.get(f"/gaps.json?kind=D3&pair={maker}.{buyer}") if int(cell[1]) else None
    assert int(cell[1]) == (listed.get_json()["total"] if listed else 0)
    assert client.get(f"/matrix?from={maker}&to={buyer}").status_code == 200


def test_every_sector_cell_opens_its_missing_inputs(client: Any) -> None:
    text = unescape(client.get("/matrix?lang=en").get_data(as_text=True))
    cells = re.findall(r'href="(/matrix\?place=[^"]+)" aria-label="[^"]* (\d+) inputs without', text)
    assert cells
    for address, missing in cells[:8]:
        page = unescape(client.get(address).get_data(as_text=True))
        assert f"{missing} input" in page or missing == "0"


@pytest.mark.parametrize("query", ["from=ha-noi&to=hai-phong", "from=hai-phong", "place=hung-yen&sector=x"])
def test_an_unknown_cell_is_refused(client: Any, query: str) -> None:
    assert client.get(f"/matrix?{query}", headers={"Accept": "application/json"}).status_code == 400


def test_the_matrix_follows_the_reading(client: Any) -> None:
    units = client.get("/matrix?reading=units&lang=en").get_data(as_text=True)
    assert "reading=units" in units
    assert units.count('<th scope="row">') != client.get("/matrix?lang=en").get_data(as_text=True).count(
        '<th scope="row">'
    )


@pytest.mark.parametrize("slug", ["vinfast-cathai", "trang-due", "hai-phong"])
@pytest.mark.parametrize(("language", "heading"), [("vi", "Phiếu khoảng trống"), ("en", "Gap sheet")])
def test_a_gap_sheet(client: Any, slug: str, language: str, heading: str) -> None:
    answer = client.get(f"/page/{slug}/gaps?lang={language}", headers=BROWSER)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert heading in text
    assert "/gaps/d1-" in text


@pytest.mark.parametrize(("slug", "cut"), [("hai-phong", True), ("trang-due", False)])
def test_a_gap_sheet_says_what_it_leaves_out(client: Any, slug: str, cut: bool) -> None:
    text = client.get(f"/page/{slug}/gaps?lang=en").get_data(as_text=True)
    assert ("The first 25 of" in text) is cut
    assert "State of " in text and "data version" in text


@pytest.mark.parametrize("slug", ["special-steel", "nowhere"])
def test_what_has_no_plants_has_no_sheet(client: Any, slug: str) -> None:
    assert client.get(f"/page/{slug}/gaps", headers={"Accept": "application/json"}).status_code == 404


def test_the_page_of_a_park_links_its_sheet(client: Any) -> None:
    assert 'href="/page/trang-due/gaps"' in client.get("/page/trang-due", headers=BROWSER).get_data(
        as_text=True
    )
