"""Turns what a detector found into a `Finding`: content-based id, label, listing and ranking figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from graph.gaps import confidence
from graph.gaps.world import World
from graph.model import Finding, Premise, Remedy, Text


def finding_id(detector: str, subject: str, thing: str = "") -> str:
    """Detector and 10 hex digits of what is asked.

    The buyers of D1 and D7 stay out, so that a finding keeps its link when a buyer is added.
    """
    digest = hashlib.sha256("|".join((detector, subject, thing)).encode()).hexdigest()
    return f"{detector.lower()}-{digest[:10]}"


def build_finding(
    world: World,
    detector: str,
    name: str,
    subject: str,
    objects: tuple[str, ...],
    *,
    id_object: str = "",
    touched: tuple[str, ...],
    severity: float,
    coverage: float,
    premise: float = 1.0,
    message: Text,
    evidence: Iterable[Premise],
    remedies: Iterable[Remedy],
    flip: Text,
    formula: dict[str, float],
    criticality: float,
    basis: str,
    group: str = "",
    flags: tuple[str, ...] = (),
) -> Finding:
    """A finding whose confidence is `premise` x conf0(`coverage`); `touched` are the plants it concerns."""
    parameters = world.parameters
    sure = premise * confidence.conf0(coverage, parameters.confidence.prior)
    label = confidence.label(sure, parameters.confidence)
    shared = {
        "coverage": coverage,
        "premise_confidence": premise,
        "prior_none": parameters.confidence.prior[0],
    }
    return Finding(
        id=finding_id(detector, subject, id_object),
        detector=detector,
        name=name,
        subject=subject,
        objects=objects,
        severity=severity,
        confidence=sure,
        label=label,
        message=message,
        evidence=tuple(evidence),
        remedies=tuple(remedies),
        listed=label != "unknown" or detector in parameters.list_always,
        plants=len(touched),
        size=world.total_size(touched),
        places=world.places(touched),
        criticality=criticality,
        basis=basis,
        formula=formula | shared | confidence.sensitivity(coverage, premise, parameters.confidence),
        flip=flip,
        group=group,
        flags=flags,
        as_of=world.network.graph["as_of"],
        parameters=parameters.version,
    )
