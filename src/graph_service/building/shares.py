"""Work in shares, which processes take one after another: copies of this one (fork(2)), with all that it has read."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from graph_service.errors import ProcessError

# Triples from which on several processes pay: what is less is validated before they have begun.
WORTHWHILE = 200_000
# More processes than this wait for memory more than they work.
_MOST = 4
# Bytes of the number of a share: a write or read of so few is never torn apart (pipe(7)).
_WORD = 4

Result = TypeVar("Result")


def processes_for(triples: int) -> int:
    """How many work on so many triples: one for each core that this process may use, within limits (Linux only)."""
    return min(len(os.sched_getaffinity(0)), _MOST) if triples >= WORTHWHILE and sys.platform == "linux" else 1


def in_shares(work: Callable[[int], Result], number: int, processes: int) -> list[Result]:
    """What comes of the work on each of a number of shares, in their order.

    Each process begins with the share of its own number, and goes on with the next that nobody has taken. This one
    waits: what it would use for the work, it would keep for good, as memory in pieces goes to no other process.

    Args:
        work: called with the number of a share, from 0; what it returns is pickled.
        number: of shares; as many as a pipe holds, which are 16,000.
        processes: that work at the same time; if one is enough, this one does.

    Raises:
        ProcessError: a process ended before its work was done; the others are ended.
    """
    if processes == 1:
        return [work(share) for share in range(number)]
    waiting, writer = os.pipe()
    for share in range(processes, number):
        os.write(writer, share.to_bytes(_WORD))
    os.close(writer)
    context = multiprocessing.get_context("fork")
    running: list[tuple[Any, Connection]] = []
    try:
        for first in range(min(processes, number)):
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_send, args=(work, first, waiting, sender), daemon=True)
            process.start()
            sender.close()
            running.append((process, receiver))
        done: dict[int, Result] = {}
        for _, receiver in running:
            done |= _received(receiver)
        return [done[share] for share in range(number)]
    finally:
        os.close(waiting)
        for process, receiver in running:
            receiver.close()
            process.kill()
            process.join()


def _taken(first: int, waiting: int) -> Iterator[int]:
    yield first
    while word := os.read(waiting, _WORD):
        yield int.from_bytes(word)


def _done(work: Callable[[int], Result], first: int, waiting: int) -> dict[int, Result]:
    return {share: work(share) for share in _taken(first, waiting)}


def _send(work: Callable[[int], Any], first: int, waiting: int, sender: Connection) -> None:
    try:
        result = _done(work, first, waiting)
    except Exception as error:  # noqa: BLE001 - it is raised again where the result is waited for
        sender.send((None, error))
    else:
        sender.send((result, None))


def _received(receiver: Connection) -> Any:
    try:
        result, error = receiver.recv()
    except EOFError:
        hint = "There may be too little memory for several: build with one core (taskset -c 0)."
        raise ProcessError("A process that validates ended before its work was done.", hint=hint) from None
    if error is not None:
        raise error
    return result
