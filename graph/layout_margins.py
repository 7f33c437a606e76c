"""What stands around the bands of the overview: missing inputs on the ground, ports on the coast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from graph.model import Finding, home

GROUND, GROUND_WEST, GROUND_PITCH = 676.0, 231.0, 114.44
INPUTS = 10
MANY_BUYERS = 4
PORT_X, NORTH_LAST, SOUTH_FIRST, PORT_PITCH = 1386.0, 300.0, 447.0, 56.0
PORTS_NORTH, PORTS_SOUTH = 5, 6
PORT_KINDS = ("border-gate", "seaport", "airport")


@dataclass(frozen=True)
class Input:
    """A needed product with no recorded maker; `lines` are (locality, buyers) that get a red line."""

    product: str
    finding: str
    x: float
    buyers: int
    recorded: int
    """Buyers before anything was left out."""
    places: dict[str, int]
    """Buyers by locality in the agreement's own boundaries, most first."""
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Port:
    """A port, airport or gate on the coast."""

    slug: str
    y: float


def missing_inputs(
    network: nx.MultiDiGraph,
    findings: Iterable[Finding],
    middle: dict[str, float],
    kept: Container[str],
    seats: Mapping[str, float],
) -> tuple[Input, ...]:
    """The inputs most needed (core 1, common 0.5) that nobody is recorded to make, west to east.

    An input of which only some buyers are kept weighs their share. `seats` are the places (x) of inputs in
    the picture of another date: they keep them, and the others fill what is left.
    """
    missing = []
    for finding in findings:
        buyers = [buyer for buyer in finding.objects if buyer in kept] if finding.detector == "D1" else ()
        if buyers:
            missing.append((-weighted_need(finding) * len(buyers) / len(finding.objects), finding, buyers))
    missing.sort(key=lambda item: (item[0], item[1].id))
    found = []
    for _, finding, buyers in missing[:INPUTS]:
        if places := _places(network, buyers, middle):
            mean = sum(middle[place] * n for place, n in places.items()) / sum(places.values())
            found.append((mean, finding, places, len(buyers)))
    found.sort(key=lambda item: (item[0], item[1].subject))
    at = _seated([finding.subject for _, finding, _, _ in found], seats)
    return tuple(
        Input(
            finding.subject,
            finding.id,
            at[finding.subject],
            buyers_kept,
            len(finding.objects),
            places,
            tuple(
                (p, number) for i, (p, number) in enumerate(places.items()) if i == 0 or number >= MANY_BUYERS
            ),
        )
        for _, finding, places, buyers_kept in found
    )


def _places(network: nx.MultiDiGraph, buyers: Iterable[str], middle: Mapping[str, float]) -> dict[str, int]:
    """Buyers per locality of the picture, most first, then west to east."""
    homes = (home(network.nodes[buyer]) for buyer in buyers)
    counts = Counter(place for place in homes if place is not None and place in middle)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], middle[item[0]])))


def _seated(inputs: Sequence[str], seats: Mapping[str, float]) -> dict[str, float]:
    """x of each input, at most INPUTS: its seat if it has one, else the next that nobody holds."""
    held = {name: seats[name] for name in inputs if name in seats}
    slots = (GROUND_WEST + n * GROUND_PITCH for n in range(INPUTS))
    left = (x for x in slots if x not in held.values())
    return held | {name: next(left) for name in inputs if name not in held}


def weighted_need(finding: Finding) -> float:
    """Buyers of a missing input: 1 for a core need, 0.5 for a common one."""
    return (finding.formula["buyers"] + finding.formula["core_buyers"]) / 2


def ports_on_coast(
    network: nx.MultiDiGraph, northern: Sequence[str], kept: Container[str]
) -> tuple[Port, ...]:
    """Ports, airports and gates: those of the easternmost locality north of the spine, the others south."""
    north: list[str] = []
    south: list[str] = []
    for slug, attributes in sorted(network.nodes(data=True)):
        if slug in kept and attributes["kind"] == "infrastructure" and attributes["subkind"] in PORT_KINDS:
            (north if home(attributes) in northern else south).append(slug)
    placed = []
    for slugs, most, first in ((north, PORTS_NORTH, None), (south, PORTS_SOUTH, SOUTH_FIRST)):
        shown = sorted(slugs, key=lambda slug: (-network.in_degree(slug), slug))[:most]
        shown.sort(key=lambda slug: _eastern_first(network.nodes[slug], first is not None, slug))
        start = NORTH_LAST - PORT_PITCH * (len(shown) - 1) if first is None else first
        placed += [Port(slug, start + PORT_PITCH * n) for n, slug in enumerate(shown)]
    return tuple(placed)


def _eastern_first(attributes: dict[str, Any], airports_last: bool, slug: str) -> tuple[bool, float, str]:
    return airports_last and attributes["subkind"] == "airport", -(attributes.get("lon") or 0.0), slug
