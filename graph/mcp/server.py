"""The tools by the Model Context Protocol, over standard input and output or over HTTP."""

from __future__ import annotations

import ipaddress
import json
import logging
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from graph.explore.paths import GROUPS, MOST_PATHS
from graph.gaps import GAP_DETECTORS
from graph.mcp import answers
from graph.mcp.answers import NOT_ABSENT
from graph.mcp.knowledge import QUERY_SECONDS, Knowledge
from graph.mcp.records import Unanswerable
from graph.model import LABELS
from graph.search import KIND_ORDER
from graph.sparql import QUERY_BYTES

INSTRUCTIONS = f"""VEHEC: firms, industrial parks, plants, products and supply links along the eastern
expressway of Vietnam (Quang Ninh, Hai Phong, Hai Duong, Hung Yen), with the sources of
every fact, and linkage gaps: what plants need and no record shows.

Start with search: it turns a name into an id, which the other tools take. describe gives the facts of a
thing, expand its neighbours, path how two things are related, find_gaps what is needed and not recorded.
sparql answers what these do not; call schema before you write a query.

What a place lacks: find_gaps with about=[product, place] and main_list=false names the plants that need
the product there, each with its park (zone) and the evidence; expand of the product by makes (in) with
within=place names its makers there. A locality is in force or ended: hai-phong is the city of the
agreement, hai-phong-2025 the one since the merger with Hai Duong.

{NOT_ABSENT} Give the sources with what you say: each answer lists them with title, publisher, date,
address and grade (A official, B known publisher, C weaker). When truncated is true, rest says how to get
what is missing. Everything here only reads."""
READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
WORDS = 700
"""Signs of the short text beside an answer."""

Kind: TypeAlias = Literal[KIND_ORDER]  # type: ignore[valid-type]
Group: TypeAlias = Literal[tuple(GROUPS)]  # type: ignore[valid-type]
Detector: TypeAlias = Literal[tuple(detector.DETECTOR for detector in GAP_DETECTORS)]  # type: ignore[valid-type]
Verdict: TypeAlias = Literal[LABELS]  # type: ignore[valid-type]
Sort: TypeAlias = Literal["class", "property", "datatype", "list", "code", "graph"]
Id = Annotated[
    str, Field(min_length=1, max_length=200, description="Id of a thing as search gives it, e.g. trang-due")
]
After = Annotated[
    int, Field(ge=0, le=10**6, description="Skip so many; an answer that is cut off says how many")
]


