"""The explorer: the page at `/`, its JSON, search, and exports of the network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from graph.explore import Expansion, Explorer, Relation, View, flattened
from graph.explore.neighbours import MISSING
from graph.facts import Fact, Value
from graph.model import Finding
from graph.render import marks, vendor_file, view_html
from graph.search import KIND_ORDER, Hit
from web import kept, support
from web.gap_views import absence
from web.time_views import place_text, state_text
from web.views import View as Read

bp = Blueprint("explorer", __name__)

MODULES = sorted(path.name for path in (Path(__file__).parent / "static").glob("*.js"))
"""Named in the head, so that the browser fetches them together and not one import after another."""
SHOWN_HITS, MOST_HITS = 10, 100
PAGE_HITS = 50
MOST_NEIGHBOURS = 200
SHOWN_GAPS = 12
QUERY_SIGNS = 200
FAR = 1e6
"""Places beyond this many pixels are refused."""
BASIS = {"capitalUsdMillion": "capitalBasis", "employees": "employeesBasis", "started": "startedBasis"}
"""What a figure means stands as a note beside it."""
ON_THE_PAGE = frozenset(
    "zoneText productsText developerText latitude longitude locationPrecision locationSource covers "
    "inCorridor suppliesTo ultimateParent statement subjectText".split()
)
"""Facts left to the thing's own page."""
VENDOR_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Found:
    """What the search page shows."""

    q: str
    hits: tuple[Hit, ...]
    total: int


class BadArgument(ValueError):
    """An argument of the address that cannot be read; the text says what to type instead."""


def explorer() -> Explorer:
    """The explorer for the date and the reading of the request, built when it is first asked for."""
    return support.view().part(_explorer)


def _explorer(view: Read) -> Explorer:
    return Explorer(view.network, view.findings)


@bp.errorhandler(BadArgument)
def _bad_argument(error: BadArgument) -> Response:
    return support.problem(400, gettext("This address cannot be read"), str(error))


def _unknown(thing: str) -> Response:
    detail = gettext(
        "Nothing here has the id “%(id)s”. Search for its name: /search?q=…", id=thing[:QUERY_SIGNS]
    )
    return support.problem(404, gettext("Not found"), detail)


def _view() -> View:
    """The view that the address asks for. Raises KeyError with an id that is not known."""
    focus, gap = request.args.get("focus"), request.args.get("gap")
    if focus:
        return explorer().focus(focus, support.lang())
    if gap:
        return explorer().evidence(gap, support.lang())
    return explorer().overview(support.lang())


def _picture(view: View) -> dict[str, Any]:
    """The JSON of a view; groups come with their `members` and rows of the list with their `type`, a kind."""
    found = view.as_dict()
    kinds = {node["id"]: node["kind"] for node in found["nodes"]}
    for node in found["nodes"]:
        if node["mark"] == "group":
            node["members"] = list(explorer().members(node["id"], support.lang()))
    for item in (item for section in found["list"] for item in section["items"]):
        item["type"] = kinds.get(item["id"]) or explorer().network.nodes[item["id"]]["kind"]
    return found


def _relations(thing: str) -> list[dict[str, Any]]:
    """Relations of a thing or group with the `ids` of the neighbours, in the order of their pages."""
    return [
        vars(relation) | {"ids": [node.id for node in _neighbours(thing, relation).nodes]}
        for relation in explorer().relations(thing, support.lang())
    ]


def _neighbours(thing: str, relation: Relation) -> Expansion:
    return explorer().expand(
        thing, relation.relation, relation.direction, limit=relation.count, lang=support.lang()
    )


@bp.get("/")
def index() -> str | Response:
    """The picture with its list."""
    try:
        view = _view()
    except KeyError as unknown:
        return _unknown(unknown.args[0])
    return render_template(
        "explorer.html",
        page="explorer",
        view=_picture(view),
        marks=marks(),
        api=url_for(".graph"),
        modules=MODULES,
    )


