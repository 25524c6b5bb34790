"""The ontology as a page: classes and properties with labels, definitions and hierarchy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from graph_service.http import addresses
from graph_service.http.pages.shown import Shown
from graph_service.labels import Label, pick
from graph_service.namespaces import OWL, PREFIXES, RDF, RDFS, Names

_TYPE = f"{RDF}type"
_LABEL = (f"{RDFS}label", f"{PREFIXES['dcterms']}title", f"{PREFIXES['skos']}prefLabel")
_DEFINITION = (f"{PREFIXES['skos']}definition", f"{RDFS}comment")
_PARENTS = (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
_KINDS = {
    "class": (f"{OWL}Class", f"{RDFS}Class"),
    "property": (*(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation")), f"{RDF}Property"),
}


def facts(quads: Sequence[ox.Quad], names: Names, language: str, root: str) -> Mapping[str, Any]:
    """What the page shows.

    Args:
        quads: what the graph of the ontology says.
        names: for the base.
        language: of the page.
        root: path under which a proxy serves this.
    """
    documents = [(format_, root + addresses.ontology(format_)) for format_ in addresses.DATA]
    return {"terms": Terms(quads, names, language, root), "documents": documents, "iri": f"{names.base}ontology"}


@dataclass(frozen=True)
class Term:
    """A class or a property of the ontology.

    Attributes:
        name: how it is shown, with its address.
        anchor: name of its place on the page; empty for terms of other vocabularies.
        label, definition: in the language of the page, else in another.
        parents, children: the next ones above and below.
        domain, range: of a property.
    """

    name: Shown
    anchor: str
    label: Label
    definition: Label
    parents: Sequence[Shown]
    children: Sequence[Shown]
    domain: Sequence[Shown]
    range: Sequence[Shown]


@dataclass(frozen=True)
class Branch:
    """A term in the hierarchy with the branches below it."""

    term: Term
    below: Sequence[Branch]


class Terms:
    """The terms of an ontology, by kind."""

    def __init__(self, quads: Iterable[ox.Quad], names: Names, language: str, root: str) -> None:
        self._names = names
        self._language = language
        self._root = root
        self._said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                self._said.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
        self._below: dict[str, list[str]] = {}
        for term in sorted(self._said):
            for parent in self._iris(term, *_PARENTS):
                self._below.setdefault(parent, []).append(term)

    @property
    def version(self) -> str:
        """What the ontology calls its version."""
        values = self._said.get(f"{self._names.base}ontology", {}).get(f"{OWL}versionInfo", [])
        return min((value.value for value in values), default="")

    @property
    def title(self) -> Label:
        """The name of the ontology."""
        return self._text(f"{self._names.base}ontology", _LABEL) or Label("", "")

    @property
    def kinds(self) -> Mapping[str, Sequence[Term]]:
        """Classes and properties, our own first."""
        own = f"{self._names.base}ontology"
        nameless = f"{self._names.base}.well-known/"
        found: dict[str, list[Term]] = {}
        for kind, types in _KINDS.items():
            terms = [term for term in self._said if set(types) & set(self._iris(term, _TYPE))]
            terms = sorted(
                (term for term in terms if not term.startswith(nameless)), key=lambda t: (not t.startswith(own), t)
            )
            found[kind] = [self._term(term) for term in terms]
        return found

    @property
    def trees(self) -> Mapping[str, Sequence[Branch]]:
        """Our own classes and properties as trees: at the top those that stand below none of ours."""
        return {kind: self._branches(found) for kind, found in self.kinds.items()}

    def _branches(self, terms: Sequence[Term]) -> Sequence[Branch]:
        own = {term.name.title: term for term in terms if term.anchor}

        def branch(iri: str, above: frozenset[str]) -> Branch:
            # A circle, which a reasoner would take for equivalence, ends where it closes.
            below = [one.title for one in own[iri].children if one.title in own and one.title not in above]
            return Branch(own[iri], [branch(one, above | {one}) for one in below])

        tops = [iri for iri, term in own.items() if not any(one.title in own for one in term.parents)]
        return [branch(iri, frozenset({iri})) for iri in tops]

    def _term(self, term: str) -> Term:
        return Term(
            self._shown(term),
            term.partition("#")[2] if term.startswith(f"{self._names.base}ontology#") else "",
            self._text(term, _LABEL) or Label(self._names.shorten(term), ""),
            self._text(term, _DEFINITION) or Label("", ""),
            *(
                [self._shown(iri) for iri in iris if not iri.startswith(f"{self._names.base}.well-known/")]
                for iris in (
                    self._iris(term, *_PARENTS),
                    self._below.get(term, []),
                    self._iris(term, f"{RDFS}domain"),
                    self._iris(term, f"{RDFS}range"),
                )
            ),
        )

    def _shown(self, iri: str) -> Shown:
        own = f"{self._names.base}ontology#"
        href = f"#{iri.removeprefix(own)}" if iri.startswith(own) else ""
        return Shown(self._names.shorten(iri), "", href or addresses.link(self._names, self._root, iri), iri)

    def _iris(self, term: str, *predicates: str) -> list[str]:
        said = self._said.get(term, {})
        return sorted({v.value for p in predicates for v in said.get(p, ()) if isinstance(v, ox.NamedNode)})

    def _text(self, term: str, predicates: Iterable[str]) -> Label | None:
        texts = dict(_texts(self._said.get(term, {}), predicates))
        return pick(texts, self._language)


def _texts(
    said: Mapping[str, Sequence[ox.NamedNode | ox.Literal]], predicates: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for predicate in predicates:
        for value in said.get(predicate, ()):
            if isinstance(value, ox.Literal):
                yield (value.language or "").lower(), value.value
