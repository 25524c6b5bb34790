"""Rules whose axioms are not there are not tried, and no proof is lost by it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from graph_service.rdf.terms import Quad, Triple
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.applicable import ApplicableRules, of_any_ontology
from graph_service.reasoning.compiled import CompiledReasoner
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.proofs import ProofSearch
from tests.reasoning.graphs import ontologies
from tests.reasoning.test_closure import GRAPH, repeatable
from tests.reasoning.turtle import triples


def facts_of(stated: list[Triple]) -> tuple[MemoryFacts, list[Triple]]:
    inferred = list(CompiledReasoner().close(stated).inferred)
    return MemoryFacts([Quad(*triple, GRAPH) for triple in stated], inferred), inferred


def names(text: str, goal: str, *unused: str) -> set[str]:
    """The rules that may conclude a goal under axioms."""
    facts, _ = facts_of(triples(text))
    return {head.rule.name for head in ApplicableRules(owl2rl(), facts, unused).of(triples(goal)[0])}


@pytest.mark.parametrize(
    ("axiom", "goal", "rule"),
    [
        (":p a owl:SymmetricProperty .", ":a :p :b .", "prp-symp"),
        (":q rdfs:subPropertyOf :p .", ":a :p :b .", "prp-spo1"),
        (":p owl:propertyChainAxiom ( :q :r ) .", ":a :p :b .", "prp-spo2"),
        (":B rdfs:subClassOf :A .", ":a a :A .", "cax-sco"),
        (":p rdfs:domain :A .", ":a a :A .", "prp-dom"),
        (":p a owl:InverseFunctionalProperty .", ":a owl:sameAs :b .", "prp-ifp"),
    ],
)
def test_a_rule_is_tried_where_its_axiom_is(axiom: str, goal: str, rule: str) -> None:
    assert rule in names(axiom, goal)
    assert rule not in names(":other a owl:Class .", goal)
    assert rule in {head.rule.name for head in of_any_ontology().of(triples(goal)[0])}


def test_identity_that_no_triple_states_leads_to_values_only() -> None:
    assert "eq-rep-o" not in names("", ":a :p :b .", v.SAME_AS)
    assert "eq-rep-o" in names("", ":a :p 1 .", v.SAME_AS)
    assert "eq-rep-o" in names("", ":a :p :b .")


@settings(repeatable, max_examples=50)
@given(ontologies())
def test_proofs_are_those_of_all_rules(stated: list[Triple]) -> None:
    facts, inferred = facts_of(stated)
    unused = {v.SAME_AS, v.DIFFERENT_FROM} - {triple.predicate for triple in (*stated, *inferred)}
    rules = ApplicableRules(owl2rl(), facts, unused)
    for goal in inferred:
        assert ProofSearch([goal], facts, rules).proof(goal) == ProofSearch([goal], facts).proof(goal)
