"""Who is near: facilities by their place, found without looking at all of them.

Facilities are known by park or by the centre of a locality only, so many share one site. Sites are kept in
order of latitude; a search walks outward from its own latitude and stops where the latitude alone is
farther than the farthest hit. With n sites spread over an area and k wanted, that visits about sqrt(k n) of
them.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from heapq import heappush, heapreplace
from typing import Any, NamedTuple

EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = math.radians(1.0) * EARTH_RADIUS_KM


class Site(NamedTuple):
    """Where a facility is known to stand: its zone and a point, either of which may be unknown."""

    zone: str | None
    lat: float | None
    lon: float | None


def site_of(node: dict[str, Any]) -> Site:
    """The site in the attributes of a node."""
    return Site(node.get("zone"), node.get("lat"), node.get("lon"))


def kilometres_between(one: Site, other: Site) -> float | None:
    """Great-circle distance; 0 within one zone, None if unknown."""
    if one.zone is not None and one.zone == other.zone:
        return 0.0
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


class Near(NamedTuple):
    """A facility and its distance, None if unknown."""

    facility: str
    km: float | None


class Nearest:
    """Some facilities by site."""

    def __init__(
        self, facilities: Iterable[str], site: Callable[[str], Site], group: Callable[[str], str]
    ) -> None:
        self.group = group
        at: dict[Site, list[str]] = defaultdict(list)
        for facility in sorted(facilities):
            at[site(facility)].append(facility)
        self._at = dict(at)
        self._zones: dict[str, list[Site]] = defaultdict(list)
        for place in at:
            if place.zone is not None:
                self._zones[place.zone].append(place)
        points = [(place, place.lat, place.lon) for place in at if place.lat is not None]
        self._placed = [
            (place, math.radians(lat), math.radians(lon), math.cos(math.radians(lat)))
            for place, lat, lon in sorted(points, key=lambda point: (point[1], point[2], point[0].zone or ""))
            if lat is not None and lon is not None
        ]
        self._latitudes = [place.lat or 0.0 for place, *_ in self._placed]
        self._everyone = sorted(facility for found in at.values() for facility in found)
        self._unplaced = sorted(f for place, found in at.items() if place.lat is None for f in found)

    def known(self, site: Site, limit: int, not_of: str | None = None) -> list[Near]:
        """The facilities nearest to a site, those at an unknown distance left out; ties in order of name.

        `not_of` leaves out one group.
        """
        best: list[tuple[float, _Reversed, str]] = []

        def offer(km: float, facilities: Iterable[str]) -> None:
            for facility in facilities:
                if not_of is not None and self.group(facility) == not_of:
                    continue
                entry = (-km, _Reversed(facility), facility)
                if len(best) < limit:
                    heappush(best, entry)
                elif entry > best[0]:
                    heapreplace(best, entry)
                else:
                    return

        for place in self._zones.get(site.zone, ()) if site.zone is not None else ():
            offer(0.0, self._at[place])
        if site.lat is not None and site.lon is not None:
            for place in self._outward(site.lat, lambda: -best[0][0] if len(best) == limit else math.inf):
                if site.zone is None or place.zone != site.zone:
                    offer(kilometres_between(site, place) or 0.0, self._at[place])
        return [Near(facility, -km) for km, _, facility in sorted(best, reverse=True)]

    def closest(self, site: Site, not_of: str | None = None) -> Near | None:
        """The facility at the least known distance from a site: `known` with limit 1, without its detours."""
        if site.zone is not None:
            here = [f for place in self._zones.get(site.zone, ()) for f in self._of(place, not_of)[:1]]
            if here:
                return Near(min(here), 0.0)
        if site.lat is None or site.lon is None:
            return None
        lat, lon = math.radians(site.lat), math.radians(site.lon)
        cos, best, name, where = math.cos(lat), math.inf, "", site
        middle = bisect_left(self._latitudes, site.lat)
        for way in (range(middle, len(self._placed)), range(middle - 1, -1, -1)):
            for at in way:
                place, lat2, lon2, cos2 = self._placed[at]
                across = math.sin((lat2 - lat) / 2) ** 2
                if across > best:
                    break
                half = across + cos * cos2 * math.sin((lon2 - lon) / 2) ** 2
                if half <= best and (here := self._of(place, not_of)) and (half < best or here[0] < name):
                    best, name, where = half, here[0], place
        return Near(name, kilometres_between(site, where)) if name else None

    def _of(self, place: Site, not_of: str | None) -> list[str]:
        """Facilities at a site, one group left out."""
        found = self._at[place]
        return found if not_of is None else [f for f in found if self.group(f) != not_of]

    def _outward(self, lat: float, reach_km: Callable[[], float]) -> Iterator[Site]:
        """Sites by distance in latitude, until that alone is beyond reach."""
        above = bisect_left(self._latitudes, lat)
        below = above - 1
        while True:
            up = self._latitudes[above] - lat if above < len(self._placed) else math.inf
            down = lat - self._latitudes[below] if below >= 0 else math.inf
            if min(up, down) * KM_PER_DEGREE > reach_km() + 1e-6 or min(up, down) == math.inf:
                return
            if up <= down:
                yield self._placed[above][0]
                above += 1
            else:
                yield self._placed[below][0]
                below -= 1

    def unknown(self, site: Site, limit: int, not_of: str | None = None) -> list[Near]:
        """The first facilities by name whose distance from a site is unknown."""
        found: list[Near] = []
        pool = self._everyone if site.lat is None else self._unplaced
        same = (
            {f for place in self._zones.get(site.zone, ()) for f in self._at[place]} if site.zone else set()
        )
        for facility in pool:
            if len(found) == limit:
                break
            if facility not in same and (not_of is None or self.group(facility) != not_of):
                found.append(Near(facility, None))
        return found


class _Reversed(str):
    """A name that sorts backwards, so that a heap drops the last of equals first."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)
