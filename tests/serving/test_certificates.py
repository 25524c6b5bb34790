"""Certificates: each answer can be checked on another machine's copy, and what was changed is found."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result

from graph_service.commands.cli import main
from graph_service.http.pages import docs
from graph_service.http.protocol.certificates import CERTIFICATE, PARAMETER
from graph_service.rdf.terms import Quad
from graph_service.serving.replaying import Replay
from graph_service.serving.route_settings import RouteSettings
from graph_service.serving.routes import framework
from graph_service.serving.verifying import State, verify_certificate
from graph_service.settings import ServeSettings
from graph_service.snapshots import sealed
from graph_service.snapshots.draft import Draft, put_into_use
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from tests.conftest import ROOT
from tests.http.processes import people, served, write_snapshot
from tests.snapshot_servers import EMBEDDED, QUERIES, Stores

BASE = "https://w3id.org/migration-policy/"
SPD = f"<{BASE}id/actor/spd>"
PARTIES = f"SELECT ?party WHERE {{ ?party <http://purl.org/dc/terms/type> <{BASE}id/actor-kind/party> }}"
NOTHING = "SELECT ?s WHERE { ?s <urn:x-unknown> ?o }"
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
from graph_service.serving.replaying import Replay
from graph_service.serving.verifying import verify_certificate
from graph_service.snapshots.snapshot import open_snapshot

replay = Replay(open_snapshot(Path(sys.argv[2])), Path(sys.argv[3]))
files = sorted(Path(sys.argv[1]).glob("*.json"))
found = {file.name: verify_certificate(json.loads(file.read_bytes()), replay) for file in files}
print(json.dumps({name: one.notes for name, one in found.items() if one.state != "equal"}))
print(len(found))
"""


def changed(quad: Quad) -> Quad:
    """The statement with another label of one party."""
    return quad._replace(object=quad.object.replace("SPD", "S.P.D.")) if quad.subject == SPD else quad


