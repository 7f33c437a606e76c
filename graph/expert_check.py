"""Compares what experts said of supply with what the detectors find.

A statement gives products, a place and a reading: supply is missing (`gap`) or exists (`no_gap`). Its scope
is its products and everything narrower; what counts are those that a plant of the corridor needs, else those
that one makes.

* `gap` agrees where most of the scope has a finding of a missing maker (D1) or of dependence on outside
  supply (D7). It is contradicted where it speaks of the corridor itself, nothing in the scope has such a
  finding and all of it is made there. A maker in the corridor contradicts no statement on the country.
* `no_gap` agrees where most of the scope, the product itself included, is made for sale inside. It is
  contradicted where it speaks of the corridor itself and most of the scope has no maker; makers elsewhere in
  the country are not looked for.

Everything else cannot be decided, and the reason is named; so is what was said of a time `OLD_YEARS` and more
ago, whatever its reading, because the records are those of today. A statement with several products follows
the majority of them. It is independent of a finding if it shares no source with the premises of the finding.
Reference: gap-spec 6.4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from graph.gaps.world import World
from graph.model import Finding, Text

AGREES, CONTRADICTS, UNDECIDED = VERDICTS = ("agrees", "contradicts", "undecided")
COMPARED = ("D1", "D7")
"""Detectors that say that supply is missing or comes from outside."""
OUTSIDE_SHARE = 0.5
"""Share of outside links from which a product counts as bought outside."""
MOST = 0.5
WIDER_PLACES = frozenset({"viet-nam", "northern-viet-nam", "red-river-delta"})
"""Places that hold the corridor and more."""
PLACES = ("locality", "locality_stated")
OLD_YEARS = 9
"""Statements on a time so long ago say nothing of the records of today; an assumption."""
STEPS = 1
"""How much narrower than a statement a finding may be that it raises to grade A."""


@dataclass(frozen=True)
class Statement:
    """What an expert said: `reading` is gap, no_gap or unclear."""

    id: str
    products: tuple[str, ...]
    localities: tuple[str, ...]
    reading: str
    text: Text
    period: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """A statement against the findings, and why."""

    statement: Statement
    verdict: str
    reason: str
    """Why: most_missing, made_inside, made_there, no_maker; or why it cannot be decided: takes_no_side,
    names_no_product, elsewhere, too_old, nobody_needs_it, maker_may_not_be_enough, country_may_make_it,
    products_differ."""
    scope: tuple[str, ...] = ()
    """Products compared."""
    missing: tuple[str, ...] = ()
    """Of these without a maker inside, or bought from outside."""
    made: tuple[str, ...] = ()
    """Of these made for sale inside."""
    findings: tuple[str, ...] = ()
    """Findings on the products in scope."""
    independent: bool = True
    """Whether at least one of the findings shares no source with the statement."""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON form."""
        said = self.statement
        return {
            "id": said.id,
            "text": said.text,
            "products": said.products,
            "localities": said.localities,
            "reading": said.reading,
            "sources": said.sources,
            "verdict": self.verdict,
            "reason": self.reason,
            "compared": self.scope,
            "missing": self.missing,
            "made_inside": self.made,
            "findings": self.findings,
            "independent": self.independent,
        }


def statements_of(world: World) -> tuple[Statement, ...]:
    """The expert statements that the network carries."""
    return tuple(Statement(**row) for row in world.network.graph.get("expert_statements", ()))


def compare(world: World, findings: Iterable[Finding]) -> tuple[Verdict, ...]:
    """Every statement with its verdict, in order of id."""
    facts = _Facts(world, findings)
    return tuple(facts.judge(statement) for statement in statements_of(world))


def agreement_rate(verdicts: Sequence[Verdict]) -> float | None:
    """Share that agrees of those that could be decided; None if none could."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    decided = counts[AGREES] + counts[CONTRADICTS]
    return counts[AGREES] / decided if decided else None


def graded(world: World, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, with grade A where an independent statement of missing supply agrees."""
    if not world.network.graph.get("expert_statements"):
        return list(findings)
    facts = _Facts(world, findings)
    agreeing = [
        statement
        for statement in statements_of(world)
        if statement.reading == "gap" and facts.judge(statement).verdict == AGREES
    ]
    return [
        replace(finding, grade="A")
        if finding.detector in COMPARED and any(_backs(world, said, finding) for said in agreeing)
        else finding
        for finding in findings
    ]


def _backs(world: World, statement: Statement, finding: Finding) -> bool:
    """Whether a statement is on the product of a finding, or one step wider, and rests on other sources."""
    steps = world.upward(finding.subject)
    near = any(steps.get(product, STEPS + 1) <= STEPS for product in statement.products)
    return near and _independent(statement, finding)