@bp.get("/api/graph")
def graph() -> Response:
    """The same view as JSON."""
    try:
        return jsonify(_picture(_view()))
    except KeyError as unknown:
        return _unknown(unknown.args[0])


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
            limit=_whole("limit", 25, 1, MOST_NEIGHBOURS),
            after=_whole("after", 0, 0, 10**9),
            lang=support.lang(),
            center=_center(),
        )
        if not found.count:
            _check_relation(thing, relation, direction)
    except KeyError:
        return _unknown(thing)
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


def _whole(name: str, default: int, least: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text[:12]) <= most):
        raise BadArgument(
            gettext(
                "%(name)s must be a whole number from %(least)s to %(most)s, for example %(name)s=%(n)s",
                name=name,
                least=least,
                most=most,
                n=max(default, least),
            )
        )
    return int(text)


def _center() -> tuple[float, float] | None:
    """Where the thing stands on the reader's canvas, if the address says so."""
    texts = [request.args.get(name) for name in ("x", "y")]
    if None in texts:
        return None
    try:
        x, y = (float(text or "") for text in texts)
    except ValueError:
        x = y = FAR + 1
    if not (abs(x) <= FAR and abs(y) <= FAR):
        raise BadArgument(gettext("x and y must be numbers, for example x=600&y=400"))
    return x, y


@bp.get("/api/thing/<path:slug>")
def thing(slug: str) -> Response:
    """What the panel shows of a thing."""
    view, lang = support.view(), support.lang()
    if slug not in view.network:
        return _unknown(slug)
    attributes = view.network.nodes[slug]
    known = {fact.property: fact for fact in kept.facts().about(slug)}
    other = "en" if lang == "vi" else "vi"
    name, alternative = attributes["label"][lang], attributes["label"][other]
    about = view.findings_by_thing.get(slug, ())
    return jsonify(
        {
            "id": slug,
            "label": name,
            "alt_label": alternative if alternative != name else "",
            "alt_lang": other,
            "kind": attributes["kind"],
            "type_label": _type_label(attributes, known),
            "place": place_text(view.network, slug),
            "state": " ".join(state_text(view.network, slug)),
            "summary": explorer().summary(slug, lang),
            "page": url_for("pages.page", slug=slug),
            "facts": _facts(attributes["kind"], known),
            "gaps": [_gap(finding, slug) for finding in about[:SHOWN_GAPS]],
            "gaps_total": len(about),
            "relations": [vars(relation) for relation in explorer().relations(slug, lang)],
        }
    )


def _type_label(attributes: dict[str, Any], known: dict[str, Fact]) -> str:
    if attributes["kind"] == "facility" and attributes["role"] == "anchor":
        return gettext("Anchor investor, plant")
    if "kind" not in known:
        return support.kind_name(attributes["kind"])
    text = support.text(known["kind"].values[0].text)
    return text[:1].upper() + text[1:]


def _facts(kind: str, known: dict[str, Fact]) -> list[dict[str, Any]]:
    """Facts for the panel: those of a plant that everyone asks for first, recorded or not."""
    first = list(_always_shown()) if kind == "facility" else []
    hidden = ON_THE_PAGE | set(BASIS.values()) | set(first) | {"kind"}
    rows = [_fact_row(name, known) for name in first]
    return rows + [_fact_row(name, known) for name in known if name not in hidden]


def _fact_row(name: str, known: dict[str, Fact]) -> dict[str, Any]:
    fact, labels = known.get(name), _always_shown()
    if fact is None:
        return {"property": name, "label": labels[name], "values": [], "sources": [], "missing": True}
    stated = [value for value in fact.values if not value.computed]
    basis = known.get(BASIS.get(name, ""))
    note = support.text(basis.values[0].text) if basis else None
    sources = {source for value in fact.values for source in value.sources}
    return {
        "property": name,
        "label": labels.get(name) or support.text(fact.label),
        "values": [_value(value, note) for value in stated or fact.values],
        "sources": [vars(source) for source in support.site().catalogue.best(sources)],
    }


