"""Resource files as operations: a list with filters, order, pages, facets, full text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.query_files import QueryFiles
from graph_service.catalogue.resources import ListPage, Resource
from graph_service.http.api import items
from graph_service.http.api.operations import Operation, add
from graph_service.http.api.paging import FEW, MOST, cursor_of, encoded, limit_of
from graph_service.http.api.resource_models import resource_models
from graph_service.http.api.writing import json_response, table_formats, table_response
from graph_service.http.protocol.problems import Fields
from graph_service.http.web.call import Call
from graph_service.http.web.media import JSON, SPARQL
from graph_service.http.web.parameters import Texts
from graph_service.rdf import answers
from graph_service.rdf.terms import Term, iri
from graph_service.views import resource_items
from graph_service.views.resource_items import Item


def add_routes(routes: APIRouter, files: QueryFiles) -> None:
    """A list and an item for each resource file.

    Raises:
        QueryFileError: one of them is wrong.
    """
    for path in files:
        resource = Resource(path)
        listed, details = resource_models(resource)
        operation = Operation(
            path=f"/{resource.name}",
            name=f"list-{resource.name}",
            title=resource.header.title,
            description=resource.header.description,
            tag="resources",
            formats=(JSON, *table_formats(), SPARQL),
            model=listed,
            params=_parameters(resource),
        )
        add(routes, operation, _List(resource).endpoint())
        items.add_route(routes, resource, details)


def _parameters(resource: Resource) -> dict[str, Parameter]:
    """Filters, then what every list takes."""
    sortable = [name for name, about in resource.header.fields.items() if about.sort]
    facets = tuple(name for name, about in resource.header.fields.items() if about.facet)
    params = {**resource.filters}
    params["q"] = Parameter(
        type=Type.STRING,
        example="Beratung",
        title={"en": "Full text, German or English", "de": "Volltext, deutsch oder englisch"},
    )
    params["sort"] = Parameter(
        type=Type.ENUM,
        default=resource.header.sort,
        values=tuple(sign + name for name in sortable for sign in ("", "-")),
        title={"en": "Order; with - the greatest first", "de": "Reihenfolge; mit - das Größte zuerst"},
    )
    if facets:
        params["facets"] = Parameter(
            type=Type.ENUM,
            repeatable=True,
            values=facets,
            example=facets[0],
            title={"en": "Count the list by this field", "de": "Die Liste nach diesem Feld auszählen"},
        )
    params["count"] = Parameter(
        type=Type.BOOLEAN,
        default="false",
        title={"en": "Say how many there are in all", "de": "Angeben, wie viele es insgesamt sind"},
    )
    params["limit"] = Parameter(
        type=Type.INTEGER,
        default=str(FEW),
        example="10",
        title={"en": f"How many on a page, 1 to {MOST}", "de": f"Wie viele je Seite, 1 bis {MOST}"},
    )
    params["after"] = Parameter(
        type=Type.STRING,
        title={"en": "Where the page before ended, from its next link", "de": "Ende der Seite davor, aus deren next"},
    )
    return params


class _List:
    """Answers the list of one resource."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._fields = resource.header.fields

    def endpoint(self) -> Any:
        """The endpoint of its route."""

        async def list_of(call: Call, arguments: Texts) -> Response:
            return await self._answer(call, arguments)

        return list_of

    async def _answer(self, call: Call, arguments: Texts) -> Response:
        page = ListPage(limit_of(arguments.one("limit")), arguments.one("sort"), cursor_of(arguments.one("after")))
        terms = await self._terms(call, arguments)
        text = self._resource.list_query(terms, page, call.language)
        if call.format is SPARQL:
            return call.response(text.encode())
        questions = call.edition.questions
        answer = await questions.answer(text, call.client)
        found = resource_items.read(answer, descending=page.descending)
        labels = await questions.label([], call.client, also=resource_items.named(self._fields, found))
        following = self._next(call, found, page)
        found = found[: page.limit]
        fields: Fields = call.query_link
        # Pages before are not linked: a cursor leads one way only.
        pages = {"first": self._page(call, "") if page.after else "", "next": following}
        fields += tuple((b"link", f'<{to}>; rel="{name}"'.encode()) for name, to in pages.items() if to)
        if call.format is not JSON:
            table = resource_items.table(self._fields, found, labels, call.language)
            return await table_response(table, call, fields, following)
        content: dict[str, Any] = {
            **call.head,
            "items": [resource_items.as_json(self._fields, item, labels, call.language) for item in found],
            "next": following or None,
        }
        if arguments.flag("count"):
            rows = await questions.rows(self._resource.count_query(terms), call.client)
            content["total"] = int(rows[0]["count"]["value"])
        if arguments.get("facets"):
            content["facets"] = {name: await self._facet(name, terms, call) for name in arguments["facets"]}
        return json_response(content, call, fields)

    async def _terms(self, call: Call, arguments: Texts) -> Mapping[str, Sequence[Term]]:
        """The filters as terms; full text becomes a choice of things."""
        terms: dict[str, Sequence[Term]] = {
            name: [about.term(name, value, call.names) for value in arguments[name]]
            for name, about in self._resource.filters.items()
            if name in arguments
        }
        if arguments.one("q"):
            hits = await call.edition.index.find(arguments.one("q"), kind=self._resource.name, limit=MOST)
            # A choice of nothing has no VALUES to stand in; this IRI names nothing.
            terms["item"] = [iri(hit.item) for hit in hits] or [iri("urn:x-nothing")]
        return terms

    async def _facet(self, name: str, terms: Mapping[str, Sequence[Term]], call: Call) -> list[dict[str, Any]]:
        questions = call.edition.questions
        rows = await questions.rows(self._resource.facet_query(name, terms), call.client)
        labels = await questions.label(rows, call.client)
        counted = []
        for row in rows:
            if name in row:
                count = {"value": answers.value(row[name]), "count": int(row["count"]["value"])}
                if row[name]["type"] == "uri":
                    count["label"] = labels.text(row[name]["value"], call.language)
                counted.append(count)
        return counted

    def _next(self, call: Call, items: Sequence[Item], page: ListPage) -> str:
        if len(items) <= page.limit:
            return ""
        last = items[page.limit - 1]
        return self._page(call, encoded(last.key, last.iri))

    def _page(self, call: Call, after: str) -> str:
        """The page behind a cursor, in the format and language of this one."""
        named = {} if call.format is JSON else {"format": call.format.name}
        return call.address(after=after, lang=call.language, **named)
