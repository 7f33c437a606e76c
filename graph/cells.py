"""Reads one cell by the CSV on the Web description of its column, and says what to type instead.

`cell_value` accepts what a spreadsheet changes harmlessly (TRUE for true, 20.7910 for 20.791) and refuses
what may mean two things (1,250), with the values it may stand for.
"""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from typing import Any

from csvw import Column

from graph.namespaces import VX
from graph.sheet import text_problem

PARTIAL_DATE = VX + "partialDate"
PERIOD = VX + "period"
DATE_FORMS = "type a date as 2024-12-31, 2024-12 or 2024"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_ZERO = datetime.date(1899, 12, 30)
"""Day 0 of the day numbers in spreadsheets."""
NUMBERS = ("decimal", "integer")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"

GROUPED_POINT = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
GROUPED_COMMA = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
ONE_COMMA = re.compile(r"-?\d+,\d+")
GROUP_SIGN = "[ '\u2019]"
SPACED = re.compile(rf"-?\d{{1,3}}({GROUP_SIGN}\d{{3}})+([.,]\d+)?")
WITH_UNIT = re.compile(r"(?:about |around |~ ?|> ?|< ?)?(-?[\d.,]*\d)\s*([^\d\s.,].*)?")
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
YEAR_MONTH_DAY = re.compile(r"(\d{4})[/.-](\d{1,2})(?:[/.-](\d{1,2}))?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{4})")
MONTH_NAME = re.compile(r"(?:(\d{1,2})[- ])?([A-Za-z]{3})[a-z]*[- ](\d{2}|\d{4})")


def cell_value(column: Column, text: str) -> Any:
    """The parsed value (a list where the column has a separator); ValueError says what to type instead."""
    if problem := text_problem(text):
        raise ValueError(problem)
    sign = column.separator
    if sign and text and "" in (part.strip() for part in text.split(sign)):
        raise ValueError(f"empty item between two {sign!r}; remove the extra {sign!r}")
    if sign and any(part != part.strip() for part in text.split(sign)):
        raise ValueError(f"space beside {sign!r}; type {sign.join(p.strip() for p in text.split(sign))!r}")
    if column.datatype.base in NUMBERS and text and not NUMBER.fullmatch(text):
        raise ValueError(_hint(column, text, ""))
    try:
        value = column.read(_restored(column, text))
    except ValueError as error:
        raise ValueError(_hint(column, text, str(error))) from error
    if is_date(column) and value:
        _check_dates(value)
    return value


def _restored(column: Column, text: str) -> str:
    """The text before a spreadsheet changed it where only one can be meant: `true` for TRUE, 0510 for 510."""
    if column.datatype.base == "boolean":
        return text.lower()
    pattern = column.datatype.format
    if text.isdecimal() and pattern and column.datatype.base == "string":
        return next((form for form in (text, "0" + text) if re.fullmatch(pattern, form)), text)
    return text


def is_date(column: Column) -> bool:
    """Whether the column holds dates or periods, which may stop at year or month."""
    return bool(column.datatype) and column.datatype.at_props.get("id") in (PARTIAL_DATE, PERIOD)


def list_hint(value: str, sign: str) -> str | None:
    """For a value that holds several ids apart by another sign than `sign`: what to type; else None."""
    parts = [part.strip() for part in re.split(r"[;,\n]", value)]
    if len(parts) > 1 and all(re.fullmatch(SLUG, part) for part in parts if part):
        return f"several values stand apart by {sign!r}; type {sign.join(filter(None, parts))!r}"
    return None


def _hint(column: Column, text: str, reason: str) -> str:
    datatype, expected = column.datatype, _expected(column)
    if not text:
        return "empty, but a value is required here" + (f"; {expected}" if expected else "")
    if is_date(column):
        return "; ".join(filter(None, (expected, _date_meant(text))))
    if datatype.base in NUMBERS:
        low, high = datatype.minimum, datatype.maximum
        if low is not None or high is not None:
            span = f"from {low} to {high}" if high is not None else f"of {low} or more"
            expected = f"type a number {span}, with a point for decimals and no thousands sign"
        return "; ".join(filter(None, (_number_meant(text, datatype.base), expected)))
    if datatype.base == "boolean":
        return expected
    near = _spelling_meant(column, text)
    return "; ".join(filter(None, (near, expected or reason)))


