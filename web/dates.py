"""`/api/dates`: the days at which the recorded state changes, with what changes in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from babel.lists import format_list
from flask import Blueprint, Response, jsonify
from flask_babel import gettext, ngettext

from graph.dates import Turn, turns
from graph.explore.short_names import short_name
from web import support
from web.support import Site

bp = Blueprint("dates", __name__)

MOST_NAMES = 2
"""So many things are named; more are counted."""
ORDER = ("merger", "agreement", "infrastructure", "zone", "plant", "supply", "seat")
NAMELESS = ("supply", "seat")
"""Relations have no name of their own."""


def timeline(site: Site) -> dict[str, tuple[Turn, ...]]:
    """What changes on each day, built once for all views: a date of a record is the same in each."""
    return turns(site.corridor.store)


@bp.get("/api/dates")
def dates() -> Response:
    """First and last day, today, and per day the number of changes and a text."""
    days = support.site().part(timeline)
    today = support.today()
    return jsonify(
        {
            "first": min([*days, today]),
            "last": max([*days, today]),
            "today": today,
            "dates": [
                {"date": day, "name": day_name(day, found), "count": len(found), "text": day_text(found)}
                for day, found in days.items()
            ],
        }
    )


def day_text(found: Sequence[Turn]) -> str:
    """`Hải Dương and Hải Phòng become Hải Phòng; 2 plants start: A, B`."""
    kinds: dict[tuple[str, bool], list[Turn]] = defaultdict(list)
    for turn in found:
        kinds[turn.what, turn.begins].append(turn)
    parts = [
        text
        for what in ORDER
        for begins in (True, False)
        if kinds.get((what, begins))
        for text in _texts(what, begins, kinds[what, begins])
    ]
    return "; ".join(parts)


def day_name(day: str, found: Sequence[Turn]) -> str:
    """`01.07.2025`; `2005` where every record of the day names only the year."""
    return support.date(max((turn.date for turn in found), key=len, default=day))


def _texts(what: str, begins: bool, found: Sequence[Turn]) -> Iterator[str]:
    if what == "merger":
        for turn in found:
            yield gettext("%(before)s become %(after)s", before=_joined(turn.before), after=_name(turn.after))
        return
    n = len(found)
    text = {
        ("agreement", True): ngettext("%(num)d agreement signed", "%(num)d agreements signed", n),
        ("agreement", False): ngettext("%(num)d agreement ends", "%(num)d agreements end", n),
        ("infrastructure", True): ngettext("%(num)d port or line opens", "%(num)d ports or lines open", n),
        ("zone", True): ngettext("%(num)d park established", "%(num)d parks established", n),
        ("plant", True): ngettext("%(num)d plant starts", "%(num)d plants start", n),
        ("supply", True): ngettext("%(num)d supply link begins", "%(num)d supply links begin", n),
        ("seat", True): ngettext("%(num)d seat or office begins", "%(num)d seats or offices begin", n),
        ("seat", False): ngettext("%(num)d seat or office ends", "%(num)d seats or offices end", n),
    }[what, begins]
    named = n <= MOST_NAMES and what not in NAMELESS
    yield f"{text}: {', '.join(support.label(turn.thing) for turn in found)}" if named else text


def _name(unit: str) -> str:
    return short_name(support.site().network, unit, support.lang())


def _joined(units: Sequence[str]) -> str:
    """`Hải Dương and Hải Phòng`."""
    return format_list([_name(unit) for unit in units], locale=support.lang())
