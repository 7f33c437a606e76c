"""Filters of the explorer: against numbers counted from the tables, and what they leave in each view."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from flask.testing import FlaskClient

from graph import project
from graph.explore import Explorer
from graph.explore.facets import FACETS, NOT_BEGUN, NOT_RECORDED, Facets, Filters, sector_of
from graph.gap_table import UnknownValue
from graph.layout import plan_overview

DATA = Path(__file__).parents[1] / "data"
DATES = (None, "2005-01-01", "2025-06-30")


def table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GRADES = {row["id"]: row["grade"] for row in table("sources")}
PLANTS = table("facilities")


def chosen(**facets: str) -> Filters:
    return Filters(**{facet: frozenset(values.split()) for facet, values in facets.items()})


def facets_of(explorer: Explorer) -> Facets:
    return Facets(explorer.neighbours.world, GRADES)


@pytest.fixture(scope="module")
def explorer(network: Any, findings: Any) -> Explorer:
    return Explorer(network, findings)


@pytest.fixture(scope="module")
def facets(explorer: Explorer) -> Facets:
    return facets_of(explorer)


# What matches


def broader(product: str) -> set[str]:
    """A product and all that is broader, from the table."""
    up = {row["id"]: row["broader"].split("|") for row in table("products")}
    found: set[str] = set()
    layer = {product}
    while layer:
        found |= layer
        layer = {wide for one in layer for wide in up.get(one, ()) if wide} - found
    return found


def makes(plant: dict[str, str], product: str) -> bool:
    made = {*plant["produces"].split("|"), *plant["own_use"].split("|")} - {""}
    return any(product in broader(one) for one in made)


def grade(row: dict[str, str]) -> str:
    return min((GRADES[source] for source in row["sources"].split("|") if source), default=NOT_RECORDED)


TABLE = {
    "kind": (chosen(), lambda row: True),
    "sector": (chosen(sector="C26"), lambda row: row["isic4"][:2] == "26"),
    "two sectors": (chosen(sector="C26 C29"), lambda row: row["isic4"][:2] in ("26", "29")),
    "no sector": (chosen(sector=NOT_RECORDED), lambda row: not row["isic4"]),
    "locality": (chosen(locality="hai-phong"), lambda row: row["locality"] == "hai-phong"),
    "product": (chosen(product="wire-harness"), lambda row: makes(row, "wire-harness")),
    "broad product": (chosen(product="auto-part"), lambda row: makes(row, "auto-part")),
    "grade": (chosen(grade="A"), lambda row: grade(row) == "A"),
    "planned": (chosen(status="planned"), lambda row: row["status"] in ("planned", "mou")),
    "licensed": (chosen(status="licensed"), lambda row: row["status"] in ("licensed", "under-construction")),
    "ended": (chosen(status="ended"), lambda row: row["status"] == "ended"),
    "no status": (chosen(status=NOT_RECORDED), lambda row: row["status"] in ("unknown", "")),
    "all together": (
        chosen(sector="C26", locality="hai-phong quang-ninh", grade="A B", status="operating"),
        lambda row: (
            row["isic4"][:2] == "26"
            and row["locality"] in ("hai-phong", "quang-ninh")
            and grade(row) in "AB"
            and row["status"] == "operating"
        ),
    ),
    "nothing": (chosen(sector="C26", status="ended", locality="hai-phong"), lambda row: False),
}


@pytest.mark.parametrize("name", TABLE)
def test_plants_match_as_the_tables_say(facets: Facets, network: nx.MultiDiGraph, name: str) -> None:
    filters, wanted = TABLE[name]
    started = {plant for plant, begun in network.nodes(data="active") if begun}
    expected = {row["id"] for row in PLANTS if wanted(row) and (not filters.status or row["id"] in started)}
    matching = facets.select(filters).matches
    assert {row["id"] for row in PLANTS} & matching == expected
    assert bool(expected) is (name != "nothing")


@pytest.mark.parametrize(
    ("filters", "thing", "matches"),
    [
        (chosen(sector="C26"), "trang-due", True),  # LG Display stands there
        (chosen(sector="C26"), "lg", True),  # ... and belongs to it
        (chosen(sector="C26"), "semiconductor-ic", True),  # ... and needs it
        (chosen(sector="B05"), "trang-due", False),
        (chosen(sector="C26"), "hai-phong", False),  # stays as the frame, is not counted
        (chosen(grade="A B C"), "vcci", True),
        (chosen(locality="hai-phong"), "hai-phong", True),
        (chosen(locality="hai-phong"), "hung-yen", False),
        (chosen(kind="zone"), "trang-due", True),
        (chosen(kind="facility"), "trang-due", False),
        (chosen(status="operating"), "lach-huyen-port", True),
        (chosen(product="wire-harness"), "wire-harness", True),
    ],
)
def test_other_things_match_by_themselves_or_through_one_plant(
    facets: Facets, network: nx.MultiDiGraph, filters: Filters, thing: str, matches: bool
) -> None:
    assert thing in network
    assert (thing in facets.select(filters).matches) is matches


def wider_zones(zone: str) -> set[str]:
    """A zone, what it is a phase of, and what it lies in, from the table."""
    up = {row["id"]: {row["phase_of"], *row["part_of"].split("|")} - {""} for row in table("zones")}
    found, layer = set[str](), {zone} - {""}
    while layer:
        found |= layer
        layer = {wide for one in layer for wide in up.get(one, ())} - found
    return found


def test_a_park_needs_one_plant_with_all_values(facets: Facets) -> None:
    both, each = set[str](), (set[str](), set[str]())
    for row in PLANTS:
        has = row["isic4"][:2] == "26", row["status"] in ("licensed", "under-construction")
        zones = wider_zones(row["zone"])
        for parks, one in zip((both, *each), (all(has), *has), strict=True):
            parks |= zones if one else set()
    apart = (each[0] & each[1]) - both
    matching = facets.select(chosen(sector="C26", status="licensed")).matches
    assert both and both <= matching
    assert apart and matching.isdisjoint(apart)


def test_the_frame_stays_without_being_counted(facets: Facets) -> None:
    found = facets.select(chosen(sector="C26"))
    assert {"hai-phong", "vcci"} <= found.shown - found.matches
    assert "vcci" not in facets.select(chosen(sector="C26", kind="facility")).shown


@pytest.mark.parametrize(
    ("isic", "sector"),
    [("2610", "C26"), ("0510", "B05"), ("3510", "D35"), ("68", "L68"), ("9900", "99"), (None, NOT_RECORDED)],
)
def test_sectors_are_divisions_under_their_section(
    network: nx.MultiDiGraph, isic: str | None, sector: str
) -> None:
    assert sector_of(isic, network.graph["sections"]) == sector


def test_an_unknown_value_is_refused(facets: Facets) -> None:
    with pytest.raises(UnknownValue) as refused:
        facets.select(chosen(sector="C26 C99"))
    assert (refused.value.facet, refused.value.value) == ("sector", "C99")
    assert "C26" in refused.value.allowed


# Counts before the click


@pytest.fixture(scope="module", params=DATES)
def dated(request: pytest.FixtureRequest, corridor: Any, facets: Facets) -> Facets:
    return facets_of(Explorer(project(corridor, request.param), ())) if request.param else facets


@pytest.mark.parametrize(
    "base",
    [chosen(), chosen(sector="C26"), chosen(kind="zone facility", locality="hai-phong"), chosen(grade="C")],
)
def test_each_count_is_what_the_choice_leaves(dated: Facets, base: Filters) -> None:
    counts = dated.counts(base)
    wrong = {
        (facet, value): (counts[facet][value], len(matching))
        for facet in FACETS
        for value in dated.allowed[facet]
        if counts[facet][value]
        != len(matching := dated.select(base._replace(**{facet: frozenset({value})})).matches)
    }
    assert wrong == {}
    assert any(counts[facet] for facet in FACETS)


def test_on_an_earlier_date_plants_have_not_begun(corridor: Any) -> None:
    facets = facets_of(Explorer(project(corridor, "2005-01-01"), ()))
    later = {row["id"] for row in PLANTS if row["year_started"] > "2005" and row["year_basis"] == "start"}
    assert later <= facets.select(chosen(status=NOT_BEGUN)).matches
    assert not later & facets.select(chosen(status="operating")).matches


# Views


def drawn(view: Any) -> set[str]:
    return {node.id for node in view.nodes}


def test_the_overview_is_laid_out_anew(explorer: Explorer, facets: Facets) -> None:
    found = facets.select(chosen(sector="C26"))
    view = explorer.under(found).overview("en")
    anchors = {
        node.id for node in view.nodes if node.mark.startswith("anchor") and not node.id.startswith("group")
    }
    assert anchors and anchors <= found.matches
    assert drawn(view) < drawn(explorer.overview("en")) | found.matches | {n for n in drawn(view) if ":" in n}
    assert "296 of 1,675" not in explorer.overview("en").subtitle
    assert f"{len(found.matches)} of 1,675 things match" in view.subtitle
    assert view.left_out == found.total - len(found.matches)
    phases = {row["id"]: row["phase_of"] or row["id"] for row in table("zones")}
    parks = Counter(
        phases.get(row["zone"])
        for row in PLANTS
        if row["isic4"][:2] == "26" and row["status"] not in ("mou", "ended")
    )
    numbers = {node.id: node.number for node in view.nodes if node.mark == "park"}
    assert numbers["trang-due"] == parks["trang-due"]


def test_inputs_of_the_overview_count_the_buyers_that_remain(
    network: nx.MultiDiGraph, findings: Any, facets: Facets
) -> None:
    keep = facets.select(chosen(sector="C29")).placed
    plan = plan_overview(network, findings, str, keep)
    needed = {finding.subject: finding.objects for finding in findings if finding.detector == "D1"}
    assert plan.inputs
    for item in plan.inputs:
        assert item.buyers == len(keep.intersection(needed[item.product])) > 0
        assert item.recorded == len(needed[item.product])


def test_one_locality_fills_the_picture(explorer: Explorer, facets: Facets) -> None:
    view = explorer.under(facets.select(chosen(locality="hai-phong"))).overview()
    assert [band.id for band in view.bands] == ["hai-phong"]


def test_the_list_names_what_matches_and_is_not_drawn(explorer: Explorer, facets: Facets) -> None:
    found = facets.select(chosen(kind="person"))
    view = explorer.under(found).overview("en")
    assert not view.nodes
    assert {item.id for section in view.sections for item in section.items} == found.matches


def test_an_empty_result_says_what_to_do(explorer: Explorer, facets: Facets) -> None:
    view = explorer.under(facets.select(TABLE["nothing"][0])).overview("en")
    assert view.subtitle == "Nothing matches these filters. Take one of them away."


@pytest.mark.parametrize("slug", ["trang-due", "lgd-trang-due", "samsung", "hai-phong", "semiconductor-ic"])
def test_surroundings_leave_out_and_say_so(explorer: Explorer, facets: Facets, slug: str) -> None:
    found = facets.select(chosen(kind="facility", sector="C26"))
    view = explorer.under(found).focus(slug, "en")
    others = {node.id for node in view.nodes if ":" not in node.id} - {slug}
    assert others <= found.shown
    near = {n.slug for side in explorer.neighbours.of(slug).values() for n in side}
    assert view.left_out == len(near - found.shown) > 0
    assert "left out by filters" in view.subtitle
    assert explorer.focus(slug, "en").left_out == 0


def test_evidence_keeps_its_subject(explorer: Explorer, facets: Facets) -> None:
    finding = next(f for f in explorer.findings if f.detector == "D1" and len(f.objects) > 4)
    found = facets.select(chosen(sector="B05"))
    view = explorer.under(found).evidence(finding.id, "en")
    assert finding.subject in drawn(view)
    assert drawn(view) - {finding.subject} <= found.shown
    assert view.left_out >= len(finding.objects)


@pytest.mark.parametrize("slug", ["trang-due", "lgd-trang-due", "samsung", "hai-phong"])
def test_expansion_counts_and_pages_obey(explorer: Explorer, facets: Facets, slug: str) -> None:
    found = facets.select(chosen(sector="C26"))
    under = explorer.under(found)
    for relation in under.relations(slug):
        page = under.expand(slug, relation.relation, relation.direction, limit=1000)
        assert page.count == relation.count == len(page.nodes)
        assert {node.id for node in page.nodes} <= found.shown
    assert sum(r.count for r in under.relations(slug)) < sum(r.count for r in explorer.relations(slug))


def test_facts_stay_whole(explorer: Explorer, facets: Facets) -> None:
    under = explorer.under(facets.select(chosen(sector="B05")))
    assert under.summary("trang-due") == explorer.summary("trang-due")


# Over HTTP


def test_counts_as_json(client: FlaskClient) -> None:
    answer = client.get("/api/facets?sector=C26&lang=en").get_json()
    found = {facet["name"]: facet for facet in answer["facets"]}
    assert tuple(found) == FACETS
    assert answer["total"] == 296
    sector = next(value for value in found["sector"]["values"] if value["value"] == "C26")
    assert sector == {"value": "C26", "label": "Electronics and optics", "count": 296, "on": True}
    assert len(found["product"]["values"]) == 30
    assert found["product"]["more"] > 0
    total = {"facility": sum(row["isic4"][:2] == "26" for row in PLANTS)}
    assert total["facility"] == next(v["count"] for v in found["kind"]["values"] if v["value"] == "facility")


@pytest.mark.parametrize(("q", "value"), [("day dien", "wire-harness"), ("WIRE HARN", "wire-harness")])
def test_products_are_found_without_diacritics(client: FlaskClient, q: str, value: str) -> None:
    (facet,) = client.get("/api/facets", query_string={"facet": "product", "q": q}).get_json()["facets"]
    assert value in [found["value"] for found in facet["values"]]
    assert len(facet["values"]) < 30


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/api/facets?sector=C99", "C99"),
        ("/api/graph?status=closed", "operating"),
        ("/api/expand?id=trang-due&grade=Z", "grade"),
        ("/?kind=plant", "facility"),
        ("/api/facets?facet=colour", "product"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_type(
    client: FlaskClient, address: str, says: str
) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert says in answer.get_json()["detail"]


def test_filters_reach_every_view(client: FlaskClient) -> None:
    whole, some = (client.get(f"/api/graph{query}").get_json() for query in ("", "?sector=C26"))
    assert len(some["nodes"]) < len(whole["nodes"])
    focus = client.get("/api/graph?focus=trang-due&sector=C26").get_json()
    assert focus["left_out"] > 0 == client.get("/api/graph?focus=trang-due").get_json()["left_out"]
    body = {"ids": ["lgd-trang-due", "anphat-complex"], "among": []}
    things = client.post("/api/things?sector=C26", json=body).get_json()
    assert [node["id"] for node in things["nodes"]] == ["lgd-trang-due"]
    assert things["left_out"] == ["anphat-complex"]


def test_the_form_works_without_script(client: FlaskClient) -> None:
    page = client.get("/?focus=trang-due&sector=C26&lang=vi&as_of=2025-06-30").text
    form = page[page.index('<form class="pop filters"') :].split("</form>")[0]
    assert '<input type="checkbox" name="sector" value="C26" checked>' in form
    for name, value in (("focus", "trang-due"), ("lang", "vi"), ("as_of", "2025-06-30")):
        assert form.count(f'<input type="hidden" name="{name}" value="{value}">') == 1
    assert "Điện tử, máy tính, quang học" in form
    assert 'type="submit"' in form
