"""`/catalog.json`: editions with digests, what is left of each, and what is damaged."""

from __future__ import annotations

import dataclasses
import json
import shutil
from itertools import pairwise
from pathlib import Path

from graph_service.settings import BuildSettings
from graph_service.snapshots import register
from graph_service.snapshots.draft import put_into_use
from tests.bits import flip
from tests.http.processes import served, wait_until
from tests.serving.test_succession import digest, edition, settings

__all__ = ["settings"]

PREFIX = "/graph/edition"


def test_every_edition_is_listed_once_with_what_is_left_of_it(settings: BuildSettings, tmp_path: Path) -> None:
    made = [edition(settings, number) for number in (1, 2, 3)]
    put_into_use(made[1])
    put_into_use(made[0])
    root = {"follow": True, "log": tmp_path / "log", "watch": True, "root_path": "/graph", "inspect_minutes": 0.01}
    with served(made[0].path, **root) as service, service.client() as client:  # type: ignore[arg-type]
        told = client.get("/graph/catalog.json").json()
        entries = register.read(settings.snapshots)
        assert [one["digest"] for one in told["editions"]] == [made[0].digest, made[1].digest, made[2].digest]
        assert [one["state"] for one in told["editions"]] == ["in use", "kept", "kept"]
        assert [one["first"] for one in told["editions"]] == [entries[n].since for n in (0, 1, 2)]
        assert [one["since"] for one in told["editions"]] == [entries[n].since for n in (4, 3, 2)]
        assert [one["until"] for one in told["editions"]] == [None, entries[4].since, entries[3].since]
        assert all(older["since"] < newer["since"] for newer, older in pairwise(told["editions"]))
        for one in told["editions"]:
            assert one["dumps"][0]["sha256"] == one["digest"]
            for dump in one["dumps"]:
                assert dump["url"].startswith(one["url"])
            assert client.get(one["url"]).status_code == 200
        assert [len(one["dumps"]) for one in told["editions"]] == [7, 1, 1], "the others were not made yet"
        assert client.get(told["editions"][1]["dumps"][0]["url"]).status_code == 200
        assert wait_until(lambda: len(client.get("/graph/catalog.json").json()["editions"][1]["dumps"]) == 7)
        assert client.get("/graph/edition/").json() == client.get("/graph/catalog.json").json()
        assert (
            client.get(f"/graph/edition/{made[1].digest}/catalog.json").json() == client.get("/graph/edition/").json()
        )
        # What happens while it runs: one is removed, one is damaged, a line of the register, too.
        shutil.rmtree(made[2].path)
        (made[1].path / "manifest.json").write_text("{}")
        states = [one["state"] for one in client.get("/graph/catalog.json").json()["editions"]]
        assert states == ["in use", "kept", "gone"], "what was read of an edition before holds"
        fourth = edition(dataclasses.replace(settings), 4)
        assert wait_until(lambda: digest(client, "/graph") == fourth.digest)
        flip(settings.snapshots / register.NAME, 20)
        told = client.get("/graph/catalog.json").json()
        assert told["damaged"] == [f"{register.NAME}:1"]
        assert told["hint"] == register.HINT
        assert told["editions"][0]["digest"] == fourth.digest
        unknown = client.get("/graph/edition/ffffffff/")
        assert unknown.status_code == 404
        assert f"{register.NAME}:1 cannot be read" in unknown.json()["detail"]
        assert wait_until(lambda: f"{register.NAME}:1" in client.get("/graph/ready").json()["damaged"])
        assert any(f"{register.NAME}:1" in line for line in (tmp_path / "log").read_text().splitlines())


def test_a_damaged_snapshot_is_told_as_damaged(settings: BuildSettings, tmp_path: Path) -> None:
    made = [edition(settings, number) for number in (1, 2)]
    (made[0].path / "manifest.json").write_text(json.dumps({"digest": made[0].digest}))
    with served(made[1].path, follow=True, log=tmp_path / "log") as service, service.client() as client:
        states = {one["digest"]: one["state"] for one in client.get("/catalog.json").json()["editions"]}
        assert states == {made[0].digest: "damaged", made[1].digest: "in use"}
