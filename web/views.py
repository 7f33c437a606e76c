"""The corridor read for one date and one way of grouping places, kept for the dates asked last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from typing import Any, NamedTuple, Self, TypeVar

from graph.findings import find_gaps
from graph.model import Finding
from graph.projection import Network, project
from graph.search import Index
from graph.store import Corridor

MOST_VIEWS = 4
"""Readings kept beside the one of the site; each takes about 25 MB, and 45 MB once all kinds of page were
asked for."""
MOST_WAITING = 3
"""Requests that may compute a reading or wait for one; each keeps a thread of the web server, and those are
for the pages of today."""
WAIT_SECONDS = 10.0
"""A request waits this long for another that computes."""
Part = TypeVar("Part")


class When(NamedTuple):
    """A date (ISO) and a reading, one of `graph.model.READINGS`."""

    as_of: str
    reading: str


class Busy(RuntimeError):
    """Too many dates were asked for at the same time."""


class Parts:
    """Whatever is built from an object, kept as long as the object. Safe to share between threads."""

    def __init__(self) -> None:
        self._parts: dict[Callable[[Any], Any], Any] = {}
        self._making = threading.RLock()

    def part(self, build: Callable[[Self], Part]) -> Part:
        """What `build` makes of this object, made once and kept as long as the object."""
        with self._making:
            if build not in self._parts:
                self._parts[build] = build(self)
            found: Part = self._parts[build]
            return found


class View(Parts):
    """A network with its findings and whatever is built from both. Safe to share between threads."""

    def __init__(self, network: Network, findings: tuple[Finding, ...], index: Index | None = None):
        super().__init__()
        self.network, self.findings = network, findings
        self._index = index

    @property
    def when(self) -> When:
        """The date and the reading of the network."""
        return When(self.network.graph["as_of"], self.network.graph["reading"])

    @property
    def index(self) -> Index:
        """Names of all things; a hit shows the place it has in this reading."""
        return self._index or self.part(_index)

    @cached_property
    def findings_by_id(self) -> dict[str, Finding]:
        """Findings by their id."""
        return {finding.id: finding for finding in self.findings}

    @cached_property
    def findings_by_thing(self) -> dict[str, tuple[Finding, ...]]:
        """Findings in rank order by each thing that is their subject or among their objects."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            for thing in dict.fromkeys((finding.subject, *finding.objects)):
                found.setdefault(thing, []).append(finding)
        return {thing: tuple(items) for thing, items in found.items()}


def _index(view: View) -> Index:
    return Index.build(view.network)


class Views:
    """The views of one corridor: the given one for good, and the last few that were asked for.

    A view is computed once, however many requests wait for it, and one at a time. A request that would be one
    too many to wait is refused at once; the given view and those kept are there for any number.
    """

    def __init__(self, corridor: Corridor, usual: View):
        self._corridor, self.usual = corridor, usual
        self._known: OrderedDict[When, Future[View]] = OrderedDict()
        self._lock, self._computing = threading.Lock(), threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)

    def get(self, when: When) -> View:
        """The view for a date and a reading. Raises Busy when too many others are being computed.

        A request asks once and keeps the answer: by the next time, others may have taken its place here.
        """
        if when == self.usual.when:
            return self.usual
        with self._lock:
            known = self._known.get(when)
            if known and known.done():
                self._known.move_to_end(when)
                return known.result()
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            with self._lock:
                known = self._known.get(when)
                future = self._known.setdefault(when, Future())
                self._known.move_to_end(when)
                while len(self._known) > MOST_VIEWS:
                    self._known.popitem(last=False)
            if known is None:
                self._compute(when, future)
            return future.result(WAIT_SECONDS)
        except TimeoutError as error:
            raise Busy from error
        finally:
            self._places.release()

    def _compute(self, when: When, future: Future[View]) -> None:
        try:
            if not self._computing.acquire(timeout=WAIT_SECONDS):
                raise Busy
            try:
                network = project(self._corridor, *when)
                future.set_result(View(network, find_gaps(network)))
            finally:
                self._computing.release()
        except BaseException as error:
            with self._lock:
                self._known.pop(when, None)
            future.set_exception(error)
