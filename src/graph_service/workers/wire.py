"""What goes over the sockets between the three kinds of processes: requests, frames of an answer, errors.

A request is a length (4 bytes, big-endian) and content. An answer is a sequence of frames: kind (1 byte), length
(4 bytes), content. The last frame is `LAST` or `ERROR`; with `LEAVING` added, the worker ends behind it. Nothing is
unpickled on either side, so a worker that a query has taken over could at worst send a wrong answer.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from graph_service import errors
from graph_service.errors import Location, ParameterError, QueryError
from graph_service.rdf.query_limits import LimitReached

PIECE, LAST, ERROR = 1, 2, 3
LEAVING = 128
PIECE_BYTES = 64 * 1024
HEAD = struct.Struct("!BI")
LENGTH = struct.Struct("!I")


def frame(kind: int, content: bytes) -> bytes:
    """One frame."""
    return HEAD.pack(kind, len(content)) + content


class Frames:
    """Takes a stream of bytes apart into frames; holds no more than what one read gave and one unfinished frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in what was read."""
        self._buffer += data

    def next(self) -> tuple[int, bytes] | None:
        """Kind and content of the next frame; None if it is not all there."""
        buffer = self._buffer
        if len(buffer) < HEAD.size:
            return None
        kind, length = HEAD.unpack_from(buffer)
        end = HEAD.size + length
        if len(buffer) < end:
            return None
        content = bytes(memoryview(buffer)[HEAD.size : end])
        del buffer[:end]
        return kind, content


def encode_request(content: bytes) -> bytes:
    """A request, for a worker."""
    return LENGTH.pack(len(content)) + content


def encode_error(error: QueryError) -> bytes:
    """An error, for the process that asked."""
    content: dict[str, Any] = {"error": type(error).__name__, "message": error.message, "hint": error.hint}
    if error.where is not None:
        content |= {"line": error.where.line, "column": error.where.column}
    if isinstance(error, ParameterError):
        content |= {"nearest": error.nearest}
    if isinstance(error, LimitReached):
        content |= {"reason": error.reason, "limit": error.limit}
    return json.dumps(content).encode()


def decode_error(data: bytes) -> QueryError:
    """The error that a worker met."""
    content = json.loads(data)
    where = Location(line=content["line"], column=content["column"]) if "line" in content else None
    message, hint = content["message"], content["hint"]
    if "reason" in content:
        return LimitReached(message, where=where, hint=hint, reason=content["reason"], limit=content["limit"])
    if "nearest" in content:
        return ParameterError(message, where=where, hint=hint, nearest=content["nearest"])
    return _class_of(content["error"])(message, where=where, hint=hint)


def _class_of(name: str) -> type[QueryError]:
    """The error of a query by its name; for any other name the one that all of them are."""
    found = getattr(errors, name, None)
    return found if isinstance(found, type) and issubclass(found, QueryError) else QueryError


@dataclass(frozen=True)
class Order:
    """What a keeper is told at its start.

    Attributes:
        roles: `module:function` that makes the roles.
        arguments: of that function.
        workers: how many workers each role has.
        memory_bytes: memory that a worker may use on top of what it shares.
        first: number of the first worker; over all keepers of a pool none comes twice.
    """

    roles: str
    arguments: dict[str, Any]
    workers: int
    memory_bytes: int
    first: int = 1

    def encode(self) -> bytes:
        """As one line."""
        return line(asdict(self))


def line(message: dict[str, Any]) -> bytes:
    """A message between pool and keeper: JSON on a line."""
    return json.dumps(message).encode() + b"\n"


class Lines:
    """Takes a stream of bytes apart into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """The messages that `data` completes."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        for one in whole:
            yield json.loads(one)
