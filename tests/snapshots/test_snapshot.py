"""Snapshots: same input, same digest; whole or not there at all; alteration is noticed."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import SnapshotError
from graph_service.rdf.terms import Quad, Triple, iri, literal, parse_quad, parse_triple
from graph_service.snapshots import snapshot
from graph_service.snapshots.draft import Draft
from graph_service.snapshots.holding import Hold, held_if_free
from graph_service.snapshots.lines import lines_of
from graph_service.snapshots.retention import tidy
from graph_service.snapshots.snapshot import Manifest, Snapshot, SourceRecord

IRIS = st.text("abcäß日/-?=", min_size=1).map(lambda name: iri(f"https://example.org/{name}"))
LITERALS = st.builds(literal, st.text(st.characters(exclude_categories=["Cs"]))) | st.builds(
    literal, st.text('ab"\\ <>\n.'), datatype=st.just("https://example.org/type")
)
QUADS = st.builds(Quad, IRIS, IRIS, IRIS | LITERALS, IRIS)
SOME = [
    Quad(iri(f"https://e.org/{i}"), iri("https://e.org/p"), literal(str(i)), iri("https://e.org/g")) for i in range(9)
]
RECORD = SourceRecord("data", "documents/a.ttl", "https://e.org/g", hashlib.sha256(b"<a> <b> <c> .").hexdigest())


def write(root: Path, quads: Collection[Quad], *, fingerprint: str = "f" * 64) -> Snapshot:
    with Draft(root, lines_of(quads), {RECORD: [b"<a> <b> <c> ."]}) as draft:
        draft.describe(manifest(draft.digest, fingerprint))
        return draft.publish()


def manifest(digest: str, fingerprint: str) -> Manifest:
    return Manifest(
        digest, fingerprint, "https://e.org/", "https://e.org/graph/inferred", {}, 9, (RECORD,), "none", "0"
    )


@given(QUADS)
def test_a_quad_survives_its_line(quad: Quad) -> None:
    assert parse_quad(f"{quad}\n") == quad
    assert parse_triple(f"{quad.triple}\n") == quad.triple


def test_a_triple_keeps_a_literal_that_looks_like_a_graph() -> None:
    triple = Triple("<https://e.org/a>", "<https://e.org/b>", '"a <b"^^<https://e.org/t>')
    assert parse_triple(str(triple)) == triple


def test_the_digest_does_not_depend_on_order_or_repetition(tmp_path: Path) -> None:
    first = write(tmp_path / "one", SOME)
    second = write(tmp_path / "two", [*reversed(SOME), *SOME])
    assert first.digest == second.digest
    assert first.digest == hashlib.sha256((first.path / "quads.nq").read_bytes()).hexdigest()
    assert list(first.quads()) == sorted(SOME)


def test_a_new_snapshot_takes_over_and_the_old_one_stays(tmp_path: Path) -> None:
    assert snapshot.current(tmp_path) is None
    first = write(tmp_path, SOME[:1])
    second = write(tmp_path, SOME)
    current = snapshot.current(tmp_path)
    assert current is not None
    assert current.digest == second.digest
    assert snapshot.open_snapshot(first.path).digest == first.digest
    assert current.source(RECORD).read_bytes() == b"<a> <b> <c> ."


def test_the_same_input_is_the_same_snapshot(tmp_path: Path) -> None:
    assert write(tmp_path, SOME).path == write(tmp_path, SOME).path
    # The register tells which snapshots were in use.
    expected = {"current", "editions.jsonl", write(tmp_path, SOME).path.name}
    assert {path.name for path in tmp_path.iterdir()} == expected


def test_a_draft_that_is_not_published_leaves_nothing(tmp_path: Path) -> None:
    before = write(tmp_path, SOME[:1])
    with pytest.raises(RuntimeError), Draft(tmp_path, lines_of(SOME), {}) as draft:  # noqa: PT012 - the context is what is tested
        draft.describe(manifest(draft.digest, "e" * 64))
        raise RuntimeError
    current = snapshot.current(tmp_path)
    assert current is not None
    assert current.digest == before.digest
    assert {path.name for path in tmp_path.iterdir()} == {"current", "editions.jsonl", before.path.name}


def test_alteration_is_noticed(tmp_path: Path) -> None:
    made = write(tmp_path, SOME)
    made.verify()
    with (made.path / "quads.nq").open("ab") as quads:
        quads.write(b"\n")
    with pytest.raises(SnapshotError, match="has the digest"):
        made.verify()


@pytest.mark.parametrize("content", ["", "{}", '{"format": 99}', "[1]"])
def test_a_broken_manifest_is_one_clear_error(tmp_path: Path, content: str) -> None:
    made = write(tmp_path, SOME)
    (made.path / "manifest.json").write_text(content)
    with pytest.raises(SnapshotError, match="Build anew"):
        snapshot.current(tmp_path)


def test_who_holds_a_snapshot_keeps_it_and_who_comes_too_late_is_told(tmp_path: Path) -> None:
    """A clean-up asks and removes under one lock, so nobody begins to use what is just being removed."""
    old = write(tmp_path, SOME[:3])
    new = write(tmp_path, SOME, fingerprint="e" * 64)
    with Hold(old.path):
        tidy(tmp_path, keep=1)
        assert old.path.is_dir()
    waiting: list[BaseException | Hold] = []

    def hold() -> None:
        try:
            waiting.append(Hold(old.path))
        except OSError as error:
            waiting.append(error)

    with held_if_free(old.path) as free:
        assert free
        late = threading.Thread(target=hold)
        late.start()
        # It has the directory open and waits for the lock when the directory goes.
        while not _waits_for_a_lock(late):
            time.sleep(0.001)
        shutil.rmtree(old.path.rename(tmp_path / ".removed-old"))
    late.join()
    assert isinstance(waiting[0], FileNotFoundError)
    tidy(tmp_path, keep=1)
    assert new.path.is_dir()


def _waits_for_a_lock(thread: threading.Thread) -> bool:
    """Whether the thread is in flock(2) (proc(5), /proc/locks marks who waits by an arrow)."""
    return thread.is_alive() and any(
        f" {os.getpid()} " in line for line in Path("/proc/locks").read_text().splitlines() if "->" in line
    )
