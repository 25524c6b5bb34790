"""Workbooks as XLSX: Office Open XML, SpreadsheetML (ISO/IEC 29500-1, section 18), in the smallest part that is needed.

A header that stays in sight, links that open, days as days, numbers as numbers. Texts are inline strings, which nothing
runs as a formula. The same sheets give the same bytes. No library writes them: docs/decisions.md says why.
"""

from __future__ import annotations

import datetime
import io
import math
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from graph_service.errors import LimitExceeded
from graph_service.rdf.answers import Value
from graph_service.rdf.formats import XLSX
from graph_service.rdf.xml_documents import legal

# Cells that take a worker some four seconds.
MOST_CELLS = 2_000_000
# Limits of Excel: rows, columns, links of a sheet, characters of a cell and of a link, digits of a number.
_MOST_ROWS, _MOST_COLUMNS, _MOST_LINKS = 1_048_576, 16_384, 65_530
_LONGEST, _LONGEST_LINK, _LARGEST = 32_767, 2_079, 10**15
_WIDEST, _NARROWEST, _MEASURED = 60, 9, 200
# The day that has the number 0 from March 1900 on; Excel takes 1900 for a leap year.
_ZERO, _FIRST_DAY = datetime.date(1899, 12, 30), datetime.date(1900, 3, 1)
_HEADER, _DAY, _LINK, _WRAPPED = 1, 2, 3, 4

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/>'
    '<xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="2" applyFont="1"/>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        name: on its tab.
        columns: names of the columns, the first row.
        rows: each as long as `columns`.
        days: names of the columns that hold `xsd:date`; what is no day in the calendar of Excel stays a text.
        wraps: whether long texts are broken into lines.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    days: frozenset[str] = frozenset()
    wraps: bool = False


def check_size(columns: int, rows: int) -> None:
    """Check that a table fits into a sheet, and can be written in the time that a worker has.

    Raises:
        LimitExceeded: it does not.
    """
    if rows >= _MOST_ROWS or columns > _MOST_COLUMNS or columns * rows > MOST_CELLS:
        raise LimitExceeded(
            f"A workbook has at most {MOST_CELLS:,} cells here and fewer than {_MOST_ROWS:,} rows; "
            f"this table has {rows:,} rows of {columns:,} columns.",
            hint="Ask for format=csv-excel, or for a part of the table.",
        )


def workbook(sheets: Sequence[Sheet], link: Callable[[str], str], creator: str, written: datetime.datetime) -> bytes:
    """The sheets as one file.

    Args:
        sheets: at least one, with different names.
        link: where the link of a cell that holds an IRI leads; empty for no link.
        creator: who publishes it; empty if unknown.
        written: the time that its properties tell.

    Raises:
        LimitExceeded: a sheet is too large.
    """
    for sheet in sheets:
        check_size(len(sheet.columns), len(sheet.rows))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in _fixed_parts(sheets, creator, written):
            _write(archive, name, iter((text,)))
        for number, sheet in enumerate(sheets, 1):
            links: list[tuple[str, str]] = []
            _write(archive, f"xl/worksheets/sheet{number}.xml", _sheet(sheet, link, links))
            targets = (_relation(f"r{at}", "hyperlink", target, external=True) for at, (_, target) in enumerate(links))
            _write(archive, f"xl/worksheets/_rels/sheet{number}.xml.rels", _relations(targets))
    return file.getvalue()


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterator[str]) -> None:
    # An entry made so has the first day of the format as its date, not the day of writing.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w") as part:
        for piece in pieces:
            part.write(piece.encode())


