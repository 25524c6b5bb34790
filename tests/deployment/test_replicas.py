"""Replicas of a snapshot cannot be told apart: a client may go from one to the other with what it has in its cache."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from graph_service.commands.cli import main
from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import wait_until

ADDRESSES = (
    "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
    "/api/actors",
    "/data/actor/spd.ttl",
    "/page/actor/spd",
)


@contextmanager
def replica(root: Path) -> Iterator[httpx2.Client]:
    """The command as docs/scaling.md gives it, over snapshots that came from elsewhere, and no sources of their own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "graph_service", "serve", "--no-build", "--watch"]
    command += ["--data", str(root / "nothing.ttl"), "--snapshots", str(root), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        # As a load balancer hands it on: the name of the site, not of the replica.
        fields = {"host": "graph.example.org", "accept-language": "en"}
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, headers=fields) as client:
            assert wait_until(lambda: _answers(client), 60)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/ready").status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.slow
def test_replicas_have_the_same_validators(shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    roots = [tmp_path / name for name in ("one", "other")]
    for root in roots:
        shutil.copytree(shipped_snapshot.path, root / shipped_snapshot.path.name)
        done = CliRunner().invoke(main, ["publish", shipped_snapshot.digest, "--snapshots", str(root)])
        assert done.exit_code == 0, done.stderr
    with ExitStack() as stack:
        one, other = (stack.enter_context(replica(root)) for root in roots)
        for address in ADDRESSES:
            answer = one.get(address)
            assert answer.status_code == 200, address
            fields = {"if-none-match": answer.headers["etag"]}
            assert other.get(address, headers=fields).status_code == 304, address


def test_a_replica_without_a_snapshot_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["serve", "--no-build", "--snapshots", str(tmp_path)])
    assert done.exit_code == 1
    assert "No snapshot" in done.stderr
    assert "publish" in done.stderr
