"""The Flask view of a corridor. `python server.py` serves the shipped data on http://127.0.0.1:8000."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Flask, Response, current_app, jsonify
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from graph.catalogue import Catalogue
from graph.curation import load_good
from graph.publish import analyse
from graph.search import Index
from graph.store import ROOT, Corridor, last_good
from graph.tables import BadTables
from graph.workers import WORKERS, QueryPool
from web import (
    addresses,
    assets,
    changes,
    completion,
    crawlers,
    data_pages,
    dates,
    experts,
    explorer,
    explorer_api,
    facets,
    gap_sheet,
    gaps,
    links,
    maps,
    matrix,
    openapi,
    pages,
    panel,
    problems,
    proof,
    provenance,
    search,
    sparql,
    support,
    view_exports,
    what_if,
)
from web.serving import DataState, LiveSite, Watch, http_server, share_memory

HOST = "127.0.0.1"
PORT = 8000
HIGHEST_PORT = 65535
THREADS = 16
"""Of these, queries take at most `graph.workers.PLACES`; the rest stay free for pages."""
MAX_BODY = 1_000_000
"""Bytes of a request body; a query may be 100 kB, see web/sparql.py."""
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class BadPort(ValueError):
    """The text names no port; the message says what to type instead."""


def create_app(
    corridor: Corridor,
    config: dict[str, object] | None = None,
    state: DataState | None = None,
    as_of: str | None = None,
) -> Flask:
    """The application for a loaded corridor.

    Projects the network, finds the gaps, writes them back as RDF and starts the query processes.
    `config` goes to Flask's own configuration; `QUERY_SECONDS` and `QUERY_WORKERS` set the query pool.
    `state` says whether the tables on disk are those that are shown. `as_of` is the ISO day that pages show
    unless asked otherwise and that the graph is analysed for, today by default.
    """
    app = Flask(__name__, template_folder="web/templates", static_folder="web/static")
    app.config.update(
        {"QUERY_SECONDS": 10.0, "QUERY_WORKERS": WORKERS, "MAX_CONTENT_LENGTH": MAX_BODY, **(config or {})}
    )
    corridor, network, findings = analyse(corridor, as_of)
    app.extensions["vehec"] = support.Site(
        corridor=corridor,
        network=network,
        findings=findings,
        catalogue=Catalogue.load(corridor.store),
        index=Index.build(network),
        pool=QueryPool(
            corridor.dump, workers=app.config["QUERY_WORKERS"], seconds=app.config["QUERY_SECONDS"]
        ),
    )
    app.extensions["vehec.data"] = data = state or DataState()
    app.context_processor(lambda: {"data_problems": len(data.problems)})
    support.install(app)
    for module in (
        changes,
        completion,
        crawlers,
        data_pages,
        dates,
        experts,
        explorer,
        explorer_api,
        facets,
        gap_sheet,
        gaps,
        links,
        maps,
        matrix,
        openapi,
        pages,
        panel,
        problems,
        proof,
        provenance,
        search,
        sparql,
        view_exports,
        what_if,
    ):
        app.register_blueprint(module.bp)
    assets.install(app)
    addresses.install(app)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.register_error_handler(HTTPException, support.http_problem)
    app.register_error_handler(Exception, _unexpected_problem)
    app.after_request(_add_security_headers)
    return app


def healthz() -> Response:
    """Says that the server answers, over which generation of the data, whether the tables are newer, and how
    many queries run or wait.
    """
    corridor = support.site().corridor
    return jsonify(
        {
            "status": "ok",
            "generation": corridor.generation,
            "statements": len(corridor.store),
            "data": current_app.extensions["vehec.data"].as_dict(),
            "queries": support.site().pool.counts(),
        }
    )


def _unexpected_problem(error: Exception) -> Response:
    current_app.logger.exception("unexpected error", exc_info=error)
    detail = gettext(
        "Something went wrong on our side. Nothing was changed. Try again, or go back to the overview."
    )
    return support.problem(500, gettext("Unexpected error"), detail)


def _add_security_headers(response: Response) -> Response:
    present = {name for name, _ in response.headers}
    for name, value in SECURITY_HEADERS.items():
        if name not in present:
            response.headers.add(name, value)
    return response


def port_number(text: str) -> int:
    """The port a text names; 0 stands for any free one. Raises BadPort."""
    if not (text.isascii() and text.isdecimal() and int(text[:6]) <= HIGHEST_PORT):
        raise BadPort(f"PORT is {text!r}; give a number from 1 to {HIGHEST_PORT}: PORT=8001 make run")
    return int(text)


def files_state(*folders: Path) -> frozenset[tuple[str, int, int]]:
    """Name, time of change and size of every file in these folders."""
    found = set()
    for folder in folders:
        for entry in os.scandir(folder):
            with contextlib.suppress(FileNotFoundError):  # a spreadsheet replaces a file when it saves
                status = entry.stat()
                found.add((entry.path, status.st_mtime_ns, status.st_size))
    return frozenset(found)


def today() -> str:
    """The present day in ISO form."""
    return datetime.date.today().isoformat()


def live_site(
    data: Path, ontology: Path, config: dict[str, object] | None = None, clock: Callable[[], str] = today
) -> tuple[LiveSite, Watch]:
    """The application over the tables, and the watch that replaces it when they change or the day is over.

    `clock` gives the ISO day that pages show unless asked otherwise. Bad tables: serves the last good build
    and says so. Raises BadTables if there is none.
    """
    state, day, watched = DataState(), clock(), files_state(data, ontology)
    try:
        corridor = load_good(ontology, data)
    except BadTables as error:
        kept = last_good(data)
        if kept is None:
            raise
        corridor, state.problems = kept, tuple(map(str, error.problems))
        print(f"{error}\nServing the last good build instead, until the tables are mended.", file=sys.stderr)
    shown = corridor.generation, day

    def edition(corridor: Corridor, day: str) -> tuple[Flask, Callable[[], object]]:
        app = create_app(corridor, config, state, day)
        return app, app.extensions["vehec"].pool.close

    def newer() -> tuple[Flask, Callable[[], object]] | None:
        nonlocal shown
        day = clock()
        try:
            corridor = load_good(ontology, data)
        except BadTables:
            if day != shown[1] and (kept := last_good(data)):
                site.swap(*edition(kept, day))
                shown = kept.generation, day
            raise
        if (corridor.generation, day) == shown:
            return None
        made = edition(corridor, day)
        shown = corridor.generation, day
        return made

    site = LiveSite(*edition(corridor, day))
    return site, Watch(site, state, lambda: (clock(), files_state(data, ontology)), newer, (day, watched))


def serve(port: int) -> int:
    """Load the data and answer requests until SIGINT or SIGTERM; 1 if the port is taken."""
    started = time.monotonic()
    share_memory()
    print("Loading the tables and the ontology...", flush=True)
    app, watch = live_site(ROOT / "data", ROOT / "ontology")
    try:
        server = http_server(app, HOST, port, THREADS, proxied=bool(addresses.proxies()))
    except OSError as error:
        print(
            f"Cannot serve on port {port}: {error.strerror}. Choose another: PORT=8001 make run",
            file=sys.stderr,
        )
        return 1

    def stop(*_: object) -> None:
        """Ends the queries, so that no thread waits for one; a second signal ends the program at once."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        app.close()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    address = f"http://{HOST}:{server.effective_port}/"
    print(f"Ready in {time.monotonic() - started:.1f} s: {address}  (Ctrl+C stops)", flush=True)
    threading.Thread(target=watch.run, args=(threading.Event(),), daemon=True).start()
    server.run()
    return 0


def main(arguments: Sequence[str] = ()) -> int:
    """Serve the shipped data on the port that `PORT` names, or say why not."""
    argparse.ArgumentParser(
        description="Serve the VEHEC Knowledge-Graph Explorer on this machine.",
        epilog="It takes no options: PORT and the VEHEC_ settings of the README come from the environment.",
    ).parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return serve(port_number(os.environ.get("PORT", str(PORT))))
    except (BadPort, BadTables, addresses.BadSetting) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
