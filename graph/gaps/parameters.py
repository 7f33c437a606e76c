"""The numbers of the gap analysis: the dated parameter file as a frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Coverage:
    """Estimated share (0..1) of the true facts of a relation that are recorded, and how it was estimated."""

    value: float
    method: str


@dataclass(frozen=True)
class ConfidenceParameters:
    """Prior over the number of suppliers, label thresholds and premise confidences (gap-spec 2.3)."""

    prior: tuple[float, ...]
    sensitivity: tuple[float, ...]
    likely: float
    possibly: float
    premise: Mapping[str, float]


@dataclass(frozen=True)
class RemedyParameters:
    """Weights of the remedy score (gap-spec 2.6). Distances in km."""

    proximity_weight: float
    distance_weight: float
    capacity_weight: float
    scale_km: float
    unknown_capacity: float
    min_proximity: float
    min_makers: int
    limit: int
    room_up_to_percent: float


@dataclass(frozen=True)
class Parameters:
    """Everything in `data/parameters.toml` that enters a finding."""

    version: str
    confidence: ConfidenceParameters
    remedies: RemedyParameters
    list_always: frozenset[str]
    list_from_coverage: Mapping[str, float]
    """Least coverage from which the findings of a detector may stand in the main list."""
    facility_coverage: float
    makes_coverage: float
    supplied_by_coverage: float
    anchor_percentile: float
    match_near_share: float
    match_scale_km: float
    anchor_weak_below: float
    anchor_no_maker_weight: float
    measured: Mapping[tuple[str, str], Coverage] = field(default_factory=dict)
    """Measured coverage by (relation, subject); wins over the defaults."""

    def coverage(self, relation: str, *strata: str | None) -> Coverage:
        """Coverage of `supplied_by` or `made_by` for the first stratum that was measured, else the default.

        The default of `made_by` is the coverage of facilities times that of their product statements
        (gap-spec 2.2).
        """
        for subject in strata:
            if subject is not None and (relation, subject) in self.measured:
                return self.measured[relation, subject]
        defaults = {
            "supplied_by": self.supplied_by_coverage,
            "made_by": self.facility_coverage * self.makes_coverage,
        }
        return Coverage(defaults[relation], "default")


def parameters_from(table: Mapping[str, Any]) -> Parameters:
    """The parsed parameter file as an object. Raises `KeyError` if a section or value is missing."""
    confidence, coverage = table["confidence"], table["coverage"]
    return Parameters(
        version=table["version"],
        confidence=ConfidenceParameters(
            prior=tuple(confidence["prior"]),
            sensitivity=tuple(confidence["sensitivity"]),
            likely=confidence["likely"],
            possibly=confidence["possibly"],
            premise=confidence["premise"],
        ),
        remedies=RemedyParameters(**table["remedies"]),
        list_always=frozenset(table["listing"]["list_always"]),
        list_from_coverage=dict(table["listing"].get("from_coverage", {})),
        facility_coverage=coverage["facility"],
        makes_coverage=coverage["makes"],
        supplied_by_coverage=coverage["supplied_by"],
        anchor_percentile=table["anchors"]["size_percentile"],
        match_near_share=table["missed_match"]["near_share"],
        match_scale_km=table["missed_match"]["scale_km"],
        anchor_weak_below=table["unlinked_anchor"]["weak_below"],
        anchor_no_maker_weight=table["unlinked_anchor"]["no_maker_weight"],
        measured={
            (row["relation"], row["subject"]): Coverage(row["value"], row["method"])
            for row in coverage.get("measured", ())
        },
    )
