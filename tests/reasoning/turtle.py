"""Small graphs for tests, written in Turtle."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from graph_service.rdf.terms import Quad, Triple

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


def shipped() -> list[Quad]:
    """Ontology and data of this repository as they are written, without shapes; each file a graph."""
    root = Path(__file__).parents[2]
    quads = []
    for file in sorted((*(root / "ontology").rglob("*.ttl"), *(root / "data").rglob("*.ttl"))):
        if file.name == "shapes.ttl":
            continue
        name = f"urn:file:{file.relative_to(root).as_posix()}"
        parsed = ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri="https://w3id.org/migration-policy/")
        for s, p, o in ((t.subject, t.predicate, t.object) for t in parsed):
            quads.append(Quad(_named(s, name), str(p), _named(o, name), f"<{name}>"))
    return quads


def _named(term: object, file: str) -> str:
    return f"<{file}#{term.value}>" if isinstance(term, ox.BlankNode) else str(term)
