"""Networks over HTTP: the library's numbers, formats that graph libraries read, reasons that sum to the number."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx2
import networkx as nx
import openpyxl
import pytest

from graph_service.networks import Specification, Statements, network

MEASURES = ("ignore", "congruence", "conflict", "subtract")


def edges_of(client: httpx2.Client, path: str) -> dict[tuple[str, str], float]:
    rows = csv.DictReader(io.StringIO(client.get(path).text))
    return {(row["source"], row["target"]): float(row["weight"]) for row in rows}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("normalisation", ["no", "average", "cosine", "jaccard"])
def test_the_numbers_are_the_library_s(client: httpx2.Client, measure: str, normalisation: str) -> None:
    query = client.get("/api/networks/actors?format=sparql").text
    rows = client.get("/sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
    statements = Statements.from_rows({name: cell["value"] for name, cell in row.items()} for row in rows)
    made = network(statements, Specification(measure=measure, normalisation=normalisation))  # type: ignore[arg-type]
    found = edges_of(client, f"/api/networks/actors?measure={measure}&normalisation={normalisation}&format=edges")
    assert found == {(edge.source, edge.target): edge.weight for edge in made.edges()}
    assert measure == "conflict" or found


@pytest.mark.parametrize("kind", ["actors", "propositions", "affiliation"])
def test_graph_libraries_read_all_formats(client: httpx2.Client, kind: str) -> None:
    told = client.get(f"/api/networks/{kind}").json()
    graph = nx.node_link_graph(told, edges="edges")
    by_graphml = nx.parse_graphml(client.get(f"/api/networks/{kind}?format=graphml").text)
    by_gexf = nx.read_gexf(io.BytesIO(client.get(f"/api/networks/{kind}?format=gexf").content))
    assert graph.number_of_nodes() == by_graphml.number_of_nodes() == by_gexf.number_of_nodes() > 0
    assert graph.number_of_edges() == by_graphml.number_of_edges() == by_gexf.number_of_edges() > 0
    for _, about in by_graphml.nodes(data=True):
        assert about["label"]
        assert isinstance(about["degree"], int)
    listed = edges_of(client, f"/api/networks/{kind}?format=edges")
    assert len(listed) == graph.number_of_edges()
    matrix = list(csv.reader(io.StringIO(client.get(f"/api/networks/{kind}?format=matrix").text)))
    assert len(matrix[0]) == len(matrix[1])


def slug(iri: str) -> str:
    return iri.rpartition("/")[2]


@pytest.mark.parametrize("kind", ["actors", "propositions"])
@pytest.mark.parametrize("measure", MEASURES)
def test_reasons_sum_to_the_number(client: httpx2.Client, kind: str, measure: str) -> None:
    params = f"measure={measure}&normalisation=average"
    strongest = sorted(
        edges_of(client, f"/api/networks/{kind}?{params}&format=edges").items(), key=lambda e: -abs(e[1])
    )
    assert strongest
    for (a, b), weight in strongest[:3]:
        told = client.get(f"/api/networks/{kind}/edges/{slug(a)}/{slug(b)}?{params}&limit=1000").json()
        assert told["weight"] == pytest.approx(weight)
        assert sum(reason["share"] for reason in told["reasons"]) == pytest.approx(weight)
        backwards = client.get(f"/api/networks/{kind}/edges/{slug(b)}/{slug(a)}?{params}&limit=1000").json()
        assert backwards["weight"] == pytest.approx(weight)
        for reason in told["reasons"]:
            for end in ("first", "second"):
                assert client.get(f"/api/positions/{slug(reason[end]['id'])}").status_code == 200


def test_places_in_bodies_have_their_relation_as_reason(client: httpx2.Client) -> None:
    told = client.get("/api/networks/affiliation/edges/paritaet-sachsen/fachgruppe-migration").json()
    assert told["weight"] >= 1
    (reason, *_) = told["reasons"]
    assert client.get(f"/api/relations/{slug(reason['first']['id'])}").status_code == 200


def test_filters_and_limits(client: httpx2.Client) -> None:
    def nodes(query: str) -> set[str]:
        return {node["id"] for node in client.get(f"/api/networks/actors?{query}").json()["nodes"]}

    everyone = nodes("isolates=keep")
    assert nodes("isolates=drop") <= everyone
    assert nodes("actor_kind=id/actor-kind/party&isolates=keep") < everyone
    assert nodes("own=true&isolates=keep") <= everyone
    assert nodes("issue=id/issue/border&isolates=keep") < everyone
    assert nodes("since=2100-01-01") == set()
    assert len(client.get("/api/networks/actors?limit=5").json()["edges"]) == 5
    weights = [edge["weight"] for edge in client.get("/api/networks/actors?minimum=5").json()["edges"]]
    assert weights
    assert min(weights) >= 5


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"issue": "id/issue/asylum"},
        {"actor_kind": "id/actor-kind/party", "own": "true"},
        {"since": "2025-01-01", "until": "2025-12-31"},
    ],
)
def test_positions_that_a_network_leaves_out_are_counted_with_their_reason(
    client: httpx2.Client, given: dict[str, str]
) -> None:
    def graph(**more: str) -> dict[str, Any]:
        told: dict[str, Any] = client.get("/api/networks/actors", params={**given, **more}).json()["graph"]
        return told

    def positions(**more: str) -> set[str]:
        query = client.get("/api/networks/actors", params={**given, "format": "sparql", **more}).text
        rows = csv.DictReader(io.StringIO(client.get("/sparql", params={"query": query, "format": "csv"}).text))
        return {row["id"] for row in rows if within(row)}

    def within(row: dict[str, str]) -> bool:
        return "since" not in given or bool(
            row["date"] and row["until"] >= given["since"] and row["date"] <= given["until"]
        )

    told = {name: number for name, number in graph().items() if name.startswith("left_out_")}
    assert set(told) == {"left_out_partial", "left_out_unverified", "left_out_conditional"}
    assert sum(told.values()) == len(positions(all="true") - positions()) > 0
    assert not any(name.startswith("left_out_") for name in graph(all="true"))
    if not given:
        asked = {"agreement": "0", "comparable": "mp:ComparablePosition", "count": "true"}
        assert told["left_out_conditional"] == client.get("/api/positions", params=asked).json()["total"]


def test_networks_over_time(client: httpx2.Client) -> None:
    told = client.get("/api/networks/actors?window=1&unit=years&since=2019-01-01&until=2025-12-31").json()
    assert len(told["windows"]) > 3
    known = {node["id"] for node in told["nodes"]}
    for window in told["windows"]:
        assert window["since"] <= window["midpoint"] <= window["until"]
        assert set(window["nodes"]) <= known
    assert client.get("/api/networks/actors?window=1&format=graphml").status_code == 422


def test_networks_over_time_as_one_dynamic_graph(client: httpx2.Client) -> None:
    """At the midpoint of each window, the edges of that window with their weights."""
    address = "/api/networks/actors?window=3&unit=years&since=2013-01-01&until=2025-12-31&lang=en"
    windows = client.get(address).json()["windows"]
    graph = nx.read_gexf(io.BytesIO(client.get(f"{address}&format=gexf").content))
    assert "party" in {about["kind"].lower() for _, about in graph.nodes(data=True)}
    for window in windows:
        day = window["midpoint"]
        there = {
            (*sorted((a, b)), weight)
            for a, b, about in graph.edges(data=True)
            for weight, start, end in about["weight"]
            if start <= day <= end
        }
        assert there == {(edge["source"], edge["target"], edge["weight"]) for edge in window["edges"]}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/networks/actors?measure=love", 422),
        ("/api/networks/actors?normalisation=activity", 422),
        ("/api/networks/affiliation?measure=congruence", 422),
        ("/api/networks/actors?window=0", 422),
        ("/api/networks/actors?limit=-1", 422),
        ("/api/networks/actors?minimum=-1", 422),
        ("/api/networks/actors?figures=beauty", 422),
        ("/api/networks/actors/edges/spd/nobody", 404),
        ("/api/networks/actors/edges/spd", 404),
        ("/api/networks/actors/edges/spd/afd?limit=0", 422),
    ],
)
def test_what_goes_wrong(client: httpx2.Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_figures_on_request(client: httpx2.Client) -> None:
    told: dict[str, Any] = client.get("/api/networks/actors?figures=community&figures=betweenness").json()
    assert all({"community", "betweenness"} <= set(node) for node in told["nodes"])


def test_nodes_have_the_kind_of_actor_and_edges_what_gephi_looks_for(client: httpx2.Client) -> None:
    graph = nx.parse_graphml(client.get("/api/networks/affiliation?to=proposition&lang=en&format=graphml").text)
    kinds = {about["kind"] for _, about in graph.nodes(data=True)}
    assert {"party", "welfare association", "concept"} <= {kind.lower() for kind in kinds}
    labels = {name: about["label"] for name, about in graph.nodes(data=True)}
    text = client.get("/api/networks/affiliation?to=proposition&lang=en&format=edges").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == graph.number_of_edges()
    for row in rows:
        assert row["type"] == "Undirected"
        assert [row["source_label"], row["target_label"]] == [labels[row["source"]], labels[row["target"]]]
    signs = csv.DictReader(io.StringIO(client.get("/api/networks/actors?measure=subtract&format=edges").text))
    told = {(row["sign"], float(row["weight"]) > 0) for row in signs}
    assert told == {("1", True), ("-1", False)}


def test_a_workbook_has_edges_and_nodes(client: httpx2.Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/networks/actors?lang=en&format=xlsx").content))
    assert book.sheetnames == ["Edges", "Nodes", "Source"]
    edges, nodes = ([[cell.value for cell in row] for row in book[name].iter_rows()] for name in ("Edges", "Nodes"))
    assert edges[0] == ["source", "target", "weight", "type", "sign", "source_label", "target_label"]
    assert nodes[0][0] == "id"
    assert {"label", "kind", "statements"} <= set(nodes[0])
    assert {row[0] for row in edges[1:]} <= {row[0] for row in nodes[1:]}
    for name in ("nodes", "matrix"):
        address = f"/api/networks/actors?lang=en&format={name}"
        plain, excel = client.get(address).text, client.get(f"{address}-excel").text
        assert list(csv.reader(io.StringIO(excel.removeprefix("\ufeff")))) == list(csv.reader(io.StringIO(plain)))
