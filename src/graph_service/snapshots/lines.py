"""The lines of a data set: canonical N-Quads in the order of the digest, in blocks.

An exchange of lines makes those blocks anew that it touches; the others are shared with the lines before. Sorting by
bytes of UTF-8 is sorting by code point.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from graph_service.rdf.terms import Quad, Term, parse_quad

# Lines of a block: few enough to sort again, enough that a million lines make a few thousand blocks.
_BLOCK = 256


class SortedLines:
    """Sorted lines, each once; iterating gives the blocks.

    Args:
        blocks: lines with their ends, in UTF-8, sorted within and between blocks; none is empty.
    """

    def __init__(self, blocks: list[bytes]) -> None:
        self._blocks = blocks
        self._firsts = [block[: block.index(b"\n") + 1] for block in blocks]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._blocks)

    def exchange(self, new: Iterable[Quad], gone: Iterable[Quad]) -> SortedLines:
        """These lines with those of some quads put in and those of others taken out."""
        put, taken = self._by_block(new), self._by_block(gone)
        blocks = []
        for number, block in enumerate(self._blocks or [b""]):
            if number in put or number in taken:
                lines = {*block.splitlines(keepends=True)} - taken.get(number, set()) | put.get(number, set())
                blocks += _joined(sorted(lines))
            elif block:
                blocks.append(block)
        return SortedLines(blocks)

    def beginning(self, *terms: Term) -> Iterator[Quad]:
        """The quads that begin with these terms."""
        beginning = " ".join((*terms, "")).encode()
        for number in range(self._block_of(beginning), len(self._blocks)):
            block = self._blocks[number]
            place = 0 if block.startswith(beginning) else block.find(b"\n" + beginning) + 1
            if place or block.startswith(beginning):
                for line in block[place:].splitlines():
                    if not line.startswith(beginning):
                        return
                    yield parse_quad(line.decode())
            elif self._firsts[number] > beginning:
                return

    def _by_block(self, quads: Iterable[Quad]) -> dict[int, set[bytes]]:
        found: dict[int, set[bytes]] = defaultdict(set)
        for quad in quads:
            line = f"{quad}\n".encode()
            found[self._block_of(line)].add(line)
        return found

    def _block_of(self, line: bytes) -> int:
        """The block in which a line stands if it stands anywhere."""
        return max(bisect_right(self._firsts, line) - 1, 0)


def lines_of(quads: Iterable[Quad]) -> SortedLines:
    """Quads as the lines of a snapshot."""
    return in_blocks([line.encode() for line in sorted({f"{quad}\n" for quad in quads})])


def in_blocks(lines: list[bytes]) -> SortedLines:
    """Lines that are sorted already."""
    return SortedLines(_joined(lines))


def _joined(lines: list[bytes]) -> list[bytes]:
    return [b"".join(lines[start : start + _BLOCK]) for start in range(0, len(lines), _BLOCK)]
