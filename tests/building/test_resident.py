"""The resident builder builds what a full build builds, whatever has changed; what it refuses leaves no trace."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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
from graph_service.snapshots.snapshot import Snapshot
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
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
:PartShape sh:targetClass :Part ; sh:property [ sh:path :size ; sh:maxCount 1 ] ,
    [ sh:path :partOf ; sh:class :Part ; sh:severity sh:Warning ] .
"""
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


@settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_edits(
    steps: list[tuple[str, set[str] | str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("edits")
    for directory in ("ontology", "data/documents"):
        (root / directory).mkdir(parents=True)
    (root / "ontology" / "shapes.ttl").write_text(PREFIXES + SHAPES, encoding="utf-8")
    write(root, "ontology", MODEL)
    write(root, "a.ttl", {LINES[0]})
    paths = (root / "ontology",), (root / "data",)
    kept, full = (
        BuildSettings(ontology=paths[0], data=paths[1], base="http://example.org/", snapshots=root / name)
        for name in ("kept", "full")
    )
    builder = ResidentBuilder(kept)
    for name, content in steps:
        write(root, name, content)
        before = snapshot.current(kept.snapshots)
        expected = outcome(lambda: build(find_inputs(full)))
        assert outcome(builder.build) == expected
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
