"""Subjects by the beginning of their IRI, found by halving the sorted `quads.nq`: no index is made or kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from graph_service.rdf.terms import iri_value
from graph_service.snapshots.snapshot import QUADS


def subjects_from(snapshot: Path, beginning: str) -> Iterator[str]:
    """The IRIs of subjects that begin so, in the order of the file, each once.

    Args:
        snapshot: directory of the snapshot.
        beginning: of the IRIs.
    """
    wanted = f"<{beginning}".encode()
    last = b""
    with (snapshot / QUADS).open("rb") as lines:
        lines.seek(_place(lines, wanted))
        for line in lines:
            subject = line.partition(b" ")[0]
            if not subject.startswith(wanted):
                return
            if subject != last:
                last = subject
                yield iri_value(subject.decode())


def _place(lines: BinaryIO, wanted: bytes) -> int:
    """Where the first line begins that does not come before some bytes."""
    low, high = 0, lines.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        start = _next_line(lines, middle)
        line = lines.readline()
        if line and line < wanted:
            low = start + len(line)
        else:
            high = middle
    return _next_line(lines, low)


def _next_line(lines: BinaryIO, place: int) -> int:
    """Go to the first line that begins at a place or behind it; where it begins."""
    lines.seek(max(0, place - 1))
    if place:
        lines.readline()
    return lines.tell()
