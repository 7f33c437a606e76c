"""The days on which the recorded state changes: what begins or ends then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Store

from graph.namespaces import slug
from graph.query import select


@dataclass(frozen=True)
class Turn:
    """One thing that begins or ends.

    `what` is plant, zone, infrastructure, supply, seat, agreement or merger. A merger names the units
    `before` and the one `after`. `date` is as recorded: of a year or month the first day stands for it, as
    everywhere in the views of a date.
    """

    what: str
    thing: str
    begins: bool
    date: str
    before: tuple[str, ...] = ()
    after: str = ""


def turns(store: Store) -> dict[str, tuple[Turn, ...]]:
    """What changes on each recorded day (ISO), in order of days."""
    found: dict[str, list[Turn]] = defaultdict(list)
    for row in select(store, "pages/dates"):
        before = tuple(sorted(map(slug, row["before"].value.split()))) if "before" in row else ()
        after = slug(row["after"].value) if "after" in row else ""
        for name, begins in (("start", True), ("end", False)):
            if name in row:
                date = row[name].value
                turn = Turn(row["what"].value, slug(row["thing"].value), begins, date, before, after)
                found[f"{date}-01-01"[:10]].append(turn)
    return {day: tuple(found[day]) for day in sorted(found)}
