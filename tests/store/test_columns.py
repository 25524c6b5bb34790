"""The columns of `SELECT *` come in the order of the query, and no other query is touched."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest

from graph_service.store.columns import in_written_order


def columns(text: str) -> list[str]:
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    return [variable.value for variable in found.variables]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT * WHERE { ?z ?y ?x }", "z y x"),
        ("SELECT*{?z ?y ?x}", "z y x"),
        ("# select *\nPREFIX a: <http://x/select*>\nselect distinct\n* { ?z a:y $x OPTIONAL { ?x ?c ?d } }", "z x c d"),
        ("SELECT REDUCED * { { SELECT ?q ?b { ?q ?b ?hidden } } ?a ?b ?q }", "q b a"),
        ('SELECT * { ?s ?p "?o in a text" . ?o ?p ?s }', "s p o"),
        ("SELECT * { ?b ?a 1 } VALUES ?0 { 2 }", "b a 0"),
        ("SELECT * { ?straße ?ä ?b }", "straße ä b"),
    ],
)
def test_the_order_of_the_query(text: str, wanted: str) -> None:
    assert sorted(columns(text)) == sorted(wanted.split())
    assert columns(in_written_order(text)) == wanted.split()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?b ?a { { SELECT * { ?a ?b ?c } } }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT * {}",
        "SELECT * { ?s ?p",
        "ASK { { SELECT * { ?b ?a ?c } } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }",
    ],
)
def test_other_queries_stay_as_they_are(text: str) -> None:
    assert in_written_order(text) == text


def test_a_base_is_minded() -> None:
    assert columns(in_written_order("SELECT * { ?b <a> ?a }", "http://x/").replace("<a>", "<http://x/a>")) == ["b", "a"]


def test_hostile_blanks_cost_little() -> None:
    started = time.process_time()
    in_written_order("SELECT" + " " * 500_000 + "?a { ?a ?b ?c }")
    assert time.process_time() - started < 5
