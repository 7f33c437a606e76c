"""Tables that went through a spreadsheet program say what they said before."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from graph.statements import Statement, statements
from graph.store import SHIPPED_METADATA
from graph.tables import read_tables

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
DATA = SHIPPED_METADATA.parent
READ = "CSV:44,34,76,1,,0,false,false"
"""Comma, quotation mark, UTF-8, from line 1; numbers are recognised, special ones (dates, 5,650) are not."""
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"


def stated(folder: Path) -> set[Statement]:
    return set(statements(read_tables(folder, SHIPPED_METADATA)))


def convert(files: list[Path], out: Path, kind: str, profile: Path, *options: str) -> list[Path]:
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}", *options]
    command += ["--convert-to", kind, "--outdir", str(out), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    made = [out / f"{path.stem}.{kind.partition(':')[0]}" for path in files]
    assert all(path.exists() for path in made), done.stderr
    return made


@pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is missing (Debian: apt-get install libreoffice-calc-nogui)"
)
def test_libreoffice_leaves_the_statements_as_they_were(tmp_path: Path) -> None:
    tables = sorted(DATA.glob("*.csv"))
    profile = tmp_path / "profile"
    books = convert(tables, tmp_path / "books", "xlsx", profile, f"--infilter={READ}")
    saved = convert(books, tmp_path / "saved", WRITE, profile)
    assert any(old.read_bytes() != new.read_bytes() for old, new in zip(tables, saved, strict=True))
    assert stated(tmp_path / "saved") == stated(DATA)
