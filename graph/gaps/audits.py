"""Audits: what asking found out about a need, and what that says of the priors and of the coverage.

An audit asks a buyer who in the corridor really supplies a product (or a registry who makes it) and finds
`true` of them, `recorded` of which the data knew already. Prior: Dirichlet, the default prior counted as
`prior_weight` audits, each audit added to the case it found. Coverage of a stratum: (k + 1) / (n + 2) over
its audits, from `min_facts` true facts on, since below that the formula mostly repeats its own one half.
Reference: gap-spec 2.2 and 6.3; Laplace's rule of succession.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.gaps.parameters import Coverage, Parameters
from graph.gaps.plants import EVERYWHERE

AUDITED = ("supplied_by", "made_by")
"""Relations that audits measure."""
COUNTED = ("found_inside", "none_inside", "already_recorded")
"""Outcomes that tell how many there are; an unclear one tells nothing."""

Strata = Callable[[str], Sequence[str | None]]


@dataclass(frozen=True)
class Audit:
    """One answer. `buyer` None: the question was who makes the product at all."""

    id: str
    buyer: str | None
    product: str
    outcome: str
    true: int
    recorded: int

    @property
    def relation(self) -> str:
        """The relation whose coverage it measures."""
        return "supplied_by" if self.buyer else "made_by"


def audited_prior(prior: Sequence[float], weight: float, audits: Iterable[Audit]) -> tuple[float, ...]:
    """The prior after some audits: (weight x prior + audits per case) / (weight + audits).

    The last case stands for that many suppliers or more.
    """
    counts = [weight * share for share in prior]
    for audit in audits:
        counts[min(audit.true, len(prior) - 1)] += 1
    total = sum(counts)
    return tuple(count / total for count in counts) if total else tuple(prior)


def audited_coverage(recorded: int, true: int) -> float:
    """(k + 1) / (n + 2): k of n true facts were recorded.

    >>> audited_coverage(3, 8)
    0.4
    """
    return (recorded + 1) / (true + 2)


def with_audits(parameters: Parameters, audits: Sequence[Audit], strata: Strata) -> Parameters:
    """The parameters after some audits; unchanged by none.

    `strata` gives those that a buyer belongs to. Audits that disagree with themselves (more recorded than
    true, none inside but some counted) do not count.
    """
    counted = [audit for audit in audits if audit.outcome in COUNTED and _is_consistent(audit)]
    if not counted:
        return parameters
    rules = parameters.audit_rules
    by_stratum: dict[tuple[str, str], list[Audit]] = defaultdict(list)
    for audit in counted:
        for stratum in dict.fromkeys(_strata_of(audit, strata)):
            by_stratum[audit.relation, stratum].append(audit)
    measured = _measured(by_stratum, rules.min_facts)
    prior = audited_prior(parameters.confidence.prior, rules.prior_weight, counted)
    return replace(
        parameters,
        confidence=replace(parameters.confidence, prior=prior),
        measured={**measured, **parameters.measured},
        audited={key: len(found) for key, found in by_stratum.items()},
        version=f"{parameters.version}+{len(counted)} audits",
    )


def _is_consistent(audit: Audit) -> bool:
    none = audit.outcome == "none_inside"
    return 0 <= audit.recorded <= audit.true and none == (audit.true == 0)


def _strata_of(audit: Audit, strata: Strata) -> list[str]:
    found = strata(audit.buyer) if audit.buyer else (audit.product, EVERYWHERE)
    return [stratum for stratum in found if stratum is not None]


def _measured(
    by_stratum: Mapping[tuple[str, str], Sequence[Audit]], least: int
) -> dict[tuple[str, str], Coverage]:
    found = {}
    for key, audits in by_stratum.items():
        recorded, true = sum(audit.recorded for audit in audits), sum(audit.true for audit in audits)
        if true >= least:
            numbers = {"recorded": float(recorded), "true": float(true), "audits": float(len(audits))}
            found[key] = Coverage(audited_coverage(recorded, true), "audit", numbers)
    return found
