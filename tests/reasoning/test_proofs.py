"""Proofs are short, never run in circles, and cannot be tampered with."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
import reasoning_graphs
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import NotEntailed
from graph_service.explaining import checker
from graph_service.explaining.rendering import LeafSource, as_json, as_text, as_turtle
from graph_service.rdf.terms import Quad, Term, Triple
from graph_service.reasoning.applicable import ApplicableRules
from graph_service.reasoning.compiled import CompiledReasoner
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.proofs import Inference, Proof, ProofSearch, explain
from tests.reasoning.graphs import ontologies
from tests.reasoning.test_closure import GRAPH, repeatable
from tests.reasoning.turtle import shipped, triples

ROOT = Path(__file__).parents[2]


def facts_of(stated: Sequence[Triple]) -> MemoryFacts:
    closure = CompiledReasoner().close(stated)
    return MemoryFacts([Quad(*triple, GRAPH) for triple in stated], closure.inferred)


def proof_of(text: str, conclusion: str) -> Proof:
    facts = facts_of(triples(text))
    proof = explain(triples(conclusion)[0], facts)
    checker.check(proof, facts.stated)
    return proof


CIRCLES = {
    "symmetric": (":p a owl:SymmetricProperty . :a :p :b .", ":b :p :a ."),
    "transitive": (
        ":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :a . :c :p :d .",
        ":a :p :a .",
    ),
    "same": (":a owl:sameAs :b . :b owl:sameAs :c . :c owl:sameAs :a . :c :p :d .", ":b :p :d ."),
    "inverse": (":p owl:inverseOf :q . :q owl:inverseOf :p . :a :p :b .", ":b :q :a ."),
    "equivalent": (
        ":A owl:equivalentClass :B . :B owl:equivalentClass :C . :C owl:equivalentClass :A . :x a :A .",
        ":x a :C .",
    ),
    "a deep chain": (
        ":p a owl:TransitiveProperty . " + " ".join(f":n{k} :p :n{k + 1} ." for k in range(40)),
        ":n0 :p :n40 .",
    ),
}


@pytest.mark.parametrize("circle", CIRCLES)
def test_circles_end(circle: str) -> None:
    premises, conclusion = CIRCLES[circle]
    proof = proof_of(premises, conclusion)
    conclusions = [inference.conclusion for inference in proof.inferences]
    assert len(set(conclusions)) == len(conclusions)
    assert len(proof.inferences) <= 40


def test_a_proof_is_short() -> None:
    premises = (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :p rdfs:domain :A . :q rdfs:domain :C . :a :p :b ; :q :b ."
    )
    proof = proof_of(premises, ":a a :C .")
    assert [inference.rule for inference in proof.inferences] == ["prp-dom"]


def test_one_reason_of_many_is_enough() -> None:
    """A thousand memberships give the same relation; the proof names one."""
    many = " ".join(f":a :holds :x{k} . :x{k} :about :t ." for k in range(1000))
    proof = proof_of(f":speaksOn owl:propertyChainAxiom (:holds :about) . {many}", ":a :speaksOn :t .")
    assert len(proof.inferences) == 1


def test_reasons_that_rest_on_the_goal_are_passed_over() -> None:
    """Of a dozen uses that conclude the goal, all but the last presuppose it."""
    loops = " ".join(f":p{k:03} rdfs:subPropertyOf :p . :p rdfs:subPropertyOf :p{k:03} ." for k in range(12))
    proof = proof_of(f"{loops} :z rdfs:subPropertyOf :p . :a :z :b .", ":a :p :b .")
    assert [inference.rule for inference in proof.inferences] == ["prp-spo1"]


def test_a_stated_triple_is_its_own_proof() -> None:
    proof = proof_of(":p a owl:SymmetricProperty . :a :p :b . :b :p :a .", ":a :p :b .")
    assert not proof.inferences
    assert proof.stated == {triples(":a :p :b .")[0]: (GRAPH,)}


def test_what_does_not_follow_says_so() -> None:
    with pytest.raises(NotEntailed, match="neither stands in the data nor follows"):
        proof_of(":p a owl:TransitiveProperty . :a :p :b . :b :p :c .", ":c :p :a .")


@st.composite
def proved(draw: st.DrawFn) -> tuple[Proof, MemoryFacts]:
    """A proof of some inferred triple, with its facts."""
    stated = draw(ontologies().filter(lambda stated: bool(CompiledReasoner().close(stated).inferred)))
    facts = facts_of(stated)
    inferred = sorted(CompiledReasoner().close(stated).inferred)
    return explain(draw(st.sampled_from(inferred)), facts), facts


STRANGE = "<http://example.org/strange>"


def tampered(proof: Proof, choose: random.Random) -> Proof:
    """The proof with one term, rule name or leaf changed."""
    kind = choose.choice(("premise", "conclusion", "rule", "leaf", "missing", "order", "whole"))
    number = choose.randrange(len(proof.inferences))
    inference = proof.inferences[number]
    if kind == "premise" and inference.premises:
        position = choose.randrange(len(inference.premises))
        changed = list(inference.premises)
        changed[position] = _strange(changed[position], choose)
        return _with(proof, number, replace(inference, premises=tuple(changed)))
    if kind == "conclusion" and inference.conclusion:
        return _with(proof, number, replace(inference, conclusion=_strange(inference.conclusion, choose)))
    if kind == "rule":
        return _with(proof, number, replace(inference, rule=choose.choice(("prp-xyz", "cls-com", "eq-diff1"))))
    if kind == "leaf" and proof.stated:
        leaf = choose.choice(list(proof.stated))
        return replace(proof, stated={**proof.stated, leaf: ("<http://example.org/elsewhere>",)})
    if kind == "missing" and proof.stated:
        return replace(proof, stated=dict(list(proof.stated.items())[1:]))
    if kind == "order":
        return _with(
            proof, number, replace(inference, premises=(*inference.premises, Triple(STRANGE, STRANGE, STRANGE)))
        )
    return replace(proof, conclusion=Triple(STRANGE, STRANGE, STRANGE))


def _strange(triple: Triple, choose: random.Random) -> Triple:
    terms = list(triple)
    terms[choose.randrange(3)] = STRANGE
    return Triple(*terms)


def _with(proof: Proof, number: int, inference: Inference) -> Proof:
    inferences = list(proof.inferences)
    inferences[number] = inference
    return replace(proof, inferences=tuple(inferences))


@pytest.mark.slow
@repeatable
@given(proved(), st.randoms(use_true_random=False))
def test_the_checker_rejects_what_was_tampered_with(case: tuple[Proof, MemoryFacts], choose: random.Random) -> None:
    proof, facts = case
    checker.check(proof, facts.stated)
    for _ in range(10):
        with pytest.raises(checker.ProofRejected):
            checker.check(tampered(proof, choose), facts.stated)


def test_the_checker_rejects_a_circle() -> None:
    """Each of two inferences rests on the other: well-formed, and a proof of nothing."""
    a, b = triples(":p a owl:SymmetricProperty . :a :p :b ."), triples(":b :p :a .")[0]
    axiom, forth = a
    proof = Proof(
        b, (Inference("prp-symp", (axiom, forth), b), Inference("prp-symp", (axiom, b), forth)), {axiom: (GRAPH,)}
    )
    with pytest.raises(checker.ProofRejected, match="before it is proved"):
        checker.check(proof, lambda triple: (GRAPH,) if triple == axiom else ())


def test_the_checker_imports_nothing_of_the_reasoner() -> None:
    source = (ROOT / "src/graph_service/explaining/checker.py").read_text(encoding="utf-8")
    imported = {
        line.split()[1].rpartition(".")[2]
        for line in source.splitlines()
        if "graph_service" in line.split(" import")[0] and line.startswith("from")
    }
    assert imported == {"errors", "conditions", "datatypes", "notation", "rules", "terms"}


class Library:
    """Knows documents and passages, as a snapshot does."""

    def sources(self, triple: Triple, graphs: Sequence[Term]) -> Sequence[LeafSource]:
        kind = "ontology" if "Symmetric" in triple.object else "document"
        return [
            LeafSource(g, kind, "https://example.org/d", "Paper", "p. 3", "ab" * 32, "data/d.ttl", 7) for g in graphs
        ]


class TestRendering:
    proof = proof_of(":p a owl:SymmetricProperty . :a :p :b .", ":b :p :a .")

    def test_json_can_be_checked_by_who_receives_it(self) -> None:
        document = json.loads(json.dumps(as_json(self.proof, Library())))
        facts = facts_of(triples(":p a owl:SymmetricProperty . :a :p :b ."))
        checker.check(checker.read(document), facts.stated)
        assert document["stated"] is False
        assert document["nodes"][-1]["rule"] == "prp-symp"
        assert document["nodes"][0]["sources"][0]["digest"] == "ab" * 32

    @pytest.mark.parametrize("broken", [{}, {"nodes": [{"id": 1}], "conclusion": 1}, {"nodes": [], "conclusion": 3}])
    def test_other_json_is_no_proof(self, broken: dict[str, object]) -> None:
        with pytest.raises(checker.ProofRejected, match="not a proof"):
            checker.read(broken)

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", ("axiom in Paper, p. 3", "stated in", "by prp-symp from")),
            ("de", ("Axiom in", "angegeben in", "nach prp-symp aus")),
        ],
    )
    def test_text_names_rule_and_passage(self, language: str, words: tuple[str, ...]) -> None:
        text = as_text(self.proof, Library(), language=language)
        assert all(word in text for word in words)
        assert "data/d.ttl:7" in text
        assert text.count("SHA-256") == 2

    def test_text_of_a_stated_triple_says_so(self) -> None:
        assert "stated, not inferred" in as_text(proof_of(":a :p :b .", ":a :p :b ."))

    def test_turtle_is_provenance(self) -> None:
        graph = rdflib.Graph().parse(data=as_turtle(self.proof, Library()), format="turtle", publicID="http://x/")
        prov = rdflib.Namespace("http://www.w3.org/ns/prov#")
        activity = graph.value(None, rdflib.RDF.type, prov.Activity)
        assert len(list(graph.objects(activity, prov.used))) == 2
        assert len(list(graph.subject_objects(prov.hadPrimarySource))) == 2
        identifiers = {str(o) for o in graph.objects(None, rdflib.DCTERMS.identifier)}
        assert identifiers == {"prp-symp", "data/d.ttl:7"}


@pytest.mark.slow
def test_every_process_finds_the_same_proof() -> None:
    """Hash values of strings differ from process to process; what is published must not."""
    script = (
        "import json\n"
        "from graph_service.explaining.rendering import as_json\n"
        "from tests.reasoning.test_proofs import proof_of\n"
        "reasons = ' '.join(f':a :holds :x{k} . :x{k} :about :t .' for k in range(50))\n"
        "proof = proof_of(f':on owl:propertyChainAxiom (:holds :about) . {reasons}', ':a :on :t .')\n"
        "print([str(leaf) for leaf in proof.stated if ':node:' not in str(leaf)])\n"
    )
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "benchmarks")))
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1


def prove_all(quads: list[Quad]) -> int:
    """Prove and check everything that follows; how much that is."""
    closure = CompiledReasoner().close(list(dict.fromkeys(quad.triple for quad in quads)))
    assert not closure.contradictions
    facts = MemoryFacts(quads, closure.inferred)
    rules = ApplicableRules(owl2rl(), facts)
    for triple in closure.inferred:
        checker.check(ProofSearch([triple], facts, rules).proof(triple), facts.stated)
    return len(closure.inferred)


@pytest.mark.slow
def test_every_inferred_triple_of_a_generated_graph_is_proved() -> None:
    assert prove_all(reasoning_graphs.quads(10_000)) > 4_000


@pytest.mark.slow
def test_every_inferred_triple_of_the_shipped_graph_is_proved() -> None:
    quads = shipped()
    assert prove_all(quads) > len(quads) // 4