def build(knowledge: Knowledge) -> MCPServer[Any]:
    """The server with its tools over this knowledge."""
    server: MCPServer[Any] = MCPServer(
        "vehec",
        title="VEHEC Knowledge Graph",
        version=knowledge.network.graph["generation"],
        instructions=INSTRUCTIONS,
        log_level="WARNING",
    )

    @server.tool(title="Search by name", annotations=READS)
    def search(
        text: Annotated[
            str,
            Field(
                min_length=1,
                max_length=200,
                description="Name or part of it, in Vietnamese or English; diacritics may be left out",
            ),
        ],
        kind: Annotated[Kind | None, Field(description="Only things of this kind")] = None,
        limit: Annotated[int, Field(ge=1, le=100)] = 10,
    ) -> Annotated[CallToolResult, answers.Found]:
        """Find firms, parks, plants, products, places and documents by name. Use it first: other tools
        take the ids it gives.
        """
        found = knowledge.search(text, kind, limit)
        said = [f"{found['total']} found.", _named(found["things"])]
        if found["near"]:
            said.append(f"With some of the words: {_named(found['near'])}")
        elif not found["things"]:
            said.append("Search for other words, or for the name in the other language.")
        return _result(found, " ".join(filter(None, said)))

    @server.tool(title="Facts of a thing", annotations=READS)
    def describe(id: Id) -> Annotated[CallToolResult, answers.Description]:
        """All recorded facts of one thing with the sources of each value, how many neighbours it has by
        relation, and the gaps it is part of. A fact that is not listed is not recorded.
        """
        with _Refusals():
            found = knowledge.describe(id)
        return _result(
            found, f"{found['thing']['label']['en']} ({found['thing']['kind']}). {found['summary']['en']}"
        )

    @server.tool(title="Neighbours of a thing", annotations=READS)
    def expand(
        id: Id,
        relation: Annotated[
            str,
            Field(
                max_length=60,
                description="A relation that describe lists for this thing, e.g. in_zone, supplies, missing",
            ),
        ],
        direction: Annotated[
            Literal["out", "in"], Field(description="As describe lists it: out from the thing, in towards it")
        ] = "out",
        within: Annotated[
            Id | None, Field(description="Only neighbours that stand in this park, zone or locality")
        ] = None,
        limit: Annotated[int, Field(ge=1, le=200)] = 25,
        after: After = 0,
    ) -> Annotated[CallToolResult, answers.Neighbours]:
        """Things related to a thing by one relation, a page at a time, each with the statement that
        relates them. Lines of kind missing are needs with no recorded supply, not links.
        """
        with _Refusals():
            found = knowledge.expand(id, relation, direction, within, limit, after)
        names = ", ".join(one["label"]["en"] for one in found["neighbours"])
        return _result(found, f"{found['total']} in all: {names}")

    @server.tool(title="How two things are related", annotations=READS)
    def path(
        start: Id,
        end: Id,
        relations: Annotated[
            list[Group],
            Field(
                max_length=len(GROUPS),
                description="Kinds of relation to use; empty for all but place and missing",
            ),
        ] = [],  # noqa: B006
        limit: Annotated[int, Field(ge=1, le=MOST_PATHS)] = 2,
    ) -> Annotated[CallToolResult, answers.Paths]:
        """The shortest recorded paths between two things, step by step. An empty answer does not mean
        that they are unrelated.
        """
        with _Refusals():
            found = knowledge.path(start, end, relations, limit)
        ways = [
            " | ".join(step[0]["sentence"]["en"] for step in one["steps"] if step) for one in found["paths"]
        ]
        return _result(found, " // ".join(ways) or found["note"])

    @server.tool(title="SPARQL query", annotations=READS)
    def sparql(
        query: Annotated[
            str,
            Field(
                min_length=1,
                max_length=QUERY_BYTES,
                description=(
                    "SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE; prefixes that schema lists need no "
                    "declaration"
                ),
            ),
        ],
        limit: Annotated[int, Field(ge=1, le=1000, description="Rows to return")] = 100,
        seconds: Annotated[
            float, Field(gt=0, le=QUERY_SECONDS, description="Stop the query after so many seconds")
        ] = QUERY_SECONDS,
    ) -> Annotated[CallToolResult, answers.Rows]:
        """Answer a question that the other tools do not. Read only: updates and SERVICE are refused.
        Select ?source with GRAPH ?source { ... } to learn who states something.
        """
        with _Refusals():
            found = knowledge.sparql(query, limit, seconds)
        if found["boolean"] is not None:
            return _result(found, str(found["boolean"]).lower())
        if found["turtle"]:
            return _result(found, "\n".join(line for line in found["turtle"].split("\n") if line[:1] != "@"))
        return _result(found, f"{len(found['rows'])} rows of {', '.join(found['variables'])}")

    @server.tool(title="Find linkage gaps", annotations=READS)
    def find_gaps(
        about: Annotated[
            Id | list[Id] | None,
            Field(
                description=(
                    "Only gaps that touch this plant, firm, park, product or place; of several, those that "
                    "touch all of them; or the gap with this id"
                )
            ),
        ] = None,
        detector: Annotated[
            Detector | None, Field(description="Only gaps of this kind; schema names them")
        ] = None,
        label: Annotated[Verdict | None, Field(description="Only gaps with this verdict")] = None,
        text: Annotated[
            str,
            Field(
                max_length=200,
                description="Only gaps with these words in their text or in the names of their plants; for a "
                "product or a place give its id in about instead",
            ),
        ] = "",
        main_list: Annotated[
            bool,
            Field(
                description="Only gaps on the main list; false shows also those whose evidence is too thin"
            ),
        ] = True,
        limit: Annotated[int, Field(ge=1, le=50)] = 5,
        after: After = 0,
    ) -> Annotated[CallToolResult, answers.Gaps]:
        """What plants need and no record shows: missing inputs, single suppliers, isolated parks and
        more, best first. Each gap has severity (how bad if real), confidence (how likely it is real),
        the evidence, and what cannot be ruled out. A gap is a question to ask, not a statement that
        something does not exist.
        """
        chosen: dict[str, str | None] = {
            "kind": detector, "label": label, "listed": "true" if main_list else None,
        }  # fmt: skip
        with _Refusals():
            things = [about] if isinstance(about, str) else about or []
            found = knowledge.gaps.find(things, chosen, text, limit, after)
        lines = [
            f"{one['message']['en']} (severity {one['severity']:.2f}, "
            f"confidence {one['confidence']:.2f}, {one['label']})"
            for one in found["gaps"]
        ]
        return _result(found, f"{found['total']} gaps. {found['note']} " + " ".join(lines))

    @server.tool(title="Vocabulary", annotations=READS)
    def schema(
        sort: Annotated[Sort, Field(description="Sort of term")] = "class",
        text: Annotated[
            str,
            Field(
                max_length=200,
                description="Only terms whose name holds this; examples are queries with it in the title",
            ),
        ] = "",
        limit: Annotated[int, Field(ge=1, le=200)] = 60,
        after: After = 0,
    ) -> Annotated[CallToolResult, answers.Schema]:
        """Classes with the properties of their things, properties, and code lists, each with definition and
        number of uses; the prefixes, queries that use these terms, and the kinds of gap. Read it before you
        write SPARQL.
        """
        found = knowledge.schema(sort, text, limit, after)
        return _result(
            found, f"{found['total']} terms: " + ", ".join(term["name"] for term in found["terms"])
        )

    return server


