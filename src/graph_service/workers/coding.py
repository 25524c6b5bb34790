"""Content codings (RFC 9110, section 8.4.1; zstd: RFC 8878) of large answers, applied where an answer is made.

To code 50 MB costs a second of CPU: a worker has it, the serving process would keep all other clients waiting.
"""

from __future__ import annotations

import zlib
from typing import Protocol

import zstandard

from graph_service.workers.role import Write
from graph_service.workers.wire import PIECE_BYTES

# Bytes that are collected before an answer streams; smaller ones are coded as a whole.
HEAD = 256 * 1024
# The quick levels.
GZIP_LEVEL = 3
ZSTD_LEVEL = 3
IDENTITY = "identity"
# The first byte of an answer for which a coding was asked says whether it has it.
_PLAIN, _CODED = b"\x00", b"\x01"


class Encoder(Protocol):
    """Codes a stream; what comes out of one piece may be empty."""

    def compress(self, data: bytes, /) -> bytes:
        """Take one piece in."""
        ...

    def flush(self) -> bytes:
        """End the stream."""
        ...


class Identity:
    """No coding at all."""

    def compress(self, data: bytes, /) -> bytes:
        """The piece as it is."""
        return data

    def flush(self) -> bytes:
        """Nothing is held back."""
        return b""


def encoder(coding: str) -> Encoder:
    """A fresh encoder."""
    if coding == "gzip":
        return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
    return Identity()


class CodedOutput:
    """Codes an answer that becomes larger than `HEAD`; a smaller one is written as it is.

    Args:
        write: takes the pieces.
        coding: `gzip` or `zstd`.
    """

    def __init__(self, write: Write, coding: str) -> None:
        self._write = write
        self._coding = coding
        self._collected = bytearray()
        self._coder: Encoder | None = None

    def write(self, data: bytes, /) -> int:
        """Take a piece."""
        if self._coder is not None:
            self._write(self._coder.compress(data))
            return len(data)
        self._collected += data
        if len(self._collected) > HEAD:
            self._coder = encoder(self._coding)
            self._write(_CODED)
            self._pass_on(self._coder)
        return len(data)

    def end(self) -> None:
        """Write what is left."""
        if self._coder is not None:
            self._write(self._coder.flush())
            return
        self._write(_PLAIN)
        self._pass_on(Identity())

    def _pass_on(self, coder: Encoder) -> None:
        for start in range(0, len(self._collected), PIECE_BYTES):
            self._write(coder.compress(bytes(self._collected[start : start + PIECE_BYTES])))
        self._collected.clear()


def is_coded(mark: bytes) -> bool:
    """Whether an answer is coded, by its first byte."""
    return mark == _CODED
