"""Runs uvicorn: a bound socket, limited connections, logs, graceful shutdown."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Any, TypeAlias, TypeVar

import uvicorn

from graph_service.errors import SettingsError
from graph_service.http.protocol.limits import HTTPLimits
from graph_service.http.protocol.request import ASGIApp
from graph_service.http.server.connection import server_options
from graph_service.settings import ServeSettings

# Connections that the kernel may queue while the data are still loading.
BACKLOG = 1024


def bind(settings: ServeSettings) -> list[socket.socket]:
    """Take the port, before anything expensive is done: a listener for each process, among which the kernel divides.

    Raises:
        SettingsError: it is taken, or the address is not ours.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        first = socket.create_server(address[:2], family=family, backlog=BACKLOG)
        if settings.processes == 1:
            return [first]
        # Only that one could tell that another service has the port: with SO_REUSEPORT both would listen there.
        with first:
            address = first.getsockname()
        return [
            socket.create_server(address[:2], family=family, backlog=BACKLOG, reuse_port=True)
            for _ in range(settings.processes)
        ]
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(
            f"Cannot listen on {settings.host}:{settings.port}: {reason}.", hint="Choose another with --port."
        ) from None


class _Server(uvicorn.Server):
    """Says when it is ready, and when it begins to end."""

    started_by: Callable[[], object]
    ended_by: Callable[[], object]

    async def accept(self, listener: socket.socket) -> asyncio.Server:
        """Accept at a further listener, until what is returned is closed or the server ends."""
        protocol = self.config.http_protocol_class

        def connected() -> asyncio.Protocol:
            return protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)  # type: ignore[call-arg]

        accepting = await asyncio.get_running_loop().create_server(connected, sock=listener.dup(), backlog=BACKLOG)
        self.servers = [accepting, *(one for one in self.servers if one.is_serving())]
        return accepting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.started_by()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.ended_by()
        await super().shutdown(sockets)


App = TypeVar("App", bound=ASGIApp)
Accept: TypeAlias = Callable[[socket.socket], Awaitable[asyncio.Server]]


def run(
    make_app: Callable[[], Awaitable[App]],
    settings: ServeSettings,
    *,
    limits: HTTPLimits,
    trusted: Sequence[str] = (),
    beside: Callable[[App, Sequence[socket.socket], Accept], object] = lambda app, listeners, accept: None,
    started: Callable[[str], object] = lambda url: None,
    ending: Callable[[App], object] = lambda app: None,
) -> None:
    """Serve until SIGINT or SIGTERM; running answers may end before this returns.

    Args:
        make_app: makes the application in the event loop that will serve it.
        settings: where to listen, and in how many processes.
        limits: of connections.
        trusted: addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
        beside: called as soon as requests are answered, with the application, the listeners of further processes, and
            what has this process accept at one of them.
        started: called then with the URL.
        ending: called with the application before running answers are waited for.

    Raises:
        SettingsError: the port is taken.
        GraphServiceError: whatever `make_app` raises.
    """
    with ExitStack() as stack:
        listener, *others = [stack.enter_context(one) for one in bind(settings)]
        host, port = listener.getsockname()[:2]
        url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

        def begin(app: App, accept: Accept) -> None:
            beside(app, others, accept)
            started(url)

        serve(make_app, listener, limits=limits, trusted=trusted, started=begin, ending=ending)


def serve(
    make_app: Callable[[], Awaitable[App]],
    listener: socket.socket,
    *,
    limits: HTTPLimits,
    trusted: Sequence[str] = (),
    started: Callable[[App, Accept], object] = lambda app, accept: None,
    ending: Callable[[App], object] = lambda app: None,
) -> None:
    """Serve at a listener; arguments and errors as of `run`."""

    async def main() -> None:
        app = await make_app()
        server = _Server(config(app, limits, trusted=trusted))
        _leave_startup_out_of_collections()
        server.started_by = lambda: started(app, server.accept)
        server.ended_by = lambda: ending(app)
        await server.serve([listener])

    # Only to choose the event loop; the application is created inside it.
    loop_factory = uvicorn.Config(_nothing, log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(main())


def _leave_startup_out_of_collections() -> None:
    """Have the cycle collector pass over what stays until the end, and run a tenth as often.

    A request makes few cycles, but a young collection looks at every object that is still in use, again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(7_000, 20, 20)


def config(app: ASGIApp, limits: HTTPLimits, *, trusted: Sequence[str] = (), **options: Any) -> uvicorn.Config:
    """How uvicorn serves an application of ours.

    Behind a trusted proxy there is no shortcut to the cache: it knows nothing of forwarded fields.
    """
    shortcut = None if trusted else getattr(app, "shortcut", None)
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        proxy_headers=bool(trusted),
        forwarded_allow_ips=list(trusted),
        **{**server_options(limits, shortcut), **options},
    )


async def _nothing(*_: Any) -> None:
    """A placeholder: uvicorn wants an application before the real one exists."""
