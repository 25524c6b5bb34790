"""One case for each rule of the W3C tables: premises, what the rule concludes, and premises that miss by a hair.

An empty conclusion stands for false.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """Turtle: the rule concludes `conclusion` from `premises`, and not from `nearly`."""

    premises: str
    conclusion: str
    nearly: str


ONE = "'1'^^xsd:nonNegativeInteger"
NONE = "'0'^^xsd:nonNegativeInteger"

CASES = {
    "eq-ref": Case(":a :p :b .", ":a owl:sameAs :a .", ":b :p :c ."),
    "eq-sym": Case(":a owl:sameAs :b .", ":b owl:sameAs :a .", ":a owl:differentFrom :b ."),
    "eq-trans": Case(
        ":a owl:sameAs :b . :b owl:sameAs :c .", ":a owl:sameAs :c .", ":a owl:sameAs :b . :d owl:sameAs :c ."
    ),
    "eq-rep-s": Case(":a owl:sameAs :b . :a :p :c .", ":b :p :c .", ":a owl:sameAs :b . :c :p :a ."),
    "eq-rep-p": Case(":p owl:sameAs :q . :a :p :b .", ":a :q :b .", ":p owl:sameAs :q . :a :r :b ."),
    "eq-rep-o": Case(":b owl:sameAs :c . :a :p :b .", ":a :p :c .", ":b owl:sameAs :c . :b :p :a ."),
    "eq-diff1": Case(
        ":a owl:sameAs :b . :a owl:differentFrom :b .", "", ":a owl:sameAs :b . :a owl:differentFrom :c ."
    ),
    "eq-diff2": Case(
        "[] a owl:AllDifferent ; owl:members (:a :b :c) . :b owl:sameAs :c .",
        "",
        "[] a owl:AllDifferent ; owl:members (:a :b) . :b owl:sameAs :c .",
    ),
    "eq-diff3": Case(
        "[] a owl:AllDifferent ; owl:distinctMembers (:a :b :c) . :a owl:sameAs :c .",
        "",
        "[] owl:distinctMembers (:a :b :c) . :a owl:sameAs :c .",
    ),
    "prp-ap": Case("", "rdfs:label a owl:AnnotationProperty .", ""),
    "prp-dom": Case(":p rdfs:domain :C . :a :p :b .", ":a a :C .", ":p rdfs:domain :C . :b :p :a ."),
    "prp-rng": Case(":p rdfs:range :C . :a :p :b .", ":b a :C .", ":p rdfs:range :C . :b :p :a ."),
    "prp-fp": Case(
        ":p a owl:FunctionalProperty . :a :p :b, :c .",
        ":b owl:sameAs :c .",
        ":p a owl:FunctionalProperty . :a :p :b . :d :p :c .",
    ),
    "prp-ifp": Case(
        ":p a owl:InverseFunctionalProperty . :a :p :c . :b :p :c .",
        ":a owl:sameAs :b .",
        ":p a owl:InverseFunctionalProperty . :a :p :c . :b :p :d .",
    ),
    "prp-irp": Case(":p a owl:IrreflexiveProperty . :a :p :a .", "", ":p a owl:IrreflexiveProperty . :a :p :b ."),
    "prp-symp": Case(":p a owl:SymmetricProperty . :a :p :b .", ":b :p :a .", ":p a owl:ObjectProperty . :a :p :b ."),
    "prp-asyp": Case(
        ":p a owl:AsymmetricProperty . :a :p :b . :b :p :a .",
        "",
        ":p a owl:AsymmetricProperty . :a :p :b . :b :p :c .",
    ),
    "prp-trp": Case(
        ":p a owl:TransitiveProperty . :a :p :b . :b :p :c .",
        ":a :p :c .",
        ":p a owl:TransitiveProperty . :a :p :b . :b :q :c .",
    ),
    "prp-spo1": Case(":p rdfs:subPropertyOf :q . :a :p :b .", ":a :q :b .", ":q rdfs:subPropertyOf :p . :a :p :b ."),
    "prp-spo2": Case(
        ":p owl:propertyChainAxiom (:q :r :s) . :a :q :b . :b :r :c . :c :s :d .",
        ":a :p :d .",
        ":p owl:propertyChainAxiom (:q :r :s) . :a :q :b . :b :s :c . :c :r :d .",
    ),
    "prp-eqp1": Case(
        ":p owl:equivalentProperty :q . :a :p :b .", ":a :q :b .", ":p owl:equivalentProperty :r . :a :p :b ."
    ),
    "prp-eqp2": Case(
        ":p owl:equivalentProperty :q . :a :q :b .", ":a :p :b .", ":p owl:equivalentProperty :r . :a :q :b ."
    ),
    "prp-pdw": Case(
        ":p owl:propertyDisjointWith :q . :a :p :b ; :q :b .",
        "",
        ":p owl:propertyDisjointWith :q . :a :p :b ; :q :c .",
    ),
    "prp-adp": Case(
        "[] a owl:AllDisjointProperties ; owl:members (:p :q :r) . :a :p :b ; :r :b .",
        "",
        "[] a owl:AllDisjointProperties ; owl:members (:p :q :r) . :a :p :b ; :r :c .",
    ),
    "prp-inv1": Case(":p owl:inverseOf :q . :a :p :b .", ":b :q :a .", ":p owl:inverseOf :q . :b :p :a ."),
    "prp-inv2": Case(":p owl:inverseOf :q . :a :q :b .", ":b :p :a .", ":p owl:inverseOf :q . :b :q :a ."),
    "prp-key": Case(
        ":C owl:hasKey (:p :q) . :a a :C ; :p :x ; :q 1 . :b a :C ; :p :x ; :q 1 .",
        ":a owl:sameAs :b .",
        ":C owl:hasKey (:p :q) . :a a :C ; :p :x ; :q 1 . :b a :C ; :p :x ; :q 2 .",
    ),
    "prp-npa1": Case(
        "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b . :a :p :b .",
        "",
        "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b . :b :p :a .",
    ),
    "prp-npa2": Case(
        "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 1 . :a :p 1 .",
        "",
        "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 1 . :a :p 2 .",
    ),
    "cls-thing": Case("", "owl:Thing a owl:Class .", ""),
    "cls-nothing1": Case("", "owl:Nothing a owl:Class .", ""),
    "cls-nothing2": Case(":a a owl:Nothing .", "", ":a a owl:Thing ."),
    "cls-int1": Case(
        ":C owl:intersectionOf (:A :B) . :a a :A, :B .", ":a a :C .", ":C owl:intersectionOf (:A :B) . :a a :A ."
    ),
    "cls-int2": Case(
        ":C owl:intersectionOf (:A :B) . :a a :C .", ":a a :B .", ":C owl:intersectionOf (:A :B) . :a a :A ."
    ),
    "cls-uni": Case(":C owl:unionOf (:A :B) . :a a :B .", ":a a :C .", ":C owl:unionOf (:A :B) . :a a :D ."),
    "cls-com": Case(":A owl:complementOf :B . :a a :A, :B .", "", ":A owl:complementOf :B . :a a :A . :b a :B ."),
    "cls-svf1": Case(
        ":R owl:someValuesFrom :C ; owl:onProperty :p . :a :p :b . :b a :C .",
        ":a a :R .",
        ":R owl:someValuesFrom :C ; owl:onProperty :p . :a :p :b . :a a :C .",
    ),
    "cls-svf2": Case(
        ":R owl:someValuesFrom owl:Thing ; owl:onProperty :p . :a :p :b .",
        ":a a :R .",
        ":R owl:someValuesFrom owl:Thing ; owl:onProperty :p . :a :q :b .",
    ),
    "cls-avf": Case(
        ":R owl:allValuesFrom :C ; owl:onProperty :p . :a a :R ; :p :b .",
        ":b a :C .",
        ":R owl:allValuesFrom :C ; owl:onProperty :p . :a :p :b .",
    ),
    "cls-hv1": Case(
        ":R owl:hasValue :b ; owl:onProperty :p . :a a :R .",
        ":a :p :b .",
        ":R owl:hasValue :b ; owl:onProperty :q . :a a :R .",
    ),
    "cls-hv2": Case(
        ":R owl:hasValue :b ; owl:onProperty :p . :a :p :b .",
        ":a a :R .",
        ":R owl:hasValue :b ; owl:onProperty :p . :a :p :c .",
    ),
    "cls-maxc1": Case(
        f":R owl:maxCardinality {NONE} ; owl:onProperty :p . :a a :R ; :p :b .",
        "",
        f":R owl:maxCardinality {NONE} ; owl:onProperty :p . :a a :R ; :q :b .",
    ),
    "cls-maxc2": Case(
        f":R owl:maxCardinality {ONE} ; owl:onProperty :p . :a a :R ; :p :b, :c .",
        ":b owl:sameAs :c .",
        ":R owl:maxCardinality '2'^^xsd:nonNegativeInteger ; owl:onProperty :p . :a a :R ; :p :b, :c .",
    ),
    "cls-maxqc1": Case(
        f":R owl:maxQualifiedCardinality {NONE} ; owl:onProperty :p ; owl:onClass :C . :a a :R ; :p :b . :b a :C .",
        "",
        f":R owl:maxQualifiedCardinality {NONE} ; owl:onProperty :p ; owl:onClass :C . :a a :R ; :p :b .",
    ),
    "cls-maxqc2": Case(
        f":R owl:maxQualifiedCardinality {NONE} ; owl:onProperty :p ; owl:onClass owl:Thing . :a a :R ; :p :b .",
        "",
        f":R owl:maxQualifiedCardinality {NONE} ; owl:onProperty :p ; owl:onClass owl:Thing . :a :p :b .",
    ),
    "cls-maxqc3": Case(
        f":R owl:maxQualifiedCardinality {ONE} ; owl:onProperty :p ; owl:onClass :C . "
        ":a a :R ; :p :b, :c . :b a :C . :c a :C .",
        ":b owl:sameAs :c .",
        f":R owl:maxQualifiedCardinality {ONE} ; owl:onProperty :p ; owl:onClass :C . :a a :R ; :p :b, :c . :b a :C .",
    ),
    "cls-maxqc4": Case(
        f":R owl:maxQualifiedCardinality {ONE} ; owl:onProperty :p ; owl:onClass owl:Thing . :a a :R ; :p :b, :c .",
        ":b owl:sameAs :c .",
        f":R owl:maxQualifiedCardinality {ONE} ; owl:onProperty :p ; owl:onClass owl:Thing . :a :p :b, :c .",
    ),
    "cls-oo": Case(":C owl:oneOf (:a :b) .", ":b a :C .", ":C owl:oneOf (:a :c) ."),
    "cax-sco": Case(":A rdfs:subClassOf :B . :a a :A .", ":a a :B .", ":B rdfs:subClassOf :A . :a a :A ."),
    "cax-eqc1": Case(":A owl:equivalentClass :B . :a a :A .", ":a a :B .", ":A owl:equivalentClass :C . :a a :A ."),
    "cax-eqc2": Case(":A owl:equivalentClass :B . :a a :B .", ":a a :A .", ":A owl:equivalentClass :C . :a a :B ."),
    "cax-dw": Case(":A owl:disjointWith :B . :a a :A, :B .", "", ":A owl:disjointWith :B . :a a :A . :b a :B ."),
    "cax-adc": Case(
        "[] a owl:AllDisjointClasses ; owl:members (:A :B :C) . :a a :B, :C .",
        "",
        "[] a owl:AllDisjointClasses ; owl:members (:A :B :C) . :a a :B, :D .",
    ),
    "dt-type1": Case("", "xsd:integer a rdfs:Datatype .", ""),
    "dt-type2": Case(
        ":R owl:someValuesFrom xsd:integer ; owl:onProperty :p . :a :p 1 .",
        ":a a :R .",
        ":R owl:someValuesFrom xsd:integer ; owl:onProperty :p . :a :p 1.5 .",
    ),
    "rdfD1": Case(":a :p 'one'^^xsd:integer .", "", ":a :p '1'^^xsd:integer ; :q 'one'^^:number ."),
    "dt-eq": Case(
        ":R owl:maxCardinality 0 ; owl:onProperty :p . :a a :R ; :p :b .",
        "",
        ":R owl:maxCardinality 2 ; owl:onProperty :p . :a a :R ; :p :b .",
    ),
    "dt-diff": Case(
        ":p a owl:FunctionalProperty . :a :p 1, 2 .", "", ":p a owl:FunctionalProperty . :a :p 1, 01, 1.0 ."
    ),
    "dt-not-type": Case(
        ":p rdfs:range xsd:date . :a :p 'today' .", "", ":p rdfs:range xsd:date . :a :p '2024-02-29'^^xsd:date ."
    ),
    "scm-cls": Case(":A a owl:Class .", ":A rdfs:subClassOf owl:Thing .", ":A a owl:ObjectProperty ."),
    "scm-sco": Case(
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .",
        ":A rdfs:subClassOf :C .",
        ":A rdfs:subClassOf :B . :C rdfs:subClassOf :B .",
    ),
    "scm-eqc1": Case(":A owl:equivalentClass :B .", ":B rdfs:subClassOf :A .", ":A owl:disjointWith :B ."),
    "scm-eqc2": Case(
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .", ":A owl:equivalentClass :B .", ":A rdfs:subClassOf :B ."
    ),
    "scm-op": Case(":p a owl:ObjectProperty .", ":p rdfs:subPropertyOf :p .", ":p a owl:Class ."),
    "scm-dp": Case(":p a owl:DatatypeProperty .", ":p owl:equivalentProperty :p .", ":p a owl:Class ."),
    "scm-spo": Case(
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        ":p rdfs:subPropertyOf :r .",
        ":p rdfs:subPropertyOf :q . :r rdfs:subPropertyOf :q .",
    ),
    "scm-eqp1": Case(
        ":p owl:equivalentProperty :q .", ":q rdfs:subPropertyOf :p .", ":p owl:propertyDisjointWith :q ."
    ),
    "scm-eqp2": Case(
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        ":p owl:equivalentProperty :q .",
        ":p rdfs:subPropertyOf :q .",
    ),
    "scm-dom1": Case(
        ":p rdfs:domain :A . :A rdfs:subClassOf :B .",
        ":p rdfs:domain :B .",
        ":p rdfs:domain :A . :B rdfs:subClassOf :A .",
    ),
    "scm-dom2": Case(
        ":q rdfs:domain :A . :p rdfs:subPropertyOf :q .",
        ":p rdfs:domain :A .",
        ":q rdfs:domain :A . :q rdfs:subPropertyOf :p .",
    ),
    "scm-rng1": Case(
        ":p rdfs:range :A . :A rdfs:subClassOf :B .", ":p rdfs:range :B .", ":p rdfs:range :A . :B rdfs:subClassOf :A ."
    ),
    "scm-rng2": Case(
        ":q rdfs:range :A . :p rdfs:subPropertyOf :q .",
        ":p rdfs:range :A .",
        ":q rdfs:range :A . :q rdfs:subPropertyOf :p .",
    ),
    "scm-hv": Case(
        ":A owl:hasValue :i ; owl:onProperty :p . :B owl:hasValue :i ; owl:onProperty :q . :p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B .",
        ":A owl:hasValue :i ; owl:onProperty :p . :B owl:hasValue :j ; owl:onProperty :q . :p rdfs:subPropertyOf :q .",
    ),
    "scm-svf1": Case(
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :D ; owl:onProperty :p . "
        ":C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B .",
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :D ; owl:onProperty :q . "
        ":C rdfs:subClassOf :D .",
    ),
    "scm-svf2": Case(
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :C ; owl:onProperty :q . "
        ":p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B .",
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :D ; owl:onProperty :q . "
        ":p rdfs:subPropertyOf :q .",
    ),
    "scm-avf1": Case(
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :D ; owl:onProperty :p . "
        ":C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B .",
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :D ; owl:onProperty :q . "
        ":C rdfs:subClassOf :D .",
    ),
    "scm-avf2": Case(
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :C ; owl:onProperty :q . "
        ":p rdfs:subPropertyOf :q .",
        ":B rdfs:subClassOf :A .",
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :D ; owl:onProperty :q . "
        ":p rdfs:subPropertyOf :q .",
    ),
    "scm-int": Case(":C owl:intersectionOf (:A :B) .", ":C rdfs:subClassOf :B .", ":C owl:intersectionOf (:A :D) ."),
    "scm-uni": Case(":C owl:unionOf (:A :B) .", ":B rdfs:subClassOf :C .", ":C owl:unionOf (:A :D) ."),
}
