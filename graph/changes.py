"""What changed between two runs of the gap analysis: new, closed and changed findings, and why.

A run is known by its findings alone: each carries the day, the parameters, the generation of the data and
the code it was found with. So two lists printed by `python -m graph gaps --format json` can be compared, or
the present list with the one kept at the last release (`released/findings.csv` in the data folder).
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from graph.model import Finding

RELEASED = Path("released") / "findings.csv"
"""The list kept at the last release, in the data folder. A folder without one has nothing to compare with."""
KINDS = ("new", "closed", "changed")
CAUSES = ("date", "data", "parameters", "code")
VERSIONS = {"date": "as_of", "data": "generation", "parameters": "parameters", "code": "code"}
"""The field of a finding by the cause that a difference in it stands for."""
COMPARED = ("severity", "confidence", "label", "grade", "listed", "objects")
"""Fields whose values make a finding another one; those that either list lacks are left out."""
COLUMNS = (
    "id", "detector", "name", "subject", "objects", "severity", "confidence", "label", "grade", "listed",
    "evidence", *VERSIONS.values(),
)  # fmt: skip
CLAIM = ("subject", "relation", "object", "status", "sources", "absence", "searched")
"""What a premise says; its wording and its coverage do not count."""


class BadList(ValueError):
    """A file that holds no list of findings; the message says what is expected."""


class Run(NamedTuple):
    """What a list of findings was made with; an empty text where the list does not say."""

    as_of: str = ""
    generation: str = ""
    parameters: str = ""
    code: str = ""

    @property
    def id(self) -> str:
        """Slug of the run: the same run has the same on every machine."""
        digest = hashlib.sha256(" ".join(self).encode()).hexdigest()[:8]
        return f"gap-run-{self.as_of}-{digest}"


Row = dict[str, Any]
"""A finding by the names of COLUMNS."""


class Change(NamedTuple):
    """One finding that is new, closed or changed; `before` is None if new, `after` if closed."""

    id: str
    kind: str
    causes: tuple[str, ...]
    """Of CAUSES, those that differ between the runs and may explain it."""
    fields: tuple[str, ...]
    """Of COMPARED, those that changed."""
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The finding as it is, or as it was if it is closed."""
        found = self.after or self.before
        assert found is not None
        return found


class Tally(NamedTuple):
    """The findings of one detector in both runs."""

    detector: str
    name: str
    before: int
    after: int
    new: int
    closed: int
    changed: int


