"""The build as a whole, and what becomes of broken input: one clear message, the snapshot in use untouched."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build, current_or_build
from graph_service.errors import (
    FindingsError,
    GraphServiceError,
    InconsistencyError,
    SourceError,
    ValidationError,
)
from graph_service.settings import BuildSettings
from graph_service.snapshots import dumps, snapshot
from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT

PREFIXES = """\
@prefix mp: <https://w3id.org/migration-policy/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix actor: <https://w3id.org/migration-policy/id/actor/> .
@prefix position: <https://w3id.org/migration-policy/id/position/> .
@prefix document: <https://w3id.org/migration-policy/id/document/> .

"""
PAPER = "documents/paritaet-sachsen-migration-2019.ttl"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data without the programmes, which are two thirds of it, and the snapshot that is built of them."""
    root = tmp_path_factory.mktemp("workshop")
    without = shutil.ignore_patterns("programme-*", "coalition-agreement-*")
    shutil.copytree(ROOT / "data", root / "data", ignore=without)
    # Tombstones that lead to them.
    (root / "data" / "documents" / "withdrawn.ttl").unlink()
    build(find_inputs(BuildSettings(data=(root / "data",), snapshots=root / "snapshots")))
    return root


@pytest.fixture
def workshop(built: Path, tmp_path: Path) -> BuildSettings:
    """A copy of them that may be spoiled."""
    shutil.copytree(built / "data", tmp_path / "data")
    shutil.copytree(built / "snapshots", tmp_path / "snapshots", symlinks=True)
    return BuildSettings(data=(tmp_path / "data",), snapshots=tmp_path / "snapshots")


def spoil(settings: BuildSettings, error: type[GraphServiceError], message: str) -> list[str]:
    """Build what was spoiled; what is in use must stay. Returns the findings in German and English."""
    before = snapshot.current(settings.snapshots)
    names = sorted(path.name for path in settings.snapshots.iterdir())
    findings: list[str] = []
    for language in ("en", "de"):
        with pytest.raises(error) as caught:
            build(find_inputs(dataclasses.replace(settings, language=language)))
        assert "\n" not in str(caught.value)
        findings.append(
            "; ".join(caught.value.findings) if isinstance(caught.value, FindingsError) else str(caught.value)
        )
    assert message in findings[0]
    assert findings[0] != findings[1] or error is SourceError
    assert snapshot.current(settings.snapshots) == before
    assert sorted(path.name for path in settings.snapshots.iterdir()) == names
    return findings


