"""What the API costs on top of its query: CPU of all processes for lists, items and named queries.

Each answer of the API names the query behind it (`?format=sparql`); that very text is sent to `/sparql` for comparison.
An answer that is not cached is had by a host name (API) or a comment (SPARQL) that was not used before. The goals: at
most 1.5 × the CPU of the query plus 0.5 ms, and a cached answer no dearer than a cached one of `/sparql`.

    python benchmarks/api.py            writes benchmarks/api.md
"""

from __future__ import annotations

import http.client
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from cpu_time import cpu_seconds

RESULT = Path(__file__).with_name("api.md")
ROUNDS = 3
FRESH = 40
CACHED = 1500
START_SECONDS = 300.0
# Seconds of CPU in a second without requests.
_AT_REST = 0.02
ADDRESSES = (
    "/api/actors?limit=50&lang=de",
    "/api/documents?limit=50&lang=de",
    "/api/positions?limit=50&lang=de",
    "/api/propositions?limit=50&lang=de",
    "/api/votes?limit=50&lang=de",
    "/api/actors/paritaet-sachsen?lang=de",
    "/api/documents/paritaet-sachsen-migration-2019?lang=de",
    "/api/positions/spd-2025-track-switch?lang=de",
    "/api/queries/positions-of-an-actor?actor=id/actor/spd",
    "/api/queries/who-stands-where?proposition=id/proposition/church-asylum",
)


class Server:
    """A service over the shipped data, and its CPU."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self._process = process
        self._connection = http.client.HTTPConnection(self.host, timeout=60)

    def get(self, address: str, host: str = "", accept: str = "*/*") -> bytes:
        return self._ask("GET", address, None, {"host": host or self.host, "accept": accept})

    def post(self, address: str, content: bytes, fields: Mapping[str, str]) -> bytes:
        return self._ask("POST", address, content, {"host": self.host, **fields})

    def _ask(self, method: str, address: str, content: bytes | None, fields: Mapping[str, str]) -> bytes:
        self._connection.request(method, address, content, dict(fields))
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (address, answer.status, body[:300])
        return body

    def cpu(self, work: Callable[[], int]) -> float:
        """CPU milliseconds of all processes for one of so many requests."""
        before = self._spent()
        number = work()
        return (self._spent() - before) * 1000 / number

    def settle(self) -> None:
        """Wait until a second costs next to nothing: large data answer from disk while they are loaded into memory.

        Raises:
            SystemExit: that does not come to pass.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            before = self._spent()
            time.sleep(1)
            if abs(self._spent() - before) < _AT_REST:
                return
        raise SystemExit("the service does not come to rest")

    def _spent(self) -> float:
        # What a worker used is with its keeper when the worker has ended, and must not be counted here once more.
        return cpu_seconds(self._process.pid)


@contextmanager
def serving(*before: str) -> Iterator[Server]:
    """A service that answers; `before` are options of the program, which go before its command."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        options = ["--port", str(port), "--snapshots", directory]
        command = [sys.executable, "-m", "graph_service", *before, "serve", *options]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            _wait(port, process)
            yield Server(process, port)
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().read():
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the service did not start")


def measure(server: Server, address: str) -> dict[str, float]:
    """CPU of the API and of `/sparql`, each fresh and cached; medians of rounds that take turns."""
    query = server.get(f"{address}&format=sparql").decode()
    number = iter(range(10**9))
    plain = f"/sparql?format=json&query={quote(query)}"
    # The engine's bytes of a named query go out whatever the host: a language that nobody asked for makes it new.
    named = address.startswith("/api/queries/")

    def fresh() -> object:
        once = next(number)
        return server.get(f"{address}&lang=en-x{once}") if named else server.get(address, f"h{once}.example")

    works = {
        "api": _often(FRESH, fresh),
        "sparql": _often(FRESH, lambda: server.get(f"{plain}%20%23{next(number)}")),
        "api cached": _often(CACHED, lambda: server.get(address)),
        "sparql cached": _often(CACHED, lambda: server.get(plain)),
    }
    for work in works.values():
        work()
    rounds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            rounds[name].append(server.cpu(work))
    return {name: statistics.median(figures) for name, figures in rounds.items()}


def _often(times: int, ask: Callable[[], object]) -> Callable[[], int]:
    def work() -> int:
        for _ in range(times):
            ask()
        return times

    return work


def main() -> None:
    lines = [
        "# What the API costs on top of its query",
        "",
        f"Shipped data, Python {platform.python_version()}, {os.cpu_count()} cores; CPU milliseconds of all processes",
        f"for a request, median of {ROUNDS} rounds, one client on a connection that is kept.",
        "The goals: fresh ≤ 1.5 × SPARQL + 0.5 ms; cached ≤ SPARQL cached.",
        "",
        "| address | fresh | SPARQL | goal | cached | SPARQL cached | ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    failed = False
    with serving() as server:
        for address in ADDRESSES:
            found = measure(server, address)
            goal = 1.5 * found["sparql"] + 0.5
            ratio = found["api cached"] / found["sparql cached"]
            failed |= found["api"] > goal
            lines.append(
                f"| `{address}` | **{found['api']:.2f}** | {found['sparql']:.2f} | {goal:.2f} | "
                f"**{found['api cached']:.3f}** | {found['sparql cached']:.3f} | {ratio:.2f} |"
            )
            print(lines[-1], flush=True)
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
