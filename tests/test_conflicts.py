"""Where sources differ: who gave which value, which one is in use and why, on the page, as CSV and by query."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from graph.catalogue import Catalogue
from graph.conflicts import Conflict, Point, Reason, conflicts
from graph.namespaces import ID, PREFIXES, SOURCE, VX, slug
from graph.query import load_query
from graph.statements import is_about, statements
from graph.store import SHIPPED_METADATA, Corridor, load
from graph.tables import read_tables

ROOT = Path(__file__).resolve().parents[1]
T20 = ROOT / "tests/fixtures/t20"
BROWSER = {"Accept": "text/html"}


def conflict(corridor: Corridor, thing: str, property: str, period: str = "") -> Conflict:
    wanted = (thing, property, period)
    return next(c for c in conflicts(corridor) if (c.thing, c.property, c.period) == wanted)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small world with three sources and an area of 401 ha for one park, to which a test adds."""
    data = Path(shutil.copytree(T20, tmp_path / "data"))
    with (data / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("other,other,,2025,en,https://example.org/other,dataset,A,\n")
        file.write("third,third,,2024,en,https://example.org/third,dataset,B,\n")
        for name in ("stray-1", "stray-2"):  # stand behind no record
            file.write(f"{name},{name},,,en,https://example.org/{name},dataset,A,\n")
    change(data / "zones.csv", "park-k1", area_ha="401", sources="fixture|other|third")
    return data


def change(path: Path, row_id: str, **cells: str) -> None:
    """Sets cells of one row; columns that are not there yet are added."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    names = [*rows[0], *(name for name in cells if name not in rows[0])]
    next(row for row in rows if row["id"] == row_id).update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def add_variants(data: Path, *rows: tuple[str, str, str]) -> None:
    """Published areas of park-k1: number, value, sources."""
    with (data / "disagreements.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"d-{number},park-k1,area-ha,,{value},{sources}\n" for number, value, sources in rows)


# Who is credited with what


def test_each_variant_of_a_real_park_stands_only_with_its_own_sources(corridor: Any) -> None:
    found = conflict(corridor, "trang-due", "area-ha")
    assert {value.text: set(value.sources) for value in found.values} == {
        "401": {"vccinews-2024-06-25"},
        "600 (400 industrial + 200 township)": {"haiphongdpi-gov-2017-09-24"},
        "400": {"tophaiphongaz-khu-cong-nghiep"},
    }
    area = corridor.store.quads_for_pattern(NamedNode(ID + "trang-due"), NamedNode(VX + "areaHa"), None, None)
    carriers = {quad.graph_name.value for quad in area if isinstance(quad.graph_name, NamedNode)}
    contradicting = {s for value in found.values if not value.used for s in value.sources}
    assert carriers
    assert not carriers & {SOURCE + source for source in contradicting}


def test_no_source_is_credited_with_a_value_it_contradicts(corridor: Any) -> None:
    for found in conflicts(corridor):
        used = {source for value in found.values if value.used for source in value.sources}
        others = {source for value in found.values if not value.used for source in value.sources}
        for source in others - used:
            said = {
                (slug(quad.predicate.value), str(quad.object))
                for quad in corridor.store.quads_for_pattern(
                    NamedNode(ID + found.thing), None, None, NamedNode(SOURCE + source)
                )
            }
            columns = {"area-ha": "areaHa", "capital": "capitalUsdMillion", "employees": "employees"}
            assert columns.get(found.property) not in {name for name, _ in said}, (found.thing, source)


def test_in_a_small_world_each_source_carries_its_own_value(folder: Path) -> None:
    add_variants(folder, ("1", "401", "fixture"), ("2", "380", "other"))
    small = load(data=folder)
    found = conflict(small, "park-k1", "area-ha")
    assert [(v.text, v.sources, v.used) for v in found.values] == [
        ("401", ("fixture",), True),
        ("380", ("other",), False),
    ]
    area = small.store.quads_for_pattern(NamedNode(ID + "park-k1"), NamedNode(VX + "areaHa"), None, None)
    assert {q.graph_name.value for q in area if isinstance(q.graph_name, NamedNode)} == {
        SOURCE + "fixture",
        SOURCE + "third",
    }


@pytest.mark.parametrize(
    ("cells", "carriers"),
    [
        ({}, {"fixture", "other", "third"}),
        ({"area_ha_sources": "third"}, {"third"}),
        ({"area_ha_sources": "third|other"}, {"third", "other"}),
        ({"status_sources": "third"}, {"fixture", "other", "third"}),
    ],
)
def test_finer_attribution_of_a_column_wins(folder: Path, cells: dict[str, str], carriers: set[str]) -> None:
    change(folder / "zones.csv", "park-k1", **cells)
    found = {
        slug(s.predicate.value): {slug(graph) for graph in s.graphs}
        for s in statements(read_tables(folder, SHIPPED_METADATA))
        if s.subject.value == ID + "park-k1"
    }
    assert found["areaHa"] == carriers
    assert found["locatedIn"] == {"fixture", "other", "third"}


# The value in use, and why


GRADE = Point("grade", "A", "B")
NEWER = Point("date", "2025", "2024")


@pytest.mark.parametrize(
    ("variants", "note", "reason"),
    [
        ([("1", "401", "other"), ("2", "380", "third")], "", Reason("compared", (GRADE, NEWER))),
        (
            [("1", "401", "third"), ("2", "380", "other")],
            "",
            Reason("compared", (Point("grade", "B", "A"), Point("date", "2024", "2025"))),
        ),
        (
            [("1", "401", "fixture|other"), ("2", "380", "third")],
            "",
            Reason("compared", (GRADE, Point("date", "2025-01-01", "2024"), Point("sources", "2", "1"))),
        ),
        ([("1", "401", "stray-1"), ("2", "380", "stray-2")], "", Reason("compared")),
        (
            [("1", "401", "other"), ("2", "380", "stray-1")],
            "",
            Reason("compared", (Point("date", "2025", ""), Point("record"))),
        ),
        ([("1", "401 ha", "other"), ("2", "about 401", "third")], "", Reason("shared")),
        ([("1", "380", "other"), ("2", "390", "third")], "", Reason("other")),
        (
            [("1", "401", "third"), ("2", "380", "other")],
            "380 ha was the plan. Fenced.",
            Reason("note", words=(("en", "380 ha was the plan."),)),
        ),
    ],
)
def test_the_reason_is_the_curators_or_computed(
    folder: Path, variants: list[tuple[str, str, str]], note: str, reason: Reason
) -> None:
    change(folder / "zones.csv", "park-k1", notes=note)
    add_variants(folder, *variants)
    assert conflict(load(data=folder), "park-k1", "area-ha").reason == reason


@pytest.mark.parametrize(
    ("thing", "property", "period", "kind"),
    [
        ("trang-due", "area-ha", "", "note"),
        ("thang-long-2", "occupancy-pct", "", "compared"),
        ("ha-long-hai-phong-expressway", "opened", "", "shared"),
        ("vehec-council", "founded", "", "nowhere"),
        ("quang-ninh", "grdp-growth", "2023", "figures"),
    ],
)
def test_real_conflicts_say_why(corridor: Any, thing: str, property: str, period: str, kind: str) -> None:
    found = conflict(corridor, thing, property, period)
    assert found.reason.kind == kind
    assert any(value.used for value in found.values) == (kind in ("note", "compared", "shared"))


@pytest.mark.parametrize(
    ("property", "column", "about"),
    [
        ("capital", "capital_usd_m", True),
        ("capital", "capital_basis", False),
        ("area-ha", "area_ha", True),
        ("area-ha-phase-1", "area_ha", False),
        ("opened", "opened_year", True),
    ],
)
def test_a_difference_speaks_of_its_columns(property: str, column: str, about: bool) -> None:
    assert is_about(property, column) is about


# The page, the file and the queries agree


def rows_of(client: Any, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_the_file_holds_what_the_example_query_answers(client: Any, corridor: Any) -> None:
    example = next((ROOT / "graph/queries/examples").glob("*sources-differ.rq"))
    answers = load_query(example).run(corridor.store)
    expected = {
        (
            slug(row["thing"].value),
            row["period"].value if row["period"] else "",
            row["value_en"].value,
            slug(row["source"].value),
        )
        for row in answers
    }
    found = {(r["thing"], r["period"], r["value"], r["source"]) for r in rows_of(client, "/conflicts.csv")}
    assert found == expected


def test_the_page_narrows_and_counts(client: Any, corridor: Any) -> None:
    every = client.get("/conflicts", headers={"Accept": "application/json"}).get_json()
    assert every["total"] == len(conflicts(corridor)) == len(every["conflicts"])
    some = client.get(
        "/conflicts?kind=zone&property=area-ha", headers={"Accept": "application/json"}
    ).get_json()
    assert 0 < some["total"] < every["total"]
    assert {(row["kind"], row["property"]) for row in some["conflicts"]} == {("zone", "area-ha")}
    page = client.get("/conflicts?kind=zone&property=area-ha&lang=en", headers=BROWSER).get_data(as_text=True)
    assert page.count('<div class="cf">') == some["total"]
    assert 'id="trang-due"' in page
    assert 'id="samsung"' not in page


@pytest.mark.parametrize(("language", "words"), [("vi", "Giá trị đang dùng"), ("en", "Value in use")])
def test_a_value_stands_with_its_sources_in_full(client: Any, language: str, words: str) -> None:
    page = client.get(f"/conflicts?lang={language}", headers=BROWSER).get_data(as_text=True)
    park = page[page.index('id="trang-due"') : page.index("</section>", page.index('id="trang-due"'))]
    source = Catalogue.load(client.application.extensions["vehec"].corridor.store)["vccinews-2024-06-25"]
    for text in (words, source.title, source.publisher, "25.06.2024", source.url, f">{source.grade}</b>"):
        assert text in park, text
    assert "no source" not in park.lower()


def test_values_that_share_what_the_record_keeps_are_not_called_it(client: Any) -> None:
    page = client.get("/page/ha-long-hai-phong-expressway?lang=en", headers=BROWSER).get_data(as_text=True)
    box = page[page.index('<div class="cf">') : page.index("</p>", page.index('class="why"'))]
    assert box.count('<span class="used">Agrees with the value in use</span>') == 2
    assert box.count("Value in use") == 1
    assert "The record keeps what these values have in common: 2018." in box


def test_no_cell_of_the_file_is_a_formula(client: Any) -> None:
    for row in rows_of(client, "/conflicts.csv"):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_sources_lead_to_the_list_of_conflicts(client: Any) -> None:
    assert 'href="/conflicts"' in client.get("/sources", headers=BROWSER).get_data(as_text=True)


def test_the_query_of_the_page_runs_as_it_is_shown(client: Any, corridor: Any) -> None:
    query = load_query(ROOT / "graph/queries/pages/conflicts.rq").text
    rows = list(corridor.store.query(query, prefixes=PREFIXES))
    assert len(rows) == sum(len(found.values) for found in conflicts(corridor))
