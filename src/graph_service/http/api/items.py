"""One thing: its fields, and every statement about it, told apart as stated or inferred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from graph_service import tables
from graph_service.errors import ParameterError
from graph_service.http.api.media import JSON, SPARQL
from graph_service.http.api.operations import Call, Made, Operation, Work
from graph_service.http.api.questions import Questions
from graph_service.http.api.shapes import item_schema
from graph_service.http.api.writing import query_address, query_link, text
from graph_service.http.problems import RequestError
from graph_service.labels import Labels
from graph_service.namespaces import Names
from graph_service.parameters import Parameter, Type
from graph_service.resources import Resource
from graph_service.tables import Row
from graph_service.terms import Term, iri, literal

_IN_IRIS = (("%", "%25"), ("<", "%3C"), (">", "%3E"), ("#", "%23"), ("&", "%26"), ("+", "%2B"))


def operation(resource: Resource, questions: Questions) -> Operation:
    """The item of a resource."""
    slug = Parameter(
        type=Type.STRING,
        required=True,
        example=resource.header.example,
        title={"en": "Short name, CURIE or IRI", "de": "Kurzname, CURIE oder IRI"},
    )

    def answer(call: Call) -> Work:
        item = _named(call.path["slug"], resource, questions.names)
        query = resource.item_query(item)
        if call.format is SPARQL:
            return Work(lambda: text(query))
        return Work(lambda: _told(item, query, call, resource, questions), query_link(call))

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
        schemas={JSON.media_type: item_schema(resource)},
        statuses={404: "There is nothing of this kind by this name."},
    )


_ONE = {"en": "one of them", "de": "eines davon"}


async def _told(item: str, query: str, call: Call, resource: Resource, questions: Questions) -> Made:
    rows = await questions.rows(query, call.request.client)
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
    explain = f"{root}/api/explain?s={quote(item)}&p="
    inferred_graph = names.inferred_graph[1:-1]
    for (predicate, term), found in sorted(graphs.items()):
        binding = bindings[predicate, term]
        value: object = tables.value(binding)
        if binding["type"] == "uri":
            value = {"id": binding["value"], "label": labels.text(binding["value"], language)}
        yield {
            "predicate": {"id": predicate, "label": labels.text(predicate, language)},
            "object": value,
            **({"language": binding["xml:lang"]} if "xml:lang" in binding else {}),
            "inferred": found == [inferred_graph],
            "graphs": sorted(found),
            "explain": f"{explain}{_quoted(predicate)}&o={_quoted(term)}",
        }


def _quoted(text: str) -> str:
    """A term or an IRI as the value of a parameter; few characters of an IRI need to be coded."""
    if text.startswith('"') or not text.isascii():
        return quote(text, safe="")
    for character, coded in _IN_IRIS:
        text = text.replace(character, coded)
    return text


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
