"""Clients that public generators make of the OpenAPI document: their classes are named after things, and they work."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.browser.conftest import NODE_MODULES
from tests.http.servers import Running

THINGS = ("Actor", "Position", "Proposition", "Document", "Reference", "Comparison", "Matrix", "Problem", "Network")
MOST_CHARACTERS = 40


@pytest.fixture(scope="module")
def document(server: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clients") / "openapi.json"
    with server.client() as client:
        path.write_text(client.get("/openapi.json").text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def python_client(document: Path) -> Path:
    """A package that openapi-python-client wrote."""
    target = document.parent / "migration_client"
    generator = str(Path(sys.executable).with_name("openapi-python-client"))
    subprocess.run(
        [generator, "generate", "--path", document, "--output-path", target, "--meta", "none"],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return target


def test_python_classes_are_named_after_things(python_client: Path) -> None:
    names = {path.stem for path in (python_client / "models").glob("*.py")}
    for thing in THINGS:
        assert thing.lower() in names
    assert not [name for name in names if "response_200" in name or "type_0" in name]
    # Beside things there are the choices of parameters, named after operation and parameter.
    things = [name for name in names if not name.startswith(("list_", "network_of_", "reasons_of_", "query_"))]
    assert max(map(len, things)) <= MOST_CHARACTERS


def test_the_python_client_reads_the_service(
    python_client: Path, server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(python_client.parent))
    # The generator's own client needs httpx; what is generated from our document is the models.
    models = importlib.import_module("migration_client.models")
    with server.client() as client:
        listed = models.PositionList.from_dict(client.get("/api/positions?limit=3").json())
        compared = models.Comparison.from_dict(
            client.get("/api/compare?actor=id/actor/spd&actor=id/actor/cducsu").json()
        )
    assert [type(item) for item in listed.items] == [models.Position] * 3
    assert listed.items[0].holder[0].label
    assert all(isinstance(one.proposition, models.Reference) for one in compared.differences)


def test_typescript_types_are_named_after_things(document: Path) -> None:
    program = NODE_MODULES / ".bin" / "openapi-typescript"
    if not program.exists():
        pytest.skip("openapi-typescript is absent: make setup-dev fetches it")
    target = document.with_suffix(".ts")
    subprocess.run([program, document, "-o", target], check=True, capture_output=True, timeout=120)
    text = target.read_text(encoding="utf-8")
    for thing in THINGS:
        assert f"\n        {thing}: {{" in text


def test_models_describe_what_is_answered(client: httpx2.Client, document: Path) -> None:
    """Each answer has the properties of its model and no others."""
    schemas: dict[str, Any] = json.loads(document.read_text(encoding="utf-8"))["components"]["schemas"]
    for address, name in (
        ("/api/compare?actor=id/actor/spd&actor=id/actor/cducsu", "Comparison"),
        ("/api/matrix", "Matrix"),
        ("/api/timeline?issue=id/issue/asylum", "Timeline"),
        ("/api/coverage", "Coverage"),
        ("/api/search?q=Asyl", "SearchResult"),
        ("/api/positions?limit=5&facets=kind&count=true", "PositionList"),
        ("/api/actors/spd", "ActorDetails"),
        ("/api/networks/actors/edges/spd/gruene", "EdgeReasons"),
    ):
        assert set(client.get(address).json()) <= set(schemas[name]["properties"])
