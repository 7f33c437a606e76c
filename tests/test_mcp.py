"""The tools for agents, asked by the SDK's own client: in process, over standard input, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from graph.mcp.knowledge import Knowledge
from graph.mcp.server import build, is_loopback

ROOT = Path(__file__).resolve().parents[1]
TOOLS = {"search", "describe", "expand", "path", "sparql", "find_gaps", "schema"}
RUNAWAY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"
COMMAND = [sys.executable, "-m", "graph", "mcp", "--data", "tests/fixtures/t20"]


@pytest.fixture(scope="module")
def server(corridor: Any) -> Iterator[Any]:
    knowledge = Knowledge(corridor, seconds=2)
    yield build(knowledge)
    knowledge.close()


def answered(question: Coroutine[Any, Any, Any]) -> Any:
    """The answer, awaited in a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, question).result()


def call(target: Any, tool: str, **arguments: Any) -> Any:
    async def ask() -> Any:
        async with Client(target) as client:
            return await client.call_tool(tool, arguments)

    return answered(ask())


def tools(target: Any) -> dict[str, Any]:
    async def ask() -> Any:
        async with Client(target) as client:
            return await client.list_tools()

    return {tool.name: tool for tool in answered(ask()).tools}


def test_every_tool_says_what_it_takes_and_gives(server: Any) -> None:
    found = tools(server)
    assert set(found) == TOOLS
    for tool in found.values():
        assert tool.title and len(tool.description) > 60
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert {"truncated", "rest", "sources"} <= set(tool.output_schema["required"])
    limit = found["expand"].input_schema["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"]) == (1, 200)
    assert (
        "not recorded" in found["find_gaps"].description.lower()
        or "no record" in found["find_gaps"].description
    )


GOOD: list[tuple[str, dict[str, Any], str, bool]] = [
    ("search", {"text": "trang due"}, "trang-due", True),
    ("search", {"text": "Samsung Electronics Vietnam Bac Ninh nowhere"}, "0 found", False),
    ("search", {"text": "trang due", "kind": "zone", "limit": 100}, "Trang Due 3", False),
    ("describe", {"id": "lgd-trang-due"}, "LG Display", True),
    ("expand", {"id": "trang-due", "relation": "in_zone", "direction": "in", "limit": 2}, "12 in all", True),
    ("expand", {"id": "trang-due", "relation": "in_zone", "direction": "in", "after": 10}, "12 in all", False),
    ("path", {"start": "lgd-trang-due", "end": "trang-due", "limit": 1}, "Trang Due", True),
    ("sparql", {"query": "SELECT ?s { ?s a vx:Zone } ORDER BY ?s", "limit": 2}, "2 rows of s", True),
    ("sparql", {"query": "ASK { ?s a vx:Zone }"}, "true", False),
    ("sparql", {"query": "CONSTRUCT WHERE { ?s a vx:Zone } LIMIT 2"}, "a vx:Zone", False),
    ("find_gaps", {"detector": "D1", "limit": 2}, "not recorded", True),
    ("find_gaps", {"about": "lgd-trang-due", "limit": 50}, "confidence", True),
    ("find_gaps", {"detector": "D2"}, "call again with main_list=false", True),
    ("find_gaps", {"about": "hai-phong", "limit": 1}, "gaps. Not recorded", True),
    ("find_gaps", {"about": "lg", "limit": 1}, "gaps. Not recorded", True),
    ("describe", {"id": "https://w3id.org/vehec/id/trang-due"}, "Trang Due Industrial Park", False),
    ("describe", {"id": "id:trang-due"}, "Trang Due Industrial Park", False),
    ("path", {"start": "samsung", "end": "lg", "limit": 5}, "choose fewer kinds of relation", True),
    ("search", {"text": "zzz"}, "other words", False),
    ("search", {"text": "plastic parts"}, "injection-moulded-part: ", False),
    ("search", {"text": "nhà cung cấp linh kiện nhựa"}, "words: injection-moulded-part: ", False),
    ("search", {"text": "parks", "kind": "zone", "limit": 100}, "0 found. With some of the words: ", False),
    ("schema", {"sort": "class", "text": "facility"}, "vx:Facility", False),
    ("schema", {"sort": "property", "limit": 3}, "terms", True),
    ("schema", {"sort": "class", "text": "factory"}, "vx:Facility", False),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "arguments", "text", "truncated"), GOOD)
