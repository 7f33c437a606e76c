"""One command for each operation of the API that can be pasted into a terminal."""

from __future__ import annotations

QUERY = "SELECT ?plant ?name WHERE { ?plant a vx:Facility ; rdfs:label ?name } LIMIT 5"
ASK = f"-H 'Accept: text/csv' --data-urlencode 'query={QUERY}' ROOT/sparql"
TURTLE = "-L -H 'Accept: text/turtle'"

COMMANDS = {
    ("get", "/api/search"): "'ROOT/api/search?q=trang+due&limit=3'",
    ("get", "/api/thing/{slug}"): "ROOT/api/thing/trang-due",
    ("get", "/api/graph"): "'ROOT/api/graph?focus=samsung'",
    ("get", "/api/expand"): "'ROOT/api/expand?id=trang-due&relation=in_zone&direction=in'",
    ("post", "/api/things"): '--json \'{"ids": ["trang-due", "lgd-trang-due"]}\' ROOT/api/things',
    ("get", "/api/path"): "'ROOT/api/path?from=lgd-trang-due&to=trang-due'",
    ("get", "/api/link"): "'ROOT/api/link?id=link-002'",
    ("get", "/api/facets"): "'ROOT/api/facets?facet=product&q=nhua'",
    ("get", "/api/dates"): "ROOT/api/dates",
    ("get", "/api/marks.json"): "ROOT/api/marks.json",
    ("post", "/api/links"): '--json \'{"path": "/", "query": "focus=samsung"}\' ROOT/api/links',
    ("get", "/api/links/{name}"): "ROOT/api/links/ID",
    ("get", "/api/openapi.json"): "ROOT/api/openapi.json",
    ("get", "/gaps.json"): "'ROOT/gaps.json?kind=D1&locality=hai-phong'",
    ("get", "/gaps.csv"): "'ROOT/gaps.csv?q=nhua'",
    ("get", "/gaps.xlsx"): "-o gaps.xlsx ROOT/gaps.xlsx",
    ("get", "/conflicts.csv"): "ROOT/conflicts.csv",
    ("get", "/sparql"): "-G " + ASK,
    ("post", "/sparql"): ASK,
    ("get", "/api/complete"): "'ROOT/api/complete?kind=class&q=khu'",
    ("delete", "/api/queries/{name}"): "-X DELETE ROOT/api/queries/NAME",
    ("get", "/export/explorer.html"): "-o explorer.html 'ROOT/export/explorer.html?focus=samsung'",
    ("get", "/export/graph.graphml"): "-o graph.graphml ROOT/export/graph.graphml",
    ("get", "/export/graph.gexf"): "-o graph.gexf ROOT/export/graph.gexf",
    ("get", "/export/view.{ext}"): "-o samsung.svg 'ROOT/export/view.svg?focus=samsung'",
    (
        "post",
        "/export/view.{ext}",
    ): '-o view.svg --data-urlencode \'doc={"base": {"focus": "samsung"}}\' ROOT/export/view.svg',
    ("get", "/id/{slug}"): TURTLE + " ROOT/id/trang-due",
    ("get", "/source/{slug}"): TURTLE + " ROOT/source/forum-article-2024-12",
    ("get", "/code/{slug}"): TURTLE + " ROOT/code/gap-grade-A",
    ("get", "/data/{name}"): "ROOT/data/trang-due.ttl",
    ("get", "/data/shapes.{ending}"): "ROOT/data/shapes.ttl",
    ("get", "/data/vehec.nq"): "--compressed -o vehec.nq ROOT/data/vehec.nq",
    ("get", "/data/vehec.trig"): "--compressed -o vehec.trig ROOT/data/vehec.trig",
    ("get", "/data/card.{ending}"): "ROOT/data/card.ttl",
    ("get", "/.well-known/void"): "ROOT/.well-known/void",
    ("get", "/data/tables/{name}"): "ROOT/data/tables/zones.csv",
    ("get", "/healthz"): "ROOT/healthz",
}
"""What follows `curl` by method and path. ID and NAME stand for what another answer or command gave."""


def curl(method: str, path: str, root: str) -> str:
    """The command for a server at `root`, which ends in a slash."""
    return "curl " + COMMANDS[method, path].replace("ROOT/", root)
