"""Time on the server per request of the explorer: the shipped corridor against one of 200,000 statements.

    python -m tests.bench.bench_scale [FOLDER]

The same questions go to both in turn, through the application without a network, and processor time is
measured. A question about a hub (a locality, a common product) is asked too, though its answer grows with the
corridor. The tables of the large corridor are written to FOLDER and kept there, or to a temporary one.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from graph import load
from graph.store import Corridor
from server import create_app
from tests.bench.big_corridor import big, statements_in

RUNS = 15
AIM = 1.5
PLANT, BUYER, HUB, PRODUCT = "lgd-trang-due", "lginnotek-trang-due", "hai-phong", "plastic-packaging"
Question = tuple[str, str, dict[str, object] | None]
"""What is asked, the address, and the body of a POST."""
QUESTIONS: tuple[Question, ...] = (
    ("page of the overview", "/", None),
    ("overview", "/api/graph", None),
    ("surroundings of a plant", f"/api/graph?focus={PLANT}", None),
    ("surroundings of a locality", f"/api/graph?focus={HUB}", None),
    ("surroundings of a product", f"/api/graph?focus={PRODUCT}", None),
    ("search: a name", "/api/search?q=lg display", None),
    ("search: two letters", "/api/search?q=ha", None),
    ("search: in every firm's name", "/api/search?q=cong ty", None),
    ("search: one letter", "/api/search?q=c", None),
    ("search page", "/search?q=cong ty&all=1", None),
    ("counts of a plant", f"/api/expand?id={PLANT}", None),
    ("counts of a locality", f"/api/expand?id={HUB}", None),
    ("counts of a product", f"/api/expand?id={PRODUCT}", None),
    ("25 of a plant", f"/api/expand?id={PLANT}&relation=missing", None),
    ("25 of a locality", f"/api/expand?id={HUB}&relation=located_in&direction=in", None),
    ("panel of a plant", f"/api/thing/{PLANT}", None),
    ("panel of a locality", f"/api/thing/{HUB}", None),
    ("panel of a product", f"/api/thing/{PRODUCT}", None),
    ("a chosen set", "/api/things", {"ids": [PLANT, BUYER], "among": [HUB, PRODUCT]}),
    ("evidence of a line", f"/api/link?id={PLANT}|located_in|{HUB}", None),
    ("path", f"/api/path?from={PLANT}&to={PRODUCT}", None),
    ("path: no way", f"/api/path?from={PLANT}&to=vcci-legal&relation=supply", None),
    ("facets", "/api/facets", None),
    ("facets under a filter", f"/api/facets?kind=facility&locality={HUB}", None),
    ("overview under a filter", f"/api/graph?locality={HUB}", None),
)


@contextmanager
def serving(corridor: Corridor) -> Iterator[Flask]:
    """The application with one query process."""
    app = create_app(corridor, {"QUERY_WORKERS": 1})
    try:
        yield app
    finally:
        app.extensions["vehec"].pool.close()


def seconds(client: FlaskClient, question: Question) -> float:
    """Processor time of one answer: other programs on the machine change it little."""
    name, address, body = question
    started = time.thread_time()
    answer = client.post(address, json=body) if body else client.get(address)
    answer.get_data()
    taken = time.thread_time() - started
    if answer.status_code != 200:
        raise SystemExit(
            f"{name}: {address} answers {answer.status_code}: {answer.get_data(as_text=True)[:300]}"
        )
    return taken


def answered(app: Flask) -> list[Question]:
    """The questions for which the application has a route."""
    routes = app.url_map.bind("localhost")
    return [
        question
        for question in QUESTIONS
        if routes.test(question[1].partition("?")[0], method="POST" if question[2] else "GET")
    ]


def compare(small: Flask, large: Flask) -> None:
    """Print the median of each question in both corridors and their ratio."""
    clients = small.test_client(), large.test_client()
    print(f"{'':32} {'first time':>20} {'median of ' + str(RUNS):>20}")
    print(f"{'milliseconds':32} {'shipped':>10} {'large':>9} {'shipped':>10} {'large':>9} {'ratio':>7}")
    over = []
    for question in answered(small):
        first = [seconds(client, question) for client in clients]
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(RUNS):
            for client, times in zip(clients, taken, strict=True):
                times.append(seconds(client, question))
        one, other = (statistics.median(times) for times in taken)
        spread = max(max(times) / statistics.median(times) for times in taken)
        print(
            f"{question[0]:32} {first[0] * 1e3:10.1f} {first[1] * 1e3:9.1f} {one * 1e3:10.2f} {other * 1e3:9.2f} "
            f"{other / one:6.2f}x   slowest {spread:.1f} x median",
            flush=True,
        )
        if other > AIM * one:
            over.append(question[0])
    print(f"Aim: at most {AIM}x. Above it: {', '.join(over) or 'none'}.")


def memory() -> float:
    """Most memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Command line."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        tables = big(folder).data
        base = memory()
        small = load()
        with serving(small) as app:
            before, started = memory(), time.perf_counter()
            large = load(data=tables)
            loaded = time.perf_counter()
            with serving(large) as other:
                ready = time.perf_counter()
                print(f"{statements_in(small):,} and {statements_in(large):,} statements with the findings")
                print(
                    f"Start of the large one: {loaded - started:.1f} s to load from the cache, "
                    f"{ready - loaded:.1f} s to project, find the gaps and index; memory "
                    f"{base:.0f} MB before both, {before:.0f} with the shipped, {memory():.0f} with both"
                )
                compare(app, other)


if __name__ == "__main__":
    main()
