"""Small graphs for tests, written in Turtle."""

from __future__ import annotations

import pyoxigraph as ox

from graph_service.terms import Triple

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def skolem(term: object) -> str:
    """The term's N-Triples spelling, a blank node as an IRI."""
    return f"<urn:node:{term.value}>" if isinstance(term, ox.BlankNode) else str(term)


def triples(text: str) -> list[Triple]:
    """The triples of a Turtle text, with the usual prefixes."""
    parsed = ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [Triple(skolem(t.subject), skolem(t.predicate), skolem(t.object)) for t in parsed]