@dataclass(frozen=True)
class Changes:
    """Two runs and what differs between them."""

    before: Run
    after: Run
    causes: tuple[str, ...]
    """Of CAUSES, those that differ between the runs."""
    items: tuple[Change, ...]
    tallies: tuple[Tally, ...]

    def of_kind(self, kind: str) -> tuple[Change, ...]:
        """The changes of one of KINDS."""
        return tuple(item for item in self.items if item.kind == kind)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON form."""
        return {
            "before": {"id": self.before.id, **self.before._asdict()},
            "after": {"id": self.after.id, **self.after._asdict()},
            "causes": list(self.causes),
            "detectors": [tally._asdict() for tally in self.tallies],
            **{kind: [_as_dict(item) for item in self.of_kind(kind)] for kind in KINDS},
        }


def _as_dict(item: Change) -> dict[str, Any]:
    kept = {name: item.row[name] for name in ("id", "detector", "name", "subject", "objects")}
    values = {
        name: {"before": item.before and item.before[name], "after": item.after and item.after[name]}
        for name in item.fields
    }
    return {**kept, "causes": list(item.causes), "values": values}


def compare(before: Sequence[Row], after: Sequence[Row]) -> Changes:
    """What differs between two lists of findings. Raises BadList if one holds findings of two runs."""
    old, new = {row["id"]: row for row in before}, {row["id"]: row for row in after}
    runs = run_of(before), run_of(after)
    causes = tuple(
        cause for cause in CAUSES if getattr(runs[0], VERSIONS[cause]) != getattr(runs[1], VERSIONS[cause])
    )
    items = []
    for name in sorted(old.keys() | new.keys(), key=_by_detector):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            items.append(Change(name, "new" if was is None else "closed", causes, (), was, now))
        elif differing := tuple(field for field in COMPARED if _differs(was, now, field)):
            items.append(Change(name, "changed", _explaining(causes, was, now), differing, was, now))
    return Changes(*runs, causes, tuple(items), tuple(_tallies(old, new, items)))


def _differs(was: Row, now: Row, field: str) -> bool:
    return was.get(field) is not None and now.get(field) is not None and was[field] != now[field]


def _explaining(causes: tuple[str, ...], was: Row, now: Row) -> tuple[str, ...]:
    """Other evidence is no matter of parameters; with the same evidence the data explain least."""
    ruled_out = "data" if was["evidence"] == now["evidence"] else "parameters"
    return tuple(cause for cause in causes if cause != ruled_out) or causes


def _by_detector(name: str) -> tuple[int, str]:
    number = name.partition("-")[0][1:]
    return int(number) if number.isdecimal() else 0, name


def _tallies(old: dict[str, Row], new: dict[str, Row], items: Iterable[Change]) -> Iterable[Tally]:
    names = {row["detector"]: row["name"] for row in (*old.values(), *new.values())}
    counts = [Counter(row["detector"] for row in rows.values()) for rows in (old, new)]
    changed = Counter((item.row["detector"], item.kind) for item in items)
    for detector in sorted(names, key=lambda name: (len(name), name)):
        by_kind = [changed[detector, kind] for kind in KINDS]
        yield Tally(detector, names[detector], counts[0][detector], counts[1][detector], *by_kind)


def run_of(rows: Sequence[Row]) -> Run:
    """The run behind a list of findings; all fields empty for an empty list. Raises BadList if it is two."""
    runs = {Run(*(str(row.get(field) or "") for field in Run._fields)) for row in rows}
    if len(runs) > 1:
        raise BadList("the list holds findings of more than one run")
    return runs.pop() if runs else Run()


def rows_of(findings: Iterable[Finding]) -> list[Row]:
    """Findings by the names of COLUMNS. Every account is written for it."""
    rows = []
    for finding in findings:
        row: Row = {name: getattr(finding, name) for name in COLUMNS}
        row.update(severity=round(finding.severity, 4), confidence=round(finding.confidence, 4))
        said = ([getattr(premise, name) for name in CLAIM] for premise in finding.evidence)
        rows.append({**row, "objects": list(finding.objects), "evidence": _digest(said)})
    return rows


def _printed_row(found: Mapping[str, Any]) -> Row:
    row: Row = {name: found.get(name) for name in COLUMNS}
    said = ([premise.get(name) for name in CLAIM] for premise in found.get("evidence", ()))
    return {**row, "objects": list(found["objects"]), "evidence": _digest(said)}


def _digest(claims: Iterable[list[Any]]) -> str:
    """What the premises say, in 8 hexadecimal digits; their order does not matter."""
    said = sorted(map(json.dumps, claims))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:8]


def read(path: Path) -> list[Row]:
    """A list of findings: JSON as `gaps --format json` prints it, or a kept CSV. Raises BadList, OSError."""
    if path.suffix == ".csv":
        return _read_kept(path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found = found["findings"] if isinstance(found, dict) else found
        return [_printed_row(item) for item in found]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadList(f"{path}: not a list of findings as `gaps --format json` prints it") from error


def _read_kept(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise BadList(f"{path}: these columns are missing: {', '.join(sorted(missing))}")
        rows: list[Row] = list(reader)
    for row in rows:
        try:
            row.update(severity=float(row["severity"]), confidence=float(row["confidence"]))
        except ValueError as error:
            raise BadList(f"{path}: {row['id']}: severity and confidence are numbers") from error
        row.update(
            objects=row["objects"].split("|") if row["objects"] else [], listed=row["listed"] == "true"
        )
        row["grade"] = row["grade"] or None
    return rows


def keep(rows: Iterable[Row], path: Path) -> None:
    """Write a list of findings as a kept CSV, by id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in sorted(rows, key=lambda row: _by_detector(row["id"])):
            plain = {"objects": "|".join(row["objects"]), "listed": str(row["listed"]).lower()}
            writer.writerow({**row, **plain})


def released(data: str | Path) -> list[Row] | None:
    """The findings kept at the last release of a data folder; None if there are none."""
    path = Path(data) / RELEASED
    return read(path) if path.exists() else None
