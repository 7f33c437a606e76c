"""Files of what the reader sees: the picture as SVG, its graph, its tables, and a page that opens offline."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup
from werkzeug.datastructures import ImmutableMultiDict

from graph.explore import View, exchange, tables
from graph.explore.document import BadDocument, Document
from graph.explore.edited import drawn
from graph.explore.lit import Lit
from graph.explore.svg import Note, svg
from graph.explore.tables import Context
from graph.model import READINGS
from graph.render import view_html
from graph.spreadsheet import XLSX, csv_text, workbook
from web import offline, packing, support
from web.arguments import sound
from web.explorer import asked_view, not_found
from web.filters import explorer
from web.views import View as Read

bp = Blueprint("view_exports", __name__)

MOST_DOCUMENT = 400_000
"""Bytes of a document that is sent."""
GRAPHML, GEXF = "application/graphml+xml", "application/gexf+xml"


class Shown(NamedTuple):
    """What the reader sees: the picture, and what stands out of it."""

    view: View
    lit: Lit | None


@bp.errorhandler(BadDocument)
def _bad_document(error: BadDocument) -> Response:
    return support.problem(400, gettext("This view cannot be read"), support.text(error.text))


@bp.before_request
def _address() -> Response | None:
    """Lets base, date and filters of a document that is sent stand in for those of the address."""
    if request.method != "POST":
        return None
    sent = request.form.get("doc", "")
    try:
        document = Document.read(sound(json.loads(sent if len(sent.encode()) <= MOST_DOCUMENT else "")))
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadDocument):
            raise
        detail = gettext(
            'Send the form field “doc”: the state of the explorer as JSON, for example {"base": '
            '{"focus": "samsung"}}, at most %(most)s bytes.',
            most=support.number(MOST_DOCUMENT),
        )
        return support.problem(400, gettext("This view cannot be read"), detail)
    pairs = [(name, ",".join(item) if name == "things" else item) for name, item in document.base.items()]
    pairs += document.when.items()
    pairs += [(name, value) for name, values in document.filters.items() for value in values]
    pairs += [("lang", value) for value in request.args.getlist("lang")]
    request.args = ImmutableMultiDict(pairs)
    request.document = document  # type: ignore[attr-defined]
    return None


def _shown() -> Shown:
    """What the request asks for. Raises KeyError with an id that is not known."""
    view, lang = asked_view(), support.lang()
    document: Document | None = getattr(request, "document", None)
    if document is None:
        return Shown(view, None)
    read = explorer()

    def members(group: str) -> tuple[str, ...]:
        return read.members(group, lang)

    seen = drawn(view, document, lambda ids, among: read.among(ids, among, lang)[:2], members, lang)
    return Shown(seen, Lit.of(seen, document))


def _context() -> Context:
    return Context(explorer(), support.lang(), lambda slug: url_for("pages.page", slug=slug, _external=True))


def _credit() -> str:
    return gettext(
        "VEHEC Explorer, records of %(day)s. Data: CC BY 4.0. "
        "Not recorded does not mean that it does not exist.",
        day=support.date(support.as_of()),
    )


def _svg(shown: Shown) -> str:
    return svg(shown.view, Note(support.lang(), _credit()), shown.lit)


def _graphml(shown: Shown) -> str:
    return exchange.graphml(exchange.picture_graph(shown.view, _context(), shown.view.title))


def _gexf(shown: Shown) -> str:
    return exchange.gexf(exchange.picture_graph(shown.view, _context(), shown.view.title))


def _csv(shown: Shown) -> str:
    return csv_text(tables.text_rows(tables.THINGS, tables.things(shown.view, _context())))


def _links_csv(shown: Shown) -> str:
    return csv_text(tables.text_rows(tables.LINKS, tables.links(shown.view, _context())))


def _xlsx(shown: Shown) -> bytes:
    view, context = shown.view, _context()
    chosen = ", ".join(f"{name}={value}" for name, value in request.args.items(multi=True) if name != "lang")
    rows = (*tables.things(view, context), *tables.links(view, context))
    used = {name for row in rows for name in row["sources"].split(" | ")}
    about = [
        (gettext("Picture"), view.title),
        ("", view.subtitle),
        (gettext("Date"), support.date(support.as_of())),
        (gettext("Places grouped by"), _reading()),
        (gettext("Address"), chosen or gettext("the overview")),
        (gettext("Number"), _counts(view)),
        (gettext("Credit"), _credit()),
        ("", ""),
        (gettext("Sources"), ""),
    ]
    about += [(source.slug, offline.citation(source)) for source in support.site().catalogue.best(used)]
    return workbook(tables.sheets(view, context, about), view.title[:200], support.as_of())


def _reading() -> str:
    if support.reading() == READINGS[0]:
        return gettext("the four localities of the agreement")
    return gettext("provinces and cities on that date")


def _counts(view: View) -> str:
    things = ngettext("%(num)s thing", "%(num)s things", len(view.nodes) + len(view.bands))
    links = ngettext("%(num)s link", "%(num)s links", len(view.edges))
    return f"{things}, {links}"


def _html(shown: Shown) -> str:
    return view_html(shown.view, support.lang(), support.as_of(), offline.facts(shown.view))


def _print(shown: Shown) -> str:
    view, context = shown.view, _context()
    rows = {row["id"]: row for row in tables.things(view, context)}
    used = dict.fromkeys(source for row in rows.values() for source in row["sources"].split(" | ") if source)
    sources = support.site().catalogue.best(used)
    number = {source.slug: n for n, source in enumerate(sources, 1)}
    listed = [
        (section.heading, [(item, rows.get(item.id)) for item in section.items]) for section in view.sections
    ]
    return render_template(
        "view_print.html",
        picture=Markup(_svg(shown)),
        view=view,
        listed=listed,
        sources=sources,
        number=number,
        credit=_credit(),
    )


WRITERS: dict[str, tuple[str, Callable[[Shown], str | bytes]]] = {
    "svg": ("image/svg+xml", _svg),
    "graphml": (GRAPHML, _graphml),
    "gexf": (GEXF, _gexf),
    "xlsx": (XLSX, _xlsx),
    "csv": ("text/csv", _csv),
    "links.csv": ("text/csv", _links_csv),
    "html": ("text/html", _html),
    "print": ("text/html", _print),
}


@bp.route(
    "/export/view.<any(svg, graphml, gexf, xlsx, csv, 'links.csv', html, print):ext>", methods=["GET", "POST"]
)
def view(ext: str) -> Response:
    """What is seen as a file, or as a page to print; POST takes the form field `doc`, GET the address of the
    explorer."""
    try:
        shown = _shown()
    except KeyError as unknown:
        return not_found(unknown.args[0])
    kind, write = WRITERS[ext]
    if ext == "print":
        return Response(write(shown), mimetype=kind)
    return _file(write(shown), kind, f"vehec-{_name(shown.view)}.{ext}")


@bp.get("/export/graph.gexf")
def gexf() -> Response:
    """The whole network for Gephi."""
    return _named(packing.answer(support.view().part(_whole_gexf), GEXF, request), "vehec.gexf")


def _whole_gexf(read: Read) -> bytes:
    network = exchange.flattened(read.network)
    for _, attributes in network.nodes(data=True):
        attributes["label"] = attributes["label_vi"]
    return packing.packed(exchange.gexf(network))


def _name(view: View) -> str:
    """Part of the file name: the thing in the middle, or what kind of picture it is."""
    return view.focus if view.focus and support.slug_like(view.focus) else view.mode


def _file(body: str | bytes, kind: str, name: str) -> Response:
    return _named(Response(body, mimetype=kind), name)


def _named(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
