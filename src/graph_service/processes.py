"""Child processes: modules of this package, run by the interpreter that runs this one.

A child never imports from the working directory (`-P`) and has a session of its own, so that Ctrl-C in a terminal
reaches its parent only. Whoever waits for one ends it by being cancelled. A fork of this process has its imports.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph_service import errors
from graph_service.errors import FindingsError, GraphServiceError, ProcessError

_CHUNK = 1 << 16
# What is kept of the end of a child's standard error, in bytes: its error is the last line.
_ERROR_BYTES = 8192
# Seconds between two looks whether a fork has ended.
_LOOK = 0.02


@dataclass(frozen=True)
class ProcessLimits:
    """What a child may use.

    Attributes:
        seconds: from start to end.
        memory_bytes: of private memory (RLIMIT_DATA; Linux only).
        output_bytes: on standard output.
    """

    seconds: float
    memory_bytes: int
    output_bytes: int = 0


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module."""
    return [sys.executable, "-P", "-m", module, *arguments]


def start(module: str, *arguments: str, descriptors: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """Start a child that outlives the call; whoever starts it ends it. Its errors go where ours go.

    Args:
        module: its name.
        arguments: of its command line.
        descriptors: open files that the child inherits.
    """
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command(module, *arguments),
        stdin=DEVNULL,
        stdout=DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,
    )


def can_fork() -> bool:
    """Whether a fork of this process is safe: no other thread can hold a lock, as is known on Linux only."""
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


class Fork:
    """A fork of this process, which can be waited for and killed as a `subprocess.Popen`: also when it has ended.

    Attributes:
        pid: its process id.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None
        self._waiting = threading.Lock()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns its exit code and raises as `subprocess.Popen.wait`."""
        end = time.monotonic() + (timeout or 0.0)
        while (code := self._ended()) is None:
            if timeout is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("fork", timeout)
            time.sleep(_LOOK)
        return code

    def kill(self) -> None:
        """Kill it, unless its end is known: then its process id may be that of another."""
        if self._ended() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _ended(self) -> int | None:
        with self._waiting:
            if self._code is None:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
                self._code = os.waitstatus_to_exitcode(status) if ended else None
            return self._code


def fork(work: Callable[[], object], descriptors: tuple[int, ...]) -> Fork:
    """Have a fork of this process do some work and end: a child like those of `start` (Linux).

    Args:
        work: what it does.
        descriptors: open files that it keeps beside standard error.
    """
    if pid := os.fork():
        return Fork(pid)
    code = 1
    try:
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(silence, stream)
        for inherited in {int(one.name) for one in Path("/proc/self/fd").iterdir()} - {0, 1, 2, *descriptors}:
            try:
                # Not closed: an object of the parent may close the number later, as if another file had not taken it.
                os.dup2(silence, inherited)
            except OSError:  # a number above the limit, which no other file can take
                with contextlib.suppress(OSError):
                    os.close(inherited)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing of the parent may run in its fork
        traceback.print_exc()
    finally:
        os._exit(code)


async def run(module: str, *arguments: str, limits: ProcessLimits) -> bytes:
    """Run a child to its end; returns what it wrote on standard output. Cancelling kills it and its children.

    Raises:
        GraphServiceError: the error with which `report` ended it.
        ProcessError: it ended in another way, or went beyond a limit.
    """
    name = module.removeprefix("graph_service.")
    child = await asyncio.create_subprocess_exec(
        *command(module, *arguments), stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    if child.stdout is None or child.stderr is None:
        raise ProcessError(f"The process {name} has no output.")
    try:
        _restrict(child.pid, limits)
        async with asyncio.timeout(limits.seconds):
            output, end = await asyncio.gather(_head(child.stdout, child.pid, limits), _tail(child.stderr))
            await child.wait()
    except TimeoutError:
        raise ProcessError(f"The process {name} took longer than {limits.seconds:g} s.") from None
    finally:
        if child.returncode is None:
            _kill(child.pid)
            # Its streams to their end first: with one that nobody reads, asyncio never tells that a child has ended.
            await asyncio.gather(_tail(child.stdout), _tail(child.stderr))
            await child.wait()
    if len(output) > limits.output_bytes:
        raise ProcessError(f"The process {name} wrote more than {limits.output_bytes} bytes.")
    if child.returncode:
        raise _error(name, child.returncode, end)
    return output


def report(work: Callable[[], object]) -> None:
    """Do the work of a child; an error becomes its last line on standard error, which `run` raises.

    Raises:
        SystemExit: the work failed.
    """
    try:
        work()
    except GraphServiceError as error:
        described = describe(error)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        described = (ProcessError.__name__, f"{error.strerror or error}{where}", "")
    except MemoryError:
        described = (ProcessError.__name__, "There is not enough memory.", "")
    else:
        return
    sys.stderr.write("\n" + json.dumps(described) + "\n")
    sys.exit(1)


def describe(error: GraphServiceError) -> tuple[str, str, str]:
    """The name, message and hint of an error, for another process."""
    place = str(error.where or "")
    return type(error).__name__, f"{place}: {error.message}" if place else error.message, error.hint


def error_of(name: str, message: str, hint: str) -> GraphServiceError:
    """The error that another process described."""
    found = getattr(errors, name, None)
    if isinstance(found, type) and issubclass(found, GraphServiceError) and not issubclass(found, FindingsError):
        return found(message, hint=hint)
    return ProcessError(message, hint=hint)


def _restrict(pid: int, limits: ProcessLimits) -> None:
    if sys.platform == "linux":
        # Computing time, too: the clock of a parent that was killed ends nothing.
        seconds = int(limits.seconds) + 1
        bounds = (
            (resource.RLIMIT_DATA, limits.memory_bytes),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_CORE, 0),
        )
        with contextlib.suppress(ProcessLookupError):
            for kind, most in bounds:
                resource.prlimit(pid, kind, (most, most))


async def _head(stream: asyncio.StreamReader, pid: int, limits: ProcessLimits) -> bytes:
    """All of a stream; if that is too much, a little more than is allowed, and the child is ended."""
    read = bytearray()
    while chunk := await stream.read(_CHUNK):
        if len(read) <= limits.output_bytes:
            read += chunk
            if len(read) > limits.output_bytes:
                _kill(pid)
    return bytes(read)


def _kill(pid: int) -> None:
    """End a child and its children, which share its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


async def _tail(stream: asyncio.StreamReader) -> bytes:
    """The end of a stream."""
    read = b""
    while chunk := await stream.read(_CHUNK):
        read = (read + chunk)[-_ERROR_BYTES:]
    return read


def _error(name: str, code: int, end: bytes) -> GraphServiceError:
    """The error of a child that failed."""
    last = (end.decode(errors="replace").strip().splitlines() or [""])[-1]
    with contextlib.suppress(ValueError, TypeError):
        return error_of(*json.loads(last))
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"failed with exit code {code}"
    return ProcessError(f"The process {name} {how}{f': {last}' if last else '.'}")
