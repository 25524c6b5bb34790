"""Formats: read back by another library, the same bytes each time, hostile labels safe."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.errors import ParameterError
from graph_service.networks import FORMATS, Network, Specification, Statements, network, with_figures, write

HOSTILE = [
    "]]>",
    "<script>alert(1)</script>",
    "&amp; \"quoted\" 'too'",
    "=1+1",
    "-2",
    "@SUM(A1)",
    "\ttab\r\nline\n",
    "null\x00 bell\x07",
    "null\ufffd bell\ufffd",
    "non\uffff",
    "Flüchtlingsrat\u202e Ü 𝔘",
    "https://example.org/id/actor/ä?b=c&d#e",
]


def made(names: list[str], mode: str = "actors") -> Network:
    rows = [{"actor": name, "concept": "x", "level": "0.5", "document": "d"} for name in names]
    rows += [{"actor": names[0], "concept": "=y", "level": "-1.5", "document": "d"}]
    specification = Specification(mode=mode, measure="subtract", normalisation="no")  # type: ignore[arg-type]
    one = with_figures(network(Statements.from_rows(rows), specification))
    nodes = len(one.names)
    return one.with_attributes(
        {"own": np.arange(nodes) % 2 == 0, "share": np.where(np.arange(nodes) % 3, np.nan, 1 / 3)}
    ).with_words("label", {name: f"Label of {name}" for name in names[1:]})


def text(one: Network, name: str) -> str:
    return b"".join(write(one, name)).decode()


def attributes(one: Network) -> list[dict[str, object]]:
    """Node attributes as they went in, without those that a node has not."""
    columns = {name: values.tolist() for name, values in one.attributes.items()}
    rows = [{name: values[place] for name, values in columns.items()} for place in range(len(one.names))]
    return [{name: value for name, value in row.items() if value == value and value != ""} for row in rows]


def xml_legal(name: str) -> str:
    return "".join("\ufffd" if char in "\x00\x07\uffff" else char for char in name)


@pytest.mark.parametrize("mode", ["actors", "two-mode"])
def test_graphml_comes_back_whole(mode: str) -> None:
    one = made(["A", "B", "C", "D"], mode)
    graph = nx.parse_graphml(text(one, "graphml"))
    assert [dict(graph.nodes[node]) for node in one.names] == attributes(one)
    assert [type(value) for value in graph.nodes["B"].values()] == [
        type(value) for value in attributes(one)[1].values()
    ]
    assert {(s, t, w) for s, t, w in graph.edges(data="weight")} == set(one.edges())
    assert "measure = subtract; normalisation = no; duplicates = document; " in text(one, "graphml")


@pytest.mark.parametrize("mode", ["actors", "two-mode"])
def test_gexf_comes_back_whole(mode: str) -> None:
    one = made(["A", "B", "C", "D"], mode)
    graph = nx.read_gexf(io.BytesIO(text(one, "gexf").encode()))
    for node, expected in zip(one.names, attributes(one), strict=True):
        assert dict(graph.nodes[node]) == {"label": node} | expected
    assert {(s, t, d["weight"]) for s, t, d in graph.edges(data=True)} == set(one.edges())


@pytest.mark.parametrize("mode", ["actors", "two-mode"])
def test_node_link_json_comes_back_whole(mode: str) -> None:
    one = made(HOSTILE, mode)
    graph = nx.node_link_graph(json.loads(text(one, "json")), edges="edges")
    assert [dict(graph.nodes[node]) for node in one.names] == attributes(one)
    assert {(s, t, w) for s, t, w in graph.edges(data="weight")} == set(one.edges())
    assert graph.graph["mode"] == mode


def test_matrix_and_lists_come_back_whole() -> None:
    one = made(["A", "B", "C"])
    header, *lines = csv.reader(io.StringIO(text(one, "matrix")))
    assert header[1:] == [line[0] for line in lines] == list(one.rows)
    assert np.array_equal(np.array([line[1:] for line in lines], float), one.matrix().toarray())
    edges = list(csv.DictReader(io.StringIO(text(one, "edges"))))
    assert [(edge["source"], edge["target"], float(edge["weight"])) for edge in edges] == list(one.edges())
    nodes = list(csv.DictReader(io.StringIO(text(one, "nodes"))))
    assert (nodes[0]["id"], nodes[0]["degree"], nodes[0]["own"]) == ("A", "2", "true")
    two = made(["A", "B"], "two-mode")
    assert text(two, "matrix") == ",'=y,x\r\nA,-1.5,0.5\r\nB,0.0,0.5\r\n"


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_hostile_labels_stay_text_in_xml(name: str) -> None:
    one = made(HOSTILE)
    root = ET.fromstring(text(one, name))
    ids = [node.get("id") for node in root.iter() if node.tag.endswith("}node")]
    assert len(set(ids)) == len(HOSTILE)
    assert [xml_legal(each) for each in one.rows if xml_legal(each) == each] == [i for i in ids if i in set(HOSTILE)]
    assert not [element for element in root.iter() if element.tag.endswith("script")]


def test_spreadsheets_see_no_formula() -> None:
    one = made(HOSTILE)
    for name in ("matrix", "edges", "nodes"):
        for row in csv.reader(io.StringIO(text(one, name))):
            for cell in row:
                assert not cell.startswith(("=", "@", "+", "\t")), cell
                assert not cell.startswith("-") or (float(cell) < 0 and cell != "-2")


def test_a_concept_named_like_an_actor_is_another_node() -> None:
    rows = [{"actor": "A", "concept": "A"}, {"actor": "A", "concept": "B"}]
    one = network(Statements.from_rows(rows), Specification(mode="two-mode"))  # type: ignore[arg-type]
    graph = nx.parse_graphml(text(one, "graphml"))
    assert sorted(graph.edges) == [("A", "A (concept)"), ("A", "B")]


@pytest.mark.parametrize("name", [known.name for known in FORMATS])
def test_the_same_network_gives_the_same_bytes(name: str) -> None:
    assert text(made(HOSTILE), name) == text(made(HOSTILE[::1]), name)
    assert text(network(Statements.from_rows([]), Specification()), name)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=2, max_size=5, unique=True))
def test_any_text_can_be_a_label(names: list[str]) -> None:
    rows = [{"actor": name, "concept": "x"} for name in names]
    one = network(Statements.from_rows(rows), Specification()).with_words("label", dict(zip(names, names, strict=True)))
    for name in ("graphml", "gexf"):
        root = ET.fromstring(text(one, name))
        assert len([node for node in root.iter() if node.tag.endswith("}node")]) == len(one.names)
    assert [node["id"] for node in json.loads(text(one, "json"))["nodes"]] == list(one.rows)


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(ParameterError, match="json, graphml, gexf, edges, matrix, nodes"):
        write(made(["A", "B"]), "xlsx")
