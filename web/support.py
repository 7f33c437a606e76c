"""What every page shares: the site, the language, names, numbers, dates, and error answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import Babel, get_locale, gettext

from graph.catalogue import Catalogue
from graph.model import Finding, Text
from graph.projection import Network
from graph.search import Index
from graph.store import Corridor
from graph.workers import QueryPool

LANGUAGES = ("vi", "en")
TRANSLATIONS = Path(__file__).parent / "translations"
YEAR_IN_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Site:
    """Everything a request may read. Built once, never changed."""

    corridor: Corridor
    network: Network
    findings: tuple[Finding, ...]
    catalogue: Catalogue
    index: Index
    pool: QueryPool

    @cached_property
    def findings_by_id(self) -> dict[str, Finding]:
        """Findings by their id."""
        return {finding.id: finding for finding in self.findings}

    @cached_property
    def findings_by_thing(self) -> dict[str, tuple[Finding, ...]]:
        """Findings in rank order by each thing that is their subject or among their objects."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            for thing in dict.fromkeys((finding.subject, *finding.objects)):
                found.setdefault(thing, []).append(finding)
        return {thing: tuple(items) for thing, items in found.items()}


def site() -> Site:
    """The site of the running application."""
    return current_app.extensions["vehec"]


def lang() -> str:
    """Language of the page: `vi` or `en`."""
    return get_locale().language


def label(slug: str) -> str:
    """Name of a thing in the page's language; the slug itself for what has no name."""
    nodes = site().network.nodes
    return nodes[slug]["label"][lang()] if slug in nodes else slug


def text(words: Text) -> str:
    """The words in the page's language."""
    return words[lang()]


def number(value: float, digits: int | None = None) -> str:
    """5.650 and 0,61 in Vietnamese, 5,650 and 0.61 in English; `digits` fixes the decimals."""
    pattern = None if digits is None else "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(value, format=pattern, locale=lang())


def date(iso: str) -> str:
    """2024-06 -> 06.2024, 2024-06-25 -> 25.06.2024."""
    return ".".join(reversed(iso.split("-")))


def month(iso: str) -> str:
    """2024-06-25 -> 06.2024; a bare year stays."""
    return date(iso[:7])


def kind_name(kind: str) -> str:
    """Name of a kind of thing in the page's language."""
    names = {
        "facility": gettext("Plant"),
        "organization": gettext("Organisation"),
        "product": gettext("Product"),
        "zone": gettext("Zone"),
        "locality": gettext("Locality"),
        "infrastructure": gettext("Infrastructure"),
        "person": gettext("Person"),
        "agreement": gettext("Agreement"),
        "event": gettext("Event"),
        "document": gettext("Document"),
        "claim": gettext("Claim"),
        "expert_statement": gettext("Expert statement"),
        "change": gettext("Change of boundaries"),
        "source": gettext("Source"),
    }
    return names[kind]


def problem(status: int, title: str, detail: str, **extra: Any) -> Response:
    """An error as problem details (RFC 9457) or, for a browser, as a page."""
    wants_page = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    if wants_page and not request.path.startswith("/api/"):
        return make_response(
            render_template("problem.html", status=status, title=title, detail=detail, **extra), status
        )
    answer = jsonify({"type": "about:blank", "status": status, "title": title, "detail": detail, **extra})
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def install(app: Flask) -> None:
    """Languages, Jinja filters and the error pages."""
    _compile_translations()
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LANGUAGES[0])
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(app, locale_selector=_chosen_language)
    app.jinja_env.filters.update(
        label=label, number=number, date=date, month=month, t=text, kind_name=kind_name
    )
    app.context_processor(lambda: {"lang": lang(), "site": site()})
    app.after_request(_remember_language)


def _chosen_language() -> str:
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


def _remember_language(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie("lang", lang(), max_age=YEAR_IN_SECONDS, samesite="Lax", httponly=True)
    return response


def _compile_translations() -> None:
    """Bring the binary catalogues up to date, so that starting the server needs no build step."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as po, target.open("wb") as mo:
                write_mo(mo, read_po(po))


def slug_like(text: str) -> bool:
    """True for text that could be an id."""
    return bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text))
