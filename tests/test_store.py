"""The cache of the store: what its key covers, which dumps are removed, and who still needs them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from graph import project, store
from graph.carriers import statements_of
from graph.catalogue import Catalogue
from graph.describe import about, settled
from graph.facts import Facts
from graph.namespaces import ID
from graph.sheet import Limits
from graph.store import Corridor
from graph.terms import read_terms

ROOT = Path(__file__).resolve().parents[1]
T20 = ROOT / "tests" / "fixtures" / "t20"
ADDED = "http://e/graph"
"""A named graph that is added to a build."""
LONG_AGO = time.time() - store.KEPT_SECONDS - 60


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(store, "CACHE", folder)
    return folder


def old_dumps(cache: Path, count: int, last_use: float) -> list[Path]:
    cache.mkdir(exist_ok=True)
    paths = [cache / f"old-{number:02}.nq" for number in range(count)]
    for number, path in enumerate(paths):
        path.touch()
        path.with_suffix(store.ADDED).touch()
        os.utime(path, (last_use + number, last_use + number))
    return paths


def test_the_second_load_reads_the_dump(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store.load(data=T20)
    monkeypatch.setattr(store, "read_tables", None)
    second = store.load(data=T20)
    assert (second.generation, second.dump, second.graphs) == (first.generation, first.dump, first.graphs)
    assert len(second.store) == len(first.store)


@pytest.mark.parametrize(
    ("last_use", "removed"), [(LONG_AGO, True), (time.time(), False)], ids=["unused", "in use"]
)
def test_only_dumps_long_unused_are_removed(cache: Path, last_use: float, removed: bool) -> None:
    paths = old_dumps(cache, store.KEPT_DUMPS + 3, last_use)
    new = store.load(data=T20).dump
    assert new.exists()
    gone = {path for path in paths if not path.exists()}
    assert gone == set(paths[:4] if removed else ())
    assert gone == {path for path in paths if not path.with_suffix(store.ADDED).exists()}


def test_loading_counts_as_use(cache: Path) -> None:
    dump = store.load(data=T20).dump
    os.utime(dump, (LONG_AGO, LONG_AGO))
    old_dumps(cache, store.KEPT_DUMPS + 3, LONG_AGO + 1)
    corridor = store.load(data=T20)
    corridor.with_graph(ADDED, "writes another dump", tuple)
    assert dump.exists()


BUILDERS = "cells namespaces query rules sheet statements store tables".split()


def test_the_key_covers_the_code_that_builds_the_store(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "graph"
    shutil.copytree(store.HERE, code, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store, "HERE", code)
    keys = [store.load(data=T20).generation]
    for module in [*BUILDERS, "render"]:
        with (code / f"{module}.py").open("a") as file:
            file.write("\n")
        keys.append(store.load(data=T20).generation)
    assert len(set(keys)) == 1 + len(BUILDERS)
    assert keys[-1] == keys[-2], "what draws pages is no part of it"


def test_the_key_covers_a_vocabulary_of_any_size(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ontology = shutil.copytree(store.ROOT / "ontology", tmp_path / "ontology")
    monkeypatch.setattr(store, "Limits", lambda: Limits(file_bytes=1))
    before = store.load(ontology, T20).generation
    with (ontology / "codes.ttl").open("a") as file:
        file.write("\n")
    assert store.load(ontology, T20).generation != before


def test_the_key_covers_the_release_of_the_engine(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.load(data=T20).generation
    monkeypatch.setattr(store, "version", lambda package: f"another {package}")
    assert store.load(data=T20).generation != before


def test_other_findings_make_another_dump(cache: Path) -> None:
    dumps = [
        store.load(data=T20).with_graph(ADDED, text, partial(saying, text)).dump
        for text in ("one finding", "another finding", "another finding")
    ]
    assert dumps[0] != dumps[1] == dumps[2]
    assert f'"another finding" <{ADDED}>' in dumps[1].read_text("utf-8")


def test_what_is_added_is_made_once(cache: Path) -> None:
    first, second = (
        store.load(data=T20).with_graph(ADDED, "the same", triples)
        for triples in (partial(saying, "a finding"), made_twice)
    )
    assert (second.generation, second.dump, second.graphs) == (first.generation, first.dump, first.graphs)
    (triple,) = saying("a finding")
    for graph in (DefaultGraph(), NamedNode(ADDED)):
        assert Quad(triple.subject, triple.predicate, triple.object, graph) in second.store


def saying(text: str) -> list[Triple]:
    """One triple to add."""
    return [Triple(NamedNode("http://e/1"), NamedNode("http://e/p"), Literal(text))]


def made_twice() -> list[Triple]:
    """Fails where the triples to add should be in the cache."""
    raise AssertionError("made twice")


def test_the_order_of_the_store_reaches_no_reader(corridor: Corridor) -> None:
    """A store built from the tables and one read from its dump hold the same quads in different orders."""
    lines = (corridor.store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    turned = replace(corridor, store=Store())
    turned.store.bulk_load(b"".join(sorted(lines)), format=RdfFormat.N_QUADS)

    def told(one: Corridor) -> Iterator[str]:
        network = project(one, "2025-06-30")
        yield from map(repr, network.nodes(data=True))
        yield from map(repr, network.edges(keys=True, data=True))
        facts = Facts.load(one)
        for thing in ("lgd-trang-due", "trang-due", "hai-phong"):
            yield from map(repr, (*facts.about(thing), *facts.incoming(thing)))
            yield from map(str, about(one.store, NamedNode(ID + thing)))
        yield from map(repr, statements_of(one.store, "forum-article-2024-12").items())
        yield from Catalogue.load(one.store)
        yield from map(repr, read_terms(one.store).terms.items())
        yield from map(str, settled(one.store))

    pairs = zip_longest(told(corridor), told(turned))
    assert next((pair for pair in pairs if pair[0] != pair[1]), None) is None
