"""Entailment: what follows from the stated triples by OWL 2 RL, and what contradicts itself.

Source: W3C OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 4-9.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from graph_service.terms import Triple


@dataclass(frozen=True)
class Contradiction:
    """One way in which the triples derive false.

    Attributes:
        rule: W3C name of the rule, such as `cax-dw`.
        premises: the triples that satisfy its body, stated or inferred.
        sentence: what contradicts what, by language tag (`en`, `de`).
    """

    rule: str
    premises: tuple[Triple, ...]
    sentence: Mapping[str, str]


@dataclass(frozen=True)
class Closure:
    """What a reasoner found.

    Attributes:
        inferred: triples that follow and are not stated, without noise (reflexive `owl:sameAs`, `owl:Thing`
            types, built-in axioms, literal subjects), each once, in no particular order.
        contradictions: empty when the triples are consistent.
    """

    inferred: Collection[Triple]
    contradictions: tuple[Contradiction, ...] = ()


class Reasoner(Protocol):
    """Computes a closure. Implementations keep no state between calls that a caller can see."""

    name: str

    def close(self, stated: Collection[Triple]) -> Closure:
        """The closure of ontology and data together; axioms may stand anywhere among `stated`."""
        ...
