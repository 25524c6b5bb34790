"""Roles for tests: work that echoes, takes memory or time, fails, or looks around."""

from __future__ import annotations

import importlib
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graph_service.errors import SettingsError
from graph_service.workers.limits import MIB
from graph_service.workers.role import Role, Write


def roles(arguments: Mapping[str, Any]) -> Iterator[Role]:
    """An open role and a sealed one; the argument `broken` lets the second fail."""
    yield Role("open", work, 8 * MIB, sealed=False, libraries=("colorsys",))
    if arguments.get("broken"):
        raise SettingsError("The second role is wrong.", hint="Mend it.")
    yield Role("sealed", work, 8 * MIB)


def work(request: bytes, write: Write) -> None:
    """What the request says."""
    kind, _, rest = request.decode().partition(" ")
    if kind == "take":
        write(str(len(b"x" * int(rest))).encode())
    elif kind == "sleep":
        time.sleep(float(rest))
    elif kind == "fail":
        raise RuntimeError(rest)
    elif kind == "read":
        write(Path(rest).read_bytes()[:1])
    elif kind == "connect":
        socket.socket()
    elif kind == "load":
        write(str(rest in sys.modules).encode())
        importlib.import_module(rest)
    elif kind == "nice":
        write(str(os.nice(0)).encode())
    else:
        write(request)
