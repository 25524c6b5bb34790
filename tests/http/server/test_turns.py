"""Whatever a client sends, no turn of the event loop takes more than 20 ms.

A turn is one callback of the loop. Its CPU time counts, as the clock's would depend on how busy the machine is. A core
that two threads share is slower even so, which a loop of this process shows that is timed right after.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.http.processes import PROGRAM, Served, people, served, write_snapshot

MOST_SECONDS = 0.020
# Empty steps of a loop that an idle core takes in that time, or a little less.
STEPS = 800_000
# A service on the loop of the standard library that notes the CPU time of each long turn in a file.
NOTING = """
import asyncio, os, sys, time, uvicorn
process, notes, run = os.getpid(), open(os.path.join(sys.argv[1], "turns"), "a", buffering=1), asyncio.Handle._run
def noted(handle):
    began = time.thread_time()
    run(handle)
    seconds = time.thread_time() - began
    if seconds > 0.001 and os.getpid() == process:
        notes.write(f"{seconds}\\n")
asyncio.Handle._run = noted
uvicorn.Config.get_loop_factory = lambda config: asyncio.SelectorEventLoop
"""
KB, MB = 1024, 1024 * 1024
SPARQL, FORM, JSON = "application/sparql-query", "application/x-www-form-urlencoded", "application/json"


def get(path: str, *fields: str) -> bytes:
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *fields, "", "")).encode()


def post(path: str, kind: str, body: str | bytes) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def call(tool: str, text: str) -> str:
    params = {"name": tool, "arguments": {"query": text}}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})


ASK = "/sparql?query=ASK%7B%7D"
CHUNKED = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {SPARQL}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
GRAPH = "default-graph-uri=http://e/"
HOSTILE = {
    "newlines": post("/sparql", SPARQL, "\n" * (MB - 10) + "ASK {}"),
    "newlines before a mistake": post("/sparql", SPARQL, "\n" * (MB - 20) + "ASK x:y {}"),
    "umlauts": post("/sparql", SPARQL, "#" + "ä" * (MB // 2 - 10) + "\nASK {}"),
    "words like NOW": post("/sparql", SPARQL, "#" + "änowx " * (MB // 8) + "\nASK {}"),
    "umlauts, shorter": post("/sparql", SPARQL, "#" + "ä" * (64 * KB - 20) + "\nASK {}"),
    "comparisons": post("/sparql", SPARQL, "ASK { FILTER(" + "?a<" * 330_000 + "1) } #SERVICE"),
    "certificate": post("/sparql?certificate=", SPARQL, "#" + "\1" * (MB - 20) + "\nASK {}"),
    "form of escapes": post("/sparql", FORM, "query=" + "%0A" * (MB - 20) + "ASK+%7B%7D"),
    "form of percent signs": post("/sparql", FORM, "query=" + "%" * (3 * MB - 10)),
    "form of broken escapes": post("/sparql", FORM, "query=" + "%zz" * (MB - 10)),
    "name of broken escapes": post("/sparql", FORM, "%zz" * (MB - 10)),
    "form of graphs": post("/sparql", FORM, "query=ASK+%7B%7D&" + "&".join([GRAPH + "x" * 3000] * 900)),
    "form of one graph": post("/sparql", FORM, "query=ASK+%7B%7D&" + GRAPH + "x" * (2 * MB)),
    "form of parameters": post("/sparql", FORM, "query=ASK+%7B%7D&" + "&".join(["a=" + "%41" * 900] * 990)),
    "strings without end": post("/mcp", JSON, b'"\\' * (MB - 10)),
    "strings without end, shorter": post("/mcp", JSON, b'"\\' * (127 * KB)),
    "escapes in a call": post("/mcp", JSON, call("sparql", "\x01" * (40 * KB))),
    "umlauts in a call": post("/mcp", JSON, call("sparql", "#" + "ä" * (40 * KB) + "\nASK {}")),
    "escapes in another call": post("/mcp", JSON, call("search", "ä" * (40 * KB))),
    "empty arrays": post("/mcp", JSON, "[" + "[]," * 5400 + "1]"),
    "strings": post("/mcp", JSON, '{"a":[' + ",".join(['"\\u00e4"'] * 990) + "]}"),
    "open brackets": post("/mcp", JSON, "[" * (255 * KB)),
    "reconciliation": post("/reconcile", FORM, "queries=" + "%7B" * (160 * KB)),
    "Accept": get(ASK, "Accept: " + "a/b;q=0.1," * 6000),
    "quotes in Accept": get("/actors", "Accept: " + '"' * 60_000),
    "languages": get("/actors", "Accept-Language: " + "a-" * 30_000),
    "entity tags": get("/actors", "If-None-Match: " + '"aa",' * 12_000),
    "ranges": get("/static/site.css", "Range: bytes=" + ",".join(f"{n}-{n}" for n in range(5000))),
    "cookies": get("/actors", "Cookie: " + "a=b;" * 15_000),
    "fields": get("/actors", *(f"x{number}: {'y' * 1000}" for number in range(90))),
    "path": get("/" + "%41" * 20_000),
    "path of slashes": get("/static/" + "../" * 20_000),
    "parameters": get("/actors?" + "&".join(f"a{number}=" for number in range(7000))),
    "formats": get(f"{ASK}&format=" + "," * 50_000),
    "a long pipeline": get(ASK).replace(b"Connection: close\r\n", b"") * 3000,
    "a body in bytes": CHUNKED + b"1\r\nA\r\n" * 200_000 + b"0\r\n\r\n",
}


@dataclass
class Watched:
    """A service, and the turns that it noted."""

    service: Served
    notes: Path

    def longest(self, request: bytes) -> float:
        """Seconds of the longest turn that a request led to."""
        before = len(self.notes.read_text().splitlines())
        self.service.raw(request, seconds=20)
        # Its answer comes behind all turns that the request before has left.
        assert self.service.raw(get("/health"), seconds=60).startswith(b"HTTP/1.1 200")
        return max(map(float, self.notes.read_text().splitlines()[before:]), default=0.0)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    directory = write_snapshot(tmp_path_factory.mktemp("turns"), people(50))
    with served(directory, program=NOTING + PROGRAM) as service:
        for request in (get(ASK), get("/actors"), post("/mcp", JSON, call("sparql", "ASK {}"))):
            assert service.raw(request, seconds=60)
        yield Watched(service, directory / "turns")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_turn_is_long(watched: Watched, name: str) -> None:
    """The least of three: a busy machine makes caches cold."""
    turns: list[float] = []
    while len(turns) < 3 and min(turns, default=1.0) >= 1:
        turns.append(watched.longest(HOSTILE[name]) / max(MOST_SECONDS, loop_seconds()))
    assert min(turns) < 1, turns


def loop_seconds() -> float:
    """CPU seconds that the steps take now."""
    began = time.thread_time()
    for _ in range(STEPS):
        pass
    return time.thread_time() - began
