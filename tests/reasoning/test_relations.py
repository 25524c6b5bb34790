"""A closure of which most relations are read piece by piece is the closure of all of them in memory."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.rdf.terms import Triple
from graph_service.reasoning import relations
from graph_service.reasoning.compiled import CompiledReasoner
from graph_service.reasoning.relations import Relations
from tests.reasoning.graphs import literal_graphs, ontologies
from tests.reasoning.turtle import triples


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "_PIECE", 3)


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(ontologies(), literal_graphs()))
def test_any_graph(stated: list[Triple]) -> None:
    held, read = (CompiledReasoner(held=number).close(stated) for number in (len(stated), 0))
    assert set(read.inferred) == set(held.inferred)
    assert len(read.inferred) == len(held.inferred)
    assert read.contradictions == held.contradictions
    assert all(triple in read.inferred for triple in held.inferred)


def test_what_no_rule_joins_is_not_held() -> None:
    stated = triples("""
        :partOf a owl:TransitiveProperty . :size rdfs:domain :Thing ; rdfs:subPropertyOf :measure .
        :a :partOf :b . :b :partOf :c . :a :size 3 . :a :note 'one' . :b :measure 4 .
    """)
    closing = CompiledReasoner(held=0).close(stated)
    relations_read: Relations = closing.inferred._relations  # type: ignore[attr-defined]
    unread = {key.predicate.rpartition("/")[2] for key, relation in relations_read if relation.unread}
    assert unread == {"size>", "note>"}
    assert {str(triple).count("measure") for triple in closing.inferred if "3" in triple.object} == {1}
