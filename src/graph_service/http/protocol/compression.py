"""Content codings (RFC 9110, section 8.4.1; zstd: RFC 8878), whole or piece by piece."""

from __future__ import annotations

import zlib
from typing import Protocol

import zstandard

from graph_service.http.protocol.negotiation import Encoding

# Below this an answer fits into one or two packets, and coding it saves nobody anything.
SMALLEST = 1400
# Answers are coded on the event loop, so the quick levels.
GZIP_LEVEL = 3
ZSTD_LEVEL = 3


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


def encoder(encoding: Encoding) -> Encoder:
    """A fresh encoder."""
    if encoding == "gzip":
        return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
    return Identity()


def encode(body: bytes, encoding: Encoding) -> bytes:
    """A whole body in one go."""
    coder = encoder(encoding)
    return coder.compress(body) + coder.flush()