def test_a_good_question(
    server: Any, tool: str, arguments: dict[str, Any], text: str, truncated: bool
) -> None:
    answer = call(server, tool, **arguments)
    assert not answer.is_error, answer.content[0].text
    assert text in answer.content[0].text
    found = answer.structured_content
    assert found["truncated"] is truncated
    assert bool(found["rest"]) is truncated
    assert json.loads(answer.content[1].text) == found


BAD = [
    ("describe", {"id": "nope"}, "Call search"),
    ("describe", {"id": "trang-du"}, "trang-due"),
    ("sparql", {"query": "SELECT ?x { ?x a vehec:Facility }"}, "There: 'vehec:Facility"),
    ("expand", {"id": "trang-due", "relation": "eats"}, "in_zone (in)"),
    ("expand", {"id": "lg", "relation": "part_of", "direction": "in", "within": "lg"}, "lg is no place"),
    ("find_gaps", {"about": ["nope", "hai-phong"]}, "Call search"),
    ("expand", {"id": "trang-due", "relation": "in_zone", "limit": 201}, "200"),
    ("path", {"start": "trang-due", "end": "trang-due"}, "two different ones"),
    ("path", {"start": "trang-due", "end": "apple", "relations": ["love"]}, "'supply'"),
    ("search", {"text": "la", "kind": "shop"}, "'zone'"),
    ("sparql", {"query": "SELECT ?s WHERE { ?s a "}, "line 1"),
    ("sparql", {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}, "only reads"),
    ("sparql", {"query": "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"}, "contacts no other"),
    ("sparql", {"query": RUNAWAY, "seconds": 0.2}, "the limit is 0.2 s"),
    ("find_gaps", {"detector": "D99"}, "'D1'"),
    ("find_gaps", {"about": "nope"}, "Call search"),
    ("schema", {"sort": "verb"}, "'class'"),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "arguments", "text"), BAD)
def test_a_bad_question_is_told_what_to_ask_instead(
    server: Any, tool: str, arguments: dict[str, Any], text: str
) -> None:
    answer = call(server, tool, **arguments)
    assert answer.is_error
    assert text in answer.content[0].text
    assert "Traceback" not in answer.content[0].text and "/work" not in answer.content[0].text


def test_answers_name_things_in_both_languages_and_their_sources(server: Any) -> None:
    found = call(server, "describe", id="lgd-trang-due").structured_content
    assert found["thing"]["label"]["vi"].startswith("Công ty TNHH LG Display")
    known = {source["id"] for source in found["sources"]}
    value = next(value for fact in found["facts"] for value in fact["values"] if value["source_ids"])
    assert set(value["source_ids"]) <= known
    assert all(source["title"] and source["grade"] in "ABC" for source in found["sources"])


def test_a_gap_says_how_sure_it_is_and_what_stays_open(server: Any) -> None:
    found = call(server, "find_gaps", detector="D1", limit=1).structured_content
    gap = found["gaps"][0]
    assert 0 < gap["confidence"] < 1
    assert gap["label"] in ("likely_absent", "possibly_absent", "unknown")
    assert "may exist" in gap["cannot_be_ruled_out"]
    assert "Not recorded is not absent" in found["note"]


def test_a_gap_that_describe_names_can_be_read_whole(server: Any) -> None:
    gap = call(server, "describe", id="lgd-trang-due").structured_content["gaps"][0]
    for name in (gap["id"], f"id:{gap['id']}", f"https://w3id.org/vehec/id/{gap['id']}"):
        found = call(server, "find_gaps", about=name).structured_content
        assert [one["id"] for one in found["gaps"]] == [gap["id"]]
    refused = call(server, "describe", id=gap["id"])
    assert refused.is_error and "find_gaps" in refused.content[0].text


@pytest.mark.parametrize(("about", "detector"), [("hai-phong", "D1"), ("lg", "D1"), ("trang-due", "D1")])
def test_gaps_about_a_place_or_a_firm_touch_its_plants(
    server: Any, network: Any, about: str, detector: str
) -> None:
    found = call(server, "find_gaps", about=about, detector=detector, limit=50).structured_content
    assert found["total"] > 0
    for gap in found["gaps"]:
        nodes = [network.nodes[one["id"]] for one in gap["things"]]
        assert any(
            about in (node.get("home"), node.get("group")) or (node.get("zone") or "").startswith(about)
            for node in nodes
        )


