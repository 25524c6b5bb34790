"""The ontology stays small, in OWL 2 RL, complete in both languages, and every term of it is used."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from graph_service.building import sources
from graph_service.building.sources import Role, SourceFile
from graph_service.rdf.lexer import TokenKind, significant, tokens
from graph_service.rdf.namespaces import OWL, RDF, RDFS, Names
from graph_service.rdf.terms import Term, Triple

from .conftest import QUERIES, ROOT
from .profile import violations

TYPE = f"<{RDF}type>"
SKOS = "http://www.w3.org/2004/02/skos/core#"
LABEL, DEFINED_BY = f"<{RDFS}label>", f"<{RDFS}isDefinedBy>"
DEFINITION, PREF_LABEL = f"<{SKOS}definition>", f"<{SKOS}prefLabel>"
ONTOLOGY = "<https://w3id.org/migration-policy/ontology>"
PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty .
"""


def own(term: Term, names: Names) -> bool:
    return term.startswith(f"<{names.prefixes['mp']}")


def terms_of(ontology: frozenset[Triple], names: Names) -> set[Term]:
    return {t.subject for t in ontology if own(t.subject, names)}


def languages(ontology: frozenset[Triple], predicate: Term) -> dict[Term, list[str]]:
    found: dict[Term, list[str]] = defaultdict(list)
    for triple in ontology:
        if triple.predicate == predicate:
            found[triple.subject].append(triple.object.rpartition("@")[2])
    return {subject: sorted(tags) for subject, tags in found.items()}


def names_in(text: str, prefix: str = "mp") -> set[str]:
    """Local names behind a prefix in a Turtle or SPARQL text, without those in strings and comments."""
    kinds = (token.text for token in significant(tokens(text)) if token.kind is TokenKind.PNAME_LN)
    return {name.partition(":")[2] for name in kinds if name.startswith(f"{prefix}:")} - {""}


def test_ontology_is_in_owl_2_rl(ontology: frozenset[Triple]) -> None:
    assert violations(ontology) == []


@pytest.mark.parametrize(
    ("axioms", "why"),
    [
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .", "someValuesFrom"),
        (":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :B :C ) ] .", "unionOf"),
        ("[ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A .", "allValuesFrom"),
        (
            ":A owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
            "someValuesFrom",
        ),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 2 ] .", "cardinality"),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] .", "minCardinality"),
        (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasSelf true ] .", "hasSelf"),
        (":A owl:disjointUnionOf ( :B :C ) .", "disjointUnionOf"),
        (":p a owl:ReflexiveProperty .", "ReflexiveProperty"),
        ("owl:Thing rdfs:subClassOf :A .", "Thing"),
        (":p a owl:TransitiveProperty , owl:FunctionalProperty .", "composite"),
        (":p owl:propertyChainAxiom ( :q :r ) ; a owl:AsymmetricProperty .", "composite"),
        (":p owl:propertyChainAxiom ( :q :r ) . :q owl:propertyChainAxiom ( :r :p ) .", "depends on itself"),
        (":undeclared rdfs:domain :A .", "not declared"),
        (":p a owl:DatatypeProperty .", "exactly one kind"),
        (":p rdfs:domain :A ; rdfs:range <http://www.w3.org/2001/XMLSchema#string> .", "range"),
        (":d a owl:DatatypeProperty ; rdfs:range <http://www.w3.org/2001/XMLSchema#date> .", "range"),
    ],
)
def test_profile_check_refuses(axioms: str, why: str, tmp_path: Path, names: Names) -> None:
    file = tmp_path / "bad.ttl"
    # A property of two kinds shows only where an axiom uses it.
    file.write_text(f"{PREFIXES} :p rdfs:domain :D .\n{axioms}", encoding="utf-8")
    source = SourceFile(file, "bad.ttl", Role.ONTOLOGY, names.ontology_graph)
    found = violations(quad.triple for quad in sources.read(source, names))
    assert any(why in sentence for sentence in found), found


def test_profile_check_lets_pass_what_the_profile_has(tmp_path: Path, names: Names) -> None:
    file = tmp_path / "good.ttl"
    file.write_text(
        f"""{PREFIXES}
        [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] rdfs:subClassOf :A .
        [ a owl:Class ; owl:unionOf ( :B :C ) ] rdfs:subClassOf :A .
        :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] .
        :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .
        :q owl:propertyChainAxiom ( :q :p ) , ( :r :q ) ; a owl:SymmetricProperty ; owl:inverseOf :r .""",
        encoding="utf-8",
    )
    source = SourceFile(file, "good.ttl", Role.ONTOLOGY, names.ontology_graph)
    assert violations(quad.triple for quad in sources.read(source, names)) == []