class _Refusals:
    """Gives what cannot be answered to the agent in words, not as a crash."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Unanswerable):
            raise ToolError(str(error)) from error


def _named(things: list[answers.Thing]) -> str:
    return "; ".join(f"{one['id']}: {one['label']['en']} ({one['kind']})" for one in things)


def _result(found: Mapping[str, Any], text: str) -> CallToolResult:
    """The answer as typed content and, for clients that read texts only, in short and as the same JSON."""
    short = text if len(text) <= WORDS else text[: WORDS - 1] + "…"
    if found["truncated"]:
        short += f" Truncated: {found['rest']}"
    whole = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    texts = [TextContent(type="text", text=part) for part in (short, whole)]
    return CallToolResult(content=[*texts], structured_content=dict(found))


def guard(host: str) -> TransportSecuritySettings:
    """Refuses requests that name another host, or come from a page of one (DNS rebinding)."""
    names = list(dict.fromkeys((*LOOPBACK, f"[{host}]" if ":" in host else host)))
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[f"{name}:*" for name in names],
        allowed_origins=[f"http://{name}:*" for name in names],
    )


def serve(knowledge: Knowledge, http: bool = False, host: str = "127.0.0.1", port: int = 8765) -> None:
    """Answers until the client leaves (standard input ends) or the program is stopped."""
    logging.getLogger("mcp").setLevel(logging.WARNING)
    server = build(knowledge)
    if not http:
        server.run("stdio")
        return
    server.run(
        "streamable-http",
        host=host,
        port=port,
        stateless_http=True,
        json_response=True,
        transport_security=guard(host),
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
