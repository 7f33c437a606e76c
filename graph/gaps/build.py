"""Turns what a detector found into a `Finding`: content-based id, label, listing and ranking figures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from graph.gaps import confidence
from graph.gaps.confidence import Posterior
from graph.gaps.parameters import Parameters
from graph.gaps.world import World
from graph.model import Account, Finding, Rest


def finding_id(detector: str, subject: str, thing: str = "") -> str:
    """Detector and 10 hex digits of what is asked.

    The buyers of D1 and D7 stay out, so that a finding keeps its link when a buyer is added.
    """
    digest = hashlib.sha256("|".join((detector, subject, thing)).encode()).hexdigest()
    return f"{detector.lower()}-{digest[:10]}"


class Touched(NamedTuple):
    """The plants that a finding concerns, already summed up."""

    plants: int
    size: float
    places: dict[str, int]


def build_finding(
    world: World,
    detector: str,
    name: str,
    subject: str,
    objects: tuple[str, ...],
    *,
    id_object: str = "",
    touched: tuple[str, ...] | Touched,
    severity: float,
    coverage: float,
    premise: float = 1.0,
    posterior: Posterior = confidence.conf0,
    account: Callable[[], Account],
    rests_on: tuple[Rest, ...] = (),
    formula: dict[str, float] | Callable[[], dict[str, float]],
    criticality: float,
    basis: str,
    group: str = "",
    flags: tuple[str, ...] = (),
    listable: bool = True,
    question: bool = False,
    next_door: Callable[[], tuple[str, ...]] = tuple,
) -> Finding:
    """A finding whose confidence is `premise` x `posterior`(`coverage`); `touched` are the plants it
    concerns.

    `account` writes its sentences when they are asked for. `listable` False keeps it out of the main list; a
    `question` (D12) claims nothing, so its label is unknown and its formula stands as given. `next_door`
    looks up the makers in the provinces next door.
    """
    parameters = world.parameters
    sure = premise * posterior(coverage, parameters.confidence.prior)
    if not isinstance(touched, Touched):
        touched = Touched(len(touched), world.total_size(touched), world.places(touched))
    label = "unknown" if question else confidence.label(sure, parameters.confidence)
    return Finding(
        id=finding_id(detector, subject, id_object),
        detector=detector,
        name=name,
        subject=subject,
        objects=objects,
        severity=severity,
        confidence=sure,
        label=label,
        listed=listable and _listed(detector, label, coverage, parameters),
        plants=touched.plants,
        size=touched.size,
        places=touched.places,
        criticality=criticality,
        basis=basis,
        figures=partial(_figures, formula, None if question else (coverage, premise), parameters, posterior),
        account=account,
        rests_on=rests_on,
        group=group,
        flags=flags,
        as_of=world.network.graph["as_of"],
        parameters=parameters.version,
        generation=world.network.graph.get("generation", ""),
        code=world.network.graph.get("code", ""),
        grade="B" if basis == "source" else "C",
        next_door=next_door,
    )


def _figures(
    formula: dict[str, float] | Callable[[], dict[str, float]],
    sure: tuple[float, float] | None,
    parameters: Parameters,
    posterior: Posterior,
) -> dict[str, float]:
    """The numbers of a detector and those of the confidence, with its value at other priors."""
    numbers = formula() if callable(formula) else formula
    if sure is None:
        return numbers
    coverage, premise = sure
    return {
        **numbers,
        "coverage": coverage,
        "premise_confidence": premise,
        "prior_none": parameters.confidence.prior[0],
        **confidence.sensitivity(coverage, premise, parameters.confidence, posterior),
    }


def _listed(detector: str, label: str, coverage: float, parameters: Parameters) -> bool:
    """Whether a finding goes into the main list, by the rules of the parameter file."""
    if coverage < parameters.list_from_coverage.get(detector, 0.0):
        return False
    return label != "unknown" or detector in parameters.list_always
