"""Clients as they are shipped ask the endpoint over HTTP, each the same four questions, and get right answers.

Comunica is fetched by `make clients` (a minute, 110 MB); the others are there or come with the test packages.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import rdflib
from pyoxigraph import NamedNode, Store
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, N3, RDFXML, TURTLE, XML, SPARQLWrapper

from graph.namespaces import ID, PREFIXES, VX
from tests.test_round_trip import SOFFICE

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

COMUNICA = Path(__file__).parent / "clients/node_modules/.bin/comunica-sparql"
ROWS = f"SELECT ?zone ?area WHERE {{ ?zone a <{VX}Zone> ; <{VX}areaHa> ?area }}"
YES = f"ASK {{ <{ID}lgd-trang-due> <{VX}inZone> <{ID}trang-due> }}"
NO = f"ASK {{ <{ID}lgd-trang-due> <{VX}inZone> <{ID}vsip-hai-phong> }}"
TRIPLES = f"CONSTRUCT {{ ?plant <{VX}inZone> ?zone }} WHERE {{ ?plant <{VX}inZone> ?zone }}"
ABOUT = f"DESCRIBE <{ID}trang-due>"
LABEL = (
    f'SELECT ?label WHERE {{ <{ID}trang-due> <{PREFIXES["rdfs"]}label> ?label FILTER(LANG(?label) = "vi") }}'
)
NAME = "Khu công nghiệp Tràng Duệ"
Pairs = set[tuple[str, str]]


@pytest.fixture(scope="module")
def endpoint(base_url: str) -> str:
    return f"{base_url}/sparql"


@pytest.fixture(scope="module")
def store(app: Any) -> Store:
    found: Store = app.extensions["vehec"].corridor.store
    return found


@pytest.fixture(scope="module")
def areas(store: Store) -> Pairs:
    """The right answer to ROWS."""
    return {(row["zone"].value, number(row["area"].value)) for row in store.query(ROWS)}  # type: ignore[union-attr,index]


@pytest.fixture(scope="module")
def homes(store: Store) -> Pairs:
    """The right answer to TRIPLES."""
    quads = store.quads_for_pattern(None, NamedNode(VX + "inZone"), None)
    return {(quad.subject.value, quad.object.value) for quad in quads}


def number(text: str) -> str:
    return f"{float(text):g}"


def ends(graph: Any) -> Pairs:
    """Subjects and objects of vx:inZone; fails if there is anything else."""
    assert {str(predicate) for predicate in graph.predicates()} == {VX + "inZone"}
    return {(str(subject), str(value)) for subject, _, value in graph}


def describes(graph: Any) -> bool:
    return rdflib.Literal(NAME, lang="vi") in set(graph.objects(URIRef(ID + "trang-due"), rdflib.RDFS.label))


def parsed(text: str | bytes, form: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=text, format=form)


def test_the_questions_have_answers(areas: Pairs, homes: Pairs) -> None:
    assert len(areas) > 50
    assert len(homes) > 100


# SPARQLWrapper


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper(endpoint: str, areas: Pairs, homes: Pairs, method: str) -> None:
    def ask(query: str, form: str) -> Any:
        client = SPARQLWrapper(endpoint)
        client.setMethod(method)
        client.setQuery(query)
        client.setReturnFormat(form)
        return client.queryAndConvert()

    rows = ask(ROWS, JSON)["results"]["bindings"]
    assert {(row["zone"]["value"], number(row["area"]["value"])) for row in rows} == areas
    lines = list(csv.reader(ask(ROWS, CSV).decode().splitlines()))[1:]
    assert {(zone, number(area)) for zone, area in lines} == areas
    assert NAME in ask(LABEL, XML).toxml()
    assert [ask(query, JSON)["boolean"] for query in (YES, NO)] == [True, False]
    assert ends(parsed(ask(TRIPLES, TURTLE), "turtle")) == homes
    assert ends(ask(TRIPLES, RDFXML)) == homes
    assert describes(parsed(ask(ABOUT, N3), "turtle"))
    assert describes(ask(ABOUT, RDFXML))


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_rdflib_sparqlstore(endpoint: str, areas: Pairs, homes: Pairs, method: str, form: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, method=method, returnFormat=form))
    assert {(str(zone), number(area)) for zone, area in graph.query(ROWS)} == areas  # type: ignore[misc,arg-type]
    assert [graph.query(query).askAnswer for query in (YES, NO)] == [True, False]
    assert ends(graph.query(TRIPLES).graph) == homes
    assert describes(graph.query(ABOUT).graph)
    park = (URIRef(ID + "trang-due"), rdflib.RDFS.label, None)
    assert rdflib.Literal(NAME, lang="vi") in {value for _, _, value in graph.triples(park)}
    assert (URIRef(ID + "lgd-trang-due"), URIRef(VX + "inZone"), URIRef(ID + "trang-due")) in graph


# pyoxigraph, from another process

FEDERATED = """
import json, sys
from pyoxigraph import Store
store, found = Store(), []
for query in json.load(sys.stdin):
    answer = store.query(query)
    if isinstance(answer, type(store.query("ASK {}"))):
        found.append(bool(answer))
    else:
        found.append([[getattr(term, "value", str(term)) for term in row] for row in answer])
