"""The state of the explorer page as one value, read from JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from graph.model import Text

BASES = ("focus", "gap", "things")
FILTERS = ("kind", "locality", "sector", "product", "grade", "status")
KEYS = frozenset("base when filters added at hidden pinned near select show camera".split())
MOST_IDS, MOST_BESIDE, MOST_SIGNS, MOST_STEPS, FAR = 2_000, 600, 300, 500, 1e6
"""Ids in one list, things beside the base, signs of an id, expansions, and pixels from the origin."""

NEEDS: dict[str, Text] = {
    "object": {"vi": "phải là một đối tượng JSON", "en": "must be a JSON object"},
    "key": {"vi": "không có mục này; các mục là {known}", "en": "is not known here; known are {known}"},
    "one": {"vi": "chỉ được có một trong {known}", "en": "may name only one of {known}"},
    "id": {
        "vi": "phải là mã của một mục, ví dụ “lgd-trang-due”",
        "en": "must be the id of a thing, for example “lgd-trang-due”",
    },
    "ids": {
        "vi": "phải là danh sách có tối đa {most} mã, ví dụ [“lgd-trang-due”]",
        "en": "must be a list of at most {most} ids, for example [“lgd-trang-due”]",
    },
    "list": {
        "vi": "phải là danh sách có tối đa {most} bước",
        "en": "must be a list of at most {most} steps",
    },
    "many": {
        "vi": "cùng với pinned chỉ được có tối đa {most} mục khác nhau",
        "en": "and pinned may name at most {most} different things",
    },
    "text": {"vi": "phải là một đoạn chữ ngắn", "en": "must be a short text"},
    "ends": {"vi": "phải là hai mã [từ, đến]", "en": "must be two ids [from, to]"},
    "direction": {"vi": "phải là out hoặc in", "en": "must be out or in"},
    "place": {
        "vi": "phải là hai số [x, y] trong khoảng ±1.000.000",
        "en": "must be two numbers [x, y] within ±1,000,000",
    },
    "show": {"vi": "phải là graph hoặc list", "en": "must be graph or list"},
}


class BadDocument(ValueError):
    """A state that cannot be read; `text` says where and what to write instead."""

    def __init__(self, where: str, need: str, **values: Any):
        self.text: Text = {
            lang: f"{where or 'doc'} {text.format(**values)}" for lang, text in NEEDS[need].items()
        }
        super().__init__(self.text["en"])


@dataclass(frozen=True)
class Step:
    """What one expansion or path added; `of` is the thing or group it started from."""

    of: str
    ids: tuple[str, ...]
    path: bool = False

    def asked_for(self, start: str, end: str) -> bool:
        """Whether it added one end of a line from the other: the line itself was asked for."""
        if self.path:
            return {(start, end), (end, start)} & set(pairwise(self.ids)) != set()
        return (self.of == start and end in self.ids) or (self.of == end and start in self.ids)


@dataclass(frozen=True)
class Document:
    """The state of the page. `at` are places in world pixels that differ from those of the base."""

    base: dict[str, Any]
    when: dict[str, str]
    filters: dict[str, tuple[str, ...]]
    added: tuple[Step, ...] = ()
    at: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    pinned: tuple[str, ...] = ()
    near: str | None = None

    @classmethod
    def read(cls, value: Any) -> Document:
        """From JSON values; keys that are missing are as on a fresh page. Raises BadDocument."""
        doc = _object("", value, KEYS)
        base = _object("base", doc.get("base", {}), BASES)
        if len(base) > 1:
            raise BadDocument("base", "one", known=", ".join(BASES))
        for name, item in base.items():
            _ids(f"base.{name}", item) if name == "things" else _id(f"base.{name}", item)
        when = _object("when", doc.get("when", {}), ("as_of", "reading"))
        filters = _object("filters", doc.get("filters", {}), FILTERS)
        at = _object("at", doc.get("at", {}))
        if doc.get("show") not in (None, "graph", "list"):
            raise BadDocument("show", "show")
        _optional("select", doc)
        found = cls(
            base=base,
            when={name: _text(f"when.{name}", item) for name, item in when.items()},
            filters={name: _ids(f"filters.{name}", item) for name, item in filters.items()},
            added=_steps(doc.get("added", [])),
            at={_id("at", name): _place(f"at.{name}", place) for name, place in at.items()},
            hidden=frozenset(_ids("hidden", doc.get("hidden", []))),
            pinned=_ids("pinned", doc.get("pinned", [])),
            near=_optional("near", doc),
        )
        if len(found.beside) > MOST_BESIDE:
            raise BadDocument("added", "many", most=MOST_BESIDE)
        return found

    @property
    def beside(self) -> tuple[str, ...]:
        """Ids that the picture holds beside those of its base: added ones and pinned ones."""
        return tuple(dict.fromkeys([*(name for step in self.added for name in step.ids), *self.pinned]))


def _object(where: str, value: Any, known: Collection[str] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadDocument(where, "object")
    if known and (other := sorted(value.keys() - set(known))):
        raise BadDocument(
            ".".join(filter(None, (where, other[0][:MOST_SIGNS]))), "key", known=", ".join(sorted(known))
        )
    return value


def _id(where: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MOST_SIGNS:
        raise BadDocument(where, "id")
    return value


def _optional(where: str, doc: dict[str, Any]) -> str | None:
    return None if doc.get(where) is None else _id(where, doc[where])


def _ids(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_IDS:
        raise BadDocument(where, "ids", most=MOST_IDS)
    return tuple(_id(f"{where}[{n}]", item) for n, item in enumerate(value))


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_SIGNS:
        raise BadDocument(where, "text")
    return value


def _steps(value: Any) -> tuple[Step, ...]:
    if not isinstance(value, list) or len(value) > MOST_STEPS:
        raise BadDocument("added", "list", most=MOST_STEPS)
    return tuple(_step(f"added[{n}]", item) for n, item in enumerate(value))


def _step(where: str, value: Any) -> Step:
    step = _object(where, value, ("of", "relation", "direction", "ids", "path"))
    ids = _ids(f"{where}.ids", step.get("ids"))
    if "path" in step:
        ends = step["path"]
        if not isinstance(ends, list) or len(ends) != 2:
            raise BadDocument(f"{where}.path", "ends")
        return Step(_ids(f"{where}.path", ends)[0], ids, path=True)
    _text(f"{where}.relation", step.get("relation", ""))
    if step.get("direction", "out") not in ("out", "in"):
        raise BadDocument(f"{where}.direction", "direction")
    return Step(_id(f"{where}.of", step.get("of")), ids)


def _place(where: str, value: Any) -> tuple[float, float]:
    if not (isinstance(value, list) and len(value) == 2 and all(map(_is_coordinate, value))):
        raise BadDocument(where, "place")
    return float(value[0]), float(value[1])


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= FAR
