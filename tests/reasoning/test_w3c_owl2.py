"""The W3C OWL 2 test cases: what is derived of the RL profile and the RDF-based semantics, and that no other is broken.

Source: W3C OWL 2 Conformance test cases, see `tests/w3c_suites.py`; the cases of the RDF-based semantics are those of
M. Schneider and K. Mainzer that the suite has taken in. Only cases written in RDF/XML are read; entailment is that of
the rules, so what they cannot derive is listed below with the reason. An entry that no longer applies fails its test.
Of all other cases, only what must not follow is tested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox
import pytest

from graph_service.rdf.terms import Triple
from graph_service.reasoning.compiled import CompiledReasoner
from tests.reasoning.turtle import skolem
from tests.w3c_suites import SUITES, suites

SUITE = SUITES / "owl2" / "all.rdf"
TEST = "http://www.w3.org/2007/OWL/testOntology#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OWL = "http://www.w3.org/2002/07/owl#"

# What the rules of OWL 2 RL/RDF do not derive, and why.
AXIOM = "the rules derive assertions, not axioms (OWL 2 Profiles, theorem PR1)"
REFUTATION = "follows by refutation only: no rule concludes owl:differentFrom or membership in a complement"
COMPREHENSION = "speaks of a class expression or list that the premises do not hold: rules make no new nodes"
RANGES = "no rule compares datatypes as such, or intersects their value spaces"
ANNOTATION = "an equivalent class is not the same individual; under direct semantics annotations say nothing"
NOT_DERIVED = {
    "Chain2trans": AXIOM,
    "DisjointClasses-2D001": REFUTATION,
    "DisjointClasses-2D003": REFUTATION,
    "New-2DFeature-2DDisjointDataProperties-2D002": REFUTATION,
    "New-2DFeature-2DDisjointObjectProperties-2D001": REFUTATION,
    "New-2DFeature-2DDisjointObjectProperties-2D002": REFUTATION,
    "New-2DFeature-2DObjectQCR-2D002": REFUTATION,
    "New-2DFeature-2DReflexiveProperty-2D001": "owl:ReflexiveProperty is not in the RL profile and has no rule",
    "Owl2-2Drl-2Drules-2Dfp-2DdifferentFrom": REFUTATION,
    "Owl2-2Drl-2Drules-2Difp-2DdifferentFrom": REFUTATION,
    "TestCase-3AWebOnt-2DI4.6-2D005-2DDirect": ANNOTATION,
    "TestCase-3AWebOnt-2DI5.26-2D010": COMPREHENSION,
    "TestCase-3AWebOnt-2DI5.5-2D005": COMPREHENSION,
    "TestCase-3AWebOnt-2DI5.8-2D006": RANGES,
    "TestCase-3AWebOnt-2DI5.8-2D008": RANGES,
    "TestCase-3AWebOnt-2DI5.8-2D009": RANGES,
    "TestCase-3AWebOnt-2DdifferentFrom-2D001": REFUTATION,
    "TestCase-3AWebOnt-2DequivalentClass-2D008-2DDirect": ANNOTATION,
    "TestCase-3AWebOnt-2Dimports-2D011": "owl:imports is never followed: a build is told what belongs to it",
}
NOT_READ = {
    "FS2RDF-2Dliterals-2Dar": "its property rdf:_1 stands in no RDF/XML that the parser takes",
    "TestCase-3AWebOnt-2DOntology-2D003": "what must not follow is its ontology header, which the tests leave out",
}


@dataclass
class Case:
    name: str
    kinds: set[str] = field(default_factory=set)
    premise: str = ""
    conclusion: str = ""
    non_conclusion: str = ""
    imports: str = ""
    derived: bool = False

    def __str__(self) -> str:
        return self.name


_FIELDS = {
    "rdfXmlPremiseOntology": "premise",
    "rdfXmlConclusionOntology": "conclusion",
    "rdfXmlNonConclusionOntology": "non_conclusion",
}


def double_quoted(text: str) -> str:
    """Entities as the parser wants them."""
    return re.sub(r"(<!ENTITY\s+\S+\s+)'([^']*)'", r'\1"\2"', text)


@cache
def cases() -> list[Case]:
    """The cases that are written in RDF/XML."""
    if not SUITE.exists():
        return []
    store = ox.Store()
    text = double_quoted(SUITE.read_text(encoding="utf-8"))
    store.load(text, format=ox.RdfFormat.RDF_XML, base_iri="http://owl.semanticweb.org/")
    found = []
    for quad in store.quads_for_pattern(None, ox.NamedNode(TEST + "identifier"), None):
        case = Case(str(quad.subject).rpartition("/")[2].rstrip(">"))
        case.derived = getattr(quad.object, "value", "").startswith("rdfbased-sem-")
        for _, predicate, value, _ in store.quads_for_pattern(quad.subject, None, None):
            local = predicate.value.removeprefix(TEST)
            if predicate.value == RDF_TYPE:
                case.kinds.add(str(value).rpartition("#")[2].rstrip(">"))
            elif local in _FIELDS:
                setattr(case, _FIELDS[local], getattr(value, "value", ""))
            elif local == "importedOntology":
                case.imports = str(value)
            elif local == "profile":
                case.derived |= str(value).endswith("#RL>")
        if case.premise and case.name not in NOT_READ and (case.derived or not case.imports):
            found.append(case)
    return sorted(found, key=str)


def of_kind(kind: str) -> list[Case]:
    """The cases of a kind; what has to be derived is asked of those only that rules can derive."""
    sound = kind in ("NegativeEntailmentTest", "ConsistencyTest")
    return [case for case in cases() if kind in case.kinds and (sound or case.derived)]


def parsed(text: str) -> list[ox.Triple]:
    """The triples of a document without its ontology header, comments and declarations, which say nothing."""
    base = re.search(r'xml:base="([^"]+)"', text)
    quads = ox.parse(
        double_quoted(text), format=ox.RdfFormat.RDF_XML, base_iri=base[1] if base else "http://example.org/"
    )
    return [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


_HEADERS = {OWL + name for name in ("Ontology",)}
_DECLARED = {
    OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "NamedIndividual", "AnnotationProperty")
} | {"http://www.w3.org/2000/01/rdf-schema#Datatype"}


def claims(text: str) -> Iterator[ox.Triple]:
    """What a conclusion says: its triples without header and declarations."""
    for triple in parsed(text):
        kind = str(triple.object).strip("<>") if triple.predicate.value == RDF_TYPE else ""
        if kind not in _HEADERS | _DECLARED:
            yield triple


def closed(text: str) -> tuple[ox.Store, bool]:
    """The full closure, and whether it is free of contradictions."""
    stated = list(dict.fromkeys(Triple(*map(skolem, triple)) for triple in map(tuple, parsed(text))))
    closure = CompiledReasoner(full=True).close(stated)
    store = ox.Store()
    lines = "\n".join(map(str, {*stated, *closure.inferred}))
    store.load(lines.encode(), format=ox.RdfFormat.N_TRIPLES)
    return store, not closure.contradictions


def entails(store: ox.Store, text: str) -> bool:
    """Simple entailment (RDF 1.1 Semantics, section 5): blank nodes of the conclusion stand for anything."""
    atoms = []
    for triple in claims(text):
        terms = (f"?b{t.value}" if isinstance(t, ox.BlankNode) else str(t) for t in tuple(triple))
        atoms.append(" ".join(terms))
    return bool(store.query(f"ASK {{ {' . '.join(atoms)} }}"))


pytestmark = pytest.mark.w3c("owl2")


@pytest.mark.parametrize("case", of_kind("PositiveEntailmentTest"), ids=str)
def test_entails(case: Case) -> None:
    store, consistent = closed(case.premise)
    derived = not consistent or entails(store, case.conclusion)
    assert derived is (case.name not in NOT_DERIVED), NOT_DERIVED.get(case.name)


@pytest.mark.parametrize("case", of_kind("NegativeEntailmentTest"), ids=str)
def test_does_not_entail(case: Case) -> None:
    store, _ = closed(case.premise)
    assert case.non_conclusion
    assert not entails(store, case.non_conclusion)


@pytest.mark.parametrize("case", of_kind("ConsistencyTest"), ids=str)
def test_is_consistent(case: Case) -> None:
    assert closed(case.premise)[1]


@pytest.mark.parametrize("case", of_kind("InconsistencyTest"), ids=str)
def test_is_inconsistent(case: Case) -> None:
    assert not closed(case.premise)[1]


def test_the_list_names_existing_cases() -> None:
    assert set(NOT_DERIVED) <= {case.name for case in of_kind("PositiveEntailmentTest")}


def test_the_suite_is_read_whole() -> None:
    kinds = ("PositiveEntailmentTest", "NegativeEntailmentTest", "ConsistencyTest", "InconsistencyTest")
    assert sum(len(of_kind(kind)) for kind in kinds) == suites()["owl2"].cases
