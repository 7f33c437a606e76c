"""Search by name that does not need diacritics: `hai duong` finds Hải Dương.

Every word of the question must begin a word of one of the thing's names. Better matches come first:
the whole name, then its beginning, then words inside; at each step a name that matches with its
exact diacritics beats one that matches folded.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import networkx as nx

from graph.model import Text, home

KIND_ORDER = (
    "locality", "zone", "organization", "facility", "product", "infrastructure", "event", "agreement",
    "person", "document", "claim", "expert_statement", "change",
)  # fmt: skip
WORD = re.compile(r"\w+")
NO_MATCH = 4
"""Closeness of a name that does not hold the words asked for."""
SAME = 0.75
"""Share of the words from which two names say the same."""


def fold(text: str) -> str:
    """Lower case without diacritics; `đ` becomes `d`, which Unicode decomposition leaves alone."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def plain(text: str) -> str:
    """Lower case in form NFC, diacritics kept."""
    return unicodedata.normalize("NFC", text).lower()


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    slug: str
    label: str
    alt: str
    """The matching or other-language name, where it tells more than the label; else empty."""
    kind: str
    place: str
    """Where it lies, unless the label says so; else empty."""
    exact: bool
    """True if the question is one of the names, diacritics or not."""


@dataclass(frozen=True)
class _Entry:
    slug: str
    kind: str
    label: Text
    names: tuple[str, ...]
    place: Text
    home: str
    """Slug of the place, else empty."""


class Index:
    """All things by the beginnings of the words of their names."""

    def __init__(self, entries: Iterable[_Entry]):
        self._entries = tuple(entries)
        words = {
            (word, n)
            for n, e in enumerate(self._entries)
            for name in e.names
            for word in WORD.findall(fold(name))
        }
        self._words = sorted(words)

    @classmethod
    def build(cls, network: nx.MultiDiGraph) -> Index:
        """Index the names, other names and slugs of every node."""
        return cls(
            _Entry(slug, a["kind"], a["label"], _names(slug, a), *_place(network, a))
            for slug, a in sorted(network.nodes(data=True))
        )

    def find(
        self, text: str, lang: str = "vi", kinds: Collection[str] | None = None, limit: int = 20
    ) -> tuple[list[Hit], int]:
        """The best `limit` things for a question, and how many match in all."""
        words = WORD.findall(fold(text))
        if not words:
            return [], 0
        matching = set.intersection(*(set(self._beginning(word)) for word in words))
        found = [self._entries[n] for n in matching if kinds is None or self._entries[n].kind in kinds]
        found.sort(key=lambda e: (*_rank(e, text), KIND_ORDER.index(e.kind), len(e.label[lang]), e.slug))
        return [_hit(entry, lang, text) for entry in found[:limit]], len(found)

    def _beginning(self, word: str) -> Iterable[int]:
        for found, n in self._words[bisect_left(self._words, (word, -1)) :]:
            if not found.startswith(word):
                return
            yield n


def _names(slug: str, attributes: dict) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys([*attributes["label"].values(), *attributes["other_names"], slug.replace("-", " ")])
    )


def _place(network: nx.MultiDiGraph, attributes: dict) -> tuple[Text, str]:
    locality = home(attributes) or attributes.get("locality") or ""
    return (network.nodes[locality]["label"], locality) if locality in network else ({"vi": "", "en": ""}, "")


def _rank(entry: _Entry, text: str) -> tuple[int, int]:
    return min(
        (_closeness(compare(name), compare(text)), exactness)
        for exactness, compare in enumerate((plain, fold))
        for name in entry.names
    )


def _closeness(name: str, text: str) -> int:
    """0 the whole name, 1 its beginning, 2 the words in this order, 3 the words somewhere, 4 not at all."""
    if name == text:
        return 0
    if name.startswith(text):
        return 1
    if f" {text}" in name:
        return 2
    words = WORD.findall(name)
    return 3 if all(any(w.startswith(t) for w in words) for t in WORD.findall(text)) else NO_MATCH


def _hit(entry: _Entry, lang: str, text: str) -> Hit:
    label, question = entry.label[lang], fold(text)
    best = min(entry.names, key=lambda name: (_closeness(fold(name), question), entry.names.index(name)))
    other = best if best not in (label, entry.names[-1]) else entry.label["en" if lang == "vi" else "vi"]
    explains = _closeness(fold(label), question) == NO_MATCH
    return Hit(
        entry.slug,
        label,
        other if other != label and (explains or not _says_the_same(other, label)) else "",
        entry.kind,
        "" if entry.home and _joined(entry.home) in _joined(label) else entry.place[lang],
        any(fold(name).strip() == question.strip() for name in entry.names[:-1]),
    )


def _says_the_same(name: str, label: str) -> bool:
    """True if nearly all words of one are among those of the other, diacritics or not."""
    words, known = (set(WORD.findall(fold(each))) for each in (name, label))
    return len(words & known) >= SAME * min(len(words), len(known))


def _joined(text: str) -> str:
    return "".join(WORD.findall(fold(text)))
