"""The things of a result as a graph drawn like the explorer's, and on the map."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from graph.explore.atlas import NAME, Map, Mark, Province, map_view
from graph.explore.chosen import MOST
from graph.explore.extent import reach
from graph.explore.flow import flow, most_connected
from graph.explore.svg import still
from graph.explore.things import Things
from graph.explore.view import Edge
from graph.geo import ZOOMS, Frame, Ground, Label, Named, Point, Rect, moved, square, text_rect
from graph.namespaces import ID
from web import support
from web.filters import explorer
from web.maps import mark_title, outlines
from web.result_points import Spot, labelled, spots
from web.result_table import Cell, Table
from web.support import Site

DRAWN, SCALE = 80, 1.05
"""Most things of a drawing, and the least size it is shown in, at which every name has 11 px."""
WIDE = 968.0
"""Width that the page has for a picture on a desktop, px."""
LINES = (17.0, -15.0)
"""From the name of a province to the line under or over it, px."""
LEAST, MARGIN = 0.6, 0.12
"""Parts of the whole map: the least that is shown, and what stays free on each side of the marks."""
FAR = 1e5
"""Further than any map reaches, px."""
SUPPLIES = "supplies"
"""The relation that is drawn with an arrow."""


class NoPicture(ValueError):
    """The result has nothing to draw; the text says what is missing."""


@dataclass(frozen=True)
class Graph:
    """The drawing with its lines; `drawn` of `total` things are in it, picked among the first `looked_at`.

    `triples` tells whether the lines are those of the result alone; `href` opens the things in the explorer.
    """

    svg: Markup
    drawn: int
    total: int
    looked_at: int
    lines: int
    loops: int
    """Lines of the result from a thing to itself, which are not drawn."""
    styles: frozenset[str]
    triples: bool
    href: str
    wide: bool
    """Whether the drawing is wider than a desktop page shows at once."""

    @property
    def opens_all(self) -> bool:
        """Whether the explorer shows things that are not drawn, and leaves none out."""
        return self.drawn < self.total <= MOST


def vague(province: Province) -> str:
    """What stands under the name of a province that holds things of unknown place."""
    loose = len(province.ids) - 1
    return (
        f"{gettext('place unknown:')} {ngettext('%(num)s thing', '%(num)s things', loose)}" if loose else ""
    )


@dataclass(frozen=True)
class Places:
    """The map of a result; `drawn` of `total` things are on it or counted in a park that is.

    `spots` are rows with a position of their own; `off` such rows lie outside the map.
    """

    map: Map
    drawn: int
    total: int
    spots: list[Spot]
    off: int
    title = staticmethod(mark_title)
    vague = staticmethod(vague)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """The part of the map around what is drawn, in the shape of the whole: left, top, width, height."""
        drawn = [(mark.x + mark.dx, mark.y + mark.dy) for mark in self.map.marks]
        drawn += [(name.x, name.y) for name in self.map.provinces if name.ids[1:]]
        drawn += [(spot.x, spot.y) for spot in self.spots]
        xs, ys = zip(*drawn, strict=True)
        width, height = self.map.width, self.map.height
        share = max((max(xs) - min(xs)) / width, (max(ys) - min(ys)) / height)
        part = min(1, max(LEAST, share + 2 * MARGIN))
        left = min(max(0, (min(xs) + max(xs) - part * width) / 2), (1 - part) * width)
        top = min(max(0, (min(ys) + max(ys) - part * height) / 2), (1 - part) * height)
        return left, top, part * width, part * height

    @property
    def unseen(self) -> Iterator[tuple[Point, Rect]]:
        """What lies beside the box on each side, relative to a corner of it: no name may stand there."""
        left, top, width, height = self.box
        yield (left, top), (-FAR, -FAR, 0, FAR)
        yield (left, top), (-FAR, -FAR, FAR, 0)
        yield (left + width, top + height), (0, -FAR, FAR, FAR)
        yield (left + width, top + height), (-FAR, 0, FAR, FAR)

    @property
    def zoom(self) -> float:
        """Screen px for each px of the map; marks and words are drawn as much smaller and keep their size."""
        return max(ZOOMS[0], WIDE / self.box[2])

    @property
    def centre(self) -> float:
        """Where half of the marks are on either side, as a part of the width."""
        at = [mark.x + mark.dx for mark in self.map.marks] + [spot.x for spot in self.spots]
        return (median(at) - self.box[0]) / self.box[2] if at else 0.5

    @cached_property
    def labels(self) -> list[Label | None]:
        """Where the name of each mark stands at this zoom, where there is room for it."""
        ground = Ground(self.map.frame, self.zoom)
        for corner, rect in self.unseen:
            ground.take(corner, rect)
        for province in self.provinces:
            ground.take((province.x, province.y), *self.rects(province))
        for mark in self.map.marks:
            ground.take((mark.x, mark.y), moved(square(mark.r), (mark.dx, mark.dy)))
        found: list[Label | None] = []
        for mark in self.map.marks:
            named = Named((mark.x, mark.y), mark.r, mark.name)
            usual = mark.label if ground.free(named.point, text_rect(named, mark.label)) else None
            label = (usual or ground.label(named, (mark.dx, mark.dy), 0)) if mark.name else None
            if label:
                ground.take(named.point, text_rect(named, label))
            found.append(label)
        return found

    @cached_property
    def _marked(self) -> Ground:
        ground = Ground(self.map.frame, self.zoom)
        for mark in self.map.marks:
            ground.take((mark.x, mark.y), moved(square(mark.r), (mark.dx, mark.dy)))
        return ground

    def line(self, province: Province) -> float:
        """How far under its name the line of a province stands, px; over it where marks would cover it."""
        at = (province.x, province.y)
        return next((y for y in LINES if self._marked.free(at, _line_rect(province, y))), LINES[0])

    def rects(self, province: Province) -> Iterator[Rect]:
        """What the words of a province cover, relative to its point, px of the screen."""
        yield _name_rect(province)
        if vague(province):
            yield _line_rect(province, self.line(province))

    @property
    def unnamed(self) -> int:
        """Marks and points that have no room for their names."""
        return self.labels.count(None) + sum(bool(spot.name) and not spot.label for spot in self.spots)

    @property
    def provinces(self) -> list[Province]:
        """The provinces whose whole name is in the part that is shown, and those that hold things."""
        left, _, width, _ = self.box

        def whole(province: Province) -> bool:
            west, _, east, _ = (province.x + side / self.zoom for side in _name_rect(province))
            return left <= west and east <= left + width

        return [each for each in self.map.provinces if each.ids[1:] or whole(each)]


def known(table: Table) -> list[str]:
    """Ids of the things of a result that the explorer draws."""
    nodes = support.site().network.nodes
    slugs = (iri.removeprefix(ID) for iri in table.things() if iri.startswith(ID))
    return [slug for slug in slugs if slug in nodes]


def graph(table: Table, things: Sequence[str], triples: bool) -> Graph:
    """The drawing of a result. With `triples` its rows are subject, property, value and make the lines."""
    lang = support.lang()
    lines = _lines(table, set(things)) if triples else []
    asked = most_connected(things, [(line.from_id, line.to_id) for line in lines], MOST)
    view = explorer().chosen(asked, lang)
    view = flow(replace(view, edges=tuple(lines)) if triples else view, lang, DRAWN)
    boxes = [reach(node) for node in view.nodes]
    return Graph(
        svg=Markup(still(view, SCALE)),
        drawn=len(view.nodes),
        total=len(things),
        looked_at=len(things if triples else asked),
        lines=len(view.edges),
        loops=sum(line.from_id == line.to_id for line in lines),
        styles=frozenset(edge.style for edge in view.edges),
        triples=triples,
        href=url_for("explorer.index", things=",".join(asked)),
        wide=SCALE * (max(box.right for box in boxes) - min(box.left for box in boxes)) > WIDE,
    )


def _lines(table: Table, inside: Collection[str]) -> list[Edge]:
    """The rows between drawn things; the lines say what they are where they are of several kinds."""
    found: dict[str, Edge] = {}
    for subject, predicate, value in table.rows:
        start, end = _slug(subject), _slug(value)
        if predicate and start in inside and end in inside:
            term, words = predicate["curie"], predicate["text"]
            name = f"{start}|{term}|{end}"
            relation = SUPPLIES if term == "vx:suppliesTo" else term
            found[name] = Edge(name, start, end, relation, "stated", title=words, label=words)
    several = len({edge.title for edge in found.values()}) > 1
    return [edge if several else replace(edge, label=None) for edge in found.values()]


def _slug(cell: Cell | None) -> str:
    return cell["value"].removeprefix(ID) if cell and cell["value"].startswith(ID) else ""


def map_frame(site: Site) -> Frame:
    """The part of the world that maps show."""
    return map_view(Things(site.network, support.lang()), site.part(outlines), ()).frame


def places(table: Table, things: Sequence[str]) -> Places:
    """The map of a result. Raises NoPicture when nothing of it has a place on the map.

    A park of the result counts all its plants; one that is there for plants of the result counts those.
    """
    network, listed = support.site().network, set(things)
    named = Things(network, support.lang())
    parks = {park for thing in things if (park := network.nodes[thing].get("zone")) in network}
    whole = (named.plants(thing) for thing in listed - parks if network.nodes[thing]["kind"] == "zone")
    drawn = map_view(named, support.site().part(outlines), listed.union(parks, *whole))
    on_it = {name for mark in drawn.marks for name in mark.ids}
    on_it |= {name for province in drawn.provinces for name in province.ids[1:]}
    found, off = spots(table, drawn.frame, lambda cell: _slug(cell) in on_it)
    if not found and not on_it & listed:
        raise NoPicture(
            gettext("its positions lie off the map")
            if off
            else gettext("none of its things has a place on the map")
        )
    marks = tuple(_single(mark, named) for mark in drawn.marks)
    bare = Places(replace(drawn, marks=marks), len(on_it & listed), len(things), found, off)
    return replace(bare, spots=labelled(found, drawn.frame, bare.zoom, _taken(bare)))


def _single(mark: Mark, things: Things) -> Mark:
    """A park without recorded plants that shares its point with no other has its own name."""
    if mark.id or len(mark.ids) > 1:
        return mark
    return replace(mark, id=mark.ids[0], kind="park", name=things.short(mark.ids[0]))


def _taken(places: Places) -> Iterator[tuple[Point, Rect]]:
    """What the marks and names of a map cover and what is not shown of it, relative to a point each."""
    yield from places.unseen
    for mark, label in zip(places.map.marks, places.labels, strict=True):
        yield (mark.x, mark.y), moved(square(mark.r), (mark.dx, mark.dy))
        if label:
            yield (mark.x, mark.y), text_rect(Named((mark.x, mark.y), mark.r, mark.name), label)
    for province in places.provinces:
        for rect in places.rects(province):
            yield (province.x, province.y), rect


def _line_rect(province: Province, y: float) -> Rect:
    named = Named((province.x, province.y), 0.0, vague(province))
    return text_rect(named, Label(province.dx, province.dy + y, "middle", 0))


def _name_rect(province: Province) -> Rect:
    """What the name of a province covers, relative to its point, px of the screen."""
    named = Named((province.x, province.y), 0.0, province.name, NAME)
    return text_rect(named, Label(province.dx, province.dy, "middle", 0))
