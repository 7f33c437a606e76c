"""Files of the pages: compressed, and kept by the browser for as long as their content stays."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest

from web import assets

GZIP = {"Accept-Encoding": "gzip"}
FOR_EVER = "immutable"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("explorer.js", "text/javascript"),
        ("ui.css", "text/css"),
        ("mark.svg", "image/svg+xml"),
        ("vendor/vis-network.min.js", "text/javascript"),
    ],
)
def test_a_file_under_its_version_is_kept_for_ever(client: Any, name: str, kind: str) -> None:
    answer = client.get(f"/static/{assets.version()}/{name}")
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert FOR_EVER in answer.headers["Cache-Control"]


@pytest.mark.parametrize("folder", ["", "v-000000000000/"])
def test_a_file_without_its_present_version_is_asked_about_again(client: Any, folder: str) -> None:
    answer = client.get(f"/static/{folder}explorer.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(f"/static/{folder}explorer.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "name", ["no.js", "../explorer.py", "%2e%2e/explorer.py", "vendor/network.py", "vendor", ""]
)
def test_other_files_are_refused(client: Any, name: str) -> None:
    for folder in ("", f"{assets.version()}/"):
        assert client.get(f"/static/{folder}{name}").status_code == 404


def test_compressed_and_plain_are_the_same_file_under_different_tags(client: Any) -> None:
    plain, packed = client.get("/static/explorer.js"), client.get("/static/explorer.js", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/api/graph", "/gaps", "/api/expand?id=hai-phong"])
def test_pages_and_their_data_are_compressed(client: Any, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_the_version_names_the_content(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.js").write_text("1")
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    before = assets.version()
    assert before == assets.version()
    (tmp_path / "a.js").write_text("2")
    assert assets.version() != before


def test_the_head_names_the_modules_the_explorer_imports_and_no_other(client: Any) -> None:
    page = client.get("/").get_data(as_text=True)
    named = re.findall(r'<link rel="modulepreload" href="/static/v-[0-9a-f]+/([^"]+)"', page)
    assert sorted(named) == sorted(set(named)) == sorted(assets.modules("explorer.js"))
    assert {"explorer.js", "canvas.js", "backdrop.js"} <= set(named)
    assert not {"terms.js", "map.js"} & set(named)


def test_every_module_that_is_imported_is_found() -> None:
    for path in sorted(assets.STATIC.glob("*.js")):
        asked = set(re.findall(r'from\s+"\./([^"]+)"', path.read_text("utf-8")))
        assert asked <= set(assets.modules(path.name)), path.name
