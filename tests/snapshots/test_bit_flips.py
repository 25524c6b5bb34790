"""A flipped bit in any file of a snapshot is found by an error that names the file, or changes nothing."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.errors import SnapshotError
from graph_service.rdf.formats import Form, by_name
from graph_service.settings import BuildSettings
from graph_service.snapshots import dumps, publication
from graph_service.snapshots.publication import read_figures, read_resources
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from graph_service.store import disk, inspection
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from tests.bits import flipped

# Files of the engine that no data are read from (RocksDB wiki, "RocksDB Basics"): its log, its lock, names and options.
UNREAD = ("LOG", "LOCK", "IDENTITY", "OPTIONS-")
FLIPS = 6
QUERY = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot with sources, a store on disk and dumps."""
    directory = tmp_path_factory.mktemp("flips")
    (directory / "empty.ttl").write_text("")
    (directory / "data.ttl").write_text("".join(f"<urn:x{n}> <urn:p{n % 7}> 'Wert {n}'@de .\n" for n in range(500)))
    settings = BuildSettings(
        ontology=(directory / "empty.ttl",),
        data=(directory / "data.ttl",),
        snapshots=directory / "snapshots",
        reasoner="none",
        validation=False,
    )
    made = build(find_inputs(settings))
    disk.prepare(made.path)
    publication.publish(made, made.path / publication.DIRECTORY)
    return made


def seen(path: Path, *, on_disk: bool) -> list[bytes]:
    """All answers over a snapshot, in order."""
    engine = Engine.open_on_disk(path) if on_disk else Engine.load(path)
    return sorted(EmbeddedStore(engine).query(QUERY, by_name(Form.SELECT, "csv")).splitlines())


def pieces(path: Path, dump: dumps.Dump) -> list[bytes]:
    with path.open("rb") as file:
        return list(dumps.read(file, dump))


def told(snapshot: Snapshot) -> list[object]:
    """All that is handed out of the files beside the store."""
    found = open_snapshot(snapshot.path)
    published = snapshot.path / publication.DIRECTORY
    figures = read_figures(published)
    packed = [pieces(published / dump.name, dump) for dump in figures.dumps if dump.compression]
    sources = [found.content(record) for record in found.manifest.sources]
    return [found.manifest, list(found.lines()), figures, read_resources(published), packed, sources]


def test_a_flipped_bit_in_every_file_is_found_by_name_or_changes_nothing(whole: Snapshot) -> None:
    answers, content, chance = seen(whole.path, on_disk=False), told(whole), random.Random(1)
    assert not list(inspection.damaged(whole.path))
    assert seen(whole.path, on_disk=True) == answers
    names = sorted(str(path.relative_to(whole.path)) for path in whole.path.rglob("*") if path.is_file())
    assert {name.partition("/")[0] for name in names} == {"quads.nq", "manifest.json", "sources", "engine", "dumps"}
    for name in names:
        path = whole.path / name
        for place in {0, *chance.choices(range(path.stat().st_size or 1), k=FLIPS)} if path.stat().st_size else ():
            with flipped(path, place, chance.randrange(8)):
                found = list(inspection.damaged(whole.path))
                if path.name.startswith(UNREAD):
                    assert found == []
                    assert seen(whole.path, on_disk=True) == answers
                    continue
                assert name in found
                if name.startswith("engine/"):
                    with pytest.raises(SnapshotError, match=path.name):
                        Engine.open_on_disk(whole.path)
                else:
                    with pytest.raises(SnapshotError, match=path.name):
                        told(whole)
                if name in ("quads.nq", "manifest.json"):
                    with pytest.raises(SnapshotError, match=path.name):
                        Engine.load(whole.path)
    assert told(whole) == content


@pytest.mark.parametrize("name", ["manifest.json", "engine/complete.json", "dumps/figures.json"])
def test_no_bit_of_what_describes_the_others_can_be_flipped(whole: Snapshot, name: str) -> None:
    path = whole.path / name
    content = path.read_bytes()
    step = max(1, len(content) * 8 // 600)
    try:
        for number in range(0, len(content) * 8, step):
            place, bit = divmod(number, 8)
            path.write_bytes(content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :])
            with pytest.raises(SnapshotError):
                _describe(whole.path, name)
    finally:
        path.write_bytes(content)
    _describe(whole.path, name)


def _describe(snapshot: Path, name: str) -> None:
    """Read one of the files that describe others, whose digests are not looked at here."""
    if name.startswith("dumps"):
        read_figures(snapshot / publication.DIRECTORY)
    elif name.startswith("engine"):
        disk.open_on_disk(snapshot)
    else:
        open_snapshot(snapshot)


def test_an_altered_piece_of_a_dump_is_not_handed_out(whole: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "PIECE", 1000)
    path = whole.path / "quads.nq"
    dump = dumps.described(path, path.name, "application/n-quads")
    content = path.read_bytes()
    assert b"".join(pieces(path, dump)) == content
    with flipped(path, 3500), path.open("rb") as file:
        read = dumps.read(file, dump)
        assert b"".join(islice(read, 3)) == content[:3000]
        with pytest.raises(SnapshotError, match=r"quads\.nq was altered between the bytes 3000 and 4000"):
            next(read)
