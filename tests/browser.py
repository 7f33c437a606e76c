"""Where Chromium is, and how tests and benchmarks start it."""

from __future__ import annotations

import os
import shutil

NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""The browser without windows first: the same engine, and a quarter faster."""
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "no Chromium found: install it (Debian, as root: apt-get install chromium-headless-shell) "
    "or name one: CHROMIUM=/path/to/chromium make test"
)


def chromium() -> str | None:
    """Path of the executable: `$CHROMIUM`, else the first of NAMES on PATH, else None."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
