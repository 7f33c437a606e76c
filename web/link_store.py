"""Short links in one SQLite file: what a long address says, kept under an id made from its content."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

SHORTEST = 10
"""Base32 signs of an id; more where two contents would share them."""
MOST_LINKS = 100_000
MOST_BYTES = 200_000_000
WAIT_SECONDS = 5.0
"""How long a request waits while another one writes."""
TABLE = "CREATE TABLE IF NOT EXISTS links (id TEXT PRIMARY KEY, content TEXT NOT NULL)"


class Link(NamedTuple):
    """Where a short link leads: a path of this site, its query without `?`, the state of the page or None."""

    path: str
    query: str
    state: dict[str, Any] | None


class Full(RuntimeError):
    """No link can be added: the file holds as many as it may."""


class Unavailable(RuntimeError):
    """The file cannot be read or written."""


def usual_file() -> Path:
    """`VEHEC_LINKS`, else `vehec/links.sqlite` in the user's folder for state."""
    if named := os.environ.get("VEHEC_LINKS"):
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "vehec" / "links.sqlite"


class LinkStore:
    """The links of one file, which is made with the first of them. Safe to share between threads."""

    def __init__(self, file: Path, most_links: int = MOST_LINKS, most_bytes: int = MOST_BYTES):
        self.file, self.most_links, self.most_bytes = file, most_links, most_bytes

    def keep(self, link: Link) -> str:
        """The id of a link, the same for the same content. Raises Full and Unavailable."""
        content = json.dumps(link._asdict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = base64.b32encode(hashlib.sha256(content.encode()).digest()).decode().lower().rstrip("=")
        with self._open(writing=True) as store:
            store.execute("BEGIN IMMEDIATE")
            store.execute(TABLE)
            for length in range(SHORTEST, len(digest) + 1):
                name = digest[:length]
                known = store.execute("SELECT content FROM links WHERE id = ?", (name,)).fetchone()
                if known is None:
                    self._check_room(store, len(content.encode()))
                    store.execute("INSERT INTO links VALUES (?, ?)", (name, content))
                if known is None or known[0] == content:
                    store.execute("COMMIT")
                    return name
        raise Full("every id of this content is taken")

    def find(self, name: str) -> Link | None:
        """The link of an id, None for one that is not kept. Raises Unavailable."""
        with self._open(writing=False) as store:
            if not store.execute("SELECT 1 FROM sqlite_master WHERE name = 'links'").fetchone():
                return None
            row = store.execute("SELECT content FROM links WHERE id = ?", (name,)).fetchone()
        return Link(**json.loads(row[0])) if row else None

    def _check_room(self, store: sqlite3.Connection, more: int) -> None:
        pages, size = (store.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        last = store.execute("SELECT MAX(rowid) FROM links").fetchone()[0] or 0
        if last >= self.most_links or pages * size + more > self.most_bytes:
            raise Full(f"{last} links, {pages * size} bytes")

    @contextmanager
    def _open(self, writing: bool) -> Iterator[sqlite3.Connection]:
        try:
            if writing:
                self.file.parent.mkdir(parents=True, exist_ok=True)
            file = self.file if writing or self.file.exists() else ":memory:"
            with closing(sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)) as store:
                yield store
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(str(error)) from error
