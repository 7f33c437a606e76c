"""A picture and the whole network as files for graph tools: GraphML and GEXF."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import networkx as nx

from graph.explore.svg_parts import clean
from graph.explore.tables import Context, links, things
from graph.explore.things import edge_id
from graph.explore.view import View
from graph.marks import light, marks

GEXF_KEY = re.compile(r'\n *<attribute id="(\d+)" title="networkx_key" type="\w+" ?/>')

INSIDE = frozenset({"data", "divisions", "sections"})
"""Attributes of the network that stay out of files."""


def picture_graph(view: View, context: Context, title: str) -> nx.MultiDiGraph:
    """The picture as a graph: every thing with its names, kind, status, sources and place, every line with
    its relation, sources and whether it is stated, derived or missing. Edges are keyed by their id."""
    graph = nx.MultiDiGraph(name=title, lang=context.lang)
    for row in things(view, context):
        mark = marks()["marks"].get(row["mark"], {})
        label = row[f"name_{context.lang}"]
        graph.add_node(row["id"], label=label, color=light(mark.get("line", mark["text"])), **_rest(row))
    for row in links(view, context):
        graph.add_edge(
            row["from"], row["to"], row["id"], label=row["relation_name"], **_rest(row, "from", "to")
        )
    return graph


def _rest(row: dict[str, Any], *others: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("id", *others)}


def graphml(graph: nx.MultiDiGraph) -> str:
    """The graph as GraphML; attributes are text and numbers."""
    return "\n".join(nx.generate_graphml(_clean(graph), named_key_ids=True))


def gexf(graph: nx.MultiDiGraph) -> str:
    """The graph as GEXF 1.2, as Gephi opens it: node attributes `x`, `y` and `color` become those of the
    drawing, with y upwards, `label` the label, and the key of an edge its id."""
    tidy = nx.MultiDiGraph(name=graph.graph.get("name", ""))
    for name, attributes in _clean(graph).nodes(data=True):
        tidy.add_node(name, **_with_places(attributes))
    for n, (start, end, key, data) in enumerate(_clean(graph).edges(keys=True, data=True)):
        tidy.add_edge(start, end, n, **(data | {"id": key}))
    return _without_keys("\n".join(nx.generate_gexf(tidy)))


def _with_places(attributes: dict[str, Any]) -> dict[str, Any]:
    found = dict(attributes)
    viz: dict[str, Any] = {}
    if "x" in found and "y" in found:
        viz["position"] = {"x": float(found.pop("x")), "y": -float(found.pop("y")), "z": 0.0}
    if color := found.pop("color", None):
        viz["color"] = dict(zip("rgb", bytes.fromhex(color[1:]), strict=True))
    return found | ({"viz": viz} if viz else {})


def _without_keys(text: str) -> str:
    """Without the attribute in which networkx repeats the key of an edge."""
    if not (found := GEXF_KEY.search(text)):
        return text
    return re.sub(rf'\n *<attvalue for="{found[1]}" value="\d+" ?/>(?=[^\n]*)', "", GEXF_KEY.sub("", text))


def _clean(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A copy whose texts XML can hold."""
    clean = nx.MultiDiGraph(**_tidy(graph.graph.items()))
    for name, attributes in graph.nodes(data=True):
        clean.add_node(name, **_tidy(attributes.items()))
    for start, end, key, data in graph.edges(keys=True, data=True):
        clean.add_edge(start, end, key, **_tidy(data.items()))
    return clean


def _tidy(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {key: clean(value) if isinstance(value, str) else value for key, value in values}


def flattened(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A copy with plain text and numbers only, as GraphML needs; edges are keyed by their stable id.

    The folder of the data stays out, which means nothing on another machine, and so do the names of codes.
    """
    about = {key: _plain(value) for key, value in network.graph.items() if key not in INSIDE}
    flat = nx.MultiDiGraph(**about)
    for slug, attributes in sorted(network.nodes(data=True)):
        flat.add_node(slug, **_flat(attributes))
    for start, end, key, data in sorted(network.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        flat.add_edge(start, end, key=edge_id(start, end, key, data["relation"]), **_flat(data))
    return flat


def _flat(attributes: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in attributes.items():
        if isinstance(value, dict):
            found |= {f"{key}_{part}": _plain(text) for part, text in value.items()}
        elif value is not None:
            found[key] = _plain(value)
    return found


def _plain(value: Any) -> str | int | float | bool:
    if isinstance(value, (bool, int, float, str)):
        return value
    return " ".join(str(part) for part in value) if isinstance(value, (tuple, list)) else str(value)
