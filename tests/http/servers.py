"""A real server on a loopback port, in a thread, for as long as a test needs it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
import uvicorn

from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.server import listening as serving
from graph_service.serving.service import Service

# Longer than any limit of the service: its own answer says which limit a request has reached.
CLIENT_SECONDS = 120


@dataclass
class Running:
    """Where it listens."""

    url: str
    port: int
    app: Service
    server: uvicorn.Server

    def client(self, **options: object) -> httpx2.Client:
        # The client's own idea of codings would make each test depend on what is installed.
        fields = {"accept-encoding": "identity"}
        return httpx2.Client(base_url=self.url, timeout=CLIENT_SECONDS, headers=fields, **options)  # type: ignore[arg-type]

    def raw(self, data: bytes, *, wait: float = 10.0, close: bool = True) -> bytes:
        """What comes back for these bytes, until the server closes or is silent for `wait` seconds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(data)
            received = b""
            try:
                while piece := connection.recv(65536):
                    received += piece
            except TimeoutError:
                if close:
                    raise
            return received


@contextmanager
def running(app: Service, limits: HTTPLimits | None = None, **options: object) -> Iterator[Running]:
    """Serve this application."""
    config = serving.config(app, limits or HTTPLimits(shutdown_seconds=5), **{"port": 0, **options})  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Running(f"http://127.0.0.1:{port}", port, app, server)
    finally:
        server.should_exit = True
        thread.join(timeout=15)
        assert not thread.is_alive(), "the server did not stop"
