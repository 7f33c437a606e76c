"""The results of the proof as a document in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

LIMITS = (
    "All worlds come from one generator: needs, suppliers and sizes are drawn from simple rules. Real networks "
    "have heavier tails, firms that are hubs, and records that favour who is in the news.",
    "The truth is written by a second reading of the same definitions. Agreement shows that the code does what "
    "the definitions say, not that the definitions name what hurts a plant.",
    "Confidence is right only as far as the audit is: it is drawn by chance here. An audit of plants that are easy "
    "to reach gives a prior that is wrong for the others.",
    "Requirement rows are taken as true. A wrong row yields wrong findings that no measure here shows.",
    "D4, D8, D9, D10, D11, D13 and D14 are scored with complete records only; how they fare with records missing "
    "is not measured. D8 is scored on which plants it names, not on their order.",
    "The truth of D13 is the pairs that were suppressed, and nothing else. In a small world too few links are "
    "expected between two localities to see it.",
    "D12 is a fact about the records and is not scored.",
)


def document(result: dict[str, Any]) -> str:
    """The whole document; `result` is gap-proof.json."""
    return "\n".join(
        [*_head(result), *_planted(result), *_hidden(result), *_null(result), *_costs(result), *_limits()]
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows), ""]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return (
        f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
    )


def _head(result: dict[str, Any]) -> list[str]:
    return [
        "# How good the gap finder is",
        "",
        "Measured on generated worlds, where every gap is known. Generated file; write it again with:",
        "",
        f"```\n{result['command']}\n```",
        "",
        f"Date: {result['date']}. Machine: {result['machine']}. Seed: {result['seed']}.",
        "",
    ]


def _planted(result: dict[str, Any]) -> list[str]:
    names = ("found", "true", "precision", "recall", "precision_at_20", "average_precision")
    head = ("findings", "true gaps", "precision", "recall", "precision@20", "average precision")
    complete = [
        (block["size"], detector, *(values[name] for name in names))
        for block in result["planted"]
        for detector, values in block["detectors"].items()
    ]
    structure = [
        (block["size"], detector, *(values[name] for name in (*names, "planted", "planted_found")))
        for block in result["structure"]
        for detector, values in block["detectors"].items()
    ]
    sizes = ", ".join(f"{block['size']:,}" for block in result["structure"])
    hidden = [
        (f"{block['kept']:.0%}", detector, *(values[name] for name in names))
        for block in result["ranks"]
        for detector, values in block["detectors"].items()
    ]
    return [
        "## Planted gaps, complete records",
        "",
        *_table(("facilities", "detector", *head), complete),
        "## Planted cases of structure, place and coordination, complete records",
        "",
        "Cases put into other worlds of the same generator: parks that trade with nobody outside (D4), an only source "
        "behind both suppliers of a need (D8, D14), units outside the agreement that sell here and park boards "
        "without a path to the council (D9), parks of one sector (D10), parks far from everything (D11). What else "
        "is true there by the definition counts as well. D13 has a world of its own, where suppliers are drawn "
        "evenly but for two pairs of localities, and only these two are true. The last two columns: cases put in, and "
        f"how many of them were reported. Sizes run: {sizes}.",
        "",
        *_table(("facilities", "detector", *head, "put in", "of them found"), structure),
        f"## The same with links missing by chance ({result['hidden_size']:,} facilities)",
        "",
        *_table(("links recorded", "detector", *head), hidden),
    ]


def _hidden(result: dict[str, Any]) -> list[str]:
    levels = ", ".join(f"{place} {share:.0%}" for place, share in result["levels"].items())
    rows = [
        (hiding.replace("_", " "), detector, priors, values["recall"], *_errors(values[priors]))
        for hiding, detectors in result["links"].items()
        for detector, values in detectors.items()
        for priors in ("audited", "default")
    ]
    products = [
        (f"{block['kept']:.0%}", hiding.replace("_", " "), priors, values["recall"], *_errors(values[priors]))
        for block in result["products"]
        for hiding, values in block.items()
        if hiding != "kept"
        for priors in ("audited", "default")
    ]
    head = ("priors", "recall", "precision", "stated confidence", "calibration error")
    return [
        "## Hidden links: is the stated confidence right?",
        "",
        f"Links recorded by locality of the buyer: {levels}. Priors and coverage come from an audit of 5 % of the "
        "needs that a plant here could meet; default priors are those of `data/parameters.toml` with the audited "
        "coverage. Calibration error: mean difference of stated confidence and share that is right over the bins "
        f"of five that hold findings. Aim with audited priors: at most {result['aims']['error']}. In `small first` "
        "a link is recorded in proportion to the size of its supplier.",
        "",
        *_table(("hidden", "detector", *head), rows),
        "## Hidden products (D1)",
        "",
        "Audited priors come from asking for the real makers of 60 products. Few products are missing in these "
        "worlds, so one world has few findings and the bins are rough.",
        "",
        *_table(("products recorded", "hidden", *head), products),
    ]


def _errors(values: dict[str, Any]) -> tuple[float, float, float]:
    return values["precision"], values["stated"], values["error"]


def _null(result: dict[str, Any]) -> list[str]:
    names = ("D3 ratio", "D4 ahead", "D13 pairs", "D13 planted pair")
    rows = [(world, *(values[name] for name in names)) for world, values in result["null"].items()]
    return [
        f"## A world without structure (means of {result['null_worlds']} worlds of {result['null_size']:,} facilities)",
        "",
        "One locality buys little here, a fifth of the parks keep to themselves, and one pair of localities hardly "
        "trades. Then every link is dealt anew among the plants that need and make the same product. D3: open needs "
        "per need in that locality over the rest (chance: 1). D4: share of park pairs in which the park built apart "
        "ranks ahead (chance: 0.5). D13: pairs reported, and whether the planted one is among them (chance: 0). "
        "Where the second row is not at chance, the detector still sees something that is not there.",
        "",
        *_table(("world", *names), rows),
    ]


def _costs(result: dict[str, Any]) -> list[str]:
    aims = result["aims"]
    runs = [
        (
            run["shape"],
            run["facilities"],
            run["links"],
            run["ratio"],
            f"{run['mb']:.0f}",
            f"{run['graph_mb']:.0f}",
        )
        for run in result["costs"]
    ]
    grown = [
        (
            row["shape"],
            f"{row['from']:,} to {row['to']:,}",
            row["links"],
            row["graph"],
            row["time"],
            row["memory"],
        )
        for row in result["growth"]
    ]
    usual = [run for run in result["costs"] if run["shape"] == "usual"]
    steps = [
        (
            step["name"],
            *(f"{run['steps'][at]['ratio']:.2f} ({run['steps'][at]['mb']:.0f} MB)" for run in usual),
        )
        for at, step in enumerate(usual[0]["steps"])
    ]
    return [
        "## Time and memory",
        "",
        f"Time as a ratio to building the NetworkX graph in the same run (aim: at most {aims['ratio']} in the largest "
        f"usual world); growth for a tenfold world (aim: at most {aims['growth']}). The step that first needs an "
        "index pays for it. Memory is the growth of the process; what an earlier step freed is used again, so a "
        "detector may show 0.",
        "",
        *_table(
            ("world", "facilities", "links", "time ratio", "MB of the findings", "MB of the graph"), runs
        ),
        *_table(("world", "size", "links x", "graph time x", "time x", "memory x"), grown),
        *_table(("step", *(f"{run['facilities']:,} facilities" for run in usual)), steps),
    ]


def _limits() -> list[str]:
    return ["## What this does not show", "", *(f"- {line}" for line in LIMITS), ""]
