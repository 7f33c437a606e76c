"""What a picture shows as rows: its things and its links, each with names, places and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from graph.explore import Explorer, View
from graph.explore.lines import Line
from graph.explore.words import STATUS, relation_name
from graph.model import Text
from graph.spreadsheet import Column, Sheet

Titles = dict[str, Text]
THINGS: Titles = {
    "id": {"vi": "Mã", "en": "Id"},
    "name_vi": {"vi": "Tên tiếng Việt", "en": "Name in Vietnamese"},
    "name_en": {"vi": "Tên tiếng Anh", "en": "Name in English"},
    "kind": {"vi": "Loại", "en": "Kind"},
    "status": {"vi": "Tình trạng", "en": "Status"},
    "place": {"vi": "Địa phương", "en": "Locality"},
    "mark": {"vi": "Ký hiệu", "en": "Mark"},
    "sources": {"vi": "Nguồn", "en": "Sources"},
    "x": {"vi": "x", "en": "x"},
    "y": {"vi": "y", "en": "y"},
    "address": {"vi": "Địa chỉ", "en": "Address"},
}
LINKS: Titles = {
    "id": {"vi": "Mã", "en": "Id"},
    "from": {"vi": "Mã đầu", "en": "From"},
    "from_name": {"vi": "Từ", "en": "Name of from"},
    "relation": {"vi": "Mã quan hệ", "en": "Relation"},
    "relation_name": {"vi": "Quan hệ", "en": "Name of relation"},
    "to": {"vi": "Mã cuối", "en": "To"},
    "to_name": {"vi": "Đến", "en": "Name of to"},
    "kind": {"vi": "Nêu, suy ra hay thiếu", "en": "Stated, derived or missing"},
    "status": {"vi": "Tình trạng", "en": "Status"},
    "product": {"vi": "Sản phẩm", "en": "Product"},
    "note": {"vi": "Ghi chú", "en": "Note"},
    "sources": {"vi": "Nguồn", "en": "Sources"},
    "gap": {"vi": "Khoảng trống", "en": "Gap"},
}
WIDE = frozenset("name_vi name_en from_name to_name relation_name note sources address".split())
ABOUT = {"vi": ("Mục", "Liên kết", "Giải thích"), "en": ("Things", "Links", "About")}
"""Names of the sheets."""


class Context(NamedTuple):
    """What rows need beside the picture: the network, the language, and the address of a thing's page."""

    explorer: Explorer
    lang: str
    address: Callable[[str], str]


def things(view: View, context: Context) -> Iterator[dict[str, Any]]:
    """One row per mark and band, in the order of the picture; x and y are world pixels, y down."""
    network = context.explorer.network
    bands = [
        (band.id, "locality", band.label, band.x + band.width / 2, band.y + band.height / 2)
        for band in view.bands
    ]
    nodes = [(node.id, node.mark, node.label, node.x or 0.0, node.y or 0.0) for node in view.nodes]
    for name, mark, label, x, y in [*bands, *nodes]:
        known = name in network
        attributes = network.nodes[name] if known else {}
        names = attributes.get("label", {"vi": label, "en": label})
        status = attributes.get("status")
        yield {
            "id": name,
            "name_vi": names["vi"],
            "name_en": names["en"],
            "kind": attributes.get("kind", "group"),
            "status": STATUS[status][context.lang] if status in STATUS else status or "",
            "place": context.explorer.things(context.lang).place(name) if known else "",
            "mark": mark,
            "sources": " | ".join(attributes.get("sources", ())),
            "x": round(x, 1),
            "y": round(y, 1),
            "address": context.address(name) if known else "",
        }


def links(view: View, context: Context) -> Iterator[dict[str, Any]]:
    """One row per line of the picture. `kind` is stated, derived or missing."""
    network, lang = context.explorer.network, context.lang
    labels = {node.id: node.label for node in view.nodes} | {band.id: band.label for band in view.bands}

    def name(thing: str) -> str:
        return str(network.nodes[thing]["label"][lang]) if thing in network else labels.get(thing, thing)

    for edge in view.edges:
        line = _line(context.explorer, edge.id)
        data = line.link[3] if line else {}
        words = (data.get("link_kind"), data.get("status"))
        product = data.get("product")
        yield {
            "id": edge.id,
            "from": edge.from_id,
            "from_name": name(edge.from_id),
            "relation": edge.relation,
            "relation_name": relation_name(edge.relation, "out", lang),
            "to": edge.to_id,
            "to_name": name(edge.to_id),
            "kind": "missing" if edge.style == "missing" else line.kind if line else "derived",
            "status": ", ".join(STATUS[word][lang] for word in words if word in STATUS),
            "product": name(product) if product else "",
            "note": edge.title.replace("\n", "; "),
            "sources": " | ".join(data.get("sources", ())),
            "gap": line.need.finding.id if line and line.need else "",
        }


def _line(explorer: Explorer, name: str) -> Line | None:
    """The recorded or computed line behind one of the picture; None for one that only joins a group."""
    try:
        return explorer.line(name)
    except KeyError:
        return None


def text_rows(titles: Titles, rows: Iterable[dict[str, Any]]) -> Iterator[list[str]]:
    """Header (names of the columns) and rows as text."""
    yield list(titles)
    for row in rows:
        yield [str(row[name]) for name in titles]


def sheets(view: View, context: Context, about: Sequence[tuple[str, str]]) -> tuple[Sheet, Sheet, Sheet]:
    """Things, links, and what the file is: `about` in (heading, text)."""
    names, lang = ABOUT[context.lang], context.lang
    return (
        _sheet(names[0], THINGS, things(view, context), lang),
        _sheet(names[1], LINKS, links(view, context), lang),
        Sheet(names[2], (Column("", "text", 24), Column("", "text", 110)), about),
    )


def _sheet(name: str, titles: Titles, rows: Iterable[dict[str, Any]], lang: str) -> Sheet:
    columns = tuple(
        Column(title[lang], "number" if key in ("x", "y") else "text", 36 if key in WIDE else 16)
        for key, title in titles.items()
    )
    return Sheet(name, columns, ([row[key] for key in titles] for row in rows))
