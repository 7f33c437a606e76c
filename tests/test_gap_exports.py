"""The findings as CSV and XLSX, and the shipped query behind each."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from graph.gap_export import COLUMNS, FIELDS
from graph.gap_query import BOUND, gap_query
from graph.namespaces import PREFIXES
from graph.query import QUERIES, load_query
from graph.spreadsheet import BYTE_ORDER_MARK, Column, Sheet, csv_text, harmless, workbook

SOFFICE = shutil.which("soffice")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("1=1", "1=1"),
        ("", ""),
    ],
)
def test_no_cell_runs_as_a_formula(cell: str, safe: str) -> None:
    assert harmless(cell) == safe
    assert csv_text([[cell]]).strip(BYTE_ORDER_MARK + "\r\n").strip('"') in (safe, safe.strip("\r\n"))
    book = workbook([Sheet("a", [Column("b")], [[cell]])], "t", "2025-06-30")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_csv_carries_every_column_of_a_finding(client: Any, findings: Any) -> None:
    text = client.get("/gaps.csv?kind=D1&lang=vi").get_data().decode("utf-8")
    assert text.startswith(BYTE_ORDER_MARK)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))))
    wanted = [finding for finding in findings if finding.detector == "D1"]
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == [finding.id for finding in wanted]
    first = rows[0]
    assert first["message_vi"] == wanted[0].message["vi"]
    assert first["flip_en"] == wanted[0].flip["en"]
    assert first["grade"] in ("A", "B", "C")
    assert first["coverage"] == f"{wanted[0].formula['coverage']:.4f}"
    assert first["url"].endswith(f"/gaps/{wanted[0].id}")
    assert any(row["could_diversify"] for row in rows)


def test_every_column_is_explained_in_both_languages() -> None:
    for field in FIELDS:
        assert all(field.title.values()) and all(field.about.values()), field.name


def test_xlsx_is_typed_frozen_and_filtered(client: Any) -> None:
    answer = client.get("/gaps.xlsx?kind=D7&lang=en")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert "<f>" not in sheet
    assert 't="b"' in sheet
    assert 'name="Gaps"' in names and 'name="Columns"' in names


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ("Phụ thuộc nguồn ngoài", "chưa đủ dữ liệu", "giá trị giả định, chưa đo")),
        ("en", ("Dependence on outside supply", "too little data", "assumed default, not measured")),
    ],
)
def test_the_workbook_has_words_for_codes(client: Any, language: str, words: tuple[str, ...]) -> None:
    answer = client.get(f"/gaps.xlsx?kind=D7&lang={language}")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        inside = book.read("xl/sharedStrings.xml").decode()
    assert all(word in inside for word in words)
    assert "outside dependence" not in inside


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is missing: apt-get install libreoffice-calc-nogui")
def test_libreoffice_reads_the_workbook(client: Any, tmp_path: Path) -> None:
    book = tmp_path / "gaps.xlsx"
    book.write_bytes(client.get("/gaps.xlsx?kind=D7&lang=en").get_data())
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76",
               "--outdir", str(tmp_path), str(book)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows = list(csv.reader(io.StringIO((tmp_path / "gaps.csv").read_text(encoding="utf-8"))))
    plain = client.get("/gaps.csv?kind=D7&lang=en").get_data().decode().removeprefix(BYTE_ORDER_MARK)
    wanted = list(csv.DictReader(io.StringIO(plain)))
    assert rows[0] == [field.title["en"] for field in FIELDS]
    for column in ("id", "severity", "message_vi", "plants", "url"):
        assert [row[COLUMNS.index(column)] for row in rows[1:]] == [row[column] for row in wanted]


@pytest.mark.parametrize("detector", BOUND)
def test_the_query_of_a_detector_runs(corridor: Any, findings: Any, detector: str) -> None:
    finding = next((finding for finding in findings if finding.detector == detector), None)
    query = load_query(QUERIES / "gaps" / f"{detector}.rq")
    assert set(query.title) == {"vi", "en"}
    for language in ("vi", "en"):
        text = gap_query(finding, language) if finding else query.text
        rows = list(corridor.store.query(text, prefixes=PREFIXES))
        assert rows or detector in ("D9", "D13", "D14")
        if finding:
            assert f"id:{finding.subject}" in text
