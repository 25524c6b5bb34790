"""The pool's end of the socket to one worker."""

from __future__ import annotations

import asyncio
import socket

from graph_service.store.wire import HEAD, PIECE_BYTES, Frames

_READ = PIECE_BYTES + HEAD.size


class Gone(Exception):
    """The worker is no longer there."""


class Link:
    """A worker, as the pool sees it.

    Args:
        number: which one, for the keeper.
        pid: its process id, for statistics only; it is the keeper who kills.
        connection: the socket to it.
    """

    def __init__(self, number: int, pid: int, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.number = number
        self.pid = pid
        self.signal: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._connection = connection
        self._frames = Frames()
        self._loop = asyncio.get_running_loop()

    async def send(self, data: bytes) -> None:
        """Send a request.

        Raises:
            Gone: the worker has ended.
        """
        try:
            await self._loop.sock_sendall(self._connection, data)
        except OSError:
            raise Gone from None

    async def receive(self) -> tuple[int, bytes]:
        """The next frame. Reads from the socket only if it must, so a worker waits while nobody asks.

        Raises:
            Gone: the worker ended before the frame was whole, or the link was cut.
        """
        while (found := self._frames.next()) is None:
            try:
                data = await self._loop.sock_recv(self._connection, _READ)
            except OSError:
                raise Gone from None
            if not data:
                raise Gone
            self._frames.feed(data)
        return found

    def cut(self) -> None:
        """Have a `receive` that waits end at once, and the worker fail at its next write."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        """Give the socket back. Nothing may be waiting on it."""
        self._connection.close()

    def ended_by(self, number: int) -> None:
        """The keeper says which signal ended the worker; 0 for none."""
        if not self.signal.done():
            self.signal.set_result(number)
