"""Another snapshot is taken over under load: every answer is whole and of one edition; a broken one is refused."""

from __future__ import annotations

import dataclasses
import re
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from xml.etree import ElementTree

import httpx2
import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots.draft import put_into_use
from graph_service.snapshots.snapshot import Snapshot
from tests.http.processes import Served, is_held, served, wait_until

# Two patterns whose values are equal in every edition: an answer with different ones would be mixed.
QUERY = "SELECT ?a ?b { <https://data.example/x> <https://data.example/p> ?a ; <https://data.example/q> ?b }"
CLIENTS = 64


def edition(settings: BuildSettings, number: int) -> Snapshot:
    """Build and put into use: two values, and enough beside them that an answer takes a moment."""
    text = f"@prefix : <https://data.example/> .\n:x :p {number} ; :q {number} .\n"
    text += "".join(f":thing{n} :label 'Thing {n}' .\n" for n in range(500))
    settings.data[0].write_text(text)
    return build(find_inputs(settings))


@pytest.fixture
def settings(tmp_path: Path) -> BuildSettings:
    (tmp_path / "empty.ttl").write_text("")
    data, root = tmp_path / "data.ttl", tmp_path / "snapshots"
    return BuildSettings(
        ontology=(tmp_path / "empty.ttl",),
        data=(data,),
        base="https://data.example/",
        snapshots=root,
        reasoner="none",
        validation=False,
    )


@pytest.fixture
def first(settings: BuildSettings) -> Snapshot:
    return edition(settings, 1)


@pytest.fixture
def service(first: Snapshot, tmp_path: Path) -> Iterator[Served]:
    with served(first.path, follow=True, log=tmp_path / "log", watch=True, queue=500) as running:
        yield running


def digest(client: httpx2.Client, root: str = "") -> str:
    return str(client.get(f"{root}/health").json()["digest"])


Seen = list[tuple[int, str]]


def ask(service: Served, done: Event, number: int, seen: Seen) -> None:
    """Ask until the end; note status and values of each answer. Half of the questions are new to the cache."""
    with service.client() as client:
        while not done.is_set():
            query = QUERY if number % 2 else f"{QUERY} # {number}.{len(seen)}"
            answer = client.get("/sparql", params={"query": query, "format": "csv"})
            seen.append((answer.status_code, answer.text))


@pytest.mark.alone
def test_a_swap_under_64_clients_fails_and_mixes_nothing(service: Served, settings: BuildSettings) -> None:
    done, seen = Event(), [Seen() for _ in range(CLIENTS)]

    def more() -> bool:
        """Whether some answers come after this moment."""
        before = sum(map(len, seen))
        return wait_until(lambda: sum(map(len, seen)) > before + 4 * CLIENTS, 60)

    with ThreadPoolExecutor(CLIENTS) as pool, service.client() as client:
        jobs = [pool.submit(ask, service, done, *one) for one in enumerate(seen)]
        for number in (2, 3):
            assert more()
            made = edition(settings, number)
            assert wait_until(lambda made=made: digest(client) == made.digest, 60)
        assert more()
        done.set()
        for job in jobs:
            job.result()
    answers = [answer for one in seen for answer in one]
    assert {status for status, _ in answers} == {200}
    assert {text.split()[1] for _, text in answers} == {"1,1", "2,2", "3,3"}
    assert len(answers) > 10 * CLIENTS


def test_what_is_served_stays_and_what_is_left_is_let_go(
    service: Served, settings: BuildSettings, first: Snapshot
) -> None:
    keeping_one = dataclasses.replace(settings, keep=1)
    assert is_held(first.path)
    second = edition(keeping_one, 2)
    assert first.path.is_dir(), "it was served while the second one was put into use"
    with service.client() as client:
        assert wait_until(lambda: digest(client) == second.digest)
    assert wait_until(lambda: not is_held(first.path)), "its processes have ended"
    third = edition(keeping_one, 3)
    assert not first.path.exists()
    assert {path.name for path in settings.snapshots.glob("*.*") if path.is_dir()} <= {
        second.path.name,
        third.path.name,
    }


def test_a_broken_snapshot_is_refused_and_the_old_one_serves_on(
    first: Snapshot, settings: BuildSettings, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with served(first.path, follow=True, log=log) as service, service.client() as client:
        broken = edition(settings, 2)
        with (broken.path / "quads.nq").open("ab") as quads:
            quads.write(b'<https://data.example/~> <https://data.example/p> "more" <https://data.example/g> .\n')
        service.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: "snapshot refused" in log.read_text())
        assert digest(client) == first.digest
        assert client.get("/sparql", params={"query": QUERY, "format": "csv"}).text.split()[1] == "1,1"
        third = edition(settings, 3)
        service.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: digest(client) == third.digest)
        put_into_use(first)
        service.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: digest(client) == first.digest), "back to one that was in use before"


