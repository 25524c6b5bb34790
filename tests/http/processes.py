"""The service as it runs for users: a process of its own, with keeper and workers below it, over a snapshot on disk."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2

from graph_service.snapshots.holding import held_if_free
from graph_service.snapshots.snapshot import Manifest

E = "http://example.org/"
# Where a proxy has the service that all tests share.
PUBLIC = "https://graph.example"
PROGRAM = """
import json, sys
from pathlib import Path
from graph_service.serving import app
from graph_service.building.inputs import query_files
from graph_service.settings import BuildSettings, ServeSettings
from graph_service.snapshots.snapshot import open_snapshot

directory, given = Path(sys.argv[1]), json.loads(sys.argv[2])
settings = ServeSettings(**given | ({"pages": Path(given["pages"])} if "pages" in given else {}))
queries = query_files(BuildSettings())
root = directory.parent if len(sys.argv) > 3 else None
app.serve(settings, open_snapshot(directory), queries, snapshots=root, started=lambda url: print(url, flush=True))
"""


def write_snapshot(directory: Path, lines: Iterable[str]) -> Path:
    """A snapshot of these N-Quads lines, none of them in the default graph; its number of triples is left out."""
    quads = sorted(f"{line}\n" for line in lines)
    graphs = dict(Counter(quad.rsplit(" ", 2)[1][1:-1] for quad in quads))
    content = "".join(quads).encode()
    (directory / "quads.nq").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    manifest = asdict(Manifest(digest, "", E, f"{E}graph/inferred", graphs, 0, (), "none", ""))
    (directory / "manifest.json").write_text(json.dumps(manifest))
    return directory


def people(number: int) -> Iterator[str]:
    """So many people in ten graphs, each of whom knows the next."""
    for person in range(number):
        graph = f"<{E}graph/{person % 10}>"
        yield f'<{E}p{person:06}> <{E}name> "Person {person}"@en {graph} .'
        yield f"<{E}p{person:06}> <{E}knows> <{E}p{(person + 1) % number:06}> {graph} ."


@dataclass
class Served:
    """A running service."""

    url: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=120, headers={"accept-encoding": "identity"})

    def metric(self, name: str) -> float:
        """The value of a gauge, named without `graph_service_`."""
        with self.client() as client:
            text = client.get("/metrics").text
        return float(text.partition(f"\ngraph_service_{name} ")[2].split()[0])

    def raw(self, data: bytes, *, seconds: float, source: str = "127.0.0.1") -> bytes:
        """What comes back in this time."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds, source_address=(source, 0)) as sock:
            received = b""
            try:
                sock.sendall(data)
                while piece := sock.recv(65536):
                    received += piece
            except OSError:
                pass
            return received

    def memory(self) -> int:
        """Bytes of all its processes, shared pages counted once."""
        return sum(_proportional(pid) for pid in family(self.process.pid))


def family(root: int) -> list[int]:
    """The process and all that are below it."""
    try:
        below = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    except OSError:
        # It has ended meanwhile.
        below = []
    return [root, *(pid for child in below for pid in family(int(child)))]


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def free_port() -> int:
    """A port of the loopback at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def served(
    directory: Path, *, log: Path | None = None, follow: bool = False, program: str = PROGRAM, **settings: object
) -> Iterator[Served]:
    """Serve a snapshot on a free port of the loopback; its log goes into the snapshot's directory if nowhere else.

    With `follow`, what `current` beside it names is taken over on SIGHUP, or at once if the settings say `watch`.
    """
    log = log or directory / "log"
    port = free_port()
    arguments = [sys.executable, "-c", program, str(directory), json.dumps({"port": port, **settings})]
    arguments += ["follow"] * follow
    with log.open("w") as lines:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=lines, text=True, env=os.environ)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, log.read_text()
        yield Served(url, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


def wait_until(condition: object, seconds: float = 60.0) -> bool:
    """Whether it comes true in this time."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.05)
    return bool(condition())  # type: ignore[operator]


def is_held(directory: Path) -> bool:
    """Whether a process works with a snapshot."""
    with held_if_free(directory) as free:
        return not free
