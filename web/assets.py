"""Scripts, styles and fonts: one address per content, so that a browser asks once, and compressed pages.

`/static/v-<version>/explorer.js` names the content of all files together. It may be kept for ever, and the
relative imports of a module stay under the same version. `/static/explorer.js` is asked about again each
time.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, Response, abort, request
from werkzeug.security import safe_join

from graph.render import VENDOR_FILES, vendor_file
from web.packing import LEAST, pack

STATIC = Path(__file__).parent / "static"
VENDOR = "vendor/"
VERSION = re.compile(r"v-[0-9a-f]{12}/")
FOR_EVER = "public, max-age=31536000, immutable"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
TEXT = frozenset({"text/css", "text/html", "text/javascript", "image/svg+xml", "application/json"})
"""What gets smaller by compression."""
IMPORT = re.compile(r'^(?:import|\}|export)\b[^;]*?"\./([\w.]+\.js)";', re.MULTILINE)


class Asset(NamedTuple):
    """A file as it is sent."""

    kind: str
    body: bytes
    packed: bytes
    """The body by gzip; empty where that does not pay."""
    tag: str


def version() -> str:
    """Names the present content of all files."""
    digest = hashlib.sha256()
    for path in (*sorted(STATIC.rglob("*")), *map(vendor_file, sorted(VENDOR_FILES))):
        if path.is_file():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return f"v-{digest.hexdigest()[:12]}"


def modules(entry: str) -> tuple[str, ...]:
    """A module and all that it imports, for the head: the browser then fetches them together."""
    found = [entry]
    for name in found:
        text = (STATIC / name).read_text("utf-8")
        found += sorted(set(IMPORT.findall(text)).difference(found))
    return tuple(found)


def install(app: Flask) -> None:
    """Serve the files from memory and compress pages."""
    present = version()

    def static(filename: str) -> Response:
        named = VERSION.match(filename)
        asset = _asset(filename[named.end() :] if named else filename)
        kept = FOR_EVER if named and named[0] == f"{present}/" else "no-cache"
        packed = asset.packed and request.accept_encodings["gzip"]
        answer = Response(asset.packed if packed else asset.body, content_type=asset.kind)
        answer.headers["Cache-Control"] = kept
        if asset.packed:
            answer.vary.add("Accept-Encoding")
        if packed:
            answer.headers["Content-Encoding"] = "gzip"
        answer.set_etag(f"{asset.tag}-gzip" if packed else asset.tag)
        answer.make_conditional(request)
        return answer

    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"{present}/{values['filename']}"

    app.view_functions["static"] = static
    app.url_defaults(name_version)
    app.after_request(_pack_page)


def _pack_page(response: Response) -> Response:
    if response.mimetype in TEXT and not response.direct_passthrough and not response.headers.get("ETag"):
        response.vary.add("Accept-Encoding")
        pack(response, request)
    return response


def _asset(name: str) -> Asset:
    """The file with this name. Ends the request with 404 if there is none."""
    own = name.removeprefix(VENDOR)
    found = safe_join(str(STATIC), name)
    path = vendor_file(own) if name.startswith(VENDOR) and own in VENDOR_FILES else Path(found or "")
    if not path.is_file():
        abort(404)
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed: int) -> Asset:
    body = path.read_bytes()
    guessed = KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = f"{guessed}; charset=utf-8" if guessed in TEXT else guessed
    packed = gzip.compress(body, mtime=0) if guessed in TEXT and len(body) >= LEAST else b""
    return Asset(kind, body, packed, hashlib.sha256(body).hexdigest()[:16])
