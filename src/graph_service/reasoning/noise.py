"""Entailed triples that a closure leaves out because nobody asks for them.

OWL 2 RL/RDF entails them, so each is correct, but they answer no question and would double a graph:

- triples whose subject is a literal, which RDF 1.1 does not allow and no store loads;
- `owl:sameAs` with a literal; what is the same as itself, or its own sub- or equivalent class or property;
- membership in `owl:Thing`, and that every class is a subclass of it;
- `rdf:first` and `rdf:rest`: lists are how axioms are written, and are read as they are stated;
- statements about the terms of RDF, RDFS, OWL and XML Schema themselves.
"""

from __future__ import annotations

from graph_service.rdf.terms import Term, is_literal
from graph_service.reasoning import vocabulary as v

REFLEXIVE = frozenset((v.SAME_AS, v.SUB_CLASS_OF, v.SUB_PROPERTY_OF, v.EQUIVALENT_CLASS, v.EQUIVALENT_PROPERTY))
LISTS = frozenset((v.FIRST, v.REST))
_TO_THING = frozenset((v.TYPE, v.SUB_CLASS_OF))


def is_noise(subject: Term, predicate: Term, value: Term) -> bool:
    """Whether an inferred triple is one that a closure leaves out."""
    return (
        is_literal(subject)
        or predicate in LISTS
        or (predicate == v.SAME_AS and is_literal(value))
        or (predicate in REFLEXIVE and subject == value)
        or (value == v.THING and predicate in _TO_THING)
        or subject.startswith(v.RESERVED)
    )


def is_literal_triple(subject: Term, predicate: Term, value: Term) -> bool:
    """Whether the subject is a literal, so that this is no RDF triple at all."""
    return is_literal(subject)
