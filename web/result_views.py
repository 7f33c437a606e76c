"""The views of a result: which fit, why the others do not, and what each shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flask import request
from flask_babel import gettext

from graph.evaluation import Reply
from graph.sparql_problems import Problem
from web import support
from web.result_chart import Chart, NoChart, chart
from web.result_pictures import Graph, NoPicture, Places, graph, known, map_frame, places
from web.result_points import reader
from web.result_table import Table
from web.result_text import Text, text

SHOWS = ("table", "graph", "chart", "map", "raw")


@dataclass(frozen=True)
class Tab:
    """One way to see the result; with a `reason` it is not there."""

    show: str
    label: str
    reason: str = ""


def asked_show() -> str:
    """The view that the address asks for. Raises a Problem."""
    show = request.args.get("show") or SHOWS[0]
    if show not in SHOWS:
        raise Problem("show-unknown", show=show[:40], known=", ".join(SHOWS))
    return show


@dataclass(frozen=True, eq=False)
class Result:
    """A result in the view that is `wanted`; `table` is None for yes or no. Each is made when asked for."""

    wanted: str
    kind: str
    table: Table | None
    in_format: Callable[[str], Reply]

    @cached_property
    def things(self) -> list[str]:
        """Ids of the things of the rows that the explorer knows."""
        return known(self.table) if self.table else []

    @cached_property
    def tabs(self) -> list[Tab]:
        """All views in the order of the page."""
        return [
            Tab("table", gettext("Table")),
            Tab("graph", gettext("Graph"), "" if self.things else gettext("no things of the corridor in it")),
            Tab("chart", gettext("Chart"), self._no_chart),
            Tab("map", gettext("Map"), self._no_map),
            Tab("raw", gettext("Text")),
        ]

    @property
    def reason(self) -> str:
        """Why the wanted view is not there."""
        return next(tab.reason for tab in self.tabs if tab.show == self.wanted)

    @property
    def show(self) -> str:
        """The view that is shown: the table where the wanted one does not fit."""
        return SHOWS[0] if self.reason else self.wanted

    @cached_property
    def _drawn(self) -> tuple[Chart | None, str]:
        try:
            return (chart(self.table), "") if self.table else (None, gettext("no column of numbers"))
        except NoChart as error:
            return None, str(error)

    @property
    def chart(self) -> Chart | None:
        """The chart, if the columns fit."""
        return self._drawn[0]

    @property
    def _no_chart(self) -> str:
        return self._drawn[1]

    @cached_property
    def graph(self) -> Graph | None:
        """The things with their lines: those of the result if it is a graph, else all that are recorded."""
        if not self.table or not self.things:
            return None
        return graph(self.table, self.things, self.kind == "graph")

    @cached_property
    def _placed(self) -> tuple[Places | None, str]:
        if not self.table:
            return None, gettext("no parks, plants, ports or positions in it")
        try:
            return places(self.table, self.things), ""
        except NoPicture as error:
            return None, str(error)

    @property
    def map(self) -> Places | None:
        """The map, if any thing has a place on it."""
        return self._placed[0]

    @property
    def _no_map(self) -> str:
        if self.wanted == "map":
            return self._placed[1]
        kinds = {support.site().network.nodes[thing]["kind"] for thing in self.things}
        if kinds & {"zone", "infrastructure", "facility"}:
            return ""
        if self.table and reader(self.table, lambda: support.site().part(map_frame)):
            return ""
        return gettext("no parks, plants, ports or positions in it")

    @cached_property
    def raw(self) -> Text:
        """The text as a program gets it. Raises a Problem."""
        return text(self.kind, self.in_format)
