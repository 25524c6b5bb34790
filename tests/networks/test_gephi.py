"""What Gephi's importers would report as an error; Gephi itself is not run.

The rules are those of `ImporterGEXF`, `ImporterGraphML`, `ImportEdgesProcess` and `ImportContainerImpl` in gephi/gephi.
"""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from lxml import etree

from graph_service.networks import Network, Specification, Statements, Window, frames, networks_over_time
from graph_service.networks.formats import gexf
from tests.networks.test_formats import HOSTILE, made, text

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("gexf.rng")))
NAMES = {"g": "http://gexf.net/1.3", "m": "http://graphml.graphdrawing.org/xmlns"}
ROWS = [
    {"actor": actor, "concept": "x", "level": level, "document": f"{actor}{year}", "date": f"{year}-05-01"}
    for year, actors in ((2001, "AB"), (2002, "AB"), (2003, "C"), (2009, "AB"), (2010, "ABC"))
    for actor, level in zip(actors, ("1", "1", "-1"), strict=False)
]


@pytest.mark.parametrize("one", [made(["A", "B", "C"]), made(HOSTILE), made(["A", "B"], "two-mode")])
def test_static_graphs(one: Network) -> None:
    """Valid; each node once and before its edges; no edge twice, none without weight; keys for nodes and edges only."""
    root = etree.fromstring(text(one, "gexf").encode())
    SCHEMA.assertValid(root)
    nodes = root.xpath("//g:node/@id", namespaces=NAMES)
    ends = [(edge.get("source"), edge.get("target")) for edge in root.xpath("//g:edge", namespaces=NAMES)]
    assert len(set(nodes)) == len(nodes)
    assert len({frozenset(pair) for pair in ends}) == len(ends) == one.edge_count
    assert {end for pair in ends for end in pair} <= set(nodes)
    declared = set(root.xpath("//g:attributes[@class='node']/g:attribute/@id", namespaces=NAMES))
    assert set(root.xpath("//g:node//g:attvalue/@for", namespaces=NAMES)) <= declared
    assert all(float(weight) for weight in root.xpath("//g:edge/@weight", namespaces=NAMES))
    keys = etree.fromstring(text(one, "graphml").encode()).xpath("//m:key", namespaces=NAMES)
    assert {key.get("for") for key in keys} == {"node", "edge"}
    assert {key.get("attr.type") for key in keys} <= {"boolean", "long", "double", "string"}
    assert [key.get("attr.name") for key in keys if key.get("for") == "edge"] == ["weight"]


def test_edges_as_a_spreadsheet() -> None:
    """Columns by the names that the importer looks for; the kind of an edge, its sign, and labels of both ends."""
    rows = list(csv.DictReader(io.StringIO(text(made(["A", "B", "C"]), "edges"))))
    assert {"source", "target", "type", "weight", "sign", "source_label", "target_label"} <= rows[0].keys()
    assert {row["type"] for row in rows} == {"Undirected"}
    assert all(int(row["sign"]) * float(row["weight"]) > 0 for row in rows)


def test_networks_over_time_are_one_dynamic_graph() -> None:
    """Each edge has the weights of the windows; spells of a node or an edge follow each other and never overlap."""
    statements, window = Statements.from_rows(ROWS), Window(2, "years")  # type: ignore[arg-type]
    chosen = Specification(measure="subtract", normalisation="no", isolates="keep")  # type: ignore[arg-type]
    found = list(networks_over_time(statements, chosen, window))
    labels = {"label": {"A": "<Amt> & Co"}, "kind": {"A": "party"}}
    written = "".join(gexf.over_time(frames(found, window), {"measure": "subtract"}, labels))
    root = etree.fromstring(written.encode())
    SCHEMA.assertValid(root)
    for element in root.iter("{*}node", "{*}edge"):
        for of in ("g:spells/g:spell", "g:attvalues/g:attvalue[@start]"):
            days = [(one.get("start"), one.get("end")) for one in element.xpath(of, namespaces=NAMES)]
            assert all(start <= end for start, end in days)
            assert all(end < start for (_, end), (start, _) in pairwise(days))
    graph = nx.read_gexf(io.BytesIO(written.encode()))
    assert graph.nodes["A"]["label"] == "<Amt> & Co"
    assert graph.nodes["A"]["kind"] == "party"
    for midpoint, network in found:
        day = midpoint.isoformat()
        at_that_day = {
            (*sorted((a, b)), float(weight))
            for a, b, data in graph.edges(data=True)
            for weight, start, end in data["weight"]
            if start <= day <= end
        }
        assert at_that_day == set(network.edges()), day
        assert {
            node
            for node, data in graph.nodes(data=True)
            if any(start <= day <= end for start, end in data.get("spells", []))
        } == set(network.names.tolist())
