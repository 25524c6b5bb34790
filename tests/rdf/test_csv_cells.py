"""Cells of CSV: what Excel would take for something else stays what it is."""

from __future__ import annotations

import csv
import io

import pytest

from graph_service.rdf.csv_cells import PLAIN, document, of_excel

# In the wild: parts of a date, places in a text, numbers with zeros in front, names of months, truth values.
MISREAD = [
    *("2025-06", "2020/21", "1/2", "2.1", "3-4", "7, 8", "1.2.3", "12:30", ".5"),
    *("007", "1234567890123456", "24E7", "5 %", "10€"),
    *("Mai 2013", "may 5", "14. Mai", "März 2021", "Dez. 24", "Juni2017", "1 October 2024"),
    *("true", "WAHR", "False", "falsch"),
]
READ = [
    "",
    "2023",
    "2019-06-28",
    "20/a",
    "S. 3",
    "Punkt 2.1",
    "Maibaum 2013",
    "Märkte 2020",
    "undated",
    "a-b",
    "none in text",
]


@pytest.mark.parametrize("text", MISREAD)
def test_excel_gets_a_text_as_a_text(text: str) -> None:
    assert of_excel("de").cell(text) == of_excel("en").cell(text) == f"'{text}"
    assert PLAIN.cell(text) == text


@pytest.mark.parametrize("text", READ)
def test_what_excel_reads_rightly_has_no_mark(text: str) -> None:
    assert of_excel("de").cell(text) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_formulas_stay_text(text: str, language: str) -> None:
    dialect = of_excel(language)
    made = document(["text"], [[text]], dialect).decode("utf-8-sig")
    (_, (cell,)) = csv.reader(io.StringIO(made, newline=""), delimiter=dialect.delimiter)
    assert cell == f"'{text}"


def test_the_dialect_of_a_language() -> None:
    row = [0.5, -1, 1e-05, True, False, None, "a;b", "c,d", "ä"]
    assert document(["n"], [row], of_excel("de-AT")).decode() == (
        '\ufeffn\r\n0,5;-1;1e-05;WAHR;FALSCH;;"a;b";c,d;ä\r\n'
    )
    assert document(["n"], [row], of_excel("en-gb")).decode() == ('\ufeffn\r\n0.5,-1,1e-05,TRUE,FALSE,,a;b,"c,d",ä\r\n')