@pytest.fixture(scope="module")
def editions(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    """The shipped data, and an edition in which a label was changed, which is in use."""
    root = tmp_path_factory.mktemp("editions")
    shutil.copytree(shipped_snapshot.path, root / shipped_snapshot.path.name)
    first = put_into_use(open_snapshot(root / shipped_snapshot.path.name))
    sources = {record: first.content(record) for record in first.manifest.sources}
    with Draft(root, {changed(quad) for quad in first.quads()}, sources) as draft:
        content = json.loads((first.path / "manifest.json").read_text())
        content |= {"digest": draft.digest, "fingerprint": draft.digest}
        del content["sha256"]
        (draft.path / "manifest.json").write_text(sealed.sealed(content))
        second = draft.publish()
    assert second.digest != first.digest
    return first, second


@pytest.fixture(scope="module")
def visitor(editions: tuple[Snapshot, Snapshot]) -> Iterator[httpx2.Client]:
    """Somebody who visits the service as it runs, with the first edition below `/edition/…`."""
    with served(editions[1].path, follow=True) as service, service.client() as client:
        yield client


@pytest.fixture(scope="module")
def copy(editions: tuple[Snapshot, Snapshot], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another machine's copy of the first edition."""
    return shutil.copytree(editions[0].path, tmp_path_factory.mktemp("copy") / "copied")


@pytest.fixture(scope="module")
def replay(copy: Path) -> Replay:
    return Replay(open_snapshot(copy), QUERIES)


@pytest.fixture(scope="module")
def first(editions: tuple[Snapshot, Snapshot]) -> str:
    """The address of the first edition."""
    return f"/edition/{editions[0].digest}"


def certified(client: httpx2.Client, address: str, **params: str) -> dict[str, Any]:
    answer = client.get(address, params={**params, "certificate": ""})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == CERTIFICATE.media_type
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    found: dict[str, Any] = answer.json()
    return found


def resealed(certificate: dict[str, Any]) -> dict[str, Any]:
    """A forger knows how to seal."""
    content = {name: value for name, value in certificate.items() if name != "sha256"}
    found: dict[str, Any] = json.loads(sealed.sealed(content))
    return found


def run(tmp_path: Path, content: object, *options: str | Path) -> Result:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(content))
    return CliRunner().invoke(main, ["verify", str(file), "--snapshots", str(tmp_path), *map(str, options)])


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
    for operation in docs.operations(framework(RouteSettings()).openapi()):
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


def test_a_changed_row_is_found(
    visitor: httpx2.Client, editions: tuple[Snapshot, Snapshot], first: str, tmp_path: Path
) -> None:
    other = Replay(editions[1], QUERIES)
    labels = {"query": f"SELECT ?label WHERE {{ {SPD} <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }}"}
    for address, params in (("/api/actors/spd", {}), ("/sparql", labels), ("/sparql", {"query": f"DESCRIBE {SPD}"})):
        found = certified(visitor, f"{first}{address}", **params)
        verification = verify_certificate(found, other)
        assert verification.state is State.GONE
        assert f"This is edition {editions[1].digest}" in verification.notes[0]
        assert "its answer is another" in verification.notes[0]
        found["edition"]["digest"] = editions[1].digest
        forged = verify_certificate(resealed(found), other)
        assert forged.state is State.DIFFERENT
        assert any(found["result"]["sha256"] in note for note in forged.notes)
    unchanged = verify_certificate(certified(visitor, f"{first}/api/actors", kind="ngo"), other)
    assert (unchanged.state, len(unchanged.notes)) == (State.GONE, 1)
    assert unchanged.notes[0].endswith("its answer is the same.")
    # What was changed in the copy without being built again is no edition at all.
    torn = shutil.copytree(editions[0].path, tmp_path / "torn")
    quads = torn / "quads.nq"
    quads.write_bytes(quads.read_bytes().replace(b"SPD", b"SDP", 1))
    assert run(tmp_path, found, "--snapshot", torn).exit_code == 2


@pytest.mark.parametrize(
    ("member", "value", "note"),
    [
        (("result", "rows"), 4, "number of rows 4; the edition gives 3"),
        (("result", "sha256"), "0" * 64, "The digest of the answer is 0000"),
        (("result", "order"), "0" * 64, "in another order"),
        (("request", "query"), f"{PARTIES} ORDER BY ?party LIMIT 3", "The digest of the answer is"),
        (("request", "query"), "SELECT ?s { SERVICE <http://a.example> { ?s ?p ?o } }", "refused here"),
        (("request", "query"), "SELECT ?s {", "refused here"),
        (("request", "parameters"), {"inferred": ["true"], "default-graph-uri": []}, "number of rows 3"),
        (("time",), "2020-01-01T00:00:00+00:00", "not what its own digest says"),
    ],
)
def test_a_changed_certificate_is_found(
    visitor: httpx2.Client, first: str, replay: Replay, member: tuple[str, ...], value: object, note: str
) -> None:
    found = certified(visitor, f"{first}/sparql", query=f"{PARTIES} ORDER BY DESC(?party) LIMIT 3")
    part: dict[str, Any] = found
    for name in member[:-1]:
        part = part[name]
    part[member[-1]] = value
    plain = verify_certificate(found, replay)
    assert plain.state is State.DIFFERENT
    assert "not what its own digest says" in plain.notes[0]
    assert any(note in one for one in plain.notes)
    if member != ("time",):
        assert verify_certificate(resealed(found), replay).state is State.DIFFERENT


def test_a_changed_request_of_the_api_is_found(visitor: httpx2.Client, first: str, replay: Replay) -> None:
    found = certified(visitor, f"{first}/api/actors", kind="party")
    found["request"]["parameters"]["kind"] = ["ngo"]
    assert verify_certificate(resealed(found), replay).state is State.DIFFERENT
    found["request"]["parameters"]["kind"] = ["nothing-of-the-kind"]
    refused = verify_certificate(resealed(found), replay)
    assert (refused.state, "refused here" in refused.notes[0]) == (State.DIFFERENT, True)


@pytest.mark.parametrize(
    ("address", "params", "name"),
    [
        ("/api/actors", {"kind": "party", "lang": "en"}, "saved.json"),
        ("/api/actors", {"kind": "party", "format": "csv"}, "saved.csv"),
        ("/api/queries/actors-by-kind", {"format": "rows"}, "saved.json"),
        ("/api/queries/actors-by-kind", {"format": "csv"}, "saved.csv"),
        ("/api/queries/actors-by-kind", {}, "saved.srj"),
        ("/sparql", {"query": PARTIES, "format": "json"}, "saved.json"),
        ("/sparql", {"query": PARTIES, "format": "xml"}, "saved.xml"),
        ("/sparql", {"query": PARTIES, "format": "tsv"}, "saved.tsv"),
        ("/sparql", {"query": PARTIES, "format": "csv"}, "saved.csv"),
        ("/sparql", {"query": f"DESCRIBE {SPD}", "format": "turtle"}, "saved.ttl"),
        ("/sparql", {"query": f"DESCRIBE {SPD}", "format": "jsonld"}, "saved.jsonld"),
    ],
)  # fmt: skip
def test_the_rows_of_a_saved_answer_are_compared(
    visitor: httpx2.Client, first: str, replay: Replay, tmp_path: Path, address: str, params: dict[str, str], name: str
) -> None:
    saved = tmp_path / name
    saved.write_bytes(visitor.get(f"{first}{address}", params=params).content)
    found = certified(visitor, f"{first}{address}", **params)
    same = verify_certificate(found, replay, saved)
    assert same.state is State.EQUAL, same
    saved.write_bytes(saved.read_bytes().replace(b"actor/spd", b"actor/sdp", 1).replace(b"SPD", b"SDP"))
    other = verify_certificate(found, replay, saved)
    assert other.state is State.DIFFERENT
    assert other.only_saved
    assert other.only_here


def test_the_command_line_says_equal_different_gone(
    visitor: httpx2.Client, editions: tuple[Snapshot, Snapshot], first: str, copy: Path, tmp_path: Path
) -> None:
    found = certified(visitor, f"{first}/api/actors", kind="party")
    equal = run(tmp_path, found, "--snapshot", copy)
    assert (equal.exit_code, equal.stdout.splitlines()[0]) == (0, "equal"), equal.output
    found["result"]["rows"] += 1
    different = run(tmp_path, found, "--snapshot", copy, "--json")
    assert (different.exit_code, json.loads(different.stdout)["state"]) == (1, "different")
    gone = run(tmp_path, found)
    assert (gone.exit_code, gone.stdout.splitlines()[0]) == (2, "gone")
    assert "never was here" in gone.stdout
    (tmp_path / "editions.jsonl").write_bytes((editions[0].path.parent / "editions.jsonl").read_bytes())
    assert "was removed" in run(tmp_path, found).stdout
    for broken in (None, {"certificate": 1}, {"certificate": 1, "edition": "x"}):
        refused = run(tmp_path, broken)
        assert refused.exit_code == 2
        assert refused.stderr.startswith("error: ")
    assert run(tmp_path, found, "--answer", tmp_path / "absent.json", "--snapshot", copy).exit_code == 2


def test_a_dump_is_enough(
    visitor: httpx2.Client, editions: tuple[Snapshot, Snapshot], first: str, tmp_path: Path
) -> None:
    dump = tmp_path / "graph.nq.gz"
    dump.write_bytes(visitor.get(f"{first}/dump/graph.nq.gz").content)
    # What a proof says of files is in no dump, and does not count.
    proof = {"s": "id/actor/paritaet-sachsen", "p": "mp:memberOf", "o": "id/actor/liga-sachsen"}
    found = certified(visitor, f"{first}/api/explain", **proof)
    equal = run(tmp_path, found, "--dump", dump)
    assert equal.exit_code == 0, equal.output
    dump.write_bytes(gzip.compress((editions[1].path / "quads.nq").read_bytes()))
    assert run(tmp_path, found, "--dump", dump).exit_code == 2


def test_proofs_are_checked_against_an_edition(
    visitor: httpx2.Client, editions: tuple[Snapshot, Snapshot], first: str, copy: Path, tmp_path: Path
) -> None:
    goal = {"s": "id/actor/paritaet-sachsen", "p": "mp:hasPlaceIn", "o": "id/actor/liga-sachsen"}
    proof = visitor.get(f"{first}/api/explain", params=goal).json()
    holds = run(tmp_path, proof, "--snapshot", copy)
    assert (holds.exit_code, holds.stdout.splitlines()[0]) == (0, "equal"), holds.output
    assert "liga-sachsen" in holds.stdout
    assert run(tmp_path, proof["proof"], "--snapshot", copy).exit_code == 0
    assert run(tmp_path, proof, "--snapshot", editions[1].path).exit_code == 2
    next(node for node in proof["proof"]["nodes"] if "graphs" in node)["triple"]["s"] = "<urn:x-other>"
    assert run(tmp_path, proof, "--snapshot", copy).exit_code == 1


def test_the_commands_of_the_documentation_run(
    visitor: httpx2.Client, editions: tuple[Snapshot, Snapshot], tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "certificates.md").read_text(encoding="utf-8")
    root = str(visitor.base_url).rstrip("/").removeprefix("http://")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "GRAPH_SERVICE_SNAPSHOTS": str(editions[0].path.parent)}
    blocks = [block.replace("localhost:8000", root) for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)]
    runs = [
        subprocess.run(
            ["bash", "-euc", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        for block in blocks
    ]
    assert [run.returncode for run in runs] == [0, 0, 0], runs
    assert runs[0].stdout.count("equal") == 2
    by_hand, certified_digest = (line.split() for line in runs[2].stdout.splitlines())
    assert by_hand[0] in certified_digest[1]
