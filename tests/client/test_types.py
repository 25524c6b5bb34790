"""The types of the client are those of the API, and hold for those who use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.generating import PACKAGE, modules

RIGHT = """
from typing import assert_type

from graph_service.client import AsyncClient, AsyncListing, Client, Listing, Request
from graph_service.client.models import Matrix
from graph_service.client.things import Position, PositionList


def blocking(client: Client) -> None:
    assert_type(client.positions(holder="spd", agreement=[1, 0]), Listing[PositionList, Position])
    assert_type([position["text"] for position in client.positions()], list[str | None])
    assert_type(client.matrix(issue=["asylum"]), Request[Matrix])
    assert_type(client.edition("3fa94c01").matrix().json(), Matrix)
    assert_type(client.matrix().permalink(), str)


async def awaited(client: AsyncClient) -> None:
    assert_type(client.positions(holder="spd"), AsyncListing[PositionList, Position])
    assert_type([position["text"] async for position in client.positions()], list[str | None])
    assert_type(await client.matrix().json(), Matrix)
    assert_type(await client.matrix().content("csv"), bytes)
"""
WRONG = {
    'client.positions(holdr="spd")': "call-arg",
    'client.positions(agreement="1")': "arg-type",
    'client.positions(sort="holder")': "arg-type",
    "client.comparison()": "call-arg",
    'client.network("people")': "arg-type",
    'client.matrix().json()["cell"]': "misc",
    "client.matrix().json().cells": "attr-defined",
}


def test_they_are_made_of_the_openapi_document() -> None:
    """`make client-types` writes them anew."""
    for name, text in modules().items():
        assert (PACKAGE / name).read_text(encoding="utf-8") == text, name


def mypy(path: Path) -> str:
    options = ["--strict", "--no-error-summary", f"--cache-dir={path.parent / 'cache'}"]
    command = [sys.executable, "-m", "mypy", *options, str(path)]
    return subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False).stdout


@pytest.mark.slow
def test_they_hold_for_users(tmp_path: Path) -> None:
    """As installed, not as part of this project: `py.typed` says that they hold."""
    right = tmp_path / "right.py"
    right.write_text(RIGHT)
    assert mypy(right) == ""
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from graph_service.client import Client\nclient = Client('')\n" + "\n".join(WRONG))
    found = mypy(wrong).splitlines()
    for number, (line, code) in enumerate(WRONG.items(), 3):
        assert any(one.startswith(f"wrong.py:{number}:") and one.endswith(f"[{code}]") for one in found), (line, found)


def test_it_loads_nothing_of_the_service() -> None:
    """Neither the web framework nor the engine, and pandas and rdflib only when a frame or a graph is wanted."""
    program = "import sys, graph_service.client; print(*sorted(sys.modules), sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    own = {name for name in loaded if name.startswith("graph_service.") and not name.startswith("graph_service.client")}
    assert own == {"graph_service.errors", "graph_service.version"}
    foreign = {"fastapi", "networkx", "numpy", "pandas", "pydantic", "pyoxigraph", "rdflib", "starlette", "uvicorn"}
    assert foreign.isdisjoint(loaded)
