"""The servers of the SPARQL benchmark, each on a free loopback port: the tutorial stack under plain waitress,
the bare engine and our application under our own settings of it.

    python -m tests.bench.servers tutorial|raw|ours DUMP [--data]

Prints the port when ready. `--data` serves the whole application over the repository's own data; without it
`ours` is the query endpoint alone over any N-Quads file.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, request
from waitress import create_server

from tests.bench.tutorial_stack import tutorial_app
from web.serving import http_server, share_memory
from web.views import Parts

ROOT = Path(__file__).resolve().parents[2]
THREADS = 16


def raw_app(dump: Path) -> Flask:
    """The engine in the server's own process: no deadline, no limits, no refusals."""
    from pyoxigraph import QueryResultsFormat

    from graph.preload import load

    app = Flask("raw")
    store = load(dump)

    @app.get("/sparql")
    def sparql() -> Response:
        body = store.query(request.args["query"]).serialize(format=QueryResultsFormat.JSON)
        return Response(body, content_type="application/sparql-results+json")

    return app


def endpoint_app(dump: Path) -> Flask:
    """Our endpoint alone."""
    from graph.preload import load
    from graph.workers import QueryPool
    from web import sparql, support

    store = load(dump)
    graphs = frozenset(graph.value for graph in store.named_graphs())
    app = Flask("endpoint")
    corridor = SimpleNamespace(
        store=store, dump=dump, generation=dump.stem, graphs=graphs, data=ROOT / "data"
    )
    app.extensions["vehec"] = site = Parts()
    vars(site).update(corridor=corridor, pool=QueryPool(dump), day="2026-01-01")
    support.install(app)
    app.register_blueprint(sparql.bp)
    return app


def whole_app(dump: Path) -> Flask:
    """The application as `make run` serves it; its dump is the one given."""
    from graph import load
    from server import create_app

    app = create_app(load(ROOT / "ontology", ROOT / "data"))
    assert app.extensions["vehec"].corridor.dump == dump, "the data changed while the benchmark ran"
    return app


def main() -> None:
    """Serve until ended by a signal."""
    name, dump = sys.argv[1], Path(sys.argv[2])
    ours = whole_app if "--data" in sys.argv else endpoint_app
    build = {"tutorial": tutorial_app, "raw": raw_app, "ours": ours}[name]
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # 16 clients on 16 threads queue now and then
    if name != "tutorial":
        share_memory()
    serve = create_server if name == "tutorial" else http_server
    server = serve(build(dump), host="127.0.0.1", port=0, threads=THREADS)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
