"""What pages read from the records that is made once per site: names and facts, conflicts, counts."""

from __future__ import annotations

from graph import carriers
from graph import conflicts as differences
from graph.carriers import Count
from graph.conflicts import Conflict
from graph.facts import Facts
from web import support


def facts() -> Facts:
    """What is stated about each thing, with the names of the properties."""
    return support.site().part(_facts)


def conflicts() -> tuple[Conflict, ...]:
    """Every point on which sources differ."""
    return support.site().part(_conflicts)


def counts() -> dict[str, Count]:
    """Statements by source slug."""
    return support.site().part(_counts)


def _facts(site: support.Site) -> Facts:
    return Facts.load(site.corridor)


def _conflicts(site: support.Site) -> tuple[Conflict, ...]:
    return differences.conflicts(site.corridor)


def _counts(site: support.Site) -> dict[str, Count]:
    return carriers.counts(site.corridor.store)
