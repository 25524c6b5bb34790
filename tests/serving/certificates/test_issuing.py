"""Certificates as the service gives them: each answer can be checked on another machine's copy."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import httpx2
import pytest

from graph_service.http.protocol.certificates import CERTIFICATE, PARAMETER
from graph_service.serving.replaying import Replay
from graph_service.serving.verifying import State, verify_certificate
from graph_service.settings import ServeSettings
from graph_service.snapshots import sealed
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from tests.http.api.test_operations import operations
from tests.http.processes import people, write_snapshot
from tests.snapshot_servers import EMBEDDED, QUERIES, Stores

from .asking import BASE, NOTHING, PARTIES, SPD, certified

QUERY_FORMS = [
    {"query": PARTIES},
    {"query": f"{PARTIES} ORDER BY DESC(?party) LIMIT 3"},
    {"query": f"{PARTIES} ORDER BY ?party", "inferred": "false"},
    {"query": "SELECT (BNODE() AS ?one) ?p (BNODE() AS ?two) WHERE { <id/actor/spd> ?p ?o }"},
    {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", "default-graph-uri": f"{BASE}graph/ontology"},
    {"query": "SELECT ?g WHERE { GRAPH ?g { <id/actor/spd> ?p ?o } }", "named-graph-uri": f"{BASE}graph/inferred"},
    {"query": NOTHING},
    {"query": f"ASK {{ {SPD} ?p ?o }}"},
    {"query": f"ASK {{ {SPD} <urn:x-unknown> ?o }}"},
    {"query": f"CONSTRUCT {{ ?o <urn:of> _:row . _:row <urn:by> ?p }} WHERE {{ {SPD} ?p ?o }}"},
    {"query": f"DESCRIBE {SPD}"},
]  # fmt: skip
# Verifies all certificates of a directory in one process that has no network, and tells which are not equal.
VERIFIER = """
import json, socket, sys
from pathlib import Path

def refuse(*arguments, **options):
    raise OSError("there is no network")

socket.getaddrinfo = socket.create_connection = socket.socket.connect = refuse
from graph_service.catalogue.query_files import QueryFiles
from graph_service.serving.replaying import Replay
from graph_service.serving.verifying import verify_certificate
from graph_service.snapshots.snapshot import open_snapshot

