"""Pages and data of every thing and every source."""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize
from werkzeug.wrappers import Response as BaseResponse

from graph.describe import about, context, document, settled
from graph.namespaces import CODE, GRAPHS, ID, ONTOLOGY_GRAPH, PREFIXES, SOURCE
from graph.namespaces import slug as slug_of
from graph.terms import anchor
from web import packing, structured, support
from web.crawlers import page_addresses
from web.data_views import card
from web.provenance import page_number
from web.source_views import source_page
from web.thing_views import thing_page

bp = Blueprint("pages", __name__)

FORMATS = {
    "ttl": (RdfFormat.TURTLE, "text/turtle"),
    "jsonld": (RdfFormat.JSON_LD, "application/ld+json"),
    "nt": (RdfFormat.N_TRIPLES, "application/n-triples"),
    "rdf": (RdfFormat.RDF_XML, "application/rdf+xml"),
    "trig": (RdfFormat.TRIG, "application/trig"),
    "nq": (RdfFormat.N_QUADS, "application/n-quads"),
}
WITH_GRAPHS = ("trig", "nq")
"""Formats that say which source carries a statement."""
PAGE, HTML = "text/html", "html"
ONTOLOGY = "ontology"
"""Name under /data of the terms and closed lists."""
SUGGESTIONS = 8
MOST_SIGNS = 100
"""Of an id that nothing has, so many signs are searched for."""
SLUG = re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")


@bp.get("/id/<slug>", defaults={"space": ID})
@bp.get("/source/<slug>", defaults={"space": SOURCE})
def thing(slug: str, space: str) -> BaseResponse:
    """The address of a thing or a source leads to its page or its data, as the client prefers."""
    if not SLUG.fullmatch(slug) or not _has_statements(NamedNode(space + slug)):
        return _unknown(slug)
    return choose(slug, _page_of(slug))


@bp.get("/code/<slug>")
def code(slug: str) -> BaseResponse:
    """The address of a code leads to its documentation or its data."""
    if not SLUG.fullmatch(slug) or not _has_statements(NamedNode(CODE + slug)):
        return _unknown(slug)
    return choose(slug, url_for("data.ontology", _anchor=anchor(CODE + slug)))


def _page_of(slug: str) -> str:
    if slug in support.view().findings_by_id:
        return url_for("gaps.gap", gap_id=slug)
    return url_for("pages.page", slug=slug)


def choose(name: str, page: str) -> BaseResponse:
    """303 to the page or to the data in the format the client likes best; 406 if it takes none.

    `?format=` with `html` or the ending of a format goes before `Accept`. The `Link` header names them all.
    """
    endings = {PAGE: HTML} | {media_type: ending for ending, (_, media_type) in FORMATS.items()}
    ending = request.args.get("format", "")
    if not ending:
        best = request.accept_mimetypes.best_match(endings) if "Accept" in request.headers else PAGE
        ending = endings.get(best or "", "")
    if ending not in endings.values():
        names = ", ".join(f"{media_type} ({ending})" for media_type, ending in endings.items())
        detail = gettext("This address has: %(formats)s.", formats=names)
        response: BaseResponse = support.problem(
            406, gettext("No such format"), detail, formats=list(endings)
        )
    else:
        response = redirect(page if ending == HTML else _file(name, ending), 303)
    response.headers["Vary"] = "Accept"
    response.headers["Link"] = alternates(name, page)
    return response


def _file(name: str, ending: str) -> str:
    return url_for("pages.data", name=f"{name}.{ending}")


def alternates(name: str, page: str = "", *, but: str = "") -> str:
    """Value of a `Link` header: the page, if there is one, and each format of the data except `but`."""
    found = [(page, PAGE)] if page else []
    found += [(_file(name, ending), media) for ending, (_, media) in FORMATS.items() if ending != but]
    return ", ".join(f'<{address}>; rel="alternate"; type="{media}"' for address, media in found)


def described(body: str, name: str) -> BaseResponse:
    """A page with the `Link` header that leads to the data about its subject, and an ETag."""
    response = Response(body)
    canonical = f'<{page_addresses()[support.lang()]}>; rel="canonical"'
    data = f'<{_file(name, "ttl")}>; rel="describedby"; type="{FORMATS["ttl"][1]}"'
    response.headers["Link"] = ", ".join((canonical, data, alternates(name)))
    response.headers["Vary"] = "Accept, Cookie"
    response.add_etag(weak=True)
    return response.make_conditional(request)


