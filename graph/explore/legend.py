"""The key of a picture in words: what marks and line styles stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.model import Text

KEY: tuple[tuple[tuple[str, ...], Text], ...] = (
    (("spine",), {"vi": "đường cao tốc", "en": "expressway"}),
    (("council", "body", "board", "line-tie"), {"vi": "điều phối", "en": "coordination"}),
    (("park",), {"vi": "khu, số nhà máy đã ghi nhận", "en": "park, recorded plants"}),
    (("group",), {"vi": "nhiều mục", "en": "several things"}),
    (
        ("anchor", "anchor-planned"),
        {
            "vi": "nhà đầu tư lớn (viền dày: vốn lớn; viền đứt: chưa hoạt động)",
            "en": "anchor investor (thick edge: large capital; dashed: not yet running)",
        },
    ),
    (("plant", "plant-planned"), {"vi": "nhà máy khác", "en": "other plant"}),
    (("product", "product-common"), {"vi": "sản phẩm, đầu vào", "en": "product, input"}),
    (("infrastructure",), {"vi": "cảng, sân bay, cửa khẩu", "en": "port, airport, gate"}),
    (("person",), {"vi": "người", "en": "person"}),
    (("event",), {"vi": "sự kiện", "en": "event"}),
    (("document",), {"vi": "văn bản", "en": "document"}),
    (("claim",), {"vi": "nhận định", "en": "claim"}),
    (("missing",), {"vi": "chưa ghi nhận nơi sản xuất", "en": "no maker recorded"}),
    (("unknown",), {"vi": "ai sản xuất?", "en": "who makes this?"}),
    (
        ("line-missing",),
        {"vi": "cần, chưa ghi nhận nguồn cung trong hành lang", "en": "needed, no corridor supply recorded"},
    ),
    (("line-stated",), {"vi": "nguồn nêu", "en": "stated"}),
    (("line-weak",), {"vi": "nguồn nêu, chưa kiểm chứng", "en": "stated, unverified"}),
    (("line-planned",), {"vi": "dự kiến", "en": "planned"}),
    (("line-twig",), {"vi": "nằm trong, thuộc về", "en": "stands in, part of"}),
    (("line-derived",), {"vi": "suy ra", "en": "computed"}),
)
"""Marks and `line-` styles of graph/marks.json that share an entry, in the order of the key."""


def entries(used: Iterable[str], lang: str) -> Iterator[tuple[str, str]]:
    """(mark or `line-` style, words) for what is used, as `graph.explore.view.View.legend` names it."""
    there = set(used)
    for names, words in KEY:
        if found := [name for name in names if name in there]:
            yield found[0], words[lang]
