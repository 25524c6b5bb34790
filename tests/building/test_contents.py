"""Contents that are kept: what has changed is read again, whatever the times of the file say."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from graph_service.building.contents import Contents
from graph_service.building.sources import Role, SourceFile
from graph_service.errors import SourceError

LONG_AGO = time.time() - 3600


def test_what_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    file = SourceFile(path, "a.ttl", Role.DATA, "<http://example.org/a>")
    contents = Contents()

    def read() -> bytes:
        (found,) = contents.read([file])
        assert found.sha256() == SourceFile(path, "a.ttl", Role.DATA, "").sha256()
        return found.content()

    # Of the same size and time, as two saves within one tick of the clock are.
    for text in (b"one", b"two", b"six"):
        path.write_bytes(text)
        os.utime(path, (LONG_AGO, LONG_AGO))
        assert read() == text
    path.unlink()
    with pytest.raises(SourceError):
        read()


def test_what_stays_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(b"one")
    file = SourceFile(path, "a.ttl", Role.DATA, "<http://example.org/a>")
    contents = Contents()
    later = time.time_ns() + 10_000_000_000
    with monkeypatch.context() as clock:
        clock.setattr(time, "time_ns", lambda: later)
        contents.read([file])
    monkeypatch.setattr(SourceFile, "content", lambda _: pytest.fail("it is read again"))
    (kept,) = contents.read([file])
    assert kept.memory == b"one"
