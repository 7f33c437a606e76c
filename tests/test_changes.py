"""What changed between two lists of gaps, and what may explain it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.__main__ import main
from graph.changes import RELEASED, BadList, Row, compare, keep, read, released, rows_of
from graph.findings import find_gaps
from tests.t20 import edge, t20

VERSIONS = {"as_of": "2025-06-30", "generation": "g1", "parameters": "p1", "code": "c1"}


def row(name: str = "d1-a", **values: Any) -> Row:
    usual = {
        "detector": "D1", "name": "missing input", "subject": "resin", "objects": ["a"], "severity": 0.5,
        "confidence": 0.6, "label": "unknown", "grade": "B", "listed": True, "evidence": "e1",
    }  # fmt: skip
    return {"id": name, **usual, **VERSIONS, **values}


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ([row()], [row()], []),
        ([row()], [row(), row("d1-b")], ["new"]),
        ([row(), row("d1-b")], [row()], ["closed"]),
        ([row()], [row(severity=0.4)], ["changed"]),
        ([row()], [row(objects=["b"])], ["changed"]),
        ([row(grade=None)], [row(grade="A")], []),
        ([], [row()], ["new"]),
    ],
)
def test_kinds_of_change(before: list[Row], after: list[Row], kinds: list[str]) -> None:
    assert [item.kind for item in compare(before, after).items] == kinds


@pytest.mark.parametrize(
    ("values", "causes"),
    [
        ({"generation": "g2", "evidence": "e2"}, ("data",)),
        ({"parameters": "p2"}, ("parameters",)),
        ({"code": "c2"}, ("code",)),
        ({"as_of": "2025-07-01"}, ("date",)),
        ({"generation": "g2", "parameters": "p2"}, ("parameters",)),
        ({"generation": "g2", "parameters": "p2", "evidence": "e2"}, ("data",)),
        ({"generation": "g2"}, ("data",)),
        ({}, ()),
    ],
)
def test_what_may_explain_a_change(values: dict[str, str], causes: tuple[str, ...]) -> None:
    (item,) = compare([row()], [row(severity=0.4, **values)]).items
    assert item.causes == causes
    assert item.fields == ("severity",)


def test_a_list_of_two_runs_is_refused() -> None:
    with pytest.raises(BadList, match="more than one run"):
        compare([row(), row("d1-b", code="c2")], [])


def test_a_recorded_maker_closes_a_gap_and_the_tally_tells() -> None:
    network = t20()
    before = rows_of(find_gaps(network))
    edge(network, "plant-e", "prod-resin", "makes", own_use=False)
    found = compare(before, rows_of(find_gaps(network)))
    closed = {(item.row["detector"], item.row["subject"]) for item in found.of_kind("closed")}
    assert ("D1", "prod-resin") in closed
    tally = next(tally for tally in found.tallies if tally.detector == "D1")
    assert tally.after == tally.before - tally.closed + tally.new


def test_a_kept_list_reads_back_the_same(tmp_path: Path) -> None:
    rows = sorted(rows_of(find_gaps(t20())), key=lambda item: item["id"])
    keep(rows, tmp_path / RELEASED)
    kept = released(tmp_path)
    assert kept is not None
    assert sorted(kept, key=lambda item: item["id"]) == rows
    assert released(tmp_path / "elsewhere") is None


def test_a_printed_list_says_the_same_as_the_findings(tmp_path: Path) -> None:
    findings = find_gaps(t20())
    printed = tmp_path / "gaps.json"
    printed.write_text(json.dumps([finding.as_dict() for finding in findings]), "utf-8")
    assert compare(read(printed), rows_of(findings)).items == ()


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', '[{"id": "d1-a"}]'])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(text, "utf-8")
    with pytest.raises(BadList):
        read(file)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(Path(__file__).parent / "fixtures" / "t20")
    assert main(["gaps", "--data", data, "--as-of", "2025-06-30", "--format", "json"]) == 0
    old = tmp_path / "old.json"
    listed = json.loads(capsys.readouterr().out)
    listed[0]["severity"] = 0.1
    old.write_text(json.dumps(listed[:-1]), "utf-8")
    asked = ["changes", str(old), "--data", data, "--as-of", "2025-06-30", "--format", "json"]
    assert main(asked) == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["id"] for item in found["new"]] == [listed[-1]["id"]]
    assert [item["id"] for item in found["changed"]] == [listed[0]["id"]]
    assert found["closed"] == found["causes"] == []
    assert main(["changes", str(tmp_path / "none.json"), "--data", data]) == 1


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page(client: Any, lang: str) -> None:
    answer = client.get(f"/changes?lang={lang}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "example=cq32-gaps-by-run" in answer.text


def test_the_page_as_json(client: Any) -> None:
    found = client.get("/changes", headers={"Accept": "application/json"}).get_json()
    assert {"before", "after", "causes", "new", "closed", "changed"} <= found.keys()
