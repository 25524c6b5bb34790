"""Content codings of whole answers (RFC 9110, section 8.4.1)."""

from __future__ import annotations

import asyncio

from graph_service.http.protocol.negotiation import Encoding
from graph_service.workers.coding import Encoder, encoder

# Below this an answer fits into one or two packets, and coding it saves nobody anything.
SMALLEST = 1400
# From here on coding takes milliseconds: it goes beside the event loop, as the coders free the interpreter.
_LARGE = 32 * 1024


async def encode(body: bytes, encoding: Encoding) -> bytes:
    """A whole body in one go."""
    coder = encoder(encoding)
    return await compress(coder, body) + coder.flush()


async def compress(coder: Encoder, piece: bytes) -> bytes:
    """A piece of a body."""
    if len(piece) < _LARGE:
        return coder.compress(piece)
    return await asyncio.to_thread(coder.compress, piece)
