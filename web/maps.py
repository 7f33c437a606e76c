"""The map: the parks, ports and gates of the corridor where the records put them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext, ngettext

from graph.catalogue import Source
from graph.explore.atlas import Map, Mark, map_view
from graph.explore.facets import FACETS, Filters
from graph.explore.things import Things
from graph.geo import Outline, read_outlines
from graph.namespaces import slug
from graph.query import select
from web import support
from web.explorer import not_found
from web.filters import KEPT, asked, facets
from web.support import Site
from web.views import View

bp = Blueprint("map", __name__)


def outlines(site: Site) -> dict[str, Outline]:
    """Outlines of the site's data folder by id."""
    return read_outlines(site.corridor.data)


def position_sources(site: Site) -> list[Source]:
    """Who says where things lie, best first; those of the outlines among them."""
    named = {slug(row["source"].value) for row in select(site.corridor.store, "pages/position-sources")}
    named |= {outline.source for outline in site.part(outlines).values()}
    return site.catalogue.best(named)


def precision_text(precision: str | None) -> str:
    """How well a position is known, in words."""
    texts = {
        "exact": gettext("position recorded"),
        "commune": gettext("drawn at its commune; the exact place is not recorded"),
        "district": gettext("drawn at the seat of its district; the exact place is not recorded"),
        "province": gettext("only the province is known"),
    }
    return texts.get(precision or "", gettext("no position recorded"))


def mark_title(mark: Mark) -> str:
    """What a mark says on hover and to a screen reader, a line each."""
    if not mark.id:
        count = ngettext(
            "%(num)d park with no recorded plant", "%(num)d parks with no recorded plant", len(mark.zones)
        )
        return "\n".join((count, *map(_named, mark.zones), precision_text(mark.precision)))
    lines = [support.label(mark.id)]
    if mark.plants:
        lines.append(ngettext("%(num)d plant recorded", "%(num)d plants recorded", mark.plants))
    if mark.anchors:
        lines.append(ngettext("%(num)d anchor investor", "%(num)d anchor investors", mark.anchors))
    if not mark.begun:
        lines.append(gettext("not yet established on this date"))
    return "\n".join((*lines, precision_text(mark.precision)))


def _named(park: str) -> str:
    """The name of a park, and whether it is only established later."""
    there = support.view().network.nodes[park].get("active", True)
    name = support.label(park)
    return name if there else f"{name}, {gettext('not yet established on this date')}"


@bp.get("/map")
def map_page() -> str | Response:
    """The map with its list; `select` marks one thing."""
    chosen = request.args.get("select", "")
    if chosen and chosen not in support.view().network:
        return not_found(chosen)
    site = support.site()
    view = _map()
    return render_template(
        "map.html",
        page="explorer",
        map=view,
        chosen=chosen,
        mark=next((mark for mark in view.marks if chosen in mark.ids), None),
        mark_title=mark_title,
        precision_text=precision_text,
        kept={name: request.args.getlist(name) for name in FACETS if name in request.args},
        sources=site.part(position_sources),
    )


def _map() -> Map:
    """The map for the date, the reading and the filters of the request. Raises BadArgument."""
    return support.view().part(_maps)(support.lang(), asked())


def _maps(view: View) -> Callable[[str, Filters], Map]:
    """Maps of a view by language and filters; what is asked for again is kept."""
    drawn = support.site().part(outlines)

    @lru_cache(KEPT)
    def make(lang: str, filters: Filters) -> Map:
        keep = facets().select(filters).matches if any(filters) else None
        return map_view(Things(view.network, lang), drawn, keep)

    return make
