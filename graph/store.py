"""Builds the embedded store from the tables and the ontology, and keeps it cached by content.

Quads: each stated triple once in the default graph and once in the graph of each source; what is
computed (`graph/derived`) likewise in both. The engine's union default graph is never used: it would
count a statement once per source (see ontology/README.md).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, RdfFormat, Store, parse

from graph.namespaces import DERIVED, ONTOLOGY_GRAPH
from graph.query import QUERIES
from graph.statements import statements
from graph.tables import METADATA, read_tables

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
CACHED_DUMPS = 12
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

    def with_quads(self, quads: Iterable[Quad], name: str) -> Corridor:
        """A corridor that also holds these quads; `name` keeps its dump apart from this one's."""
        self.store.extend(quads)
        generation = hashlib.sha256(f"{self.generation} {name}".encode()).hexdigest()[:16]
        return replace(
            self, dump=_write_dump(self.store, generation), generation=generation, graphs=_graphs(self.store)
        )


def load(ontology: str | Path = "ontology", data: str | Path = "data") -> Corridor:
    """Tables and Turtle to a queryable corridor.

    `data` is a folder in the table format of this project; it may bring its own `csv-metadata.json`,
    otherwise the shipped one describes it. Raises BadTables with every problem in the tables.
    """
    ontology, data = _folder(ontology), _folder(data)
    metadata = data / METADATA if (data / METADATA).exists() else SHIPPED_METADATA
    inputs = [
        *sorted(data.glob("*.csv")),
        metadata,
        *sorted(ontology.glob("*.ttl")),
        *sorted(QUERIES.glob("derive/*.rq")),
    ]
    generation = _content_hash(
        [*inputs, *(Path(__file__).parent / name for name in ("tables.py", "statements.py", "store.py"))]
    )
    dump = CACHE / f"{generation}.nq"
    store = Store()
    if dump.exists():
        store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    else:
        for statement in statements(read_tables(data, metadata)):
            store.extend(statement.quads())
        _add_ontology(store, ontology)
        _add_derived(store)
        dump = _write_dump(store, generation)
    return Corridor(store, dump, generation, data, _graphs(store))


def _folder(path: str | Path) -> Path:
    path = Path(path)
    found = path if path.is_absolute() or path.exists() else ROOT / path
    if not found.is_dir():
        raise FileNotFoundError(f"no folder {path}; give the folder that holds the tables")
    return found


def _add_ontology(store: Store, folder: Path) -> None:
    graph = NamedNode(ONTOLOGY_GRAPH)
    for path in sorted(folder.glob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
            store.add(Quad(quad.subject, quad.predicate, quad.object, graph))


def _add_derived(store: Store) -> None:
    graph = NamedNode(DERIVED)
    for path in sorted(QUERIES.glob("derive/*.rq")):
        triples = store.query(path.read_text("utf-8"))
        assert isinstance(triples, QueryTriples), f"{path.name} is not a CONSTRUCT query"
        for triple in list(triples):
            default = Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())
            if default not in store:
                store.add(default)
                store.add(Quad(triple.subject, triple.predicate, triple.object, graph))


def _graphs(store: Store) -> frozenset[str]:
    return frozenset(graph.value for graph in store.named_graphs())


def _content_hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _write_dump(store: Store, generation: str) -> Path:
    """Write the dump under its generation in one step, so that a reader never meets half a file."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"{generation}.nq"
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=CACHE, suffix=".part")
        os.close(handle)
        store.dump(name, format=RdfFormat.N_QUADS)
        Path(name).replace(path)
        for old in sorted(CACHE.glob("*.nq"), key=lambda p: p.stat().st_mtime)[:-CACHED_DUMPS]:
            old.unlink(missing_ok=True)
    return path
