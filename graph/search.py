"""Search by name that does not need diacritics: `hai duong` finds Hải Dương.

Every word of the question must begin a word of one of the thing's names. Better matches come first:
the whole name, then its beginning, then words inside; at each step a name that matches with its
exact diacritics beats one that matches folded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from math import log

import networkx as nx

from graph.model import Text, home
from graph.names import WORD, Names, fold, plain

KIND_ORDER = (
    "locality", "zone", "organization", "facility", "product", "infrastructure", "event", "agreement",
    "person", "document", "claim", "expert_statement", "change",
)  # fmt: skip
NAMED = frozenset(KIND_ORDER) - {"claim", "expert_statement"}
"""Kinds of things that have names; the label of the others is a whole sentence."""
BEGUN = 0.5
"""What the beginning of a word counts against a whole word, where names are near only."""
NO_MATCH = 4
"""Closeness of a name that does not hold the words asked for."""
SAME = 0.75
"""Share of the words from which two names say the same."""
REMEMBERED = 512
"""Questions whose answers are kept; most are the first letters of a longer one."""


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
        names = [name for entry in self._entries for name in entry.names]
        owners = [n for n, entry in enumerate(self._entries) for _ in entry.names]
        self._plain, self._folded = (Names(names, owners, compare) for compare in (plain, fold))
        self._place = {lang: self._places(lang) for lang in ("vi", "en")}
        self._best = lru_cache(REMEMBERED)(self._best_of)

    def _places(self, lang: str) -> list[int]:
        """Place of each entry among those that match equally well."""

        def rank(n: int) -> tuple[int, int, str]:
            entry = self._entries[n]
            return KIND_ORDER.index(entry.kind), len(entry.label[lang]), entry.slug

        places = [0] * len(self._entries)
        for place, n in enumerate(sorted(range(len(places)), key=rank)):
            places[n] = place
        return places

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
        found, total = self._best(text, lang, None if kinds is None else frozenset(kinds), limit)
        return [_hit(self._entries[n], lang, text) for n in found], total

    def near(self, text: str, lang: str = "vi", kinds: Collection[str] = NAMED, limit: int = 20) -> list[Hit]:
        """Things with some of the words in their names, those with the most and the rarest first.

        The beginning of a word counts half. A final s does not count: an English plural is no other name.
        """
        weight: defaultdict[int, float] = defaultdict(float)
        for asked in dict.fromkeys(WORD.findall(fold(text))):
            word = asked.removesuffix("s") or asked
            whole = self._folded.whole(word) | self._folded.whole(asked)
            holding = self._folded.things(word)
            for n in holding:
                weight[n] += log(len(self._entries) / len(holding)) * (1 if n in whole else BEGUN)
        fitting = (n for n in weight if self._entries[n].kind in kinds)
        best = nsmallest(limit, fitting, key=lambda n: (-weight[n], self._place[lang][n]))
        return [_hit(self._entries[n], lang, text) for n in best]

    def _best_of(
        self, text: str, lang: str, kinds: frozenset[str] | None, limit: int
    ) -> tuple[tuple[int, ...], int]:
        """Numbers of the best entries, and how many match in all."""
        words = WORD.findall(fold(text))
        if not words:
            return (), 0
        matching = set.intersection(*map(self._folded.things, words))
        if kinds is not None:
            matching = {n for n in matching if self._entries[n].kind in kinds}
        best: list[int] = []
        left = set(matching)
        for closest in self._by_closeness(text, words):
            if len(best) >= limit or not left:
                break
            fitting = left & closest
            best += nsmallest(limit - len(best), fitting, key=self._place[lang].__getitem__)
            left -= fitting
        best += nsmallest(limit - len(best), left, key=self._place[lang].__getitem__)
        return tuple(best), len(matching)

    def _by_closeness(self, text: str, words: Sequence[str]) -> Iterator[set[int]]:
        """Entries that match best, then second best and so on; with exact diacritics before folded ones."""
        exact = self._plain.closest(plain(text), WORD.findall(plain(text)))
        folded = self._folded.closest(fold(text), words)
        for pair in zip(exact, folded, strict=True):
            yield from pair


def _names(slug: str, attributes: dict) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys([*attributes["label"].values(), *attributes["other_names"], slug.replace("-", " ")])
    )


def _place(network: nx.MultiDiGraph, attributes: dict) -> tuple[Text, str]:
    locality = home(attributes) or attributes.get("locality") or ""
    return (network.nodes[locality]["label"], locality) if locality in network else ({"vi": "", "en": ""}, "")


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
