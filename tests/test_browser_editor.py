"""The editor of queries for a Vietnamese reader: everyday words, input methods, a phone, and the history of runs."""

from __future__ import annotations

from typing import Any

import pytest

EDITOR = ".CodeMirror"
ROWS = "SELECT ?zone WHERE { ?zone a vx:Zone } ORDER BY ?zone LIMIT 3"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HISTORY = "[data-shelf=history]"
CTRL, ALT, SHIFT = 2, 1, 8
SET = "(node, text) => { const e = node.CodeMirror; e.setValue(text); e.focus(); e.execCommand('goDocEnd') }"


def opened(page: Any, path: str = "/sparql?lang=vi") -> Any:
    page.goto(path)
    page.wait_for_selector(EDITOR, state="attached")
    return page


def write(page: Any, text: str) -> None:
    """Puts the text in, as it is, with the cursor at its end."""
    page.eval_on_selector(EDITOR, SET, text)


def box(page: Any) -> str:
    return page.input_value("#query")


def kept(page: Any) -> list[str]:
    """The runs in the history as they are shown, the last one first."""
    page.evaluate("document.querySelector('[data-shelf=history]').open = true")
    return page.locator(f"{HISTORY} li").all_inner_texts()


def test_everyday_words_of_two_syllables_are_completed(page: Any) -> None:
    opened(page)
    for typed, before, offered, shown in (
        ("nha may", "SELECT * { ?x a ", "vx:Facility", "Cơ sở (cơ sở sản xuất, nhà máy, xưởng) · Facility"),
        ("khu công ng", "SELECT * { ?x a ", "vx:IndustrialPark", "Khu công nghiệp (KCN) · Industrial park"),
        ("nhà cung cấp", "SELECT * { ?x ", "vx:supplier", "Bên cung ứng (bên bán, nhà cung cấp) · Supplier"),
        ("tràng duệ", "SELECT * { ?x vx:inZone ", "id:trang-due", "Khu công nghiệp Tràng Duệ"),
    ):
        write(page, before)
        page.keyboard.insert_text(typed)
        page.keyboard.press("Control+Space")
        hint = page.locator(".CodeMirror-hint-active")
        hint.wait_for()
        assert shown in hint.inner_text()
        page.keyboard.press("Enter")
        assert box(page) == before + offered


def test_names_narrow_while_the_reader_types_on(page: Any) -> None:
    opened(page)
    write(page, "SELECT * { ?x a khu")
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".CodeMirror-hint")
    with page.expect_response(lambda answer: "ch%E1%BA%BF" in answer.url):
        page.keyboard.insert_text(" chế")
    page.wait_for_selector(".CodeMirror-hint-active:has-text('vx:ExportProcessingZone')")
    page.keyboard.press("Enter")
    assert box(page) == "SELECT * { ?x a vx:ExportProcessingZone"
    write(page, "SELECT * { ?x a zzqq xxww")
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".said:has-text('Không tìm thấy')")


@pytest.mark.parametrize("key", ["Process", "as typed"])
def test_the_keys_work_with_an_input_method(page: Any, key: str) -> None:
    """An input method takes a key as `Process`; what is being composed must be in the query that runs."""
    opened(page)
    session = page.context.new_cdp_session(page)

    def press(name: str, code: str, virtual: int, held: int) -> None:
        hidden = key == "Process"
        pressed = {"key": "Process" if hidden else name, "windowsVirtualKeyCode": 229 if hidden else virtual}
        session.send(
            "Input.dispatchKeyEvent", {"type": "rawKeyDown", "code": code, "modifiers": held, **pressed}
        )
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", "code": code, **pressed})

    write(page, "ASK {\n?s a vx:Zone\n} # ")
    press("F", "KeyF", 70, CTRL | SHIFT)
    assert box(page) == "ASK {\n  ?s a vx:Zone\n} #"
    page.keyboard.press("Control+A")
    press("/", "Slash", 191, CTRL)
    assert all(line.startswith("#") for line in box(page).splitlines())
    for code, held in (("Space", CTRL), ("Slash", ALT)):
        write(page, "ASK { ?s a nha may")
        press(" " if code == "Space" else "/", code, 32 if code == "Space" else 191, held)
        page.wait_for_selector(".CodeMirror-hint-active:has-text('vx:Facility')")
        page.keyboard.press("Enter")
        assert box(page) == "ASK { ?s a vx:Facility"
    write(page, "ASK { ?s a vx:Zone } # ")
    session.send("Input.imeSetComposition", {"text": "nhà", "selectionStart": 3, "selectionEnd": 3})
    press("Enter", "Enter", 13, CTRL)
    page.wait_for_selector(".resh strong:text('Có')")
    assert box(page) == "ASK { ?s a vx:Zone } # nhà"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_keys_are_listed(page: Any, lang: str) -> None:
    opened(page, f"/sparql?lang={lang}")
    page.click("#editor .keys")
    listed = page.locator("#workbench-keys kbd").all_inner_texts()
    assert {"Ctrl + Enter", "Ctrl + Space, Alt + /", "Ctrl + /", "Ctrl + Shift + F"} <= set(listed)