def test_an_edition_can_be_asked_for_by_digest_until_it_is_removed(
    service: Served, settings: BuildSettings, first: Snapshot
) -> None:
    second = edition(settings, 2)
    with service.client() as client:
        assert wait_until(lambda: digest(client) == second.digest)
        for made, values in ((first, "1,1"), (second, "2,2")):
            path = f"/edition/{made.digest[:12]}"
            answer = client.get(f"{path}/sparql", params={"query": QUERY, "format": "csv"})
            assert answer.text.split()[1] == values
            before = answer.links.get("predecessor-version", {}).get("url", "")
            if made is first:
                assert before == "", "nothing was in use before"
            else:
                assert before.startswith(f"/edition/{first.digest}/sparql?query=")
                assert client.get(before).text.split()[1] == "1,1"
            latest = answer.links["latest-version"]["url"]
            assert client.get(latest).text.split()[1] == "2,2", "the same question, asked of the edition in use"
            assert answer.headers["memento-datetime"].endswith(" GMT")
            for _ in range(3):
                page = client.get(f"{path}/", headers={"accept": "text/html"})
                assert page.status_code == 200
                assert page.headers["x-robots-tag"] == "noindex", "however often it was asked for before"
                assert page.headers.get_list("memento-datetime") == [answer.headers["memento-datetime"]]
                assert page.links["latest-version"]["url"] == "/"
            described = client.get(f"{path}/openapi.json").json()
            assert described["servers"] == [{"url": path}], "a generated client stays within the edition"
            assert "servers" not in client.get("/openapi.json").json()
            assert f"{path}/reconcile/" in client.get(f"{path}/reconcile").json()["preview"]["url"]
            reconciled = client.post(f"{path}/reconcile", data={"queries": '{"q0": {"query": "nobody"}}'})
            assert reconciled.json() == {"q0": {"result": []}}
            assert reconciled.headers["x-dataset-digest"] == made.digest
            assert f'href="{path}/' in page.text, "links stay within the edition"
        listed = client.get("/edition/").json()["editions"]
        assert [one["digest"] for one in listed] == [second.digest, first.digest]
        assert "/changes.atom" in client.get("/", headers={"accept": "text/html"}).text
        feed = client.get("/changes.atom", params={"lang": "en"})
        assert feed.headers["content-type"].startswith("application/atom+xml")
        assert client.get("/changes.atom?lang=en", headers={"if-none-match": feed.headers["etag"]}).status_code == 304
        german = client.get("/changes.atom", headers={"accept-language": "de"})
        assert german.headers["vary"] == feed.headers["vary"] == "Accept, Accept-Encoding, Accept-Language"
        assert german.content == client.get("/changes.atom?lang=de-AT").content != feed.content
        entries = ElementTree.fromstring(feed.content).findall("{*}entry")
        assert [one.findtext("{*}link") for one in entries] == ["", ""]
        assert len({one.findtext("{*}id") for one in entries}) == 2
        assert "Statements: 2 added, 2 removed." in str(entries[0].findtext("{*}content"))
        for needed in ("id", "title", "updated", "author/{*}name"):
            assert ElementTree.fromstring(feed.content).findtext(f"{{*}}{needed}"), "RFC 4287, section 4.1.1"
        edition(settings, 3)
        assert client.get("/edition/00000000/sparql").status_code == 404
        assert client.get("/edition/x/sparql").status_code == 404
        shutil.rmtree(first.path)
        assert (
            "predecessor-version" not in client.get(f"/edition/{second.digest}/sparql", params={"query": QUERY}).links
        )
        gone = client.get(f"/edition/{first.digest}/sparql", params={"query": QUERY})
        assert gone.status_code == 410
        assert gone.links["latest-version"]["url"].startswith("/sparql?query=")
        told = client.get(f"/edition/{first.digest}//evil.example/", headers={"accept": "text/html"})
        assert told.status_code == 410
        assert '<a href="/evil.example/">' in told.text, "an address of this service, never of another host"


def test_what_is_cited_stays(settings: BuildSettings, first: Snapshot, tmp_path: Path) -> None:
    """The address in a citation answers with the same data, below a root path too, after other data came into use."""
    where = {"follow": True, "watch": True, "root_path": "/graph"}
    with served(first.path, log=tmp_path / "log", **where) as service, service.client() as client:  # type: ignore[arg-type]
        html = {"accept": "text/html"}
        page = client.get("/graph/page/x?lang=en", headers=html)
        cited = cited_in(page.text)
        assert cited == f"{service.url.rstrip('/')}/graph/edition/{first.digest}/page/x"
        second = edition(settings, 2)
        assert wait_until(lambda: digest(client) == second.digest)
        kept_page, new_page = (client.get(url, headers={**html, "accept-language": "en"}) for url in (cited, page.url))
        assert [one.status_code for one in (kept_page, new_page)] == [200, 200]
        assert kept_page.headers["x-dataset-digest"] == page.headers["x-dataset-digest"] == first.digest
        assert cited_in(kept_page.text) == cited, "a kept page cites itself"
        assert cited_in(new_page.text) == cited.replace(first.digest, second.digest)


def cited_in(page: str) -> str:
    """The address in the citation of a page."""
    found = re.search(r'<details class="cite">.*?<a href="([^"]+)"', page, re.DOTALL)
    assert found is not None
    return found[1]
