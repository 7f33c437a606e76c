"""Query processes with a deadline.

Neither RDF engine can stop a query, but a process can be killed. The pool keeps a few processes that each
hold the store; a query that passes its deadline takes its process with it, the others go on, and a new
process is copied from the fork server in milliseconds. A query process can reach neither network nor files:
once it has the store it may open no file descriptor.

Each process has a pipe of its own, so that one that is killed cannot hold a lock that the others need, and a
kernel timer, so that the deadline does not wait for a thread that looks at the clock now and then.

Needs a POSIX system (fork server, resource limits, interval timer).
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import pickle
import resource
import signal
import threading
from collections.abc import Callable
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


class QueryCancelled(QueryError):
    """Somebody asked for the query to be stopped."""


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
COURTESY = 5
"""Steps that a query process stands back behind the web server."""
SLOW = 0.5
"""Seconds after which a query is a slow one. It goes on with what the web server and the quick queries leave,
and without one of the processors: a page is not to wait until the system takes one from a slow query."""
LAST = 19
"""Steps that the process of a slow query stands back."""
PROCESSORS = tuple(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_setaffinity") else ()
"""Those this program may use; none where a process cannot be bound to some of them (macOS)."""
OUT_OF_MEMORY = (-signal.SIGABRT, -signal.SIGKILL)
"""Exit codes of a process that the engine ended (it aborts when it gets no memory) or the system."""


@dataclass(frozen=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


@dataclass(eq=False)
class _Run:
    """A query that waits for a process or has one."""

    worker: _Worker | None = None
    cancelled: bool = False


def never() -> bool:
    """Somebody waits for the answer to the end."""
    return False


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
        self._named: dict[str, _Run] = {}
        self._runs: set[_Run] = set()
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

    @property
    def idle(self) -> int:
        """How many query processes have nothing to do."""
        return self._idle.qsize()

    def counts(self) -> dict[str, int]:
        """How many processes there are and have nothing to do, how many queries have one or wait for one."""
        with self._lock:
            running = sum(run.worker is not None for run in self._runs)
            return {
                "processes": len(self._all),
                "idle": self.idle,
                "running": running,
                "waiting": len(self._runs) - running,
            }

    def cancel(self, name: str) -> bool:
        """Stops the query that runs or waits under this name; False if none does."""
        with self._lock:
            run = self._named.get(name)
            if run is None:
                return False
            run.cancelled = True
            if run.worker:
                run.worker.process.kill()
        return True

    def run(
        self, request: Request, seconds: float | None = None, name: str = "", gone: Callable[[], bool] = never
    ) -> Reply:
        """Answers a request within `seconds` (never more than the pool's limit). Raises a `QueryError`.

        Safe to call from many threads. `cancel` stops the query by its `name`, which no other query may bear
        at the time; a second one of the same name takes it over. A slow query is also stopped when `gone`,
        asked every SLOW seconds, says that nobody waits for its answer any more.
        """
        limit = self.seconds if seconds is None else min(seconds, self.seconds)
        if not self._places.acquire(timeout=PATIENCE):
            raise PoolBusy("too many queries wait already", PATIENCE)
        run = _Run()
        with self._lock:
            self._runs.add(run)
            if name:
                self._named[name] = run
        try:
            return self._run(request, limit, run, gone)
        finally:
            with self._lock:
                self._runs.discard(run)
                if self._named.get(name) is run:
                    del self._named[name]
            self._places.release()

    def _run(self, request: Request, limit: float, run: _Run, gone: Callable[[], bool]) -> Reply:
        started = monotonic()
        worker = self._send((request, limit))
        with self._lock:
            run.worker = worker
            if run.cancelled:
                worker.process.kill()
        try:
            slow = not worker.pipe.poll(SLOW)
            if slow:
                _stand_back(worker.process)
                while not run.cancelled:
                    if gone():
                        run.cancelled = True
                        worker.process.kill()
                    elif worker.pipe.poll(SLOW):
                        break
            answer = pickle.loads(worker.pipe.recv_bytes())
        except (EOFError, OSError) as error:
            exitcode = self._replace(worker)
            if run.cancelled:
                raise QueryCancelled("stopped on request") from error
            if self._closed:
                raise QueryDied("the query pool is closed") from error
            if exitcode == -signal.SIGALRM:
                raise QueryTimeout(f"stopped after {limit:g} s", limit, monotonic() - started) from error
            if exitcode in OUT_OF_MEMORY:
                raise QueryOutOfMemory("the query most likely needed more memory than it may use") from error
            raise QueryDied(f"the query process ended unexpectedly (exit code {exitcode})") from error
        with self._lock:
            run.worker = None
        if run.cancelled:
            self._replace(worker)
            raise QueryCancelled("stopped on request")
        if slow:
            worker.process.kill()
            self._replace(worker)
        else:
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
                worker.pipe.send_bytes(pickle.dumps(task))
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
    os.nice(COURTESY)
    if preload.loaded and preload.loaded[0] == str(dump):
        store = preload.loaded[1]  # the file may be gone since
    else:
        store = preload.load(dump)
    _limit_memory(memory)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    try:
        while True:
            request, seconds = pickle.loads(pipe.recv_bytes())
            pipe.send_bytes(pickle.dumps(_answer(store, request, seconds)))
    except (EOFError, OSError):  # the program is gone
        return


def _stand_back(process: BaseProcess) -> None:
    """Lets a query process have only what others leave, and one processor less than there are.

    For good: the system does not let a process come forward again. Where it refuses, because the process has
    just ended or may not use these processors, the query goes on as it was.
    """
    if process.pid:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, LAST)
            if PROCESSORS[1:]:
                os.sched_setaffinity(process.pid, PROCESSORS[1:])


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
        return evaluate(store, request)
    except QueryError as error:
        return error
    except BaseException as error:  # a panic of the engine is no Exception
        return QueryFailed(f"{type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
