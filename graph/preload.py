"""What the fork server does once, before any query process exists: load the store.

A query process is a copy of the fork server, so it starts with the store in memory in about a millisecond.
The fork server imports this module; nothing else should.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

from pyoxigraph import RdfFormat, Store

DUMP = "VEHEC_QUERY_DUMP"
"""Environment variable of the fork server: path of the N-Quads file to load."""
MAIN_NAME, MAIN_PATH = "VEHEC_MAIN_NAME", "VEHEC_MAIN_PATH"
"""Environment variables of the fork server: the program's main module, by name or by path."""


def load(dump: Path) -> Store:
    """The quads of an N-Quads file in a new in-memory store."""
    store = Store()
    store.bulk_load(path=str(dump), format=RdfFormat.N_QUADS, lenient=True)
    return store


def _stand_in_for_main() -> None:
    """Tells multiprocessing that the main module is here already.

    Otherwise it runs the program's main script again in every new query process, with all its imports.
    """
    main = sys.modules["__main__"]
    if name := os.environ.get(MAIN_NAME):
        main.__spec__ = ModuleSpec(name, None)
    if path := os.environ.get(MAIN_PATH):
        main.__file__ = path


loaded: tuple[str, Store] | None = None
"""Path of the preloaded dump and its store; None outside a fork server."""

if DUMP in os.environ:
    _stand_in_for_main()
    loaded = (os.environ[DUMP], load(Path(os.environ[DUMP])))
