"""Canonical forms: one digest for one answer, another for any other."""

from __future__ import annotations

from itertools import permutations

import pyoxigraph as ox
import pytest

from graph_service.rdf import canonical
from graph_service.rdf.canonical import CanonicalAnswer
from graph_service.rdf.formats import GRAPHS, RESULTS

ROWS = ["<urn:a>\t1", '<urn:b>\t"1.0"^^<http://www.w3.org/2001/XMLSchema#decimal>', '\t"x\\ty"@de', "<urn:a>\t1"]


def tsv(*rows: str, is_ordered: bool = False) -> CanonicalAnswer:
    body = "\n".join(["?a\t?b", *rows, ""]).encode()
    return canonical.read(body, RESULTS[3], is_ordered=is_ordered)


def test_rows_count_in_any_order_unless_the_query_orders_them() -> None:
    orders = [tsv(*rows, is_ordered=True) for rows in permutations(ROWS)]
    assert len({one.sha256 for one in orders}) == 1
    assert len({one.more["order"] for one in orders}) == 12
    assert "order" not in tsv(*ROWS).more


@pytest.mark.parametrize(
    "changed",
    [
        ROWS[:3],
        [*ROWS, ROWS[0]],
        ["<urn:a>\t01", *ROWS[1:]],
        ['"urn:a"\t1', *ROWS[1:]],
        [*ROWS[:2], '\t"x\\ty"@en', ROWS[3]],
        [*ROWS[:2], '"x\\ty"@de\t', ROWS[3]],
    ],
)
def test_another_answer_has_another_digest(changed: list[str]) -> None:
    assert tsv(*changed).sha256 != tsv(*ROWS).sha256


def test_nothing_found_is_an_answer_with_columns() -> None:
    nothing = tsv()
    assert nothing.result["rows"] == 0
    other = canonical.read(b"?a\n", RESULTS[3])
    assert nothing.sha256 != other.sha256


def test_names_of_blank_nodes_do_not_count() -> None:
    assert tsv("_:x\t1", "_:y\t_:x").sha256 == tsv("_:q\t_:x", "_:x\t1").sha256
    assert tsv("_:x\t1", "_:y\t_:x").sha256 != tsv("_:x\t1", "_:y\t_:y").sha256
    # A row in which nothing is bound is a row.
    assert tsv("_:x\t1", "\t").result["rows"] == 2
    assert len(tsv("_:x\t1", "\t").lines) == 2
    first, second = tsv("_:x\t1", "_:y\t2", is_ordered=True), tsv("_:y\t2", "_:x\t1", is_ordered=True)
    assert first.more["order"] != second.more["order"]
    assert first.more == tsv("_:u\t1", "_:v\t2", is_ordered=True).more


def test_graphs_are_compared_by_rdfc() -> None:
    one = b"_:a <urn:p> _:b . _:b <urn:p> <urn:c> ."
    renamed = b"_:z <urn:p> <urn:c> . _:y <urn:p> _:z . _:y <urn:p> _:z ."
    other = b"_:a <urn:p> _:b . _:a <urn:p> <urn:c> ."
    digests = [canonical.read(body, GRAPHS[0]).sha256 for body in (one, renamed, other)]
    assert digests[0] == digests[1] != digests[2]


def test_every_format_gives_the_same_form() -> None:
    store = ox.Store()
    store.load(b'<urn:s> <urn:p> 1, 1.50, "x"@de, "y", _:b . _:b <urn:q> true .', ox.RdfFormat.TURTLE)
    query = "SELECT * WHERE { ?s ?p ?o OPTIONAL { ?o ?q ?r } }"
    found = canonical.table(
        ["s", "p", "o", "q", "r"], store.query("SELECT ?s ?p ?o ?q ?r " + query[9:]), is_ordered=False
    )
    kinds = (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML, ox.QueryResultsFormat.TSV)
    for format_, kind in zip((RESULTS[0], RESULTS[1], RESULTS[3]), kinds, strict=True):
        body = store.query("SELECT ?s ?p ?o ?q ?r " + query[9:]).serialize(format=kind)
        assert canonical.read(body, format_).result == found.result
    graph = canonical.graph(store.query("CONSTRUCT WHERE { ?s ?p ?o }"))
    for format_ in GRAPHS:
        kind_ = ox.RdfFormat.from_extension(format_.extension)
        body = ox.serialize(store.query("CONSTRUCT WHERE { ?s ?p ?o }"), format=kind_)
        assert canonical.read(body, format_).result == graph.result


@pytest.mark.parametrize(
    ("text", "is_ordered"),
    [
        ("SELECT * { ?s ?p ?o } ORDER BY ?s", True),
        ("select * { ?s ?p ?o } order\nby ?s limit 3", True),
        ("SELECT * { { SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 3 } }", False),
        ('SELECT * { ?s ?p "ORDER BY ?s" } # ORDER BY ?s', False),
        ("PREFIX order: <urn:> SELECT * { ?s order:BY ?order }", False),
    ],
)
def test_only_the_order_of_the_whole_query_counts(text: str, is_ordered: bool) -> None:
    assert canonical.orders(text) is is_ordered
