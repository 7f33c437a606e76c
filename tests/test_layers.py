"""Imports run one way. The three tables below are the rule; the README's "How it works" is their summary."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]

ORDER = (
    # A module imports from its own line and the lines above, never from below.
    (
        "graph.namespaces",
        "graph.model",
        "graph.names",
        "graph.sheet",
        "graph.spreadsheet",
        "graph.version",
        "graph.changes",
        "graph.marks",
        "graph.lettering",
    ),
    ("graph.cells",),
    ("graph.statements", "graph.tables", "graph.query"),
    ("graph.rules",),
    ("graph.shapes",),
    ("graph.store", "graph.preload", "graph.sparql_syntax"),
    ("graph.curation",),
    ("graph.card", "graph.terms"),
    ("graph.card_rdf",),
    ("graph.catalogue", "graph.columns", "graph.describe"),
    ("graph.dates", "graph.facts"),
    ("graph.carriers", "graph.conflicts"),
    ("graph.evaluation", "graph.lookups", "graph.workers", "graph.sparql_problems", "graph.sparql"),
    ("graph.service_description",),
    ("graph.projection",),
    ("graph.gaps",),
    ("graph.expert_check",),
    ("graph.findings",),
    ("graph.publish",),
    ("graph.what_if",),
    ("graph.layout_margins", "graph.layout_units"),
    ("graph.geo", "graph.layout", "graph.search", "graph.explore", "graph.render", "graph.gap_table"),
    ("graph.gap_candidates", "graph.gap_diagram", "graph.gap_query"),
    ("graph.gap_diagram_narrow",),
    ("graph.gap_export",),
    ("graph.mcp",),
    ("graph", "graph.__main__"),
    ("server", "web"),
    ("tests",),
)

RDF = ("rdflib", "pyoxigraph", "oxrdflib")
FILES = ("csv", "csvw", "io", "os", "pathlib", "open")
BELOW_PROJECTION = tuple(module for row in ORDER[1 : ORDER.index(("graph.projection",))] for module in row)

FORBIDDEN = {
    # What a module and its submodules may not import ("open" also stands for calling it).
    "graph.gaps": (*RDF, *FILES, *BELOW_PROJECTION, "graph.projection"),
    "graph.layout": (*RDF, *BELOW_PROJECTION),
    "graph.search": (*RDF, *BELOW_PROJECTION),
    "graph.explore": (*RDF, *BELOW_PROJECTION),
    "graph.render": (*RDF, *BELOW_PROJECTION),
}

RESERVED = {
    # Packages that only the named modules import.
    "pyshacl": ("graph.shapes",),
    "pyvis": ("graph.render",),
    "flask": ("server", "web"),
    "flask_babel": ("server", "web"),
    "waitress": ("server", "web.serving"),
    "xlsxwriter": ("graph.spreadsheet",),
    "mcp": ("graph.mcp",),
    "mcp_types": ("graph.mcp",),
    "pydantic": ("graph.mcp",),
}
LAZY = ("pyshacl", "pyvis", "xlsxwriter")
"""Imported inside a function only: slow to import and seldom needed."""

BRIDGE = "graph.projection"
"""The only module that sees both sides of the bridge."""
BRIDGE_SIDES = (("networkx",), (*RDF, "graph.store", "graph.query"))


class Use(NamedTuple):
    """One imported name, or one call of `open`."""

    name: str
    line: int
    top_level: bool


def is_in(name: str, packages: tuple[str, ...]) -> bool:
    """Whether `name` is one of the packages or inside one; `graph` stands for itself only."""
    return name in packages or any(name.startswith(f"{pkg}.") for pkg in packages if pkg != "graph")


def module_name(path: Path, root: Path) -> str:
    """`graph/gaps/d1.py` -> `graph.gaps.d1`; a package is named by its folder."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def sources(root: Path) -> Iterator[Path]:
    yield from root.glob("*.py")
    for folder in ("graph", "web"):
        yield from (path for path in (root / folder).rglob("*.py") if "node_modules" not in path.parts)


