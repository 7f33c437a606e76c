"""Ways to spoil the data: each is named with file, row, column and remedy, and nothing of it enters the graph."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graph import store
from graph.__main__ import main
from graph.curation import ONTOLOGY, examine, load_good, stray_files
from graph.namespaces import PREFIXES
from graph.shapes import check_shapes
from graph.sheet import Limits
from graph.statements import Statement, statements
from graph.store import SHAPES, SHIPPED_METADATA
from graph.tables import BadTables, Problem, read_tables

T20 = Path(__file__).parent / "fixtures" / "t20"
PLANT_A = "anchor,,,100,stated,,,operating,2025-01-01"
DECOMPOSED = "Ha\u0309i Dương"

# name, file, text in it, what replaces it, row, column, part of the message
CELLS = [
    ("unknown id", "facilities.csv", "plant-a,co-a,park-k1", "plant-a,co-a,park-k9", 2, "zone", "did you mean park-k"),
    ("id of another table", "facilities.csv", "plant-a,co-a,park-k1", "plant-a,co-a,co-b", 2, "zone", "is an id of organizations.csv"),
    ("unknown source", "facilities.csv", "2025-01-01,fixture,\nplant-j", "2025-01-01,fixtures,\nplant-j", 2, "sources", "did you mean fixture?"),
    ("missing source", "zones.csv", ",fixture,\npark-k2", ",,\npark-k2", 2, "sources", "add the document there first"),
    ("duplicate slug", "zones.csv", "park-k2,", "park-k1,", 3, "id", "take another id"),
    ("slug of another table", "zones.csv", "park-k2,", "co-a,", 17, "id", "already used in zones.csv, row 3"),
    ("name for an id", "zones.csv", "park-k1,industrial", "Khu Tràng Duệ,industrial", 2, "id", "type khu-trang-due"),
    ("cycle in products", "products.csv", "electronics,electronics,2610,,intermediate,,", "electronics,electronics,2610,,intermediate,prod-panel,", None, "broader", "remove one of these links"),
    ("date 31/02", "localities.csv", "Hải Dương,,2025-07-01", "Hải Dương,,31/02/2025", 2, "valid_to", "there is no such date"),
    ("date 2025-02-31", "localities.csv", "Hải Dương,,2025-07-01", "Hải Dương,,2025-02-31", 2, "valid_to", "no such date"),
    ("day first", "localities.csv", "Hải Dương,,2025-07-01", "Hải Dương,,31/12/2024", 2, "valid_to", "here 2024-12-31"),
    ("day or month first", "localities.csv", "Hải Dương,,2025-07-01", "Hải Dương,,01/07/2025", 2, "valid_to", "here 2025-07-01 (day first) or 2025-01-07 (month first)"),
    ("month name of a spreadsheet", "localities.csv", "Hải Dương,,2025-07-01", "Hải Dương,,Jul-25", 2, "valid_to", "here 2025-07"),
    ("day number of a spreadsheet", "localities.csv", "Hải Dương,,2025-07-01", "Hải Dương,,45839", 2, "valid_to", "here 2025-07-01"),
    ("date with a time", "localities.csv", "Hải Dương,,2025-07-01", "Hải Dương,,2025-07-01 00:00:00", 2, "valid_to", "here 2025-07-01"),
    ("area with a unit", "zones.csv", "hp,,,,,,,,,operating", 'hp,,,,"12,5 ha",,,,,operating', 2, "area_ha", "type 12.5"),
    ("decimal comma", "zones.csv", "hp,,,,,,,,,operating", 'hp,,,,"12,5",,,,,operating', 2, "area_ha", "type 12.5"),
    ("Vietnamese thousands", "zones.csv", "hp,,,,,,,,,operating", 'hp,,,,"1.250,5",,,,,operating', 2, "area_ha", "type 1250.5"),
    ("thousands or decimals", "zones.csv", "hp,,,,,,,,,operating", 'hp,,,,"1,250",,,,,operating', 2, "area_ha", "type 1250, or 1.250 if the comma is the decimal sign"),
    ("thousands of people", "facilities.csv", PLANT_A, PLANT_A.replace("100", "1.250"), 2, "employees", "type 1250"),
    ("space in a number", "facilities.csv", PLANT_A, PLANT_A.replace("100", "1 250"), 2, "employees", "type 1250"),
    ("about", "facilities.csv", PLANT_A, PLANT_A.replace("100", "about a hundred"), 2, "employees", "type a number of 0 or more"),
    ("negative", "facilities.csv", PLANT_A, PLANT_A.replace("100", "-100"), 2, "employees", "type a number of 0 or more"),
    ("scientific", "zones.csv", "hp,,,,,,,,,operating", "hp,,,,1E+05,,,,,operating", 2, "area_ha", "type a number"),
    ("not a number", "zones.csv", "hp,,,,,,,,,operating", "hp,,,,NaN,,,,,operating", 2, "area_ha", "type a number"),
    ("formula", "zones.csv", "Park K1,Park K1", "=1+1,Park K1", 2, "name_vi", "type its result"),
    ("formula in a number", "zones.csv", "hp,,,,,,,,,operating", "hp,,,,=1+1,,,,,operating", 2, "area_ha", "type its result"),
    ("error of a spreadsheet", "zones.csv", "Park K1,Park K1", "#REF!,Park K1", 2, "name_vi", "error value"),
    ("decomposed letters", "localities.csv", "hd,province,Hải Dương", f"hd,province,{DECOMPOSED}", 2, "name_vi", "NFC"),
    ("space at the end", "localities.csv", "hd,province,Hải Dương,", "hd,province,Hải Dương ,", 2, "name_vi", "type 'Hải Dương'"),
    ("non-breaking space", "localities.csv", "hd,province,Hải Dương", "hd,province,Hải\u00a0Dương", 2, "name_vi", "type 'Hải Dương'"),
    ("zero-width space", "localities.csv", "hd,province,Hải Dương", "hd,province,Hải\u200b Dương", 2, "name_vi", "type 'Hải Dương'"),
    ("control character", "localities.csv", "hd,province,Hải Dương", "hd,province,Hải \x07Dương", 2, "name_vi", "type 'Hải Dương'"),
    ("line break in a cell", "localities.csv", "hd,province,Hải Dương", 'hd,province,"Hải\nDương"', 2, "name_vi", "type 'Hải Dương'"),
    ("UTF-8 read as Windows text", "localities.csv", "hd,province,Hải Dương", "hd,province,H\u00e1\u00ba\u00a3i D\u00c6\u00b0\u00c6\u00a1ng", 2, "name_vi", "type 'Hải Dương'"),
    ("lost letters", "localities.csv", "hd,province,Hải Dương", "hd,province,H?i D??ng", 2, "name_vi", "letters were lost"),
    ("HTML tag", "organizations.csv", "company,Company A", "company,<b>Company A</b>", 17, "name_vi", "type 'Company A'"),
    ("HTML entity", "organizations.csv", "company,Company A", "company,Company A &amp; B", 17, "name_vi", "type the character itself"),
    ("closed list", "facilities.csv", PLANT_A, PLANT_A.replace("operating", "Operatng"), 2, "status", "did you mean operating?"),
    ("boolean", "localities.csv", "hp-new,true", "hp-new,có", 2, "in_agreement", "type true or false"),
    ("semicolon list", "facilities.csv", "prod-glue|prod-mould", "prod-glue; prod-mould", 7, "produces", "type 'prod-glue|prod-mould'"),
    ("comma list", "facilities.csv", "prod-glue|prod-mould", '"prod-glue,prod-mould"', 7, "produces", "type 'prod-glue|prod-mould'"),
    ("empty item", "facilities.csv", "prod-glue|prod-mould", "prod-glue|", 7, "produces", "empty item"),
    ("space in a list", "facilities.csv", "prod-glue|prod-mould", "prod-glue | prod-mould", 7, "produces", "type 'prod-glue|prod-mould'"),
    ("ISIC class that is none", "products.csv", "prod-panel,panel,panel,2610", "prod-panel,panel,panel,261", 2, "isic4", "such as 26 or 0510"),
    ("latitude and longitude swapped", "zones.csv", "operating,,,,,,,,fixture,\npark-k2", "operating,,,106.6,20.8,district,fixture,,fixture,\npark-k2", 2, "lat", "swapped; type 20.8 here and 106.6 in lon"),
    ("required cell", "facilities.csv", "plant-a,co-a", "plant-a,", 2, "operator", "a value is required"),
    ("no address", "sources.csv", "https://example.org/fixture", "www.example.org", 2, "url", "starts with https://"),
    ("too many fields", "people.csv", "id,name,sources\n", "id,name,sources\nsomeone,Nguyễn Văn A,fixture,more\n", 2, None, "4 fields, the header has 3"),
    ("too few fields", "people.csv", "id,name,sources\n", "id,name,sources\nsomeone,Nguyễn Văn A\n", 2, None, "2 fields, the header has 3"),
    ("misspelt column", "people.csv", "id,name,sources", "id,nmae,sources", 1, "nmae", "did you mean 'name'?"),
    ("column twice", "people.csv", "id,name,sources", "id,name,name,sources", 1, "name", "stands twice"),
    ("required column gone", "people.csv", "id,name,sources", "id,sources", 1, "name", "column is missing"),
    ("quotation mark not closed", "people.csv", "id,name,sources\n", 'id,name,sources\nsomeone,"Nguyễn Văn A,fixture\n', 2, None, "close every cell"),
    ("self-supply", "supply_links.csv", "co-c,plant-c,co-a,plant-a", "co-c,plant-c,co-c,plant-c", 2, "buyer", "correct supplier or buyer"),
    ("swapped supplier and buyer", "supply_links.csv", "co-c,plant-c,co-a,plant-a", "co-a,plant-c,co-c,plant-a", 2, "supplier", "swap supplier and buyer"),
    ("plant of another firm", "supply_links.csv", "co-c,plant-c,co-a,plant-a", "co-c,plant-d,co-a,plant-a", 2, "supplier_facility", "Correct supplier_facility"),
    ("area of zero", "zones.csv", "hp,,,,,,,,,operating", "hp,,,,0,,,,,operating", 2, "area_ha", "Correct area_ha"),
    ("successor forgotten", "localities.csv", "2025-07-01,hp-new", "2025-07-01,", 2, "successor", "Set successor of the old unit"),
    ("member of itself", "memberships.csv", "member-hp,committee-hp,organization,council", "member-hp,council,organization,council", 2, "member", "Correct member"),
    ("member without a role", "memberships.csv", "organization,council,member,2022-07-28,,", "organization,council,,2022-07-28,,", 2, "role", "Fill role"),
    ("one address twice", "sources.csv", "A,\n", "A,\nagain,Fixture,Fixture,2025-01-01,en,https://example.org/fixture,dataset,A,\n", 3, "url", "remove this one"),
    ("range backwards", "observations.csv", "id,subject,indicator,value,value_to,period,sources,notes\n", "id,subject,indicator,value,value_to,period,sources,notes\nfigure,hp,growth,9,8,2024,fixture,\n", 2, "value_to", "Swap value and value_to"),
    ("validity backwards", "localities.csv", "hp,province,Hải Phòng,Hải Phòng,,", "hp,province,Hải Phòng,Hải Phòng,2026-01-01,", 3, "valid_to", "Swap or correct the two dates"),
]  # fmt: skip

# name, new content of people.csv from the old one, row, part of the message
FILES: list[tuple[str, Callable[[bytes], bytes], int | None, str]] = [
    ("empty", lambda old: b"", None, "give it the header"),
    ("UTF-16", lambda old: old.decode().encode("utf-16"), None, "saved as UTF-16"),
    ("windows-1258", lambda old: old + "x,Hà Nội,fixture\n".encode("cp1258", "replace"), 2, "not UTF-8"),
    ("NUL byte", lambda old: old + b"x,a\0b,fixture\n", 2, "NUL byte"),
    ("wrong table", lambda old: b"brand;model\nx;y\n", 1, "unknown column"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the T20 tables that a test may spoil; what is built from it is cached beside it."""
    monkeypatch.setattr(store, "CACHE", tmp_path / "cache")
    return Path(shutil.copytree(T20, tmp_path / "data"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    path.write_bytes(text.replace(old, new, 1).encode())


def refused(folder: Path) -> list[Problem]:
    """The problems for which nothing was built."""
    with pytest.raises(BadTables) as caught:
        load_good(data=folder)
    assert not list((folder.parent / "cache").glob(f"*{store.GOOD}")), "a bad build was kept"
    return caught.value.problems


def test_there_are_thirty_ways() -> None:
    assert len({case[0] for case in CELLS}) == len(CELLS) >= 30


def test_the_tables_that_the_ways_spoil_are_good(folder: Path) -> None:
    assert len(load_good(data=folder).store) > 0


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "column", "message"),
    [case[1:] for case in CELLS],
    ids=[case[0] for case in CELLS],
)
def test_a_spoilt_cell(
    folder: Path, file: str, old: str, new: str, row: int | None, column: str | None, message: str
) -> None:
    named = {("zones.csv", 17): "organizations.csv"}  # the second of two rows with one id
    with (folder / "indicators.csv").open("a", encoding="utf-8") as indicators:
        indicators.write("growth,Growth,Tăng trưởng,%,fixture\n")
    spoil(folder, file, old, new)
    problems = refused(folder)
    found = [p for p in problems if message in p.message]
    assert found, f"none of {list(map(str, problems))} says {message!r}"
    assert (found[0].file, found[0].column) == (named.get((file, row), file), column)
    assert row in (None, found[0].row)


