"""Runs a suite, prints how each folder went and writes it into docs/conformance.md.

    python -m tests.conformance SUITE

Ends with 1 if the endpoint is worse than the engine or a failure is not among the known ones.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conformance.manifest import Suite
from tests.conformance.report import renewed, surprises, table
from tests.conformance.run import run
from tests.conformance.server import serving

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/conformance.md"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("suite", type=Path, help="folder whose folders hold a manifest.ttl each")
    suite = Suite(parser.parse_args().suite)
    if not suite.tests:
        print(f"No test found: {suite.folder} has no folder with a manifest.ttl.", file=sys.stderr)
        return 2
    with serving() as server:
        outcomes = tuple(run(suite, server))
    print(table(outcomes))
    found = surprises(outcomes)
    print(*found, sep="\n")
    DOCUMENT.write_text(renewed(DOCUMENT.read_text("utf-8"), outcomes), "utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
