"""First draw of our pages against a stock pyvis page with the same nodes, in one run of one browser.

    python -m tests.bench.bench_browser

"First draw" is the time from the start of the navigation to the first painted pixel on the canvas, read
the same way on every page. The stock page is what `pyvis.Network` writes with its defaults (physics on,
`cdn_resources="in_line"`); its links to other hosts are blocked, so it does not wait for them.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, TimeoutError, sync_playwright
from pyvis.network import Network
from waitress import create_server

from graph import load
from server import create_app
from tests.browser import FLAGS, MISSING, chromium

RUNS = 3
NODES = 500
PATIENCE = 180.0
"""Seconds to wait for a first draw; a slower page counts as this, and the ratio as 'at least'."""
AIM = 50
FIRST_PIXEL = """
(() => {
  const look = setInterval(() => {
    for (const canvas of document.querySelectorAll("canvas")) {
      if (!canvas.width || !canvas.height) continue;
      const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 3; i < pixels.length; i += 4 * 13) {
        if (pixels[i]) { document.documentElement.dataset.firstDraw = performance.now(); clearInterval(look); return; }
      }
    }
  }, 10);
})();
"""


def first_draw(browser: Browser, address: str) -> float:
    """Seconds from the start of the navigation to the first painted pixel."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(FIRST_PIXEL)
    if address.startswith("file:"):
        page.route(re.compile("^https?:"), lambda route: route.abort())
    try:
        page.goto(address, wait_until="commit")
        drawn = page.wait_for_selector("html[data-first-draw]", state="attached", timeout=PATIENCE * 1000)
        return float(drawn.get_attribute("data-first-draw")) / 1000
    except TimeoutError:
        return PATIENCE
    finally:
        page.close()


def grid(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """`count` plants on a grid, each joined to two others: nodes and edges in the form of our views."""
    nodes = [
        {
            "id": f"n-{n}",
            "label": f"Nhà máy {n}",
            "kind": "facility",
            "mark": "plant",
            "x": 40 + n % 25 * 55,
            "y": 40 + n // 25 * 35,
            "title": f"Nhà máy {n}",
        }
        for n in range(count)
    ]
    edges = [
        {
            "id": f"e-{n}-{step}",
            "from": f"n-{n}",
            "to": f"n-{(n + step) % count}",
            "relation": "supplies",
            "style": "stated",
            "title": "",
        }
        for n in range(count)
        for step in (1, 25)
    ]
    return nodes, edges


def with_view(page: str, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> str:
    """Our own page with another view embedded."""
    found = re.search(r'(<script type="application/json" id="view">)(.*?)(</script>)', page, re.DOTALL)
    assert found, "the explorer embeds its first view"
    view = json.loads(found[2]) | {"nodes": nodes, "edges": edges, "bands": [], "texts": [], "spine": None}
    return page[: found.start(2)] + json.dumps(view).replace("<", "\\u003c") + page[found.end(2) :]


def stock(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> str:
    """The page pyvis writes for the same things with its defaults."""
    network = Network(directed=True, cdn_resources="in_line")
    for node in nodes:
        network.add_node(node["id"], label=node["label"] or node["id"], title=node.get("title", ""))
    for edge in edges:
        network.add_edge(edge["from"], edge["to"])
    return network.generate_html()


def main() -> None:
    """Print the medians and the ratios."""
    executable = chromium()
    if executable is None:
        raise SystemExit(MISSING)
    app = create_app(load())
    many: list[str] = []
    app.add_url_rule("/many", "many", lambda: many[0])
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    host = f"http://127.0.0.1:{server.effective_port}"
    overview = app.test_client().get("/api/graph").get_json()
    ids = {node["id"] for node in overview["nodes"]}
    joined = [edge for edge in overview["edges"] if {edge["from"], edge["to"]} <= ids]
    nodes, edges = grid(NODES)
    many.append(with_view(app.test_client().get("/").get_data(as_text=True), nodes, edges))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        first_draw(browser, f"{host}/")
        print(f"First draw, median of {RUNS} (stock pyvis once), seconds")
        for name, address, stock_page in (
            (f"overview ({len(ids)} nodes)", f"{host}/", stock(overview["nodes"], joined)),
            (f"{NODES} nodes", f"{host}/many", stock(nodes, edges)),
        ):
            ours = statistics.median(first_draw(browser, address) for _ in range(RUNS))
            file = Path(folder) / "stock.html"
            file.write_text(stock_page, "utf-8")
            theirs = first_draw(browser, file.as_uri())
            least = ">= " if theirs >= PATIENCE else ""
            print(f"  {name:24} ours {ours:7.2f}   stock pyvis {theirs:7.2f}   {least}{theirs / ours:.1f}x sooner")
        print(f"Aim: at least {AIM}x at {NODES} nodes.")
        browser.close()
    server.close()
    app.extensions["vehec"].pool.close()


if __name__ == "__main__":
    main()
