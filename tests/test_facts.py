"""Facts of a thing, each value with the sources that carry it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from graph.catalogue import Catalogue
from graph.columns import read_columns
from graph.facts import MONTHS, PUBLISHED, Fact, Facts, literal_text
from graph.namespaces import PREFIXES, VX


def fact(found: tuple[Fact, ...], name: str) -> Fact | None:
    return next((f for f in found if f.property == name), None)


def test_a_value_names_its_own_sources(corridor: Any) -> None:
    area = fact(Facts.load(corridor).about("trang-due"), "areaHa")
    assert area is not None
    assert [value.text["vi"] for value in area.values] == ["401"]
    assert "vccinews-2024-06-25" in area.values[0].sources
    assert "haiphongdpi-gov-2017-09-24" not in area.values[0].sources


def test_computed_values_are_marked_and_stated_ones_not(corridor: Any) -> None:
    places = fact(Facts.load(corridor).about("trang-due"), "locatedIn")
    assert places is not None
    marks = {value.slug: value.computed for value in places.values}
    assert marks["hai-phong"] is False
    assert marks["dinh-vu-cat-hai-ez"] is True


def test_our_judgement_is_marked_and_has_no_sources(corridor: Any) -> None:
    found = Facts.load(corridor).about("claim-006")
    for name, curated in (("checkStatus", True), ("evidence", True), ("note", True), ("objectText", False)):
        shown = fact(found, name)
        assert shown is not None
        assert {(value.curated, bool(value.sources)) for value in shown.values} == {(curated, not curated)}


def test_a_text_in_one_language_says_which(corridor: Any) -> None:
    found = Facts.load(corridor).about("claim-008")
    languages = {
        f.property: f.values[0].lang
        for f in found
        if f.property in ("objectText", "statement", "aboutSubject")
    }
    assert languages == {"objectText": None, "statement": "vi", "aboutSubject": None}
    office = fact(Facts.load(corridor).about("role-001"), "roleTitle")
    assert office is not None
    assert office.values[0].text == {"vi": "Chủ tịch", "en": "President (Chairman)"}
    assert office.values[0].lang is None


@pytest.mark.parametrize(
    ("thing", "property"), [("samsung", "ultimateParent"), ("electronics-final", "covers")]
)
def test_a_thing_is_no_fact_about_itself(corridor: Any, thing: str, property: str) -> None:
    assert corridor.store.query(f"ASK {{ id:{thing} vx:{property} id:{thing} }}", prefixes=PREFIXES)
    for found in (Facts.load(corridor).about(thing), Facts.load(corridor).incoming(thing)):
        assert all(value.slug != thing for shown in found for value in shown.values)
    assert fact(Facts.load(corridor).incoming(thing), property) is not None


def test_relations_through_nodes_come_in_with_a_readable_name(corridor: Any) -> None:
    sold = fact(Facts.load(corridor).incoming("lgd-trang-due"), "buyerFacility")
    assert sold is not None
    assert "LG Chem" in sold.values[0].text["en"]
    assert "→" in sold.values[0].text["en"]
    assert sold.values[0].sources


def test_a_source_is_shown_by_its_title(corridor: Any) -> None:
    position = fact(Facts.load(corridor).about("trang-due"), "locationSource")
    assert position is not None
    assert position.values[0].text["vi"] != "npm-cities-json-1-1-64"


def test_an_unknown_thing_has_no_facts(corridor: Any) -> None:
    assert Facts.load(corridor).about("no-such-thing") == ()
    assert Facts.load(corridor).incoming("no-such-thing") == ()


@pytest.mark.parametrize(
    ("lexical", "datatype", "vi", "en"),
    [
        ("5650", "decimal", "5.650", "5,650"),
        ("652.73", "decimal", "652,73", "652.73"),
        ("2024-06", "gYearMonth", "06.2024", "06.2024"),
        ("2024-06-25", "date", "25.06.2024", "25.06.2024"),
        ("2007", "gYear", "2007", "2007"),
        ("true", "boolean", "có", "yes"),
    ],
)
def test_literals_read_as_people_write_them(lexical: str, datatype: str, vi: str, en: str) -> None:
    assert literal_text(Literal(lexical, datatype=NamedNode(PREFIXES["xsd"] + datatype))) == {
        "vi": vi,
        "en": en,
    }


@pytest.mark.parametrize(
    ("lexical", "property", "vi", "en"),
    [
        ("2024-01/2024-09", "", "01.2024–09.2024", "01.2024–09.2024"),
        ("2024-09", MONTHS, "09.2024", "09.2024"),
        ("2024-09", "", "2024-09", "2024-09"),
        ("0.3505", PUBLISHED, "0,3505", "0.3505"),
        ("6100", PUBLISHED, "6.100", "6,100"),
        ("2019", PUBLISHED, "2019", "2019"),
        ("100-110", PUBLISHED, "100-110", "100-110"),
        ("6100", "", "6100", "6100"),
    ],
)
def test_text_is_read_as_its_property_says(lexical: str, property: str, vi: str, en: str) -> None:
    assert literal_text(Literal(lexical), property) == {"vi": vi, "en": en}


def test_a_folder_orders_its_properties_by_its_own_metadata(tmp_path: Path) -> None:
    columns = [
        {"name": name, "propertyUrl": f"https://example.org/{name}", "datatype": datatype}
        for name, datatype in (("second", "string"), ("first", VX + "partialDate"))
    ]
    hidden = {"name": "hidden", "propertyUrl": "https://example.org/hidden", "suppressOutput": True}
    kind = {"name": "type", "propertyUrl": "https://example.org/type", "valueUrl": VX + "A", "virtual": True}
    metadata = tmp_path / "csv-metadata.json"
    metadata.write_text(json.dumps({"tables": [{"tableSchema": {"columns": [hidden, *columns, kind]}}]}))
    found = read_columns(metadata)
    assert found.order["https://example.org/second"] < found.order["https://example.org/first"]
    assert "https://example.org/hidden" not in found.order
    assert found.of_class[VX + "A"]["first"].is_date
    assert not found.of_class[VX + "A"]["second"].is_date


def test_the_best_sources_come_first(corridor: Any) -> None:
    catalogue = Catalogue.load(corridor.store)
    best = catalogue.best(
        [
            "tophaiphongaz-khu-cong-nghiep",
            "vccinews-2024-06-25",
            "haiphongdpi-gov-2017-09-24",
            "no-such-source",
        ]
    )
    assert [source.grade for source in best] == ["A", "B", "C"]
    assert len(catalogue) == 879


@pytest.mark.parametrize(
    ("thing", "property", "vi", "en"),
    [
        ("lg", "country", "Hàn Quốc", "Republic of Korea"),
        ("link-007", "buyerPlace", "toàn cầu", "worldwide"),
        ("lgd-trang-due", "isic4", "2610", "2610"),
        ("expert-04", "unit", "% số doanh nghiệp", "% of firms"),
        ("disagreement-001", "aboutProperty", "diện tích (ha)", "area (ha)"),
    ],
)
def test_a_text_that_a_code_list_names_shows_the_name(
    corridor: Any, thing: str, property: str, vi: str, en: str
) -> None:
    shown = fact(Facts.load(corridor).about(thing), property)
    assert shown is not None
    assert [value.text for value in shown.values] == [{"vi": vi, "en": en}]


@pytest.mark.parametrize(
    ("thing", "property", "curated"), [("trang-due", "focusSector", False), ("trang-due", "note", True)]
)
def test_our_translation_stands_on_the_sources_of_the_text(
    corridor: Any, thing: str, property: str, curated: bool
) -> None:
    for lang in ("vi", "en"):
        shown = fact(Facts.load(corridor).about(thing, lang), property)
        assert shown is not None
        assert {(value.lang, value.curated, bool(value.sources)) for value in shown.values} == {
            (lang, curated, not curated)
        }
