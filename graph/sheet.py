"""Reads one CSV file as spreadsheets save it, and says how to mend what it cannot read.

Accepted as they are: UTF-8 with or without byte order mark, any line ends, and `,`, `;` or tab between the
cells (the one that splits the header into most known column names). Everything else is refused with the row
and what to do. A file or cell beyond its size limit is refused before it is taken apart.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = (",", ";", "\t")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SAVE_AS = "save it as 'CSV UTF-8 (Comma delimited)'"
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
ENTITY = re.compile(r"&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);")
ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|#+)|Err:\d+")
LOST = re.compile(r"[^\W\d_]\?+[^\W\d_]|\ufffd")


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which a file or a cell is taken for an accident."""

    file_bytes: int = 20_000_000
    cell_characters: int = 20_000


class BadFile(ValueError):
    """The file cannot be read; `row` is the spreadsheet row where that shows, if any."""

    def __init__(self, message: str, row: int | None = None):
        self.row = row
        super().__init__(message)


def read_sheet(
    path: Path, known: Collection[str], limits: Limits
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and each later row that is not blank with its number as a spreadsheet shows it.

    `known` are the column names that tell which sign separates the cells. Raises BadFile, FileNotFoundError.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise BadFile(
            f"{size:,} bytes, the limit is {limits.file_bytes:,}; something was pasted in by mistake, "
            "restore the last good copy"
        )
    text = _decoded(path.read_bytes())
    if not text.strip():
        raise BadFile(f"file is empty; give it the header {','.join(known)}")
    rows = _rows(text, _delimiter(text.split("\n", 1)[0].rstrip("\r"), known), limits)
    _, header = next(rows)
    while header and not header[-1]:  # a spreadsheet adds empty columns at the end
        header.pop()
    return header, [(number, _cut(cells, len(header))) for number, cells in rows if any(cells)]


def _decoded(content: bytes) -> str:
    if content.startswith(UTF_16):
        raise BadFile(f"saved as UTF-16 ('Unicode text'), not UTF-8; {SAVE_AS}")
    if (nul := content.find(0)) >= 0:
        row = content.count(b"\n", 0, nul) + 1
        raise BadFile(f"a NUL byte in row {row}: no text file, or damaged; {SAVE_AS} again", row)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        message = (
            f"not UTF-8 (byte 0x{content[error.start]:02X} in row {row}); it was saved in a Windows code "
            "page such as 1252 or 1258, which loses Vietnamese letters. Open the last good copy, then "
            f"{SAVE_AS}"
        )
        raise BadFile(message, row) from error


def _delimiter(header: str, known: Collection[str]) -> str:
    def names(sign: str) -> int:
        return sum(name.strip('"') in known for name in header.split(sign))

    return max(DELIMITERS, key=names)


def _rows(text: str, delimiter: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "limit" in str(error):
                raise BadFile(_too_long(csv.field_size_limit(), limits), number) from error
            message = (
                f"a quotation mark does not fit ({error}); write a quotation mark inside a cell twice and "
                "close every cell that begins with one"
            )
            raise BadFile(message, number) from error
        longest = max(map(len, cells), default=0)
        if longest > limits.cell_characters:
            raise BadFile(_too_long(longest, limits), number)
        yield number, cells


def _too_long(length: int, limits: Limits) -> str:
    return (
        f"a cell holds {length:,} characters or more, the limit is {limits.cell_characters:,}; shorten it, "
        "or close the quotation mark that it begins with"
    )


def _cut(cells: list[str], width: int) -> list[str]:
    """The cells without the empty ones a spreadsheet adds at the end of a row."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells


def text_problem(text: str) -> str | None:
    """What is wrong with the characters of a cell and what to type instead; None for clean text."""
    if text.isascii() and text.isprintable() and not _marked(text):
        return None if text == text.strip() else f"space at the start or end; type {text.strip()!r}"
    clean = cleaned(text)
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        return f"a line break, tab or control character in the cell; type {clean!r}"
    if any(unicodedata.category(sign) == "Cf" for sign in text):
        return f"an invisible character (zero-width or formatting) in the cell; type {clean!r}"
    if any(unicodedata.category(sign) in ("Zs", "Zl", "Zp") and sign != " " for sign in text):
        return f"a non-breaking or other special space in the cell; type {clean!r}"
    if text != text.strip():
        return f"space at the start or end; type {clean!r}"
    if (read := _misread(text)) is not None:
        return f"UTF-8 was read as Windows text when the file was opened; type {read!r}"
    if text != unicodedata.normalize("NFC", text):
        return f"not in Unicode form NFC (letters and marks apart); retype the accented letters: {clean!r}"
    if ERROR.fullmatch(text):
        return "a spreadsheet's error value; type the value itself, or leave the cell empty"
    if text.startswith(("=", "@")):
        return "a formula; type its result as plain text"
    if TAG.search(text):
        return f"an HTML tag in the cell; type {TAG.sub('', text)!r}"
    if "://" not in text and ENTITY.search(text):
        return "an HTML entity such as &amp; in the cell; type the character itself"
    if "://" not in text and LOST.search(text):
        return "letters were lost when the file was saved (? inside a word); retype them and " + SAVE_AS
    return None


def _marked(text: str) -> bool:
    return text.startswith(("=", "@", "#", "Err:")) or any(sign in text for sign in "<&?")


def cleaned(text: str) -> str:
    """The text in Unicode form NFC, on one line, without invisible characters, tags and outer spaces."""
    text = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(sign) in ("Cc", "Zs", "Zl", "Zp") else sign for sign in text)
    text = "".join(sign for sign in kept if unicodedata.category(sign) != "Cf")
    return re.sub(r" {2,}", " ", TAG.sub("", text)).strip()


def _misread(text: str) -> str | None:
    """The text meant, if its bytes were UTF-8 and read as Windows-1252; else None."""
    content = bytearray()
    for sign in text:
        try:
            content += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) > 0xFF:
                return None
            content.append(ord(sign))
    try:
        meant = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return unicodedata.normalize("NFC", meant) if meant != text else None
