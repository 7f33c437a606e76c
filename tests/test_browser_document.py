"""The state of the explorer page: every action can be undone, kept in the address, and shared."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.test_browser import READY, count, open_explorer, position

PLANT, PARK = "lgd-trang-due", "trang-due"
PLAIN = "/coverage"
"""A page without a picture, for what asks a module of the explorer alone."""
SEEN = "JSON.stringify([Object.entries(document.querySelector('#canvas').dataset)])"
SIZE = struct.Struct(">II")


def unpacked(page: Any) -> dict[str, Any]:
    """The document that the address stands for, read by the page's own module."""
    script = """async () => {
        const { fromAddress } = await import('/static/state.js');
        return fromAddress(location.search, history.state?.v);
    }"""
    found: dict[str, Any] = page.evaluate(script)
    return found["doc"]


def seen(page: Any) -> str:
    """What the page says of its picture: numbers of things and lines, hidden, pinned, chosen."""
    return str(page.evaluate(SEEN))


def settled(page: Any, attribute: str, value: str) -> None:
    expect(page.locator("#canvas")).to_have_attribute(f"data-{attribute}", value)


def on_canvas(page: Any, key: str) -> None:
    page.locator("#canvas .vis-network").press(key)


def expand(page: Any) -> None:
    before = count(page, "nodes")
    page.locator("#panel button[data-relation=in_zone][data-direction=in]").click()
    expect(page.locator("#canvas")).not_to_have_attribute("data-nodes", str(before))


def collapse(page: Any) -> None:
    expand(page)
    more = count(page, "nodes")
    on_canvas(page, "c")
    expect(page.locator("#canvas")).not_to_have_attribute("data-nodes", str(more))


def hide(page: Any) -> None:
    on_canvas(page, "h")
    settled(page, "hidden", "1")


def show_all(page: Any) -> None:
    hide(page)
    page.click("#show-all")
    settled(page, "hidden", "0")


def pin(page: Any) -> None:
    on_canvas(page, "p")
    settled(page, "pinned", "1")


def near(page: Any) -> None:
    on_canvas(page, "n")
    settled(page, "near", PARK)


def drag(page: Any, node: str = "cat-bi-airport", by: tuple[int, int] = (-60, 20)) -> None:
    x, y = position(page, node)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=6)
    page.mouse.up()


def move(page: Any) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    drag(page)
    expect(page.locator("#undo")).to_be_enabled()


def filtered(page: Any) -> None:
    page.click("#filters summary")
    page.locator("#filters input[name=kind]").first.check()
    expect(page).to_have_url(re.compile("kind="))


def elsewhere(page: Any) -> None:
    page.locator("#panel .acts a[href*='focus=']").click()
    expect(page).to_have_url(re.compile("focus="))
    expect(page.locator("#panel .title")).to_contain_text("Tràng Duệ")


ACTIONS: dict[str, Callable[[Any], None]] = {
    "expand": expand, "collapse": collapse, "hide": hide, "show all": show_all, "pin": pin, "near": near,
    "move": move, "filter": filtered, "another picture": elsewhere,
}  # fmt: skip


def started(page: Any) -> None:
    open_explorer(page, f"/?select={PARK}")
    expect(page.locator("#panel .r button:visible")).not_to_have_count(0)


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_is_undone_done_again_and_there_after_a_reload(page: Any, name: str) -> None:
    started(page)
    expect(page.locator("#undo")).to_be_disabled()
    before, picture = unpacked(page), seen(page)
    ACTIONS[name](page)
    after, changed = unpacked(page), seen(page)
    assert (after == before) == (name == "collapse")
    steps = 2 if name in ("collapse", "show all") else 1
    for n in range(steps):
        page.keyboard.press("Control+z")
        expect(page.locator("#redo")).to_be_enabled()
        expect(page.locator("#undo")).to_be_enabled(enabled=n + 1 < steps)
    expect(page.locator("#say")).to_contain_text("Đã hoàn tác")
    assert unpacked(page) == before | ({"select": None} if name == "move" else {})
    assert name == "move" or seen(page) == picture
    for n in range(steps):
        page.keyboard.press("Control+Shift+z")
        expect(page.locator("#undo")).to_be_enabled()
        expect(page.locator("#redo")).to_be_enabled(enabled=n + 1 < steps)
    expect(page.locator("#say")).to_contain_text("Đã làm lại")
    assert unpacked(page) == after
    assert seen(page) == changed
    page.reload()
    page.wait_for_selector(READY)
    assert unpacked(page) == after
    assert seen(page) == changed


