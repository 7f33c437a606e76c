"""The parts of the proof: planted gaps, hidden records, a world without structure, time and memory."""

from __future__ import annotations

import gc
import os
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from graph.findings import find_gaps, load_parameters
from graph.gaps import GAP_DETECTORS
from graph.gaps.parameters import Coverage, Parameters
from graph.gaps.world import World
from graph.model import Finding
from tests.bench import bench_gaps_planted as cases
from tests.bench.bench_gaps_measures import bins, calibration_error, coverage_of, prior_of, score
from tests.fixtures.worlds import LOCALITIES, Plan, Shape, needs_of, network_of, plan_of, truth

EXACT = ("D1", "D2", "D3", "D5", "D6", "D7")
BY_NEED = ("D2", "D3")
SHAPES = {
    "usual": Shape(),
    "one supplier per need": Shape(suppliers=(1,)),
    "one supplier per need, eight tiers": Shape(tiers=8, suppliers=(1,)),
}
LEVELS = {"north": 0.9, "port": 0.7, "middle": 0.5, "west": 0.3}
"""Share of the links into a locality that stays recorded."""
AUDITED = 0.05
"""Share of the needs whose real suppliers an audit asks for."""
PRODUCTS_AUDITED = 60
"""Products whose real makers an audit asks for."""
Key = tuple[str, str]


def certain(parameters: Parameters) -> Parameters:
    """Every recorded statement is true in a generated world, so premises count fully."""
    premise = dict.fromkeys(parameters.confidence.premise, 1.0)
    return replace(parameters, confidence=replace(parameters.confidence, premise=premise))


def key_of(finding: Finding) -> Key:
    """What a finding is about, as the truth of a generated world names it."""
    return finding.subject, finding.objects[0] if finding.detector in BY_NEED else ""


def with_prior(parameters: Parameters, prior: tuple[float, ...]) -> Parameters:
    """The parameters with another prior over the number of suppliers."""
    return replace(parameters, confidence=replace(parameters.confidence, prior=prior))


def ranked(findings: Iterable[Finding], detector: str) -> list[Key]:
    """The findings of a detector in rank order, by what they are about."""
    return [key_of(finding) for finding in findings if finding.detector == detector]


# (a) planted gaps


def planted(size: int, seed: int) -> dict[str, dict[str, Any]]:
    """Measures per detector in a world whose records are complete."""
    plan = plan_of(size, seed)
    findings, true = find_gaps(network_of(plan), certain(load_parameters())), truth(plan)
    return {name: score(ranked(findings, name), true[name])._asdict() for name in EXACT}


def planted_structure(size: int, seed: int) -> dict[str, dict[str, Any]]:
    """The same for the detectors of structure, place and coordination, in worlds with cases put in.

    `planted` counts the cases that were put in, `planted_found` those of them that were reported.
    """
    case, parameters = cases.case_of(size, seed), certain(load_parameters())
    suppressed, pairs = cases.deficit_case(size, seed)
    true = {**cases.truth_of(case), "D13": pairs}
    put_in = {**case.planted, "D13": pairs}
    found = [
        finding
        for network, names in ((case.network, set(cases.DETECTORS) - {"D13"}), (suppressed, {"D13"}))
        for finding in find_gaps(network, parameters, names)
    ]
    measures = {}
    for name in cases.DETECTORS:
        keys = [structure_key(case.plan, finding) for finding in found if finding.detector == name]
        measures[name] = {
            **score(keys, true[name])._asdict(),
            "planted": len(put_in[name]),
            "planted_found": len(put_in[name].intersection(keys)),
        }
    return measures


def structure_key(plan: Plan, finding: Finding) -> Key:
    """What a finding of structure is about, as `bench_gaps_planted` names it."""
    if finding.detector == "D14":
        product, hidden = finding.objects
        return finding.subject, f"{product}|{plan.group.get(hidden, hidden)}"
    return finding.subject, finding.objects[0] if finding.detector == "D13" else ""


