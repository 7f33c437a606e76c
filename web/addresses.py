"""Where this server is on the web. IRIs of the graph never depend on it; addresses of pages and files do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from graph.namespaces import HOST

MOST_PROXIES = 5


class BadSetting(ValueError):
    """A setting cannot be used; the message says what to type instead."""


class AtAddress:
    """A WSGI application that takes every request as sent to one public address, whatever the Host header.

    A path in the address is one that the proxy before it takes away.
    """

    def __init__(self, app: Any, address: str):
        self._app, parts = app, urlsplit(address)
        self._place = {"wsgi.url_scheme": parts.scheme, "HTTP_HOST": parts.netloc, "SCRIPT_NAME": parts.path}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        found: Iterable[bytes] = self._app(environ | self._place, start_response)
        return found


def install(app: Flask) -> None:
    """Set the public address of an application from `PUBLIC_URL` or, behind `PROXIES` proxies, their headers.

    Where the configuration has neither, VEHEC_PUBLIC_URL and VEHEC_PROXIES count; without these the address
    is that of the request, and X-Forwarded-* headers are not read. Raises BadSetting.
    """
    address = app.config.setdefault("PUBLIC_URL", os.environ.get("VEHEC_PUBLIC_URL", "")).rstrip("/")
    count = app.config.setdefault("PROXIES", proxies())
    wsgi: Any = app.wsgi_app
    if address:
        if not re.fullmatch(rf"https?://{HOST}(/[A-Za-z0-9_-][A-Za-z0-9._~-]*)*", address):
            raise BadSetting(
                f"VEHEC_PUBLIC_URL is {address[:80]!r}; type scheme and host, "
                "such as https://vehec.example.org, or with a path, such as https://example.org/vehec"
            )
        wsgi = AtAddress(wsgi, address)
    if count:
        wsgi = ProxyFix(wsgi, x_for=count, x_proto=count, x_host=count)
    app.wsgi_app = wsgi  # type: ignore[method-assign]


def proxies() -> int:
    """How many proxies before the server may be believed: VEHEC_PROXIES, else none. Raises BadSetting."""
    text = os.environ.get("VEHEC_PROXIES", "") or "0"
    if not (text.isascii() and text.isdecimal() and int(text[:3]) <= MOST_PROXIES):
        raise BadSetting(f"VEHEC_PROXIES is {text[:20]!r}; give the number of proxies, 0 to {MOST_PROXIES}")
    return int(text)
