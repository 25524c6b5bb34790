"""The terms of an ontology: definitions, hierarchy, alignments with other vocabularies, changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias
from urllib.parse import quote

from graph_service.http.web import addresses
from graph_service.pages.hierarchy import Branch, tree
from graph_service.pages.shown import DisplayValue
from graph_service.rdf.answers import Binding, Row
from graph_service.rdf.namespaces import OWL, PREFIXES, RDF, RDFS, Names
from graph_service.views.labels import Label, Labels, pick

# What changed, by the version of the ontology; empty for notes that name none.
Changes: TypeAlias = Mapping[str, Sequence[Label]]

_TYPE = f"{RDF}type"
_LABEL = (f"{RDFS}label", f"{PREFIXES['dcterms']}title", f"{PREFIXES['skos']}prefLabel")
_DEFINITION = (f"{PREFIXES['skos']}definition", f"{RDFS}comment")
_PARENTS = (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
_DEFINED = f"{RDFS}isDefinedBy"
_NOTE = f"{PREFIXES['skos']}changeNote"
_VERSION = f"{OWL}versionInfo"
# What relates a term to those of other vocabularies, by the word that pages have for it; closest first.
_ALIGNMENTS = {
    "same": (f"{OWL}equivalentClass", f"{OWL}equivalentProperty", f"{PREFIXES['skos']}exactMatch"),
    "close": (f"{PREFIXES['skos']}closeMatch",),
    "narrower": (*_PARENTS, f"{PREFIXES['skos']}broadMatch"),
    "wider": (f"{PREFIXES['skos']}narrowMatch",),
    "related": (f"{PREFIXES['skos']}relatedMatch", f"{RDFS}seeAlso"),
}
_KINDS = {
    "class": (f"{OWL}Class", f"{RDFS}Class"),
    "property": (*(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation")), f"{RDF}Property"),
}


def space_of(ontology: str) -> str:
    """How the names of the terms of an ontology begin: as its own, which may end in a hash or a slash."""
    return ontology if ontology.endswith(("#", "/")) else f"{ontology}#"


@dataclass(frozen=True)
class Term:
    """A class or a property of the ontology.

    Attributes:
        name: how it is shown, with its address.
        anchor: name of its place on the page; empty for terms of other vocabularies.
        label, definition: in the language of the page, else in another.
        parents, children: the next ones above and below, of the same ontology.
        domain, range: of a property.
        alignments: terms of other vocabularies, by how this one relates to them.
        changes: what changed in it, the newest version first.
    """

    name: DisplayValue
    anchor: str
    label: Label
    definition: Label
    parents: Sequence[DisplayValue]
    children: Sequence[DisplayValue]
    domain: Sequence[DisplayValue]
    range: Sequence[DisplayValue]
    alignments: Mapping[str, Sequence[DisplayValue]]
    changes: Changes


class Terms:
    """The terms of an ontology, by kind.

    Args:
        rows: what is said of them: `subject`, `predicate` and `object`, bindings of SPARQL 1.1 Query Results JSON.
        names: for the base.
        labels: of the terms; one without is called by its CURIE.
        language: of the page.
        root: path under which a proxy serves this.
        ontology: IRI of the ontology whose page this is.
    """

    def __init__(
        self, rows: Iterable[Row], names: Names, labels: Labels, language: str, root: str, ontology: str
    ) -> None:
        self._names = names
        self._labels = labels
        self._own = ontology
        self._space = space_of(ontology)
        self._language = language
        self._root = root
        self._statements: dict[str, dict[str, list[Binding]]] = {}
        for row in rows:
            about = self._statements.setdefault(row["subject"]["value"], {})
            about.setdefault(row["predicate"]["value"], []).append(row["object"])
        self._below: dict[str, list[str]] = {}
        for term in sorted(self._statements):
            for parent in self._iris(term, *_PARENTS):
                self._below.setdefault(parent, []).append(term)

    @cached_property
    def by_iri(self) -> Mapping[str, Term]:
        """The terms of all kinds."""
        return {term.name.title: term for found in self.kinds.values() for term in found}

    @property
    def version(self) -> str:
        """What the ontology calls its version."""
        return self._version(self._own)

    @property
    def title(self) -> Label:
        """The name of the ontology."""
        return self._text(self._own, _LABEL) or Label("", "")

    @property
    def changes(self) -> Changes:
        """What changed in the ontology as a whole, the newest version first."""
        return self._changes(self._own)

    @cached_property
    def kinds(self) -> Mapping[str, Sequence[Term]]:
        """Classes and properties, our own first."""
        found: dict[str, list[Term]] = {}
        for kind, types in _KINDS.items():
            of_kind = {term for term in self._statements if set(types) & set(self._iris(term, _TYPE))}
            terms = sorted(self._with_names(of_kind), key=lambda term: (not self._is_own(term), term))
            found[kind] = [self._term(term) for term in terms]
        return found

    @property
    def trees(self) -> Mapping[str, Sequence[Branch]]:
        """Our own classes and properties as trees: at the top those that stand below none of ours."""
        return {kind: self._branches(found) for kind, found in self.kinds.items()}

    def _branches(self, terms: Sequence[Term]) -> Sequence[Branch]:
        own = {term.name.title: term for term in terms if term.anchor}
        children = {iri: [one.title for one in term.children if one.title in own] for iri, term in own.items()}
        children[""] = [iri for iri, term in own.items() if not any(one.title in own for one in term.parents)]
        return tree(children, own)

    def _term(self, term: str) -> Term:
        return Term(
            name=self._shown(term),
            anchor=self._anchor(term) if self._is_own(term) else "",
            label=self._text(term, _LABEL) or Label(self._names.shorten(term), ""),
            definition=self._text(term, _DEFINITION) or Label("", ""),
            parents=self._named(iri for iri in self._iris(term, *_PARENTS) if self._is_ours(iri)),
            children=self._named(self._below.get(term, [])),
            domain=self._named(self._iris(term, f"{RDFS}domain")),
            range=self._named(self._iris(term, f"{RDFS}range")),
            alignments=self._alignments(term),
            changes=self._changes(term),
        )

    def _alignments(self, term: str) -> Mapping[str, Sequence[DisplayValue]]:
        found = {how: self._iris(term, *predicates) for how, predicates in _ALIGNMENTS.items()}
        others = {how: self._named(iri for iri in iris if not self._is_ours(iri)) for how, iris in found.items()}
        return {how: shown for how, shown in others.items() if shown}

    def _changes(self, subject: str) -> Changes:
        """Notes of change (SKOS Primer, section 4.2): nodes with a version and a text, or the texts themselves."""
        found: dict[str, list[Label]] = {}
        nodes = sorted(self._iris(subject, _NOTE), key=lambda iri: (len(iri), iri))
        notes = [(self._version(node), self._text(node, (f"{RDF}value",))) for node in nodes]
        for version, text in (*notes, ("", self._text(subject, (_NOTE,)))):
            if text:
                found.setdefault(version, []).append(text)
        newest = sorted(found, key=lambda version: [-int(number) for number in re.findall(r"\d+", version)])
        return {version: found[version] for version in newest}

    def _version(self, subject: str) -> str:
        return min((value["value"] for value in self._statements.get(subject, {}).get(_VERSION, [])), default="")

    def _is_own(self, iri: str) -> bool:
        """Whether it is a term of this ontology."""
        return iri.startswith(self._space) or self._own in self._iris(iri, _DEFINED)

    def _is_ours(self, iri: str) -> bool:
        """Whether it is a term of this publisher, in this ontology or another one."""
        return self._is_own(iri) or self._names.owns(iri)

    def _anchor(self, iri: str) -> str:
        return iri.removeprefix(self._space) if iri.startswith(self._space) else re.split("[#/]", iri)[-1]

    def _named(self, iris: Iterable[str]) -> Sequence[DisplayValue]:
        return [self._shown(iri) for iri in self._with_names(iris)]

    def _with_names(self, iris: Iterable[str]) -> Iterator[str]:
        """Those of these that have a name of their own."""
        return (iri for iri in iris if not iri.startswith(f"{self._names.base}.well-known/"))

    def _shown(self, iri: str) -> DisplayValue:
        href = f"#{quote(self._anchor(iri))}" if self._is_own(iri) else addresses.link(self._names, self._root, iri)
        label = self._labels.label(iri, self._language)
        return DisplayValue(label.text, label.language, href, iri)

    def _iris(self, term: str, *predicates: str) -> list[str]:
        about = self._statements.get(term, {})
        return sorted({v["value"] for p in predicates for v in about.get(p, ()) if v["type"] == "uri"})

    def _text(self, term: str, predicates: Iterable[str]) -> Label | None:
        texts = dict(_texts(self._statements.get(term, {}), predicates))
        return pick(texts, self._language)


def _texts(about: Mapping[str, Sequence[Binding]], predicates: Iterable[str]) -> Iterator[tuple[str, str]]:
    for predicate in predicates:
        for value in about.get(predicate, ()):
            if value["type"] == "literal":
                yield value.get("xml:lang", "").lower(), value["value"]
