"""The HTTP server: waitress without its busy loop.

While a worker thread sends an answer, waitress's main loop sees output waiting on a writable socket, cannot
send it because the thread holds the buffer, and asks again at once: 17 rounds per request, each of which
takes Python's global lock from the threads that have work. Leaving such a socket out of the round took
lookups on `/sparql` from 720 to 1,060 per second.
"""

from __future__ import annotations

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server

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


def http_server(app: Flask, host: str, port: int, threads: int) -> TcpWSGIServer:
    """A server bound to one address; port 0 takes a free one. `run()` serves until interrupted."""
    server = create_server(app, host=host, port=port, threads=threads, max_request_body_size=MOST_BUFFERED)
    if not isinstance(server, TcpWSGIServer):
        raise ValueError(f"{host} stands for several addresses; give one, such as 127.0.0.1")
    server.channel_class = QuietChannel
    return server
