"""Who says so: every statement is traceable, claims are checked by a query, and a source is one click away."""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph.carriers import Carried, carried, counts, statements_about, statements_of
from graph.facts import Facts
from graph.namespaces import COMPUTED, ID, PREFIXES, SOURCE, VX, slug
from graph.store import load

ROOT = Path(__file__).resolve().parents[1]
T20 = ROOT / "tests/fixtures/t20"
BROWSER = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
SAMPLE, SEED = 200, 20221  # the number asked for; the seed only keeps the sample the same


def sample(store: Store) -> list[Quad]:
    about = sorted(
        (q for q in store.quads_for_pattern(None, None, None, DefaultGraph()) if is_thing(q)), key=str
    )
    return random.Random(SEED).sample(about, SAMPLE)


def is_thing(quad: Quad) -> bool:
    return isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID)


def untraceable(store: Store, quads: Iterable[Quad]) -> list[Carried]:
    return [statement for statement in carried(store, quads) if not statement.traceable]


# Traceable


def test_two_hundred_statements_have_a_source_or_say_that_they_are_computed(corridor: Any) -> None:
    found = list(carried(corridor.store, sample(corridor.store)))
    assert len(found) == SAMPLE
    assert [s for s in found if not s.traceable] == []
    assert {bool(s.sources) for s in found} == {True, False}
    for statement in found:
        assert not (statement.computed and statement.sources), "computed statements are kept apart"


def test_computed_ones_of_the_sample_are_marked_on_their_pages(corridor: Any) -> None:
    facts = Facts.load(corridor)
    for statement in carried(corridor.store, sample(corridor.store)):
        if statement.computed:
            shown = facts.about(slug(statement.subject.value))
            marks = {
                value.computed
                for fact in shown
                if fact.property == slug(statement.predicate.value)
                for value in fact.values
            }
            assert marks in (set(), {True}, {True, False})
            assert marks != {False}


def test_a_statement_that_nobody_makes_would_be_found() -> None:
    store = Store()
    subject, predicate = NamedNode(ID + "plant"), NamedNode(VX + "makes")
    quads = [Quad(subject, predicate, NamedNode(ID + name), DefaultGraph()) for name in "ab"]
    store.extend([*quads, Quad(subject, predicate, NamedNode(ID + "a"), NamedNode(SOURCE + "paper"))])
    assert [s.value.value for s in untraceable(store, quads)] == [ID + "b"]
    store.add(Quad(subject, predicate, NamedNode(ID + "b"), NamedNode(COMPUTED[0])))
    assert untraceable(store, quads) == []
    assert [s.sources for s in carried(store, quads) if s.computed] == [()]


def test_counts_are_those_of_the_graphs(corridor: Any) -> None:
    found = counts(corridor.store)["baogiaothong-2024-12-12"]
    said = [s for group in statements_of(corridor.store, "baogiaothong-2024-12-12").values() for s in group]
    assert found.statements == len(said)
    assert found.alone == sum(len(s.sources) == 1 for s in said)
    assert 0 < found.alone < found.statements


# Claims


@pytest.mark.parametrize(
    ("claim", "check", "evidence", "absent"),
    [
        ("claim-008", "contradicted", "samsung-sev-bacninh", "lgd-trang-due"),
        ("claim-009", "supported", "lgd-trang-due", "lge-hungyen-old"),
        ("claim-010", "supported", "foxconn-s-vietnam-dongmai", "samsung-sev-bacninh"),
    ],
)
def test_investor_claims_are_computed(
    corridor: Any, claim: str, check: str, evidence: str, absent: str
) -> None:
    found = {(slug(s.predicate.value), slug(s.value.value)): s for s in statements_about(corridor.store, NamedNode(ID + claim))}  # fmt: skip
    assert found["checkStatus", f"claim-check-{check}"].computed
    assert found["evidence", evidence].computed
    assert ("evidence", absent) not in found


def test_no_verdict_of_an_investor_claim_is_typed() -> None:
    with (ROOT / "data/claims.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rule"]]
    assert {row["rule_object"] for row in rows} >= {"samsung", "lg", "foxconn"}
    assert all(row["rule_object"] and not row["check"] and not row["evidence"] for row in rows)


