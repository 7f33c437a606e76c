"""Every kind of bad row stops the build with file, row, column, value and what to type instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph.store import SHIPPED_METADATA, load
from graph.tables import BadTables, Problem, Tables, read_tables

T20 = Path(__file__).parent / "fixtures" / "t20"

# name, file, text in it, what replaces it, row, column, value, part of the message
BAD_CELLS = [
    ("number", "facilities.csv", "anchor,,,100,stated", "anchor,,,about 100,stated", 2, "employees", "about 100", "type a number of 0 or more"),
    ("negative", "facilities.csv", "anchor,,,100,stated", "anchor,,,-100,stated", 2, "employees", "-100", "type a number of 0 or more"),
    ("thousands sign", "facilities.csv", "anchor,,,100,stated", 'anchor,"5,650",,100,stated', 2, "capital_usd_m", "5,650", "no thousands sign"),
    ("closed list", "facilities.csv", "operating,2025-01-01,fixture,\nplant-j", "working,2025-01-01,fixture,\nplant-j", 2, "status", "working", "type one of operating, under-construction"),
    ("no such day", "localities.csv", "hd,province,Hải Dương,Hải Dương,,2025-07-01", "hd,province,Hải Dương,Hải Dương,,2025-02-30", 2, "valid_to", "2025-02-30", "no such date"),
    ("other date order", "localities.csv", "hd,province,Hải Dương,Hải Dương,,2025-07-01", "hd,province,Hải Dương,Hải Dương,,01/07/2025", 2, "valid_to", "01/07/2025", "type a date as 2024-12-31"),
    ("boolean", "localities.csv", "hp-new,true", "hp-new,yes", 2, "in_agreement", "yes", "type true or false"),
    ("required", "facilities.csv", "plant-a,co-a", "plant-a,", 2, "operator", "", "a value is required"),
    ("unknown id", "facilities.csv", "plant-a,co-a,park-k1", "plant-a,co-a,park-k9", 2, "zone", "park-k9", "did you mean park-k"),
    ("id of another table", "facilities.csv", "plant-a,co-a,park-k1", "plant-a,co-a,co-a", 2, "zone", "co-a", "is an id of organizations.csv"),
    ("unknown source", "zones.csv", ",fixture,\npark-k2", ",fixtur,\npark-k2", 2, "sources", "fixtur", "did you mean fixture?"),
    ("no source", "zones.csv", ",fixture,\npark-k2", ",,\npark-k2", 2, "sources", "", "no source"),
    ("id not a slug", "zones.csv", "park-k1,industrial-park", "Park K1,industrial-park", 2, "id", "Park K1", "lower-case letters"),
    ("id twice", "zones.csv", "park-k2,", "park-k1,", 3, "id", "park-k1", "already used in zones.csv, row 2"),
    ("id in two tables", "people.csv", "id,name,sources\n", "id,name,sources\nco-a,Nguyễn Văn A,fixture\n", 2, "id", "co-a", "already used in"),
    ("decomposed letters", "localities.csv", "hd,province,Hải Dương", "hd,province,Ha\u0309i Dương", 2, "name_vi", "Ha\u0309i Dương", "NFC"),
    ("space at the end", "localities.csv", "hd,province,Hải Dương,", "hd,province,Hải Dương ,", 2, "name_vi", "Hải Dương ", "type 'Hải Dương'"),
    ("empty item", "facilities.csv", "prod-glue|prod-mould", "prod-glue||prod-mould", 7, "produces", "prod-glue||prod-mould", "empty item"),
    ("circle", "organizations.csv", "group-g-a,corporate-group,Group gA,Group gA,,,", "group-g-a,corporate-group,Group gA,Group gA,,co-a,", None, "part_of", None, "goes round in a circle"),
    ("too few fields", "people.csv", "id,name,sources\n", "id,name,sources\nsomeone,Nguyễn Văn A\n", 2, None, "", "2 fields, the header has 3"),
    ("unknown column", "people.csv", "id,name,sources", "id,nmae,sources", 1, "nmae", "nmae", "did you mean 'name'?"),
    ("missing column", "people.csv", "id,name,sources", "id,sources", 1, "name", "", "column is missing"),
    ("address", "sources.csv", "https://example.org/fixture", "example.org/fixture", 2, "url", "example.org/fixture", "starts with https://"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the T20 tables that a test may spoil."""
    return Path(shutil.copytree(T20, tmp_path / "data"))


