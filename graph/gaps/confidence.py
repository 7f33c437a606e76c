"""How sure a finding is: the posterior probability that what is not recorded is truly absent.

Model (gap-spec 2.3): a need truly has m corridor suppliers with prior probability `prior[m]`, and each
true fact is recorded independently with probability `coverage`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from graph.gaps.parameters import ConfidenceParameters

Posterior = Callable[[float, Sequence[float]], float]
"""Probability of a finding from the coverage and the prior over the number of suppliers."""

GRADES = ("inferred", "claimed", "corroborated")
"""Grade of a statement by its number of sources, two or more alike."""


def conf0(coverage: float, prior: Sequence[float]) -> float:
    """Probability that nothing exists, given that nothing is recorded.

    >>> round(conf0(0.1, (0.50, 0.25, 0.15, 0.10)), 4)
    0.5438
    """
    total = 0.0
    for weight in reversed(prior):
        total = total * (1 - coverage) + weight
    return prior[0] / total


def conf1(coverage: float, prior: Sequence[float]) -> float:
    """Probability that exactly one exists, given that exactly one is recorded.

    >>> round(conf1(0.5, (0.50, 0.25, 0.15, 0.10)), 4)
    0.5263
    """
    total = 0.0
    for m in range(len(prior) - 1, 0, -1):
        total = total * (1 - coverage) + m * prior[m]
    return prior[1] / total


def tilted(prior: Sequence[float], none: float) -> tuple[float, ...]:
    """The prior with probability `none` of no supplier, the other cases scaled in proportion."""
    scale = (1 - none) / (1 - prior[0])
    return (none, *(weight * scale for weight in prior[1:]))


def coverage_for(target: float, prior: Sequence[float], posterior: Posterior = conf0) -> float | None:
    """Least coverage at which the posterior reaches `target`, to 6 decimals; None if it never does."""
    if posterior(1.0, prior) < target:
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if posterior(middle, prior) >= target else (middle, high)
    return high


def label(confidence: float, parameters: ConfidenceParameters) -> str:
    """The word for a confidence: likely_absent, possibly_absent or unknown."""
    if confidence >= parameters.likely:
        return "likely_absent"
    return "possibly_absent" if confidence >= parameters.possibly else "unknown"


def premise_confidence(sources: Sequence[str], parameters: ConfidenceParameters) -> float:
    """Probability that a recorded statement is true, by the sources that state it."""
    return confidence_of(len(sources), parameters)


def confidence_of(sources: int, parameters: ConfidenceParameters) -> float:
    """Probability that a statement with this many sources is true."""
    return parameters.premise[GRADES[min(sources, 2)]]


def sensitivity(
    coverage: float, premise: float, parameters: ConfidenceParameters, posterior: Posterior = conf0
) -> dict[str, float]:
    """Confidence of the same finding under other priors, keyed `confidence_at_pi0_<prior of none>`."""
    posteriors = _at_priors(coverage, parameters.prior, parameters.sensitivity, posterior)
    return {name: premise * value for name, value in posteriors}


@lru_cache(maxsize=4096)
def _at_priors(
    coverage: float, prior: tuple[float, ...], nones: tuple[float, ...], posterior: Posterior
) -> tuple[tuple[str, float], ...]:
    return tuple((f"confidence_at_pi0_{none}", posterior(coverage, tilted(prior, none))) for none in nones)
