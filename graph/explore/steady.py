"""A picture of another date keeps things where they are in the usual one, for a reader to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from graph.explore.extent import Box, reach, reach_of_words
from graph.explore.sheet import Picture
from graph.explore.view import Node

STEP, STEPS, GAP = 16.0, 60, 2.0
"""Up and down its column a new thing looks for room in steps of so many px, so often."""


def steady(picture: Picture, usual: Picture) -> Picture:
    """`picture` with the things and headings of `usual` at their places there; what is new finds room."""
    view, focus = picture.view, picture.view.focus
    places = {node.id: node for node in usual.view.nodes}
    words = {text.text: text for text in usual.view.texts}
    texts = tuple(
        replace(text, x=words[text.text].x, y=words[text.text].y) if text.text in words else text
        for text in view.texts
    )
    known = {
        node.id: replace(node, x=places[node.id].x, y=places[node.id].y, align=places[node.id].align)
        for node in view.nodes
        if node.id in places
    }
    taken = [*(reach(node, node.id == focus) for node in known.values()), *map(reach_of_words, texts)]
    nodes = []
    for node in view.nodes:
        if node.id not in known:
            known[node.id] = _free(node, taken)
            taken.append(reach(known[node.id]))
        nodes.append(known[node.id])
    return replace(picture, view=replace(view, nodes=tuple(nodes), texts=texts))


def _free(node: Node, taken: Sequence[Box]) -> Node:
    """The node at the spot of its column nearest to its own where it covers nothing, else where it is."""
    assert node.y is not None
    shifts = chain([0.0], *((n * STEP, -n * STEP) for n in range(1, STEPS)))
    spots = (replace(node, y=node.y + shift) for shift in shifts)
    free = (spot for spot in spots if all(reach(spot).apart(box, GAP) for box in taken))
    return next(free, node)
