"""Canonical forms: one digest for one answer, another for any other."""

from __future__ import annotations

import io
from itertools import permutations

import pyoxigraph as ox
import pytest

from graph_service.rdf import canonical, guard
from graph_service.rdf.canonical import CanonicalAnswer
from graph_service.rdf.formats import GRAPHS, RESULTS, Format
from graph_service.store import Query
from graph_service.store.engine import Engine
from graph_service.store.loading import LoadedDataset

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
    texts = ("SELECT ?o ?r WHERE { ?s ?p ?o OPTIONAL { ?o ?q ?r } }", "CONSTRUCT WHERE { ?s ?p ?o }")
    for text, offers in zip(texts, ((RESULTS[0], RESULTS[1], RESULTS[3]), GRAPHS), strict=True):
        answers = (written(store, text, format_) for format_ in offers)
        found = [canonical.read(body, format_).result for body, format_ in zip(answers, offers, strict=True)]
        assert found == [found[0]] * len(offers)
        assert found[0]["rows"] == 6


def written(store: ox.Store, text: str, format_: Format) -> bytes:
    output, form = io.BytesIO(), guard.inspect(text).form
    Engine(LoadedDataset(store)).evaluate(Query(text, form, format_), output)
    return output.getvalue()


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
