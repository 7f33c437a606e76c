"""`/matrix`: who could supply whom, by locality and by sector, and the graph behind one cell."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from web import support
from web.matrix_views import NoSuchCell, cell_page, matrix_page

bp = Blueprint("matrix", __name__)


@bp.get("/matrix")
def matrix() -> str:
    """Both tables; with `from` and `to`, or `place` and `sector`, the one cell they name."""
    asked = {name: request.args.get(name, "") for name in ("from", "to", "place", "sector")}
    if any(asked.values()):
        return render_template("matrix_cell.html", page="matrix", view=cell_page(**_cell(asked)))
    return render_template("matrix.html", page="matrix", view=matrix_page())


def _cell(asked: dict[str, str]) -> dict[str, str]:
    if asked["from"] and asked["to"]:
        return {"maker": asked["from"], "buyer": asked["to"]}
    if asked["place"] and asked["sector"]:
        return {"place": asked["place"], "sector": asked["sector"]}
    raise NoSuchCell(", ".join(filter(None, asked.values())))


@bp.errorhandler(NoSuchCell)
def _no_such_cell(error: NoSuchCell) -> Response:
    detail = gettext(
        "The matrix has no cell %(cell)s. Type from and to, or place and sector, as its links do.",
        cell=f"“{error}”",
    )
    return support.problem(400, gettext("Unknown cell"), detail)
