"""The register of editions: which snapshots were in use, and since when. It only grows.

`editions.jsonl` lies beside the snapshots: a JSON object a line, in the order in which they were put into use. It stays
when a snapshot is removed, so that one can say "gone" and not "never heard of". Each line holds its own digest; a line
of an earlier version holds none and is read as it is. A line that cannot be read, or is not what its digest says, is
passed over and named by `damaged`.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from graph_service.snapshots import sealed

NAME = "editions.jsonl"
# What helps where a line is damaged.
HINT = "Put the line back from a copy of the file, or remove it: that this edition was in use is not known then."


@dataclass(frozen=True)
class RegisteredSnapshot:
    """A snapshot that was put into use.

    Attributes:
        digest: SHA-256 of the data set, hexadecimal.
        directory: name of its directory.
        since: when it was put into use, RFC 3339 in UTC.
        triples: triples of its default graph.
    """

    digest: str
    directory: str
    since: str
    triples: int

    @classmethod
    def now(cls, digest: str, directory: str, triples: int) -> RegisteredSnapshot:
        """An entry of this moment."""
        return cls(digest, directory, datetime.now(UTC).isoformat(timespec="milliseconds"), triples)


def read(root: Path) -> list[RegisteredSnapshot]:
    """All entries that can be read, the oldest first; none where there is no register yet."""
    return [entry for line in _lines(root) if (entry := _parsed(line)) is not None]


def read_by_data(root: Path) -> list[RegisteredSnapshot]:
    """The entries; of several in a row with one data set, which only settings or software set apart, the last one.

    It has been in use since the first of them was.
    """
    found: list[RegisteredSnapshot] = []
    for entry in read(root):
        is_same = found and found[-1].digest == entry.digest
        found.append(replace(entry, since=found.pop().since) if is_same else entry)
    return found


def damaged(root: Path) -> list[str]:
    """The lines that cannot be read or are not what their digest says, as `editions.jsonl:3`.

    A last line without an end is none: it is being written, or the next entry replaces it.
    """
    whole = _lines(root)[:-1]
    return [f"{NAME}:{number}" for number, line in enumerate(whole, 1) if line and _parsed(line) is None]


def last(root: Path, digest: str) -> tuple[RegisteredSnapshot | None, RegisteredSnapshot | None]:
    """The last entry of a data set, and the one of another data set that was in use before it."""
    entries = read(root)
    while entries and entries[-1].digest != digest:
        entries.pop()
    used = entries[-1] if entries else None
    return used, next((entry for entry in reversed(entries) if entry.digest != digest), None)


def since(root: Path, digest: str) -> str:
    """When a data set was first put into use; empty if it is not registered."""
    return next((entry.since for entry in read(root) if entry.digest == digest), "")


def state(root: Path) -> str:
    """A text that changes whenever an edition comes or goes."""
    try:
        found = root.stat(), (root / NAME).stat()
    except FileNotFoundError:
        return ""
    return " ".join(f"{one.st_mtime_ns} {one.st_size}" for one in found)


def record(root: Path, entry: RegisteredSnapshot) -> None:
    """Add an entry, unless the last one names the same snapshot; it is on disk when this returns.

    Raises:
        OSError: it cannot be written; the register is as it was.
    """
    entries = read(root)
    if entries and entries[-1].directory == entry.directory:
        return
    descriptor = os.open(root / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        line = b"\n" * torn + sealed.sealed_line(asdict(entry)).encode()
        try:
            # A disk that is nearly full takes a part of it, and refuses the rest.
            while line:
                line = line[os.write(descriptor, line) :]
            os.fsync(descriptor)
        except OSError as error:
            os.ftruncate(descriptor, size)
            error.filename = str(root / NAME)
            raise
    finally:
        os.close(descriptor)


def _lines(root: Path) -> list[str]:
    try:
        return (root / NAME).read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []


def _parsed(line: str) -> RegisteredSnapshot | None:
    try:
        return RegisteredSnapshot(**sealed.opened(line, or_open=True))
    except (ValueError, TypeError):
        return None
