"""Whom a finding could join: plants that can supply and plants that could diversify, and makers elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

from graph.gaps.remedies import Candidate, can_supply, could_diversify
from graph.gaps.world import World
from graph.model import Finding, Remedy

SINGLE_TARGET = ("D1", "D2", "D3", "D7", "D14")
"""Detectors about one product that some plants need."""
SUPPLY, DIVERSIFY = ("match",), ("upgrade", "approach", "ask")
"""Kinds of remedies that name a plant."""


@dataclass(frozen=True)
class Option:
    """A plant to ask with the three parts of its score; nearness and capacity: 0..1, None if unknown."""

    facility: str
    made: str | None
    """The product it is recorded to make that comes nearest."""
    fit: float
    distance_km: float | None
    capacity: float | None
    score: float
    nearness: float | None


@dataclass(frozen=True)
class Options:
    """The two lists of candidates of a finding, best first, and the nearest recorded makers elsewhere."""

    can_supply: tuple[Option, ...]
    could_diversify: tuple[Option, ...]
    elsewhere: tuple[str, ...]


def target_of(world: World, finding: Finding) -> str | None:
    """The product that the plants of a finding need, if it is about one."""
    for thing in (finding.subject, *finding.objects):
        if thing in world.network and world.node(thing)["kind"] == "product":
            return thing
    return None


def options(world: World, finding: Finding) -> Options:
    """Whom a finding could join. Where it is about one product, both lists are searched anew, without the
    plants recorded as its suppliers; else the lists hold the plants its remedies name.
    """
    target = target_of(world, finding)
    if finding.detector in SINGLE_TARGET and target is not None:
        buyers = buyers_of(world, finding)
        known = {link.supplier for buyer in buyers for link in world.links_for(buyer, target)}
        supply = [one for one in can_supply(world, target, buyers) if one.facility not in known]
        near = [one for one in could_diversify(world, target, buyers) if one.facility not in known]
        limit = world.parameters.remedies.limit
        return Options(
            tuple(_option(world, one) for one in supply[:limit]),
            tuple(_option(world, one) for one in near[:limit]),
            elsewhere(world, finding, target),
        )
    named = [remedy for remedy in finding.remedies if remedy.facility and remedy.score is not None]
    return Options(
        tuple(_of_remedy(world, remedy) for remedy in named if remedy.kind in SUPPLY),
        tuple(_of_remedy(world, remedy) for remedy in named if remedy.kind in DIVERSIFY),
        elsewhere(world, finding, target),
    )


def buyers_of(world: World, finding: Finding) -> tuple[str, ...]:
    """The plants of a finding that need something."""
    if finding.subject in world.needs:
        return (finding.subject,)
    return tuple(thing for thing in finding.objects if thing in world.needs)


def elsewhere(world: World, finding: Finding, target: str | None) -> tuple[str, ...]:
    """Recorded makers outside the corridor: those next door first, then the others its remedies name."""
    named = (r.facility for r in finding.remedies if r.kind == "outside_maker" and r.facility)
    return tuple(dict.fromkeys([*finding.neighbours, *named]))


def _option(world: World, one: Candidate) -> Option:
    return Option(
        one.facility, one.made, one.proximity, one.distance_km, None, one.score, _near(world, one.distance_km)
    )


def _of_remedy(world: World, remedy: Remedy) -> Option:
    parts = remedy.parts
    km = parts.get("distance_km")
    assert remedy.facility is not None and remedy.score is not None
    return Option(
        remedy.facility,
        None,
        parts.get("proximity") or 0.0,
        km,
        parts.get("capacity"),
        remedy.score,
        _near(world, km),
    )


def _near(world: World, km: float | None) -> float | None:
    return None if km is None else math.exp(-km / world.parameters.remedies.scale_km)
