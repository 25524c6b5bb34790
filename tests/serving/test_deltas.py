"""`/edition/A/delta/B` over real HTTP: what differs between two editions, whichever is in use."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.bits import flip
from tests.http.processes import Served, served, wait_until
from tests.serving.test_succession import digest, edition, settings
from tests.snapshots.test_delta import followed, patched

__all__ = ["settings"]
PATCH = "application/rdf-patch"


@pytest.fixture
def made(settings: BuildSettings) -> list[Snapshot]:
    return [edition(settings, number) for number in (1, 2, 3)]


@pytest.fixture
def service(made: list[Snapshot], tmp_path: Path) -> Iterator[Served]:
    with served(made[2].path, follow=True, log=tmp_path / "log", watch=True) as running:
        yield running


def test_both_forms_lead_from_each_edition_to_each_other(service: Served, made: list[Snapshot]) -> None:
    with service.client() as client:
        for old in made:
            for new in made:
                path = f"/edition/{old.digest}/delta/{new.digest[:8]}"
                patch, lines = client.get(path, headers={"accept": PATCH}), client.get(path)
                assert patch.headers["content-type"] == PATCH
                assert lines.headers["content-type"] == "application/x-ndjson"
                assert f"{old.digest[:12]}-{new.digest[:12]}.rdfp" in patch.headers["content-disposition"]
                for found in (patched(old.lines(), patch.text), followed(old.lines(), lines.text)):
                    assert hashlib.sha256("".join(sorted(found)).encode()).hexdigest() == new.digest
                assert client.get(path, params={"format": "rdfp"}).content == patch.content
        assert lines.text == "", "of an edition and itself nothing is told"
        assert client.get(path, params={"format": "turtle"}).status_code == 406
        assert client.get(path, headers={"if-none-match": lines.headers["etag"]}).status_code == 304
        assert client.head(path).headers["etag"] == lines.headers["etag"]
        assert client.post(path).status_code == 405


def test_a_large_one_streams(service: Served, made: list[Snapshot], settings: BuildSettings) -> None:
    settings.data[0].write_text(
        "".join(f"<https://data.example/{n}> <urn:p> 'Größe {n}'@de .\n" for n in range(20_000))
    )
    large = build(find_inputs(settings))
    with service.client() as client:
        for coding in ("identity", "gzip"):
            headers = {"accept": PATCH, "accept-encoding": coding}
            answer = client.get(f"/edition/{made[0].digest}/delta/{large.digest}", headers=headers)
            assert answer.headers.get("content-encoding", "identity") == coding
            assert "content-length" not in answer.headers
            found = "".join(sorted(patched(made[0].lines(), answer.text)))
            assert hashlib.sha256(found.encode()).hexdigest() == large.digest


def test_a_line_says_what_changed_and_in_which_graph(service: Served, made: list[Snapshot]) -> None:
    with service.client() as client:
        text = client.get(f"/edition/{made[0].digest}/delta/{made[1].digest}").text
    changes = [json.loads(line) for line in text.splitlines()]
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert changes[0] == {
        "change": "removed",
        "origin": "stated",
        "subject": "<https://data.example/x>",
        "predicate": "<https://data.example/p>",
        "object": f'"1"{integer}',
        "graph": "<https://data.example/graph/data>",
    }
    assert [(one["change"], one["predicate"][-2], one["object"]) for one in changes] == [
        (change, predicate, f'"{value}"{integer}')
        for predicate in "pq"
        for change, value in (("removed", 1), ("added", 2))
    ]


def test_what_is_gone_damaged_or_never_was(service: Served, made: list[Snapshot], settings: BuildSettings) -> None:
    first, second, third = made
    with service.client() as client:

        def asked(old: str, new: str) -> httpx2.Response:
            return client.get(f"/edition/{old}/delta/{new}", headers={"accept": "application/json, */*;q=0.1"})

        for pair in (("ffffffff", third.digest), (third.digest, "ffffffff")):
            assert asked(*pair).status_code == 404
        shutil.rmtree(first.path)
        for pair in ((first.digest, third.digest), (third.digest, first.digest)):
            gone = asked(*pair)
            assert gone.status_code == 410
            assert first.digest[:12] in gone.json()["detail"]
            assert "/edition/ lists those that are kept" in gone.json()["detail"]
        flip(second.path / "quads.nq", 30)
        assert asked(second.digest, third.digest).status_code == 503
        flip(second.path / "quads.nq", 30)
        assert asked(second.digest, third.digest).status_code == 200
        # Both are compared whatever is in use.
        fourth = edition(settings, 4)
        assert wait_until(lambda: digest(client) == fourth.digest)
        assert asked(second.digest, third.digest).status_code == 200
        assert client.get(f"/edition/{third.digest}/delta/other").status_code == 404, "a name, as any other"


def test_a_service_without_editions_says_so(client: httpx2.Client) -> None:
    assert client.get("/edition/01234567/delta/01234567").status_code == 404