@pytest.mark.parametrize(("content", "row", "message"), [c[1:] for c in FILES], ids=[c[0] for c in FILES])
def test_a_spoilt_file(
    folder: Path, content: Callable[[bytes], bytes], row: int | None, message: str
) -> None:
    path = folder / "people.csv"
    path.write_bytes(content(path.read_bytes()))
    found = [p for p in refused(folder) if p.file == "people.csv" and message in p.message]
    assert [p.row for p in found][:1] == [row]


def test_a_file_of_two_gigabytes_is_refused_unread(folder: Path) -> None:
    os.truncate(folder / "people.csv", 2 * 2**30)
    (problem,) = refused(folder)
    assert (problem.file, "the limit is" in problem.message) == ("people.csv", True)


def test_a_cell_beyond_the_limit(folder: Path) -> None:
    spoil(folder, "zones.csv", "Park K2", "Park K2" * 10)
    read_tables(folder, SHIPPED_METADATA)
    with pytest.raises(BadTables) as caught:
        read_tables(folder, SHIPPED_METADATA, Limits(cell_characters=60))
    problem = next(p for p in caught.value.problems if p.file == "zones.csv")
    assert (problem.row, "shorten it" in problem.message) == (3, True)


@pytest.mark.parametrize(("rows", "limit"), [(["a"], 10), (["a", "b" * 200_000], 10**9)])
def test_a_cell_beyond_what_the_reader_takes(folder: Path, rows: list[str], limit: int) -> None:
    (folder / "people.csv").write_text("id,name,sources\n" + "".join(f'"{row}",x,fixture\n' for row in rows))
    with pytest.raises(BadTables, match=r"people.csv|limit"):
        read_tables(folder, SHIPPED_METADATA, Limits(file_bytes=limit))


