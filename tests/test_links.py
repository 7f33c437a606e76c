"""Short links: kept once, found again, never leading elsewhere, and clear refusals."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from graph.explore.document import BadDocument, Document
from web import link_store
from web.link_store import Full, Link, LinkStore, Unavailable, usual_file
from web.links import MOST_QUERY, MOST_STATE

VIEW = {
    "base": {"focus": "samsung"}, "when": {"as_of": "2025-01-01", "reading": "units"}, "filters": {"sector": ["C26"]},
    "added": [
        {"of": "samsung", "relation": "group_plants", "direction": "in", "ids": ["lgd-trang-due"]},
        {"path": ["samsung", "lg"], "ids": ["samsung", "lg"]},
    ],
    "at": {"lg": [1, -2.5]}, "hidden": ["lg"], "pinned": ["samsung"], "near": None, "select": "lg", "show": "list",
}  # fmt: skip
LINK = Link("/", "focus=samsung", None)


@pytest.fixture
def links(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the application keeps its links in."""
    file = tmp_path / "state" / "links.sqlite"
    monkeypatch.setitem(app.config, "LINKS", str(file))
    return file


@pytest.mark.parametrize("path", ["/", "/map", "/sparql"])
@pytest.mark.parametrize("query", ["", "focus=samsung&lang=en", "query=SELECT%20%2A&x=%E1%BB%87"])
def test_a_link_leads_back(client: Any, links: Path, path: str, query: str) -> None:
    made = client.post("/api/links", json={"path": path, "query": query, "state": None})
    assert made.status_code == 201
    name = made.get_json()["id"]
    assert made.get_json() == {"id": name, "href": f"/s/{name}"}
    assert len(name) == 10 and name.isalnum() and name == name.lower()
    answer = client.get(f"/s/{name}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?{query}" if query else path)
    assert client.get(f"/api/links/{name}").get_json() == {"path": path, "query": query, "state": None}


def test_a_state_is_kept_and_named_in_the_address(client: Any, links: Path) -> None:
    name = client.post("/api/links", json={"path": "/", "query": "focus=samsung", "state": VIEW}).get_json()[
        "id"
    ]
    assert client.get(f"/s/{name}").headers["Location"] == f"/?focus=samsung&view={name}"
    assert client.get(f"/api/links/{name}").get_json()["state"] == VIEW
    bare = client.post("/api/links", json={"path": "/map", "state": {"a": 1}}).get_json()["id"]
    assert client.get(f"/s/{bare}").headers["Location"] == f"/map?view={bare}"


def test_the_same_content_is_kept_once(client: Any, links: Path) -> None:
    sent = [
        {"path": "/", "query": "focus=lg"},
        {"query": "focus=lg", "path": "/", "state": None},
        {"path": "/"},
    ]
    first, second, other = (client.post("/api/links", json=link).get_json()["id"] for link in sent)
    assert first == second != other
    with sqlite3.connect(links) as store:
        assert store.execute("SELECT COUNT(*) FROM links").fetchone() == (2,)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (None, "application/json"),
        ([], "application/json"),
        ({"path": "/", "href": "x"}, "application/json"),
        ({}, "/sparql"),
        ({"path": "//evil.example"}, "/sparql"),
        ({"path": "https://evil.example/"}, "/sparql"),
        ({"path": "/../etc"}, "/sparql"),
        ({"path": ["/"]}, "/sparql"),
        ({"path": "/", "query": "a b"}, "focus=samsung"),
        ({"path": "/", "query": "a\r\nSet-Cookie: x=1"}, "focus=samsung"),
        ({"path": "/", "query": "a#b"}, "focus=samsung"),
        ({"path": "/", "query": "ệ"}, "focus=samsung"),
        ({"path": "/", "query": 7}, "focus=samsung"),
        ({"path": "/", "query": "a" * (MOST_QUERY + 1)}, "100,000"),
        ({"path": "/", "state": {"at": {"lg": [1]}}}, "at.lg"),
        ({"path": "/", "state": []}, "JSON object"),
        ({"path": "/map", "state": []}, "JSON object"),
        ({"path": "/map", "state": {"a": "b" * MOST_STATE}}, "200,000"),
    ],
)
def test_what_is_no_link_is_refused(client: Any, links: Path, sent: Any, says: str) -> None:
    answer = client.post("/api/links?lang=en", json=sent)
    assert answer.status_code == 400
    assert says in answer.get_json()["detail"]
    assert not links.exists()


