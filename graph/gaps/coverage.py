"""What the records themselves say about how complete they are, beside the value that enters a finding.

Estimators (gap-spec 2.2), best first: declared complete, audit, two sources, degree benchmark, default. The
first two and the default enter the confidence. Two sources and the degree benchmark are shown beside it: real
sources overlap by fame, so the former is an upper bound, and the latter is an assumption about an average.
They enter only where `estimators` of the parameter file names them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.gaps.parameters import Coverage, Parameters
from graph.gaps.plants import EVERYWHERE
from graph.gaps.world import World

METHODS = ("declared", "audit", "two_sources", "degree", "default")
"""Estimators, best first."""


@dataclass(frozen=True)
class Estimate:
    """One estimate for a relation in a stratum; `enters` if it is the one that findings use."""

    relation: str
    stratum: str
    coverage: Coverage
    enters: bool
    audits: int = 0


def chapman(first: int, second: int, both: int) -> float:
    """Estimated number of facts from two lists: (nA + 1)(nB + 1) / (m + 1) - 1.

    >>> chapman(9, 4, 1)
    24.0
    """
    return (first + 1) * (second + 1) / (both + 1) - 1


def two_sources(statements: Iterable[Sequence[str]]) -> Coverage | None:
    """Coverage from the sources of each statement: the source with most of them against all the others.

    None where there is one source only, no statement that both lists know, or none that only one of them
    knows: there the bound is empty.
    """
    stated = [frozenset(sources) for sources in statements if sources]
    counts = Counter(source for sources in stated for source in sources)
    if len(counts) < 2:
        return None
    main = min(counts, key=lambda source: (-counts[source], source))
    first = sum(main in sources for sources in stated)
    second = sum(bool(sources - {main}) for sources in stated)
    both = sum(main in sources and len(sources) > 1 for sources in stated)
    if not both or both == min(first, second):
        return None
    total = chapman(first, second, both)
    inputs = {"first": float(first), "second": float(second), "both": float(both), "estimated": total}
    return Coverage(len(stated) / total, "two_sources", inputs)


def degree(links: int, facilities: int, parameters: Parameters) -> Coverage | None:
    """Links per facility against the benchmark of complete networks, capped; None without facilities."""
    rules = parameters.estimators
    if not facilities:
        return None
    benchmark = rules.links_per_facility * rules.corridor_share
    value = min(rules.degree_cap, links / facilities / benchmark)
    inputs = {"links": float(links), "facilities": float(facilities), "benchmark": benchmark}
    return Coverage(value, "degree", inputs)


def estimates(world: World) -> tuple[Estimate, ...]:
    """Every estimate for the whole corridor and for each of its localities, per relation, best first."""
    found = []
    for relation, stratum, coverages in _by_stratum(world):
        used = world.parameters.coverage(relation, stratum, EVERYWHERE)
        known = [used, *(coverage for coverage in coverages if coverage.method != used.method)]
        known.sort(key=lambda coverage: METHODS.index(coverage.method) if coverage.method in METHODS else 1)
        audits = world.parameters.audits(relation, stratum, EVERYWHERE)
        found += [Estimate(relation, stratum, coverage, coverage is used, audits) for coverage in known]
    return tuple(found)


def with_estimates(world: World) -> Parameters:
    """The parameters with the data-driven estimates that its `estimators` switches on."""
    parameters, on = world.parameters, world.parameters.estimators.enter
    chosen: dict[tuple[str, str], Coverage] = {}
    for relation, stratum, coverages in _by_stratum(world) if on.intersection(METHODS[2:4]) else ():
        for coverage in reversed(coverages):
            if coverage.method in on:
                chosen[relation, stratum] = coverage
    return replace(parameters, measured={**chosen, **parameters.measured}) if chosen else parameters


def _by_stratum(world: World) -> Iterator[tuple[str, str, list[Coverage]]]:
    facilities: dict[str, list[str]] = defaultdict(list)
    for facility in world.inside:
        facilities[EVERYWHERE].append(facility)
        if (place := world.node(facility).get("locality_stated")) is not None:
            facilities[place].append(facility)
    for stratum, plants in sorted(facilities.items(), key=lambda item: (item[0] != EVERYWHERE, item[0])):
        into = [link for plant in plants for link in world.links_in[plant]]
        out = [link for plant in plants for link in world.links_out[plant]]
        corridor = [link for link in into if link.side == "local" and link.supplier != link.buyer]
        makes = [sources for plant in plants for _, sources in world.makes.get(plant, {}).values()]
        located = [tuple(world.node(plant).get("sources", ())) for plant in plants]
        whole: tuple[tuple[str, list[Sequence[str]], int | None], ...] = (
            ("supplied_by", [link.sources for link in into], len(corridor)),
            ("supplies_to", [link.sources for link in out], None),
            ("made_by", list(makes), None),
            ("located_in", list(located), None),
        )
        for relation, statements, links in whole:
            known = [two_sources(statements)]
            if links is not None:
                known.append(degree(links, len(plants), world.parameters))
            yield relation, stratum, [coverage for coverage in known if coverage is not None]
    yield "member_of", EVERYWHERE, []
