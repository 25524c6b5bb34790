"""Stores of others, started for the tests: Oxigraph's server and Virtuoso, on ports of the loopback, in a directory."""

from __future__ import annotations

import resource
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.remote.endpoint import Address
from graph_service.store.remote.graph_writer import ByGraphStoreProtocol, ByUpdate, GraphWriter, Reader
from graph_service.store.remote.store import RemoteStore
from graph_service.store.remote.upload import Upload, layout
from graph_service.workers.limits import Limits

NAMES = ("oxigraph", "virtuoso")
START_SECONDS = 60.0
# Of a store, so that a query that runs away there does not take the machine along.
MEMORY = 2 << 30

INI = """
[Database]
DatabaseFile = {directory}/virtuoso.db
ErrorLogFile = {directory}/virtuoso.log
LockFile = {directory}/virtuoso.lck
TransactionFile = {directory}/virtuoso.trx
xa_persistent_file = {directory}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {directory}/temporary.db
TransactionFile = {directory}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
CheckpointInterval = 0
MaxQueryMem = 500M
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {directory}
ServerThreads = 16
MaxClientConnections = 16
MaxKeepAlives = 16
KeepAliveTimeout = 30
[SPARQL]
"""


@dataclass(frozen=True)
class Engine:
    """A store that runs: where it is asked, and where its graphs are written."""

    name: str
    query: str
    update: str
    graphs: str
    process: subprocess.Popen[bytes]

    def writer(self, *, by_update: bool = False) -> GraphWriter:
        return ByUpdate(Address.parse(self.update)) if by_update else ByGraphStoreProtocol(Address.parse(self.graphs))

    def opened(self, snapshot: Snapshot, limits: Limits | None = None) -> RemoteStore:
        """Ask a snapshot there."""
        self.hold(snapshot)
        return RemoteStore(Address.parse(self.query), limits, layout(snapshot.manifest), snapshot.digest)

    def hold(self, snapshot: Snapshot) -> None:
        """Put a snapshot there, if it is not there already."""
        with closing(self.writer()) as writer, closing(Reader(Address.parse(self.query))) as reader:
            Upload(reader, writer).run(snapshot)


@contextmanager
def started(name: str, directory: Path) -> Iterator[Engine]:
    """Start the store of this name; skip where Virtuoso is not installed, which is a package of Debian's."""
    command, urls = _COMMANDS[name](directory)
    with (directory / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=directory)
    resource.prlimit(process.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
    try:
        _wait(urls[0], process, directory / "output")
        yield Engine(name, *urls, process)
    finally:
        process.kill()
        process.wait(timeout=30)


def _oxigraph(directory: Path) -> tuple[list[str], tuple[str, str, str]]:
    program = Path(sys.executable).with_name("oxigraph")
    base = f"http://127.0.0.1:{_free_port()}"
    bind = base.removeprefix("http://")
    command = [str(program), "serve", "--location", str(directory), "--bind", bind]
    return command, (f"{base}/query", f"{base}/update", f"{base}/store")


def _virtuoso(directory: Path) -> tuple[list[str], tuple[str, str, str]]:
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("virtuoso-t is not installed")
    port = _free_port()
    ini = directory / "virtuoso.ini"
    ini.write_text(INI.format(directory=directory, sql=_free_port(), port=port))
    base = f"http://127.0.0.1:{port}"
    # User and password of a database that is new, lives in this directory and listens on the loopback.
    own = base.replace("//", "//dba:dba@")
    command = [program, "+foreground", "+configfile", str(ini)]
    return command, (f"{base}/sparql", f"{own}/sparql-auth", f"{own}/sparql-graph-crud-auth")


_COMMANDS = {"oxigraph": _oxigraph, "virtuoso": _virtuoso}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, output.read_text(errors="replace")
        try:
            with urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer: {output.read_text(errors='replace')}")
