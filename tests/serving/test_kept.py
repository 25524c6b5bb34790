"""Old editions are opened within bounds, and what changed between them is found within bounds."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import build
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import SnapshotError
from graph_service.http.protocol.problems import RequestError
from graph_service.serving import changes, kept
from graph_service.serving.changes import Changes
from graph_service.serving.edition import OpenEdition
from graph_service.serving.kept import KeptEditions
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.views.changes import news

Opening = Callable[[Snapshot], Awaitable[OpenEdition]]
NOTHING = cast("Any", None)
LATEST = "/"


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> list[Snapshot]:
    """Four editions, each with a statement of its own."""
    directory = tmp_path_factory.mktemp("kept")
    (directory / "empty.ttl").write_text("")
    settings = BuildSettings(
        ontology=(directory / "empty.ttl",),
        data=(directory / "data.ttl",),
        base="https://data.example/",
        snapshots=directory / "snapshots",
        reasoner="none",
        validation=False,
    )
    made = []
    for number in range(4):
        settings.data[0].write_text(f"<https://data.example/x> <https://data.example/p> {number} .\n")
        made.append(build(find_inputs(settings)))
    return made


class Opener:
    """Opens editions of which nothing is asked here; notes each opening and each closing by the digest."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.error: Exception | None = None
        self.may_open = asyncio.Event()
        self.may_open.set()

    async def __call__(self, snapshot: Snapshot) -> OpenEdition:
        self.opened.append(snapshot.digest)
        await self.may_open.wait()
        if self.error is not None:
            raise self.error

        async def close() -> None:
            self.closed.append(snapshot.digest)

        return OpenEdition(NOTHING, NOTHING, NOTHING, None, NOTHING, None, (close,))


def check(snapshots: list[Snapshot], work: Callable[[KeptEditions, Opener], Awaitable[None]]) -> None:
    async def within_a_loop() -> None:
        opener = Opener()
        editions = KeptEditions(snapshots[0].path.parent, opener)
        await work(editions, opener)
        await editions.close()
        assert sorted(opener.closed) == sorted(opener.opened) or opener.error is not None

    asyncio.run(within_a_loop())


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for knows nothing of tests
            await asyncio.sleep(0.001)


def test_however_often_an_edition_is_asked_for_it_has_one_timer(
    snapshots: list[Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(editions: KeptEditions, opener: Opener) -> None:
        loop, timers = asyncio.get_running_loop(), []
        call_later = loop.call_later

        def counted(delay: float, *call: Any, **more: Any) -> asyncio.TimerHandle:
            timers.append(delay)
            return call_later(delay, *call, **more)

        monkeypatch.setattr(loop, "call_later", counted)
        for _ in range(50):
            await editions.edition(snapshots[0].digest, LATEST)
        assert opener.opened == [snapshots[0].digest]
        assert timers.count(kept.IDLE) == 1
        monkeypatch.undo()

    check(snapshots, work)


def test_three_in_turn_are_not_opened_again_and_again(
    snapshots: list[Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(editions: KeptEditions, opener: Opener) -> None:
        for number in range(30):
            asked = editions.edition(snapshots[number % 3].digest, LATEST)
            if number % 3 < kept.OPEN:
                await asked
                continue
            with pytest.raises(RequestError) as caught:
                await asked
            assert caught.value.status == 503
            assert 1 <= int(dict(caught.value.fields)[b"retry-after"]) <= kept.STAYS
        assert len(opener.opened) == kept.OPEN
        monkeypatch.setattr(kept, "STAYS", 0.0)
        await editions.edition(snapshots[2].digest, LATEST)
        assert opener.opened[-1] == snapshots[2].digest
        await until(lambda: opener.closed == [snapshots[0].digest])

    check(snapshots, work)


def test_many_wait_for_one_opening_and_nobody_else_does(snapshots: list[Snapshot]) -> None:
    async def work(editions: KeptEditions, opener: Opener) -> None:
        await editions.edition(snapshots[0].digest, LATEST)
        opener.may_open.clear()
        waiting = [asyncio.create_task(editions.edition(snapshots[1].digest, LATEST)) for _ in range(20)]
        await until(lambda: len(opener.opened) == 2)
        await editions.edition(snapshots[0].digest, LATEST)
        waiting.pop().cancel()
        opener.may_open.set()
        assert len({id(edition) for edition in await asyncio.gather(*waiting)}) == 1
        assert len(opener.opened) == 2

    check(snapshots, work)


def test_what_cannot_be_opened_is_not_tried_by_every_request(
    snapshots: list[Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(editions: KeptEditions, opener: Opener) -> None:
        opener.error = SnapshotError("damaged")
        for _ in range(10):
            with pytest.raises(SnapshotError):
                await editions.edition(snapshots[0].digest, LATEST)
        assert len(opener.opened) == 1
        monkeypatch.setattr(kept, "STAYS", 0.0)
        with pytest.raises(SnapshotError):
            await editions.edition(snapshots[0].digest, LATEST)
        assert len(opener.opened) == 2

    check(snapshots, work)


def test_an_idle_edition_is_closed(snapshots: list[Snapshot], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "IDLE", 0.01)

    async def work(editions: KeptEditions, opener: Opener) -> None:
        await editions.edition(snapshots[0].digest, LATEST)
        await until(lambda: opener.closed)
        assert editions.opened() == []

    check(snapshots, work)


def files_in(directory: str) -> list[str]:
    return [one.name for one in Path(directory).glob("*")]


def test_comparisons_are_made_beside_the_requests(snapshots: list[Snapshot], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PATIENCE", 0.0)

    async def work() -> None:
        compared = Changes(snapshots[0].path.parent, query_files(BuildSettings()))
        waited, found = 0, (await compared.found()).content
        async with asyncio.timeout(120):
            while any(one["before"] and one["file"] is None for one in found["editions"]):
                waited += 1
                await asyncio.sleep(0.05)
                found = (await compared.found()).content
        assert waited
        whole = await compared.found()
        assert compared.is_current(whole)
        latest = found["editions"][0]
        told = news.read((Path(found["directory"]) / latest["file"]).read_text())
        assert (latest["digest"], latest["before"]) == (snapshots[-1].digest, snapshots[-2].digest)
        assert (told.added, told.removed) == (1, 1)
        assert len(files_in(found["directory"])) == len(snapshots) - 1
        # What no request can ask for any more leaves the disk.
        monkeypatch.setattr(changes, "MOST", 1)
        os.utime(snapshots[0].path.parent)
        assert not compared.is_current(whole)
        assert len((await compared.found()).content["editions"]) == 1
        assert files_in(found["directory"]) == [latest["file"]]
        await compared.close()
        assert files_in(found["directory"]) == []

    asyncio.run(work())


def test_a_comparison_that_fails_is_not_tried_again(
    snapshots: list[Snapshot], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "editions").mkdir()
    (tmp_path / "editions" / "kinds.rq").write_text("this is no query")

    async def work() -> None:
        compared = Changes(snapshots[0].path.parent, QueryFiles((tmp_path,)))
        for _ in range(2):
            found = await compared.found()
            assert {one["file"] for one in found.content["editions"]} == {None, ""}
        await compared.close()

    asyncio.run(work())
    assert [record.message for record in caplog.records].count("no account of the changes") == len(snapshots) - 1
