"""A triple is looked up by bisection, and its history in all editions that are kept."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import SnapshotError
from graph_service.rdf.terms import Quad, Term, Triple, iri, literal
from graph_service.snapshots import dumps, lookup, publication, register
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.history import Standing, StatementHistory
from graph_service.snapshots.snapshot import Snapshot
from tests.bits import flip, flipped
from tests.snapshots.test_delta import of_lines
from tests.snapshots.test_snapshot import QUADS, SOME, write

INFERRED = iri("https://e.org/graph/inferred")


def graphs(snapshot: Snapshot, triple: Triple) -> list[Term]:
    return lookup.graphs(snapshot.path / "quads.nq", lookup.described(snapshot), triple)


@pytest.mark.parametrize("piece", [7, 64, 1 << 20])
@given(quads=st.sets(QUADS), absent=QUADS)
def test_every_triple_is_found_in_its_graphs_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, piece: int, quads: set[Quad], absent: Quad
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dumps, "PIECE", piece)
        snapshot = of_lines(tmp_path_factory.getbasetemp() / "lookup", [f"{quad}\n" for quad in quads])
        for one in [*quads, absent]:
            assert graphs(snapshot, one.triple) == sorted(quad.graph for quad in quads if quad.triple == one.triple)


def test_the_shipped_graph(shipped_snapshot: Snapshot) -> None:
    file, path = lookup.described(shipped_snapshot), shipped_snapshot.path / "quads.nq"
    held: dict[Triple, list[Term]] = {}
    for quad in shipped_snapshot.quads():
        held.setdefault(quad.triple, []).append(quad.graph)
    for triple in [*held][::1500]:
        assert lookup.graphs(path, file, triple) == held[triple]
        assert lookup.graphs(path, file, triple._replace(object=f"{triple.object[:-1]}!{triple.object[-1]}")) == []


def test_little_of_a_large_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"<urn:s{n:07}> <urn:p> <urn:o> <urn:g> .\n" for n in range(200_000)]
    snapshot, triple = of_lines(tmp_path / "large", lines), Triple("<urn:s0123456>", "<urn:p>", "<urn:o>")
    del lines
    monkeypatch.setattr(dumps, "PIECE", 1 << 14)
    file = lookup.described(snapshot)
    read: list[int] = []
    piece = dumps.piece

    def noted(opened: BinaryIO, described: Dump, number: int) -> bytes:
        read.append(number)
        return piece(opened, described, number)

    monkeypatch.setattr(dumps, "piece", noted)
    tracemalloc.start()
    try:
        assert lookup.graphs(snapshot.path / "quads.nq", file, triple) == ["<urn:g>"]
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()
    assert len(read) < 20 < len(file.pieces), "as many as halving takes"


@pytest.mark.parametrize("is_published", [True, False])
def test_an_altered_file_is_an_error(tmp_path: Path, is_published: bool) -> None:
    snapshot = write(tmp_path, SOME)
    if is_published:
        publication.publish(snapshot, snapshot.path / publication.DIRECTORY)
    file = lookup.described(snapshot)
    with flipped(snapshot.path / "quads.nq", 15), pytest.raises(SnapshotError, match=r"quads\.nq was altered"):
        lookup.graphs(snapshot.path / "quads.nq", file, SOME[0].triple)
    assert graphs(snapshot, SOME[0].triple) == [SOME[0].graph]


TRIPLE = Triple(iri("https://e.org/s"), iri("https://e.org/p"), literal("x"))


def made(root: Path, *editions: Collection[Quad]) -> list[Snapshot]:
    return [write(root, {*SOME[: number + 1], *quads}) for number, quads in enumerate(editions)]


def told(root: Path, snapshot: Snapshot) -> list[tuple[str, int]]:
    return [(run.standing.value, len(run.editions)) for run in StatementHistory(root, snapshot).of(TRIPLE)]


def test_the_history_of_a_triple_is_what_the_editions_hold(tmp_path: Path) -> None:
    stated, inferred = Quad(*TRIPLE, iri("https://e.org/g")), Quad(*TRIPLE, INFERRED)
    snapshots = made(tmp_path, [], [], [inferred], [stated, inferred], [stated], [], [stated])
    assert told(tmp_path, snapshots[-1]) == [
        ("absent", 2), ("inferred", 1), ("stated", 2), ("absent", 1), ("stated", 1),
    ]  # fmt: skip
    history = StatementHistory(tmp_path, snapshots[-1])
    runs = history.of(TRIPLE)
    entries = register.read(tmp_path)
    assert [entry for run in runs for entry in run.editions] == entries
    shutil.rmtree(snapshots[1].path)
    shutil.rmtree(snapshots[2].path)
    assert [(run.standing, len(run.editions)) for run in history.of(TRIPLE)][:3] == [
        (Standing.ABSENT, 1), (Standing.NOT_KEPT, 2), (Standing.STATED, 2),
    ]  # fmt: skip
    flip(snapshots[5].path / "quads.nq", 15)
    assert ("damaged", 1) in told(tmp_path, snapshots[-1])


def test_without_a_register_there_is_one_edition(tmp_path: Path) -> None:
    (snapshot,) = made(tmp_path, [Quad(*TRIPLE, INFERRED)])
    (run,) = StatementHistory(None, snapshot).of(TRIPLE)
    assert (run.standing, [entry.digest for entry in run.editions]) == (Standing.INFERRED, [snapshot.digest])
