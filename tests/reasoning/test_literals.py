"""Literals by value: their types, what is the same and what differs, in closures, contradictions and proofs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.explaining import checker
from graph_service.rdf.terms import Quad, Triple, is_literal
from graph_service.reasoning import Closure
from graph_service.reasoning.compiled import CompiledReasoner
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.noise import is_noise
from graph_service.reasoning.proofs import Inference, explain, refute
from graph_service.reasoning.reference import OwlrlReasoner
from tests.reasoning.graphs import literal_graphs
from tests.reasoning.literal_cases import DIFFERENT, ILL_TYPED, NEITHER, SAME, VALUES, WELL_TYPED
from tests.reasoning.test_closure import repeatable
from tests.reasoning.turtle import triples

# owlrl takes what is the same as a literal for a datatype.
DATATYPE = "<http://www.w3.org/2000/01/rdf-schema#Datatype>"
MEMBERS = [(literal, name) for literal, (inside, _) in VALUES.items() for name in inside.split()]
OUTSIDERS = [(literal, name) for literal, (_, outside) in VALUES.items() for name in outside.split()]


def closed(text: str, *, full: bool = True) -> tuple[Closure, list[Triple]]:
    stated = triples(text)
    return CompiledReasoner(full=full).close(stated), stated


def entails(text: str, conclusion: str, *, full: bool = True) -> bool:
    """Whether a conclusion follows; if so, by a proof that the checker accepts."""
    closure, stated = closed(text, full=full)
    (goal,) = triples(conclusion)
    if goal not in closure.inferred:
        return False
    facts = MemoryFacts([Quad(*triple, "<urn:graph>") for triple in stated], [*closure.inferred, *closure.generalized])
    checker.check(explain(goal, facts), facts.stated)
    return True


def contradictions(text: str, *, full: bool = True) -> list[str]:
    """The rules that give false; each with a proof that the checker accepts."""
    closure, stated = closed(text, full=full)
    facts = MemoryFacts([Quad(*triple, "<urn:graph>") for triple in stated], [*closure.inferred, *closure.generalized])
    for found in closure.contradictions:
        checker.check(refute(Inference(found.rule, found.premises, None), facts), facts.stated)
        assert found.stated
    return [found.rule for found in closure.contradictions]


@pytest.mark.parametrize(("literal", "name"), MEMBERS)
def test_what_is_the_same_as_a_literal_has_its_types(literal: str, name: str) -> None:
    assert entails(f":a owl:sameAs {literal} .", f":a a xsd:{name} .")


@pytest.mark.parametrize(("literal", "name"), OUTSIDERS)
def test_a_value_outside_of_a_datatype_contradicts_it(literal: str, name: str) -> None:
    assert not entails(f":a owl:sameAs {literal} .", f":a a xsd:{name} .")
    assert "dt-not-type" in contradictions(f":a owl:sameAs {literal} ; a xsd:{name} .")
    assert contradictions(f":p rdfs:range xsd:{name} . :a :p {literal} .", full=False) == ["dt-not-type"]


@pytest.mark.parametrize(("one", "other"), SAME)
class TestSame:
    def test_things(self, one: str, other: str) -> None:
        assert entails(f":a owl:sameAs {one} . :b owl:sameAs {other} .", ":a owl:sameAs :b .")

    def test_statements_in_the_other_spelling(self, one: str, other: str) -> None:
        assert entails(f":a :p {one} . :b :p {other} .", f":a :p {other} .")
        assert not entails(f":a :p {one} . :b :p {other} .", f":a :p {other} .", full=False)

    @pytest.mark.parametrize("full", [False, True])
    def test_joins(self, one: str, other: str, *, full: bool) -> None:
        value = f":R owl:hasValue {one} ; owl:onProperty :p ."
        assert entails(f"{value} :a :p {other} .", ":a a :R .", full=full)
        key = f":C owl:hasKey (:p :q) . :a a :C ; :p {one} ; :q {other} . :b a :C ; :p {other} ; :q {one} ."
        assert entails(key, ":a owl:sameAs :b .", full=full)
        inverse = f":p a owl:InverseFunctionalProperty . :a :p {one} . :b :p {other} ."
        assert entails(inverse, ":a owl:sameAs :b .", full=full)
        disjoint = f":p owl:propertyDisjointWith :q . :a :p {one} ; :q {other} ."
        assert contradictions(disjoint, full=full)
        denied = f"[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue {one} . :a :p {other} ."
        assert contradictions(denied, full=full)

    @pytest.mark.parametrize("full", [False, True])
    def test_no_contradiction(self, one: str, other: str, *, full: bool) -> None:
        assert not contradictions(f":p a owl:FunctionalProperty . :a :p {one} , {other} .", full=full)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
class TestDifferent:
    def test_things(self, one: str, other: str) -> None:
        assert entails(f":a owl:sameAs {one} . :b owl:sameAs {other} .", ":a owl:differentFrom :b .")

    @pytest.mark.parametrize("full", [False, True])
    def test_contradiction(self, one: str, other: str, *, full: bool) -> None:
        assert contradictions(f":p a owl:FunctionalProperty . :a :p {one} , {other} .", full=full)


@pytest.mark.parametrize(("one", "other"), [*DIFFERENT, *NEITHER])
@pytest.mark.parametrize("full", [False, True])
def test_other_values_are_not_joined(one: str, other: str, *, full: bool) -> None:
    assert not entails(f":R owl:hasValue {one} ; owl:onProperty :p . :a :p {other} .", ":a a :R .", full=full)
    assert not entails(f":a owl:sameAs {one} . :b owl:sameAs {other} .", ":a owl:sameAs :b .", full=full)


@pytest.mark.parametrize(("one", "other"), NEITHER)
def test_what_is_not_known_to_differ_is_no_contradiction(one: str, other: str) -> None:
    assert not contradictions(f":p a owl:FunctionalProperty . :a :p {one} , {other} .")


@pytest.mark.parametrize("literal", ILL_TYPED)
def test_an_ill_typed_literal_contradicts_its_own_datatype_once(literal: str) -> None:
    text = f":a :p {literal} . :p rdfs:subPropertyOf :q ."
    assert contradictions(text) == ["dt-not-type"]
    assert not contradictions(text, full=False)


@pytest.mark.parametrize("literal", [*WELL_TYPED, *VALUES])
def test_a_well_typed_literal_contradicts_nothing(literal: str) -> None:
    assert not contradictions(f":a :p {literal} .")


def test_enumerations_hold_literals() -> None:
    enumerated = ":D owl:oneOf (1 2) . :R owl:someValuesFrom :D ; owl:onProperty :p ."
    assert entails(f"{enumerated} :a :p '01'^^xsd:byte .", ":a a :R .")
    assert not entails(f"{enumerated} :a :p 3 .", ":a a :R .")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (":p rdfs:subPropertyOf :q . :a :p 1.50 ; :q 1.5 .", set()),
        (":p rdfs:subPropertyOf :q . :a :p 1.50, 1.5, 2.0 .", {'"1.5"', '"2.0"'}),
        (":R owl:hasValue 1 ; owl:onProperty :q . :a :q '01'^^xsd:byte .", set()),
        (":p rdfs:subPropertyOf :q . :a :p 'a'^^xsd:token ; :q 'a' .", set()),
        (":p rdfs:subPropertyOf :q . :a :p 'PT24H'^^xsd:duration ; :q 'P1D'^^xsd:duration .", {'"PT24H"'}),
    ],
)
def test_a_value_is_inferred_once_and_not_if_it_is_stated(text: str, values: set[str]) -> None:
    """Stores keep values; they would count what is stated and inferred in two spellings twice."""
    closure, _ = closed(text, full=False)
    found = [triple.object for triple in closure.inferred if triple.predicate == "<http://example.org/q>"]
    assert {value.partition("^^")[0] for value in found} == values
    assert len(found) == len(values)


def test_a_literal_is_no_predicate() -> None:
    for full in (False, True):
        closure, _ = closed(":p owl:sameAs 'x' . :a :p :b .", full=full)
        assert not [triple for triple in closure.inferred if is_literal(triple.predicate)]


def test_many_spellings_of_one_value_are_joined_in_linear_time() -> None:
    """Ten thousand spellings would be a hundred million pairs."""
    spelled = " ".join(f":a{n} :p {'0' * n}1 ; :q :x ." for n in range(2000))
    closure, _ = closed(f":R owl:hasValue 1 ; owl:onProperty :p . {spelled}", full=False)
    assert len([triple for triple in closure.inferred if triple.object == "<http://example.org/R>"]) == 2000


@pytest.mark.slow
@repeatable
@given(literal_graphs(), st.booleans())
def test_everything_that_follows_is_proved(stated: list[Triple], full: bool) -> None:
    closure = CompiledReasoner(full=full).close(stated)
    facts = MemoryFacts([Quad(*triple, "<urn:graph>") for triple in stated], [*closure.inferred, *closure.generalized])
    for triple in closure.inferred:
        checker.check(explain(triple, facts), facts.stated)
    for found in closure.contradictions:
        checker.check(refute(Inference(found.rule, found.premises, None), facts), facts.stated)


@pytest.mark.slow
@repeatable
@given(literal_graphs())
def test_the_full_closure_holds_that_of_owlrl_and_the_useful_one(stated: list[Triple]) -> None:
    full = set(CompiledReasoner(full=True).close(stated).inferred)
    useful = CompiledReasoner().close(stated)
    assert {triple for triple in useful.inferred if triple.subject != triple.object} <= full
    reference = OwlrlReasoner().close(stated)
    if not reference.contradictions:
        of_owlrl = set(reference.inferred)
        assert {triple for triple in of_owlrl if not is_noise(*triple) and triple.object != DATATYPE} <= full
