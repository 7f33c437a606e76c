"""Query processes: deadline, death, limits, and that they reach neither network nor files."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph import workers
from graph.evaluation import QueryError, QueryFailed, QuerySyntaxError, Reply, Request
from graph.workers import PoolBusy, QueryCancelled, QueryDied, QueryOutOfMemory, QueryPool, QueryTimeout

ROOT = Path(__file__).parents[1]
RUNAWAY = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?c) = CONCAT(STR(?f), STR(?i))) }"
)
HUNGRY = "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
PAIRS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
EASY = "SELECT ?o { <http://e/1> <http://e/p> ?o }"


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store()
    value = NamedNode("http://e/p")
    store.extend(Quad(NamedNode(f"http://e/{i}"), value, Literal(f"row {i}\nend")) for i in range(500))
    path = tmp_path_factory.mktemp("dump") / "small.nq"
    store.dump(str(path), format=RdfFormat.N_QUADS)
    return path


@pytest.fixture(scope="module")
def pool(dump: Path):
    with QueryPool(dump, workers=2, seconds=1.0) as pool:
        yield pool


def test_answers_in_bytes(pool: QueryPool):
    reply = pool.run(Request(EASY, format="csv"))
    assert (reply.body, reply.kind, reply.truncated) == (b'o\r\n"row 1\nend"\r\n', "rows", False)


def test_a_runaway_is_stopped_and_others_do_not_notice(pool: QueryPool):
    failures: list[Exception] = []

    def runaway() -> None:
        try:
            pool.run(Request(RUNAWAY))
        except QueryTimeout as error:
            failures.append(error)

    thread = threading.Thread(target=runaway)
    thread.start()
    answered = 0
    while thread.is_alive():
        assert b"row 1" in pool.run(Request(EASY)).body
        answered += 1
    assert answered > 1
    (error,) = failures
    assert error.args[1] == 1.0
    assert error.args[2] >= 1.0
    assert b"row 1" in pool.run(Request(EASY)).body


@pytest.mark.parametrize(("asked", "limit"), [(0.2, 0.2), (99.0, 1.0)])
def test_a_request_may_only_lower_the_limit(pool: QueryPool, asked: float, limit: float):
    with pytest.raises(QueryTimeout) as caught:
        pool.run(Request(RUNAWAY), seconds=asked)
    assert caught.value.args[1] == limit


@contextmanager
def _busy(pool: QueryPool, end: signal.Signals = signal.SIGKILL) -> Iterator[list[Reply | Exception]]:
    """Keeps the only process of a pool at work and ends it with a signal. The list gets the outcome."""
    outcome: list[Reply | Exception] = []
    (worker,) = pool._all
    thread = threading.Thread(target=lambda: outcome.append(_run(pool, RUNAWAY, "runaway")))
    thread.start()
    while not ((run := pool._named.get("runaway")) and run.worker):
        pass
    yield outcome
    os.kill(worker.process.pid, end)
    thread.join()


@pytest.mark.parametrize(("slow", "stands_back"), [(0.0, True), (60.0, False)])
def test_a_slow_query_leaves_the_processors_to_others_and_gives_its_process_up(
    dump: Path, monkeypatch: pytest.MonkeyPatch, slow: float, stands_back: bool
):
    seen: list[tuple[int, set[int]]] = []
    stand_back = workers._stand_back

    def watched(process: BaseProcess) -> None:
        assert process.pid
        stand_back(process)
        seen.append((os.getpriority(os.PRIO_PROCESS, process.pid), os.sched_getaffinity(process.pid)))

    monkeypatch.setattr(workers, "SLOW", slow)
    monkeypatch.setattr(workers, "_stand_back", watched)
    with QueryPool(dump, workers=1) as pool:
        before = {worker.process.pid for worker in pool._all}
        assert b"250000" in pool.run(Request(PAIRS, format="csv")).body
        assert ({worker.process.pid for worker in pool._all} != before) is stands_back
        assert pool.idle == 1
    left = set(workers.PROCESSORS[1:] or workers.PROCESSORS)
    assert seen == ([(workers.LAST, left)] if stands_back else [])


@pytest.mark.parametrize("gone", [True, False])
def test_a_slow_query_is_stopped_when_its_client_is_gone(
    dump: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
):
    monkeypatch.setattr(workers, "SLOW", 0.0)
    with QueryPool(dump, workers=1, seconds=30.0 if gone else 0.5) as pool:
        with pytest.raises(QueryCancelled if gone else QueryTimeout):
            pool.run(Request(RUNAWAY), gone=lambda: gone)
        assert pool.counts() == {"processes": 1, "idle": 1, "running": 0, "waiting": 0}


def test_a_pool_counts_what_runs_and_waits(dump: Path):
    with QueryPool(dump, workers=1, seconds=30.0, waiting=30.0) as pool:
        with _busy(pool):
            waiting = threading.Thread(target=lambda: pool.run(Request(EASY)))
            waiting.start()
            while len(pool._runs) < 2:
                pass
            assert pool.counts() == {"processes": 1, "idle": 0, "running": 1, "waiting": 1}
        waiting.join()
        assert pool.counts() == {"processes": 1, "idle": 1, "running": 0, "waiting": 0}


def test_a_query_waits_for_a_process_only_so_long(dump: Path):
    with QueryPool(dump, workers=1, seconds=30.0, waiting=0.05) as pool:
        with _busy(pool), pytest.raises(PoolBusy, match="all query processes are busy") as caught:
            pool.run(Request(EASY))
        assert caught.value.args[1] >= 0.05
        assert b"row 1" in pool.run(Request(EASY)).body


def test_one_query_too_many_is_refused(dump: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.01)
    with QueryPool(dump, workers=1, seconds=30.0, waiting=30.0, places=2) as pool:
        answered: list[Reply | Exception] = []
        with _busy(pool):
            waiting = threading.Thread(target=lambda: answered.append(_run(pool, EASY)))
            waiting.start()
            while pool._places._value:
                pass
            with pytest.raises(PoolBusy, match="too many queries wait already"):
                pool.run(Request(EASY))
        waiting.join()
        (reply,) = answered
        assert isinstance(reply, Reply)
        assert [pool.run(Request(EASY)).kind for _ in range(3)] == ["rows"] * 3


@pytest.mark.parametrize("query", [EASY, RUNAWAY, "nonsense"])
def test_every_outcome_gives_its_place_back(dump: Path, query: str):
    with QueryPool(dump, workers=1, seconds=0.1, places=1) as pool:
        first, second = _run(pool, query), _run(pool, query)
        assert type(first) is type(second)
        assert not isinstance(second, PoolBusy)


def test_a_hungry_query_dies_alone(dump: Path):
    with QueryPool(dump, workers=1, seconds=30.0, memory=2**26) as pool:
        with pytest.raises(QueryOutOfMemory, match="more memory than it may use"):
            pool.run(Request(HUNGRY))
        assert b"row 1" in pool.run(Request(EASY)).body


@pytest.mark.parametrize(
    ("number", "error", "words"),
    [
        (signal.SIGKILL, QueryOutOfMemory, "most likely needed more memory"),
        (signal.SIGABRT, QueryOutOfMemory, "most likely needed more memory"),
        (signal.SIGSEGV, QueryDied, "ended unexpectedly [(]exit code -11[)]"),
        (signal.SIGTERM, QueryDied, "ended unexpectedly [(]exit code -15[)]"),
    ],
)
def test_the_exit_code_decides_what_is_said(
    dump: Path, number: signal.Signals, error: type[QueryDied], words: str
):
    with QueryPool(dump, workers=1, seconds=30.0) as pool:
        pool.run(Request(EASY))
        with _busy(pool, end=number) as outcome:
            pass
        assert type(outcome[0]) is error
        assert re.search(words, outcome[0].args[0])


def test_the_pool_survives_the_death_of_idle_processes(dump: Path):
    with QueryPool(dump, workers=2) as pool:
        pool.run(Request(EASY))
        for worker in list(pool._all):
            os.kill(worker.process.pid, signal.SIGKILL)
            worker.process.join()
        assert b"row 1" in pool.run(Request(EASY)).body
        assert len(pool._all) == 2


def test_a_process_killed_at_work_fails_its_own_query_only(dump: Path):
    with QueryPool(dump, workers=2, seconds=30.0) as pool:
        outcome: list[Reply | Exception] = []
        thread = threading.Thread(target=lambda: outcome.append(_run(pool, RUNAWAY, "runaway")))
        thread.start()
        while not ((run := pool._named.get("runaway")) and run.worker):
            pass
        os.kill(run.worker.process.pid, signal.SIGKILL)
        assert b"row 1" in pool.run(Request(EASY)).body
        thread.join()
        assert isinstance(outcome[0], QueryDied)


def test_processes_end_with_the_pool(dump: Path):
    with QueryPool(dump, workers=2) as pool:
        processes = [worker.process for worker in pool._all]
        pool.run(Request(EASY))
    assert not any(process.is_alive() for process in processes)


def test_a_closed_pool_refuses(dump: Path):
    pool = QueryPool(dump, workers=1)
    pool.close()
    pool.close()
    with pytest.raises(QueryDied, match="closed"):
        pool.run(Request(EASY))


def test_a_second_pool_has_its_own_data(pool: QueryPool, tmp_path: Path):
    other = tmp_path / "other.nq"
    other.write_text('<http://e/1> <http://e/p> "another store" .\n')
    with QueryPool(other, workers=1) as second:
        assert b"another store" in second.run(Request(EASY)).body
    assert b"row 1" in pool.run(Request(EASY)).body


class _Listener(BaseHTTPRequestHandler):
    requests = 0

    def do_GET(self) -> None:
        type(self).requests += 1
        body = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"from the net"}}]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def listener():
    """Address of a loopback server that counts its requests."""
    server = HTTPServer(("127.0.0.1", 0), _Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _run(pool: QueryPool, query: str, name: str = "") -> Reply | Exception:
    try:
        return pool.run(Request(query, format="csv"), name=name)
    except QueryError as error:
        return error


@pytest.mark.parametrize(
    ("query", "outcome"),
    [
        ("SELECT ?s {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", QueryFailed),
        ("SELECT ?s {{ SERVICESILENT<{address}>{{ ?s ?p ?o }} }}", b"s\r\n\r\n"),
        ("SELECT ?s {{ {{ SELECT ?s {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }} }} }}", b"s\r\n\r\n"),
        ("SELECT ?s FROM <{address}> {{ ?s ?p ?o }}", b"s\r\n"),
        ("SELECT ?s FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", b"s\r\n"),
        ("SELECT ?s FROM <{file}> {{ ?s ?p ?o }}", b"s\r\n"),
        ("SELECT ?s {{ GRAPH <{file}> {{ ?s ?p ?o }} }}", b"s\r\n"),
        ("LOAD <{address}>", QuerySyntaxError),
        ("LOAD <{file}>", QuerySyntaxError),
        ("INSERT DATA {{ <http://e/x> <http://e/p> 1 }}", QuerySyntaxError),
    ],
)
def test_a_query_process_reaches_neither_network_nor_files(
    pool: QueryPool, listener: str, tmp_path: Path, query: str, outcome: type | bytes
):
    secret = tmp_path / "secret.nt"
    secret.write_text("<http://e/secret> <http://e/p> <http://e/secret> .\n")
    before = _Listener.requests
    answer = _run(pool, query.format(address=listener, file=secret.as_uri()))
    if isinstance(outcome, bytes):
        assert isinstance(answer, Reply)
        assert answer.body == outcome
    else:
        assert isinstance(answer, outcome)
    assert _Listener.requests == before


def test_the_listener_would_have_noticed(listener: str):
    before = _Listener.requests
    rows = list(Store().query(f"SELECT ?s {{ SERVICE <{listener}> {{ ?s ?p ?o }} }}"))
    assert rows[0]["s"].value == "from the net"
    assert _Listener.requests == before + 1


def _program(folder: Path, text: str) -> str:
    """Runs a program of its own, which must end well and quietly; what it prints."""
    script = folder / "program.py"
    start = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
    script.write_text(start + textwrap.dedent(text))
    done = subprocess.run(
        [sys.executable, str(script)], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_preloads_once_leaves_quietly_and_does_not_run_the_main_script_again(dump: Path, tmp_path: Path):
    printed = _program(
        tmp_path,
        f"""
        print("main script")
        if __name__ == "__main__":
            from graph.evaluation import Request
            from graph.workers import QueryPool
            from pathlib import Path
            pool = QueryPool(Path({str(dump)!r}), seconds=0.2)
            print(pool.run(Request({EASY!r})).body)
            try:
                pool.run(Request({RUNAWAY!r}))
            except Exception as error:
                print(error)
            print(pool.run(Request({EASY!r})).body)
            where = "__import__('sys').modules['graph.preload'].loaded[0]"
            import multiprocessing
            with multiprocessing.get_context("forkserver").Pool(1) as probe:
                print(probe.apply(eval, (where,)))
        """,
    )
    assert printed.count("main script") == 1
    assert "stopped after 0.2 s" in printed
    assert str(dump) in printed


def test_a_running_pool_does_not_need_its_file(dump: Path, tmp_path: Path):
    """A process in place of a dead one is a copy of the fork server, which holds the store."""
    only = tmp_path / "only.nq"
    shutil.copyfile(dump, only)
    printed = _program(
        tmp_path,
        f"""
        if __name__ == "__main__":
            import os, signal
            from graph.evaluation import Request
            from graph.workers import QueryPool
            from pathlib import Path
            dump = Path({str(only)!r})
            with QueryPool(dump, workers=1) as pool:
                pool.run(Request({EASY!r}))
                dump.unlink()
                for worker in list(pool._all):
                    os.kill(worker.process.pid, signal.SIGKILL)
                    worker.process.join()
                print(pool.run(Request({EASY!r})).body)
        """,
    )
    assert "row 1" in printed
