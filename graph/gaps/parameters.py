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
    inputs: Mapping[str, float] = field(default_factory=dict)
    """The numbers the estimate was made from, by name."""


METHODS = ("declared", "audit", "two_sources", "degree")
"""Estimators of coverage that beat the default, best first (gap-spec 2.2)."""


@dataclass(frozen=True)
class AuditParameters:
    """How many audits the default prior counts for, and from how many true facts audits give a coverage."""

    prior_weight: float = 20.0
    min_facts: int = 5


@dataclass(frozen=True)
class EstimatorParameters:
    """Which estimators enter a finding, and the benchmark of links per facility in complete networks."""

    enter: frozenset[str] = frozenset({"declared", "audit"})
    declared_value: float = 0.95
    links_per_facility: float = 5.0
    corridor_share: float = 0.3
    degree_cap: float = 0.9
    large_from_employees: float = 201.0


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
class FailureParameters:
    """D8: weight of being cut off, and the resampling that a ranking has to survive (gap-spec 6.3)."""

    separation_weight: float
    resamples: int
    dropped_share: float
    top: int
    stable_share: float


@dataclass(frozen=True)
class InstitutionalParameters:
    """D9: longest path to the council, weight of the share of links, how far a neighbour may lie in km."""

    reach: int
    link_weight: float
    neighbour_km: float


@dataclass(frozen=True)
class ConcentrationParameters:
    """D10: index from which a distribution counts as concentrated, and the least numbers to judge it by."""

    mark: float
    min_facilities: int
    min_makers: int
    min_alike: float


@dataclass(frozen=True)
class AccessParameters:
    """D11: threshold in km and weight per kind of infrastructure; road km per great-circle km."""

    road_factor: float
    great_circle_confidence: float
    position_error_km: float
    thresholds_km: Mapping[str, float]
    weights: Mapping[str, float]


@dataclass(frozen=True)
class DeficitParameters:
    """D13: least expected links of a pair, and the share of false alarms allowed among the pairs."""

    min_expected: float
    false_share: float


@dataclass(frozen=True)
class IsolationParameters:
    """D4: least plants with a known product, and the index from which a park is weakly linked."""

    min_plants: int
    weak_from: float


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
    supplies_to_coverage: float
    membership_coverage: float
    single_source_criticality: float
    isolation: IsolationParameters
    failure: FailureParameters
    institutional: InstitutionalParameters
    concentration: ConcentrationParameters
    access: AccessParameters
    deficit: DeficitParameters
    shared_tier_decay: float
    neighbour_km: float
    """Plants outside the corridor count as next door up to here."""
    neighbours_shown: int
    audit_rules: AuditParameters
    estimators: EstimatorParameters
    measured: Mapping[tuple[str, str], Coverage] = field(default_factory=dict)
    """Measured coverage by (relation, subject); wins over the defaults."""
    audited: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Number of audits by (relation, stratum)."""

    def coverage(self, relation: str, *strata: str | None) -> Coverage:
        """Coverage of a relation by the best estimator there is, else the default.

        Of equally good ones that of the first stratum counts; `strata` run from narrow to wide.
        Relations: `supplied_by`, `supplies_to`, `made_by`, `located_in` and `member_of`. The default of
        `made_by` is the coverage of facilities times that of their product statements (gap-spec 2.2).
        """
        if self.measured:
            keys = ((relation, subject) for subject in strata if subject is not None)
            known = [self.measured[key] for key in keys if key in self.measured]
            if known:
                return min(known, key=lambda coverage: _rank(coverage.method))
        defaults = {
            "supplied_by": self.supplied_by_coverage,
            "supplies_to": self.supplies_to_coverage,
            "made_by": self.facility_coverage * self.makes_coverage,
            "located_in": self.facility_coverage,
            "member_of": self.membership_coverage,
        }
        return Coverage(defaults[relation], "default")

    def audits(self, relation: str, *strata: str | None) -> int:
        """How many audits of a relation were made in the first of these strata that has any; else 0."""
        keys = ((relation, subject) for subject in strata if subject is not None)
        return next((self.audited[key] for key in keys if key in self.audited), 0)


def _rank(method: str) -> int:
    return METHODS.index(method) if method in METHODS else len(METHODS)


def parameters_from(table: Mapping[str, Any]) -> Parameters:
    """The parsed parameter file as an object. Raises `KeyError` if a section or value is missing."""
    confidence, coverage = table["confidence"], table["coverage"]
    chosen, near = dict(table.get("estimators", {})), table.get("neighbours", {})
    if "enter" in chosen:
        chosen["enter"] = frozenset(chosen["enter"])
    estimators = EstimatorParameters(**chosen)
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
        supplies_to_coverage=coverage["supplies_to"],
        membership_coverage=coverage["member_of"],
        single_source_criticality=table["single_source"]["min_criticality"],
        isolation=IsolationParameters(**table["isolated_park"]),
        failure=FailureParameters(**table["failure_point"]),
        institutional=InstitutionalParameters(**table["institutional_gap"]),
        concentration=ConcentrationParameters(**table["concentration"]),
        access=AccessParameters(**table["access_gap"]),
        deficit=DeficitParameters(**table["province_deficit"]),
        shared_tier_decay=table["false_diversification"]["tier_decay"],
        neighbour_km=near.get("within_km", 150.0),
        neighbours_shown=near.get("limit", 5),
        audit_rules=AuditParameters(**table.get("audits", {})),
        estimators=estimators,
        measured={
            **_rows(coverage, "measured", None),
            **_rows(coverage, "declared", estimators.declared_value),
        },
    )


def _rows(coverage: Mapping[str, Any], name: str, value: float | None) -> dict[tuple[str, str], Coverage]:
    """Rows of measured or declared coverage; a declared one has the value of all declared ones."""
    return {
        (row["relation"], row["subject"]): Coverage(row.get("value", value), row.get("method", name))
        for row in coverage.get(name, ())
    }
