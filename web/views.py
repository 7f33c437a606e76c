"""The corridor read for one date and one way of grouping places, kept for the dates asked last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from graph.findings import find_gaps
from graph.model import Finding
from graph.projection import Network, project
from graph.search import Index
from graph.store import Corridor

MOST_VIEWS = 8
"""Readings kept beside the one of the site; each takes about 15 MB."""
WAIT_SECONDS = 20.0
"""A request waits this long for others that read the records for other dates."""
Part = TypeVar("Part")


class When(NamedTuple):
    """A date (ISO) and a reading, one of `graph.model.READINGS`."""

    as_of: str
    reading: str


class Busy(RuntimeError):
    """Too many dates were asked for at the same time."""


class View:
    """A network with its findings and whatever is built from both. Safe to share between threads."""

    def __init__(self, network: Network, findings: tuple[Finding, ...], index: Index | None = None):
        self.network, self.findings = network, findings
        self._parts: dict[Callable[[View], Any], Any] = {}
        self._lock = threading.RLock()
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

    def part(self, build: Callable[[View], Part]) -> Part:
        """What `build` makes of this view, made once and kept as long as the view."""
        with self._lock:
            if build not in self._parts:
                self._parts[build] = build(self)
            found: Part = self._parts[build]
            return found


def _index(view: View) -> Index:
    return Index.build(view.network)


class Views:
    """The views of one corridor: the given one for good, and the last few that were asked for.

    A view is computed once, however many requests wait for it, and one at a time.
    """

    def __init__(self, corridor: Corridor, usual: View):
        self._corridor, self._usual = corridor, usual
        self._known: OrderedDict[When, Future[View]] = OrderedDict()
        self._lock, self._computing = threading.Lock(), threading.Lock()

    def get(self, when: When) -> View:
        """The view for a date and a reading. Raises Busy when too many others are being computed."""
        if when == self._usual.when:
            return self._usual
        with self._lock:
            known = self._known.get(when)
            future = self._known.setdefault(when, Future())
            self._known.move_to_end(when)
            while len(self._known) > MOST_VIEWS:
                self._known.popitem(last=False)
        if known is None:
            self._compute(when, future)
        return future.result()

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
