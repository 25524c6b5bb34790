"""`graph-service verify`: whatever was changed is found, in the data, the certificate or a saved answer."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from graph_service.catalogue.query_files import QueryFiles
from graph_service.serving.replaying import Replay
from graph_service.serving.verifying import State, verify_certificate
from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT
from tests.snapshot_servers import QUERIES

from .asking import PARTIES, SPD, certified, resealed, run


def test_a_changed_row_is_found(
    visitor: httpx2.Client, editions: tuple[Snapshot, Snapshot], first: str, tmp_path: Path
) -> None:
    other = Replay(editions[1], QueryFiles((QUERIES,)))
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
