"""What if: a facility stops, or a maker of a product settles in a park.

Both are thought out on the recorded network and never written down: an imagined maker stands in a copy of
the network, and nothing of it reaches the store, the published findings or a file. Neither is a forecast.
Cost: a stop reaches each link once; an imagined maker costs two runs of the detectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from graph.findings import find_gaps, parameters_of
from graph.gaps import cascade
from graph.gaps.world import Link, World
from graph.model import Finding
from graph.projection import Network

IMAGINED = "imagined-maker"
NAMES = {"vi": "Nhà máy giả định", "en": "Imagined plant"}
COMPARED = ("severity", "confidence", "label", "group", "objects", "listed")
"""Fields that make a finding another one under the same id."""


class NotPossible(ValueError):
    """What was picked cannot be thought through. `parameter` names it, `reason` is a key for the words."""

    def __init__(self, parameter: str, value: str, reason: str) -> None:
        super().__init__(f"{parameter} {value}: {reason}")
        self.parameter, self.value, self.reason = parameter, value, reason


class Halt(NamedTuple):
    """A facility that would stop: for want of a product all of whose recorded suppliers have stopped."""

    facility: str
    product: str
    suppliers: tuple[str, ...]
    tier: int
    size: float
    size_basis: str
    coverage: float
    """Estimated share of the links into it that are recorded: the less, the likelier another supplier."""
    chain: tuple[str, ...]
    """From the start to this facility, through one of the suppliers at each step."""
    links: tuple[str, ...]
    sources: tuple[str, ...]


class Spared(NamedTuple):
    """A recorded buyer of something stopped that goes on by these records, and why."""

    facility: str
    product: str | None
    supplier: str
    reason: str
    """another_source, aggregate_source, not_core, or no_need (no recorded need for what the link brings)."""
    others: tuple[str, ...]
    """The recorded suppliers that remain."""


@dataclass(frozen=True)
class Cascade:
    """What stops if a facility stops, by the recorded links."""

    start: str
    halts: tuple[Halt, ...]
    """Nearest first."""
    spared: tuple[Spared, ...]
    size: float
    """Summed size of what stops with it."""
    all_size: float
    """Summed size of all other facilities of the corridor."""
    links: int
    """Recorded links that were searched."""
    buyers: int
    """Recorded buyers of what the start makes, without itself."""
    lowest_coverage: float | None
    """Of the links into what stops; None if nothing does."""

    @property
    def share(self) -> float:
        """Share of the recorded size of all other facilities, 0..1."""
        return min(1.0, self.size / self.all_size) if self.all_size else 0.0


def stops(network: Network, facility: str) -> Cascade:
    """What would stop if this facility, or named supplier, stopped. Raises NotPossible.

    A facility stops if for a core need suppliers are recorded and all of them have stopped.
    """
    world = World(network, parameters_of(network))
    _check_start(world, facility)
    found = cascade.Cascade(world).stops(facility)
    halts: list[Halt] = []
    chains: dict[str, tuple[str, ...]] = {facility: (facility,)}
    for stop in found:
        before = max((chains[supplier] for supplier in stop.suppliers if supplier in chains), key=len)
        chains[stop.facility] = (*before, stop.facility)
        halts.append(_halt(world, stop, chains[stop.facility]))
    stopped = {facility, *(halt.facility for halt in halts)}
    own = world.size(facility)[0] if facility in world.needs else 0.0
    return Cascade(
        start=facility,
        halts=tuple(halts),
        spared=tuple(_spared(world, stopped)),
        size=world.total_size(tuple(halt.facility for halt in halts)),
        all_size=world.total_size(world.inside) - own,
        links=len(world.links),
        buyers=len({link.buyer for link in world.links if link.supplier == facility} - {facility}),
        lowest_coverage=min((halt.coverage for halt in halts), default=None),
    )


def _check_start(world: World, facility: str) -> None:
    if facility not in world.network:
        raise NotPossible("stop", facility, "unknown")
    node = world.node(facility)
    if not world.named(facility):
        raise NotPossible("stop", facility, "aggregate")
    if node["kind"] not in ("facility", "organization"):
        raise NotPossible("stop", facility, "no_facility")


def _halt(world: World, stop: cascade.Stop, chain: tuple[str, ...]) -> Halt:
    links = world.sources[stop.facility][stop.product]
    return Halt(
        stop.facility,
        stop.product,
        stop.suppliers,
        stop.tiers,
        *world.size(stop.facility),
        world.supplied_by(stop.facility).value,
        chain,
        tuple(link.id for link in links),
        tuple(sorted({source for link in links for source in link.sources})),
    )


def _spared(world: World, stopped: set[str]) -> Iterator[Spared]:
    """Buyers that lose a recorded supplier and do not stop, once for each link they lose."""
    for buyer in sorted(world.links_in.keys() - stopped):
        for link in world.links_in[buyer]:
            if link.supplier in stopped:
                yield _reason(world, link, stopped)


def _reason(world: World, link: Link, stopped: set[str]) -> Spared:
    needed = [
        product
        for product in (world.upward(link.product) if link.product is not None else ())
        if product in world.needs[link.buyer]
    ]
    core = [product for product in needed if world.needs[link.buyer][product].criticality == 1.0]
    if not core:
        reason = "not_core" if needed else "no_need"
        return Spared(link.buyer, link.product, link.supplier, reason, ())
    left = sorted({other.supplier for other in world.sources[link.buyer][core[0]]} - stopped)
    reason = "another_source" if all(map(world.named, left)) else "aggregate_source"
    return Spared(link.buyer, link.product, link.supplier, reason, tuple(left))


class Shift(NamedTuple):
    """One finding before and after; None on the side where there is none."""

    before: Finding | None
    after: Finding | None

    @property
    def finding(self) -> Finding:
        """The finding as it would be, else as it is."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class Difference:
    """Findings that differ from the present ones; those about the imagined plant itself are left out."""

    closed: tuple[Shift, ...]
    changed: tuple[Shift, ...]
    new: tuple[Shift, ...]


