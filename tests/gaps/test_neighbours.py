"""Makers next door: who counts, in which order, and what the finding says."""

from __future__ import annotations

import networkx as nx
import pytest

from graph.findings import find_gaps
from graph.model import Finding
from tests.t20 import add_facility, named, t20


def beside(*plants: tuple[str, float], **attributes: object) -> nx.MultiDiGraph:
    """T20 with lens makers outside, so many degrees north of plant J."""
    network = t20()
    network.nodes["plant-j"].update(lat=21.0, lon=106.0)
    network.add_node("bn", kind="locality", label=named("Bac Ninh"), in_agreement=False, successor=None)
    for name, degrees in plants:
        add_facility(network, name, ["prod-lens"], "bn")
        place = {"inside": False, "locality_stated": "bn", "lat": 21.0 + degrees, "lon": 106.0}
        network.nodes[name].update({**place, **attributes})
    return network


def lens(network: nx.MultiDiGraph) -> Finding:
    found = find_gaps(network, detectors=["D1"])
    return next(one for one in found if one.subject == "prod-lens")


@pytest.mark.parametrize(
    ("plants", "expected"),
    [
        ((), ()),
        ((("far", 0.9), ("near", 0.3)), ("near", "far")),
        ((("too-far", 2.0), ("near", 0.3)), ("near",)),
    ],
)
def test_neighbours_nearest_first(plants: tuple[tuple[str, float], ...], expected: tuple[str, ...]) -> None:
    finding = lens(beside(*plants))
    assert finding.neighbours == expected
    assert finding.as_dict()["neighbours"] == list(expected)


def test_the_sentence_names_the_nearest() -> None:
    message = lens(beside(("near", 0.3))).message
    assert "Nearest recorded maker outside the corridor" in message["en"]
    assert "Bac Ninh" in message["en"] and "Bac Ninh" in message["vi"]
    assert "outside the corridor" not in lens(t20()).message["en"]


def test_what_was_searched_next_door_is_a_premise() -> None:
    with_maker, without = lens(beside(("near", 0.3))).evidence[-1], lens(t20()).evidence[-1]
    assert (with_maker.relation, with_maker.absence) == ("made_next_door", False)
    assert (without.relation, without.absence) == ("made_next_door", True)


@pytest.mark.parametrize("change", [{"lat": None}, {"status": "ended"}, {"group": "group-g-j"}])
def test_who_is_no_neighbour(change: dict[str, object]) -> None:
    assert lens(beside(("near", 0.3), **change)).neighbours == ()


def test_neighbours_change_no_number() -> None:
    one, other = lens(t20()), lens(beside(("near", 0.3)))
    assert (one.id, one.severity, one.confidence) == (other.id, other.severity, other.confidence)
