"""Arguments of an address: read, or refused with a text that says what to type instead."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from flask_babel import gettext

FAR = 1e6
"""Places beyond this many pixels are refused."""
DIGITS = 12
"""Of a whole number, so many digits are read."""


class BadArgument(ValueError):
    """An argument of the address that cannot be read; the text says what to type instead."""


def whole(name: str, default: int, least: int, most: int) -> int:
    """The argument as a whole number from `least` to `most`. Raises BadArgument."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS and least <= int(text) <= most):
        raise BadArgument(
            gettext(
                "%(name)s must be a whole number from %(least)s to %(most)s, for example %(name)s=%(n)s",
                name=name,
                least=least,
                most=most,
                n=max(default, least),
            )
        )
    return int(text)


def center() -> tuple[float, float] | None:
    """Where the thing stands on the reader's canvas, if the address says so. Raises BadArgument."""
    texts = [request.args.get(name) for name in ("x", "y")]
    if None in texts:
        return None
    try:
        x, y = (float(text or "") for text in texts)
    except ValueError:
        x = y = FAR + 1
    if not (abs(x) <= FAR and abs(y) <= FAR):
        raise BadArgument(gettext("x and y must be numbers, for example x=600&y=400"))
    return x, y


def sent_json() -> Any:
    """The JSON value that was sent; None for a body that is none."""
    try:
        return sound(request.get_json(silent=True))
    except (ValueError, RecursionError):
        return None


def sound(value: Any) -> Any:
    """A JSON value whose texts can be written again. Raises ValueError for one with half of a surrogate pair
    and RecursionError for one that is nested too deeply."""
    json.dumps(value, ensure_ascii=False).encode()
    return value
