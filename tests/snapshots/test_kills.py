"""Kill -9 at any moment of build, publish and removal: nothing is lost, and the next start works."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.building.resident import ResidentBuilder
from graph_service.settings import BuildSettings
from graph_service.snapshots import publication, register, snapshot
from graph_service.snapshots.draft import put_into_use
from graph_service.snapshots.holding import Hold
from graph_service.snapshots.retention import kept, tidy
from graph_service.snapshots.snapshot import open_snapshot
from graph_service.store import disk

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


def publish_for_ever(directory: Path, seed: int, begun: Event, way: str) -> None:
    """One edition after the other, and now and then back to the one before."""
    settings, number = _settings(directory), 0
    builder = ResidentBuilder(settings, once=way == "builds that go on from disk")
    while True:
        number += 1
        text = "".join(f"<urn:x{n}> <urn:p> '{seed}.{number}' .\n" for n in range(200))
        settings.data[0].write_text(text)
        if way == "whole builds":
            build(find_inputs(settings))
        else:
            builder.build()
        begun.set()
        if number % 3 == 0:
            put_into_use(snapshot.open_snapshot(kept(settings.snapshots)[-1]))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name in ("empty.ttl", "data.ttl"):
        (tmp_path / name).write_text("")
    build(find_inputs(_settings(tmp_path)))
    return tmp_path


@pytest.mark.parametrize("way", ["whole builds", "resident builder", "builds that go on from disk"])
def test_random_kills_leave_a_whole_snapshot_in_use_and_no_remains(directory: Path, kills: int, way: str) -> None:
    settings = _settings(directory)
    root, chance = settings.snapshots, random.Random(1)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.snapshots.test_kills"])
    digests = set()
    for kill in range(kills):
        begun = context.Event()
        publisher = context.Process(target=publish_for_ever, args=(directory, kill, begun, way))
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
    assert len(digests) > kills // 2, "each had published something before it was killed"
    tidy(root, KEPT)
    rest = {path.name for path in root.iterdir() if path.name not in ("current", register.NAME)}
    assert not [name for name in rest if name.startswith(".")]
    assert len(kept(root)) == KEPT
    said = list[str]()
    again, whole = ResidentBuilder(settings, said.append, once=True).build(), build(find_inputs(settings))
    whole.verify()
    assert again.digest == whole.digest
    assert "files are new" in said[0], "what kills have left can be gone on from"


def write_for_ever(path: Path, begun: Event) -> None:
    """Store on disk and dumps of one snapshot, over and over; what is complete is moved away at once."""
    for number in range(1_000_000):
        disk.prepare(path)
        publication.publish(open_snapshot(path), path / "dumps")
        begun.set()
        for name in (disk.DIRECTORY, "dumps"):
            (path / name).rename(path.parent.parent / f"{name}-{os.getpid()}-{number}")


def test_kills_leave_no_half_of_a_store_on_disk_or_of_dumps(directory: Path, kills: int) -> None:
    root, chance = _settings(directory).snapshots, random.Random(1)
    used = snapshot.current(root)
    assert used is not None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.snapshots.test_kills"])
    remains: set[str] = set()
    for _ in range(kills):
        begun = context.Event()
        writer = context.Process(target=write_for_ever, args=(used.path, begun))
        writer.start()
        assert begun.wait(20)
        time.sleep(0.3 * chance.random())
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        remains |= {path.name.partition("-")[0] for path in used.path.glob(".*")}
        if disk.is_prepared(used.path):
            disk.open_on_disk(used.path)
            shutil.rmtree(used.path / disk.DIRECTORY)
        shutil.rmtree(used.path / "dumps", ignore_errors=True)
    assert ".engine" in remains, "some were killed at it"
    with Hold(used.path):
        tidy(root)
        assert list(used.path.glob(".*")), "somebody may be writing them"
    tidy(root)
    assert not list(used.path.glob(".*"))
    disk.prepare(used.path)
    disk.prepare(used.path)
    disk.open_on_disk(used.path)
