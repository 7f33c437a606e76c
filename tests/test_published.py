"""The data set as data: its page, its card, its tables and files, and an address for every term."""

from __future__ import annotations

import csv
import gzip
import io
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import rdflib
from pyoxigraph import Store
from rdflib import DCTERMS, RDF, URIRef

from graph.card import FOLDER, answer
from graph.card_rdf import DATASET, DCAT, DQV, TERMS, VOID
from graph.namespaces import CODE, ID, PREFIXES, SOURCE, VX
from graph.query import QUERIES, load_query
from graph.store import SHIPPED_METADATA
from graph.terms import anchor

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

ROOT = Path(__file__).resolve().parents[1]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
READERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig", "nq": "nquads"}
LINKS_OR_WORDS = {("events", "participants_vi")}
"""Columns whose words stand beside links that hold for both languages."""
CC_BY = URIRef("https://creativecommons.org/licenses/by/4.0/")


class Anchors(HTMLParser):
    """Collects the ids of a page, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value and tag == "a":
                self.links.append(value)


def text_of(client: Any, path: str) -> str:
    reply = client.get(path, headers=BROWSER)
    assert reply.status_code == 200, path
    return reply.get_data(as_text=True)


def read(client: Any, path: str) -> rdflib.Dataset:
    reply = client.get(path)
    assert reply.status_code == 200, path
    found = rdflib.Dataset(default_union=True)
    found.parse(data=reply.get_data(), format=READERS[path.rpartition(".")[2]])
    return found


@pytest.fixture(scope="module")
def store(app: Any) -> Store:
    return app.extensions["vehec"].corridor.store


@pytest.fixture(scope="module")
def card(app: Any) -> rdflib.Dataset:
    return read(app.test_client(), "/data/card.ttl")


def value(card: rdflib.Dataset, subject: Any, predicate: str) -> int:
    return int(str(card.value(subject, URIRef(predicate))))


# The page of the data set


def test_the_rows_of_a_table_are_the_things_of_its_class(client: Any, app: Any) -> None:
    page = text_of(client, "/data?lang=en")
    shown = dict(re.findall(r'data-rows="(\w+)">([\d,]+)<', page))
    folder = app.extensions["vehec"].corridor.data
    assert len(shown) > 15
    for name, count in shown.items():
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert int(count.replace(",", "")) == len(list(csv.DictReader(file))), name


def test_columns_are_counted_as_full_as_they_are(app: Any) -> None:
    from graph.card import read_card

    corridor = app.extensions["vehec"].corridor
    for table in read_card(corridor).tables:
        with (corridor.data / table.file).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in table.columns:
            full = sum(any(row.get(name) for name in column.name.split(", ")) for row in rows)
            if (table.name, column.name) not in LINKS_OR_WORDS:
                assert column.filled == full, (table.name, column.name)
            assert full <= column.filled <= len(rows)


def test_the_coverage_on_the_page_is_the_answer_of_its_query(client: Any, store: Store) -> None:
    page = text_of(client, "/data?lang=en")
    shown = {
        (place, measure): int(number.replace(",", ""))
        for place, measure, number in re.findall(r'data-at="([\w-]+) (\w+)">([\d,]+)<', page)
    }
    rows = answer(store, "coverage")
    assert {place for place, _ in shown} == {row["locality"].removeprefix(ID) for row in rows}
    for (place, measure), number in shown.items():
        assert number == next(row for row in rows if row["locality"] == ID + place)[measure]


def test_the_coverage_query_counts_the_table(store: Store) -> None:
    with (ROOT / "data/facilities.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["locality"] == "hai-phong"]
    counted = next(row for row in answer(store, "coverage") if row["locality"] == ID + "hai-phong")
    assert counted["facilities"] == len(rows)
    assert counted["withProduct"] == sum(bool(row["produces"] or row["own_use"]) for row in rows)
    assert counted["withEmployees"] == sum(bool(row["employees"]) for row in rows)
    assert counted["operatingNow"] == sum(row["status"] == "operating" for row in rows)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_weak_spot_shows_the_answer_of_its_query(client: Any, app: Any, language: str) -> None:
    from graph.card import read_card

    page = unescape(text_of(client, f"/data?lang={language}"))
    weak = read_card(app.extensions["vehec"].corridor).weak
    assert any(weakness.query is None for weakness in weak)
    assert sum(weakness.query is not None for weakness in weak) >= 8
    comma = "." if language == "vi" else ","
    for weakness in weak:
        assert weakness.title[language] in page
        figures = {name: f"{number:,}".replace(",", comma) for name, number in weakness.figures.items()}
        assert weakness.text[language].format(**figures) in page, weakness.id


@pytest.mark.parametrize("path", sorted(QUERIES.glob("card/*.rq")), ids=lambda path: path.stem)
def test_every_query_of_the_card_has_titles_and_an_answer(path: Path, store: Store) -> None:
    query = load_query(path)
    assert set(query.title) == {"vi", "en"}
    assert answer(store, path.stem)


def test_every_number_leads_to_its_query(client: Any) -> None:
    links = Anchors(text_of(client, "/data?lang=en")).links
    asked = {
        parse_qs(urlsplit(link).query)["query"][0] for link in links if link.startswith("/sparql?query=")
    }
    shipped = {path.stem: load_query(path).titled("en") for path in QUERIES.glob(f"{FOLDER}*.rq")}
    behind_the_card_only = {"statements", "properties", "uses"}
    assert {name for name, text in shipped.items() if text.strip() in {a.strip() for a in asked}} == (
        set(shipped) - behind_the_card_only
    )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/data", "/ontology"])
def test_ids_are_unique_and_local_links_arrive(client: Any, path: str, language: str) -> None:
    page = Anchors(text_of(client, f"{path}?lang={language}"))
    assert len(page.ids) == len(set(page.ids))
    assert {unquote(link[1:]) for link in page.links if link.startswith("#")} <= set(page.ids)


def test_data_without_a_card_of_their_own_have_a_page(tmp_path: Path) -> None:
    from graph.card import read_card
    from graph.card_rdf import card_triples
    from graph.store import load

    small = read_card(load(data=ROOT / "tests/fixtures/t20"))
    assert small.weak == ()
    assert "audit" not in small.words
    assert any(table.rows for table in small.tables)
    assert card_triples(small, "http://localhost/")


# The card


@pytest.mark.parametrize(
    ("path", "accept", "status", "media"),
    [
        ("/.well-known/void", "*/*", 200, "text/turtle"),
        ("/.well-known/void", BROWSER["Accept"], 200, "text/turtle"),
        ("/.well-known/void", "application/ld+json", 200, "application/ld+json"),
        ("/.well-known/void", "application/rdf+xml, text/turtle;q=0.5", 200, "application/rdf+xml"),
        ("/data", BROWSER["Accept"], 200, "text/html"),
        ("/data", "*/*", 200, "text/html"),
        ("/data", "text/turtle", 303, "/data/card.ttl"),
        ("/data", "image/png", 406, ""),
    ],
)
def test_the_card_comes_in_the_form_the_client_prefers(
    client: Any, path: str, accept: str, status: int, media: str
) -> None:
    reply = client.get(path, headers={"Accept": accept})
    assert reply.status_code == status
    assert "Accept" in reply.headers["Vary"]
    if status == 200:
        assert reply.mimetype == media
    elif status == 303:
        assert reply.headers["Location"] == media


def test_the_card_says_the_same_in_every_format(client: Any) -> None:
    graphs = []
    for ending in ("ttl", "jsonld", "nt", "rdf"):
        text = client.get(f"/data/card.{ending}").get_data()
        graphs.append(rdflib.Graph().parse(data=text, format=READERS[ending]))
    named = [
        {triple for triple in graph if not any(isinstance(t, rdflib.BNode) for t in triple)}
        for graph in graphs
    ]
    assert len({len(graph) for graph in graphs}) == 1
    assert all(triples == named[0] for triples in named[1:])


def test_an_unknown_form_of_the_card_says_what_there_is(client: Any) -> None:
    reply = client.get("/data/card.docx", headers={"Accept": "application/json"})
    assert reply.status_code == 404
    assert "ttl" in reply.get_json()["formats"]


def test_the_counts_of_the_card_are_those_of_the_graph(card: rdflib.Dataset, store: Store) -> None:
    dataset = URIRef(DATASET)
    everything = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert value(card, dataset, VOID + "triples") == int(next(iter(everything))["n"].value)
    plants = next(card.subjects(URIRef(VOID + "class"), URIRef(VX + "Facility"), unique=True), None)
    parts = [
        p
        for p in card.objects(dataset, URIRef(VOID + "classPartition"))
        if card.value(p, URIRef(VOID + "class")) == URIRef(VX + "Facility")
    ]
    assert plants is not None
    assert len(parts) == 1
    counted = store.query("SELECT (COUNT(DISTINCT ?f) AS ?n) { ?f a vx:Facility }", prefixes=PREFIXES)
    assert value(card, parts[0], VOID + "entities") == int(next(iter(counted))["n"].value)
    per_property = [
        value(card, part, VOID + "triples")
        for part in card.objects(dataset, URIRef(VOID + "propertyPartition"))
    ]
    assert sum(per_property) == value(card, dataset, VOID + "triples")


def test_the_card_measures_every_locality(card: rdflib.Dataset, store: Store) -> None:
    measured = {
        (str(card.value(m, URIRef(PREFIXES["sdmx-dimension"] + "refArea"))), int(str(card.value(m, URIRef(DQV + "value")))))
        for m in card.subjects(URIRef(DQV + "isMeasurementOf"), URIRef(TERMS + "measure-withZone"))
    }  # fmt: skip
    assert measured == {(row["locality"], row["withZone"]) for row in answer(store, "coverage")}


@pytest.mark.parametrize(
    ("predicate", "least"),
    [
        (str(DCTERMS.title), 2), (str(DCTERMS.description), 2), (str(DCTERMS.license), 1), (str(DCTERMS.issued), 1),
        (str(DCTERMS.modified), 1), (DCAT + "version", 1), (DCAT + "distribution", 20), (DCAT + "keyword", 4),
        (VOID + "sparqlEndpoint", 1), (VOID + "dataDump", 2), (VOID + "exampleResource", 3), (VOID + "vocabulary", 5),
        (DQV + "hasQualityMeasurement", 50), (DQV + "hasQualityAnnotation", 10), (str(DCTERMS.spatial), 4),
    ],
)  # fmt: skip
def test_the_card_says_what_a_catalogue_asks(card: rdflib.Dataset, predicate: str, least: int) -> None:
    assert len(list(card.objects(URIRef(DATASET), URIRef(predicate)))) >= least


def test_addresses_of_the_card_are_of_the_host_and_are_served(client: Any) -> None:
    reply = client.get("/data/card.nt", headers={"Host": "data.example.org"})
    card = rdflib.Graph().parse(data=reply.get_data(), format="nt")
    addresses = set(card.objects(None, URIRef(DCAT + "downloadURL"))) | set(
        card.objects(None, URIRef(VOID + "dataDump"))
    )
    assert len(addresses) > 20
    for address in addresses:
        parts = urlsplit(str(address))
        assert parts.netloc == "data.example.org"
        assert client.head(parts.path).status_code == 200, address


def test_examples_of_the_card_exist(client: Any, card: rdflib.Dataset) -> None:
    for example in card.objects(URIRef(DATASET), URIRef(VOID + "exampleResource")):
        assert client.get(f"/page/{str(example).removeprefix(ID)}").status_code == 200


def test_the_endpoint_says_which_data_it_serves(client: Any) -> None:
    reply = client.get("/sparql", headers={"Accept": "text/turtle"})
    found = rdflib.Graph().parse(data=reply.get_data(), format="turtle")
    assert (None, URIRef(DCAT + "servesDataset"), URIRef(DATASET)) in found


def test_the_readme_of_the_tables_shows_the_answer_of_the_coverage_query(store: Store) -> None:
    text = (SHIPPED_METADATA.parent / "README.md").read_text("utf-8")
    section = text.partition("## Coverage\n")[2].partition("\n**")[0]
    shown = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    rows = sorted(answer(store, "coverage"), key=lambda row: row["party"] != "true")
    figures = "facilities withProduct withZone withCapital withEmployees operatingNow zones".split()
    assert [line[1:] for line in shown] == [[str(row[name]) for name in figures] for row in rows]
    parties = {"Hải Phòng", "Hải Dương", "Hưng Yên", "Quảng Ninh"}
    assert {line[0] for line in shown[:4]} == parties
    total = [sum(row[name] for row in rows) for name in figures[:2]]
    inside = [sum(row[name] for row in rows if row["party"] == "true") for name in figures[:2]]
    assert f"{total[1]} of {total[0]} facilities have a product ({inside[1]} of {inside[0]} inside)" in text
    assert f"{inside[0] - inside[1]} inside facilities have no product" in text


# Tables and files


@pytest.mark.parametrize("name", ["zones", "facilities", "sources"])
def test_a_table_is_the_file_that_was_loaded(client: Any, app: Any, name: str) -> None:
    file = (app.extensions["vehec"].corridor.data / f"{name}.csv").read_bytes()
    plain, excel = client.get(f"/data/tables/{name}.csv"), client.get(f"/data/tables/{name}.csv?bom=1")
    assert plain.get_data() == file
    assert excel.get_data().decode("utf-8-sig") == file.decode("utf-8-sig")
    assert excel.get_data().startswith(b"\xef\xbb\xbf")
    assert plain.mimetype == "text/csv"
    assert "csv-metadata.json" in plain.headers["Link"]


@pytest.mark.parametrize("name", ["nope.csv", "README.md", "parameters.toml", "zones", "..%2fREADME.md"])
def test_nothing_else_of_the_folder_is_served(client: Any, name: str) -> None:
    assert client.get(f"/data/tables/{name}", headers={"Accept": "application/json"}).status_code == 404


def test_the_description_of_the_tables_is_served(client: Any) -> None:
    reply = client.get("/data/tables/csv-metadata.json")
    assert reply.mimetype == "application/csvm+json"
    assert any(table["url"] == "zones.csv" for table in reply.get_json(force=True)["tables"])


@pytest.mark.parametrize(
    "path",
    ["/data/vehec.nq", "/data/vehec.trig", "/data/card.ttl", "/data/trang-due.ttl", "/data/tables/zones.csv"],
)
def test_a_file_is_not_sent_twice(client: Any, path: str) -> None:
    first = client.head(path)
    assert first.status_code == 200
    assert first.get_data() == b""
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("ending", ["nq", "trig"])
def test_the_whole_graph_comes_compressed_to_who_can_read_it(client: Any, ending: str) -> None:
    plain = client.get(f"/data/vehec.{ending}")
    packed = client.get(f"/data/vehec.{ending}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert len(packed.get_data()) < len(plain.get_data()) / 5


SAMPLE = ("trang-due", "lgd-trang-due", "vehec-council", "hai-duong", "link-001", "obs-001", "claim-008")


@pytest.mark.parametrize("ending", sorted(READERS))
@pytest.mark.parametrize("slug", SAMPLE)
def test_the_file_of_a_thing_stands_alone(client: Any, slug: str, ending: str) -> None:
    found = read(client, f"/data/{slug}.{ending}")
    file, thing = URIRef(f"http://localhost/data/{slug}.{ending}"), URIRef(ID + slug)
    assert (file, DCTERMS.license, CC_BY, None) in found
    assert found.value(file, URIRef(PREFIXES["foaf"] + "primaryTopic")) == thing
    pointed = {o for _, _, o, _ in found.quads((thing, None, None, None)) if isinstance(o, URIRef)}
    nameless = [
        o for o in pointed
        if str(o).startswith((ID, CODE, VX)) and found.value(o, rdflib.RDFS.label) is None
    ]  # fmt: skip
    assert nameless == []
    graphs = {g for _, _, _, g in found.quads((thing, None, None, None)) if g and str(g).startswith(SOURCE)}
    assert bool(graphs) is (ending in ("trig", "nq"))
    for source in graphs or set(found.objects(file, DCTERMS.source)):
        assert found.value(source, DCTERMS.title)
        assert found.value(source, URIRef(VX + "grade"))


# The documentation of the vocabulary


@pytest.fixture(scope="module", params=["vi", "en"])
def documented(request: Any, app: Any) -> Anchors:
    return Anchors(text_of(app.test_client(), f"/ontology?lang={request.param}"))


def declared_terms() -> set[str]:
    """Every term that the two files of the vocabulary declare, the vocabulary itself left out."""
    graph = rdflib.Graph()
    for name in ("vehec.ttl", "codes.ttl"):
        graph.parse(ROOT / "ontology" / name)
    ontologies = set(graph.subjects(RDF.type, rdflib.OWL.Ontology))
    return {str(s) for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and s not in ontologies}


def test_every_term_and_code_has_its_anchor(documented: Anchors) -> None:
    terms = declared_terms()
    assert len(terms) > 400
    assert {anchor(term) for term in terms} - set(documented.ids) == set()
    assert anchor(VX + "NoSuchTerm") not in documented.ids


def test_the_page_describes_a_term(client: Any) -> None:
    page = unescape(text_of(client, "/ontology?lang=en"))
    start = page.index('<article id="phaseOf"')
    entry = page[start : page.index("</article>", start)]
    for words in ("The park of which this zone is one phase.", "Has phase", 'href="#Zone"', "vx:phaseOf"):
        assert words in entry


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("/ont", BROWSER["Accept"], "/ontology"),
        ("/ont", "text/turtle", "/data/ontology.ttl"),
        ("/ont/{version}", BROWSER["Accept"], "/ontology"),
        ("/code/source-grade-A", BROWSER["Accept"], "/ontology#code-source-grade-A"),
        ("/code/source-grade-A", "application/n-triples", "/data/source-grade-A.nt"),
        ("/code/source-grade", BROWSER["Accept"], "/ontology#code-source-grade"),
        ("/graph/derived", BROWSER["Accept"], "/ontology#graph-derived"),
    ],
)
def test_the_address_of_a_term_leads_to_it(
    client: Any, documented: Anchors, path: str, accept: str, target: str
) -> None:
    vocabulary = rdflib.Graph().parse(ROOT / "ontology/vehec.ttl")
    version = next(vocabulary.objects(None, rdflib.OWL.versionInfo))
    reply = client.get(path.format(version=version), headers={"Accept": accept})
    assert (reply.status_code, reply.headers["Location"]) == (303, target)
    if "#" in target:
        assert target.partition("#")[2] in documented.ids


@pytest.mark.parametrize(
    "path", ["/code/nope", "/code/trang-due", "/ont/9.9.9", "/graph/nope", "/data/nope.ttl"]
)
def test_the_address_of_an_unknown_term_is_not_found(client: Any, path: str) -> None:
    assert client.get(path, headers={"Accept": "application/json"}).status_code == 404


def test_a_term_of_the_web_address_is_reached_in_the_browser(page: Any) -> None:
    page.goto("/ont?lang=en#Facility")
    assert urlsplit(page.url).path == "/ontology"
    assert urlsplit(page.url).fragment == "Facility"
    assert page.locator("#Facility").evaluate("node => node.matches(':target')")


def test_the_filter_finds_terms_without_diacritics(page: Any) -> None:
    page.goto("/ontology?lang=vi")
    page.get_by_label("Tìm thuật ngữ").fill("san pham")
    assert page.locator("#Product").is_visible()
    assert not page.locator("#OfficeHolding").is_visible()
    page.get_by_label("Tìm thuật ngữ").fill("")
    assert not page.locator("#Product").is_visible()
    page.locator(".terms > details > summary").first.click()
    assert page.locator("#OfficeHolding").is_visible()


@pytest.mark.parametrize("path", ["/data", "/ontology"])
def test_pages_do_not_scroll_sideways_on_a_phone(page: Any, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_uses_of_a_term_lead_to_a_query_that_answers(client: Any) -> None:
    page = text_of(client, "/ontology?lang=en")
    start = page.index('<article id="Zone"')
    links = Anchors(page[start : page.index("</article>", start)]).links
    asked = next(link for link in links if link.startswith("/sparql?query="))
    reply = client.get(unescape(asked), headers={"Accept": "text/csv"})
    assert reply.status_code == 200
    rows = list(csv.DictReader(io.StringIO(reply.get_data(as_text=True))))
    assert len(rows) > 100
