"""The resident builder builds what a full build builds, whatever has changed, and so does one that goes on from disk.

What they refuse leaves no trace.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.building.resident import ResidentBuilder
from graph_service.errors import GraphServiceError
from graph_service.settings import BuildSettings
from graph_service.snapshots import snapshot
from graph_service.snapshots.snapshot import Manifest, Snapshot
from graph_service.store import loading
from tests.conftest import ROOT
from tests.reasoning.turtle import PREFIXES

MODEL = """
:partOf a owl:TransitiveProperty ; rdfs:domain :Part ; owl:inverseOf :hasPart . :Part rdfs:subClassOf :Thing .
:holds rdfs:subPropertyOf :concerns . :concerns owl:propertyChainAxiom ( :holds :partOf ) .
:Part owl:disjointWith :Person .
:size rdfs:subPropertyOf :measure . :by a owl:FunctionalProperty .
"""
ONTOLOGIES = (MODEL, MODEL + ":Person rdfs:subClassOf :Thing . :near a owl:SymmetricProperty .")
# Those that may warn are run by each build that goes on from disk, the others only on what has changed.
SHAPES = {
    "shapes.ttl": "sh:property [ sh:path :size ; sh:maxCount 1 ] .",
    "warning.shapes.ttl": "sh:property [ sh:path :partOf ; sh:class :Part ; sh:severity sh:Warning ] .",
}
LINES = (
    ":a :partOf :b . :a a :Part .",
    ":b :partOf :c . :c a :Part .",
    ":c :partOf :a .",
    ":x :holds :a ; :size 01 .",
    ":y :holds [ :partOf :c ] ; :size 1 , '01'^^xsd:integer .",
    ":p a :Person ; :near :q .",
    ":p :by :r , :s .",
    ":q a :Part , :Person .",
    ":a a :Part ; :size 1 , 2 .",
    ":z :size 'x'^^xsd:integer , 3 .",
)
NAMES = ("a.ttl", "documents/b.ttl", "c.ttl", "d.trig")
# What becomes of a file: lines, nothing (it is removed), or what cannot be read.
_LINES = st.sets(st.sampled_from(LINES), max_size=4)
CONTENT = st.one_of(_LINES, _LINES, _LINES, st.none(), st.just("broken"))
STEPS = st.lists(
    st.one_of(st.tuples(st.sampled_from(NAMES), CONTENT), st.tuples(st.just("ontology"), st.sampled_from(ONTOLOGIES))),
    min_size=3,
    max_size=7,
)


def write(root: Path, name: str, content: set[str] | str | None) -> None:
    """One edit."""
    path = root / "data" / name
    if name == "ontology":
        (root / "ontology" / "model.ttl").write_text(PREFIXES + str(content), encoding="utf-8")
    elif content is None:
        path.unlink(missing_ok=True)
    elif isinstance(content, str):
        path.write_text(":a :b", encoding="utf-8")
    else:
        body = "\n".join(sorted(content))
        # A graph that another file fills as well.
        body = f"<http://example.org/graph/a> {{ {body} }}" if name.endswith(".trig") else body
        path.write_text(PREFIXES + body, encoding="utf-8")


def outcome(make: Callable[[], Snapshot]) -> str:
    """The digest of a build, or what it is refused for."""
    try:
        return make().digest
    except GraphServiceError as error:
        return f"{type(error).__name__}: {error}"


def whole(chosen: BuildSettings, said: list[str]) -> Snapshot:
    """A full build."""
    return build(find_inputs(chosen), said.append)


def manifest(chosen: BuildSettings) -> Manifest | None:
    """That of the snapshot in use."""
    present = snapshot.current(chosen.snapshots)
    return present.manifest if present else None


@settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_edits(
    steps: list[tuple[str, set[str] | str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("edits")
    for directory in ("ontology", "data/documents"):
        (root / directory).mkdir(parents=True)
    for name, text in SHAPES.items():
        shape = f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n[] sh:targetClass :Part ; {text}"
        (root / "ontology" / name).write_text(PREFIXES + shape, encoding="utf-8")
    write(root, "ontology", MODEL)
    write(root, "a.ttl", {LINES[0]})
    paths = (root / "ontology",), (root / "data",)
    kept, full, disk = (
        BuildSettings(ontology=paths[0], data=paths[1], base="http://example.org/", snapshots=root / name)
        for name in ("kept", "full", "disk")
    )
    builder = ResidentBuilder(kept)
    for name, content in steps:
        write(root, name, content)
        before = snapshot.current(kept.snapshots)
        said, said_by_other = list[str](), list[str]()
        expected = outcome(partial(whole, full, said))
        assert outcome(builder.build) == expected
        assert outcome(ResidentBuilder(disk, said_by_other.append, once=True).build) == expected
        warnings = [{line for line in lines if line.startswith("warning")} for lines in (said, said_by_other)]
        assert warnings[0] == warnings[1]
        assert manifest(full) == manifest(disk)
        present = snapshot.current(kept.snapshots)
        if "Error" in expected:
            assert present == before
        elif present is not None and builder.dataset is not None:
            assert not list(present.damaged())
            loaded = loading.load(present.path)[1]
            assert set(builder.dataset.store) == set(loaded.store)
            assert builder.dataset.shared == loaded.shared
            assert set(builder.dataset.store.named_graphs()) == set(loaded.store.named_graphs())
    shutil.rmtree(root)


PARTS = "\n".join(f":part{number} a :Part ; :size {number} ." for number in range(9))


@pytest.fixture
def small(tmp_path: Path) -> BuildSettings:
    """Three files that have been built."""
    shape = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n[] sh:targetClass :Part ; " + SHAPES["shapes.ttl"]
    texts = {"o/model.ttl": MODEL, "o/shapes.ttl": shape, "d/a.ttl": PARTS, "d/b.ttl": ":a :partOf :b ."}
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PREFIXES + text, encoding="utf-8")
    where, root = ((tmp_path / "o",), (tmp_path / "d",)), tmp_path / "snapshots"
    made = BuildSettings(ontology=where[0], data=where[1], base="http://example.org/", snapshots=root)
    build(find_inputs(made))
    return made


def again(chosen: BuildSettings) -> tuple[Snapshot, bool]:
    """What one more process builds after an edit, and whether it went on from the snapshot in use."""
    path, said = chosen.data[0] / "b.ttl", list[str]()
    path.write_text(path.read_text(encoding="utf-8") + "\n:b :partOf :c .", encoding="utf-8")
    made = ResidentBuilder(chosen, said.append, once=True).build()
    assert made.digest == build(find_inputs(replace(chosen, snapshots=chosen.snapshots / "other"))).digest
    return made, any(line.startswith("1 of 4 files are new") for line in said)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_process_goes_on_from_the_snapshot_in_use(small: BuildSettings) -> None:
    assert again(small)[1]


@pytest.mark.parametrize("name", ["quads.nq", "manifest.json", "sources/data/b.ttl"])
def test_a_damaged_snapshot_is_not_gone_on_from(small: BuildSettings, name: str) -> None:
    present = snapshot.current(small.snapshots)
    assert present is not None
    if name == "sources/data/b.ttl":
        # What the file said before is read from the copy.
        _flip(present.path / name)
    else:
        (present.path / name).write_bytes((present.path / name).read_bytes()[:-9])
    assert not again(small)[1]


def test_a_snapshot_of_other_inputs_is_not_gone_on_from(small: BuildSettings) -> None:
    other = replace(small, validation=False)
    ResidentBuilder(other, once=True).build()
    assert not again(small)[1], "its shapes were not checked"
    assert again(small)[1]
    model = small.ontology[0] / "model.ttl"
    model.write_text(model.read_text(encoding="utf-8") + "\n:Part rdfs:comment 'a part' .", encoding="utf-8")
    assert not again(small)[1]


def test_what_a_process_refuses_leaves_the_snapshot_in_use(small: BuildSettings) -> None:
    before = snapshot.current(small.snapshots)
    path = small.data[0] / "b.ttl"
    path.write_text(PREFIXES + ":part1 :size 100 .", encoding="utf-8")
    refused = outcome(ResidentBuilder(small, once=True).build)
    assert refused.startswith("ValidationError")
    assert refused == outcome(lambda: build(find_inputs(small)))
    assert snapshot.current(small.snapshots) == before


def test_a_document_of_the_shipped_graph(tmp_path: Path) -> None:
    without = shutil.ignore_patterns("programme-*", "coalition-agreement-*", "withdrawn.ttl")
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=without)
    paper = tmp_path / "data/documents/paritaet-sachsen-migration-2019.ttl"
    text = paper.read_text(encoding="utf-8")
    said: list[str] = []
    builder = ResidentBuilder(BuildSettings(data=(tmp_path / "data",), snapshots=tmp_path / "snapshots"), said.append)
    whole = builder.build()
    # Between shapes and violation queries there is the closure: what is refused there is taken back.
    paper.write_text(text + "\ndocument:paritaet-sachsen-migration-2019 mp:unheardOf 1 .\n", encoding="utf-8")
    assert "ValidationError" in outcome(builder.build)
    assert builder.dataset
    assert set(builder.dataset.store) == set(loading.load(whole.path)[1].store)
    paper.unlink()
    refused_or_built = outcome(builder.build)
    paper.write_text(text, encoding="utf-8")
    assert builder.build().digest == whole.digest
    assert refused_or_built != whole.digest
    assert said[-1].endswith(whole.digest[:12])
