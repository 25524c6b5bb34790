"""Each tool, asked by the SDK's own client over HTTP: what it answers, what it says of its answer, how it refuses."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from mcp import types

from graph_service.http.mcp.answers import MOST
from graph_service.http.mcp.tools import TOOLS
from graph_service.snapshots.snapshot import Snapshot
from tests.http.mcp.assistants import Arguments, ToolAnswer, call, parts, session
from tests.http.processes import Served

DIGEST = re.compile(r"[0-9a-f]{64}")
COMMITMENTS = (
    "PREFIX mp: <https://w3id.org/migration-policy/ontology#> "
    "SELECT ?position ?holder WHERE { ?position a mp:Commitment ; mp:heldBy ?holder }"
)


@pytest.fixture(scope="module")
def tools(service: Served) -> list[types.Tool]:
    async def listed(assistant: Any) -> list[types.Tool]:
        return list((await assistant.client.list_tools()).tools)

    return session(f"{service.url}mcp", listed)


def ask(service: Served, tool: str, **arguments: Any) -> Any:
    answer = call(f"{service.url}mcp", tool, arguments)
    assert not answer.is_error, answer.text
    return answer.content


def refused(service: Served, tool: str, arguments: Arguments) -> Any:
    return call(f"{service.url}mcp", tool, arguments).error


def test_nine_tools_with_small_schemas(tools: list[types.Tool]) -> None:
    assert len(tools) == 9
    written = json.dumps([tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools])
    assert len(written) / 4 < 4000
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)


def test_positions_take_every_filter_of_the_api(tools: list[types.Tool], service: Served) -> None:
    with service.client() as client:
        operation = client.get("/openapi.json").json()["paths"]["/api/positions"]["get"]
    filters = {one["name"] for one in operation["parameters"]} - {"format", "sort", "facets", "count", "certificate"}
    (tool,) = (tool for tool in tools if tool.name == "positions")
    assert set(tool.input_schema["properties"]) == filters


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_example_in_each_description_runs(tools: list[types.Tool], service: Served, language: str) -> None:
    async def answers(assistant: Any) -> list[tuple[str, ToolAnswer]]:
        examples = [(tool.name, json.loads((tool.description or "").partition("Example: ")[2])) for tool in tools]
        return [(name, await assistant.call(name, {**given, "lang": language})) for name, given in examples]

    for name, answer in session(f"{service.url}mcp", answers):
        assert not answer.is_error, (name, answer.text)
        content = answer.content
        assert len(answer.text.encode()) <= MOST, name
        assert DIGEST.fullmatch(content["edition"]), name
        assert content["permalink"].startswith(f"{service.url}edition/{content['edition'][:16]}/"), name
        keys = list(content)
        assert keys.index("caveats") < 3, "caveats come before the rows"
        assert any(content[key] for key in keys[3:]), (name, "nothing was found")


def test_the_example_of_each_argument_runs(tools: list[types.Tool], service: Served) -> None:
    """With the example of the tool around it, as far as that names other arguments."""

    async def answers(assistant: Any) -> list[tuple[str, str, ToolAnswer]]:
        found = []
        for tool, known in zip(tools, TOOLS, strict=True):
            for name, schema in tool.input_schema["properties"].items():
                for example in schema.get("examples", ()):
                    value = [example] if schema.get("type") == "array" and isinstance(example, str) else example
                    given = {**known.example, name: value}
                    if (tool.name, name) == ("compare", "actor"):
                        given["actor"] = [value[0], "gruene"]
                    found.append((tool.name, name, await assistant.call(tool.name, given)))
        return found

    every = session(f"{service.url}mcp", answers)
    assert len(every) > 20
    for tool, name, answer in every:
        assert not answer.is_error, (tool, name, answer.text)


def test_a_position_has_place_digest_basis_and_permalink(service: Served) -> None:
    answer = ask(service, "positions", holder=["spd"], proposition=["border-controls"])
    (position,) = answer["positions"]
    assert position["id"] == "id/position/spd-2025-border-controls"
    assert (position["stance"], position["basis"], position["verification"]) == ("disagrees", "stated", "verified")
    assert position["from"] == "2025-01-11"
    assert "11. Januar 2025" in position["quoted"]["dated"]
    (passage,) = position["passages"]
    assert DIGEST.fullmatch(passage["sha256"])
    assert passage["quoted"]["place"].endswith("p. 55")
    assert position["quoted"]["says"].startswith("Controls at internal borders")
    with service.client() as client:
        assert client.get(position["permalink"]).status_code == 200
        assert client.get(answer["permalink"]).json()["items"][0]["id"].endswith(position["id"])


def test_pages_of_positions_go_on_where_the_answer_was_cut(service: Served) -> None:
    """Also where rows are left out because they do not fit."""
    seen: list[str] = []
    given: dict[str, Any] = {"holder": ["gruene"], "limit": 200}
    while True:
        answer = ask(service, "positions", **given)
        seen += [position["id"] for position in answer["positions"]]
        if "after" not in answer:
            break
        assert "are shown" in answer["cut"]
        given["after"] = answer["after"]
    assert len(seen) == len(set(seen)) == answer["total"] > 50


def test_silence_is_told_apart_and_never_neutral(service: Served) -> None:
    answer = ask(service, "compare", actor=["spd", "caritas"], proposition=["church-asylum"])
    (one,) = answer["compared"]
    assert one["outcome"] == "uncovered"
    stances = {cell["actor"]: cell["stance"] for cell in one["actors"]}
    assert stances == {"SPD": "no position found", "German Caritas Association": "not coded"}
    assert "Neither is neutral." in answer["caveats"][0]


def test_nothing_found_is_no_neutrality(service: Served) -> None:
    answer = ask(service, "positions", holder=["caritas"], proposition=["church-asylum"])
    assert answer["positions"] == []
    assert any("neither neutrality nor a denial" in caveat for caveat in answer["caveats"])


def test_what_follows_is_told_from_what_is_stated(service: Served) -> None:
    answer = ask(service, "describe", id="paritaet-sachsen")
    basis = {one["property"]: one["basis"] for one in answer["statements"]}
    assert (basis["skos:prefLabel"], basis["mp:memberOf"]) == ("stated", "inferred")
    many = next(one for one in answer["statements"] if one["property"] == "mp:holds")
    assert len(many["quoted"]) == 8
    assert many["more"] > 10


def test_why_two_actors_are_near(service: Served) -> None:
    answer = ask(service, "near", actor="spd", other="gruene", limit=3)
    assert [one["label"] for one in answer["actors"]] == ["SPD", "Greens"]
    for reason in answer["reasons"]:
        assert [position["actor"] for position in reason["positions"]] == ["SPD", "Greens"]
        assert all(position["passages"] and position["permalink"] for position in reason["positions"])
    nearest = ask(service, "near", actor="spd")["nearest"]
    assert nearest == sorted(nearest, key=lambda one: -one["weight"])
    assert all(("reasons" in one) is (place < 3) for place, one in enumerate(nearest))


def test_an_actor_without_comparable_positions_has_no_neighbours(service: Served) -> None:
    answer = ask(service, "near", actor="bund")
    assert answer["nearest"] == []
    assert "says nothing about its place" in answer["caveats"][0]


def test_rows_of_a_query_rest_on_passages(service: Served) -> None:
    for answer in (
        ask(service, "sparql", query=COMMITMENTS),
        ask(
            service, "run_query", name="goals-of-a-document", arguments={"document": "paritaet-sachsen-migration-2019"}
        ),
        ask(service, "run_query", name="where-it-stands", arguments={"document": "paritaet-sachsen-migration-2019"}),
    ):
        evidence = [dict(zip(answer["columns"], row, strict=True))["evidence"] for row in answer["quoted_rows"]]
        assert evidence
        assert all(row and DIGEST.fullmatch(one["passages"][0]["sha256"]) for row in evidence for one in row)


def test_each_form_of_sparql(service: Served) -> None:
    assert ask(service, "sparql", query="ASK { ?s ?p ?o }")["answer"] == [True]
    triples = ask(service, "sparql", query="CONSTRUCT WHERE { ?s ?p ?o } LIMIT 50", limit=3)
    assert len(triples["quoted_triples"]) == 3
    assert triples["cut"].startswith("3 of 50 are shown.")
    inferred = "SELECT ?x WHERE { GRAPH <https://w3id.org/migration-policy/graph/inferred> { ?x ?y ?z } } LIMIT 1"
    assert len(ask(service, "sparql", query=inferred)["quoted_rows"]) == 1


def test_a_long_answer_of_sparql_is_not_computed_to_its_end(service: Served) -> None:
    answer = ask(service, "sparql", query="SELECT * WHERE { ?s ?p ?o }", limit=5)
    assert len(answer["quoted_rows"]) == 5
    assert answer["cut"].startswith("5 are shown, and there are more.")
    assert answer["next_offset"] == 5


def test_rows_go_on_where_the_answer_was_cut(service: Served) -> None:
    """Also where they do not fit; a label is there once, where its id comes first."""
    seen: list[str] = []
    given: dict[str, Any] = {"name": "positions-of-an-actor", "arguments": {"actor": "spd"}, "limit": 100}
    while True:
        answer = ask(service, "run_query", **given)
        rows = [dict(zip(answer["columns"], row, strict=True)) for row in answer["quoted_rows"]]
        labels = [row["proposition_label"] for row in rows if row["proposition_label"]]
        assert len(labels) == len(set(labels))
        seen += [row["position"] for row in rows]
        if "cut" not in answer:
            break
        given["offset"] = answer["next_offset"]
    assert len(seen) == len(set(seen)) == answer["total"] > 20


def test_a_proof_ends_in_passages(service: Served) -> None:
    given = {"s": "id/position/spd-2025-border-controls", "p": "mp:concernsIssue", "o": "id/issue/border"}
    answer = ask(service, "explain", **given)
    assert answer["basis"] == "inferred"
    assert answer["proof"][-1]["rule"] == "prp-spo2"
    digests = [source["sha256"] for step in answer["proof"] for source in step.get("sources", ()) if "sha256" in source]
    assert digests
    assert all(DIGEST.fullmatch(digest) for digest in digests)


def test_the_model_is_small_and_comes_from_the_ontology(service: Served, shipped_snapshot: Snapshot) -> None:
    answer = call(f"{service.url}mcp", "model", {})
    assert answer.tokens < 2000
    content = answer.content
    assert content["statements"] == shipped_snapshot.manifest.triples
    assert any(line.startswith("mp:Position 9") for line in content["classes"])
    assert any(line.startswith("mp:heldBy mp:Position→mp:Actor ") for line in content["properties"])
    assert any(line.startswith("id/issue/ ") and "border" in line for line in content["lists"])
    german = call(f"{service.url}mcp", "model", {"lang": "de"})
    assert german.tokens < 2000
    assert "Was ein oder mehrere Akteure" in german.text


@pytest.mark.parametrize(
    ("tool", "arguments", "kind", "detail"),
    [
        ("positions", {"holder": ["sdp"]}, "parameter", "Did you mean spd or fdp?"),
        ("positions", {"holdr": ["spd"]}, "parameter", "Did you mean holder or holder_kind?"),
        ("positions", {"limit": "many"}, "parameter", "not of type integer"),
        ("positions", {"holder": [{"id": "spd"}]}, "parameter", "neither a value nor a list"),
        (
            "describe",
            {"id": "paritat-sachsen"},
            "parameter",
            "not known in this data set. Did you mean paritaet-sachsen",
        ),
        ("describe", {}, "parameter", "describe needs id. For example"),
        ("compare", {"actor": ["spd"]}, "parameter", "needs two different actors"),
        ("near", {"actor": "grune"}, "parameter", "Did you mean gruene"),
        ("near", {"actor": "spd", "other": "spd"}, "parameter", "no distance from itself"),
        ("run_query", {"name": "where-two-actor-part"}, "parameter", "Did you mean where-two-actors-part"),
        ("run_query", {"name": "where-two-actors-part", "arguments": {"actor": "spd"}}, "parameter", "needs other"),
        (
            "run_query",
            {"name": "where-two-actors-part", "arguments": {"who": "spd"}},
            "parameter",
            "no parameter 'who'",
        ),
        (
            "run_query",
            {"name": "actors-by-kind", "arguments": {"certificate": "true"}},
            "parameter",
            "no certificates. Add certificate=true to the permalink",
        ),
        ("sparql", {"query": "SELECT * { ?s ?p }"}, "query-syntax", "not SPARQL"),
        ("sparql", {"query": "SELECT * { SERVICE <http://x> { ?s ?p ?o } }"}, "query-refused", "open a connection"),
        ("sparql", {"query": "DROP ALL"}, "query-refused", ""),
        ("sparql", {"query": ["ASK {}"]}, "parameter", "The query is no text"),
        ("sparql", {"query": COMMITMENTS, "limit": 1000}, "parameter", "between 1 and 200"),
        ("sparql", {"query": COMMITMENTS, "offset": -1}, "parameter", "offset=-1 is no number of rows"),
        ("explain", {"s": "id/actor/spd", "p": "mp:memberOf", "o": "id/actor/afd"}, "not-entailed", "neither stands"),
        ("search", {"q": "Asyl", "lang": "fr"}, "parameter", "lang='fr' is not one of de, en"),
        ("serch", {"q": "Asyl"}, "parameter", "Did you mean search?"),
    ],
)
def test_an_error_has_a_type_and_says_what_to_do(
    service: Served, tool: str, arguments: Arguments, kind: str, detail: str
) -> None:
    error = refused(service, tool, arguments)
    assert error["type"].endswith(f"/problem/{kind}")
    assert detail in error["detail"]
    assert error["detail"]


def test_texts_of_documents_stand_below_a_key_that_says_so(service: Served) -> None:
    """A title that reads like an instruction must not come as ours."""
    answer = ask(service, "positions", holder=["spd"], proposition=["border-controls"])
    title = "Mehr für Dich. Besser für Deutschland. Regierungsprogramm 2025"
    holding = [part for part in parts(answer) if title in part.values()]
    quoted = [part["quoted"] for part in parts(answer) if "quoted" in part]
    assert holding
    assert all(part in quoted for part in holding)
    assert any("never an instruction" in caveat for caveat in answer["caveats"])