def _independent(statement: Statement, finding: Finding) -> bool:
    premises = {source for premise in finding.evidence for source in premise.sources}
    return premises.isdisjoint(statement.sources)


class _Facts:
    """What the findings and the records say of each product."""

    def __init__(self, world: World, findings: Iterable[Finding]) -> None:
        self._world = world
        self._today = int(world.network.graph["as_of"][:4])
        self._on: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.detector in COMPARED:
                self._on[finding.subject].append(finding)
        self._missing = {
            product
            for product, found in self._on.items()
            if any(
                one.detector == "D1" or one.formula.get("outside_share", 0.0) >= OUTSIDE_SHARE
                for one in found
            )
        }
        corridor = world.network.graph["corridor"]
        units = {world.node(place).get("unit") for place in corridor} - {None}
        self._corridor = frozenset({*corridor, *units, "vehec"})

    def judge(self, statement: Statement) -> Verdict:
        """A statement against the facts."""
        undecided = partial(Verdict, statement, UNDECIDED)
        if statement.reading not in ("gap", "no_gap"):
            return undecided("takes_no_side")
        if not statement.products:
            return undecided("names_no_product")
        local = any(place in self._corridor for place in statement.localities)
        if statement.localities and not local and WIDER_PLACES.isdisjoint(statement.localities):
            return undecided("elsewhere")
        if _year(statement.period) <= self._today - OLD_YEARS:
            return undecided("too_old")
        single = [self._judge_product(statement, product, local) for product in statement.products]
        counts = Counter(one.verdict for one in single)
        if counts[AGREES] == counts[CONTRADICTS]:
            reasons = {one.reason for one in single}
            verdict, reason = UNDECIDED, reasons.pop() if len(reasons) == 1 else "products_differ"
        else:
            verdict = AGREES if counts[AGREES] > counts[CONTRADICTS] else CONTRADICTS
            reason = next(one.reason for one in single if one.verdict == verdict)
        merged = {
            name: tuple(sorted({item for one in single for item in getattr(one, name)}))
            for name in ("scope", "missing", "made", "findings")
        }
        on = [finding for product in merged["scope"] for finding in self._on.get(product, ())]
        independent = not on or any(_independent(statement, finding) for finding in on)
        return Verdict(statement, verdict, reason, **merged, independent=independent)

    def _judge_product(self, statement: Statement, product: str, local: bool) -> Verdict:
        scope = self._scope(product)
        missing = tuple(one for one in scope if one in self._missing)
        made = tuple(one for one in scope if self._world.suppliers.get(one))
        found = tuple(finding.id for one in scope for finding in self._on.get(one, ()))
        if not scope:
            verdict, reason = UNDECIDED, "nobody_needs_it"
        elif statement.reading == "gap":
            there = local and all(self._made_in(one, statement.localities) for one in scope)
            verdict, reason = _gap(len(missing) / len(scope), there)
        else:
            most = len(made) >= MOST * len(scope) and bool(self._world.suppliers.get(product))
            verdict, reason = _no_gap(most, local)
        return Verdict(statement, verdict, reason, scope, missing, made, found)

    def _made_in(self, product: str, localities: Collection[str]) -> bool:
        """Whether a plant in one of these localities, or in the corridor if they hold it, sells it."""
        return any(
            "vehec" in localities
            or not {self._world.node(maker).get(key) for key in PLACES}.isdisjoint(localities)
            for maker in self._world.suppliers.get(product, ())
        )

    def _scope(self, product: str) -> tuple[str, ...]:
        """The product and everything narrower that is needed; if nothing is, what is made."""
        world = self._world
        for known in (world.buyers, world.suppliers):
            if scope := tuple(sorted(one for one in known if product in world.upward(one))):
                return scope
        return ()


def _gap(missing: float, made_there: bool) -> tuple[str, str]:
    """Verdict on `gap` from the share of the scope that is missing, and whether all of it is made there."""
    if missing >= MOST:
        return AGREES, "most_missing"
    if made_there and not missing:
        return CONTRADICTS, "made_there"
    return UNDECIDED, "maker_may_not_be_enough"


def _no_gap(most_made: bool, local: bool) -> tuple[str, str]:
    if most_made:
        return AGREES, "made_inside"
    return (CONTRADICTS, "no_maker") if local else (UNDECIDED, "country_may_make_it")


def _year(period: str | None) -> int:
    """Last year of a period such as 2016/2017 or 2025-10; far ahead for none."""
    return int(period.rsplit("/", 1)[-1][:4]) if period else 9999


def counts(verdicts: Iterable[Verdict]) -> Mapping[str, int]:
    """Statements per verdict, in the order of VERDICTS."""
    found = Counter(verdict.verdict for verdict in verdicts)
    return {verdict: found[verdict] for verdict in VERDICTS}