@pytest.mark.parametrize("name", ["quads.nq", "manifest.json", "sources/data/data.ttl"])
def test_a_build_replaces_a_snapshot_of_which_a_bit_was_flipped(name: str, tmp_path: Path) -> None:
    for file, text in (("empty.ttl", ""), ("data.ttl", "<urn:x> <urn:p> 'a word' .\n")):
        (tmp_path / file).write_text(text)
    settings = BuildSettings(
        ontology=(tmp_path / "empty.ttl",),
        data=(tmp_path / "data.ttl",),
        snapshots=tmp_path / "snapshots",
        reasoner="none",
        validation=False,
    )
    whole = build(find_inputs(settings))
    assert build(find_inputs(settings)).path.stat().st_ino == whole.path.stat().st_ino, "what is whole stays"
    path = whole.path / name
    content = path.read_bytes()
    for place in range(0, len(content), max(1, len(content) // 5)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert build(find_inputs(settings)).path == whole.path
        assert path.read_bytes() == content
    path.unlink()
    build(find_inputs(settings)).verify()
    assert path.read_bytes() == content
    build(find_inputs(settings))
    assert not list(settings.snapshots.glob(".removed-*"))


@pytest.mark.parametrize("form", ["nquads", "trig"])
def test_a_dump_fed_back_gives_the_same_graph(form: str, shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    dump = tmp_path / f"graph.{'nq' if form == 'nquads' else form}"
    dump.write_bytes(b"".join(dumps.pieces(shipped_snapshot, form)))
    settings = BuildSettings(data=(dump,), snapshots=tmp_path / "snapshots", validation=False)
    again = build(find_inputs(settings))
    assert again.digest == shipped_snapshot.digest
    assert again.manifest.inferred == shipped_snapshot.manifest.inferred > 0


def test_what_does_not_follow_is_not_taken_for_inferred(workshop: BuildSettings) -> None:
    inferred = "https://w3id.org/migration-policy/graph/inferred"
    (workshop.data[0] / "added.nq").write_text(f"<urn:x> <urn:p> <urn:y> <{inferred}> .\n")
    before = snapshot.current(workshop.snapshots)
    with pytest.raises(SourceError, match=r"added\.nq: .*does not follow: <urn:x>.*State it in another graph"):
        build(find_inputs(dataclasses.replace(workshop, validation=False)))
    assert snapshot.current(workshop.snapshots) == before


def add(settings: BuildSettings, statements: str) -> str:
    """Add a file of statements to the data; returns its name."""
    path = settings.data[0] / "added.ttl"
    path.write_text(PREFIXES + statements)
    return str(path)


def replace(settings: BuildSettings, old: str, new: str) -> None:
    path = settings.data[0] / PAPER
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))


def test_the_same_input_gives_the_same_digest(workshop: BuildSettings) -> None:
    before = snapshot.current(workshop.snapshots)
    again = build(find_inputs(workshop))
    assert before is not None
    assert again.digest == before.digest
    again.verify()


def test_stated_wins_and_every_triple_counts_once(shipped_snapshot: Snapshot) -> None:
    inferred_graph = f"<{shipped_snapshot.manifest.inferred_graph}>"
    quads = list(shipped_snapshot.quads())
    inferred = {quad.triple for quad in quads if quad.graph == inferred_graph}
    stated = {quad.triple for quad in quads if quad.graph != inferred_graph}
    assert inferred
    assert not inferred & stated
    assert shipped_snapshot.manifest.triples == len(inferred | stated)


@pytest.mark.slow
def test_nothing_is_built_twice(workshop: BuildSettings) -> None:
    said: list[str] = []
    first = current_or_build(find_inputs(workshop), said.append)
    assert said == []
    (workshop.data[0] / PAPER).touch()
    assert current_or_build(find_inputs(workshop), said.append) == first
    assert said == []
    add(workshop, "# a comment changes no triple, but it is a new edition of the sources\n")
    second = current_or_build(find_inputs(workshop), said.append)
    assert said
    assert second.path != first.path


def test_a_file_that_is_no_turtle(workshop: BuildSettings) -> None:
    path = add(workshop, "position:x a mp:Position ;;\n   mp:heldBy actor:a b .\n")
    spoil(workshop, SourceError, f"{path}:9:")


def test_a_position_without_holder(workshop: BuildSettings) -> None:
    replace(
        workshop,
        "    mp:heldBy actor:paritaet-sachsen ; dcterms:type position-kind:principle ;\n",
        "    dcterms:type position-kind:principle ;\n",
    )
    english, german = spoil(workshop, ValidationError, "mp:heldBy")
    for finding in (english, german):
        assert PAPER in finding
        assert "position/paritaet-sachsen-migration-2019-opening-1" in finding


def test_an_unknown_stance(workshop: BuildSettings) -> None:
    replace(workshop, "mp:agreement 1", "mp:agreement 2")
    findings = spoil(workshop, ValidationError, "mp:agreement")
    assert all("-1" in finding for finding in findings)


def test_two_adoption_dates(workshop: BuildSettings) -> None:
    replace(
        workshop,
        'dcterms:dateAccepted "2019-06-28"^^xsd:date',
        'dcterms:dateAccepted "2019-06-28"^^xsd:date , "2019-06-29"^^xsd:date',
    )
    spoil(workshop, ValidationError, "dcterms:dateAccepted")


def test_a_part_of_circle(workshop: BuildSettings) -> None:
    add(
        workshop,
        "actor:paritaet-sachsen mp:partOf actor:paritaet-sachsen-landesvorstand .\n"
        "actor:paritaet-sachsen-landesvorstand mp:partOf actor:paritaet-sachsen .\n",
    )
    spoil(workshop, ValidationError, "part of itself")


def test_contradicting_classes_are_named_by_rule_file_and_line(workshop: BuildSettings) -> None:
    path = add(workshop, "actor:paritaet-sachsen a mp:ActorGroup .\n")
    english, german = spoil(workshop, InconsistencyError, "cax-dw")
    assert f"{path}:8" in english
    assert f"{path}:8" in german


def test_without_validation_and_reasoner_any_rdf_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "any.nq").write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:a> <urn:b> _:x .\n")
    settings = BuildSettings(
        ontology=(tmp_path / "any.nq",),
        data=(tmp_path / "any.nq",),
        base="https://example.org/",
        snapshots=tmp_path / "snapshots",
        reasoner="none",
        validation=False,
    )
    made = build(find_inputs(settings))
    assert made.manifest.inferred == 0
    assert made.manifest.stated == 3
    assert set(made.manifest.graphs) == {"urn:g", "https://example.org/graph/any", "https://example.org/graph/ontology"}


def test_shapes_and_places_do_not_trip_over_a_byte_order_mark(tmp_path: Path) -> None:
    shapes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <https://example.org/> . :s a sh:NodeShape ;"
        ' sh:targetSubjectsOf :p ; sh:property [ sh:path :q ; sh:minCount 1 ; sh:message "needs a q"@en ] .'
    )
    for name, text in (("o/shapes.ttl", shapes), ("d/a.ttl", "@prefix : <https://example.org/> .\n:a :p :b .")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
    settings = BuildSettings(
        ontology=(tmp_path / "o",), data=(tmp_path / "d",), base="https://example.org/", snapshots=tmp_path / "s"
    )
    with pytest.raises(ValidationError) as caught:
        build(find_inputs(settings))
    assert [finding.partition(": ")[0] for finding in caught.value.findings] == [f"{tmp_path / 'd' / 'a.ttl'}:2"]


@pytest.mark.parametrize("reasoner", ["compiled", "owlrl", "none"])
def test_ill_typed_literals_are_told_once_and_without_a_traceback(reasoner: str, tmp_path: Path) -> None:
    xsd = "@prefix e: <https://e.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    (tmp_path / "terms.ttl").write_text(f"{xsd}e:since <http://www.w3.org/2000/01/rdf-schema#range> xsd:date .\n")
    (tmp_path / "data.ttl").write_text(
        f'{xsd}e:a e:since "2025-13-01"^^xsd:date ; e:n "x"^^xsd:integer ; e:h "zz"^^xsd:hexBinary .\n',
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "graph_service", "build", "--data", str(tmp_path / "data.ttl")]
    command += ["--ontology", str(tmp_path / "terms.ttl"), "--snapshots", str(tmp_path / "s"), "--reasoner", reasoner]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Failed to convert" not in done.stderr
    if reasoner == "none":
        assert done.returncode == 0, done.stderr
    else:
        (finding,) = (line for line in done.stderr.splitlines() if "2025-13-01" in line)
        assert "dt-not-type" in finding
