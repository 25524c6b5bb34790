"""Several processes serve as one: limits, swaps and counts hold over all, whichever one a client has come to."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import SettingsError
from graph_service.http.server.listening import bind
from graph_service.serving.siblings.order import check
from graph_service.settings import ServeSettings
from graph_service.snapshots.draft import put_into_use
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from tests.http.processes import E, Served, family, people, served, wait_until, write_snapshot
from tests.serving.each_process import At, Connection, at_each, contents, siblings, taken

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h }"
HTML = {"accept": "text/html", "x-request-id": "the-same"}


def snapshot(root: Path, name: str, number: int) -> Snapshot:
    """So many people, in use."""
    (root / name).mkdir(parents=True)
    digest = open_snapshot(write_snapshot(root / name, people(number))).digest
    made = open_snapshot((root / name).rename(root / f"{digest}.000000000000"))
    put_into_use(made)
    return made


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processes") / "snapshots"


@pytest.fixture(scope="module")
def first(root: Path) -> Snapshot:
    return snapshot(root, "first", 2000)


@pytest.fixture(scope="module")
def service(first: Snapshot, root: Path) -> Iterator[Served]:
    limits: dict[str, Any] = {"workers": 1, "queue": 1, "seconds": 120.0, "cache_mb": 2}
    with served(first.path, follow=True, log=root.parent / "log", processes=2, **limits) as running:
        assert wait_until(lambda: running.metric("processes") == 2)
        yield running
        below = set(family(running.process.pid))
    assert wait_until(lambda: not alive(below)), "all end with the main process"
    assert "Traceback" not in (root.parent / "log").read_text()


def count_of_sparql(at: At) -> float:
    text = at.get("/metrics")[2].decode()
    counted = text.partition('requests_total{route="/sparql",method="GET",status="200"} ')[2]
    return float(counted.split()[0]) if counted else 0.0


def test_all_processes_give_the_same_answers_and_tell_the_same_counts(service: Served) -> None:
    with at_each(service) as (main, sibling):
        before = count_of_sparql(main)
        for path, given in (
            ("/sparql", {"query": f"SELECT * {{ <{E}p000001> ?p ?o }} ORDER BY ?o", "format": "csv"}),
            ("/p000001", {}),
            ("/health", {}),
            ("/ready", {}),
            ("/dump", {}),
            ("/edition/", {}),
            ("/nothing", {}),
        ):
            one, other = (at.get(path, HTML, **given) for at in (main, sibling))
            assert (one[0], one[2]) == (other[0], other[2]), path
            assert one[1].get("etag") == other[1].get("etag"), path
        dump = sibling.get("/dump/graph.nq.gz")
        assert (dump[0], len(dump[2])) == (200, int(dump[1]["content-length"])), "passed on in pieces"
        assert dump[2] == main.get("/dump/graph.nq.gz")[2]
        assert count_of_sparql(main) == count_of_sparql(sibling) == before + 2


def test_processes_share_out_the_cache(service: Served) -> None:
    query = "SELECT ?a ?b {{ ?a <{E}knows> ?b }} LIMIT {number}"
    with at_each(service) as both:
        for number in range(1000, 1020):
            for at in both:
                asked = query.format(E=E, number=number)
                assert at.get("/sparql", {"accept-encoding": "identity"}, query=asked, format="json")[0] == 200
    assert 1_500_000 < service.metric("cache_bytes") <= 2_000_000, "each of them keeps its half"


def test_the_share_of_a_client_holds_over_all_processes(service: Served) -> None:
    with at_each(service, "127.0.0.2") as greedy, at_each(service, "127.0.0.3") as others:
        greedy[0].ask("/sparql", query=SLOW)
        assert wait_until(lambda: service.metric("store_running") == 1)
        greedy[1].ask("/sparql", query=f"{SLOW} # another")
        assert wait_until(lambda: service.metric("store_waiting") == 1), "it holds its one worker elsewhere"
        for at in others:
            small = f"SELECT * {{ <{E}p000002> ?p ?o }} # {at.pid}"
            assert at.get("/sparql", query=small)[0] == 200, "one worker stands by for others"
        with at_each(service, "127.0.0.2") as more:
            for at in more:
                refused = at.get("/sparql", query=f"{SLOW} # {at.pid}")
                assert (refused[0], "retry-after" in refused[1]) == (503, True), "so many may wait of one client"
        assert service.metric("store_running") == 1
    assert wait_until(lambda: service.metric("store_running") + service.metric("store_waiting") == 0), "they left"


def test_a_process_that_is_killed_is_replaced_and_its_clients_hold_nothing(service: Served) -> None:
    with at_each(service, "127.0.0.4") as (main, sibling), contextlib.ExitStack() as ended:
        counted = count_of_sparql(main)
        before = siblings(service)
        sibling.ask("/sparql", query=SLOW)
        assert wait_until(lambda: service.metric("store_running") == 1)
        restarts = service.metric("store_worker_restarts_total")
        done = threading.Event()
        lost = [Lost(service, done, number) for number in range(4)]
        for one in lost:
            one.start()
        ended.callback(done.set)
        assert wait_until(lambda: all(one.answered > 5 for one in lost))
        os.kill(before[0], signal.SIGKILL)
        answered = [one.answered for one in lost]
        assert main.get("/sparql", query=f"SELECT * {{ <{E}p000003> ?p ?o }}")[0] == 200, "its one worker is free"
        assert wait_until(lambda: service.metric("store_worker_restarts_total") > restarts), "what it had is killed"
        assert wait_until(lambda: siblings(service) not in ([], before) and service.metric("processes") == 2)
        assert wait_until(lambda: all(one.answered > some + 5 for one, some in zip(lost, answered, strict=True)))
        done.set()
        for one in lost:
            one.join()
        assert [one.unanswered for one in lost] == [0] * len(lost), "asked again, each request is answered"
        assert count_of_sparql(main) >= counted, "what it had counted is not forgotten"


class Lost(threading.Thread):
    """A client with a connection for each request, which asks once more when one breaks."""

    def __init__(self, service: Served, done: threading.Event, number: int) -> None:
        super().__init__()
        self.answered = self.unanswered = 0
        self._service, self._done, self._number = service, done, number

    def run(self) -> None:
        while not self._done.is_set():
            try:
                answers = self._ask() or self._ask()
            except OSError:
                answers = False
            self.answered += answers
            self.unanswered += not answers

    def _ask(self) -> bool:
        source = (f"127.0.0.{10 + self._number}", 0)
        connection = Connection("127.0.0.1", self._service.port, timeout=60, source_address=source)
        try:
            connection.request("GET", "/health")
            return taken(connection)[0] == 200
        except (ConnectionError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def test_no_process_answers_from_an_edition_after_another_was_taken_over(
    service: Served, first: Snapshot, root: Path
) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ ?a <{E}knows> ?b }}"
    log = root.parent / "log"
    with at_each(service) as both:
        assert [at.get("/sparql", query=query, format="csv")[2].split()[1] for at in both] == [b"2000"] * 2
    second = snapshot(root, "second", 1500)
    service.process.send_signal(signal.SIGHUP)
    assert wait_until(lambda: f'"snapshot taken over", "snapshot": "{second.path.name}"' in log.read_text())
    with at_each(service) as both:
        for at in both:
            status, fields, body = at.get("/sparql", query=query, format="csv")
            assert (status, body.split()[1], fields["x-dataset-digest"]) == (200, b"1500", second.digest)
            kept = at.get(f"/edition/{first.digest}/sparql", query=query, format="csv")
            assert (kept[0], kept[2].split()[1]) == (200, b"2000")
            fields = {"content-type": "application/sparql-query", "accept": "text/csv"}
            posted = taken(at.ask(f"/edition/{first.digest}/sparql", fields, body=query))
            assert (posted[0], posted[2]) == (200, kept[2]), "bodies are passed on, too"
        keepers = [pid for pid in family(service.process.pid) if b"workers.keeper" in contents(f"/proc/{pid}/cmdline")]
        parents = {
            pid for pid in keepers if f"\nPPid:\t{service.process.pid}\n".encode() in contents(f"/proc/{pid}/status")
        }
        assert wait_until(lambda: len(alive(parents)) == 2), "of the edition in use, and of the one asked for by digest"
        assert "graph_service_processes 2\n" in both[1].get("/metrics")[2].decode()


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if contents(f"/proc/{pid}/cmdline")}


def test_all_processes_end_when_the_main_one_is_killed(first: Snapshot, root: Path) -> None:
    with served(first.path, log=root.parent / "killed", processes=2) as running:
        assert wait_until(lambda: running.metric("processes") == 2)
        below = set(family(running.process.pid))
        running.process.kill()
        running.process.wait(60)
        assert wait_until(lambda: not alive(below))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (ServeSettings(processes=0), "0 processes cannot serve. Choose 1 to 64"),
        (ServeSettings(processes=65), "65 processes cannot serve. Choose 1 to 64"),
        (ServeSettings(processes=2, endpoint="http://127.0.0.1:1/"), "With --endpoint one process serves"),
    ],
)
def test_a_number_of_processes_that_cannot_be_is_refused(settings: ServeSettings, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        check(settings)
    assert said in str(refused.value)


def test_a_port_that_is_taken_is_refused_though_several_could_share_it(service: Served) -> None:
    with pytest.raises(SettingsError, match="Cannot listen"):
        bind(ServeSettings(port=service.port, processes=2))
