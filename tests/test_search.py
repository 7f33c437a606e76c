"""Search folds diacritics, ranks exact ones first, and knows other names."""

from __future__ import annotations

from typing import Any

import pytest

from graph.names import WORD, plain
from graph.search import KIND_ORDER, Index, _closeness, fold


@pytest.fixture(scope="module")
def index(network: Any) -> Index:
    return Index.build(network)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hải Dương", "hai duong"),
        ("Đình Vũ", "dinh vu"),
        ("ĐẠI AN", "dai an"),
        ("Ha\u0309i", "hai"),
        ("LG", "lg"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("hai duong", "hai-duong"),
        ("Hải Dương", "hai-duong"),
        ("HAI DUONG", "hai-duong"),
        ("trang due", "trang-due"),
        ("dinh vu cat hai", "dinh-vu-cat-hai-ez"),
        ("lg display", "lg-display-vn"),
        ("Phòng Thương mại và Công nghiệp Việt Nam", "vcci"),
        ("stamped", "stamped-metal-part"),
    ],
)
def test_the_best_hit_comes_first(index: Index, text: str, first: str) -> None:
    hits, _ = index.find(text)
    assert hits[0].slug == first


def test_exact_diacritics_beat_folded_ones() -> None:
    import networkx as nx

    network = nx.MultiDiGraph()
    for slug, name in {"dong-mai": "Đông Mai", "dong-mai-2": "Dong Mai", "dong-mai-3": "Động Mai"}.items():
        network.add_node(slug, kind="zone", label={"vi": name, "en": name}, other_names=())
    index = Index.build(network)
    assert index.find("đông mai")[0][0].slug == "dong-mai"
    assert index.find("động mai")[0][0].slug == "dong-mai-3"
    assert index.find("dong mai")[1] == 3


@pytest.mark.parametrize("text", ["", "   ", "!!!", "qqqzzz", "hai qqqzzz"])
def test_no_match_is_an_empty_list(index: Index, text: str) -> None:
    assert index.find(text) == ([], 0)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("samsung-du-an-qqqzzz", "samsung"),
        ("trang-duee", "trang-due"),
        ("nhà cung cấp linh kiện nhựa", "injection-moulded-part"),
        ("stamped metal parts qqqzzz", "stamped-metal-part"),
    ],
)
def test_names_with_some_of_the_words(index: Index, text: str, first: str) -> None:
    assert index.find(text) == ([], 0)
    hits = index.near(text, limit=8)
    assert first in [hit.slug for hit in hits] and len(hits) <= 8
    assert {hit.kind for hit in hits}.isdisjoint({"claim", "expert_statement"})
    assert {hit.kind for hit in index.near(text, kinds={"zone"})} <= {"zone"}


def test_a_name_far_from_every_other_has_none_near(index: Index) -> None:
    assert index.near("qqqzzz") == index.near("") == []


def test_kinds_limit_and_total(index: Index) -> None:
    hits, total = index.find("hai phong", kinds={"zone"}, limit=3)
    assert [hit.kind for hit in hits] == ["zone"] * 3
    assert total > 3


@pytest.mark.parametrize(
    ("text", "slug", "alt", "place"),
    [
        ("lg", "lg", "", ""),
        ("lg chem hai phong", "lg-chem-hp", "", ""),
        ("vsip hai phong", "vsip-hai-phong", "", ""),
        ("trang due", "trang-due", "Trang Due Industrial Park", "Thành phố Hải Phòng"),
        ("vsip hai duong", "cam-dien-luong-dien", "VSIP Hai Duong", "Tỉnh Hải Dương"),
    ],
)
def test_a_hit_does_not_say_things_twice(index: Index, text: str, slug: str, alt: str, place: str) -> None:
    hit = next(hit for hit in index.find(text)[0] if hit.slug == slug)
    assert (hit.alt, hit.place) == (alt, place)


@pytest.mark.parametrize(("text", "exact"), [("Khu cong nghiep Trang Due", True), ("khu cong nghiep", False)])
def test_a_hit_says_whether_it_is_exact(index: Index, text: str, exact: bool) -> None:
    assert index.find(text)[0][0].exact is exact


QUESTIONS = (
    "c", "ha", "hải", "cong ty", "ty cong", "Công ty", "hai-phong", " hai", "(", "display lg", "12", "vn a", "d", "đ",
    "Khu công nghiệp", "phong hai", "ong", "vsip hải",
)  # fmt: skip


def plainly(index: Index, text: str, lang: str, kinds: set[str] | None) -> list[str]:
    """Slugs in the order of the module's text, by reading every name."""
    words = WORD.findall(fold(text))

    def fits(name: str, word: str) -> bool:
        return any(known.startswith(word) for known in WORD.findall(fold(name)))

    def rank(entry: Any) -> tuple[Any, ...]:
        pairs = (
            (_closeness(p(name), p(text)), n) for n, p in enumerate((plain, fold)) for name in entry.names
        )
        return min(pairs), KIND_ORDER.index(entry.kind), len(entry.label[lang]), entry.slug

    found = [
        entry
        for entry in index._entries
        if words
        and (kinds is None or entry.kind in kinds)
        and all(any(fits(name, word) for name in entry.names) for word in words)
    ]
    return [entry.slug for entry in sorted(found, key=rank)]


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("kinds", [None, {"zone", "facility"}])
def test_the_order_is_that_of_reading_every_name(index: Index, text: str, kinds: set[str] | None) -> None:
    for lang in ("vi", "en"):
        expected = plainly(index, text, lang, kinds)
        for limit in (1, 10, 2000):
            hits, total = index.find(text, lang, kinds, limit)
            assert ([hit.slug for hit in hits], total) == (expected[:limit], len(expected))
