"""A triple looked up in a snapshot's file of quads by bisection: the file is sorted, and nothing is loaded.

Each piece that is read is compared with its digest, so an altered file gives an error and no wrong answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from graph_service.errors import SnapshotError
from graph_service.rdf.terms import Term, Triple, parse_quad
from graph_service.snapshots import dumps, publication
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.snapshot import QUADS, Snapshot, broken

# Pieces that are kept while one triple is looked up.
_KEPT = 4


def described(snapshot: Snapshot) -> Dump:
    """The file of quads with the digests of its pieces: from the published files, else read as a whole.

    Raises:
        SnapshotError: it was altered.
    """
    path = snapshot.path / QUADS
    try:
        found = publication.read_figures(snapshot.path / publication.DIRECTORY).dumps[0]
    except SnapshotError:
        found = dumps.described(path, QUADS, "application/n-quads")
    if found.sha256 != snapshot.digest:
        raise broken(snapshot.path, f"was altered: {QUADS}")
    return found


def graphs(path: Path, file: Dump, triple: Triple) -> list[Term]:
    """The named graphs that hold a triple.

    Args:
        path: of the file of quads.
        file: what `described` told of it.
        triple: in its canonical spelling.

    Raises:
        SnapshotError: a piece that was read was altered.
    """
    # The space keeps the order of the lines.
    sought = f"{triple.subject} {triple.predicate} {triple.object} ".encode()
    with path.open("rb") as opened:
        lines = _Lines(opened, file)
        low, high = 0, file.size
        while low < high:
            middle = (low + high) // 2
            _, line = lines.at(middle)
            if line and line < sought:
                low = middle + 1
            else:
                high = middle
        found: list[Term] = []
        start, line = lines.at(low)
        while line.startswith(sought):
            quad = parse_quad(line.decode())
            if quad.triple == triple:
                found.append(quad.graph)
            start, line = lines.at(start + len(line))
    return found


class _Lines:
    """Lines by their place, out of pieces that were compared with their digests."""

    def __init__(self, file: BinaryIO, described: Dump) -> None:
        self._file = file
        self._described = described
        self._pieces: dict[int, bytes] = {}

    def at(self, place: int) -> tuple[int, bytes]:
        """The first line that begins at a place or behind it, and where; an empty one if there is none."""
        start = self._behind_line(place - 1) if place else 0
        end = self._behind_line(start)
        return start, self._bytes(start, end)

    def _behind_line(self, place: int) -> int:
        """Where the line ends that has the byte at a place."""
        while place < self._described.size:
            number, inside = divmod(place, dumps.PIECE)
            found = self._piece(number).find(b"\n", inside)
            if found >= 0:
                return number * dumps.PIECE + found + 1
            place = (number + 1) * dumps.PIECE
        return self._described.size

    def _bytes(self, start: int, end: int) -> bytes:
        numbers = range(start // dumps.PIECE, -(-end // dumps.PIECE))
        joined = b"".join(self._piece(number) for number in numbers)
        offset = numbers.start * dumps.PIECE
        return joined[start - offset : end - offset]

    def _piece(self, number: int) -> bytes:
        if number not in self._pieces:
            self._file.seek(number * dumps.PIECE)
            piece = dumps.piece(self._file, self._described, number)
            if len(self._pieces) >= _KEPT:
                del self._pieces[next(iter(self._pieces))]
            self._pieces[number] = piece
        return self._pieces[number]
