"""How do we know? The proof of a triple of a snapshot, its leaves traced to document, place, file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from graph_service.building import provenance
from graph_service.catalogue.queries import QueryFile
from graph_service.errors import ParameterError
from graph_service.explaining.rendering import LeafSource, as_json, as_text, as_turtle
from graph_service.rdf import answers
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Term, Triple, iri, iri_value, is_iri
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.proofs import Proof, explain
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore


class Explainer:
    """Explains the triples of one snapshot; what it needs of it is read when it is first asked.

    Args:
        snapshot: whose triples are explained.
        places: the query that tells the passage behind a node, `queries/evidence/places.rq`.
    """

    def __init__(self, snapshot: Snapshot, places: QueryFile) -> None:
        self.names = snapshot.manifest.names
        self._snapshot = snapshot
        self._places = places

    def explain(self, subject: str, predicate: str, value: str) -> Proof:
        """The proof of a triple; that of a stated one has no inferences.

        Args:
            subject: an IRI, a CURIE or a name relative to the base.
            predicate: the same.
            value: the same, or a literal as in N-Triples.

        Raises:
            ParameterError: one of them is no term.
            NotEntailed: the triple neither stands in the data nor follows from them.
        """
        return explain(Triple(*(read_term(text, self.names) for text in (subject, predicate, value))), self._facts)

    def json(self, proof: Proof, language: str = "en") -> dict[str, Any]:
        """The proof as a JSON document, shaped as `reasoning.rendering.as_json` says."""
        return as_json(proof, self._origins(language))

    def text(self, proof: Proof, language: str = "en") -> str:
        """The proof as numbered lines in English (`en`) or German (`de`)."""
        return as_text(proof, self._origins(language), language=language, name=self._short)

    def turtle(self, proof: Proof, language: str = "en") -> str:
        """The proof in PROV-O, as Turtle."""
        return as_turtle(proof, self._origins(language))

    @cached_property
    def _facts(self) -> MemoryFacts:
        quads = list(self._snapshot.quads())
        inferred = f"<{self._snapshot.manifest.inferred_graph}>"
        stated = (quad for quad in quads if quad.graph != inferred)
        return MemoryFacts(stated, (quad.triple for quad in quads if quad.graph == inferred))

    @cached_property
    def _store(self) -> EmbeddedStore:
        return EmbeddedStore.open(self._snapshot.path)

    @cached_property
    def _files(self) -> provenance.Provenance:
        return provenance.of_snapshot(self._snapshot)

    def _origins(self, language: str) -> Origins:
        return Origins(self._store, self._files, self._places, self.names, language)

    def _short(self, term: Term) -> str:
        return self.names.shorten(iri_value(term)) if is_iri(term) else term


@dataclass(frozen=True)
class Origins:
    """Where stated triples come from: passage, file and line (`reasoning.rendering.Provenance`)."""

    store: EmbeddedStore
    files: provenance.Provenance
    places: QueryFile
    names: Names
    language: str

    def sources(self, triple: Triple, graphs: Sequence[Term]) -> Sequence[LeafSource]:
        """One source for each graph in which the triple is stated."""
        return [self._source(triple.subject, graph) for graph in graphs]

    def _source(self, subject: Term, graph: Term) -> LeafSource:
        found = self.files.locate(subject, graph)
        file, line = (found.path.as_posix(), found.line) if found and found.path else ("", 0)
        if graph == self.names.ontology_graph:
            return LeafSource(graph, "ontology", file=file, line=line)
        asked = self.places.bind({"node": [iri_value(subject)], "lang": [self.language]}, self.names)
        for row in answers.values(self.store.query(asked)):
            return LeafSource(graph, "document", row["document"], row["title"], row["place"], row["sha256"], file, line)
        return LeafSource(graph, file=file, line=line)


def read_term(text: str, names: Names) -> Term:
    """The term that a user means: an IRI, a CURIE, a name relative to the base, or a literal as in N-Triples.

    Raises:
        ParameterError: it is none of these.
    """
    try:
        if not text.startswith('"'):
            return iri(names.expand(text))
        (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .".encode(), format=ox.RdfFormat.N_TRIPLES)
        return str(quad.object)
    except (ValueError, SyntaxError) as error:
        message = f"{text[:80]!r} is no term."
        raise ParameterError(message, hint='Give an IRI, a CURIE, or a literal such as "Dresden"@de.') from error
