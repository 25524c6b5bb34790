"""`graph-service mcp`: the same tools over standard input and output."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from mcp.client.stdio import StdioServerParameters

from graph_service.http.mcp.tools import TOOLS
from graph_service.snapshots.snapshot import Snapshot
from tests.http.mcp.assistants import Arguments, Assistant, ToolAnswer, parts, session


def command(snapshot: Snapshot, *arguments: str) -> StdioServerParameters:
    given = ["-m", "graph_service", "mcp", "--snapshots", str(snapshot.path.parent), *arguments]
    return StdioServerParameters(command=sys.executable, args=given)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_every_tool_answers(shipped_snapshot: Snapshot, mode: str) -> None:
    async def answers(assistant: Assistant) -> list[ToolAnswer]:
        listed = (await assistant.client.list_tools()).tools
        assert [tool.name for tool in listed] == [tool.name for tool in TOOLS]
        return [await assistant.call(tool.name, tool.example) for tool in TOOLS]

    address = "https://graph.example/graph"
    for answer in session(command(shipped_snapshot, "--public-url", address), answers, mode):
        assert not answer.is_error, answer.text
        assert answer.content["edition"] == shipped_snapshot.digest
        assert answer.content["permalink"].startswith(f"{address}/edition/{shipped_snapshot.digest[:16]}/")


def test_without_an_address_there_are_no_permalinks(shipped_snapshot: Snapshot) -> None:
    """And queries of the client pass the same guard, and several calls may run at once."""

    async def answers(assistant: Assistant) -> list[ToolAnswer]:
        service = "SELECT * WHERE { SERVICE <http://127.0.0.1:1> { ?s ?p ?o } }"
        calls: tuple[tuple[str, Arguments], ...] = (
            ("positions", {"holder": ["spd"], "limit": 1}),
            ("sparql", {"query": service}),
            ("model", {}),
        )
        return list(await asyncio.gather(*(assistant.call(tool, given) for tool, given in calls)))

    found, refused, model = session(command(shipped_snapshot, "--no-build"), answers)
    assert not any("permalink" in part for part in parts(found.content))
    assert any("--public-url" in caveat for caveat in found.content["caveats"])
    assert refused.error["type"].endswith("/query-refused")
    assert not model.is_error


def test_a_snapshot_that_is_missing_is_one_line(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "graph_service", "mcp", "--no-build", "--snapshots", str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: No snapshot")
