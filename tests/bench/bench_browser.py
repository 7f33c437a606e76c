"""Our explorer against a stock pyvis page of the same graph, in one run of one headless Chromium.

    python -m tests.bench.bench_browser

Every page of ours comes from our own server over HTTP into an empty cache; the stock page is a file, as
`pyvis.Network` writes it with its defaults (physics on, `cdn_resources="in_line"`), and its links to other
hosts are refused at once. "First draw" runs from the start of the navigation to the end of the frame in which
the canvas first holds a pixel; from then on the picture can be dragged. "First picture" is the end of the frame
in which the graph is first seen: in our page the server's own drawing, which stands in the page, in a stock page
the first draw. Both kinds of page are measured by the same script.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright
from pyvis.network import Network

from graph import load
from graph.explore.svg import still
from graph.explore.view import Edge, Node, View
from server import create_app
from tests.browser import FLAGS, MISSING, chromium
from web.serving import http_server

RUNS = 7
STOCK_RUNS = {100: 3, 300: 3, 500: 3, 1000: 1}
"""The stock page takes its time, and varies little."""
SIZES = (100, 300, 500, 1000)
PANNED, HUB, MANY = 300, "hai-phong", 50
AIM_SOONER, AIM_FRAMES, AIM_OVERVIEW = 50, 30, 2.0
PATIENCE = 240.0
"""Seconds to wait for a first draw; a slower page counts as this, and the ratio as 'at least'."""
SECONDS = 3.0
"""How long a pan lasts."""
WATCH = """
(() => {
  const state = { picture: null, first: null, frames: 0, drawn: false };
  window.bench = state;
  const holdsPixel = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 3; i < data.length; i += 4 * 13) if (data[i]) return true;
    return false;
  };
  const onDraw = (canvas) => {
    if (state.drawn || !canvas.isConnected) return;
    state.drawn = true;
    requestAnimationFrame(() => setTimeout(() => {
      const now = performance.now();
      state.drawn = false;
      state.frames += 1;
      if (state.first === null && canvas.width && holdsPixel(canvas)) {
        state.first = now;
        state.picture ??= now;
        document.documentElement.dataset.firstDraw = now;
      }
    }));
  };
  const arrival = new MutationObserver(() => {
    if (!document.querySelector("svg.still > *:last-child")) return;
    arrival.disconnect();
    requestAnimationFrame(() => setTimeout(() => { state.picture ??= performance.now(); }));
  });
  arrival.observe(document, { childList: true, subtree: true });
  for (const name of ["fill", "stroke", "fillText", "drawImage", "fillRect"]) {
    const original = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) { onDraw(this.canvas); return original.apply(this, args); };
  }
})();
"""
"""Patches the drawing calls, so that nothing is read back but in a frame that draws before the first is found."""


class Figure(NamedTuple):
    """A median and how far the runs lie apart."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:8.2f} ({self.least:.2f}-{self.most:.2f})"


def figure(values: Sequence[float]) -> Figure:
    """Median, least and most of some runs."""
    return Figure(statistics.median(values), min(values), max(values))


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A page in an empty context, its first frame drawn."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    if address.startswith("file:"):
        page.route(re.compile("^https?:"), lambda route: route.abort())
    try:
        page.goto(address, wait_until="commit")
        page.wait_for_selector("html[data-first-draw]", state="attached", timeout=PATIENCE * 1000)
        yield page
    finally:
        page.close()


class Start(NamedTuple):
    """Seconds from the start of the navigation."""

    picture: float
    draw: float


def start(browser: Browser, address: str) -> Start:
    """When the graph is first seen, and when it is first drawn on the canvas."""
    try:
        with opened(browser, address) as page:
            return Start(*(float(page.evaluate(f"bench.{name}")) / 1000 for name in ("picture", "first")))
    except TimeoutError:
        return Start(PATIENCE, PATIENCE)


def starts(browser: Browser, address: str, runs: int) -> tuple[Figure, Figure]:
    """First picture and first draw over several runs."""
    pictures, draws = zip(*(start(browser, address) for _ in range(runs)), strict=True)
    return figure(pictures), figure(draws)


