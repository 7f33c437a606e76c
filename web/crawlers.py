"""What search engines may read, in both languages: `/robots.txt`, `/sitemap.xml`, the addresses in a head."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext
from werkzeug.urls import iri_to_uri

from web import support

bp = Blueprint("crawlers", __name__)

MOST = 50_000
"""Addresses in one sitemap, by its standard."""
PAGES = (
    "explorer.index", "map.map_page", "gaps.gaps", "matrix.matrix", "provenance.sources",
    "provenance.claims", "provenance.conflicts", "experts.experts", "experts.coverage", "data.dataset",
    "data.ontology", "sparql.sparql", "proof.proof", "changes.changes",
)  # fmt: skip
KEPT_AWAY = ("/sparql?query=", "/sparql?example=", "/api/", "/export/", "/what-if", "/search", "/statements")
"""What costs work and holds nothing that the pages do not."""
READERS_OWN = ("lang", "as_of", "reading", "format", "v")
"""Parameters that say how a reader sees a page, not which page it is."""
OTHERS_OWN = ("utm_", "fbclid", "gclid", "zarsrc")
"""What networks, newsletters and messengers begin the names of their own parameters with."""


@bp.get("/robots.txt")
def robots() -> Response:
    """Allows everything but what costs work; nothing at all where the setting VEHEC_ROBOTS is `none`."""
    wanted = current_app.config.get("ROBOTS", os.environ.get("VEHEC_ROBOTS", ""))
    kept_away = ("/",) if wanted == "none" else KEPT_AWAY
    rules = [f"Disallow: {request.script_root}{path}" for path in kept_away]
    if wanted != "none":
        rules += [
            f"Allow: {request.script_root}/",
            "",
            f"Sitemap: {url_for('crawlers.sitemap', _external=True)}",
        ]
    return Response("\n".join(["User-agent: *", *rules, ""]), mimetype="text/plain")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page in both languages; an index of parts, `?part=2`, where there are more than MOST."""
    pages = list(_pages())
    step = MOST // len(support.LANGUAGES)
    parts = -(-len(pages) // step)
    asked = request.args.get("part", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and 1 <= int(asked) <= parts):
        detail = gettext("The parts are 1 to %(parts)s.", parts=parts)
        return support.problem(404, gettext("No such part of the sitemap"), detail)
    if parts > 1 and not asked:
        places = (url_for("crawlers.sitemap", part=number, _external=True) for number in range(1, parts + 1))
        inner = "".join(f"<sitemap><loc>{escape(place)}</loc></sitemap>\n" for place in places)
        return _xml("sitemapindex", inner)
    first = (int(asked or 1) - 1) * step
    return _xml("urlset", "".join(_entry(page) for page in islice(pages, first, first + step)))


def _pages() -> Iterator[str]:
    """The address of each page without its language, those of the site before those of things."""
    site = support.site()
    root = request.url_root.rstrip("/")
    for endpoint in PAGES:
        yield root + url_for(endpoint)
    for slug in sorted(site.network):
        yield f"{root}/page/{slug}"
    for slug in sorted(site.catalogue):
        yield f"{root}/page/{slug}"
    for finding in site.findings:
        yield f"{root}/gaps/{finding.id}"


@bp.app_template_global()
def page_addresses() -> dict[str, str]:
    """The absolute address of this page by language, as `languages`; empty for what is kept away."""
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in READERS_OWN and not name.startswith(OTHERS_OWN)
    ]
    asked = f"?{urlencode(kept)}" if kept else ""
    if request.method not in ("GET", "HEAD") or f"{request.path}{asked}".startswith(KEPT_AWAY):
        return {}
    return languages(iri_to_uri(request.base_url) + asked)


def languages(page: str) -> dict[str, str]:
    """The address of a page in each language, and as `x-default` the one where the reader's choice counts."""
    joint = "&" if "?" in page else "?"
    return {code: f"{page}{joint}lang={code}" for code in support.LANGUAGES} | {"x-default": page}


def _entry(page: str) -> str:
    """The page in each language, and each with all."""
    by_language = languages(page)
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(place)}"/>'
        for code, place in by_language.items()
    )
    return "".join(
        f"<url><loc>{escape(by_language[code])}</loc>{links}</url>\n" for code in support.LANGUAGES
    )


def _xml(element: str, inner: str) -> Response:
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} {spaces}>\n{inner}</{element}>\n'
    response = Response(text, mimetype="application/xml")
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]
