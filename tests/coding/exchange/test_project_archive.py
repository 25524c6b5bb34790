"""Archives that may come from anyone: within limits, without unpacking, with clear errors."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from graph_service.coding.exchange import merging, project_archive, refi_qda_reading
from graph_service.coding.paper_draft import DraftPosition, empty
from graph_service.errors import SourceError
from tests.coding.exchange.papers import (
    TEXT,
    a_book,
    a_paper,
    archive,
    edited,
    qdpx,
    selection,
)  # fmt: skip

BOOK = a_book()


def _positions(path: Path) -> tuple[DraftPosition, ...]:
    paper = a_paper()
    received = refi_qda_reading.read(path, paper, [], BOOK)
    return merging.merge(empty(paper, "coder-1"), paper, received.highlights, "refi-qda")[0].positions


BOMB = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><Project name="&b;"/>'
FOREIGN = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project>&x;</Project>'
DEEP = "<Project>" + "<Code>" * 200 + "</Code>" * 200 + "</Project>"


@pytest.mark.parametrize(
    ("document", "match"),
    [
        (BOMB, "document type"), (FOREIGN, "document type"), (DEEP, "levels"), ("<Project>", "cannot be read"),
        ("<Other/>", "no REFI-QDA project"), ("<Project/>", "no text source"), ("", "cannot be read"),
    ],
)  # fmt: skip
def test_hostile_or_broken_documents_are_refused(tmp_path: Path, document: str, match: str) -> None:
    path = archive(tmp_path / "p.qdpx", {"project.qde": document.encode()})
    with pytest.raises(SourceError, match=match):
        refi_qda_reading.read(path, a_paper(), [], BOOK)


@pytest.mark.parametrize(
    "place", ["internal://../../secret.txt", "relative://secret.txt", "absolute:///etc/passwd", ""]
)
def test_sources_outside_of_the_archive_are_not_read(tmp_path: Path, place: str) -> None:
    (tmp_path / "secret.txt").write_text(TEXT)
    path = qdpx(tmp_path / "p.qdpx", TEXT.encode(), "")
    edited(path, "internal://one.TXT", place)
    with pytest.raises(SourceError, match=r"outside of it|has no part"):
        refi_qda_reading.read(path, a_paper(), [], BOOK)


def test_an_archive_that_unfolds_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_archive, "LARGEST_TEXT", 2 << 20)
    path = qdpx(tmp_path / "p.qdpx", b" " * ((2 << 20) + 1), "")
    assert path.stat().st_size < 10_000
    with pytest.raises(SourceError, match="larger than the 2 MiB"):
        refi_qda_reading.read(path, a_paper(), [], BOOK)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"%PDF-1.7"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.qdpx"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="is no archive"):
        refi_qda_reading.read(path, a_paper(), [], BOOK)


def test_a_source_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = qdpx(tmp_path / "p.qdpx", "Bürger".encode("latin-1"), selection(0, 3))
    with pytest.raises(SourceError, match="not UTF-8"):
        refi_qda_reading.read(path, a_paper(), [], BOOK)


def test_many_sources_that_unfold_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_archive, "LARGEST_TOTAL", 3 << 20)
    big = b" " * (1 << 20)
    elements = "".join(f'<TextSource guid="x" name="s{n}" plainTextPath="internal://{n}.txt"/>' for n in range(12))
    document = f"<Project name='p'><Sources>{elements}</Sources></Project>".encode()
    parts = {f"Sources/{n}.txt": big for n in range(12)}
    with pytest.raises(SourceError, match="no text source"):
        refi_qda_reading.read(archive(tmp_path / "p.qdpx", {"project.qde": document, **parts}), a_paper(), [], BOOK)


def test_a_directory_without_end_is_refused(tmp_path: Path) -> None:
    """The end of an archive states the size of its directory; `zipfile` would read all of it at once."""
    path = tmp_path / "p.qdpx"
    with path.open("wb") as file:
        file.truncate(1 << 30)  # takes no room on disk
        file.seek(0, io.SEEK_END)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 1 << 30, 0, 0))
    with pytest.raises(SourceError, match="its directory has more than 4 MiB"):
        refi_qda_reading.read(path, a_paper(), [], BOOK)


def test_an_archive_with_too_many_parts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_archive, "MOST_ENTRIES", 10)
    path = archive(tmp_path / "p.qdpx", {f"{n}.txt": b"" for n in range(11)})
    with pytest.raises(SourceError, match="more than 10 parts"):
        refi_qda_reading.read(path, a_paper(), [], BOOK)


def test_films_in_a_project_do_not_count(tmp_path: Path) -> None:
    path = qdpx(tmp_path / "p.qdpx", TEXT.encode(), selection(12, 40, "Wir fordern"))
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("Sources/film.mp4", random.Random(1).randbytes(6 << 20))
    assert len(_positions(path)) == 1
