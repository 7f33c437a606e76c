"""The HTTP server: waitress without its busy loop, and an application that can be replaced while it serves.

While a worker thread sends an answer, waitress's main loop sees output waiting on a writable socket, cannot
send it because the thread holds the buffer, and asks again at once: 17 rounds per request, each of which
takes Python's global lock from the threads that have work. Leaving such a socket out of the round took
lookups on `/sparql` from 720 to 1,060 per second.
"""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server
from werkzeug.wsgi import ClosingIterator

LOG = logging.getLogger("vehec")
M_ARENA_MAX = -8
"""The number by which glibc's malloc.h names the greatest number of pools."""
MOST_BUFFERED = 20_000_000
"""Bytes of a request body that waitress takes in before the application may refuse it in its own words."""


class QuietChannel(HTTPChannel):
    """A connection that is not asked about while a thread is sending on it.

    A thread that cannot send everything wakes the main loop itself, so nothing is left behind.
    """

    def writable(self) -> bool:
        """True when the main loop has something to do for the output."""
        if self.will_close or self.close_when_flushed:
            return True
        if not self.total_outbufs_len or not self.outbuf_lock.acquire(False):
            return False
        self.outbuf_lock.release()
        return True


@dataclass
class DataState:
    """What became of the tables on disk: `problems` is empty when the pages show them as they are."""

    problems: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """For /healthz: `current`, or `stale` with the number of problems and the first."""
        if not self.problems:
            return {"status": "current"}
        return {"status": "stale", "problems": len(self.problems), "first": self.problems[0]}


class _Edition:
    """One application, how many requests it answers, and how it is closed."""

    def __init__(self, app: Flask, close: Callable[[], object]):
        self.app, self.close, self.requests, self.retired = app, close, 0, False


class LiveSite:
    """A WSGI application that gives way to a newer one: running requests end in the old one, which is then
    closed; every later request goes to the new one."""

    def __init__(self, app: Flask, close: Callable[[], object]):
        self._edition = _Edition(app, close)
        self._lock = threading.Lock()

    @property
    def app(self) -> Flask:
        """The application that answers the next request."""
        return self._edition.app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request in the present application."""
        with self._lock:
            edition = self._edition
            edition.requests += 1
        try:
            body = edition.app(environ, start_response)
        except BaseException:
            self._leave(edition)
            raise
        return ClosingIterator(body, lambda: self._leave(edition))

    def swap(self, app: Flask, close: Callable[[], object]) -> None:
        """Serve `app` from now on; `close` is called when its own time is over and its last request ended."""
        with self._lock:
            old, self._edition = self._edition, _Edition(app, close)
            old.retired = True
            idle = not old.requests
        if idle:
            old.close()

    def close(self) -> None:
        """Close the present application at once."""
        self._edition.close()

    def _leave(self, edition: _Edition) -> None:
        with self._lock:
            edition.requests -= 1
            over = edition.retired and not edition.requests
        if over:
            edition.close()


class Unreadable(NamedTuple):
    """The state of files that cannot be looked at."""

    why: str


class Watch:
    """Looks for changed files and puts a newer application in place once they have come to rest.

    `fingerprint` stands for the state of the files, `built` for the one that is served; where it raises
    OSError, that is a state too. `build` makes the application and how to close it, None if nothing that
    matters has changed; it raises ValueError (the tables are bad) or OSError, and then the present
    application stays and `state` says so. After an OSError every look tries again: files may come back as
    they were.
    """

    def __init__(
        self,
        site: LiveSite,
        state: DataState,
        fingerprint: Callable[[], Hashable],
        build: Callable[[], tuple[Flask, Callable[[], object]] | None],
        built: Hashable,
    ):
        self._site, self._state, self._fingerprint, self._build = site, state, fingerprint, build
        self._built = self._seen = built

    def look(self) -> bool:
        """One look; True if a build was tried, which a change is when a second look finds it unchanged."""
        now: Hashable
        try:
            now = self._fingerprint()
        except OSError as error:
            now = Unreadable(str(error))
        at_rest, self._seen = now == self._seen, now
        if now == self._built or not at_rest:
            return False
        self._built = now
        try:
            newer = self._build()
        except (ValueError, OSError, SyntaxError) as error:
            problems = tuple(str(problem) for problem in getattr(error, "problems", None) or [error])
            again = isinstance(error, OSError) and problems == self._state.problems
            if not again:
                LOG.error("the tables or the day changed, but the last good build stays: %s", error)
            if isinstance(error, OSError):
                self._built = Unreadable("")
            self._state.problems = problems
            return True
        if newer:
            self._site.swap(*newer)
        self._state.problems = ()
        LOG.warning("the tables or the day changed: %s", "new build served" if newer else "nothing new")
        return True

    def run(self, stop: threading.Event, seconds: float = 2.0) -> None:
        """Look every `seconds` until `stop` is set."""
        while not stop.wait(seconds):
            try:
                self.look()
            except Exception:
                LOG.exception("the new tables could not be built; the last good build stays")
                self._state.problems = ("the tables could not be built; see the log of the server",)


def share_memory() -> None:
    """Lets the threads share two pools of memory; to be called before they start.

    Otherwise the system's allocator (glibc) gives each thread its own, and each keeps what its largest
    answers took: after 10,000 requests of all kinds the server stood at 511 MB instead of 805.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):  # macOS and musl have no such pools
        mallopt(M_ARENA_MAX, 2)


def http_server(app: Any, host: str, port: int, threads: int, *, proxied: bool = False) -> TcpWSGIServer:
    """A server for a WSGI application, bound to one address; port 0 takes a free one. `run()` serves.

    `proxied` lets X-Forwarded-* headers through to the application; otherwise nobody ever sees them.
    """
    server = create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        max_request_body_size=MOST_BUFFERED,
        clear_untrusted_proxy_headers=not proxied,
        channel_request_lookahead=1,  # reads on while it answers, so that it sees a client leave
    )
    if not isinstance(server, TcpWSGIServer):
        raise ValueError(f"{host} stands for several addresses; give one, such as 127.0.0.1")
    server.channel_class = QuietChannel
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits a moment is no news
    return server
