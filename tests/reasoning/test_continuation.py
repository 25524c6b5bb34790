"""A closure that goes on from a difference is the closure of what is stated then."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.rdf.terms import Triple
from graph_service.reasoning.compiled import CompiledReasoner
from tests.reasoning.graphs import literal_graphs, ontologies
from tests.reasoning.turtle import triples

repeatable = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)

MODEL = """
:partOf a owl:TransitiveProperty ; rdfs:domain :Part ; owl:inverseOf :hasPart .
:holds rdfs:subPropertyOf :concerns . :Part rdfs:subClassOf :Thing . :Part owl:disjointWith :Person .
:concerns owl:propertyChainAxiom ( :holds :partOf ) . :by a owl:FunctionalProperty .
:Small owl:onProperty :partOf ; owl:hasValue :a . :size rdfs:subPropertyOf :measure .
"""
FACTS = "\n".join(
    (
        ":a :partOf :b . :b :partOf :c . :c :partOf :d . :d :partOf :b . :x :holds :a . :y :holds :c .",
        ":x :by :p . :y :by :q . :c a :Part . :a :size 1 , 2 . :b :size 3 . :c :hasPart :e . :e :partOf :a .",
    )
)


def parts(stated: list[Triple]) -> st.SearchStrategy[list[set[Triple]]]:
    """Sequences of graphs, each a part of one graph."""
    return st.lists(st.sets(st.sampled_from(stated)), min_size=2, max_size=5)


def follow(sequence: list[set[Triple]]) -> tuple[int, int]:
    """Go through graphs by continuation; how often it went on, and how often all was closed again."""
    reasoner, before = CompiledReasoner(), set[Triple]()
    continuation, inferred, continued, again = None, set[Triple](), 0, 0
    for stated in sequence:
        expected = reasoner.close(stated)
        difference = continuation and continuation.change(stated - before, before - stated)
        if difference:
            assert not difference.added & inferred
            assert difference.removed <= inferred
            inferred = (inferred | difference.added) - difference.removed
            assert not expected.contradictions
            continued += 1
        else:
            closure, continuation = reasoner.start(stated)
            inferred = set(closure.inferred)
            again += 1
        assert inferred == set(expected.inferred)
        before = stated
    return continued, again


@pytest.mark.slow
@repeatable
@given(st.data())
def test_any_sequence_of_changes(data: st.DataObject) -> None:
    follow(data.draw(parts(data.draw(st.one_of(ontologies(), literal_graphs())))))


@pytest.mark.slow
@repeatable
@given(parts(triples(FACTS)))
def test_changes_of_data_continue(sequence: list[set[Triple]]) -> None:
    model = set(triples(MODEL))
    assert follow([model | facts for facts in [set(triples(FACTS)), *sequence]])[1] == 1


@pytest.mark.parametrize(
    "added",
    [":z a :Part , :Person .", ":x owl:sameAs :y .", ":Part rdfs:subClassOf :B .", ":a :size '01'^^xsd:integer ."],
)
def test_what_may_change_the_clauses_closes_all_again(added: str) -> None:
    stated = set(triples(MODEL + FACTS))
    _, continuation = CompiledReasoner().start(stated)
    assert continuation is not None
    assert continuation.change(set(triples(added)) - stated, set()) is None
