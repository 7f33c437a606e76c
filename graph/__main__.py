"""Command line: `python -m graph build | check | gaps | query | export`."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path

FORMATS = ("csv", "tsv", "json", "xml", "ttl", "nt")
USUAL_FORMATS = "text/csv, text/turtle"
"""What `query` prints without `--format`: rows as CSV, a graph as Turtle."""
QUERY_SECONDS = 60.0


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="python -m graph", description="The VEHEC knowledge graph from the command line."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, what in COMMANDS.items():
        command = commands.add_parser(name, help=what.__doc__, description=what.__doc__)
        command.add_argument(
            "--data", default="data", metavar="DIR", help="folder with the tables (default: data)"
        )
        command.set_defaults(run=what)
        if name == "gaps":
            command.add_argument("--format", choices=("text", "json"), default="text")
            command.add_argument(
                "--as-of",
                type=_iso_date,
                metavar="YYYY-MM-DD",
                help="day the records are read for (default: today)",
            )
            command.add_argument("--detector", metavar="NAME", help="only this detector, such as D1")
            command.add_argument(
                "--lang", choices=("vi", "en"), default="en", help="language of the text format"
            )
        if name == "query":
            command.add_argument("file", type=Path, help="a .rq file")
            command.add_argument("--format", choices=FORMATS, help="default: csv, a graph as ttl")
        if name == "export":
            command.add_argument("--format", choices=("nq", "trig"), default="nq")
    return top


def _iso_date(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; type it as 2025-06-30") from error


def build(options: argparse.Namespace) -> int:
    """Build the store from the tables and the ontology; later starts take it from the cache."""
    from graph.store import load

    corridor = load(data=options.data)
    print(
        f"{len(corridor.store)} statements in {len(corridor.graphs)} graphs, generation {corridor.generation}"
    )
    return 0


def check(options: argparse.Namespace) -> int:
    """Check tables, ontology and queries; prints each problem with what to type instead."""
    from graph.query import QUERIES, load_queries
    from graph.store import ROOT, load
    from graph.vocabulary import read_vocabulary, used_terms, vocabulary_problems

    corridor = load(data=options.data)
    failed = 0
    for query in load_queries(QUERIES / "checks"):
        offenders = query.offenders(corridor.store)
        failed += bool(offenders)
        print(f"{'FAILED' if offenders else 'ok':6} {query.title['en']}")
        for row in offenders[:20]:
            print("       " + "  ".join(row))
    unnamed = list(vocabulary_problems(read_vocabulary(ROOT / "ontology"), used_terms(corridor.store)))
    print(f"{'FAILED' if unnamed else 'ok':6} Every term is declared and named in both languages")
    for problem in unnamed:
        print(f"       {problem}")
    print(f"{len(corridor.store)} statements checked")
    return 1 if failed or unnamed else 0


def gaps(options: argparse.Namespace) -> int:
    """Find the linkage gaps and print them, best evidence of need first."""
    from graph.findings import find_gaps
    from graph.projection import project
    from graph.store import load

    found = find_gaps(
        project(load(data=options.data), options.as_of),
        detectors=[options.detector] if options.detector else None,
    )
    if options.format == "json":
        json.dump([finding.as_dict() for finding in found], sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for finding in found:
        if finding.listed:
            numbers = f"{finding.severity:.2f} {finding.confidence:.2f}"
            print(f"{finding.id}  {numbers}  {finding.message[options.lang]}")
    return 0


def query(options: argparse.Namespace) -> int:
    """Run a .rq file and print the result."""
    from graph.publish import analyse
    from graph.sparql import Endpoint, Parameters, Problem
    from graph.store import load
    from graph.workers import QueryPool

    wanted = Parameters(options.file.read_text("utf-8"), options.format)
    corridor, _, _ = analyse(load(data=options.data))
    with QueryPool(corridor.dump, workers=1, seconds=QUERY_SECONDS) as pool:
        try:
            reply = Endpoint(pool, corridor.graphs).answer(wanted, USUAL_FORMATS).reply
        except Problem as problem:
            found = problem.as_dict()
            texts = (found["title"] + ".", found["detail"], found.get("reason"), found.get("hint"))
            print(f"{options.file}:", *filter(None, texts), file=sys.stderr)
            return 1
    sys.stdout.buffer.write(reply.body)
    if reply.truncated:
        print(f"The answer stops at {reply.rows} rows.", file=sys.stderr)
    return 0


def export(options: argparse.Namespace) -> int:
    """Print every statement with its graph."""
    from pyoxigraph import RdfFormat

    from graph.publish import analyse
    from graph.store import load

    corridor, _, _ = analyse(load(data=options.data))
    corridor.store.dump(
        sys.stdout.buffer, format={"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}[options.format]
    )
    return 0


COMMANDS = {"build": build, "check": check, "gaps": gaps, "query": query, "export": export}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; problems go to standard error as text, never as a traceback."""
    options = parser().parse_args(arguments)
    try:
        return options.run(options)
    except BrokenPipeError:
        return 0
    except OSError as error:
        print(f"{error.filename}: {error.strerror}" if error.filename else error, file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
