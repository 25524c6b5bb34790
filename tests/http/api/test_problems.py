"""Wrong and hostile parameters: a problem document with a hint, and never more than was asked for."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.http.api.test_operations import RESOURCES, operations


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/api/nothing", 404, "no such operation"),
        ("/api/queries/nothing", 404, "no such operation"),
        ("/api/actors/nobody", 404, "among the actors"),
        ("/api/actors?colour=red", 422, "no parameter 'colour'"),
        ("/api/actors?limit=0", 422, "between 1 and 1000"),
        ("/api/actors?limit=many", 422, "not of type integer"),
        ("/api/actors?limit=1&limit=2", 422, "2 were given"),
        ("/api/actors?sort=colour", 422, "not one of"),
        ("/api/actors?after=%00", 422, "no cursor"),
        ("/api/actors?after=WzEsMl0", 422, "no cursor"),
        ("/api/actors?kind=%20%3E%3C", 422, "not of type iri"),
        ("/api/actors?lang=%22", 422, "not of type language"),
        ("/api/actors?format=pdf", 406, "Offered"),
        ("/api/documents?since=yesterday", 422, "not of type date"),
        ("/api/queries/positions-of-an-actor", 422, "needs actor"),
        ("/api/queries/positions-of-an-actor?actor=id/actor/spd&since=31.12.2024", 422, "not of type date"),
        ("/api/compare?actor=id/actor/spd", 422, "two different actors"),
        ("/api/compare?actor=id/actor/spd&actor=id/actor/spd", 422, "two different actors"),
        ("/api/search", 422, "needs q"),
        ("/api/search?q=a&kind=persons", 422, "not one of"),
        ("/api/explain?s=a&p=b", 422, "needs o"),
        ("/api/explain?s=%3C&p=b&o=c", 422, "not a term"),
        ("/api/explain?s=id/actor/spd&p=mp:memberOf&o=id/actor/afd", 404, "follows"),
    ],
)
def test_problems_say_what_is_wrong(client: httpx2.Client, address: str, status: int, words: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("address", "nearest"),
    [
        ("/api/positions?holder=spdd", ["spd", "spd-sn"]),
        ("/api/positions?holder=id/actor/gruen", ["gruene"]),
        ("/api/positions?holdr=spd", ["holder"]),
        ("/api/positions?sort=dates", ["date", "-date"]),
        ("/api/queries/position-of-an-actor", ["/api/queries/positions-of-an-actor"]),
        ("/api/actors/spdd", ["spd", "spd-sn"]),
        ("/api/actors/id/actor/gruen", ["gruene"]),
        ("/api/issues/asylumm", ["asylum"]),
        ("/api/actors/xyzzy", None),
        ("/api/positions?holder=xyzzy", None),
        ("/api/positions?limit=many", None),
    ],
)
def test_what_is_spelled_like_it_stands_by_itself(
    client: httpx2.Client, address: str, nearest: list[str] | None
) -> None:
    problem = client.get(address).json()
    assert problem["detail"].endswith(problem["hint"])
    assert (problem.get("nearest") or [])[: len(nearest or [])] == (nearest or [])
    assert all(name in problem["hint"] for name in problem.get("nearest", []))


HOSTILE = [
    "'; DROP ALL; --",
    '"} UNION { ?s ?p ?o } #',
    "<http://a> } { SELECT * WHERE { ?s ?p ?o } } #",
    "\\u0022",
    "\x00",
    "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
    "../../etc/passwd",
    "%",
    "𝔘𝔫𝔦",
    "a" * 5000,
    "?item",
    "1e999999",
    "-0",
    "\r\nSet-Cookie: a=b",
]


@pytest.mark.slow
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_stay_values(client: httpx2.Client, value: str) -> None:
    # Of the queries of the catalogue, which are all read alike, a few.
    few = [one for number, one in enumerate(operations()) if one.tag != "queries" or number % 10 == 0]
    for operation in few:
        good = parse_qs(urlsplit(operation.example).query)
        path = urlsplit(operation.example).path
        in_query = [one.name for one in operation.params if f"{{{one.name}}}" not in operation.path]
        for name in [*in_query, "format", "lang"]:
            answer = client.get(path, params={**good, name: value})
            assert answer.status_code in (200, 404, 406, 422), (path, name, answer.text[:300])
            assert "set-cookie" not in answer.headers
            if answer.status_code == 200 and answer.headers["content-type"] == "application/json":
                told = answer.json()
                assert len(told.get("items", told.get("rows", []))) <= 1000
    for resource in RESOURCES:
        answer = client.get(f"/api/{resource}/" + httpx2.URL("/", params={"x": value}).query.decode()[2:])
        assert answer.status_code in (400, 404, 422)
