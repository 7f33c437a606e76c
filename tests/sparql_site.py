"""A small world behind the query page, for the tests of the SPARQL endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import networkx as nx
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from werkzeug.test import TestResponse

from graph.namespaces import ID, PREFIXES, SOURCE, VX
from graph.workers import QueryPool
from web import sparql, support
from web.views import Parts

GRAPH_A, GRAPH_B = SOURCE + "a", SOURCE + "b"
ROWS = 12
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ALL = "SELECT ?s ?o WHERE { ?s vx:size ?o } ORDER BY ?o"
BASE = """<!doctype html><title>{% block title %}{% endblock %}</title>{% block head %}{% endblock %}
{% block main %}{% endblock %}{% block scripts %}{% endblock %}"""


def small_store() -> Store:
    """Twelve things with a size and two names, one with hostile texts, one statement with two sources."""
    store = Store()
    label, size = NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(VX + "size")
    for number in range(ROWS):
        thing = NamedNode(f"{ID}thing-{number:02}")
        store.add(Quad(thing, size, Literal(number)))
        store.add(Quad(thing, label, Literal(f"Vật {number}", language="vi")))
        store.add(Quad(thing, label, Literal(f"Thing {number}", language="en")))
    nasty = NamedNode(ID + "nasty")
    store.add(Quad(nasty, label, Literal("</script><img src=x onerror=alert(1)> href", language="vi")))
    store.add(Quad(nasty, NamedNode(VX + "note"), Literal('line 1\nline 2,"},{"\t<b>')))
    for graph in (GRAPH_A, GRAPH_B):
        store.add(Quad(nasty, NamedNode(VX + "stated"), Literal("twice"), NamedNode(graph)))
    return store


@contextmanager
def small_site(folder: Path) -> Iterator[FlaskClient]:
    """A client of the query page alone, over the small store, with a bare base template."""
    store, dump = small_store(), folder / "data.nq"
    store.dump(str(dump), format=RdfFormat.N_QUADS)
    with QueryPool(dump, workers=2, seconds=1.0) as pool:
        app = Flask("web", template_folder="templates", static_folder="static")
        app.jinja_loader = ChoiceLoader([DictLoader({"base.html": BASE}), app.jinja_loader])
        graphs = frozenset((GRAPH_A, GRAPH_B))
        corridor = SimpleNamespace(store=store, dump=dump, generation="g1", graphs=graphs, data=folder)
        app.extensions["vehec"] = site = Parts()
        network = nx.MultiDiGraph()
        vars(site).update(corridor=corridor, network=network, pool=pool, day="2026-01-01")
        support.install(app)
        app.register_blueprint(sparql.bp)
        app.add_url_rule("/page/<slug>", "pages.page", lambda slug: slug)
        app.add_url_rule("/", "explorer.index", lambda: "")
        app.add_url_rule("/statements", "provenance.statements", lambda: "")
        yield app.test_client()


def ask(client: FlaskClient, query: str, accept: str = "*/*", **parameters: str) -> TestResponse:
    """GET the answer of a query."""
    return client.get("/sparql", query_string={"query": query, **parameters}, headers={"Accept": accept})
