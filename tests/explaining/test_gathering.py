"""Proofs over a store: what is gathered of the facts proves what the whole graph proves, within limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from graph_service.errors import LimitExceeded, NotEntailed, QueryTimeout
from graph_service.explaining import checker
from graph_service.explaining.gathering import (
    Finished,
    GatheredFacts,
    Inquiry,
    ProofLimits,
    Result,
    advance,
    find_proof,
    load_ontology,
)
from graph_service.rdf.formats import TSV
from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import Quad, Triple
from graph_service.reasoning.compiled import CompiledReasoner
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.proofs import Proof, explain
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.reasoning.graphs import ontologies
from tests.reasoning.test_closure import repeatable
from tests.reasoning.turtle import triples
from tests.snapshot_servers import Stores
from tests.store.snapshots import INFERRED, write_snapshot

GRAPH = "<http://e/graph/stated>"
# Every so many inferred triples of the shipped graph are proved; all of them take two minutes.
STRIDE = 40


class StoredGraph:
    """Triples and their closure in a store, and proofs over it."""

    def __init__(self, store: EmbeddedStore, inferred_graph: str, limits: ProofLimits) -> None:
        self.inferred_graph = inferred_graph
        self.queries = 0
        self._store = store
        self._limits = limits
        self._ontology = self._run(load_ontology(inferred_graph, limits))

    def prove(self, goal: Triple) -> Proof:
        return self._run(find_proof(goal, GatheredFacts(self._ontology, self.inferred_graph, self._limits)))

    def _run(self, inquiry: Inquiry[Result]) -> Result:
        step = advance(inquiry, None)
        while not isinstance(step, Finished):
            self.queries += len(step)
            step = advance(inquiry, [self._store.query(query, TSV) for query in step])
        return step.result


def named(stated: Iterable[Triple]) -> list[Triple]:
    """The triples without blank nodes, as the build keeps them."""
    return [Triple(*(f"<urn:node:{t[2:]}>" if t.startswith("_:") else t for t in triple)) for triple in stated]


def stored(stated: Sequence[Triple], inferred: Iterable[Triple], limits: ProofLimits | None = None) -> StoredGraph:
    lines = [str(Quad(*triple, GRAPH)) for triple in stated]
    lines += [str(Quad(*triple, f"<{INFERRED}>")) for triple in inferred]
    with TemporaryDirectory() as directory:
        store = EmbeddedStore.open(write_snapshot(Path(directory), lines))
    return StoredGraph(store, f"<{INFERRED}>", limits or ProofLimits())


def closed(text: str, limits: ProofLimits | None = None) -> StoredGraph:
    stated = named(triples(text))
    return stored(stated, CompiledReasoner().close(stated).inferred, limits)


@settings(repeatable, max_examples=60)
@given(ontologies())
def test_generated_graphs_have_the_proofs_of_the_whole_graph(drawn: list[Triple]) -> None:
    stated = named(drawn)
    inferred = CompiledReasoner().close(stated).inferred
    whole = MemoryFacts([Quad(*triple, GRAPH) for triple in stated], inferred)
    graph = stored(stated, inferred)
    for triple in inferred:
        proof = graph.prove(triple)
        checker.check(proof, whole.stated)
        assert proof == explain(triple, whole)


def test_shipped_triples_have_the_proofs_of_the_whole_graph(shipped_snapshot: Snapshot, stores: Stores) -> None:
    inferred_graph = f"<{shipped_snapshot.manifest.inferred_graph}>"
    quads = list(shipped_snapshot.quads())
    inferred = [quad.triple for quad in quads if quad.graph == inferred_graph]
    whole = MemoryFacts([quad for quad in quads if quad.graph != inferred_graph], inferred)
    graph = StoredGraph(stores.embedded(shipped_snapshot), inferred_graph, ProofLimits())
    assert len(inferred) > STRIDE
    for triple in inferred[::STRIDE]:
        proof = graph.prove(triple)
        checker.check(proof, whole.stated)
        assert proof.inferences
        assert proof == explain(triple, whole)


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        (f'"01"^^<{XSD}integer>', f'"1"^^<{XSD}integer>'),
        (f'"1"^^<{XSD}integer>', f'"01"^^<{XSD}integer>'),
        (f'"1.50"^^<{XSD}decimal>', f'"1.5"^^<{XSD}decimal>'),
        (f'"1e3"^^<{XSD}double>', f'"1000.0"^^<{XSD}double>'),
        (f'"1"^^<{XSD}boolean>', f'"true"^^<{XSD}boolean>'),
        (f'"2020-01-01T00:00:00+00:00"^^<{XSD}dateTime>', f'"2020-01-01T00:00:00Z"^^<{XSD}dateTime>'),
        ('"Dresden"@de', '"Dresden"@de'),
        ('"\\"a\\\\b\\n"', '"\\"a\\\\b\\n"'),
    ],
)
def test_literals_are_found_by_value(asked: str, stated: str) -> None:
    graph = closed(f":p rdfs:subPropertyOf :q . :a :p {stated} .")
    subject, _, _ = triples(":a :p 1 .")[0]
    for predicate, steps in (("p", 0), ("q", 1)):
        named_predicate = triples(f":a :{predicate} 1 .")[0].predicate
        assert len(graph.prove(Triple(subject, named_predicate, asked)).inferences) == steps


@pytest.mark.parametrize("other", [f'"1.0"^^<{XSD}double>', '"1"', f'"2"^^<{XSD}integer>', '"1"@de'])
def test_literals_of_another_value_are_not(other: str) -> None:
    graph = closed(":a :p 1 .")
    with pytest.raises(NotEntailed):
        graph.prove(triples(":a :p 1 .")[0]._replace(object=other))


def test_what_does_not_follow_costs_little() -> None:
    graph = closed(":p a owl:TransitiveProperty . " + " ".join(f":n{k} :p :n{k + 1} ." for k in range(20)))
    graph.queries = 0
    with pytest.raises(NotEntailed, match="neither stands in the data nor follows"):
        graph.prove(triples(":n3 :p :n1 .")[0])
    assert graph.queries < 20


DEEP = ":p a owl:TransitiveProperty . " + " ".join(f":n{k} :p :n{k + 1} ." for k in range(12))
GOAL = ":n0 :p :n12 ."


@pytest.mark.parametrize("what", ["rounds", "patterns", "facts"])
def test_the_limit_that_is_met_is_named(what: str) -> None:
    limits = replace(ProofLimits(), **{what: 2})
    with pytest.raises(LimitExceeded, match=f"more than 2 {what}"):
        closed(DEEP, limits).prove(triples(GOAL)[0])
    assert closed(DEEP).prove(triples(GOAL)[0]).inferences


def test_too_many_axioms_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="more than 3 axioms"):
        closed(":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :D .", ProofLimits(axioms=3))


def test_time_is_limited() -> None:
    with pytest.raises(QueryTimeout, match="No proof was found within 0 s"):
        closed(DEEP, ProofLimits(seconds=0)).prove(triples(GOAL)[0])


def speaks(reason: int) -> tuple[str, Triple]:
    """An actor with twenty positions, of which one is about the topic."""
    held = " ".join(f":a :holds :x{k} ." for k in range(20))
    text = f":speaksOn owl:propertyChainAxiom ( :holds :about ) . {held} :x{reason} :about :t ."
    return text, triples(":a :speaksOn :t .")[0]


def test_more_of_a_pattern_is_asked_for_where_a_part_does_not_do() -> None:
    for reason in range(20):
        text, goal = speaks(reason)
        assert len(closed(text, ProofLimits(per_pattern=2, widening=10)).prove(goal).inferences) == 1


@contextmanager
def collected(refusals: list[LimitExceeded]) -> Iterator[None]:
    """Keep the refusals for later; `NotEntailed` passes."""
    try:
        yield
    except LimitExceeded as error:
        refusals.append(error)


def test_what_a_part_does_not_prove_is_not_said_not_to_follow() -> None:
    refusals: list[LimitExceeded] = []
    for reason in range(20):
        text, goal = speaks(reason)
        with collected(refusals):
            closed(text, ProofLimits(per_pattern=1, widening=2)).prove(goal)
    assert refusals
    assert all("quads of one pattern" in refusal.message for refusal in refusals)


def test_one_reason_of_many_needs_few_facts() -> None:
    held = " ".join(f":a :holds :x{k} . :x{k} :about :t ." for k in range(900))
    graph = closed(f":speaksOn owl:propertyChainAxiom ( :holds :about ) . {held}")
    graph.queries = 0
    assert len(graph.prove(triples(":a :speaksOn :t .")[0]).inferences) == 1
    assert graph.queries < 10


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        (":R owl:hasValue 'ab' ; owl:onProperty :p . :a :p 'ab'^^xsd:token .", ":a a :R ."),
        (":p a owl:InverseFunctionalProperty . :a :p 'ab' . :b :p 'ab'^^xsd:NCName .", ":a owl:sameAs :b ."),
        (
            ":C owl:hasKey (:p :q) . :a a :C ; :p 'ab' ; :q '0f'^^xsd:hexBinary . :b a :C ; :p 'ab'^^xsd:token ;"
            " :q '0F'^^xsd:hexBinary .",
            ":a owl:sameAs :b .",
        ),
        (":R owl:hasValue 1 ; owl:onProperty :p . :a :p '01'^^xsd:byte .", ":a a :R ."),
    ],
)
def test_what_follows_by_the_value_of_a_literal_is_proved(text: str, goal: str) -> None:
    stated = named(triples(text))
    (wanted,) = triples(goal)
    proof = stored(stated, CompiledReasoner().close(stated).inferred).prove(wanted)
    # The store keeps numbers by value and everything else as it is written.
    assert {triple for triple in proof.stated if "integer" not in triple.object} <= set(stated)
    checker.check(proof, lambda triple: (GRAPH,))


def test_many_alike_triples_are_asked_for_by_one_pattern() -> None:
    """Each of thirty middles of a transitive step is no question of its own."""
    steps = " ".join(f":a :near :m{k} . :m{k} :far :n{k} ." for k in range(30))
    text = f":p a owl:TransitiveProperty . :near rdfs:subPropertyOf :p . :a :near :m . :m :near :z . {steps}"
    assert closed(text, ProofLimits(patterns=20)).prove(triples(":a :p :z .")[0]).inferences


def test_alike_triples_are_found_where_their_pattern_is_cut_short() -> None:
    steps = " ".join(f":a :near :m{k} . :x{k} :near :z ." for k in range(30))
    text = f":p a owl:TransitiveProperty . :near rdfs:subPropertyOf :p . :m29 :near :z . {steps}"
    limits = ProofLimits(per_pattern=35, widening=2)
    assert closed(text, limits).prove(triples(":a :p :z .")[0]).inferences
    assert closed(text, replace(limits, per_pattern=2, widening=100)).prove(triples(":a :p :z .")[0]).inferences
