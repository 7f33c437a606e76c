"""What the pages on trust show: experts against findings, and how complete the records are thought to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from graph.catalogue import Source
from graph.expert_check import VERDICTS, Verdict, agreement_rate, compare, counts
from graph.findings import parameters_of
from graph.gaps.audits import AUDITED
from graph.gaps.coverage import Estimate, estimates
from graph.gaps.plants import EVERYWHERE
from graph.gaps.world import World
from graph.model import Finding
from web import support
from web.views import View


@dataclass(frozen=True)
class ExpertRow:
    """A statement, how it compares, and what it was compared with."""

    verdict: Verdict
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ExpertsPage:
    """The statements with one verdict or all, the tally and the rate."""

    rows: tuple[ExpertRow, ...]
    tally: dict[str, int]
    total: int
    rate: float | None
    chosen: str
    graded: int
    """Findings of grade A."""


@dataclass(frozen=True)
class CoveragePage:
    """Every estimate of coverage, the audits behind them, and the prior in use."""

    estimates: tuple[Estimate, ...]
    audits: int
    prior: tuple[float, ...]
    version: str


def verdicts(view: View) -> tuple[Verdict, ...]:
    """All statements against the findings of a view."""
    return compare(World(view.network, parameters_of(view.network)), view.findings)


def experts_page(chosen: str) -> ExpertsPage:
    """The page for one of VERDICTS, or all if empty."""
    view, catalogue = support.view(), support.site().catalogue
    found = view.part(verdicts)
    rows = tuple(
        ExpertRow(
            verdict,
            tuple(catalogue.best(verdict.statement.sources)),
            tuple(view.findings_by_id[name] for name in verdict.findings if name in view.findings_by_id),
        )
        for verdict in sorted(found, key=lambda one: (VERDICTS.index(one.verdict), one.statement.id))
        if chosen in ("", verdict.verdict)
    )
    graded = sum(finding.grade == "A" for finding in view.findings)
    return ExpertsPage(rows, dict(counts(found)), len(found), agreement_rate(found), chosen, graded)


def experts_json() -> dict[str, Any]:
    """The same for programs; `agreement` is null if no statement could be decided."""
    found = support.view().part(verdicts)
    return {
        "statements": [verdict.as_dict() for verdict in found],
        "counts": dict(counts(found)),
        "agreement": agreement_rate(found),
        "total": len(found),
    }


def coverage_of(view: View) -> CoveragePage:
    """Estimates for the whole corridor and for each locality."""
    parameters = parameters_of(view.network)
    world = World(view.network, parameters)
    audits = sum(parameters.audited.get((relation, EVERYWHERE), 0) for relation in AUDITED)
    return CoveragePage(estimates(world), audits, parameters.confidence.prior, parameters.version)


def coverage_json() -> dict[str, Any]:
    """The same for programs."""
    page = support.view().part(coverage_of)
    rows = [
        {
            "relation": one.relation,
            "stratum": one.stratum,
            "coverage": round(one.coverage.value, 4),
            "method": one.coverage.method,
            "inputs": {name: round(value, 4) for name, value in one.coverage.inputs.items()},
            "enters_findings": one.enters,
            "upper_bound": one.coverage.method == "two_sources",
            "audits": one.audits,
        }
        for one in page.estimates
    ]
    return {"coverage": rows, "audits": page.audits, "prior": page.prior, "parameters": page.version}


def verdict_name(verdict: str) -> str:
    """A verdict in words."""
    names = {
        "agrees": gettext("agrees with the findings"),
        "contradicts": gettext("contradicts the records"),
        "undecided": gettext("cannot be decided"),
    }
    return names[verdict]


def reason_name(reason: str) -> str:
    """Why a statement was judged so."""
    names = {
        "most_missing": gettext(
            "for most of these products no maker is recorded, or the recorded links come from outside"
        ),
        "made_inside": gettext("most of these products are recorded as made for sale in the corridor"),
        "made_there": gettext("the records know a maker there of every product it calls missing"),
        "no_maker": gettext("for most of these products no maker is recorded in the corridor"),
        "takes_no_side": gettext("it does not say whether supply is missing"),
        "names_no_product": gettext("it names no product"),
        "elsewhere": gettext("it is about a place outside the corridor"),
        "too_old": gettext("it is about a time long before the records"),
        "nobody_needs_it": gettext("no recorded plant needs or makes it"),
        "maker_may_not_be_enough": gettext("makers are recorded, but nothing shows whether they are enough"),
        "country_may_make_it": gettext("it is about the country, and the records only know the corridor"),
        "products_differ": gettext("its products compare differently"),
    }
    return names[reason]


def relation_name(relation: str) -> str:
    """A relation whose coverage is estimated, in words."""
    names = {
        "supplied_by": gettext("supply links into a plant"),
        "supplies_to": gettext("supply links out of a plant"),
        "made_by": gettext("makers of a product"),
        "located_in": gettext("plants of a place"),
        "member_of": gettext("members of a body"),
    }
    return names[relation]


def stratum_name(stratum: str) -> str:
    """A stratum in words."""
    return gettext("whole corridor") if stratum == EVERYWHERE else support.label(stratum)


def inputs_text(estimate: Estimate) -> str:
    """The numbers behind an estimate, in words."""
    numbers = {name: support.number(value) for name, value in estimate.coverage.inputs.items()}
    if estimate.coverage.method == "two_sources":
        numbers["estimated"] = support.number(estimate.coverage.inputs["estimated"], 0)
        return gettext(
            "largest source %(first)s, all others %(second)s, both %(both)s; true number about %(estimated)s",
            **numbers,
        )
    if estimate.coverage.method == "degree":
        return gettext(
            "%(links)s corridor links of %(facilities)s plants, against %(benchmark)s per plant", **numbers
        )
    if estimate.coverage.method == "audit":
        return gettext("%(recorded)s of %(true)s recorded, in %(audits)s audits", **numbers)
    return ""
