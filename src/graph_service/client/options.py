"""What methods take: filters, order, language.

Made from the OpenAPI document by `make client-types`; a test compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias, TypedDict, TypeVar

One = TypeVar("One")
Many: TypeAlias = One | Sequence[One]
Day: TypeAlias = date | str


class LanguageOptions(TypedDict, total=False):
    """Of `/api/explain` and its like."""

    lang: str


class SearchOptions(LanguageOptions, total=False):
    """Of `/api/search`."""

    kind: Literal[
        "actors", "bodies", "documents", "instruments", "issues", "positions", "propositions", "relations", "votes"
    ]
    limit: int


class ListOptions(LanguageOptions, total=False):
    """Of `/api/actors` and its like."""

    q: str
    sort: Literal["text", "-text", "agreement", "-agreement", "date", "-date"]
    facets: Many[
        Literal[
            "holder",
            "holder_kind",
            "kind",
            "verb",
            "agreement",
            "strength",
            "proposition",
            "issue",
            "direct_issue",
            "group",
            "addressee",
            "document",
            "source_kind",
            "fit",
            "verification",
            "caution",
        ]
    ]
    count: bool
    limit: int


class ActorsOptions(ListOptions, total=False):
    """Of `/api/actors`."""

    form: Many[str]
    kind: Many[str]
    level: Many[str]
    member_of: Many[str]
    part_of: Many[str]
    takes_part_in: Many[str]
    issue: Many[str]
    identifier: Many[str]


class BodiesOptions(ListOptions, total=False):
    """Of `/api/bodies`."""

    kind: Many[str]
    level: Many[str]
    part_of: Many[str]
    convened_by: Many[str]
    has_place: Many[str]
    represented: Many[str]


class DocumentsOptions(ListOptions, total=False):
    """Of `/api/documents`."""

    kind: Many[str]
    source_kind: Many[str]
    author: Many[str]
    adopted_by: Many[str]
    since: Day
    until: Day
    text_language: Many[str]
    looked_for: Many[str]
    found_nothing_on: Many[str]
    legislature: Many[str]
    coverage: Many[str]
    caution: Many[str]
    issued_with: Many[str]
    reports_on: Many[str]
    identifier: Many[str]


class InstrumentsOptions(ListOptions, total=False):
    """Of `/api/instruments`."""

    kind: Many[str]
    issued_since: Day
    issued_until: Day
    holder: Many[str]


class IssuesOptions(ListOptions, total=False):
    """Of `/api/issues`."""

    broader: Many[str]
    narrower: Many[str]
    holder: Many[str]
    proposition: Many[str]


class PositionsOptions(ListOptions, total=False):
    """Of `/api/positions`."""

    holder: Many[str]
    holder_kind: Many[str]
    kind: Many[str]
    verb: Many[str]
    agreement: Many[Literal[1, 0, -1]]
    strength: Many[str]
    proposition: Many[str]
    issue: Many[str]
    direct_issue: Many[str]
    group: Many[str]
    addressee: Many[str]
    instrument: Many[str]
    document: Many[str]
    since: Day
    until: Day
    source_kind: Many[str]
    fit: Many[str]
    verification: Many[str]
    caution: Many[str]
    comparable: Many[str]


class PropositionsOptions(ListOptions, total=False):
    """Of `/api/propositions`."""

    issue: Many[str]
    holder: Many[str]
    identifier: Many[str]


class RelationsOptions(ListOptions, total=False):
    """Of `/api/relations`."""

    kind: Many[str]
    of: Many[str]
    to: Many[str]
    on_behalf_of: Many[str]
    document: Many[str]


class VotesOptions(ListOptions, total=False):
    """Of `/api/votes`."""

    roll_call: Many[str]
    since: Day
    until: Day
    legislature: Many[str]
    group: Many[str]
    proposition: Many[str]
    form: Many[str]


class ComparisonOptions(LanguageOptions, total=False):
    """Of `/api/compare` and its like."""

    proposition: Many[str]
    issue: Many[str]
    source_kind: Many[str]
    since: Day
    until: Day
    all: bool


class MatrixOptions(ComparisonOptions, total=False):
    """Of `/api/matrix` and `/api/timeline`."""

    actor: Many[str]


class CoverageOptions(LanguageOptions, total=False):
    """Of `/api/coverage`."""

    document: Many[str]
    actor: Many[str]
    issue: Many[str]


class EditsOptions(LanguageOptions, total=False):
    """Of `/api/edits`."""

    editor: Many[str]
    file: Many[str]
    since: Day
    until: Day


class EdgeOptions(LanguageOptions, total=False):
    """Of `/api/networks/actors` and its like."""

    measure: Literal["ignore", "congruence", "conflict", "subtract", "combine"]
    normalisation: Literal["no", "average", "cosine", "jaccard", "activity", "prominence"]
    duplicates: Literal["include", "document", "week", "month", "year", "range"]
    isolates: Literal["drop", "keep", "all"]
    minimum: float
    limit: int
    since: Day
    until: Day
    actor: Many[str]
    actor_kind: Many[str]
    proposition: Many[str]
    issue: Many[str]
    document: Many[str]
    source_kind: Many[str]
    own: bool
    all: bool


class NetworkOptions(EdgeOptions, total=False):
    """Of `/api/networks/actors` and its like."""

    figures: Many[Literal["kind", "statements", "degree", "strength", "community", "pagerank", "betweenness"]]
    window: int
    unit: Literal["days", "weeks", "months", "years"]
    step: int
    to: Literal["proposition", "body", "document", "issue"]
    mode: Literal["two-mode", "actors", "concepts"]


class ReasonsOptions(EdgeOptions, total=False):
    """Of `/api/networks/actors/edges/{a}/{b}` and its like."""

    to: Literal["proposition", "body", "document", "issue"]
    mode: Literal["two-mode", "actors", "concepts"]
