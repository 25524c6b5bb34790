"""Generated policy graphs for the reasoning benchmark: the shape of the real ones, any size.

Actors stand in part-of chains of five, have memberships as nodes and delegates in bodies; positions have holder,
proposition, agreement, document and passage; issues form a tree. About a third of the triples are on positions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

import pyoxigraph as ox

from graph_service.rdf.terms import Quad, Triple

BASE = "https://example.org/policy/"

ONTOLOGY = """
@prefix : <https://example.org/policy/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:Actor a owl:Class . :Organisation a owl:Class ; rdfs:subClassOf :Actor .
:Association a owl:Class ; rdfs:subClassOf :Organisation .
:Authority a owl:Class ; rdfs:subClassOf :Organisation .
:Party a owl:Class ; rdfs:subClassOf :Organisation .
:Body a owl:Class ; rdfs:subClassOf :Actor .
:Position a owl:Class . :Proposition a owl:Class . :Issue a owl:Class . :Document a owl:Class .
:Membership a owl:Class . :Passage a owl:Class .
:Agreeing a owl:Class ; rdfs:subClassOf :Position ;
    owl:equivalentClass [ owl:onProperty :agreement ; owl:hasValue 1 ] .
:Opposing a owl:Class ; rdfs:subClassOf :Position ;
    owl:equivalentClass [ owl:onProperty :agreement ; owl:hasValue -1 ] .
:Umbrella a owl:Class ;
    owl:equivalentClass [ owl:onProperty :hasMember ; owl:someValuesFrom :Organisation ] .
[] a owl:AllDisjointClasses ;
    owl:members ( :Actor :Position :Proposition :Issue :Document :Membership :Passage ) .
:Agreeing owl:disjointWith :Opposing .

:partOf a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:domain :Actor ; rdfs:range :Actor ;
    rdfs:subPropertyOf :affiliatedWith ; owl:inverseOf :hasPart .
:affiliatedWith a owl:ObjectProperty ; rdfs:domain :Actor ; rdfs:range :Actor .
:memberOf a owl:ObjectProperty ; rdfs:subPropertyOf :affiliatedWith ; owl:inverseOf :hasMember .
:member a owl:ObjectProperty ; rdfs:domain :Membership ; owl:inverseOf :hasMembership .
:organisation a owl:ObjectProperty ; rdfs:range :Actor .
:memberOf owl:propertyChainAxiom ( :hasMembership :organisation ) .
:partnerOf a owl:ObjectProperty, owl:SymmetricProperty ; rdfs:subPropertyOf :affiliatedWith .
:holder a owl:ObjectProperty, owl:FunctionalProperty ; rdfs:domain :Position ; rdfs:range :Actor ;
    owl:inverseOf :holds .
:proposition a owl:ObjectProperty ; rdfs:range :Proposition .
:agreement a owl:DatatypeProperty, owl:FunctionalProperty ; rdfs:range xsd:integer .
:statedIn a owl:ObjectProperty ; rdfs:range :Document .
:passage a owl:ObjectProperty ; rdfs:range :Passage .
:about a owl:ObjectProperty ; rdfs:range :Issue .
:broader a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:domain :Issue ; rdfs:range :Issue .
:under a owl:ObjectProperty ; owl:propertyChainAxiom ( :proposition :about ) .
:speaksOn a owl:ObjectProperty ; owl:propertyChainAxiom ( :holds :under ) .
:passage rdfs:domain :Position . :quote a owl:DatatypeProperty .
"""


def ontology() -> list[Triple]:
    """The ontology, its blank nodes skolemised."""

    def spelled(term: object) -> str:
        return f"<{BASE}.well-known/genid/{term.value}>" if isinstance(term, ox.BlankNode) else str(term)

    parsed = ox.parse(ONTOLOGY, format=ox.RdfFormat.TURTLE)
    return [Triple(spelled(t.subject), spelled(t.predicate), spelled(t.object)) for t in parsed]


def quads(size: int, seed: int = 1) -> list[Quad]:
    """The ontology and data, `size` stated quads in all; the same for the same arguments."""
    return list(stated(size, seed))


def stated(size: int, seed: int = 1) -> Iterator[Quad]:
    """The same, one by one."""
    axioms = ontology()
    yield from (Quad(*triple, f"<{BASE}graph/ontology>") for triple in axioms)
    data = _data(random.Random(seed), max(size // 13, 4))
    for subject, predicate, value, document in islice(data, max(size - len(axioms), 0)):
        yield Quad(subject, predicate, value, f"<{BASE}graph/document/{document}>")


TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"


def _own(name: str) -> str:
    return f"<{BASE}ontology#{name}>"


def _node(kind: str, number: int) -> str:
    return f"<{BASE}id/{kind}/{number}>"


def _data(rng: random.Random, positions: int) -> Iterator[tuple[str, str, str, int]]:
    actors, propositions, issues = max(positions // 4, 3), max(positions // 8, 3), max(positions // 40, 3)
    for position in range(positions):
        document = position // 20
        if position < issues:
            yield _node("issue", position), TYPE, _own("Issue"), document
            if position:
                yield _node("issue", position), _own("broader"), _node("issue", position // 4), document
        if position < propositions:
            yield _node("proposition", position), TYPE, _own("Proposition"), document
            issue = _node("issue", rng.randrange(issues))
            yield _node("proposition", position), _own("about"), issue, document
        if position < actors:
            yield from _actor(rng, position, actors, document)
        yield from _position(rng, position, min(position + 1, actors), min(position + 1, propositions), document)


def _actor(rng: random.Random, number: int, actors: int, document: int) -> Iterator[tuple[str, str, str, int]]:
    actor = _node("actor", number)
    kind = rng.choice(("Association", "Authority", "Party", "Body"))
    yield actor, TYPE, _own(kind), document
    yield actor, _own("name"), f'"Actor {number}"@de', document
    if number % 5:
        yield actor, _own("partOf"), _node("actor", number - 1), document
    if number % 2:
        membership = _node("membership", number)
        yield membership, TYPE, _own("Membership"), document
        yield membership, _own("member"), actor, document
        yield membership, _own("organisation"), _node("actor", rng.randrange(actors)), document
    if number % 7 == 0:
        yield actor, _own("partnerOf"), _node("actor", rng.randrange(actors)), document


def _position(
    rng: random.Random, number: int, actors: int, propositions: int, document: int
) -> Iterator[tuple[str, str, str, int]]:
    position, passage = _node("position", number), _node("passage", number)
    yield position, TYPE, _own("Position"), document
    yield position, _own("holder"), _node("actor", rng.randrange(actors)), document
    yield position, _own("proposition"), _node("proposition", rng.randrange(propositions)), document
    yield position, _own("agreement"), f'"{rng.choice((1, 1, 0, -1))}"^^{INTEGER}', document
    yield position, _own("statedIn"), _node("document", document), document
    yield position, _own("passage"), passage, document
    yield position, _own("paraphrase"), f'"Position {number}, in own words."@en', document
    yield position, _own("paraphrase"), f'"Position {number}, mit eigenen Worten."@de', document
    yield position, _own("coder"), _node("coder", number % 3), document
    yield passage, TYPE, _own("Passage"), document
    yield passage, _own("start"), f'"{number * 17}"^^{INTEGER}', document
    yield passage, _own("end"), f'"{number * 17 + 16}"^^{INTEGER}', document
    yield passage, _own("digest"), f'"{number:064x}"', document
