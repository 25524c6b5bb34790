"""Work in shares, each done by a process of its own: copies of this one (fork(2)), which have all that it has read."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from graph_service.errors import ProcessError

# Triples from which on several processes pay: what is less is validated before they have begun.
_WORTHWHILE = 200_000
# More processes than this wait for memory more than they work.
_MOST = 4

Result = TypeVar("Result")


def processes_for(triples: int) -> int:
    """How many work on so many triples: one for each core that this process may use, within limits (Linux only)."""
    return min(len(os.sched_getaffinity(0)), _MOST) if triples >= _WORTHWHILE and sys.platform == "linux" else 1


def in_shares(work: Callable[[int], Result], number: int) -> list[Result]:
    """What comes of the work on each of a number of shares, the first of which this process does itself.

    Args:
        work: called with the number of a share, from 0; what it returns is pickled.
        number: of shares, each of which has a process.

    Raises:
        ProcessError: a process ended before its work was done; the others are ended.
    """
    context = multiprocessing.get_context("fork")
    running: list[tuple[Any, Connection]] = []
    try:
        for share in range(1, number):
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_send, args=(work, share, sender), daemon=True)
            process.start()
            sender.close()
            running.append((process, receiver))
        return [work(0), *(_received(receiver) for _, receiver in running)]
    finally:
        for process, receiver in running:
            receiver.close()
            process.kill()
            process.join()


def _send(work: Callable[[int], Any], share: int, sender: Connection) -> None:
    try:
        result = work(share)
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
