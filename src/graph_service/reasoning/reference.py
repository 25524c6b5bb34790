"""The reference reasoner: owlrl, for small graphs and for comparison.

owlrl takes about 4 ms of CPU per triple and explains nothing, but it is an independent reading of the
standard. Three of its defects have one cause, that it never looks at the last member of a list in
`owl:hasKey`, `owl:AllDifferent` and `owl:AllDisjointProperties`; here each such list is given its last member
twice. It does not compare values of literals (`dt-eq`, `dt-diff`), nor check inferred types (`dt-not-type`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from typing import Any

import rdflib
from rdflib.namespace import OWL, RDF
from rdflib.term import Node

from graph_service.rdf import rdflib_nodes
from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import Closure, Contradiction
from graph_service.reasoning.noise import is_literal_triple, is_noise

# owlrl reports in sentences; these tell the rule.
_RULES = (
    ("Lexical value of the literal", "dt-not-type"),
    ("'sameAs' and 'differentFrom'", "eq-diff1"),
    ("'sameAs' and 'AllDifferent'", "eq-diff2"),
    ("Irreflexive property", "prp-irp"),
    ("Erroneous usage of asymmetric", "prp-asyp"),
    ("Disjoint properties in an", "prp-adp"),
    ("Erroneous usage of disjoint properties", "prp-pdw"),
    ("Negative (object)", "prp-npa1"),
    ("Negative (datatype)", "prp-npa2"),
    (".* is defined of type 'Nothing'", "cls-nothing2"),
    ("Violation of complementarity", "cls-com"),
    ("Violation of type restriction", "dt-not-type"),
    ("Erroneous usage of maximum cardinality", "cls-maxc1"),
    ("Erroneous usage of maximum qualified", "cls-maxqc1"),
    ("Disjoint classes", "cax-dw"),
)


class OwlrlReasoner:
    """Computes a closure with owlrl; only for graphs of a few thousand triples."""

    name = "owlrl"

    def __init__(self, *, repaired: bool = True, full: bool = False) -> None:
        """With `repaired=False` owlrl runs with its defects; with `full` noise is kept as far as it is RDF."""
        self._repaired = repaired
        self._full = full

    def close(self, stated: Collection[Triple]) -> Closure:
        """The closure; contradictions carry owlrl's own sentence and no premises."""
        with rdflib_nodes.without_warnings():
            return self._close(stated)

    def _close(self, stated: Collection[Triple]) -> Closure:
        spelling: dict[Node, Term] = {}
        graph = rdflib.Graph()
        for triple in stated:
            subject, predicate, value = (_node(term, spelling) for term in triple)
            graph.add((subject, predicate, value))
        spare = set(_repair(graph)) if self._repaired else set()
        rules = semantics()(graph, False, False)
        rules.closure()
        leave_out = is_literal_triple if self._full else is_noise
        found = set(_read(graph, spelling)).difference(stated)
        inferred = [t for t in found if not leave_out(*t) and spare.isdisjoint(t)]
        return Closure(inferred, tuple(_contradiction(message) for message in rules.error_messages))


def semantics() -> Any:
    """The class that computes OWL 2 RL: of rdflib, which takes owlrl in with release 8, else of owlrl itself.

    Raises:
        ModuleNotFoundError: neither has it.
    """
    try:
        home = import_module("rdflib.plugins.inference.owlrl")
    except ModuleNotFoundError:
        home = import_module("owlrl.OWLRL")
    return home.OWLRL_Semantics


def _node(term: Term, spelling: dict[Node, Term]) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """The rdflib node of a term; `spelling` learns how to write it back, bit for bit."""
    node = rdflib_nodes.node(term)
    spelling[node] = term
    return node


def _repair(graph: rdflib.Graph) -> Iterator[Term]:
    """Give each list that owlrl reads short its last member twice; yields the new list nodes."""
    heads = list(graph.objects(None, OWL.hasKey))
    for kind in (OWL.AllDifferent, OWL.AllDisjointProperties):
        for axiom in graph.subjects(RDF.type, kind):
            heads += [*graph.objects(axiom, OWL.members), *graph.objects(axiom, OWL.distinctMembers)]
    for number, last in enumerate(heads):
        while (rest := graph.value(last, RDF.rest)) is not None and rest != RDF.nil:
            last = rest
        member = graph.value(last, RDF.first)
        if member is None:
            continue
        spare = rdflib.URIRef(f"urn:spare:{number}")
        graph.set((last, RDF.rest, spare))
        graph.add((spare, RDF.first, member))
        graph.add((spare, RDF.rest, RDF.nil))
        yield f"<{spare}>"


def _read(graph: rdflib.Graph, spelling: dict[Node, Term]) -> Iterable[Triple]:
    """The triples of IRIs and of literals as they were spelled; error nodes and new literals stay behind."""
    for nodes in graph:
        written = [_written(node, spelling) for node in nodes]
        if all(written):
            yield Triple(*written)


def _written(node: Node, spelling: dict[Node, Term]) -> Term:
    new = f"<{node}>" if isinstance(node, rdflib.URIRef) else ""
    return spelling.get(node, new)


def _contradiction(message: str) -> Contradiction:
    rule = next((name for start, name in _RULES if re.match(start, message)), "owlrl")
    return Contradiction(rule, (), {"en": message, "de": f"owlrl meldet: {message}"})
