"""Which triples a query sees, what its errors say, and that limits of rows and bytes count right."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest

from graph_service.errors import ParameterError, QueryError, QueryRefused, QuerySyntaxError, SnapshotError
from graph_service.rdf.formats import Form, by_name, offered
from graph_service.rdf.query_limits import LimitReached
from graph_service.store import Query
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from tests.store.snapshots import INFERRED, Writer, ask, write_snapshot

COUNT = "SELECT (COUNT(*) AS ?n) {0} {{ {1} }}"
A, B, C = "http://e/a", "http://e/b", "http://e/c"


@pytest.fixture(scope="module")
def three(snapshot: Writer) -> EmbeddedStore:
    """One triple in three graphs, one more in each, one inferred."""
    lines = [f"<http://e/s> <http://e/p> <http://e/o> <{graph}> ." for graph in (A, B, C)]
    lines += [f'<http://e/s> <http://e/own> "{graph[-1]}" <{graph}> .' for graph in (A, B, C)]
    lines += [f"<http://e/s> <http://e/own> <http://e/o> <{INFERRED}> ."]
    return EmbeddedStore.open(snapshot(lines))


def count(store: EmbeddedStore, pattern: str = "?s ?p ?o", clause: str = "", **more: object) -> int:
    answer = store.answer(ask(COUNT.format(clause, pattern), "csv", **more))
    return int(answer.split()[1])


def test_a_triple_stated_in_three_graphs_counts_once(three: EmbeddedStore) -> None:
    assert count(three) == 5
    assert count(three, "?s <http://e/p> ?o") == 1
    assert count(three, "GRAPH ?g { ?s ?p ?o }") == 7


@pytest.mark.parametrize(
    ("selected", "row"),
    [
        ("(SUM(?x) AS ?n)", '""'),
        ("(MIN(?x) AS ?n)", '""'),
        ("(COUNT(?x) AS ?n)", "1"),
        ("(SUM(COALESCE(?x, 0)) AS ?n)", "2"),
        ("(COUNT(?y) AS ?n)", "2"),
    ],
)
def test_what_the_documentation_says_of_aggregates(three: EmbeddedStore, selected: str, row: str) -> None:
    """docs/sparql.md, "What surprises": a row without a value, and HAVING before SELECT gives its names."""
    values = "VALUES (?y ?x) { (1 2) (1 UNDEF) }"
    answer = three.answer(ask(f"SELECT {selected} {{ {values} }} GROUP BY ?y", "csv"))
    assert answer.decode().splitlines()[1:] == [row]
    alias = f"SELECT ?y (COUNT(*) AS ?n) {{ {values} }} GROUP BY ?y HAVING(?n > 1)"
    assert len(three.answer(ask(alias, "csv")).decode().splitlines()) == 1
    assert len(three.answer(ask(alias.replace("?n >", "COUNT(*) >"), "csv")).decode().splitlines()) == 2


def test_without_inferred(three: EmbeddedStore) -> None:
    assert count(three, inferred=False) == 4
    assert count(three, "GRAPH ?g { ?s ?p ?o }", inferred=False) == 6
    assert count(three, f"GRAPH <{INFERRED}> {{ ?s ?p ?o }}", inferred=False) == 0
    assert count(three, f"GRAPH <{INFERRED}> {{ ?s ?p ?o }}") == 1
    assert count(three, clause=f"FROM <{INFERRED}>", inferred=False) == 0
    assert count(three, clause=f"FROM <{INFERRED}>") == 1
    assert count(three, "GRAPH ?g { ?s ?p ?o }", f"FROM NAMED <{INFERRED}> FROM NAMED <{A}>", inferred=False) == 2
    assert count(three, default_graphs=(INFERRED, A), inferred=False) == 2


def test_from_is_a_merge(three: EmbeddedStore) -> None:
    assert count(three, clause=f"FROM <{A}>") == 2
    assert count(three, clause=f"FROM <{A}> FROM <{B}> FROM <{A}>") == 3
    assert count(three, clause=f"FROM <{A}> FROM <{INFERRED}>") == 3
    assert count(three, "GRAPH ?g { ?s ?p ?o }", f"FROM <{A}> FROM <{B}>") == 0
    assert count(three, "GRAPH ?g { ?s ?p ?o }", f"FROM <{A}> FROM <{B}> FROM NAMED <{B}> FROM NAMED <{C}>") == 4
    assert count(three, clause=f"FROM NAMED <{B}>") == 0


def test_a_graph_that_is_not_there_is_empty(three: EmbeddedStore) -> None:
    assert count(three, clause="FROM <http://e/none>") == 0
    assert count(three, "GRAPH <http://e/none> { ?s ?p ?o }") == 0
    assert count(three, default_graphs=("http://e/none",)) == 0
    assert count(three, "GRAPH ?g { ?s ?p ?o }", named_graphs=("http://e/none",)) == 0


def test_the_protocols_data_set_replaces_the_querys_own(three: EmbeddedStore) -> None:
    assert count(three, clause=f"FROM <{A}> FROM NAMED <{A}>", default_graphs=(B, C)) == 3
    assert count(three, "GRAPH ?g { ?s ?p ?o }", f"FROM NAMED <{A}>", default_graphs=(B,)) == 0
    assert count(three, "GRAPH ?g { ?s ?p ?o }", f"FROM NAMED <{A}>", named_graphs=(B, C)) == 4
    assert count(three, default_graphs=(), named_graphs=(B,)) == 0


def test_the_word_from_elsewhere_is_no_data_set(three: EmbeddedStore) -> None:
    assert count(three, '?from ?p ?o FILTER(STR(?o) != "FROM <http://e/a>")') == 5


def test_a_graph_that_is_no_iri(three: EmbeddedStore) -> None:
    with pytest.raises(ParameterError, match="not an absolute IRI"):
        count(three, default_graphs=("no iri",))


def test_a_separate_default_graph(snapshot: Writer) -> None:
    directory = snapshot(
        ["<http://e/s> <http://e/p> <http://e/o> .", f"<http://e/s> <http://e/p> <http://e/o2> <{A}> ."]
    )
    store = EmbeddedStore.open(directory, separate_default_graph=True)
    assert count(store) == 1
    assert count(store, inferred=False) == 1
    assert count(store, "GRAPH ?g { ?s ?p ?o }") == 1
    assert count(store, clause=f"FROM <{A}>") == 1
    assert count(store, "?s ?p ?o", f"FROM NAMED <{A}>") == 0


def test_digest(people: Path) -> None:
    store = EmbeddedStore.open(people)
    assert len(store.digest) == 64
    assert store.digest in (people / "manifest.json").read_text()


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("manifest.json", b"", "no readable manifest"),
        ("manifest.json", b"[]", "no readable manifest"),
        ("quads.nq", b"<http://e/s> <http://e/p> <http://e/o> <http://e/a> .\n", "not what the manifest says"),
        ("quads.nq", b"<http://e/s> <http://e/p> broken <http://e/a> .\n", "quads.nq"),
        ("quads.nq", b"<b:> <b:> <b:> <b:> .\n<a:> <a:> <a:> <a:> .\n", "not sorted"),
    ],
)
def test_a_broken_snapshot(tmp_path: Path, file: str, change: bytes, message: str) -> None:
    directory = write_snapshot(tmp_path, [f"<http://e/s> <http://e/p> <http://e/o> <{B}> ."])
    (directory / file).write_bytes(change)
    with pytest.raises(SnapshotError, match=message) as caught:
        Engine.load(directory)
    assert str(tmp_path) not in str(caught.value)


def test_an_absent_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        Engine.load(tmp_path / "none")
    write_snapshot(tmp_path, [])
    (tmp_path / "quads.nq").unlink()
    with pytest.raises(SnapshotError, match="cannot be read"):
        Engine.load(tmp_path)


def test_a_triple_both_stated_and_inferred_is_an_error(tmp_path: Path) -> None:
    write_snapshot(tmp_path, [f"<http://e/s> <http://e/p> <http://e/o> <{graph}> ." for graph in (A, INFERRED)])
    with pytest.raises(SnapshotError, match="both stated and inferred"):
        Engine.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * WHERE {\n  ?s ?p", "line 2, column 8: The query is not complete"),
        ('SELECT * {\n ?s ?p "a }', "line 2, column 8: This string does not end"),
        ("SELECT (1 + AS ?x) {}", "line 1, column 13: .*: AS"),
        ("SELECT * {\n ?x foo:b ?c}", "line 2, column 5: The prefix foo: is not declared.*PREFIX foo: <…>"),
        ("SELECT * { ?x <a> ?c }", "line 1, column 15: <a> is a relative IRI"),
        ("SELECT * {?x ?y ?z FILTER(?x == 3)}", "line 1, column 31"),
        ("SELECT * {?x ?y ?z } LIMIT a", "line 1, column 28"),
        ("SELECT * {} GROUP BY ?x", "SELECT . is not authorized with GROUP BY"),
        ("SELECT * { ?s ?p ?o }}", "line 1"),
        (
            "SELECT ?a\n ?p (COUNT(?b) AS ?n) {?a ?p ?b} GROUP BY ?a",
            r"line 2, column 2: \?p is selected.*SAMPLE\(\?p\)",
        ),
        ("SELECT ?a (COUNT(?b) AS ?n) { ?a ?p ?b }", r"column 8: \?a is selected, but .* not group by it"),
        ("SELECT (COUNT(?b) + ?a AS ?n) { ?a ?p ?b }", r"column 21: \?a is selected"),
        ("SELECT ?a { ?a ?q ?c { SELECT ?b (MAX(?c) AS ?m) { ?b ?p ?c } } }", r"column 31: \?b is selected"),
        ("SELECT (?x AS ?y) { ?a ?p ?x } GROUP BY (STR(?a) AS ?y2) ?a", r"column 9: \?x is selected"),
        ("SELECT ?a (?b AS ?a) { ?a ?p ?b }", r"column 18: \?a has a value in the pattern already"),
        ("SELECT (1 AS ?c) (2 AS ?c) {}", r"column 24: \?c names two columns"),
        ("SELECT ?a {\n ?a ?p ?b BIND(1 AS ?a) }", r"line 2, column 21: \?a has a value before this BIND"),
        ("SELECT * { ?s ?p \x1b[31m }", "line 1, column 18: .*u001b"),
    ],
)
def test_syntax_errors_say_where(three: EmbeddedStore, text: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=message) as caught:
        three.query(text)
    assert str(caught.value).isprintable()


def test_a_form_that_is_not_that_of_the_text(three: EmbeddedStore) -> None:
    for text, form in (("ASK {}", Form.SELECT), ("SELECT * {}", Form.CONSTRUCT), ("DESCRIBE <a:b>", Form.ASK)):
        with pytest.raises(QuerySyntaxError, match="not of the form"):
            three.answer(Query(text, form, offered(form)[0]))
    with pytest.raises(QuerySyntaxError, match="no answer as csv"):
        three.query("ASK {}", offered(Form.SELECT)[2])


def test_what_gets_round_the_guard_names_no_path_or_address(three: EmbeddedStore) -> None:
    text = "SELECT * { SERVICE <http://127.0.0.1:9/secret> { ?s ?p ?o } }"
    with pytest.raises(QueryRefused) as caught:
        three.answer(Query(text, Form.SELECT, offered(Form.SELECT)[0]))
    assert "127" not in str(caught.value)
    with pytest.raises(QueryRefused):
        three.query(text)


def test_deep_nesting(three: EmbeddedStore) -> None:
    assert b"1" in three.query("SELECT (" + "STR(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}")


def test_construct_is_a_set(three: EmbeddedStore) -> None:
    answer = three.query("CONSTRUCT { <http://e/x> ?p ?g } { GRAPH ?g { ?s ?p ?o } }", offered(Form.CONSTRUCT)[1])
    assert len(answer.splitlines()) == len(set(answer.splitlines())) == 7


HOSTILE = ["a", "}},{", "{},{},", '"', '",\n"', "\r\n", "<result>", "\\", "", "{}"]


@pytest.mark.parametrize("format_name", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("rows", [0, 1, 2, 9, 3000])
def test_rows_are_counted(three: EmbeddedStore, format_name: str, rows: int) -> None:
    values = " ".join(f"({number % 7} UNDEF 'a\"{number}\\n<result>')" for number in range(rows))
    query = ask(f"SELECT * {{ VALUES (?a ?b ?c) {{ {values} }} }}", format_name)
    engine = three._engine
    assert engine.evaluate(query, io.BytesIO(), rows=rows) == rows
    if rows:
        with pytest.raises(LimitReached, match=f"more than {rows - 1} rows.*LIMIT"):
            engine.evaluate(query, io.BytesIO(), rows=rows - 1)


@pytest.mark.parametrize("format_name", ["json", "xml"])
def test_rows_without_bindings_are_counted(three: EmbeddedStore, format_name: str) -> None:
    query = ask(
        f"SELECT ?x {{ VALUES ?y {{ {'1 ' * 5000} }} OPTIONAL {{ FILTER(?y > 1) BIND(1 AS ?x) }} }}", format_name
    )
    assert three._engine.evaluate(query, io.BytesIO()) == 5000


def test_csv_rows_are_those_a_reader_finds(three: EmbeddedStore) -> None:
    values = " ".join(
        f'"""{text}{text}{number}"""' for number, text in enumerate(["a\n", '\\"', '",\n', "\r\n"] * 2000)
    )
    output = io.BytesIO()
    rows = three._engine.evaluate(ask(f"SELECT * {{ VALUES ?x {{ {values} }} }}", "csv"), output)
    assert rows == 8000 == len(list(csv.reader(io.StringIO(output.getvalue().decode(), newline="")))) - 1


@pytest.mark.parametrize("format_name", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_triples_are_counted(people: Path, format_name: str) -> None:
    engine = Engine.load(people)
    query = ask("CONSTRUCT WHERE { ?s ?p ?o }", format_name)
    assert engine.evaluate(query, io.BytesIO(), rows=3000) == 3000
    with pytest.raises(LimitReached, match="more than 2999 rows"):
        engine.evaluate(query, io.BytesIO(), rows=2999)


def test_bytes_are_counted(people: Path) -> None:
    engine = Engine.load(people)
    output = io.BytesIO()
    with pytest.raises(LimitReached, match=r"more than 20000 bytes.*OFFSET"):
        engine.evaluate(ask("SELECT * { ?s ?p ?o }"), output, size=20_000)
    assert 0 < len(output.getvalue()) <= 20_000


def test_an_error_of_the_output_is_passed_on(people: Path) -> None:
    class Broken:
        def write(self, data: bytes, /) -> int:
            raise BrokenPipeError

    for text in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        with pytest.raises(BrokenPipeError):
            Engine.load(people).evaluate(ask(text), Broken())


def test_errors_are_of_one_family(three: EmbeddedStore) -> None:
    for text in ("SELECT * { SERVICE ?x {} }", "INSERT DATA {}", "SELECT", "SELECT * FROM <x> {}"):
        with pytest.raises(QueryError):
            three.query(text)


def test_relative_iris_are_resolved_against_the_base_of_the_data(tmp_path: Path) -> None:
    quad = "<https://example.org/id/a> <https://example.org/p> <https://example.org/b> <https://example.org/g> .\n"
    (tmp_path / "quads.nq").write_text(quad)
    digest = hashlib.sha256(quad.encode()).hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps({"digest": digest, "base": "https://example.org/"}))
    store = EmbeddedStore.open(tmp_path)
    for text in ("ASK { <id/a> <p> ?o }", "ASK FROM <g> { <id/a> <p> ?o }", "ASK { GRAPH <g> { <id/a> <p> <b> } }"):
        assert json.loads(store.query(text))["boolean"] is True


def test_csv_quotes_whatever_has_a_comma(three: EmbeddedStore) -> None:
    terms = '<http://e/a,b> "c,d" "e" "line\\nbreak" "quo\\"te"'
    answer = three.query(f"SELECT ?x {{ VALUES ?x {{ {terms} }} }}", by_name(Form.SELECT, "csv")).decode()
    assert list(csv.reader(io.StringIO(answer, newline=""))) == [
        ["x"], ["http://e/a,b"], ["c,d"], ["e"], ["line\nbreak"], ['quo"te'],
    ]  # fmt: skip
