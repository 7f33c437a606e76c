"""What every page shares: the site, the language, names, numbers, dates, and error answers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_babel import Babel, get_locale, gettext
from werkzeug.exceptions import HTTPException

from graph.catalogue import Catalogue
from graph.model import FIRST_DAY, LAST_DAY, READINGS, Finding, Text, iso_day
from graph.projection import Network
from graph.search import Index
from graph.store import Corridor
from graph.workers import QueryPool
from web.views import Busy, Parts, View, Views, When

LANGUAGES = ("vi", "en")
TRANSLATIONS = Path(__file__).parent / "translations"
TIMELESS = (
    "static", "explorer.vendor", "healthz", "pages.data", "pages.dataset", "proof.proof", "sparql.sparql",
    "links.keep", "links.link", "links.short", "sparql.cancel", "completion.complete",
    "crawlers.robots", "crawlers.sitemap",
    "openapi.page", "openapi.openapi_json", "problems.kind", "data.shapes_file",
)  # fmt: skip
"""Endpoints whose answer is the same on any date: their links carry none, nor do those on their pages."""
YEAR_IN_SECONDS = 365 * 24 * 3600
LONGEST = 240
"""Signs of a name beside other words; the longest recorded one has 164."""


@dataclass(eq=False)
class Site(Parts):
    """Everything a request may read. Built once, never changed; `part` keeps what is made from it."""

    corridor: Corridor
    network: Network
    findings: tuple[Finding, ...]
    catalogue: Catalogue
    index: Index
    pool: QueryPool
    day: str = field(init=False)
    """ISO day that the network and the findings in the graph stand for: what the pages call today."""
    views: Views = field(init=False)
    """The corridor as of other dates and in the other reading."""

    def __post_init__(self) -> None:
        super().__init__()
        self.day = self.network.graph["as_of"]
        self.views = Views(self.corridor, View(self.network, self.findings, self.index))


def site() -> Site:
    """The site of the running application."""
    return current_app.extensions["vehec"]


class BadTime(ValueError):
    """The address names a date or a reading that cannot be read; `title` and the text say what to type."""

    def __init__(self, title: str, detail: str):
        super().__init__(detail)
        self.title = title


def as_of() -> str:
    """ISO day that the page shows: `?as_of=`, today unless asked otherwise. Raises BadTime."""
    asked = _asked("as_of")
    if not asked:
        return today()
    try:
        return iso_day(asked)
    except ValueError:
        detail = gettext(
            "as_of is “%(text)s”. Type a day as year-month-day, for example as_of=2025-06-30, "
            "from %(first)s to %(last)s.",
            text=asked[:40],
            first=FIRST_DAY,
            last=LAST_DAY,
        )
        raise BadTime(gettext("This date cannot be read"), detail) from None


def reading() -> str:
    """How places are grouped: `?reading=`, one of READINGS, by the agreement if not asked. Raises BadTime."""
    asked = _asked("reading")
    if asked and asked not in READINGS:
        detail = gettext(
            "reading is “%(text)s”. Type reading=agreement for the four localities of the agreement, or "
            "reading=units for the units valid on the date.",
            text=asked[:40],
        )
        raise BadTime(gettext("This reading is not known"), detail)
    return asked or READINGS[0]


def _asked(name: str) -> str:
    """The value of a parameter; several different ones are given back together, which nothing accepts."""
    return " ".join(dict.fromkeys(value.strip() for value in request.args.getlist(name)))


def today() -> str:
    """ISO day of the pages that ask for none; `web.serving.Watch` brings a new site when the day is over."""
    return site().day


def other_day() -> str:
    """ISO day of the page if it is not today, else nothing: what the graph computed is for today."""
    return carried().get("as_of", "")


def carried() -> dict[str, str]:
    """The date and the reading as parameters of a link; nothing for what is usual or cannot be read."""
    if "carried" not in g:
        g.carried = dict(_carried())
    found: dict[str, str] = g.carried
    return found


def asked_without(*names: str) -> str:
    """The query of this page's address with its `?`, without some parameters and without a usual date."""
    left_out = {*names, "as_of", "reading"}
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in left_out]
    kept += carried().items()
    return f"?{urlencode(kept)}" if kept else ""


