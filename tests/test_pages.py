"""Pages and data of things and sources, the lists of sources and claims, and what none of them may do."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from web.citing import cite

ROOT = Path(__file__).resolve().parents[1]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ID = "https://w3id.org/vehec/id/"
NASTY = "</script><img src=x onerror=alert(1)>"


def text_of(client: Any, path: str) -> str:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


# Addresses


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("/id/trang-due", BROWSER["Accept"], "/page/trang-due"),
        ("/id/trang-due", "*/*", "/page/trang-due"),
        ("/id/trang-due", "text/turtle", "/data/trang-due.ttl"),
        ("/id/trang-due", "application/ld+json", "/data/trang-due.jsonld"),
        ("/id/trang-due", "application/n-triples", "/data/trang-due.nt"),
        ("/id/trang-due", "application/rdf+xml", "/data/trang-due.rdf"),
        ("/id/trang-due", "text/html;q=0.4, text/turtle;q=0.9", "/data/trang-due.ttl"),
        ("/id/trang-due", "text/html, text/turtle;q=0.9", "/page/trang-due"),
        ("/id/link-001", BROWSER["Accept"], "/page/link-001"),
        ("/source/forum-article-2024-12", BROWSER["Accept"], "/page/forum-article-2024-12"),
        ("/source/forum-article-2024-12", "text/turtle", "/data/forum-article-2024-12.ttl"),
        ("/ont", "application/ld+json", "/data/ontology.jsonld"),
        ("/ont", BROWSER["Accept"], "/ontology"),
        ("/code/source-grade-A", "text/html", "/ontology#code-source-grade-A"),
    ],
)
def test_an_address_leads_to_what_the_client_prefers(
    client: Any, path: str, accept: str, target: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == target
    assert "Accept" in answer.headers["Vary"]


def test_an_address_without_an_acceptable_form_says_what_there_is(client: Any) -> None:
    answer = client.get("/id/trang-due", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.get_data(as_text=True)


def test_a_finding_leads_to_its_gap(client: Any, findings: Any) -> None:
    gap = findings[0].id
    assert client.get(f"/id/{gap}", headers=BROWSER).headers["Location"] == f"/gaps/{gap}"
    assert client.get(f"/page/{gap}", headers=BROWSER).headers["Location"] == f"/gaps/{gap}"


@pytest.mark.parametrize(
    "path", ["/id/nope", "/source/nope", "/code/nope", "/page/nope", "/page/a b<c", "/data/nope.ttl"]
)
def test_an_unknown_thing_is_not_found(client: Any, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_an_unknown_thing_comes_with_suggestions(client: Any) -> None:
    answer = client.get("/page/trang-dua", headers=BROWSER)
    assert answer.status_code == 404
    assert 'href="/page/trang-due"' in answer.get_data(as_text=True)


# Data


@pytest.mark.parametrize(
    ("ending", "form"),
    [
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("rdf", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
        ("trig", RdfFormat.TRIG),
        ("nq", RdfFormat.N_QUADS),
    ],
)
def test_data_hold_statements_in_and_out(client: Any, ending: str, form: RdfFormat) -> None:
    answer = client.get(f"/data/trang-due.{ending}")
    quads = list(parse(answer.get_data(), format=form))
    assert answer.status_code == 200
    assert any(quad.subject.value == ID + "trang-due" for quad in quads)
    assert any(getattr(quad.object, "value", "") == ID + "trang-due" for quad in quads)
    graphs = {getattr(quad.graph_name, "value", "") for quad in quads}
    assert ("https://w3id.org/vehec/source/vccinews-2024-06-25" in graphs) is (ending in ("trig", "nq"))


def test_an_unknown_ending_says_what_there_is(client: Any) -> None:
    answer = client.get("/data/trang-due.docx", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert "ttl" in answer.get_json()["formats"]


def test_the_whole_data_set_can_be_fetched(client: Any, app: Any) -> None:
    answer = client.get("/data/vehec.nq")
    dump = app.extensions["vehec"].corridor.dump.read_bytes()
    sent, stored = (sorted(re.sub(rb"_:\w+", b"_:", body).splitlines()) for body in (answer.get_data(), dump))
    assert sent == stored
    part = client.get("/data/vehec.trig", headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.data)) == (206, 100)


# A thing


@pytest.mark.parametrize(
    "slug",
    ["trang-due", "lgd-trang-due", "lg", "samsung", "pcb-assembly", "hai-phong", "vehec-council", "pham-tan-cong",
     "vehec-agreement", "ev-2022-07-28-forum", "lach-huyen-port", "doc-vehec-report", "claim-008", "link-001",
     "expert-02", "obs-001", "role-001", "disagreement-001", "merger-hai-duong-hai-phong-2025",
     "req-mobile-phone-needs-pcb-assembly"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_of_thing_has_a_page(client: Any, network: Any, slug: str, language: str) -> None:
    text = text_of(client, f"/page/{slug}?lang={language}")
    assert f'<html lang="{language}">' in text
    assert ID + slug in text
    if slug in network:
        assert f"focus={slug}" in text


def test_every_fact_names_its_sources_or_says_why_not(client: Any) -> None:
    text = text_of(client, "/page/lgd-trang-due?lang=en")
    once = re.search(r'<div class="rec">(.*?)</div>', text, flags=re.S)
    assert once and 'class="src"' in once[1], "the sources that most facts share stand above them"
    lines = re.findall(r'<div class="line">(.*?)</div>\s*</div>', text, flags=re.S)
    assert lines
    for line in lines:
        own = line.rpartition("<div>")[2].strip()
        assert not own or 'class="src"' in own or "computed" in line or "our judgement" in own


def test_what_is_missing_is_said(client: Any) -> None:
    text = text_of(client, "/page/lgd-trang-due?lang=en")
    row = re.search(r"<dt>Employees</dt>(.*?)</dl>", text, flags=re.S)
    assert row
    assert "not recorded" in row[1][:300]


def test_conflicting_values_stand_side_by_side_with_the_one_in_use_marked(client: Any) -> None:
    text = text_of(client, "/page/trang-due?lang=en")
    box = re.search(r'<div class="cf">(.*?)</section>', text, flags=re.S)
    assert box
    values = re.findall(r'class="big[^"]*">([^<]+)<', box[1])
    assert values == ["401", "600 (400 industrial + 200 township)", "400"]
    assert box[1].count("Value in use") == 1
    assert '<div class="cf">' not in text_of(client, "/page/lgd-trang-due?lang=en")


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/page/samsung?lang=vi", "Nhà máy trong tiểu vùng: 3 giá trị"),
        ("/page/samsung?lang=en", "Plants in the sub-region: 3 values"),
        ("/page/trang-due?lang=vi", "Diện tích (ha): 3 giá trị"),
    ],
)
def test_a_conflict_is_named_in_the_language_of_the_page(client: Any, path: str, title: str) -> None:
    assert f"<h3>{title}</h3>" in text_of(client, path)


def fact_row(client: Any, path: str, label: str) -> str:
    row = re.search(rf"<dt>{label}</dt>(.*?)</dd>", text_of(client, path), flags=re.S)
    assert row, label
    return row[1]


@pytest.mark.parametrize(
    ("path", "label", "words"),
    [
        ("/page/claim-006?lang=en", "Result of the check", "our judgement"),
        ("/page/claim-008?lang=en", "Result of the check", "computed"),
        ("/page/claim-008?lang=vi", "Ghi chú", "nhận định của nhóm biên soạn"),
        ("/page/lgd-trang-due?lang=en", "Role", "our judgement"),
    ],
)
def test_our_judgement_is_shown_as_ours(client: Any, path: str, label: str, words: str) -> None:
    row = fact_row(client, path, label)
    assert words in row
    assert 'class="src"' not in row


@pytest.mark.parametrize(
    ("path", "label", "lang", "words"),
    [
        ("/page/claim-008?lang=vi", "Điều được nói", None, None),
        ("/page/claim-008?lang=vi", "Ghi chú", None, None),
        ("/page/claim-008?lang=en", "Statement", "vi", "(in Vietnamese)"),
        ("/page/claim-008?lang=en", "Notes", None, None),
    ],
)
def test_a_text_in_the_other_language_is_marked(
    client: Any, path: str, label: str, lang: str | None, words: str | None
) -> None:
    row = fact_row(client, path, label)
    if words is None:
        assert "lang=" not in row
        assert '<span class="muted">' not in row
    else:
        assert f'<span lang="{lang}">' in row
        assert f'<span class="muted">{words}</span>' in row


def test_the_panel_says_what_is_our_judgement(client: Any) -> None:
    panel = client.get("/api/thing/lgd-trang-due?lang=en").get_json()
    notes = {fact["property"]: [value.get("note") for value in fact["values"]] for fact in panel["facts"]}
    assert notes["role"] == ["our judgement"]
    assert notes["makes"] and "our judgement" not in notes["makes"]


def test_gaps_stand_beside_the_thing_they_touch(client: Any, findings: Any) -> None:
    text = text_of(client, "/page/trang-due?lang=en")
    semiconductor = next(f for f in findings if f.detector == "D1" and f.subject == "semiconductor-ic")
    assert f'href="/gaps/{semiconductor.id}"' in text
    assert "zone=trang-due" in text
    assert f'href="/gaps/{semiconductor.id}"' not in text_of(client, "/page/pham-tan-cong?lang=en")


def test_supply_links_are_shown_with_their_status(client: Any) -> None:
    text = text_of(client, "/page/lgd-trang-due?lang=en")
    assert 'href="/page/link-002"' in text
    assert "l-stated" in text


# Sources and claims


def test_a_source_says_what_rests_on_it(client: Any) -> None:
    text = text_of(client, "/page/baogiaothong-2024-12-12?lang=en")
    assert 'href="https://www.baogiaothong.vn/' in text
    assert 'rel="noopener noreferrer"' in text
    assert "Established press, research or open data." in text
    statements = int(re.search(r"<dt>Statements</dt><dd>([\d,]+)", text)[1].replace(",", ""))  # type: ignore[index]
    alone = int(re.search(r"<small>([\d,]+) of them", text)[1].replace(",", ""))  # type: ignore[index]
    assert 0 < alone < statements


def test_the_list_of_sources_sorts_and_narrows(client: Any, app: Any) -> None:
    catalogue = app.extensions["vehec"].catalogue
    first = text_of(client, "/sources?lang=en")
    counts = [int(n.replace(",", "")) for n in re.findall(r'<td class="num">([\d,]+)</td>', first)]
    assert counts[::2] == sorted(counts[::2], reverse=True)
    assert all(alone <= count for count, alone in zip(counts[::2], counts[1::2], strict=True))
    alone = re.findall(r'<td class="num">([\d,]+)</td>', text_of(client, "/sources?sort=alone&lang=en"))[1::2]
    assert alone == sorted(alone, key=lambda n: -int(n.replace(",", "")))
    assert f"{len(catalogue)} sources" in first
    only = text_of(client, "/sources?grade=A&kind=official&sort=title&lang=en")
    wanted = [s for s in catalogue.values() if s.grade == "A" and s.kind == "official"]
    assert f"{len(wanted)} sources" in only
    assert 'class="grade">B<' not in only
    assert "baogiaothong-2024-12-12" in text_of(client, "/sources?q=giao+thong&lang=en")


@pytest.mark.parametrize(
    "path",
    [
        "/sources?grade=Z",
        "/sources?kind=x",
        "/sources?sort=x",
        "/sources?page=x",
        "/claims?check=x",
        "/claims?status=zz",
        "/conflicts?kind=x",
        "/conflicts?property=x",
        "/conflicts.csv?kind=x",
    ],
)
def test_an_unknown_choice_is_refused(client: Any, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["allowed"]


def test_the_samsung_claim_comes_first_with_what_speaks_against_it(client: Any) -> None:
    text = text_of(client, "/claims?lang=en")
    order = re.findall(r'<li id="(claim-\d+)">', text)
    assert order[0] == "claim-008"
    claim = text[text.index('id="claim-008"') : text.index(f'id="{order[1]}"')]
    assert "The records contradict this" in claim
    assert "0 of 6 recorded plants lie in the four localities." in claim
    assert "cannot be ruled out" in claim
    assert 'href="/page/forum-article-2024-12"' in claim
    assert 'href="/page/samsung-sev-bacninh"' in claim


def test_claims_narrow_by_the_result_of_the_check(client: Any) -> None:
    text = text_of(client, "/claims?check=supported&lang=en")
    assert 'id="claim-009"' in text
    assert 'id="claim-008"' not in text


# Hostile text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application on the small world, with markup in the names of a product and a source."""
    from graph import load
    from server import create_app

    data = tmp_path_factory.mktemp("hostile") / "t20"
    shutil.copytree(ROOT / "tests/fixtures/t20", data)
    for name, columns in (("products", ("name_en", "name_vi")), ("sources", ("title", "publisher"))):
        rows = list(csv.DictReader((data / f"{name}.csv").open(encoding="utf-8", newline="")))
        for row in rows:
            row.update({column: f"{row[column]} {NASTY}" for column in columns})
        with (data / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.cells.text_problem", lambda text: None)  # the tables refuse such a name
        app = create_app(load(ROOT / "ontology", data))
    yield app.test_client()
    app.extensions["vehec"].pool.close()


class Finder(HTMLParser):
    """Collects tags that text from the tables must never become."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "img" or any(name.startswith("on") for name in names):
            self.bad.append(tag)
        if any((value or "").lower().startswith("javascript:") for _, value in attrs):
            self.bad.append(f"{tag} javascript:")


@pytest.mark.parametrize("path", ["/gaps", "/gaps?kind=D3", "/page/prod-panel", "/page/plant-a", "/page/fixture", "/sources",
                                  "/claims", f"/page/{NASTY}", f"/gaps?q={NASTY}", f"/sources?grade={NASTY}"])  # fmt: skip
def test_text_never_becomes_markup(hostile: Any, path: str) -> None:
    finder = Finder()
    text = hostile.get(path, headers=BROWSER).get_data(as_text=True)
    finder.feed(text)
    assert finder.bad == []
    assert NASTY not in text
    assert re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", text) is None


def test_the_name_is_shown_as_text(hostile: Any) -> None:
    assert "onerror=alert(1)&gt;" in text_of(hostile, "/page/prod-panel")


def test_every_gap_page_of_the_small_world_holds(hostile: Any) -> None:
    for finding in hostile.application.extensions["vehec"].findings:
        finder = Finder()
        finder.feed(text_of(hostile, f"/gaps/{finding.id}"))
        assert finder.bad == []


# Offices and seats


def words_of(client: Any, path: str) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(client, path)))


def test_the_council_counts_its_seats_and_names_each_member_once(client: Any) -> None:
    page = text_of(client, "/page/vehec-council?lang=en&as_of=2024-06-01")
    table = page[page.index("Offices and seats") : page.index("</table>", page.index("Offices and seats"))]
    for member in ("vcci", "ppc-hp", "ppc-hd", "ppc-hy", "ppc-qn", "pham-tan-cong"):
        assert table.count(f'href="/page/{member}?as_of=2024-06-01"') == 1, member
    assert re.search(r"Recorded seats in all</th><td class=\"num\">10<", table)
    assert "no end of this seat is recorded" not in table


@pytest.mark.parametrize(("day", "ended"), [("2025-06-30", 0), ("2025-07-01", 1)])
def test_a_seat_without_end_says_when_its_unit_ended(client: Any, day: str, ended: int) -> None:
    words = words_of(client, f"/page/vehec-council?lang=en&as_of={day}")
    assert words.count("no end of this seat is recorded") == ended
    assert words.count("Hải Dương Province ended on 01.07.2025") == ended


def test_plants_of_a_zone_that_do_not_count_are_named(client: Any) -> None:
    words = words_of(client, "/page/trang-due?lang=en")
    plants = int(re.search(r"(\d+) recorded plants", words)[1])  # type: ignore[index]
    page = text_of(client, "/page/trang-due?lang=en")
    table = page[
        page.index("recorded plants</h2>") : page.index("</table>", page.index("recorded plants</h2>"))
    ]
    assert table.count("<tr><td") == plants
    assert "not counted, for it ended or is a memorandum only: Universal Scientific Industrial" in words
    assert "Located here" not in words


# Ids of sources in texts


def test_a_note_names_a_source_by_its_title(client: Any) -> None:
    source = client.application.extensions["vehec"].catalogue["tophaiphongaz-khu-cong-nghiep"]
    page = text_of(client, "/page/trang-due?lang=vi")
    assert f'href="/page/{source.slug}" lang="vi">{source.title}</a>' in page
    assert f"({source.slug})" not in page


def test_a_text_stays_text_beside_the_sources_it_names(app: Any) -> None:
    with app.test_request_context("/"):
        found = cite("<b> no-such-id tophaiphongaz-khu-cong-nghiep & more")
    assert found.startswith("&lt;b&gt; no-such-id <a ")
    assert found.endswith("</a> &amp; more")


@pytest.mark.parametrize(
    ("question", "meant"),
    [("nha cung cap linh kien nhua", "Linh kiện nhựa ép phun"), ("qqqzzz", None), ("trang due", None)],
)
def test_a_search_that_no_name_fits_leads_to_near_names(
    client: Any, question: str, meant: str | None
) -> None:
    text = client.get("/search", query_string={"q": question}).text
    near = text.partition("Có phải bạn muốn tìm")[2]
    assert (meant in near) if meant else near == ""
