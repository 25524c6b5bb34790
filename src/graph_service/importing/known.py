"""Resources that the graph has already: actors, propositions, documents, positions, coders, concepts.

Names are found as curators write them: by slug, identifier, or any label, in any case. Nothing here knows which
concepts exist; they are read from ontology and data.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graph_service.building import sources
from graph_service.building.sources import SourceFile
from graph_service.rdf.namespaces import PREFIXES, RDF, Names
from graph_service.rdf.terms import Term, iri, iri_value, is_literal, text

_SKOS, _DCTERMS, _PROV = (PREFIXES[name] for name in ("skos", "dcterms", "prov"))
_NAMING = {f"<{_SKOS}{name}>" for name in ("prefLabel", "altLabel", "hiddenLabel")} | {
    f"<{_DCTERMS}identifier>",
    f"<{PREFIXES['schema']}name>",
}


class AmbiguousName(LookupError):
    """A name that means several things."""


@dataclass
class Lexicon:
    """Things of one kind by each of their names."""

    names: dict[str, set[Term]] = field(default_factory=dict)

    def add(self, name: str, term: Term) -> None:
        """Let `name` mean `term`, too."""
        self.names.setdefault(name.strip().casefold(), set()).add(term)

    def find(self, name: str) -> Term | None:
        """The thing of this name.

        Raises:
            AmbiguousName: it means several.
        """
        found = self.meanings(name)
        if len(found) > 1:
            raise AmbiguousName(", ".join(sorted(slug(term) for term in found)))
        return next(iter(found), None)

    def meanings(self, name: str) -> set[Term]:
        """All things of this name."""
        return self.names.get(name.strip().casefold(), set())

    def has(self, name: str) -> bool:
        """Whether anything has this name."""
        return name.strip().casefold() in self.names

    def similar(self, name: str) -> list[str]:
        """Up to three names that resemble this one."""
        return difflib.get_close_matches(name.strip().casefold(), self.names, n=3, cutoff=0.75)


@dataclass(frozen=True)
class KnownPosition:
    """A position that stands in a hand-kept file or in that of another sheet."""

    term: Term
    proposition: Term
    agreement: str


@dataclass
class KnownResources:
    """The contents of the graph, as far as an import refers to them."""

    names: Names
    actors: Lexicon = field(default_factory=Lexicon)
    propositions: Lexicon = field(default_factory=Lexicon)
    documents: Lexicon = field(default_factory=Lexicon)
    coders: Lexicon = field(default_factory=Lexicon)
    instruments: Lexicon = field(default_factory=Lexicon)
    positions: dict[str, KnownPosition] = field(default_factory=dict)
    lists: dict[str, Lexicon] = field(default_factory=dict)

    def concepts(self, scheme: str) -> Lexicon:
        """The concepts of a controlled list, such as `target-groups`."""
        return self.lists.setdefault(scheme, Lexicon())

    def term(self, kind: str, name: str) -> Term:
        """The IRI `id/KIND/NAME` below the base."""
        return iri(f"{self.names.base}id/{kind}/{name}")


def slug(term: Term) -> str:
    """The last part of an IRI: what stands behind the last slash or hash."""
    return iri_value(term).rpartition("#")[2].rpartition("/")[2]


def read(files: Iterable[SourceFile], names: Names) -> KnownResources:
    """Read what the graph knows.

    Raises:
        SourceError: a file cannot be read.
    """
    known = KnownResources(names)
    untyped: list[tuple[Term, _Properties]] = []
    for file in files:
        for subject, properties in _by_subject(file, names).items():
            if f"<{RDF}type>" in properties:
                _add(known, subject, properties)
            else:
                untyped.append((subject, properties))
    for subject, properties in untyped:
        _add_names(known, subject, properties)
    return known


_Properties = Mapping[str, list[Term]]


def _by_subject(file: SourceFile, names: Names) -> Mapping[Term, _Properties]:
    """Types, names, schemes, propositions and agreements of the subjects of a file."""
    kept = _NAMING | {
        f"<{RDF}type>",
        f"<{_SKOS}inScheme>",
        f"<{names.base}ontology#onProposition>",
        f"<{names.base}ontology#agreement>",
    }
    found: dict[Term, dict[str, list[Term]]] = {}
    for quad in sources.read(file, names):
        if quad.predicate in kept:
            found.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    return found


def _add(known: KnownResources, subject: Term, properties: _Properties) -> None:
    own = f"{known.names.base}ontology#"
    types = {iri_value(t) for t in properties.get(f"<{RDF}type>", ())}
    lexicons = {
        f"{own}Actor": known.actors,
        f"{own}Organisation": known.actors,
        f"{own}Body": known.actors,
        f"{own}ActorGroup": known.actors,
        f"{own}Proposition": known.propositions,
        f"{own}Document": known.documents,
        f"{own}Instrument": known.instruments,
        f"{_PROV}Agent": known.coders,
        f"{_PROV}SoftwareAgent": known.coders,
    }
    targets = [lexicon for kind, lexicon in lexicons.items() if kind in types]
    if f"{_SKOS}Concept" in types:
        targets += [known.concepts(slug(scheme)) for scheme in properties.get(f"<{_SKOS}inScheme>", ())]
    for lexicon in targets:
        for name in _names_of(subject, properties):
            lexicon.add(name, subject)
    if f"{own}Position" in types:
        _add_position(known, subject, properties)


def _add_names(known: KnownResources, subject: Term, properties: _Properties) -> None:
    """Further names of something that another file describes."""
    lexicons = (known.actors, known.propositions, known.documents, known.coders, known.instruments)
    for lexicon in (*lexicons, *known.lists.values()):
        if subject in lexicon.names.get(slug(subject).casefold(), ()):
            for name in _names_of(subject, properties):
                lexicon.add(name, subject)


def _add_position(known: KnownResources, subject: Term, properties: _Properties) -> None:
    own = f"{known.names.base}ontology#"
    proposition = next(iter(properties.get(f"<{own}onProposition>", ())), "")
    agreement = next((text(term) for term in properties.get(f"<{own}agreement>", ())), "")
    for identifier in properties.get(f"<{_DCTERMS}identifier>", ()):
        known.positions[text(identifier)] = KnownPosition(subject, proposition, agreement)


def _names_of(subject: Term, properties: _Properties) -> Iterator[str]:
    yield slug(subject)
    for predicate in _NAMING:
        for term in properties.get(predicate, ()):
            if is_literal(term):
                yield text(term)
