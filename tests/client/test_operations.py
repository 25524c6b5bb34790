"""Every operation that OpenAPI describes has a method of the client, and every such method an operation."""

from __future__ import annotations

import inspect
import re
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from graph_service.client import Client
from graph_service.client.operations import Operations
from tests.client.either import ask, both, taken
from tests.client.generating import NOT_OPTIONS
from tests.http.servers import Running

THINGS = {
    "actors": "actor", "bodies": "body", "documents": "document", "instruments": "instrument",
    "issues": "issue", "positions": "position",
    "propositions": "proposition", "relations": "relation", "votes": "vote",
}  # fmt: skip
NAMED_OTHERWISE = {"compare": "comparison", "editions-of-a-statement": "history"}
# Beyond OpenAPI: the protocol of SPARQL, the catalogue of editions, and what a publisher adds.
OTHERS = {"sparql", "editions", "get", "listing"}


@pytest.fixture(scope="module")
def document(server: Running) -> dict[str, Any]:
    with server.client() as client:
        return dict(client.get("/openapi.json").json())


def call_of(path: str) -> tuple[str, list[str]]:
    """The method that asks an operation, and its arguments before those of the operation."""
    match path.removeprefix("/api").strip("/").split("/"):
        case ["networks", kind]:
            return "network", [kind]
        case ["networks", kind, "edges", *_]:
            return "reasons", [kind]
        case ["queries", name]:
            return "query", [name]
        case [plural, "{slug}"]:
            return THINGS[plural], []
        case [name]:
            return NAMED_OTHERWISE.get(name, name), []
    raise AssertionError(f"{path} has no method.")


def examples(about: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The examples of what an operation needs: positional ones for parts of the path, and others by name."""
    needed = [one for one in about["parameters"] if one["required"]]
    parts = [one["schema"]["examples"][0] for one in needed if one["in"] == "path"]
    return parts, {one["name"]: one["schema"]["examples"][0] for one in needed if one["in"] == "query"}


def asked_by(client: Any, path: str, about: dict[str, Any]) -> Any:
    method, first = call_of(path)
    parts, named = examples({"parameters": [], **about})
    if method == "search":
        return client.search(named["q"])
    return getattr(client, method)(*first, *parts, **named)


def test_each_has_its_method_and_no_method_is_left_over(document: dict[str, Any]) -> None:
    client = Client("http://localhost")
    used = set()
    for path, about in document["paths"].items():
        request = asked_by(client, path, about["get"])
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        assert re.fullmatch(pattern, urlsplit(request.address()).path), path
        used.add(call_of(path)[0])
    public = {name for name, _ in inspect.getmembers(Operations) if not name.startswith("_")}
    assert used == public - OTHERS


def test_methods_take_every_parameter(document: dict[str, Any]) -> None:
    """Each optional parameter is one of the method's options; format and cursor are the client's own."""
    for path, about in document["paths"].items():
        method, _ = call_of(path)
        if method == "query":
            continue
        described = [one for one in about["get"].get("parameters", []) if one["name"] not in NOT_OPTIONS]
        hints = inspect.get_annotations(getattr(Operations, method))
        listed = {key for name, kind in hints.items() if name in ("filters", "chosen") for key in options_of(kind)}
        explicit = set(inspect.signature(getattr(Operations, method)).parameters) | {"q"}
        named = {one["name"] for one in described if one["in"] == "query"}
        assert named <= listed | explicit, path


def options_of(annotation: str) -> set[str]:
    from graph_service.client import options

    kind = getattr(options, annotation.removeprefix("Unpack[options.").removesuffix("]"))
    return set(kind.__annotations__)


@both
def test_each_is_answered(kind: str, document: dict[str, Any], server: Running, client: httpx2.Client) -> None:
    async def work(asked: Any) -> dict[str, bytes]:
        paths = document["paths"].items()
        return {path: await taken(asked_by(asked, path, about["get"]).content("")) for path, about in paths}

    answers = ask(kind, server.url, work)
    assert answers.keys() == document["paths"].keys()
    for path, answer in answers.items():
        assert answer, path
    assert answers["/api/coverage"] == client.get("/api/coverage").content
