"""D14 false diversification."""

from __future__ import annotations

import pytest

from tests.gaps.changes import CERTAIN, Change, changed, link, measured, same_group, unchanged
from tests.t20 import add_facility, found, require, supply, sure

BOTH = (link("plant-e", "plant-g", "prod-mould"), link("plant-g", "plant-a", "prod-housing"))


def second_mould_maker(network) -> None:
    add_facility(network, "plant-e2", ["prod-mould"], "hd", group="another")
    supply(network, "plant-e2", "plant-g", "prod-mould")


def deeper(network) -> None:
    """E itself depends on one maker of steel."""
    network.add_node("prod-steel", kind="product", label={"vi": "steel", "en": "steel"}, sources=())
    require(network, "prod-mould", "prod-steel", 1.0)
    add_facility(network, "plant-s", ["prod-steel"], "hd")
    supply(network, "plant-s", "plant-e", "prod-steel")


def cycle(network) -> None:
    """E buys phones from A: A would hide behind its own suppliers."""
    require(network, "prod-mould", "prod-phone", 1.0)
    supply(network, "plant-a", "plant-e", "prod-phone")


@pytest.mark.parametrize(
    ("changes", "hidden", "severity"),
    [
        pytest.param(BOTH, "plant-e", 0.4, id="both rest on E"),
        pytest.param(BOTH[1:], "plant-e", None, id="resin from an aggregate is ignored"),
        pytest.param([unchanged], "plant-e", None, id="one supplier only"),
        pytest.param([*BOTH, second_mould_maker], "plant-e", None, id="G has a second source"),
        pytest.param(
            [*BOTH, same_group("plant-g", "plant-d")], "plant-e", None, id="one group is one supplier"
        ),
        pytest.param([*BOTH, deeper], "plant-s", 0.5 * 0.8**2, id="three tiers up"),
        pytest.param([*BOTH, cycle], "plant-e", 0.4, id="a cycle ends"),
        pytest.param([*BOTH, cycle], "plant-a", None, id="nobody hides behind itself"),
        pytest.param(
            [*BOTH, link("outside-x", "plant-a", "prod-housing")],
            "plant-e",
            None,
            id="an aggregate beside them",
        ),
    ],
)
def test_severity(changes: list[Change], hidden: str, severity: float | None) -> None:
    finding = found(changed(*changes), "D14", "plant-a", hidden)
    assert (finding and finding.severity) == (severity and pytest.approx(severity))


def test_objects_and_confidence_along_both_chains() -> None:
    parameters = measured(CERTAIN, supplied_by__plant_d=0.9, supplied_by__plant_g=0.9)
    finding = sure(found(changed(*BOTH), "D14", "plant-a", parameters=parameters))
    assert finding.objects == ("prod-housing", "plant-e")
    assert finding.confidence == pytest.approx(0.8834**2, abs=1e-4)
