"""A pinned client asks one edition, whatever is put into use meanwhile; a permanent address goes on answering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.client import Problem
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.client.either import ask, both, taken
from tests.http.processes import Served, served, wait_until

SELECT = "SELECT ?number { <https://data.example/x> <https://data.example/p> ?number }"


def edition(settings: BuildSettings, number: int) -> Snapshot:
    settings.data[0].write_text(f"@prefix : <https://data.example/> .\n:x :p {number} .\n")
    return build(find_inputs(settings))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> BuildSettings:
    directory = tmp_path_factory.mktemp("editions")
    (directory / "empty.ttl").write_text("")
    return BuildSettings(
        ontology=(directory / "empty.ttl",),
        data=(directory / "data.ttl",),
        base="https://data.example/",
        snapshots=directory / "snapshots",
        reasoner="none",
        validation=False,
    )


@pytest.fixture(scope="module")
def service(settings: BuildSettings) -> Iterator[Served]:
    first = edition(settings, 1)
    with served(first.path, follow=True, log=settings.snapshots.with_name("log"), watch=True) as running:
        yield running


@both
def test_a_pinned_client_stays_with_its_edition(kind: str, service: Served, settings: BuildSettings) -> None:
    address = service.url.rstrip("/")

    async def number(asked: Any) -> int:
        return int((await taken(asked.sparql(SELECT).rows()))[0]["number"])

    async def work(asked: Any) -> None:
        old = (await taken(asked.health().json()))["digest"]
        pinned = asked.edition(old[:8])
        cited = await taken(asked.sparql(SELECT).permalink("csv"))
        before = await taken(asked.search("x").permalink())
        assert before == f"{address}/edition/{old}/api/search?q=x"
        stated = await number(asked)
        assert await number(pinned) == stated

        new = edition(settings, stated + 1).digest
        assert wait_until(lambda: httpx2.get(f"{address}/health").json()["digest"] == new)
        assert await number(asked) == stated + 1
        assert await number(pinned) == stated
        assert httpx2.get(cited).text.split() == ["number", str(stated)]
        frame = await taken(pinned.sparql(SELECT).to_frame())
        assert frame.attrs["dataset"] == old
        assert frame.attrs["source"].startswith(f"{address}/edition/{old}/sparql?query=")
        for client in (asked, pinned):
            assert [one["digest"] for one in (await taken(client.editions().json()))["editions"]][:2] == [new, old]
        with pytest.raises(Problem) as caught:
            await taken(asked.edition("0123abcd").sparql(SELECT).rows())
        assert caught.value.status == 404

    ask(kind, address, work)
