"""Operations of the API beside the explorer: the endpoint, files and linked data."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from graph.evaluation import TABLE
from graph.sparql import ANSWERS_GRAPH, ANSWERS_ROWS, MEDIA_TYPES, QUERY_BYTES
from graph.spreadsheet import XLSX
from web import openapi_parts as parts
from web import support
from web.completion import KINDS as COMPLETED
from web.completion import MOST, SHOWN
from web.openapi_parts import Operation
from web.openapi_schemas import STRING, record, ref
from web.pages import FORMATS
from web.view_exports import GEXF, GRAPHML, MOST_DOCUMENT, WRITERS


def query_operations() -> Iterator[Operation]:
    """The endpoint and what an editor of queries needs."""
    media = [MEDIA_TYPES[name][0] for name in dict.fromkeys((*ANSWERS_ROWS, *ANSWERS_GRAPH))]
    replies = parts.file(*media, XLSX, errors=(*parts.REFUSED, 503)) | {304: {}}
    formats = {"enum": ["html", "xlsx", *(name for name in MEDIA_TYPES if name != TABLE)]}
    texts = {
        "query": (
            STRING,
            gettext("SPARQL 1.1, at most %(most)s bytes. SERVICE and updates are refused.", most=QUERY_BYTES),
        ),
        "example": (STRING, gettext("Name of a shipped question instead of a query.")),
        "format": (formats, gettext("Format of the answer; without it the Accept header decides.")),
        "timeout": (
            {"type": "number", "exclusiveMinimum": 0},
            gettext(
                "Seconds until the query is stopped, at most %(most)s.",
                most=f"{support.site().pool.seconds:g}",
            ),
        ),
        "default-graph-uri": (parts.many(), gettext("Loaded graphs that make up the default graph.")),
        "named-graph-uri": (parts.many(), gettext("Loaded graphs that GRAPH reaches.")),
    }
    given = tuple(parts.query(name, schema, text) for name, (schema, text) in texts.items())
    yield Operation(
        "/sparql",
        "get",
        gettext("Answer a SPARQL query; no query gives the description of the service."),
        (*given, parts.lang()),
        replies,
    )
    form = {"type": "object", "properties": {name: schema for name, (schema, _) in texts.items()}}
    yield Operation(
        "/sparql",
        "post",
        gettext("Answer a SPARQL query that is sent as the body."),
        (parts.lang(),),
        replies,
        {
            "content": {"application/sparql-query": {"schema": STRING}, parts.FORM: {"schema": form}},
            "required": True,
        },
    )
    yield Operation(
        "/api/complete",
        "get",
        gettext("Terms and things for a query, by the beginning of a name."),
        (
            parts.query("kind", {"enum": list(COMPLETED)}, gettext("What to look among.")),
            parts.query("q", STRING, gettext("Only values whose name holds this text.")),
            parts.query("limit", parts.whole(SHOWN, 1, MOST), gettext("So many at most; total counts all.")),
            parts.lang(),
        ),
        parts.known_json("Completions") | {304: {}},
    )
    yield Operation(
        "/api/queries/<name>",
        "delete",
        gettext("Stop a running query."),
        (parts.part("name", gettext("The name that the query was sent with.")), parts.lang()),
        {204: {}, 404: {parts.PROBLEM: ref("Problem")}},
    )


def export_operations() -> Iterator[Operation]:
    """Pictures and networks as files."""
    yield Operation(
        "/export/explorer.html",
        "get",
        gettext("A picture as one page that opens offline."),
        parts.base(),
        parts.file(parts.HTML, errors=(400, 404, 503)),
    )
    yield Operation(
        "/export/graph.graphml",
        "get",
        gettext("The whole network as GraphML."),
        parts.when(),
        parts.file(GRAPHML),
    )
    yield Operation(
        "/export/graph.gexf", "get", gettext("The whole network as GEXF."), parts.when(), parts.file(GEXF)
    )
    ext = parts.part("ext", gettext("Kind of file."), {"enum": list(WRITERS)})
    media = tuple(dict.fromkeys(kind for kind, _ in WRITERS.values()))
    rule = f"/export/view.<any({', '.join(repr(name) if '.' in name else name for name in WRITERS)}):ext>"
    errors = (400, 404, 503)
    yield Operation(
        rule, "get", gettext("A picture as a file."), (ext, *parts.base()), parts.file(*media, errors=errors)
    )
    doc = {"type": "string", "maxLength": MOST_DOCUMENT, "contentMediaType": parts.JSON}
    yield Operation(
        rule,
        "post",
        gettext("What the explorer shows as a file."),
        (ext, parts.lang()),
        parts.file(*media, errors=(*errors, 413)),
        {"content": {parts.FORM: {"schema": record({"doc": doc})}}, "required": True},
    )


def linked_data_operations() -> Iterator[Operation]:
    """Everything that is stated, as RDF and as tables."""
    rdf = tuple(media_type for _, media_type in FORMATS.values())
    endings = {"enum": list(FORMATS)}
    for address, example in (
        ("/id/<slug>", "trang-due"),
        ("/source/<slug>", "forum-article-2024-12"),
        ("/code/<slug>", "gap-grade-A"),
    ):
        yield Operation(
            address,
            "get",
            gettext("Leads to the page or the data, as the Accept header asks."),
            (
                parts.part("slug", gettext("Last part of an IRI."), example=example),
                parts.query(
                    "format",
                    {"enum": ["html", *FORMATS]},
                    gettext("Format of the answer; without it the Accept header decides."),
                ),
                *parts.when(),
            ),
            parts.answers({parts.HTML: parts.ANY}, 400, 404, 406, 503, status=303),
        )
    name = parts.part(
        "name",
        gettext("An id with an ending: %(endings)s.", endings=", ".join(FORMATS)),
        example="trang-due.ttl",
    )
    yield Operation(
        "/data/<name>",
        "get",
        gettext("What is stated about a thing, as RDF."),
        (name, parts.lang()),
        parts.file(*rdf, errors=(404,)) | {304: {}},
    )
    yield Operation(
        "/data/shapes.<ending>",
        "get",
        gettext("The rules that records are held to, as SHACL."),
        (parts.part("ending", gettext("Kind of file."), endings, example="ttl"), parts.lang()),
        parts.file(*rdf, errors=(404,)) | {304: {}},
    )
    for ending in ("nq", "trig"):
        yield Operation(
            f"/data/vehec.{ending}",
            "get",
            gettext("The whole graph."),
            (parts.lang(),),
            parts.file(FORMATS[ending][1], errors=()) | {304: {}},
        )
    yield Operation(
        "/data/card.<ending>",
        "get",
        gettext("The card of the data set: DCAT, VoID, DQV."),
        (parts.part("ending", gettext("Kind of file."), endings), *parts.when()),
        parts.file(*rdf, errors=(400, 404)) | {304: {}},
    )
    yield Operation(
        "/.well-known/void",
        "get",
        gettext("The card, in the format that the Accept header asks for."),
        parts.when(),
        parts.file(*rdf, errors=(400,)) | {304: {}},
    )
    yield Operation(
        "/data/tables/<name>",
        "get",
        gettext("A table as CSV, or the description of all tables."),
        (
            parts.part("name", gettext("File name of a table."), example="zones.csv"),
            parts.query("bom", {"enum": ["1"]}, gettext("Put a byte order mark before it, for Excel.")),
            *parts.when(),
        ),
        parts.file(parts.CSV, "application/csvm+json", errors=(400, 404)) | {304: {}},
    )
    yield Operation(
        "/healthz", "get", gettext("State of the service."), (), {200: {parts.JSON: ref("Health")}}
    )