def frames_per_second(page: Page) -> float:
    """Frames drawn per second while the pointer drags the picture to and fro."""
    box = page.locator("canvas").first.bounding_box()
    assert box
    page.wait_for_timeout(500)
    page.mouse.move(box["x"] + 6, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 40, steps=4)
    start, frames = page.evaluate("[performance.now(), bench.frames]")
    end, step = start + SECONDS * 1000, 0
    while page.evaluate("performance.now()") < end:
        step += 1
        page.mouse.move(box["x"] + 40 + step % 40 * 4, box["y"] + 40 + step % 25 * 4)
    stop, drawn = page.evaluate("[performance.now(), bench.frames]")
    page.mouse.up()
    return float(drawn - frames) / (stop - start) * 1000


def heap(page: Page) -> float:
    """MB of live JavaScript objects."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {
        metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]
    }
    return float(metrics["JSHeapUsedSize"]) / 1e6


def add_ours(page: Page) -> float:
    """Seconds to add 50 neighbours, 25 at a click, with the server's answers, until both are drawn."""
    button = page.locator("#panel button[data-relation=located_in][data-direction=in]")
    button.wait_for()
    taken = 0.0
    for _ in range(MANY // 25):
        taken += page.evaluate(
            """(button) => new Promise((done) => {
              const canvas = document.querySelector("#canvas");
              const wanted = Number(canvas.dataset.nodes) + 25;
              const started = performance.now();
              const look = () => (Number(canvas.dataset.nodes) >= wanted
                ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)))
                : requestAnimationFrame(look));
              button.click();
              look();
            })""",
            button.element_handle(),
        )
    return taken / 1000


def add_stock(page: Page) -> float:
    """Seconds to add 50 nodes with an edge each to what is in memory, until they are drawn."""
    return (
        page.evaluate(
            """(many) => new Promise((done) => {
              const hub = nodes.getIds()[0];
              const started = performance.now();
              nodes.add(Array.from({ length: many }, (_, n) => ({ id: `new-${n}`, label: `new ${n}`, shape: "dot" })));
              edges.add(Array.from({ length: many }, (_, n) => ({ from: hub, to: `new-${n}` })));
              requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(performance.now() - started))));
            })""",
            MANY,
        )
        / 1000
    )


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


def with_view(page: str, **changed: Any) -> str:
    """Our own page with parts of the embedded view replaced and without the rows of its list."""
    found = re.search(r'(<script type="application/json" id="view">)(.*?)(</script>)', page, re.DOTALL)
    assert found, "the explorer embeds its first view"
    view = json.loads(found[2]) | {"list": []} | changed
    page = page[: found.start(2)] + json.dumps(view).replace("<", "\\u003c") + page[found.end(2) :]
    page = re.sub(r'<svg class="still".*?</svg>', lambda _: drawing(view), page, count=1, flags=re.DOTALL)
    return re.sub(r'(<div id="list" class="list">).*?</div>', r"\1</div>", page, count=1, flags=re.DOTALL)


def drawing(view: dict[str, Any]) -> str:
    """What the server draws of a view of ours; nothing for an empty one."""
    if not view["nodes"]:
        return ""
    nodes = tuple(Node(**node) for node in view["nodes"])
    edges = tuple(
        Edge(edge["id"], edge["from"], edge["to"], edge["relation"], edge["style"]) for edge in view["edges"]
    )
    return still(View("", "", "focus", nodes, edges, ()))


def stock(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> str:
    """The page pyvis writes for the same things with its defaults."""
    network = Network(directed=True, cdn_resources="in_line")
    for node in nodes:
        network.add_node(node["id"], label=node["label"] or node["id"], title=node.get("title", ""))
    for edge in edges:
        network.add_edge(edge["from"], edge["to"])
    return network.generate_html()


class Pages(NamedTuple):
    """Addresses of our pages and of the stock pages, by size."""

    host: str
    ours: dict[int, str]
    stock: dict[int, str]


@contextmanager
def pages(folder: Path) -> Iterator[Pages]:
    """Our server with the pages that are measured, and the stock pages as files."""
    app = create_app(load())
    held: dict[str, str] = {}
    app.add_url_rule("/bench/<size>", "bench", lambda size: held[size])
    home = app.test_client().get("/").get_data(as_text=True)
    held["0"] = with_view(home, nodes=[], edges=[])
    files = {}
    for size in SIZES:
        nodes, edges = grid(size)
        held[str(size)] = with_view(
            home, nodes=nodes, edges=edges, bands=[], texts=[], spine=None, coast=False
        )
        file = folder / f"stock-{size}.html"
        file.write_text(stock(nodes, edges), "utf-8")
        files[size] = file.as_uri()
    server = http_server(app, "127.0.0.1", 0, 8)
    threading.Thread(target=server.run, daemon=True).start()
    host = f"http://127.0.0.1:{server.effective_port}"
    try:
        yield Pages(host, {size: f"{host}/bench/{size}" for size in (0, *SIZES)}, files)
    finally:
        server.close()
        app.extensions["vehec"].pool.close()


def on_page(browser: Browser, address: str, measure: Callable[[Page], float], runs: int) -> Figure:
    """A measure on several freshly opened pages."""
    found = []
    for _ in range(runs):
        with opened(browser, address) as page:
            found.append(measure(page))
    return figure(found)


def compare(name: str, ours: Figure, theirs: Figure, aim: str = "", sooner: bool = True) -> None:
    """Print one row: ours, stock, the ratio of the medians."""
    ratio = theirs.middle / ours.middle if sooner else ours.middle / theirs.middle
    least = ">= " if theirs.middle >= PATIENCE else ""
    print(f"{name:32} {ours!s:>24} {theirs!s:>26}   {least}{ratio:.1f}x   {aim}", flush=True)


def main() -> None:
    """Print medians, spread and ratios."""
    executable = chromium()
    if executable is None:
        raise SystemExit(MISSING)
    with (
        tempfile.TemporaryDirectory() as folder,
        pages(Path(folder)) as known,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        start(browser, f"{known.host}/")
        print(
            f"Median of {RUNS} (least-most); stock pyvis of {', '.join(f'{n} at {s}' for s, n in STOCK_RUNS.items())}"
        )
        both = [(start(browser, f"{known.host}/"), start(browser, known.ours[0])) for _ in range(RUNS)]
        print(f"first picture of the overview, s {figure([ours.picture for ours, _ in both])}")
        overview, empty = (figure([one.draw for one in times]) for times in zip(*both, strict=True))
        print(f"first draw of the overview, s    {overview}")
        print(
            f"the same page, empty graph, s    {empty}   overview {overview.middle / empty.middle:.2f}x   "
            f"aim: at most {AIM_OVERVIEW}x"
        )
        print(f"{'':32} {'ours':>24} {'stock pyvis':>26}")
        for size in SIZES:
            seen, drawn = starts(browser, known.ours[size], RUNS)
            theirs, _ = starts(browser, known.stock[size], STOCK_RUNS[size])
            aim = f"aim: at least {AIM_SOONER}x" if size == 500 else ""
            compare(f"first picture, {size:,} nodes, s", seen, theirs, aim)
            compare(f"first draw, {size:,} nodes, s", drawn, theirs, aim)
        for name, measure, runs, aim, sooner in (
            ("frames/s while panning", frames_per_second, 3, f"aim: at least {AIM_FRAMES} a second", False),
            ("JavaScript heap, MB", heap, 3, "", True),
        ):
            ours, theirs = (
                on_page(browser, address[PANNED], measure, runs) for address in (known.ours, known.stock)
            )
            compare(f"{name}, {PANNED} nodes", ours, theirs, aim, sooner)
        compare(
            f"adding {MANY} neighbours, s",
            on_page(browser, f"{known.host}/?select={HUB}", add_ours, 3),
            on_page(browser, known.stock[PANNED], add_stock, 3),
            "ours with the server",
        )
        browser.close()


if __name__ == "__main__":
    main()
