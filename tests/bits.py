"""One bit of a file turned round, as a failing disk does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def flip(path: Path, place: int, bit: int = 0) -> None:
    """Turn one bit round; the file stays the same one, so whoever has it open reads the new bit."""
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


@contextmanager
def flipped(path: Path, place: int, bit: int = 0) -> Iterator[None]:
    """A bit is turned round, and back again at the end."""
    flip(path, place, bit)
    try:
        yield
    finally:
        flip(path, place, bit)
