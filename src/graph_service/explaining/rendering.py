"""Rendering of proofs as JSON, as text in English and German, and as Turtle.

What stands behind a leaf (document, place, digest, file and line) is known to the snapshot, not to reasoning: a
`SourcePlaces` tells it. An axiom of the ontology is a leaf of its own kind, for it leads to a file, not to a passage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graph_service.rdf import namespaces
from graph_service.rdf.namespaces import declarations
from graph_service.rdf.terms import Term, Triple, iri_value, literal
from graph_service.reasoning.proofs import Inference, Proof
from graph_service.reasoning.vocabulary import PREFIXES

STANDARD = "https://www.w3.org/TR/owl2-profiles/"


@dataclass(frozen=True)
class LeafSource:
    """Where a stated triple comes from; what is not known is left empty.

    Attributes:
        graph: the named graph.
        kind: `document` for what a document says, `ontology` for an axiom, `file` for other data.
        document: IRI of the document, without brackets.
        title: title of the document.
        place: place in the document, as people read it.
        digest: SHA-256 of the passage's UTF-8, in hexadecimal.
        file: file the triple stands in.
        line: line where its subject first stands, from 1; 0 if not known.
    """

    graph: Term
    kind: str = "file"
    document: str = ""
    title: str = ""
    place: str = ""
    digest: str = ""
    file: str = ""
    line: int = 0


class SourcePlaces(Protocol):
    """Tells where stated triples come from."""

    def sources(self, triple: Triple, graphs: Sequence[Term]) -> Sequence[LeafSource]:
        """One source for each graph in which the triple is stated."""
        ...


class GraphsOnly:
    """Knows of a stated triple only its named graphs."""

    def sources(self, triple: Triple, graphs: Sequence[Term]) -> Sequence[LeafSource]:
        """A source for each graph, with nothing but its name."""
        return [LeafSource(graph) for graph in graphs]


def as_json(proof: Proof, provenance: SourcePlaces | None = None) -> dict[str, Any]:
    """The proof as a JSON document.

    `nodes` holds each triple once, premises before what follows from them: leaves with `graphs` and `sources`,
    the others with `rule` and `premises` (ids of nodes). Terms are in N-Triples spelling; the triple of a node
    that concludes false is null. `conclusion` is the id of what is proved, `stated` whether it is a leaf itself.
    """
    knows = provenance or GraphsOnly()
    nodes: list[dict[str, Any]] = []
    numbers: dict[Triple | None, int] = {}
    for number, (triple, inference) in enumerate(_nodes(proof), 1):
        numbers[triple] = number
        node: dict[str, Any] = {"id": number, "triple": _json_triple(triple)}
        if inference:
            node |= {"rule": inference.rule, "premises": [numbers[premise] for premise in inference.premises]}
        elif triple:
            graphs = proof.stated[triple]
            node |= {"graphs": list(graphs), "sources": [_filled(s) for s in knows.sources(triple, graphs)]}
        nodes.append(node)
    conclusion = numbers[proof.conclusion]
    return {"conclusion": conclusion, "stated": proof.conclusion in proof.stated, "standard": STANDARD, "nodes": nodes}


def _nodes(proof: Proof) -> Iterator[tuple[Triple | None, Inference | None]]:
    """Leaves, then inferences, in an order in which each stands behind its premises."""
    for leaf in proof.stated:
        yield leaf, None
    for inference in proof.inferences:
        yield inference.conclusion, inference


def _json_triple(triple: Triple | None) -> dict[str, str] | None:
    return triple and {"s": triple.subject, "p": triple.predicate, "o": triple.object}


def _filled(source: LeafSource) -> dict[str, Any]:
    return {name: value for name, value in vars(source).items() if value}


_WORDS = {
    "en": {
        "stated": "stated",
        "axiom": "axiom",
        "by": "by {rule} from {premises}",
        "fact": "by {rule}",
        "in": "in",
        "false": "a contradiction",
        "proved": "Therefore: {conclusion}",
        "only": "This is stated, not inferred.",
    },
    "de": {
        "stated": "angegeben",
        "axiom": "Axiom",
        "by": "nach {rule} aus {premises}",
        "fact": "nach {rule}",
        "in": "in",
        "false": "ein Widerspruch",
        "proved": "Also: {conclusion}",
        "only": "Das ist angegeben, nicht gefolgert.",
    },
}


def as_text(
    proof: Proof,
    provenance: SourcePlaces | None = None,
    *,
    language: str = "en",
    sentence: Callable[[Triple | None], str] | None = None,
) -> str:
    """The proof as numbered lines, in English (`en`) or German (`de`).

    Args:
        proof: what is to be read.
        provenance: where leaves come from.
        language: of the words between.
        sentence: how a triple is written; if not given, as its terms, with the well-known prefixes shortened.
    """
    words = _WORDS[language]
    knows = provenance or GraphsOnly()
    written = sentence or _spelled
    lines = []
    numbers: dict[Triple | None, int] = {}
    for number, (triple, inference) in enumerate(_nodes(proof), 1):
        numbers[triple] = number
        statement = written(triple) if triple else words["false"]
        if inference:
            premises = ", ".join(str(numbers[premise]) for premise in inference.premises)
            why = words["by" if premises else "fact"].format(rule=inference.rule, premises=premises)
        else:
            why = _origin(triple, proof, knows, words)
        lines.append(f"{number}. {statement}\n   {why}")
    conclusion = written(proof.conclusion) if proof.conclusion else words["false"]
    lines.append(words["only"] if not proof.inferences else words["proved"].format(conclusion=conclusion))
    return "\n".join(lines) + "\n"


def _origin(triple: Triple | None, proof: Proof, knows: SourcePlaces, words: dict[str, str]) -> str:
    sources = knows.sources(triple, proof.stated[triple]) if triple else ()
    kind = words["axiom" if any(source.kind == "ontology" for source in sources) else "stated"]
    return f"{kind} {words['in']} {'; '.join(map(_cited, sources))}"


def _cited(source: LeafSource) -> str:
    """A source in one phrase: document, place, digest, and the file with its line."""
    digest = f"SHA-256 {source.digest}" if source.digest else ""
    document = source.title or source.document or iri_value(source.graph)
    return ", ".join(part for part in (document, source.place, digest, _file(source)) if part)


def _spelled(triple: Triple | None) -> str:
    return " ".join(map(_short, triple or ()))


def _short(term: Term) -> str:
    for prefix, namespace in PREFIXES.items():
        if term.startswith(f"<{namespace}"):
            return f"{prefix}:{iri_value(term).removeprefix(namespace)}"
    return term


_USED = ("dcterms", "prov", "rdf", "rdfs", "schema")


def as_turtle(proof: Proof, provenance: SourcePlaces | None = None) -> str:
    """The proof in PROV-O: each triple a reified statement, generated by an activity or quoted from a source.

    The activity used the premises and conforms to the rule; a leaf has a part of its named graph as primary
    source. `<#proof>` was derived from the statement that is proved; false is a statement without terms.
    """
    knows = provenance or GraphsOnly()
    numbers: dict[Triple | None, int] = {}
    blocks = [declarations({prefix: namespaces.PREFIXES[prefix] for prefix in _USED})]
    for number, (triple, inference) in enumerate(_nodes(proof), 1):
        numbers[triple] = number
        properties = list(_reified(triple))
        if inference:
            used = ", ".join(f"<#{numbers[premise]}>" for premise in inference.premises)
            properties.append(f"prov:wasGeneratedBy {_activity(inference.rule, used)}")
        elif triple:
            properties += map(_quoted, knows.sources(triple, proof.stated[triple]))
        blocks.append(f"<#{number}> a rdf:Statement, prov:Entity ;\n    " + " ;\n    ".join(properties) + " .\n")
    blocks.append(f"<#proof> a prov:Entity ;\n    prov:wasDerivedFrom <#{numbers[proof.conclusion]}> .\n")
    return "\n".join(blocks)


def _reified(triple: Triple | None) -> Iterator[str]:
    if triple is None:
        yield 'rdfs:label "contradiction"@en, "Widerspruch"@de'
        return
    for role, term in zip(("subject", "predicate", "object"), triple, strict=True):
        yield f"rdf:{role} {term}"


def _activity(rule: str, used: str) -> str:
    conforms = f'dcterms:conformsTo [ dcterms:identifier "{rule}" ; dcterms:isPartOf <{STANDARD}> ]'
    return f"[ a prov:Activity ; {conforms}{f' ; prov:used {used}' if used else ''} ]"


def _quoted(source: LeafSource) -> str:
    """A source as the primary source of a statement."""
    properties = ["a prov:Entity", f"dcterms:isPartOf {source.graph}"]
    if source.document:
        properties.append(f"prov:wasQuotedFrom <{source.document}>")
    if source.title or source.place:
        citation = ", ".join(part for part in (source.title, source.place) if part)
        properties.append(f"dcterms:bibliographicCitation {literal(citation)}")
    if source.digest:
        properties.append(f'schema:sha256 "{source.digest}"')
    if source.file:
        properties.append(f"dcterms:identifier {literal(_file(source))}")
    return f"prov:hadPrimarySource [ {' ; '.join(properties)} ]"


def _file(source: LeafSource) -> str:
    return f"{source.file}:{source.line}" if source.file and source.line else source.file
