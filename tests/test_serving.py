"""The HTTP server: when the main loop looks after a connection, and that whole answers arrive."""

from __future__ import annotations

import http.client
import threading

import pytest
from flask import Flask

from web.serving import QuietChannel, http_server


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
    server = http_server(app, "127.0.0.1", 0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    connections = [
        http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=30) for _ in range(3)
    ]
    for connection in connections:
        connection.request("GET", "/")
    assert [len(connection.getresponse().read()) for connection in connections] == [size] * 3
    for connection in connections:
        connection.close()
    server.close()
