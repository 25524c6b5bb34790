"""Serves the page on the loopback, at the address it had before: a page that is open goes on after a restart.

Port and token of a review lie beside its draft, readable for the curator alone, who can read the draft as well.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from graph_service.errors import SettingsError
from graph_service.reading.shelf import write_whole
from graph_service.reviewing.app import application
from graph_service.reviewing.door import Door
from graph_service.reviewing.review import Review

_LOOPBACK = "127.0.0.1"


def serve(review: Review, port: int, started: Callable[[str], None]) -> None:
    """Serve the page until the process is told to stop.

    Args:
        review: what is reviewed.
        port: to listen on; 0 takes the one of the last time, or any that is free.
        started: takes the address, once it answers.

    Raises:
        SettingsError: the port is taken.
    """
    remembered = review.shelf.path(review.paper.name, f".{review.coder}.review")
    last_port, token = _remembered(remembered)
    listener = _listen(port, last_port)
    bound = listener.getsockname()[1]
    token = token or secrets.token_urlsafe(32)
    # A temporary file is its owner's alone, and stays so when it is put into place.
    write_whole(remembered, json.dumps({"port": bound, "token": token}).encode())
    app = Door(application(review), bound, token)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    started(f"http://{_LOOPBACK}:{bound}/?token={token}")
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listen(port: int, last: int) -> socket.socket:
    """A socket on the port asked for, else on that of the last time, else on any."""
    try:
        if port:
            return socket.create_server((_LOOPBACK, port))
        with contextlib.suppress(OSError):
            return socket.create_server((_LOOPBACK, last))
        return socket.create_server((_LOOPBACK, 0))
    except OSError as error:
        raise SettingsError(
            f"Port {port} cannot be had ({error.strerror}).", hint="Choose another with --port."
        ) from None


def _remembered(path: Path) -> tuple[int, str]:
    try:
        known = json.loads(path.read_bytes())
        return int(known["port"]), str(known["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""