def _expected(column: Column) -> str:
    datatype = column.datatype
    if is_date(column):
        period = datatype.at_props["id"] == PERIOD
        return "type a period as 2024, 2024-12-31 or 2024-01/2024-09" if period else DATE_FORMS
    if described := column.common_props.get("dc:description"):
        return described
    if column.name == "id":
        return "type lower-case letters a-z, digits and single hyphens, such as trang-due"
    if (datatype.format or "").startswith("https?://"):
        return "type an address that starts with https:// or http://"
    if datatype.format and re.fullmatch(r"[\w-]+(\|[\w-]+)*", datatype.format):
        return f"type one of {', '.join(datatype.format.split('|'))}"
    return {
        "decimal": "type a number with a point for decimals and no thousands sign, such as 1250.5",
        "integer": "type a whole number without thousands sign, such as 1250",
        "boolean": "type true or false",
    }.get(datatype.base, f"must match {datatype.format}" if datatype.format else "")


def _number_meant(text: str, base: str) -> str:
    """`type 12.5` for `12,5 ha`, both readings for `1,250`; empty for what is no number."""
    if not (match := WITH_UNIT.fullmatch(text)) and not SPACED.fullmatch(text):
        return ""
    number = match[1] if match else text
    whole = base == "integer"
    if SPACED.fullmatch(text):
        return "type " + re.sub(GROUP_SIGN, "", text).replace(",", ".")
    if GROUPED_COMMA.fullmatch(number) and not (number.count(",") == 1 and "." not in number):
        return f"type {number.replace(',', '')}"
    if GROUPED_POINT.fullmatch(number) and (whole or "," in number or number.count(".") > 1):
        return f"type {number.replace('.', '').replace(',', '.')}"
    if GROUPED_COMMA.fullmatch(number):
        both = f", or {number.replace(',', '.')} if the comma is the decimal sign"
        return f"type {number.replace(',', '')}{'' if whole else both}"
    if ONE_COMMA.fullmatch(number):
        return "" if whole else f"type {number.replace(',', '.')}"
    return f"type {number} without {match[2]!r}" if match and match[2] and number.count(".") < 2 else ""


def _date_meant(text: str) -> str:
    """The ISO form a differently written date may stand for; empty when none is likely."""
    if match := DAY_MONTH_YEAR.fullmatch(text):
        day, month, year = int(match[1]), int(match[2]), _year(match[3])
        readings = {_iso(year, month, day): "day first", _iso(year, day, month): "month first"}
        readings.pop("", None)
        if not readings:
            return f"there is no such date as {text}"
        if len(readings) == 1:
            return f"here {next(iter(readings))}"
        return "here " + " or ".join(f"{iso} ({order})" for iso, order in readings.items())
    if (match := YEAR_MONTH_DAY.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        day_part = f"-{int(match[3]):02}" if match[3] else ""
        return f"here {match[1]}-{int(match[2]):02}{day_part}"
    if (match := MONTH_YEAR.fullmatch(text)) and 1 <= int(match[1]) <= 12:
        return f"here {match[2]}-{int(match[1]):02}"
    if (match := MONTH_NAME.fullmatch(text)) and match[2].lower() in MONTHS:
        day_part = f"-{int(match[1]):02}" if match[1] else ""
        month = MONTHS.index(match[2].lower()) + 1
        return f"the spreadsheet rewrote it; here {_year(match[3])}-{month:02}{day_part}"
    if re.fullmatch(r"[2-6]\d{4}", text):
        date = DAY_ZERO + datetime.timedelta(days=int(text))
        return f"the spreadsheet turned it into a day number; here {date.isoformat()}"
    return ""


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _spelling_meant(column: Column, text: str) -> str:
    pattern = column.datatype.format or ""
    if column.name == "id":
        slug = re.sub(r"[^a-z0-9]+", "-", _plain(text)).strip("-")
        return f"type {slug}" if slug else ""
    if re.fullmatch(r"[\w-]+(\|[\w-]+)*", pattern):
        near = difflib.get_close_matches(_plain(text).replace(" ", "-"), pattern.split("|"), 1)
        return f"did you mean {near[0]}?" if near else ""
    return ""


def _plain(text: str) -> str:
    """Lower-case letters without diacritics."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _check_dates(value: str) -> None:
    ends = value.split("/")
    for end in ends:
        try:
            datetime.date.fromisoformat((end + "-01-01")[:10])
        except ValueError as error:
            raise ValueError(f"no such date ({error}); {DATE_FORMS}") from error
    if len(ends) == 2 and ends[0] > ends[1]:
        raise ValueError("the period ends before it starts; type the earlier date first")
