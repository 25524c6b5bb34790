"""CSV that spreadsheets open: cells that they do not run, and the dialect that Excel expects in a language.

A spreadsheet runs a text that begins like a formula, so such a text gets an apostrophe in front, the spreadsheets' own
mark of a text (OWASP, CSV Injection). Numbers stay numbers, negative ones as well.

Excel reads a CSV file with the list separator and the decimal sign of its country, and takes a text such as `2025-06`,
`2.1` or `Mai 2013` for a date, `007` for 7. In its dialect these get an apostrophe, too. A whole day (`2019-06-28`) and
plain digits (`2023`) it reads as what they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MONTH = (
    r"(jan(uar|uary)?|feb(ruar|ruary)?|mar(ch)?|märz?|mrz|apr(il)?|ma[iy]|jun[ei]?|jul[iy]?|aug(ust)?"
    r"|sept?(ember)?|o[ck]t(ober)?|nov(ember)?|de[cz](ember)?)\.?"
)
_MISREAD = re.compile(
    rf"""0\d+ | \d{{16,}}                               # digits that would be lost
    | (?!\d{{4}}-\d{{2}}-\d{{2}}$)[\d.,:/\s-]*\d[.,:/\s-]+[\d.,:/\s-]*([%€$]|e[+-]?\d+)?   # 2.1, 1-2, 2025-06, 1/2
    | [.,]\d+ | \d+\s?[%€$] | \d+e[+-]?\d+                        # 5 %, 24E7
    | (\d{{1,4}}[-./\s]*)?{_MONTH}[-./,\s]*\d{{1,4}} | \d{{1,4}}[-./\s]*{_MONTH}
    | true | false | wahr | falsch""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_MISREAD = 40


@dataclass(frozen=True)
class Dialect:
    """How CSV is written.

    Attributes:
        delimiter: between cells.
        decimal: the decimal sign.
        truths: how false and true are spelled.
        excel: whether a text that Excel would take for something else is marked as a text.
        start: what stands before the first line.
    """

    delimiter: str = ","
    decimal: str = "."
    truths: tuple[str, str] = ("false", "true")
    excel: bool = False
    start: str = ""

    def cell(self, value: object) -> object:
        """A value as a cell: a guarded text, a truth value, a number, or the empty text for None."""
        if isinstance(value, str):
            return f"'{value}" if value.startswith(_FORMULA) or (self.excel and _is_misread(value)) else value
        if isinstance(value, bool):
            return self.truths[value]
        if isinstance(value, float) and self.decimal != ".":
            return str(value).replace(".", self.decimal)
        return "" if value is None else value


# RFC 4180, in UTF-8.
PLAIN = Dialect()
# The byte order mark tells Excel that it reads UTF-8.
_ENGLISH = Dialect(truths=("FALSE", "TRUE"), excel=True, start="\ufeff")
_GERMAN = Dialect(";", ",", ("FALSCH", "WAHR"), excel=True, start="\ufeff")


def of_excel(language: str) -> Dialect:
    """What Excel opens by a double click where this language is spoken.

    English has the comma between cells and the point in numbers, every other language the semicolon and the decimal
    comma, as German and its neighbours have.
    """
    return _ENGLISH if language.partition("-")[0] == "en" else _GERMAN


def lines(rows: Iterable[Iterable[object]], dialect: Dialect = PLAIN) -> Iterator[str]:
    """The lines of CSV, one for each row of values."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=dialect.delimiter, lineterminator="\r\n")
    buffer.write(dialect.start)
    for row in rows:
        writer.writerow([dialect.cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def document(columns: Iterable[str], rows: Iterable[Iterable[object]], dialect: Dialect = PLAIN) -> bytes:
    """A whole table as CSV in UTF-8, its names in the first line."""
    return "".join(lines(chain([columns], rows), dialect)).encode()


def plain(cell: str) -> str:
    """A cell as it was before `PLAIN` made it safe: without the apostrophe in front of what begins like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _is_misread(text: str) -> bool:
    return len(text) <= _LONGEST_MISREAD and _MISREAD.fullmatch(text) is not None
