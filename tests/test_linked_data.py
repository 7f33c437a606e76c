"""Every IRI that the graph mints leads somewhere, every page says what it is about, and addresses are right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
import rdflib
from flask import Flask, request, url_for
from markupsafe import escape
from pyoxigraph import NamedNode
from werkzeug.test import Client

from graph.findings import load_parameters
from graph.gaps.world import World
from graph.namespaces import BASE, DEFAULT_BASE, ID, ONTOLOGY_GRAPH, SOURCE, base_iri
from graph.shapes import list_shapes, shape_quads
from graph.sparql_problems import ADVICE, PROBLEMS, Problem
from graph.store import SHAPES
from web import addresses, crawlers
from web.addresses import BadSetting
from web.pages import FORMATS
from web.serving import http_server

ROOT = Path(__file__).resolve().parents[1]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LINK = re.compile(r'<([^>]*)>; rel="([^"]+)"(?:; type="([^"]+)")?')
EMBEDDED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
OTHER_BASE = "https://kg.example.org/corridor/"


def links(answer: Any) -> list[tuple[str, str, str]]:
    """Target, relation and type of each link in the header."""
    return LINK.findall(answer.headers["Link"])


def embedded(client: Any, path: str) -> dict[str, Any]:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert answer.status_code == 200, path
    (text,) = EMBEDDED.findall(answer.text)
    found: dict[str, Any] = json.loads(text)
    return found


# IRIs


@pytest.fixture(scope="module")
def minted(app: Any) -> list[str]:
    """Every IRI under the base, wherever it stands in a statement."""
    found = {
        term.value
        for quad in app.extensions["vehec"].corridor.store
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, NamedNode) and term.value.startswith(BASE)
    }
    return sorted(found)


def test_every_iri_leads_to_a_page_and_to_data(client: Any, minted: list[str]) -> None:
    kinds = Counter(re.split("[/#]", iri.removeprefix(BASE))[0] for iri in minted)
    assert set(kinds) == {"id", "source", "code", "graph", "ont"}
    pages, files = set(), set()
    # Every 25th thing, and everything else: things are thousands, and lead on by one rule.
    whole = dict.fromkeys(iri.partition("#")[0] for iri in minted)
    things = [iri for iri in whole if iri.startswith(ID)]
    for iri in [*things[::25], *(iri for iri in whole if not iri.startswith(ID))]:
        answer = client.get("/" + iri.removeprefix(BASE), headers={"Accept": "text/turtle"})
        assert (answer.status_code, answer.headers["Vary"][:6]) == (303, "Accept"), iri
        files.add(answer.headers["Location"])
        pages.add(next(place for place, _, media in links(answer) if media == "text/html"))
    slugs = Counter(iri.rpartition("/")[2] for iri in minted if "#" not in iri)
    assert [slug for slug, times in slugs.items() if times > 1] == [], "data files are named by slug alone"
    # One page and one file of each sort: all of them would take minutes.
    for media, found in (("text/html", pages), ("text/turtle", files)):
        sorts = {re.sub(r"[0-9a-f]{12}|[0-9]+", "N", place).split("-")[0]: place for place in sorted(found)}
        few = {place.partition("#")[0] for place in sorts.values()}
        for place in sorted(few)[::7]:
            answer = client.get(place, headers={"Accept": media})
            assert (answer.status_code, answer.mimetype) == (200, media), place


def test_terms_have_their_place_in_the_documentation(client: Any, minted: list[str]) -> None:
    ids = set(re.findall(r' id="([^"]+)"', client.get("/ontology").text))
    terms = [iri.removeprefix(ONTOLOGY_GRAPH + "#") for iri in minted if iri.startswith(ONTOLOGY_GRAPH + "#")]
    assert [term for term in terms if term not in ids] == []


def test_the_iri_of_every_rule_leads_to_its_words_and_to_data(client: Any) -> None:
    page = client.get("/ontology?lang=en").text
    shapes = list_shapes(shape_quads(ROOT / "ontology" / SHAPES))
    for shape in shapes:
        path = "/" + shape.iri.removeprefix(BASE)
        answer = client.get(path, headers={"Accept": BROWSER})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/ontology#shape-{shape.name}")
        article = page.partition(f'<article id="shape-{shape.name}"')[2].partition("</article>")[0]
        assert all(str(escape(text)) in article for text in shape.messages["en"]) and shape.messages["en"]
        assert [bool(path) for path in shape.paths] == [
            "</a>: " in item or "</code>: " in item for item in re.findall(r"<li>(.*?)</li>", article)
        ]
        assert ("Stops a release" in article) is shape.stops
        found = client.get(path, headers={"Accept": "text/turtle"})
        assert found.headers["Location"] == "/data/shapes.ttl"
    assert client.get("/shape/Nope").status_code == 404
    for ending, (_, media) in FORMATS.items():
        answer = client.get(f"/data/shapes.{ending}")
        assert (answer.status_code, answer.mimetype) == (200, media)
    assert client.get("/data/shapes.pdf").status_code == 404
    graph = rdflib.Graph().parse(data=client.get("/data/shapes.ttl").data, format="turtle")
    kind = rdflib.URIRef("http://www.w3.org/ns/shacl#NodeShape")
    assert {str(node) for node in graph.subjects(rdflib.RDF.type, kind)} == {shape.iri for shape in shapes}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_type_of_every_problem_leads_to_what_to_do(client: Any, lang: str) -> None:
    assert set(ADVICE) == set(PROBLEMS)
    listed = client.get(f"/api?lang={lang}").text
    for code in PROBLEMS:
        path = Problem(code).type.removeprefix(BASE)
        answer = client.get(f"/{path}?lang={lang}")
        assert answer.status_code == 200
        assert f'href="/{path}"' in listed
        assert "%(" not in answer.text
        assert (str(escape(ADVICE[code])) in answer.text) is (lang == "en")
    assert client.get("/problem/nope").status_code == 404


def test_every_iri_of_the_card_leads_somewhere(client: Any) -> None:
    card = client.get("/data/card.nt").text
    iris = {iri.partition("#")[0] for iri in re.findall(f"<({re.escape(BASE)}[^>]*)>", card)}
    assert BASE + "data" in iris
    for iri in iris - {BASE + "ont"}:
        answer = client.get("/" + iri.removeprefix(BASE), headers={"Accept": BROWSER})
        assert answer.status_code in (200, 303), iri


@pytest.mark.parametrize("path", ["/id/trang-due", "/source/forum-article-2024-12", "/code/source-grade-A",
                                  "/graph/curated", "/ont", "/ont/0.2.0"])  # fmt: skip
@pytest.mark.parametrize("ending", [*FORMATS, "html"])
def test_a_format_may_be_named_in_the_address(client: Any, path: str, ending: str) -> None:
    target = client.get(f"{path}?format={ending}", headers={"Accept": BROWSER}).headers["Location"]
    assert target.endswith(f".{ending}") is (ending != "html")
    assert client.get(target).mimetype == ("text/html" if ending == "html" else FORMATS[ending][1])


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/html;q=0, */*", "ttl"),
        ("text/turtle;q=0.2, application/n-quads;q=0.8", "nq"),
        ("application/*", "jsonld"),
        ("application/trig, text/turtle;q=0.9, */*;q=0.1", "trig"),
        ("application/rdf+xml;q=0.5, text/*;q=0.4", "rdf"),
    ],
)
def test_weights_decide(client: Any, accept: str, ending: str) -> None:
    answer = client.get("/id/trang-due", headers={"Accept": accept})
    assert answer.headers["Location"] == f"/data/trang-due.{ending}"


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/id/trang-due", "image/png"), ("/id/trang-due?format=docx", "*/*"), ("/data", "x/y")],
)
def test_what_there_is_not_is_refused_with_what_there_is(client: Any, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.get_json()["formats"] == ["text/html", *(media for _, media in FORMATS.values())]
    assert {media for _, relation, media in links(answer) if relation == "alternate"} >= {"text/turtle"}


@pytest.mark.parametrize(
    "path", ["/id/forum-article-2024-12", "/id/source-grade-A", "/source/trang-due", "/code/trang-due", "/graph/x",
             "/ont/9.9.9", "/id/trang-duee", "/page/trang-duee"],
)  # fmt: skip
def test_what_was_never_minted_is_not_found_and_can_be_searched_for(client: Any, path: str) -> None:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert answer.status_code == 404
    assert 'action="/search"' in answer.text.partition("<main")[2]
    assert client.get(path, headers={"Accept": "text/turtle"}).status_code == 404


@pytest.mark.parametrize(
    ("slug", "first"), [("samsung-du-an-lon", "Samsung Group"), ("trang-duee-2", "Khu công nghiệp Tràng Duệ")]
)
def test_names_are_suggested_for_an_unknown_id_and_no_sentences(client: Any, slug: str, first: str) -> None:
    found = client.get(f"/page/{slug}").get_json()["suggestions"]
    assert {hit["kind"] for hit in found}.isdisjoint({"claim", "expert_statement"})
    assert first in [hit["label"] for hit in found]


def test_links_lead_from_each_form_to_the_others(client: Any) -> None:
    media = {media for _, media in FORMATS.values()}
    redirected = links(client.get("/id/trang-due", headers={"Accept": "text/turtle"}))
    assert {kind for _, relation, kind in redirected if relation == "alternate"} == {"text/html", *media}
    page = client.get("/page/trang-due?lang=en")
    assert {kind for _, relation, kind in links(page) if relation == "alternate"} == media
    assert ("http://localhost/page/trang-due?lang=en", "canonical", "") in links(page)
    assert ("/data/trang-due.ttl", "describedby", "text/turtle") in links(page)
    file = client.get("/data/trang-due.ttl")
    assert (ID + "trang-due", "describes", "") in links(file)
    assert {kind for _, relation, kind in links(file) if relation == "alternate"} == {
        "text/html", *media,
    } - {"text/turtle"}  # fmt: skip
    for place, relation, kind in [*redirected, *links(page), *links(file)]:
        if relation in ("alternate", "describedby"):
            assert client.get(place).mimetype == kind


@pytest.mark.parametrize("path", ["/page/trang-due", "/page/forum-article-2024-12", "/data", "/ontology",
                                  "/data/trang-due.ttl", "/data/card.ttl", "/.well-known/void", "/sitemap.xml"])  # fmt: skip
def test_what_did_not_change_is_not_sent_again(client: Any, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


# What pages say about their subject


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/page/trang-due", "Place"),
        ("/page/lgd-trang-due", "Place"),
        ("/page/hai-phong", "AdministrativeArea"),
        ("/page/lg", "Organization"),
        ("/page/cold-rolled-steel", "Product"),
        ("/page/pham-tan-cong", "Person"),
        ("/page/claim-008", "Claim"),
        ("/page/link-001", "Thing"),
    ],
)
def test_a_thing_in_the_terms_of_schema_org(client: Any, path: str, kind: str) -> None:
    said = embedded(client, f"{path}?lang=en&as_of=2026-01-01")
    slug = path.rpartition("/")[2]
    assert (said["@context"], said["@id"], said["@type"]) == ("https://schema.org", ID + slug, kind)
    assert said["url"] == f"http://localhost{path}"
    assert said["name"]
    assert all(work["@id"].startswith(SOURCE) and work["name"] for work in said["subjectOf"])


@pytest.mark.parametrize(
    ("slug", "near"), [("cat-bi-airport", True), ("trang-due", False), ("hai-phong", False)]
)
def test_a_position_is_said_only_where_it_is_near(client: Any, network: Any, slug: str, near: bool) -> None:
    assert (network.nodes[slug]["precision"] == "exact") is near
    said = embedded(client, f"/page/{slug}").get("geo", {})
    assert said.get("latitude") == (network.nodes[slug]["lat"] if near else None)


def test_a_source_the_data_set_and_the_site(client: Any) -> None:
    source = embedded(client, "/page/vccinews-2024-06-25")
    assert (source["@type"], source["datePublished"]) == ("NewsArticle", "2024-06-25")
    data = embedded(client, "/data?lang=en")
    assert (data["@type"], data["@id"], data["isAccessibleForFree"]) == ("Dataset", BASE + "data", True)
    assert len(data["description"]) >= 50
    assert len(data["spatialCoverage"]) == 4
    for part in data["distribution"]:
        place = urlsplit(part["contentUrl"]).path
        assert client.head(place).mimetype == part["encodingFormat"], place
    site = embedded(client, "/")
    assert client.get(
        site["potentialAction"]["target"]["urlTemplate"].replace("{search_term_string}", "lg")
    ).text
    assert EMBEDDED.findall(client.get("/gaps").text) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Of the {all} plants of the four localities, the gap pages and the overview count {counted}; "
            "left out: {mou} only a memorandum, {ended} ended.",
        ),
        (
            "vi",
            "Trong {all} nhà máy của bốn địa phương, các trang khoảng trống và trang tổng quan tính "
            "{counted}; không tính: {mou} nhà máy mới có biên bản ghi nhớ, {ended} nhà máy đã kết thúc.",
        ),
    ],
)
def test_the_data_page_says_why_gap_pages_count_fewer_plants(
    client: Any, network: Any, language: str, said: str
) -> None:
    plants = [node for _, node in network.nodes(data=True) if node["kind"] == "facility" and node["inside"]]
    mou, ended = (sum(node["status"] == status for node in plants) for status in ("mou", "ended"))
    counted = len(World(network, load_parameters()).inside)
    assert counted < len(plants)
    text = client.get(f"/data?lang={language}").text
    assert said.format(all=len(plants), counted=counted, mou=mou, ended=ended) in text
    table = text.partition('id="coverage-by-locality"')[2]
    rows = re.findall(r'<tr><td class="nb">.*?data-at="\S+ facilities">(\d+)', table)
    assert sum(map(int, rows)) == len(plants)


@pytest.mark.parametrize(("language", "team"), [("en", "VEHEC explorer team"), ("vi", "Khám phá VEHEC")])
def test_the_citation_names_the_publisher_in_the_language_of_the_page(
    client: Any, language: str, team: str
) -> None:
    text = client.get(f"/data?lang={language}").text
    assert team in text.partition('<span class="cite">')[2].partition("</span>")[0]


def test_a_gap_is_said_as_a_claim_of_our_own(client: Any, findings: Any) -> None:
    for finding in findings[:: len(findings) // 15]:
        said = embedded(client, f"/gaps/{finding.id}?lang=en")
        assert (said["@id"], said["@type"]) == (ID + finding.id, ["Claim", "vx:GapFinding"])
        assert said["@context"] == ["https://schema.org", {"vx": BASE + "ont#"}]
        assert said["name"] == finding.message["en"]
        assert said["about"][0]["@id"] == ID + finding.subject
        assert said["vx:severity"] == pytest.approx(finding.severity, abs=1e-4)
        assert said["vx:confidence"] == pytest.approx(finding.confidence, abs=1e-4)
        sources = {SOURCE + source for premise in finding.evidence for source in premise.sources}
        assert {work["@id"] for work in said.get("isBasedOn", ())} == sources
        assert urlsplit(said["url"]).path == f"/gaps/{finding.id}"
    name = embedded(client, f"/gaps/{findings[0].id}?lang=vi")["name"]
    assert name == findings[0].message["vi"]


def test_the_browser_lets_the_description_stand(page: Any) -> None:
    page.goto("/page/trang-due")
    text = page.evaluate("document.querySelector('script[type=\"application/ld+json\"]').textContent")
    assert json.loads(text)["@id"] == ID + "trang-due"


HEAD_LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([^"]+)")? href="([^"]+)">')
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/", "/"),
        ("/?focus=samsung&as_of=2025-01-01&v=x", "/?focus=samsung"),
        ("/page/trang-due?reading=units", "/page/trang-due"),
        ("/gaps?kind=D1&kind=D3", "/gaps?kind=D1&amp;kind=D3"),
        ("/page/vccinews-2024-06-25?page=2", "/page/vccinews-2024-06-25?page=2"),
        ("/data?format=html", "/data"),
        ("/page/trang-due?fbclid=x&utm_source=zalo", "/page/trang-due"),
    ],
)
def test_a_page_names_its_address_in_each_language(client: Any, path: str, plain: str) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang=en", headers={"Accept": BROWSER})
    place = f"http://localhost{plain}{'&amp;' if '?' in plain else '?'}lang="
    assert HEAD_LINK.findall(answer.text) == [
        ("alternate", "vi", place + "vi"),
        ("canonical", "", place + "en"),
        ("alternate", "en", place + "en"),
        ("alternate", "x-default", f"http://localhost{plain}"),
    ]


@pytest.mark.parametrize(
    ("path", "noindex"), [("/what-if", False), ("/search?q=lg", False), ("/page/no", True)]
)
def test_what_search_engines_need_not_read_names_none(client: Any, path: str, noindex: bool) -> None:
    text = client.get(path, headers={"Accept": BROWSER}).text
    assert HEAD_LINK.findall(text) == []
    assert (dict(META.findall(text)).get("robots") == "noindex") is noindex


def test_every_page_says_what_it_is_about(client: Any, app: Any, findings: Any) -> None:
    with app.test_request_context():
        paths = [url_for(endpoint) for endpoint in crawlers.PAGES]
    paths += ["/page/lgd-trang-due", "/page/vccinews-2024-06-25", f"/gaps/{findings[0].id}", "/?focus=lg"]
    paths += ["/page/trang-due/gaps"]
    seen = Counter()
    for path in paths:
        said = dict(META.findall(client.get(path, headers={"Accept": BROWSER}).text))
        assert said["description"] == said["og:description"] and said["og:title"].endswith("VEHEC"), path
        assert 40 <= len(said["description"]) and not re.search("&lt;|  ", said["description"]), path
        seen[said["description"]] += 1
    assert max(seen.values()) == 1


# Crawlers and harvesters


def test_void_is_where_harvesters_look(client: Any) -> None:
    graph = rdflib.Graph().parse(data=client.get("/.well-known/void").data, format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    dataset = rdflib.URIRef(BASE + "data")
    assert (dataset, rdflib.RDF.type, void.Dataset) in graph
    assert graph.value(dataset, void.sparqlEndpoint) == rdflib.URIRef("http://localhost/sparql")
    dumps = {urlsplit(str(dump)).path for dump in graph.objects(dataset, void.dataDump)}
    assert dumps == {"/data/vehec.trig", "/data/vehec.nq"}
    for example in graph.objects(dataset, void.exampleResource):
        assert client.get("/" + str(example).removeprefix(BASE)).status_code == 303


def test_robots_are_let_in_but_not_to_what_costs_work(client: Any, app: Any, monkeypatch: Any) -> None:
    from urllib.robotparser import RobotFileParser

    rules = RobotFileParser()
    text = client.get("/robots.txt").text
    rules.parse(text.splitlines())
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]
    for path, allowed in (("/", True), ("/page/trang-due", True), ("/sparql", True), ("/sparql?query=x", False),
                          ("/api/graph", False), ("/data/trang-due.ttl", True)):  # fmt: skip
        assert rules.can_fetch("anybot", f"http://localhost{path}") is allowed, path
    monkeypatch.setitem(app.config, "ROBOTS", "none")
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    assert not rules.can_fetch("anybot", "http://localhost/")


def test_robots_keep_the_path_of_the_public_address(under: Any) -> None:
    text = under.get("/robots.txt").text
    assert "Disallow: /vehec/api/\n" in text and "Disallow: /api/" not in text
    assert "Allow: /vehec/\n" in text


def places(client: Any, path: str) -> list[str]:
    tree = ET.fromstring(client.get(path).data)
    return [element.text or "" for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_sitemap_names_every_page_in_both_languages(
    client: Any, network: Any, app: Any, monkeypatch: Any
) -> None:
    found = places(client, "/sitemap.xml")
    assert len(found) == len(set(found)) <= crawlers.MOST
    assert {f"http://localhost/page/{slug}?lang=vi" for slug in network} <= set(found)
    assert {f"http://localhost/page/{slug}?lang=en" for slug in app.extensions["vehec"].catalogue} <= set(
        found
    )
    for place in found[:30] + found[-2:]:
        assert client.get(place, headers={"Accept": BROWSER}).status_code == 200, place
    monkeypatch.setattr(crawlers, "MOST", 1000)
    parts = places(client, "/sitemap.xml")
    assert sorted(place for part in parts for place in places(client, part)) == sorted(found)
    assert client.get(f"/sitemap.xml?part={len(parts) + 1}").status_code == 404
    assert client.get("/sitemap.xml?part=x").status_code == 404


# Where the server is


def where(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(config)
    addresses.install(app)
    app.add_url_rule("/", "root", lambda: f"{request.url_root} {request.remote_addr}")
    return app


FORWARDED = {
    "X-Forwarded-Host": "kg.example.org",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "192.0.2.7",
}


@pytest.mark.parametrize(
    ("config", "headers", "root"),
    [
        ({}, {}, "http://localhost/"),
        ({}, FORWARDED, "http://localhost/"),
        ({"PROXIES": 1}, FORWARDED, "https://kg.example.org/"),
        ({"PROXIES": 1}, {}, "http://localhost/"),
        ({"PUBLIC_URL": "https://vehec.example.org"}, {"Host": "evil.example"}, "https://vehec.example.org/"),
        ({"PUBLIC_URL": "https://example.org/a/vehec/"}, {}, "https://example.org/a/vehec/"),
        ({"PROXIES": 1}, FORWARDED | {"X-Forwarded-Prefix": "//evil.example"}, "https://kg.example.org/"),
        ({"PUBLIC_URL": "https://vehec.example.org/", "PROXIES": 1}, FORWARDED, "https://vehec.example.org/"),
    ],
)
def test_the_public_address(config: dict[str, Any], headers: dict[str, str], root: str) -> None:
    assert where(**config).test_client().get("/", headers=headers).text.split()[0] == root


@pytest.mark.parametrize(
    "address",
    ["vehec.example.org", "https://a.example/x?y", "https://a.example/../b", "ftp://x", "https://a b"],
)
def test_a_public_address_that_cannot_be_is_refused(address: str) -> None:
    with pytest.raises(BadSetting, match="such as https"):
        where(PUBLIC_URL=address)


PLACE = re.compile(r'(?:href|src|action|data-[a-z]+)="(/[^"]*)"')
UNDER = "https://example.org/vehec"


@pytest.fixture(scope="module")
def under(app: Flask) -> Any:
    """A client of the application as it is behind a proxy that takes the path `/vehec` away."""
    return Client(addresses.AtAddress(app.wsgi_app, UNDER))


@pytest.mark.parametrize(
    "path",
    ["/", "/?focus=samsung", "/gaps", "/map", "/matrix", "/sparql?example=x14-made-in-a-park", "/page/trang-due",
     "/page/trang-due/gaps", "/sources", "/conflicts", "/statements?of=trang-due", "/what-if", "/search?q=la",
     "/api", "/data", "/ontology", "/changes", "/experts", "/coverage", "/proof", "/no-such-page"],
)  # fmt: skip
def test_every_link_keeps_the_path_of_the_public_address(under: Any, path: str) -> None:
    answer = under.get(path, headers={"Accept": BROWSER})
    places = PLACE.findall(answer.text)
    assert len(places) > 10
    assert [place for place in places if not f"{place}/".startswith("/vehec/")] == []


def test_the_links_of_a_gap_keep_it(under: Any, findings: Any) -> None:
    gap = next(finding.id for finding in findings if finding.detector == "D1")
    places = PLACE.findall(under.get(f"/gaps/{gap}", headers={"Accept": BROWSER}).text)
    assert any(place.startswith("/vehec/what-if") for place in places)
    assert all(f"{place}/".startswith("/vehec/") for place in places)


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("/id/trang-due", BROWSER, "/vehec/page/trang-due"),
        ("/id/trang-due", "text/turtle", "/vehec/data/trang-due.ttl"),
        ("/shape/Claim", BROWSER, "/vehec/ontology#shape-Claim"),
    ],
)
def test_every_redirect_keeps_it(under: Any, path: str, accept: str, target: str) -> None:
    answer = under.get(path, headers={"Accept": accept})
    assert answer.headers["Location"] == target
    assert all(place.startswith("/vehec/") for place, _, _ in links(answer))


def test_short_links_and_data_keep_it(
    under: Any, app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LINKS", str(tmp_path / "links.sqlite"))
    kept = under.post("/api/links", json={"path": "/", "query": "focus=samsung"}).get_json()
    assert kept["href"].startswith("/vehec/s/")
    answer = under.get(kept["href"].removeprefix("/vehec"))
    assert answer.headers["Location"] == "/vehec/?focus=samsung"
    assert under.get("/api/thing/trang-due").get_json()["page"].startswith("/vehec/page/")
    assert f"<loc>{UNDER}/page/trang-due?lang=vi</loc>" in under.get("/sitemap.xml").text


def test_scripts_ask_under_it_too() -> None:
    """Only through `net.js`, or with what the page gave them, does a script make an address of this server."""
    bare = re.compile(r"""(?:fetch|assign|open)\(\s*["'`]/|(?:href|action|src)\s*[=:]\s*["'`]/""")
    wrong = [
        f"{file.name}: {line.strip()}"
        for file in (ROOT / "web/static").glob("*.js")
        for line in file.read_text("utf-8").splitlines()
        if bare.search(line) and not line.lstrip().startswith(("//", "/*", "*"))
    ]
    assert wrong == []
    assert bare.search('fetch("/api/x")') and not bare.search('fetch(rooted("/api/x"))')


@pytest.mark.parametrize("text", ["-1", "yes", "99", "²"])
def test_a_number_of_proxies_that_cannot_be_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEHEC_PROXIES", text)
    with pytest.raises(BadSetting, match="number of proxies"):
        addresses.proxies()


@pytest.fixture(params=[True, False])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[bool, str]]:
    server = http_server(where(PROXIES=int(request.param)), "127.0.0.1", 0, 1, proxied=request.param)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield request.param, f"http://127.0.0.1:{server.effective_port}/"
    server.close()
    thread.join(timeout=5)


def test_headers_of_a_proxy_count_only_behind_one(served: tuple[bool, str]) -> None:
    proxied, address = served
    with urlopen(Request(address, headers=FORWARDED), timeout=20) as answer:
        root, client = answer.read().decode().split()
    assert (root, client) == (("https://kg.example.org/", "192.0.2.7") if proxied else (address, "127.0.0.1"))


# Another base


@pytest.mark.parametrize(
    ("text", "base"),
    [("", DEFAULT_BASE), ("https://kg.example.org", "https://kg.example.org/"), (OTHER_BASE[:-1], OTHER_BASE),
     ("http://localhost:8000/", "http://localhost:8000/")],
)  # fmt: skip
def test_a_base(text: str, base: str) -> None:
    assert base_iri(text) == base


@pytest.mark.parametrize(
    "text", ["kg.example.org", "https://x/#a", "https://x/?a", "urn:x:", "https://x/ y/"]
)
def test_no_base(text: str) -> None:
    with pytest.raises(ValueError, match="VEHEC_BASE_IRI"):
        base_iri(text)


UNDER_ANOTHER_BASE = """
from graph import load
from graph.namespaces import BASE, DEFAULT_BASE
from server import create_app
from tests.questions import GOLDEN, EXAMPLES, answer, load_queries, path, world

store = world("shipped")
for query in load_queries(EXAMPLES):
    kept = path("shipped", query)
    if kept.exists():
        assert answer(store, query).written() == kept.read_text("utf-8"), query.name
app = create_app(load("ontology", "tests/fixtures/questions"), {"QUERY_WORKERS": 1})
client = app.test_client()
for quad in app.extensions["vehec"].corridor.store:
    assert DEFAULT_BASE not in str(quad), quad
for place in ("/page/trang-due", "/data/trang-due.ttl", "/ontology", "/data", "/data/card.ttl",
              "/data/tables/csv-metadata.json", "/sparql?format=csv&query=SELECT * { ?s a vx:Zone }"):
    text = client.get(place).text
    assert BASE in text and DEFAULT_BASE not in text, place
page = client.get("/page/trang-due").text
assert 'href="/page/' in page and 'href="' + BASE not in page
assert client.get("/id/trang-due").headers["Location"] == "/page/trang-due"
app.extensions["vehec"].pool.close()
print("same")
"""


def test_the_graph_is_the_same_under_another_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEHEC_BASE_IRI", OTHER_BASE)
    done = subprocess.run(
        [sys.executable, "-c", UNDER_ANOTHER_BASE], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    assert done.stdout == "same\n", done.stderr[-2000:]


def test_a_base_that_cannot_be_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEHEC_BASE_IRI", "nonsense")
    done = subprocess.run(
        [sys.executable, "-m", "graph", "check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == f"VEHEC_BASE_IRI is 'nonsense'; type an address such as {DEFAULT_BASE}\n"
