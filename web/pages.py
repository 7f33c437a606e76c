"""Pages and data of every thing and every source, and the lists of sources and claims."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize
from werkzeug.wrappers import Response as BaseResponse

from graph.namespaces import CODE, ID, ONTOLOGY_GRAPH, PREFIXES, SOURCE
from graph.search import Hit
from web import support
from web.source_views import (
    CHECKS,
    SORTS,
    SourceFilters,
    allowed_grades,
    claims_page,
    source_kinds,
    source_page,
    sources_page,
)
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
PAGE = "text/html"
ONTOLOGY = "ontology"
"""Name under /data of the terms and closed lists."""
SUGGESTIONS = 8
SLUG = re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")


@bp.get("/id/<slug>")
@bp.get("/source/<slug>")
def thing(slug: str) -> BaseResponse:
    """The address of a thing leads to its page or its data, as the client prefers."""
    if _node(slug) is None:
        return _unknown(slug)
    if slug in support.site().findings_by_id:
        return _choose(slug, url_for("gaps.gap", gap_id=slug))
    return _choose(slug, url_for("pages.page", slug=slug))


@bp.get("/ont")
def ontology() -> BaseResponse:
    """The address of the terms leads to their data."""
    return _choose(ONTOLOGY, None)


@bp.get("/code/<slug>")
def code(slug: str) -> BaseResponse:
    """The address of a code leads to its data."""
    return _choose(slug, None) if _node(slug) is not None else _unknown(slug)


def _choose(name: str, page: str | None) -> BaseResponse:
    """303 to the page or to the data in the format the client likes best; 406 if it takes none."""
    media = {media_type: ending for ending, (_, media_type) in FORMATS.items()}
    offered = [PAGE, *media] if page else list(media)
    best = request.accept_mimetypes.best_match(offered) if "Accept" in request.headers else offered[0]
    if best is None and page is None and request.accept_mimetypes.accept_html:
        best = offered[0]
    if best is None:
        detail = gettext("This address has: %(formats)s.", formats=", ".join(offered))
        response: BaseResponse = support.problem(406, gettext("No such format"), detail, formats=offered)
    elif page and best == PAGE:
        response = redirect(page, 303)
    else:
        response = redirect(url_for("pages.data", name=f"{name}.{media[best]}"), 303)
    response.headers["Vary"] = "Accept"
    return response


@bp.get("/page/<slug>")
def page(slug: str) -> str | BaseResponse:
    """The page of a thing or a source."""
    site = support.site()
    if slug in site.findings_by_id:
        return redirect(url_for("gaps.gap", gap_id=slug), 303)
    if slug in site.catalogue:
        return render_template("source.html", page="sources", view=source_page(site.catalogue[slug]))
    node = _node(slug)
    if node is None or not node.value.startswith(ID):
        return _unknown(slug)
    return render_template("thing.html", page="explorer", view=thing_page(slug))


@bp.get("/data/vehec.nq", defaults={"ending": "nq"})
@bp.get("/data/vehec.trig", defaults={"ending": "trig"})
def dataset(ending: str) -> Response:
    """The whole data set, each statement in the graph of each source."""
    generation = support.site().corridor.generation
    return send_file(
        io.BytesIO(_serialised(generation, ending)),
        FORMATS[ending][1],
        as_attachment=True,
        download_name=f"vehec.{ending}",
        etag=f"{generation}-{ending}",
    )


@lru_cache(maxsize=len(WITH_GRAPHS))
def _serialised(generation: str, ending: str) -> bytes:
    """The data set in a format, made once: the file that the store was loaded from may be gone."""
    form = FORMATS[ending][0]
    prefixes = PREFIXES if form == RdfFormat.TRIG else None
    return support.site().corridor.store.dump(format=form, prefixes=prefixes) or b""


@bp.get("/data/<name>")
def data(name: str) -> Response:
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
    quads = _terms() if node is None else _around(node)
    if ending in WITH_GRAPHS:
        body = serialize(quads, format=form, prefixes=PREFIXES)
    else:
        triples = dict.fromkeys(quad.triple for quad in quads)
        body = serialize(triples, format=form, prefixes=PREFIXES)
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _around(node: NamedNode) -> Iterator[Quad]:
    """Every statement with this node as subject or object, in every graph that carries it."""
    store = support.site().corridor.store
    yield from store.quads_for_pattern(node, None, None, None)
    yield from store.quads_for_pattern(None, None, node, None)


def _terms() -> Iterator[Quad]:
    yield from support.site().corridor.store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))


def _node(slug: str) -> NamedNode | None:
    """The thing, source or code with this slug, if anything is stated about it."""
    if not SLUG.fullmatch(slug):
        return None
    candidates = (NamedNode(base + slug) for base in (ID, SOURCE, CODE))
    return next((node for node in candidates if _has_statements(node)), None)


def _has_statements(node: NamedNode) -> bool:
    quads = support.site().corridor.store.quads_for_pattern(node, None, None, DefaultGraph())
    return next(quads, None) is not None


def _unknown(slug: str) -> Response:
    hits: list[Hit] = []
    for words in _nearest_words(slug):
        hits, _ = support.site().index.find(words, support.lang(), limit=SUGGESTIONS)
        if hits:
            break
    detail = gettext("Nothing is recorded under the id “%(slug)s”.", slug=slug)
    return support.problem(404, gettext("Unknown thing"), detail, suggestions=hits)


def _nearest_words(text: str) -> Iterator[str]:
    """What to search for when nothing has this id: its first words, fewer and fewer, then each word alone."""
    words = [word for word in re.split(r"[\W_]+", text) if word]
    for end in range(len(words), 0, -1):
        yield " ".join(words[:end])
    yield from words[1:]


@bp.get("/sources")
def sources() -> str | Response:
    """All sources, sorted and narrowed by query parameters."""
    grades, kinds = tuple(request.args.getlist("grade")), tuple(request.args.getlist("kind"))
    sort, number = request.args.get("sort", SORTS[0]), request.args.get("page", "1")
    for name, values, allowed in (
        ("grade", grades, allowed_grades()),
        ("kind", kinds, source_kinds()),
        ("sort", (sort,), SORTS),
    ):
        for value in values:
            if value not in allowed:
                return _unknown_value(name, value, list(allowed))
    if not (number.isascii() and number.isdecimal() and 0 < int(number) < 1000):
        return _unknown_value("page", number, ["1"])
    filters = SourceFilters(grades, kinds, request.args.get("q", "").strip(), sort, int(number))
    return render_template("sources.html", page="sources", view=sources_page(filters))


@bp.get("/claims")
def claims() -> str | Response:
    """All claims, each with how it compares with the records."""
    chosen = tuple(request.args.getlist("check"))
    for value in chosen:
        if value not in CHECKS:
            return _unknown_value("check", value, list(CHECKS))
    return render_template("claims.html", page="sources", view=claims_page(chosen))


def _unknown_value(name: str, value: str, allowed: list[str]) -> Response:
    detail = gettext(
        "The filter %(facet)s has no value %(value)s. Allowed: %(allowed)s.",
        facet=name,
        value=f"“{value}”",
        allowed=", ".join(allowed),
    )
    return support.problem(400, gettext("Unknown filter value"), detail, parameter=name, allowed=allowed)
