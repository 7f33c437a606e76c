"""Every page against the accessibility rules of axe: WCAG 2.1 A and AA, best practices, contrast."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from tests.test_server import PAGES

AXE = files("axe_playwright_python") / "axe.min.js"
SOURCE = AXE.read_text(encoding="utf-8")
CHECK = """async () => {
  const only = { preload: false, resultTypes: ["violations"] };
  const COLOURS = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow"];
  const looks = new Map(), times = new Map(), known = new Set();
  const elements = [...document.body.querySelectorAll("*")];
  for (const one of elements) {
    const style = getComputedStyle(one);
    const seen = one.checkVisibility({ visibilityProperty: true }) && !one.matches(":disabled");
    const look = [looks.get(one.parentElement), one.tagName, seen, ...COLOURS.map((name) => style[name])].join();
    looks.set(one, look);
    times.set(look, (times.get(look) ?? 0) + 1);
    if (times.get(look) > 2) known.add(one);
  }
  for (const one of elements.reverse()) if (!known.has(one)) known.delete(one.parentElement);
  const repeated = [...known].filter((one) => !known.has(one.parentElement) && !one.closest(".CodeMirror"));
  const found = [await axe.run(document, { ...only, rules: { "color-contrast": { enabled: false } } })];
  const places = repeated.map(() => document.createComment(""));
  repeated.forEach((one, at) => one.replaceWith(places[at]));
  found.push(await axe.run(document, { ...only, runOnly: ["color-contrast"] }));
  places.forEach((place, at) => place.replaceWith(repeated[at]));
  return found.flatMap((part) => part.violations).map((rule) => [
    rule.id, rule.help, rule.nodes.map((node) => `${node.target.join(" ")}\\n    ${node.html.slice(0, 160)}`)]);
}"""
"""Every rule over the whole page; contrast, which takes most of the time, while what is coloured, inside and out
and all the way up, as two elements before it is taken out: the rows of a long table. The editor draws its lines
itself and is left whole."""
WIDTHS = (1440, 360)
LOOKS = (("vi", "light"), ("en", "dark"), ("en", "light"), ("vi", "dark"))
"""Languages and colour schemes. Widths and looks are dealt out in turn: a page is seen in one of the eight."""
PICTURE = ".vis-network"
"""The drawn graph is a canvas: tests/test_browser.py looks at it and at the list that stands for it."""


@pytest.fixture(scope="module")
def tab(browser: Any, base_url: str) -> Iterator[Any]:
    context = browser.new_context(base_url=base_url, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def violations(tab: Any) -> list[str]:
    """What axe finds on the open page: a rule, what it asks, and the elements that break it."""
    tab.evaluate(SOURCE)
    return [f"{rule}: {help_text}\n  " + "\n  ".join(nodes) for rule, help_text, nodes in tab.evaluate(CHECK)]


def test_axe_sees_what_is_wrong(tab: Any) -> None:
    tab.goto("/coverage?lang=en")
    tab.evaluate(
        "document.querySelector('h1').outerHTML = '<img src=/favicon.ico><p style=\"color:#bbb\">pale</p>'"
    )
    found = {line.partition(":")[0] for line in violations(tab)}
    assert {"image-alt", "color-contrast", "page-has-heading-one"} <= found


AS_A_STATE = "/map?select=trang-due&reading=units", "/"
"""Pages that are looked at as states of the explorer, below, once their scripts have run."""


@pytest.mark.parametrize(
    ("path", "width", "lang", "scheme"),
    [
        (path, WIDTHS[at % len(WIDTHS)], *LOOKS[at // len(WIDTHS) % len(LOOKS)])
        for at, path in enumerate((*(page for page in PAGES if page not in AS_A_STATE), "/no-such-page"))
    ],
)
def test_a_page_breaks_no_rule(
    tab: Any, findings: Any, path: str, width: int, lang: str, scheme: str
) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)
    address = path.replace("{gap}", findings[0].id)
    tab.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
    assert violations(tab) == []


READY = "main[data-ready=true]"
STATES = {
    "a missing need": (
        "/?focus=lgd-trang-due&select=driver-ic%7Cmissing%7Clgd-trang-due",
        "#panel .sum",
        None,
    ),
    "a date": ("/?as_of=2025-07-01&reading=units", "#time:not([hidden]) .what", None),
    "the list and the panel": ("/?show=list&select=trang-due", "#panel .r", None),
    "search": ("/", "#find-hits [role=group]", "document.querySelector('#find').focus()"),
    "filters": ("/?sector=C26", "#filters[open] .sets", "document.querySelector('#filters summary').click()"),
    "a path": ("/?select=trang-due", "#path[open]", "document.querySelector('#path').showModal()"),
    "a map with a selection": ("/map?select=trang-due&reading=units", "#panel .f", None),
}


@pytest.mark.parametrize(("name", "width"), [(name, WIDTHS[at % 2]) for at, name in enumerate(STATES)])
def test_a_state_of_the_explorer_breaks_no_rule(tab: Any, name: str, width: int) -> None:
    address, sign, act = STATES[name]
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme="light" if width == WIDTHS[0] else "dark")
    tab.goto(f"{address}{'&' if '?' in address else '?'}lang={'vi' if width == WIDTHS[0] else 'en'}")
    tab.wait_for_selector(READY)
    if act:
        tab.evaluate(act)
    if name == "search":
        tab.keyboard.type("lg")
    tab.wait_for_selector(sign)
    assert violations(tab) == []


def test_axe_measures_the_one_row_that_is_pale(tab: Any) -> None:
    tab.emulate_media(color_scheme="light")
    tab.goto("/coverage?lang=en")
    tab.evaluate(
        "document.querySelector('main').innerHTML = '<h1>Rows</h1><ul>' + '<li><b>row</b></li>'.repeat(9)"
        " + '<li hidden><b><i style=\"color:#bbb\">hidden</i></b></li>'.repeat(3)"
        " + '<li><b><i style=\"color:#bbb\">pale</i></b></li>' + '<li><b>row</b></li>'.repeat(9) + '</ul>'"
    )
    (found,) = violations(tab)
    assert found.startswith("color-contrast") and found.count("pale") == 1
