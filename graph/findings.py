"""Runs the gap detectors over a projected network and ranks what they find."""

from __future__ import annotations

import gc
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import networkx as nx

from graph.expert_check import graded
from graph.gaps import GAP_DETECTORS
from graph.gaps.audits import Audit, with_audits
from graph.gaps.coverage import with_estimates
from graph.gaps.parameters import Parameters, parameters_from
from graph.gaps.world import World
from graph.model import Finding

PARAMETER_FILE = Path(__file__).resolve().parents[1] / "data" / "parameters.toml"


def load_parameters(path: Path = PARAMETER_FILE) -> Parameters:
    """Read a parameter file (TOML). Raises `KeyError` if a section or value is missing."""
    return parameters_from(tomllib.loads(path.read_text(encoding="utf-8")))


def parameter_file(data: Path) -> Path:
    """The parameter file of a data folder where it brings its own, else the shipped one."""
    own = data / PARAMETER_FILE.name
    return own if own.exists() else PARAMETER_FILE


def parameters_of(network: nx.MultiDiGraph) -> Parameters:
    """The parameters of the data folder of a network.

    What the audits of the network found is worked in, and what its records say where that is switched on.
    """
    parameters = load_parameters(parameter_file(Path(network.graph.get("data", PARAMETER_FILE.parent))))
    audits = [Audit(**audit) for audit in network.graph.get("audits", ())]
    if not audits and not parameters.estimators.enter.intersection(("two_sources", "degree")):
        return parameters
    world = World(network, parameters)
    return with_audits(with_estimates(world), audits, world.strata)


def find_gaps(
    network: nx.MultiDiGraph, parameters: Parameters | None = None, detectors: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """All findings on a network, ranked; only those of `detectors` ("D1", "D12" ...) if given.

    `parameters` default to `parameters_of` the network. Every detector runs even when few are asked for,
    because data gaps (D12) are computed from the findings of the others. Raises `ValueError` on a detector
    that does not exist.
    """
    known = sorted((detector.DETECTOR for detector in GAP_DETECTORS), key=lambda name: int(name[1:]))
    wanted = set(known if detectors is None else detectors)
    if unknown := wanted - set(known):
        raise ValueError(f"no such detector: {', '.join(sorted(unknown))}; choose from {', '.join(known)}")
    found: list[Finding] = []
    with no_collection():
        world = World(network, parameters or parameters_of(network))
        for detector in GAP_DETECTORS:
            found.extend(list(detector.find(world, tuple(found))))
        found = graded(world, found)
    return tuple(sorted((finding for finding in found if finding.detector in wanted), key=_rank))


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the collector from walking a large world again and again while all that is made is kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _rank(finding: Finding) -> tuple[bool, float, int, float, str]:
    return finding.detector == "D12", -finding.priority, -finding.plants, -finding.size, finding.id
