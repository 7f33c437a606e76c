"""IRIs of the graph, for the code.

The ontology, the shapes, the table metadata and a few queries write IRIs out under DEFAULT_BASE. Whoever
reads such a file puts it through `rebased`, so that `VEHEC_BASE_IRI` alone gives the graph another base.
"""

from __future__ import annotations

import os
import re

from pyoxigraph import NamedNode

DEFAULT_BASE = "https://w3id.org/vehec/"
HOST = r"([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(:[0-9]{1,5})?"


def base_iri(text: str) -> str:
    """The base that a setting names, ending in a slash; DEFAULT_BASE for empty text. Raises ValueError."""
    if not text:
        return DEFAULT_BASE
    if not re.fullmatch(rf"https?://{HOST}(/[A-Za-z0-9._~-]+)*/?", text):
        raise ValueError(f"VEHEC_BASE_IRI is {text[:80]!r}; type an address such as {DEFAULT_BASE}")
    return text.rstrip("/") + "/"


try:
    BASE = base_iri(os.environ.get("VEHEC_BASE_IRI", ""))
except ValueError as error:
    raise SystemExit(str(error)) from None


def rebased(text: str) -> str:
    """The text of a shipped file, its IRIs moved from DEFAULT_BASE to BASE."""
    return text.replace(DEFAULT_BASE, BASE)


VX = BASE + "ont#"
ID = BASE + "id/"
SOURCE = BASE + "source/"
CODE = BASE + "code/"

ONTOLOGY_GRAPH = BASE + "ont"
GRAPHS = BASE + "graph/"
CURATED = BASE + "graph/curated"
"""Our own judgement: rows and columns no document stands behind, and values no source is credited with."""
CATALOGUE = BASE + "graph/catalogue"
"""What we record about the sources themselves."""
DERIVED = BASE + "graph/derived"
FINDINGS = BASE + "graph/findings"
COMPUTED = (DERIVED, FINDINGS)

PREFIXES = {
    "vx": VX,
    "id": ID,
    "src": SOURCE,
    "code": CODE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": "https://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
}

XSD = PREFIXES["xsd"]
TYPE = NamedNode(PREFIXES["rdf"] + "type")
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
TITLE = NamedNode(PREFIXES["dcterms"] + "title")
NOTE = NamedNode(PREFIXES["skos"] + "note")


def slug(iri: str) -> str:
    """The last part of an IRI: `https://w3id.org/vehec/id/trang-due` -> `trang-due`."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]


def source_slugs(graphs: str) -> tuple[str, ...]:
    """The sources among graph IRIs that spaces separate, in order; our own and computed graphs left out."""
    return tuple(sorted({iri.removeprefix(SOURCE) for iri in graphs.split() if iri.startswith(SOURCE)}))


def curie(iri: str) -> str:
    """Prefixed form of an IRI, or the IRI itself when no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
