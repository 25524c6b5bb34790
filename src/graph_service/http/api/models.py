"""Response models of the API; OpenAPI and generated clients take their names.

A model describes; it does not validate each row on its way out. Tests compare the models with the answers.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from graph_service.views.comparing.coded_positions import LeftOut
from graph_service.views.comparing.comparison import Status

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


class ComparedPosition(BaseModel):
    """What an actor says on a proposition in a document, with the first and last possible day and the date as given."""

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
    date_as_given: str | None
    passages: list[Reference]
    cautions: list[Reference]


class DatedPosition(ComparedPosition):
    """A position with its actor and proposition."""

    actor: Reference
    proposition: Reference


class LeftOutPosition(BaseModel):
    """A position that counts neither for nor against, and why."""

    id: str
    reason: LeftOut


class LeftOutCounts(BaseModel):
    """How many positions count neither for nor against.

    `partial` fits meet their proposition only in part; `unverified` ones were not found again, or nobody looked; after
    `earlier` ones came a later position of the same actor; `conditional` ones take no side. Each is counted once.
    """

    partial: int = 0
    unverified: int = 0
    earlier: int = 0
    conditional: int = 0


class Cell(BaseModel):
    """How one actor stands to one proposition by its latest positions; what does not count, and what was searched."""

    actor: str
    status: Status
    agreement: float | None
    positions: list[ComparedPosition]
    left_out: list[LeftOutPosition]
    searched: list[Reference]


class ComparedProposition(BaseModel):
    """A proposition with the cell of each actor."""

    proposition: Reference
    cells: list[Cell]


class Comparison(Answer):
    """Propositions by what comparing the actors on them gives."""

    actors: list[Reference]
    left_out: LeftOutCounts
    common: list[ComparedProposition]
    differences: list[ComparedProposition]
    conditional: list[ComparedProposition]
    one_sided: list[ComparedProposition]
    uncovered: list[ComparedProposition]


class MatrixCell(BaseModel):
    """A cell of the matrix; positions are named by IRI."""

    actor: str
    proposition: str
    status: Status
    agreement: float | None
    positions: list[str]


class CountedProposition(Reference):
    """A proposition and how many actors stand how, each counted once."""

    agrees: int
    disagrees: int
    conditional: int
    differing: int


class Matrix(Answer):
    """Actors, propositions and the cells that are not empty; `missing` is the status of a pair without a cell."""

    actors: list[Reference]
    left_out: LeftOutCounts
    propositions: list[CountedProposition]
    missing: Status
    cells: list[MatrixCell]


class Timeline(Answer):
    """Positions in chronological order, the partial and unverified ones left out unless all are wanted."""

    left_out: LeftOutCounts
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
    date_as_given: str | None
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


class Proof(RootModel[dict[str, Any]]):
    """A proof as JSON: its standard, conclusion and nodes."""


class Explanation(BaseModel):
    """The proof of a statement: rules of OWL 2 RL, down to stated triples with document, place and digest."""

    dataset: str
    language: str
    proof: Proof
