"""Chosen sets: their picture, the lines between them, and one line by its id."""

from __future__ import annotations

from itertools import combinations

import pytest

from graph.explore import Explorer
from graph.explore.extent import reach
from graph.explore.lines import Lines
from tests.pictures import edge, ids, problems

SET = ["trang-due", "lgd-trang-due", "lginnotek-trang-due", "lg", "apple", "driver-ic", "cover-glass"]


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("link-002", "stated"),
        ("lgd-trang-due|in_zone|trang-due", "twig"),
        ("lgd-trang-due|group_plants|lg", "derived"),
        ("driver-ic|missing|lgd-trang-due", "missing"),
    ],
)
def test_a_chosen_set_has_every_line_between_its_things(explorer: Explorer, name: str, style: str) -> None:
    view = explorer.chosen(SET, "en")
    assert problems(view) == []
    assert ids(view) == set(SET)
    assert edge(view, name).style == style


def test_a_chosen_set_is_the_same_on_every_run_and_in_any_order(explorer: Explorer) -> None:
    first, again = explorer.chosen(SET, "vi"), explorer.chosen(SET[::-1], "vi")
    assert {(n.id, n.x, n.y) for n in first.nodes} == {(n.id, n.x, n.y) for n in again.nodes}


@pytest.mark.parametrize(
    ("lang", "title", "sub"),
    [("en", "2 chosen things", "1 line between them. Not here: nope, nix."),
     ("vi", "2 mục đã chọn", "1 liên kết giữa các mục này. Không có ở đây: nope, nix.")],
)  # fmt: skip
def test_unknown_ids_are_named(explorer: Explorer, lang: str, title: str, sub: str) -> None:
    view = explorer.chosen(["lgd-trang-due", "nope", "trang-due", "nix", "nope"], lang)
    assert (view.title, view.subtitle) == (title, sub)


def test_nothing_known_is_an_empty_picture(explorer: Explorer) -> None:
    assert explorer.chosen(["nope"], "en").nodes == ()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "kinds", [("zone",), ("facility", "product"), ("organization", "person", "event", "claim")]
)
@pytest.mark.parametrize("number", [12, 59, 300])
def test_no_two_labels_of_a_chosen_set_overlap(
    explorer: Explorer, lang: str, kinds: tuple[str, ...], number: int
) -> None:
    things = sorted(slug for slug, data in explorer.network.nodes(data=True) if data["kind"] in kinds)[
        :number
    ]
    boxes = [(node.id, reach(node)) for node in explorer.chosen(things, lang).nodes]
    overlapping = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]
    assert overlapping == []


def test_the_thing_that_joins_most_stands_in_the_middle(explorer: Explorer) -> None:
    plants = [node.id for node in explorer.expand("trang-due", "in_zone", "in").nodes]
    made = [node.id for node in explorer.expand("trang-due", "phase_of", "in").nodes]
    view = explorer.chosen(["trang-due", *plants, *made], "en")
    xs = {node.id: node.x or 0.0 for node in view.nodes}
    assert min(xs.values()) < xs["trang-due"] < max(xs.values())


# Things added to a picture


def test_things_come_with_the_lines_to_those_that_are_there(explorer: Explorer) -> None:
    nodes, edges, unknown = explorer.among(["trang-due", "nope"], ["lgd-trang-due"], "en")
    assert [node.id for node in nodes] == ["trang-due"]
    assert [line.id for line in edges] == ["lgd-trang-due|in_zone|trang-due"]
    assert unknown == ("nope",)


def test_lines_among_those_that_are_there_are_not_repeated(explorer: Explorer) -> None:
    _, edges, _ = explorer.among(["driver-ic"], ["lgd-trang-due", "trang-due"], "en")
    assert "lgd-trang-due|in_zone|trang-due" not in {line.id for line in edges}