@pytest.mark.parametrize(
    ("plants", "check", "evidence"),
    [
        ([("hp", "operating"), ("out", "operating")], "supported", {"own-1"}),
        ([("hp", "licensed")], "supported", {"own-1"}),
        ([("out", "operating"), ("hp", "ended")], "contradicted", {"own-1"}),
        ([("out", "operating"), ("hp", "mou")], "contradicted", {"own-1"}),
        ([("hp", "ended")], "unverified", set()),
        ([], "unverified", set()),
    ],
)
def test_the_rule_on_a_small_world(
    tmp_path: Path, plants: list[tuple[str, str]], check: str, evidence: set[str]
) -> None:
    data = Path(shutil.copytree(T20, tmp_path / "data"))
    append(
        data / "localities.csv",
        id="out",
        kind="province",
        name_vi="Ngoài",
        in_agreement="false",
        sources="fixture",
    )
    append(data / "organizations.csv", id="inv", kind="corporate-group", name_en="Inv", sources="fixture")
    append(
        data / "organizations.csv",
        id="inv-vn",
        kind="company",
        name_en="Inv VN",
        part_of="inv",
        sources="fixture",
    )
    for number, (locality, status) in enumerate(plants, 1):
        append(data / "facilities.csv", id=f"own-{number}", operator="inv-vn", locality=locality, role="supplier",
               status=status, sources="fixture")  # fmt: skip
    append(data / "claims.csv", id="c", subject="hp", predicate_en="hosts", object_en="Inv", statement_vi="Có Inv.",
           rule="hosts-plants-of", rule_object="inv", sources="fixture")  # fmt: skip
    found = statements_about(load(data=data).store, NamedNode(ID + "c"))
    values = {(slug(s.predicate.value), slug(s.value.value)) for s in found}
    assert {value for name, value in values if name == "checkStatus"} == {f"claim-check-{check}"}
    assert {value for name, value in values if name == "evidence"} == evidence


def append(path: Path, **cells: str) -> None:
    """A row with these cells; columns that are not there yet are added."""
    text = path.read_text("utf-8")
    names = next(csv.reader(io.StringIO(text)))
    rows = list(csv.DictReader(io.StringIO(text)))
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = dict.fromkeys([*names, *cells])
        writer = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, cells])


def test_evidence_has_names_and_sources(client: Any) -> None:
    found = client.get("/claims", headers=JSON).get_json()["claims"]
    assert found
    for claim in found:
        for record in claim["evidence"]:
            assert record["name"] != record["id"], record
            assert record["sources"], record
    samsung = next(claim for claim in found if claim["id"] == "claim-008")
    assert (samsung["computed"], samsung["plants"], samsung["inside"]) == (True, 6, 0)


def test_the_page_shows_the_rule_and_stays_honest(client: Any) -> None:
    text = client.get("/claims?lang=en", headers=BROWSER).get_data(as_text=True)
    assert "CONSTRUCT { ?claim vx:checkStatus" in text
    assert "This does not prove that there is none." in text
    answer = client.get("/claims?status=zz&lang=en", headers=BROWSER)
    assert answer.status_code == 400
    assert "contradicted, supported, unverified" in answer.get_data(as_text=True)
    only = client.get("/claims?status=supported", headers=JSON).get_json()
    assert {claim["check"] for claim in only["claims"]} == {"supported"}


# Single statements


@pytest.mark.parametrize(
    ("query", "total", "sources"),
    [
        ("of=trang-due&p=vx:areaHa&o=401", 1, {"vccinews-2024-06-25"}),
        ("s=https://w3id.org/vehec/id/trang-due&p=areaHa", 1, {"vccinews-2024-06-25"}),
        ("of=lgd-trang-due&of=trang-due", 1, None),
        ("of=trang-due&o=402", 0, set()),
    ],
)
def test_who_says_an_exact_statement(client: Any, query: str, total: int, sources: set[str] | None) -> None:
    answer = client.get(f"/statements?{query}", headers=JSON).get_json()
    exact = [s for s in answer["statements"] if not s["computed"]]
    assert len(exact) == total
    carriers = {source["id"] for s in exact for source in s["sources"]}
    assert (carriers and sources is None) or carriers >= (sources or set())
    assert "haiphongdpi-gov-2017-09-24" not in carriers or "areaHa" not in query
    assert all(source["title"] and source["grade"] for s in exact for source in s["sources"])


