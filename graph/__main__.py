"""Command line: `python -m graph build | check | gaps | changes | query | export | mcp`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from graph.model import FIRST_DAY, LAST_DAY, READINGS, iso_day

FORMATS = ("csv", "tsv", "json", "xml", "ttl", "nt")
USUAL_FORMATS = "text/csv, text/turtle"
"""What `query` prints without `--format`: rows as CSV, a graph as Turtle."""
QUERY_SECONDS = 60.0
MCP_PORT = 8765


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
        if name == "check":
            command.add_argument("--warnings", action="store_true", help="list the row of every warning")
        if name in ("gaps", "changes", "query", "export", "mcp"):
            command.add_argument(
                "--as-of",
                type=_iso_date,
                metavar="YYYY-MM-DD",
                help="day the gaps are found for (default: today)",
            )
        if name == "gaps":
            command.add_argument("--format", choices=("text", "json"), default="text")
            command.add_argument(
                "--reading", choices=READINGS, default=READINGS[0], help="how places are grouped"
            )
            command.add_argument("--detector", metavar="NAME", help="only this detector, such as D1")
            command.add_argument(
                "--lang", choices=("vi", "en"), default="en", help="language of the text format"
            )
        if name == "changes":
            command.add_argument(
                "old",
                nargs="?",
                type=Path,
                metavar="OLD.json",
                help="output of `gaps --format json` (default: the list kept at the last release)",
            )
            command.add_argument("--format", choices=("text", "json"), default="text")
            command.add_argument(
                "--keep", action="store_true", help="keep the present list as that of the release"
            )
        if name == "query":
            command.add_argument("file", type=Path, help="a .rq file; - for standard input")
            command.add_argument("--format", choices=FORMATS, help="default: csv, a graph as ttl")
        if name == "mcp":
            command.add_argument("--http", action="store_true", help="over HTTP instead of standard input")
            command.add_argument(
                "--host", default="127.0.0.1", help="address to serve on (default: 127.0.0.1)"
            )
            command.add_argument("--port", type=int, default=MCP_PORT, help=f"default: {MCP_PORT}")
        if name == "export":
            command.add_argument("--format", choices=("nq", "trig"), default="nq")
    return top


def _iso_date(text: str) -> str:
    try:
        return iso_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is no date; type it as 2025-06-30, from {FIRST_DAY} to {LAST_DAY}"
        ) from error


def build(options: argparse.Namespace) -> int:
    """Build the store from the tables and the ontology; later starts take it from the cache."""
    from graph.curation import load_good

    corridor = load_good(data=options.data)
    print(
        f"{len(corridor.store)} statements in {len(corridor.graphs)} graphs, generation {corridor.generation}"
    )
    return 0


def check(options: argparse.Namespace) -> int:
    """Check tables, rules, terms and shapes; prints each problem with what to type instead."""
    from collections import Counter

    from graph.curation import examine
    from graph.store import load

    corridor = load(data=options.data)
    found = examine(corridor, lambda step: print(f"Checking {step}...", flush=True))
    for problem in found.problems:
        print(f"problem: {problem}")
    kinds = Counter((warning.file, warning.column, warning.message) for warning in found.warnings)
    if options.warnings:
        for warning in found.warnings:
            print(f"warning: {warning}")
    else:
        for (file, column, message), count in kinds.most_common():
            place = f"{file}, column {column}" if column else file
            print(f"warning: {place}: {message} ({count} {'row' if count == 1 else 'rows'})")
    print(
        f"{len(corridor.store)} statements checked: {len(found.problems)} problems, "
        f"{len(found.warnings)} warnings of {len(kinds)} kinds"
        + ("" if options.warnings or not kinds else " (--warnings lists every row)")
    )
    return 1 if found.problems else 0


def gaps(options: argparse.Namespace) -> int:
    """Find the linkage gaps and print them, best evidence of need first."""
    from graph.findings import find_gaps
    from graph.projection import project
    from graph.store import load

    found = find_gaps(
        project(load(data=options.data), options.as_of, options.reading),
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


def changes(options: argparse.Namespace) -> int:
    """Print what is new, closed or changed since an earlier list of gaps, and what explains it."""
    from graph.changes import KINDS, RELEASED, compare, keep, read, rows_of
    from graph.findings import find_gaps
    from graph.projection import project
    from graph.store import load

    corridor = load(data=options.data)
    kept = corridor.data / RELEASED
    now = rows_of(find_gaps(project(corridor, options.as_of)))
    if options.keep:
        keep(now, kept)
        print(f"{len(now)} findings kept in {kept}")
        return 0
    found = compare(read(options.old or kept), now)
    if options.format == "json":
        json.dump(found.as_dict(), sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for kind in KINDS:
        for item in found.of_kind(kind):
            values = (f"{name} {item.before[name]} -> {item.after[name]}" for name in item.fields)  # type: ignore[index]
            about = "; ".join([" ".join([item.row["subject"], *item.row["objects"][:3]]), *values])
            print(f"{kind}\t{item.id}\t{item.row['name']}\t{', '.join(item.causes)}\t{about}")
    for tally in found.tallies:
        print(
            f"{tally.detector} {tally.name}: {tally.before} before, {tally.after} now; "
            f"{tally.new} new, {tally.closed} closed, {tally.changed} changed"
        )
    print(f"differs between the runs: {', '.join(found.causes) or 'nothing'}")
    return 0


def query(options: argparse.Namespace) -> int:
    """Run a .rq file and print the result; 1 if the query cannot be read or was stopped."""
    from graph.publish import analyse
    from graph.sparql import Endpoint, Parameters
    from graph.sparql_problems import Problem
    from graph.store import load
    from graph.workers import QueryPool

    typed = str(options.file) == "-"
    text = sys.stdin.buffer.read().decode() if typed else options.file.read_text("utf-8")
    wanted = Parameters(text, options.format)
    corridor, _, _ = analyse(load(data=options.data), options.as_of)
    with QueryPool(corridor.dump, workers=1, seconds=QUERY_SECONDS) as pool:
        try:
            reply = Endpoint(pool, corridor.graphs).answer(wanted, USUAL_FORMATS).reply
        except Problem as problem:
            print(f"{options.file}: {problem.explained()}", file=sys.stderr)
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

    corridor, _, _ = analyse(load(data=options.data), options.as_of)
    corridor.store.dump(
        sys.stdout.buffer, format={"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG}[options.format]
    )
    return 0


def mcp(options: argparse.Namespace) -> int:
    """Let agents read the graph by the Model Context Protocol."""
    try:
        from graph.mcp.server import is_loopback, serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "graph":
            raise
        print(f"The package {error.name} is missing: run `make mcp` once.", file=sys.stderr)
        return 1
    from graph.curation import load_good
    from graph.mcp.knowledge import Knowledge

    knowledge = Knowledge(load_good(data=options.data), options.as_of)
    try:
        if options.http:
            print(f"http://{options.host}:{options.port}/mcp  (Ctrl+C stops)", file=sys.stderr)
        if options.http and not is_loopback(options.host):
            print("Other machines can reach this address; it asks nobody who they are.", file=sys.stderr)
        serve(knowledge, options.http, options.host, options.port)
    except KeyboardInterrupt:
        pass
    finally:
        knowledge.close()
    return 0


COMMANDS = {
    "build": build,
    "check": check,
    "gaps": gaps,
    "changes": changes,
    "query": query,
    "export": export,
    "mcp": mcp,
}


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
