"""A worker: a forked process that answers one request at a time and can do nothing else.

It has a limit of memory on top of what it shares (RLIMIT_AS), dumps no core, and dies with its keeper. A sealed one can
open no file and no connection (RLIMIT_NOFILE 0; or `seclusion`, which lets it read the files of one directory). It
knows no limit of time: who asked kills it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from graph_service.errors import QueryError
from graph_service.workers import seclusion
from graph_service.workers.limits import MIB, too_much_memory
from graph_service.workers.role import Role
from graph_service.workers.wire import ERROR, LAST, LEAVING, LENGTH, PIECE, PIECE_BYTES, encode_error, frame

# What the allocator sets aside for a thread (64 MiB of address space) and a query of nothing at all.
_SLACK_BYTES = 128 * MIB
# A worker that has touched more pages of its own than this ends after its answer, which returns the memory. Reading
# counts references, so a scan of all data makes a copy of all its pages; faults count them, resident memory does not.
_OWN_BYTES = 64 * MIB
# How a worker ends that had loaded a library of its role.
LOADED = 3
_PR_SET_PDEATHSIG = 1
# The serving process goes before its workers: what it does for others takes a millisecond.
_NICE = 5


def serve(role: Role, connection: socket.socket, memory_bytes: int) -> NoReturn:
    """Answer requests until the other side hangs up. Ends the process."""
    confine(role, memory_bytes)
    threading.stack_size(role.stack_bytes)
    thread = threading.Thread(target=_answer_all, args=(role, connection, memory_bytes))
    thread.start()
    thread.join()
    os._exit(0)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux; elsewhere the closed socket must do)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def confine(role: Role, memory_bytes: int) -> None:
    """Give up what work of this role does not need; a sealed one keeps memory and the sockets that are open."""
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        space = used + role.stack_bytes + memory_bytes + _SLACK_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICE)
    if role.sealed:
        _seal(role.readable)


def _seal(readable: Path | None) -> None:
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    os.close(silence)
    if readable is not None and seclusion.is_possible():
        seclusion.seclude(readable)
    else:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


class _FrameWriter:
    """Gathers what is written and sends it in frames; blocks while the reader is slow."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._gathered: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Take a piece. The first frame leaves when 64 kB are there, so what goes wrong before is still an error."""
        self._gathered.append(data)
        self._size += len(data)
        if self._size >= PIECE_BYTES:
            self._send(PIECE)

    def finish(self, flags: int) -> None:
        """Send the rest as the last frame."""
        self._send(LAST | flags)

    def fail(self, error: QueryError, flags: int) -> None:
        """Send an error instead of the rest."""
        self._gathered = [encode_error(error)]
        self._send(ERROR | flags)

    def _send(self, kind: int) -> None:
        self._connection.sendall(frame(kind, b"".join(self._gathered)))
        self._gathered, self._size = [], 0


def _answer_all(role: Role, connection: socket.socket, memory_bytes: int) -> None:
    leaving = _memory_watch()
    while (request := _receive(connection)) is not None:
        pieces = _FrameWriter(connection)
        try:
            error = _answer(role, request, pieces)
            flags = LEAVING if leaving() else 0
            if error is None:
                pieces.finish(flags)
            else:
                pieces.fail(error, flags)
        except OSError:  # nobody is there to read it
            os._exit(0)
        except MemoryError:
            pieces.fail(too_much_memory(memory_bytes, role.name), LEAVING)
            flags = LEAVING
        if flags:
            os._exit(LOADED if role.has_loaded() else 0)


def _answer(role: Role, request: bytes, pieces: _FrameWriter) -> QueryError | None:
    """Answer all but the last frame; returns the error, if one ended it."""
    try:
        role.work(request, pieces.write)
    except QueryError as error:
        return error.with_traceback(None)
    except (OSError, MemoryError):
        raise
    except BaseException:  # noqa: BLE001 - a panic of the engine is no Exception, and must not end without an answer
        return QueryError(f"The {role.name} failed while it ran.", hint="Ask in another way.")
    return None


def _memory_watch() -> Callable[[], bool]:
    """Whether the process has got much memory of its own, as a question to ask later."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    pages = _OWN_BYTES // resource.getpagesize()
    return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before > pages


def _receive(connection: socket.socket) -> bytes | None:
    """The next request; None when the other side has hung up. No request comes before the last one is answered."""
    data = b""
    size = LENGTH.size
    while len(data) < size:
        try:
            part = connection.recv(1 << 16)
        except OSError:
            return None
        if not part:
            return None
        data += part
        if len(data) >= LENGTH.size:
            size = LENGTH.size + LENGTH.unpack_from(data)[0]
    return data[LENGTH.size :]
