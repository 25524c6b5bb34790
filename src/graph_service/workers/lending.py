"""Workers of a crew for another process: it asks for one, talks to it directly, and gives it back.

The other process has a copy of the socket of each worker, so a request costs three short messages here and no copy of
request or answer. Who is next is decided by the queue of the crew, whichever process a client has come to.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial

from graph_service.workers.channel import Channel, Message
from graph_service.workers.crew import Crew
from graph_service.workers.limits import QueueFull
from graph_service.workers.link import Link


@dataclass(frozen=True)
class _Loan:
    """A worker that the other process has, for a client, since a moment of the monotonic clock."""

    link: Link
    client: str
    since: float

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.since


@dataclass(frozen=True)
class _Wait:
    """A client that waits for a worker of a role."""

    role: str
    client: str
    given: asyncio.Future[Link]
    timer: asyncio.TimerHandle


class Offer:
    """A crew, offered to one other process.

    Args:
        channel: to that process.
        name: of the crew, on the channel.
        crew: has the workers.
    """

    def __init__(self, channel: Channel, name: int, crew: Crew) -> None:
        self._channel = channel
        self._name = name
        self._crew = crew
        self._loans: dict[int, _Loan] = {}
        self._waits: dict[int, _Wait] = {}
        self._closed = False
        crew.observers.append(self)
        for link in crew.links.values():
            self.arrived(link)

    def arrived(self, link: Link) -> None:
        """There is another worker."""
        worker = {"worker": link.number, "pid": link.pid, "role": link.role}
        self._channel.send({"of": self._name, **worker}, link.connection)

    def died(self, number: int, signal: int) -> None:
        """A worker has ended."""
        self._channel.send({"of": self._name, "died": number, "signal": signal})

    def hear(self, message: Message) -> None:
        """What the other process says of this crew."""
        if "take" in message:
            self._take(message["take"], message["role"], message["client"])
        elif "drop" in message:
            self._drop(message["drop"])
        elif (loan := self._loans.get(message["loan"])) is not None:
            if message["end"] == "kill":
                self._crew.kill(loan.link)
                return
            del self._loans[loan.link.number]
            if message["end"] == "lost" or loan.link.has_ended:
                self._crew.lose(loan.link, loan.client, loan.seconds)
            else:
                self._crew.give_back(loan.link, loan.client, loan.seconds)

    def close(self) -> None:
        """The other process is gone, or asks no more: what it still has is killed, and its clients hold nothing."""
        if self._closed:
            return
        self._closed = True
        self._crew.observers.remove(self)
        for number in list(self._waits):
            self._drop(number)
        for loan in self._loans.values():
            self._crew.kill(loan.link)
            self._crew.lose(loan.link, loan.client, loan.seconds)
        self._loans.clear()

    def _take(self, number: int, role: str, client: str) -> None:
        if (link := self._crew.take_now(role, client)) is not None:
            self._lend(number, link, client)
            return
        try:
            given = self._crew.join(role, client)
        except QueueFull as error:
            self._refuse(number, error)
            return
        # A task for each that waits would cost as much as the rest.
        timer = given.get_loop().call_later(self._crew.limits.wait_seconds, self._give_up, number)
        self._waits[number] = _Wait(role, client, given, timer)
        given.add_done_callback(partial(self._on_given, number, client))

    def _on_given(self, number: int, client: str, given: asyncio.Future[Link]) -> None:
        wait = self._waits.pop(number, None)
        if wait is not None:
            wait.timer.cancel()
        if given.cancelled():
            return
        if isinstance(error := given.exception(), QueueFull):
            self._refuse(number, error)
        elif wait is None:
            self._crew.give_back(given.result(), client, 0)
        else:
            self._lend(number, given.result(), client)

    def _drop(self, number: int) -> None:
        if (wait := self._waits.pop(number, None)) is not None:
            wait.timer.cancel()
            wait.given.cancel()
            self._crew.leave(wait.role, wait.client, wait.given)

    def _give_up(self, number: int) -> None:
        role = self._waits[number].role
        self._drop(number)
        self._refuse(number, self._crew.late(role))

    def _refuse(self, number: int, error: QueueFull) -> None:
        refusal = {"message": error.message, "hint": error.hint, "retry_after": error.retry_after}
        self._channel.send({"of": self._name, "refused": number, **refusal})

    def _lend(self, number: int, link: Link, client: str) -> None:
        link.rest()
        self._loans[link.number] = _Loan(link, client, time.monotonic())
        self._channel.send({"of": self._name, "lent": number, "number": link.number})
