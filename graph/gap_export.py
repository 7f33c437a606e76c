"""Findings as rows of a spreadsheet: all that the page of a gap shows, with a meaning per column."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from graph.gap_candidates import Option, Options, options
from graph.gap_table import Entry
from graph.gaps.world import World
from graph.model import Text
from graph.spreadsheet import Column, Sheet

Name = Callable[[str], str]
"""Slug -> name in the language of the reader."""


class Field(NamedTuple):
    """A column: its name in files, its kind (see `graph.spreadsheet.Column`), width, title and meaning."""

    name: str
    kind: str
    width: float
    title: Text
    about: Text


def _read_fields(path: Path) -> tuple[Field, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Field(
                row["name"],
                row["kind"],
                float(row["width"]),
                {"vi": row["title_vi"], "en": row["title_en"]},
                {"vi": row["about_vi"], "en": row["about_en"]},
            )
            for row in csv.DictReader(file)
        )


FIELDS = _read_fields(Path(__file__).with_name("gap_columns.csv"))
COLUMNS = tuple(field.name for field in FIELDS)
NOTE = {
    "vi": "“Chưa ghi nhận” là câu hỏi cần kiểm tra, không phải kết luận là không có. Dữ liệu: CC BY 4.0, "
    "phiên bản",
    "en": "“Not recorded” is a question to check, not a finding that it does not exist. Data: CC BY 4.0, "
    "version",
}


def rows(
    entries: Iterable[Entry], world: World, name: Name, address: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """One row per entry, by column; several values in a cell are separated by ` | `."""
    for entry in entries:
        finding = entry.finding
        absences = [premise for premise in finding.evidence if premise.absence]
        searched = [premise.searched for premise in absences if premise.searched is not None]
        numbers = {k: v for k, v in finding.formula.items() if not k.startswith("confidence_at_")}
        priors = {k.rpartition("_")[2]: v for k, v in finding.formula.items() if k not in numbers}
        found: Options = options(world, finding)
        yield {
            "id": finding.id,
            "detector": finding.detector,
            "name": finding.name,
            "grade": finding.grade,
            "subject": finding.subject,
            "subject_label": name(finding.subject),
            "objects": _listed(finding.objects),
            "objects_labels": _listed(map(name, finding.objects)),
            "severity": round(finding.severity, 4),
            "confidence": round(finding.confidence, 4),
            "label": finding.label,
            "message_en": finding.message["en"],
            "message_vi": finding.message["vi"],
            "plants": finding.plants,
            "size": round(finding.size, 2),
            "places": _listed(f"{name(place)}: {count}" for place, count in finding.places.items()),
            "parks": _listed(map(name, sorted(entry.zones))),
            "criticality": finding.criticality,
            "basis": finding.basis,
            "listed": finding.listed,
            "coverage": finding.formula.get("coverage"),
            "coverage_method": _listed(dict.fromkeys(p.method for p in absences if p.method)),
            "searched": sum(searched) if searched else None,
            "audits": audits(world, entry),
            "formula": _listed(f"{key}={value:.4g}" for key, value in numbers.items()),
            "sensitivity": _listed(f"{prior}: {value:.4f}" for prior, value in priors.items()),
            "can_supply": _listed(_candidate(one, name) for one in found.can_supply),
            "could_diversify": _listed(_candidate(one, name) for one in found.could_diversify),
            "neighbours": _listed(map(name, found.elsewhere)),
            "flip_en": finding.flip["en"],
            "flip_vi": finding.flip["vi"],
            "sources": _listed(sorted({source for p in finding.evidence for source in p.sources})),
            "as_of": _day(finding.as_of),
            "parameters": _day(finding.parameters),
            "url": address(finding.id),
        }


def audits(world: World, entry: Entry) -> int:
    """How many audits stand behind the coverages that a finding rests on."""
    rests = {(rest.relation, rest.subject) for rest in entry.finding.rests_on}
    return max((world.parameters.audits(relation, subject) for relation, subject in rests), default=0)


def csv_rows(table: Iterable[dict[str, Any]]) -> Iterator[list[str]]:
    """Header and rows as text; numbers with four decimals, nothing as an empty cell."""
    yield list(COLUMNS)
    for row in table:
        yield [_plain(field.kind, row[field.name]) for field in FIELDS]


def sheets(table: Iterable[dict[str, Any]], language: str, generation: str) -> tuple[Sheet, Sheet]:
    """The findings and the sheet that explains the columns, headings in the language."""
    own = {"vi": ("Khoảng trống", "Giải thích"), "en": ("Gaps", "Columns")}[language]
    heads = {
        "vi": ("Cột", "Tiêu đề tiếng Việt", "Tiêu đề tiếng Anh", "Giải thích", "Giải thích bằng tiếng Anh"),
        "en": ("Column", "Title in Vietnamese", "Title in English", "Meaning in Vietnamese", "Meaning"),
    }[language]
    columns = tuple(Column(field.title[language], field.kind, field.width) for field in FIELDS)
    found = ([row[field.name] for field in FIELDS] for row in table)
    notes: list[tuple[str, ...]] = [
        (field.name, field.title["vi"], field.title["en"], field.about["vi"], field.about["en"])
        for field in FIELDS
    ]
    notes.append(("", "", "", f"{NOTE['vi']} {generation}", f"{NOTE['en']} {generation}"))
    widths = (18, 30, 30, 80, 80)
    explain = tuple(Column(head, "text", width) for head, width in zip(heads, widths, strict=True))
    return Sheet(own[0], columns, found), Sheet(own[1], explain, notes)


def _listed(values: Iterable[str]) -> str:
    return " | ".join(values)


def _candidate(one: Option, name: Name) -> str:
    km = "?" if one.distance_km is None else f"{one.distance_km:.0f}"
    capacity = "?" if one.capacity is None else f"{one.capacity:.2f}"
    return f"{name(one.facility)} ({one.score:.2f}; {one.fit:.2f}; {km} km; {capacity})"


def _day(text: str) -> datetime.date | str:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text


def _plain(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "number":
        return f"{value:.4f}"
    return str(value).lower() if kind == "boolean" else str(value)