def test_what_a_place_lacks_of_a_product(server: Any, network: Any) -> None:
    """Which parks of Hải Phòng have plants in need of plastic parts, and who makes those there?"""
    product, place = "injection-moulded-part", "hai-phong"
    assert "main_list=false" in call(server, "find_gaps", about=[product, place]).structured_content["rest"]
    both = {"about": [product, place], "detector": "D3", "main_list": False, "limit": 50}
    gaps = call(server, "find_gaps", **both).structured_content["gaps"]
    in_need = [next(one for one in gap["things"] if one["kind"] == "facility") for gap in gaps]
    assert len(gaps) > 5 and {one["locality"] for one in in_need} == {place}
    assert all(one.get("zone") == network.nodes[one["id"]]["zone"] for one in in_need if "zone" in one)
    found = call(server, "expand", id=product, relation="makes", direction="in", within=place)
    makers = found.structured_content
    assert {one["locality"] for one in makers["neighbours"]} == {place} and makers["total"] > 1
    assert all(line["source_ids"] for one in makers["neighbours"] for line in one["lines"])
    everywhere = call(server, "expand", id=product, relation="makes", direction="in", limit=200)
    assert everywhere.structured_content["total"] > makers["total"]
    park = call(server, "expand", id=product, relation="makes", direction="in", within="trang-due")
    assert [one["zone"] for one in park.structured_content["neighbours"]] == ["trang-due"]


def test_evidence_is_cut_among_others_and_whole_by_its_id(server: Any, findings: Any) -> None:
    gap = max(findings, key=lambda finding: len(finding.evidence))
    found = call(server, "find_gaps", about=gap.id).structured_content
    assert len(found["gaps"][0]["evidence"]) == found["gaps"][0]["evidence_total"] == len(gap.evidence)
    among = call(server, "find_gaps", about=gap.subject, main_list=False, limit=50).structured_content
    (same,) = [one for one in among["gaps"] if one["id"] == gap.id]
    assert len(same["evidence"]) < len(gap.evidence) and "about=<id of the gap>" in among["rest"]


def test_examples_are_about_what_was_asked(server: Any) -> None:
    found = call(server, "schema", text="free land").structured_content
    assert found["examples"] and "free" in found["examples"][0].partition("\n")[0]
    assert found["examples"][0].partition("\n")[0].removeprefix("# ") in found["questions"]
    assert call(server, "schema", text="zzz").structured_content["examples"] == []


def test_the_schema_is_enough_to_write_a_query(server: Any) -> None:
    found = call(server, "schema", sort="class", text="supply relation").structured_content
    (term,) = found["terms"]
    assert {"vx:supplier", "vx:buyer", "vx:suppliedProduct", "rdf:type"} <= set(term["properties"])
    assert "vx:SupplyRelation" in found["examples"][0]
    query = f"SELECT * {{ ?link a {term['name']} ; vx:supplier ?a ; vx:buyer ?b }}"
    assert call(server, "sparql", query=query, limit=5).structured_content["rows"]
    for example in found["examples"]:
        assert not call(server, "sparql", query=example, limit=1).is_error


def test_pages_of_neighbours_do_not_overlap(server: Any) -> None:
    ask = {"id": "trang-due", "relation": "in_zone", "direction": "in", "limit": 5}
    pages = [call(server, "expand", **ask, after=n).structured_content for n in (0, 5, 10)]
    ids = [one["id"] for page in pages for one in page["neighbours"]]
    assert len(ids) == len(set(ids)) == pages[0]["total"] == 12


def test_over_standard_input() -> None:
    target = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], cwd=str(ROOT), env=dict(os.environ))
    assert set(tools(target)) == TOOLS
    assert call(target, "search", text="a").structured_content["total"] > 0


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*COMMAND, "--http", "--port", str(port)], cwd=ROOT, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/mcp"
    process.terminate()
    process.wait(10)


def test_over_http(address: str) -> None:
    assert set(tools(address)) == TOOLS
    assert call(address, "describe", id="nope").is_error


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "http://evil.example"}, 403), ({}, 406)],
)
def test_other_hosts_and_pages_of_others_are_refused(
    address: str, headers: dict[str, str], status: int
) -> None:
    request = urllib.request.Request(
        address, b"{}", headers={"Content-Type": "application/json", "Accept": "text/html"} | headers
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == status


@pytest.mark.parametrize(
    ("host", "only_here"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.example", False)]
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, only_here: bool) -> None:
    assert is_loopback(host) is only_here


def test_the_server_starts_without_the_protocol() -> None:
    code = "import sys, server, graph.__main__; sys.exit('mcp' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
