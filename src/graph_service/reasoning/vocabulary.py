"""The terms of RDF, RDFS and OWL that reasoning itself speaks of, in N-Triples spelling."""

from __future__ import annotations

from graph_service.rdf import namespaces
from graph_service.rdf.namespaces import term

PREFIXES = {name: namespaces.PREFIXES[name] for name in ("rdf", "rdfs", "owl", "xsd")}
RESERVED = tuple(f"<{namespace}" for namespace in PREFIXES.values())

TYPE = term("rdf:type")
FIRST = term("rdf:first")
REST = term("rdf:rest")
NIL = term("rdf:nil")
SUB_CLASS_OF = term("rdfs:subClassOf")
SUB_PROPERTY_OF = term("rdfs:subPropertyOf")
EQUIVALENT_CLASS = term("owl:equivalentClass")
EQUIVALENT_PROPERTY = term("owl:equivalentProperty")
SAME_AS = term("owl:sameAs")
DIFFERENT_FROM = term("owl:differentFrom")
THING = term("owl:Thing")
NOTHING = term("owl:Nothing")
CLASS = term("owl:Class")
