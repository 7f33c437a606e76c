"""D9 institutional gap: plants of a unit or board trade with the corridor, but it has no recorded path to
the council.

Definition: coordination graph at the date: membership in the council, a committee and the unit it
represents, a zone authority and its unit, a body and its parent, a unit and its successor once it has
ended. An actor x (unit of the corridor or next to it, or board of a zone) is covered if a path of at most 4
such edges joins it to the council. A finding for an uncovered x with w(x) > 0, the share of the recorded
links of the corridor with an end in its territory. The council is the one whose members represent the
parties of the agreement and nobody else.
Severity: min(1, 2 w). Confidence: best-attested link x conf0 at the coverage of membership lists, which are
short and published.
Complexity: O(V + E), one breadth-first search from the council.
Reference: gap-spec 3; OECD 2023, toolkit on linkages (governance of clusters).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph.gaps.build import build_finding
from graph.gaps.evidence import flip_sentence, link_confidence, link_premise, shown
from graph.gaps.nearest import kilometres_between
from graph.gaps.wording import count, decimal, mid_sentence
from graph.gaps.world import RECORDED, Link, World
from graph.model import Account, Finding, Premise, Remedy, Text

DETECTOR = "D9"
NAME = "institutional gap"
UNITS = ("province", "city", None)
COMMITTEES = ("people-committee", "peoples-committee")
BOARD = "zone-authority"


@dataclass
class _Territory:
    """The recorded links with an end in the territory of an actor, and the corridor plants at their other
    end."""

    links: dict[str, Link] = field(default_factory=dict)
    plants: set[str] = field(default_factory=set)
    partners: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Unit of the plants at the other end -> links."""


def find(world: World, earlier: Sequence[Finding] = ()) -> Iterator[Finding]:
    """One finding per actor without a path to the council."""
    links = tuple(_corridor_links(world))
    council = council_of(world)
    if council is None or not links:
        return
    reached = paths(world, council)
    for actor, territory in sorted(_territories(world, links).items()):
        if actor not in reached and _is_near(world, actor):
            yield _finding(world, council, actor, territory, len(links), reached)


def council_of(world: World) -> str | None:
    """The council with most members among those whose members stand for parties of the agreement only."""
    members: dict[str, set[str]] = defaultdict(set)
    for member, body, _ in world.related("member_of"):
        if world.node(body).get("subkind") == "council":
            members[body].add(member)
    parties: dict[str, int] = {}
    for body, inside in members.items():
        units = [_unit(world, member) for member in inside]
        known = [world.node(unit).get("in_agreement") for unit in units if unit is not None]
        if known and all(known):
            parties[body] = len(known)
    return min(parties, key=lambda body: (-parties[body], body), default=None)


def _unit(world: World, member: str) -> str | None:
    """The unit that a member of a council is or represents."""
    node = world.node(member)
    unit = member if node["kind"] == "locality" else node.get("locality")
    return unit if unit is not None and world.node(unit).get("subkind") in UNITS else None


