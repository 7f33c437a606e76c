"""The words of the gap pages: names of classes, filter values and numbers in the page's language."""

from __future__ import annotations

from flask_babel import gettext

from graph.model import Finding

WITHOUT_NEED = ("D9", "D10", "D11", "D13")
"""Kinds of findings that rest on records alone, not on what a plant needs."""


def kind_of_gap(detector: str, fallback: str) -> str:
    """Name of a class of findings in the page's language."""
    names = {
        "D1": gettext("Missing input"),
        "D2": gettext("Single recorded source"),
        "D3": gettext("Match to check"),
        "D4": gettext("Park with hardly any recorded links"),
        "D5": gettext("Anchor without recorded suppliers"),
        "D6": gettext("Supplier without recorded buyers"),
        "D7": gettext("Dependence on outside supply"),
        "D8": gettext("Failure point"),
        "D9": gettext("Outside the coordination mechanism"),
        "D10": gettext("Concentration"),
        "D11": gettext("Far from infrastructure"),
        "D12": gettext("Question to ask"),
        "D13": gettext("Few links between two provinces"),
        "D14": gettext("Hidden common supplier"),
    }
    return names.get(detector, fallback)


def value_name(value: str) -> str:
    """Name of a value of the closed filters: criticality, basis, label and grade."""
    names = {
        "core": gettext("Core for a plant"),
        "common": gettext("Common only"),
        "source": gettext("Stated by a source"),
        "curated": gettext("Our judgement only"),
        "likely_absent": gettext("probably absent"),
        "possibly_absent": gettext("not recorded"),
        "unknown": gettext("too little data"),
        "present": gettext("recorded"),
        "A": gettext("A: an expert agrees"),
        "B": gettext("B: stated by a source"),
        "C": gettext("C: our own judgement"),
    }
    return names[value]


def basis_name(finding: Finding) -> str:
    """What a finding rests on, in a few words."""
    if finding.grade == "A":
        return gettext("an expert agrees")
    if finding.detector in WITHOUT_NEED:
        return gettext("from records with a source")
    if finding.grade == "B":
        return gettext("need stated by a source")
    return gettext("need by our own judgement")


def formula_name(name: str) -> str:
    """A number that entered severity or confidence, in words."""
    names = {
        "criticality": gettext("Strongest need (1 core, 0.5 common)"),
        "buyers": gettext("Plants that need it"),
        "core_buyers": gettext("Plants with a core need"),
        "distance_km": gettext("Nearest maker, km"),
        "distance_unknown": gettext("Distance not known (1 yes)"),
        "candidates": gettext("Recorded makers to ask"),
        "local_share": gettext("Share of needs with a recorded corridor supplier"),
        "weight": gettext("Weight (1: a maker to link to is recorded)"),
        "needs": gettext("Inputs needed"),
        "local_needs": gettext("Inputs with a recorded corridor supplier"),
        "outside_needs": gettext("Inputs recorded as bought outside"),
        "outside_share": gettext("Share of links from outside"),
        "outside_links": gettext("Links from outside"),
        "placed_links": gettext("Links whose place is known"),
        "links_without_place": gettext("Links whose place is not known"),
        "links_not_counted": gettext("Other recorded links, not counted"),
        "makers_inside": gettext("Recorded makers in the corridor that sell it"),
        "alternatives": gettext("Other recorded makers in the corridor"),
        "suppliers": gettext("Recorded suppliers"),
        "links_across": gettext("Recorded links across the boundary"),
        "needs_across": gettext("Needs that could be met across the boundary"),
        "plants_with_product": gettext("Plants with a recorded product"),
        "potential_buyers": gettext("Plants that could buy"),
        "other_buyers": gettext("Recorded buyers elsewhere"),
        "impact": gettext("Share of other plants' size that stops"),
        "separation": gettext("Share of pairs of plants cut off"),
        "stopped": gettext("Plants that stop"),
        "expected_impact": gettext("Expected share, given the coverage"),
        "link_share": gettext("Share of the recorded links"),
        "links_touching": gettext("Recorded links with an end there"),
        "corridor_links": gettext("Recorded links of the corridor"),
        "concentration_index": gettext("Concentration index (HHI)"),
        "margin": gettext("Standard error of the index"),
        "plants_counted": gettext("Plants counted"),
        "classes": gettext("Sectors or groups"),
        "expressway_km": gettext("Nearest expressway, km"),
        "seaport_km": gettext("Nearest seaport, km"),
        "airport_km": gettext("Nearest airport, km"),
        "with_planned": gettext("Severity once what is planned opens"),
        "expected": gettext("Links expected"),
        "observed": gettext("Links recorded"),
        "z": gettext("Standard deviations from the expected"),
        "tiers": gettext("Tiers up to the hidden supplier"),
        "findings": gettext("Findings the answer would settle"),
        "coverage": gettext("Estimated coverage"),
        "premise_confidence": gettext("Confidence of the records used"),
        "prior_none": gettext("Prior belief that there is none"),
    }
    return names.get(name, name.replace("_", " "))


def method_name(method: str | None) -> str:
    """How a coverage was estimated, in words."""
    names = {
        "default": gettext("assumed default, not measured"),
        "audit": gettext("audit sample"),
        "mean": gettext("mean of the plants concerned"),
        "lowest": gettext("lowest of the plants concerned"),
        "declared_complete": gettext("declared complete by a source"),
        "declared": gettext("declared complete by a source"),
        "two_sources": gettext("two sources compared, an upper bound"),
        "degree": gettext("benchmark of links per plant"),
    }
    return names.get(method or "", method or "")
