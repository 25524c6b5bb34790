"""Resource files as operations: a list with filters, order, pages, facets, full text; an item with its statements."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from graph_service import tables
from graph_service.errors import ParameterError
from graph_service.http.api.media import JSON, SPARQL
from graph_service.http.api.operations import Call, Made, Operation, Work
from graph_service.http.api.questions import Questions
from graph_service.http.api.searching import Index
from graph_service.http.api.writing import address, query_address, query_link, table_formats, written
from graph_service.http.problems import Fields, RequestError
from graph_service.labels import Labels
from graph_service.namespaces import Names
from graph_service.parameters import Parameter, Type
from graph_service.resources import Item, Kind, Page, Resource
from graph_service.tables import Row, Table
from graph_service.terms import Term, iri, literal

MOST = 1000
FEW = 50


def operations(directory: Path, questions: Questions, index: Index) -> Iterator[Operation]:
    """A list and an item for each resource file of a directory.

    Raises:
        QueryFileError: one of them is wrong.
    """
    for path in sorted(directory.glob("*.rq")):
        resource = Resource(path)
        yield _list(resource, questions, index)
        yield _item(resource, questions)


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
        schemas={JSON.media_type: _list_schema(resource)},
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
        self._questions = questions
        self._index = index

    def plan(self, call: Call) -> Work:
        """Decide which part of the list is asked for.

        Raises:
            ParameterError: the limit or the cursor is wrong.
        """
        page = Page(_limit(call.one("limit")), call.one("sort"), _cursor(call.one("after")))
        return Work(lambda: self._make(call, page), () if call.format is SPARQL else query_link(call))

    async def _make(self, call: Call, page: Page) -> Made:
        client = call.request.client
        terms = await self._terms(call)
        text = self._resource.list_query(terms, page, call.language)
        if call.format is SPARQL:
            return Made(text.encode())
        rows = await self._questions.rows(text, client)
        items = self._resource.items(rows, descending=page.descending)
        labels = await self._questions.label(rows, client)
        following = self._next(call, items, page)
        items = items[: page.limit]
        fields: Fields = ((b"link", f'<{following}>; rel="next"'.encode()),) if following else ()
        digest = self._questions.store.digest
        if call.format is not JSON:
            cells = [self._resource.cells(item, labels, call.language) for item in items]
            table = Table(self._resource.columns, [[row.get(name) for name in self._resource.columns] for row in cells])
            return await written(table, call, digest, fields)
        content: dict[str, Any] = {
            "dataset": digest,
            "query": query_address(call),
            "language": call.language,
            "items": [self._resource.told(item, labels, call.language) for item in items],
            "next": following or None,
        }
        if call.flag("count"):
            content["total"] = int((await self._questions.rows(self._resource.count_query(terms)))[0]["count"]["value"])
        if call.arguments.get("facets"):
            content["facets"] = {name: await self._facet(name, terms, call) for name in call.arguments["facets"]}
        return Made(tables.to_json(content), fields)

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
                count = {"value": tables.value(row[name]), "count": int(row["count"]["value"])}
                if row[name]["type"] == "uri":
                    count["label"] = labels.text(row[name]["value"], call.language)
                counted.append(count)
        return counted

    def _next(self, call: Call, items: Sequence[Item], page: Page) -> str:
        if len(items) <= page.limit:
            return ""
        last = items[page.limit - 1]
        return address(call, after=_encoded(last.key, last.iri), lang=call.one("lang") or call.language)


def _item(resource: Resource, questions: Questions) -> Operation:
    slug = Parameter(
        type=Type.STRING,
        required=True,
        example=resource.header.example,
        title={"en": "Short name, CURIE or IRI", "de": "Kurzname, CURIE oder IRI"},
    )

    def answer(call: Call) -> Work:
        item = _named(call.path["slug"], resource, questions.names)
        text = resource.item_query(item)
        if call.format is SPARQL:
            return Work(lambda: _text(text))
        return Work(lambda: _told(item, text, call, resource, questions), query_link(call))

    singular = {language: f"{title}: {_ONE[language]}" for language, title in resource.header.title.items()}
    return Operation(
        path=f"/api/{resource.name}/{{slug}}",
        name=f"one-of-{resource.name}",
        title=singular,
        description={
            "en": "One thing with its fields, and every statement about it, told apart as stated or inferred.",
            "de": "Ein Ding mit seinen Feldern und jeder Aussage darüber, nach genannt und abgeleitet getrennt.",
        },
        tag="resources",
        formats=(JSON, SPARQL),
        answer=answer,
        path_params={"slug": slug},
        schemas={JSON.media_type: _item_schema(resource)},
        statuses={404: "There is nothing of this kind by this name."},
    )


_ONE = {"en": "one of them", "de": "eines davon"}


async def _text(text: str) -> Made:
    return Made(text.encode())


async def _told(item: str, text: str, call: Call, resource: Resource, questions: Questions) -> Made:
    rows = await questions.rows(text, call.request.client)
    if not any("there" in row for row in rows):
        mend = f"/api/{resource.name} lists them all."
        raise RequestError(404, f"There is nothing by this name among the {resource.name}.", mend=mend)
    labels = await questions.label(rows, call.request.client)
    root = call.request.scope.get("root_path", "")
    told = resource.told(resource.items(rows)[0], labels, call.language)
    content = {
        "dataset": questions.store.digest,
        "query": query_address(call),
        "language": call.language,
        **told,
        "statements": list(_statements(rows, item, labels, call.language, questions.names, root)),
    }
    return Made(tables.to_json(content))


def _statements(
    rows: Iterable[Row], item: str, labels: Labels, language: str, names: Names, root: str
) -> Iterator[dict[str, Any]]:
    """Every statement once, with the graphs that state it or the mark that it was inferred."""
    graphs: dict[tuple[str, Term], list[str]] = {}
    bindings = {}
    for row in rows:
        if "predicate" in row:
            key = (row["predicate"]["value"], _term(row["object"]))
            graphs.setdefault(key, []).append(row["graph"]["value"])
            bindings[key] = row["object"]
    inferred_graph = names.inferred_graph[1:-1]
    for (predicate, term), found in sorted(graphs.items()):
        binding = bindings[predicate, term]
        value: object = tables.value(binding)
        if binding["type"] == "uri":
            value = {"id": binding["value"], "label": labels.text(binding["value"], language)}
        query = urlencode({"s": item, "p": predicate, "o": term})
        yield {
            "predicate": {"id": predicate, "label": labels.text(predicate, language)},
            "object": value,
            **({"language": binding["xml:lang"]} if "xml:lang" in binding else {}),
            "inferred": found == [inferred_graph],
            "graphs": sorted(found),
            "explain": f"{root}/api/explain?{query}",
        }


def _term(binding: Mapping[str, str]) -> Term:
    """The N-Triples spelling of a binding."""
    if binding["type"] == "uri":
        return f"<{binding['value']}>"
    return literal(binding["value"], language=binding.get("xml:lang"), datatype=binding.get("datatype"))


def _named(slug: str, resource: Resource, names: Names) -> str:
    """The IRI of a short name, a CURIE or an IRI.

    Raises:
        ParameterError: it is none of these.
    """
    value = names.expand(slug if ":" in slug else f"{resource.header.path}{slug}")
    try:
        return iri(value)[1:-1]
    except ValueError:
        raise ParameterError(f"{slug[:80]!r} is no name.", mend=f"For example: {resource.header.example}") from None


def _limit(text: str) -> int:
    limit = int(text)
    if not 1 <= limit <= MOST:
        raise ParameterError(f"limit={text[:20]} is not between 1 and {MOST}.", mend="Follow the next links for more.")
    return limit


def _encoded(key: str, item: str) -> str:
    """A cursor: opaque, and safe in an address."""
    return base64.urlsafe_b64encode(json.dumps([key, item], ensure_ascii=False).encode()).decode().rstrip("=")


def _cursor(text: str) -> tuple[str, str] | None:
    """What a cursor says.

    Raises:
        ParameterError: it is none of ours.
    """
    if not text:
        return None
    try:
        key, item = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(key, str) and isinstance(item, str):
            f"{key}{item}".encode()
            return key, item
    except (binascii.Error, ValueError, TypeError):
        pass
    raise ParameterError(f"after={text[:40]!r} is no cursor.", mend="Take it from the next link of a page.")


def _value_schema(kind: Kind) -> dict[str, Any]:
    if kind is Kind.IRI:
        reference = {"id": {"type": "string"}, "label": {"type": "string"}}
        return {"type": "object", "required": ["id", "label"], "properties": reference}
    return {"type": "integer"} if kind is Kind.INTEGER else {"type": "string"}


def _properties(resource: Resource) -> dict[str, Any]:
    properties: dict[str, Any] = {"id": {"type": "string", "format": "iri"}, "slug": {"type": "string"}}
    for name, about in resource.header.fields.items():
        schema = _value_schema(about.type)
        if about.many:
            properties[name] = {"type": "array", "items": schema, "description": about.title["en"]}
        else:
            properties[name] = {"anyOf": [schema, {"type": "null"}], "description": about.title["en"]}
    properties["other_languages"] = {"type": "object", "additionalProperties": {"type": "string"}}
    return properties


def _list_schema(resource: Resource) -> dict[str, Any]:
    required = ["id", "slug", *resource.header.fields]
    item = {"type": "object", "required": required, "properties": _properties(resource)}
    count = {"type": "object", "required": ["value", "count"], "properties": {"count": {"type": "integer"}}}
    return {
        "type": "object",
        "required": ["dataset", "query", "language", "items", "next"],
        "properties": {
            "dataset": {"type": "string"},
            "query": {"type": "string"},
            "language": {"type": "string"},
            "items": {"type": "array", "items": item},
            "next": {"type": ["string", "null"]},
            "total": {"type": "integer"},
            "facets": {"type": "object", "additionalProperties": {"type": "array", "items": count}},
        },
    }


def _item_schema(resource: Resource) -> dict[str, Any]:
    statement = {
        "type": "object",
        "required": ["predicate", "object", "inferred", "graphs", "explain"],
        "properties": {"inferred": {"type": "boolean"}, "explain": {"type": "string"}},
    }
    head = {name: {"type": "string"} for name in ("dataset", "query", "language")}
    return {
        "type": "object",
        "required": ["dataset", "query", "language", "id", "slug", "statements", *resource.header.fields],
        "properties": {**head, **_properties(resource), "statements": {"type": "array", "items": statement}},
    }
