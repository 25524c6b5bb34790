"""The page of a proof: stated facts, axioms, and inference steps with their rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.pages.passages import anchor
from graph_service.http.pages.positions import documents_of
from graph_service.http.pages.shown import DisplayValue, Show
from graph_service.http.pages.things import RecordedThing, iris_of
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.http.protocol.problems import RequestError
from graph_service.rdf.answers import Binding, binding

PATH = "/explain"
_EXAMPLE = {"s": "id/actor/paritaet-sachsen", "p": "mp:memberOf", "o": "id/actor/liga-sachsen"}
PARAMS: Mapping[str, Parameter] = {
    name: Parameter(type=Type.STRING, required=True, example=value) for name, value in _EXAMPLE.items()
}


@dataclass(frozen=True)
class PassageSource:
    """Where a premise stands.

    Attributes:
        document: with date, kind of source and cautions; without fields where no document says it.
        place: in the document, as people read it.
        digest: SHA-256 of the passage, hexadecimal; empty if it is not known.
        file: with the line, where known.
        graph: the named graph.
    """

    document: RecordedThing
    place: str
    digest: str
    file: str
    graph: str


@dataclass(frozen=True)
class ProofStep:
    """One statement of a proof; one of the ontology's expressions that has no name is shown without text.

    Attributes:
        number: others refer to it by.
        said: subject, predicate, object.
        rule: the W3C name of the rule that it follows by; empty if it is stated.
        premises: numbers of the statements that it follows from.
        sources: where it stands, if it is stated.
        subject: what is known of its subject: passage, paraphrase, cautions, verification.
        is_axiom: whether the ontology says it.
    """

    number: int
    said: Sequence[DisplayValue]
    rule: str
    premises: Sequence[int]
    sources: Sequence[PassageSource]
    subject: RecordedThing
    is_axiom: bool


async def proof(visit: Visit) -> PageContent:
    """The page.

    Raises:
        RequestError: 404, nothing is explained here.
        GraphServiceError: as of `Prover.prove`.
    """
    prover = visit.edition.prover
    if prover is None:
        raise RequestError(404, "Nothing is explained here.")
    asked = (visit.one("s"), visit.one("p"), visit.one("o"))
    found = json.loads(await prover.prove(asked, "json", visit.language))
    nodes = [node for node in found["nodes"] if node["triple"]]
    subjects = await visit.things("evidence", item=_subjects(nodes))
    cited = {source.get("document", "") for node in nodes for source in node.get("sources", ())}
    documents = await documents_of(visit, cited)
    shows = _iris(nodes) | iris_of([*subjects.values(), *documents.values()]) | cited - {""}
    await visit.label(shows)
    steps = [_step(node, subjects, documents, visit.show) for node in nodes]
    facts = {
        "statement": next(step for step in steps if step.number == found["conclusion"]),
        "said": [step for step in steps if not step.rule and not step.is_axiom],
        "axioms": [step for step in steps if step.is_axiom],
        "followed": [step for step in steps if step.rule],
        "standard": found["standard"],
        "asked": dict(zip("spo", asked, strict=True)),
        "anchor": anchor,
    }
    return PageContent("proof", facts)


def _step(
    node: Mapping[str, Any], subjects: Mapping[str, RecordedThing], documents: Mapping[str, RecordedThing], show: Show
) -> ProofStep:
    triple = [binding(node["triple"][role]) for role in "spo"]
    sources = node.get("sources", ())
    subject = triple[0]["value"]
    return ProofStep(
        number=node["id"],
        said=[_shown(term, show) for term in triple],
        rule=node.get("rule", ""),
        premises=node.get("premises", ()),
        sources=[_source(source, documents) for source in sources],
        subject=subjects.get(subject, RecordedThing(subject)),
        is_axiom=any(source["kind"] == "ontology" for source in sources),
    )


def _source(source: Mapping[str, Any], documents: Mapping[str, RecordedThing]) -> PassageSource:
    document, line = source.get("document", ""), source.get("line", 0)
    file = source.get("file", "")
    return PassageSource(
        documents.get(document, RecordedThing(document)),
        source.get("place", ""),
        source.get("digest", ""),
        f"{file}:{line}" if file and line else file,
        binding(source["graph"])["value"],
    )


def _shown(term: Binding, show: Show) -> DisplayValue:
    if term["type"] == "uri":
        return DisplayValue("") if _is_unnamed(term["value"]) else show.iri(term["value"])
    return DisplayValue(term["value"], term.get("xml:lang", ""))


def _subjects(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The subjects of what is stated, but for those of the ontology."""
    stated = (n for n in nodes if n.get("sources") and all(source["kind"] != "ontology" for source in n["sources"]))
    return sorted({binding(node["triple"]["s"])["value"] for node in stated})


def _iris(nodes: Iterable[Mapping[str, Any]]) -> set[str]:
    terms = [binding(term) for node in nodes for term in node["triple"].values()]
    graphs = {binding(source["graph"])["value"] for node in nodes for source in node.get("sources", ())}
    return graphs | {term["value"] for term in terms if term["type"] == "uri" and not _is_unnamed(term["value"])}


def _is_unnamed(iri: str) -> bool:
    """Whether it stands for a blank node (RDF 1.1 Concepts, section 3.5)."""
    return "/.well-known/genid/" in iri
