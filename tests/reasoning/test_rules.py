"""Each rule of the W3C tables fires on its premises and not on others: in every reasoner, in proofs, in the checker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_service.errors import NotEntailed, SourceError
from graph_service.explaining import checker
from graph_service.rdf.terms import Quad, Triple
from graph_service.reasoning import Closure, Reasoner
from graph_service.reasoning.compiled import CompiledReasoner
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.notation import load, owl2rl
from graph_service.reasoning.proofs import Inference, explain, refute
from graph_service.reasoning.reference import OwlrlReasoner
from tests.reasoning.cases import CASES
from tests.reasoning.turtle import triples

REASONERS: dict[str, Reasoner] = {"compiled": CompiledReasoner(full=True), "owlrl": OwlrlReasoner(full=True)}

# What owlrl does not do, though the tables say so.
OWLRL_LACKS = {
    "dt-diff": "values of literals are not compared",
    "dt-not-type": "only a literal's own datatype is checked, not one that follows",
}
# Cases that another rule has to complete: the literal's rule has no conclusion of its own that RDF could state.
COMPLETED = {"rdfD1": "dt-not-type", "dt-eq": "cls-maxc1", "dt-diff": "eq-diff1"}


def concludes(closure: Closure, stated: list[Triple], conclusion: str) -> bool:
    if not conclusion:
        return bool(closure.contradictions)
    return set(triples(conclusion)) <= {*closure.inferred, *stated}


def test_every_rule_has_a_case() -> None:
    assert list(CASES) == [rule.name for rule in owl2rl()]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("reasoner", REASONERS)
def test_fires(reasoner: str, name: str) -> None:
    stated = triples(CASES[name].premises)
    fires = concludes(REASONERS[reasoner].close(stated), stated, CASES[name].conclusion)
    lacks = OWLRL_LACKS if reasoner == "owlrl" else {}
    assert fires is (name not in lacks), lacks.get(name)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.nearly])
@pytest.mark.parametrize("reasoner", REASONERS)
def test_does_not_fire(reasoner: str, name: str) -> None:
    stated = triples(CASES[name].nearly)
    assert not concludes(REASONERS[reasoner].close(stated), stated, CASES[name].conclusion)


@pytest.mark.parametrize("name", CASES)
def test_is_proved_by_its_own_name(name: str) -> None:
    """The prover, given that rule alone, needs one step; the checker agrees."""
    stated = triples(CASES[name].premises)
    facts = MemoryFacts([Quad(*triple, "<urn:graph>") for triple in stated], ())
    if name in COMPLETED or not CASES[name].conclusion:
        closure = CompiledReasoner(full=name == "rdfD1").close(stated)
        facts = MemoryFacts([Quad(*triple, "<urn:graph>") for triple in stated], closure.inferred)
        found = next(c for c in closure.contradictions if c.rule == COMPLETED.get(name, name))
        proof = refute(Inference(found.rule, found.premises, None), facts)
        assert set(found.stated) == set(proof.stated)
        assert "?" not in "".join(found.sentence.values()), "a variable is left in the sentence"
    else:
        rules = [rule for rule in owl2rl() if rule.name in (name, "cls-svf1" if name == "dt-type2" else name)]
        proof = explain(triples(CASES[name].conclusion)[0], facts, rules)
        assert proof.inferences[0].rule == name
        assert len(proof.inferences) == len(rules)
    checker.check(proof, facts.stated)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.nearly and case.conclusion])
def test_is_not_proved_from_less(name: str) -> None:
    facts = MemoryFacts([Quad(*triple, "<urn:graph>") for triple in triples(CASES[name].nearly)], ())
    with pytest.raises(NotEntailed):
        explain(triples(CASES[name].conclusion)[0], facts, owl2rl())


def test_false_rules_speak_english_and_german() -> None:
    for rule in owl2rl():
        assert set(rule.sentence) == (set() if rule.heads else {"en", "de"}), rule.name


def test_a_publisher_adds_rules(tmp_path: Path) -> None:
    file = tmp_path / "own.rules"
    file.write_text(
        "PREFIX : <http://example.org/>\n"
        "# Who opposes what a partner demands is at odds with it.\n"
        "odds: ?x :demands ?d & ?y :opposes ?d & ?x :partnerOf ?y => ?x :atOddsWith ?y\n"
        "self: ?x :atOddsWith ?x => false\n"
        "  en: {x} is at odds with itself.\n"
        "  de: {x} widerspricht sich selbst.\n",
        encoding="utf-8-sig",
    )
    rules = load(file)
    stated = triples(":a :demands :d ; :partnerOf :b, :a ; :opposes :d . :b :opposes :d .")
    closure = CompiledReasoner(rules).close(stated)
    assert set(closure.inferred) == set(triples(":a :atOddsWith :a, :b ."))
    assert [c.sentence["de"] for c in closure.contradictions] == ["<http://example.org/a> widerspricht sich selbst."]
    facts = MemoryFacts([Quad(*triple, "<urn:graph>") for triple in stated], closure.inferred)
    proof = explain(triples(":a :atOddsWith :b .")[0], facts, (*owl2rl(), *rules))
    checker.check(proof, facts.stated, rules)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("lost: ?x :p ?y => ?x :p ?z", "head only"),
        ("short: ?x :p => ?x :p ?x", "terms"),
        ("none: ?x :p ?y", "'=>'"),
        ("odd: ?x nobody:p ?y => ?x :p ?y", "nobody:p"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "own.rules"
    file.write_text(f"PREFIX : <http://example.org/>\n{line}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=re.escape(why)) as raised:
        load(file)
    assert raised.value.where is not None
    assert raised.value.where.line == 2


def reasoners() -> list[Reasoner]:
    return [CompiledReasoner(), OwlrlReasoner()]


@pytest.mark.parametrize("reasoner", reasoners(), ids=lambda r: r.name)
def test_literals_come_back_bit_for_bit(reasoner: Reasoner) -> None:
    stated = triples(
        ":p rdfs:subPropertyOf :q . :a :p '01'^^xsd:integer, '1.50'^^xsd:decimal, 'ä\\n\"'@de, 'x\\\\y', '2020'^^:y ."
    )
    found = {t.object for t in reasoner.close(stated).inferred if t.predicate == "<http://example.org/q>"}
    assert found == {t.object for t in stated if t.predicate == "<http://example.org/p>"}
