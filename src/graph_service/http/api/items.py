"""One item: its fields, and every statement about it, marked as stated or inferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type, nearest, suggestion
from graph_service.catalogue.resources import Resource
from graph_service.errors import ParameterError
from graph_service.http.api.operations import Operation, add
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON, SPARQL
from graph_service.http.web.parameters import Texts
from graph_service.rdf import answers
from graph_service.rdf.answers import binding
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Term, iri
from graph_service.views import resource_items, tables
from graph_service.views.changes.tombstones import Tombstone, by_item
from graph_service.views.labels import Labels
from graph_service.views.names.known_names import MOST
from graph_service.views.resource_items import Item

_IN_IRIS = (("%", "%25"), ("<", "%3C"), (">", "%3E"), ("#", "%23"), ("&", "%26"), ("+", "%2B"))


def add_route(routes: APIRouter, resource: Resource, model: type[BaseModel]) -> None:
    """Add the item of a resource."""
    slug = Parameter(
        type=Type.STRING,
        required=True,
        example=resource.header.example,
        title={"en": "Short name, CURIE or IRI", "de": "Kurzname, CURIE oder IRI"},
    )

    async def one_of(call: Call, arguments: Texts, slug: str) -> Response:
        item = _named(slug, resource, call.names)
        text = resource.item_query(item)
        if call.format is SPARQL:
            return call.response(text.encode())
        return await _item(slug, item, text, call, resource)

    operation = Operation(
        path=f"/{resource.name}/{{slug:path}}",
        name=f"one-of-{resource.name}",
        title={language: f"{title}: {_ONE[language]}" for language, title in resource.header.title.items()},
        description={
            "en": "One thing with its fields, and every statement about it, told apart as stated or inferred.",
            "de": "Ein Ding mit seinen Feldern und jeder Aussage darüber, getrennt nach Gesagtem und Gefolgertem.",
        },
        tag="resources",
        formats=(JSON, SPARQL),
        model=model,
        parts={"slug": slug},
        statuses={404: "There is nothing of this kind by this name.", 410: "It was withdrawn or corrected."},
    )
    add(routes, operation, one_of)


_ONE = {"en": "one of them", "de": "einzeln"}


async def _item(slug: str, item: str, query: str, call: Call, resource: Resource) -> Response:
    questions = call.edition.questions
    values, statements = _read(await questions.answer(query, call.client))
    if "there" not in values:
        withdrawn = questions.file("withdrawn")
        rows = await questions.rows(withdrawn.bind({"item": [f"<{item}>"]}, call.names), call.client)
        if (gone := by_item(rows).get(item)) is None:
            raise await _unknown(slug, call, resource)
        raise _withdrawn(gone, item, call.language)
    found = Item(item, "", {name: [binding(term) for term in terms] for name, terms in values.items()})
    fields = resource.header.fields
    named = {part[1:-1] for pair in statements for part in pair if part.startswith("<")}
    named |= resource_items.named(fields, [found])
    labels = await questions.label([], call.client, also=named)
    content = {
        **call.head,
        **resource_items.as_json(fields, found, labels, call.language),
        "statements": _statements(statements, item, labels, call.language, call.names, call.root),
    }
    return call.response(tables.to_json(content), call.query_link)


async def _unknown(slug: str, call: Call, resource: Resource) -> RequestError:
    """There never was such a thing; these are the names that are spelled most like it."""
    known = call.edition.remembered(f"names-of-{resource.name}", list[str])
    if not known:
        rows = await call.edition.questions.rows(resource.names_query(MOST), call.client)
        begin = call.names.expand(resource.header.path)
        known += [row["item"]["value"].removeprefix(begin) for row in rows]
    near = nearest(slug.removeprefix(resource.header.path), known)
    hint = f"{suggestion(near)} /api/{resource.name} lists them all.".strip()
    members: dict[str, Any] = {"nearest": near} if near else {}
    return RequestError(404, f"There is nothing by this name among the {resource.name}.", hint=hint, **members)


def _withdrawn(gone: Tombstone, item: str, language: str) -> RequestError:
    """There is no such thing any more."""
    instead = f"In its place: {', '.join(gone.successors)}" if gone.successors else f"What is left of it: {item}"
    return RequestError(410, f"This was {gone.how} on {gone.day}. {gone.reason(language).text}".strip(), hint=instead)


def _read(answer: bytes) -> tuple[dict[str, list[Term]], dict[tuple[Term, Term], list[Term]]]:
    """Values by field, and the graphs of each statement, of an answer to `Resource.item_query` in TSV.

    A line is of one branch of the query, so it binds `?there`, one field, or the last three columns: predicate, object
    and graph.
    """
    (_, *names), lines = answers.lines(answer)
    values: dict[str, list[Term]] = {}
    statements: dict[tuple[Term, Term], list[Term]] = {}
    for line in lines:
        _, *cells, predicate, object_, graph = line.split("\t")
        if graph:
            statements.setdefault((predicate, object_), []).append(graph)
            continue
        for name, term in zip(names, cells, strict=False):
            if term:
                values.setdefault(name, []).append(term)
    return values, statements


def _statements(
    statements: Mapping[tuple[Term, Term], Sequence[Term]],
    item: str,
    labels: Labels,
    language: str,
    names: Names,
    root: str,
) -> list[dict[str, Any]]:
    """Every statement once, with the graphs that state it or the mark that it was inferred."""
    explain = f"{root}/api/explain?s={quote(item)}&p="
    inferred = [names.inferred_graph]
    predicates: dict[Term, tuple[dict[str, str], str]] = {}
    listed: list[tuple[str, Term, dict[str, Any]]] = []
    for (predicate, object_), graphs in statements.items():
        if predicate not in predicates:
            iri_ = predicate[1:-1]
            predicates[predicate] = {"id": iri_, "label": labels.text(iri_, language)}, f"{explain}{_quoted(iri_)}&o="
        about, link = predicates[predicate]
        spoken = answers.term(object_)
        statement: dict[str, Any] = {"predicate": about}
        if object_.startswith("<"):
            statement["object"] = {"id": object_[1:-1], "label": labels.text(object_[1:-1], language)}
        else:
            term = binding(object_)
            statement["object"] = answers.value(term)
            if "xml:lang" in term:
                statement["language"] = term["xml:lang"]
        statement["inferred"] = graphs == inferred
        statement["graphs"] = [graph[1:-1] for graph in sorted(graphs)]
        statement["explain"] = f"{link}{_quoted(spoken)}"
        listed.append((about["id"], spoken, statement))
    listed.sort(key=lambda one: one[:2])
    return [statement for _, _, statement in listed]


@lru_cache(8_192)
def _quoted(text: str) -> str:
    """A term or an IRI as the value of a parameter; few characters of an IRI need to be coded, and most IRIs recur."""
    if text.startswith('"') or not text.isascii():
        return quote(text, safe="")
    for character, coded in _IN_IRIS:
        text = text.replace(character, coded)
    return text


def _named(slug: str, resource: Resource, names: Names) -> str:
    """The IRI of a short name, a CURIE or an IRI.

    Raises:
        ParameterError: it is none of these.
    """
    value = names.expand(slug if ":" in slug else f"{resource.header.path}{slug}")
    try:
        return iri(value)[1:-1]
    except ValueError:
        raise ParameterError(f"{slug[:80]!r} is not a name.", hint=f"For example: {resource.header.example}") from None
