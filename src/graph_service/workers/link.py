"""The pool's end of the socket to one worker."""

from __future__ import annotations

import asyncio
import socket

from graph_service.workers.wire import HEAD, PIECE_BYTES, Frames

_READ = PIECE_BYTES + HEAD.size


class ConnectionLost(Exception):
    """The worker is no longer there."""


class Link:
    """A worker, as the pool sees it.

    It listens all the time but holds one read at most: when something has come that nobody awaits it stops listening,
    the socket fills up, and the worker waits. So a slow client costs the worker's time and none of our memory.

    Args:
        number: which one, for the keeper.
        pid: its process id, for statistics only; it is the keeper who kills.
        role: name of its role.
        connection: the socket to it.
    """

    def __init__(self, number: int, pid: int, role: str, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.number = number
        self.pid = pid
        self.role = role
        self._loop = asyncio.get_running_loop()
        self.signal: asyncio.Future[int] = self._loop.create_future()
        self._connection = connection
        self._frames = Frames()
        self._waiting: asyncio.Future[None] | None = None
        self._reading = False
        self._ended = False

    async def send(self, data: bytes) -> None:
        """Send a request.

        Raises:
            ConnectionLost: the worker has ended.
        """
        if self._ended:
            raise ConnectionLost
        self._resume_reading()
        try:
            sent = self._connection.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            raise ConnectionLost from None
        if sent < len(data):
            try:
                await self._loop.sock_sendall(self._connection, memoryview(data)[sent:])
            except OSError:
                raise ConnectionLost from None

    async def receive(self) -> tuple[int, bytes]:
        """The next frame.

        Raises:
            ConnectionLost: the worker ended before the frame was whole, or the link was cut.
        """
        while (found := self._frames.next()) is None:
            if self._ended:
                raise ConnectionLost
            self._resume_reading()
            self._waiting = self._loop.create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        return found

    @property
    def has_ended(self) -> bool:
        """Whether the keeper has said that the worker has ended."""
        return self.signal.done()

    @property
    def connection(self) -> socket.socket:
        """The socket, for another process that is to ask this worker."""
        return self._connection

    def rest(self) -> None:
        """Stop listening until the next request: another process may ask this worker before."""
        self._pause_reading()

    def cut(self) -> None:
        """Have a `receive` that waits end at once, and the worker fail at its next write."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        """Give the socket back; a `receive` that waits ends, since nothing will be read any more."""
        self._ended = True
        self._pause_reading()
        self._connection.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def ended_by(self, number: int) -> None:
        """The keeper says which signal ended the worker; 0 for none."""
        if not self.signal.done():
            self.signal.set_result(number)

    def _resume_reading(self) -> None:
        if not self._reading and not self._ended:
            self._reading = True
            self._loop.add_reader(self._connection.fileno(), self._on_readable)

    def _pause_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._connection.fileno())

    def _on_readable(self) -> None:
        """Something has come, or the worker has ended."""
        if self._waiting is None or self._waiting.done():
            self._pause_reading()
            return
        try:
            data = self._connection.recv(_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            self._frames.feed(data)
        else:
            self._ended = True
            self._pause_reading()
        self._waiting.set_result(None)
