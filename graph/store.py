"""Builds the embedded store from the tables and the ontology, and keeps it cached by content.

Quads: each stated triple once in the default graph and once in the graph of each source; what is
computed (`graph/derived`) likewise in both. The engine's union default graph is never used: it would
count a statement once per source (see ontology/README.md).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple, parse, serialize

from graph.namespaces import BASE, DERIVED, ONTOLOGY_GRAPH, PREFIXES, rebased
from graph.query import QUERIES
from graph.rules import refusing, rule_problems
from graph.sheet import Limits
from graph.statements import statements
from graph.tables import METADATA, BadTables, read_tables

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = ROOT / ".cache"
KEPT_DUMPS, KEPT_SECONDS = 12, 24 * 3600
"""A dump is removed when it is neither among the newest nor was used within this time."""
BUILDERS = ("cells", "namespaces", "query", "rules", "sheet", "statements", "store", "tables")
"""The code that decides what is in a dump: the modules of this package whose names begin like this."""
SHAPES = "shapes.ttl"
GOOD = ".last-good"
"""Ending of the file that names the last good build of a data folder."""
ADDED = ".added.nt"
"""Ending of the file that keeps what was added to a build; it goes when the dump of both does."""
TABLES = ".tables.zip"
"""Ending of the file that keeps the tables of that build."""
SHIPPED_METADATA = ROOT / "data" / METADATA


@dataclass(frozen=True)
class Corridor:
    """The loaded graph. `dump` holds the same quads as N-Quads, for query workers to open."""

    store: Store
    dump: Path
    generation: str
    """Hash of everything the graph was built from; changes when any of it changes."""
    data: Path
    graphs: frozenset[str]
    """IRIs of the named graphs that are loaded."""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The tables and their description by file name, as they were when the graph was built."""

    def with_graph(self, graph: str, name: str, triples: Callable[[], Iterable[Triple]]) -> Corridor:
        """A corridor that also holds these triples, in the default graph and in `graph`.

        They are made once: the next corridor of this generation reads what `name` stands for from the cache.
        """
        generation = hashlib.sha256(f"{self.generation} {name}".encode()).hexdigest()[:16]
        kept = CACHE / f"{generation}{ADDED}"
        if not _used_now(kept):
            content = serialize(triples(), format=RdfFormat.N_TRIPLES)
            assert content is not None
            _write(kept, content)
        for target in (DefaultGraph(), NamedNode(graph)):
            self.store.bulk_load(path=kept, format=RdfFormat.N_TRIPLES, to_graph=target)
        return replace(
            self, dump=_write_dump(self.store, generation), generation=generation, graphs=_graphs(self.store)
        )


def load(ontology: str | Path = "ontology", data: str | Path = "data") -> Corridor:
    """Tables and Turtle to a queryable corridor.

    `data` is a folder in the table format of this project; it may bring its own `csv-metadata.json`,
    otherwise the shipped one describes it. Raises BadTables with every problem in the tables, then with
    every row that breaks a rule marked `refuses: loading`.
    """
    ontology, data = _folder(ontology), _folder(data)
    metadata = metadata_of(data)
    generation = _content_hash(
        [
            *sorted(data.glob("*.csv")),
            metadata,
            *ontology_files(ontology),
            *sorted(QUERIES.glob("derive/*.rq")),
            *sorted(QUERIES.glob("checks/*.rq")),
            *sorted(p for p in HERE.rglob("*.py") if p.relative_to(HERE).as_posix().startswith(BUILDERS)),
        ]
    )
    dump = CACHE / f"{generation}.nq"
    store = Store()
    if _used_now(dump):
        store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    else:
        tables = read_tables(data, metadata)
        for statement in statements(tables):
            store.extend(statement.quads())
        _add_ontology(store, ontology)
        _add_derived(store)
        if problems := list(rule_problems(store, refusing(), tables)):
            raise BadTables(problems)
        dump = _write_dump(store, generation)
    return Corridor(store, dump, generation, data, _graphs(store), _files(data))


def _files(data: Path) -> dict[str, bytes]:
    """The tables of a folder and the file that describes them."""
    described = {METADATA: rebased(metadata_of(data).read_text("utf-8")).encode()}
    return {path.name: path.read_bytes() for path in sorted(data.glob("*.csv"))} | described


def metadata_of(data: Path) -> Path:
    """The file that describes the tables of a folder: its own, or the shipped one."""
    return data / METADATA if (data / METADATA).exists() else SHIPPED_METADATA


