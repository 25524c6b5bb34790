"""Downloads that people open: CSV for Excel and workbooks, of every operation that has a table."""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from graph_service.errors import LimitExceeded
from graph_service.http.web.media import ARROW, CSV, CSV_EXCEL, NDJSON, PARQUET, XLSX
from graph_service.pages.docs import DocumentedOperation
from graph_service.rdf.formats import Format
from graph_service.rdf.workbooks import MOST_CELLS, check_size
from tests.http.api.test_operations import operations

OPERATIONS = operations()
# By the OpenAPI document: whatever has a table as CSV, under one name or several.
TABLES = [one for one in OPERATIONS if {"csv", "edges"} & set(one.formats)]


def opened(answer: httpx2.Response) -> Workbook:
    assert answer.headers["content-type"] == XLSX.media_type
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows_of(book: Workbook, number: int = 0) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in book.worksheets[number].iter_rows(values_only=True)]


def test_every_table_of_csv_is_there_for_excel() -> None:
    assert len(TABLES) > 70
    for operation in OPERATIONS:
        has = [bool({*names} & set(operation.formats)) for names in (("csv", "edges"), ("csv-excel",), ("xlsx",))]
        assert len(set(has)) == 1, operation.path


@pytest.mark.parametrize("operation", TABLES, ids=lambda one: one.name)
def test_the_same_cells_in_every_table(operation: DocumentedOperation, client: httpx2.Client) -> None:
    plain = "csv" if "csv" in operation.formats else "edges"
    address = f"{operation.example}{'&' if '?' in operation.example else '?'}lang=de&format="
    expected = list(csv.reader(io.StringIO(client.get(f"{address}{plain}").text)))
    excel = client.get(f"{address}csv-excel")
    assert excel.content.startswith(b"\xef\xbb\xbf")
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9_-]+\.csv"', excel.headers["content-disposition"])
    found = list(csv.reader(io.StringIO(excel.content.decode("utf-8-sig")), delimiter=";"))
    book = opened(client.get(f"{address}xlsx"))
    sheet = rows_of(book)
    assert len(found) == len(expected) == len(sheet)
    assert found[0] == expected[0] == list(sheet[0])
    for line, cells, values in zip(expected[1:], found[1:], sheet[1:], strict=True):
        for text, cell, value in zip(line, cells, values, strict=True):
            assert _told(text) == _told(cell), operation.path
            assert _is_same(_told(text), value), operation.path
    assert book.worksheets[0].freeze_panes == "A2"
    assert [one.title for one in book.worksheets][-1] == "Quelle"


def _told(cell: str) -> str:
    """A cell as a reader sees it, in the signs of plain CSV."""
    text = cell.removeprefix("'")
    text = {"WAHR": "true", "FALSCH": "false"}.get(text, text)
    return text.replace(",", ".") if re.fullmatch(r"-?\d+,\d+(e-?\d+)?", text) else text


def _is_same(text: str, value: object) -> bool:
    if isinstance(value, datetime.datetime):
        return text == value.date().isoformat()
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, int | float):
        # A workbook has 16 digits of a number, and 1.0 is 1 there.
        return float(text) == pytest.approx(value, rel=1e-15)
    return text == ("" if value is None else str(value).removeprefix("'"))


