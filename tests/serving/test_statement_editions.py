"""`/api/editions-of-a-statement` over real HTTP: since when, until when, and what nobody can say."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import httpx2

from graph_service.settings import BuildSettings
from graph_service.snapshots import register
from tests.bits import flip
from tests.http.processes import served, wait_until
from tests.serving.test_succession import digest, edition, settings

__all__ = ["settings"]
PATH = "/api/editions-of-a-statement"
INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"


def asked(client: httpx2.Client, value: int, *, below: str = "", **more: str) -> dict[str, Any]:
    terms = {"s": "x", "p": "https://data.example/p", "o": f'"{value}"{INTEGER}', **more}
    answer = client.get(f"{below}{PATH}", params=terms)
    assert answer.status_code == 200, answer.text
    assert client.get(answer.url, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    found: dict[str, Any] = answer.json()
    return found


def test_first_last_and_gone(settings: BuildSettings, tmp_path: Path) -> None:
    made = [edition(settings, number) for number in (1, 2, 2, 3)]
    assert made[1].path == made[2].path
    since = {entry.digest: entry.since for entry in register.read(settings.snapshots)}
    with served(made[3].path, follow=True, log=tmp_path / "log", watch=True) as service, service.client() as client:

        def reference(number: int) -> dict[str, str]:
            return {"digest": made[number].digest, "since": since[made[number].digest]}

        told = asked(client, 2)
        assert told["statement"] == ["<https://data.example/x>", "<https://data.example/p>", f'"2"{INTEGER}']
        assert (told["first"], told["last"], told["gone"]) == (reference(1), reference(1), reference(3))
        assert [run["standing"] for run in told["history"]] == ["absent", "stated", "absent"]
        assert told["notes"] == [
            f"Die erste Edition, die die Aussage enthält, ist {short(reference(1))}.",
            f"Die letzte Edition, die sie enthält, ist {short(reference(1))}; "
            f"seit {short(reference(3))} ist sie nicht mehr da.",
        ]
        assert asked(client, 2, below=f"/edition/{made[0].digest}")["history"] == told["history"]
        still = asked(client, 3, lang="en")
        assert (still["first"], still["last"], still["gone"]) == (reference(3), reference(3), None)
        assert still["notes"][1] == f"The latest edition, {short(reference(3))}, holds it as well."
        never = asked(client, 7, lang="en")
        assert (never["first"], never["history"][0]["editions"]) == (None, 3)
        assert never["notes"] == [
            "None of the editions that could be looked into holds the statement as it is spelled here."
        ]
        shutil.rmtree(made[0].path)
        told = asked(client, 2, lang="en")
        assert told["history"][0] == {
            "standing": "not kept",
            "first": reference(0),
            "last": reference(0),
            "editions": 1,
        }
        assert told["notes"][2:] == [
            f"Not kept, so that nobody can say whether it held it: the edition {short(reference(0))}."
        ]
        fifth = edition(dataclasses.replace(settings), 5)
        assert wait_until(lambda: digest(client) == fifth.digest)
        assert asked(client, 3, lang="en")["gone"]["digest"] == fifth.digest
        flip(settings.snapshots / register.NAME, 20)
        assert f"damaged at {register.NAME}:1" in asked(client, 2, lang="en")["notes"][-1]
        assert client.get(PATH, params={"s": "x", "p": "y", "o": '"'}).status_code == 422


def short(reference: dict[str, str]) -> str:
    return f"{reference['digest'][:12]} ({reference['since'][:10]})"