# What a spreadsheet may do without harm


@pytest.mark.parametrize(
    "save",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace("\n", ",,\n").encode(),
        lambda text: text.replace(",true,", ",TRUE,").encode(),
        lambda text: (text + "," * 13 + "\n\n").encode(),
    ],
    ids=["mark", "line ends", "semicolons", "tabs", "empty columns", "TRUE", "blank rows"],
)
def test_harmless_differences(folder: Path, save: Callable[[str], bytes]) -> None:
    before = stated(folder)
    path = folder / "localities.csv"
    path.write_bytes(save(path.read_text("utf-8")))
    assert stated(folder) == before


@pytest.mark.parametrize(
    ("file", "one", "other"),
    [
        ("products.csv", "prod-resin,resin,resin,0510", "prod-resin,resin,resin,510"),
        ("zones.csv", "hp,,,,20.50,,,,,operating", "hp,,,,20.5,,,,,operating"),
        ("zones.csv", "hp,,,,1200.0,,,,,operating", "hp,,,,1200,,,,,operating"),
    ],
)
def test_two_spellings_of_one_value(folder: Path, file: str, one: str, other: str) -> None:
    plain = {"products.csv": "prod-resin,resin,resin,2610", "zones.csv": "hp,,,,,,,,,operating"}[file]
    spoil(folder, file, plain, one)
    before = stated(folder)
    spoil(folder, file, one, other)
    assert stated(folder) == before


