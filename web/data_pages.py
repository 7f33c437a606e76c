"""The data set as such: its page and card, its tables as files, and the documentation of the vocabulary."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from pyoxigraph import serialize
from werkzeug.wrappers import Response as BaseResponse

from graph.card_rdf import CARD_PREFIXES, card_triples
from graph.describe import settled
from graph.namespaces import BASE, GRAPHS, ONTOLOGY_GRAPH, PREFIXES
from graph.shapes import SH
from graph.tables import METADATA
from graph.terms import anchor
from web import structured, support
from web.data_views import card, data_page, ontology_page, shape_statements, shapes, vocabulary
from web.pages import FORMATS, ONTOLOGY, PAGE, alternates, choose, described

bp = Blueprint("data", __name__)

TABLE_MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
METADATA_MEDIA_TYPE = "application/csvm+json"
SHAPE = BASE + "shape/"
BYTE_ORDER_MARK = "\ufeff".encode()


@bp.get("/data")
def dataset() -> str | BaseResponse:
    """The data set: a page for a person, the card for a machine."""
    media = [PAGE, *(media_type for _, media_type in FORMATS.values())]
    best = request.accept_mimetypes.best_match(media) if "Accept" in request.headers else PAGE
    asked = request.args.get("format", "html" if best == PAGE else "")
    if asked != "html":
        return choose("card", url_for("data.dataset", format="html"))
    body = render_template("data.html", page="data", view=data_page(), structured=structured.dataset(card()))
    return described(body, "card")


@bp.get("/data/card.<ending>")
def card_file(ending: str) -> BaseResponse:
    """The card in one of FORMATS."""
    if ending not in FORMATS:
        return _no_such_format()
    return _card(ending)


@bp.get("/.well-known/void")
def void() -> BaseResponse:
    """The card where harvesters look for it; Turtle unless the client prefers another format."""
    media = {media_type: ending for ending, (_, media_type) in FORMATS.items()}
    best = request.accept_mimetypes.best_match(list(media)) if "Accept" in request.headers else None
    response = _card(media[best] if best else "ttl")
    response.headers["Vary"] = "Accept"
    return response


def _card(ending: str) -> BaseResponse:
    form, media_type = FORMATS[ending]
    body = serialize(card_triples(card(), request.url_root), format=form, prefixes=CARD_PREFIXES)
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Content-Location"] = url_for("data.card_file", ending=ending)
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/data/tables/<name>")
def table(name: str) -> BaseResponse:
    """A table as it was when the shown build was made, `<table>.csv`, or the description of all tables.

    `?bom=1` puts a byte order mark before it, without which Excel misreads Vietnamese letters.
    """
    kept = support.site().corridor.files
    files = {table.file for table in card().tables}
    if name == METADATA:
        body, media_type = kept[name], METADATA_MEDIA_TYPE
    elif name in files:
        body, media_type = kept.get(name, b""), TABLE_MEDIA_TYPE
        if request.args.get("bom") == "1":
            body = BYTE_ORDER_MARK + body.removeprefix(BYTE_ORDER_MARK)
    else:
        detail = gettext("The tables are %(tables)s.", tables=", ".join(sorted(files)))
        return support.problem(404, gettext("No such table"), detail, tables=sorted(files))
    response = Response(body, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    if name != METADATA:
        described = url_for("data.table", name=METADATA)
        response.headers["Link"] = f'<{described}>; rel="describedby"; type="{METADATA_MEDIA_TYPE}"'
        response.headers.set("Content-Disposition", "attachment", filename=name)
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/ontology")
def ontology() -> BaseResponse:
    """The documentation of every term and code."""
    return described(render_template("ontology.html", page="ontology", view=ontology_page()), ONTOLOGY)


@bp.get("/ont")
def terms() -> BaseResponse:
    """The address of the terms leads to their documentation or their data; a browser keeps `#Facility`."""
    return choose("ontology", url_for("data.ontology"))


@bp.get("/ont/<version>")
def release(version: str) -> BaseResponse:
    """The address of one version of the vocabulary; only the one in use is kept here."""
    if f"{ONTOLOGY_GRAPH}/{version}" in vocabulary().header.links("owl:versionIRI"):
        return choose("ontology", url_for("data.ontology"))
    detail = gettext("This version of the vocabulary is not kept here; the one in use is at /ontology.")
    return support.problem(404, gettext("Unknown version"), detail)


@bp.get("/shape/<name>")
def shape(name: str) -> BaseResponse:
    """The address of a rule that records are held to leads to its documentation or to all rules as data."""
    if not any(name == one.name for one in shapes()):
        return support.problem(404, gettext("Unknown thing"), gettext("The rules are listed at /ontology."))
    return choose("shapes", url_for("data.ontology", _anchor=f"shape-{name}"))


@bp.get("/data/shapes.<ending>")
def shapes_file(ending: str) -> BaseResponse:
    """The rules as SHACL in one of FORMATS."""
    if ending not in FORMATS:
        return _no_such_format()
    form, media_type = FORMATS[ending]
    triples = [quad.triple for quad in settled(shape_statements())]
    body = serialize(triples, format=form, prefixes=PREFIXES | {"sh": SH, "shape": SHAPE})
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Link"] = alternates("shapes", url_for("data.ontology", _anchor="shapes"), but=ending)
    response.add_etag()
    return response.make_conditional(request)


def _no_such_format() -> Response:
    detail = gettext("Data come as %(formats)s: add the ending to the id.", formats=", ".join(FORMATS))
    return support.problem(404, gettext("No such format"), detail, formats=list(FORMATS))


@bp.get("/graph/<name>")
def named_graph(name: str) -> BaseResponse:
    """The address of a named graph that is no source leads to what it holds."""
    iri = GRAPHS + name
    if iri not in vocabulary().terms:
        return support.problem(404, gettext("Unknown thing"), gettext("There is no such graph."))
    return choose(name, url_for("data.ontology", _anchor=anchor(iri)))
