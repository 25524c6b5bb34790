"""What both clients take of a real service: lists, tables, frames, graphs, SPARQL, and the answers they keep."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import rdflib

from graph_service.client import Client, LibraryMissing
from graph_service.client.cache import Cache
from graph_service.client.flow import Received
from tests.client.either import ask, both, listed, taken
from tests.http.servers import Running

SELECT = """
PREFIX mp: <https://w3id.org/migration-policy/ontology#>
SELECT ?position ?agreement ?text { ?position a mp:Position OPTIONAL { ?position mp:agreement ?agreement } }
ORDER BY ?position LIMIT 20
"""


def csv_of_all_positions(client: httpx2.Client) -> Iterator[dict[str, str]]:
    """As a spreadsheet sees them, page by page."""
    address = "/api/positions?format=csv&lang=en&limit=1000"
    while address:
        answer = client.get(address)
        yield from csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))
        address = answer.links.get("next", {}).get("url", "")


@both
def test_all_pages_of_positions_are_those_of_the_csv(kind: str, server: Running, client: httpx2.Client) -> None:
    async def work(asked: Any) -> tuple[list[Any], list[Any], Any]:
        positions = asked.positions(limit=100)
        return await listed(positions), await taken(positions.rows()), await taken(positions.to_frame())

    expected = list(csv_of_all_positions(client))
    assert len(expected) > 500
    items, rows, frame = ask(kind, server.url, work, language="en")
    assert [item["id"] for item in items] == [row["id"] for row in expected]
    assert [" | ".join(one["label"] for one in item["holder"]) for item in items] == [
        row["holder_label"] for row in expected
    ]
    assert [row["agreement"] for row in rows] == [
        int(row["agreement"]) if row["agreement"] else None for row in expected
    ]
    assert list(frame["id"]) == [row["id"] for row in expected]
    assert list(frame.columns) == list(expected[0])


@both
def test_an_empty_table_has_its_columns(kind: str, server: Running) -> None:
    async def work(asked: Any) -> Any:
        return await taken(asked.positions(holder="spd", until="1900-01-01").to_frame())

    frame = ask(kind, server.url, work)
    assert len(frame) == 0
    assert {"holder", "holder_label", "agreement", "date"} <= set(frame.columns)


@both
def test_an_answer_that_still_holds_is_not_sent_again(kind: str, server: Running, client: httpx2.Client) -> None:
    async def work(asked: Any) -> list[Any]:
        return [await taken(asked.matrix(issue="asylum").json()) for _ in range(3)]

    def unmodified() -> int:
        return int(client.get("/metrics").text.partition("\ngraph_service_unmodified_total ")[2].split()[0])

    before = unmodified()
    first, *others = ask(kind, server.url, work)
    assert first == client.get("/api/matrix?issue=asylum").json()
    assert others == [first, first]
    assert unmodified() == before + 2
    ask(kind, server.url, work, cache_bytes=0)
    assert unmodified() == before + 2


def test_the_cache_is_bounded_and_keeps_what_was_used_last() -> None:
    def answer(size: int) -> Received:
        return Received(200, {"etag": '"1"'}, b"x" * size)

    cache = Cache(100)
    for name in "abcd":
        cache.put(name, answer(25))
    assert cache.get("a") is not None
    cache.put("e", answer(25))
    assert [name for name in "abcde" if cache.get(name)] == ["a", "c", "d", "e"]
    cache.put("a", answer(5))
    assert cache.bytes == 80
    cache.put("large", answer(26))
    cache.put("nameless", Received(200, {}, b""))
    assert cache.get("large") is None
    assert cache.get("nameless") is None
    cache.put("e", Received(200, {}, b"never kept"))
    assert cache.get("e") is None
    assert cache.bytes == 55


@both
def test_the_language_of_the_client_is_that_of_the_answers(kind: str, server: Running) -> None:
    async def work(asked: Any) -> list[str]:
        chosen = [asked.actor("spd"), asked.actor("spd", lang="de"), asked.positions(limit=1)]
        return [(await taken(one.json()))["language"] for one in chosen]

    assert ask(kind, server.url, work, language="en") == ["en", "de", "en"]
    assert ask(kind, server.url, work) == ["de", "de", "de"]


@both
def test_a_thing_is_asked_for_by_the_iri_in_an_answer(kind: str, server: Running) -> None:
    async def work(asked: Any) -> tuple[Any, Any]:
        page = await taken(asked.positions(holder="spd", limit=1).json())
        (holder,) = page["items"][0]["holder"]
        return holder, await taken(asked.actor(holder["id"]).json())

    holder, actor = ask(kind, server.url, work)
    assert (actor["id"], actor["label"]) == (holder["id"], holder["label"])
    assert actor["statements"]


@both
def test_sparql(kind: str, server: Running, client: httpx2.Client) -> None:
    async def work(asked: Any) -> dict[str, Any]:
        long = asked.sparql(SELECT + "#" * 5000)
        return {
            "rows": await taken(asked.sparql(SELECT).rows()),
            "posted": await taken(long.rows()),
            "cited": urlsplit(await taken(long.permalink("csv"))),
            "frame": await taken(asked.sparql(SELECT).to_frame()),
            "ask": await taken(asked.sparql("ASK { ?s ?p ?o }").rows()),
            "stated": await taken(asked.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", inferred=False).rows()),
            "all": await taken(asked.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows()),
            "graph": await taken(asked.sparql("CONSTRUCT WHERE { ?s a ?class } ORDER BY ?s LIMIT 50").to_graph()),
        }

    got = ask(kind, server.url, work)
    answer = client.get("/sparql", params={"query": SELECT, "format": "json"}).json()
    bindings = answer["results"]["bindings"]
    assert [row["position"] for row in got["rows"]] == [one["position"]["value"] for one in bindings]
    assert [row["agreement"] for row in got["rows"]] == [
        int(one["agreement"]["value"]) if "agreement" in one else None for one in bindings
    ]
    assert got["posted"] == got["rows"]
    assert got["cited"].path == f"/edition/{client.get('/health').json()['digest']}/sparql"
    assert parse_qs(got["cited"].query) == {"format": ["csv"], "query": [SELECT + "#" * 5000]}
    assert list(got["frame"].columns) == answer["head"]["vars"]
    assert got["frame"].attrs["dataset"] == client.get("/health").json()["digest"]
    assert got["ask"] == [{"answer": True}]
    assert 0 < got["stated"][0]["n"] < got["all"][0]["n"]
    assert len(got["graph"]) == 50
    assert set(got["graph"].predicates()) == {rdflib.RDF.type}


@both
def test_answers_have_certificates(kind: str, server: Running, client: httpx2.Client) -> None:
    async def work(asked: Any) -> list[Any]:
        long = asked.sparql(SELECT + "#" * 5000)
        asked_for = [asked.positions(holder="spd", limit=10), asked.query("actors-by-kind"), asked.sparql(SELECT), long]
        return [await taken(one.certificate()) for one in asked_for]

    certificates = ask(kind, server.url, work)
    digest = client.get("/health").json()["digest"]
    assert {one["edition"]["digest"] for one in certificates} == {digest}
    page, query, short, posted = certificates
    assert (page["result"]["rows"], page["result"]["whole"]) == (10, False)
    assert query["request"]["path"] == "/api/queries/actors-by-kind"
    assert (short["request"]["method"], posted["request"]["method"]) == ("GET", "POST")
    assert short["result"]["sha256"] == posted["result"]["sha256"]


@both
def test_edges_of_networks_and_windows_are_rows(kind: str, server: Running) -> None:
    async def work(asked: Any) -> list[Any]:
        networks = [asked.network(), asked.network(window=4, unit="years", step=4)]
        return [(await taken(one.json()), await taken(one.rows())) for one in networks]

    (network, edges), (over_time, windows) = ask(kind, server.url, work)
    assert [(row["source"], row["target"], row["weight"]) for row in edges] == [
        (edge["source"], edge["target"], edge["weight"]) for edge in network["edges"]
    ]
    assert all(row["source_label"] and row["target_label"] for row in edges)
    assert [(row["midpoint"], row["weight"]) for row in windows] == [
        (window["midpoint"], edge["weight"]) for window in over_time["windows"] for edge in window["edges"]
    ]
    assert len({row["midpoint"] for row in windows}) > 2


@both
def test_an_answer_in_any_format_of_the_operation(kind: str, server: Running, client: httpx2.Client) -> None:
    async def work(asked: Any) -> tuple[bytes, bytes, Any]:
        spd = asked.positions(holder=["spd", "gruene"], limit=10)
        proof = asked.explain("id/actor/paritaet-sachsen", "mp:memberOf", "id/actor/liga-sachsen")
        return await taken(spd.content("csv")), await taken(spd.content("sparql")), await taken(proof.to_graph())

    table, query, proof = ask(kind, server.url, work)
    assert table == client.get("/api/positions?holder=spd&holder=gruene&limit=10&format=csv").content
    assert b"SELECT" in query
    assert len(proof) > 5


@pytest.mark.parametrize(("library", "method"), [("pandas", "to_frame"), ("rdflib", "to_graph")])
def test_a_library_that_is_missing_is_named(
    library: str, method: str, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with Client(server.url) as client, pytest.raises(LibraryMissing, match=f"needs {library}.*pip install {library}"):
        getattr(client.queries(), method)()


def test_a_request_says_where_it_goes() -> None:
    request = Client("http://localhost:8000/graph/", language="en").positions(holder=["spd", "gruene"], count=True)
    address = "http://localhost:8000/graph/api/positions?lang=en&limit=500&holder=spd&holder=gruene&count=true"
    assert request.address() == address
    assert repr(request) == f"<Listing {address}>"
    assert json.dumps(request.address("csv")).endswith('&format=csv"')
