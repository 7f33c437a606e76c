"""A quad is a sourced statement: once in the default graph, once per source, never credited wrongly."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store

from graph.namespaces import CATALOGUE, CODE, CURATED, DERIVED, ID, PREFIXES, SOURCE, VX
from graph.statements import agrees, is_older, statements
from graph.store import SHIPPED_METADATA, load
from graph.tables import read_tables

T20 = Path(__file__).parent / "fixtures" / "t20"


def ask(store: Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}", prefixes=PREFIXES))


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("id:trang-due vx:areaHa 401.0", True),
        ("GRAPH src:vccinews-2024-06-25 { id:trang-due vx:areaHa 401.0 }", True),
        ("GRAPH src:haiphongdpi-gov-2017-09-24 { id:trang-due vx:areaHa 401.0 }", False),  # it says 600
        ("GRAPH src:tophaiphongaz-khu-cong-nghiep { id:trang-due vx:areaHa 401.0 }", False),  # it says 400
        ("GRAPH src:haiphongdpi-gov-2017-09-24 { id:trang-due vx:locatedIn id:hai-phong }", True),
        (
            "GRAPH src:haiphongdpi-gov-2017-09-24 { ?v vx:aboutSubject id:trang-due ; vx:variantValue ?600 . FILTER(STRSTARTS(?600, '600')) }",
            True,
        ),
        ("GRAPH src:npm-cities-json-1-1-64 { id:trang-due schema:latitude ?lat }", True),
        (
            "GRAPH src:vccinews-2024-06-25 { id:trang-due schema:latitude ?lat }",
            False,
        ),  # no document gave a position
        (
            "id:lgd-trang-due rdfs:label 'LG Display Vietnam Haiphong Co., Ltd (Trang Due Industrial Park)'@en",
            True,
        ),
        (
            "GRAPH ?s { id:lgd-trang-due rdfs:label ?l } FILTER(?s != <https://w3id.org/vehec/graph/derived>)",
            False,
        ),
        ("id:hai-duong vx:validTo '2025-07-01'^^xsd:date", True),
        ("id:vcci skos:altLabel 'Phòng Thương mại và Công nghiệp Việt Nam'", True),
    ],
)
def test_what_the_real_graph_states(corridor: Any, pattern: str, holds: bool) -> None:
    assert ask(corridor.store, pattern) is holds


def test_every_stated_triple_stands_in_default_and_in_a_named_graph(corridor: Any) -> None:
    store = corridor.store
    only_default = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o MINUS { GRAPH ?g { ?s ?p ?o } } }")
    only_named = store.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } MINUS { ?s ?p ?o } }")
    assert [int(row["n"].value) for result in (only_default, only_named) for row in result] == [0, 0]


def test_a_triple_in_three_sources_counts_once(corridor: Any) -> None:
    rows = list(corridor.store.query("SELECT ?z { id:lgd-trang-due vx:inZone ?z }", prefixes=PREFIXES))
    graphs = list(
        corridor.store.query("SELECT ?g { GRAPH ?g { id:lgd-trang-due vx:inZone ?z } }", prefixes=PREFIXES)
    )
    assert len(rows) == 1
    assert len(graphs) >= 3


DATES = [
    # published, as_of, older
    ("2024-06", "2024-11", True),
    ("2023", "2024-11-05", True),
    ("2024-11-04", "2024-11-05", True),
    ("2024-11", "2024-11", False),
    ("2024", "2024-11", False),
    ("2025", "2024-11", False),
    (None, "2024-11", False),
    ("2024", None, False),
]


@pytest.mark.parametrize(("published", "day", "older"), DATES)
def test_which_source_is_older_than_a_state_of_knowledge(
    published: str | None, day: str | None, older: bool
) -> None:
    assert is_older(published, day) is older


@pytest.mark.parametrize(
    ("statement", "credited", "not_credited"),
    [
        ("id:lgd-trang-due vx:asOf ?day", "wowkorea-2024-11-16", "vnexpress-2016-05-07"),
        ("id:lgd-trang-due vx:capitalUsdMillion 5650.0", "redplanx-2024-11", "vietnamplus-2021-02-07"),
        ("id:lgd-trang-due vx:inZone id:trang-due", "vnexpress-2016-05-07", None),
        (
            "id:trang-due vx:occupancyPercent 90.0",
            "tophaiphongaz-khu-cong-nghiep",
            "haiphongdpi-gov-2017-09-24",
        ),
        (
            "id:minh-duc vx:occupancyPercent ?share",
            "banqlkcn-hungyen-gov-danh-muc-kcn",
            "hungyen-gov-2017-05-22",
        ),
        ("id:tan-trao-1 vx:status ?status", "vietnamnews-2025-09-26", "cafef-2023-06-27"),
        ("id:link-003 vx:suppliedProduct id:sip-module", "digitimes-2021-09-09", "github-2023-09-27"),
    ],
)
def test_a_value_is_credited_to_those_who_can_have_said_it(
    corridor: Any, statement: str, credited: str, not_credited: str | None
) -> None:
    assert ask(corridor.store, f"GRAPH src:{credited} {{ {statement} }}")
    assert not_credited is None or not ask(corridor.store, f"GRAPH src:{not_credited} {{ {statement} }}")


def test_no_source_carries_a_state_of_knowledge_later_than_itself(corridor: Any) -> None:
    rows = corridor.store.query(
        "SELECT ?day ?issued { GRAPH ?source { ?thing vx:asOf ?day } ?source dcterms:issued ?issued }",
        prefixes=PREFIXES,
    )
    dates = [(row["issued"].value, row["day"].value) for row in rows]
    assert len(dates) > 100
    assert [pair for pair in dates if is_older(*pair)] == []


AGREEMENTS = [
    # published, cell, is_date, agrees
    ("401", Decimal("401.0"), False, True),
    ("USD 324.85 million (VNA: nearly 325 million)", Decimal("324.85"), False, True),
    ("USD 324.85 million (VNA: nearly 325 million)", Decimal("325"), False, False),
    ("more than USD 60 million for both phases", Decimal("60"), False, True),
    ("USD 50 million in phase 1 and USD 60 million in phase 2", Decimal("60"), False, False),
    ("about 1,000", 1000, False, True),
    ("about 1,000", 1, False, False),
    ("600 (400 industrial + 200 township)", Decimal("600"), False, True),
    ("600 (400 industrial + 200 township)", Decimal("400"), False, False),
    ("600 (400 industrial + 200 township)", Decimal("401"), False, False),
    ("2922 (2018)", Decimal("2922"), False, True),
    ("2922 (2018)", Decimal("2018"), False, False),
    ("no figure", Decimal("5"), False, False),
    ("1 Sep 2018", "2018", True, True),
    ("1 Sep 2018", "2018-09-02", True, True),
    ("30 Dec 2018 (trial); 1 Feb 2019 official", "2019", True, True),
    ("end of 2018", "2019", True, False),
    ("row 20181", "2018", True, False),
    ("Hoa Phat", "Hoa Phat", False, True),
    ("60 Hoa Phat", "Hoa Phat", False, False),
]


@pytest.mark.parametrize(("published", "cell", "is_date", "expected"), AGREEMENTS)
def test_a_published_text_agrees_with_a_cell(
    published: str, cell: Any, is_date: bool, expected: bool
) -> None:
    assert agrees(published, cell, is_date) is expected


@pytest.mark.parametrize(
    ("thing", "property", "credited", "not_credited"),
    [
        ("pvtex-dinhvu", "vx:capitalUsdMillion 324.85", "cand-dinh-vu-polyester-epc", "plastemart-two-state-run"),
        ("sanhua-an-duong", "vx:capitalUsdMillion 60.0", "bnews-2024-09-04", "emidas-magazine-2024-09-06"),
        ("sanhua-an-duong", "vx:capitalBasis code:facility-capital-basis-total-as-stated", "bnews-2024-09-04", None),
        ("sanhua-an-duong", "vx:employees 900", "bnews-2024-09-04", "vietone-sanhua"),
        ("ha-long-hai-phong-expressway", "vx:opened '2018'^^xsd:gYear", "vccinews-2018-09-12", None),
        ("ha-long-van-don-expressway", "vx:opened '2019'^^xsd:gYear", "vietnamnet-2020-09-28", "mwinpro-2019-11-23"),
        ("tan-dan", "vx:developedBy id:ip-so-1", "banqlkcn-hungyen-gov-danh-muc-kcn", "banqlkcn-hungyen-gov-danh-sach-khu"),
    ],
)  # fmt: skip
def test_real_variants_are_credited_to_those_who_agree(
    corridor: Any, thing: str, property: str, credited: str, not_credited: str | None
) -> None:
    assert ask(corridor.store, f"GRAPH src:{credited} {{ id:{thing} {property} }}")
    assert not_credited is None or not ask(
        corridor.store, f"GRAPH src:{not_credited} {{ id:{thing} {property} }}"
    )


@pytest.mark.parametrize(
    ("variants", "carriers"),
    [
        ({"fixture": "401", "other": "600 (with town)"}, {SOURCE + "fixture", SOURCE + "third"}),
        ({"fixture": "about 401 ha", "other": "401"}, {SOURCE + name for name in ("fixture", "other", "third")}),
        ({"fixture": "400", "other": "600"}, {SOURCE + "third"}),
        ({"fixture": "400", "other": "600", "third": "402"}, {CURATED}),
    ],
)  # fmt: skip
def test_no_source_is_credited_with_a_value_it_contradicts(
    tmp_path: Path, variants: dict[str, str], carriers: set[str]
) -> None:
    folder = Path(shutil.copytree(T20, tmp_path / "data"))
    with (folder / "sources.csv").open("a", encoding="utf-8") as file:
        for name in ("other", "third"):
            file.write(f"{name},{name},,2025,en,https://example.org/{name},dataset,B,\n")
    zones = (folder / "zones.csv").read_text("utf-8")
    zones = zones.replace(
        "park-k1,industrial-park,Park K1,Park K1,,hp,,,,,",
        "park-k1,industrial-park,Park K1,Park K1,,hp,,,,401,",
    )
    zones = zones.replace(",fixture,\npark-k2", ",fixture|other|third,\npark-k2")
    (folder / "zones.csv").write_text(zones, "utf-8")
    with (folder / "disagreements.csv").open("a", encoding="utf-8") as file:
        for name, value in variants.items():
            file.write(f"d-{name},park-k1,area-ha,,{value},{name}\n")
    found = {
        statement.predicate.value.removeprefix(VX): set(statement.graphs)
        for statement in statements(read_tables(folder, SHIPPED_METADATA))
        if statement.subject.value == ID + "park-k1"
    }
    assert found["areaHa"] == carriers
    assert found["locatedIn"] == {SOURCE + name for name in ("fixture", "other", "third")}


@pytest.mark.parametrize(
    "statement",
    [
        "id:claim-006 vx:checkStatus code:claim-check-supported",
        "id:claim-006 vx:evidence id:obs-001",
        "id:claim-008 skos:note ?note",
        "id:expert-02 vx:reading code:expert-statement-reading-gap",
        "id:lgd-trang-due vx:role code:facility-role-anchor",
        "id:tv-monitor vx:level code:product-level-final",
        "id:tv-monitor vx:basis code:basis-source",
        "id:req-mobile-phone-needs-display-module vx:criticality code:criticality-core",
        "id:req-mobile-phone-needs-display-module vx:basis code:basis-source",
    ],
)
def test_no_source_is_credited_with_our_judgement(corridor: Any, statement: str) -> None:
    assert ask(corridor.store, statement)
    graphs = corridor.store.query(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {statement} }} }}", prefixes=PREFIXES)
    assert {row["g"].value for row in graphs} == {CURATED}


@pytest.mark.parametrize(
    "statement",
    [
        "GRAPH src:forum-article-2024-12 { id:claim-008 a vx:Claim ; vx:statement ?text }",
        "GRAPH src:vietnamplus-2015 { id:req-mobile-phone-needs-display-module a vx:InputRequirement ; vx:requiresInput ?input }",
        "GRAPH <https://w3id.org/vehec/graph/catalogue> { src:forum-article-2024-12 skos:note ?note }",
    ],
)
def test_the_record_itself_stays_with_its_sources(corridor: Any, statement: str) -> None:
    assert ask(corridor.store, statement)


def test_our_own_judgement_has_a_graph_of_its_own(corridor: Any) -> None:
    graphs = {row["g"].value for row in corridor.store.query(
        f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?r vx:basis <{CODE}basis-curated> ; a vx:InputRequirement }} }}", prefixes=PREFIXES)}  # fmt: skip
    assert graphs == {CURATED}


def test_the_catalogue_holds_what_we_record_about_sources(corridor: Any) -> None:
    quads = list(
        corridor.store.quads_for_pattern(
            NamedNode(SOURCE + "forum-article-2024-12"), None, None, NamedNode(CATALOGUE)
        )
    )
    assert quads


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("id:plant-d vx:inCorridor true", True),
        ("id:prod-lens vx:covers id:prod-optics", True),
        ("id:prod-optics vx:covers id:prod-lens", False),
        ("id:plant-d vx:locatedIn id:hd", True),
        ("id:co-d vx:ultimateParent id:group-g-d", True),
        ("id:plant-c vx:suppliesTo id:plant-a", True),
        ("id:plant-a vx:suppliesTo id:plant-c", False),
    ],
)
def test_shortcuts_are_derived(pattern: str, holds: bool) -> None:
    assert ask(load(data=T20).store, pattern) is holds


def test_derived_statements_are_kept_apart_from_stated_ones(corridor: Any) -> None:
    both = corridor.store.query(
        f"SELECT ?s ?p ?o {{ GRAPH <{DERIVED}> {{ ?s ?p ?o }} GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{SOURCE}')) }} LIMIT 3"
    )
    assert list(both) == []
