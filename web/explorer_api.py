"""The explorer for programs: neighbours, chosen things, paths, and the evidence of one line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext, ngettext

from graph.explore import MOST_IDS
from graph.explore.neighbours import MISSING
from graph.explore.paths import GROUPS, MOST_PATHS, USUAL
from graph.explore.routes import routes
from graph.explore.view import Edge
from graph.explore.words import relation_name
from graph.search import KIND_ORDER, NAMED
from web import support
from web.arguments import BadArgument, center, sent_json, whole
from web.explorer import not_found
from web.filters import explorer
from web.line_panel import line_json

bp = Blueprint("explorer_api", __name__)

MOST_NEIGHBOURS = 200
MOST_THINGS = 600
MOST_AMONG = 5_000


def _relations(thing: str) -> list[dict[str, Any]]:
    """Relations of a thing or group with the `ids` of the first neighbours, in the order of their pages."""
    lang = support.lang()
    return [
        vars(relation)
        | {"ids": explorer().ids(thing, relation.relation, relation.direction, limit=MOST_IDS, lang=lang)}
        for relation in explorer().relations(thing, lang)
    ]


@bp.get("/api/expand")
def expand() -> Response:
    """Neighbours of a thing: counts per relation, or a page of one relation."""
    thing, relation = request.args.get("id", ""), request.args.get("relation")
    if not thing:
        raise BadArgument(gettext("Name a thing, for example ?id=trang-due"))
    try:
        if not relation:
            return jsonify({"center": thing, "relations": _relations(thing)})
        direction = request.args.get("direction", "out")
        if direction not in ("out", "in"):
            raise BadArgument(gettext("direction must be out or in, for example direction=out"))
        found = explorer().expand(
            thing,
            relation,
            direction,
            limit=whole("limit", 25, 1, MOST_NEIGHBOURS),
            after=whole("after", 0, 0, 10**9),
            lang=support.lang(),
            center=center(),
        )
        if not found.count:
            _check_relation(thing, relation, direction)
    except KeyError:
        return not_found(thing)
    return jsonify(found.as_dict())


def _check_relation(thing: str, relation: str, direction: str) -> None:
    """Refuses a relation that the thing does not have; no missing input is an answer, not a mistake."""
    known = [(r.relation, r.direction) for r in explorer().relations(thing, support.lang())]
    if (relation, direction) not in known and relation != MISSING:
        raise BadArgument(
            gettext(
                "Nothing here is related to %(id)s that way. Its relations: %(relations)s",
                id=thing,
                relations=", ".join(f"relation={r}&direction={d}" for r, d in known),
            )
        )


@bp.post("/api/things")
def things() -> Response:
    """The nodes of some ids, with every line between them or to the things of the picture."""
    body = sent_json()
    if not isinstance(body, dict):
        raise BadArgument(gettext('Send JSON, for example {"ids": ["trang-due"], "among": []}'))
    ids, among = (_ids(body, name, most) for name, most in (("ids", MOST_THINGS), ("among", MOST_AMONG)))
    nodes, edges, unknown = explorer().among(ids, among, support.lang())
    return jsonify(
        {
            "nodes": [node.as_dict() for node in nodes],
            "edges": [edge.as_dict() for edge in edges],
            "unknown": unknown,
            "left_out": explorer().left_out(ids),
        }
    )


def _ids(body: dict[str, Any], name: str, most: int) -> list[str]:
    found = body.get(name, [])
    if not (isinstance(found, list) and all(isinstance(item, str) for item in found)):
        raise BadArgument(
            gettext('%(name)s must be a list of ids, for example "%(name)s": ["trang-due"]', name=name)
        )
    if len(found) > most:
        raise BadArgument(
            gettext("%(name)s may hold at most %(most)s ids: ask for them in parts", name=name, most=most)
        )
    return found


@bp.get("/api/link")
def link() -> Response:
    """The evidence of one line."""
    name = request.args.get("id", "")
    if not name:
        raise BadArgument(gettext("Name a line, for example ?id=link-002"))
    try:
        return jsonify(line_json(name, explorer().line(name)))
    except KeyError:
        return not_found(name)


@bp.get("/api/path")
def path() -> Response:
    """The shortest and next shortest paths between two things, by the chosen kinds of relation.

    Filters choose what is drawn, not what may lie on a path.
    """
    start, end = request.args.get("from", ""), request.args.get("to", "")
    if not (start and end):
        raise BadArgument(gettext("Name two things, for example ?from=lgd-trang-due&to=trang-due"))
    if start == end:
        raise BadArgument(gettext("from and to are the same thing: name two different ones"))
    asked = (group for text in request.args.getlist("relation") for group in text.split(",") if group)
    groups = tuple(dict.fromkeys(asked)) or USUAL
    if wrong := next((group for group in groups if group not in GROUPS), None):
        raise BadArgument(
            gettext(
                "relation is “%(text)s”. Known are %(known)s, for example relation=supply,zone",
                text=wrong[:40],
                known=", ".join(GROUPS),
            )
        )
    try:
        found = routes(explorer().whole, start, end, groups, whole("limit", 2, 1, MOST_PATHS), support.lang())
    except KeyError as unknown:
        return not_found(unknown.args[0])
    held = dict.fromkeys(thing for route in found.routes for thing in route.ids)
    paths = [route.as_dict() for route in found.routes]
    return jsonify(
        {
            "from": start,
            "to": end,
            "paths": paths,
            "nodes": [node.as_dict() for node in found.nodes],
            "edges": [_named(edge) for edge in found.edges],
            "relations": [
                {"relation": group, "label": label, "on": group in groups}
                for group, label, _ in path_groups()
            ],
            "truncated": found.truncated,
            "left_out": explorer().left_out(held),
            "message": " ".join(_remarks(paths, groups, found.truncated)),
        }
    )


@bp.app_template_global()
def path_groups() -> list[tuple[str, str, bool]]:
    """The kinds of relation that a path may use: id, name, and whether it is chosen at first."""
    names = {
        "supply": gettext("Supply"),
        "product": gettext("What is made and what it needs"),
        "ownership": gettext("Operators, groups, developers"),
        "zone": gettext("Parks, ports and their parts"),
        "coordination": gettext("Offices, agreements, events"),
        "claims": gettext("Claims and expert statements"),
        "place": gettext("Located in (joins almost everything)"),
        "missing": gettext("Needs with no recorded supply"),
    }
    return [(group, name, group in USUAL) for group, name in names.items()]


@bp.app_template_global()
def path_kinds() -> str:
    """Kinds of thing that are offered as an end of a path, with commas between them."""
    return ",".join(kind for kind in KIND_ORDER if kind in NAMED)


def _named(edge: Edge) -> dict[str, Any]:
    """A line of a path with the name of its relation in `name`."""
    return edge.as_dict() | {"name": relation_name(edge.relation, "out", support.lang())}


def _remarks(paths: list[dict[str, Any]], groups: tuple[str, ...], truncated: bool) -> Iterator[str]:
    """What a reader must know about the answer."""
    if truncated:
        yield gettext("The search was stopped after very many relations: there may be more or shorter paths.")
    elif not paths:
        yield gettext("No recorded path joins the two by these relations. That does not mean there is none.")
    uncertain = sum(path["missing"] for path in paths)
    if uncertain:
        yield ngettext(
            "%(num)s path goes through a need with no recorded supply: it is a question, not a link.",
            "%(num)s paths go through a need with no recorded supply: they are questions, not links.",
            uncertain,
        )
    if left_out := explorer().left_out(thing for path in paths for thing in path["ids"]):
        yield ngettext(
            "%(num)s thing on the way does not match the filters and is not drawn.",
            "%(num)s things on the way do not match the filters and are not drawn.",
            len(left_out),
        )
    if "place" not in groups:
        yield gettext("Localities and countries are passed over: they join almost everything.")
