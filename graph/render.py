"""A view as a Pyvis network and as one HTML page that opens offline.

The only module that uses pyvis, which is slow to import and seldom needed. Pyvis' own templates ask other
hosts for scripts and put text into the page unescaped; ours (web/templates/standalone.html) holds
vis-network itself and reads everything else as JSON. Marks and line styles come from graph/marks.json,
which the live page reads too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import networkx as nx
from markupsafe import Markup

from graph.explore import Explorer, View
from graph.explore.svg import rim
from graph.explore.view import Backdrop, Edge, Node
from graph.marks import light, marks
from graph.model import Finding

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES, TEMPLATE = ROOT / "web" / "templates", "standalone.html"
SCRIPTS = tuple(ROOT / "web" / "static" / name for name in ("labels.js", "backdrop.js"))
"""Modules of the live page that import nothing: what they draw looks the same offline."""
VIS = "templates/lib/vis-9.1.2/"
VENDOR_FILES = {"vis-network.min.js": "vis-network.min.js", "vis-network.min.css": "vis-network.css"}
BAND_END = "band-end:"
OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"chosen": False, "physics": False},
    "edges": {"smooth": False, "chosen": False, "selectionWidth": 0, "hoverWidth": 0},
    "interaction": {"hover": True, "hideEdgesOnDrag": True, "hideEdgesOnZoom": True, "tooltipDelay": 250},
}
WORDS = {
    "vi": {
        "list": "Danh sách",
        "made": "Lưu ngày {day}. Dữ liệu: CC BY 4.0. Chưa ghi nhận không có nghĩa là không tồn tại.",
        "hint": "Bấm vào một mục để đọc.",
        "panel": "Thông tin",
        "facts": "Thông tin và nguồn",
        "none": "Chưa ghi nhận thông tin nào.",
        "no_source": "chưa có nguồn",
        "grade": "bậc",
    },
    "en": {
        "list": "List",
        "made": "State of {day}. Data: CC BY 4.0. Not recorded does not mean that it does not exist.",
        "hint": "Click a thing to read about it.",
        "panel": "Details",
        "facts": "Facts and sources",
        "none": "No facts recorded.",
        "no_source": "no source",
        "grade": "grade",
    },
}


def vendor_file(name: str) -> Path:
    """A file of vis-network inside the installed pyvis package. Raises KeyError for any other name."""
    spec = find_spec("pyvis")
    assert spec is not None, "pyvis is not installed"
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / VIS / VENDOR_FILES[name]


def network_html(
    network: nx.MultiDiGraph, findings: Sequence[Finding], lang: str = "vi", focus: str | None = None
) -> str:
    """One page that opens offline: the overview, or the surroundings of a thing.

    Raises KeyError for an unknown `focus`.
    """
    explorer = Explorer(network, findings)
    view = explorer.focus(focus, lang) if focus else explorer.overview(lang)
    return view_html(view, lang, str(network.graph.get("as_of", "")))


def view_html(view: View, lang: str, day: str, facts: Mapping[str, Any] | None = None) -> str:
    """A view as one page that opens offline; `day` is the ISO date its data stand for.

    `facts` is told of a thing that is clicked: `things` by id (`name`, `kind`, `where`, `facts` with `label`,
    `values`, `note`, `sources`) and `sources` by slug (`title`, `by`, `grade`, `url`). Without it, the title.
    """
    drawing = pyvis_network(view)
    drawing.set_template_dir(str(TEMPLATES), TEMPLATE)
    environment = drawing.templateEnv
    environment.autoescape = True
    environment.filters["parsed"] = json.loads
    environment.globals.update(
        view=view.as_dict(),
        lang=lang,
        facts=facts or {"things": {}, "sources": {}},
        words={key: text.format(day=".".join(reversed(day.split("-")))) for key, text in WORDS[lang].items()},
        colors={token: shades["light"] for token, shades in marks()["colors"].items()},
        face=marks()["face"],
        world=marks()["world"],
        vis=Markup(_inline(vendor_file("vis-network.min.js").read_text("utf-8"))),
        scripts=Markup(_inline("\n".join(path.read_text("utf-8") for path in SCRIPTS))),
    )
    page: str = drawing.generate_html()
    return page


def _inline(script: str) -> str:
    """A script so that no text in it can end or hide the element it stands in."""
    return script.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def pyvis_network(view: View) -> Any:
    """The view as a `pyvis.network.Network` with fixed positions."""
    from pyvis.network import Network

    drawing = Network(height="100%", width="100%", directed=True, heading=view.title)
    drawing.set_options(json.dumps(OPTIONS))
    for node in view.nodes:
        drawing.add_node(node.id, **_node_options(node, central=node.id == view.focus))
    bands = {band.id: band for band in view.bands}
    placed = {node.id: node for node in view.nodes}
    for edge in view.edges:
        ends = [
            _band_end(drawing, edge, bands[end], placed[other]) if end in bands and end not in placed else end
            for end, other in ((edge.from_id, edge.to_id), (edge.to_id, edge.from_id))
        ]
        drawing.add_edge(*ends, **_edge_options(edge, view.mode, view.focus))
    return drawing


def _node_options(node: Node, central: bool) -> dict[str, Any]:
    """vis-network options of a mark. The page writes labels itself, from `drawn`: vis has no line height."""
    mark = marks()["marks"][node.mark]
    box, text = mark["shape"] == "box", mark["shape"] == "text"
    if central and (box or text):
        mark = mark | marks()["centre"]
    width = (max(node.size or 0, mark["width"]) if central else node.size or mark["width"]) if box else None
    height = (mark["height"] if central else node.height or mark["height"]) if box else None
    number = "" if node.number is None else f"+{node.number}" if node.mark == "group" else str(node.number)
    inside = mark.get("inside") or (number if mark["shape"] == "dot" else "")
    return {
        "label": node.label,
        "shape": mark["shape"],
        "x": node.x,
        "y": node.y,
        "title": node.title,
        "size": mark.get("size") if box else node.size or mark.get("size"),
        "borderWidth": node.border or mark.get("border", 0),
        "color": {
            "background": light(mark.get("fill", "paper")),
            "border": light(mark.get("line", mark["text"])),
        },
        "shapeProperties": {"borderDashes": mark.get("dashes", False), "borderRadius": mark.get("radius", 0)},
        "font": {"color": "rgba(0,0,0,0)", "size": 1},
        "margin": {"top": 0, "right": 0, "bottom": 0, "left": 0},
        "widthConstraint": width or False,
        "heightConstraint": height or False,
        "drawn": {
            "box": width,
            "text": text,
            "inside": inside,
            "insideColor": light(mark["text"] if mark.get("inside") else "ink"),
            "side": {"left": -1, "right": 1}.get(node.align or "", 0),
            "reach": node.size or mark.get("size", 4),
            "wrap": mark.get("wrap"),
            "sub": node.sub or "",
            "font": mark["font"],
            "weight": mark["weight"],
            "color": light(mark["text"]),
        },
    }


def _edge_options(edge: Edge, mode: str, focus: str | None) -> dict[str, Any]:
    style = marks()["styles"][edge.style]
    arrow = style["arrow"] if edge.relation == "supplies" else None
    beside = edge.style == "twig" and focus not in (edge.from_id, edge.to_id)
    direction = "vertical" if mode == "overview" or beside else "horizontal"
    curve = {"enabled": True, "type": "cubicBezier", "forceDirection": direction, "roundness": 0.5}
    return {
        "id": edge.id,
        "title": edge.title,
        "label": edge.label or "",
        "color": {"color": light(style["color"]), "inherit": False},
        "width": edge.width or style["width"],
        "dashes": style["dashes"],
        "arrows": {"to": {"enabled": True, "type": arrow, "scaleFactor": 0.6}} if arrow else "",
        "smooth": curve if edge.smooth == "cubic" else False,
        "font": {
            "color": light("ink-3"), "size": 10.5, "face": marks()["face"], "strokeWidth": 4,
            "strokeColor": light("paper"), "align": "horizontal",
        },
    }  # fmt: skip


def _band_end(drawing: Any, edge: Edge, band: Backdrop, other: Node) -> str:
    """An unseen point on the rim of a band, where a line ends; spread by where the line comes from."""
    x, y = rim(band, other)
    end = f"{BAND_END}{edge.id}"
    drawing.add_node(
        end,
        label=" ",
        shape="dot",
        x=x,
        y=y,
        size=0.1,
        borderWidth=0,
        color="rgba(0,0,0,0)",
    )
    return end
