"""Is an ontology in OWL 2 RL? A check of its axioms against the grammar of the profile.

Source: W3C OWL 2 Profiles (Second Edition), section 4.2, and the global restrictions of OWL 2 DL that the profile keeps
(OWL 2 Structural Specification, section 11). Works on triples; anonymous classes are whatever names stand for them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from graph_service.rdf.namespaces import OWL, RDF, RDFS, XSD
from graph_service.rdf.terms import Term, Triple

Graph = dict[Term, dict[Term, list[Term]]]


def _owl(*names: str) -> set[Term]:
    return {f"<{OWL}{name}>" for name in names}


TYPE, FIRST, REST, NIL = (f"<{RDF}{n}>" for n in ("type", "first", "rest", "nil"))
SUBCLASS, SUBPROPERTY, DOMAIN, RANGE = (f"<{RDFS}{n}>" for n in ("subClassOf", "subPropertyOf", "domain", "range"))
THING, CLASS, RESTRICTION, OBJECT, DATATYPE, ANNOTATION = (
    f"<{OWL}{n}>" for n in ("Thing", "Class", "Restriction", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
EQUIVALENT, DISJOINT, CHAIN, INVERSE = (
    f"<{OWL}{n}>" for n in ("equivalentClass", "disjointWith", "propertyChainAxiom", "inverseOf")
)
INTERSECTION, UNION, ONE_OF, COMPLEMENT, SOME, ALL, HAS_VALUE, ON_PROPERTY, MEMBERS = (
    f"<{OWL}{n}>"
    for n in (
        "intersectionOf",
        "unionOf",
        "oneOf",
        "complementOf",
        "someValuesFrom",
        "allValuesFrom",
        "hasValue",
        "onProperty",
        "members",
    )
)
MAX = _owl("maxCardinality", "maxQualifiedCardinality")
TRANSITIVE, SYMMETRIC = (f"<{OWL}{n}>" for n in ("TransitiveProperty", "SymmetricProperty"))
SIMPLE_ONLY = _owl("FunctionalProperty", "InverseFunctionalProperty", "IrreflexiveProperty", "AsymmetricProperty")

# Every OWL term that section 4.2 lets stand in an ontology, with the header terms.
ALLOWED = (
    {THING, CLASS, RESTRICTION, OBJECT, DATATYPE, ANNOTATION, TRANSITIVE, SYMMETRIC}
    | {EQUIVALENT, DISJOINT, CHAIN, INVERSE, INTERSECTION, UNION, ONE_OF, COMPLEMENT, SOME, ALL, HAS_VALUE}
    | {ON_PROPERTY, MEMBERS}
    | MAX
    | SIMPLE_ONLY
    | _owl(
        "Ontology", "versionIRI", "versionInfo", "priorVersion", "deprecated", "Nothing", "NamedIndividual", "onClass"
    )
    | _owl("AllDisjointClasses", "AllDisjointProperties", "AllDifferent", "distinctMembers", "differentFrom", "sameAs")
    | _owl("equivalentProperty", "propertyDisjointWith", "hasKey", "NegativePropertyAssertion")
    | _owl("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue")
)
# The datatype map of OWL 2 less owl:real and owl:rational: xsd:date is not in it, nor is rdf:langString.
_OF_XSD = """
    decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte
    unsignedLong unsignedInt unsignedShort unsignedByte float double string normalizedString token language Name NCName
    NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp
