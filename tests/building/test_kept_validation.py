"""Validation by document finds what validation of the whole finds."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graph_service.building import shape_shares, shares, sorted_lines, sorted_quads
from graph_service.building.kept_validation import KeptValidation
from graph_service.building.shares import in_shares
from graph_service.building.sorted_quads import SortedQuads
from graph_service.building.validation import Findings, Violation, check_shapes, compiled, in_order, validated
from graph_service.errors import ProcessError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Quad, Triple
from tests.reasoning.turtle import triples

NAMES = Names("http://example.org/")
PREFIXES = b"""
@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SHAPES = (
    PREFIXES
    + b"""
:AShape sh:targetClass :A ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:class :B ] ,
    [ sh:path ( :p :q ) ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] , [ sh:path [ sh:inversePath :q ] ; sh:minCount 1 ] ,
    [ sh:path :r ; sh:severity sh:Warning ; sh:or ( [ sh:class :A ] [ sh:property [ sh:path :p ; sh:minCount 1 ] ] ) ] .
:Values sh:targetObjectsOf :r ; sh:datatype xsd:integer ; sh:minInclusive 1 .
:BShape sh:targetSubjectsOf :q ; sh:not [ sh:property [ sh:path :r ; sh:minCount 2 ] ] ;
    sh:property [ sh:path [ sh:zeroOrOnePath :p ] ; sh:disjoint :q ] ,
        [ sh:path [ sh:alternativePath ( :q ( :p :p ) ) ] ; sh:qualifiedMinCount 1 ;
            sh:qualifiedValueShape [ sh:class :A ] ] .
:x1 sh:targetNode :a ; sh:property [ sh:path ( [ sh:inversePath ( :p :q ) ] :p ) ; sh:minCount 1 ; sh:lessThan :r ] .
:C a rdfs:Class , sh:NodeShape ; sh:closed true ;
    sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
    sh:property [ sh:path :p ; sh:equals :q ] .
""",
    PREFIXES + b":Endless sh:targetClass :A ; sh:property [ sh:path [ sh:oneOrMorePath :p ] ; sh:class :B ] .",
    # Nothing is followed backwards but from focus nodes.
    PREFIXES
    + b"""
:AShape sh:targetClass :A ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:class :B ] ,
    [ sh:path ( :p :q ) ; sh:maxCount 1 ] , [ sh:path [ sh:inversePath :q ] ; sh:minCount 2 ] .
:Values sh:targetObjectsOf :r ; sh:nodeKind sh:IRI ; sh:property [ sh:path :p ; sh:maxCount 1 ] .
:x1 sh:targetNode :a ; sh:property [ sh:path :r ; sh:minCount 1 ] .
:C a rdfs:Class , sh:NodeShape ; sh:closed true .
""",
)
THINGS = ("a", "b", "c", "d")
LINES = [
    *(f":{x} a :{c} ." for x in THINGS for c in "ABC"),
    *(f":{x} :{p} :{y} ." for x in THINGS for p in "pqr" for y in THINGS),
    *(f":{x} :r {value} ." for x in THINGS for value in ("0", "1", "'x'", "'z'^^xsd:integer")),
    ":C rdfs:subClassOf :A .",
]
GRAPHS = st.lists(st.sets(st.sampled_from(LINES), max_size=20), min_size=2, max_size=5)


ready = cache(compiled)


def whole(stated: set[Triple], shapes: list[bytes]) -> list[str]:
    """The findings over all."""
    found: Findings = {}
    for text in shapes:
        found |= validated(ready(text), stated, NAMES)
    return readable(in_order(found))


def readable(findings: list[Violation]) -> list[str]:
    """Findings without the names of blank nodes, which differ from run to run."""
    return sorted(re.sub(r"_:\w+", "_:", str(finding)) for finding in findings)


@pytest.mark.parametrize("shapes", [[SHAPES[0]], list(SHAPES[:2])], ids=["each reach known", "one endless"])
@settings(max_examples=50, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(graphs=GRAPHS)
def test_any_sequence_of_changes(shapes: list[bytes], graphs: list[set[str]]) -> None:
    before = set(triples("\n".join(graphs[0])))
    kept = KeptValidation(shapes, before, NAMES)
    for graph in graphs[1:]:
        stated = set(triples("\n".join(graph)))
        kept.change(stated - before, before - stated)
        assert readable(kept.findings) == whole(stated, shapes)
        before = stated


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(graphs=GRAPHS)
@example(
    # What a thing of one share leads to in a second one, and that in a third one.
    [
        {":a :q :d .", ":a :p :b .", ":a :r 0 .", ":a :r 1 ."},
        {":b :p :c .", *(f":b :r {value} ." for value in ("0", "1", "'x'"))},
        {":c a :A .", *(f":c :r {value} ." for value in ("0", "1", "'x'"))},
    ]
)
def test_shapes_on_documents_apart_find_the_same(
    tmp_path_factory: pytest.TempPathFactory, graphs: list[set[str]]
) -> None:
    stated = {
        Quad(*triple, f"<:{number}>") for number, graph in enumerate(graphs) for triple in triples("\n".join(graph))
    }
    with pytest.MonkeyPatch.context() as patch, SortedQuads(tmp_path_factory.mktemp("runs")) as quads:
        patch.setattr(shares, "processes_for", lambda _: 2)
        patch.setattr(shares, "WORTHWHILE", 0)
        patch.setattr(sorted_quads, "_RUN", 7)
        patch.setattr(sorted_lines, "_BLOCK", 2)
        patch.setattr(shape_shares, "_SIZE", 6)
        quads.add(stated)
        found = readable(check_shapes(quads, SHAPES, NAMES))
    assert found == whole({quad.triple for quad in stated}, list(SHAPES))


def test_a_process_that_ends_early_is_told_of() -> None:
    with pytest.raises(ProcessError, match="ended before"):
        in_shares(lambda number: os._exit(1) if number else None, 2, 2)
    with pytest.raises(ZeroDivisionError):
        in_shares(lambda number: 1 // (1 - number), 2, 2)


def test_findings_about_values_are_kept_in_step() -> None:
    """A property shape within a property shape finds what is wrong with values, not with what has them."""
    shapes = (
        PREFIXES + b":S sh:targetClass :A ; sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ] ] ."
    )
    before = set(triples(":a a :A ."))
    kept = KeptValidation([shapes], before, NAMES)
    added = set(triples(":a :p :b ."))
    kept.change(added, set())
    assert len(kept.findings) == 1
    assert readable(kept.findings) == whole(before | added, [shapes])


def test_the_reach_of_the_shipped_shapes_is_known() -> None:
    shapes = Path(__file__).parents[2] / "ontology" / "shapes.ttl"
    kept = KeptValidation([shapes.read_bytes()], set(), NAMES)
    thing = set(triples(":x a <https://w3id.org/migration-policy/ontology#Position> ."))
    kept.change(thing, set())
    found = readable(kept.findings)
    assert found == whole(thing, [shapes.read_bytes()])
    assert found
    assert kept.is_by_document
