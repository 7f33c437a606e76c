"""Every text of the interface is there in Vietnamese, in form NFC, with the same placeholders."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from graph.sparql_problems import ADVICE, PROBLEMS

WEB = Path(__file__).parents[1] / "web"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def used() -> dict[str, str]:
    """Where each English text stands in the pages."""
    found = {}
    for file, line, message, *_ in extract_from_dir(str(WEB), method_map=METHODS):
        for text in message if isinstance(message, tuple) else (message,):
            found[text] = f"{file}:{line}"
    problems = [text for _, *texts in PROBLEMS.values() for text in texts]
    return found | dict.fromkeys([*problems, *ADVICE.values()], "graph/sparql_problems.py")


@pytest.fixture(scope="module")
def vietnamese() -> Catalog:
    with (WEB / "translations/vi/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file)


def words(catalog: Catalog, text: str) -> str:
    message = catalog.get(text)
    if message is None:
        return ""
    return message.string if isinstance(message.string, str) else message.string[0]


def test_every_text_is_translated(vietnamese: Catalog) -> None:
    missing = {
        text: place
        for text, place in used().items()
        if not words(vietnamese, text)
        and not any(text in m.id for m in vietnamese if isinstance(m.id, tuple))
    }
    assert missing == {}, "add these to web/translations/vi/LC_MESSAGES/messages.po"


def test_no_translation_is_left_over(vietnamese: Catalog) -> None:
    texts = used()
    left = [m.id for m in vietnamese if m.id and (m.id[0] if isinstance(m.id, tuple) else m.id) not in texts]
    assert left == [], "no page uses these any more; remove them from messages.po"


def test_translations_keep_placeholders_and_form(vietnamese: Catalog) -> None:
    for message in vietnamese:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings:
            assert unicodedata.is_normalized("NFC", text), text
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(" ".join(english))), text


def test_an_untranslated_text_would_be_noticed(vietnamese: Catalog) -> None:
    assert words(vietnamese, "A text that no page holds") == ""
    assert "Sources" in used()
