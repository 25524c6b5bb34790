"""Kill -9 at any moment of build, publish and removal: nothing is lost, and the next start works."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from graph_service import register, snapshot
from graph_service.pipeline import build, find_inputs
from graph_service.retention import kept, tidy
from graph_service.settings import BuildSettings
from graph_service.snapshot import put_into_use

KILLS = 50
KEPT = 3


def _settings(directory: Path) -> BuildSettings:
    return BuildSettings(
        ontology=(directory / "empty.ttl",),
        data=(directory / "data.ttl",),
        base="https://data.example/",
        snapshots=directory / "snapshots",
        reasoner="none",
        validation=False,
        keep=KEPT,
    )


def publish_for_ever(directory: Path, seed: int, begun: Event) -> None:
    """One edition after the other, and now and then back to the one before."""
    settings, number = _settings(directory), 0
    while True:
        number += 1
        text = "".join(f"<urn:x{n}> <urn:p> '{seed}.{number}' .\n" for n in range(200))
        settings.data[0].write_text(text)
        build(find_inputs(settings))
        begun.set()
        if number % 3 == 0:
            put_into_use(snapshot.open_snapshot(kept(settings.snapshots)[-1]))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name in ("empty.ttl", "data.ttl"):
        (tmp_path / name).write_text("")
    build(find_inputs(_settings(tmp_path)))
    return tmp_path


def test_random_kills_leave_a_whole_snapshot_in_use_and_no_remains(directory: Path) -> None:
    settings = _settings(directory)
    root, chance = settings.snapshots, random.Random(1)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.pipeline.test_kills"])
    digests = set()
    for kill in range(KILLS):
        begun = context.Event()
        publisher = context.Process(target=publish_for_ever, args=(directory, kill, begun))
        publisher.start()
        assert begun.wait(20)
        time.sleep(0.1 * chance.random())
        assert publisher.pid is not None
        os.kill(publisher.pid, signal.SIGKILL)
        publisher.join()
        used = snapshot.current(root)
        assert used is not None
        used.verify()
        for path in kept(root):
            snapshot.open_snapshot(path).verify()
        assert all(entry.digest for entry in register.read(root))
        digests.add(used.digest)
    assert len(digests) > KILLS // 2, "each had published something before it was killed"
    tidy(root, KEPT)
    rest = {path.name for path in root.iterdir() if path.name not in ("current", register.NAME)}
    assert not [name for name in rest if name.startswith(".")]
    assert len(kept(root)) == KEPT
    build(find_inputs(settings)).verify()
