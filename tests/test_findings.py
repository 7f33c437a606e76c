"""What holds for every finding: completeness, wording, ids, ranking, and how findings answer to changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import networkx as nx
import pytest

from graph.findings import PARAMETER_FILE, find_gaps, load_parameters, parameters_of
from graph.gaps import GAP_DETECTORS
from graph.gaps.wording import mid_sentence, with_status
from graph.model import LABELS, Finding
from tests.t20 import add_facility, found, named, supply, sure, t20

PARAMETERS = load_parameters()
FORBIDDEN = re.compile(r"(has|have|is|are) no supplier|không có (nhà cung|nguồn cung|nơi nào)", re.IGNORECASE)


@pytest.mark.parametrize("as_of", ["2025-06-30", "2025-07-01"])
def test_every_finding_is_complete_and_speaks_both_languages(as_of: str) -> None:
    for finding in find_gaps(t20(as_of)):
        assert finding.label in LABELS
        assert 0 < finding.severity <= 1 and 0 <= finding.confidence <= 1
        assert finding.evidence and finding.remedies and finding.formula
        assert (finding.as_of, finding.parameters) == (as_of, PARAMETERS.version)
        assert re.fullmatch(r"d\d+-[0-9a-f]{10}", finding.id)
        assert any(premise.absence for premise in finding.evidence) or finding.detector == "D12"
        texts = [
            finding.message,
            finding.flip,
            *(item.text for item in (*finding.evidence, *finding.remedies)),
        ]
        for text in texts:
            assert text["vi"] and text["en"] and text["vi"] != text["en"]
            assert not any(FORBIDDEN.search(sentence) for sentence in text.values())
        json.dumps(finding.as_dict())


def test_premises_with_sources_are_records_and_absences_have_none() -> None:
    for finding in find_gaps(t20(), PARAMETERS, ["D1", "D3", "D7"]):
        for premise in finding.evidence:
            assert bool(premise.sources) != (premise.absence or premise.searched is not None), premise


def test_ids_are_distinct_and_survive_a_new_buyer() -> None:
    network = t20()
    before = {(f.detector, f.subject, f.objects): f.id for f in find_gaps(network)}
    assert len(set(before.values())) == len(before)
    add_facility(network, "plant-z", ["prod-camera"], "qn")
    assert sure(found(network, "D1", "prod-lens")).objects == ("plant-j", "plant-z")
    assert sure(found(network, "D1", "prod-lens")).id == before["D1", "prod-lens", ("plant-j",)]


def test_ranking_puts_questions_last_and_breaks_ties_by_plants_and_size() -> None:
    findings = find_gaps(t20())
    ranks = [(f.detector == "D12", -f.priority, -f.plants, -f.size, f.id) for f in findings]
    assert ranks == sorted(ranks)
    assert next(finding for finding in findings if finding.listed).subject == "prod-resin"


@pytest.mark.parametrize("as_of", ["2025-06-30", "2025-07-01"])
def test_figures_beside_the_finding_keep_the_boundaries_of_the_agreement(as_of: str) -> None:
    finding = sure(found(t20(as_of), "D1", "prod-resin"))
    assert (finding.plants, finding.size, finding.places) == (2, 20.0, {"hd": 1, "hy": 1})
    assert (finding.criticality, finding.basis) == (1.0, "source")


def test_unknown_detector_is_refused() -> None:
    names = sorted((detector.DETECTOR for detector in GAP_DETECTORS), key=lambda name: int(name[1:]))
    assert names == [f"D{number}" for number in range(1, 15)]
    with pytest.raises(ValueError, match="no such detector: D99"):
        find_gaps(t20(), detectors=["D1", "D99"])


def test_a_data_folder_may_bring_its_own_parameters(tmp_path: Path) -> None:
    network = t20()
    network.graph["data"] = str(tmp_path)
    assert parameters_of(network) == PARAMETERS, "none there: the shipped ones"
    text = PARAMETER_FILE.read_text("utf-8").replace(f'version = "{PARAMETERS.version}"', 'version = "own"')
    (tmp_path / PARAMETER_FILE.name).write_text(text, "utf-8")
    assert {finding.parameters for finding in find_gaps(network)} == {"own"}
    assert {finding.parameters for finding in find_gaps(network, PARAMETERS)} == {PARAMETERS.version}


def test_the_network_knows_the_folder_of_its_data(network: nx.MultiDiGraph) -> None:
    assert Path(network.graph["data"]) == PARAMETER_FILE.parent


def test_frozen_network_is_not_changed() -> None:
    network = nx.freeze(t20())
    before = nx.node_link_data(network, edges="edges")
    find_gaps(network)
    assert nx.node_link_data(network, edges="edges") == before


# Metamorphic


def test_renaming_slugs_changes_only_ids() -> None:
    names = {slug: f"{'zyxwv'[at % 5]}{at}" for at, slug in enumerate(sorted(t20()))}
    renamed = nx.relabel_nodes(t20(), names)
    for _, data in renamed.nodes(data=True):
        for key in ("locality", "locality_stated", "zone", "successor"):
            data[key] = names.get(data.get(key), data.get(key))
    for *_, data in renamed.edges(data=True):
        data["product"] = names.get(data.get("product"), data.get("product"))
    renamed.graph["corridor"] = tuple(names[place] for place in renamed.graph["corridor"])

    def figures(finding: Finding, rename: dict[str, str]) -> tuple:
        things = sorted(rename.get(thing, thing) for thing in finding.objects)
        numbers = (
            round(finding.severity, 9),
            finding.confidence,
            finding.plants,
            finding.size,
            finding.flags,
        )
        return (
            finding.detector,
            rename.get(finding.subject, finding.subject),
            tuple(things),
            *numbers,
            finding.group,
        )

    before = {figures(finding, names) for finding in find_gaps(t20())}
    assert {figures(finding, {}) for finding in find_gaps(renamed)} == before


@pytest.mark.parametrize("finding", find_gaps(t20(), PARAMETERS, ["D3"]), ids=lambda finding: finding.id)
def test_corridor_link_for_a_need_removes_its_missed_match(finding: Finding) -> None:
    network = t20()
    supplier = finding.remedies[0].facility
    assert supplier is not None
    supply(network, supplier, finding.subject, finding.objects[0])
    left = {other.id for other in find_gaps(network, PARAMETERS, ["D3"])}
    assert left == {other.id for other in find_gaps(t20(), PARAMETERS, ["D3"])} - {finding.id}


def test_new_maker_never_creates_a_missing_input_for_its_product() -> None:
    for product in ("prod-resin", "prod-lens", "prod-glue", "prod-pcb"):
        network = t20()
        add_facility(network, "plant-z", [product], "qn")
        assert found(network, "D1", product) is None


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Ô tô con", "ô tô con"),
        ("Thép hợp kim", "thép hợp kim"),
        ("LED component", "LED component"),
        ("Wi-Fi module", "Wi-Fi module"),
        ("IC điều khiển hiển thị", "IC điều khiển hiển thị"),
        ("", ""),
    ],
)
def test_product_names_inside_a_sentence(name: str, inside: str) -> None:
    assert mid_sentence(name) == inside


def test_label_falls_back_to_the_other_language() -> None:
    network = t20()
    network.nodes["prod-lens"]["label"] = {"vi": "Thấu kính", "en": None}
    message = sure(found(network, "D1", "prod-lens")).message
    assert "No maker of thấu kính is recorded" in message["en"]
    assert message["vi"].startswith("Chưa ghi nhận nơi nào trong hành lang sản xuất thấu kính; 1 nhà máy cần")


@pytest.mark.parametrize(
    ("name", "status", "shown"),
    [
        ("Plant A", "operating", "Plant A"),
        ("Plant A", "planned", "Plant A (planned)"),
        ("Plant A (Park K1)", "licensed", "Plant A (Park K1; licensed)"),
        ("Plant A", None, "Plant A (status not known)"),
    ],
)
def test_a_plant_is_named_with_its_status(name: str, status: str | None, shown: str) -> None:
    assert with_status(named(name), status)["en"] == shown