def planted_with_hidden_links(size: int, seed: int, keep: float) -> dict[str, dict[str, Any]]:
    """The same when a share of the links is not recorded."""
    plan = plan_of(size, seed)
    true = truth(plan)
    hidden = hide_links(plan, dict.fromkeys(LOCALITIES, keep), random.Random(seed))
    findings = find_gaps(network_of(hidden), certain(load_parameters()))
    return {name: score(ranked(findings, name), true[name])._asdict() for name in EXACT}


# (b) hidden records


def hide_links(plan: Plan, keep: dict[str, float], rng: random.Random, small_first: bool = False) -> Plan:
    """The plan with links into each locality kept at a rate, by chance or in proportion to the supplier's size."""
    weights = [
        plan.size.get(supplier, 2500.0) / 2500.0 if small_first else 1.0 for supplier, *_ in plan.links
    ]
    kept = [
        link
        for link, weight in zip(plan.links, weights, strict=True)
        if rng.random() < keep[plan.place[link[1]][1]] * weight
    ]
    return replace(plan, links=kept)


def audited(plan: Plan, hidden: Plan, parameters: Parameters, rng: random.Random) -> dict[str, Parameters]:
    """Parameters with prior and coverage from 5 % of the needs that a plant here could meet: per detector.

    D3 asks for corridor suppliers, D2 for suppliers of any kind, so each has its own prior.
    """
    true, known = suppliers_of(plan), suppliers_of(hidden)
    asked = [
        (plant, needed)
        for plant in plan.makes
        for needed in needs_of(plan, plant)
        if any(plan.group[maker] != plan.group[plant] for maker in plan.makers.get(needed, ()))
    ]
    sample = rng.sample(asked, k=max(1, round(AUDITED * len(asked))))
    local: list[int] = []
    every: list[int] = []
    seen: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for need in sample:
        names = true.get(need, frozenset())
        local.append(sum(name in plan.makes for name in names))
        every.append(len({plan.group.get(name, name) for name in names}))
        place = plan.place[need[0]][1]
        there[place] += len(names)
        seen[place] += len(names & known.get(need, frozenset()))
    coverage = {
        ("supplied_by", place): Coverage(coverage_of(seen[place], there[place]), "audit")
        for place in LOCALITIES
    }
    measured = replace(parameters, measured=coverage)
    return {
        "D3": with_prior(measured, prior_of(local, 3)),
        "D2": with_prior(measured, prior_of(every, 3)),
    }


def suppliers_of(plan: Plan) -> dict[Key, frozenset[str]]:
    """(buyer, product) -> its recorded suppliers."""
    found: dict[Key, set[str]] = defaultdict(set)
    for supplier, buyer, product in plan.links:
        found[buyer, product].add(supplier)
    return {need: frozenset(names) for need, names in found.items()}