def paths(world: World, council: str) -> dict[str, int]:
    """Actors within reach of the council, with the number of edges."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for one, other in _coordination(world):
        neighbours[one].add(other)
        neighbours[other].add(one)
    steps, queue = {council: 0}, [council]
    for actor in queue:
        if steps[actor] < world.parameters.institutional.reach:
            for other in sorted(neighbours[actor] - steps.keys()):
                steps[other] = steps[actor] + 1
                queue.append(other)
    return steps


def _coordination(world: World) -> Iterator[tuple[str, str]]:
    as_of = world.network.graph["as_of"]
    for relation in ("member_of", "sub_organization_of", "managed_by"):
        for start, end, _ in world.related(relation):
            yield start, end
    for slug, node in world.network.nodes(data=True):
        if node.get("subkind") in (*COMMITTEES, BOARD) and node.get("locality") is not None:
            yield slug, node["locality"]
        ended = node.get("valid_to")
        if node["kind"] == "locality" and ended and ended <= as_of and node.get("successor"):
            yield slug, node["successor"]


def _corridor_links(world: World) -> Iterator[Link]:
    """Recorded links with an end in the corridor."""
    inside = world.links_in
    for link in world.links:
        here = link.supplier in inside or link.buyer in inside or "local" in (link.side, link.buyer_side)
        if here and link.status in RECORDED:
            yield link


def _territories(world: World, links: Sequence[Link]) -> dict[str, _Territory]:
    boards: dict[str, set[str]] = defaultdict(set)
    for park, board, _ in world.related("managed_by"):
        boards[park].add(board)
    found: dict[str, _Territory] = defaultdict(_Territory)
    for link in links:
        ends = ((link.supplier, link.places[0]), (link.buyer, link.places[1]))
        for (thing, place), (other, other_place) in (ends, ends[::-1]):
            zone = world.node(thing).get("zone")
            for actor in {_place(world, thing, place), *(boards.get(zone, ()) if zone else ())} - {None}:
                territory = found[str(actor)]
                territory.links[link.id] = link
                territory.plants |= {other} & world.links_in.keys()
                if (unit := _place(world, other, other_place)) is not None:
                    territory.partners[unit] += 1
    return found


def _place(world: World, thing: str, place: str | None) -> str | None:
    """The unit where an end of a link lies: of a plant its own, else the one the source names."""
    node = world.node(thing)
    unit = node.get("locality_stated") if node["kind"] == "facility" else place
    if unit is None or unit not in world.network or world.node(unit).get("subkind") not in UNITS:
        return None
    return unit


def _is_near(world: World, actor: str) -> bool:
    """Whether an actor lies in the corridor or next to it; an unknown distance counts as near."""
    site, parties = world.site(actor), world.network.graph["corridor"]
    known = [kilometres_between(site, world.site(party)) for party in parties]
    far = world.parameters.institutional.neighbour_km
    return actor in parties or any(km is None or km <= far for km in known)


def _finding(
    world: World, council: str, actor: str, territory: _Territory, links: int, reached: dict[str, int]
) -> Finding:
    share, coverage = len(territory.links) / links, world.parameters.coverage("member_of", actor).value
    premise = max(link_confidence(world, link) for link in territory.links.values())
    return build_finding(
        world,
        DETECTOR,
        NAME,
        actor,
        (),
        touched=tuple(sorted(territory.plants)),
        severity=min(1.0, world.parameters.institutional.link_weight * share),
        coverage=coverage,
        premise=premise,
        account=lambda: _account(world, council, actor, territory, links, reached, coverage, premise),
        formula={
            "link_share": share,
            "links_touching": float(len(territory.links)),
            "corridor_links": float(links),
        },
        criticality=0.5,
        basis="source",
    )


def _account(
    world: World,
    council: str,
    actor: str,
    territory: _Territory,
    links: int,
    reached: dict[str, int],
    coverage: float,
    premise: float,
) -> Account:
    name, body, number = _in_text(world, actor), world.name(council), len(territory.links)
    flip: Text = {
        "vi": f"Một nguồn cho thấy {name['vi']} là thành viên, quan sát viên hoặc có cơ quan cấp trên "
        f"trong {body['vi']} "
        "sẽ xóa phát hiện này.",
        "en": f"A source showing that {name['en']} is a member or observer of {body['en']}, or has a "
        f"parent body "
        "there, removes this finding.",
    }
    message: Text = {
        "vi": f"Chưa ghi nhận kênh nào nối {name['vi']} với {body['vi']}; {number} trong {links} liên kết "
        f"cung ứng đã "
        "ghi nhận của hành lang có một đầu tại đây.",
        "en": f"No path from {name['en']} to {body['en']} is recorded; {number} of the {links} recorded "
        f"supply links of "
        f"the corridor {'has' if number == 1 else 'have'} an end there.",
    }
    return Account(
        message=message,
        evidence=tuple(_evidence(world, council, actor, territory, coverage)),
        remedies=(_invite(world, council, actor, territory, reached),),
        flip=flip_sentence(world, flip, coverage, premise),
    )


def _in_text(world: World, actor: str) -> Text:
    """A unit inside a sentence: tỉnh Bắc Ninh, Bắc Ninh Province."""
    name = world.name(actor)
    return {
        "vi": mid_sentence(name["vi"]) if world.node(actor)["kind"] == "locality" else name["vi"],
        "en": name["en"],
    }


def _evidence(
    world: World, council: str, actor: str, territory: _Territory, coverage: float
) -> Iterator[Premise]:
    for link in shown(list(territory.links.values())):
        yield link_premise(world, link)
    members = sorted(
        {
            member
            for member, body, data in world.network.in_edges(council, data=True)
            if data["relation"] == "member_of"
        }
    )
    name, body, share = _in_text(world, actor), world.name(council), decimal(coverage)
    text = {
        "vi": f"Đã xem {len(members)} thành viên ghi nhận của {body['vi']} và các cơ quan nối với họ: chưa "
        f"ghi nhận "
        f"{name['vi']} (độ phủ ước tính {share['vi']})",
        "en": f"Searched {count(len(members), 'recorded member')} of {body['en']} and the bodies joined to "
        f"them: "
        f"{name['en']} is not recorded (estimated coverage {share['en']})",
    }
    yield Premise(
        text,
        actor,
        "member_of",
        council,
        absence=True,
        searched=len(members),
        coverage=coverage,
        method="default",
    )


def _invite(world: World, council: str, actor: str, territory: _Territory, reached: dict[str, int]) -> Remedy:
    """Observer status, proposed by the member unit with most links."""
    name, body = _in_text(world, actor), world.name(council)
    sponsors = {unit: links for unit, links in territory.partners.items() if unit in reached}
    text = {
        "vi": f"Mời {name['vi']} làm quan sát viên của {body['vi']} hoặc ký bản ghi nhớ song phương",
        "en": f"Invite {name['en']} as an observer of {body['en']}, or sign a bilateral note",
    }
    if sponsors:
        best = _in_text(world, min(sponsors, key=lambda unit: (-sponsors[unit], unit)))
        text["vi"] += f"; bên phù hợp để đề xuất: {best['vi']}"
        text["en"] += f"; best placed to propose it: {best['en']}"
    return Remedy("coordinate", text, parts={"links": float(len(territory.links))})