def _always_shown() -> dict[str, str]:
    """Labels of the facts of a plant that are named even when they are not recorded, in this order."""
    return {
        "makes": gettext("Makes"),
        "inZone": gettext("Stands in"),
        "capitalUsdMillion": gettext("Capital (million USD)"),
        "employees": gettext("Employees"),
        "status": gettext("Status"),
        "started": gettext("Started"),
    }


def _value(value: Value, note: str | None) -> dict[str, Any]:
    href = url_for("pages.page", slug=value.slug) if value.slug else value.href
    if value.computed:
        note = gettext("computed")
    elif value.curated:
        note = gettext("our judgement")
    found = {"text": support.text(value.text), "href": href, "note": note}
    return {key: item for key, item in found.items() if item is not None}


def _gap(finding: Finding, slug: str) -> dict[str, str]:
    """A missing link of a plant by the name of the input, any other finding by its sentence."""
    text, label = support.text(finding.message), finding.label
    if finding.detector == "D1" and slug in finding.objects:
        text, label = support.label(finding.subject), absence(finding)
    elif finding.detector == "D3" and slug == finding.subject:
        makers = int(finding.formula["candidates"])
        text = support.label(finding.objects[0])
        label = ngettext("%(num)s maker", "%(num)s makers", makers)
    return {"id": finding.id, "text": text, "label": label, "href": url_for("gaps.gap", gap_id=finding.id)}


@bp.get("/api/search")
def search_json() -> Response:
    """Things by name, folded; exact diacritics first."""
    kind = request.args.get("type") or None
    if kind is not None and kind not in KIND_ORDER:
        raise BadArgument(
            gettext("type must be one of %(kinds)s, for example type=zone", kinds=", ".join(KIND_ORDER))
        )
    limit = _whole("limit", SHOWN_HITS, 1, MOST_HITS)
    hits, total = support.view().index.find(_question(), support.lang(), {kind} if kind else None, limit)
    results = [
        {
            "id": hit.slug,
            "label": hit.label,
            "alt": hit.alt,
            "type": hit.kind,
            "type_label": support.kind_name(hit.kind),
            "place": hit.place,
        }
        for hit in hits
    ]
    return jsonify({"results": results, "total": total})


def _question() -> str:
    return request.args.get("q", "")[:QUERY_SIGNS].strip()


@bp.get("/search")
def search() -> str | BaseResponse:
    """The search as a page; the only thing of that very name is shown at once, unless all are asked for."""
    question = _question()
    hits, total = support.view().index.find(question, support.lang(), None, PAGE_HITS)
    exact = [hit for hit in hits if hit.exact]
    if len(exact) == 1 and "all" not in request.args:
        return redirect(url_for("pages.page", slug=exact[0].slug), 303)
    return render_template("search.html", page="", view=Found(question, tuple(hits), total))


@bp.get("/api/marks.json")
def marks_json() -> Response:
    """Marks, line styles and colours, as the picture and the offline page use them."""
    return jsonify(marks())


@bp.get("/export/explorer.html")
def standalone() -> Response:
    """The view as one page that opens offline."""
    try:
        view = _view()
    except KeyError as unknown:
        return _unknown(unknown.args[0])
    page = view_html(view, support.lang(), support.as_of())
    name = f"vehec-{view.focus or 'overview'}.html"
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/export/graph.graphml")
def graphml() -> Response:
    """The whole network for graph tools."""
    answer = Response(support.view().part(_graphml), mimetype="application/graphml+xml")
    answer.headers["Content-Disposition"] = 'attachment; filename="vehec.graphml"'
    return answer


def _graphml(view: Read) -> bytes:
    network = flattened(view.network)
    return "\n".join(nx.generate_graphml(network, named_key_ids=True)).encode()


@bp.get("/static/vendor/<any('vis-network.min.js', 'vis-network.min.css'):name>")
def vendor(name: str) -> BaseResponse:
    """vis-network from the installed pyvis package; its files are not part of this project."""
    return send_file(vendor_file(name), max_age=VENDOR_SECONDS, conditional=True)
