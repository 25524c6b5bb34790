"""Proofs over a store: the search runs here, and asks the store for the facts that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from graph_service.catalogue.queries import QueryFile
from graph_service.explaining import checker, patterns
from graph_service.explaining.explanation import Explanations
from graph_service.explaining.gathering import Finished, Inquiry, Ontology, ProofLimits, Result, advance, find_proof
from graph_service.explaining.patterns import Pattern
from graph_service.rdf.formats import TSV, Form
from graph_service.rdf.namespaces import Names
from graph_service.snapshots.provenance import Provenance
from graph_service.store import Query, Store, collect

FORMS = ("json", "text", "turtle")
SECONDS = 20.0
_LARGEST_ANSWER = 64 * 1024 * 1024


class Prover:
    """Finds proofs.

    Args:
        store: what the facts are asked of.
        names: of the data set.
        places: the query file for the passage behind a node, `queries/evidence/places.rq`.
        files: finds the lines of the source files.
        seconds: time that one proof may take.
        limits: what else it may use.
    """

    def __init__(
        self,
        store: Store,
        names: Names,
        places: Path,
        files: Provenance,
        *,
        seconds: float = SECONDS,
        limits: ProofLimits | None = None,
    ) -> None:
        self._store = store
        self._explanations = Explanations(
            names, files, QueryFile(places), replace(limits or ProofLimits(), seconds=seconds)
        )
        self._ontology: tuple[str, Ontology] | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the data set, hexadecimal."""
        return self._store.digest

    async def prove(self, triple: tuple[str, str, str], form: str, language: str) -> str:
        """The proof of a triple in one of `FORMS`.

        Args:
            triple: subject, predicate and object as `explanation.read_term` reads them.
            form: one of `FORMS`.
            language: `en` or `de`.

        Raises:
            ParameterError: part of it is not a term.
            NotEntailed: it neither stands in the data nor follows from them.
            QueryTimeout: the proof was not found in time.
            LimitExceeded: the search needs more than another limit allows.
            QueryError: the store did not answer.
        """
        goal = self._explanations.goal(triple)
        ontology = await self.ontology()
        proof = await self._run(find_proof(goal, self._explanations.facts(ontology)))
        return await self._run(self._explanations.written(proof, form, language, ontology))

    async def check(self, document: Mapping[str, Any]) -> None:
        """Check the JSON of a proof by the rules, and its leaves by what the store answers now.

        Args:
            document: as `prove` gives it.

        Raises:
            ProofRejected: it says which leaf or inference is wrong.
            QueryError: the store did not answer.
        """
        proof = checker.read(document)
        leaves = [Pattern(*leaf) for leaf in proof.stated]
        found = patterns.read(await self._answer(patterns.select(leaves, 0)), leaves) if leaves else {}
        checker.check(proof, lambda leaf: {quad.graph for quad in found.get(Pattern(*leaf), ())})

    async def ontology(self) -> Ontology:
        """The axioms of the data set that the store holds now: a remote one may change."""
        digest = self.digest
        if self._ontology is None or self._ontology[0] != digest:
            self._ontology = (digest, await self._run(self._explanations.ontology()))
        return self._ontology[1]

    async def _run(self, inquiry: Inquiry[Result]) -> Result:
        step = advance(inquiry, None)
        while not isinstance(step, Finished):
            step = advance(inquiry, [await self._answer(query) for query in step])
        return step.result

    async def _answer(self, text: str) -> bytes:
        return await collect(await self._store.query(Query(text, Form.SELECT, TSV)), _LARGEST_ANSWER)
