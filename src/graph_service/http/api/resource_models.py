"""Response models of resources, made from the headers of the resource files."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, RootModel, create_model

from graph_service.catalogue.resource_files import FieldKind
from graph_service.catalogue.resources import Resource
from graph_service.http.api.models import Answer, Reference


class Statement(BaseModel):
    """A statement about a resource: the graphs that state it, or that it was inferred, and where it is explained."""

    predicate: Reference
    object: Reference | str | int | float | bool
    language: str | None = None
    inferred: bool
    graphs: list[str]
    explain: str


class FacetCount(BaseModel):
    """How many things have a value."""

    value: str | int | float | bool
    label: str | None = None
    count: int


class Facets(RootModel[dict[str, list[FacetCount]]]):
    """Counts of values, by field."""


class OtherLanguages(RootModel[dict[str, str]]):
    """The language of each text that there is none of in the language of the answer, by field."""


def resource_models(resource: Resource) -> tuple[type[BaseModel], type[BaseModel]]:
    """The models of a list and of an item of a resource, such as `ActorList` and `ActorDetails`, by its header."""
    name, title = resource.header.item or resource.name.title(), resource.header.title.get("en", resource.name)
    own = {field: _field(about) for field, about in resource.header.fields.items()}
    thing: Any = create_model(  # type: ignore[call-overload]
        name,
        __doc__=resource.header.description.get("en", title),
        id=(str, Field(json_schema_extra={"format": "iri"})),
        slug=(str, ...),
        **own,
        other_languages=(OtherLanguages | None, None),
    )
    listed = create_model(
        f"{name}List",
        __base__=Answer,
        __doc__=f"A page of the list: {title}.",
        items=(list[thing], ...),
        next=(str | None, Field(description="The address of the next page.")),
        total=(int | None, None),
        facets=(Facets | None, None),
    )
    details = create_model(
        f"{name}Details",
        __base__=(Answer, thing),
        __doc__="The same with every statement about it.",
        statements=(list[Statement], ...),
    )
    return listed, details


def _field(about: Any) -> tuple[Any, Any]:
    kind: Any = {FieldKind.IRI: Reference, FieldKind.INTEGER: int}.get(about.type, str)
    return (list[kind] if about.many else kind | None), Field(description=about.title.get("en"))
