"""`/docs`: the operations as a page, made from the OpenAPI document; it needs neither script nor network.

FastAPI's own page loads Swagger UI, 1.5 MB of scripts that run inline, in English only. This one is read without any.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from graph_service.pages.visit import PageContent, Visit

PATH = "/docs"
# What the page draws a chart of, and of which issue.
MATRIX = "/api/matrix"
_ISSUE = "id/issue/asylum"
# Parameters whose examples are of the data: a statement, and a word.
_OF_DATA = ("s", "p", "o", "q")
_WITHOUT_FILE = ("explanation", "search")


@dataclass(frozen=True)
class DocumentedParameter:
    """A parameter of an operation as the page shows it; texts by language."""

    name: str
    kind: str
    required: bool
    repeatable: bool
    title: Mapping[str, str]
    values: Sequence[str]
    default: str
    example: str


@dataclass(frozen=True)
class DocumentedOperation:
    """An operation as the page shows it; texts by language.

    Attributes:
        example: an address that works, with what is required.
        formats: short names of what it answers in.
    """

    path: str
    name: str
    tag: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    params: Sequence[DocumentedParameter]
    example: str
    formats: Sequence[str]


async def docs(visit: Visit) -> PageContent:
    """The page."""
    return _page(visit, {})


async def docs_of_others(visit: Visit) -> PageContent:
    """The page over data of another model than the shipped one: its examples of statements and words are of these data.

    Raises:
        QueryError: the store did not answer.
    """
    row = next(iter(await visit.rows("example-statement")), None)
    if row is None:
        return _page(visit, dict.fromkeys(_OF_DATA, ""))
    subject, class_, label = (row[name]["value"] for name in ("subject", "class", "label"))
    return _page(visit, dict(zip(_OF_DATA, (visit.show.short(subject), "rdf:type", f"<{class_}>", label), strict=True)))


def _page(visit: Visit, own: Mapping[str, str]) -> PageContent:
    """The page; `own` are examples that replace the shipped ones, by name of the parameter."""
    groups = visit.edition.remembered("operations", lambda: _groups(visit.request.scope["app"].openapi(), own))
    address = f"{visit.request.origin}{MATRIX}?issue={_ISSUE}&lang={visit.language}&format=csv"
    has_matrix = any(one.path == MATRIX for _, listed in groups for one in listed)
    return PageContent("api-docs", {"groups": groups, "address": address if has_matrix else ""})


def _groups(document: Mapping[str, Any], own: Mapping[str, str]) -> list[tuple[str, list[DocumentedOperation]]]:
    """The operations by tag, in the order of the document."""
    rank = {tag["name"]: number for number, tag in enumerate(document["tags"])}
    listed = sorted(operations(document, own), key=lambda one: rank[one.tag])
    return [(tag, list(found)) for tag, found in itertools.groupby(listed, key=lambda one: one.tag)]


def operations(document: Mapping[str, Any], own: Mapping[str, str] = {}) -> Iterator[DocumentedOperation]:
    """The operations of the API in an OpenAPI document.

    Args:
        document: what describes them.
        own: examples that replace those of operations that no query file describes, by name of the parameter.
    """
    for path, methods in document["paths"].items():
        if not path.startswith("/api"):
            continue
        about = methods["get"]
        given = about.get("parameters", [])
        if own and about["tags"][0] in _WITHOUT_FILE:
            given = [_with_example(one, own) for one in given]
        params = [_parameter(one) for one in given if one["name"] != "format"]
        formats: Sequence[str] = next((one["schema"]["enum"] for one in given if one["name"] == "format"), [])
        yield DocumentedOperation(
            path=path,
            name=about["operationId"],
            tag=about["tags"][0],
            title={"en": about["summary"], "de": about["x-summary-de"]},
            description={"en": about["description"], "de": about["x-description-de"]},
            params=params,
            example=_address(path, given),
            formats=formats,
        )


def _with_example(about: Mapping[str, Any], own: Mapping[str, str]) -> Mapping[str, Any]:
    if about["name"] not in own:
        return about
    return {**about, "schema": {**about["schema"], "examples": [own[about["name"]]]}}


def _address(path: str, given: Sequence[Mapping[str, Any]]) -> str:
    pairs: list[tuple[str, str]] = []
    for one in given:
        values = _examples(one)
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", values[0])
        elif one["required"]:
            pairs += [(one["name"], value) for value in values]
    return f"{path}?{urlencode(pairs, safe=':/')}" if pairs else path


def _parameter(about: Mapping[str, Any]) -> DocumentedParameter:
    schema = about["schema"]
    many = schema.get("type") == "array"
    value = schema["items"] if many else schema
    default = schema.get("default")
    shown = "" if default in (None, []) else str(default).lower() if isinstance(default, bool) else str(default)
    return DocumentedParameter(
        name=about["name"],
        kind="enum" if "enum" in value else value.get("format", value.get("type", "")),
        required=about["required"],
        repeatable=many,
        title={"en": about.get("description", ""), "de": schema.get("x-description-de", "")},
        values=value.get("enum", ()),
        default=shown,
        example=" ".join(_examples(about)),
    )


def _examples(about: Mapping[str, Any]) -> list[str]:
    """The values of the example of a parameter."""
    examples = about["schema"].get("examples", [])
    if not examples:
        return []
    return [str(value) for value in (examples[0] if isinstance(examples[0], list) else examples[:1])]
