"""Counting rows and bytes of an answer while it is written, without taking it apart.

The engine writes results by itself, much faster than row by row through Python, so the rows are counted in its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from graph_service.workers.limits import QUERY, too_many_bytes, too_many_rows

Item = TypeVar("Item")


class Output(Protocol):
    """Where an answer is written."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`; returns its length."""
        ...


class CountingWriter:
    """Passes on what is written, and ends an answer that has too many rows or bytes.

    Args:
        output: where the bytes go.
        name: short name of a table's format; in anything else no rows are counted.
        rows, size: the limits; None for none.

    Attributes:
        rows, size: what went through. In JSON a literal that holds what stands between two rows (`},{`) counts as
            a row.
    """

    def __init__(self, output: Output, name: str, *, rows: int | None, size: int | None) -> None:
        self.rows = 0
        self.size = 0
        self._output = output
        self._count = _COUNTERS.get(name, _no_rows)()
        self._max_rows = rows
        self._max_size = size

    def write(self, data: bytes, /) -> int:
        """Pass on.

        Raises:
            LimitReached: there are more rows or bytes than the limit.
        """
        self.size += len(data)
        if self._max_size is not None and self.size > self._max_size:
            raise too_many_bytes(self._max_size, QUERY)
        self.rows += self._count(data)
        if self._max_rows is not None and self.rows > self._max_rows:
            raise too_many_rows(self._max_rows)
        return self._output.write(data)

    def flush(self) -> None:
        """Nothing is held back here; an output that gathers passes on what it has."""
        getattr(self._output, "flush", lambda: None)()

    def each(self, items: Iterable[Item]) -> Iterator[Item]:
        """Count what comes as objects and not as bytes.

        Raises:
            LimitReached: there are more items than the limit.
        """
        for item in items:
            self.rows += 1
            if self._max_rows is not None and self.rows > self._max_rows:
                raise too_many_rows(self._max_rows)
            yield item


Counter = Callable[[bytes], int]


def _no_rows() -> Counter:
    return lambda data: 0


def _json_rows() -> Counter:
    """A row but the first begins behind `},{`, which stands nowhere between the bindings of one row."""
    first = b'"bindings":[{'
    rest, begun = b"", False

    def count(data: bytes) -> int:
        nonlocal rest, begun
        # Two bytes of the piece before are enough for a boundary that is cut, and cannot hold a whole one.
        rows = data.count(b"},{") + (rest[-2:] + data[:2]).count(b"},{")
        if not begun and first in rest + data:
            begun = True
            rows += 1
        rest = data[-len(first) :] if len(data) >= len(first) else (rest + data)[-len(first) :]
        return rows

    return count


def _xml_rows() -> Counter:
    """No literal holds a bare `<`."""
    rest = b""

    def count(data: bytes) -> int:
        nonlocal rest
        joined = rest + data
        rest = joined[-7:]
        return joined.count(b"<result>")

    return count


def _tsv_rows() -> Counter:
    """Line breaks in literals are escaped; the first line is the head."""
    head = -1

    def count(data: bytes) -> int:
        nonlocal head
        rows, head = data.count(b"\n") + head, 0
        return rows

    return count


def _csv_rows() -> Counter:
    """Line breaks outside of quotes; the first line is the head."""
    head, quoted = -1, False

    def count(data: bytes) -> int:
        nonlocal head, quoted
        parts = data.split(b'"')
        rows, head = sum(part.count(b"\n") for part in parts[quoted::2]) + head, 0
        quoted ^= len(parts) % 2 == 0
        return rows

    return count


_COUNTERS = {"json": _json_rows, "xml": _xml_rows, "csv": _csv_rows, "tsv": _tsv_rows}
