"""Compression of answers that are complete in memory."""

from __future__ import annotations

import gzip

from flask import Request, Response

LEAST = 1_000
"""Bytes below which compressing is not worth it: the answer fits into one packet anyway."""
UNPACKED = ("", "identity")
"""What clients say that take no packed answers."""
LEVEL = 3
"""Twice as fast as the usual 6 on query results, and 15% larger."""


def pack(response: Response, request: Request) -> None:
    """Compresses the body with gzip where the client takes it and nobody did before.

    The caller names Accept-Encoding in Vary.
    """
    if request.environ.get("HTTP_ACCEPT_ENCODING", "") in UNPACKED or (response.content_length or 0) < LEAST:
        return
    if not request.accept_encodings["gzip"] or response.headers.get("Content-Encoding"):
        return
    response.set_data(gzip.compress(response.get_data(), compresslevel=LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"


def packed(body: str | bytes) -> bytes:
    """A body as it is kept to be sent again and again: a tenth of the memory, and no work for each reader."""
    return gzip.compress(body.encode() if isinstance(body, str) else body, compresslevel=LEVEL, mtime=0)


def answer(body: bytes, mimetype: str, request: Request) -> Response:
    """The answer from a body that is kept packed; unpacked for a client that does not take gzip."""
    takes = bool(request.accept_encodings["gzip"])
    response = Response(body if takes else gzip.decompress(body), mimetype=mimetype)
    response.vary.add("Accept-Encoding")
    if takes:
        response.headers["Content-Encoding"] = "gzip"
    return response
