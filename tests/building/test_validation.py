"""Findings of shapes: all of them, each once."""

from __future__ import annotations

import logging

import pytest

from graph_service.building.validation import Violation, check_shapes
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Quad

E = "https://data.example/"
SHAPES = b"""
@prefix e: <https://data.example/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:S a sh:NodeShape ; sh:targetClass e:House ;
  sh:property [ sh:path e:code ; sh:pattern "^[0-9]{5}$" ; sh:maxLength 5 ] ;
  sh:property [ sh:path e:since ; sh:datatype xsd:date ; sh:maxInclusive "2024-12-31"^^xsd:date ] ;
  sh:property [ sh:path e:place ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "Place is missing"@en ] .
"""
DATE = "<http://www.w3.org/2001/XMLSchema#date>"


def findings(*pairs: tuple[str, str]) -> list[Violation]:
    kind = ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", f"<{E}House>")
    statements = [kind, *((f"<{E}{name}>", value) for name, value in pairs)]
    return check_shapes([Quad(f"<{E}h>", *pair, f"<{E}g>") for pair in statements], [SHAPES], Names(E))


def of(found: list[Violation], name: str) -> list[Violation]:
    return [finding for finding in found if finding.path == f"<{E}{name}>"]


def test_each_constraint_that_a_value_breaks_is_a_finding() -> None:
    assert len(of(findings(("code", '"1234567"')), "code")) == 1 + 1


def test_an_ill_typed_literal_is_one_finding_without_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = of(findings(("since", f'"2025-13-01"^^{DATE}')), "since")
    assert [finding.severity for finding in found] == ["Violation"]
    assert not caplog.records


def test_a_value_past_its_bound_is_still_found() -> None:
    assert len(of(findings(("since", f'"2025-01-01"^^{DATE}')), "since")) == 1


def test_warnings_are_findings_that_say_so() -> None:
    (found,) = of(findings(), "place")
    assert (found.severity, found.message) == ("Warning", {"en": "Place is missing"})