def stated(folder: Path) -> set[Statement]:
    return set(statements(read_tables(folder, SHIPPED_METADATA)))


def test_an_optional_column_may_be_missing(folder: Path) -> None:
    before = stated(folder)
    path = folder / "facilities.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines) + "\n", "utf-8")
    assert "notes" not in path.read_text("utf-8").splitlines()[0]
    assert stated(folder) == before


@pytest.mark.parametrize(("marked", "accepted"), [(True, True), (False, False)])
def test_an_optional_table_may_be_missing(folder: Path, marked: bool, accepted: bool) -> None:
    (folder / "people.csv").unlink()
    text = SHIPPED_METADATA.read_text("utf-8")
    mark = '{"url": "people.csv", '
    assert mark in text
    metadata = folder / "csv-metadata.json"
    note = '"https://w3id.org/vehec/ont#optional": true, ' if marked else ""
    metadata.write_text(text.replace(mark, mark + note), "utf-8")
    if accepted:
        assert read_tables(folder, metadata).rows["people"] == []
    else:
        with pytest.raises(BadTables, match=r"people\.csv: file is missing"):
            read_tables(folder, metadata)


# The sources of one column


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("employees_sources", "fixture", None),
        ("employees_sources", "", None),
        ("employees_sources", "fixtures", "did you mean fixture?"),
        ("employees_sources", "other", "add it to sources of this row"),
        ("capital_usd_m_sources", "fixture", "capital_usd_m is empty"),
        ("employee_sources", "fixture", "unknown column"),
        ("sources_sources", "fixture", "unknown column"),
    ],
)
def test_a_column_may_name_its_own_sources(folder: Path, column: str, cell: str, message: str | None) -> None:
    with (folder / "sources.csv").open("a", encoding="utf-8") as sources:
        sources.write("other,Other,,2024,en,https://example.org/other,dataset,B,\n")
    metadata = folder / "csv-metadata.json"
    lines = SHIPPED_METADATA.read_text("utf-8").splitlines()
    metadata.write_text("\n".join(line for line in lines if '_sources", "titles"' not in line), "utf-8")
    path = folder / "facilities.csv"
    header, first, *rest = path.read_text("utf-8").splitlines()
    rows = [f"{header},{column}", f"{first},{cell}", *(f"{row}," for row in rest)]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    if message is None:
        assert read_tables(folder, metadata).rows["facilities"][0].cells[column] == [cell] * bool(cell)
        return
    with pytest.raises(BadTables) as caught:
        read_tables(folder, metadata)
    assert [(p.file, p.column) for p in caught.value.problems] == [("facilities.csv", column)]
    assert message in caught.value.problems[0].message


