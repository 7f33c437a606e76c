"""What each tool answers: the types from which the protocol makes the schemas of its output."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict  # before Python 3.12 pydantic reads no other

NOT_ABSENT = (
    "Not recorded is not absent: the records are incomplete, few supply links are published. "
    "Say 'not recorded', never 'does not exist'."
)


class Label(TypedDict):
    """A name or sentence in both languages."""

    vi: str
    en: str


class Thing(TypedDict):
    """A thing by its id, with the ids of the park and the locality it stands in, where recorded."""

    id: str
    label: Label
    kind: str
    zone: NotRequired[str]
    locality: NotRequired[str]


class Source(TypedDict):
    """A document behind a statement. Grade A is official, B a known publisher, C anything weaker."""

    id: str
    title: str
    publisher: str
    date: str
    address: str
    grade: str


class Answer(TypedDict):
    """What every answer has. `rest` says how to get what was cut off, empty if nothing was."""

    truncated: bool
    rest: str
    sources: list[Source]


class Found(Answer):
    """Things by name; `total` counts all that match. `near` have some of the words, where no name has all."""

    total: int
    things: list[Thing]
    near: list[Thing]


class Value(TypedDict):
    """One value of a fact; `id` if it is a thing. Without sources it is computed or our own judgement."""

    text: Label
    id: str | None
    computed: bool
    curated: bool
    source_ids: list[str]


class Fact(TypedDict):
    """A property with its values."""

    property: str
    label: Label
    values: list[Value]


class Relation(TypedDict):
    """How many neighbours a thing has by one relation; `expand` lists them."""

    relation: str
    direction: str
    label: Label
    count: int


class Description(Answer):
    """A thing with its facts, the number of its neighbours by relation, and the gaps it is part of."""

    thing: Thing
    summary: Label
    facts: list[Fact]
    relations: list[Relation]
    gaps: list[Thing]


class Line(TypedDict):
    """A statement between two things: stated, derived by a rule, or missing (needed, not recorded)."""

    id: str
    kind: str
    sentence: Label
    source_ids: list[str]


class Neighbour(Thing):
    """A neighbour with the lines that lead to it."""

    lines: list[Line]


class Neighbours(Answer):
    """A page of the neighbours of a thing by one relation; `total` counts all."""

    total: int
    neighbours: list[Neighbour]


class Path(TypedDict):
    """A way from one thing to another. `uncertain` if a step is only a need with no recorded supply."""

    things: list[Thing]
    steps: list[list[Line]]
    uncertain: bool


class Paths(Answer):
    """Paths, shortest first; `note` says what an empty list means."""

    paths: list[Path]
    note: str


class Rows(Answer):
    """The result of a query: rows by variable, the truth value of an ASK, or Turtle of a CONSTRUCT."""

    variables: list[str]
    rows: list[dict[str, Any]]
    boolean: bool | None
    turtle: str
    things: list[Thing]


class Evidence(TypedDict):
    """A line of evidence. An absence says what was searched and which share is thought to be recorded."""

    text: Label
    absence: bool
    searched: int | None
    coverage: float | None
    source_ids: list[str]


class Gap(TypedDict):
    """A linkage gap. Severity: how bad if real. Confidence: how likely it is real. Never multiply them."""

    id: str
    detector: str
    message: Label
    things: list[Thing]
    severity: float
    confidence: float
    label: str
    cannot_be_ruled_out: str
    would_change_it: Label
    evidence_total: int
    evidence: list[Evidence]


class Gaps(Answer):
    """Gaps, best evidence of need first; `total` counts all that match."""

    total: int
    gaps: list[Gap]
    note: str


class Term(TypedDict):
    """A class, a property or a list of codes of the vocabulary, with its number of uses.

    `properties` of a class are those that its things have in the data, most used first.
    """

    name: str
    iri: str
    label: Label
    definition: str
    domain: list[str]
    range: list[str]
    properties: list[str]
    uses: int


class Schema(Answer):
    """Terms of the vocabulary and what a query may use; `questions` are the titles of all shipped queries."""

    total: int
    terms: list[Term]
    prefixes: dict[str, str]
    detectors: dict[str, str]
    examples: list[str]
    questions: list[str]
