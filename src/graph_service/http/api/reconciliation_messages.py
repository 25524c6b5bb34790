"""Messages of the Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group).

What clients send ("Structure of a Reconciliation Query", "Data Extension Query Requests"), and the manifest ("Service
Manifest").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

import pydantic
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from graph_service.catalogue.parameters import did_you_mean
from graph_service.errors import ParameterError
from graph_service.http.protocol.problems import RequestError
from graph_service.version import __version__

PATH = "/reconcile"
# Queries of one batch, things of one data extension, and its properties.
MOST_QUERIES, MOST_IDS, MOST_PROPERTIES = 50, 200, 50
# Candidates of one query, and what there is without a limit.
MOST_CANDIDATES, CANDIDATES = 50, 10
PREVIEW_WIDTH, PREVIEW_HEIGHT = 400, 160

Message = TypeVar("Message")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Entity(BaseModel):
    """A value that is a thing, because it was reconciled before."""

    model_config = ConfigDict(frozen=True)
    id: str


_Value: TypeAlias = bool | int | float | str | _Entity


class GivenProperty(_Strict):
    """A property that a query gives: `pid`, and one value `v` or several."""

    pid: str
    v: _Value | list[_Value]

    @property
    def values(self) -> list[str]:
        """The values as texts; of a thing its id."""
        values = self.v if isinstance(self.v, list) else [self.v]
        return [value.id if isinstance(value, _Entity) else str(value) for value in values]


class Query(_Strict):
    """One reconciliation query."""

    query: str | None = None
    type: str | list[str] = []
    limit: Annotated[float, Field(ge=1)] = CANDIDATES
    properties: Annotated[list[GivenProperty], Field(max_length=MOST_PROPERTIES)] = []
    type_strict: Literal["any", "should", "all"] | None = None

    @pydantic.model_validator(mode="after")
    def _has_something(self) -> Query:
        if self.query is None and not self.properties:
            raise ValueError("a query has `query` or `properties`")
        return self

    @property
    def types(self) -> list[str]:
        """The types that it is restricted to."""
        return [self.type] if isinstance(self.type, str) else self.type


class _WantedProperty(BaseModel):
    """A property to fetch; its settings say nothing, since there are none here."""

    model_config = ConfigDict(frozen=True)
    id: Annotated[str, StringConstraints(min_length=1)]


class Extension(BaseModel):
    """A data extension query."""

    model_config = ConfigDict(frozen=True)
    ids: list[str]
    properties: Annotated[list[_WantedProperty], Field(max_length=MOST_PROPERTIES)]


_BATCH = TypeAdapter(dict[str, Query])
_EXTENSION = TypeAdapter(Extension)


def batch_of(text: str) -> dict[str, Query]:
    """The queries of a batch, by their keys.

    Raises:
        RequestError: 400, it is no batch; 413, it is too large.
    """
    return _within(_read("queries", text, _BATCH), MOST_QUERIES, "queries")


def extension_of(text: str) -> Extension:
    """A data extension query; raises as `batch_of`."""
    extension = _read("extend", text, _EXTENSION)
    _within(extension.ids, MOST_IDS, "ids")
    return extension


def known(names: Iterable[str], there_are: Mapping[str, object], what: str) -> tuple[str, ...]:
    """These names of types or properties, without empty ones.

    Raises:
        ParameterError: one of them is unknown; the hint has the nearest.
    """
    given = tuple(name for name in names if name)
    for name in given:
        if name not in there_are:
            hint = f"{did_you_mean(name, there_are)} There are {', '.join(there_are)}.".strip()
            raise ParameterError(f"There is no {what} {name[:80]!r}.", hint=hint)
    return given


def manifest(origin: str, base: str, name: str, types: Mapping[str, str], language: str) -> dict[str, Any]:
    """The service manifest.

    Args:
        origin: of the service, with the path below which a proxy serves it.
        base: IRI that the identifiers begin with.
        name: of the service.
        types: names of what is reconciled, by id.
        language: of everything that the service then says.
    """
    root = f"{PATH}/{language}"

    def at(path: str) -> dict[str, str]:
        return {"service_url": origin, "service_path": f"{root}{path}"}

    return {
        "versions": ["0.2"],
        "name": name,
        "identifierSpace": f"{base}id/",
        "schemaSpace": f"{base}ontology#",
        "defaultTypes": [{"id": key, "name": title} for key, title in types.items()],
        "view": {"url": f"{origin}/page?iri={{{{id}}}}&lang={language}"},
        "logo": f"{origin}/static/icon.svg",
        "serviceVersion": __version__,
        "batchSize": MOST_QUERIES,
        "suggest": {one: at(f"/suggest/{one}") for one in ("entity", "property", "type")},
        "preview": {"url": f"{origin}{root}/preview?id={{{{id}}}}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "extend": {"propose_properties": at("/properties"), "property_settings": []},
    }


def _read(name: str, text: str, model: TypeAdapter[Message]) -> Message:
    try:
        return model.validate_json(text)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or name
        hint = "See https://reconciliation-api.github.io/specs/0.2/"
        raise RequestError(400, f"{name} is wrong at {where[:200]}: {first['msg'][:200]}.", hint=hint) from None


def _within(given: Message, most: int, what: str) -> Message:
    if (number := len(given)) > most:  # type: ignore[arg-type]
        raise RequestError(
            413, f"There are {number} {what}, more than {most}.", hint="Send several batches.", limit=most
        )
    return given
