"""What tests ask of a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graph.explore import View

MARKS = json.loads((Path(__file__).parents[1] / "graph/marks.json").read_text("utf-8"))


def ids(view: View) -> set[str]:
    return {node.id for node in view.nodes}


def edge(view: View, name: str) -> Any:
    return next((edge for edge in view.edges if edge.id == name), None)


def problems(view: View) -> list[str]:
    """What no view may have: things drawn twice, lines to nowhere, unknown marks and styles."""
    nodes = [node.id for node in view.nodes]
    ends = {*nodes, *(band.id for band in view.bands)}
    lines = [line.id for line in view.edges]
    return [
        *(f"{node} twice" for node in nodes if nodes.count(node) > 1),
        *(f"{line} twice" for line in lines if lines.count(line) > 1),
        *(f"{line.id} ends nowhere" for line in view.edges if not {line.from_id, line.to_id} <= ends),
        *(f"{node.mark}?" for node in view.nodes if node.mark not in MARKS["marks"]),
        *(f"{line.style}?" for line in view.edges if line.style not in MARKS["styles"]),
        *(f"{node.id} has no place" for node in view.nodes if node.x is None or node.y is None),
        *(f"{node.id} has no label" for node in view.nodes if not node.label),
    ]
