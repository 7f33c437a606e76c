"""Fixtures shared by the tests: the real data once per session, the application, a live server, a browser."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser import FLAGS, MISSING, chromium

ROOT = Path(__file__).resolve().parents[1]
VIEWPORT = {"width": 1440, "height": 900}


def pytest_report_header() -> str:
    return f"browser: {chromium() or MISSING}"


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Generator[None, Any, Any]:
    """What stays for the session is never garbage: walking it again and again took a fifth of the run."""
    made = yield
    if fixturedef.scope == "session":
        gc.freeze()
    return made


@pytest.fixture(scope="session")
def corridor() -> Any:
    """The repository's own data, loaded once. Read only."""
    from graph import load

    return load(ROOT / "ontology", ROOT / "data")


@pytest.fixture(scope="session")
def network(corridor: Any) -> Any:
    from graph import project

    return project(corridor)


@pytest.fixture(scope="session")
def findings(network: Any) -> Any:
    from graph import find_gaps

    return find_gaps(network)


@pytest.fixture(scope="session")
def explorer(network: Any, findings: Any) -> Any:
    """The explorer over the repository's own data."""
    from graph.explore import Explorer

    return Explorer(network, findings)


@pytest.fixture(scope="session")
def tiny() -> Any:
    """The explorer over the worked example."""
    from graph import find_gaps, load, project
    from graph.explore import Explorer

    network = project(load(ROOT / "ontology", ROOT / "tests/fixtures/t20"), "2025-06-30")
    return Explorer(network, find_gaps(network))


@pytest.fixture(scope="session")
def app(corridor: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from server import create_app

    return create_app(corridor, {"LINKS": str(tmp_path_factory.mktemp("links") / "links.sqlite")})


@pytest.fixture
def client(app: Any) -> Any:
    return app.test_client()


@pytest.fixture(scope="session")
def base_url(app: Any) -> Iterator[str]:
    """Address of the application, served by waitress on a free loopback port."""
    from waitress import create_server

    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()


@dataclass
class PageLog:
    """What a page did that a visitor would not see. A test that expects an entry removes it."""

    errors: list[str] = field(default_factory=list)
    """Console errors and uncaught exceptions."""
    external: list[str] = field(default_factory=list)
    """Addresses asked of any other host."""

    def watch(self, page: Any, host: str) -> Callable[[], None]:
        """Records the events of `page` until what it returns is called; `host` is the only `host:port` it may ask."""

        def on_console(message: Any) -> None:
            if message.type == "error":
                self.errors.append(message.text)

        def on_error(error: Any) -> None:
            self.errors.append(str(error))

        def on_request(request: Any) -> None:
            address = urlsplit(request.url)
            if address.netloc and address.netloc != host:
                self.external.append(request.url)

        watchers = {"console": on_console, "pageerror": on_error, "request": on_request}
        for event, watcher in watchers.items():
            page.on(event, watcher)

        def stop() -> None:
            for event, watcher in watchers.items():
                page.remove_listener(event, watcher)

        return stop


@pytest.fixture
def page_log() -> PageLog:
    return PageLog()


@pytest.fixture(scope="session")
def kept_tab(browser: Any, base_url: str) -> Iterator[Any]:
    """The tab of `page`. One that has compiled the scripts before opens the explorer in half the time."""
    context = browser.new_context(base_url=base_url, viewport=VIEWPORT)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(kept_tab: Any, base_url: str, page_log: PageLog) -> Iterator[Any]:
    """An empty page, 1440 x 900, without cookies; relative addresses go to the live server.

    Afterwards the test fails if the page logged an error or asked another host. A test must not
    call `add_init_script`: that cannot be taken back.
    """
    stop = page_log.watch(kept_tab, urlsplit(base_url).netloc)
    yield kept_tab
    stop()
    cleared(kept_tab, base_url)
    assert page_log.errors == [], "the page logged errors"
    assert page_log.external == [], "the page asked other hosts"


def cleared(tab: Any, origin: str) -> None:
    """Takes back what a test may have changed in a tab."""
    context = tab.context
    for extra in context.pages:
        if extra is not tab:
            extra.close()
    tab.unroute_all(behavior="ignoreErrors")
    context.set_offline(False)
    tab.goto("about:blank")
    tab.mouse.up()
    tab.mouse.move(0, 0)
    tab.set_viewport_size(VIEWPORT)
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference", media="null")
    context.clear_cookies()
    context.clear_permissions()
    devtools = context.new_cdp_session(tab)
    devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    devtools.detach()
