"""`/edit` beside several processes, and beside `--live`: each edit is seen by all, and files stay the truth."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from tests.editing.small import FIRST, check, files, tag, written
from tests.http.processes import family, wait_until
from tests.serving.each_process import At, at_each, siblings, taken
from tests.serving.edited import FILE, REASON, Edited, edited_with

SECOND, THIRD = written(":a a :Part ; :size 5 ."), written(":a a :Part ; :size 6 .")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edited]:
    with edited_with(tmp_path_factory.mktemp("shared"), "--processes", "2") as service:
        assert wait_until(lambda: len(siblings(service)) == 1)
        yield service


def ask(at: At, service: Edited, method: str, path: str, body: bytes = b"", **fields: str) -> tuple[int, Any]:
    """Status and content of an answer of one of the processes to editor-1."""
    headers = {"authorization": f"Bearer {service.tokens[0]}"}
    headers |= {name.replace("_", "-"): value for name, value in fields.items()}
    given = REASON if method != "GET" else {}
    status, answered, content = taken(at.ask(path, headers, body=body, method=method, **given))
    return status, json.loads(content) if "json" in answered["content-type"] else content


def sizes(at: At, service: Edited) -> bytes:
    """What one of the processes answers about a thing."""
    query = f"SELECT ?size {{ <{service.place.base}a> <{service.place.base}size> ?size }}"
    return at.get("/sparql", {"accept": "text/csv"}, query=query)[2]


def desk_of(service: Edited) -> int:
    """The process that edits."""
    below = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in family(service.process.pid)}
    # Keepers that it has forked have its command line.
    return min(pid for pid, command in below.items() if b"desk_process" in command)


def test_an_edit_through_one_process_is_seen_by_all(shared: Edited, tmp_path: Path) -> None:
    with at_each(shared) as both:
        for one, other, content in ((*both, SECOND), (*both[::-1], THIRD)):
            known = tag(files(shared.place)["documents/a.ttl"])
            assert ask(other, shared, "GET", FILE) == (200, files(shared.place)["documents/a.ttl"])
            status, done = ask(one, shared, "PUT", FILE, content, if_match=known)
            assert status == 200
            size = content.rpartition(b":size ")[2].split()[0]
            assert [sizes(at, shared).split() for at in both] == [[b"size", size]] * 2
            assert {json.loads(at.get("/health")[2])["digest"] for at in both} == {done["edition"]}
            # Whoever has read the version before does not overwrite it, through whichever process.
            assert {ask(at, shared, "PUT", FILE, SECOND, if_match=known)[0] for at in both} == {412}
            edits = [*shared.place.data[0].glob("edits/*/*.ttl")]
        status, undone = ask(both[0], shared, "POST", f"/edit/undo/{done['edit']}")
        assert (status, undone["files"][0]["name"]) == (200, "documents/a.ttl")
        assert [sizes(at, shared).split() for at in both] == [[b"size", b"5"]] * 2
        assert len([*shared.place.data[0].glob("edits/*/*.ttl")]) == len(edits) + 1
    check(shared.place, tmp_path)


def test_of_two_processes_exactly_one_wins(shared: Edited, tmp_path: Path) -> None:
    known = tag(files(shared.place)["documents/a.ttl"])
    with at_each(shared) as both, ThreadPoolExecutor(6) as pool:

        def put(number: int) -> int:
            return ask(both[number % 2], shared, "PUT", FILE, written(f":a :size {number} ."), if_match=known)[0]

        assert sorted(pool.map(put, range(10, 16))) == [200, 412, 412, 412, 412, 412]
        assert len({sizes(at, shared) for at in both}) == 1
    check(shared.place, tmp_path)


def test_the_process_that_edits_is_killed_during_an_edit_of_a_sibling(shared: Edited, tmp_path: Path) -> None:
    with at_each(shared) as (main, sibling), ThreadPoolExecutor(1) as pool:
        os.kill(desk := desk_of(shared), signal.SIGSTOP)
        asked = pool.submit(ask, sibling, shared, "PUT", FILE, THIRD, if_match="*")
        assert sizes(main, shared)
        os.kill(desk, signal.SIGKILL)
        assert asked.result()[0] in (200, 503)
        assert ask(main, shared, "PUT", FILE, THIRD, if_match="*")[0] == 200
        assert [sizes(at, shared).split() for at in (main, sibling)] == [[b"size", b"6"]] * 2
        # Another process takes the place of a sibling that ends, and edits go through it as well.
        os.kill(siblings(shared)[0], signal.SIGKILL)
        assert wait_until(lambda: siblings(shared) not in ([], [sibling.pid]))
    with at_each(shared) as (main, sibling):
        assert ask(sibling, shared, "PUT", FILE, SECOND, if_match=tag(THIRD))[0] == 200
        assert sizes(main, shared).split() == [b"size", b"5"]
    check(shared.place, tmp_path)


def test_edits_beside_files_that_are_saved_live(tmp_path: Path) -> None:
    """Both at once: each edit is done and in use when it is answered, or says that somebody else writes."""
    (tmp_path / "live").mkdir()
    with edited_with(tmp_path / "live", "--live") as service:
        data, client = service.place.data[0], service.client
        done = client.put(FILE, params=REASON, headers={"if-match": tag(written(FIRST))}, content=SECOND)
        assert done.status_code == 200, done.text
        assert done.json()["edition"] == service.digest
        answered = []
        for number in range(8):
            with ThreadPoolExecutor(1) as pool:
                content = written(f":a :size {number} .")
                asked = pool.submit(client.put, FILE, params=REASON, headers={"if-match": "*"}, content=content)
                (data / "b.ttl").write_bytes(written(f":b :size {number} ."))
                answered.append(asked.result())
        assert {answer.status_code for answer in answered} <= {200, 503}, [answer.text for answer in answered]
        last = [answer for answer in answered if answer.status_code == 200][-1].json()["files"][0]["after"]
        assert tag(files(service.place)["documents/a.ttl"]) == f'"{last}"', "no edit is lost"
        place = BuildSettings(service.place.ontology, (data,), None, service.place.base, snapshots=tmp_path / "full")
        whole = build(find_inputs(place))
        assert wait_until(lambda: service.digest == whole.digest), (service.root / "log").read_text()
        # What is saved by hand is what the next edit goes on from.
        (data / "documents" / "a.ttl").write_bytes(THIRD)
        assert client.put(FILE, params=REASON, headers={"if-match": tag(SECOND)}, content=SECOND).status_code == 412
        assert client.put(FILE, params=REASON, headers={"if-match": tag(THIRD)}, content=SECOND).status_code == 200
    assert "Traceback" not in (service.root / "log").read_text()
