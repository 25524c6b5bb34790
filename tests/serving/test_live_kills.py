"""Kill -9 of any process of `serve --live` while it builds and reloads: it serves on, and what was edited comes."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import httpx2
import pytest

from graph_service.building import kept_reach
from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots.retention import kept, tidy
from graph_service.snapshots.snapshot import current, open_snapshot
from tests.http.live import served_live
from tests.http.processes import wait_until

BASE = "http://data.example/"
MODEL = """
<urn:p> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <urn:q> .
[] <http://www.w3.org/ns/shacl#targetSubjectsOf> <urn:p> .
"""
COUNT = {"query": "SELECT ?edit (COUNT(*) AS ?n) { ?s <urn:q> ?edit } GROUP BY ?edit", "format": "csv"}
THINGS = 20
# A moment of a build, or of what comes after it.
LONGEST = 0.4
pytestmark = pytest.mark.alone


def write(directory: Path, number: int) -> None:
    text = "".join(f"<urn:x{thing}> <urn:p> {number} .\n" for thing in range(THINGS))
    (directory / "data.ttl").write_text(text, encoding="utf-8")


def answered(url: str) -> int:
    """The number of the edition that answers, which is whole; 0 if none does at this moment."""
    with contextlib.suppress(httpx2.HTTPError):
        answer = httpx2.get(f"{url}/sparql", params=COUNT, timeout=60)
        if answer.status_code == httpx2.codes.OK:
            (row,) = answer.text.split()[1:]
            edit, things = map(int, row.split(","))
            assert things == THINGS
            return edit
    return 0


def test_kills_of_a_live_service_lose_nothing(tmp_path: Path, kills: int) -> None:
    for name in ("model.ttl", "shapes.ttl"):
        (tmp_path / name).write_text(MODEL, encoding="utf-8")
    write(tmp_path, 1)
    chance = random.Random(1)
    options = ["--base", BASE, "--ontology", str(tmp_path / "model.ttl"), "--ontology", str(tmp_path / "shapes.ttl")]
    options += ["--data", str(tmp_path / "data.ttl"), "--reasoner", "compiled"]
    with served_live(tmp_path, options) as live:
        for number in range(2, kills // 2 + 2):
            write(tmp_path, number)
            # A keeper, a worker or whatever there is; then the workshop.
            for choose in (chance.choice, lambda below: below[0]):
                time.sleep(LONGEST * chance.random())
                assert wait_until(live.below), "what was killed begins anew"
                with contextlib.suppress(ProcessLookupError):
                    os.kill(choose(live.below()), signal.SIGKILL)
            assert wait_until(lambda: answered(live.url), 60), "an edition answers"
            assert answered(live.url) in (number - 1, number)
            assert wait_until(lambda edit=number: answered(live.url) == edit, 60), live.log.read_text()
    root = tmp_path / "snapshots"
    used = current(root)
    assert used is not None
    for path in kept(root):
        assert not list(open_snapshot(path).damaged())
    ontology = (tmp_path / "model.ttl", tmp_path / "shapes.ttl")
    whole = build(find_inputs(BuildSettings(ontology, (tmp_path / "data.ttl",), base=BASE, snapshots=tmp_path / "all")))
    assert used.digest == whole.digest
    tidy(root)
    assert {path.name for path in root.glob(".*")} <= {kept_reach.NAME}, "nothing half-written is left"