def test_back_and_forward_show_what_was_seen(page: Any) -> None:
    started(page)
    expand(page)
    added = unpacked(page)
    assert len(added["added"]) == 1
    assert set(added["added"][0]["ids"]) <= set(added["at"])
    elsewhere(page)
    page.go_back()
    settled(page, "selected", PARK)
    assert unpacked(page) == added
    page.go_forward()
    expect(page).to_have_url(re.compile("focus="))


def test_the_needs_of_a_chosen_plant_are_no_step_and_in_no_address(page: Any) -> None:
    open_explorer(page)
    before = count(page, "missing")
    page.mouse.click(*position(page, PLANT))
    expect(page.locator("#canvas")).not_to_have_attribute("data-missing", str(before))
    expect(page.locator("#undo")).to_be_disabled()
    assert unpacked(page)["added"] == []
    page.keyboard.press("Escape")
    settled(page, "missing", str(before))


def test_collapse_leaves_what_is_pinned_or_held_elsewhere(page: Any) -> None:
    script = """async (doc) => {
        const { collapsed, collapsible } = await import('/static/expansions.js');
        const of = doc.of;
        return { n: collapsible(doc, of, (id) => id === 'base'), ids: collapsed(doc, of).added.flatMap((e) => e.ids) };
    }"""
    page.goto(PLAIN)

    def entry(of: str, *ids: str) -> dict[str, Any]:
        return {"of": of, "relation": "r", "direction": "out", "ids": list(ids)}

    table = [
        ([entry("a", "x", "y")], [], 2, []),
        ([entry("a", "x", "y"), entry("b", "y")], [], 1, ["y"]),
        ([entry("a", "x", "y")], ["y"], 1, ["y"]),
        ([entry("a", "x", "y"), entry("y", "z")], [], 1, ["y", "z"]),
        ([entry("b", "x")], [], 0, ["x"]),
        ([entry("a", "base")], [], 0, []),
        ([entry("a", "x"), {"path": ["x", "q"], "ids": ["x", "q"]}], [], 0, ["x", "q"]),
    ]  # fmt: skip
    empty = {"hidden": [], "at": {}, "near": None, "select": None, "of": "a"}
    for added, pinned, gone, left in table:
        found = page.evaluate(script, empty | {"added": added, "pinned": pinned})
        assert found == {"n": gone, "ids": left}, (added, pinned)


def test_a_group_opens_and_closes(page: Any) -> None:
    open_explorer(page)
    group = next(n["id"] for n in page.request.get("/api/graph").json()["nodes"] if n["mark"] == "group")
    before, rest = count(page, "nodes"), count(page, "rest")
    open_explorer(page, f"/?select={group}")
    page.locator("#panel .acts .solid").click()
    expect(page.locator("#canvas")).not_to_have_attribute("data-rest", str(rest))
    opened = rest - count(page, "rest")
    assert count(page, "nodes") == before + opened
    on_canvas(page, "c")
    settled(page, "nodes", str(before))
    settled(page, "rest", str(rest))


def test_what_is_hidden_has_no_row_and_what_is_added_has_one(page: Any) -> None:
    started(page)
    expand(page)
    on_canvas(page, "h")
    page.click("[data-choose=list]")
    rows = page.locator("#list [data-added] a[data-id]")
    assert rows.count() == len(unpacked(page)["added"][0]["ids"]) > 3
    expect(page.locator(f"#list a[data-id={PARK}]")).to_be_hidden()


def test_a_pinned_thing_cannot_be_dragged(page: Any) -> None:
    open_explorer(page)
    page.mouse.click(*position(page, "cat-bi-airport"))
    on_canvas(page, "p")
    settled(page, "pinned", "1")
    page.keyboard.press("Escape")
    at = unpacked(page)["at"]
    drag(page)
    page.mouse.click(*position(page, "cat-bi-airport"))
    settled(page, "selected", "cat-bi-airport")
    assert unpacked(page)["at"] == at


def test_the_menu_works_by_mouse_and_by_keyboard(page: Any) -> None:
    open_explorer(page)
    page.mouse.click(*position(page, PARK), button="right")
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    page.click("[data-choose=list]")
    row = page.locator(f"#list a[data-id={PARK}]").first
    row.press("Shift+F10")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("End")
    expect(menu.get_by_role("menuitem").last).to_be_focused()
    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    row.press("ContextMenu")
    menu.get_by_role("menuitem", name="Ẩn", exact=True).click()
    settled(page, "hidden", "1")


def test_help_lists_the_keys(page: Any) -> None:
    open_explorer(page, "/?lang=en")
    page.keyboard.press("?")
    help_dialog = page.locator("#help")
    expect(help_dialog).to_be_visible()
    expect(help_dialog.locator("[data-keys] dt")).not_to_have_count(0)
    expect(help_dialog).to_contain_text("Ctrl + Z")
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()