def read(folder: Path) -> Tables:
    return read_tables(folder, SHIPPED_METADATA)


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(BadTables) as caught:
        read(folder)
    return caught.value.problems


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_good_tables_are_read(folder: Path) -> None:
    tables = read(folder)
    assert len(tables.rows["facilities"]) == 10
    assert tables.rows["facilities"][5].cells["produces"] == ["prod-glue", "prod-mould"]


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "column", "value", "message"),
    [case[1:] for case in BAD_CELLS],
    ids=[case[0] for case in BAD_CELLS],
)
def test_a_bad_cell_is_reported_at_its_place(
    folder: Path,
    file: str,
    old: str,
    new: str,
    row: int | None,
    column: str | None,
    value: str | None,
    message: str,
) -> None:
    spoil(folder, file, old, new)
    found = [p for p in problems(folder) if p.file == file and message in p.message]
    assert found, f"no problem of {file} says {message!r}"
    assert (found[0].column, row is None or found[0].row == row) == (column, True)
    assert value is None or found[0].value == value
    if value:
        assert value in str(found[0])


def test_all_problems_are_listed_at_once(folder: Path) -> None:
    spoil(folder, "zones.csv", ",fixture,\npark-k2", ",,\npark-k2")
    spoil(folder, "facilities.csv", "anchor,,,100,stated", "anchor,,,many,stated")
    spoil(folder, "localities.csv", "hp-new,true", "hp-new,perhaps")
    found = problems(folder)
    assert {p.file for p in found} >= {"zones.csv", "facilities.csv", "localities.csv"}
    with pytest.raises(BadTables, match=r"3 problems in the tables; nothing was loaded"):
        read(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "file is missing"),
        (b"", "file is empty"),
        (b"id,name,sources\nx,Nguy\xean,fixture\n", "CSV UTF-8"),
    ],
)
def test_a_broken_file_is_reported(folder: Path, content: bytes | None, message: str) -> None:
    path = folder / "people.csv"
    path.unlink() if content is None else path.write_bytes(content)
    assert any(p.file == "people.csv" and message in p.message for p in problems(folder))


@pytest.mark.parametrize("file", ["organizations.csv", "localities.csv", "sources.csv"])
@pytest.mark.parametrize(
    "content", [None, b"", b"\xea", b"id,nmae\n"], ids=["missing", "empty", "bytes", "header"]
)
def test_an_unread_table_causes_no_further_problems(folder: Path, file: str, content: bytes | None) -> None:
    path = folder / file
    path.unlink() if content is None else path.write_bytes(content)
    assert {p.file for p in problems(folder)} == {file}


def test_one_bad_byte_is_one_problem(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for table in SHIPPED_METADATA.parent.glob("*.csv"):
        shutil.copy(table, folder)
    people = folder / "people.csv"
    people.write_bytes(people.read_bytes().replace("Phạm".encode(), b"Ph\xe1m", 1))
    assert [(p.file, p.row) for p in problems(folder)] == [("people.csv", 2)]


def test_problems_elsewhere_are_still_reported_beside_an_unread_table(folder: Path) -> None:
    (folder / "organizations.csv").write_bytes(b"\xea")
    spoil(folder, "facilities.csv", "plant-a,co-a,park-k1", "plant-a,co-a,park-k9")
    spoil(folder, "localities.csv", "hp-new,true", "hp-new,perhaps")
    assert [p.file for p in problems(folder)] == ["localities.csv", "organizations.csv", "facilities.csv"]


def test_a_byte_order_mark_from_a_spreadsheet_is_accepted(folder: Path) -> None:
    path = folder / "people.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(folder).rows["people"] == []


def test_blank_lines_are_skipped(folder: Path) -> None:
    path = folder / "zones.csv"
    path.write_text(path.read_text("utf-8") + "\n" + "," * 24 + "\n", "utf-8")
    assert len(read(folder).rows["zones"]) == 5


def test_a_curated_row_needs_no_source(folder: Path) -> None:
    spoil(folder, "requirements.csv", "core,source,fixture,", "core,curated,,")
    assert read(folder).rows["requirements"][0].cells["sources"] == []


def test_a_build_that_fails_leaves_the_stored_one_alone(folder: Path) -> None:
    before = load(data=folder)
    spoil(folder, "localities.csv", "hp-new,true", "hp-new,perhaps")
    with pytest.raises(BadTables):
        load(data=folder)
    spoil(folder, "localities.csv", "hp-new,perhaps", "hp-new,true")
    after = load(data=folder)
    assert (after.generation, len(after.store)) == (before.generation, len(before.store))
