"""Tables: what spreadsheets would run stays text, values keep their type, labels stand beside IRIs."""

from __future__ import annotations

import csv
import io
import json

import httpx2
import pyarrow
import pytest
from pyarrow import parquet

from graph_service.rdf.answers import solutions, truth, value
from graph_service.rdf.namespaces import XSD, Names
from graph_service.settings import BASE
from graph_service.views import tables
from graph_service.views.labels import Labels
from graph_service.views.tables import Table, labelled, to_csv

FORMULAS = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_stay_text(text: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(to_csv(Table(("text",), [[text]])).decode(), newline=""))
    assert cell == f"'{text}"


def test_numbers_keep_their_sign() -> None:
    assert to_csv(Table(("n", "b", "x"), [[-1, True, None], [0.5, False, "a,b"]])) == (
        b'n,b,x\r\n-1,true,\r\n0.5,false,"a,b"\r\n'
    )


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("1", "integer", 1),
        ("-1", "integer", -1),
        ("1.50", "decimal", 1.5),
        ("100", "decimal", 100),
        ("true", "boolean", True),
        ("false", "boolean", False),
        ("maybe", "boolean", "maybe"),
        ("2019-06-28", "date", "2019-06-28"),
        ("INF", "double", float("inf")),
        ("x", "integer", "x"),
    ],
)
def test_values_have_their_type(text: str, datatype: str, expected: object) -> None:
    assert value({"type": "literal", "value": text, "datatype": XSD + datatype}) == expected


def test_truth_values_are_spelled_in_one_way_whatever_the_store_writes() -> None:
    boolean = f"^^<{XSD}boolean>"
    answer = f'?a\t?b\n"1"{boolean}\ttrue\n"0"{boolean}\tfalse\n"1"{boolean}\t\n'
    columns, rows = solutions(answer.encode())
    assert columns == ("a", "b")
    assert [row["a"] for row in rows[:2]] == [row["b"] for row in rows[:2]]
    assert [truth(row, "a") for row in rows] == [True, False, True]
    assert [truth(row, "b") for row in rows] == [True, False, False]
    assert rows[0]["a"] is rows[2]["a"]


def test_labels_stand_beside_iris() -> None:
    labels = Labels(Names(BASE))
    labels.add(
        ["urn:a"],
        [
            {"item": {"value": "urn:a"}, "label": {"value": text, "xml:lang": lang}, "rank": {"value": rank}}
            for text, lang, rank in (("Eins", "de", "1"), ("One", "en", "1"), ("Other", "en", "2"))
        ],
    )
    a, b = ({"type": "uri", "value": name} for name in ("urn:a", f"{BASE}ontology#Actor"))
    table = labelled(("x", "y"), [{"x": a}, {"x": b, "y": {"type": "literal", "value": "t"}}], labels, "en")
    assert table.columns == ("x", "x_label", "y")
    assert table.rows == [["urn:a", "One", None], [f"{BASE}ontology#Actor", "mp:Actor", "t"]]


@pytest.mark.parametrize(("language", "expected"), [("de", "Eins"), ("de-at", "Eins"), ("en", "One"), ("fr", "One")])
def test_the_fallback_is_fixed(language: str, expected: str) -> None:
    labels = Labels(Names(BASE))
    rows = [("Eins", "de"), ("One", "en"), ("Odin", "ru")]
    labels.add(
        ["urn:a"],
        [{"item": {"value": "urn:a"}, "label": {"value": t, "xml:lang": k}, "rank": {"value": "1"}} for t, k in rows],
    )
    assert labels.text("urn:a", language) == expected


def test_a_node_without_a_name_is_called_by_file_and_number() -> None:
    labels = Labels(Names(BASE))
    node = Names(BASE).skolem("ontology/prüfung", 3)[1:-1]
    assert labels.label(node, "en") == ("unnamed node 3 of ontology/prüfung", "en")
    assert labels.text(node, "de-AT") == "unbenannter Knoten 3 aus ontology/prüfung"
    assert labels.text(f"{BASE}.well-known/void", "en") == ".well-known/void"


def test_labels_are_bounded() -> None:
    labels = Labels(Names(BASE), most=10)
    for number in range(100):
        labels.add([f"urn:{number}"], [])
    assert labels.missing([f"urn:{number}" for number in range(100)]) == sorted(f"urn:{n}" for n in range(90))


def test_columns(client: httpx2.Client) -> None:
    rows = client.get("/api/positions?limit=40").json()["items"]
    table = parquet.read_table(io.BytesIO(client.get("/api/positions?limit=40&format=parquet").content))
    stream = pyarrow.ipc.open_stream(client.get("/api/positions?limit=40&format=arrow").content).read_all()
    assert table.num_rows == stream.num_rows == len(rows)
    assert table.column("id").to_pylist() == [row["id"] for row in rows]
    assert str(table.schema.field("agreement").type) in ("int64", "string")
    assert table.schema.metadata[b"dataset"].decode() == client.get("/health").json()["digest"]


def test_a_column_of_several_types_becomes_text() -> None:
    made = tables.to_parquet(Table(("a", "b", "c"), [[1, 1, None], ["x", 0.5, None]]), {})
    read = parquet.read_table(io.BytesIO(made))
    assert read.column("a").to_pylist() == ["1", "x"]
    assert read.column("b").to_pylist() == [1.0, 0.5]
    assert read.column("c").to_pylist() == [None, None]


def test_lines_of_json() -> None:
    lines = tables.to_ndjson(Table(("a", "b"), [[1, "ä"], [None, True]])).decode().splitlines()
    assert [json.loads(line) for line in lines] == [{"a": 1, "b": "ä"}, {"a": None, "b": True}]
