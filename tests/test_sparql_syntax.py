"""The lexer: keywords and names, dataset clauses, limits, the place of an error."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from graph.namespaces import PREFIXES, SOURCE
from graph.sparql_syntax import explain, outer_limit, read, with_limit


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?load ?insert }",
        'SELECT * { ?s ?p "SERVICE <http://x/>" }',
        "SELECT * { ?s ?p '''SERVICE\n<x> LOAD''' }",
        "SELECT * { ?s <http://x/SERVICE> ?o } # SERVICE <http://x/> DROP ALL",
        "PREFIX service: <http://x/> SELECT * { ?s service:LOAD service:SERVICE }",
        "SELECT * { ?s vx:SERVICE ?o . ?s vx:from ?from }",
        r'SELECT * { ?s ?p "\" SERVICE <http://x/>" }',
        "SELECT * { ?s ?p 'a'@service-LOAD }",
        "SELECT * { _:service ?p ?o FILTER(?o<?p) }",
    ],
)
def test_words_in_names_strings_and_comments_are_no_keywords(query: str):
    syntax = read(query, PREFIXES)
    assert (syntax.form, syntax.service, syntax.update) == ("SELECT", None, None)
    assert syntax.default_graphs == ()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service\tsilent ?where { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
        "PREFIX : <http://x/> SELECT*{SERVICE:y{?s ?p ?o}}",
        "SELECT * { # nothing\n ?s ?p '#' . SERVICE <http://x/#> { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }",
    ],
)
def test_service_is_found(query: str):
    assert read(query, PREFIXES).service


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <http://x/a> FROM NAMED <http://x/b> { ?s ?p ?o }", ["http://x/a"], ["http://x/b"]),
        ("PREFIX e: <http://x/> SELECT * FROM e:a { ?s ?p ?o }", ["http://x/a"], []),
        ("BASE <http://x/y/> ASK from named <../a> { ?s ?p ?o }", [], ["http://x/a"]),
        ("ASK FROM src:a { ?s ?p ?o }", [SOURCE + "a"], []),
        (r"ASK FROM <http://x/\u0061> { ?s ?p ?o }", ["http://x/a"], []),
        ("ASKFROM<file:///etc/passwd>{ ?s ?p ?o }", ["file:///etc/passwd"], []),
        ("SELECT ?from { ?from vx:from 'FROM <x>' }", [], []),
    ],
)
def test_dataset_clauses_are_resolved(query: str, default: list[str], named: list[str]):
    syntax = read(query, PREFIXES)
    assert (list(syntax.default_graphs), list(syntax.named_graphs)) == (default, named)


@pytest.mark.parametrize(
    ("query", "limited"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 5"),
        ("SELECT * { ?s ?p ?o } # LIMIT 2", "SELECT * { ?s ?p ?o }\nLIMIT 5"),
        ("SELECT * { ?s ?p ?o } LIMIT 9 OFFSET 2", "SELECT * { ?s ?p ?o } LIMIT 5 OFFSET 2"),
        ("SELECT * { ?s ?p ?o } LIMIT 3", "SELECT * { ?s ?p ?o } LIMIT 3"),
        ("SELECT * { ?s ?p ?o }limit9", "SELECT * { ?s ?p ?o }limit5"),
        (
            "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 3 } }",
            "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 3 } }\nLIMIT 5",
        ),
        ("SELECT * { ?s ?p ?o } VALUES ?s { 1 }", "SELECT * { ?s ?p ?o } LIMIT 5 VALUES ?s { 1 }"),
        (
            "SELECT ?limit { ?limit ?p 'LIMIT 9' } ORDER BY ?p",
            "SELECT ?limit { ?limit ?p 'LIMIT 9' } ORDER BY ?p\nLIMIT 5",
        ),
    ],
)
def test_a_limit_is_put_where_it_belongs(query: str, limited: str):
    assert with_limit(read(query, PREFIXES), 5) == limited


def test_the_limit_of_a_sub_query_is_not_the_limit_of_the_query():
    assert outer_limit(read("SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 3 } }", {})) is None
    assert outer_limit(read("SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 3 } } LIMIT 7", {})) == 7


@pytest.mark.parametrize(
    "text",
    [
        '"\\' * 20_000,
        "'''" * 13_000,
        "a." * 20_000,
        "<a" * 20_000,
        ":." * 20_000,
        "{" * 40_000,
        "_:a." * 10_000,
    ],
)
def test_reading_bad_input_is_linear(text: str):
    tokens = read(text, {}).tokens
    assert sum(len(token.text) for token in tokens) == len(text)


@pytest.mark.parametrize(
    ("query", "line", "column", "reason"),
    [
        ("SELEC * WHERE { ?s ?p ?o }", 1, 1, ""),
        ("SELECT * WHERE { ?s ?p", 1, 23, "The query ends too early"),
        ("SELECT *\nWHERE {\n  ?s nope:bar ?o }", 3, 6, "Prefix not found"),
        ("SELECT * { ?s a vx:Zone ;\n  nope:bar ?o }", 2, 3, "Prefix not found"),
        ("PREFIX nope: <urn:x> SELECT * { ?s nope:bar nope:bar nope:bar }", 1, 54, ""),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, ""),
        ("SELECT * { ?s ?p ?o }\n}", 2, 1, ""),
        ('SELECT * { ?s ?p "đường" ?x }', 1, 26, ""),
        ("SELECT * { ?s ?p ?o . FILTER(?x > ) }", 1, 35, ""),
        ("", 1, 1, ""),
    ],
)
def test_a_syntax_error_has_its_place(query: str, line: int, column: int, reason: str):
    with pytest.raises(SyntaxError) as caught:
        Store().query(query, prefixes=PREFIXES)
    found = explain(query, str(caught.value))
    assert (found.line, found.column, found.reason) == (line, column, reason)
