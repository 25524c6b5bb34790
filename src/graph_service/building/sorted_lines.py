"""Sorted lines in a file, found by how they begin: the first of each block is in memory, the others are read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

# Lines of a block: some 10 kB, which are read and searched within 10 µs.
_BLOCK = 64
# Blocks that are kept: who asks in the order of the file reads each once.
_KEPT = 4


class SortedLines:
    """Lines that a file holds.

    Args:
        path: the file, which is written.
        lines: sorted by code point, each with its line end.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, lines: Iterable[str]) -> None:
        self._path = path
        self._firsts: list[str] = []
        self._places: list[int] = []
        place, left = 0, iter(lines)
        with path.open("wb") as out:
            while block := list(islice(left, _BLOCK)):
                self._firsts.append(block[0])
                self._places.append(place)
                place += out.write("".join(block).encode())
        self._places.append(place)
        self._block = lru_cache(maxsize=_KEPT)(self._read)

    def beginning(self, start: str) -> Iterator[str]:
        """The lines that begin like this."""
        number = max(bisect_left(self._firsts, start) - 1, 0)
        sought = f"\n{start}"
        for block in range(number, len(self._firsts)):
            if block > number and not self._firsts[block].startswith(start):
                return
            lines = self._block(block)
            at = lines.find(sought)
            while at >= 0:
                end = lines.index("\n", at + 1)
                yield lines[at + 1 : end + 1]
                at = end if lines.startswith(sought, end) else -1

    def _read(self, number: int) -> str:
        place = self._places[number]
        with self._path.open("rb") as file:
            file.seek(place)
            return "\n" + file.read(self._places[number + 1] - place).decode()
