"""Links are asked within limits; a server on this machine answers, and nothing else is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.building import links
from graph_service.building.links import LinkLimits, LinkState
from graph_service.catalogue.queries import QueryFile
from graph_service.commands.cli import main
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore

from ..conftest import ROOT


class Pages(BaseHTTPRequestHandler):
    """Answers by path: `/404` is not there, `/moved` is elsewhere, `/get` knows no HEAD, `/silent` never answers."""

    asked: list[str]
    release: threading.Event

    def do_HEAD(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if self.path == "/silent":
            self.release.wait()
        if self.path in ("/moved", "/for-now"):
            self.send_response(301 if self.path == "/moved" else 302)
            self.send_header("Location", "/here")
        elif self.path == "/file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
        elif self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
        elif self.path == "/get":
            self.send_response(405 if self.command == "HEAD" else 200)
        else:
            self.send_response(200 if self.path == "/here" else int(self.path[1:]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Pages.asked, Pages.release = [], threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        Pages.release.set()
        running.shutdown()
        thread.join()


def rows(server: ThreadingHTTPServer, *paths: str) -> list[dict[str, str]]:
    return [{"address": f"http://127.0.0.1:{server.server_port}/{path}", "subject": path} for path in paths]


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("here", LinkState.ANSWERS, ""),
        ("get", LinkState.ANSWERS, ""),
        ("for-now", LinkState.ANSWERS, ""),
        ("moved", LinkState.MOVED, "to http://127.0.0.1:"),
        ("404", LinkState.GONE, "404"),
        ("410", LinkState.GONE, "410"),
        ("403", LinkState.REFUSED, "403"),
        ("429", LinkState.REFUSED, "429"),
        ("503", LinkState.REFUSED, "503"),
        ("round", LinkState.REFUSED, "302"),
        ("file", LinkState.REFUSED, "302"),
    ],
)
def test_answers_are_told_apart(path: str, state: LinkState, detail: str, server: ThreadingHTTPServer) -> None:
    (found,) = links.check(rows(server, path))
    assert (found.state, found.subject) == (state, path)
    assert found.detail.startswith(detail)


def test_findings_come_in_the_order_of_the_rows(server: ThreadingHTTPServer) -> None:
    paths = ["here", "404", "get", "410"] * 5
    assert [one.subject for one in links.check(rows(server, *paths))] == paths


def test_head_comes_first_and_get_only_where_it_is_refused(server: ThreadingHTTPServer) -> None:
    links.check(rows(server, "here", "get"), LinkLimits(at_once=1))
    assert Pages.asked == ["HEAD /here", "HEAD /get", "GET /get"]


def test_nobody_there_is_no_fault_of_the_data() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as closed:
        port = closed.server_port
    (found,) = links.check([{"address": f"http://127.0.0.1:{port}/", "subject": "x"}])
    assert found.state is LinkState.UNREACHABLE
    assert "refused" in found.detail.casefold()


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://[broken", "nothing"])
def test_only_http_is_asked(address: str) -> None:
    (found,) = links.check([{"address": address, "subject": "x"}])
    assert found.state is LinkState.UNREACHABLE


def test_a_silent_server_holds_nobody_up(server: ThreadingHTTPServer) -> None:
    found = links.check(rows(server, "silent", "here"), LinkLimits(seconds=0.2, at_once=1))
    assert [one.state for one in found] == [LinkState.UNREACHABLE, LinkState.ANSWERS]


def test_what_is_left_when_time_is_up_was_not_asked(server: ThreadingHTTPServer) -> None:
    found = links.check(rows(server, "silent", "silent", "here"), LinkLimits(seconds=60, whole=0.3, at_once=1))
    assert {one.state for one in found} == {LinkState.NOT_ASKED}
    assert links.summary(found).startswith("3 links: 0 answers")


def test_command_asks_only_when_told_and_names_what_is_gone(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{server.server_port}"
    data = tmp_path / "data.ttl"
    data.write_text(
        f"<http://example.org/a> <https://schema.org/url> <{address}/404> , <{address}/here> , <{address}/moved> .\n"
        f"<http://example.org/b> <https://schema.org/url> <http://example.org/a> .\n",
        encoding="utf-8",
    )
    empty = tmp_path / "empty.ttl"
    empty.write_text("<http://example.org/o> a <http://www.w3.org/2002/07/owl#Ontology> .\n", encoding="utf-8")
    given = ["check", "--data", str(data), "--ontology", str(empty), "--snapshots", str(tmp_path / "snapshots"),
             "--queries", str(ROOT / "queries"), "--no-validation"]  # fmt: skip
    run = CliRunner()
    assert run.invoke(main, given).exit_code == 0
    assert Pages.asked == []
    result = run.invoke(main, [*given, "--links"])
    assert result.exit_code == 1
    assert "3 links: 1 answers, 1 moved, 1 gone" in result.stdout
    assert f"http://example.org/a: {address}/moved moved (to {address}/here)." in result.stdout
    assert "1 of 3 links are broken" in result.stderr
    assert f"{address}/404 gone (404)" in result.stderr


def test_query_finds_the_links_of_the_shipped_graph(shipped_snapshot: Snapshot) -> None:
    query = QueryFile(ROOT / "queries" / "evidence" / "links.rq")
    rows = EmbeddedStore.open(shipped_snapshot.path).rows(query.text)
    found = {row["address"] for row in rows}
    assert len(found) == len(rows)
    assert "https://www.lobbyregister.bundestag.de/suche/R000896" in found
    assert "http://www.wikidata.org/entity/Q154797" in found
    assert "https://dserver.bundestag.de/btp/20/20211.pdf" in found
    assert "http://eurovoc.europa.eu/2509" in found
    assert not any("schema.org" in address or "w3id.org/migration-policy" in address for address in found)