replay = Replay(open_snapshot(Path(sys.argv[2])), QueryFiles((Path(sys.argv[3]),)))
files = sorted(Path(sys.argv[1]).glob("*.json"))
found = {file.name: verify_certificate(json.loads(file.read_bytes()), replay) for file in files}
print(json.dumps({name: one.notes for name, one in found.items() if one.state != "equal"}))
print(len(found))
"""


def verified_elsewhere(certificates: dict[str, bytes], copy: Path, directory: Path) -> None:
    """In another process, in another directory, without network."""
    (directory / "certificates").mkdir()
    for name, content in certificates.items():
        (directory / "certificates" / f"{name}.json").write_bytes(content)
    command = [sys.executable, "-c", VERIFIER, str(directory / "certificates"), str(copy), str(QUERIES)]
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    different, number = done.stdout.splitlines()
    assert json.loads(different) == {}
    assert int(number) == len(certificates)


@pytest.mark.slow
def test_each_operation_verifies_on_another_machine(
    visitor: httpx2.Client, first: str, copy: Path, tmp_path: Path
) -> None:
    made, without = {}, []
    for operation in operations():
        if PARAMETER not in (about.name for about in operation.params):
            without.append(operation)
            continue
        sign = "&" if "?" in operation.example else "?"
        answer = visitor.get(f"{first}{operation.example}{sign}certificate", headers={"accept-language": "en"})
        assert answer.status_code == 200, (operation.example, answer.text)
        made[operation.name] = answer.content
    assert len(made) > 90
    # It speaks of all editions.
    assert [operation.name for operation in without] == ["editions-of-a-statement"]
    assert visitor.get(f"{without[0].example}&certificate=true").status_code == 422
    verified_elsewhere(made, copy, tmp_path)


def test_each_form_of_query_verifies_on_another_machine(
    visitor: httpx2.Client, first: str, copy: Path, tmp_path: Path
) -> None:
    made: dict[str, bytes] = {}
    direct = {"content-type": "application/sparql-query"}
    for number, form in enumerate(QUERY_FORMS):
        query, rest = form["query"], {name: value for name, value in form.items() if name != "query"}
        ways = [
            visitor.get(f"{first}/sparql", params={**form, "certificate": "true"}, headers={"accept": "text/html"}),
            visitor.post(f"{first}/sparql", data={**form, "certificate": ""}),
            visitor.post(f"{first}/sparql", params={**rest, "certificate": ""}, content=query, headers=direct),
        ]
        assert [way.status_code for way in ways] == [200] * 3, ways[0].text
        assert len({json.dumps(way.json()["result"]) for way in ways}) == 1
        assert [way.json()["request"]["method"] for way in ways] == ["GET", "POST", "POST"]
        made |= {f"{number}-{way}": answer.content for way, answer in enumerate(ways)}
    kinds = [json.loads(made[f"{number}-0"])["result"]["kind"] for number in range(len(QUERY_FORMS))]
    assert kinds == ["table"] * 7 + ["boolean"] * 2 + ["graph"] * 2
    verified_elsewhere(made, copy, tmp_path)


def test_a_certificate_tells_how_the_request_was_understood(
    visitor: httpx2.Client, editions: tuple[Snapshot, Snapshot], first: str
) -> None:
    found = certified(visitor, f"{first}/api/positions", holder="spd", format="csv", limit="5")
    assert found["edition"] == {"digest": editions[0].digest, "base": BASE}
    request = found["request"]
    assert (request["method"], request["path"]) == ("GET", "/api/positions")
    assert request["parameters"]["holder"] == ["id/actor/spd"]
    assert request["parameters"]["lang"] == ["de"]
    assert request["parameters"]["count"] == ["false"]
    assert not {"certificate", "format"} & set(request["parameters"])
    assert found["result"]["rows"] == 5
    assert not found["result"]["whole"]
    assert sealed.is_intact(found)
    current = certified(visitor, "/api/positions", holder="spd", limit="5")
    assert current["edition"]["digest"] == editions[1].digest


def test_nothing_found_is_certified(visitor: httpx2.Client, first: str, replay: Replay) -> None:
    for found in (
        certified(visitor, f"{first}/api/positions", since="2199-01-01"),
        certified(visitor, f"{first}/sparql", query=NOTHING),
    ):
        assert found["result"]["rows"] == 0
        assert verify_certificate(found, replay).state is State.EQUAL


def test_pages_link_to_the_certificates_of_their_answers(visitor: httpx2.Client) -> None:
    for page in ("/coverage", "/matrix?issue=id/issue/asylum"):
        links = re.findall(
            r'href="([^"]*certificate=true[^"]*)"', visitor.get(page, headers={"accept": "text/html"}).text
        )
        assert len(links) == 1
        assert visitor.get(html.unescape(links[0])).json()["request"]["path"] == f"/api{page.partition('?')[0]}"


def test_each_certificate_is_new(visitor: httpx2.Client) -> None:
    """It says when it was issued, so neither our cache nor another one may keep it."""
    tag = visitor.get("/api/actors").headers["etag"]
    again = visitor.get("/api/actors?certificate", headers={"if-none-match": tag})
    assert again.status_code == 200
    plain = visitor.get("/api/actors?certificate=false")
    assert plain.headers["content-type"] == "application/json"
    assert visitor.head("/api/actors?certificate").headers["content-type"] == CERTIFICATE.media_type


def test_what_cannot_be_repeated_or_is_unknown_is_refused(visitor: httpx2.Client) -> None:
    clock = visitor.get("/sparql", params={"query": "SELECT (NOW() AS ?n) {}", "certificate": ""})
    assert (clock.status_code, "clock or chance" in clock.json()["detail"]) == (422, True)
    assert visitor.get("/api/actors?certificate=perhaps").status_code == 422
    update = visitor.post("/sparql", data={"update": "CLEAR ALL", "certificate": ""})
    assert update.status_code == 403


def test_an_answer_beyond_a_limit_has_no_certificate(tmp_path: Path) -> None:
    snapshot = open_snapshot(write_snapshot(tmp_path, people(100)))
    stores = Stores(EMBEDDED, lambda name: tmp_path)
    with stores.served(snapshot, ServeSettings(rows=50)) as service, service.client() as client:
        for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
            answer = client.get("/sparql", params={"query": query, "certificate": ""})
            assert answer.status_code == 422
            assert "more than 50 rows" in answer.json()["detail"]


def test_a_graph_whose_blank_nodes_cannot_be_told_apart_in_time_has_no_certificate(tmp_path: Path) -> None:
    """RDFC-1.0, section 7.1: each of twelve nodes knows each other, so each order of them has to be tried."""
    snapshot = open_snapshot(write_snapshot(tmp_path, people(1)))
    stores = Stores(EMBEDDED, lambda name: tmp_path)
    known = " ".join(f"_:n{a} <urn:p> _:n{b} ." for a, b in permutations(range(12), 2))
    with stores.served(snapshot, ServeSettings(seconds=1)) as service, service.client() as client:
        answer = client.post("/sparql", data={"query": f"CONSTRUCT {{ {known} }} WHERE {{}}", "certificate": ""})
        assert answer.status_code == 504
