"""The endpoint over any data, on a free loopback port."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import NamedTuple

from flask import Flask
from pyoxigraph import RdfFormat, Store
from werkzeug.serving import WSGIRequestHandler, make_server

from graph.workers import QueryPool
from web import sparql, support
from web.views import Parts


class Answer(NamedTuple):
    """An answer over HTTP."""

    status: int
    media_type: str
    body: bytes


class Server:
    """A running endpoint. `load` gives it other data; until then it has none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dumps = 0
        self.app = Flask("conformance")
        support.install(self.app)
        self.app.register_blueprint(sparql.bp)
        self.pool: QueryPool | None = None
        self.http = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=_Quiet)

    def load(self, store: Store, also: frozenset[str] = frozenset()) -> None:
        """Serve these data from now on; `also` are graphs that count as loaded although they are empty."""
        self.dumps += 1
        dump = self.folder / f"{self.dumps}.nq"
        store.dump(str(dump), format=RdfFormat.N_QUADS)
        self.close()
        self.pool = QueryPool(dump, workers=1)
        graphs = frozenset(graph.value for graph in store.named_graphs()) | also
        self.app.extensions.pop("vehec-sparql", None)
        self.app.extensions["vehec"] = site = Parts()
        corridor = SimpleNamespace(store=store, dump=dump, generation=f"g{self.dumps}", graphs=graphs)
        corridor.data = self.folder
        vars(site).update(corridor=corridor, pool=self.pool, day="2026-01-01")

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request, with these headers and no others of our own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http.server_port, timeout=60)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers.get_content_type(), answer.read())
        finally:
            connection.close()

    def close(self) -> None:
        """Ends the query process."""
        if self.pool:
            self.pool.close()


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """A run sends hundreds of requests."""


@contextmanager
def serving() -> Iterator[Server]:
    """A server for the time of a run."""
    with TemporaryDirectory() as folder:
        server = Server(Path(folder))
        thread = threading.Thread(target=server.http.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.http.shutdown()
            thread.join()
            server.http.server_close()
            server.close()
