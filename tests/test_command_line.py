"""The command line: what it prints, its exit codes, and that problems come as sentences."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from graph.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "fixtures"
T20 = str(FIXTURES / "t20")
GAPS = ["gaps", "--format", "json", "--data", T20, "--as-of"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs a command in this process: exit code, standard output, standard error."""

    def command(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(list(arguments))
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        captured = capfdbinary.readouterr()
        return code, captured.out.decode(), captured.err.decode()

    return command


def findings(run: Run, *arguments: str) -> list[dict[str, Any]]:
    code, printed, problems = run(*arguments)
    assert (code, problems) == (0, "")
    return json.loads(printed)


def expected(detectors: tuple[str, ...]) -> set[tuple[str, str, str, str]]:
    with (FIXTURES / "t20-expected.csv").open(newline="", encoding="utf-8") as file:
        return {
            (row["detector"], row["subject"], row["objects"], f"{float(row['severity']):.4f}")
            for row in csv.DictReader(file)
            if row["detector"] in detectors
        }


@pytest.mark.parametrize("detector", ["D1", "D3", "D5", "D7"])
def test_gaps_of_the_worked_example(run: Run, detector: str) -> None:
    found = {
        (gap["detector"], gap["subject"], "|".join(sorted(gap["objects"])), f"{gap['severity']:.4f}")
        for gap in findings(run, *GAPS, "2025-06-30", "--detector", detector)
    }
    assert found == expected((detector,))


def test_all_detectors_run_unless_one_is_named(run: Run) -> None:
    found = {gap["detector"] for gap in findings(run, *GAPS, "2025-06-30")}
    assert {"D1", "D3", "D5", "D7", "D12"} <= found


@pytest.mark.parametrize(("day", "crosses"), [("2025-06-30", True), ("2025-07-02", False)])
def test_the_day_decides_what_crosses_a_boundary(run: Run, day: str, crosses: bool) -> None:
    found = findings(run, *GAPS, day, "--detector", "D3")
    (glue,) = [gap for gap in found if (gap["subject"], gap["objects"]) == ("plant-j", ["prod-glue"])]
    assert ("cross_province" in glue["flags"]) is crosses
    assert glue["as_of"] == day


@pytest.mark.parametrize(("lang", "word"), [("en", "recorded"), ("vi", "ghi nhận")])
def test_gaps_as_text(run: Run, lang: str, word: str) -> None:
    code, printed, _ = run("gaps", "--data", T20, "--as-of", "2025-06-30", "--lang", lang)
    assert code == 0
    assert word in printed


def broken_tables(folder: Path) -> str:
    """A copy of the worked example with a plant in a zone that does not exist."""
    shutil.copytree(T20, folder)
    path = folder / "facilities.csv"
    path.write_text(path.read_text("utf-8").replace("park-k1", "park-k99"), "utf-8")
    return str(folder)


def test_check_passes_on_the_data(run: Run) -> None:
    code, printed, problems = run("check")
    assert (code, problems) == (0, "")
    assert "FAILED" not in printed
    assert "statements checked" in printed
    assert "0 problems" in printed
    assert "warning: " in printed


@pytest.mark.parametrize("command", ["build", "check", "gaps", "export"])
def test_broken_tables_are_named(run: Run, tmp_path: Path, command: str) -> None:
    code, printed, problems = run(command, "--data", broken_tables(tmp_path / "data"))
    assert (code, printed) == (1, "")
    assert "nothing was loaded" in problems
    assert "facilities.csv, row" in problems
    assert "park-k99" in problems


def test_build_says_what_it_built(run: Run) -> None:
    code, printed, _ = run("build", "--data", T20)
    assert code == 0
    assert "statements in" in printed and "generation" in printed


@pytest.mark.parametrize(("form", "media"), [("nq", RdfFormat.N_QUADS), ("trig", RdfFormat.TRIG)])
def test_export(run: Run, form: str, media: RdfFormat) -> None:
    code, printed, _ = run("export", "--data", T20, "--format", form)
    assert code == 0
    quads = list(parse(printed, format=media))
    assert any("plant-a" in str(quad.subject) for quad in quads)
    if form == "nq":
        assert list(parse(printed.splitlines()[0], format=media))


@pytest.fixture
def query_file(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "question.rq"
        path.write_text(text, "utf-8")
        return str(path)

    return write


NAME = 'SELECT ?name { id:plant-a rdfs:label ?name FILTER(LANG(?name) = "en") }'


@pytest.mark.parametrize(
    ("query", "form", "start"),
    [
        (NAME, [], "name\r\n"),
        (NAME, ["--format", "csv"], "name\r\n"),
        (NAME, ["--format", "json"], '{"head":'),
        ("CONSTRUCT { ?s a vx:Facility } WHERE { ?s a vx:Facility }", [], "@prefix"),
        ("CONSTRUCT { ?s a vx:Facility } WHERE { ?s a vx:Facility }", ["--format", "nt"], "<https://"),
        ("SELECT ?gap { ?gap a vx:GapFinding } LIMIT 1", [], "gap\r\n"),
    ],
)
def test_query(run: Run, query_file: Callable[[str], str], query: str, form: list[str], start: str) -> None:
    code, printed, problems = run("query", query_file(query), "--data", T20, *form)
    assert (code, problems) == (0, "")
    assert printed.startswith(start)
    assert len(printed) > len(start) + 1


@pytest.mark.parametrize(
    ("query", "form", "words"),
    [
        ("SELECT * {\n ?s nope:x ?o }", [], "line 2, column 5"),
        ("SELECT * { ?s ?p", [], "line 1, column 17"),
        ("SELECT (COUNT(*) AS ?n { ?s ?p ?o }", [], "There: '{ ?s ?p ?o }'. Expected: )."),
        ("", [], "line 1, column 1"),
        (NAME, ["--format", "ttl"], "can be answered as"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", [], "contacts no other"),
        ("DROP ALL", [], "only reads"),
    ],
)
def test_a_query_without_an_answer(
    run: Run, query_file: Callable[[str], str], query: str, form: list[str], words: str
) -> None:
    code, printed, problems = run("query", query_file(query), "--data", T20, *form)
    assert (code, printed) == (1, "")
    assert words in problems
    assert "question.rq" in problems


@pytest.mark.parametrize(
    ("text", "code", "words"), [(NAME, 0, "name"), ("SELECT * {\n ?s", 1, "line 2, column 4")]
)
def test_a_query_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, text: str, code: int, words: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ended, printed, problems = run("query", "-", "--data", T20)
    assert ended == code
    assert words in (problems if code else printed)


def test_a_query_is_stopped_at_its_limit(
    run: Run, query_file: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.__main__.QUERY_SECONDS", 0.1)
    runaway = query_file("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    code, printed, problems = run("query", runaway, "--data", T20)
    assert (code, printed) == (1, "")
    assert "the limit is 0.1 s" in problems


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gaps", "--data", T20, "--detector", "D99"], "choose from D1, D2"),
        (["gaps", "--data", T20, "--as-of", "30.6.2025"], "type it as 2025-06-30"),
        (["gaps", "--data", T20, "--as-of", "2025-02-30"], "type it as 2025-06-30"),
        (["gaps", "--data", "no-such-folder"], "give the folder that holds the tables"),
        (["check", "--data", "no-such-folder"], "give the folder that holds the tables"),
        (["query", "no-such-file.rq"], "no-such-file.rq: No such file"),
        (["query", "tests"], "tests: Is a directory"),
        (["export", "--format", "docx"], "invalid choice"),
        (["repair"], "invalid choice"),
        ([], "required"),
    ],
)
def test_a_wrong_argument_gets_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(ROOT)
    code, printed, problems = run(*arguments)
    assert code != 0
    assert printed == ""
    assert words in problems
    assert "Traceback" not in problems
