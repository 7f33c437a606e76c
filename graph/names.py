"""Names as they are compared, and an index that finds them by their beginning without reading them all."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

WORD = re.compile(r"\w+")
LAST = "\U0010ffff"
"""Sorts after every sign that a name may hold."""
KEPT_SIGNS = 0x2000
"""Signs below are kept once seen: letters with their marks. Requests may bring a million others."""


class _Marks(dict[int, int | None]):
    """For `str.translate`: leaves out the combining marks."""

    def __missing__(self, sign: int) -> int | None:
        found = None if unicodedata.combining(chr(sign)) else sign
        if sign < KEPT_SIGNS:
            self[sign] = found
        return found


_MARKS = _Marks()


@lru_cache(20_000)
def fold(text: str) -> str:
    """Lower case without diacritics; `đ` becomes `d`, which Unicode decomposition leaves alone."""
    return unicodedata.normalize("NFD", text.lower().replace("đ", "d")).translate(_MARKS)


def plain(text: str) -> str:
    """Lower case in form NFC, diacritics kept."""
    return unicodedata.normalize("NFC", text).lower()


class Names:
    """Names by whole, by beginning, by what follows a space, and by the beginnings of their words.

    `names[n]` belongs to the thing with the number `owners[n]`; `compare` is `plain` or `fold`. Every
    question is a pair of binary searches; what it costs beyond that grows with its answer.
    """

    def __init__(self, names: Sequence[str], owners: Sequence[int], compare: Callable[[str], str]):
        self._names = [compare(name) for name in names]
        self._owners = owners
        self._whole = array("q", sorted(range(len(names)), key=self._names.__getitem__))
        spaces = ((n, m.start() + 1) for n, name in enumerate(self._names) for m in re.finditer(" ", name))
        self._inside = array("q", sorted((n << 32 | at for n, at in spaces), key=self._from))
        words = sorted({(word, n) for n, name in enumerate(self._names) for word in WORD.findall(name)})
        self._words = [word for word, _ in words]
        self._named = array("q", (n for _, n in words))

    def _from(self, place: int) -> str:
        return self._names[place >> 32][place & 0xFFFFFFFF :]

    def closest(self, text: str, words: Sequence[str]) -> Iterator[set[int]]:
        """Things with a name that is the text, that begins with it, that holds it after a space, and that has
        a word for each of the words to begin; a later set may repeat what an earlier one holds."""
        whole, key = self._whole, self._names.__getitem__
        first = bisect_left(whole, text, key=key)
        yield self._things(whole[first : bisect_right(whole, text, first, key=key)])
        yield self._things(whole[first : bisect_left(whole, text + LAST, first, key=key)])
        first = bisect_left(self._inside, text, key=self._from)
        last = bisect_left(self._inside, text + LAST, first, key=self._from)
        yield self._things(place >> 32 for place in self._inside[first:last])
        yield self._things(set.intersection(*(self._with(word) for word in words)))

    def things(self, word: str) -> set[int]:
        """Things with a word in one of their names that begins like this."""
        return self._things(self._with(word))

    def whole(self, word: str) -> set[int]:
        """Things with this word in one of their names."""
        first = bisect_left(self._words, word)
        return self._things(self._named[first : bisect_right(self._words, word, first)])

    def _with(self, word: str) -> set[int]:
        first = bisect_left(self._words, word)
        return set(self._named[first : bisect_left(self._words, word + LAST, first)])

    def _things(self, names: Iterator[int] | array[int] | set[int]) -> set[int]:
        return set(map(self._owners.__getitem__, names))