print(json.dumps(found))
"""


def test_pyoxigraph_service_from_another_process(endpoint: str, areas: Pairs, homes: Pairs) -> None:
    def service(head: str, pattern: str) -> str:
        return f"{head} {{ SERVICE <{endpoint}> {{ {pattern} }} }}"

    park = f"<{ID}lgd-trang-due> <{VX}inZone> <{ID}"
    queries = [
        service("SELECT ?zone ?area", f"?zone a <{VX}Zone> ; <{VX}areaHa> ?area"),
        service("ASK", f"{park}trang-due>"),
        service("ASK", f"{park}vsip-hai-phong>"),
        service(f"CONSTRUCT {{ ?plant <{VX}inZone> ?zone }}", f"?plant <{VX}inZone> ?zone"),
        service("DESCRIBE ?park", f"BIND(<{ID}trang-due> AS ?park) ?park a ?kind"),
    ]
    done = subprocess.run(
        [sys.executable, "-c", FEDERATED],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    rows, yes, no, triples, described = json.loads(done.stdout)
    assert {(zone, number(area)) for zone, area in rows} == areas
    assert (yes, no) == (True, False)
    assert {(subject, value) for subject, _, value in triples} == homes
    assert described == [], "DESCRIBE looks into the store at hand; it must not fail"


# curl


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing (Debian: apt-get install curl)")
@pytest.mark.parametrize(
    "send",
    [
        lambda query: ["-G", "--data-urlencode", f"query={query}"],
        lambda query: ["--data-urlencode", f"query={query}"],
        lambda query: [
            "--compressed",
            "-H",
            "Content-Type: application/sparql-query",
            "--data-binary",
            query,
        ],
    ],
    ids=["get", "form", "direct"],
)
def test_curl(endpoint: str, areas: Pairs, homes: Pairs, send: Callable[[str], list[str]]) -> None:
    def ask(query: str, accept: str) -> str:
        command = ["curl", "-sSf", "-m", "30", "-H", f"Accept: {accept}", *send(query), endpoint]
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()

    lines = list(csv.reader(ask(ROWS, "text/csv").splitlines()))[1:]
    assert {(zone, number(area)) for zone, area in lines} == areas
    answers = [ask(query, "application/sparql-results+json") for query in (YES, NO)]
    assert [json.loads(answer)["boolean"] for answer in answers] == [True, False]
    assert ends(parsed(ask(TRIPLES, "application/n-triples"), "nt")) == homes
    assert describes(parsed(ask(ABOUT, "application/ld+json"), "json-ld"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing (Debian: apt-get install curl)")
def test_curl_follows_an_iri_to_its_data(base_url: str) -> None:
    command = ["curl", "-sSfL", "-m", "30", "-H", "Accept: text/turtle", f"{base_url}/id/trang-due"]
    assert describes(parsed(subprocess.run(command, capture_output=True, check=True).stdout, "turtle"))


# LibreOffice


@pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is missing (Debian: apt-get install libreoffice-calc-nogui)"
)
def test_libreoffice_opens_the_address_of_a_spreadsheet(endpoint: str, areas: Pairs, tmp_path: Path) -> None:
    address = f"{endpoint}?{urlencode({'query': ROWS, 'format': 'csv'})}"
    profile = (tmp_path / "profile").as_uri()
    form = "Text - txt - csv (StarCalc):44,34,76,1"
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile}", f"--infilter={form}"]
    command += ["--convert-to", f"csv:{form}", "--outdir", str(tmp_path), address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    files = list(tmp_path.glob("*.csv"))
    assert len(files) == 1, done.stderr
    lines = list(csv.reader(files[0].read_text("utf-8").splitlines()))
    assert lines[0] == ["zone", "area"]
    assert {(zone, number(area)) for zone, area in lines[1:]} == areas


# Comunica


@pytest.mark.skipif(not COMUNICA.exists(), reason="Comunica is fetched by: make clients")
def test_comunica(endpoint: str, areas: Pairs, homes: Pairs) -> None:
    def ask(query: str, media: str) -> str:
        command = [str(COMUNICA), f"sparql@{endpoint}", query, "-t", media]
        done = subprocess.run(command, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    rows = json.loads(ask(ROWS, "application/sparql-results+json"))["results"]["bindings"]
    assert {(row["zone"]["value"], number(row["area"]["value"])) for row in rows} == areas
    answers = [ask(query, "application/sparql-results+json") for query in (YES, NO)]
    assert [json.loads(answer)["boolean"] for answer in answers] == [True, False]
    assert ends(parsed(ask(TRIPLES, "application/n-triples"), "nt")) == homes
    assert describes(parsed(ask(ABOUT, "text/turtle"), "turtle"))
