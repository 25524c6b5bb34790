"""Limits of one query: rows, bytes, time, memory, stack, and no way out of the worker."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph_service.errors import QueryRefused, QuerySyntaxError, QueryTimeout
from graph_service.rdf.formats import Form, offered
from graph_service.rdf.query_limits import LimitReached
from graph_service.store import Answer, Query
from graph_service.store.forked import ForkedStore
from graph_service.workers.limits import MIB, Limits
from tests.store.asking import BENIGN, ENDLESS, get, gives, opened, until
from tests.store.conftest import LIMITS, Loop
from tests.store.hostile import EXPLOSIVE, NESTED, RUBBISH, form_of
from tests.store.snapshots import ask

# Some hundred kilobytes at once, then a search that finds nothing and does not end.
LATER_ENDLESS = ask(
    "SELECT * { { ?a ?b ?c . ?d <http://e/type> ?f FILTER(?a = <http://e/p0001>) } UNION "
    "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) = CONCAT(STR(?f), STR(?i))) } }"
)


async def read_into(pieces: list[bytes], answer: Answer) -> None:
    async for piece in answer:
        pieces.append(piece)  # noqa: PERF401 - they are wanted up to the error


def test_limits_of_the_answer(loop: Loop, patient: ForkedStore) -> None:
    for text, reason, limit in (
        ("SELECT ?a { ?a ?b ?c . ?d ?e ?f }", "rows", 100_000),
        ("CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d <http://e/knows> ?f }", "rows", 100_000),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "answer_bytes", 20_000_000),
    ):
        error = loop.run(gives(patient, ask(text)))
        assert isinstance(error, LimitReached)
        assert (error.reason, error.limit) == (reason, limit)
        assert "LIMIT with OFFSET" in str(error)


def test_the_time_limit_ends_the_work(loop: Loop, store: ForkedStore) -> None:
    error = loop.run(gives(store, ENDLESS))
    assert isinstance(error, QueryTimeout)
    assert "0.4 seconds" in str(error)
    loop.run(until(lambda: store.statistics().running == 0))
    assert loop.run(get(store, BENIGN))


def test_the_time_limit_ends_the_work_in_the_middle_of_an_answer(loop: Loop, store: ForkedStore) -> None:
    async def run() -> int:
        answer = await store.query(LATER_ENDLESS)
        pieces: list[bytes] = []
        with pytest.raises(QueryTimeout):
            await read_into(pieces, answer)
        return sum(map(len, pieces))

    assert loop.run(run()) > 100_000


def test_the_memory_limit(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(seconds=20, memory_bytes=128 * MIB)) as store:
        error = loop.run(gives(store, ask(EXPLOSIVE["literal doubled fifty times"])))
        assert isinstance(error, LimitReached)
        assert (error.reason, error.limit) == ("memory", 128 * MIB)
        assert loop.run(get(store, BENIGN))


def test_a_worker_that_needed_much_memory_is_replaced(loop: Loop, people: Path) -> None:
    """So memory returns to its level, whatever the allocator keeps."""
    with opened(loop, people, Limits(workers=1, seconds=20)) as store:
        loop.run(until(lambda: store.statistics().workers == 2))
        before = sum(pss for _, pss in store.statistics().memory().values())
        doubled = "".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1}) " for i in range(24))
        assert loop.run(
            get(store, ask(f"SELECT (STRLEN(?a24) AS ?n) {{ BIND('0123456789' AS ?a0) {doubled} }}", "csv"))
        )
        loop.run(until(lambda: store.statistics().worker_restarts == 1 and store.statistics().workers == 2))
        after = sum(pss for _, pss in store.statistics().memory().values())
        assert after < before + 16 * MIB
        assert store.statistics().refusals.total() == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NESTED, *EXPLOSIVE, *RUBBISH])
def test_a_hostile_query_is_answered_or_refused_while_others_are_served(
    loop: Loop, hardened: ForkedStore, name: str
) -> None:
    """Past the guard, which would refuse some of these. Both end within the limits of the pool."""
    text = {**NESTED, **EXPLOSIVE, **RUBBISH}[name]
    form = form_of(text)

    async def run() -> None:
        hostile = asyncio.create_task(get(hardened, Query(text, form, offered(form)[0]), "hostile"))
        await until(lambda: hostile.done() or hardened.statistics().running > 0)
        assert b"Person" in await get(hardened, BENIGN, "benign")
        with contextlib.suppress(LimitReached, QueryTimeout, QuerySyntaxError):
            await hostile

    loop.run(run())
    assert hardened.statistics().keeper_restarts == 0


@pytest.fixture(scope="module")
def hardened(loop: Loop, people: Path) -> Iterator[ForkedStore]:
    """A pool whose limit of time leaves room for a small query on a machine that has other work."""
    with opened(loop, people, replace(LIMITS, seconds=1)) as store:
        yield store


@pytest.mark.parametrize("name", ["parentheses", "functions", "conditions", "groups", "graphs", "path parentheses"])
def test_twenty_thousand_levels_are_answered(loop: Loop, people: Path, name: str) -> None:
    with opened(loop, people, Limits(seconds=30)) as store:
        assert loop.run(get(store, ask(NESTED[name])))


def test_a_stack_that_overflows_ends_one_query(loop: Loop, people: Path) -> None:
    with opened(loop, people, Limits(seconds=30, stack_bytes=8 * MIB)) as store:
        error = loop.run(gives(store, ask(NESTED["functions"])))
        assert isinstance(error, LimitReached)
        assert error.reason == "nesting"
        assert loop.run(get(store, BENIGN))


def test_a_worker_opens_no_connection(loop: Loop, store: ForkedStore) -> None:
    """Even where the guard is gone round."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        text = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
        assert isinstance(loop.run(gives(store, Query(text, Form.SELECT, BENIGN.format))), QueryRefused)
        load = Query(f"LOAD <{address}>", Form.SELECT, BENIGN.format)
        assert isinstance(loop.run(gives(store, load)), QuerySyntaxError)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_worker_can_open_nothing(store: ForkedStore) -> None:
    for pid in store.statistics().worker_pids:
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert [line.split()[3:5] for line in limits.splitlines() if line.startswith("Max open files")] == [["0", "0"]]
        targets = sorted(os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH115, PTH208
        assert targets[:3] == ["/dev/null"] * 3
        assert len(targets) == 4
        assert targets[3].startswith("socket:")
