"""The stack of most tutorials, as a baseline: Flask, rdflib in memory, one lock around every query.

The lock is needed: rdflib's SPARQL parser is not safe for threads while cold.
"""

from __future__ import annotations

import threading
from pathlib import Path

from flask import Flask, Response, request
from rdflib import Dataset


def tutorial_app(dump: Path) -> Flask:
    """GET /sparql?query= over the quads of an N-Quads file; JSON only."""
    app = Flask("tutorial")
    dataset = Dataset()
    dataset.parse(source=str(dump), format="nquads")
    lock = threading.Lock()

    @app.get("/sparql")
    def sparql() -> Response:
        with lock:
            body = dataset.query(request.args["query"]).serialize(format="json")
        return Response(body, content_type="application/sparql-results+json")

    return app