def test_one_cell_is_told_once_and_the_later_of_two_alike_rows(folder: Path) -> None:
    spoil(folder, "administrative_changes.csv", "hp-new,2025-07-01", "hp-new,2025-08-01")
    requirements = folder / "requirements.csv"
    lines = requirements.read_text("utf-8").splitlines()
    requirements.write_text("\n".join([*lines, "a-copy," + lines[1].partition(",")[2]]) + "\n", "utf-8")
    told = [(p.file, p.row, p.column) for p in refused(folder)]
    assert told.count(("administrative_changes.csv", 2, "effective_date")) == 1
    assert [place for place in told if place[0] == "requirements.csv"] == [
        ("requirements.csv", len(lines) + 1, "input_product")
    ]


# Files that are no tables


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("zones (1).csv", "copy of zones.csv"),
        ("zones.csv.txt", "not one of the tables"),
        (".~lock.zones.csv#", "open in a spreadsheet"),
        ("~$zones.xlsx", "open in a spreadsheet"),
        ("zones.xlsx", "save the sheet as 'CSV UTF-8'"),
        ("notes.md", None),
    ],
)
def test_files_that_are_not_read(tmp_path: Path, name: str, message: str | None) -> None:
    (tmp_path / name).touch()
    (tmp_path / "zones.csv").touch()
    found = [str(problem) for problem in stray_files(tmp_path, ["zones.csv", "people.csv"])]
    assert len(found) == (message is not None)
    if message:
        assert name in found[0] and message in found[0]


# The shapes


def test_check_prints_one_line_per_problem(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "zones (1).csv").touch()
    spoil(folder, "facilities.csv", "prod-phone,,phone,", "prod-phone,,,")
    assert main(["check", "--data", str(folder)]) == 1
    printed = capsys.readouterr().out.splitlines()
    problems = [line for line in printed if line.startswith("problem: ")]
    assert len(problems) == 1
    assert "facilities.csv, row 2, column products_text" in problems[0]
    assert "Copy the words of the source" in problems[0]
    assert any(line.startswith("warning: zones (1).csv") for line in printed)


def test_check_ends_well_with_warnings_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--data", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "0 problems" in printed
    assert "warning: products.csv, column hs" in printed


def test_a_shape_names_file_and_row(folder: Path) -> None:
    spoil(folder, "localities.csv", "Hải Dương,,2025-07-01,hp-new", "Hải Dương,,,hp-new")
    found = [p for p in examine(store.load(data=folder)).problems if "fill valid_to" in p.message]
    assert [(p.file, p.row) for p in found] == [("localities.csv", 2)]


@pytest.mark.parametrize(("severity", "violations"), [("0.5", 0), ("1.5", 1)])
def test_findings_have_a_shape(folder: Path, severity: str, violations: int) -> None:
    corridor = store.load(data=folder)
    corridor.store.update(
        f"""INSERT DATA {{ id:g a vx:GapFinding ; vx:severity {severity} ; vx:confidence 0.5 ; vx:flip "x"@en ;
            vx:gapLabel code:gap-label-low ; prov:wasGeneratedBy id:r . id:r a vx:GapRun }}""",
        prefixes=PREFIXES,
    )
    report = check_shapes(corridor.store, ONTOLOGY / SHAPES, read_tables(folder, SHIPPED_METADATA))
    assert [p.message for p in report.violations] == ["is one number from 0 to 1"] * violations
