"""Closures: equal to owlrl's but for its defects, closed, proved throughout, honest about contradictions."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings

from graph_service.errors import SettingsError
from graph_service.explaining import checker
from graph_service.rdf.terms import Quad, Triple
from graph_service.reasoning import REASONERS, reference, select
from graph_service.reasoning.compiled import CompiledReasoner
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.noise import is_noise
from graph_service.reasoning.proofs import Inference, explain, refute
from graph_service.reasoning.reference import OwlrlReasoner
from tests.reasoning.graphs import ontologies
from tests.reasoning.turtle import triples

GRAPH = "<http://example.org/graph>"
# The same examples each time: a run that fails can be repeated.
repeatable = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
@repeatable
@given(ontologies())
def test_equals_owlrl(stated: list[Triple]) -> None:
    ours, reference = CompiledReasoner().close(stated), OwlrlReasoner().close(stated)
    assert set(ours.inferred) == set(reference.inferred)
    assert bool(ours.contradictions) == bool(reference.contradictions)


@pytest.mark.slow
@repeatable
@given(ontologies())
def test_is_closed_and_without_noise(stated: list[Triple]) -> None:
    inferred = list(CompiledReasoner().close(stated).inferred)
    assert len(set(inferred)) == len(inferred)
    assert not set(inferred) & set(stated)
    assert not [triple for triple in inferred if is_noise(*triple)]
    assert not CompiledReasoner().close([*stated, *inferred]).inferred


@pytest.mark.slow
@repeatable
@given(ontologies())
def test_every_inferred_triple_has_a_proof(stated: list[Triple]) -> None:
    closure = CompiledReasoner().close(stated)
    facts = MemoryFacts([Quad(*triple, GRAPH) for triple in stated], closure.inferred)
    for triple in closure.inferred:
        proof = explain(triple, facts)
        assert proof.conclusion == triple
        checker.check(proof, facts.stated)
    for contradiction in closure.contradictions:
        proof = refute(Inference(contradiction.rule, contradiction.premises, None), facts)
        checker.check(proof, facts.stated)
        assert set(contradiction.stated) <= set(stated)


@pytest.mark.slow
@repeatable
@given(ontologies())
def test_the_full_closure_holds_the_useful_one(stated: list[Triple]) -> None:
    useful, full = CompiledReasoner().close(stated), CompiledReasoner(full=True).close(stated)
    assert {t for t in full.inferred if not is_noise(*t)} == set(useful.inferred)
    assert bool(useful.contradictions) == bool(full.contradictions)


# Documented differences from owlrl: what it misses or adds, one reproducing case each.
DEFECTS = {
    "a single-property key makes all members the same": (
        ":C owl:hasKey (:k) . :a a :C ; :k 1 . :b a :C ; :k 2 .",
        ":a owl:sameAs :b .",
        False,
    ),
    "the last property of a key is not compared": (
        ":C owl:hasKey (:j :k) . :a a :C ; :j 1 ; :k 1 . :b a :C ; :j 1 ; :k 2 .",
        ":a owl:sameAs :b .",
        False,
    ),
    "what is below itself by a circle is left out": (
        ":p owl:equivalentProperty :q . :A owl:onProperty :q ; owl:hasValue :i ."
        ":B owl:onProperty :q ; owl:hasValue :i .",
        ":A rdfs:subClassOf :B .",
        True,
    ),
}
LITERALS_REPLACED = {
    "a thing by a literal": (":p a owl:FunctionalProperty . :a :p :d, 1 . :e :q 1 .", ":e :q :d ."),
    "a spelling by another": (":p a owl:FunctionalProperty . :a :p 1, '01' . :e :q 1 .", ":e :q '01' ."),
}
UNREPORTED = {
    "the last member of AllDifferent": "[] a owl:AllDifferent ; owl:members (:a :b) . :a owl:sameAs :b .",
    "a member that AllDifferent lists twice": "[] a owl:AllDifferent ; owl:members (:a :b :a) .",
    "the last member of AllDisjointProperties": (
        "[] a owl:AllDisjointProperties ; owl:members (:p :q) . :a :p :b ; :q :b ."
    ),
    "a functional data property with two values": ":p a owl:FunctionalProperty . :a :p 1, 2 .",
    "a value outside the range": ":p rdfs:range xsd:date . :a :p 'today' .",
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_differs_from_owlrl_where_owlrl_errs(defect: str) -> None:
    premises, conclusion, entailed = DEFECTS[defect]
    stated, wanted = triples(premises), set(triples(conclusion))
    assert (wanted <= set(CompiledReasoner().close(stated).inferred)) is entailed
    assert (wanted <= set(OwlrlReasoner(repaired=False).close(stated).inferred)) is not entailed


@pytest.mark.parametrize("case", LITERALS_REPLACED)
def test_literals_are_not_replaced_by_what_is_the_same(case: str) -> None:
    """Left out as noise; owlrl gives it."""
    premises, conclusion = LITERALS_REPLACED[case]
    wanted = triples(conclusion)[0]
    assert wanted not in CompiledReasoner().close(triples(premises)).inferred
    assert wanted in OwlrlReasoner().close(triples(premises)).inferred


@pytest.mark.parametrize("case", UNREPORTED)
def test_reports_what_owlrl_does_not(case: str) -> None:
    stated = triples(UNREPORTED[case])
    assert CompiledReasoner().close(stated).contradictions
    assert not OwlrlReasoner(repaired=False).close(stated).contradictions


def test_axioms_may_follow_from_data() -> None:
    """A property that turns out transitive by its class, an axiom by a sub-property of rdfs:subClassOf."""
    stated = triples(
        ":Ordering rdfs:subClassOf owl:TransitiveProperty . :p a :Ordering . :a :p :b . :b :p :c ."
        ":below rdfs:subPropertyOf rdfs:subClassOf . :A :below :B . :x a :A ."
        ":is rdfs:subPropertyOf rdf:type . :y :is :A . rdf:type rdfs:subPropertyOf :kind ."
    )
    inferred = set(CompiledReasoner().close(stated).inferred)
    assert set(triples(":a :p :c . :x a :B . :y a :A, :B . :x :kind :A, :B . :y :kind :B .")) <= inferred


def test_axioms_may_stand_anywhere_and_in_any_order() -> None:
    stated = triples(":a :p :b . :p rdfs:domain :A . :A rdfs:subClassOf :B . :B rdfs:subClassOf :C .")
    closures = [set(CompiledReasoner().close(order).inferred) for order in (stated, stated[::-1])]
    assert closures[0] == closures[1]
    assert set(triples(":a a :A, :B, :C .")) <= closures[0]


def test_owl_thing_is_used_where_it_tells_something() -> None:
    stated = triples("owl:Thing rdfs:subClassOf :Known . :A a owl:Class . :x a :A .")
    assert triples(":x a :Known .")[0] in CompiledReasoner().close(stated).inferred


def test_an_endless_list_and_a_broken_one_are_no_axioms() -> None:
    stated = triples(
        ":C owl:unionOf :l . :l rdf:first :A ; rdf:rest :l . :D owl:unionOf :m . :m rdf:first :A . :x a :A ."
    )
    assert not CompiledReasoner().close(stated).inferred


def test_contradictions_of_one_axiom_are_limited() -> None:
    members = " ".join(f":x{number} a :A, :B ." for number in range(300))
    found = CompiledReasoner().close(triples(f":A owl:disjointWith :B . {members}")).contradictions
    assert len(found) == 100


@pytest.mark.parametrize("name", REASONERS)
def test_reasoners_are_chosen_by_name(name: str) -> None:
    reasoner = select(name)
    assert reasoner.name == name
    expected = set() if name == "none" else set(triples(":b :p :a ."))
    assert set(reasoner.close(triples(":p a owl:SymmetricProperty . :a :p :b .")).inferred) == expected


def test_an_unknown_reasoner_is_named() -> None:
    with pytest.raises(SettingsError, match=r"pellet.*compiled, owlrl, none"):
        select("pellet")


def test_the_reference_is_taken_from_rdflib_once_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """From release 8 on, under another name."""
    original = reference.semantics()
    used = []

    class OfRdflib(original):  # type: ignore[misc, valid-type]
        def closure(self) -> None:
            used.append(self)
            super().closure()

    home = ModuleType("rdflib.plugins.inference.owlrl")
    home.__dict__["OWLRL_Semantics"] = OfRdflib
    monkeypatch.setitem(sys.modules, home.__name__, home)
    stated = triples(":p a owl:SymmetricProperty . :a :p :b .")
    assert set(OwlrlReasoner().close(stated).inferred) == set(CompiledReasoner().close(stated).inferred)
    assert len(used) == 1
