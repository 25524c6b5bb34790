"""`/api/explain`: why a statement holds, as JSON, as text in German or English, as Turtle."""

from __future__ import annotations

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.explaining.proving import Prover
from graph_service.http.operations.dispatch import LANGUAGES
from graph_service.http.operations.media import JSON, TEXT
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.rdf.formats import GRAPHS
from graph_service.views import tables

_TURTLE = GRAPHS[0]


def operation(prover: Prover) -> Operation:
    """The operation."""

    def answer(call: Call) -> DeferredAnswer:
        return DeferredAnswer(lambda: _proved(call, prover))

    return Operation(
        path="/api/explain",
        name="explain",
        title={"en": "Explain a statement", "de": "Eine Aussage begründen"},
        description={
            "en": "The proof of a stated or inferred triple: rules of OWL 2 RL, down to stated triples with document, "
            "place and digest.",
            "de": "Der Beweis eines genannten oder abgeleiteten Tripels: Regeln von OWL 2 RL, bis zu genannten Tripeln "
            "mit Dokument, Stelle und Prüfsumme.",
        },
        tag="explanation",
        formats=(JSON, TEXT, _TURTLE),
        answer=answer,
        params={
            "s": _term("id/actor/paritaet-sachsen", "Subject: IRI, CURIE or name", "Subjekt: IRI, CURIE oder Name"),
            "p": _term("mp:memberOf", "Predicate", "Prädikat"),
            "o": _term(
                "id/actor/liga-sachsen",
                'Object; a literal as in N-Triples: "Dresden"@de',
                'Objekt; ein Literal wie in N-Triples: "Dresden"@de',
            ),
        },
        schemas={
            JSON.media_type: {
                "type": "object",
                "required": ["dataset", "language", "proof"],
                "properties": {"proof": {"type": "object"}},
            }
        },
        statuses={404: "The statement neither stands in the data nor follows from them."},
    )


async def _proved(call: Call, prover: Prover) -> RenderedAnswer:
    language = call.language if call.language in LANGUAGES else "en"
    form = call.format.name
    proof = await prover.prove((call.one("s"), call.one("p"), call.one("o")), form, language)
    if form != "json":
        return RenderedAnswer(proof.encode())
    head = tables.to_json({"dataset": prover.digest, "language": language})
    return RenderedAnswer(head[:-1] + b',"proof":' + proof.encode() + b"}")


def _term(example: str, english: str, german: str) -> Parameter:
    return Parameter(type=Type.STRING, required=True, example=example, title={"en": english, "de": german})