def test_nothing_is_imported_and_nothing_is_the_same_as_anything(ontology: frozenset[Triple]) -> None:
    used = {triple.predicate for triple in ontology}
    assert used.isdisjoint({f"<{OWL}imports>", f"<{OWL}sameAs>"})


def test_version_iri_and_version_info_agree(ontology: frozenset[Triple]) -> None:
    values = {t.predicate: t.object for t in ontology if t.subject == ONTOLOGY}
    version = values[f"<{OWL}versionInfo>"].strip('"')
    assert values[f"<{OWL}versionIRI>"] == f"{ONTOLOGY[:-1]}/{version}>"
    notes = {t.object for t in ontology if t.subject == ONTOLOGY and t.predicate == f"<{SKOS}changeNote>"}
    told = {t.object for t in ontology if t.subject in notes and t.predicate == f"<{OWL}versionInfo>"}
    assert f'"{version}"' in told
    texts = languages(ontology, f"<{RDF}value>")
    assert {note for note in notes if texts.get(note) != ["de", "en"]} == set()


@pytest.mark.parametrize("predicate", [LABEL, DEFINITION])
def test_every_term_is_labelled_and_defined_once_in_each_language(
    predicate: Term, ontology: frozenset[Triple], names: Names
) -> None:
    found = languages(ontology, predicate)
    assert {term for term in terms_of(ontology, names) if found.get(term) != ["de", "en"]} == set()


def test_every_term_says_where_it_is_defined_and_what_it_is(ontology: frozenset[Triple], names: Names) -> None:
    kinds = {f"<{OWL}{kind}>" for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
    for term in terms_of(ontology, names):
        assert Triple(term, DEFINED_BY, ONTOLOGY) in ontology, term
        assert {t.object for t in ontology if t.subject == term and t.predicate == TYPE} & kinds, term


def test_labels_are_not_used_twice(ontology: frozenset[Triple], names: Names) -> None:
    labels = [t.object for t in ontology if t.predicate == LABEL and own(t.subject, names)]
    assert len(labels) == len(set(labels))


def test_every_term_is_used_by_a_competency_question(ontology: frozenset[Triple], names: Names) -> None:
    used = {name for path in QUERIES.glob("*.rq") for name in names_in(path.read_text(encoding="utf-8"))}
    known = {term[1:-1].rpartition("#")[2] for term in terms_of(ontology, names)}
    assert known - used == set()


@pytest.mark.parametrize(
    "path",
    sorted(p for d in ("data", "ontology", "queries") for p in (ROOT / d).rglob("*.*") if p.suffix in (".ttl", ".rq")),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_no_term_is_used_that_the_ontology_does_not_have(path: Path, ontology: frozenset[Triple], names: Names) -> None:
    known = {term[1:-1].rpartition("#")[2] for term in terms_of(ontology, names)}
    assert names_in(path.read_text(encoding="utf-8")) - known == set()


def test_every_concept_is_complete_and_in_a_scheme_that_exists(ontology: frozenset[Triple]) -> None:
    concepts = {t.subject for t in ontology if t.predicate == TYPE and t.object == f"<{SKOS}Concept>"}
    schemes = {t.subject for t in ontology if t.predicate == TYPE and t.object == f"<{SKOS}ConceptScheme>"}
    placed = {t.subject: t.object for t in ontology if t.predicate == f"<{SKOS}inScheme>"}
    for predicate in (PREF_LABEL, DEFINITION):
        found = languages(ontology, predicate)
        assert {c for c in concepts | schemes if found.get(c) != ["de", "en"]} == set()
    assert {c for c in concepts if placed.get(c) not in schemes} == set()


def test_a_hierarchy_stays_in_its_scheme(ontology: frozenset[Triple]) -> None:
    placed = {t.subject: t.object for t in ontology if t.predicate == f"<{SKOS}inScheme>"}
    broader = [t for t in ontology if t.predicate == f"<{SKOS}broader>"]
    assert broader
    assert [t for t in broader if placed[t.subject] != placed[t.object]] == []
    top = {t.subject for t in ontology if t.predicate == f"<{SKOS}topConceptOf>"}
    below = {t.subject for t in broader}
    assert set(placed) == top | below
    assert top.isdisjoint(below)


def test_only_what_a_chain_or_class_needs_is_left_to_reasoning(ontology: frozenset[Triple], names: Names) -> None:
    """A term whose definition says that it follows has an axiom from which it can follow."""
    concluding = {f"<{OWL}{p}>" for p in ("propertyChainAxiom", "inverseOf")}
    with_axiom = {t.subject for t in ontology if t.predicate in concluding}
    with_axiom |= {t.object for t in ontology if t.predicate == f"<{RDFS}subPropertyOf>"}
    for triple in ontology:
        if triple.predicate == DEFINITION and re.search(r"[Ff]ollows by reasoning", triple.object):
            assert triple.subject in with_axiom, triple.subject
