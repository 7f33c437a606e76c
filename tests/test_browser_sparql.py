"""The editor of queries in Chromium: names, errors, running and cancelling, sharing, what the browser keeps."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from graph.workers import WORKERS
from tests.test_axe import violations

EDITOR = ".CodeMirror"
ROWS = "SELECT ?zone WHERE { ?zone a vx:Zone } ORDER BY ?zone LIMIT 3"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def opened(page: Any, path: str = "/sparql?lang=en") -> Any:
    page.goto(path)
    page.wait_for_selector(EDITOR)
    return page


def write(page: Any, text: str) -> None:
    page.click(f"{EDITOR} .CodeMirror-lines")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def box(page: Any) -> str:
    return page.input_value("#query")


def run(page: Any, text: str) -> None:
    write(page, text)
    page.keyboard.press("Control+Enter")


def until(page: Any, condition: Callable[[], bool]) -> None:
    """Waits for the server, which shares this process: it goes on while the browser is asked something."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() < started + 30
        page.evaluate("1")


@pytest.mark.parametrize(
    ("lang", "typed", "offered", "label"),
    [
        ("en", "industrial pa", "vx:IndustrialPark", "Khu công nghiệp"),
        ("vi", "khu cong ng", "vx:IndustrialPark", "Industrial park"),
    ],
)
def test_a_class_is_completed_by_its_name(page: Any, lang: str, typed: str, offered: str, label: str) -> None:
    opened(page, f"/sparql?lang={lang}")
    last = typed.split()[-1]
    write(page, f"SELECT * {{ ?zone a {last}")
    with page.expect_response(re.compile("/api/complete")):
        page.keyboard.press("Control+Space")
    hint = page.locator(".CodeMirror-hint", has_text=offered).first
    hint.wait_for()
    assert label in hint.inner_text()
    hint.click()
    assert box(page) == f"SELECT * {{ ?zone a {offered}"


def test_an_error_is_shown_at_its_place_and_can_be_mended(page: Any, page_log: Any) -> None:
    opened(page)
    run(page, "SELECT * {\n  ?s nope:x ?o\n}")
    page.wait_for_selector(".wrong-sign")
    assert "".join(page.locator(".wrong-sign").all_inner_texts()) == "nope:x"
    assert "line 2, column 6" in page.inner_text(".err")
    assert "line 2" in page.get_attribute(".wrong-mark", "aria-label")
    run(page, ROWS)
    page.wait_for_selector(".res .resh strong:text('3 rows')")
    assert page.locator(".err, .wrong-sign").count() == 0
    page_log.errors.clear()  # the browser logs the 400