"""
DATATYPES = {f"<{XSD}{name}>" for name in re.findall(r"\w+", _OF_XSD)}
DATATYPES |= {f"<{RDF}PlainLiteral>", f"<{RDF}XMLLiteral>", f"<{RDFS}Literal>"}


def violations(triples: Iterable[Triple]) -> list[str]:
    """What keeps the ontology out of OWL 2 RL, one sentence each; empty if nothing does."""
    return sorted(_Check(triples).all())


class _Check:
    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = list(triples)
        self.graph: Graph = defaultdict(lambda: defaultdict(list))
        for s, p, o in self.triples:
            self.graph[s][p].append(o)

    def all(self) -> Iterator[str]:
        yield from self._vocabulary()
        yield from self._class_axioms()
        yield from self._properties()
        yield from self._simple()
        yield from self._regular()

    def _pairs(self, predicate: Term) -> Iterator[tuple[Term, Term]]:
        return ((t.subject, t.object) for t in self.triples if t.predicate == predicate)

    def _list(self, head: Term) -> list[Term]:
        found = []
        while head != NIL:
            found += self.graph[head][FIRST]
            head = self.graph[head][REST][0]
        return found

    def _vocabulary(self) -> Iterator[str]:
        used = {term for triple in self.triples for term in triple if term.startswith(f"<{OWL}")}
        yield from (f"{term} is not in OWL 2 RL" for term in used - ALLOWED)

    def _class_axioms(self) -> Iterator[str]:
        for sub, sup in self._pairs(SUBCLASS):
            yield from self._sub(sub)
            yield from self._super(sup)
        for left, right in self._pairs(EQUIVALENT):
            yield from self._equivalent(left)
            yield from self._equivalent(right)
        for left, right in self._pairs(DISJOINT):
            yield from self._sub(left)
            yield from self._sub(right)
        for _, members in self._pairs(MEMBERS):
            for member in self._list(members):
                yield from self._sub(member)
        for _, domain in self._pairs(DOMAIN):
            yield from self._super(domain)

    def _sub(self, c: Term) -> Iterator[str]:
        """subClassExpression: named, intersection, union, enumeration, some values from, has value."""
        node = self.graph[c]
        if c == THING:
            yield "owl:Thing stands where a subclass expression does"
        for operand in (m for p in (INTERSECTION, UNION) for head in node[p] for m in self._list(head)):
            yield from self._sub(operand)
        for filler in node[SOME]:
            if filler != THING and filler not in DATATYPES:
                yield from self._sub(filler)
        if wrong := ({COMPLEMENT, ALL} | MAX) & {p for p in node if node[p]}:
            yield f"{c} uses {min(wrong)} where a subclass expression stands"

    def _super(self, c: Term) -> Iterator[str]:
        """superClassExpression: named, intersection, complement, all values from, has value, at most 0 or 1."""
        node = self.graph[c]
        if c == THING:
            yield "owl:Thing stands where a superclass expression does"
        for operand in (m for head in node[INTERSECTION] for m in self._list(head)):
            yield from self._super(operand)
        for filler in node[ALL]:
            if filler not in DATATYPES:
                yield from self._super(filler)
        for filler in node[COMPLEMENT]:
            yield from self._sub(filler)
        if any(n[1:2] not in "01" for p in MAX for n in node[p]):
            yield f"{c} has a cardinality above 1"
        if wrong := {UNION, ONE_OF, SOME} & {p for p in node if node[p]}:
            yield f"{c} uses {min(wrong)} where a superclass expression stands"

    def _equivalent(self, c: Term) -> Iterator[str]:
        """equivClassExpression: named, intersection, has value."""
        node = self.graph[c]
        if c == THING:
            yield "owl:Thing stands in an equivalence"
        for operand in (m for head in node[INTERSECTION] for m in self._list(head)):
            yield from self._equivalent(operand)
        if wrong := ({UNION, ONE_OF, SOME, ALL, COMPLEMENT} | MAX) & {p for p in node if node[p]}:
            yield f"{c} uses {min(wrong)} in an equivalence"

    def _kinds(self, p: Term) -> set[Term]:
        return {OBJECT, DATATYPE} & set(self.graph[p][TYPE])

    def _properties(self) -> Iterator[str]:
        """Each property in an axiom is declared, as one kind; data properties take datatypes of the profile only."""
        named = {p for q in (SUBPROPERTY, INVERSE) for pair in self._pairs(q) for p in pair}
        named |= {p for _, p in self._pairs(ON_PROPERTY)} | {p for _, p in self._pairs(DOMAIN) if p in self.graph}
        named = {p for p in named if not self.graph[p][SUBCLASS] and CLASS not in self.graph[p][TYPE]}
        named |= {p for p, _ in self._pairs(DOMAIN)} | {p for p, _ in self._pairs(RANGE)}
        for head in (head for _, head in self._pairs(CHAIN)):
            named |= set(self._list(head))
        for p in named:
            if len(self._kinds(p)) != 1:
                yield f"{p} is not declared as exactly one kind of property"
        for p, filler in self._pairs(RANGE):
            if (DATATYPE in self._kinds(p)) != (filler in DATATYPES):
                yield f"{p} has the range {filler}"

    def _composite(self) -> set[Term]:
        """Properties that a chain or transitivity makes composite, and those above or inverse to them."""
        found = {p for p, _ in self._pairs(CHAIN)} | {p for p, o in self._pairs(TYPE) if o == TRANSITIVE}
        size = -1
        while size != len(found):
            size = len(found)
            found |= {sup for sub, sup in self._pairs(SUBPROPERTY) if sub in found}
            found |= {q for pair in self._pairs(INVERSE) for q in pair if found & set(pair)}
        return found

    def _simple(self) -> Iterator[str]:
        for p in self._composite():
            if wrong := SIMPLE_ONLY & set(self.graph[p][TYPE]):
                yield f"{p} is composite and {min(wrong)}"
            if self.graph[p][f"<{OWL}propertyDisjointWith>"]:
                yield f"{p} is composite and disjoint with another property"

    def _regular(self) -> Iterator[str]:
        """There is a strict order of properties in which each chain leads upwards (Structural Specification, 11.2)."""
        below: dict[Term, set[Term]] = defaultdict(set)
        for sub, sup in self._pairs(SUBPROPERTY):
            below[sup].add(sub)
        for p, head in self._pairs(CHAIN):
            chain = self._list(head)
            if chain == [p, p]:
                continue
            rest = chain[1:] if chain[0] == p else chain[:-1] if chain[-1] == p else chain
            below[p] |= set(rest)
        for p in list(below):
            if p in _reachable(p, below):
                yield f"{p} depends on itself through a chain"


def _reachable(start: Term, below: dict[Term, set[Term]]) -> set[Term]:
    found: set[Term] = set()
    waiting = list(below[start])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += below.get(one, ())
    return found
