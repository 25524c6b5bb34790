"""A build without a reasoner takes data as they are: what a dump calls inferred is stated, blank nodes may stay."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest
import rdflib

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.errors import SettingsError, SnapshotError
from graph_service.rdf.guard import inspect
from graph_service.settings import BuildSettings
from graph_service.snapshots import dumps
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.remote.upload import layout
from tests.snapshot_servers import EMBEDDED, Stores
from tests.store.test_w3c import EVALUATION, KNOWN, check, query_of, text_of
from tests.store.w3c import Case


def bare(tmp_path: Path, **options: Any) -> BuildSettings:
    """Settings of a build of one file of data, `data.trig`, and nothing else."""
    (tmp_path / "empty.ttl").write_text("")
    settings = BuildSettings(
        ontology=(tmp_path / "empty.ttl",),
        data=(tmp_path / "data.trig",),
        snapshots=tmp_path / "snapshots",
        reasoner="none",
        validation=False,
    )
    return dataclasses.replace(settings, **options)


def test_without_a_reasoner_a_dump_is_read_as_stated(shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "data.trig").write_bytes(b"".join(dumps.pieces(shipped_snapshot, "trig")))
    again = build(find_inputs(bare(tmp_path)))
    assert again.manifest.inferred == 0
    assert {quad.triple for quad in again.quads()} == {quad.triple for quad in shipped_snapshot.quads()}
    (tmp_path / "data.trig").write_bytes(b"".join(dumps.pieces(again, "trig")))
    assert build(find_inputs(bare(tmp_path))).digest == again.digest


BLANK = """
@prefix : <https://e.org/> .
:a :p _:x . _:x :q "one" . _:x :q _:y .
:g { _:x :r _:y . }
_:g { :a :p :b . }
"""


@pytest.mark.parametrize("kept", [True, False])
def test_blank_nodes_are_kept_if_they_are_asked_for(kept: bool, tmp_path: Path) -> None:
    (tmp_path / "data.trig").write_text(BLANK)
    (tmp_path / "more.ttl").write_text("_:x <https://e.org/q> 'another' .")
    data = (tmp_path / "data.trig", tmp_path / "more.ttl")
    made = build(find_inputs(bare(tmp_path, data=data, blank_nodes=kept)))
    assert build(find_inputs(bare(tmp_path, data=data, blank_nodes=kept))).digest == made.digest
    assert made.manifest.blank_nodes is kept
    store = EmbeddedStore.open(made.path)
    found = store.rows(
        "SELECT (COUNT(*) AS ?n) (SUM(IF(isBlank(?x), 1, 0)) AS ?blank) WHERE {"
        " <https://e.org/a> <https://e.org/p> ?x . ?x <https://e.org/q> 'one' , ?y . ?x <https://e.org/r> ?y }"
    )
    (row,) = found
    assert row == {"n": "1", "blank": "1" if kept else "0"}
    (row,) = store.rows("SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x <https://e.org/q> ?y }")
    assert row == {"n": "2"}
    kinds = {type(node) for triple in made.to_rdflib() for node in triple}
    assert (rdflib.BNode in kinds) is kept
    read = ox.parse(b"".join(dumps.pieces(made, "jsonld")), format=ox.RdfFormat.JSON_LD)
    assert any(isinstance(quad.subject, ox.BlankNode) for quad in read) is kept


def test_blank_nodes_need_a_build_without_a_reasoner(tmp_path: Path) -> None:
    (tmp_path / "data.trig").write_text(BLANK)
    with pytest.raises(SettingsError, match="--reasoner none"):
        build(find_inputs(bare(tmp_path, blank_nodes=True, reasoner="compiled")))


def test_blank_nodes_are_not_sent_to_a_store(tmp_path: Path) -> None:
    (tmp_path / "data.trig").write_text(BLANK)
    with pytest.raises(SnapshotError, match="blank nodes"):
        layout(build(find_inputs(bare(tmp_path, blank_nodes=True))).manifest)


def test_a_document_holds_blank_nodes(tmp_path: Path) -> None:
    (tmp_path / "data.trig").write_text("<https://w3id.org/migration-policy/id/a> <https://e.org/p> [] , 'x' .")
    made = build(find_inputs(bare(tmp_path, blank_nodes=True)))
    with Stores(EMBEDDED, lambda name: tmp_path / name).served(made) as server:
        document = httpx2.get(f"{server.url}/data/a.ttl").content
    values = [quad.object for quad in ox.parse(document, format=ox.RdfFormat.TURTLE)]
    assert {type(value) for value in values} == {ox.BlankNode, ox.Literal}


def cases_with_blank_nodes() -> list[Case]:
    """Cases of SPARQL's evaluation over one default graph, in whose data a node has no name."""
    found = []
    for case in EVALUATION:
        inspected = inspect(text_of(case))
        plain = not case.graphs and inspected.default_graphs is None and inspected.named_graphs is None
        if plain and case.name not in KNOWN and all(path.suffix in (".ttl", ".nt") for path in case.data):
            found += [case] if any(re.search(r"_:|\[", path.read_text("utf-8")) for path in case.data) else []
    return found


@pytest.mark.w3c("sparql")
def test_cases_of_the_w3c_that_need_blank_nodes_pass_with_them(tmp_path: Path) -> None:
    """24 of them do not pass where blank nodes get names."""
    cases = cases_with_blank_nodes()
    for number, case in enumerate(cases):
        directory = tmp_path / str(number)
        directory.mkdir()
        base = f"{case.data[0].parent.as_uri()}/"
        made = build(find_inputs(bare(directory, data=case.data, base=base, blank_nodes=True)))
        check(case, EmbeddedStore.open(made.path).answer(query_of(case)))
    assert len(cases) > 30
