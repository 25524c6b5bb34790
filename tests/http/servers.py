"""A real server on a loopback port, in a thread, for as long as a test needs it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
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

    async def made() -> Service:
        return app

    with running_from(made, limits, **options) as server:
        yield server


@contextmanager
def running_from(
    make: Callable[[], Awaitable[Service]], limits: HTTPLimits | None = None, **options: object
) -> Iterator[Running]:
    """Serve the application that is made in the server's event loop."""
    started: Future[tuple[Service, uvicorn.Server]] = Future()

    async def serve() -> None:
        app = await make()
        chosen = {"port": 0, **options}
        config = serving.config(app, limits or HTTPLimits(shutdown_seconds=5), **chosen)  # type: ignore[arg-type]
        server = uvicorn.Server(config)
        work = asyncio.ensure_future(server.serve())
        while not server.started and not work.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        if not work.done():
            started.set_result((app, server))
        await work

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    app, server = started.result(timeout=60)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Running(f"http://127.0.0.1:{port}", port, app, server)
    finally:
        server.should_exit = True
        thread.join(timeout=15)
        assert not thread.is_alive(), "the server did not stop"
