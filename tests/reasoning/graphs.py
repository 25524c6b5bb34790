"""Random ontologies with data, for property tests: small names, so that axioms meet."""

from __future__ import annotations

from hypothesis import strategies as st

from graph_service.rdf.terms import Triple
from tests.reasoning.turtle import triples

CLASSES = ("A", "B", "C", "D")
PROPERTIES = ("p", "q", "r", "s")
THINGS = ("a", "b", "c", "d", "e")
_class = st.sampled_from(CLASSES)
_property = st.sampled_from(PROPERTIES)

# Axioms in Turtle; letters in braces are drawn: c a class, p a property, x an individual.
AXIOMS = (
    ":{c1} rdfs:subClassOf :{c2} .",
    ":{c1} owl:equivalentClass :{c2} .",
    ":{p1} rdfs:subPropertyOf :{p2} .",
    ":{p1} owl:equivalentProperty :{p2} .",
    ":{p1} owl:inverseOf :{p2} .",
    ":{p1} rdfs:domain :{c1} .",
    ":{p1} rdfs:range :{c1} .",
    ":{p1} a owl:TransitiveProperty .",
    ":{p1} a owl:SymmetricProperty .",
    ":{p1} a owl:FunctionalProperty .",
    ":{p1} a owl:InverseFunctionalProperty .",
    ":{p1} owl:propertyChainAxiom ( :{p2} :{p3} ) .",
    ":{p1} owl:propertyChainAxiom ( :{p2} :{p3} :{p2} ) .",
    ":{c1} owl:intersectionOf ( :{c2} :{c3} ) .",
    ":{c1} owl:unionOf ( :{c2} :{c3} ) .",
    ":{c1} owl:oneOf ( :{x1} :{x2} ) .",
    ":{c1} owl:hasKey ( :{p1} ) .",
    ":{c1} owl:hasKey ( :{p1} :{p2} ) .",
    ":{c1} owl:onProperty :{p1} ; owl:someValuesFrom :{c2} .",
    ":{c1} owl:onProperty :{p1} ; owl:someValuesFrom owl:Thing .",
    ":{c1} owl:onProperty :{p1} ; owl:allValuesFrom :{c2} .",
    ":{c1} owl:onProperty :{p1} ; owl:hasValue :{x1} .",
    ":{c1} owl:onProperty :{p1} ; owl:maxCardinality '1'^^xsd:nonNegativeInteger .",
    ":{c1} owl:onProperty :{p1} ; owl:onClass :{c2} ; owl:maxQualifiedCardinality '1'^^xsd:nonNegativeInteger .",
    ":{c1} a owl:Class .",
    ":{p1} a owl:ObjectProperty .",
    ":{x1} owl:sameAs :{x2} .",
    ":{c1} owl:disjointWith :{c2} .",
    ":{x1} owl:differentFrom :{x2} .",
    "[] a owl:AllDifferent ; owl:members ( :{x1} :{x2} :{x3} ) .",
    "[] a owl:AllDisjointClasses ; owl:members ( :{c1} :{c2} :{c3} ) .",
    "[] a owl:AllDisjointProperties ; owl:members ( :{p1} :{p2} :{p3} ) .",
    ":{p1} owl:propertyDisjointWith :{p2} .",
    ":{p1} a owl:AsymmetricProperty .",
    ":{p1} a owl:IrreflexiveProperty .",
)
DECLARATIONS = (
    *(f":{name} a owl:Class ." for name in CLASSES),
    *(f":{name} a owl:ObjectProperty ." for name in PROPERTIES),
)
FACTS = (":{x1} a :{c1} .", ":{x1} :{p1} :{x2} .")


@st.composite
def _written(draw: st.DrawFn, pattern: str) -> str:
    names = {f"c{k}": draw(_class) for k in (1, 2, 3)}
    names |= {f"p{k}": draw(_property) for k in (1, 2, 3)}
    names |= {f"x{k}": thing for k, thing in enumerate(draw(st.permutations(THINGS))[:3], 1)}
    return pattern.format(**names)


_axiom = st.sampled_from(AXIOMS).flatmap(_written)
_fact = st.sampled_from(FACTS).flatmap(_written)


@st.composite
def ontologies(draw: st.DrawFn) -> list[Triple]:
    """A few axioms and a few facts.

    All names are declared: of undeclared ones, owlrl does not derive that they are below themselves, and so
    misses what `scm-hv`, `scm-svf1` and their like conclude from that.
    """
    axioms = draw(st.lists(_axiom, min_size=1, max_size=7))
    facts = draw(st.lists(_fact, min_size=1, max_size=10))
    return list(dict.fromkeys(triples("\n".join((*DECLARATIONS, *axioms, *facts)))))


# The same with literals: L1, L2 are drawn.
LITERALS = (
    "1",
    "'01'^^xsd:integer",
    "1.0",
    "2",
    "'1'^^xsd:double",
    "'a'",
    "'a'^^xsd:token",
    "'x'^^xsd:integer",
    "true",
)
LITERAL_AXIOMS = (
    ":{p1} rdfs:subPropertyOf :{p2} .",
    ":{p1} a owl:FunctionalProperty .",
    ":{p1} a owl:InverseFunctionalProperty .",
    ":{p1} rdfs:range xsd:integer .",
    ":{p1} owl:propertyDisjointWith :{p2} .",
    ":{c1} owl:onProperty :{p1} ; owl:hasValue L1 .",
    ":{c1} owl:onProperty :{p1} ; owl:someValuesFrom xsd:integer .",
    ":{c1} owl:onProperty :{p1} ; owl:someValuesFrom :{c2} .",
    ":{c1} owl:onProperty :{p1} ; owl:allValuesFrom :{c2} .",
    ":{c1} owl:oneOf ( L1 L2 ) .",
    ":{c1} owl:hasKey ( :{p1} :{p2} ) .",
    ":{c1} owl:disjointWith :{c2} .",
    ":{x1} owl:sameAs L1 .",
    ":{x1} owl:differentFrom :{x2} .",
    "[] owl:sourceIndividual :{x1} ; owl:assertionProperty :{p1} ; owl:targetValue L1 .",
)
LITERAL_FACTS = (*FACTS, ":{x1} :{p1} L1 .", ":{x1} :{p1} L1 , L2 .")


@st.composite
def literal_graphs(draw: st.DrawFn) -> list[Triple]:
    """A few axioms and a few facts, of which most speak of literals."""
    axioms = draw(st.lists(st.sampled_from(LITERAL_AXIOMS).flatmap(_written), min_size=1, max_size=5))
    facts = draw(st.lists(st.sampled_from(LITERAL_FACTS).flatmap(_written), min_size=1, max_size=7))
    lines = [*DECLARATIONS, *axioms, *facts]
    literals = st.sampled_from(LITERALS)
    spelled = [line.replace("L1", draw(literals)).replace("L2", draw(literals)) for line in lines]
    return list(dict.fromkeys(triples("\n".join(spelled))))
