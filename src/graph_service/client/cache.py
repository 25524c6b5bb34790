"""Answers that are kept with their entity tags, as many as fit."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from graph_service.client.flow import Received


class Cache:
    """Answers by address; what was not asked for longest makes room. Threads may share it.

    Args:
        limit: bytes of all contents. An answer of more than a quarter of it is not kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Received] = OrderedDict()
        self._lock = Lock()
        self.bytes = 0

    def get(self, address: str) -> Received | None:
        """The answer that is kept."""
        with self._lock:
            if address in self._kept:
                self._kept.move_to_end(address)
            return self._kept.get(address)

    def put(self, address: str, answer: Received) -> None:
        """Keep an answer in place of an earlier one, if it has an entity tag."""
        with self._lock:
            if (before := self._kept.pop(address, None)) is not None:
                self.bytes -= len(before.content)
            if "etag" not in answer.fields or len(answer.content) > self._limit // 4:
                return
            self._kept[address] = answer
            self.bytes += len(answer.content)
            while self.bytes > self._limit:
                _, oldest = self._kept.popitem(last=False)
                self.bytes -= len(oldest.content)
