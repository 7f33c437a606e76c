"""The overview under filters: what is drawn of the chosen kinds, and a list of what matches besides."""

from __future__ import annotations

from dataclasses import replace
from heapq import nsmallest

from graph.explore.facets import Selection
from graph.explore.sheet import Picture
from graph.explore.things import Things
from graph.explore.view import Item, Section
from graph.explore.words import say
from graph.gaps.wording import figure
from graph.search import KIND_ORDER

MOST_MATCHES = 100
"""Rows of the list for things that match the filters and are not drawn by themselves."""


def selected(things: Things, picture: Picture, selection: Selection) -> Picture:
    """The overview of what is selected, without other kinds; the localities stay behind it."""
    view, kinds = picture.view, selection.filters.kind
    nodes = tuple(node for node in view.nodes if not kinds or node.kind in kinds)
    ends = {*(node.id for node in nodes), *(band.id for band in view.bands)}
    listed = {node.id for node in nodes} | {
        plant for group, held in picture.groups.items() if group in ends for plant in held.members
    }
    rows = ends if not kinds else ends & listed
    sections = [
        replace(section, items=tuple(item for item in section.items if item.id in rows))
        for section in view.sections
    ]
    rest = selection.matches - listed - {band.id for band in view.bands}
    first = nsmallest(
        MOST_MATCHES,
        rest,
        key=lambda slug: (KIND_ORDER.index(things.kind(slug)), things.name(slug).casefold(), slug),
    )
    heading = "also-match" if len(first) == len(rest) else "also-match-first"
    sections.append(
        Section(
            say(heading, things.lang, n=len(first), all=len(rest)),
            tuple(Item(slug, things.name(slug), things.mark(slug), things.place(slug)) for slug in first),
        )
    )
    found = "filtered" if selection.matches else "nothing-matches"
    figures = {"n": figure(len(selection.matches)), "all": figure(selection.total)}
    return replace(
        picture,
        view=replace(
            view,
            subtitle=say(found, things.lang, **{key: text[things.lang] for key, text in figures.items()}),
            nodes=nodes,
            edges=tuple(edge for edge in view.edges if {edge.from_id, edge.to_id} <= ends),
            sections=tuple(section for section in sections if section.items),
            left_out=selection.total - len(selection.matches),
        ),
    )
