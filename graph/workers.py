"""Query processes with a deadline.

Neither RDF engine can stop a query, but a process can be killed. The pool keeps a few processes that each
hold the store; a query that passes its deadline takes its process with it, the others go on, and a new
process is copied from the fork server in milliseconds. A query process can reach neither network nor files:
it may open no file descriptor while a query runs.

Each process has a pipe of its own, so that one that is killed cannot hold a lock that the others need, and a
kernel timer, so that the deadline does not wait for a thread that looks at the clock now and then.

Needs a POSIX system (fork server, resource limits, interval timer).
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver, spawn
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType

from pyoxigraph import Store

from graph import preload
from graph.evaluation import QueryError, QueryFailed, Reply, Request, evaluate


class QueryTimeout(QueryError):
    """The query was stopped at its deadline; `args` are the message, the limit and the elapsed seconds."""


class PoolBusy(QueryError):
    """No query process was free for too long, or too many requests wait for one already; `args` are the
    message and the elapsed seconds."""


class QueryDied(QueryError):
    """The query process ended before it answered; `args[0]` says how."""


class QueryOutOfMemory(QueryDied):
    """The engine or the system ended the query process, which most likely needed too much memory."""


WORKERS = min(max(3, (os.cpu_count() or 1) + 1), 6)
"""One more than there are processors, so that slow queries leave a process for a quick one. Not more than 6:
each may take the memory of a query, and each keeps a thread of the web server waiting for it."""
PLACES = 12
"""Requests that may run or wait for a process. The web server has more threads: the rest are for pages."""
PATIENCE = 0.5
"""Seconds until a further request is refused: a burst of quick queries is over by then, one of slow ones does
not keep the pages waiting."""
OUT_OF_MEMORY = (-signal.SIGABRT, -signal.SIGKILL)
"""Exit codes of a process that the engine ended (it aborts when it gets no memory) or the system."""


@dataclass(frozen=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


class QueryPool:
    """Runs queries on the quads of a dump in `workers` processes.

    `seconds` is the longest any query may run, `waiting` the longest it may queue before that, `places` how
    many may do either. `memory` is what a process may use on top of the loaded store, in bytes. The first
    pool of a program decides what the fork server preloads; a pool over another dump works too, but each
    of its processes loads the dump itself. Nobody may write into a dump: its path stands for its content.
    """

    def __init__(
        self,
        dump: Path,
        workers: int = WORKERS,
        seconds: float = 10.0,
        waiting: float = 2.0,
        places: int = PLACES,
        memory: int = 2**30,
    ) -> None:
        self.dump = dump.resolve()
        self.seconds = seconds
        self.waiting = waiting
        self.memory = memory
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._places = threading.BoundedSemaphore(places)
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False
        _start_fork_server(self.dump)
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
        if not self._places.acquire(timeout=PATIENCE):
            raise PoolBusy("too many queries wait already", PATIENCE)
        try:
            return self._run(request, limit)
        finally:
            self._places.release()

    def _run(self, request: Request, limit: float) -> Reply:
        started = monotonic()
        worker = self._send((request, limit))
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError) as error:
            exitcode = self._replace(worker)
            if self._closed:
                raise QueryDied("the query pool is closed") from error
            if exitcode == -signal.SIGALRM:
                raise QueryTimeout(f"stopped after {limit:g} s", limit, monotonic() - started) from error
            if exitcode in OUT_OF_MEMORY:
                raise QueryOutOfMemory("the query most likely needed more memory than it may use") from error
            raise QueryDied(f"the query process ended unexpectedly (exit code {exitcode})") from error
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
            except Empty:
                raise PoolBusy("all query processes are busy", monotonic() - started) from None
            try:
                worker.pipe.send(task)
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
        worker.process.join(timeout=1)  # killed before it has ended, it would lose its exit code
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        with self._lock:
            self._all.discard(worker)
        self._add_worker()
        return worker.process.exitcode


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
    if preload.loaded and preload.loaded[0] == str(dump):
        store = preload.loaded[1]  # the file may be gone since
    else:
        store = preload.load(dump)
    _limit_memory(memory)
    try:
        while True:
            request, seconds = pipe.recv()
            pipe.send(_answer(store, request, seconds))
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
