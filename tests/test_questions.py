"""The shipped questions: each has its words, its answer on a small world and its answer on the shipped data."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Store

from graph.namespaces import ID
from graph.query import EXAMPLES, Parameter, Query, load_queries
from tests.questions import GOLDEN, Table, answer, path, world

QUERIES = load_queries(EXAMPLES)
BY_NAME = {query.name: query for query in QUERIES}
TOPICS = "institutions territory investors linkages evidence measures infrastructure gaps numbers".split()
BROWSER = {"Accept": "text/html"}

# One thing of the small world per question that must not be in its answer, and why.
ABSENT = {
    "cq01": ("committee-beta", "its seat begins later"),
    "cq02": ("co", "was at the signing but holds no office of a party"),
    "cq03": ("forum-2", "another body organised it"),
    "cq04": ("co", "is a vice chair"),
    "cq05": ("alpha", "was merged before the date"),
    "cq06": ("lgd-trang-due", "its province kept its name"),
    "cq07": ("shed-cluster", "is a cluster, not a park"),
    "cq08": ("homeland", "is a country"),
    "cq09": ("lg-phones", "makes no electronic component"),
    "cq10": ("battery-firm", "no capital is recorded"),
    "cq11": ("inland", "has 30 ha free"),
    "cq12": ("seat", "a plant makes it"),
    "cq13": ("buyer-x", "has two suppliers of the product"),
    "cq14": ("seat-memo", "is a memorandum only"),
    "cq15": ("seat-firm", "supplies nobody in the chain"),
    "cq16": ("battery-firm", "sells to one group"),
    "cq17": ("battery-plant", "is no anchor"),
    "cq18": ("link-002", "is another link"),
    "cq19": ("inland", "its sources agree"),
    "cq20": ("link-001", "has two sources"),
    "cq21": ("fdi-stock", "is another indicator"),
    "cq22": ("gamma", "kept its boundaries"),
    "cq23": ("other-port", "is no expressway"),
    "cq24": ("inland", "another port is nearer"),
    "cq25": ("inland", "lies 25 km away"),
    "cq26": ("tyre", "is the subject, not the gap"),
    "cq27": ("delta", "is no party to the agreement"),
    "cq28": ("seat-firm", "is a firm, not a gap"),
    "cq29": ("claim-1", "is counted, not listed"),
    "cq30": ("inland", "is another park"),
    "cq31": ("claim-2", "the records support it"),
    "cq32": ("tyre", "is counted, not listed"),
}


@pytest.fixture(scope="module")
def small() -> Store:
    return world("fixture")


@pytest.fixture(scope="module")
def shipped() -> Store:
    return world("shipped")


def texts(table: Table) -> set[str]:
    return {cell for row in table.rows for cell in row}


def test_there_are_thirty_two_questions() -> None:
    numbers = [int(found[1]) for query in QUERIES if (found := re.match(r"cq(\d\d)-", query.name))]
    assert numbers == list(range(1, 33))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_words_of_a_question(query: Query) -> None:
    assert query.topic in TOPICS
    assert set(query.title) == set(query.about) == {"vi", "en"}
    assert "PREFIX" not in query.text


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_answer_on_the_small_world(small: Store, query: Query) -> None:
    found = answer(small, query)
    assert found.rows, "the small world needs a row for this question"
    assert found.written() == path("fixture", query).read_text("utf-8"), "run `make golden`, read the diff"


@pytest.mark.parametrize("number", ABSENT)
def test_what_an_answer_leaves_out(small: Store, number: str) -> None:
    thing, why = ABSENT[number]
    query = next(query for query in QUERIES if query.name.startswith(number))
    assert any(small.quads_for_pattern(NamedNode(ID + thing), None, None, None)), "not in the small world"
    assert f"id:{thing}" not in texts(answer(small, query)), why


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_frozen_answer_on_the_shipped_data(shipped: Store, query: Query) -> None:
    found = answer(shipped, query).written()
    assert found == path("shipped", query).read_text("utf-8"), "run `make golden`, read the diff"


def test_no_answer_is_kept_of_a_question_that_is_gone() -> None:
    assert {file.stem for file in GOLDEN.rglob("*.csv")} == set(BY_NAME)


def moved_to(store: Store, name: str, old: str, new: str) -> Table:
    """The answer of a question with another date or limit in its first line."""
    query = BY_NAME[name]
    assert old in query.text
    return answer(store, Query(name, query.text.replace(old, new), query.title, query.about))


@pytest.mark.parametrize(
    ("date", "units"), [("2025-06-30", {"id:hai-duong"}), ("2025-07-02", {"id:hai-phong-2025"})]
)
def test_plants_of_hai_duong_follow_the_merger(shipped: Store, date: str, units: set[str]) -> None:
    moved = {row[0] for row in answer(shipped, BY_NAME["cq06-moved-without-moving"]).rows}
    of_hai_duong = {row[0] for row in moved_to(shipped, "cq05-plants-on-a-date", "2025-07-02", "2025-06-30").rows
                    if row[1] == "id:hai-duong"}  # fmt: skip
    assert of_hai_duong and of_hai_duong <= moved
    on_date = moved_to(shipped, "cq05-plants-on-a-date", "2025-07-02", date)
    assert {row[1] for row in on_date.rows if row[0] in of_hai_duong} == units


@pytest.mark.parametrize(
    ("date", "units"),
    [
        ("2025-06-30", {"id:alpha", "id:beta", "id:gamma", "id:delta"}),
        ("2025-07-01", {"id:beta-2025", "id:gamma", "id:delta"}),
    ],
)
def test_units_that_exist_on_a_date(small: Store, date: str, units: set[str]) -> None:
    found = moved_to(small, "cq08-units-on-a-date", "2025-06-30", date)
    assert {row[0] for row in found.rows} == units


@pytest.mark.parametrize("name", ["cq01-council-on-a-date", "cq30-known-by-a-date"])
def test_an_earlier_date_gives_fewer_rows(small: Store, name: str) -> None:
    date = re.search(r"\d{4}-\d\d-\d\d", BY_NAME[name].text)[0]  # type: ignore[index]
    assert len(moved_to(small, name, date, "2021-01-01").rows) < len(answer(small, BY_NAME[name]).rows)


def numbers(client: Any, name: str) -> list[dict[str, str]]:
    """Rows of a shipped query as the running application answers it."""
    found = client.get("/sparql", query_string={"example": name, "format": "json"}).get_json()
    rows = found["results"]["bindings"]
    return [{column: cell["value"] for column, cell in row.items()} for row in rows]


def test_an_example_is_answered_by_its_name(client: Any) -> None:
    reply = client.get("/sparql?example=cq18-sources-of-a-link", headers={"Accept": "text/csv"})
    assert reply.status_code == 200
    assert reply.text.splitlines()[0] == "link,source,publisher,published,grade,url,title"
    assert client.get("/sparql?example=cq99", headers={"Accept": "text/csv"}).status_code == 404


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_example_opens_on_the_page_with_its_answer(client: Any, lang: str) -> None:
    page = client.get(f"/sparql?example=cq18-sources-of-a-link&lang={lang}", headers=BROWSER).text
    assert BY_NAME["cq18-sources-of-a-link"].title[lang] in page
    assert "example=cq18-sources-of-a-link" in page, "the curl line"
    assert "/page/link-001" in page


def test_numbers_of_the_list_of_sources(client: Any) -> None:
    rows = numbers(client, "n03-sources")
    counts = {row.get("class", "").rpartition("-")[2]: int(row["sources"]) for row in rows}
    page = client.get("/sources?lang=en", headers=BROWSER).text
    assert "example=n03-sources" in page
    assert f"There are {counts['']:,};" in page
    shown = dict(re.findall(r'value="(\w+)"[^>]*>[^<]* <em>([\d,]+)</em>', page))
    assert {name: int(count.replace(",", "")) for name, count in shown.items()} == {
        name: count for name, count in counts.items() if name
    }


def test_numbers_of_the_list_of_claims(client: Any) -> None:
    rows = numbers(client, "n05-claims-by-verdict")
    counts = {row["verdict"].rpartition("-")[2]: row["claims"] for row in rows}
    page = client.get("/claims?lang=en", headers=BROWSER).text
    assert "example=n05-claims-by-verdict" in page
    shown = dict(re.findall(r'check=(\w+)[^"]*">[^<]*?(\d+)</a>', page))
    assert shown == counts


def test_numbers_of_the_list_of_gaps(client: Any) -> None:
    page = client.get("/gaps?lang=en", headers=BROWSER).text
    row = numbers(client, "n06-needs-and-links")[0]
    assert "example=n06-needs-and-links" in page
    assert f"need {row['needed']} kinds of input. For {row['missing']} no maker" in page
    assert f"({row['links']} links)" in page
    assert "example=n02-gaps-by-kind" in page
    kinds = {row["detector"]: row["gaps"] for row in numbers(client, "n02-gaps-by-kind")}
    shown = dict(re.findall(r'name="kind" value="(D\d+)"[^>]*><span>[^<]*</span><em>([\d,]+)</em>', page))
    assert shown and shown.items() <= kinds.items()


def test_numbers_of_the_explorer(client: Any) -> None:
    page = client.get("/?lang=en", headers=BROWSER).text
    rows = numbers(client, "n01-plants-and-zones")
    assert rows
    assert [f"{row['plants']} plants, {row['zones']} zones" for row in rows
            if f"{row['plants']} plants, {row['zones']} zones" not in page] == []  # fmt: skip


# Parameters

WITH_PARAMETERS = [query for query in QUERIES if query.parameters]
EACH = [(query, parameter) for query in WITH_PARAMETERS for parameter in query.parameters]
RESERVED = {"query", "update", "format", "timeout", "example", "show", "lang", "as_of", "reading", "select"}
HOSTILE = (
    '"} DROP ALL #',
    "lg . ?s ?p ?o",
    "id:lg AS ?x) BIND(1",
    "<https://example.org/>",
    "'; --",
    "\\u0022",
    "x\n}",
    "[lg]",
    "Ma túy [no-such-thing]",
    "2025-02-30",
    "1e999",
    "-5",
    "٣",
)


def test_a_dozen_questions_have_a_form() -> None:
    assert len(WITH_PARAMETERS) >= 12


@pytest.mark.parametrize(("query", "parameter"), EACH, ids=lambda each: each.name)
def test_a_parameter_can_be_filled(query: Query, parameter: Any) -> None:
    assert set(parameter.label) == {"vi", "en"}
    assert parameter.name not in RESERVED
    assert len(parameter.slot.findall(query.text)) == 1
    assert parameter.kind in {
        *"zone locality organization facility product infrastructure thing date number text".split()
    }
    term = NamedNode(ID + "some-other-thing")
    filled = query.filled({parameter.name: term})
    assert parameter.standing(filled.text) == "id:some-other-thing"
    assert query.terms(filled.text)[parameter.name] == "id:some-other-thing"
    assert query.terms(filled.text + " LIMIT 3") is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_stays_one_literal(small: Store, text: str) -> None:
    query = Query("q", "SELECT ?x { BIND(1 AS ?x) }", {}, {}, "", (Parameter("x", "text", {}),))
    rows = list(query.filled({"x": Literal(text)}).run(small))
    assert [row["x"] for row in rows] == [Literal(text)]


def asked(client: Any, name: str, lang: str = "en", **typed: str) -> Any:
    return client.get("/sparql", query_string={"example": name, "lang": lang, **typed}, headers=BROWSER)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("x14-made-in-a-park", "park"),
        ("cq21-grdp-growth", "area"),
        ("cq30-known-by-a-date", "thing"),
        ("x15-plants-started-since", "date"),
        ("cq11-free-area", "at_least_ha"),
    ],
)
def test_hostile_values_are_refused_in_words(client: Any, name: str, parameter: str, text: str) -> None:
    answer = asked(client, name, **{parameter: text})
    if parameter == "thing" and text == "[lg]":  # the id of a thing in the brackets of a name
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert "is not known" in answer.text or "cannot be read" in answer.text
    assert 'id="ask"' in answer.text


@pytest.mark.parametrize(
    ("name", "typed", "same"),
    [
        ("x14-made-in-a-park", {"park": "trang-due"}, {"park": "Khu công nghiệp Tràng Duệ"}),
        ("x14-made-in-a-park", {"park": "trang-due"}, {"park": "trang due industrial park"}),
        ("x14-made-in-a-park", {"park": "trang-due"}, {"park": "Any words [trang-due]"}),
        ("cq11-free-area", {"at_least_ha": "100.5"}, {"at_least_ha": "100,5"}),
        ("cq21-grdp-growth", {}, {"area": ""}),
        ("cq01-council-on-a-date", {"date": "2024-12-01"}, {}),
    ],
)
def test_values_may_be_typed_in_several_ways(
    client: Any, name: str, typed: dict[str, str], same: dict[str, str]
) -> None:
    one, other = (
        client.get("/sparql", query_string={"example": name, "format": "csv", **each})
        for each in (typed, same)
    )
    assert one.status_code == 200
    assert one.text.count("\n") > 1
    assert one.text == other.text


def test_a_form_changes_the_answer(client: Any) -> None:
    def rows(**typed: str) -> int:
        query = {"example": "cq11-free-area", "format": "csv", **typed}
        return client.get("/sparql", query_string=query).text.count("\n")

    assert rows(at_least_ha="300") < rows() < rows(at_least_ha="0")


def test_the_form_shows_what_was_asked(client: Any) -> None:
    page = asked(client, "cq25-what-lies-near", "vi", place="lach-huyen-port", within_km="12,5").text
    assert '<option value="lach-huyen-port" selected>' in page
    assert 'name="within_km" inputmode="decimal" maxlength="16" value="12.5"' in page
    assert "BIND(id:lach-huyen-port AS ?place)" in page
    assert re.search(r'<details class="sparql"><summary>Xem câu truy vấn SPARQL', page)


def test_a_changed_value_in_the_editor_comes_back_in_the_form(client: Any) -> None:
    text = BY_NAME["x14-made-in-a-park"].titled("en").replace("id:trang-due", "id:nam-dinh-vu")
    page = client.get("/sparql", query_string={"query": text, "lang": "en"}, headers=BROWSER).text
    assert re.search(r'id="p-park"[^>]* value="Nam Dinh Vu', page)
    assert '<details class="sparql">' not in page


def test_a_thing_of_another_kind_is_refused(client: Any) -> None:
    assert asked(client, "x14-made-in-a-park", park="lg").status_code == 400
    assert asked(client, "cq09-plants-of-a-group-by-product", group="lg").status_code == 200
