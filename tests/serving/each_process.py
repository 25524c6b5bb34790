"""Clients of a service of several processes, each of which asks one of them."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from tests.http.processes import family, wait_until

Connection = http.client.HTTPConnection
Answer = tuple[int, dict[str, str], bytes]


class Serving(Protocol):
    """A service of several processes."""

    @property
    def process(self) -> subprocess.Popen[Any]:
        """The main process."""
        ...

    @property
    def port(self) -> int:
        """Where all of them listen."""
        ...


def siblings(service: Serving) -> list[int]:
    """The processes that serve beside the main one."""
    return [pid for pid in family(service.process.pid) if b"sibling_process" in contents(f"/proc/{pid}/cmdline")]


def contents(path: str) -> bytes:
    """What stands in a file of `/proc`; nothing if the process has ended."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def process_of(service: Serving, connection: Connection) -> int:
    """Who has accepted a connection: 0 if it still waits."""
    host, port = connection.sock.getsockname()
    address = f"{int.from_bytes(bytes(map(int, host.split('.'))), 'little'):08X}:{port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    inodes = {f"socket:[{line[9]}]" for line in lines if line[2] == address and line[9] != "0"}
    for pid in (service.process.pid, *siblings(service)):
        if not inodes.isdisjoint(_open_files(pid)):
            return pid
    return 0


def _open_files(pid: int) -> Iterator[str]:
    """What a process has open; other connections come and go, so a link may vanish before it is read."""
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                yield str(entry.readlink())


class At:
    """A client whose requests come to one of the processes, each over a connection of its own."""

    def __init__(self, service: Serving, pid: int, source: str) -> None:
        self._service = service
        self._source = (source, 0)
        self._connections: list[Connection] = []
        self.pid = pid

    def ask(
        self,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        body: str | bytes = "",
        method: str = "",
        **given: object,
    ) -> Connection:
        """Send a request: a POST if it has a body, unless a method is given."""
        while True:
            connection = Connection("127.0.0.1", self._service.port, timeout=120, source_address=self._source)
            self._connections.append(connection)
            connection.connect()
            assert wait_until(partial(process_of, self._service, connection))
            if process_of(self._service, connection) == self.pid:
                target = f"{path}?{urlencode(given)}" if given else path
                connection.request(method or ("POST" if body else "GET"), target, body or None, headers or {})
                return connection

    def get(self, path: str, headers: dict[str, str] | None = None, **given: object) -> Answer:
        """Status, fields and body of an answer."""
        return taken(self.ask(path, headers, body="", method="", **given))

    def leave(self) -> None:
        """Close all connections."""
        for connection in self._connections:
            connection.close()


@contextmanager
def at_each(service: Serving, source: str = "127.0.0.1") -> Iterator[tuple[At, At]]:
    """A client at this address, at the main process and at its sibling."""
    (sibling,) = siblings(service)
    both = At(service, service.process.pid, source), At(service, sibling, source)
    try:
        yield both
    finally:
        for one in both:
            one.leave()


def taken(connection: Connection) -> Answer:
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
