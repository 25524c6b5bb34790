"""`/api/explain`: why a statement holds, as JSON, as text in German or English, as Turtle."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.api.models import Explanation
from graph_service.http.api.operations import Operation, add
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON, TEXT
from graph_service.http.web.parameters import Texts
from graph_service.rdf.formats import GRAPHS
from graph_service.views import tables

_TURTLE = GRAPHS[0]


_TITLES = {
    "s": {"en": "Subject: IRI, CURIE or name", "de": "Subjekt: IRI, CURIE oder Name"},
    "p": {"en": "Predicate", "de": "Prädikat"},
    "o": {
        "en": 'Object; a literal as in N-Triples: "Dresden"@de',
        "de": 'Objekt; ein Literal wie in N-Triples: "Dresden"@de',
    },
}
_OF_MODEL = ("id/actor/paritaet-sachsen", "mp:memberOf", "id/actor/liga-sachsen")
# Data in another model may have no such thing, but this is how it is written.
_OF_ANY = ("id/thing", "rdf:type", "owl:Thing")


def terms(*, of_model: bool) -> dict[str, Parameter]:
    """The parameters that name a statement; `of_model` says whether the data are in the shipped model."""
    return {
        name: Parameter(type=Type.STRING, required=True, example=example, title=title)
        for (name, title), example in zip(_TITLES.items(), _OF_MODEL if of_model else _OF_ANY, strict=True)
    }


def add_route(routes: APIRouter, *, of_model: bool) -> None:
    """Add the operation; `of_model` as of `terms`."""

    async def explain(call: Call, arguments: Texts) -> Response:
        prover = call.edition.prover
        if prover is None:
            raise RequestError(404, "Nothing is explained here.")
        triple = (arguments.one("s"), arguments.one("p"), arguments.one("o"))
        form = call.format.name
        proof = (await prover.prove(triple, form, call.language)).encode()
        if form != "json":
            return call.response(proof)
        head = tables.to_json({"dataset": call.edition.digest, "language": call.language})
        return call.response(head[:-1] + b',"proof":' + proof + b"}")

    operation = Operation(
        path="/explain",
        name="explain",
        title={"en": "Explain a statement", "de": "Eine Aussage begründen"},
        description={
            "en": "The proof of a stated or inferred triple: rules of OWL 2 RL, down to stated triples with document, "
            "place and digest.",
            "de": "Der Beweis eines angegebenen oder gefolgerten Tripels: Regeln von OWL 2 RL, bis zu angegebenen "
            "Tripeln mit Dokument, Stelle und Prüfsumme.",
        },
        tag="explanation",
        formats=(JSON, TEXT, _TURTLE),
        model=Explanation,
        params=terms(of_model=of_model),
        statuses={404: "The statement neither stands in the data nor follows from them."},
    )
    add(routes, operation, explain)
