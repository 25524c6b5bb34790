"""What a call of a tool at `/mcp` costs on top of its query: CPU of all processes.

The query of a tool are the answers of the API that it asks for, had by a host name that was not used before, so that
none is cached; of `sparql` it is the answer of `/sparql`. The goal: at most 3 ms more, for SDK, evidence and text.

    python benchmarks/assistants.py     writes benchmarks/mcp.md
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from api import Server, serving

RESULT = Path(__file__).with_name("mcp.md")
ROUNDS, TIMES = 3, 20
GOAL = 3.0
FIELDS = {
    "content-type": "application/json",
    "accept": "application/json, text/event-stream",
    "mcp-protocol-version": "2025-06-18",
}
COMMITMENTS = (
    "PREFIX mp: <https://w3id.org/migration-policy/ontology#> "
    "SELECT ?position ?holder WHERE { ?position a mp:Commitment ; mp:heldBy ?holder }"
)
MODEL = (Path(__file__).parents[1] / "queries" / "api" / "model.rq").read_text(encoding="utf-8")
CALLS: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    ("search", {"q": "Asylberatung"}, "/api/search?q=Asylberatung&limit=10&lang=en"),
    ("describe", {"id": "id/document/programme-spd-2025"}, "/api/documents/programme-spd-2025?lang=en"),
    ("positions", {"holder": ["spd"], "limit": 10}, "/api/positions?holder=spd&limit=10&count=true&lang=en"),
    (
        "compare",
        {"actor": ["spd", "cducsu"], "issue": ["border"]},
        "/api/compare?actor=spd&actor=cducsu&issue=border&lang=en",
    ),
    ("near", {"actor": "spd", "other": "gruene"}, "/api/networks/actors/edges/spd/gruene?limit=8&lang=en"),
    (
        "run_query",
        {"name": "who-stands-where", "arguments": {"proposition": "church-asylum"}},
        "/api/queries/who-stands-where?proposition=church-asylum&format=rows",
    ),
    ("sparql", {"query": COMMITMENTS}, f"/sparql?query={quote(COMMITMENTS)}"),
    (
        "explain",
        {"s": "id/actor/paritaet-sachsen", "p": "mp:memberOf", "o": "id/actor/liga-sachsen"},
        "/api/explain?s=id/actor/paritaet-sachsen&p=mp:memberOf&o=id/actor/liga-sachsen&lang=en",
    ),
    ("model", {}, f"/sparql?query={quote(MODEL)}"),
)


def measure(
    server: Server, tool: str, given: Mapping[str, Any], address: str, number: Iterator[int]
) -> tuple[float, float]:
    """CPU milliseconds of a call, and of its query; medians of rounds that take turns."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}}
    content = json.dumps(call).encode()

    def ask_tool() -> None:
        result = json.loads(server.post("/mcp", content, FIELDS))["result"]
        assert not result.get("isError"), result

    def ask_api() -> None:
        once = next(number)
        if address.startswith("/sparql"):
            server.get(f"{address}%0A%23{once}")
        elif "/queries/" in address:
            # The engine's bytes go out whatever the host: a language that nobody asked for makes it new.
            server.get(f"{address}&lang=en-x{once}")
        else:
            server.get(address, f"h{once}.example")

    rounds: dict[Callable[[], None], list[float]] = {ask_tool: [], ask_api: []}
    for place in range(ROUNDS + 1):
        for ask, figures in rounds.items():
            cost = server.cpu(lambda ask=ask: _often(ask))  # type: ignore[misc]
            # The first round loads what later ones have.
            figures += [cost] if place else []
    return statistics.median(rounds[ask_tool]), statistics.median(rounds[ask_api])


def _often(ask: Callable[[], None]) -> int:
    for _ in range(TIMES):
        ask()
    return TIMES


def main() -> None:
    lines = [
        "# What a call of a tool costs on top of its query",
        "",
        f"Shipped data, Python {platform.python_version()}, {os.cpu_count()} cores; CPU milliseconds of all processes",
        f"for a call, median of {ROUNDS} rounds, one client on a connection that is kept, protocol 2025-06-18.",
        "The query of a tool are the answers of the API that it asks for, or of `/sparql`, none of them cached.",
        f"The goal: at most {GOAL:g} ms more, for the SDK, the evidence of each row and the text.",
        "",
        "| tool | call | query | more |",
        "|---|---|---|---|",
    ]
    failed, number = False, count()
    with serving() as server:
        for tool, given, address in CALLS:
            whole, query = measure(server, tool, given, address, number)
            failed |= whole - query > GOAL
            lines.append(f"| `{tool}` | {whole:.2f} | {query:.2f} | **{whole - query:.2f}** |")
            print(lines[-1], flush=True)
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
