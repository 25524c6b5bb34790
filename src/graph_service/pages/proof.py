"""The page of a proof: what a statement rests on, what follows from that, and the axioms by which it does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from markupsafe import Markup

from graph_service.explaining.checker import ProofRejected
from graph_service.explaining.gathering import Ontology
from graph_service.explaining.proving import Prover
from graph_service.explaining.sentences import Sentences
from graph_service.http.protocol.problems import RequestError
from graph_service.pages.shown import DisplayValue, Show
from graph_service.pages.stances.passages import anchor
from graph_service.pages.stances.positions import documents_of
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.answers import binding
from graph_service.rdf.terms import Term, Triple, iri_value, is_iri

PATH = "/explain"


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
    """One statement of a proof.

    Attributes:
        number: others refer to it by; those of axioms begin with an A.
        sentence: what it says.
        rule: the W3C name of the rule that it follows by; empty if it is stated.
        premises: numbers of the statements that it follows from, each once, axioms last.
        sources: where it stands, if it is stated.
        subject: what is known of its subject: passage, paraphrase, cautions, verification.
    """

    number: str
    sentence: str
    rule: str = ""
    premises: Sequence[str] = ()
    sources: Sequence[PassageSource] = ()
    subject: RecordedThing = field(default_factory=lambda: RecordedThing(""))


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
    ontology = await prover.ontology()
    arranged = _Arrangement(found, Sentences(visit.language, ontology, str))
    subjects = await visit.things("evidence", item=sorted({node["triple"]["s"][1:-1] for node in arranged.said}))
    cited = {source.get("document", "") for node in found["nodes"] for source in node.get("sources", ())}
    documents = await documents_of(visit, cited)
    shows = iris_of([*subjects.values(), *documents.values()]) | cited - {""}
    await visit.label(shows | set(_mentioned(found, arranged, ontology, visit.language)))
    written = Sentences(visit.language, ontology, lambda term: _written(term, visit.show), Markup)
    facts = {
        "statement": arranged.sentence(found["conclusion"], written),
        "name": arranged.sentence(found["conclusion"], _named(visit.show, ontology)),
        "said": list(_grouped(_said(node, arranged, written, subjects, documents) for node in arranged.said)),
        "followed": [_followed(node, arranged, written) for node in arranged.followed],
        "axioms": [_axiom(number, one, arranged, written) for one, number in arranged.axioms.items()],
        "stated": found["stated"],
        "rejected": await _rejected(prover, found),
        "standard": found["standard"],
        "asked": dict(zip("spo", asked, strict=True)),
        "anchor": anchor,
    }
    return PageContent("proof", facts)


class _Arrangement:
    """The nodes of a proof in the order in which people read them: what is stated, what follows, and the axioms.

    What an axiom consists of in RDF counts as that axiom.

    Args:
        found: the proof as JSON.
        sentences: tells what is a part of what.

    Attributes:
        said: what is stated, but for axioms.
        followed: what follows.
        axioms: numbers of axioms, and of classes without a name.
        numbers: numbers of nodes by their ids.
    """

    def __init__(self, found: Mapping[str, Any], sentences: Sentences) -> None:
        self.triples = {node["id"]: _triple(node) for node in found["nodes"]}
        self.followed = [node for node in found["nodes"] if "rule" in node]
        stated = [node for node in found["nodes"] if "rule" not in node]
        self.said = [node for node in stated if not _is_axiom(node)]
        self.axioms: dict[Triple | Term, str] = {}
        self.sources: dict[Triple | Term, Sequence[Mapping[str, Any]]] = {}
        self.numbers = {node["id"]: str(number) for number, node in enumerate([*self.said, *self.followed], 1)}
        for node in filter(_is_axiom, stated):
            triple = self.triples[node["id"]]
            whole = sentences.whole(triple) or triple
            self.numbers[node["id"]] = self.axioms.setdefault(whole, f"A{len(self.axioms) + 1}")
            if whole not in self.sources or whole == triple:
                self.sources[whole] = node["sources"]

    def sentence(self, node: int, sentences: Sentences) -> str:
        """What a node says."""
        return sentences.statement(self.triples[node])


def _mentioned(found: Mapping[str, Any], arranged: _Arrangement, ontology: Ontology, language: str) -> Iterator[str]:
    """The IRIs that the page names: whatever its sentences write, and named graphs."""
    terms: set[Term] = set()

    def note(term: Term) -> str:
        terms.add(term)
        return ""

    sentences = Sentences(language, ontology, note)
    for triple in arranged.triples.values():
        sentences.statement(triple)
    for one in arranged.axioms:
        _told(one, sentences)
    terms |= {source["graph"] for node in found["nodes"] for source in node.get("sources", ())}
    yield from (iri_value(term) for term in terms if is_iri(term))


def _said(
    node: Mapping[str, Any],
    arranged: _Arrangement,
    sentences: Sentences,
    subjects: Mapping[str, RecordedThing],
    documents: Mapping[str, RecordedThing],
) -> ProofStep:
    subject = node["triple"]["s"][1:-1]
    return ProofStep(
        arranged.numbers[node["id"]],
        arranged.sentence(node["id"], sentences),
        sources=[_source(source, documents) for source in node["sources"]],
        subject=subjects.get(subject, RecordedThing(subject)),
    )


def _grouped(steps: Iterable[ProofStep]) -> Iterator[list[ProofStep]]:
    """Statements with the same subject and the same sources, which a page names once."""
    for _, ones in groupby(steps, key=lambda step: (step.subject.iri, step.sources)):
        yield list(ones)


def _followed(node: Mapping[str, Any], arranged: _Arrangement, sentences: Sentences) -> ProofStep:
    premises = {arranged.numbers[premise] for premise in node["premises"]}
    order = sorted(premises, key=lambda number: (number.startswith("A"), int(number.removeprefix("A"))))
    return ProofStep(arranged.numbers[node["id"]], arranged.sentence(node["id"], sentences), node["rule"], order)


def _axiom(number: str, one: Triple | Term, arranged: _Arrangement, sentences: Sentences) -> ProofStep:
    return ProofStep(number, _told(one, sentences), sources=[_source(source, {}) for source in arranged.sources[one]])


def _told(one: Triple | Term, sentences: Sentences) -> str:
    return sentences.statement(one) if isinstance(one, Triple) else sentences.definition(one)


async def _rejected(prover: Prover, found: Mapping[str, Any]) -> str:
    """What the checker has against the proof; empty if it accepts it."""
    try:
        await prover.check(found)
    except ProofRejected as error:
        return str(error)
    return ""


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


def _written(term: Term, show: Show) -> Markup:
    """A term linked to its page; a name that is a sentence, or reads as one, stands in quotation marks."""
    one = _shown(term, show)
    written = show.html(one)
    return Markup("<q>{}</q>").format(written) if one.text.endswith(".") or " – " in one.text else written


def _named(show: Show, ontology: Ontology) -> Sentences:
    """Sentences without mark-up, for titles and citations."""
    return Sentences(show.language, ontology, lambda term: _shown(term, show).text)


def _shown(term: Term, show: Show) -> DisplayValue:
    one = binding(term)
    return show.iri(one["value"]) if one["type"] == "uri" else DisplayValue(one["value"], one.get("xml:lang", ""))


def _triple(node: Mapping[str, Any]) -> Triple:
    return Triple(*(node["triple"][role] for role in "spo"))


def _is_axiom(node: Mapping[str, Any]) -> bool:
    return any(source["kind"] == "ontology" for source in node["sources"])
