"""The explorer that a request asks for: its date, its reading, and the filters of its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from flask import g, request
from flask_babel import gettext

from graph.explore import Explorer
from graph.explore.facets import FACETS, Facets, Filters
from graph.gap_table import UnknownValue
from web import support
from web.arguments import BadArgument
from web.views import View

KEPT = 4
"""Filtered explorers kept for each date and reading."""
NAMED = 8
"""Known values that the text on an unknown one names."""
VALUE_SIGNS = 60


def explorer() -> Explorer:
    """The explorer of the request. Raises BadArgument for a filter that is not known."""
    filters = asked()
    return support.view().part(_filtered)(filters) if any(filters) else support.view().part(_explorer)


def facets() -> Facets:
    """What can be chosen at the date and in the reading of the request."""
    return support.view().part(_facets)


def counts() -> dict[str, Counter[str]]:
    """Things that would match by facet and value, under the filters of the request. Raises BadArgument."""
    return support.view().part(_counts)(asked())


def asked() -> Filters:
    """The filters of the address. Raises BadArgument for a value that a facet does not have."""
    if "filters" not in g:
        filters = Filters(*(frozenset(filter(None, request.args.getlist(facet))) for facet in FACETS))
        if any(filters):
            _check(filters)
        g.filters = filters
    found: Filters = g.filters
    return found


def _check(filters: Filters) -> None:
    try:
        facets().check(filters)
    except UnknownValue as unknown:
        named = ", ".join(unknown.allowed[:NAMED]) + (", …" if len(unknown.allowed) > NAMED else "")
        raise BadArgument(
            gettext(
                "“%(value)s” is no value of the filter %(facet)s here. Known are: %(known)s",
                value=unknown.value[:VALUE_SIGNS],
                facet=unknown.facet,
                known=named,
            )
        ) from unknown


def _explorer(view: View) -> Explorer:
    usual = support.site().views.usual
    return Explorer(view.network, view.findings, None if view is usual else usual.part(_explorer))


def _facets(view: View) -> Facets:
    grades = {source.slug: source.grade for source in support.site().catalogue.values()}
    return Facets(view.part(_explorer).neighbours.world, grades)


def _filtered(view: View) -> Callable[[Filters], Explorer]:
    whole, found = view.part(_explorer), view.part(_facets)
    usual = support.site().views.usual

    def under(filters: Filters) -> Explorer:
        return whole.under(found.select(filters), None if view is usual else _before(usual, filters))

    return lru_cache(KEPT)(under)


def _before(usual: View, filters: Filters) -> Explorer:
    """The usual explorer under those of the filters that it has things for."""
    known = usual.part(_facets).known(filters)
    return usual.part(_filtered)(known) if any(known) else usual.part(_explorer)


def _counts(view: View) -> Callable[[Filters], dict[str, Counter[str]]]:
    return lru_cache(KEPT)(view.part(_facets).counts)
