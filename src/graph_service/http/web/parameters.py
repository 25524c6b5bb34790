"""Parameters of query files as parameters of routes: each header becomes a pydantic model that FastAPI reads.

The model says what the OpenAPI document shows of a parameter, and checks the type. Which names there are, only the data
set knows, so a dependency asks the edition that answers.
"""

from __future__ import annotations

import datetime
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import Depends, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    create_model,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.web.edition import CurrentEdition
from graph_service.http.web.routes import CurrentRequest
from graph_service.views.names.known_names import KnownNames

# In the scope of a request: the values of its parameters as `Texts`, once they are read.
UNDERSTOOD = "understood"
_MOST_DIGITS = 100
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


def _day(value: object) -> object:
    """A day, of which dashboards send the time as well (`2019-06-28T00:00:00.000Z`, as Grafana does)."""
    if isinstance(value, str) and value[10:11] == "T":
        return datetime.datetime.fromisoformat(value).date()
    return value


@dataclass(frozen=True)
class _Schema:
    """Adds one key to the schema of a parameter in the OpenAPI document."""

    name: str
    value: str

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), self.name: self.value}


def _finite(value: Decimal) -> Decimal:
    """A number that `xsd:decimal` can write, which knows neither exponents nor infinities."""
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
        raise ValueError("of type decimal")
    return value


class _Number:
    """Describes a decimal as a number, not as text."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        # What the parameter itself says, its German text among it, stays.
        return {key: value for key, value in schema.items() if key not in ("anyOf", "pattern")} | {"type": "number"}


@dataclass(frozen=True)
class _OneOf:
    """Lets only some integers pass; `Literal` would take none, since a query string has texts."""

    values: tuple[int, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), "enum": list(self.values)}

    def _check(self, value: int) -> int:
        if value not in self.values:
            raise ValueError(f"one of {', '.join(map(str, self.values))}")
        return value


def _reference(value: str) -> str:
    """An IRI, a CURIE or a name below the base: it has none of the signs that no IRI has (RFC 3987, section 2.2)."""
    if _NO_IRI.search(value):
        raise ValueError("of type iri")
    return value


IRI: TypeAlias = Annotated[str, AfterValidator(_reference), _Schema("format", "iri-reference")]
Day: TypeAlias = Annotated[datetime.date, BeforeValidator(_day)]
LanguageTag: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$", to_lower=True)
]
Number: TypeAlias = Annotated[Decimal, AfterValidator(_finite), _Number()]

_TYPES: Mapping[Type, Any] = {
    Type.IRI: IRI,
    Type.STRING: str,
    Type.INTEGER: int,
    Type.DECIMAL: Number,
    Type.DATE: Day,
    Type.BOOLEAN: bool,
    Type.LANGUAGE: LanguageTag,
}


class Texts(dict[str, list[str]]):
    """Values by parameter name, as a query file binds them; a parameter that was not given is absent."""

    def one(self, name: str) -> str:
        """The value of a parameter that comes at most once; empty if it was not given."""
        values = self.get(name)
        return values[0] if values else ""

    def flag(self, name: str) -> bool:
        """Whether a boolean parameter is true."""
        return self.one(name) == "true"


class Arguments(BaseModel):
    """The arguments of a call; each field is a parameter."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=False)

    def texts(self) -> Texts:
        """The values as texts, defaults included."""
        given = self.model_dump(by_alias=True, exclude_none=True)
        listed = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
        return Texts({name: [text(value) for value in values] for name, values in listed.items() if values})


def text(value: object) -> str:
    """A value as a query file binds it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def model_of(name: str, parameters: Mapping[str, Parameter]) -> type[Arguments]:
    """The model of these parameters.

    Args:
        name: of the class.
        parameters: by name, as the header of a query file declares them.
    """
    fields: dict[str, Any] = {}
    for alias, about in parameters.items():
        safe = alias.replace("-", "_")
        # A name that Python or pydantic has taken gets an underscore; clients never see it.
        safe = f"{safe}_" if keyword.iskeyword(safe) or hasattr(Arguments, safe) else safe
        fields[safe] = _field(alias, about)
    model: type[Arguments] = create_model(name, __base__=Arguments, **fields)
    return model


def query_of(name: str, parameters: Mapping[str, Parameter]) -> Any:
    """The annotation of an endpoint's parameter that holds all arguments as `Texts`, all names known to the data set.

    Arguments are those of `model_of`.
    """

    async def texts(edition: CurrentEdition, request: CurrentRequest, query: Arguments) -> Texts:
        questions = edition.questions
        known = edition.remembered("known-names", KnownNames)
        file, ask = questions.file("known-names"), questions.asked_by(request.client)
        settled = Texts(await known.settled(parameters, query.texts(), file, edition.names, ask))
        request.scope[UNDERSTOOD] = settled
        return settled

    model: Any = model_of(name, parameters)
    texts.__annotations__.update(edition=CurrentEdition, request=CurrentRequest, query=Annotated[model, Query()])
    return Annotated[Texts, Depends(texts)]


def _kind(about: Parameter) -> Any:
    """The type of one value."""
    if about.type is Type.ENUM:
        return Literal[about.values]
    kind = _TYPES[about.type]
    if about.type is Type.INTEGER and about.values:
        return Annotated[kind, _OneOf(tuple(map(int, about.values)))]
    return kind


def _field(alias: str, about: Parameter) -> tuple[Any, Any]:
    kind: Any = _kind(about)
    example: str | list[str] | None = None
    if about.example:
        example = about.example.split(" ") if about.repeatable else about.example
    default: Any = ... if about.required else (about.default or None)
    if about.repeatable:
        kind = list[kind]
        default = ... if about.required else ([about.default] if about.default else [])
    elif default is None:
        kind = kind | None
    english = about.title.get("en") or next(iter(about.title.values()), alias)
    german = about.title.get("de", english)
    field = Field(
        alias=alias,
        description=english,
        examples=None if example is None else [example],
        json_schema_extra={"x-description-de": german, **({"x-of": about.of} if about.of else {})},
        validate_default=True,
    )
    return Annotated[kind, field], default
