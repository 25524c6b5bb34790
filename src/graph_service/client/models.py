"""What the service answers, as typed dictionaries.

Made from the OpenAPI document by `make client-types`; a test compares them.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class Answer(TypedDict):
    """What every answer names."""

    dataset: str
    query: str
    language: str


class Page(Answer):
    """A page of a list."""

    next: str | None
    total: NotRequired[int | None]
    facets: NotRequired[Facets | None]


class Bindings(TypedDict):
    """The rows of an answer."""

    bindings: list[Solution]


class Cell(TypedDict):
    """How one actor stands to one proposition by its latest positions; what does not count, and what was searched."""

    actor: str
    status: Status
    agreement: float | None
    positions: list[ComparedPosition]
    left_out: list[LeftOutPosition]
    searched: list[Reference]


class Certificate(TypedDict):
    """What was asked when of which edition, and the digest of the answer; `certificate` is the layout."""

    certificate: NotRequired[int]
    time: str
    edition: CertifiedEdition
    request: CertifiedRequest
    result: CertifiedResult
    software: CertifyingSoftware
    sha256: NotRequired[str]


class CertifiedEdition(TypedDict):
    """The data set: SHA-256 of its N-Quads in hexadecimal, and the base of relative IRIs."""

    digest: str
    base: str


class CertifiedRequest(TypedDict):
    """The request as it was understood: names in full, defaults included; `path` is below the root of the service."""

    method: Literal["GET", "POST"]
    path: str
    parameters: dict[str, list[str]]
    query: NotRequired[str | None]


class CertifiedResult(TypedDict):
    """The answer: `rows` are rows, triples, or entries of its lists; `sha256` is that of its canonical form. `order` is the digest of the rows in the order that the query gives them, `value` the answer to an ASK; `whole` is false where a list goes on behind the page."""

    kind: Literal["table", "boolean", "graph", "json"]
    rows: NotRequired[int | None]
    sha256: str
    order: NotRequired[str | None]
    value: NotRequired[bool | None]
    whole: NotRequired[bool | None]


class CertifyingSoftware(TypedDict):
    """What answered; `queries` is the digest of the query files that its API answers from."""

    name: NotRequired[str]
    version: NotRequired[str]
    queries: NotRequired[str | None]


# What an actor says on a proposition in a document, with the first and last possible day and the date as given.
ComparedPosition = TypedDict(
    "ComparedPosition",
    {
        "id": "str",
        "agreement": Literal[1, 0, -1],
        "comparable": "bool",
        "joint": "bool",
        "text": "str | None",
        "verb": "Reference | None",
        "kinds": "list[Reference]",
        "document": "Reference | None",
        "source_kind": "Reference | None",
        "from": "str | None",
        "to": "str | None",
        "date_as_given": "str | None",
        "passages": "list[Reference]",
        "cautions": "list[Reference]",
    },
)


class ComparedProposition(TypedDict):
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


class CountedProposition(TypedDict):
    """A proposition and how many actors stand how, each counted once."""

    id: str
    label: str
    agrees: int
    disagrees: int
    conditional: int
    differing: int


class Coverage(Answer):
    """Which document was searched for which issue."""

    documents: list[DocumentCoverage]


# A position with its actor and proposition.
DatedPosition = TypedDict(
    "DatedPosition",
    {
        "id": "str",
        "agreement": Literal[1, 0, -1],
        "comparable": "bool",
        "joint": "bool",
        "text": "str | None",
        "verb": "Reference | None",
        "kinds": "list[Reference]",
        "document": "Reference | None",
        "source_kind": "Reference | None",
        "from": "str | None",
        "to": "str | None",
        "date_as_given": "str | None",
        "passages": "list[Reference]",
        "cautions": "list[Reference]",
        "actor": "Reference",
        "proposition": "Reference",
    },
)

# A document with the issues that it was searched for.
DocumentCoverage = TypedDict(
    "DocumentCoverage",
    {
        "id": "str",
        "label": "str",
        "from": "str | None",
        "to": "str | None",
        "date_as_given": "str | None",
        "coverage": "Reference | None",
        "issues": "list[IssueCoverage]",
    },
)


class EdgeReasons(Answer):
    """The reasons of one edge, the weightiest first."""

    source: Reference
    target: Reference
    weight: float
    denominator: float
    reasons: list[Reason]


class Edit(TypedDict):
    """An edit: its IRI, when it began and ended, who made it and why, what it changed, and what took what back."""

    id: str
    started: str
    ended: str
    editor: str
    reason: str
    files: list[EditedFile]
    undoes: str | None
    undone_by: str | None


class EditedFile(TypedDict):
    """A file that an edit changed: its SHA-256 before and after, hexadecimal; null where it was not there."""

    file: str
    before: str | None
    after: str | None


class EditionReference(TypedDict):
    """An edition by the digest of its data, and when it was put into use; null where no register tells."""

    digest: str
    since: str | None


class EditionRun(TypedDict):
    """Editions that followed each other and stand to the statement alike. `not kept` and `damaged` ones cannot be looked into: nobody can say whether they held it."""

    standing: Literal["stated", "inferred", "absent", "not kept", "damaged"]
    first: EditionReference
    last: EditionReference
    editions: int


class Edits(Answer):
    """The edits, the latest first."""

    edits: list[Edit]


class Excerpt(TypedDict):
    """A text in which the words were found; highlights are half-open ranges of code points."""

    field: str
    text: str
    language: str
    highlights: list[list[int]]


class Explanation(TypedDict):
    """The proof of a statement: rules of OWL 2 RL, down to stated triples with document, place and digest."""

    dataset: str
    language: str
    proof: Proof


class FacetCount(TypedDict):
    """How many things have a value."""

    value: str | int | float | bool
    label: NotRequired[str | None]
    count: int


# Counts of values, by field.
Facets: TypeAlias = "dict[str, list[FacetCount]]"


class Health(TypedDict):
    """The service lives, with what software and data."""

    status: str
    version: str
    digest: str


class IssueCoverage(TypedDict):
    """An issue in a document: how many positions, and whether the whole text was searched for it."""

    issue: Reference
    positions: int
    searched: bool
    status: str


# Why a position counts neither for nor against its proposition.
LeftOut: TypeAlias = Literal["partial", "unverified", "earlier", "conditional"]


class LeftOutCounts(TypedDict):
    """How many positions count neither for nor against. `partial` fits meet their proposition only in part; `unverified` ones were not found again, or nobody looked; after `earlier` ones came a later position of the same actor; `conditional` ones take no side."""

    partial: NotRequired[int]
    unverified: NotRequired[int]
    earlier: NotRequired[int]
    conditional: NotRequired[int]


class LeftOutPosition(TypedDict):
    """A position that counts neither for nor against, and why."""

    id: str
    reason: LeftOut


class Matrix(Answer):
    """Actors, propositions and the cells that are not empty; `missing` is the status of a pair without a cell."""

    actors: list[Reference]
    left_out: LeftOutCounts
    propositions: list[CountedProposition]
    missing: Status
    cells: list[MatrixCell]


class MatrixCell(TypedDict):
    """A cell of the matrix; positions are named by IRI."""

    actor: str
    proposition: str
    status: Status
    agreement: float | None
    positions: list[str]


class NamedQuery(TypedDict):
    """A named query, its parameters and columns."""

    name: str
    title: str
    description: str
    tags: list[str]
    href: str
    columns: list[str]
    parameters: list[QueryParameter]


class Network(TypedDict):
    """A network as NetworkX reads it (node-link data); over time it has windows instead of edges."""

    directed: bool
    multigraph: bool
    graph: dict[str, Any]
    nodes: list[NetworkNode]
    edges: NotRequired[list[NetworkEdge] | None]
    windows: NotRequired[list[NetworkWindow] | None]


class NetworkEdge(TypedDict):
    """An edge and its number."""

    source: str
    target: str
    weight: float


# A node with its figures.
NetworkNode: TypeAlias = "dict[str, Any]"


class NetworkWindow(TypedDict):
    """The network of one window of time, or of an unbroken row of windows without statements. `windows` says how many they are, `last_midpoint` is that of the last; the days are those of the first."""

    midpoint: str
    since: str
    until: str
    last_midpoint: str
    windows: int
    nodes: list[str]
    edges: list[NetworkEdge]


# The language of each text that there is none of in the language of the answer, by field.
OtherLanguages: TypeAlias = "dict[str, str]"

# A proof as JSON: its standard, conclusion and nodes.
Proof: TypeAlias = "dict[str, Any]"


class QueryList(TypedDict):
    """The catalogue of named queries."""

    dataset: str
    queries: list[NamedQuery]


class QueryParameter(TypedDict):
    """A parameter of a named query."""

    name: str
    type: str
    title: str
    required: bool
    repeatable: bool
    default: NotRequired[str | None]
    example: NotRequired[str | None]
    values: NotRequired[list[str] | None]


class Readiness(TypedDict):
    """Whether queries are answered now, and which files of the snapshot were found altered."""

    ready: bool
    damaged: NotRequired[list[str]]


class Reason(TypedDict):
    """A pair of statements that makes part of an edge; shares sum to its number."""

    shared: Reference
    first: ReasonStatement
    second: ReasonStatement | None
    contribution: float
    share: float


# A statement behind an edge.
ReasonStatement = TypedDict(
    "ReasonStatement",
    {
        "id": "str | None",
        "actor": "Reference",
        "concept": "Reference",
        "level": "int | None",
        "from": "str | None",
        "to": "str | None",
        "date_as_given": "str | None",
        "document": "Reference | None",
    },
)


class Reference(TypedDict):
    """A resource with its label in the language of the answer."""

    id: str
    label: str


class ResultsHead(TypedDict):
    """The variables of an answer."""

    vars: list[str]


class SearchHit(TypedDict):
    """A thing that was found."""

    id: str
    label: str
    kind: str
    score: float
    href: str
    excerpts: list[Excerpt]


class SearchResult(TypedDict):
    """The best hits first."""

    dataset: str
    language: str
    hits: list[SearchHit]


class SelectResults(TypedDict):
    """SPARQL 1.1 Query Results JSON Format."""

    head: ResultsHead
    results: Bindings


# One row: the term of each variable that is bound.
Solution: TypeAlias = "dict[str, Term]"


class Statement(TypedDict):
    """A statement about a resource: the graphs that state it, or that it was inferred, and where it is explained."""

    predicate: Reference
    object: Reference | str | int | float | bool
    language: NotRequired[str | None]
    inferred: bool
    graphs: list[str]
    explain: str


class StatementEditions(TypedDict):
    """Since when a statement stands in the data, and until when; terms are spelled as in N-Triples. `first` and `last` are the first and the last edition that are known to hold it, `gone` the first one after them that is known not to. `notes` say it in words, and what cannot be known."""

    dataset: str
    language: str
    statement: list[str]
    first: EditionReference | None
    last: EditionReference | None
    gone: EditionReference | None
    notes: list[str]
    history: list[EditionRun]


# How an actor stands to a proposition.
Status: TypeAlias = Literal[
    "agrees",
    "disagrees",
    "conditional, mixed or neutral",
    "differs between positions",
    "no position found",
    "coded, but not comparable",
    "not coded",
]

# An RDF term (SPARQL 1.1 Query Results JSON Format, section 3.2.2).
Term = TypedDict(
    "Term",
    {
        "type": Literal["uri", "literal", "bnode"],
        "value": "str",
        "datatype": "NotRequired[str | None]",
        "xml:lang": "NotRequired[str | None]",
    },
)


class Timeline(Answer):
    """Positions in chronological order, the partial and unverified ones left out unless all are wanted."""

    left_out: LeftOutCounts
    positions: list[DatedPosition]
