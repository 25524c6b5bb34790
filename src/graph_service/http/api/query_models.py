"""Response models of named queries: the catalogue, and SPARQL 1.1 Query Results JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel


class QueryParameter(BaseModel):
    """A parameter of a named query."""

    name: str
    type: str
    title: str
    required: bool
    repeatable: bool
    default: str | None = None
    example: str | None = None
    values: list[str] | None = None


class NamedQuery(BaseModel):
    """A named query, its parameters and columns."""

    name: str
    title: str
    description: str
    tags: list[str]
    href: str
    columns: list[str]
    parameters: list[QueryParameter]


class QueryList(BaseModel):
    """The catalogue of named queries."""

    dataset: str
    queries: list[NamedQuery]


class ResultsHead(BaseModel):
    """The variables of an answer."""

    vars: list[str]


class Term(BaseModel):
    """An RDF term (SPARQL 1.1 Query Results JSON Format, section 3.2.2)."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["uri", "literal", "bnode"]
    value: str
    datatype: str | None = None
    language: str | None = Field(default=None, alias="xml:lang")


class Solution(RootModel[dict[str, Term]]):
    """One row: the term of each variable that is bound."""


class Bindings(BaseModel):
    """The rows of an answer."""

    bindings: list[Solution]


class SelectResults(BaseModel):
    """SPARQL 1.1 Query Results JSON Format."""

    head: ResultsHead
    results: Bindings
