"""Text in a picture without a canvas: how wide it is, how it wraps and how it is cut to fit its box."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

LEADING = 1.3
"""Line height in font sizes: Vietnamese stacks marks."""
SMALLEST = 10.3
_WIDTHS = {
    18: "'", 20: "`", 24: " \u00a0", 26: "Iil·", 28: "!.:j", 30: ",;", 32: '"', 38: "1f", 40: "r|",
    42: "t{}“”", 44: "()", 46: "J[]~", 48: "\\", 50: "*/sz", 56: "<>^kux", 58: "?hnvy", 60: "+-7e", 62: "ELc",
    64: "$8FPSTago−", 66: "235RYZbdpqđ", 68: "069BK–", 70: "HV_", 72: "4=DUX…", 74: "&AN", 78: "CGĐ", 80: "#",
    82: "OQ", 84: "%", 86: "M—", 88: "w", 90: "m", 100: "@W",
}  # fmt: skip
"""Advance widths of Be Vietnam Pro, regular, in hundredths of the font size. Marks add none."""
ADVANCE = {sign: width / 100 for width, signs in _WIDTHS.items() for sign in signs}
OTHER, WIDE = 0.66, 1.0
"""Width of a sign that is not in the table, and of an ideograph."""
HEAVIER = {400: 1.0, 500: 1.012, 600: 1.025}


@lru_cache(20_000)
def _units(text: str) -> float:
    bare = (sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return sum(
        ADVANCE.get(sign, WIDE if unicodedata.east_asian_width(sign) in "WF" else OTHER) for sign in bare
    )


def width(text: str, font: float, weight: int = 400) -> float:
    """Width in px of the widest line, to a few per cent.

    >>> width("Hải Phòng", 10) == width("Hai Phong", 10) < width("Hải Phòng", 10, 600)
    True
    """
    return max(map(_units, text.split("\n"))) * font * HEAVIER.get(weight, 1.0)


def lines(text: str, font: float, weight: int, room: float | None) -> list[str]:
    """Lines no wider than `room`, broken between words; given breaks stay where every line fits."""
    if not room or width(text, font, weight) <= room:
        return text.split("\n")
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and width(longer, font, weight) > room:
            rows.append(word)
        else:
            rows[-1:] = [longer]
    return rows


def fitted(text: str, font: float, weight: int, room: float) -> tuple[str, float]:
    """A label that must stay in its box, and its font size: a little smaller, then cut."""
    for size in (font, min(font, SMALLEST)):
        if width(text, size, weight) <= room:
            return text, size
    cut = text
    while len(cut) > 3 and width(f"{cut}…", size, weight) > room:
        cut = cut[:-1].rstrip()
    return f"{cut}…", size


def label_lines(label: str, type_: Mapping[str, Any], beside: bool) -> list[str]:
    """The label of a mark in lines: wrapped below it, in one piece beside it."""
    return lines(label, type_["font"], type_["weight"], None if beside else type_.get("wrap"))