def test_on_a_phone_the_editor_is_folded_and_low(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    opened(page)
    assert not page.is_visible("#editor")
    page.click("summary:text('Xem câu truy vấn SPARQL')")
    page.wait_for_selector("#editor .btn.solid")
    editor, run = page.locator("#editor").bounding_box(), page.locator("#editor .btn.solid").bounding_box()
    assert editor["height"] < 500
    assert run["y"] + run["height"] - editor["y"] < 440
    scroll = page.locator(".CodeMirror-scroll")
    assert scroll.evaluate("node => node.scrollHeight > node.clientHeight + 100")
    for fold in ("history", "saved"):
        page.click(f"[data-shelf={fold}] summary")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    opened(page, "/sparql?lang=vi&example=x14-made-in-a-park&park=trang-due")
    page.click(".files summary")
    assert page.locator(".files .pop a").all_inner_texts()[:2] == ["Excel", "CSV"]
    pop = page.locator(".files .pop").bounding_box()
    assert pop["x"] >= 0 and pop["x"] + pop["width"] <= 360
    page.click(f"{HISTORY} summary")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_every_run_is_in_the_history_with_what_came_of_it(page: Any, page_log: Any) -> None:
    opened(page, "/sparql?lang=vi&example=x14-made-in-a-park&park=trang-due")
    assert "18 dòng" in kept(page)[0]
    page.click("summary:text('Xem câu truy vấn SPARQL')")
    write(page, "SELECT * { ?s nope:x ?o }")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".wrong-sign")
    write(page, RUNAWAY)
    page.keyboard.press("Control+Enter")
    page.click("#editor button:text('Hủy')")
    page.wait_for_selector("text=Đã hủy")
    runs = kept(page)
    assert "đã hủy" in runs[0] and "Lỗi: " in runs[1] and "18 dòng" in runs[2]
    page.click(f"{HISTORY} li a")
    page.wait_for_url("**/sparql?example=x14-made-in-a-park&park=trang-due")
    page.wait_for_selector(EDITOR, state="attached")
    assert "18 dòng" in kept(page)[0] and len(kept(page)) == 3
    page.click(f"{HISTORY} li button")
    assert box(page) == RUNAWAY and page.is_visible(EDITOR)
    page_log.errors.clear()  # the browser logs the 400


def test_a_question_does_not_stand_over_another_query(page: Any) -> None:
    opened(page, "/sparql?lang=vi&example=x14-made-in-a-park&park=trang-due")
    page.click("summary:text('Xem câu truy vấn SPARQL')")
    shipped = box(page)
    write(page, ROWS)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".resh strong:text('3 dòng')")
    assert page.locator("#ask, .about, .ex [aria-current]").count() == 0
    assert not page.is_visible("summary:text('Xem câu truy vấn SPARQL')") and page.is_visible(EDITOR)
    write(page, shipped.replace("id:trang-due", "id:nam-dinh-vu"))
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#ask")
    assert page.input_value("#p-park") == "Khu công nghiệp Nam Đình Vũ"
    page.fill("#p-park", "trang due")
    page.click("#ask [role=option]")
    page.click("#ask .btn.solid")
    page.wait_for_selector(".resh strong:text('18 dòng')")
    opened(page)
    assert page.is_visible("#ask")
    page.click("[aria-label='Truy vấn mới']")
    assert not page.is_visible("#ask")