def hidden_links(
    size: int, seeds: Sequence[int], small_first: bool, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Stated confidence against precision, with audited and with shipped priors; pooled over the seeds."""
    pools: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    recalls: dict[str, list[float]] = defaultdict(list)
    shipped = certain(load_parameters())
    for seed in seeds:
        progress(f"hidden links, world {seed}")
        plan = plan_of(size, seed)
        true, rng = truth(plan), random.Random(seed)
        hidden = hide_links(plan, LEVELS, rng, small_first)
        network = network_of(hidden)
        by_audit = audited(plan, hidden, shipped, rng)
        for detector, parameters in by_audit.items():
            defaults = with_prior(parameters, shipped.confidence.prior)
            for priors, chosen in (("audited", parameters), ("default", defaults)):
                findings = [f for f in run(network, chosen) if f.detector == detector]
                pools[detector, priors] += [(f.confidence, key_of(f) in true[detector]) for f in findings]
                if priors == "audited":
                    measures = score([key_of(f) for f in findings], true[detector])
                    recalls[detector].append(measures.recall or 0.0)
    return {
        detector: {
            "recall": mean(recalls[detector]),
            **{priors: calibration(pools[detector, priors]) for priors in ("audited", "default")},
        }
        for detector in recalls
    }


def calibration(pairs: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Bins, precision, mean stated confidence and calibration error of (confidence, right)."""
    parts = bins([c for c, _ in pairs], [hit for _, hit in pairs])
    return {
        "findings": len(pairs),
        "precision": mean(hit for _, hit in pairs),
        "stated": mean(c for c, _ in pairs),
        "error": calibration_error(parts),
        "bins": [part._asdict() for part in parts],
    }


def run(network: Any, parameters: Parameters) -> tuple[Finding, ...]:
    """The findings of the detectors that stand alone, ranked."""
    return find_gaps(network, parameters, EXACT)


def hidden_products(size: int, seeds: Sequence[int], keep: float, small_first: bool) -> dict[str, Any]:
    """D1 when product statements are missing: stated confidence against precision, and recall."""
    pools: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    recalls = []
    for seed in seeds:
        plan = plan_of(size, seed)
        rng, true = random.Random(seed), truth(plan)["D1"]
        makes = {
            plant: tuple(
                made for made in products
                if rng.random() < keep * (plan.size[plant] / 2500.0 if small_first else 1.0)
            )
            for plant, products in plan.makes.items()
        }  # fmt: skip
        wanted = sorted({needed for plant in makes for needed in needs_of(plan, plant)})
        sample = rng.sample(wanted, k=min(len(wanted), PRODUCTS_AUDITED))
        prior = prior_of([len(plan.makers.get(product, ())) for product in sample], 40)
        stated = sum(map(len, makes.values())) / sum(map(len, plan.makes.values()))
        network = network_of(replace(plan, makes=makes))
        parameters = replace(certain(load_parameters()), facility_coverage=1.0, makes_coverage=stated)
        for priors, chosen in (("audited", with_prior(parameters, prior)), ("default", parameters)):
            findings = [f for f in run(network, chosen) if f.detector == "D1"]
            pools[priors] += [(f.confidence, key_of(f) in true) for f in findings]
        hits = {key_of(f) for f in findings} & true
        still = {key for key in true if any(key[0] in plan.requires.get(made, ()) for made in _made(makes))}
        recalls.append(len(hits) / len(still) if still else 1.0)
    return {"recall": mean(recalls), **{priors: calibration(pairs) for priors, pairs in pools.items()}}


def _made(makes: dict[str, tuple[str, ...]]) -> set[str]:
    return {made for products in makes.values() for made in products}


# (c) a world without structure

STRUCTURED = Shape(weak="west", apart=0.2, shunned=("north", "port"))


def without_structure(plan: Plan, rng: random.Random) -> Plan:
    """The plan with who is supplied dealt anew among the plants that need the product, and by whom drawn anew
    among all that make it. Products and outside sources keep their links; only the place loses its meaning."""
    served: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    buyers: dict[str, list[str]] = defaultdict(list)
    known = suppliers_of(plan)
    for plant in plan.makes:
        for needed in needs_of(plan, plant):
            buyers[needed].append(plant)
            served[needed].append(tuple(sorted(known.get((plant, needed), ()))))
    links = []
    for needed, names in buyers.items():
        rng.shuffle(served[needed])
        for buyer, some in zip(names, served[needed], strict=True):
            others = [maker for maker in plan.makers.get(needed, ()) if maker != buyer]
            drawn = {rng.choice(others) if name in plan.makes else name for name in some}
            links += [(name, buyer, needed) for name in sorted(drawn)]
    return replace(plan, links=links)


def null(size: int, seeds: Sequence[int]) -> dict[str, dict[str, float]]:
    """How strongly D3, D4 and D13 point at what was planted, before and after the structure is taken out.

    Means over the seeds.
    """
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for seed in seeds:
        plan = plan_of(size, seed, shape=STRUCTURED)
        found["planted"].append(pointing(plan))
        found["without structure"].append(pointing(without_structure(plan, random.Random(seed))))
    return {name: {key: mean(one[key] for one in all_) for key in all_[0]} for name, all_ in found.items()}


def pointing(plan: Plan) -> dict[str, float]:
    """D3: open needs per need in the weak locality, over that elsewhere. D4: mean place of the parks built apart
    in a ranking of all parks, 0.5 by chance, 1 if they come first. D13: pairs reported, and whether the one is."""
    findings = find_gaps(network_of(plan), certain(load_parameters()))
    open_needs, needs = Counter(), Counter()
    for plant in plan.makes:
        needs[plan.place[plant][1]] += len(needs_of(plan, plant))
    for finding in findings:
        if finding.detector == "D3":
            open_needs[plan.place[finding.subject][1]] += 1
    weak, shunned = STRUCTURED.weak, STRUCTURED.shunned
    here = open_needs[weak] / needs[weak]
    there = sum(open_needs[p] for p in LOCALITIES if p != weak) / sum(
        needs[p] for p in LOCALITIES if p != weak
    )
    severity = {f.subject: f.severity for f in findings if f.detector == "D4"}
    zones = {place[0] for place in plan.place.values()}
    apart = [severity.get(zone, 0.0) for zone in sorted(plan.apart & zones)]
    others = [severity.get(zone, 0.0) for zone in sorted(zones - plan.apart)]
    ahead = mean((a > b) + 0.5 * (a == b) for a in apart for b in others)
    pairs = [(f.subject, f.objects[0] if f.objects else "") for f in findings if f.detector == "D13"]
    return {
        "D3 ratio": here / there,
        "D4 ahead": ahead,
        "D13 pairs": float(len(pairs)),
        "D13 planted pair": float(any(set(shunned or ()) == set(pair) for pair in pairs)),
    }


# (d) time and memory


def cost(size: int, seed: int, shape: Shape) -> dict[str, Any]:
    """Processor seconds and memory of the graph and of each detector, in one run; the plan is not counted."""
    plan = plan_of(size, seed, shape=shape)
    gc.collect()
    gc.disable()
    try:
        before, start = memory(), time.process_time()
        network = network_of(plan)
        build, held = time.process_time() - start, memory() - before
        parameters, steps = load_parameters(), []
        start, before = time.process_time(), memory()
        world, found = World(network, parameters), []  # type: World, list[Finding]
        steps.append(_step("indexes", start, before, 0, build))
        for detector in GAP_DETECTORS:
            begun, had, number = time.process_time(), memory(), len(found)
            found += list(detector.find(world, tuple(found)))
            steps.append(_step(detector.DETECTOR, begun, had, len(found) - number, build))
        total = time.process_time() - start
    finally:
        gc.enable()
    return {
        "facilities": size,
        "links": len(plan.links),
        "graph_seconds": build,
        "graph_mb": held,
        "seconds": total,
        "ratio": total / build,
        "mb": memory() - before,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "steps": steps,
    }


def _step(name: str, start: float, before: float, findings: int, build: float) -> dict[str, Any]:
    seconds = time.process_time() - start
    return {
        "name": name,
        "findings": findings,
        "seconds": seconds,
        "ratio": seconds / build,
        "mb": memory() - before,
    }


def memory() -> float:
    """Resident memory of this process in MB."""
    with Path("/proc/self/statm").open(encoding="ascii") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def costs(
    sizes: Sequence[int], progress: Callable[[str], None], harsh_up_to: int
) -> Iterator[dict[str, Any]]:
    """Costs for each shape and size, each in a process of its own so that memory is not shared."""
    for name, shape in SHAPES.items():
        for size in sizes:
            if name == "usual" or size <= harsh_up_to:
                progress(f"time and memory, {size} facilities, {name}")
                yield {"shape": name, **apart(cost, size, 1, shape)}


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a call in a process of its own."""
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)
