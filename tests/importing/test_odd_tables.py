"""Tables as people and programs really leave them: read as a person reads them, or refused with the place."""

from __future__ import annotations

import datetime
import io
import json
import re
import resource
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart

from graph_service.errors import SourceError
from graph_service.importing import bounded_reading, sheet_columns, table_files

HEADER = ["id", "actor", "document"]
ROWS = [["x-01", "spd", "x-doc"], ["x-02", "cdu", "x-doc"]]
PLAIN = [dict(zip(HEADER, row, strict=True)) for row in ROWS]


def read(path: Path, content: bytes | str, notes: list[str] | None = None) -> list[dict[str, str]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    notes = [] if notes is None else notes
    return [dict(row.cells) for row in table_files.read(path, "claims", sheet_columns.TABLES, notes.append)]


def refused(path: Path, content: bytes | str) -> str:
    with pytest.raises(SourceError) as caught:
        read(path, content)
    return str(caught.value)


def workbook(**sheets: list[list[Any]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def changed(content: bytes, name: str, pattern: str, replacement: str) -> bytes:
    """A workbook with something else in one of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, re.sub(pattern, replacement, text.decode()) if part == name else text)
    return made.getvalue()


@pytest.mark.parametrize("stated", ["A1", "A1:C2", "A1:B3", "A1:XFD1048576"])
def test_a_wrong_used_range_loses_no_row(stated: str, tmp_path: Path) -> None:
    content = saved(workbook(claims=[HEADER, *ROWS]))
    wrong = changed(content, "xl/worksheets/sheet1.xml", r'<dimension ref="[^"]*"', f'<dimension ref="{stated}"')
    assert read(tmp_path / "a.xlsx", wrong) == PLAIN


def test_the_only_sheet_with_cells_may_have_any_name(tmp_path: Path) -> None:
    book = workbook(Kodierung=[HEADER, *ROWS], Tabelle2=[])
    book.create_chartsheet("Diagramm").add_chart(BarChart())
    assert read(tmp_path / "a.xlsx", saved(book)) == PLAIN


def test_sheets_that_are_passed_over_are_named(tmp_path: Path) -> None:
    notes: list[str] = []
    book = workbook(Claims=[HEADER, *ROWS], Notizen=[["frei"], ["so"]])
    assert read(tmp_path / "a.xlsx", saved(book), notes) == PLAIN
    assert notes == ["The sheet Notizen of a.xlsx was not read."]


def test_a_file_without_rows_is_refused_by_what_it_has(tmp_path: Path) -> None:
    book = saved(workbook(Kodierung=[HEADER, *ROWS], Notizen=[["frei"], ["so"]]))
    assert "has no sheet named actors or claims" in refused(tmp_path / "a.xlsx", book)
    assert "it has Kodierung, Notizen." in refused(tmp_path / "a.xlsx", book)
    assert "it has rows." in refused(tmp_path / "a.json", '{"rows": [{"id": "x"}]}')
    assert "it has nothing." in refused(tmp_path / "a.json", "{}")
    for name, content in [("a.json", '{"Claims": []}'), ("a.csv", ""), ("a.csv", "id,actor\n\n,\n")]:
        assert "holds no row of" in refused(tmp_path / name, content)
    assert read(tmp_path / "a.json", json.dumps({"Claims": PLAIN})) == PLAIN


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('[["id","actor"],["x","spd"]]', 'row 1 of claims is no object: ["id", "actor"]'),
        ("[null]", "row 1 of claims is no object: null"),
        ('"text"', "is neither a list of rows nor an object"),
        ('{"claims": {"id": "x"}}', "claims is not a list"),
        ('{"claims": "text"}', "claims is not a list"),
        (r'[{"id":"x","actor":"a\ud800"}]', "row 1, column actor: holds U+D800"),
        ('[{"id":"x","id":"y"}]', "an object has 'id' twice"),
        ('[{"id":"x","ID":"y"}]', "row 1 of claims has id twice"),
        ('[{"id":[{"a":1}]}]', "an object inside of a list"),
        ("[" * 200_000, "cannot be read"),
        (b'[{"id":"\xff"}]', "cannot be read"),
    ],
)
def test_odd_json_gives_a_finding(content: str | bytes, says: str, tmp_path: Path) -> None:
    assert says in refused(tmp_path / "a.json", content)


def test_workbooks_of_other_programs_give_a_finding(tmp_path: Path) -> None:
    content = saved(workbook(claims=[HEADER, *ROWS]))
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as out:
        out.writestr("word/document.xml", "<w/>")
    broken = changed(content, "xl/worksheets/sheet1.xml", "</row>", "<row>")
    no_fill = changed(content, "xl/styles.xml", r"<fill><patternFill ?/></fill>", "<fill/>")
    for odd in (document.getvalue(), broken, b"no workbook", content[:-200], no_fill):
        assert "save it anew" in refused(tmp_path / "a.xlsx", odd)


def test_what_a_spreadsheet_made_a_date_is_refused(tmp_path: Path) -> None:
    mistaken = saved(workbook(claims=[HEADER, [datetime.datetime(2024, 3, 1), "spd", "x-doc"]]))
    assert "row 2, column id: the spreadsheet holds the date 2024-03-01 here" in refused(tmp_path / "a.xlsx", mistaken)
    dated = saved(workbook(claims=[["id", "document_date"], ["x", datetime.datetime(2024, 3, 1)]]))
    assert read(tmp_path / "a.xlsx", dated) == [{"id": "x", "document_date": "2024-03-01"}]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("\u00a0spd\u202f", "spd"),
        ("\u200bs\u00adp\u200cd\ufeff", "spd"),
        ("a\u00a0b", "a b"),
        ("Zeile_x000D_\nneue", "Zeile\nneue"),
        ("Zeile\x0bneue", "Zeile\nneue"),
        ("Zeile\u2028neue\r", "Zeile\nneue"),
        ("\u202eabc\u202c", "abc"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("o\u0308", "ö"),
    ],
)
def test_invisible_characters_read_as_a_person_reads(text: str, read_as: str, tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", f'id,actor\nx,"{text}"\n') == [{"id": "x", "actor": read_as}]


def test_escapes_of_workbooks_are_characters(tmp_path: Path) -> None:
    book = saved(workbook(claims=[HEADER, ["x", "a_x000D_\nb", "_x005F_x000B_"]]))
    assert read(tmp_path / "a.xlsx", book) == [{"id": "x", "actor": "a\nb", "document": "_x000B_"}]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x8a", "\ufffe", "\ufffd", "\uffff"])
def test_what_nobody_can_read_is_refused(character: str, tmp_path: Path) -> None:
    says = refused(tmp_path / "a.csv", f"id,actor\nx,a\ny,b{character}\n")
    assert f"row 3, column actor: holds U+{ord(character):04X}" in says


@pytest.mark.parametrize(
    ("encoding", "taken"),
    [("mac_roman", "mac_roman"), ("cp850", "cp850"), ("cp1252", "cp1252"), ("utf-16-le", None), ("utf-8", None)],
)
def test_encodings_are_told_by_their_letters(encoding: str, taken: str | None, tmp_path: Path) -> None:
    text = "Größe und Öffentlichkeit, Straße, für Länder"
    notes: list[str] = []
    assert read(tmp_path / "a.csv", f"id;actor\nx;{text}\n".encode(encoding), notes)[0]["actor"] == text
    assert notes == ([f"a.csv is not UTF-8; it was read as {taken}."] if taken else [])


def test_an_encoding_in_doubt_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "first in line 3" in refused(tmp_path / "a.csv", b"id;actor\nx;a\ny;\xd7\n")


def test_cells_without_a_column_and_errors_of_formulas_are_refused(tmp_path: Path) -> None:
    assert "“c” stands in column 2, which has no name" in refused(tmp_path / "a.csv", "id,,actor\nx,c,spd\n")
    assert "is beyond the header" in refused(tmp_path / "a.csv", "id,actor\nx,spd,c\n")
    assert "holds the error #REF! of a formula" in refused(tmp_path / "a.csv", "id,actor\nx,#REF!\n")


@pytest.mark.parametrize("place", [(3, 2), (1, 3)])
def test_a_formula_without_its_value_is_refused(tmp_path: Path, place: tuple[int, int]) -> None:
    book = workbook(claims=[HEADER, *ROWS], notes=[["=1+1"]])
    assert read(tmp_path / "a.xlsx", saved(book)) == PLAIN, "a sheet that is not read may hold what it likes"
    row, column = place
    book["claims"].cell(row, column, '="s"&"pd"')
    name = HEADER[column - 1] if row > 1 else f"number {column}"
    said = refused(tmp_path / "a.xlsx", saved(book))
    assert f"row {row}, column {name}: holds a formula whose value is not in the file" in said


def test_a_formula_with_its_value_is_read(tmp_path: Path) -> None:
    book = workbook(claims=[HEADER, *ROWS])
    book["claims"].cell(2, 2, '="s"&"pd"')
    pattern, value = r"(</f>)<v\s*/?>(</v>)?", r"\1<v>spd</v>"
    computed = changed(saved(book), "xl/worksheets/sheet1.xml", pattern, value)
    computed = changed(computed, "xl/worksheets/sheet1.xml", r'(<c r="B2")', r'\1 t="str"')
    assert read(tmp_path / "a.xlsx", computed) == PLAIN


def test_rows_count_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('sep=;\nid;actor\n"a\nb";c\n\nd;e\n', encoding="utf-8")
    assert [row.number for row in table_files.read(path, "claims", sheet_columns.TABLES)] == [2, 4]


def test_a_million_columns_are_refused_at_once(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert "has 1000000 columns" in refused(tmp_path / "a.csv", ",".join(f"c{n}" for n in range(1_000_000)) + "\n")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 30, "seconds of processor time"


def test_a_workbook_that_unfolds_beyond_the_limit_is_refused_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_reading, "MEMORY_BYTES", 300 << 20)
    content = saved(workbook(claims=[HEADER, *ROWS, ["y", "HUGE", "z"]]))
    huge = changed(content, "xl/worksheets/sheet1.xml", "HUGE", "a" * (100 << 20))
    assert len(zipfile.ZipFile(io.BytesIO(huge)).namelist()) > 5
    assert "needs more than 300 MB or 300 s to be read" in refused(tmp_path / "a.xlsx", huge)


def test_processor_time_of_reading_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_reading, "CPU_SECONDS", 1)
    content = saved(workbook(claims=[HEADER, *ROWS]))
    row = '<row><c t="inlineStr"><is><t>b</t></is></c></row>'
    slow = changed(content, "xl/worksheets/sheet1.xml", "</sheetData>", f"{row * 400_000}</sheetData>")
    assert "after row" in refused(tmp_path / "a.xlsx", slow)


def test_a_cell_as_long_as_a_book_is_refused(tmp_path: Path) -> None:
    says = refused(tmp_path / "a.json", json.dumps([{"id": "x"}, {"id": "y", "actor": "a" * 200_000}]))
    assert "row 2, column actor: has 200000 characters" in says