def test_the_picture_moves_by_keyboard_and_the_address_keeps_it(page: Any) -> None:
    open_explorer(page)
    for key, moves in (("x", False), ("+", True), ("ArrowRight", True)):
        on_canvas(page, key)
        if moves:
            expect(page).to_have_url(re.compile("v="))
        on_canvas(page, "0")
        expect(page).not_to_have_url(re.compile("v="))


LONG = """async () => {
    const { toAddress, fromAddress, unpack, EMPTY } = await import('/static/state.js');
    const ids = Array.from({length: 150}, (_, n) => `thing-with-a-long-name-${n}`);
    const at = Object.fromEntries(ids.map((id, n) => [id, [n, -n]]));
    const doc = {...EMPTY, base: {focus: 'hai-phong'}, select: 'a', filters: {sector: ['C26', 'C29']},
        when: {as_of: '2025-06-30'}, added: [{of: 'hai-phong', relation: 'r', direction: 'in', ids}], at,
        hidden: [ids[3]], pinned: [ids[4]], near: ids[5], show: 'list'};
    const long = toAddress(doc, [1, 2, 0.5], '?lang=en');
    const back = fromAddress('?' + long.query, long.v);
    const short = toAddress({...doc, added: [], at: {}}, null, '');
    return [long.fits, long.query.toString(), back.camera, JSON.stringify(back.doc) === JSON.stringify(doc), short.fits];
}"""


def test_an_address_and_its_rest_come_back_as_the_same_document(page: Any) -> None:
    page.goto(PLAIN)
    fits, query, camera, same, short = page.evaluate(LONG)
    assert (fits, camera, same, short) == (False, [1, 2, 0.5], True, True)
    assert query == "focus=hai-phong&as_of=2025-06-30&sector=C26&sector=C29&show=list&select=a&lang=en"


def test_a_broken_rest_of_an_address_is_left_out(page: Any) -> None:
    script = """async (search) => {
        const { fromAddress } = await import('/static/state.js');
        return fromAddress(search).doc;
    }"""
    broken = ["", "%%%", "e30", "bm90IGpzb24", "eyJpZHMiOiJhIiwiaCI6WzddfQ"]
    open_explorer(page, f"/?select={PARK}&v={broken[-1]}")
    settled(page, "selected", PARK)
    for v in broken:
        found = page.evaluate(script, f"?select={PARK}&v={v}")
        assert (found["select"], found["hidden"], found["added"]) == (PARK, [], []), v


def test_a_long_view_is_shared_by_a_short_link(page: Any, app: Any, tmp_path: Path) -> None:
    app.config["LINKS"] = str(tmp_path / "links.sqlite")
    open_explorer(page, "/?focus=hai-phong")
    for n in range(1, 4):
        button = page.locator("#panel button[data-relation=located_in][data-direction=in]")
        expect(button).to_be_visible()
        before = count(page, "nodes")
        button.click()
        settled(page, "nodes", str(before + 25))
        assert n < 3 or "v=" not in page.url
    picture, document = seen(page), unpacked(page)
    page.click("#share")
    field = page.locator("#share-link input")
    expect(field).to_have_value(re.compile(r"/s/\w+$"))
    page.goto(field.input_value())
    page.wait_for_selector(READY)
    settled(page, "nodes", str(json.loads(picture)[0][0][1]))
    expect(page.locator("#panel .title")).to_contain_text("Hải Phòng")
    assert unpacked(page) == document
    page.reload()
    page.wait_for_selector(READY)
    assert unpacked(page) == document


def test_a_short_view_is_shared_by_its_address(page: Any) -> None:
    started(page)
    hide(page)
    page.click("#share")
    expect(page.locator("#share-link input")).to_have_value(page.url)


def test_the_picture_is_saved_at_two_pixels_for_one(page: Any, tmp_path: Path) -> None:
    open_explorer(page)
    box = page.locator("#canvas").bounding_box()
    page.click("#export summary")
    with page.expect_download() as download:
        page.click("[data-export=png]")
    file = tmp_path / "picture.png"
    download.value.save_as(file)
    content = file.read_bytes()
    assert download.value.suggested_filename == "vehec.png"
    assert SIZE.unpack(content[16:24]) == (2 * box["width"], 2 * (box["height"] + 128))
    assert len(content) > 50_000


def test_files_of_what_is_seen_come_from_the_server(page: Any) -> None:
    open_explorer(page, f"/?focus={PARK}")
    menu = page.locator("#export")
    for kind in ("xlsx", "csv", "links.csv", "svg", "graphml", "gexf", "html"):
        if menu.get_attribute("open") is None:
            menu.locator("summary").click()
        with page.expect_download() as download:
            page.click(f"[data-export='{kind}']")
        assert download.value.suggested_filename.endswith(kind.rpartition(".")[2]), kind
