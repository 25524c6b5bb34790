"""Workbooks, read back by openpyxl."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from graph_service.rdf.workbooks import Sheet, workbook

WRITTEN = datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.UTC)


def made(*sheets: Sheet) -> bytes:
    return workbook(sheets, lambda iri: iri.replace("https://w3id.org/", "http://localhost/"), "Wir & Co.", WRITTEN)


def opened(*sheets: Sheet) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(made(*sheets)))


@pytest.mark.parametrize(
    ("value", "expected", "kind"),
    [
        (1, 1, "n"),
        (-0.25, -0.25, "n"),
        (True, True, "b"),
        (False, False, "b"),
        ("=1+1", "=1+1", "s"),
        ("+1", "+1", "s"),
        ("2023", "2023", "s"),
        ("<b>&\"' ]]> ä", "<b>&\"' ]]> ä", "s"),
        (" a\nb\tc ", " a\nb\tc ", "s"),
        ("a\x00b\x0bc", "a\ufffdb\ufffdc", "s"),
        (float("inf"), "inf", "s"),
        (10**15, str(10**15), "s"),
        ("x" * 40_000, f"{'x' * 32_766}…", "s"),
        (None, None, "n"),
    ],
)
def test_a_cell_has_its_type(value: str | float | None, expected: object, kind: str) -> None:
    cell = opened(Sheet("Data", ("a",), [[value]])).worksheets[0]["A2"]
    assert cell.value == expected
    assert cell.data_type == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-06-28", datetime.datetime(2019, 6, 28)),
        ("1900-03-01", datetime.datetime(1900, 3, 1)),
        ("1871-01-18", "1871-01-18"),
        ("2023", "2023"),
        ("2019-06-28Z", "2019-06-28Z"),
    ],
)
def test_days_are_days_in_a_column_of_days(text: str, expected: object) -> None:
    sheet = opened(Sheet("Data", ("day", "text"), [[text, text]], frozenset({"day"}))).worksheets[0]
    assert sheet["A2"].value == expected
    assert sheet["A2"].is_date == isinstance(expected, datetime.datetime)
    assert sheet["B2"].value == text


def test_links_lead_where_they_are_told() -> None:
    rows = [["https://w3id.org/x?a=1&b=2"], ["http://two words"], ["urn:x"], [f"https://w3id.org/{'x' * 3000}"]]
    sheet = opened(Sheet("Data", ("iri",), rows)).worksheets[0]
    linked = [cell.hyperlink and cell.hyperlink.target for (cell,) in sheet.iter_rows(min_row=2)]
    assert linked == ["http://localhost/x?a=1&b=2", None, None, None]
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=2)] == [iri for (iri,) in rows]


def test_more_links_than_excel_takes_stay_texts() -> None:
    rows = [["https://w3id.org/x"]] * 65_540
    # Not by openpyxl, which needs minutes for so many links.
    with zipfile.ZipFile(io.BytesIO(made(Sheet("Data", ("iri",), rows)))) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
        targets = archive.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert text.count("<row ") == 65_541
    assert text.count("<hyperlink ") == targets.count("<Relationship ") == 65_530
    assert '<hyperlink ref="A65531" r:id="rId65530"/></hyperlinks>' in text


def test_header_widths_filter_and_properties() -> None:
    columns = [f"column {number}" for number in range(30)]
    rows = [[*("x" * 200 for _ in range(29)), "y"]]
    book = opened(Sheet("Data <1>", columns, rows), Sheet("About", ("what",), [["x " * 100]], wraps=True))
    assert book.sheetnames == ["Data <1>", "About"]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet["AD1"].value == "column 29"
    assert sheet["A1"].font.bold
    assert sheet.auto_filter.ref == "A1:AD2"
    # The library adds the margin of a cell, less than a character.
    assert int(sheet.column_dimensions["A"].width) == 60
    assert int(sheet.column_dimensions["AD"].width) == len("column 29") + 2
    assert book.worksheets[1]["A2"].alignment.wrap_text
    assert book.properties.created == book.properties.modified == WRITTEN.replace(tzinfo=None)
    assert book.properties.creator == "Wir & Co."


def test_the_same_sheets_give_the_same_bytes() -> None:
    sheet = Sheet("Data", ("a",), [["https://w3id.org/x"]])
    assert made(sheet) == made(sheet)
    with zipfile.ZipFile(io.BytesIO(made(sheet))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_table_without_rows_opens() -> None:
    sheet = opened(Sheet("Data", ("a", "b"), [])).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["a", "b"]]
