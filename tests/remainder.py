"""Which tests run over a store of others, and which of them are expected to fail there: `stores_remainder.toml`.

An expected failure is strict, and an entry that names no test is an error: the list says what is so.
"""

from __future__ import annotations

import signal
import tomllib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TypeVar

import pytest

from tests import engines
from tests.snapshot_servers import EMBEDDED

LIST = Path(__file__).with_name("stores_remainder.toml")
# A test over a store of others ends after so long: it asks many queries, and the machine may be busy.
SECONDS = 180.0

Result = TypeVar("Result")


@dataclass(frozen=True)
class Entry:
    """A failure that is expected.

    Attributes:
        test: its id, or the beginning of the ids of several.
        store: where.
        reason: why.
        skip: whether it is not run at all, since it fails at random or takes too long.
    """

    test: str
    store: str
    reason: str
    skip: bool = False


class Late(BaseException):
    """A test took too long. Nothing that a test runs catches it."""


def add_option(parser: pytest.Parser) -> None:
    """`--store`."""
    told = "store behind the servers of the tests; with one of others only the tests that ask a store are run"
    parser.addoption("--store", choices=(EMBEDDED, *engines.NAMES), default=EMBEDDED, help=told)


def entries(store: str) -> list[Entry]:
    """What is expected to fail over a store."""
    listed = tomllib.loads(LIST.read_text(encoding="utf-8")).get("expected", [])
    return [entry for entry in (Entry(**one) for one in listed) if entry.store == store]


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that ask a store of others, and mark those that are expected to fail.

    Raises:
        UsageError: an entry of the list names none of the tests of its file.
    """
    store = config.option.store
    if store == EMBEDDED:
        return
    asking = [item for item in items if "stores" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in asking])
    items[:] = asking
    for entry in entries(store):
        named = [item for item in items if item.nodeid.startswith(entry.test)]
        whole = not any("::" in argument for argument in config.args)
        if whole and not named and any(item.nodeid.startswith(entry.test.partition("::")[0]) for item in items):
            raise pytest.UsageError(f"{LIST.name}: no test is named {entry.test}")
        for item in named:
            skip, fail = pytest.mark.skip(reason=entry.reason), pytest.mark.xfail(reason=entry.reason, strict=True)
            item.add_marker(skip if entry.skip else fail)


def limited() -> Generator[None, Result, Result]:
    """Run a test and end it when its time is over."""

    def end(signum: int, frame: FrameType | None) -> None:
        raise Late(f"more than {SECONDS:g} seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
