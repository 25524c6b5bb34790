"""Validators and a bounded cache of whole answers (RFC 9111; entity tags: RFC 9110, section 8.8.3).

An answer depends on the data set's digest, the request, format, language, encoding and the software version: the tag is
made of exactly these, so it is known before a query runs, and it is also the cache's key. Nothing ever expires: another
snapshot has another digest.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Generic, TypeVar

from graph_service.http.protocol.flight import Flight
from graph_service.http.protocol.problems import Fields

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# What a name in the books costs beside its bytes, roughly: keys, header fields, objects.
OVERHEAD = 512
# Functions whose value changes from call to call (SPARQL 1.1, sections 17.4.2, 17.4.4 and 17.4.5); an escape could
# spell any of them. A mere string with such a word matches too, which costs that query the cache and nothing else.
_VOLATILE = re.compile(r"\b(?:now|rand|uuid|struuid)\b|\\u", re.IGNORECASE)
_HINTS = ("now", "rand", "uuid", "\\u")


@dataclass(frozen=True)
class CachedAnswer:
    """A complete answer, as it went out.

    Attributes:
        fields: the header fields that describe the body, among them its length.
        body: the bytes, already coded.
        route: where it is counted; empty if the request tells.
    """

    fields: Fields
    body: bytes
    route: str = ""


def volatile(query: str) -> bool:
    """Whether two answers to this query may differ on the same data."""
    lowered = query.lower()
    return any(hint in lowered for hint in _HINTS) and _VOLATILE.search(query) is not None


def entity_tag(*parts: str) -> str:
    """A strong tag, quoted, of everything that the answer depends on; the parts cannot run into each other."""
    # The spelling of a tuple is unambiguous, and made faster than anything with lengths or separators.
    digest = blake2b(repr(parts).encode(), digest_size=16)
    return f'"{digest.hexdigest()}"'


def matches(if_none_match: str, tag: str) -> bool:
    """Whether the client has this version: weak comparison over the list (RFC 9110, section 13.1.2), without `*`."""
    if tag not in if_none_match:
        return False
    return any(part.strip().removeprefix("W/") == tag for part in if_none_match.split(","))


@dataclass
class Cache:
    """Answers by entity tag, the least recently used leaving first.

    Attributes:
        capacity: bytes that all entries may have together, their overhead included; 0 keeps nothing.
        largest: bytes that one body may have.
    """

    capacity: int
    largest: int
    size: int = 0
    hits: int = 0
    misses: int = 0
    _entries: OrderedDict[str, CachedAnswer] = field(default_factory=OrderedDict)
    _flights: dict[str, asyncio.Future[bool]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, tag: str) -> bool:
        return tag in self._entries

    def route(self, tag: str) -> str:
        """Where the answer with this tag is counted; empty if it is not here."""
        entry = self._entries.get(tag)
        return entry.route if entry else ""

    def get(self, tag: str) -> CachedAnswer | None:
        """The answer with this tag, if it is here."""
        entry = self._entries.get(tag)
        if entry is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(tag)
        return entry

    def put(self, tag: str, entry: CachedAnswer) -> None:
        """Keep a complete answer, and let older ones go for it."""
        cost = len(entry.body) + OVERHEAD
        if len(entry.body) > self.largest or cost > self.capacity or tag in self._entries:
            return
        self._entries[tag] = entry
        self.size += cost
        while self.size > self.capacity:
            _, old = self._entries.popitem(last=False)
            self.size -= len(old.body) + OVERHEAD

    def forget(self) -> None:
        """Let go of all answers."""
        self._entries.clear()
        self.size = 0

    def flight(self, tag: str) -> Flight:
        """Let one of several identical requests work while the others wait for its result."""
        return Flight(self._flights, tag)


class Copy:
    """Keeps what passes by, until it is more than the limit; then it lets go of everything."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] | None = [] if limit >= 0 else None
        self._size = 0

    def add(self, data: bytes) -> None:
        """Keep one piece."""
        self._size += len(data)
        if self._size > self._limit:
            self._pieces = None
        if self._pieces is not None:
            self._pieces.append(data)

    def body(self) -> bytes | None:
        """Everything, or None if it was too much."""
        return None if self._pieces is None else b"".join(self._pieces)


class Recent(Generic[K, V]):
    """A map of bounded length that forgets what came in first; for small keys and values."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._items: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What was put under this key, if it is still here."""
        return self._items.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember this; the oldest leaves."""
        if len(self._items) >= self._length:
            del self._items[next(iter(self._items))]
        self._items[key] = value
