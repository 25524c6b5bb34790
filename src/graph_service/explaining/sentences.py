"""Statements as sentences for readers who know no OWL; a class without a name is told by its definition.

Class expressions (OWL 2 Mapping to RDF, section 3.2, table 13) become verb phrases such as "has the value “corrected”
for “verification”", which `sentences.json` has in each language.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graph_service.explaining.gathering import Ontology
from graph_service.rdf.namespaces import PREFIXES, term
from graph_service.rdf.terms import Term, Triple, is_literal, text
from graph_service.reasoning import vocabulary as v

# Expressions within expressions, and members of lists, that are told; the rest is called by its name.
_DEEPEST = 4
_LONGEST = 50


def _terms(names: str) -> frozenset[Term]:
    return frozenset(map(term, names.split()))


_CLASSES = "owl:intersectionOf owl:unionOf owl:oneOf owl:complementOf"
_CLASS_AXIOMS = _terms(f"rdfs:subClassOf owl:equivalentClass owl:disjointWith {_CLASSES}")
_DOMAINS = _terms("rdfs:domain rdfs:range")
_PROPERTY_AXIOMS = _terms("rdfs:subPropertyOf owl:equivalentProperty owl:inverseOf owl:propertyDisjointWith")
_MOST = _terms("owl:maxCardinality owl:maxQualifiedCardinality")
# What links an expression to its parts: on its own it says nothing to a reader.
_PARTS = _MOST | _terms(
    "rdf:first rdf:rest owl:inverseOf owl:onProperty owl:onClass owl:hasValue owl:someValuesFrom owl:allValuesFrom "
    + _CLASSES
)


def is_unnamed(node: Term) -> bool:
    """Whether an IRI stands for a blank node (RDF 1.1 Concepts, section 3.5)."""
    return "/.well-known/genid/" in node and not is_literal(node)


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).with_name("sentences.json")
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def _predicates(language: str) -> Mapping[Term, str]:
    """The sentence of each predicate that has one."""
    found = {}
    for key, sentence in _sentences()[language].items():
        prefix, colon, local = key.partition(":")
        if colon:
            found[f"<{PREFIXES[prefix]}{local}>"] = sentence
    return found


@dataclass(frozen=True)
class Sentences:
    """Writes statements as sentences.

    Attributes:
        language: `en` or `de`.
        ontology: has the axioms.
        name: how a term is written.
        markup: the class of what is written: `str`, or `markupsafe.Markup`, which escapes names that are no markup.
    """

    language: str
    ontology: Ontology
    name: Callable[[Term], str]
    markup: type[str] = str

    def statement(self, triple: Triple | None) -> str:
        """A triple as a sentence; None is false."""
        if triple is None:
            return self._say("false")
        subject, predicate, value = triple
        if predicate == v.TYPE:
            return self._type(subject, value)
        if predicate in _CLASS_AXIOMS:
            given = {"s": self._is(subject), **self._both(value, self._constructed(predicate, value))}
        elif predicate in _DOMAINS:
            given = {"s": self._property(subject), **self._both(value, "")}
        elif predicate == term("owl:propertyChainAxiom"):
            given = {"s": self._property(subject), "o": self._joined("then", map(self._property, self._members(value)))}
        elif predicate == term("owl:hasKey"):
            given = {"s": self._quoted(subject), "o": self._joined("and", map(self._property, self._members(value)))}
        elif predicate in _PROPERTY_AXIOMS:
            given = {"s": self._property(subject), "o": self._property(value)}
        else:
            return self._plain(triple)
        return self.markup(_predicates(self.language)[predicate]).format(**given)

    def definition(self, node: Term) -> str:
        """What a class without a name is."""
        return self._say("definition", o=self._is(node))

    def whole(self, triple: Triple) -> Triple | Term | None:
        """The axiom, else the class without a name, that a triple is a part of; None if it stands for itself."""
        if triple.predicate not in _PARTS and not (triple.predicate == v.TYPE and is_unnamed(triple.subject)):
            return None
        node = triple.subject
        if not is_unnamed(node):
            return None
        for _ in range(_LONGEST):
            around = [one for one in self.ontology.match(None, None, node) if one.predicate != v.TYPE]
            within = next((one for one in around if one.predicate in _PARTS and is_unnamed(one.subject)), None)
            if within is None:
                own = [t for p in (v.SUB_CLASS_OF, v.EQUIVALENT_CLASS) for t in self.ontology.match(node, p, None)]
                stated = (one for one in (*around, *own) if self.ontology.stated(one))
                return next((t for t in stated if not (is_unnamed(t.subject) and is_unnamed(t.object))), node)
            node = within.subject
        return node

    def _plain(self, triple: Triple) -> str:
        subject, predicate, value = triple
        given = {"s": self.name(subject), "o": self.name(value)}
        if sentence := _predicates(self.language).get(predicate):
            return self.markup(sentence).format(**given)
        reads_as_verb = not is_literal(value) and not predicate.startswith(tuple(f"<{n}" for n in PREFIXES.values()))
        return self._say("plain" if reads_as_verb else "value", p=self.name(predicate), **given)

    def _constructed(self, predicate: Term, value: Term) -> str:
        """The verb phrase of a named class that is written as an expression itself; empty for other axioms."""
        return next(self._constructions(predicate, value, 0), "")

    def _both(self, node: Term, phrase: str) -> dict[str, str]:
        """A class as a verb phrase (`o`) and as what follows “is” (`what`)."""
        if phrase or is_unnamed(node):
            phrase = phrase or self._is(node)
            return {"o": phrase, "what": self._say("what", o=phrase)}
        return {"o": self._is(node), "what": self._say("what.class", o=self._quoted(node))}

    def _property(self, node: Term) -> str:
        inverse = next(iter(self.ontology.match(node, term("owl:inverseOf"), None)), None) if is_unnamed(node) else None
        return self._say("inverse", o=self._quoted(inverse.object)) if inverse else self._quoted(node)

    def _type(self, subject: Term, node: Term) -> str:
        # A term of the ontology is spoken of, a thing of the data is named.
        named = self._quoted(subject) if node.startswith(v.RESERVED) else self.name(subject)
        return self._say("type", s=named, what=self._both(node, "")["what"])

    def _is(self, node: Term, depth: int = 0) -> str:
        """The verb phrase of a class: what its members are or have."""
        phrase = next(self._phrases(node, depth), None) if is_unnamed(node) and depth < _DEEPEST else None
        return phrase or self._say("is.class", o=self._quoted(node))

    def _phrases(self, node: Term, depth: int) -> Iterator[str]:
        """The verb phrases of an expression; one in all but odd ontologies."""
        for triple in self.ontology.match(node, None, None):
            if triple.predicate == term("owl:onProperty"):
                yield from self._restrictions(node, self._property(triple.object), depth)
            else:
                yield from self._constructions(triple.predicate, triple.object, depth)

    def _constructions(self, predicate: Term, value: Term, depth: int) -> Iterator[str]:
        if predicate == term("owl:intersectionOf"):
            yield self._joined("and", self._each(value, depth))
        elif predicate == term("owl:unionOf"):
            yield self._joined("or", self._each(value, depth))
        elif predicate == term("owl:oneOf"):
            yield self._say("is.one_of", o=self._joined("", map(self.name, self._members(value))))
        elif predicate == term("owl:complementOf"):
            yield self._say("is.complement", o=self._is(value, depth + 1))

    def _restrictions(self, node: Term, on: str, depth: int) -> Iterator[str]:
        for triple in self.ontology.match(node, None, None):
            value = triple.object
            if triple.predicate == term("owl:hasValue"):
                yield self._say("is.has_value", p=on, o=self._quoted(value))
            elif triple.predicate == term("owl:someValuesFrom"):
                any_value = value in (v.THING, term("rdfs:Literal"))
                yield self._say("is.some.any" if any_value else "is.some", p=on, o=self._is(value, depth + 1))
            elif triple.predicate == term("owl:allValuesFrom"):
                yield self._say("is.all", p=on, o=self._is(value, depth + 1))
            elif triple.predicate in _MOST:
                yield self._counted(node, self._say("is.max", p=on, n=text(value)), depth)

    def _counted(self, node: Term, phrase: str, depth: int) -> str:
        """A cardinality, with the class that its values are counted of."""
        for triple in self.ontology.match(node, term("owl:onClass"), None):
            phrase = self._say("is.of_class", **{"is": phrase, "o": self._is(triple.object, depth + 1)})
        return phrase

    def _each(self, head: Term, depth: int) -> Iterator[str]:
        return (self._is(member, depth + 1) for member in self._members(head))

    def _members(self, head: Term) -> Iterator[Term]:
        """The members of a list."""
        for _ in range(_LONGEST):
            yield from (triple.object for triple in self.ontology.match(head, v.FIRST, None))
            rest = next(iter(self.ontology.match(head, v.REST, None)), None)
            if rest is None or rest.object == v.NIL:
                return
            head = rest.object

    def _joined(self, word: str, parts: Iterable[str]) -> str:
        return self.markup(_sentences()[self.language][word] if word else ", ").join(parts)

    def _quoted(self, node: Term) -> str:
        return self._say("quoted").format(self.name(node))

    def _say(self, key: str, **given: str) -> str:
        sentence = self.markup(_sentences()[self.language][key])
        return sentence.format(**given) if given else sentence
