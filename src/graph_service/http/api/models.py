"""What the API answers with, as models that OpenAPI names and generated clients become classes of.

A model describes; it does not check each row on its way out: the rows are made by the code that these models are held
against in the tests.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from graph_service.catalogue.resource_files import FieldKind
from graph_service.catalogue.resources import Resource
from graph_service.views.comparison import Status

Agreement = Literal[1, 0, -1]


class Reference(BaseModel):
    """A resource with its label in the language of the answer."""

    id: str
    label: str


class Answer(BaseModel):
    """What every answer names: the digest of the data set, where the query behind the answer stands, the language."""

    dataset: str
    query: str
    language: str


class Position(BaseModel):
    """What an actor says on a proposition in a document; the first and last possible day of the document."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    agreement: Agreement
    comparable: bool
    joint: bool
    text: str | None
    verb: Reference | None
    kinds: list[Reference]
    document: Reference | None
    source_kind: Reference | None
    since: str | None = Field(alias="from")
    until: str | None = Field(alias="to")
    passages: list[Reference]
    cautions: list[Reference]


class DatedPosition(Position):
    """A position with its actor and proposition."""

    actor: Reference
    proposition: Reference


class Cell(BaseModel):
    """How one actor stands to one proposition, with the documents that were searched in vain."""

    actor: str
    status: Status
    agreement: float | None
    positions: list[Position]
    searched: list[Reference]


class ComparedProposition(BaseModel):
    """A proposition with the cell of each actor."""

    proposition: Reference
    cells: list[Cell]


class Comparison(Answer):
    """Propositions by what comparing the actors on them gives."""

    actors: list[Reference]
    common: list[ComparedProposition]
    differences: list[ComparedProposition]
    one_sided: list[ComparedProposition]
    uncovered: list[ComparedProposition]


class MatrixCell(BaseModel):
    """A cell of the matrix; positions are named by IRI."""

    actor: str
    proposition: str
    status: Status
    agreement: float | None
    positions: list[str]


class Matrix(Answer):
    """Actors, propositions and the cells that are not empty; `missing` is the status of a pair without a cell."""

    actors: list[Reference]
    propositions: list[Reference]
    missing: Status
    cells: list[MatrixCell]


class Timeline(Answer):
    """Positions in the order of time."""

    positions: list[DatedPosition]


class IssueCoverage(BaseModel):
    """An issue in a document: how many positions, and whether the whole text was searched for it."""

    issue: Reference
    positions: int
    searched: bool
    status: str


class DocumentCoverage(BaseModel):
    """A document with the issues that it was searched for."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    label: str
    since: str | None = Field(alias="from")
    until: str | None = Field(alias="to")
    coverage: Reference | None
    issues: list[IssueCoverage]


class Coverage(Answer):
    """Which document was searched for which issue."""

    documents: list[DocumentCoverage]


class Excerpt(BaseModel):
    """A text in which the words were found; highlights are half-open ranges of code points."""

    field: str
    text: str
    language: str
    highlights: list[tuple[int, int]]


class SearchHit(BaseModel):
    """A thing that was found."""

    id: str
    label: str
    kind: str
    score: float
    href: str
    excerpts: list[Excerpt]


class SearchResult(BaseModel):
    """The best hits first."""

    dataset: str
    language: str
    hits: list[SearchHit]


class NetworkNode(BaseModel):
    """A node with its figures."""

    model_config = ConfigDict(extra="allow")

    id: str
    label: str


class NetworkEdge(BaseModel):
    """An edge and its number."""

    source: str
    target: str
    weight: float


class NetworkWindow(BaseModel):
    """The network of one window of time."""

    midpoint: str
    since: str
    until: str
    nodes: list[str]
    edges: list[NetworkEdge]


class Network(BaseModel):
    """A network as NetworkX reads it (node-link data); over time it has windows instead of edges."""

    directed: bool
    multigraph: bool
    graph: dict[str, Any]
    nodes: list[NetworkNode]
    edges: list[NetworkEdge] | None = None
    windows: list[NetworkWindow] | None = None


class ReasonStatement(BaseModel):
    """A statement behind an edge."""

    model_config = ConfigDict(populate_by_name=True)

    id: str | None
    actor: Reference
    concept: Reference
    level: int | None
    since: str | None = Field(alias="from")
    until: str | None = Field(alias="to")
    document: Reference | None


class Reason(BaseModel):
    """A pair of statements that makes part of an edge; shares sum to its number."""

    shared: Reference
    first: ReasonStatement
    second: ReasonStatement | None
    contribution: float
    share: float


class EdgeReasons(Answer):
    """The reasons of one edge, the weightiest first."""

    source: Reference
    target: Reference
    weight: float
    denominator: float
    reasons: list[Reason]


class Explanation(BaseModel):
    """The proof of a statement: rules of OWL 2 RL, down to stated triples with document, place and digest."""

    dataset: str
    language: str
    proof: dict[str, Any]


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


class Bindings(BaseModel):
    """The rows of an answer."""

    bindings: list[dict[str, Term]]


class SelectResults(BaseModel):
    """SPARQL 1.1 Query Results JSON Format."""

    head: ResultsHead
    results: Bindings


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
        other_languages=(dict[str, str] | None, None),
    )
    listed = create_model(
        f"{name}List",
        __base__=Answer,
        __doc__=f"A page of the list: {title}.",
        items=(list[thing], ...),
        next=(str | None, Field(description="The address of the next page.")),
        total=(int | None, None),
        facets=(dict[str, list[FacetCount]] | None, None),
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