def test_cells_have_their_type_and_links_open(client: httpx2.Client) -> None:
    book = opened(client.get("/api/positions?limit=200&format=xlsx"))
    sheet = book.worksheets[0]
    head = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    days = [row[head["date"] - 1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.value.__class__ for cell in days} <= {datetime.datetime, type(None)}
    assert any(cell.value for cell in days)
    numbers = {row[head["agreement"] - 1].value for row in sheet.iter_rows(min_row=2)}
    assert numbers <= {1, 0, -1, None}
    link = sheet.cell(2, head["id"]).hyperlink
    assert link is not None
    target = str(link.target)
    assert target.startswith(str(client.base_url))
    assert client.get(target, follow_redirects=True).status_code == 200
    assert 9 <= sheet.column_dimensions["A"].width < 61


def test_a_sheet_tells_the_source(client: httpx2.Client) -> None:
    address = "/api/positions?limit=7&lang=en&format=xlsx"
    answer = client.get(address)
    book = opened(answer)
    (_, *told) = rows_of(book, 1)
    facts = dict(told)
    assert facts["Data set"].split()[0] == client.get("/health").json()["digest"]
    assert facts["Licence"] == "https://creativecommons.org/licenses/by/4.0/"
    since = datetime.datetime.fromisoformat(facts["Data set in use since"])
    assert book.properties.created == since.replace(tzinfo=None, microsecond=0)
    again = client.get(facts["Address of this answer"])
    assert rows_of(opened(again)) == rows_of(book)
    following = opened(client.get(facts["Further rows at"]))
    assert rows_of(following)[1] != rows_of(book)[1]
    assert {row[0] for row in rows_of(following)[1:]}.isdisjoint({row[0] for row in rows_of(book)[1:]})


def test_cautions_of_what_a_table_names_stand_on_the_sheet(client: httpx2.Client) -> None:
    cautious = client.get("/api/documents?facets=caution&limit=1").json()["facets"]["caution"][0]
    answer = client.get("/api/documents", params={"caution": cautious["value"], "lang": "de", "format": "xlsx"})
    cautions = [text for what, text in rows_of(opened(answer), 1) if what == "Vorbehalt"]
    assert any(text.startswith(f"{cautious['label']}: ") for text in cautions)
    assert any("Neutralität" in text for text in cautions)


@pytest.mark.parametrize("address", ["/api/matrix", "/api/networks/actors", "/api/queries/goal-sets"])
def test_the_same_bytes_each_time(address: str, client: httpx2.Client, server: Any) -> None:
    answers = []
    for _ in range(2):
        answers.append(client.get(f"{address}?format=xlsx"))
        server.app.common.cache._entries.clear()
    assert answers[0].status_code == 200
    assert answers[0].content == answers[1].content
    assert answers[0].headers["etag"] == answers[1].headers["etag"]


@pytest.mark.parametrize(
    ("language", "delimiter", "number"), [("de", ";", "0,5"), ("fr", ";", "0,5"), ("en", ",", "0.5")]
)
def test_excel_of_the_language_reads_its_numbers(
    language: str, delimiter: str, number: str, client: httpx2.Client
) -> None:
    address = f"/api/networks/actors?measure=congruence&normalisation=average&format=csv-excel&lang={language}"
    text = client.get(address).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    assert number in {row["weight"] for row in rows}


_PAGED = "/api/actors?limit=100&sort=-label&lang=en"


# By Accept nobody can ask for CSV for Excel: it has the media type of plain CSV.
_ASKED = [(one, True) for one in (CSV, CSV_EXCEL, XLSX, NDJSON, PARQUET, ARROW)]
_ASKED += [(one, False) for one, _ in _ASKED if one is not CSV_EXCEL]


@pytest.mark.parametrize(
    ("format_", "named"), _ASKED, ids=lambda one: one.name if isinstance(one, Format) else str(one)
)
def test_pages_keep_their_format(format_: Format, named: bool, client: httpx2.Client) -> None:
    if named:
        first = client.get(f"{_PAGED}&format={format_.name}")
    else:
        first = client.get(_PAGED, headers={"accept": format_.media_type})
    assert "first" not in first.links
    second = client.get(first.links["next"]["url"])
    for name in ("content-type", "content-language", "content-disposition"):
        assert second.headers.get(name) == first.headers.get(name), name
    assert parameters(second.links["first"]["url"]) == {**parameters(_PAGED), "format": format_.name}
    by_json = client.get(_PAGED)
    assert by_json.links["next"]["url"] == by_json.json()["next"]
    assert {**parameters(by_json.json()["next"]), "format": format_.name} == parameters(first.links["next"]["url"])


def parameters(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def test_a_table_that_no_workbook_can_hold_is_refused_with_a_way_out() -> None:
    check_size(20, MOST_CELLS // 20)
    for columns, rows in ((20, MOST_CELLS // 20 + 1), (1, 1_048_576), (16_385, 1)):
        with pytest.raises(LimitExceeded, match=f"{rows:,} rows of {columns:,} columns.*csv-excel"):
            check_size(columns, rows)


@pytest.mark.parametrize(
    "page", ["/compare?actor=spd&actor=gruene", "/matrix", "/timeline?actor=spd", "/coverage", "/network"]
)
@pytest.mark.parametrize(("language", "spoken"), [("de", "CSV für Excel"), ("en", "CSV for Excel")])
def test_pages_link_to_what_spreadsheets_open(page: str, language: str, spoken: str, client: httpx2.Client) -> None:
    address = f"{page}{'&' if '?' in page else '?'}lang={language}"
    text = client.get(address, headers={"accept": "text/html"}, follow_redirects=True).text
    links = dict(re.findall(r'<a href="([^"]+)">(CSV f[^<]+|Excel[^<]+)</a>', text))
    assert sorted(links.values()) == [spoken, "Excel (XLSX)"]
    for link in links:
        answer = client.get(html.unescape(link))
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
