"""The page that shows how good the gap finder is on worlds whose truth is known."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext

from web import support

bp = Blueprint("proof", __name__)

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "gap-proof.json"
"""What `make bench-gaps` wrote last."""


@bp.get("/proof")
def proof() -> str | Response:
    """The results of the last measurement: a page, or JSON for a client that asks for it."""
    if not RESULTS.exists():
        detail = gettext("Run make bench-gaps to measure it.")
        return support.problem(404, gettext("Not measured yet"), detail)
    result = results(RESULTS.stat().st_mtime_ns)
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    if best == "application/json":
        return jsonify(result)
    sizes = ", ".join(support.number(block["size"]) for block in result["structure"])
    return render_template("proof.html", page="gaps", result=result, steps=_steps(result), sizes=sizes)


@lru_cache(maxsize=1)
def results(written: int) -> dict[str, Any]:
    """The file as it was written at a time (ns)."""
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def _steps(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Per detector its part of the time in the largest usual world, the longest first."""
    largest = max(
        (run for run in result["costs"] if run["shape"] == "usual"), key=lambda run: int(run["facilities"])
    )
    return sorted(largest["steps"], key=lambda step: -float(step["ratio"]))
