"""D6 supplier without buyer."""

from __future__ import annotations

import pytest

from graph.gaps.d6_supplier_without_buyer import EXACT
from tests.gaps.changes import Change, changed, link, made, same_group, unchanged
from tests.t20 import add_facility, edge, found, named, sure, t20


def exporter(network) -> None:
    network.add_node("org-s", kind="organization", subkind="company", label=named("S"), locality=None)
    link("plant-l", "org-s", "prod-pcb", buyer_place="korea")(network)


@pytest.mark.parametrize(
    ("change", "subject", "severity"),
    [
        *(pytest.param(unchanged, f"plant-{name}", 0.75, id=name.upper()) for name in "ghl"),
        *(
            pytest.param(unchanged, f"plant-{name}", None, id=f"{name.upper()} has none")
            for name in "abcdejn"
        ),
        pytest.param(link("plant-l", "plant-a", "prod-pcb"), "plant-l", None, id="L sells"),
        pytest.param(
            link("plant-l", "plant-a", "prod-pcb", status="planned"), "plant-l", 0.75, id="planned only"
        ),
        pytest.param(link("plant-l", "plant-l", "prod-pcb"), "plant-l", 0.75, id="to itself"),
        pytest.param(exporter, "plant-l", 0.375, id="an exporter"),
        pytest.param(made("plant-l", "prod-lens"), "plant-l", 0.875, id="one more buyer"),
        pytest.param(same_group("plant-l", "plant-a"), "plant-l", 0.75, id="a buyer of the group counts"),
    ],
)
def test_severity(change: Change, subject: str, severity: float | None) -> None:
    finding = found(changed(change), "D6", subject)
    assert (finding and finding.severity) == severity


def test_own_use_has_no_buyers() -> None:
    network = t20()
    network.remove_edge("plant-l", "prod-pcb")
    edge(network, "plant-l", "prod-pcb", "makes", own_use=True)
    assert found(network, "D6", "plant-l") is None


def test_the_nearest_buyer_is_offered_first() -> None:
    remedies = sure(found(t20(), "D6", "plant-g")).remedies
    assert [remedy.facility for remedy in remedies] == ["plant-b", "plant-a"], "B is in the same park"


def test_very_many_buyers_are_counted_by_the_product_most_asked_for() -> None:
    network = changed(made("plant-l", "prod-carton"))
    for number in range(EXACT):
        add_facility(network, f"plant-x{number}", ["prod-phone"], "hp")
    finding = sure(found(network, "D6", "plant-l"))
    assert (finding.severity, finding.formula["potential_buyers"]) == (1.0, EXACT + 2)
