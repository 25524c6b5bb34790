"""Proofs checked against a data set: those that `/api/explain` and `graph-service explain` give as JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pyoxigraph as ox

from graph_service.explaining import checker
from graph_service.explaining.checker import ProofRejected
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Term, Triple, iri
from graph_service.store.embedded import EmbeddedStore

_PROOF = "proof"


def is_proof(content: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a proof, or an answer that holds one."""
    return _PROOF in content or "nodes" in content


def verify_proof(content: Mapping[str, Any], store: EmbeddedStore, names: Names) -> Triple | None:
    """Check a proof by the rules, and its leaves by the data; returns what is proved, None for a contradiction.

    Files and lines of leaves are not checked: they are no part of the data.

    Args:
        content: the proof, or an answer that holds it.
        store: has the data.
        names: those of the data.

    Raises:
        ProofRejected: it says which leaf or inference is wrong.
    """
    proof = checker.read(content.get(_PROOF, content))

    def graphs(triple: Triple) -> Collection[Term]:
        found = store.rows(f"SELECT ?graph {{ GRAPH ?graph {{ {_checked(triple)} }} }}")
        return {iri(row["graph"]) for row in found} - {names.inferred_graph}

    checker.check(proof, graphs)
    return proof.conclusion


def _checked(triple: Triple) -> ox.Triple:
    """The triple, if it is one of IRIs and literals: anything else would be a pattern that matches what it likes."""
    try:
        (quad,) = ox.parse(f"{triple}".encode(), ox.RdfFormat.N_TRIPLES)
    except (ValueError, SyntaxError):
        raise ProofRejected(f"This leaf is no triple: {triple}") from None
    if isinstance(quad.subject, ox.BlankNode) or not isinstance(quad.object, ox.NamedNode | ox.Literal):
        raise ProofRejected(f"This leaf has a node without a name: {triple}")
    return ox.Triple(quad.subject, quad.predicate, quad.object)
