"""Content codings of whole answers (RFC 9110, section 8.4.1)."""

from __future__ import annotations

from graph_service.http.protocol.negotiation import Encoding
from graph_service.workers.coding import encoder

# Below this an answer fits into one or two packets, and coding it saves nobody anything.
SMALLEST = 1400


def encode(body: bytes, encoding: Encoding) -> bytes:
    """A whole body in one go."""
    coder = encoder(encoding)
    return coder.compress(body) + coder.flush()
