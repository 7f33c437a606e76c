"""Paths between two things with the lines that they run along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from graph.explore import Explorer
from graph.explore.neighbours import MISSING
from graph.explore.paths import GROUPS
from graph.explore.view import Edge, Node


@dataclass(frozen=True)
class Route:
    """One path: its things, and per step the ids of the lines that make it."""

    ids: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]

    @property
    def edges(self) -> list[str]:
        """Ids of all lines on it."""
        return [name for step in self.steps for name in step]

    @property
    def missing(self) -> bool:
        """Whether a step is made by a need with no recorded supply alone."""
        return any(step and all(f"|{MISSING}|" in name for name in step) for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        """JSON form; `length` is the number of steps."""
        return {
            "ids": self.ids,
            "edges": self.edges,
            "steps": self.steps,
            "length": len(self.steps),
            "missing": self.missing,
        }


@dataclass(frozen=True)
class Routes:
    """Paths, shortest first, with everything on them; `truncated` if the search stopped early."""

    routes: tuple[Route, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    truncated: bool


def routes(
    explorer: Explorer, start: str, end: str, groups: Sequence[str], limit: int, lang: str = "vi"
) -> Routes:
    """Up to `limit` paths by these kinds of relation. Raises KeyError for an id that is not known."""
    found = explorer.paths.between(start, end, groups, limit)
    held = list(dict.fromkeys(thing for path in found.paths for thing in path.ids))
    nodes, edges, _ = explorer.among(held, (), lang)
    kept = {relation for group in groups for relation in GROUPS[group]}
    lines: dict[frozenset[str], list[str]] = {}
    for edge in edges:
        if edge.relation in kept:
            lines.setdefault(frozenset((edge.from_id, edge.to_id)), []).append(edge.id)
    made = tuple(
        Route(path.ids, tuple(tuple(lines.get(frozenset(pair), ())) for pair in pairwise(path.ids)))
        for path in found.paths
    )
    drawn = {name for route in made for name in route.edges}
    return Routes(made, nodes, tuple(edge for edge in edges if edge.id in drawn), found.truncated)
