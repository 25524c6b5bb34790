"""A channel to another process of the service: messages of JSON, with sockets attached to some of them."""

from __future__ import annotations

import array
import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

from graph_service.workers.wire import Lines, line

_SPACE = socket.CMSG_SPACE(64 * array.array("i").itemsize)
# What may wait for the other side, in messages: who leaves more unread is not at work.
_MOST_WAITING = 10_000

Message: TypeAlias = dict[str, Any]


class Channel:
    """One end of a pair of sockets, in an event loop.

    A socket arrives with its message or before it, and sockets arrive in the order of their messages.

    Args:
        connection: the end.
        on_message: called with each message; takes the sockets that belong to it by `take_socket`.
        on_lost: called once when the other side has hung up.
    """

    def __init__(
        self, connection: socket.socket, on_message: Callable[[Message], None], on_lost: Callable[[], None]
    ) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._on_message = on_message
        self._on_lost = on_lost
        self._lines = Lines()
        self._sockets: deque[int] = deque()
        self._unsent: deque[tuple[bytes, socket.socket | None]] = deque()
        self._is_full = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(connection.fileno(), self._on_readable)

    @property
    def is_open(self) -> bool:
        """Whether the other side may still hear us."""
        return self._connection.fileno() >= 0

    def send(self, message: Message, attached: socket.socket | None = None) -> None:
        """Send a message, and a copy of a socket with it. To a side that has hung up, nothing is sent."""
        if not self.is_open:
            return
        if not self._unsent:
            # Together with what else is said in this turn of the loop: each message alone would wake the other side.
            self._loop.call_soon(self._flush)
        self._unsent.append((line(message), attached.dup() if attached is not None else None))
        if len(self._unsent) > _MOST_WAITING:
            self._lose()

    def take_socket(self) -> socket.socket:
        """The next socket that has arrived."""
        descriptor = self._sockets.popleft()
        os.set_inheritable(descriptor, False)
        return socket.socket(fileno=descriptor)

    def close(self) -> None:
        """Hang up. May be called twice."""
        if self.is_open:
            self._loop.remove_reader(self._connection.fileno())
            self._loop.remove_writer(self._connection.fileno())
            self._connection.close()
        while self._sockets:
            os.close(self._sockets.popleft())
        for _, attached in self._unsent:
            if attached is not None:
                attached.close()
        self._unsent.clear()

    def _flush(self) -> None:
        """Send what the other side has room for; the rest when it has room again."""
        if not self.is_open:
            return
        while self._unsent:
            data, attached = self._joined()
            try:
                sent = (
                    self._connection.send(data)
                    if attached is None
                    else socket.send_fds(self._connection, [data], [attached.fileno()])
                )
            except (BlockingIOError, InterruptedError):
                self._unsent.appendleft((data, attached))
                if not self._is_full:
                    self._is_full = True
                    self._loop.add_writer(self._connection.fileno(), self._flush)
                return
            except OSError:
                self._unsent.appendleft((data, attached))
                self._lose()
                return
            if attached is not None:
                attached.close()
            if sent < len(data):
                self._unsent.appendleft((data[sent:], None))
        if self._is_full:
            self._is_full = False
            self._loop.remove_writer(self._connection.fileno())

    def _joined(self) -> tuple[bytes, socket.socket | None]:
        """The messages before the next one that has a socket, or that one."""
        data, attached = self._unsent.popleft()
        if attached is not None or not self._unsent or self._unsent[0][1] is not None:
            return data, attached
        together = [data]
        while self._unsent and self._unsent[0][1] is None:
            together.append(self._unsent.popleft()[0])
        return b"".join(together), None

    def _on_readable(self) -> None:
        try:
            data, ancillary, flags, _ = self._connection.recvmsg(65536, _SPACE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, ancillary, flags = b"", [], 0
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                found = array.array("i")
                found.frombytes(content[: len(content) - len(content) % found.itemsize])
                self._sockets.extend(found)
        if flags & socket.MSG_CTRUNC:
            # This process may open no more, so a socket is missing: each one behind it would be taken for another.
            self._lose()
            return
        for message in self._lines.feed(data):
            self._on_message(message)
        if not data:
            self._lose()

    def _lose(self) -> None:
        if self.is_open:
            self.close()
            self._on_lost()
