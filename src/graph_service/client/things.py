"""The things of the graph, as typed dictionaries.

Made from the OpenAPI document by `make client-types`; a test compares them.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from graph_service.client.models import Answer, OtherLanguages, Page, Reference, Statement


class Actor(TypedDict):
    """Organisations, bodies and groups that hold positions, are addressed by them or relate to other actors."""

    id: str
    slug: str
    label: str | None
    form: list[Reference]
    kind: list[Reference]
    level: list[Reference]
    member_of: list[Reference]
    part_of: list[Reference]
    takes_part_in: list[Reference]
    succeeded_by: list[Reference]
    issue: list[Reference]
    identifier: list[str]
    note: str | None
    other_languages: NotRequired[OtherLanguages | None]


class ActorDetails(Actor, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class ActorList(Page):
    """A page of the list: Actors."""

    items: list[Actor]


class Body(TypedDict):
    """Boards, committees, advisory boards, working groups, networks and talks, with who has a place in them, through parts as well."""

    id: str
    slug: str
    label: str | None
    kind: list[Reference]
    level: list[Reference]
    part_of: list[Reference]
    convened_by: list[Reference]
    has_place: list[Reference]
    represented: list[Reference]
    advises: list[Reference]
    note: str | None
    other_languages: NotRequired[OtherLanguages | None]


class BodyDetails(Body, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class BodyList(Page):
    """A page of the list: Bodies."""

    items: list[Body]


class Document(TypedDict):
    """Texts in which actors state positions or others attribute positions to them, with dates and what they were searched for."""

    id: str
    slug: str
    title: str | None
    kind: list[Reference]
    source_kind: list[Reference]
    author: list[Reference]
    adopted_by: list[Reference]
    adopted: str | None
    reviewed: str | None
    date: str | None
    latest: str | None
    date_as_given: str | None
    text_language: list[str]
    looked_for: list[Reference]
    found_nothing_on: list[Reference]
    legislature: str | None
    coverage: list[Reference]
    caution: list[Reference]
    issued_with: list[Reference]
    reports_on: list[Reference]
    url: list[str]
    source: list[str]
    identifier: list[str]
    note: str | None
    other_languages: NotRequired[OtherLanguages | None]


class DocumentDetails(Document, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class DocumentList(Page):
    """A page of the list: Documents."""

    items: list[Document]


class Instrument(TypedDict):
    """Acts and plans for acts, professional standards, programmes and legal statuses that positions cite, with who cites them."""

    id: str
    slug: str
    label: str | None
    kind: list[Reference]
    issued: str | None
    holder: list[Reference]
    advised_by: list[Reference]
    source: list[str]
    note: str | None
    other_languages: NotRequired[OtherLanguages | None]


class InstrumentDetails(Instrument, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class InstrumentList(Page):
    """A page of the list: Instruments."""

    items: list[Instrument]


class Issue(TypedDict):
    """Issues of migration policy with their place in the hierarchy, and who holds positions on them or on a narrower one."""

    id: str
    slug: str
    label: str | None
    definition: str | None
    broader: list[Reference]
    narrower: list[Reference]
    holder: list[Reference]
    proposition: list[Reference]
    other_languages: NotRequired[OtherLanguages | None]


class IssueDetails(Issue, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class IssueList(Page):
    """A page of the list: Issues."""

    items: list[Issue]


class Position(TypedDict):
    """What actors say in a passage, with agreement, speech act, strength, addressees, target groups and how well it was checked."""

    id: str
    slug: str
    text: str | None
    holder: list[Reference]
    holder_kind: list[Reference]
    kind: list[Reference]
    verb: Reference | None
    agreement: int | None
    strength: Reference | None
    proposition: Reference | None
    issue: list[Reference]
    direct_issue: list[Reference]
    group: list[Reference]
    addressee: list[Reference]
    instrument: list[Reference]
    document: list[Reference]
    date: str | None
    latest: str | None
    date_as_given: str | None
    source_kind: Reference | None
    passage: list[Reference]
    fit: Reference | None
    verification: Reference | None
    caution: list[Reference]
    comparable: Reference | None
    note: str | None
    other_languages: NotRequired[OtherLanguages | None]


class PositionDetails(Position, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class PositionList(Page):
    """A page of the list: Positions."""

    items: list[Position]


class Proposition(TypedDict):
    """Normalised claims that one can agree or disagree with, under their issues, with who takes a position on them."""

    id: str
    slug: str
    label: str | None
    issue: list[Reference]
    holder: list[Reference]
    identifier: list[str]
    note: str | None
    other_languages: NotRequired[OtherLanguages | None]


class PropositionDetails(Proposition, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class PropositionList(Page):
    """A page of the list: Propositions."""

    items: list[Proposition]


class Relation(TypedDict):
    """Stated relations between actors, each with its kind, the actors, dates and the passage or source."""

    id: str
    slug: str
    kind: list[Reference]
    of: list[Reference]
    to: list[Reference]
    on_behalf_of: list[Reference]
    valid_from: str | None
    valid_through: str | None
    passage: list[Reference]
    document: list[Reference]
    source: list[str]
    note: str | None
    other_languages: NotRequired[OtherLanguages | None]


class RelationDetails(Relation, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class RelationList(Page):
    """A page of the list: Relations."""

    items: list[Relation]


class Vote(TypedDict):
    """Totals of parliamentary groups in roll calls, with the proposition a roll call bears on and what a yes means."""

    id: str
    slug: str
    title: str | None
    roll_call: Reference | None
    date: str | None
    legislature: str | None
    group: Reference | None
    yes: int | None
    no: int | None
    abstentions: int | None
    absences: int | None
    proposition: list[Reference]
    yes_means: list[int]
    form: list[Reference]
    other_languages: NotRequired[OtherLanguages | None]


class VoteDetails(Vote, Answer):
    """The same with every statement about it."""

    statements: list[Statement]


class VoteList(Page):
    """A page of the list: Votes."""

    items: list[Vote]