@pytest.mark.parametrize(
    ("thing", "relation", "direction"),
    [
        ("trang-due", "in_zone", "in"), ("dinh-vu-cat-hai-ez", "in_zone", "in"), ("lg", "group_plants", "in"),
        ("lgd-trang-due", "missing", "out"), ("driver-ic", "missing", "in"), ("lgd-trang-due", "supplies", "out"),
        ("samsung", "mentioned_in", "out"), ("claim-008", "mentioned_in", "in"), ("vehec-council", "member_of", "in"),
    ],
)  # fmt: skip
def test_what_an_expansion_added_comes_back_the_same(
    explorer: Explorer, thing: str, relation: str, direction: str
) -> None:
    """A picture restored from its address has the marks and the lines that the expansion drew."""
    page = explorer.expand(thing, relation, direction, limit=200, lang="vi")
    nodes, edges, _ = explorer.among([node.id for node in page.nodes], [thing], "vi")
    assert {node.id: node.mark for node in nodes} == {node.id: node.mark for node in page.nodes}
    assert {line.id: line.style for line in page.edges}.items() <= {
        line.id: line.style for line in edges
    }.items()


def test_groups_come_from_the_view_that_made_them(explorer: Explorer) -> None:
    for view in (explorer.overview("vi"), explorer.focus("hai-duong", "vi")):
        group = next(node for node in view.nodes if node.mark == "group")
        ((found,), _, unknown) = explorer.among([group.id], [], "vi")
        assert (found.id, found.number, found.x, unknown) == (group.id, group.number, None, ())
    assert explorer.among(["group:no-such"], [], "vi")[2] == ("group:no-such",)


# One line


@pytest.mark.parametrize(
    ("name", "kind", "basis"),
    [
        ("link-002", "stated", []),
        ("polarizer-film|link-087|lgd-trang-due", "stated", []),
        ("lgd-trang-due|in_zone|trang-due", "stated", []),
        ("lgd-trang-due|group_plants|lg", "derived", ["operated_by", "sub_organization_of"]),
        ("haengsung-trangdue|in_zone|trang-due", "derived", ["in_zone", "phase_of"]),
        ("samsung|mentioned_in|claim-008", "derived", ["evidence"] * 6),
        ("trang-due|located_in|hai-phong-2025", "derived", ["located_in", "successor"]),
        ("driver-ic|missing|lgd-trang-due", "missing", []),
        ("enamelled-wire|missing|hai-phong", "missing", []),
        ("bac-tien-phong|column|dam-nha-mac", "derived", []),
    ],
)
def test_a_line_by_its_id(explorer: Explorer, name: str, kind: str, basis: list[str]) -> None:
    line = explorer.line(name)
    assert line.kind == kind
    assert [link[3]["relation"] for link in line.basis] == basis


@pytest.mark.parametrize(
    "name",
    [
        "", "nope", "a|b|c", "link-999", "lgd-trang-due|in_zone|nomura-hai-phong", "apple|link-087|lg", "||",
        "lgd-trang-due|group_plants|samsung", "lg|column|apple", "driver-ic|missing|quang-ninh", "polarizer-film|missing|lgd-trang-due", "a|b|c|d",
    ],
)  # fmt: skip
def test_a_line_that_nothing_draws_is_a_key_error(explorer: Explorer, name: str) -> None:
    with pytest.raises(KeyError):
        explorer.line(name)


@pytest.mark.parametrize(
    "slug", ["lgd-trang-due", "hai-duong", "trang-due", "lg", "cover-glass", "claim-008"]
)
def test_every_line_of_a_picture_can_be_read(explorer: Explorer, slug: str) -> None:
    for view in (explorer.focus(slug, "vi"), explorer.overview("vi")):
        for line in view.edges:
            if not {line.from_id[:6], line.to_id[:6]} & {"group:"}:
                assert explorer.line(line.id), line.id


def test_only_the_relations_of_the_asked_are_read(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Lines(explorer.neighbours)
    monkeypatch.setattr(
        type(explorer.network), "edges", property(lambda self: pytest.fail("scanned all edges"))
    )
    assert list(lines.between(["trang-due"], ["lgd-trang-due"]))
