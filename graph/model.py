"""The typed objects that detectors produce and every view reads.

Nothing here knows RDF, files, NetworkX or HTTP. Ids are slugs: the last part of a thing's IRI.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

Text = dict[str, str]
"""One sentence or name by language tag: always both `vi` and `en`."""

READINGS = ("agreement", "units")
"""How places are grouped: by the localities of the agreement, or by the units valid on the date."""
FIRST_DAY, LAST_DAY = "1900-01-01", "2100-12-31"
"""Days the records can be read for."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
GRADES = ("A", "B", "C")
LABELS = ("likely_absent", "possibly_absent", "unknown", "present")
HIDDEN = frozenset({"account", "figures", "rests_on", "next_door"})
"""Fields of a finding that are working parts, not results."""


def iso_day(text: str) -> str:
    """A day as it is typed, 2025-06-30. Raises ValueError for anything else, or out of range."""
    if not DAY.fullmatch(text) or not FIRST_DAY <= text <= LAST_DAY:
        raise ValueError(f"{text[:40]!r} is no date; type it as 2025-06-30, from {FIRST_DAY} to {LAST_DAY}")
    return datetime.date.fromisoformat(text).isoformat()


def home(attributes: Mapping[str, Any]) -> str | None:
    """The locality a thing is grouped under in the reading of its network, else the one recorded."""
    return attributes.get("home") or attributes.get("locality_stated")


@dataclass(frozen=True)
class Premise:
    """One line of evidence behind a finding.

    A positive premise repeats a recorded statement and names its sources; an absence premise says
    what was searched, how much of it is thought to be recorded, and how that was estimated.
    """

    text: Text
    subject: str
    relation: str
    object: str | None = None
    status: str | None = None
    sources: tuple[str, ...] = ()
    """Source slugs. Empty on a positive premise means our own judgement (`curated`)."""
    absence: bool = False
    searched: int | None = None
    """How many records of this relation were searched (absence premises)."""
    coverage: float | None = None
    """Estimated share of the true facts that are recorded, 0..1 (absence premises)."""
    method: str | None = None
    """How the coverage was estimated: the key of the estimator in the parameter file."""


@dataclass(frozen=True)
class Remedy:
    """Something a reader can do about a finding, best first."""

    kind: str
    """match, upgrade, attract, collect_data ..."""
    text: Text
    facility: str | None = None
    zone: str | None = None
    score: float | None = None
    parts: dict[str, float | None] = field(default_factory=dict)
    """The numbers behind the score: proximity 0..1, distance_km, capacity 0..1."""


@dataclass(frozen=True)
class Account:
    """What a finding tells: the sentence, the evidence, the ways out, the datum that would flip it."""

    message: Text
    evidence: tuple[Premise, ...]
    remedies: tuple[Remedy, ...]
    flip: Text
    """What would change this: the one datum that would flip the label."""


@dataclass(frozen=True)
class Rest:
    """An absence behind a finding: what was searched of which thing, and how much of it is recorded."""

    subject: str
    relation: str
    coverage: float


@dataclass(frozen=True)
class Finding:
    """A linkage gap: what is not recorded, how bad it would be, and how sure we are.

    A large world has more findings than anyone reads, so each writes its account when it is first asked for.
    """

    id: str
    detector: str
    name: str
    subject: str
    objects: tuple[str, ...]
    severity: float
    confidence: float
    label: str
    listed: bool
    plants: int
    """How many plants the finding touches; second ranking figure after severity x confidence."""
    size: float
    """Summed size of those plants; third ranking figure."""
    places: dict[str, int]
    """Plants touched per locality slug, in the boundaries of the agreement."""
    criticality: float
    """Strongest criticality among the needs behind the finding: 1 core, 0.5 common."""
    basis: str
    """`source` if at least one requirement behind it is stated by a source, else `curated`."""
    figures: Callable[[], dict[str, float]] = field(repr=False, compare=False)
    """Writes the formula."""
    account: Callable[[], Account] = field(repr=False, compare=False)
    """Writes the account."""
    rests_on: tuple[Rest, ...] = ()
    """The absences behind it whose coverage entered its confidence."""
    group: str = ""
    """Class within the detector: substitution or unknown_sourcing (D3), isolated or weak (D4), none or weak
    (D5), no_local_maker or local_maker_exists (D7), cascade or cut_point (D8), area or product (D10)."""
    flags: tuple[str, ...] = ()
    """Marks that hold for the finding: cross_province and was_cross_province (D3), stable (D8)."""
    as_of: str = ""
    """Date at which the statements were taken as valid."""
    parameters: str = ""
    """Version of the parameter file behind the numbers."""
    generation: str = field(default="", compare=False)
    """Version of the data: the generation of the corridor it was found in."""
    code: str = field(default="", compare=False)
    """Version of the code that found it."""
    grade: str = "C"
    """How good the evidence is: A an independent expert statement agrees, B it rests on a requirement stated
    by a source, C on our own judgement of what is required."""
    next_door: Callable[[], tuple[str, ...]] = field(default=tuple, repr=False, compare=False)
    """Looks up the neighbours."""

    @cached_property
    def _told(self) -> Account:
        return self.account()

    @cached_property
    def formula(self) -> dict[str, float]:
        """The numbers that entered severity and confidence, by name."""
        return self.figures()

    @cached_property
    def neighbours(self) -> tuple[str, ...]:
        """Plants recorded in the provinces next door that make what is missing, nearest first."""
        return self.next_door()

    @property
    def message(self) -> Text:
        """The finding in one sentence."""
        return self._told.message

    @property
    def evidence(self) -> tuple[Premise, ...]:
        """What it rests on, line by line."""
        return self._told.evidence

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What can be done, best first."""
        return self._told.remedies

    @property
    def flip(self) -> Text:
        """What would change this: the one datum that would flip the label."""
        return self._told.flip

    @property
    def priority(self) -> float:
        """Ranking figure only; severity and confidence are never merged on screen."""
        return self.severity * self.confidence

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON form, numbers rounded to 4 decimals."""
        known = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in HIDDEN}
        told = {**asdict(self._told), "neighbours": self.neighbours, "formula": self.formula}
        return _rounded({**known, **told})


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value
