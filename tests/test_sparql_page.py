"""The query page: table, names, downloads, errors, examples, words."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from graph import sparql as protocol
from graph.evaluation import Request, evaluate
from graph.query import EXAMPLES, load_queries
from graph.sparql_problems import HINTS, PROBLEMS, Problem
from tests.sparql_site import ALL, BROWSER, ROWS, ask, small_site, small_store
from web import sparql


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    with small_site(tmp_path_factory.mktemp("sparql")) as client:
        yield client


def test_the_page_shows_things_by_name(client: FlaskClient):
    vi, en = (ask(client, ALL, BROWSER, lang=lang).text for lang in ("vi", "en"))
    assert '<a href="/page/thing-03">Vật 3</a>' in vi
    assert '<a href="/page/thing-03">Thing 3</a>' in en
    assert f"{ROWS} rows" in en


def test_the_page_links_downloads_that_carry_the_query(client: FlaskClient):
    text = ask(client, ALL, BROWSER, lang="en").text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/sparql\?[^"]+)" download', text)]
    found = {parse_qs(urlsplit(link).query)["format"][0]: link for link in links}
    assert set(found) == {"json", "xml", "csv", "tsv", "xlsx"}
    assert client.get(found["csv"], headers={"Accept": BROWSER}).text.count("\n") == ROWS + 1


def test_the_page_shows_five_hundred_rows(client: FlaskClient):
    query = "SELECT ?a ?b ?c { ?a vx:size ?x . ?b vx:size ?y . ?c vx:size ?z }"
    text = ask(client, query, BROWSER, lang="en").text
    assert text.count("<tr>") == 501
    assert "1,728 rows" in text
    assert "The first 500 are shown" in text


def test_the_page_keeps_a_wrong_query_and_says_what_is_wrong(client: FlaskClient):
    response = ask(client, "SELECT * { ?s nope:x </textarea> }", BROWSER, lang="en")
    assert response.status_code == 400
    assert "line 1, column 15" in response.text
    assert "?s nope:x &lt;/textarea&gt; }" in response.text


def test_what_is_wrong_is_said_in_the_language_of_the_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    for query, words in (
        ("SELECT * { ?s a nha may }", "Tên phải có tiền tố"),
        ("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }", "thêm biến đó vào GROUP BY"),
    ):
        assert words in ask(client, query, BROWSER, lang="vi").text
        assert words not in ask(client, "SELECT * { ?s ?p }", BROWSER, lang="vi").text

    def late(*_: object, **__: object) -> None:
        raise Problem("deadline", elapsed=10.04, limit=10.0)

    monkeypatch.setattr(protocol.Endpoint, "run", late)
    for lang, words in (
        ("vi", "đã chạy 10 giây; giới hạn là 10 giây"),
        ("en", "It ran for 10 s; the limit is 10 s."),
    ):
        assert words in ask(client, ALL, BROWSER, lang=lang).text
    assert ask(client, ALL).get_json()["detail"] == "It ran for 10 s; the limit is 10 s."


TOLD = {
    "Tên biến bắt đầu bằng dấu ?, như ?nope.": ["SELECT nope", "SELECT DISTINCT nope { ?s ?p ?o }"],
    "Sau LIMIT phải là một số nguyên": ["SELECT * { ?s ?p ?o } LIMIT", "SELECT * { ?s ?p ?o } LIMIT x"],
    "Sau OFFSET phải là một số nguyên": ["SELECT * { ?s ?p ?o } OFFSET x"],
    "Phép so sánh phải đặt trong FILTER": ["SELECT * {\n?s vx:size > 5 }"],
    "Có chuỗi chữ chưa kết thúc": ['SELECT * { ?s rdfs:label "Vật }'],
    "thường là thiếu dấu ngoặc đóng": ["SELECT * { ?s a vx:Facility"],
    "Tiền tố này chưa được khai báo": ["SELECT * { ?s nope:a ?o }"],
    "Để tìm theo tên, hãy dùng ô tìm kiếm": ["nhà máy ở Hải Phòng", "selct * {}"],
    "": ["SELECT * { ?s ?p ?o ) }", "SELECT * { ?s ?p ?o } ORDER ?s"],
}


@pytest.mark.parametrize(("words", "query"), [(words, query) for words in TOLD for query in TOLD[words]])
def test_an_error_says_what_to_do(client: FlaskClient, words: str, query: str):
    page = ask(client, query, BROWSER, lang="vi")
    assert page.status_code == 400
    assert [each for each in TOLD if each and each in page.text] == ([words] if words else [])


def test_the_page_says_when_a_limit_was_reached(client: FlaskClient):
    sentence = "Your query asked for no more than that"
    assert sentence in ask(client, ALL + " LIMIT 3", BROWSER, lang="en").text
    assert sentence not in ask(client, ALL + " LIMIT 300", BROWSER, lang="en").text


def test_names_and_values_are_text(client: FlaskClient):
    text = ask(client, "SELECT ?s ?o { ?s vx:note ?o }", BROWSER).text
    assert "<img" not in text
    assert "<b>" not in text
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in text


@pytest.mark.parametrize(
    ("query", "words"), [("ASK { ?s vx:size 3 }", "Yes"), ("ASK { ?s vx:size 99 }", "No")]
)
def test_the_page_of_a_question(client: FlaskClient, query: str, words: str):
    assert f"<strong>{words}</strong>" in ask(client, query, BROWSER, lang="en").text


@pytest.mark.parametrize(
    ("query", "told"), [("ASK { ?s vx:size 1 }", False), ("ASK { ?s vx:size 99 }", True)]
)
def test_a_no_is_not_more_than_the_records_say(client: FlaskClient, query: str, told: bool):
    page = ask(client, query, BROWSER, lang="en").text
    assert ("That does not mean that it is not so." in page) == told


def test_an_empty_answer_to_a_form_denies_nothing(client: FlaskClient):
    parameters = {"example": "x14-made-in-a-park", "lang": "en"}
    page = client.get("/sparql", query_string=parameters, headers={"Accept": BROWSER}).text
    assert "Nothing is recorded for this choice. That does not mean that there is nothing" in page
    assert "No row fits the query" in ask(client, "SELECT * { ?s vx:size 99 }", BROWSER, lang="en").text


def test_the_page_of_a_graph(client: FlaskClient):
    text = ask(client, "DESCRIBE id:thing-01", BROWSER, lang="en").text
    assert '<th scope="col"><button type="button">subject</button></th>' in text
    assert "format=ttl" in text


def test_the_cap_is_announced(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(protocol, "ROWS", 5)
    assert ask(client, ALL + " # capped", "text/csv").headers[sparql.TRUNCATED] == "5"
    assert "an answer stops at 5 rows" in ask(client, ALL + " # capped", BROWSER, lang="en").text
    monkeypatch.setattr(protocol, "ROWS", ROWS)
    assert sparql.TRUNCATED not in ask(client, ALL + " # whole", "text/csv").headers


@pytest.mark.parametrize("query", load_queries(EXAMPLES), ids=lambda query: query.name)
def test_examples(query, client: FlaskClient):
    assert set(query.title) == set(query.about) == {"vi", "en"}
    evaluate(small_store(), Request(query.text))
    page = ask(client, query.titled("en").replace("\n", "\r\n"), BROWSER, lang="en").text
    assert re.search(r'aria-current="true">([^<]+)', page)[1].replace("&#39;", "'") == query.title["en"]


def test_every_problem_has_vietnamese_words():
    parts = Path(sparql.__file__).parent / "translations"
    words: dict[str, str] = {}
    for path in [*parts.glob("parts/sparql.po"), *parts.glob("vi/LC_MESSAGES/messages.po")]:
        with path.open("rb") as file:
            words |= {message.id: message.string for message in read_po(file) if isinstance(message.id, str)}
    wanted = [text for _, *texts in PROBLEMS.values() for text in texts]
    assert [text for text in [*wanted, *HINTS.values()] if not words.get(text)] == []
