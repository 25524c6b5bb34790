"""Building from graphs of rdflib: the same checks, the same names, the same digest as from files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, XSD

import graph_service
from graph_service.errors import SourceError, ValidationError
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot

EX = rdflib.Namespace("https://example.org/")
GRAPHS = "https://example.org/graph/"


@pytest.fixture
def settings(tmp_path: Path) -> BuildSettings:
    return BuildSettings(base=str(EX), snapshots=tmp_path / "snapshots")


def graph(turtle: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=f"@prefix : <{EX}> . {turtle}", format="turtle")


@pytest.mark.slow
def test_a_snapshot_comes_back_from_rdflib(shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    stated = shipped_snapshot.to_rdflib(inferred=False)
    # Violation queries need the inferred, so they are left out where nothing is inferred.
    plain = BuildSettings(snapshots=tmp_path, reasoner="none", validation=False)
    again = graph_service.build(graph_service.inputs_of(ontology=rdflib.Graph(), data=stated, settings=plain))
    inferred = f"<{shipped_snapshot.manifest.inferred_graph}>"
    assert [quad for quad in shipped_snapshot.quads() if quad.graph != inferred] == list(again.quads())
    assert again.manifest.stated == shipped_snapshot.manifest.stated
    settings = BuildSettings(snapshots=tmp_path)
    reasoned = graph_service.build(graph_service.inputs_of(data=shipped_snapshot.to_rdflib(), settings=settings))
    # With what was inferred, and the ontology of the settings, which states the same once more.
    assert reasoned.digest == shipped_snapshot.digest


def test_graphs_keep_their_names_and_a_default_graph_gets_one(settings: BuildSettings) -> None:
    data = rdflib.Dataset()
    data.default_graph.add((EX.a, EX.p, rdflib.BNode()))
    data.graph(EX.g).add((EX.a, EX.p, rdflib.Literal("01", datatype=XSD.integer, normalize=False)))
    snapshot = graph_service.build(graph_service.inputs_of(ontology=rdflib.Graph(), data=data, settings=settings))
    assert snapshot.manifest.graphs == {f"{GRAPHS}data": 1, f"{EX}g": 1}
    first, second = snapshot.quads()
    assert first.object == f'"01"^^<{XSD.integer}>'
    assert second.object == "<https://example.org/.well-known/genid/data/data/1>"


# rdflib 7.6 asks itself for what it calls deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_an_ontology_of_rdflib_is_reasoned_with(settings: BuildSettings) -> None:
    ontology = rdflib.Graph()
    ontology.add((EX.p, RDFS.domain, EX.Thing))
    snapshot = graph_service.build(
        graph_service.inputs_of(ontology=ontology, data=graph(":a :p :b ."), settings=settings)
    )
    assert set(snapshot.manifest.graphs) == {f"{GRAPHS}{name}" for name in ("ontology", "data", "inferred")}
    found = snapshot.to_rdflib()
    assert (EX.a, RDF.type, EX.Thing) in found
    assert (EX.a, RDF.type, EX.Thing) in found.graph(rdflib.URIRef(f"{GRAPHS}inferred"))
    assert (EX.a, RDF.type, EX.Thing) not in snapshot.to_rdflib(inferred=False)


def test_shapes_of_rdflib_are_checked_and_name_the_line(settings: BuildSettings) -> None:
    shapes = graph(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . :s a sh:NodeShape ; sh:targetSubjectsOf :p ;"
        ' sh:property [ sh:path :q ; sh:minCount 1 ; sh:message "needs a q"@en ] .'
    )
    inputs = graph_service.inputs_of(
        ontology=rdflib.Graph(), shapes=shapes, data=graph(":a :p :b ; :q :c . :d :p :e ."), settings=settings
    )
    with pytest.raises(ValidationError) as caught:
        graph_service.build(inputs)
    (finding,) = caught.value.findings
    assert finding.startswith("data.nq:3: d: needs a q")


def test_what_is_not_given_comes_from_the_settings(settings: BuildSettings, tmp_path: Path) -> None:
    (tmp_path / "o.ttl").write_text("")
    (tmp_path / "d.ttl").write_text("<a> <p> <b> .")
    paths = replace(settings, ontology=(tmp_path / "o.ttl",), data=(tmp_path / "d.ttl",))
    assert [source.name for source in graph_service.inputs_of(settings=paths).files] == ["o.ttl", "d.ttl"]
    inputs = graph_service.inputs_of(ontology=rdflib.Graph(), settings=paths)
    assert [source.name for source in inputs.files] == ["d.ttl", "ontology.nq"]


def test_the_same_content_is_built_once(settings: BuildSettings) -> None:
    def built(turtle: str) -> Snapshot:
        inputs = graph_service.inputs_of(ontology=rdflib.Graph(), data=graph(turtle), settings=settings)
        return graph_service.current_or_build(inputs)

    assert built(":a :p :b , :c .").path == built(":a :p :c . :a :p :b .").path
    assert built(":a :p :b .").digest != built(":a :p :b , :c .").digest


def test_what_is_no_rdf_is_refused_before_the_build(settings: BuildSettings) -> None:
    data = rdflib.Graph()
    data.add((EX.a, EX.p, rdflib.URIRef("relative")))
    with pytest.raises(SourceError, match=r"triple https://example.org/a https://example.org/p relative is not RDF"):
        graph_service.inputs_of(data=data, settings=settings)
