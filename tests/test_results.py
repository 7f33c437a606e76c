"""The views of a result: table, graph, chart, map, text, files, and the commands that get the same."""

from __future__ import annotations

import csv
import html
import io
import os
import re
import subprocess
import sys
import zipfile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from graph.namespaces import XSD
from graph.query import EXAMPLES, headings, load_queries
from tests.sparql_site import ALL, BROWSER, ask, small_site
from web import result_chart, result_code, result_views
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


def test_a_question_has_headings_in_words_and_an_own_query_has_its_variables(client: FlaskClient) -> None:
    page = client.get("/sparql?example=cq11-free-area&lang=vi", headers={"Accept": BROWSER}).text
    assert '<button type="button">Còn trống (ha)</button>' in page
    assert '<button type="button">free_ha</button>' in shown(client, "SELECT (1 AS ?free_ha) {}", "table")


@pytest.mark.parametrize("query", load_queries(EXAMPLES), ids=lambda query: query.name)
def test_every_column_of_a_question_has_words(app: Any, query: Any) -> None:
    names = re.findall(r"\?(\w+)", str(_variables(app, query)))
    bare = {re.sub(r"_(vi|en)$", "", name) for name in names}
    assert bare - headings().keys() == set()


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
        assert "This view does not fit the result:" in shown(client, query, show)


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
    assert [(bar.label, bar.shown) for bar in panel.bars] == [("a", "-5"), ("b", "10"), ("c", "2.5")]
    assert [tick.shown for tick in panel.ticks] == ["-5", "0", "5", "10"]
    assert panel.zero == pytest.approx(100 / 3, abs=0.01)
    assert panel.bars[0].x == pytest.approx(0)
    assert panel.bars[1].width == pytest.approx(200 / 3, abs=0.01)
    assert panel.heading == "Growth (%)"


def test_time_makes_a_line_in_order(app: Any) -> None:
    rows = [
        [cell(year), cell(value, "integer")] for year, value in (("2025", "3"), ("2021", "1"), ("2022", "2"))
    ]
    (panel,) = drawn(app, "year v", rows, "v").panels
    assert [point.label for point in panel.points] == ["2021", "2022", "2025"]
    assert [point.x for point in panel.points] == [0, 25, 100]
    assert panel.points[0].y > panel.points[2].y
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


def test_growth_by_locality(client: FlaskClient) -> None:
    page = client.get("/sparql?example=cq21-grdp-growth&show=chart&lang=vi", headers={"Accept": BROWSER}).text
    assert "<figcaption>Tốc độ tăng (%)</figcaption>" in page
    assert re.search(r'<tspan class="value">11,46</tspan> Tỉnh Hải Dương · 01.2025–06.2025', page)


# Graph and map


def test_the_lines_of_a_construct_are_its_triples(client: FlaskClient) -> None:
    page = shown(client, SUPPLY, "graph")
    rows = int(re.search(r"<strong>(\d+) rows", page)[1])
    assert f", {rows} lines" in page
    assert "The lines are those of the result." in page
    assert page.count('data-id="') >= rows
    one = shown(client, "CONSTRUCT { id:trang-due vx:partOf id:lg } {}", "graph")
    assert "2 things, 1 line." in one


def test_the_lines_of_a_select_are_what_is_recorded(client: FlaskClient) -> None:
    page = shown(client, "SELECT * { VALUES ?x { id:lgd-trang-due id:trang-due } }", "graph")
    assert "2 things, 1 line." in page
    assert 'href="/?things=lgd-trang-due,trang-due"' in html.unescape(page).replace("%2C", ",")


def test_a_large_graph_says_how_much_is_drawn(client: FlaskClient) -> None:
    page = shown(client, "SELECT ?x { { ?x a vx:Facility } UNION { ?x a vx:Product } } LIMIT 400", "graph")
    assert "The first 300 of 400 things are drawn." in page


def test_the_map_counts_what_has_a_place(client: FlaskClient) -> None:
    page = shown(client, "SELECT * { VALUES ?x { id:trang-due id:cat-bi-airport id:lg } }", "map")
    assert "2 of 3 things of the result have a place on the map" in page
    assert 'href="/page/trang-due"' in page[page.index('class="places"') :]
    assert "Cat Bi" in page[page.index('class="places"') :]


# Text and files


def test_the_text_is_cut_aloud(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shown(client, "DESCRIBE id:trang-due", "raw")
    assert "id:trang-due" in whole
    assert "signs; download all" not in whole
    monkeypatch.setattr(result_views, "MOST_RAW", 50)
    cut = shown(client, PLANTS, "raw")
    assert re.search(r"The first 50 of [\d,]+ signs; download all as a file", cut)
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