def _folder(path: str | Path) -> Path:
    path = Path(path)
    found = path if path.is_absolute() or path.exists() else ROOT / path
    if not found.is_dir():
        raise FileNotFoundError(f"no folder {path}; give the folder that holds the tables")
    return found


def ontology_files(folder: Path) -> list[Path]:
    """The Turtle files that hold terms and codes; the shapes are rules about the graph, not part of it."""
    return sorted(path for path in folder.glob("*.ttl") if path.name != SHAPES)


def _add_ontology(store: Store, folder: Path) -> None:
    graph = NamedNode(ONTOLOGY_GRAPH)
    for path in ontology_files(folder):
        for quad in parse(rebased(path.read_text("utf-8")), format=RdfFormat.TURTLE):
            store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))


def _add_derived(store: Store) -> None:
    graph = NamedNode(DERIVED)
    for path in sorted(QUERIES.glob("derive/*.rq")):
        triples = store.query(rebased(path.read_text("utf-8")), prefixes=PREFIXES)
        assert isinstance(triples, QueryTriples), f"{path.name} is not a CONSTRUCT query"
        for triple in list(triples):
            default = Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
            if default not in store:
                store.add(default)
                store.add(Quad(triple.subject, triple.predicate, triple.object, graph))


def _graphs(store: Store) -> frozenset[str]:
    return frozenset(graph.value for graph in store.named_graphs())


def _content_hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(f"pyoxigraph {version('pyoxigraph')} {BASE}".encode())
    for path in paths:
        digest.update(path.name.encode())
        if path.suffix != ".csv" or path.stat().st_size <= Limits().file_bytes:  # a larger one is refused
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _used_now(dump: Path) -> bool:
    """Whether the dump is there; if so, it counts as used from now on."""
    try:
        os.utime(dump)
    except FileNotFoundError:
        return False
    return True


def _write_dump(store: Store, generation: str) -> Path:
    """Write the dump under its generation in one step, so that a reader never meets half a file."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"{generation}.nq"
    if not _used_now(path):
        handle, name = tempfile.mkstemp(dir=CACHE, suffix=".part")
        os.close(handle)
        store.dump(name, format=RdfFormat.N_QUADS)
        Path(name).replace(path)
        _remove_old_dumps()
    return path


def remember(corridor: Corridor) -> None:
    """Keep this build and its tables as the last good one of its data folder."""
    CACHE.mkdir(exist_ok=True)
    tables = io.BytesIO()
    with zipfile.ZipFile(tables, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in corridor.files.items():
            kept.writestr(name, content)
    _write(CACHE / f"{corridor.generation}{TABLES}", tables.getvalue())
    _write(_pointer(corridor.data), corridor.generation.encode("ascii"))


def _write(path: Path, content: bytes) -> None:
    """Put a file in place in one step."""
    handle, name = tempfile.mkstemp(dir=CACHE, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


def last_good(data: str | Path = "data") -> Corridor | None:
    """The build that was last remembered for a data folder, if it and its tables are still in the cache."""
    data = _folder(data)
    try:
        generation = _pointer(data).read_text("ascii")
    except FileNotFoundError:
        return None
    dump = CACHE / f"{generation}.nq"
    tables = CACHE / f"{generation}{TABLES}"
    if not (_used_now(dump) and _used_now(tables)):
        return None
    store = Store()
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    with zipfile.ZipFile(tables) as kept:
        files = {name: kept.read(name) for name in kept.namelist()}
    return Corridor(store, dump, generation, data, _graphs(store), files)


def _pointer(data: Path) -> Path:
    folder = hashlib.sha256(f"{BASE} {data.resolve()}".encode())
    return CACHE / f"{folder.hexdigest()[:16]}{GOOD}"


def _remove_old_dumps() -> None:
    with contextlib.suppress(FileNotFoundError):  # another process removes them too
        good = {path.read_text("ascii") for path in CACHE.glob(f"*{GOOD}")}
        used = {path: path.stat().st_mtime for path in CACHE.glob("*.nq") if path.stem not in good}
        for path in sorted(used, key=used.__getitem__)[:-KEPT_DUMPS]:
            if used[path] < time.time() - KEPT_SECONDS:
                path.unlink()
                path.with_suffix(ADDED).unlink(missing_ok=True)
        for path in CACHE.glob(f"*{TABLES}"):
            old = path.stat().st_mtime < time.time() - KEPT_SECONDS
            if old and path.name.removesuffix(TABLES) not in good:
                path.unlink()
