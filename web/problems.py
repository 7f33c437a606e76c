"""`/problem/<code>`: what a type of problem details means, and what to do about it."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask import Blueprint, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from graph.sparql_problems import ADVICE, PROBLEMS, Problem
from web import support

bp = Blueprint("problems", __name__)

VALUE = re.compile(r"%\(\w+\)[.0-9]*[a-z]")


class Kind(NamedTuple):
    """One type of problem, in the language of the request; a value of the case stands as `…` in `detail`."""

    code: str
    iri: str
    status: int
    title: str
    detail: str
    advice: str


def kinds() -> list[Kind]:
    """All types, in the order of their status."""
    return [_kind(code) for code in sorted(PROBLEMS, key=lambda code: PROBLEMS[code][0])]


def _kind(code: str) -> Kind:
    status, title, detail = PROBLEMS[code]
    said = VALUE.sub("…", gettext(detail))
    return Kind(code, Problem(code).type, status, gettext(title), said, gettext(ADVICE[code]))


@bp.get("/problem/<code>")
def kind(code: str) -> str | BaseResponse:
    """The page of one type."""
    if code not in PROBLEMS:
        detail = gettext("The types of problems are listed at /api.")
        return support.problem(404, gettext("No such type of problem"), detail)
    return render_template("problem_kind.html", page="", kind=_kind(code))
