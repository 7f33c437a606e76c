"""The table of marks, line styles and colours, which the live page, the offline page and the files share."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

MARKS = Path(__file__).with_name("marks.json")


@cache
def marks() -> dict[str, Any]:
    """The whole table."""
    table: dict[str, Any] = json.loads(MARKS.read_text("utf-8"))
    return table


def light(token: str) -> str:
    """A colour of the light scheme, as files and print use it."""
    shade: str = marks()["colors"][token]["light"]
    return shade
