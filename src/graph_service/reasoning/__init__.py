"""Entailment: what follows from the stated triples by OWL 2 RL, and what contradicts itself.

Source: W3C OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 4-9.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from graph_service.errors import SettingsError
from graph_service.rdf.terms import Triple

REASONERS = ("compiled", "owlrl", "none")


@dataclass(frozen=True)
class Contradiction:
    """One way in which the triples derive false.

    Attributes:
        rule: W3C name of the rule, such as `cax-dw`.
        premises: the triples that satisfy its body, stated or inferred; empty where a reasoner cannot tell.
        sentence: what contradicts what, by language tag (`en`, `de`).
        stated: the stated triples that the premises rest on, where a curator can repair something.
    """

    rule: str
    premises: tuple[Triple, ...]
    sentence: Mapping[str, str]
    stated: tuple[Triple, ...] = ()


@dataclass(frozen=True)
class Closure:
    """What a reasoner found.

    Attributes:
        inferred: triples that follow and are not stated, without noise (see `noise.is_noise`), each once,
            in no particular order.
        contradictions: empty when the triples are consistent.
        generalized: what follows of literals, as subjects of generalized RDF triples (RDF 1.1 Concepts, section 7): no
            part of a graph, but premises of what is. A full closure has them.
    """

    inferred: Collection[Triple]
    contradictions: tuple[Contradiction, ...] = ()
    generalized: Collection[Triple] = ()


class Reasoner(Protocol):
    """Computes a closure. Implementations keep no state between calls that a caller can see."""

    name: str

    def close(self, stated: Collection[Triple]) -> Closure:
        """The closure of ontology and data together; axioms may stand anywhere among `stated`."""
        ...


class NoReasoner:
    """Infers nothing: for data that come with their closure, or are to be served as they stand."""

    name = "none"

    def close(self, stated: Collection[Triple]) -> Closure:
        """An empty closure."""
        return Closure(())


def select(name: str) -> Reasoner:
    """The reasoner of this name, one of `REASONERS`.

    Raises:
        SettingsError: there is none of this name.
    """
    # Imported on demand: owlrl and rdflib take longer to load than a small graph takes to close.
    if name == "compiled":
        from graph_service.reasoning.compiled import CompiledReasoner

        return CompiledReasoner()
    if name == "owlrl":
        from graph_service.reasoning.reference import OwlrlReasoner

        return OwlrlReasoner()
    if name == "none":
        return NoReasoner()
    raise SettingsError(f"There is no reasoner {name!r}.", hint=f"Choose one of {', '.join(REASONERS)}.")
