"""Workers of a crew for another process: it asks for one, talks to it directly, and gives it back.

The other process has a copy of the socket of each worker, so a request costs three short messages here and no copy of
request or answer. Who is next is decided by the queue of the crew, whichever process a client has come to.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

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
        self._asked: dict[int, asyncio.Task[None]] = {}
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
            if (task := self._asked.pop(message["drop"], None)) is not None:
                task.cancel()
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
        self._crew.observers.remove(self)
        for task in self._asked.values():
            task.cancel()
        for loan in self._loans.values():
            self._crew.kill(loan.link)
            self._crew.lose(loan.link, loan.client, loan.seconds)
        self._loans.clear()

    def _take(self, number: int, role: str, client: str) -> None:
        link = self._crew.take_now(role, client)
        if link is not None:
            self._lend(number, link, client)
        else:
            self._asked[number] = asyncio.get_running_loop().create_task(self._wait(number, role, client))

    async def _wait(self, number: int, role: str, client: str) -> None:
        try:
            link = await self._crew.take(role, client)
        except QueueFull as error:
            refusal = {"message": error.message, "hint": error.hint, "retry_after": error.retry_after}
            self._channel.send({"of": self._name, "refused": number, **refusal})
        else:
            self._lend(number, link, client)
        self._asked.pop(number, None)

    def _lend(self, number: int, link: Link, client: str) -> None:
        link.rest()
        self._loans[link.number] = _Loan(link, client, time.monotonic())
        self._channel.send({"of": self._name, "lent": number, "number": link.number})
