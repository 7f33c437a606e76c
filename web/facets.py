"""The filters of the explorer: the form on the page, and the counts before the click as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext

from graph.explore.facets import FACETS, NOT_BEGUN, NOT_RECORDED
from graph.explore.words import PLURALS
from graph.model import home
from graph.search import fold
from web import support
from web.arguments import BadArgument
from web.filters import asked, counts, explorer, facets
from web.views import View

bp = Blueprint("facets", __name__)

MOST = 30
"""Products that are listed, besides those chosen."""
FOLDED = 8
"""Values that stand open in the form."""
QUESTION_SIGNS = 100
NOT_KEPT = (*FACETS, "as_of", "reading", "v", "select")
"""Parameters that the form does not repeat: its own, those every form carries, the former picture."""
BY_COUNT = ("sector", "product")
STATUSES = ("planned", "licensed", "operating", "ended", NOT_BEGUN, NOT_RECORDED)


@dataclass(frozen=True)
class Value:
    """One choice with the number of things that would match."""

    value: str
    label: str
    count: int
    on: bool


@dataclass(frozen=True)
class Facet:
    """One group of choices; `more` others are not listed."""

    name: str
    label: str
    values: tuple[Value, ...]
    more: int

    @property
    def fold(self) -> int:
        """How many values stand open; one alone is not folded away."""
        return FOLDED if len(self.values) > FOLDED + 1 else len(self.values)


@dataclass(frozen=True)
class Form:
    """The filters as the page shows them."""

    facets: tuple[Facet, ...]
    matches: int
    total: int
    chosen: int
    """Values chosen."""
    kept: tuple[tuple[str, str], ...]
    """The other parameters of the address."""
    places: tuple[str, ...]
    """Localities that the matrix has."""


@bp.get("/api/facets")
def facets_json() -> Response:
    """Counts of every facet under the filters of the address, or the values of one found by name."""
    name = request.args.get("facet")
    if name is not None and name not in FACETS:
        raise BadArgument(
            gettext(
                "facet must be one of %(facets)s, for example facet=product&q=nhua", facets=", ".join(FACETS)
            )
        )
    question = request.args.get("q", "")[:QUESTION_SIGNS].strip()
    found = [_facet(facet, question if name else "") for facet in ((name,) if name else FACETS)]
    return jsonify({"total": _matching(), "facets": [asdict(facet) for facet in found]})


@bp.app_template_global()
def filter_form() -> Form:
    """The form for the page that is shown."""
    return Form(
        tuple(_facet(name) for name in FACETS),
        _matching(),
        facets().total,
        sum(map(len, asked())),
        tuple((name, text) for name, text in request.args.items(multi=True) if name not in NOT_KEPT),
        support.view().part(_places),
    )


def _places(view: View) -> tuple[str, ...]:
    nodes = view.network.nodes.values()
    found = {home(node) for node in nodes if node.get("inside") and node["kind"] == "facility"}
    return tuple(sorted(place for place in found if place))


def _matching() -> int:
    selection = explorer().selection
    return len(selection.matches) if selection else facets().total


def _facet(name: str, question: str = "") -> Facet:
    """The values of a facet with their counts; with a question those whose name holds it."""
    found, chosen = counts()[name], getattr(asked(), name)
    values = [value for value in _in_order(name) if found[value] or value in chosen]
    if name in BY_COUNT:
        values.sort(key=lambda value: (value == NOT_RECORDED, -found[value]))
    if question:
        words = fold(question)
        values = [value for value in values if any(words in fold(text) for text in _names(name, value))]
    listed = [value for n, value in enumerate(values) if name != "product" or n < MOST or value in chosen]
    return Facet(
        name,
        _titles()[name],
        tuple(Value(value, _label(name, value), found[value], value in chosen) for value in listed),
        len(values) - len(listed),
    )


def _in_order(name: str) -> tuple[str, ...]:
    allowed = facets().allowed[name]
    order = {"kind": tuple(PLURALS), "status": STATUSES}.get(name)
    return tuple(value for value in order if value in allowed) if order else allowed


def _names(name: str, value: str) -> Iterator[str]:
    """The label, and for a product all its names."""
    yield _label(name, value)
    if name == "product" and value != NOT_RECORDED:
        attributes = support.view().network.nodes[value]
        yield from (*attributes["label"].values(), *attributes["other_names"])


def _titles() -> dict[str, str]:
    return {
        "kind": gettext("Kind"),
        "locality": gettext("Locality"),
        "sector": gettext("Sector"),
        "product": gettext("Product made"),
        "grade": gettext("Best source"),
        "status": gettext("Status"),
    }


def _label(name: str, value: str) -> str:
    if value == NOT_RECORDED:
        return gettext("no source recorded") if name == "grade" else gettext("not recorded")
    if name == "kind":
        return PLURALS[value][support.lang()]
    if name == "sector":
        known = support.view().network.graph["divisions"].get(value[-2:])
        text = known[support.lang()] if known else f"ISIC {value[-2:]}"
        return text[:1].upper() + text[1:]
    if name == "grade":
        return gettext("grade %(grade)s", grade=value)
    if name == "status":
        return _statuses()[value]
    return explorer().things(support.lang()).short(value) if name == "locality" else support.label(value)


def _statuses() -> dict[str, str]:
    return {
        "planned": gettext("planned, or a memorandum"),
        "licensed": gettext("licensed or under construction"),
        "operating": gettext("operating"),
        "ended": gettext("ended"),
        NOT_BEGUN: gettext("not begun on this date"),
    }


@bp.app_template_global()
def clear_filters() -> str:
    """The address of the page without filters."""
    return request.script_root + request.path + support.asked_without(*FACETS, "v")
