"""Explanations: the proof of a triple, its leaves traced to document, passage, file and line.

All that is needed is asked of a store: an inquiry yields queries and is sent their answers. Who runs it decides how
they are answered: `Explainer` in this thread, `proving.Prover` through the store of a server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from graph_service.catalogue.queries import QueryFile
from graph_service.errors import ParameterError
from graph_service.explaining.gathering import (
    Finished,
    GatheredFacts,
    Inquiry,
    Ontology,
    ProofLimits,
    Result,
    advance,
    find_proof,
    load_ontology,
)
from graph_service.explaining.rendering import LeafSource, as_json, as_text, as_turtle
from graph_service.explaining.sentences import Sentences
from graph_service.rdf import answers
from graph_service.rdf.formats import TSV
from graph_service.rdf.namespaces import Names, declarations
from graph_service.rdf.terms import Term, Triple, iri, iri_value, is_iri
from graph_service.reasoning.proofs import Proof
from graph_service.snapshots import provenance
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore


@dataclass(frozen=True)
class Explanations:
    """The inquiries behind proofs.

    Attributes:
        names: reads and writes CURIEs and names relative to the base.
        files: finds the lines of the source files.
        places: the query for the passage behind a node, `queries/evidence/places.rq`.
        limits: what one proof may use.
    """

    names: Names
    files: provenance.Provenance
    places: QueryFile
    limits: ProofLimits = ProofLimits()

    def ontology(self) -> Inquiry[Ontology]:
        """The axioms, which all proofs over one data set share."""
        return load_ontology(self.names.inferred_graph, self.limits)

    def goal(self, asked: Sequence[str]) -> Triple:
        """The triple that a user means; raises as `read_term`."""
        subject, predicate, value = (read_term(text, self.names) for text in asked)
        return Triple(subject, predicate, value)

    def facts(self, ontology: Ontology) -> GatheredFacts:
        """The facts of one proof, none of them asked for yet."""
        return GatheredFacts(ontology, self.names.inferred_graph, self.limits)

    def origins(self, proof: Proof, language: str) -> Inquiry[Origins]:
        """Where the leaves of a proof come from."""
        ontology = self.names.ontology_graph
        stated = {leaf.subject for leaf, graphs in proof.stated.items() if set(graphs) != {ontology}}
        subjects = sorted(stated)
        bound = [self.places.bind({"node": [iri_value(s)], "lang": [language]}, self.names) for s in subjects]
        found = (yield bound) if bound else ()
        rows = (next(iter(answers.values(answer)), None) for answer in found)
        passages = {subject: row for subject, row in zip(subjects, rows, strict=True) if row}
        return Origins(passages, self.files, ontology)

    def written(self, proof: Proof, form: str, language: str, ontology: Ontology) -> Inquiry[str]:
        """The proof as `json`, `text` or `turtle`."""
        origins = yield from self.origins(proof, language)
        if form == "json":
            return json.dumps(as_json(proof, origins), ensure_ascii=False)
        if form == "turtle":
            return as_turtle(proof, origins)
        sentences = Sentences(language, ontology, self._short)
        return as_text(proof, origins, language=language, sentence=sentences.statement)

    def _short(self, term: Term) -> str:
        return self.names.shorten(iri_value(term)) if is_iri(term) else term


@dataclass(frozen=True)
class Origins:
    """Where stated triples come from: passage, file and line (`rendering.SourcePlaces`).

    Attributes:
        passages: row of `places.rq` by subject.
        files: finds the lines of the source files.
        ontology_graph: the named graph whose triples are axioms.
    """

    passages: Mapping[Term, Mapping[str, str]]
    files: provenance.Provenance
    ontology_graph: Term

    def sources(self, triple: Triple, graphs: Sequence[Term]) -> Sequence[LeafSource]:
        """One source for each graph in which the triple is stated."""
        return [self._source(triple.subject, graph) for graph in graphs]

    def _source(self, subject: Term, graph: Term) -> LeafSource:
        found = self.files.locate(subject, graph)
        file, line = (found.path.as_posix(), found.line) if found and found.path else ("", 0)
        if graph == self.ontology_graph:
            return LeafSource(graph, "ontology", file=file, line=line)
        if row := self.passages.get(subject):
            return LeafSource(graph, "document", row["document"], row["title"], row["place"], row["sha256"], file, line)
        return LeafSource(graph, file=file, line=line)


class Explainer:
    """Explains the triples of one snapshot in this thread; the snapshot is loaded when something is first asked.

    Args:
        snapshot: whose triples are explained.
        places: the query for the passage behind a node, `queries/evidence/places.rq`.
        limits: what one proof may use.
    """

    def __init__(self, snapshot: Snapshot, places: QueryFile, limits: ProofLimits | None = None) -> None:
        self.names = snapshot.manifest.names
        self._path = snapshot.path
        files = provenance.of_snapshot(snapshot)
        self._explanations = Explanations(self.names, files, places, limits or ProofLimits())
        self._store: EmbeddedStore | None = None
        self._ontology: Ontology | None = None

    def explain(self, subject: str, predicate: str, value: str) -> Proof:
        """The proof of a triple; that of a stated one has no inferences.

        Args:
            subject: an IRI, a CURIE or a name relative to the base.
            predicate: the same.
            value: the same, or a literal as in N-Triples; another spelling of its value will do.

        Raises:
            ParameterError: one of them is not a term.
            NotEntailed: the triple neither stands in the data nor follows from them.
            LimitExceeded, QueryTimeout: the search meets one of its limits.
        """
        goal = self._explanations.goal((subject, predicate, value))
        return self._run(find_proof(goal, self._explanations.facts(self._axioms())))

    def _axioms(self) -> Ontology:
        if self._ontology is None:
            self._ontology = self._run(self._explanations.ontology())
        return self._ontology

    def json(self, proof: Proof, language: str = "en") -> dict[str, Any]:
        """The proof as a JSON document, shaped as `rendering.as_json` says."""
        return as_json(proof, self._run(self._explanations.origins(proof, language)))

    def text(self, proof: Proof, language: str = "en") -> str:
        """The proof as numbered lines in English (`en`) or German (`de`)."""
        return self._run(self._explanations.written(proof, "text", language, self._axioms()))

    def turtle(self, proof: Proof, language: str = "en") -> str:
        """The proof in PROV-O, as Turtle."""
        return self._run(self._explanations.written(proof, "turtle", language, self._axioms()))

    def _run(self, inquiry: Inquiry[Result]) -> Result:
        if self._store is None:
            self._store = EmbeddedStore.open_prepared(self._path)
        step = advance(inquiry, None)
        while not isinstance(step, Finished):
            step = advance(inquiry, [self._store.query(query, TSV) for query in step])
        return step.result


def read_term(text: str, names: Names) -> Term:
    """The term that a user means: an IRI, a CURIE, a name relative to the base, or a literal as in Turtle.

    Raises:
        ParameterError: it is none of these.
    """
    try:
        if not text.startswith('"'):
            return iri(names.expand(text))
        # Turtle reads a datatype as CURIE, too; a text that ends the statement gives more than one or none.
        prefixes = declarations(names.prefixes)
        (quad,) = ox.parse(f"{prefixes}<urn:s> <urn:p> {text} .".encode(), format=ox.RdfFormat.TURTLE)
        return str(quad.object)
    except (ValueError, SyntaxError) as error:
        message = f"{text[:80]!r} is not a term."
        raise ParameterError(message, hint='Give an IRI, a CURIE, or a literal such as "Dresden"@de.') from error
