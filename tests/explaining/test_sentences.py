"""Axioms and classes without a name, told in sentences."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from graph_service.explaining.gathering import Ontology
from graph_service.explaining.sentences import Sentences
from graph_service.rdf.terms import Quad, Triple

GENID = "https://example.org/.well-known/genid/ontology/"
PREFIXES = f"""@prefix : <https://example.org/> . @prefix b: <{GENID}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
LISTS = "b:l rdf:first :A ; rdf:rest b:m . b:m rdf:first :B ; rdf:rest rdf:nil . "
SOME = "b:x owl:onProperty :p ; owl:someValuesFrom :A . "


def sentences(axioms: str, language: str = "en") -> tuple[Sentences, list[Triple]]:
    """The sentences of an ontology, and its triples in their order."""
    graph = "<https://example.org/graph/ontology>"
    triples = [
        Triple(str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in ox.parse((PREFIXES + axioms).encode(), format=ox.RdfFormat.TURTLE)
    ]
    ontology = Ontology([Quad(*triple, graph) for triple in triples], "<https://example.org/graph/inferred>")
    return Sentences(language, ontology, lambda term: term.strip('<>"').rpartition("/")[2].rpartition("#")[2]), triples


@pytest.mark.parametrize(
    ("axioms", "english", "german"),
    [
        (
            "b:x owl:onProperty :p ; owl:hasValue :v . :C rdfs:subClassOf b:x .",
            "Everything that is of the kind “C” also has the value “v” for “p”.",
            "Alles, was von der Art „C“ ist, ist auch etwas, was bei „p“ den Wert „v“ hat.",
        ),
        (
            "b:x owl:onProperty :p ; owl:someValuesFrom b:y . b:y owl:onProperty :q ; owl:someValuesFrom owl:Thing . "
            "b:x rdfs:subClassOf :C .",
            "Everything that has a value for “p” that has a value for “q” also is of the kind “C”.",
            "Alles, was bei „p“ einen Wert hat, der bei „q“ einen Wert hat, ist auch von der Art „C“.",
        ),
        (
            LISTS + ":C owl:equivalentClass b:x . b:x owl:unionOf b:l .",
            "Everything that is of the kind “C” also is of the kind “A” or is of the kind “B”, and the other "
            "way round.",
            "Alles, was von der Art „C“ ist, ist auch etwas, was von der Art „A“ ist oder von der Art „B“ ist, und "
            "umgekehrt.",
        ),
        (
            LISTS + ":C owl:oneOf b:l .",
            "Everything that is of the kind “C” also is one of these: A, B, and the other way round.",
            "Alles, was von der Art „C“ ist, ist auch etwas, was eines von diesen ist: A, B, und umgekehrt.",
        ),
        (
            "b:x owl:onProperty :p ; owl:allValuesFrom b:y . b:y owl:complementOf :A . :C rdfs:subClassOf b:x .",
            "Everything that is of the kind “C” also has for “p” only what is nothing that is of the kind “A”.",
            "Alles, was von der Art „C“ ist, ist auch etwas, was bei „p“ nur das hat, was nichts von dem ist, was von "
            "der Art „A“ ist.",
        ),
        (
            'b:x owl:onProperty b:i ; owl:maxQualifiedCardinality "1" ; owl:onClass :A . b:i owl:inverseOf :p . '
            ":C rdfs:subClassOf b:x .",
            "Everything that is of the kind “C” also has for “p” (reversed) at most 1, where only that counts which "
            "is of the kind “A”.",
            "Alles, was von der Art „C“ ist, ist auch etwas, was bei „p“ (umgekehrt) höchstens 1 hat, wobei nur zählt, "
            "was von der Art „A“ ist.",
        ),
        (
            LISTS + ":p owl:propertyChainAxiom b:l .",
            "Where “A” and then “B” lead from one to another, “p” holds between the two.",
            "Führen „A“ und dann „B“ von einem zum anderen, so gilt zwischen beiden „p“.",
        ),
        (
            LISTS + ":C owl:hasKey b:l .",
            "Two things of this class (“C”) that agree in “A” and “B” are the same.",
            "Zwei Dinge dieser Klasse („C“), die in „A“ und „B“ übereinstimmen, sind dasselbe.",
        ),
        (
            ":p a owl:SymmetricProperty .",
            "“p” is of the kind “SymmetricProperty”",
            "„p“ ist von der Art „SymmetricProperty“",
        ),
        (
            SOME + ":p rdfs:range b:x .",
            "Every value of “p” has a value for “p” that is of the kind “A”.",
            "Jeder Wert von „p“ ist etwas, was bei „p“ einen Wert hat, der von der Art „A“ ist.",
        ),
    ],
)
def test_an_axiom_is_a_sentence(axioms: str, english: str, german: str) -> None:
    for language, sentence in (("en", english), ("de", german)):
        told, triples = sentences(axioms, language)
        spoken = [told.statement(one) for one in triples]
        assert sentence in spoken
        # What an axiom consists of leads to it, from however deep.
        for triple in triples:
            whole = told.whole(triple) or triple
            assert isinstance(whole, Triple)
            assert told.statement(whole) == sentence


def test_a_class_without_name_or_axiom_is_told_by_itself() -> None:
    told, triples = sentences(SOME)
    assert {told.whole(triple) for triple in triples} == {f"<{GENID}x>"}
    assert "has a value for “p” that is of the kind “A”" in told.definition(f"<{GENID}x>")


def test_an_expression_within_itself_ends() -> None:
    told, triples = sentences("b:x owl:complementOf b:x . b:l rdf:first b:x ; rdf:rest b:l . b:x owl:unionOf b:l .")
    for triple in triples:
        assert told.statement(triple)
        told.whole(triple)
