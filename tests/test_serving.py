"""The HTTP server: when the main loop looks after a connection, and that whole answers arrive."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from flask import Flask, request

from tests.sparql_site import small_site
from web import serving
from web.serving import QuietChannel, http_server, share_memory

NINE = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {NINE} }}"


@contextmanager
def _served(app: Flask, threads: int = 2) -> Iterator[int]:
    """The port of an application that is served until the end."""
    server = http_server(app, "127.0.0.1", 0, threads=threads)
    threading.Thread(target=server.run, daemon=True).start()
    yield server.effective_port
    server.close()


@pytest.mark.parametrize("has_pools", [True, False])
def test_threads_share_two_pools_of_memory_where_the_system_has_pools(
    monkeypatch: pytest.MonkeyPatch, has_pools: bool
):
    told: list[tuple[int, int]] = []
    library = SimpleNamespace(mallopt=lambda *setting: told.append(setting)) if has_pools else object()
    monkeypatch.setattr(serving.ctypes, "CDLL", lambda name: library)
    share_memory()
    assert told == ([(-8, 2)] if has_pools else [])


def _channel(waiting: int, closing: bool = False) -> QuietChannel:
    channel = object.__new__(QuietChannel)
    channel.total_outbufs_len = waiting
    channel.will_close, channel.close_when_flushed = closing, False
    channel.outbuf_lock = threading.Condition()
    return channel


@pytest.mark.parametrize(
    ("waiting", "closing", "sending", "asked"),
    [
        (0, False, False, False),
        (10, False, False, True),
        (10, False, True, False),
        (0, True, False, True),
        (10, True, True, True),
    ],
)
def test_a_connection_is_left_alone_while_a_thread_sends(
    waiting: int, closing: bool, sending: bool, asked: bool
):
    channel = _channel(waiting, closing)
    held, done = threading.Event(), threading.Event()

    def send() -> None:
        with channel.outbuf_lock:
            held.set()
            done.wait()

    thread = threading.Thread(target=send)
    if sending:
        thread.start()
        held.wait()
    assert channel.writable() is asked
    done.set()
    if sending:
        thread.join()
        assert channel.writable()


def test_large_answers_arrive_whole_though_the_client_reads_late():
    app = Flask("large")
    size = 30_000_000
    app.add_url_rule("/", "large", lambda: b"x" * size)
    with _served(app) as port:
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(3)]
        for connection in connections:
            connection.request("GET", "/")
        assert [len(connection.getresponse().read()) for connection in connections] == [size] * 3
        for connection in connections:
            connection.close()


def test_a_query_ends_with_its_client_and_not_before(tmp_path: Path):
    with small_site(tmp_path) as client:
        pool = client.application.extensions["vehec"].pool
        pool.seconds = 60.0
        with _served(client.application) as port:
            stays, leaves = (socket.create_connection(("127.0.0.1", port)) for _ in range(2))
            for connection in (stays, leaves):
                connection.sendall(f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            started = time.monotonic()
            while pool.counts()["running"] < 2:
                assert time.monotonic() < started + 30
            leaves.close()
            while pool.counts()["running"] == 2:
                assert time.monotonic() < started + 30, "the query goes on though nobody waits for it"
            assert pool.counts()["running"] == 1
            stays.close()
            while pool.idle < 2:
                assert time.monotonic() < started + 30


def test_requests_sent_ahead_are_answered_in_order_and_the_connection_stays():
    app = Flask("order")
    app.add_url_rule("/", "order", lambda: request.args["n"])
    with _served(app) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        ahead = "".join(f"GET /?n={n:03} HTTP/1.1\r\nHost: x\r\n\r\n" for n in range(200))
        connection.sendall(ahead.encode())
        with connection.makefile("rb") as stream:
            for n in range(201):
                if n == 200:
                    connection.sendall(b"GET /?n=200 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                head = b"".join(iter(stream.readline, b"\r\n"))
                assert head.startswith(b"HTTP/1.1 200"), n
                assert stream.read(3) == f"{n:03}".encode()
            assert stream.read() == b""
