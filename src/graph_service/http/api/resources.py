"""Resource files as operations: a list with filters, order, pages, facets, full text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.resources import ListPage, Resource
from graph_service.http.api import items
from graph_service.http.api.searching import Index
from graph_service.http.api.shapes import list_schema
from graph_service.http.operations.media import JSON, SPARQL
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.paging import FEW, MOST, cursor_of, encoded, limit_of
from graph_service.http.operations.questions import Questions
from graph_service.http.operations.writing import address, query_address, query_link, table_formats, written
from graph_service.http.protocol.problems import Fields
from graph_service.rdf import answers
from graph_service.rdf.terms import Term, iri
from graph_service.views import resource_items, tables
from graph_service.views.resource_items import Item
from graph_service.views.tables import Table


def operations(directory: Path, questions: Questions, index: Index) -> Iterator[Operation]:
    """A list and an item for each resource file of a directory.

    Raises:
        QueryFileError: one of them is wrong.
    """
    for path in sorted(directory.glob("*.rq")):
        resource = Resource(path)
        yield _list(resource, questions, index)
        yield items.operation(resource, questions)


def _list(resource: Resource, questions: Questions, index: Index) -> Operation:
    return Operation(
        path=f"/api/{resource.name}",
        name=f"list-{resource.name}",
        title=resource.header.title,
        description=resource.header.description,
        tag="resources",
        formats=(JSON, *table_formats(), SPARQL),
        answer=_List(resource, questions, index).plan,
        params=_parameters(resource),
        schemas={JSON.media_type: list_schema(resource)},
    )


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
        title={"en": "Tell how many there are in all", "de": "Angeben, wie viele es insgesamt sind"},
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

    def __init__(self, resource: Resource, questions: Questions, index: Index) -> None:
        self._resource = resource
        self._fields = resource.header.fields
        self._questions = questions
        self._index = index

    def plan(self, call: Call) -> DeferredAnswer:
        """Decide which part of the list is asked for.

        Raises:
            ParameterError: the limit or the cursor is wrong.
        """
        page = ListPage(limit_of(call.one("limit")), call.one("sort"), cursor_of(call.one("after")))
        return DeferredAnswer(lambda: self._make(call, page), () if call.format is SPARQL else query_link(call))

    async def _make(self, call: Call, page: ListPage) -> RenderedAnswer:
        client = call.request.client
        terms = await self._terms(call)
        text = self._resource.list_query(terms, page, call.language)
        if call.format is SPARQL:
            return RenderedAnswer(text.encode())
        answer = await self._questions.answer(text, client)
        found = resource_items.read(answer, descending=page.descending)
        labels = await self._questions.label([], client, also=resource_items.named(self._fields, found))
        following = self._next(call, found, page)
        found = found[: page.limit]
        fields: Fields = ((b"link", f'<{following}>; rel="next"'.encode()),) if following else ()
        digest = self._questions.store.digest
        if call.format is not JSON:
            cells = [resource_items.cells(self._fields, item, labels, call.language) for item in found]
            columns = resource_items.columns(self._fields)
            table = Table(columns, [[row.get(name) for name in columns] for row in cells])
            return await written(table, call, digest, fields)
        content: dict[str, Any] = {
            "dataset": digest,
            "query": query_address(call),
            "language": call.language,
            "items": [resource_items.told(self._fields, item, labels, call.language) for item in found],
            "next": following or None,
        }
        if call.flag("count"):
            content["total"] = int((await self._questions.rows(self._resource.count_query(terms)))[0]["count"]["value"])
        if call.arguments.get("facets"):
            content["facets"] = {name: await self._facet(name, terms, call) for name in call.arguments["facets"]}
        return RenderedAnswer(tables.to_json(content), fields)

    async def _terms(self, call: Call) -> Mapping[str, Sequence[Term]]:
        """The filters as terms; full text becomes a choice of things."""
        names = self._questions.names
        filters = self._resource.filters
        terms: dict[str, Sequence[Term]] = {
            name: [about.term(name, value, names) for value in call.arguments[name]]
            for name, about in filters.items()
            if name in call.arguments
        }
        if call.one("q"):
            hits = await self._index.find(call.one("q"), kind=self._resource.name, limit=MOST)
            # A choice of nothing has no VALUES to stand in; this IRI names nothing.
            terms["item"] = [iri(hit.item) for hit in hits] or [iri("urn:x-nothing")]
        return terms

    async def _facet(self, name: str, terms: Mapping[str, Sequence[Term]], call: Call) -> list[dict[str, Any]]:
        rows = await self._questions.rows(self._resource.facet_query(name, terms), call.request.client)
        labels = await self._questions.label(rows, call.request.client)
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
        return address(call, after=encoded(last.key, last.iri), lang=call.one("lang") or call.language)
