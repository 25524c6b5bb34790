"""CSV as spreadsheets write it: encodings, delimiters, invisible characters.

A cell is read as a person reads it. What no person can read, such as a control character, is refused.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from graph_service.errors import Location, SourceError

MOST_COLUMNS = 16_384  # as in Excel
_DELIMITERS = ";,\t|"
_CHUNK = 1 << 16
_SAMPLE_LINES = 2_000
_LONGEST_LINE = 1 << 20
_CODE_PAGES = ("cp1252", "mac_roman", "cp850")

_LINE_ENDS = re.compile(r"_x000D_\n?|\r\n?|[\x0b\x0c\x85\u2028\u2029]", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Joiners matter in Arabic, Indic scripts and emoji, never beside a Latin letter, blank or digit.
_JOINERS = re.compile("(?:(?<=[\x00-\u024f])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\u024f]|$)")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")
_GERMAN = frozenset("äöüßÄÖÜ")
_PUNCTUATION = frozenset("„“”‚‘’–—…§€«»°·½²³")


class Record(NamedTuple):
    """The cells of a row, and its number as a spreadsheet counts."""

    number: int
    cells: list[str]


def clean(text: str) -> str:
    """Text as a person reads it: Unicode NFC, LF line ends, plain blanks and none at the ends.

    Soft hyphens, zero-width characters and marks of direction are removed. `_x000D_` is the carriage return of OOXML
    (ECMA-376-1, 22.9.2.19); vertical tabs and form feeds are line ends, as Word means them.

    Raises:
        ValueError: it holds a character that nobody can read; the text names its code point.
    """
    if text.isascii() and text.isprintable() and "_x" not in text:
        return text.strip()
    text = _JOINERS.sub("", _UNSEEN.sub("", _BLANKS.sub(" ", _LINE_ENDS.sub("\n", text))))
    if found := _UNREADABLE.search(text):
        raise ValueError(f"U+{ord(found[0]):04X}")
    return unicodedata.normalize("NFC", text).strip()


def encoding(path: Path) -> str:
    """The encoding of a text file: UTF-8, UTF-16, or the code page of Windows, the Mac or DOS that reads as words.

    Raises:
        SourceError: several code pages are as likely; it names the first line in doubt.
    """
    with path.open("rb") as content:
        start = content.read(64)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start[1::2].count(0) > len(start) // 3:
            return "utf-16-le"
        if start[::2].count(0) > len(start) // 3:
            return "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        content.seek(0)
        try:
            while chunk := content.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            content.seek(0)
            return _code_page(path, _beyond_ascii(content))
    return "utf-8-sig"


def records(path: Path, taken: str = "") -> Iterator[Record]:
    """The records of a CSV file, numbered as a spreadsheet shows them: Excel's line `sep=;` does not count.

    Args:
        path: the file.
        taken: its encoding, where it is known.

    Raises:
        SourceError: it is no CSV; with the row.
        OSError: it cannot be opened.
    """
    number = 0
    try:
        with path.open(encoding=taken or encoding(path), newline="") as lines:
            first = lines.readline(_LONGEST_LINE)
            if first.lower().startswith("sep="):
                delimiter = first.rstrip("\r\n")[4:5] or ";"
            else:
                delimiter = _delimiter(first)
                lines.seek(0)
            for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
                yield Record(number, cells)
    except (csv.Error, UnicodeError) as error:
        raise SourceError(f"row {number + 1} cannot be read: {error}.", where=Location(path)) from error


def check_header(path: Path, header: Sequence[str]) -> None:
    """Refuse a header with too many columns or with a name that occurs twice.

    Raises:
        SourceError: it is so.
    """
    if len(header) > MOST_COLUMNS:
        message = f"has {len(header)} columns; a spreadsheet has {MOST_COLUMNS} at most."
        raise SourceError(message, where=Location(path), hint="Is the delimiter right?")
    twice = sorted(name for name, count in Counter(header).items() if name and count > 1)
    if twice:
        raise SourceError(f"has the column {twice[0]} twice.", where=Location(path), hint="Remove or rename one.")


def unreadable(path: Path, number: int, column: str, error: ValueError) -> SourceError:
    """The error for a cell that `clean` refuses."""
    message = f"row {number}, column {column}: holds {error}, a character that nobody can read."
    return SourceError(message, where=Location(path), hint="Delete it, or save the file as UTF-8.")


def _delimiter(header: str) -> str:
    """The delimiter that occurs most often outside quotes in the header line; a comma where there is none."""
    outside = "".join(header.split('"')[::2])
    found = max(_DELIMITERS, key=outside.count)
    return found if found in outside else ","


def _beyond_ascii(content: Iterator[bytes]) -> list[tuple[int, bytes]]:
    """The first lines that are not ASCII, with their numbers."""
    found: list[tuple[int, bytes]] = []
    for number, line in enumerate(content, 1):
        if not line.isascii():
            found.append((number, line[:_LONGEST_LINE]))
            if len(found) == _SAMPLE_LINES:
                break
    return found


def _code_page(path: Path, lines: Sequence[tuple[int, bytes]]) -> str:
    scores = {page: score for page in _CODE_PAGES if (score := _plausibility(page, lines)) is not None}
    best = max(scores.values(), default=0)
    likely = [page for page, score in scores.items() if score == best]
    if best <= 0 or len(likely) > 1:
        message = f"is not UTF-8, and its letters cannot be told, first in line {lines[0][0]}."
        raise SourceError(message, where=Location(path), hint="Save it as “CSV UTF-8”.")
    return likely[0]


def _plausibility(page: str, lines: Sequence[tuple[int, bytes]]) -> int | None:
    """How much lines read like words in a code page; None if they cannot be decoded."""
    total = 0
    try:
        for _, line in lines:
            text = f" {line.decode(page)} "
            total += sum(
                _weight(before, one, after)
                for before, one, after in zip(text, text[1:], text[2:], strict=False)
                if one > "\x7f"
            )
    except UnicodeDecodeError:
        return None
    return total


def _weight(before: str, one: str, after: str) -> int:
    """How well a character goes with its neighbours, from -3 to 2."""
    inside = before.isalpha() and after.isalpha()
    if one.isalpha() and (before.isalpha() or after.isalpha()):
        if one.isupper() and before.islower():
            return -3
        return 2 if one in _GERMAN else 1 if "À" <= one <= "ÿ" else -1
    if one in _PUNCTUATION:
        return -1 if inside and one != "’" else 1 if before.isspace() == after.isspace() else 2
    return 0 if one in "\u00a0\u00ad" else -2
