"""Ids of sources inside texts, such as a curator's note, shown by the title of the source."""

from __future__ import annotations

import re

from flask import url_for
from markupsafe import Markup, escape

from web import support

WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def cite(text: str) -> Markup:
    """The text as HTML in which the id of a source is a link to it, by its title."""
    catalogue = support.site().catalogue

    def link(word: re.Match[str]) -> Markup:
        if (source := catalogue.get(word[0])) is None:
            return escape(word[0])
        address = url_for("pages.page", slug=source.slug)
        return Markup('<a class="plain" href="{}" lang="{}">{}</a>').format(
            address, source.language, source.title
        )

    parts: list[Markup] = []
    end = 0
    for word in WORD.finditer(text):
        parts += [escape(text[end : word.start()]), link(word)]
        end = word.end()
    return Markup("").join([*parts, escape(text[end:])])


def titled(text: str) -> str:
    """The text in which the id of a source is replaced by its title, for inside a link."""
    catalogue = support.site().catalogue
    return WORD.sub(lambda word: catalogue[word[0]].title if word[0] in catalogue else word[0], text)
