"""The servers that `http_cost.py` compares: how each is started, asked, and what CPU time it takes."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from cpu_time import cpu_seconds, serving_seconds

OURS = str(Path(__file__).with_name("http_cost.py"))


@dataclass
class Server:
    """One of the servers compared.

    Attributes:
        name: as the table has it.
        command: starts it; gets directory and port.
        path: of its endpoint.
        patience: how many requests of each kind it is asked in a round, as a share of the usual.
    """

    name: str
    command: Callable[[Path, int], list[str]]
    path: str
    patience: float = 1.0
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    rounds: dict[str, list[Round]] = field(default_factory=dict)

    def cpu(self) -> float:
        """CPU seconds of its processes so far, ended children included."""
        assert self.process is not None
        return cpu_seconds(self.process.pid)

    def serving_cpu(self) -> float:
        """Of them, those of the processes that accept connections."""
        assert self.process is not None
        return serving_seconds(self.process.pid)


@dataclass(frozen=True)
class Round:
    """What one round measured: CPU milliseconds a request, and latencies in milliseconds."""

    cpu: float
    latencies: list[float]


def servers() -> list[Server]:
    binaries = Path(sys.executable).parent
    return [
        Server(
            "this service",
            lambda data, port: [sys.executable, OURS, "--serve", str(data), str(port)],
            "/sparql",
        ),
        Server(
            "oxigraph serve-read-only",
            lambda data, port: [
                str(binaries / "oxigraph"), "serve-read-only", "--location", str(data / "oxigraph"),
                "--bind", f"127.0.0.1:{port}",
            ],
            "/query",
        ),
        Server(
            "rdflib-endpoint",
            lambda data, port: [
                str(binaries / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port),
                str(data / "data.nt"),
            ],
            "/",
            patience=0.05,
        ),
    ]  # fmt: skip


@contextmanager
def started(server: Server, directory: Path) -> Iterator[None]:
    if server.name.startswith("oxigraph"):
        binary = str(Path(sys.executable).parent / "oxigraph")
        load = [binary, "load", "--location", str(directory / "oxigraph"), "--file", str(directory / "data.nt")]
        subprocess.run(load, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        server.port = free.getsockname()[1]
    log = (directory / "log").open("ab")
    process = subprocess.Popen(server.command(directory, server.port), stdout=log, stderr=log)
    server.process = process
    try:
        _wait(server, directory / "log")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def _wait(server: Server, log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            Client(server).ask("ASK {}")
            return
        except OSError:
            ended = server.process is None or server.process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise RuntimeError(f"{server.name} did not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.1)


class Client:
    """One client, with one connection or with a new one for each request."""

    def __init__(self, server: Server, keep: bool = True) -> None:
        self._path = server.path
        self._keep = keep
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(self, query: str) -> tuple[float, bytes]:
        """Milliseconds and answer."""
        begun = time.perf_counter()
        fields = {"Accept": "application/sparql-results+json"}
        if not self._keep:
            fields["Connection"] = "close"
        self._connection.request("GET", f"{self._path}?query={quote(query)}", headers=fields)
        response = self._connection.getresponse()
        body = response.read()
        if not self._keep:
            self._connection.close()
        assert response.status == 200, body
        return (time.perf_counter() - begun) * 1000, body
