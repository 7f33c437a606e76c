"""SPARQL requests per second against the tutorial stack and against the bare engine, in one run.

    python -m tests.bench.bench_sparql [DUMP]

Without DUMP the whole application serves the repository's own data. With an N-Quads file, our endpoint serves
that; `--synthetic` makes one of about 100,000 quads first. Three servers take turns on loopback, 16 clients
each; every query differs, so that no cache answers (the cached rate is printed apart). Takes two minutes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.namespaces import ID, SOURCE, VX
from graph.preload import load
from tests.bench.servers import ROOT

CLIENTS = 16
SECONDS = 4.0
ROUNDS = ("raw", "ours", "tutorial", "raw", "ours")
"""The order of the servers; of two turns the better counts, since other programs share the machine."""
MOST = 8_000
"""Requests per measurement, if the time does not end first."""
AIMS = {"lookup": (6, 0.8), "aggregate": (100, 0.6), "10,000 rows": (30, 0.6)}
"""Least ratio to the tutorial stack and to the bare engine."""
LOOKUPS = 8_000
"""Lookups behind a 99th percentile: about as many seconds as a runaway query gets."""
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?c) = STR(?i)) }"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Workload:
    """Queries of one kind; `query(n)` is the n-th."""

    name: str
    query: Callable[[int], str]


def workloads(store: Store) -> tuple[Workload, ...]:
    """The three kinds of query over whatever the store holds."""
    found = store.query("SELECT DISTINCT ?s { ?s a ?c . FILTER(isIRI(?s)) } ORDER BY ?s LIMIT 3000")
    things = [row["s"].value for row in found]

    def lookup(n: int) -> str:
        return f"SELECT ?p ?o WHERE {{ <{things[n % len(things)]}> ?p ?o }} LIMIT {1000 + n // len(things)}"

    def aggregate(n: int) -> str:
        return (
            f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o }} GROUP BY ?p HAVING (COUNT(*) > {n}) ORDER BY ?p"
        )

    def rows(n: int) -> str:
        return f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} OFFSET {n} LIMIT 10000"

    return Workload("lookup", lookup), Workload("aggregate", aggregate), Workload("10,000 rows", rows)


@contextmanager
def serving(name: str, dump: Path, *flags: str) -> Iterator[int]:
    """Port of a server that runs in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.servers", name, str(dump), *flags]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        for line in process.stdout:
            if line.strip().isdigit():
                yield int(line)
                break
        else:
            raise SystemExit(f"the {name} server did not start")
    finally:
        process.send_signal(signal.SIGINT)  # as Ctrl+C does: the server closes its query processes
        process.wait(timeout=30)


