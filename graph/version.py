"""The version of the code that finds gaps, to tell a change of code from one of data between two runs."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
FINDING = ("gaps/*.py", "findings.py", "expert_check.py", "projection.py", "queries/project/*.rq")
"""Files that decide what is found from the same data and parameters."""
TELLING = ("**/*.py", "queries/project/*.rq")
"""Files that decide also what is told of it."""


@cache
def code_version(parts: tuple[str, ...] = FINDING) -> str:
    """Hash of these files, 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(path for part in parts for path in HERE.glob(part)):
        digest.update(path.relative_to(HERE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