@pytest.mark.parametrize(("path", "status"), [("/statements", 400), ("/statements?of=nix", 404), ("/statements?of=trang-due&p=nix", 404), ("/statements?of=a b", 404)])  # fmt: skip
def test_an_unknown_thing_or_property_is_refused(client: Any, path: str, status: int) -> None:
    answer = client.get(path, headers=JSON)
    assert answer.status_code == status
    assert answer.get_json()["detail"]


def test_every_statement_of_a_page_names_who_makes_it(client: Any) -> None:
    for statement in client.get("/statements?of=lgd-trang-due", headers=JSON).get_json()["statements"]:
        assert statement["sources"] or statement["computed"] or statement["curated"], statement


def test_a_source_lists_what_it_says_by_thing(client: Any) -> None:
    text = client.get("/page/vccinews-2024-06-25?lang=en", headers=BROWSER).get_data(as_text=True)
    assert 'href="/page/trang-due"' in text
    assert 'href="/statements?of=trang-due&amp;p=vx:areaHa&amp;o=401"' in text
    assert "No other source carries this" in text


def test_sources_answer_programs(client: Any) -> None:
    found = client.get("/sources?grade=A&sort=alone", headers=JSON).get_json()
    assert found["total"] == len(found["sources"])
    alone = [source["alone"] for source in found["sources"]]
    assert alone == sorted(alone, reverse=True)
    assert {"title", "publisher", "published", "url", "grade", "statements"} <= set(found["sources"][0])


# Text in two languages


@pytest.mark.parametrize(("language", "hidden"), [("vi", "en"), ("en", "vi")])
def test_the_other_language_is_hidden_where_the_pages_own_exists(language: str, hidden: str) -> None:
    store = Store()
    store.update(
        """INSERT DATA { id:a skos:note "một"@vi, "hai"@vi, "one"@en ; vx:district "An Dương"@vi ;
           skos:altLabel "A" ; skos:altLabel "B" }""",
        prefixes=PREFIXES,
    )
    facts = Facts(store, names={}, order={}, named={})
    shown = {fact.property: {value.lang for value in fact.values} for fact in facts.about("a", language)}
    assert shown["note"] == {language}
    assert shown["district"] == {"vi"}, "text that exists in one language only stays, with its mark"
    assert shown["altLabel"] == {None}
    assert {value.lang for fact in facts.about("a") for value in fact.values} >= {language, hidden}


# One click, in a browser


SOURCE_PAGE = ("Nơi công bố", "Ngày", "Hạng")


def expect_source(page: Any) -> None:
    """The page of a source: title, publisher, date, grade, and a link to the document."""
    expect(page.locator("main h1")).not_to_be_empty()
    for term in SOURCE_PAGE:
        expect(page.locator("main dt", has_text=term).first).to_be_visible()
    expect(page.locator("main a[rel='noopener noreferrer']").first).to_be_visible()


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/page/trang-due", "dl.facts .src"),
        ("/?focus=lgd-trang-due", "#panel .src"),
        ("/page/trang-due", ".cf .src"),
        ("/claims", ".records .src"),
        ("/conflicts", ".who a"),
    ],
)
def test_a_source_is_one_click_away(page: Any, address: str, link: str) -> None:
    page.goto(address)
    page.locator(link).first.click()
    expect_source(page)


def test_the_evidence_of_a_gap_leads_to_its_sources(page: Any, findings: Any) -> None:
    found = next(f for f in findings if f.listed and any(premise.sources for premise in f.evidence))
    page.goto(f"/gaps/{found.id}")
    page.locator("main .src").first.click()
    expect_source(page)


def test_a_row_of_a_query_leads_to_who_says_so(page: Any) -> None:
    page.goto("/sparql?query=SELECT ?park ?area WHERE { ?park vx:areaHa ?area FILTER(?park = id:trang-due) }")
    page.locator(".res tbody tr td:last-child a").click()
    expect(page).to_have_url(re.compile(r"/statements\?of=trang-due"))
    expect(page.locator(".who")).to_have_count(3)
    best = page.locator(".who").first
    expect(best).to_contain_text("VCCI News")
    expect(best).to_contain_text("25.06.2024")
    expect(best.locator(".grade")).to_have_text("B")
    expect(best.locator("a").last).to_have_attribute("href", "https://vccinews.com/news/57063/shp-partners-with-hai-phong-to-forge-attractive-investment-environment.html")  # fmt: skip
