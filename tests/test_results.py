"""The views of a result: table, graph, chart, map, text, files, and the commands that get the same."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from itertools import combinations
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from graph.geo import Named, moved, square, text_rect
from graph.namespaces import TYPE, XSD
from graph.query import EXAMPLES, headings, load_queries
from tests.sparql_site import ALL, BROWSER, ask, small_site
from web import result_chart, result_code, result_pictures, result_text, result_views
from web.result_chart import NoChart, chart
from web.result_table import literal, table

PLANTS = "SELECT ?plant ?park { ?plant a vx:Facility ; vx:inZone ?park }"
SUPPLY = "CONSTRUCT { ?s vx:suppliesTo ?b } WHERE { ?s vx:suppliesTo ?b . ?s vx:inCorridor true }"
NOTHING_PLACED = "SELECT ?product { ?product a vx:Product } LIMIT 5"
TERMS = "SELECT ?p (COUNT(*) AS ?uses) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?uses) LIMIT 5"


def shown(client: FlaskClient, query: str, show: str, lang: str = "en") -> str:
    answer = ask(client, query, BROWSER, show=show, lang=lang)
    assert answer.status_code == 200
    return answer.text


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory):
    with small_site(tmp_path_factory.mktemp("results")) as client:
        yield client


# Table


@pytest.mark.parametrize(
    ("value", "kind", "vi", "en"),
    [
        ("1234.5", "decimal", "1.234,5", "1,234.5"),
        ("-0.25", "decimal", "-0,25", "-0.25"),
        ("1000000", "integer", "1.000.000", "1,000,000"),
        ("2.5E3", "double", "2.500", "2,500"),
        ("NaN", "double", "NaN", "NaN"),
        ("2024", "gYear", "2024", "2024"),
        ("2024-06-25", "date", "25.06.2024", "25.06.2024"),
        ("2024-06", "gYearMonth", "06.2024", "06.2024"),
        ("2024-06-25T13:05:00Z", "dateTime", "25.06.2024 13:05", "25.06.2024 13:05"),
        ("2024-01/2024-09", "string", "01.2024–09.2024", "01.2024–09.2024"),
        ("2024", "string", "2024", "2024"),
        ("true", "boolean", "Có", "Yes"),
        ("maybe", "boolean", "maybe", "maybe"),
        ("1/2", "string", "1/2", "1/2"),
        ("=1+1", "string", "=1+1", "=1+1"),
    ],
)
def test_values_in_the_writing_of_the_reader(app: Any, value: str, kind: str, vi: str, en: str) -> None:
    for lang, words in (("vi", vi), ("en", en)):
        with app.test_request_context(f"/?lang={lang}"):
            assert literal(value, XSD + kind) == words


def cell(value: str, kind: str = "string", **more: str) -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": XSD + kind, **more}


def thing(name: str, label: str = "") -> dict[str, str]:
    return {
        "type": "uri",
        "value": f"https://w3id.org/vehec/id/{name}",
        "curie": f"id:{name}",
        "label": label,
    }


def result(names: str, *rows: list[Any], numeric: str = "") -> dict[str, Any]:
    variables = names.split()
    return {"variables": variables, "numeric": [n in numeric.split() for n in variables], "rows": list(rows)}


@pytest.mark.parametrize(
    ("names", "row", "lang", "columns", "texts"),
    [
        ("a_vi a_en", [cell("một"), cell("one")], "vi", ["a"], ["một"]),
        ("a_vi a_en", [cell("một"), cell("one")], "en", ["a"], ["one"]),
        ("a_vi a_en", [None, cell("one")], "vi", ["a"], ["one"]),
        ("a a_vi a_en", [thing("x", "X"), cell("một"), cell("one")], "en", ["a"], ["X"]),
        ("a a_vi a_en", [thing("x"), cell("một"), cell("one")], "en", ["a", "a_en"], ["id:x", "one"]),
        ("a a_vi a_en", [cell("401", "decimal"), None, None], "en", ["a"], ["401"]),
        ("a a_vi a_en", [cell("x"), cell("một"), cell("one")], "en", ["a", "a_en"], ["x", "one"]),
        ("a_vi b_en", [cell("một"), cell("one")], "en", ["a_vi", "b_en"], ["một", "one"]),
    ],
)
def test_pairs_of_languages_are_one_column(
    app: Any, names: str, row: list[Any], lang: str, columns: list[str], texts: list[str]
) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        found = table(result(names, row), {}, lang)
    assert [column.name for column in found.columns] == columns
    assert [value["text"] for value in found.rows[0] if value] == texts


def test_the_kind_of_a_thing_is_said_in_words(app: Any) -> None:
    a = {"type": "uri", "value": TYPE.value, "curie": "rdf:type"}
    with app.test_request_context("/?lang=vi"):
        (row,) = table(result("property", [a]), {}, "vi").rows
    assert row[0]["text"] == "Loại"


@pytest.mark.parametrize(("title", "columns"), [("X", ["a"]), ("Y", ["a", "title"])])
def test_a_question_does_not_say_a_name_twice(app: Any, title: str, columns: list[str]) -> None:
    rows = [[thing("x", "X"), cell(title)], [thing("z", "Z"), cell("Z")]]
    with app.test_request_context("/?lang=en"):
        found = table(result("a title", *rows), {"a": {"en": "a"}}, "en")
        asked = table(result("a title", *rows), {}, "en")
    assert [column.name for column in found.columns] == columns
    assert [column.name for column in asked.columns] == ["a", "title"]
    assert [len(row) for row in found.rows] == [len(columns)] * 2


def test_a_question_has_headings_in_words_and_an_own_query_has_its_variables(client: FlaskClient) -> None:
    page = client.get("/sparql?example=cq11-free-area&lang=vi", headers={"Accept": BROWSER}).text
    assert '<button type="button">Còn trống (ha)</button>' in page
    assert '<button type="button">free_ha</button>' in shown(client, "SELECT (1 AS ?free_ha) {}", "table")


@pytest.mark.parametrize("query", load_queries(EXAMPLES), ids=lambda query: query.name)
def test_every_column_of_a_question_has_words(app: Any, query: Any) -> None:
    names = re.findall(r"\?(\w+)", str(_variables(app, query)))
    bare = {re.sub(r"_(vi|en)$", "", name) for name in names}
    assert bare - headings().keys() == set()
    with app.test_request_context("/?lang=vi"):
        found = table(result(" ".join(names), [cell("x")] * len(names)), headings(), "vi")
    assert [column.heading for column in found.columns if "_" in column.heading] == []


def _variables(app: Any, query: Any) -> list[str]:
    return [str(name) for name in query.run(app.extensions["vehec"].corridor.store).variables]


def test_the_table_marks_foreign_languages_and_says_where_a_value_comes_from(small: FlaskClient) -> None:
    page = shown(small, 'SELECT ("mot"@vi AS ?a) ("one"@en AS ?b) {}', "table")
    assert '<span lang="vi">mot</span><small>vi</small>' in page
    assert "<small>en</small>" not in page


# Which views there are


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        (PLANTS, {"table", "graph", "map", "raw"}, {"chart"}),
        (SUPPLY, {"table", "graph", "map", "raw"}, {"chart"}),
        (NOTHING_PLACED, {"table", "graph", "raw"}, {"chart", "map"}),
        (TERMS, {"table", "chart", "raw"}, {"graph", "map"}),
        ("SELECT (1 AS ?n) {}", {"table", "raw"}, {"graph", "chart", "map"}),
    ],
)
def test_views_that_do_not_fit_are_off_and_say_why(
    client: FlaskClient, query: str, there: set[str], absent: set[str]
) -> None:
    page = shown(client, query, "table")
    views = re.search(r'<nav class="seg views".*?</nav>', page, re.DOTALL)[0]
    links = [html.unescape(href) for href in re.findall(r'href="([^"#]+)#result"', views)]
    assert {parse_qs(urlsplit(link).query)["show"][0] for link in links} == there
    assert len(re.findall(r'class="off" title="[^"]{10,}"', views)) == len(absent)
    for show in absent:
        page = shown(client, query, show)
        assert "This view does not fit the result:" in page and "The table is shown instead." in page
        assert "<table data-sortable>" in page


def test_an_unknown_view_says_what_to_type(client: FlaskClient) -> None:
    answer = ask(client, ALL, BROWSER, show="<b>", lang="en")
    assert answer.status_code == 400
    assert "Type one of table, graph, chart, map, raw" in answer.text
    assert "<b>”" not in answer.text


# Chart


def drawn(app: Any, names: str, rows: list[list[Any]], numeric: str) -> Any:
    with app.test_request_context("/?lang=en"):
        return chart(table(result(names, *rows, numeric=numeric), {"v": {"en": "Growth (%)"}}, "en"))


def test_bars_have_their_lengths(app: Any) -> None:
    rows = [[cell(name), cell(value, "decimal")] for name, value in (("a", "-5"), ("b", "10"), ("c", "2.5"))]
    found = drawn(app, "name v", rows, "v")
    (panel,) = found.panels
    bars = panel.bars[""]
    assert [(bar.label, bar.shown) for bar in bars] == [("a", "-5"), ("b", "10"), ("c", "2.5")]
    assert [tick.shown for tick in panel.ticks] == ["-5", "0", "5", "10"]
    assert panel.zero == pytest.approx(100 / 3, abs=0.01)
    assert bars[0].x == pytest.approx(0)
    assert bars[1].width == pytest.approx(200 / 3, abs=0.01)
    assert panel.heading == "Growth (%)"


def test_time_makes_a_line_in_order(app: Any) -> None:
    rows = [
        [cell(year), cell(value, "integer")] for year, value in (("2025", "3"), ("2021", "1"), ("2022", "2"))
    ]
    (panel,) = drawn(app, "year v", rows, "v").panels
    (line,) = panel.lines
    assert [point.label for point in line.points] == ["2021", "2022", "2025"]
    assert [point.x for point in line.points] == [0, 25, 100]
    assert line.points[0].y > line.points[2].y
    assert (line.name, panel.ends) == ("", ("2021", "2025"))
    assert not panel.bars


@pytest.mark.parametrize(
    ("names", "rows", "numeric", "reason"),
    [
        ("a b", [[cell("x"), cell("y")]] * 3, "", "no column of numbers"),
        ("v", [[cell("1", "integer")], [cell("2", "integer")]], "v", "no column that names the rows"),
        ("a v", [[cell("x"), cell("1", "integer")]], "v", "fewer than two rows with numbers"),
        ("a v", [[cell("x"), cell("NaN", "double")]] * 2, "v", "fewer than two rows with numbers"),
    ],
)
def test_what_cannot_be_charted_says_why(
    app: Any, names: str, rows: list[list[Any]], numeric: str, reason: str
) -> None:
    with pytest.raises(NoChart, match=reason):
        drawn(app, names, rows, numeric)


def test_a_long_chart_says_how_much_it_leaves_out(app: Any) -> None:
    rows = [[cell(f"n{n}"), cell(str(n), "integer")] for n in range(result_chart.MOST_BARS + 7)]
    found = drawn(app, "name v", rows, "v")
    assert (found.shown, found.left_out) == (result_chart.MOST_BARS, 7)


def test_a_chart_counts_the_rows_without_a_number(app: Any) -> None:
    rows = [
        [cell("a"), cell("1", "integer"), cell("2", "integer")],
        [cell("b"), None, cell("3", "integer")],
        [cell("c"), cell("4", "integer"), None],
        [cell("d"), None, None],
    ]
    found = drawn(app, "name v w", rows, "v w")
    assert [(panel.heading, len(panel.bars[""]), panel.empty) for panel in found.panels] == [
        ("Growth (%)", 2, 2),
        ("w", 2, 2),
    ]


def test_a_bar_says_what_is_not_known_of_its_row(app: Any) -> None:
    rows = [[cell(name), time, cell("1", "integer")] for name in "ab" for time in (cell("2024"), None)]
    found = drawn(app, "name year v", rows, "v")
    labels = [bar.label for bar in found.panels[0].bars[""]]
    assert labels == ["a · 2024", "a · year: –", "b · 2024", "b · year: –"]


@pytest.mark.parametrize(("columns", "left"), [(4, 0), (6, 2)])
def test_a_chart_counts_the_columns_it_leaves_out(app: Any, columns: int, left: int) -> None:
    names = [f"n{n}" for n in range(columns)]
    rows = [[cell(name), *(cell("1", "integer") for _ in names)] for name in "ab"]
    found = drawn(app, " ".join(["name", *names]), rows, " ".join(names))
    assert (len(found.panels), found.columns) == (4, left)


def test_what_every_row_says_names_no_bar(app: Any) -> None:
    rows = [[cell("same"), cell(name), cell("1", "integer")] for name in "ab"]
    found = drawn(app, "as_of name v", rows, "v")
    assert [bar.label for bar in found.panels[0].bars[""]] == ["a", "b"]
    assert found.label == "name"
    same = drawn(app, "as_of v", [[cell("same"), cell(str(n), "integer")] for n in range(2)], "v")
    assert [bar.label for bar in same.panels[0].bars[""]] == ["same", "same"]


SERIES = [("A", "2022", "2"), ("A", "2021", "1"), ("A", "2023", "4"), ("B", "2023", "-1"), ("B", "2021", "2")]


def series(rows: list[tuple[str, str, str]], kind: str = "string") -> list[list[Any]]:
    return [[cell(name), cell(year, kind), cell(value, "decimal")] for name, year, value in rows]


@pytest.mark.parametrize("kind", ["string", "gYear", "integer"])
def test_a_series_over_years_is_a_line_of_its_own(app: Any, kind: str) -> None:
    numeric = "v year" if kind == "integer" else "v"
    found = drawn(app, "name year v", series(SERIES, kind), numeric)
    (panel,) = found.panels
    assert [(line.name, [p.label for p in line.points]) for line in panel.lines] == [
        ("A", ["2021", "2022", "2023"]),
        ("B", ["2021", "2023"]),
    ]
    assert [point.x for point in panel.lines[1].points] == [0, 100]
    assert [tick.shown for tick in panel.ticks] == ["-2", "0", "2", "4"]
    assert found.label == "name · year"


@pytest.mark.parametrize(
    ("rows", "bars"),
    [
        # periods that do not compare
        ([*SERIES[:3], ("A", "2024-01/2024-06", "3")], {"A": ["2021", "2022", "2023", "01.2024–06.2024"]}),
        # two values for one time
        ([*SERIES, ("A", "2021", "1.5")], {"A": ["2021", "2021", "2022", "2023"], "B": ["2021", "2023"]}),
        # too few for a line
        (SERIES[:2], {"A": ["2021", "2022"]}),
        # sources that agree
        ([*SERIES[:2], SERIES[1]], {"A": ["2021", "2022"]}),
    ],
)
def test_what_makes_no_line_is_bars_by_series(
    app: Any, rows: list[tuple[str, str, str]], bars: dict[str, list[str]]
) -> None:
    (panel,) = drawn(app, "name year v", series(rows), "v").panels
    assert not panel.lines
    assert {name: [bar.label for bar in each] for name, each in panel.bars.items()} == bars


def test_one_value_for_each_name_is_plain_bars(app: Any) -> None:
    rows = series([("A", "2021", "1"), ("B", "2023", "2"), ("C", "2022", "3")])
    (panel,) = drawn(app, "name year v", rows, "v").panels
    assert [bar.label for bar in panel.bars[""]] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("names", "headings"),
    [
        ("a n year", ["n"]),
        ("a n to", ["n"]),
        ("a n valueTo", ["n"]),
        ("a n zone_code", ["n"]),
        ("a n lat", ["n"]),
        ("a n m", ["n", "m"]),
        ("a lat to", ["lat", "to"]),
    ],
)
def test_years_bounds_and_codes_are_no_values(app: Any, names: str, headings: list[str]) -> None:
    second = 2020 if "year" in names else 20
    rows = [[cell(f"x{n}"), cell(str(n + 1), "integer"), cell(str(second + n), "integer")] for n in range(4)]
    found = drawn(app, names, rows, names.partition(" ")[2])
    assert [panel.heading for panel in found.panels] == headings


KINDS = [
    ("A", "2021", "GDP"),
    ("A", "2022", "GDP"),
    ("A", "2023", "GDP"),
    ("B", "2021", "GRDP"),
    ("B", "2022", "GRDP"),
]


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        (KINDS, ["line A · GDP", "line B · GRDP"]),
        ([*KINDS, ("A", "2024", "GRDP")], ["bars A", "bars B"]),
    ],
)
def test_a_line_joins_values_of_one_kind(
    app: Any, kinds: list[tuple[str, str, str]], names: list[str]
) -> None:
    rows = [[cell(a), cell(year), cell("5", "decimal"), cell(kind)] for a, year, kind in kinds]
    (panel,) = drawn(app, "name year v kind", rows, "v").panels
    found = [f"line {line.name}" for line in panel.lines] + [f"bars {name}" for name in panel.bars]
    assert found == names
    if panel.bars:
        assert [bar.label for bar in panel.bars["A"]][2:] == ["2023 · GDP", "2024 · GRDP"]


def test_marks_do_not_divide_what_is_counted(app: Any) -> None:
    rows = [[cell("a"), cell("2", "integer")], [cell("b"), cell("1", "integer")]]
    assert [tick.shown for tick in drawn(app, "name v", rows, "v").panels[0].ticks] == ["0", "1", "2"]
    rows[1][1] = cell("1.5", "decimal")
    assert "0.5" in [tick.shown for tick in drawn(app, "name v", rows, "v").panels[0].ticks]


@pytest.mark.parametrize("value", ["0", "4", "-3"])
def test_values_that_are_all_the_same_are_drawn(app: Any, value: str) -> None:
    named = [[cell(name), cell(value, "decimal")] for name in "abc"]
    dated = [[cell(year), cell(value, "decimal")] for year in ("2021", "2022", "2023")]
    assert len(drawn(app, "name v", named, "v").panels[0].bars[""]) == 3
    assert len(drawn(app, "year v", dated, "v").panels[0].lines[0].points) == 3


def test_a_range_is_one_bar(app: Any) -> None:
    rows = [
        [cell("a"), cell("9", "integer"), cell("12", "integer")],
        [cell("b"), cell("10", "integer"), None],
    ]
    (panel,) = drawn(app, "name v to", rows, "v to").panels
    ranged, plain = panel.bars[""]
    assert (ranged.shown, plain.shown) == ("9–12", "10")
    assert (ranged.width, ranged.more, plain.more) == (pytest.approx(60), pytest.approx(20), 0)


def test_a_series_is_never_torn_apart(app: Any) -> None:
    rows = series([(f"n{n % 100}", year, "1") for n in range(300) for year in (f"202{n % 3}-0{1 + n % 7}",)])
    found = drawn(app, "name month v", rows, "v")
    assert (found.shown, found.left_out) == (result_chart.MOST_BARS, 240)
    counts = [len(bars) for bars in found.panels[0].bars.values()]
    assert counts == [3] * 20


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("year", ["2024", "1999"], ["2024", "1999"]),
        ("năm", ["2024"], ["2024"]),
        ("begunYear", ["2024"], ["2024"]),
        ("x", ["2021", "2022", "2023"], ["2021", "2022", "2023"]),
        ("x", ["2021", "2022"], ["2,021", "2,022"]),
        ("x", ["2021", "2022", "2500"], ["2,021", "2,022", "2,500"]),
        ("yearly", ["2024"], ["2,024"]),
    ],
)
def test_years_are_not_written_as_amounts(app: Any, name: str, values: list[str], shown: list[str]) -> None:
    with app.test_request_context("/?lang=en"):
        found = table(result(name, *([cell(v, "integer")] for v in values), numeric=name), {}, "en")
    assert [row[0]["text"] for row in found.rows if row[0]] == shown


@pytest.mark.parametrize(
    ("lang", "areas", "value"),
    [
        ("vi", ["Tỉnh Hải Dương", "Thành phố Hải Phòng"], "11,46</strong> 01.2025–06.2025"),
        ("en", ["Hải Dương Province", "Quảng Ninh Province"], "11.46</strong> 01.2025–06.2025"),
    ],
)
def test_growth_by_locality(client: FlaskClient, lang: str, areas: list[str], value: str) -> None:
    address = f"/sparql?example=cq21-grdp-growth&show=chart&lang={lang}"
    page = client.get(address, headers={"Accept": BROWSER}).text
    headings = re.findall(r'<p class="series"><span>([^<]+)</span>', page)
    assert len(headings) == len(set(headings)) >= 5
    for area in areas:
        assert sum(heading.startswith(area) for heading in headings) == 1
    assert value in page
    assert page.count("<figure") == 1, "the upper bound has no panel"
    assert '<rect class="range"' in page


# Graph and map


def test_the_lines_of_a_construct_are_its_triples(client: FlaskClient) -> None:
    page = shown(client, SUPPLY, "graph")
    rows = int(re.search(r"<strong>(\d+) rows", page)[1])
    loops = int(re.search(r"(\d+) rows join a thing to itself", page)[1])
    assert f", {rows - loops} lines" in page
    assert "The lines are those of the result." in page
    assert page.count('data-id="') > rows
    one = shown(client, "CONSTRUCT { id:trang-due vx:partOf id:lg } {}", "graph")
    assert "2 things, 1 line." in one


def test_the_lines_of_a_select_are_what_is_recorded(client: FlaskClient) -> None:
    page = shown(client, "SELECT * { VALUES ?x { id:lgd-trang-due id:trang-due } }", "graph")
    assert "2 things, 1 line." in page
    assert 'href="/?things=lgd-trang-due,trang-due"' in html.unescape(page).replace("%2C", ",")


def test_a_graph_without_lines_does_not_deny_what_the_rows_say(client: FlaskClient) -> None:
    pair = (
        "SELECT ?seller ?buyer { ?link vx:supplier ?seller ; vx:buyer ?buyer . FILTER(?link = id:link-001) }"
    )
    page = shown(client, pair, "graph")
    assert "0 lines" in page
    assert "what the rows say stands in the table" in page


def test_a_large_graph_says_how_much_is_drawn(client: FlaskClient) -> None:
    page = shown(client, "SELECT ?x { { ?x a vx:Facility } UNION { ?x a vx:Product } } LIMIT 400", "graph")
    assert "The 80 most connected of the first 300 things are drawn, of 400 in all." in page
    assert "See the table" in page
    assert "Open all" not in page
    some = shown(client, "SELECT ?x { ?x a vx:Facility } LIMIT 120", "graph")
    assert "The 80 most connected of 120 things are drawn." in some
    assert "Open all in the explorer" in some
    drawing = re.search(r'<svg class="still".*?</svg>', page, re.DOTALL)[0]
    assert min(map(float, re.findall(r'font-size="([\d.]+)"', drawing))) * result_pictures.SCALE >= 11


def test_the_map_counts_what_has_a_place(client: FlaskClient) -> None:
    page = shown(client, "SELECT * { VALUES ?x { id:trang-due id:cat-bi-airport id:lg } }", "map")
    assert "2 of 3 things of the result have a place on the map" in page
    assert 'href="/page/trang-due"' in page[page.index('class="places"') :]
    assert "Cat Bi" in page[page.index('class="places"') :]


@pytest.mark.parametrize(("things", "count"), [("id:bach-dang", ""), ("id:trang-due", "12")])
def test_a_park_without_plants_has_its_name_and_no_number(
    client: FlaskClient, things: str, count: str
) -> None:
    page = shown(client, f"SELECT * {{ VALUES ?x {{ {things} }} }}", "map", "vi")
    places = page[page.index('class="places"') :]
    assert (
        re.search(r'<g class="mark-park" .*?<text class="count"[^>]*>([^<]*)<', places, re.DOTALL)[1] == count
    )
    assert 'class="lettering"' in places
    assert "+1" not in places


def test_names_stay_within_the_part_that_is_shown(app: Any) -> None:
    with app.test_request_context("/?lang=vi"):
        parks = ["yen-my-2", "trang-due", "texhong-hai-ha", "vsip-hai-phong", "lai-cach"]
        known = [park for park in parks if park in app.extensions["vehec"].network.nodes]
        found = result_pictures.places(table(result("x", [thing("lg")]), {}, "vi"), known)
    left, _, width, _ = found.box
    assert any(found.labels)
    for mark, label in zip(found.map.marks, found.labels, strict=True):
        if label:
            west, _, east, _ = text_rect(Named((0, 0), mark.r, mark.name), label)
            assert left <= mark.x + west / found.zoom
            assert mark.x + east / found.zoom <= left + width


POINTS = 'SELECT ?name ?{} ?{} {{ VALUES (?name ?{} ?{}) {{ ("Nơi A" {}) ("Nơi B" {}) }} }}'


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        (POINTS.format(*("lat", "long") * 2, "20.9 106.1", "21.0 107.0"), 2),
        (POINTS.format(*("vĩ_độ", "kinh_độ") * 2, "20.9 106.1", "21.0 107.0"), 2),
        (POINTS.format(*("kinhDo", "viDo") * 2, "106.1 20.9", "107.0 21.0"), 2),
        (POINTS.format(*("site_latitude", "site_longitude") * 2, "20.9 106.1", "2.0 107.0"), 1),
        (POINTS.format(*("a", "b") * 2, "20.9 106.1", "21.0 107.0"), 2),
        ('SELECT ?n ?w { VALUES (?n ?w) { ("A" "POINT(106.1 20.9)") ("B" "nowhere") } }', 1),
        ('SELECT ?w { VALUES ?w { "<http://x/4326> Point (106.1 20.9)" } }', 1),
        ('SELECT ?n ?wgs84 { VALUES (?n ?wgs84) { ("A" "20.9, 106.1") } }', 1),
        ('SELECT ?longName ?lat ?lon { VALUES (?longName ?lat ?lon) { ("A" 20.9 106.1) } }', 1),
        (POINTS.format(*("a", "b") * 2, "20.9 106.1", "99.5 107.0"), None),
        (POINTS.format(*("a", "b") * 2, "20 106", "21 107"), None),
        (POINTS.format(*("lat", "size") * 2, "20.9 5.5", "21.0 7.5"), None),
    ],
)
def test_positions_in_the_rows_are_on_the_map(client: FlaskClient, query: str, marks: int | None) -> None:
    page = shown(client, query, "map")
    if marks is None:
        assert "no parks, plants, ports or positions in it" in page or "place on the map" in page
        return
    spots = re.search(r'<g class="spots">(.*?)\n  </g>\n</svg>', page, re.DOTALL)[1]
    assert spots.count("<circle") == marks
    assert f"{marks} position" in page


@pytest.mark.parametrize("few", [[], ["nomura-hai-phong", "bach-dang"]])
def test_names_on_the_map_do_not_meet_and_are_not_cut(app: Any, few: list[str]) -> None:
    nodes = app.extensions["vehec"].network.nodes
    things = few or [name for name in nodes if nodes[name]["kind"] == "zone"]
    with app.test_request_context("/?lang=vi"):
        found = result_pictures.places(table(result("x", [thing("lg")]), {}, "vi"), things)
    taken = [
        ((mark.x, mark.y), rect)
        for mark, label in zip(found.map.marks, found.labels, strict=True)
        for rect in [moved(square(mark.r), (mark.dx, mark.dy))]
        + ([text_rect(Named((0, 0), mark.r, mark.name), label)] if label else [])
    ]
    taken += [((each.x, each.y), rect) for each in found.provinces for rect in found.rects(each)]
    rects = [[at + side / found.zoom for at, side in zip(p * 2, r, strict=True)] for p, r in taken]
    for one, other in combinations(rects, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert 0 < found.centre < 1
    shown = {province.name for province in found.provinces}
    assert ("Hưng Yên" in shown) == (not few)  # its name would be cut at the edge
    assert "Hải Phòng" in shown


def test_a_position_off_the_map_says_so(client: FlaskClient) -> None:
    page = shown(client, "SELECT ?lat ?long { VALUES (?lat ?long) { (1.5 2.5) } }", "map")
    assert "its positions lie off the map" in page


def test_a_thing_on_the_map_is_not_drawn_again_from_its_row(client: FlaskClient) -> None:
    query = "SELECT ?x ?lat ?long { VALUES ?x { id:cat-bi-airport id:bac-ninh } ?x schema:latitude ?lat ; schema:longitude ?long }"
    page = shown(client, query, "map")
    assert page.count('<circle r="5"/>') == 1
    assert 'href="/page/bac-ninh"' in page


# Text and files


@pytest.mark.parametrize(
    ("query", "form", "part"),
    [
        (PLANTS, "", '\n      {\n        "plant": {"type": "uri", "value": "https://w3id.org/vehec/id/'),
        (PLANTS, "csv", "plant,park\nhttps://w3id.org/vehec/id/"),
        (PLANTS, "tsv", "?plant\t?park\n<https://w3id.org/vehec/id/"),
        (PLANTS, "xml", '</result>\n<result>\n<binding name="plant">\n<uri>'),
        ("DESCRIBE id:trang-due", "", "\nid:trang-due "),
        ("DESCRIBE id:trang-due", "jsonld", '\n    "@id": "'),
    ],
)
def test_the_text_keeps_its_lines(client: FlaskClient, query: str, form: str, part: str) -> None:
    page = ask(client, query, BROWSER, show="raw", lang="en", form=form).text
    text = html.unescape(re.search(r'<pre class="raw"[^>]*>(.*?)</pre>', page, re.DOTALL)[1])
    assert part in text.replace("\r", "")
    assert 'data-copies="as-text"' in page


def test_an_unknown_format_of_the_text_says_what_to_type(client: FlaskClient) -> None:
    answer = ask(client, PLANTS, BROWSER, show="raw", form="<i>", lang="en")
    assert answer.status_code == 400
    assert "json, csv, tsv, xml" in answer.text
    assert "<i>" not in answer.text


def test_json_in_lines_is_the_same_json(client: FlaskClient) -> None:
    page = ask(client, "SELECT * { VALUES ?x { id:lg UNDEF } }", BROWSER, show="raw").text
    text = html.unescape(re.search(r'<pre class="raw"[^>]*>(.*?)</pre>', page, re.DOTALL)[1])
    assert json.loads(text) == json.loads(
        ask(client, "SELECT * { VALUES ?x { id:lg UNDEF } }", "application/sparql-results+json").text
    )


def test_the_text_is_cut_aloud(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shown(client, "DESCRIBE id:trang-due", "raw")
    assert "id:trang-due" in whole
    assert "Cut on the screen" not in whole
    assert "data-whole" not in whole
    monkeypatch.setattr(result_text, "MOST", 50)
    cut = shown(client, PLANTS, "raw")
    assert re.search(r"Cut on the screen: the text has \d+ lines", cut)
    assert re.search(r'data-whole="[^"]+format=json"', cut)
    assert len(html.unescape(re.search(r'<pre class="raw"[^>]*>(.*?)</pre>', cut, re.DOTALL)[1])) <= 50


MANY = (
    "SELECT ?a ?b ?c { ?a vx:size ?x . ?b vx:size ?y . ?c vx:size ?z . ?d vx:size ?w FILTER(?w < 6) } # many"
)


def test_ten_thousand_rows_come_whole(small: FlaskClient) -> None:
    page = shown(small, MANY, "table")
    assert "10,368 rows" in page
    assert "The first 500 are shown; download all as a file." in page
    rows = list(csv.reader(io.StringIO(ask(small, MANY, "text/csv").text)))
    assert len(rows) == 12**3 * 6 + 1
    book = ask(small, MANY, BROWSER, format="xlsx")
    assert book.content_type.startswith("application/vnd.openxmlformats")
    sheet = zipfile.ZipFile(io.BytesIO(book.data)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 12**3 * 6 + 1


def test_a_workbook_is_typed_and_runs_nothing(small: FlaskClient) -> None:
    query = 'SELECT (2.5 AS ?n) ("=1+1" AS ?t) ("2024-02-03"^^xsd:date AS ?d) {}'
    book = zipfile.ZipFile(io.BytesIO(ask(small, query, format="xlsx").data))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>2.5</v>" in sheet
    assert "<v>45325</v>" in sheet
    assert "=1+1" in sheet + book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert html.escape(query) in book.read("xl/sharedStrings.xml").decode().replace('"', "&quot;")
    assert ask(small, "ASK {}", format="xlsx").status_code == 200
    assert (
        ask(small, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "application/json", format="xlsx").status_code
        == 406
    )


# The same from a program


def run(command: list[str] | str, **more: Any) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, **more).stdout


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("?example=cq09-plants-of-a-group-by-product&group=lg&product=camera-module", "plant"),
        ("?query=SELECT ('it%22s' AS ?a) {}%0A%23 x", "a"),
    ],
)
def test_the_commands_of_the_page_run(
    base_url: str, client: FlaskClient, tmp_path: Any, path: str, columns: str
) -> None:
    page = client.get(f"/sparql{path}&lang=en", headers={"Accept": BROWSER}, base_url=base_url).text
    commands = {
        name: html.unescape(re.search(rf'<pre id="as-{name}"[^>]*>(.*?)</pre>', page, re.DOTALL)[1])
        for name in ("curl", "python")
    }
    bare = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    by_curl = run(["bash", "-c", commands["curl"]], env=bare)
    script = tmp_path / "asked.py"
    script.write_text(commands["python"], encoding="utf-8")
    by_python = run([sys.executable, str(script)], env=bare)
    rows = list(csv.reader(io.StringIO(by_curl)))
    assert [eval(line) for line in by_python.splitlines()] == rows
    assert columns in rows[0]
    assert len(rows) > 1


@pytest.mark.parametrize("text", ["a", "a\nb", 'a\n"""\nb', "a\\n\nb", 'q\n"x"', "ế\U0001f600"])
def test_python_source_gives_the_text_back(text: str) -> None:
    assert eval(result_code.literal(text)) == text


def test_nothing_of_a_query_becomes_html(client: FlaskClient) -> None:
    query = 'SELECT ("</pre><img src=x>" AS ?a) (2 AS ?n) { VALUES ?x { 1 2 3 } }'
    for show in result_views.SHOWS:
        assert "<img" not in shown(client, query, show)
