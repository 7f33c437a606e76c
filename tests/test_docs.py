"""What the README says exists, and what exists is in the README."""

from __future__ import annotations

import argparse
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

MAKE_TARGETS = set(re.findall(r"^([a-z]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
README_TARGETS = set(re.findall(r"(?:^|`|`[A-Z]+=\S+ )make ([a-z]+)", README, re.M))
README_COMMANDS = sorted(set(re.findall(r"python -m graph ([a-z]+)", README)))
README_ROUTES = [
    path
    for line in README.splitlines()
    if line.startswith("| `/")
    for path in re.findall(r"`(/[^`?]*)`", line.split("|")[1])
]

REQUIREMENT_FILES = ("requirements.txt", "requirements-dev.txt")
REQUIREMENT = re.compile(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*  # \S.*")

PRIVATE = {
    # What must not be in the repository, and why. Brackets keep the patterns from matching themselves.
    "path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home|opt|Users)/[\w.]"),
    "host of a package registry": re.compile(r"(?:pypi|pythonhosted|npmjs|deb[.]debian)[.](?:org|com)"),
}


def test_every_make_target_of_the_readme_exists() -> None:
    assert README_TARGETS - MAKE_TARGETS == set()


def test_every_make_target_is_in_the_readme() -> None:
    assert MAKE_TARGETS - README_TARGETS == set(), "add a line to the table under Run in README.md"


def subcommands() -> dict[str, argparse.ArgumentParser]:
    from graph.__main__ import parser

    groups = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(groups[0].choices)


@pytest.mark.parametrize("command", README_COMMANDS)
def test_every_command_of_the_readme_exists(command: str) -> None:
    assert command in subcommands()


def test_every_command_is_in_the_readme() -> None:
    assert set(subcommands()) - set(README_COMMANDS) == set(), "add a line under Command line in README.md"


@pytest.mark.parametrize("command", README_COMMANDS)
def test_every_option_of_the_readme_exists(command: str) -> None:
    line = next(line for line in README.splitlines() if f"`python -m graph {command}" in line)
    known = {option for action in subcommands()[command]._actions for option in action.option_strings}
    assert set(re.findall(r"--[a-z-]+", line)) - known == set()


def shape(rule: str) -> str:
    """A route without the names and types of its variables: `/id/<string:slug>` -> `/id/<>`."""
    return re.sub(r"<[^>]*>", "<>", rule)


def is_served(app: Any, path: str) -> bool:
    """Whether the application answers GET on a documented path; `<slug>` may be anything."""
    if shape(path) in {shape(rule.rule) for rule in app.url_map.iter_rules()}:
        return True
    try:
        app.url_map.bind("localhost").match(re.sub(r"<[^>]*>", "x", path), method="GET")
    except (NotFound, MethodNotAllowed):
        return False
    except RequestRedirect:
        return True
    return True


@pytest.mark.parametrize("path", README_ROUTES)
def test_every_route_of_the_readme_is_served(app: Any, path: str) -> None:
    assert is_served(app, path)


def test_an_unknown_route_is_not_served(app: Any) -> None:
    assert not is_served(app, "/no/such/<slug>/route")


def test_every_route_is_in_the_readme(app: Any) -> None:
    documented = {shape(path) for path in README_ROUTES}
    served = {
        shape(rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static")
    }
    assert served - documented == set(), "add a line to the table under HTTP in README.md"


@pytest.mark.parametrize("name", REQUIREMENT_FILES)
def test_every_requirement_is_pinned_and_says_why(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert asked
    wrong = [line for line in asked if not REQUIREMENT.fullmatch(line)]
    assert wrong == [], "write: package==1.2.3  # reason"


@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        ("networkx==3.6.1  # the projected graph", True),
        ("networkx>=3.6  # the projected graph", False),
        ("networkx==3.6.1", False),
    ],
)
def test_form_of_a_requirement(line: str, accepted: bool) -> None:
    assert bool(REQUIREMENT.fullmatch(line)) is accepted


def private(text: str) -> list[str]:
    """What a text says that only its author's machine knows."""
    return [f"{why}: {found[0]}" for why, pattern in PRIVATE.items() if (found := pattern.search(text))]


def test_no_file_names_a_machine_path_or_a_registry_host() -> None:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listing.returncode:
        pytest.skip("not a git checkout: the list of tracked files is unknown")
    files = [name for name in listing.stdout.split("\0") if (ROOT / name).is_file()]
    offenders = {
        name: found
        for name in files
        if (found := private((ROOT / name).read_text(encoding="utf-8", errors="ignore")))
    }
    assert offenders == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("see /ho" + "me/someone/project", 1),
        ("https://registry.npm" + "js.org/x", 1),
        ("https://example.org/home/page and /path/to/chromium", 0),
    ],
)
def test_what_counts_as_private(text: str, count: int) -> None:
    assert len(private(text)) == count
