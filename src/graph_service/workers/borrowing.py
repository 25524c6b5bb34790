"""Workers that another process lends (`lending`), for a pool of this one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

from graph_service.workers.channel import Channel, Message
from graph_service.workers.limits import QueueFull
from graph_service.workers.link import Link


class Borrowed:
    """The workers of a crew of another process.

    Args:
        channel: to that process.
        name: of the crew, on the channel.
        closed: called when this process asks for no more.
    """

    def __init__(self, channel: Channel, name: int, closed: Callable[[], None]) -> None:
        self._channel = channel
        self._name = name
        self._closed = closed
        self._links: dict[int, Link] = {}
        self._held: set[int] = set()
        self._asked: dict[int, tuple[str, str, asyncio.Future[Link]]] = {}
        self._numbers = count(1)
        self._ended = False

    @property
    def ready(self) -> bool:
        """Whether there are workers that requests can be worked on by."""
        return bool(self._links) and not self._ended

    def figures(self) -> dict[str, Any]:
        """Nothing: the process that lends counts what waits and who lives."""
        return {}

    async def take(self, role: str, client: str) -> Link:
        """A worker of a role for a client.

        Raises:
            QueueFull: the process that lends refuses it, or this one is ending.
        """
        if self._ended:
            raise _ending()
        number = next(self._numbers)
        lent: asyncio.Future[Link] = asyncio.get_running_loop().create_future()
        self._asked[number] = role, client, lent
        self._ask(number)
        try:
            return await lent
        except asyncio.CancelledError:
            if self._asked.pop(number, None) is not None:
                self._say(drop=number)
            elif not lent.cancelled() and lent.exception() is None:
                self.give_back(lent.result(), client, 0)
            raise

    def give_back(self, link: Link, client: str, seconds: float) -> None:
        """A client needs a worker no more, which is well; the process that lends keeps the time."""
        link.rest()
        self._end_loan(link.number, "well")

    def lose(self, link: Link, client: str, seconds: float) -> None:
        """The worker that a client had is gone."""
        self._links.pop(link.number, None)
        link.close()
        self._end_loan(link.number, "lost")

    def kill(self, link: Link) -> None:
        """Have a worker killed; what waits for its answer ends at once."""
        link.cut()
        self._say(loan=link.number, end="kill")

    def turn_away(self) -> None:
        """Let nobody have a worker any more."""
        self._ended = True
        for number, (_, _, lent) in self._asked.items():
            self._say(drop=number)
            if not lent.done():
                lent.set_exception(_ending())
        self._asked.clear()

    async def close(self) -> None:
        """Let go of all workers."""
        self.turn_away()
        for link in self._links.values():
            link.close()
        self._links.clear()
        self._closed()

    def hear(self, message: Message) -> None:
        """What the process that lends says of this crew."""
        if "worker" in message:
            number = message["worker"]
            self._links[number] = Link(number, message["pid"], message["role"], self._channel.take_socket())
        elif "died" in message:
            self._on_death(message["died"], message["signal"])
        elif "refused" in message:
            asked = self._asked.pop(message["refused"], None)
            if asked is not None and not asked[2].done():
                text, hint, retry_after = message["message"], message["hint"], message["retry_after"]
                asked[2].set_exception(QueueFull(text, retry_after=retry_after, hint=hint))
        else:
            self._on_loan(message["lent"], message["number"])

    def _on_loan(self, asked: int, number: int) -> None:
        link = self._links.get(number)
        if link is None:  # it has died since it was last used
            self._end_loan(number, "lost")
            if asked in self._asked:
                self._ask(asked)
            return
        self._held.add(number)
        _, client, lent = self._asked.pop(asked, ("", "", None))
        if lent is None or lent.done():
            self.give_back(link, client, 0)
        else:
            lent.set_result(link)

    def _on_death(self, number: int, signal: int) -> None:
        """A worker has ended: if it is idle, nobody else will notice."""
        link = self._links.get(number)
        if link is not None:
            link.ended_by(signal)
            if number not in self._held:
                del self._links[number]
                link.close()

    def _ask(self, number: int) -> None:
        role, client, _ = self._asked[number]
        self._say(take=number, role=role, client=client)

    def _end_loan(self, number: int, end: str) -> None:
        self._held.discard(number)
        self._say(loan=number, end=end)

    def _say(self, **message: Any) -> None:
        self._channel.send({"of": self._name, **message})


def _ending() -> QueueFull:
    return QueueFull("The service is ending.", retry_after=5, hint="Ask again a little later.")
