"""A service with `--live`: a process of its own that builds what is edited."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.http.processes import wait_until


@dataclass(frozen=True)
class LiveService:
    """One that runs: its address without a slash at the end, its process, and what it has said."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def below(self) -> list[int]:
        """The processes that it has started, and those that these have, the workshop first."""
        return _descendants(self.process.pid)


@contextmanager
def served_live(directory: Path, options: Sequence[str]) -> Iterator[LiveService]:
    """A service with these options; snapshots and log lie in the directory."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "graph_service", "serve", "--live", "--port", str(port), "--workers", "1"]
    command += [*options, "--snapshots", str(directory / "snapshots")]
    said = directory / "log"
    with said.open("wb") as log:
        process = subprocess.Popen(command, stderr=log)
    try:
        assert wait_until(lambda: "http://127.0.0.1" in said.read_text(), 60), said.read_text()
        yield LiveService(f"http://127.0.0.1:{port}", process, said)
    finally:
        process.terminate()
        process.wait(30)


def _descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [one for child in map(int, children) for one in (child, *_descendants(child))]