def _fixed_parts(sheets: Sequence[Sheet], creator: str, written: datetime.datetime) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    kind = XLSX.media_type.removesuffix("sheet")
    overrides = [("/xl/workbook.xml", f"{kind}sheet.main+xml"), ("/xl/styles.xml", f"{kind}styles+xml")]
    overrides += [(f"/xl/worksheets/sheet{number}.xml", f"{kind}worksheet+xml") for number in numbers]
    overrides += [("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")]
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(f'<Override PartName="{part}" ContentType="{type_}"/>' for part, type_ in overrides)
        + "</Types>",
    )
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    whole = (_relation("r1", "officeDocument", "xl/workbook.xml"), _relation("r2", core, "docProps/core.xml"))
    yield "_rels/.rels", "".join(_relations(iter(whole)))
    time = written.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    moments = "".join(f'<dcterms:{n} xsi:type="dcterms:W3CDTF">{time}</dcterms:{n}>' for n in ("created", "modified"))
    yield (
        "docProps/core.xml",
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>{_text(creator)}</dc:creator>{moments}'
        "</cp:coreProperties>",
    )
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}" r:id="r{number}"/>'
        for number, sheet in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    parts = [_relation(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", "".join(_relations(iter([*parts, _relation("styles", "styles", "styles.xml")])))
    yield "xl/styles.xml", _STYLES


def _relations(listed: Iterator[str]) -> Iterator[str]:
    yield f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    yield from listed
    yield "</Relationships>"


def _relation(name: str, kind: str, target: str, *, external: bool = False) -> str:
    type_ = kind if "/" in kind else f"{_OFFICE}/{kind}"
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{name}" Type="{type_}" Target={quoteattr(target)}{mode}/>'


def _sheet(sheet: Sheet, link: Callable[[str], str], links: list[tuple[str, str]]) -> Iterator[str]:
    """The text of a sheet in pieces; its links, as cell and target, are gathered in `links`."""
    letters = [_letters(number) for number in range(len(sheet.columns))]
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    for number, width in enumerate(_widths(sheet), 1):
        yield f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
    yield '</cols><sheetData><row r="1">'
    for letter, name in zip(letters, sheet.columns, strict=True):
        yield f'<c r="{letter}1" s="{_HEADER}" t="inlineStr"><is><t xml:space="preserve">{_text(name)}</t></is></c>'
    yield "</row>"
    columns = [(letter, name in sheet.days) for letter, name in zip(letters, sheet.columns, strict=True)]
    plain = _WRAPPED if sheet.wraps else 0
    for number, row in enumerate(sheet.rows, 2):
        cells: list[str] = []
        for (letter, is_day), value in zip(columns, row, strict=True):
            if value is None or value == "":
                continue
            place, style = f"{letter}{number}", plain
            if isinstance(value, str) and value.startswith(("http://", "https://")) and len(links) < _MOST_LINKS:
                target = link(value) if " " not in value else ""
                if target and len(target) <= _LONGEST_LINK:
                    links.append((place, target))
                    style = _LINK
            cells.append(_cell(place, style, value, is_day=is_day))
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData>"
    if letters:
        yield f'<autoFilter ref="A1:{letters[-1]}{len(sheet.rows) + 1}"/>'
    if links:
        anchors = (f'<hyperlink ref="{place}" r:id="r{at}"/>' for at, (place, _) in enumerate(links))
        yield f"<hyperlinks>{''.join(anchors)}</hyperlinks>"
    yield "</worksheet>"


def _cell(place: str, style: int, value: str | int | float | bool, *, is_day: bool) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < _LARGEST:
        return f'<c r="{place}"><v>{value}</v></c>'
    text = str(value)
    if is_day and (number := _day(text)):
        return f'<c r="{place}" s="{_DAY}"><v>{number}</v></c>'
    styled = f' s="{style}"' if style else ""
    return f'<c r="{place}"{styled} t="inlineStr"><is><t xml:space="preserve">{_text(text)}</t></is></c>'


def _day(text: str) -> int:
    """The number of a day; 0 where it is none, or before those that Excel counts rightly."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return 0
    return (day - _ZERO).days if day >= _FIRST_DAY else 0


def _text(text: str) -> str:
    """A text as a cell can hold it: what is too long for Excel ends in an ellipsis."""
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return escape(legal(shown), {"\r": "&#13;"})


def _widths(sheet: Sheet) -> Iterator[int]:
    """The width of each column in characters, by its name and its first cells."""
    for number, name in enumerate(sheet.columns):
        longest = max((len(str(row[number])) for row in sheet.rows[:_MEASURED] if row[number] is not None), default=0)
        yield max(_NARROWEST, min(_WIDEST, max(longest, len(name)) + 2))


def _letters(number: int) -> str:
    """The name of a column, counted from 0: A to Z, AA and so on."""
    name = ""
    while number >= 0:
        number, rest = number // 26 - 1, number % 26
        name = chr(ord("A") + rest) + name
    return name
