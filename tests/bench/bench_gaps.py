"""How good the gap finder is, on generated worlds whose truth is known: `make bench-gaps`.

    python -m tests.bench.bench_gaps [--sizes 500,5000,50000] [--out docs]

Writes docs/gap-proof.json, which the page /proof shows, and docs/gap-proof.md. Seeds are fixed. The three usual
sizes take about ten minutes, most of it for the largest world; SIZES=500,5000 leaves it out.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench import bench_gaps_parts as parts
from tests.bench.bench_gaps_text import document

ROOT = Path(__file__).resolve().parents[2]
SIZES = (500, 5_000, 50_000)
SEED = 1
HIDDEN_SIZE = 3_000
HIDDEN_SEEDS = (1, 2)
KEPT = (0.9, 0.75, 0.5, 0.3)
NULL_SIZE = 2_000
NULL_SEEDS = (1, 2, 3, 4, 5)
HARSH_UP_TO = 50_000
AIM_RATIO, AIM_GROWTH, AIM_ERROR = 10, 13, 0.05


def measure(sizes: list[int]) -> dict[str, Any]:
    """All four parts; says on standard error what it is at."""
    start = time.monotonic()

    def progress(text: str) -> None:
        print(f"[{time.monotonic() - start:5.0f} s] {text}", file=sys.stderr, flush=True)

    costs = list(parts.costs(sizes, progress, HARSH_UP_TO))
    planted = []
    for size in sizes:
        progress(f"planted gaps, {size} facilities, complete records")
        planted.append({"size": size, "detectors": parts.apart(parts.planted, size, SEED)})
    structure = []
    for size in sizes:
        progress(f"planted cases of structure, {size} facilities, complete records")
        structure.append({"size": size, "detectors": parts.apart(parts.planted_structure, size, SEED)})
    ranks = []
    for keep in KEPT:
        progress(f"planted gaps, {HIDDEN_SIZE} facilities, {keep:.0%} of the links recorded")
        ranks.append({"kept": keep, "detectors": parts.planted_with_hidden_links(HIDDEN_SIZE, SEED, keep)})
    links = {
        name: parts.hidden_links(HIDDEN_SIZE, HIDDEN_SEEDS, small_first, progress)
        for name, small_first in (("random", False), ("small_first", True))
    }
    products = []
    for keep in KEPT:
        progress(f"hidden products, {keep:.0%} recorded")
        products.append({
            "kept": keep,
            "random": parts.hidden_products(HIDDEN_SIZE, HIDDEN_SEEDS, keep, False),
            "small_first": parts.hidden_products(HIDDEN_SIZE, HIDDEN_SEEDS, keep, True),
        })  # fmt: skip
    progress("a world without structure")
    result = {
        "command": "make bench-gaps"
        + ("" if tuple(sizes) == SIZES else f" SIZES={','.join(map(str, sizes))}"),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, shared with other work; times are processor time, read as ratios",
        "seed": SEED,
        "aims": {"ratio": AIM_RATIO, "growth": AIM_GROWTH, "error": AIM_ERROR},
        "planted": planted,
        "structure": structure,
        "ranks": ranks,
        "hidden_size": HIDDEN_SIZE,
        "levels": parts.LEVELS,
        "links": links,
        "products": products,
        "null_size": NULL_SIZE,
        "null_worlds": len(NULL_SEEDS),
        "null": parts.null(NULL_SIZE, NULL_SEEDS),
        "costs": costs,
        "growth": growth(costs),
    }
    progress("done")
    return result


def growth(costs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Time and memory from each size to the next of the same shape, as ratios; time also for a tenfold world."""
    found = []
    for before, after in pairwise(costs):
        if before["shape"] == after["shape"]:
            times = after["facilities"] / before["facilities"]
            ratio = after["seconds"] / before["seconds"]
            found.append({
                "shape": before["shape"],
                "from": before["facilities"],
                "to": after["facilities"],
                "links": after["links"] / before["links"],
                "graph": after["graph_seconds"] / before["graph_seconds"],
                "time": ratio,
                "time_tenfold": ratio * 10 / times,
                "memory": after["mb"] / max(before["mb"], 1.0),
            })  # fmt: skip
    return found


def rounded(value: Any) -> Any:
    """Numbers to four decimals, as findings are printed."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def main() -> None:
    choices = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    choices.add_argument("--sizes", default=os.environ.get("SIZES") or ",".join(map(str, SIZES)))
    choices.add_argument("--out", type=Path, default=ROOT / "docs")
    chosen = choices.parse_args()
    result = rounded(measure([int(size) for size in chosen.sizes.split(",")]))
    chosen.out.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    (chosen.out / "gap-proof.json").write_text(text, encoding="utf-8")
    (chosen.out / "gap-proof.md").write_text(document(result), encoding="utf-8")
    print(document(result))


if __name__ == "__main__":
    main()
