"""The VEHEC knowledge graph in four verbs: load -> project -> find_gaps -> network_html.

Each is imported where it is first used, so that `import graph` stays cheap.
"""

from __future__ import annotations

from typing import Any

_HOME = {"load": "store", "project": "projection", "find_gaps": "findings", "network_html": "render"}
__all__ = ["find_gaps", "load", "network_html", "project"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'graph' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"graph.{_HOME[name]}"), name)
