"""One sibling, as the main process sees it: its process, the channel to it, what it was told and lent."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from graph_service import processes
from graph_service.http.protocol.metrics import Counts
from graph_service.workers.channel import Channel, Message
from graph_service.workers.crew import Crew
from graph_service.workers.lending import Offer

# Seconds that a sibling has for what it is told: one that does not answer is killed, and another one takes its place.
PATIENCE = 30.0
# Seconds between two looks at what it has counted.
_LOOKS = 5.0


@dataclass(frozen=True)
class Followed:
    """An edition that siblings answer from.

    Attributes:
        number: names it on the channel.
        snapshot: directory of its snapshot.
        on_disk: whether its answers come from the store on disk.
        is_withdrawn: whether it answers nothing more.
        crew: its workers.
    """

    number: int
    snapshot: Path
    on_disk: bool
    is_withdrawn: bool
    crew: Crew

    def encode(self) -> dict[str, Any]:
        """What a sibling is told of it."""
        return {"snapshot": str(self.snapshot), "on_disk": self.on_disk, "is_withdrawn": self.is_withdrawn}


class Sibling:
    """A serving process beside this one; running when it is made.

    Args:
        order: what it serves with, as JSON.
        listener: where it accepts.
        pass_on: takes the connection of a request that it passes on.

    Attributes:
        counted: what it had counted when it was last asked.
        serves: whether it has taken over an edition.
        lost: is set when it has ended.
    """

    def __init__(self, order: str, listener: socket.socket, pass_on: Callable[[socket.socket], object]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            descriptors = (theirs.fileno(), listener.fileno())
            self._process = processes.start(
                "graph_service.serving.sibling_process", order, *map(str, descriptors), descriptors=descriptors
            )
        self._pass_on = pass_on
        self._channel = Channel(ours, self._hear, self._on_lost)
        self._offers: dict[int, Offer] = {}
        self._left: dict[int, asyncio.Event] = {}
        self._told: dict[int, asyncio.Future[Message]] = {}
        self._numbers = count(1)
        self.counted = Counts()
        self.serves = False
        self.lost = asyncio.Event()

    async def follow(self, edition: Followed) -> None:
        """Have it answer from an edition, new requests from no other; returns when it does, or has ended."""
        self._left[edition.number] = asyncio.Event()
        told = self._tell(edition=edition.encode(), of=edition.number)
        self._offers[edition.number] = Offer(self._channel, edition.number, edition.crew)
        await self._answered(told)
        self.serves = not self.lost.is_set()

    async def leave(self, number: int) -> None:
        """Wait until no answer from an edition is running any more."""
        if (left := self._left.get(number)) is not None:
            await left.wait()
        self._left.pop(number, None)
        if (offer := self._offers.pop(number, None)) is not None:
            offer.close()

    async def forget(self) -> None:
        """Have it forget the answers that it keeps."""
        await self._answered(self._tell(forget="answers"))

    async def withdraw(self) -> None:
        """Have it answer nothing more from the edition in use, and forget the answers that it keeps."""
        await self._answered(self._tell(forget="withdrawn"))

    async def count(self) -> Counts:
        """What it has counted; what it had counted if it has ended."""
        answer = await self._answered(self._tell(count=True))
        if "counts" in answer:
            self.counted = Counts.decode(answer["counts"])
        return self.counted

    async def watch(self) -> None:
        """Look at it again and again until it ends; one that does not answer is killed."""
        while not self.lost.is_set():
            await self.count()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.lost.wait(), _LOOKS)

    def end(self) -> None:
        """Have it let running answers end, and then end."""
        self._process.send_signal(signal.SIGTERM)

    async def ended(self, seconds: float) -> None:
        """Wait for its end, which comes in so many seconds."""
        try:
            await asyncio.to_thread(self._process.wait, seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    def _tell(self, **message: Any) -> asyncio.Future[Message]:
        number = next(self._numbers)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._told[number] = answer
        if self.lost.is_set():
            answer.set_result({})
        self._channel.send({"told": number, **message})
        return answer

    async def _answered(self, answer: asyncio.Future[Message]) -> Message:
        try:
            return await asyncio.wait_for(asyncio.shield(answer), PATIENCE)
        except TimeoutError:
            self._process.kill()
            return await answer

    def _hear(self, message: Message) -> None:
        if "of" in message:
            if (offer := self._offers.get(message["of"])) is not None:
                offer.hear(message)
        elif "passed" in message:
            self._pass_on(self._channel.take_socket())
        elif "left" in message:
            if (left := self._left.get(message["left"])) is not None:
                left.set()
        elif (answer := self._told.pop(message["told"], None)) is not None and not answer.done():
            answer.set_result(message)

    def _on_lost(self) -> None:
        """It has ended: its clients hold nothing any more, and nobody waits for it."""
        self.lost.set()
        self.serves = False
        for offer in self._offers.values():
            offer.close()
        self._offers.clear()
        for left in self._left.values():
            left.set()
        for answer in self._told.values():
            if not answer.done():
                answer.set_result({})
        self._told.clear()
