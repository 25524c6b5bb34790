"""`/api/editions-of-a-statement`: since when a statement stands in the data, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from graph_service.explaining.explanation import read_term
from graph_service.http import web
from graph_service.http.api.explaining import terms
from graph_service.http.api.operations import PREFIX, Operation, add
from graph_service.http.api.writing import json_response
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON
from graph_service.http.web.parameters import Texts
from graph_service.rdf.terms import Triple
from graph_service.snapshots.history import Run, Standing
from graph_service.snapshots.register import RegisteredSnapshot

PATH = f"{PREFIX}/editions-of-a-statement"


class EditionReference(BaseModel):
    """An edition by the digest of its data, and when it was put into use; null where no register tells."""

    digest: str
    since: str | None


class EditionRun(BaseModel):
    """Editions that followed each other and stand to the statement alike.

    `not kept` and `damaged` ones cannot be looked into: nobody can say whether they held it.
    """

    standing: Literal["stated", "inferred", "absent", "not kept", "damaged"]
    first: EditionReference
    last: EditionReference
    editions: int


class StatementEditions(BaseModel):
    """Since when a statement stands in the data, and until when; terms are spelled as in N-Triples.

    `first` and `last` are the first and the last edition that are known to hold it, `gone` the first one after them
    that is known not to. `notes` say it in words, and what cannot be known.
    """

    dataset: str
    language: str
    statement: tuple[str, str, str]
    first: EditionReference | None
    last: EditionReference | None
    gone: EditionReference | None
    notes: list[str]
    history: list[EditionRun]


def add_route(routes: APIRouter, *, of_model: bool) -> None:
    """Add the operation; `of_model` says whether the data are in the shipped model."""
    named = terms(of_model=of_model)

    async def editions_of(call: Call, arguments: Texts) -> Response:
        triple = Triple(*(read_term(arguments.one(name), call.names) for name in named))
        history = call.edition.history
        content = {
            "dataset": call.edition.digest,
            "language": call.language,
            "statement": list(triple),
            **_told(history.of(triple), history.damaged(), call.language),
        }
        return json_response(content, call)

    operation = Operation(
        path=PATH.removeprefix(PREFIX),
        name="editions-of-a-statement",
        title={"en": "The editions of a statement", "de": "Die Editionen einer Aussage"},
        description={
            "en": "The first and the last edition that hold a statement, stated or inferred, spelled as in the data; "
            "and which editions are not kept, so that nobody can say.",
            "de": "Die erste und die letzte Edition, die eine Aussage enthält, angegeben oder gefolgert, in der "
            "Schreibweise der Daten; und welche Editionen nicht aufbewahrt sind, so dass niemand es sagen kann.",
        },
        tag="explanation",
        formats=(JSON,),
        model=StatementEditions,
        params=named,
        is_certified=False,
    )
    add(routes, operation, editions_of)


def _told(runs: Sequence[Run], damaged: Sequence[str], language: str) -> dict[str, Any]:
    holding = [number for number, run in enumerate(runs) if run.standing.holds]
    first = runs[holding[0]].editions[0] if holding else None
    last = runs[holding[-1]].editions[-1] if holding else None
    after = runs[holding[-1] + 1 :] if holding else ()
    gone = next((run.editions[0] for run in after if run.standing is Standing.ABSENT), None)
    return {
        "first": _reference(first),
        "last": _reference(last),
        "gone": _reference(gone),
        "notes": list(_notes(runs, first, last, gone, damaged, language)),
        "history": [
            {
                "standing": run.standing.value,
                "first": _reference(run.editions[0]),
                "last": _reference(run.editions[-1]),
                "editions": len(run.editions),
            }
            for run in runs
        ],
    }


def _notes(
    runs: Sequence[Run],
    first: RegisteredSnapshot | None,
    last: RegisteredSnapshot | None,
    gone: RegisteredSnapshot | None,
    damaged: Sequence[str],
    language: str,
) -> Iterator[str]:
    words = web.words(language if language in web.LANGUAGES else web.LANGUAGES[0])
    if first is None or last is None:
        yield words["editions.never"]
    else:
        yield words["editions.first"].format(edition=_named(first))
        key = "gone" if gone else "still" if runs[-1].standing.holds else "last"
        yield words[f"editions.{key}"].format(edition=_named(last), gone=_named(gone) if gone else "")
    for run in runs:
        if not run.standing.is_known:
            key, count = f"editions.{run.standing.name.lower()}", len(run.editions)
            sentence = words[key if count > 1 else f"{key}.one"]
            yield sentence.format(count=count, first=_named(run.editions[0]), last=_named(run.editions[-1]))
    for line in damaged:
        yield words["editions.line"].format(line=line)


def _reference(entry: RegisteredSnapshot | None) -> dict[str, str | None] | None:
    return {"digest": entry.digest, "since": entry.since or None} if entry is not None else None


def _named(entry: RegisteredSnapshot) -> str:
    return f"{entry.digest[:12]} ({entry.since[:10]})" if entry.since else entry.digest[:12]
