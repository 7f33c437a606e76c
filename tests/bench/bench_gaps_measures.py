"""Measures of a ranked list against the truth, and of stated confidence against what was right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, TypeVar

Key = TypeVar("Key")


class Score(NamedTuple):
    """How a ranked list does against the truth; None where there is nothing to divide by."""

    found: int
    true: int
    precision: float | None
    recall: float | None
    precision_at_20: float | None
    average_precision: float | None


class Bin(NamedTuple):
    """Findings of like confidence: how many, what they state, how many of them are right."""

    number: int
    stated: float
    right: float


def score(ranked: Sequence[Key], truth: Collection[Key]) -> Score:
    """Measures of a ranked list without repeats."""
    right = [key in truth for key in ranked]
    hits = sum(right)
    first = right[:20]
    return Score(
        len(ranked),
        len(truth),
        hits / len(ranked) if ranked else None,
        hits / len(truth) if truth else None,
        sum(first) / len(first) if first else None,
        average_precision(right, len(truth)) if truth else None,
    )


def average_precision(right: Sequence[bool], true: int) -> float:
    """Mean over all that is true of the precision at the place where it was found; 0 for what was not."""
    hits, total = 0, 0.0
    for place, hit in enumerate(right, 1):
        if hit:
            hits += 1
            total += hits / place
    return total / true


def bins(stated: Sequence[float], right: Sequence[bool], number: int = 5) -> list[Bin]:
    """Findings in bins of equal width over 0..1; empty ones are left out."""
    found: list[list[tuple[float, bool]]] = [[] for _ in range(number)]
    for confidence, hit in zip(stated, right, strict=True):
        found[min(number - 1, int(confidence * number))].append((confidence, hit))
    return [
        Bin(len(some), sum(c for c, _ in some) / len(some), sum(hit for _, hit in some) / len(some))
        for some in found
        if some
    ]


def calibration_error(found: Sequence[Bin]) -> float:
    """Mean over the bins of |stated confidence - share that is right|."""
    return sum(abs(one.stated - one.right) for one in found) / len(found)


def prior_of(suppliers: Sequence[int], most: int) -> tuple[float, ...]:
    """Shares of audited cases with 0, 1, ... `most` (or more); one case is spread over all so that none is 0."""
    counts = [1 / (most + 1)] * (most + 1)
    for number in suppliers:
        counts[min(number, most)] += 1
    return tuple(count / sum(counts) for count in counts)


def coverage_of(recorded: int, true: int) -> float:
    """Share of independently found facts that were already on record, (k + 1) / (n + 2)."""
    return (recorded + 1) / (true + 2)
