"""A snapshot restored from a dump is the one that was dumped, as far as its data go."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from graph_service.errors import SnapshotError
from graph_service.snapshots.restoring import restore
from graph_service.snapshots.snapshot import Snapshot, open_snapshot

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "graph.nq": bytes,
    "graph.nq.gz": gzip.compress,
    "graph.nq.zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("name", PACKED)
def test_a_dump_becomes_a_snapshot(shipped_snapshot: Snapshot, tmp_path: Path, name: str) -> None:
    dump, directory = tmp_path / name, tmp_path / "restored"
    directory.mkdir()
    dump.write_bytes(PACKED[name]((shipped_snapshot.path / "quads.nq").read_bytes()))
    restored = restore(dump, directory, shipped_snapshot.manifest.base)
    restored.verify()
    assert open_snapshot(directory) == restored
    expected = replace(shipped_snapshot.manifest, fingerprint="", sources=(), blank_nodes=restored.manifest.blank_nodes)
    assert restored.manifest == expected


def test_what_is_no_dump_is_refused(tmp_path: Path) -> None:
    half = gzip.compress(b"".join(b'<urn:a> <urn:p> "%d" <urn:g> .\n' % number for number in range(9999)))[:999]
    for name, content in (("graph.nq.gz", half), ("graph.nq.gz", b"no gzip"), ("graph.nq.zst", b"no zstd")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SnapshotError, match="cannot be read as a dump"):
            restore(tmp_path / name, tmp_path, "https://a.example/")
    with pytest.raises(SnapshotError):
        restore(tmp_path / "absent.nq", tmp_path, "https://a.example/")
