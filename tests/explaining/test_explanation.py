"""How do we know: proofs of the shipped graph lead to the passage, the file and the line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from graph_service.catalogue.queries import QueryFile
from graph_service.commands.cli import main
from graph_service.errors import NotEntailed, ParameterError
from graph_service.explaining.explanation import Explainer, read_term
from graph_service.rdf.namespaces import Names
from graph_service.snapshots import provenance
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from graph_service.store import disk
from tests.conftest import ROOT

SEAT = ("id/actor/paritaet-sachsen", "mp:hasPlaceIn", "id/actor/liga-sachsen")
PAPER = ROOT / "data/documents/paritaet-sachsen-migration-2019.ttl"
NAMES = Names("https://example.org/")


@pytest.fixture(scope="module")
def explainer(shipped_snapshot: Snapshot) -> Explainer:
    return Explainer(shipped_snapshot, QueryFile(ROOT / "queries/evidence/places.rq"))


def test_every_leaf_of_an_inferred_triple_names_its_source(explainer: Explainer) -> None:
    found = explainer.json(explainer.explain(*SEAT))
    assert not found["stated"]
    leaves = [source for node in found["nodes"] if "rule" not in node for source in node["sources"]]
    said = [source for source in leaves if source.get("kind") == "document"]
    assert said
    assert {source["kind"] for source in leaves} == {"document", "ontology"}
    for source in said:
        line = PAPER.read_text(encoding="utf-8").splitlines()[source["line"] - 1]
        assert line.startswith("relation:participation-liga-sachsen")
        assert source["digest"] in PAPER.read_text(encoding="utf-8")
        assert source["place"]


def test_what_lies_on_disk_is_explained_from_there(
    explainer: Explainer, shipped_snapshot: Snapshot, tmp_path: Path
) -> None:
    at = Path(shutil.copytree(shipped_snapshot.path, tmp_path / shipped_snapshot.path.name))
    disk.prepare(at)
    # Nothing is left that could be loaded into memory.
    (at / "quads.nq").unlink()
    on_disk = Explainer(open_snapshot(at), QueryFile(ROOT / "queries/evidence/places.rq"))
    assert on_disk.text(on_disk.explain(*SEAT)) == explainer.text(explainer.explain(*SEAT))


def test_a_stated_triple_says_so(explainer: Explainer) -> None:
    goal = ("id/position/paritaet-sachsen-migration-2019-goal-2", "mp:agreement")
    proof = explainer.explain(*goal, '"1"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert proof.inferences == ()
    assert "This is stated" in explainer.text(proof)
    assert "Das ist angegeben" in explainer.text(proof, "de")
    assert "Goals, no. 2" in explainer.text(proof)
    assert "Ziele, Nr. 2" in explainer.text(proof, "de")


def test_what_does_not_follow_has_no_proof(explainer: Explainer) -> None:
    with pytest.raises(NotEntailed, match="neither stands in the data nor follows"):
        explainer.explain(SEAT[2], SEAT[1], SEAT[0])


def test_a_file_too_large_to_be_read_is_not_read(shipped_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_LARGEST", 1)
    found = provenance.of_snapshot(shipped_snapshot)
    assert found.locate("<https://w3id.org/migration-policy/id/actor/liga-sachsen>") is None
    monkeypatch.undo()
    found = provenance.of_snapshot(shipped_snapshot)
    assert found.locate("<https://w3id.org/migration-policy/id/actor/liga-sachsen>")


def test_the_turtle_of_a_proof_is_turtle(explainer: Explainer) -> None:
    text = explainer.turtle(explainer.explain(*SEAT))
    assert len(list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri="https://example.org/"))) > 20


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("id/a", "<https://example.org/id/a>"),
        ("skos:Concept", "<http://www.w3.org/2004/02/skos/core#Concept>"),
        ("<https://x.org/y>", "<https://x.org/y>"),
        ("urn:x", "<urn:x>"),
        ('"Dresden"@de', '"Dresden"@de'),
        ('"01"^^<http://www.w3.org/2001/XMLSchema#integer>', '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ('"1"^^xsd:decimal', '"1"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    ],
)
def test_terms_are_read_as_people_write_them(text: str, term: str) -> None:
    assert read_term(text, NAMES) == term


@pytest.mark.parametrize(
    "text", ['"open', '"a" . <urn:x> <urn:y> "b"', "<https://example.org/a b>", '"a"@', '"1"^^no:type']
)
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match="is not a term"):
        read_term(text, NAMES)


@pytest.mark.parametrize("form", ["text", "json", "turtle"])
def test_the_command_line_explains(shipped_snapshot: Snapshot, form: str) -> None:
    snapshots = {"GRAPH_SERVICE_SNAPSHOTS": str(shipped_snapshot.path.parent)}
    result = CliRunner().invoke(main, ["explain", *SEAT, "--format", form], env=snapshots)
    assert result.exit_code == 0
    assert "prp-spo2" in result.stdout
    assert form != "json" or json.loads(result.stdout)["nodes"]
    refused = CliRunner().invoke(main, ["explain", *reversed(SEAT), "--format", form], env=snapshots)
    assert refused.exit_code == 1
