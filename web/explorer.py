"""The explorer: the page at `/`, its JSON, and exports of the network."""

from __future__ import annotations

from typing import Any

import networkx as nx
from flask import Blueprint, Response, jsonify, render_template, request, send_file, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from graph.explore import View
from graph.explore.chosen import MOST as MOST_CHOSEN
from graph.explore.exchange import flattened
from graph.explore.svg import still
from graph.render import marks, vendor_file, view_html
from web import offline, packing, structured, support
from web.arguments import BadArgument
from web.assets import modules
from web.filters import explorer
from web.views import View as Read

bp = Blueprint("explorer", __name__)

MODULES = modules("explorer.js")
"""Named in the head, so that the browser fetches them together and not one import after another."""
VENDOR_SECONDS = 24 * 3600
ID_SIGNS = 200
"""Of an unknown id, so many signs are repeated."""


@bp.app_errorhandler(BadArgument)
def _bad_argument(error: BadArgument) -> Response:
    return support.problem(400, gettext("This address cannot be read"), str(error))


def not_found(thing: str) -> Response:
    """The answer for an id that nothing here has."""
    detail = gettext(
        "Nothing here has the id “%(id)s”. Search for its name: /search?q=…", id=thing[:ID_SIGNS]
    )
    return support.problem(404, gettext("Not found"), detail)


def asked_view() -> View:
    """The view that the address asks for. Raises KeyError with an id that is not known."""
    focus, gap, things = (request.args.get(name) for name in ("focus", "gap", "things"))
    if focus:
        return explorer().focus(focus, support.lang())
    if gap:
        return explorer().evidence(gap, support.lang())
    if things:
        return explorer().chosen(_chosen(things), support.lang())
    return explorer().overview(support.lang())


def _chosen(text: str) -> list[str]:
    """The ids of a chosen set. Raises BadArgument."""
    ids = [thing.strip()[:ID_SIGNS] for thing in text.split(",") if thing.strip()]
    if not 0 < len(ids) <= MOST_CHOSEN:
        raise BadArgument(
            gettext(
                "things must hold 1 to %(most)s ids with commas between them, for example "
                "things=trang-due,lgd-trang-due",
                most=MOST_CHOSEN,
            )
        )
    return ids


def as_json(view: View) -> dict[str, Any]:
    """The JSON of a view; groups come with their `members` and rows of the list with their `type`, a kind."""
    found = view.as_dict()
    kinds = {node["id"]: node["kind"] for node in found["nodes"]}
    for node in found["nodes"]:
        if node["mark"] == "group":
            node["members"] = list(explorer().members(node["id"], support.lang()))
    for item in (item for section in found["list"] for item in section["items"]):
        item["type"] = kinds.get(item["id"]) or explorer().network.nodes[item["id"]]["kind"]
    return found


@bp.get("/")
def index() -> str | Response:
    """The picture with its list."""
    try:
        view = asked_view()
    except KeyError as unknown:
        return not_found(unknown.args[0])
    return render_template(
        "explorer.html",
        page="explorer",
        view=as_json(view),
        still=Markup(still(view)),
        marks=marks(),
        api=url_for(".graph"),
        modules=MODULES,
        structured=structured.website(),
    )


@bp.get("/api/graph")
def graph() -> Response:
    """The same view as JSON."""
    try:
        return jsonify(as_json(asked_view()))
    except KeyError as unknown:
        return not_found(unknown.args[0])


@bp.get("/api/marks.json")
def marks_json() -> Response:
    """Marks, line styles and colours, as the picture and the offline page use them."""
    return jsonify(marks())


@bp.get("/export/explorer.html")
def standalone() -> Response:
    """The view as one page that opens offline."""
    try:
        view = asked_view()
    except KeyError as unknown:
        return not_found(unknown.args[0])
    page = view_html(view, support.lang(), support.as_of(), offline.facts(view))
    name = f"vehec-{view.focus or 'overview'}.html"
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/export/graph.graphml")
def graphml() -> Response:
    """The whole network for graph tools."""
    answer = packing.answer(support.view().part(_graphml), "application/graphml+xml", request)
    answer.headers["Content-Disposition"] = 'attachment; filename="vehec.graphml"'
    return answer


def _graphml(view: Read) -> bytes:
    network = flattened(view.network)
    return packing.packed("\n".join(nx.generate_graphml(network, named_key_ids=True)))


@bp.get("/static/vendor/<any('vis-network.min.js', 'vis-network.min.css'):name>")
def vendor(name: str) -> BaseResponse:
    """vis-network from the installed pyvis package; its files are not part of this project."""
    return send_file(vendor_file(name), max_age=VENDOR_SECONDS, conditional=True)