class Meets(NamedTuple):
    """A plant that needs what the imagined one makes."""

    facility: str
    product: str
    criticality: float
    supplied: bool
    """Whether a recorded link already fills the need."""


class Brings(NamedTuple):
    """Something the imagined plant would need itself."""

    product: str
    criticality: float
    makers: tuple[str, ...]
    """Recorded makers in the corridor that sell it."""


@dataclass(frozen=True)
class Closed:
    """What an imagined maker of a product in a park would change."""

    product: str
    zone: str
    present: Difference
    """If it stood there, with no link yet."""
    supplying: Difference
    """If it also supplied every plant in `meets`."""
    meets: tuple[Meets, ...]
    brings: tuple[Brings, ...]
    makers: tuple[str, ...]
    """Recorded makers of the product in the corridor as it is."""


def with_supplier(
    network: Network, product: str, zone: str, before: Sequence[Finding] | None = None
) -> Closed:
    """The findings with an imagined maker of `product` in `zone`, against those without. Raises NotPossible.

    `before` are the findings on the network as it is, if they are at hand.
    """
    _check_place(network, product, zone)
    parameters = parameters_of(network)
    present = find_gaps(network, parameters) if before is None else before
    imagined, copy = _add_maker(network, product, zone)
    world = World(copy, parameters)
    meets = tuple(_meets(world, imagined, product))
    alone = find_gaps(copy, parameters)
    for number, meet in enumerate(meets):
        _add_link(copy, imagined, meet, f"{imagined}-link-{number}")
    linked = find_gaps(copy, parameters)
    return Closed(
        product=product,
        zone=zone,
        present=_difference(present, alone, imagined),
        supplying=_difference(present, linked, imagined),
        meets=meets,
        brings=tuple(
            Brings(need.product, need.criticality, tuple(sorted(world.suppliers.get(need.product, ()))))
            for need in sorted(
                world.needs[imagined].values(), key=lambda need: (-need.criticality, need.product)
            )
        ),
        makers=tuple(sorted(world.suppliers.get(product, frozenset()) - {imagined})),
    )


def _check_place(network: Network, product: str, zone: str) -> None:
    for parameter, thing, kind in (("product", product, "product"), ("zone", zone, "zone")):
        if thing not in network:
            raise NotPossible(parameter, thing, "unknown")
        if network.nodes[thing]["kind"] != kind:
            raise NotPossible(parameter, thing, f"no_{kind}")
    node = network.nodes[zone]
    if (node.get("locality_stated") or node.get("locality")) not in network.graph["corridor"]:
        raise NotPossible("zone", zone, "outside")


def _add_maker(network: Network, product: str, zone: str) -> tuple[str, Network]:
    """A copy of the network with the imagined plant in it, and its name there."""
    copy = network.copy()
    name = next(name for number in count() if (name := f"{IMAGINED}-{number}") not in copy)
    place: dict[str, Any] = copy.nodes[zone]
    copy.add_node(
        name,
        kind="facility",
        subkind=None,
        label=NAMES,
        sources=(),
        operator=None,
        group=name,
        zone=zone,
        locality=place.get("locality"),
        locality_stated=place.get("locality_stated") or place.get("locality"),
        home=place.get("home"),
        inside=True,
        status="operating",
        role="supplier",
        active=True,
        employees=None,
        capital=None,
        employees_sources=(),
        capital_sources=(),
        lat=place.get("lat"),
        lon=place.get("lon"),
        precision=place.get("precision"),
    )
    copy.add_edge(name, product, key="makes", relation="makes", own_use=False, sources=())
    return name, copy


def _add_link(copy: Network, imagined: str, meet: Meets, key: str) -> None:
    copy.add_edge(
        imagined,
        meet.facility,
        key=key,
        relation="supplies",
        product=meet.product,
        status="current",
        sources=(),
        supplier_side="local",
        buyer_side="local",
    )


def _meets(world: World, imagined: str, product: str) -> Iterator[Meets]:
    """Who needs the product, or something broader that it covers; the strongest need of each."""
    for buyer, needs in world.needs.items():
        covered = [needs[wide] for wide in world.upward(product) if wide in needs]
        if covered and buyer != imagined:
            need = max(covered, key=lambda need: need.criticality)
            filled = any(world.sources[buyer].get(need.product) for need in covered)
            yield Meets(buyer, product, need.criticality, filled)


def _difference(before: Iterable[Finding], after: Iterable[Finding], imagined: str) -> Difference:
    old = {finding.id: finding for finding in before}
    new = {finding.id: finding for finding in after if finding.subject != imagined}
    return Difference(
        closed=tuple(Shift(finding, None) for name, finding in old.items() if name not in new),
        changed=tuple(
            Shift(old[name], finding)
            for name, finding in new.items()
            if name in old and _values(old[name], imagined) != _values(finding, imagined)
        ),
        new=tuple(Shift(None, finding) for name, finding in new.items() if name not in old),
    )


def _values(finding: Finding, imagined: str) -> list[Any]:
    """What is compared; numbers as they are shown, the imagined plant not among the objects."""
    objects = tuple(thing for thing in finding.objects if thing != imagined)
    values = (getattr(finding, name) for name in COMPARED if name != "objects")
    return [objects, *(round(value, 4) if isinstance(value, float) else value for value in values)]