def _carried() -> Iterator[tuple[str, str]]:
    if request.endpoint in TIMELESS:
        return
    for name, read, usual in (("as_of", as_of, today()), ("reading", reading, READINGS[0])):
        try:
            if (value := read()) != usual:
                yield name, value
        except BadTime:
            continue


def view() -> View:
    """The corridor as the request reads it. Raises BadTime and Busy."""
    if "read" not in g:
        g.read = site().views.get(When(as_of(), reading()))
    found: View = g.read
    return found


def lang() -> str:
    """Language of the page: `vi` or `en`."""
    return get_locale().language


def label(slug: str) -> str:
    """Name of a thing in the page's language, cut if very long; the slug itself for what has no name."""
    nodes = site().network.nodes
    return cut(nodes[slug]["label"][lang()]) if slug in nodes else slug


def cut(words: str, most: int = LONGEST) -> str:
    """The words up to `most` signs; the page of the thing or the source has them whole."""
    return words if len(words) <= most else words[: most - 1] + "…"


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


def period(iso: str) -> str:
    """2024-01/2024-09 -> 01.2024–09.2024."""
    return "–".join(date(end) for end in iso.split("/"))


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


def http_problem(error: HTTPException) -> Response:
    """An error of the web server in the words of the page's language."""
    texts = {
        404: (
            gettext("Not found"),
            gettext("There is no page at this address. Search for a name, or go to the explorer."),
        ),
        405: (gettext("Not possible here"), gettext("This address can only be read (GET).")),
        413: (gettext("Too long"), gettext("The request is longer than this server takes in.")),
    }
    other = gettext("The request cannot be read"), gettext("Check the address and what was sent with it.")
    status = error.code or 500
    title, detail = texts.get(status, other)
    answer = problem(status, title, detail)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def install(app: Flask) -> None:
    """Languages, Jinja filters and the error pages."""
    _compile_translations()
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LANGUAGES[0])
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    Babel(app, locale_selector=_chosen_language)
    app.jinja_env.filters.update(
        label=label,
        cut=cut,
        number=number,
        date=date,
        period=period,
        month=month,
        t=text,
        kind_name=kind_name,
    )
    app.add_template_global(other_day)
    app.add_template_global(asked_without)
    app.context_processor(
        lambda: {
            "timeless": request.endpoint in TIMELESS,
            "lang": lang(),
            "site": site(),
            "carried": carried(),
            "readings": READINGS,
            "today": today(),
            "first_day": FIRST_DAY,
            "last_day": LAST_DAY,
        }
    )
    app.url_defaults(_carry)
    app.before_request(_check_time)
    app.register_error_handler(BadTime, lambda error: problem(400, error.title, str(error)))
    app.register_error_handler(Busy, _busy)
    app.after_request(_remember_language)


def _carry(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint not in TIMELESS:
        for name, value in carried().items():
            values.setdefault(name, value)


def _check_time() -> None:
    if request.endpoint not in TIMELESS:
        as_of()
        reading()


def _busy(error: Busy) -> Response:
    detail = gettext("Many dates are being read at the same time. Try again in a moment.")
    answer = problem(503, gettext("The server is busy"), detail)
    answer.headers["Retry-After"] = "5"
    return answer


def _chosen_language() -> str:
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return wanted
    return LANGUAGES[0]


def _remember_language(response: Response) -> Response:
    if response.mimetype == "text/html" and request.args.get("lang") in LANGUAGES:
        response.set_cookie("lang", lang(), max_age=YEAR_IN_SECONDS, samesite="Lax", httponly=True)
    return response


def _compile_translations() -> None:
    """Bring the binary catalogues up to date, so that starting the server needs no build step."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            fresh = target.with_suffix(f".{os.getpid()}.mo")
            with source.open("rb") as po, fresh.open("wb") as mo:
                write_mo(mo, read_po(po))
            fresh.replace(target)  # another process may be reading it


def slug_like(text: str) -> bool:
    """True for text that could be an id."""
    return bool(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text))
