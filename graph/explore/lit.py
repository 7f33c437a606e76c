"""What stands out of a picture while the rest is dimmed: the neighbourhood of a thing, or a path."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple, Self

from graph.explore.document import Document
from graph.explore.view import Edge, View

PATH = "path"
"""`near` of a document whose last path stands out."""


class Lit(NamedTuple):
    """Ids that stand out and, where a path does, the pairs of ids that are its steps."""

    things: frozenset[str]
    steps: frozenset[frozenset[str]] | None = None

    @classmethod
    def of(cls, view: View, document: Document) -> Self | None:
        """What a document keeps to in its picture, as on the page; None where everything is seen alike."""
        if document.near == PATH:
            path = next((step.ids for step in reversed(document.added) if step.path), None)
            return cls(frozenset(path), frozenset(map(frozenset, pairwise(path)))) if path else None
        if document.near not in {node.id for node in view.nodes} | {band.id for band in view.bands}:
            return None
        return cls.around(view, document.near)

    @classmethod
    def around(cls, view: View, slug: str) -> Self:
        """A thing and those that a line joins to it."""
        ends = ({edge.from_id, edge.to_id} for edge in view.edges)
        return cls(frozenset({slug}).union(*(pair for pair in ends if slug in pair)))

    def holds(self, edge: Edge) -> bool:
        """Whether a line whose ends stand out does too."""
        return self.steps is None or frozenset((edge.from_id, edge.to_id)) in self.steps
