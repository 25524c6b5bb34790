"""Rows are counted in the bytes of an answer, wherever the engine cuts them."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.rdf.query_limits import LimitReached
from graph_service.store.counting import CountingWriter

FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
TERMS = st.sampled_from(["UNDEF", "<urn:x>", '"a b"', '"line\\nbreak"', '"quo\\"te"', '"com,ma"', '"{} [] <result>"'])


def answer(rows: list[tuple[str, str]], name: str) -> bytes:
    values = " ".join(f"({a} {b})" for a, b in rows)
    found = ox.Store().query(f"SELECT * {{ VALUES (?a ?b) {{ {values} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    written = found.serialize(format=FORMATS[name])
    assert written is not None
    return written


@pytest.mark.parametrize("name", FORMATS)
@given(rows=st.lists(st.tuples(TERMS, TERMS), max_size=8), cuts=st.lists(st.integers(1, 40), max_size=60))
def test_the_count_does_not_depend_on_where_the_bytes_are_cut(
    name: str, rows: list[tuple[str, str]], cuts: list[int]
) -> None:
    whole, output, start = answer(rows, name), io.BytesIO(), 0
    counted = CountingWriter(output, name, rows=None, size=None)
    for cut in cuts:
        counted.write(whole[start : start + cut])
        start += cut
    counted.write(whole[start:])
    assert counted.rows == len(rows)
    assert output.getvalue() == whole


@pytest.mark.parametrize("name", FORMATS)
def test_the_limit_ends_what_is_larger(name: str) -> None:
    whole = answer([("<urn:x>", "<urn:y>")] * 5, name)
    CountingWriter(io.BytesIO(), name, rows=5, size=len(whole)).write(whole)
    with pytest.raises(LimitReached, match="4"):
        CountingWriter(io.BytesIO(), name, rows=4, size=None).write(whole)
    with pytest.raises(LimitReached):
        CountingWriter(io.BytesIO(), name, rows=None, size=len(whole) - 1).write(whole)