def rows_of(port: int, query: str) -> int:
    """Number of rows of one answer: the check that all servers do the same work."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/sparql?" + urlencode({"query": query}), headers={"Accept": "*/*"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (answer.status, body[:500])
    return len(json.loads(body)["results"]["bindings"])


def rate(port: int, query: Callable[[int], str]) -> float:
    """Requests per second of `CLIENTS` clients that each keep one connection open."""
    numbers = count(1)
    end = time.perf_counter() + SECONDS
    done: list[float] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while (n := next(numbers)) <= MOST and time.perf_counter() < end:
            connection.request("GET", "/sparql?" + urlencode({"query": query(n)}), headers={"Accept": "*/*"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            done.append(time.perf_counter())

    started = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / (max(done) - started)


def p99(port: int, query: Callable[[int], str], numbers: Iterator[int]) -> float:
    """Seconds that 99 of 100 lookups of one client take at most."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    taken = []
    for n in islice(numbers, LOOKUPS):
        started = time.perf_counter()
        connection.request("GET", "/sparql?" + urlencode({"query": query(n)}), headers={"Accept": "*/*"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        taken.append(time.perf_counter() - started)
    return quantiles(taken, n=100)[98]


@contextmanager
def runaways(port: int) -> Iterator[None]:
    """Two clients whose queries run until the deadline of the server, one after the other."""
    over = threading.Event()

    def client(number: int) -> None:
        for turn in count():
            if over.is_set():
                return
            query = urlencode({"query": f"{RUNAWAY} # {number} {turn}"})
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/sparql?" + query)
            assert connection.getresponse().status == 503
            connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def measure_waiting(dump: Path, kind: Workload, *flags: str) -> None:
    """Prints how long a lookup takes on an idle server and beside two runaway queries."""
    numbers = count(100_000)
    with serving("ours", dump, *flags) as port:
        p99(port, kind.query, numbers)
        idle = p99(port, kind.query, numbers)
        with runaways(port):
            busy = p99(port, kind.query, numbers)
    print(
        f"p99 of a lookup: {idle * 1000:.1f} ms idle, {busy * 1000:.1f} ms beside two runaway queries"
        f"   {busy / idle:.1f}x   aim: at most 2x"
    )


def synthetic(folder: Path) -> Path:
    """About 100,000 quads: 8,000 things of ten classes, each fact stated by a source too."""
    store = Store()

    def state(subject: str, predicate: str, value: NamedNode | Literal, source: int) -> None:
        triple = NamedNode(subject), NamedNode(predicate), value
        store.extend([Quad(*triple), Quad(*triple, NamedNode(f"{SOURCE}s{source}"))])

    for n in range(8_000):
        thing = f"{ID}thing-{n}"
        state(thing, TYPE, NamedNode(f"{VX}Class{n % 10}"), n % 500)
        state(thing, VX + "size", Literal(n * 7919 % 1000), n % 500)
        for step in (1, 7, 31, 113):
            state(thing, VX + "supplies", NamedNode(f"{ID}thing-{(n * step + step) % 8_000}"), n % 500)
    path = folder / "synthetic.nq"
    store.dump(str(path), format=RdfFormat.N_QUADS)
    return path


def measure(dump: Path, *flags: str) -> None:
    """Runs all servers over a dump and prints rates and ratios."""
    store = load(dump)
    kinds = workloads(store)
    rates: dict[tuple[str, str], float] = {}
    counts: dict[str, set[int]] = {kind.name: set() for kind in kinds}
    print(f"{len(store):,} quads, {CLIENTS} clients, at most {SECONDS:g} s each; requests per second")
    for server in ROUNDS:
        with serving(server, dump, *flags) as port:
            for kind in kinds:
                counts[kind.name].add(rows_of(port, kind.query(0)))
                rates[server, kind.name] = max(rates.get((server, kind.name), 0), rate(port, kind.query))
                if server == "ours" and ("cached", kind.name) not in rates:
                    rates["cached", kind.name] = rate(port, lambda _, kind=kind: kind.query(0))
    print(
        f"{'':12} {'tutorial':>9} {'bare engine':>12} {'ours':>9} {'cached':>9}   {'to tutorial':>11} {'to bare':>8}"
    )
    for kind in kinds:
        assert len(counts[kind.name]) == 1, f"the servers disagree on {kind.name}: {counts[kind.name]}"
        tutorial, raw, ours, cached = (rates[s, kind.name] for s in ("tutorial", "raw", "ours", "cached"))
        least, share = AIMS[kind.name]
        print(
            f"{kind.name:12} {tutorial:9.1f} {raw:12.1f} {ours:9.1f} {cached:9.1f}"
            f"   {ours / tutorial:10.1f}x {ours / raw:8.2f}   aim: {least}x, {share}"
        )
    measure_waiting(dump, kinds[0], *flags)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dump", nargs="?", type=Path)
    parser.add_argument("--synthetic", action="store_true")
    options = parser.parse_args()
    if options.synthetic:
        with tempfile.TemporaryDirectory() as folder:
            measure(synthetic(Path(folder)))
    elif options.dump:
        measure(options.dump.resolve())
    else:
        from graph import load as load_corridor
        from graph.publish import analyse

        corridor, _, _ = analyse(load_corridor(ROOT / "ontology", ROOT / "data"))
        measure(corridor.dump, "--data")


if __name__ == "__main__":
    main()
