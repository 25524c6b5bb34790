"""Rows read back from SPARQL results, against what pyoxigraph writes (SPARQL 1.1 Query Results TSV and CSV)."""

from __future__ import annotations

import csv
import io

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph_service.rdf import answers
from graph_service.rdf.csv_cells import PLAIN
from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import text

TEXTS = st.text(st.characters(codec="utf-8"))


def _answer(term: ox.Literal, kind: ox.QueryResultsFormat) -> bytes:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), term))
    found = store.query("SELECT ?o { ?s ?p ?o }")
    assert isinstance(found, ox.QuerySolutions)
    answer = found.serialize(format=kind)
    assert answer is not None
    return answer


@given(TEXTS, st.sampled_from([None, "de"]))
@example("\\ \" ' \n \t \r \b \f \U0001f600", None)
def test_text_from_tsv_is_the_text_in_the_store(value: str, language: str | None) -> None:
    literal = ox.Literal(value, language=language)
    _, (row,) = answers.solutions(_answer(literal, ox.QueryResultsFormat.TSV))
    assert row["o"]["value"] == value
    assert row["o"].get("xml:lang") == language
    assert text(str(literal)) == value


def literals() -> st.SearchStrategy[ox.Literal]:
    numbers = st.sampled_from(["integer", "decimal", "double", "boolean", "date", "string"]).flatmap(
        lambda kind: st.sampled_from(["1", "01", "+1.0", "1e0", "NaN", "true", "2020-01-01", "x"]).map(
            lambda text: ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
        )
    )
    return st.one_of(TEXTS.map(ox.Literal), TEXTS.map(lambda text: ox.Literal(text, language="de")), numbers)


@given(literals())
def test_terms_and_values_are_those_that_a_library_reads(literal: ox.Literal) -> None:
    answer = _answer(literal, ox.QueryResultsFormat.TSV)
    read = ox.parse_query_results(answer, format=ox.QueryResultsFormat.TSV)
    assert isinstance(read, ox.QuerySolutions)
    (term,) = next(read)
    assert isinstance(term, ox.Literal)
    assert answers.terms(answer) == [{"o": str(term)}]
    if term.datatype.value != f"{XSD}boolean":
        assert answers.values(answer) == [{"o": term.value}]


def test_names_are_read_as_they_are_written() -> None:
    answer = b"?a\t?b\t?c\n<urn:a>\t_:b\t\n"
    assert answers.terms(answer) == [{"a": "<urn:a>", "b": "_:b"}]
    assert answers.values(answer) == [{"a": "urn:a", "b": "b", "c": ""}]


@given(TEXTS, st.booleans())
def test_escaped_code_points_are_read(value: str, single: bool) -> None:
    quote = "'" if single else '"'
    escaped = "".join(f"\\U{ord(char):08X}" for char in value)
    assert answers.binding(f"{quote}{escaped}{quote}^^<{XSD}string>")["value"] == value


def test_every_escape_of_turtle_is_read() -> None:
    assert answers.binding(r""""\t\b\n\r\f\"\'\\\u00e9\U0001F600"@en""")["value"] == "\t\b\n\r\f\"'\\é😀"
    assert answers.binding(r"<urn:\u00e9>")["value"] == "urn:é"


@pytest.mark.parametrize("wrong", [r"\x", r"\u12", r"\uD800", r"\U00110000", "\\"])
def test_a_wrong_escape_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an escape of a Unicode character"):
        answers.binding(f'"{wrong}"')


@given(TEXTS)
@example("\n=1+1")
@example("＝1+1")
def test_no_csv_cell_begins_like_a_formula(value: str) -> None:
    guarded = PLAIN.cell(value)
    assert isinstance(guarded, str)
    assert not guarded.startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert guarded.removeprefix("'") == value.removeprefix("'")
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([guarded, "end"])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [guarded, "end"]