def test_cancel_frees_the_query_process(page: Any, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = app.extensions["vehec"].pool
    monkeypatch.setattr(pool, "seconds", 300.0)  # the deadline is not to free it
    until(page, lambda: pool.idle == WORKERS)
    opened(page, "/sparql?lang=vi")
    run(page, RUNAWAY)
    page.wait_for_selector(".said[aria-hidden]:has-text('1')")
    until(page, lambda: pool.counts()["running"] == 1)
    with page.expect_response(re.compile("/api/queries/")) as stopped:
        page.click("#editor button:text('Hủy')")
    assert stopped.value.status == 204
    page.wait_for_selector("text=Đã hủy")
    page.wait_for_selector("button[type=submit]:not([disabled])")
    until(page, lambda: pool.counts()["running"] == 0)
    run(page, ROWS)
    page.wait_for_selector(".res .resh strong:text('3')")
    until(page, lambda: pool.idle == WORKERS)


def test_a_share_leads_back_to_the_query(page: Any) -> None:
    opened(page)
    write(page, ROWS)
    page.click("#editor button:text('Share')")
    address = page.input_value("#workbench-address")
    assert "/sparql?" in address and "lang=en" in address
    page.goto(address)
    assert box(page) == ROWS
    opened(page)
    write(page, ROWS + "\n# " + "long " * 500)
    page.click("#editor button:text('Share')")
    page.wait_for_selector("#workbench-share[open]")
    assert "/s/" in page.input_value("#workbench-address")
    page.goto(page.input_value("#workbench-address"))
    assert box(page).startswith(ROWS)


def test_the_share_of_an_answer_leads_back_to_its_form(page: Any) -> None:
    page.goto("/sparql?example=x14-made-in-a-park&park=nam-dinh-vu&show=raw&lang=en")
    page.locator(".tabs").wait_for(state="attached")
    page.locator("[data-share]").click()
    address = page.locator("#workbench-address")
    address.wait_for()
    assert parse_qs(urlsplit(address.input_value()).query) == {
        "example": ["x14-made-in-a-park"], "park": ["nam-dinh-vu"], "show": ["raw"], "lang": ["en"],
    }  # fmt: skip


def test_runs_and_open_queries_are_there_again(page: Any) -> None:
    opened(page)
    run(page, ROWS)
    page.wait_for_selector(".res .resh strong:text('3 rows')")
    opened(page, "/sparql?lang=en&query=ASK {}")
    page.click("summary:text('History')")
    page.click("[data-shelf=history] li button")
    assert box(page) == ROWS
    page.reload()
    page.wait_for_selector(EDITOR)
    assert page.locator(".tabs span").count() == 2
    page.click("[aria-label='New query']")
    assert box(page) == ""
    page.click(".tabs span >> nth=2 >> button >> nth=1")
    assert page.locator(".tabs span").count() == 2


def test_saved_queries_go_to_files_and_back(page: Any, tmp_path: Path) -> None:
    opened(page)
    write(page, ROWS)
    page.click("summary:text('Saved')")
    page.fill("[data-shelf=saved] input[type=text]", "Ba khu đầu")
    page.click("text=Save this query")
    with page.expect_download() as fetched:
        page.click("[aria-label='Download Ba khu đầu as .rq']")
    assert fetched.value.suggested_filename == "ba-khu-dau.rq"
    file = tmp_path / "one.rq"
    fetched.value.save_as(file)
    assert file.read_text("utf-8") == f"# Ba khu đầu\n{ROWS}"
    page.click("[aria-label='Delete Ba khu đầu']")
    other = tmp_path / "other.rq"
    other.write_text("ASK { ?s a vx:Zone }", "utf-8")
    page.set_input_files("input[type=file]", [file, other])
    page.wait_for_selector("[data-shelf=saved] li button:text('other')")
    odd = tmp_path / "bảng.csv"
    odd.write_text('id,"select"\n# ask\n1,<construct>', "utf-8")
    page.set_input_files("input[type=file]", [odd])
    page.wait_for_selector("[data-shelf=saved] [role=status]:has-text('bảng.csv')")
    assert page.locator("[data-shelf=saved] li").count() == 2
    page.click("[data-shelf=saved] li button:text('Ba khu đầu')")
    assert box(page) == file.read_text("utf-8")


def test_the_keys(page: Any) -> None:
    opened(page)
    write(page, "SELECT * {\n?s ?p ?o .\nFILTER(?o > 3) # { no bracket\n}")
    page.keyboard.press("Control+Shift+F")
    assert box(page) == "SELECT * {\n  ?s ?p ?o .\n  FILTER(?o > 3) # { no bracket\n}"
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+/")
    assert box(page).splitlines()[0].lstrip().startswith("#")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Run"
    page.keyboard.press("?")
    assert page.locator("#workbench-keys[open]").count() == 1


def test_the_plain_form_works_without_the_package(page: Any, page_log: Any) -> None:
    page.route("**/yasqe.esm.js", lambda route: route.abort())
    page.goto("/sparql?lang=en")
    page.fill("#query", ROWS)
    page.click("#editor [type=submit]")
    page.wait_for_selector(".res .resh strong:text('3 rows')")
    page_log.errors.clear()  # the blocked file


def test_the_plain_form_works_without_javascript(browser: Any, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql?lang=en")
    page.fill("#query", ROWS)
    page.click("#editor [type=submit]")
    assert "3 rows" in page.inner_text(".resh")
    context.close()


def test_offline_says_what_to_do(page: Any, page_log: Any) -> None:
    opened(page)
    page.route("**/sparql?*", lambda route: route.abort())
    run(page, ROWS)
    page.wait_for_selector(".err:has-text('run the query again')")
    page_log.errors.clear()  # the blocked answer


@pytest.mark.parametrize(("width", "scheme", "lang"), [(1440, "light", "vi"), (360, "dark", "en")])
def test_the_editor_breaks_no_rule(page: Any, width: int, scheme: str, lang: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    opened(page, f"/sparql?lang={lang}&query=ASK {{ ?s a vx:Zone }}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
