"""Kill -9 of a service at any moment: while it starts, prepares its store, answers, makes dumps, takes over."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots import publication, register
from graph_service.snapshots.retention import kept, tidy
from graph_service.snapshots.snapshot import Snapshot, current, open_snapshot
from graph_service.store import disk, inspection
from tests.http.processes import PROGRAM, is_held, served, wait_until

COUNT = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
KEPT = 2
# A moment of a start, or of what comes after it.
LONGEST = 2.0
pytestmark = pytest.mark.alone


@pytest.fixture
def settings(tmp_path: Path) -> BuildSettings:
    (tmp_path / "empty.ttl").write_text("")
    return BuildSettings(
        ontology=(tmp_path / "empty.ttl",),
        data=(tmp_path / "data.ttl",),
        base="https://data.example/",
        snapshots=tmp_path / "snapshots",
        reasoner="none",
        validation=False,
        keep=KEPT,
    )


def edition(settings: BuildSettings, number: int) -> Snapshot:
    """Build and put into use what is too large for a memory of one MiB."""
    text = "".join(f"<urn:x{n}> <urn:p> '{number} {'long' * 1500}' .\n" for n in range(100))
    settings.data[0].write_text(text)
    return build(find_inputs(settings))


def killed(directory: Path, moment: float, settings: BuildSettings, number: int) -> Snapshot:
    """A service is killed so many seconds after its start; meanwhile dumps are asked for and another edition comes."""
    serve = json.dumps({"port": 0, "watch": True, "data_mb": 1, "inspect_minutes": 0.005})
    command = [sys.executable, "-c", PROGRAM, str(directory), serve, "follow"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    used = open_snapshot(directory)
    if number % 2:
        address = process.stdout.readline().strip()
        used = edition(settings, number)
        with contextlib.suppress(httpx2.HTTPError):
            # Dumps are made for as long as the client waits, and longer.
            httpx2.get(f"{address}dump", timeout=moment)
    else:
        time.sleep(moment)
    process.kill()
    process.communicate()
    return used


def test_kills_of_a_service_lose_nothing(settings: BuildSettings, kills: int) -> None:
    chance, root, used = random.Random(1), settings.snapshots, edition(settings, 1)
    for number in range(2, kills + 2):
        used = killed(used.path, LONGEST * chance.random(), settings, number)
        assert wait_until(lambda: not any(is_held(path) for path in kept(root)), 60), "nothing of it runs on"
        in_use = current(root)
        assert in_use is not None
        assert in_use.digest == used.digest
        for path in kept(root):
            assert not list(inspection.damaged(path)), "what is there is whole"
        assert register.read(root)[-1].digest == used.digest
    tidy(root, KEPT)
    for path in kept(root):
        assert not list(path.glob(".*"))
    log = settings.snapshots.parent / "log"
    with served(used.path, log=log, follow=True, data_mb=1) as service, service.client() as client:
        assert client.get("/health").json()["digest"] == used.digest
        assert client.get("/sparql", params=COUNT).text.split() == ["n", "100"]
        assert len(client.get("/dump").json()["dumps"]) == 7
    assert disk.is_prepared(used.path)
    assert not list(publication.damaged(used.path))
