"""Numbers and dates in the page as its language writes them: 05.06.2024, and 0,61 in Vietnamese."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.test_server import BROWSER, PAGES

ISO_DAY = re.compile(r"(?<![\w/.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w-])")
POINT = re.compile(r"(?<![\w.,/-])\d{1,2}\.\d{1,2}(?![\w.])")
"""A decimal point: no date (06.2024), no grouped number (5.650), no version (0.2.0)."""
NAMES = re.compile(
    r"CC BY(?:-\w+)* \d\.\d|Apache-2\.0|SPARQL 1\.1|MPL 2\.0|OFL 1\.1|XLSX? \d\.\d|Gephi \d\.\d+|GEXF \d\.\d"
)
UNREAD = {"script", "style", "code", "pre", "textarea", "title", "option", "q"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
WRITTEN_SO = {"iri", "src", "eg"}
"""Classes of what is shown as it is: addresses, and examples of what stands in the data."""


class Words(HTMLParser):
    """The words of a page, without code and without what stands in another language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        other = tag != "html" and "lang" in given
        hidden = tag in UNREAD or other or bool(WRITTEN_SO & set((given.get("class") or "").split()))
        if tag not in VOID:
            self.open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self.open):
            self.found.append(data)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (ISO_DAY, "on 2024-06-25,", ["2024-06-25"]),
        (ISO_DAY, "/page/ev-2024-06-25-forum 25.06.2024 30-2022", []),
        (POINT, "0.61 or 12.5 ha", ["0.61", "12.5"]),
        (POINT, "0,61; 5.650; 06.2024; 25.06.2024; 0.2.0; D1.5x", []),
    ],
)
def test_what_is_looked_for(pattern: re.Pattern[str], text: str, found: list[str]) -> None:
    assert pattern.findall(text) == found


def test_only_words_are_read() -> None:
    page = '<html lang="vi"><p>a<code>b</code><br><i lang="en">c</i>d</p><p class="iri">e</p>'
    assert Words(page).found == ["a", "d"]


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith(("/sparql", "/api"))])
@pytest.mark.parametrize(("lang", "wrong"), [("vi", (ISO_DAY, POINT)), ("en", (ISO_DAY,))])
def test_a_page_writes_as_its_language_does(
    client: Any, findings: Any, path: str, lang: str, wrong: tuple[re.Pattern[str], ...]
) -> None:
    client.set_cookie("lang", lang)
    text = " ".join(Words(client.get(path.replace("{gap}", findings[0].id), headers=BROWSER).text).found)
    text = NAMES.sub("", text)
    for pattern in wrong:
        assert [text[max(0, m.start() - 40) : m.end() + 10] for m in pattern.finditer(text)] == []
