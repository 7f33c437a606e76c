"""Query processes with a deadline.

Neither RDF engine can stop a query, but a process can be killed. The pool keeps a few processes that each
hold the store; a query that passes its deadline takes its process with it, the others go on, and a new
process is copied from the fork server in milliseconds. A query process can reach neither network nor files:
it may open no file descriptor while a query runs.

Each process has a pipe of its own and a kernel timer. Pebble's `ProcessPool` was measured first: its
processes share one pipe and one lock, so one that dies while it sends blocks all others for a minute; it
looks at deadlines every 0.1 s; and its manager threads cost the server 240 microseconds per lookup, not 110.

Needs a POSIX system (fork server, resource limits, interval timer).
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import pickle
import queue
import resource
import signal
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver, spawn
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from pyoxigraph import Store

from graph import preload
from graph.evaluation import QueryError, QueryFailed, Reply, Request, evaluate


class QueryTimeout(QueryError):
    """The query was stopped at its deadline; `args` are the message, the limit and the elapsed seconds."""


class PoolBusy(QueryError):
    """All query processes were busy for too long; `args` are the message and the elapsed seconds."""


class QueryDied(QueryError):
    """The query process ended, most likely at its memory limit; `args[0]` says so."""


@dataclass(frozen=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


class QueryPool:
    """Runs queries on the quads of a dump in `workers` processes.

    `seconds` is the longest any query may run, `waiting` the longest it may queue before that. `memory` is
    what a process may use on top of the loaded store, in bytes. The first pool of a program decides what the
    fork server preloads; a pool over another dump works too, but each of its processes loads the dump itself.
    """

    def __init__(
        self, dump: Path, workers: int = 2, seconds: float = 10.0, waiting: float = 10.0, memory: int = 2**30
    ) -> None:
        self.dump = dump
        self.seconds = seconds
        self.waiting = waiting
        self.memory = memory
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        _start_fork_server(dump)
        for _ in range(workers):
            self._add_worker()
        atexit.register(self.close)

    def __enter__(self) -> QueryPool:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends all query processes. Closing twice is fine."""
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.process.join()
        atexit.unregister(self.close)

    def run(self, request: Request, seconds: float | None = None) -> Reply:
        """Answers a request within `seconds` (never more than the pool's limit). Raises a `QueryError`.

        Safe to call from many threads.
        """
        limit = self.seconds if seconds is None else min(seconds, self.seconds)
        started = monotonic()
        worker = self._send((request, limit))
        try:
            answer = _read(worker.pipe)
        except (EOFError, OSError) as error:
            exitcode = self._replace(worker)
            elapsed = monotonic() - started
            if self._closed:
                raise QueryDied("the query pool is closed") from error
            if exitcode == -signal.SIGALRM:
                raise QueryTimeout(f"stopped after {limit:g} s", limit, elapsed) from error
            raise QueryDied(
                f"the query process ended ({exitcode}), most likely for want of memory"
            ) from error
        self._idle.put(worker)
        if isinstance(answer, QueryError):
            raise answer
        return answer

    def _send(self, task: tuple[Request, float]) -> _Worker:
        """Gives a task to an idle process; one that died while idle is replaced and another one asked."""
        started = monotonic()
        while not self._closed:
            try:
                worker = self._idle.get(timeout=self.waiting)
            except queue.Empty:
                raise PoolBusy("all query processes are busy", monotonic() - started) from None
            try:
                _write(worker.pipe, task)
            except OSError:
                self._replace(worker)
            else:
                return worker
        raise QueryDied("the query pool is closed")

    def _add_worker(self) -> None:
        context = multiprocessing.get_context("forkserver")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, self.dump, self.memory), name="query", daemon=True
        )
        with self._lock:
            if self._closed:
                return
            process.start()
            worker = _Worker(process, ours)
            self._all.add(worker)
        theirs.close()
        self._idle.put(worker)

    def _replace(self, worker: _Worker) -> int | None:
        """Starts a process in place of a dead one and returns the exit code of that."""
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        with self._lock:
            self._all.discard(worker)
        self._add_worker()
        return worker.process.exitcode


_LENGTH = struct.Struct("!Q")
_CHUNK = 2**18


def _write(pipe: Connection, value: Any) -> None:
    """Sends a value in one piece. `Connection.send` takes twice the time for small ones."""
    data = pickle.dumps(value)
    rest = memoryview(_LENGTH.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(pipe.fileno(), rest) :]


def _read(pipe: Connection) -> Any:
    """Receives a value, a small one in a single call: every call lets other threads go first."""
    data = bytearray()
    while len(data) < _LENGTH.size or len(data) < _LENGTH.size + _LENGTH.unpack_from(data)[0]:
        chunk = os.read(pipe.fileno(), _CHUNK)
        if not chunk:
            raise EOFError
        data += chunk
    return pickle.loads(memoryview(data)[_LENGTH.size :])


def _start_fork_server(dump: Path) -> None:
    """Starts this program's fork server with the dump loaded, unless it runs already."""
    main = spawn.get_preparation_data("")
    path = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")]
    ours = {
        preload.DUMP: str(dump),
        preload.MAIN_NAME: main.get("init_main_from_name", ""),
        preload.MAIN_PATH: main.get("init_main_from_path", ""),
        "PYTHONPATH": os.pathsep.join(filter(None, path)),
    }
    before = {name: os.environ.get(name) for name in ours}
    multiprocessing.get_context("forkserver").set_forkserver_preload([preload.__name__, __name__])
    os.environ.update(ours)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _serve(pipe: Connection, dump: Path, memory: int) -> None:
    """The life of a query process: answers tasks until the other end of the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if preload.loaded and preload.loaded[0] == preload.identity(dump):
        store = preload.loaded[1]
    else:
        store = preload.load(dump)
    _limit_memory(memory)
    try:
        while True:
            request, seconds = _read(pipe)
            _write(pipe, _answer(store, request, seconds))
    except (EOFError, OSError):  # the program is gone
        return


def _limit_memory(memory: int) -> None:
    """At most `memory` bytes more than now (Linux); the engine aborts the process when it needs more."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pages = Path("/proc/self/statm")
    if pages.exists():
        used = int(pages.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def _answer(store: Store, request: Request, seconds: float) -> Reply | QueryError:
    signal.setitimer(signal.ITIMER_REAL, seconds)  # at the deadline the kernel ends the process
    try:
        with _no_new_files():
            return evaluate(store, request)
    except QueryError as error:
        return error
    except BaseException as error:  # a panic of the engine is no Exception
        return QueryFailed(f"{type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def _no_new_files() -> Iterator[None]:
    """No socket and no file can be opened inside; the soft limit only, so that it can be raised again."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