def test_the_longest_query_is_kept(client: Any, links: Path) -> None:
    name = client.post("/api/links", json={"path": "/sparql", "query": "a" * MOST_QUERY}).get_json()["id"]
    assert len(client.get(f"/s/{name}").headers["Location"]) == MOST_QUERY + len("/sparql?")


def test_a_form_from_another_page_cannot_keep_a_link(client: Any, links: Path) -> None:
    sent = client.post("/api/links", data='{"path": "/"}', headers={"Content-Type": "text/plain"})
    assert sent.status_code == 400


@pytest.mark.parametrize("name", ["nope", "a" * 500, "%27%20OR%201=1", "..%2f.."])
def test_an_unknown_link_is_a_page_that_helps(client: Any, links: Path, name: str) -> None:
    for kept in (False, True):
        if kept:
            client.post("/api/links", json={"path": "/"})
        page = client.get(f"/s/{name}?lang=en", headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (404, "text/html")
        assert client.get(f"/api/links/{name}").status_code == 404


def test_one_address_serves_on_any_date(client: Any, links: Path) -> None:
    made = client.post("/api/links?as_of=nonsense", json={"path": "/", "query": "as_of=2024-01-01"})
    assert made.status_code == 201
    assert (
        client.get(made.get_json()["href"] + "?as_of=2025-01-01").headers["Location"] == "/?as_of=2024-01-01"
    )


# The file


def test_two_contents_with_one_id_get_longer_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Alike:
        def __init__(self, content: bytes):
            self.content = content

        def digest(self) -> bytes:
            return b"\0" * 20 + hashlib.sha1(self.content).digest()[:12]

    monkeypatch.setattr(link_store.hashlib, "sha256", Alike)
    store = LinkStore(tmp_path / "links.sqlite")
    links = [Link("/", f"focus={n}", None) for n in range(3)]
    names = [store.keep(link) for link in links]
    assert len(set(names)) == 3 and len(names[0]) == 10 < len(names[1])
    assert [store.find(name) for name in names] == links
    assert [store.keep(link) for link in links] == names


@pytest.mark.parametrize(("links", "size"), [(2, 10**9), (10**9, 60_000)])
def test_a_full_file_takes_no_more(tmp_path: Path, links: int, size: int) -> None:
    store = LinkStore(tmp_path / "links.sqlite", links, size)
    long = [Link("/", f"focus={n}{'x' * 20_000}", None) for n in range(4)]
    kept = []
    with pytest.raises(Full):
        kept.extend(store.keep(link) for link in long)
    assert len(kept) == 2
    assert store.keep(long[0]) == kept[0], "what is there stays and is found"
    assert store.file.stat().st_size <= size


def test_threads_share_the_file(tmp_path: Path) -> None:
    store, names = LinkStore(tmp_path / "links.sqlite"), []

    def keep(n: int) -> None:
        names.extend(store.keep(Link("/", f"n={i % 5}", None)) for i in range(n, n + 10))

    threads = [threading.Thread(target=keep, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(names), len(set(names))) == (80, 5)


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    wrong = tmp_path / "text"
    wrong.write_text("no database, but long enough to be taken for one" * 40)
    for file in (wrong, wrong / "links.sqlite", tmp_path):
        with pytest.raises(Unavailable):
            LinkStore(file).keep(LINK)
    with pytest.raises(Unavailable):
        LinkStore(wrong).find("abcdefghij")
    assert LinkStore(tmp_path / "none.sqlite").find("abcdefghij") is None
    assert not (tmp_path / "none.sqlite").exists()
    empty = tmp_path / "empty.sqlite"
    empty.touch()
    assert LinkStore(empty).find("abcdefghij") is None
    assert LinkStore(empty).find(LinkStore(empty).keep(LINK)) == LINK


def test_without_the_file_only_sharing_is_off(
    client: Any, app: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    wrong = tmp_path / "text"
    wrong.write_text("no database" * 100)
    monkeypatch.setitem(app.config, "LINKS", str(wrong))
    answer = client.post("/api/links?lang=en", json={"path": "/"})
    assert (answer.status_code, answer.get_json()["title"]) == (503, "Sharing is off")
    assert client.get("/s/abcdefghij").status_code == 503
    assert client.get("/").status_code == 200


def test_a_full_file_is_said_so(client: Any, links: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LinkStore, "_check_room", lambda *_: (_ for _ in ()).throw(Full("full")))
    answer = client.post("/api/links?lang=en", json={"path": "/"})
    assert answer.status_code == 507
    assert "long address" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("settings", "file"),
    [
        ({"VEHEC_LINKS": "/srv/l.db"}, "/srv/l.db"),
        ({"XDG_STATE_HOME": "/srv/state"}, "/srv/state/vehec/links.sqlite"),
        ({"HOME": "/srv/lan"}, "/srv/lan/.local/state/vehec/links.sqlite"),
    ],
)
def test_where_the_file_lies(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], file: str) -> None:
    for name in ("VEHEC_LINKS", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert usual_file() == Path(file)


# The state of the page


def test_a_state_is_read() -> None:
    read = Document.read(json.loads(json.dumps(VIEW)))
    assert read.base == {"focus": "samsung"}
    assert read.filters == {"sector": ("C26",)}
    assert read.beside == ("lgd-trang-due", "samsung", "lg")
    assert read.at == {"lg": (1.0, -2.5)}
    assert read.hidden == {"lg"}
    assert Document.read({}).beside == ()
    assert Document.read({"show": None, "near": None, "camera": [1, 2, 3]}).near is None


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (None, "doc must be a JSON object"),
        ({"colour": 1}, "colour is not known here"),
        ({"base": {"focus": "a", "gap": "b"}}, "base may name only one"),
        ({"base": {"focus": 1}}, "base.focus must be the id"),
        ({"base": {"focus": ""}}, "base.focus must be the id"),
        ({"base": {"things": "a"}}, "base.things must be a list"),
        ({"base": {"all": 1}}, "base.all is not known here"),
        ({"when": {"day": "x"}}, "when.day is not known"),
        ({"when": {"as_of": 1}}, "when.as_of must be a short text"),
        ({"filters": {"sector": "C26"}}, "filters.sector must be a list"),
        ({"filters": {"size": []}}, "filters.size is not known"),
        ({"added": {}}, "added must be a list"),
        ({"added": [1]}, "added[0] must be a JSON object"),
        ({"added": [{"of": "a"}]}, "added[0].ids must be a list"),
        ({"added": [{"ids": []}]}, "added[0].of must be the id"),
        ({"added": [{"of": "a", "ids": [None]}]}, "added[0].ids[0] must be the id"),
        ({"added": [{"of": "a", "ids": [], "direction": "up"}]}, "added[0].direction must be out or in"),
        ({"added": [{"path": ["a"], "ids": []}]}, "added[0].path must be two ids"),
        ({"at": []}, "at must be a JSON object"),
        ({"at": {"a": [1, "2"]}}, "at.a must be two numbers"),
        ({"at": {"a": [1, True]}}, "at.a must be two numbers"),
        ({"at": {"a": [1, 1e7]}}, "at.a must be two numbers"),
        ({"at": {"a": [1, float("nan")]}}, "at.a must be two numbers"),
        ({"hidden": "a"}, "hidden must be a list"),
        ({"hidden": ["a" * 301]}, "hidden[0] must be the id"),
        ({"pinned": ["a"] * 2001}, "pinned must be a list of at most 2000"),
        ({"pinned": [str(n) for n in range(601)]}, "added and pinned may name at most 600"),
        ({"near": 1}, "near must be the id"),
        ({"select": []}, "select must be the id"),
        ({"show": "map"}, "show must be graph or list"),
    ],
)
def test_a_bad_state_says_where_and_what(state: Any, says: str) -> None:
    with pytest.raises(BadDocument) as refused:
        Document.read(state)
    assert refused.value.text["en"].startswith(says)
    assert refused.value.text["vi"] != refused.value.text["en"]