def uses(path: Path, root: Path) -> Iterator[Use]:
    """Every module that a file imports, by absolute name, and every call of `open`."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    in_function = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(outer)
    }
    package = path.relative_to(root).parent.parts
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package[: len(package) - node.level + 1] if node.level else ()
            base = (*parents, *node.module.split(".")) if node.module else parents
            names = [
                ".".join((*base, alias.name) if is_module(root.joinpath(*base, alias.name)) else base)
                for alias in node.names
            ]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
            names = ["open"]
        for name in names:
            yield Use(name, node.lineno, id(node) not in in_function)


def is_module(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").is_file()


def row_of(module: str) -> int | None:
    return next((number for number, row in enumerate(ORDER) if is_in(module, row)), None)


def violations(root: Path) -> list[str]:
    """One line per broken rule: file, line, and what to do instead."""
    return sorted(found for path in sources(root) for found in violations_of(path, root))


def violations_of(path: Path, root: Path) -> Iterator[str]:
    module = module_name(path, root)
    shown = path.relative_to(root).as_posix()
    own_row = row_of(module)
    if own_row is None:
        yield f"{shown}: {module} has no line in ORDER; add it to tests/test_layers.py"
        return
    found = list(uses(path, root))
    for use in found:
        where = f"{shown}:{use.line}"
        row = row_of(use.name)
        if row is not None and row > own_row:
            yield f"{where}: {module} imports {use.name}, which is above it; pass the value in instead"
        for package, banned in FORBIDDEN.items():
            if is_in(module, (package,)) and is_in(use.name, banned):
                yield f"{where}: {package} may not use {use.name}; take what it needs as an argument"
        for package, allowed in RESERVED.items():
            if is_in(use.name, (package,)) and not is_in(module, allowed):
                yield f"{where}: only {', '.join(allowed)} may import {package}"
        if is_in(use.name, LAZY) and use.top_level:
            yield f"{where}: import {use.name} inside the function that needs it"
    sides = [[use for use in found if is_in(use.name, side)] for side in BRIDGE_SIDES]
    if all(sides) and module != BRIDGE:
        network, rdf = sides[0][0], sides[1][0]
        yield f"{shown}:{rdf.line}: only {BRIDGE} may import both {network.name} and {rdf.name}"


def test_imports_run_one_way() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("graph/store.py", "from graph import projection", "py:1: graph.store imports graph.projection"),
        ("graph/store.py", "from .projection import project", "graph.store imports graph.projection"),
        ("graph/model.py", "import graph", "graph.model imports graph, which is above it"),
        ("graph/findings.py", "import server", "graph.findings imports server, which is above it"),
        ("graph/query.py", "from web.pages import page", "graph.query imports web.pages"),
        ("graph/__init__.py", "import tests.browser", "graph imports tests.browser"),
        ("graph/gaps/d1.py", "from rdflib import Graph", "graph.gaps may not use rdflib"),
        ("graph/gaps/d1.py", "import pyoxigraph as ox", "graph.gaps may not use pyoxigraph"),
        ("graph/gaps/d1.py", "import csv", "graph.gaps may not use csv"),
        ("graph/gaps/d1.py", "from pathlib import Path", "graph.gaps may not use pathlib"),
        ("graph/gaps/d1.py", "def f():\n    return open('x')", "d1.py:2: graph.gaps may not use open"),
        ("graph/gaps/d1.py", "from ..store import Corridor", "graph.gaps may not use graph.store"),
        ("graph/layout.py", "import rdflib.plugins", "graph.layout may not use rdflib.plugins"),
        ("graph/findings.py", "import networkx\nimport graph.store", ":2: only graph.projection may import"),
        ("graph/render.py", "from pyvis.network import Network", "import pyvis.network inside the function"),
        ("graph/layout.py", "def f():\n    import pyvis", "layout.py:2: only graph.render may import pyvis"),
        ("graph/sparql.py", "from flask import request", "only server, web may import flask"),
        ("graph/helpers.py", "", "graph.helpers has no line in ORDER"),
    ],
)
def test_an_offending_import_is_reported(tmp_path: Path, path: str, source: str, expected: str) -> None:
    make_project(tmp_path, path, source)
    assert len(violations(tmp_path)) == 1
    assert expected in violations(tmp_path)[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("graph/projection.py", "import networkx\nimport pyoxigraph\nfrom graph.store import Corridor"),
        ("graph/gaps/d1.py", "import networkx\nfrom ..model import Finding\nfrom .coverage import kappa"),
        ("graph/render.py", "def f():\n    from pyvis.network import Network\n    return Network"),
        ("graph/__init__.py", "from .store import Corridor\nfrom graph.findings import find_gaps"),
        ("server.py", "import flask\nfrom graph import load, model"),
        ("web/pages.py", "from flask import Blueprint\nimport graph.search"),
    ],
)
def test_an_allowed_import_is_not_reported(tmp_path: Path, path: str, source: str) -> None:
    make_project(tmp_path, path, source)
    assert violations(tmp_path) == []


def make_project(root: Path, path: str, source: str) -> None:
    """A project of empty modules, and one module with the given source."""
    for module in (*(name for row in ORDER for name in row), "graph.gaps.coverage"):
        if module.startswith("graph."):
            file = root.joinpath(*module.split(".")).with_suffix(".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    (root / "graph/gaps.py").unlink()
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(source, encoding="utf-8")