@bp.get("/page/<slug>")
def page(slug: str) -> str | BaseResponse:
    """The page of a thing or a source."""
    site = support.site()
    if slug in support.view().findings_by_id:
        return redirect(url_for("gaps.gap", gap_id=slug), 303)
    if slug in site.catalogue:
        view = source_page(site.catalogue[slug], page_number())
        body = render_template("source.html", page="sources", view=view, structured=structured.source(view))
        return described(body, slug)
    node = _node(slug)
    if node is None or not node.value.startswith(ID):
        return _unknown(slug)
    shown = thing_page(slug)
    body = render_template("thing.html", page="explorer", view=shown, structured=structured.thing(shown))
    return described(body, slug)


@bp.get("/data/vehec.nq", defaults={"ending": "nq"})
@bp.get("/data/vehec.trig", defaults={"ending": "trig"})
def dataset(ending: str) -> BaseResponse:
    """The whole data set, each statement in the graph of each source; a twentieth of its size with gzip."""
    generation = support.site().corridor.generation
    response = packing.answer(_packed(generation, ending), FORMATS[ending][1], request)
    response.headers["Content-Disposition"] = f"attachment; filename=vehec.{ending}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(f"{generation}-{ending}{'-gzip' if response.headers.get('Content-Encoding') else ''}")
    return response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)


@lru_cache(maxsize=len(WITH_GRAPHS))
def _packed(generation: str, ending: str) -> bytes:
    """The data set in a format, made once: the file that the store was loaded from may be gone."""
    form = FORMATS[ending][0]
    prefixes = PREFIXES if form == RdfFormat.TRIG else None
    quads = settled(support.site().corridor.store)
    return packing.packed(serialize(quads, format=form, prefixes=prefixes) or b"")


@bp.get("/data/<name>")
def data(name: str) -> BaseResponse:
    """What is stated about a thing and what points to it, at `<slug>.<one of FORMATS>`."""
    slug, _, ending = name.rpartition(".")
    if ending not in FORMATS:
        allowed = ", ".join(FORMATS)
        detail = gettext("Data come as %(formats)s: add the ending to the id.", formats=allowed)
        return support.problem(404, gettext("No such format"), detail, formats=list(FORMATS))
    node = _node(slug)
    if slug != ONTOLOGY and node is None:
        return _unknown(slug)
    form, media_type = FORMATS[ending]
    quads = _terms() if node is None else _described(node)
    if ending in WITH_GRAPHS:
        body = serialize(quads, format=form, prefixes=PREFIXES)
    else:
        body = serialize(dict.fromkeys(quad.triple for quad in quads), format=form, prefixes=PREFIXES)
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    links = [f'<{card().words["licence"]}>; rel="license"']
    if node is None:
        links.append(alternates(slug, url_for("data.ontology"), but=ending))
    else:
        links += [f'<{node.value}>; rel="describes"', alternates(slug, _address(node), but=ending)]
    response.headers["Link"] = ", ".join(links)
    response.add_etag()
    return response.make_conditional(request)


def _described(node: NamedNode) -> list[Quad]:
    """The statements about a thing, the names of what they mention, and what this file is."""
    store = support.site().corridor.store
    quads = about(store, node)
    names = context(store, node, quads)
    return [
        *document(request.base_url, node, quads, card().words["licence"]),
        *dict.fromkeys([*quads, *names]),
    ]


def _terms() -> list[Quad]:
    store = support.site().corridor.store
    return settled(store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH)))


def _node(slug: str) -> NamedNode | None:
    """The thing, source, code or graph with this slug, if anything is stated about it."""
    if not SLUG.fullmatch(slug):
        return None
    candidates = (NamedNode(base + slug) for base in (ID, SOURCE, CODE, GRAPHS))
    return next((node for node in candidates if _has_statements(node)), None)


def _address(node: NamedNode) -> str:
    """The page about a thing, a source, a code or a graph."""
    if node.value.startswith((CODE, GRAPHS)):
        return url_for("data.ontology", _anchor=anchor(node.value))
    return _page_of(slug_of(node.value))


def _has_statements(node: NamedNode) -> bool:
    quads = support.site().corridor.store.quads_for_pattern(node, None, None, DefaultGraph())
    return next(quads, None) is not None


def _unknown(slug: str) -> Response:
    hits = support.site().index.near(slug[:MOST_SIGNS], support.lang(), limit=SUGGESTIONS)
    detail = gettext("Nothing is recorded under the id “%(slug)s”.", slug=slug)
    return support.problem(404, gettext("Unknown thing"), detail, suggestions=hits)