def test_an_answer_to_another_query_says_so(page: Any, page_log: Any) -> None:
    """Cancelled, changed, or of another tab: what stands below is not taken for the answer to what stands above."""
    opened(page)
    page.click("[aria-label='Truy vấn mới']")
    page.click("#editor .btn.solid")
    page.wait_for_selector(".said:has-text('Chưa có câu truy vấn')")
    write(page, ROWS)
    earlier = page.locator("text=Kết quả bên dưới là của câu truy vấn trước")
    assert not earlier.is_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".resh strong:text('3 dòng')")
    assert not earlier.is_visible()
    write(page, RUNAWAY)
    assert earlier.is_visible()
    page.keyboard.press("Control+Enter")
    page.click("#editor button:text('Hủy')")
    page.wait_for_selector("text=Đã hủy")
    assert earlier.is_visible()
    write(page, "SELECT ?zone (COUNT(*) AS ?n) { ?zone a vx:Zone }")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".err:has-text('GROUP BY')")
    assert not earlier.is_visible()
    page.click("[aria-label='Truy vấn mới']")
    assert not page.is_visible(".err")
    page_log.errors.clear()  # the browser logs the 400


def test_the_other_language_keeps_what_stands_in_the_editor(page: Any) -> None:
    opened(page, "/sparql?lang=vi&example=x14-made-in-a-park&park=trang-due")
    page.click("summary:text('Xem câu truy vấn SPARQL')")
    write(page, ROWS)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".resh strong:text('3 dòng')")
    page.click(".lang [hreflang=en]")
    page.wait_for_selector(".resh strong:text('3 rows')")
    page.wait_for_selector(EDITOR, state="attached")
    assert box(page) == ROWS
    write(page, ROWS + " # and on")
    page.click(".lang [hreflang=vi]")
    page.wait_for_selector("html[lang=vi] " + EDITOR, state="attached")
    assert box(page) == ROWS + " # and on" and not page.is_visible("#ask")


def test_a_query_too_long_for_an_address_is_there_after_a_reload(page: Any) -> None:
    opened(page)
    long = ROWS + " #" + " dài" * 1500
    write(page, long)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".resh strong:text('3 dòng')")
    page.reload()
    page.wait_for_selector(EDITOR, state="attached")
    assert box(page) == long


def test_the_history_says_what_was_chosen_in_a_form(page: Any) -> None:
    opened(page, "/sparql?lang=vi&example=x14-made-in-a-park&park=trang-due")
    opened(page, "/sparql?lang=vi&example=cq08-units-on-a-date&date=2006-03-01")
    runs = kept(page)
    assert "? · 1/3/2006\n" in runs[0] and "? · Khu công nghiệp Tràng Duệ\n" in runs[1]
    assert not any(" 0 giây" in run for run in runs)
    page.set_viewport_size({"width": 360, "height": 800})
    page.click("summary:text('Xem câu truy vấn SPARQL')")
    for _ in range(3):
        page.click("[aria-label='Truy vấn mới']")
    page.wait_for_function(
        "() => { const t = document.querySelector('.tabs [aria-current]').getBoundingClientRect();"
        " return t.left >= 0 && t.right <= innerWidth }"
    )


def test_on_a_phone_a_form_leads_to_its_answer(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, "/sparql?lang=vi&example=x14-made-in-a-park")
    page.click("#ask .btn.solid")
    page.wait_for_url("**park=**")
    page.wait_for_function("() => document.querySelector('.resh').getBoundingClientRect().top < 300")


def test_on_a_phone_what_went_wrong_comes_into_sight(page: Any, page_log: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 600})
    opened(page)
    page.click("summary:text('Xem câu truy vấn SPARQL')")
    seen = "() => document.querySelector('.err')?.getBoundingClientRect().top >= 0"
    write(page, box(page) + "\nLIMIT none")
    page.click("#editor .btn.solid")
    page.wait_for_function(seen)
    page.context.set_offline(True)
    page.click("#editor .btn.solid")
    page.wait_for_selector(".err:has-text('Máy chủ không trả lời')")
    page.wait_for_function(seen)
    page_log.errors.clear()  # the 400 and the missing network
