"""D10 concentration."""

from __future__ import annotations

import pytest

from graph.gaps.d10_concentration import herfindahl, severity
from graph.gaps.sectors import Sectors, main_products
from graph.gaps.world import World
from tests.gaps.changes import PARAMETERS
from tests.t20 import add_facility, found, sure, t20


def test_the_merged_unit_is_concentrated_in_electronics() -> None:
    finding = sure(found(t20("2025-07-01"), "D10", "hp-new"))
    assert finding.formula["concentration_index"] == pytest.approx(0.5147, abs=5e-5)
    assert finding.severity == pytest.approx(0.4082, abs=5e-5)
    assert (finding.plants, finding.listed, finding.confidence) == (6, True, 0.4)
    assert "electronics 65%" in finding.message["en"]


def test_four_plants_are_too_few_to_judge() -> None:
    assert found(t20(), "D10", "hp") is None


@pytest.mark.parametrize(
    ("shares", "index", "value"),
    [((0.7, 0.2, 0.1), 0.54, 0.4390), ((1 / 6,) * 6, 1 / 6, 0.0), ((1.0,), 1.0, 1.0), ((), 0.0, 0.0)],
)
def test_index_and_severity(shares: tuple[float, ...], index: float, value: float) -> None:
    known = herfindahl({str(at): share for at, share in enumerate(shares)})
    assert known == pytest.approx(index)
    assert severity(known, 0.18) == pytest.approx(value, abs=5e-5)


def product_world(**facts: float):
    network = t20()
    network.nodes["plant-l"]["employees"] = 70
    for name, size in (("y", 20), ("z", 10)):
        add_facility(network, f"plant-{name}", ["prod-pcb"], "qn", employees=size)
    return network


def test_makers_of_a_product_by_group() -> None:
    finding = sure(found(product_world(), "D10", "prod-pcb"))
    assert finding.severity == pytest.approx(0.4390, abs=5e-5)
    assert (finding.group, finding.listed) == ("product", True)


def test_two_makers_are_too_few_to_judge() -> None:
    network = product_world()
    network.remove_node("plant-z")
    assert found(network, "D10", "prod-pcb") is None


def test_employees_and_capital_do_not_add_up() -> None:
    network = product_world()
    network.nodes["plant-y"].update(employees=None, capital=20.0)
    assert not sure(found(network, "D10", "prod-pcb")).listed


def test_the_main_product_is_the_one_that_sells() -> None:
    assert main_products(World(t20(), PARAMETERS), "plant-e") == ["prod-mould"]


def test_sectors_are_isic_divisions_where_the_tree_does_not_hold_every_product() -> None:
    network = t20()
    assert Sectors(World(network, PARAMETERS)).of_product("prod-pcb") == "prod-electronics"
    network.add_node("prod-loose", kind="product", label={"vi": "x", "en": "x"}, isic4="2610", sources=())
    add_facility(network, "plant-z", ["prod-loose"], "qn")
    sectors = Sectors(World(network, PARAMETERS))
    assert sectors.of_facility("plant-z") == {"isic-26": 1.0}
    assert sectors.name("isic-26") == {"vi": "ngành ISIC 26", "en": "ISIC division 26"}
    network.graph["divisions"] = {"26": {"vi": "điện tử", "en": "electronics"}}
    assert sectors.name("isic-26")["vi"] == "điện tử"
