"""`/edit` of a running service: who is let in, what is published, and what is refused within limits."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from graph_service.snapshots.snapshot import current
from tests.editing.small import FIRST, check, files, tag, written
from tests.http.processes import family
from tests.serving.edited import FILE, MOST_KB, REASON, Edited, edited_with


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edited]:
    with edited_with(tmp_path_factory.mktemp("edited")) as service:
        yield service


def test_an_edit_is_answered_from_when_it_is_done(edited: Edited, tmp_path: Path) -> None:
    client = edited.client
    known = client.get(FILE)
    assert (known.content, known.headers["etag"]) == (written(FIRST), tag(written(FIRST)))
    new = written(":a a :Part ; :size 5 .")
    put = client.put(FILE, params=REASON, headers={"if-match": known.headers["etag"]}, content=new)
    assert put.status_code == 200, put.text
    assert put.headers["etag"] == tag(new)
    assert put.json()["edition"] == client.get("/health").json()["digest"]
    about = f"SELECT ?o {{ <{edited.place.base}a> <{edited.place.base}size> ?o }}"
    assert "5" in client.get("/sparql", params={"query": about}, headers={"accept": "text/csv"}).text
    asked = f"""PREFIX prov: <http://www.w3.org/ns/prov#>
        ASK {{ <{put.json()["iri"]}> prov:wasAssociatedWith <{edited.place.base}id/editor/editor-1> }}"""
    assert client.get("/sparql", params={"query": asked}, headers={"accept": "application/json"}).json()["boolean"]
    undone = client.post(f"/edit/undo/{put.json()['edit']}", params=REASON)
    assert undone.status_code == 200, undone.text
    assert files(edited.place)["documents/a.ttl"] == written(FIRST)
    made = client.put("/edit/file/new.ttl", params=REASON, headers={"if-none-match": "*"}, content=new)
    assert made.status_code == 201
    gone = client.delete("/edit/file/new.ttl", params=REASON, headers={"if-match": made.headers["etag"]})
    assert gone.json()["edition"] == client.get("/health").json()["digest"]
    check(edited.place, tmp_path)
    done = edited.lines("edit")
    assert done[0]["edit"] == put.json()["edit"]
    assert not any(secret in (edited.root / "log").read_text() for secret in edited.tokens)


def test_a_file_of_any_size_and_bytes_is_read(edited: Edited) -> None:
    """As it lies there: larger than what may be put it is refused, and who edits goes on."""
    data, client = edited.place.data[0], edited.client
    content = b"\xef\xbb\xbf" + written(f"# {'ä' * 30_000}")
    (data / "odd.ttl").write_bytes(content)
    assert client.get("/edit/file/odd.ttl").content == content
    # As JSON it would have 18 MB.
    (data / "odd.ttl").write_bytes(b"#" + "ä".encode() * (3 << 20))
    refused = client.get("/edit/file/odd.ttl")
    assert refused.status_code == 413, refused.text
    (data / "odd.ttl").unlink()
    assert client.get(FILE).status_code == 200
    assert not edited.lines("process that edits ended")


def test_of_two_writers_exactly_one_wins(edited: Edited, tmp_path: Path) -> None:
    present = edited.client.get(FILE).headers["etag"]

    def put(number: int) -> int:
        content = written(f":a a :Part ; :size {number} .")
        with edited.as_editor(number % 2) as client:
            return client.put(FILE, params=REASON, headers={"if-match": present}, content=content).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(put, range(10, 16)))
    assert statuses == [200, 412, 412, 412, 412, 412]
    check(edited.place, tmp_path)


def test_who_is_not_let_in(edited: Edited) -> None:
    content, condition = written(""), {"if-match": "*"}
    known = {"authorization": f"Bearer {edited.tokens[0]}"}
    asked: list[tuple[dict[str, str], int]] = [
        ({}, 401),
        ({"authorization": "Bearer gse_wrong"}, 401),
        ({"authorization": f"Basic {edited.tokens[0]}"}, 401),
        ({"cookie": f"token={edited.tokens[0]}"}, 401),
        ({**known, "origin": "https://example.com"}, 403),
        ({**known, "origin": "null"}, 403),
        ({**known, "sec-fetch-site": "cross-site"}, 403),
        ({**known, "if-match": '"x"'}, 412),
    ]
    with httpx2.Client(base_url=edited.url, timeout=120) as client:
        for fields, status in asked:
            answer = client.put(FILE, params=REASON, headers={**condition, **fields}, content=content)
            assert answer.status_code == status, (fields, answer.text)
            assert "access-control-allow-origin" not in answer.headers
        assert client.put(FILE, params={**REASON, "token": edited.tokens[0]}).status_code in (401, 422)
        preflight = {"origin": "https://example.com", "access-control-request-method": "PUT"}
        asked_before = client.options(FILE, headers=preflight)
        assert "access-control-allow-methods" not in asked_before.headers
        assert "access-control-allow-origin" not in asked_before.headers
    with edited.as_editor(1) as other:
        assert other.put("/edit/file/b.ttl", params=REASON, headers={"if-none-match": "*"}).status_code == 403


def test_what_is_too_large_or_wrong(edited: Edited, tmp_path: Path) -> None:
    client, condition = edited.client, {"if-match": "*"}
    before = files(edited.place)
    large = b"#" * (MOST_KB * 1024 + 1)
    assert client.put(FILE, params=REASON, headers=condition, content=large).status_code == 413
    # A gigabyte that is announced is refused before it comes.
    head = f"PUT {FILE}?reason=abc HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edited.tokens[0]}\r\n"
    with socket.create_connection(("127.0.0.1", int(edited.url.rpartition(":")[2])), timeout=60) as raw:
        raw.sendall(f"{head}If-Match: *\r\nContent-Length: 1000000000\r\n\r\n".encode())
        assert b" 413 " in raw.recv(4096)
    assert client.put(FILE, headers=condition, content=b"").status_code == 422
    typo = client.put(FILE, params={**REASON, "dryrun": "true"}, headers=condition, content=b"")
    assert (typo.status_code, typo.json()["nearest"]) == (422, ["dry-run"])
    broken = client.put(FILE, params=REASON, headers=condition, content=written(":a a :Part ; :size 1, 2 ."))
    assert broken.status_code == 422
    assert broken.json()["findings"][0]["file"] == "documents/a.ttl"
    assert client.put(FILE, params=REASON, content=b"").status_code == 428
    bomb = b"PK\x03\x04" + b"0" * 100
    answer = client.put("/edit/sheet/x.xlsx", params=REASON, headers={"if-none-match": "*"}, content=bomb)
    assert answer.status_code == 422
    for reason in ("abc\0", "     ", "ab\ufffe"):
        odd = client.put(FILE, params={"reason": reason, "dry-run": "true"}, headers=condition, content=b"")
        assert (odd.status_code, "reason" in odd.text) == (422, True), odd.text
    assert client.post("/edit/undo/20260101t000000z-000000", params=REASON).status_code == 404
    assert client.get("/openapi.json").json()["paths"]["/edit/undo/{edit}"]["post"]
    assert files(edited.place) == before
    check(edited.place, tmp_path)


def test_the_process_that_edits_may_be_killed(edited: Edited, tmp_path: Path) -> None:
    """The next edit starts it anew."""
    found = [pid for pid in family(edited.process.pid) if b"desk_process" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    with ThreadPoolExecutor(1) as pool:
        # It is killed with a request in its hands.
        os.kill(found[0], signal.SIGSTOP)
        content = written(":a a :Part ; :size 77 .")
        asked = pool.submit(edited.client.put, FILE, params=REASON, headers={"if-match": "*"}, content=content)
        # What it has forked, which answers requests, goes on.
        with edited.as_editor(0) as other:
            assert other.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200
        os.kill(found[0], signal.SIGKILL)
        assert asked.result().status_code in (200, 503)
    assert edited.client.put(FILE, params=REASON, headers={"if-match": "*"}, content=content).status_code == 200
    present = current(edited.place.snapshots)
    assert present is not None
    assert present.digest == edited.client.get("/health").json()["digest"]
    check(edited.place, tmp_path)


def test_guessing_is_limited(edited: Edited) -> None:
    """The last test of this service: the address that guessed waits, whatever it sends."""
    with httpx2.Client(base_url=edited.url, timeout=120) as client:
        answers = [client.get(FILE, headers={"authorization": f"Bearer {number}"}) for number in range(12)]
    assert {401, 429} == {answer.status_code for answer in answers}
    assert int(answers[-1].headers["retry-after"]) > 0
    assert edited.client.get(FILE).status_code == 429
    assert len(edited.lines("wrong token")) >= 10
