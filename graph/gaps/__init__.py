"""Detectors of linkage gaps. They see a projected network and a parameter file, never RDF or tables.

Each detector is a module with `DETECTOR`, `NAME` and `find(world, earlier)`, a generator of findings.
`earlier` holds the findings of the detectors before it in the list; only D12 reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from graph.gaps import (
    d1_missing_input,
    d2_single_source,
    d3_missed_match,
    d4_isolated_park,
    d5_unlinked_anchor,
    d6_supplier_without_buyer,
    d7_outside_dependence,
    d8_failure_point,
    d9_institutional_gap,
    d10_concentration,
    d11_access_gap,
    d12_data_gap,
    d13_province_deficit,
    d14_false_diversification,
)
from graph.gaps.world import World
from graph.model import Finding


class Detector(Protocol):
    """What a detector module offers."""

    DETECTOR: str
    NAME: str

    def find(self, world: World, earlier: Sequence[Finding] = ...) -> Iterator[Finding]:
        """Findings in a world."""


GAP_DETECTORS: tuple[Detector, ...] = (
    d1_missing_input,
    d2_single_source,
    d3_missed_match,
    d4_isolated_park,
    d5_unlinked_anchor,
    d6_supplier_without_buyer,
    d7_outside_dependence,
    d8_failure_point,
    d9_institutional_gap,
    d10_concentration,
    d11_access_gap,
    d13_province_deficit,
    d14_false_diversification,
    d12_data_gap,
)
