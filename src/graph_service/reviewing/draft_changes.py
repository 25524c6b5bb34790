"""Changes that the page makes to a draft: each says what it was made from, and repeating one does nothing.

A position is changed from the revision that the page knows, a fact on the document from the value that stood there. A
change that is made already is `AlreadyMade`: a page that got no answer may send it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from graph_service.coding import paper_draft
from graph_service.coding.paper_draft import AGREEMENTS, CODES, SEVERAL, DraftPosition, PaperDraft, Status
from graph_service.errors import GraphServiceError, ParameterError
from graph_service.rdf.xml_documents import illegal_character
from graph_service.reading import passages
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges

_RANGES, _VALUES, _LONGEST = 50, 50, 5000


class Conflict(GraphServiceError):
    """Another window or program has changed the same thing since the page read it."""


class AlreadyMade(GraphServiceError):
    """The draft is as the change would make it."""


def _writable(text: str) -> str:
    if character := illegal_character(text):
        raise ValueError(f"{character} is no character of a text; half of an emoji is one such")
    return text


Text = Annotated[str, AfterValidator(_writable)]
"""What the page may write: characters that UTF-8 and XML 1.0 (section 2.2) have."""


class PositionChange(BaseModel):
    """A position as the page wants it, and the revision that it was changed from: 0 for a new one."""

    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=0)
    ranges: Ranges = Field(min_length=1, max_length=_RANGES)
    codes: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    status: Status = Status.PROPOSED
    reason: Text = Field("", max_length=_LONGEST)


class FactChange(BaseModel):
    """What a fact on the document was, and what it is to be; empty for none."""

    model_config = ConfigDict(extra="forbid")

    before: str = Field("", max_length=_LONGEST)
    after: Text = Field("", max_length=_LONGEST)


def put(draft: PaperDraft, paper: Paper, name: str, change: PositionChange) -> PaperDraft:
    """The draft with a position as the page wants it.

    Raises:
        ParameterError: ranges or codes cannot be.
        AlreadyMade: the position is like that already.
        Conflict: it has another revision, or is not there.
    """
    before = draft.position(name)
    if before is None or before.ranges != change.ranges:
        _check_ranges(paper, change.ranges)
    _check_codes(change)
    if before is not None and _is_made(before, change):
        raise AlreadyMade("The position is like that already.")
    if (before.revision if before else 0) != change.revision:
        raise Conflict(f"Position {name} was changed elsewhere.", hint="Choose which of the two holds.")
    position = before or DraftPosition(id=name, ranges=change.ranges, sha256="")
    moved = position.sha256 != (digest := passages.digest(paper.cut(change.ranges)))
    after = position.model_copy(
        update={
            "ranges": change.ranges,
            "sha256": digest,
            "codes": _filled(change),
            "status": change.status,
            "reason": change.reason,
            # Suggestions are for the words of a passage.
            "suggestions": {} if moved else position.suggestions,
            "revision": change.revision + 1,
        }
    )
    return draft.with_positions((*(other for other in draft.positions if other.id != name), after))


def remove(draft: PaperDraft, name: str, revision: int) -> PaperDraft:
    """The draft without a position: the page takes its making back.

    Raises:
        AlreadyMade: it is not there.
        Conflict: it has another revision.
        ParameterError: a program proposed it.
    """
    before = draft.position(name)
    if before is None:
        raise AlreadyMade(f"There is no position {name}.")
    if before.revision != revision:
        raise Conflict(f"Position {name} was changed elsewhere.", hint="Choose which of the two holds.")
    if before.origin != "coder":
        raise ParameterError(f"Position {name} was proposed by {before.origin}.", hint="Reject it with a reason.")
    return draft.with_positions(other for other in draft.positions if other.id != name)


def set_facts(draft: PaperDraft, changes: Mapping[str, FactChange]) -> PaperDraft:
    """The draft with other facts on its document.

    Raises:
        AlreadyMade: they stand there already.
        Conflict: one is neither what it was nor what it is to be.
    """
    facts = dict(draft.document)
    for column, change in changes.items():
        if facts.get(column, "") not in (change.before, change.after):
            raise Conflict("The facts on the document were changed elsewhere.", hint="Choose which of the two hold.")
        facts[column] = change.after
    kept = {column: value for column, value in facts.items() if value}
    if kept == draft.document:
        raise AlreadyMade("The facts are like that already.")
    return draft.model_copy(update={"document": kept})


def add_row(draft: PaperDraft, table: str, row: Mapping[str, str]) -> PaperDraft:
    """The draft with a further row of a table.

    Raises:
        AlreadyMade: the row is there.
        Conflict: another row has its id.
    """
    rows = draft.tables.get(table, ())
    for other in rows:
        if other == row:
            raise AlreadyMade("The row is there already.")
        if (other.get("scheme"), other.get("id")) == (row.get("scheme"), row.get("id")):
            raise Conflict(f"The draft has another {row['id']}.", hint="Give it another name.")
    return draft.model_copy(update={"tables": {**draft.tables, table: (*rows, dict(row))}})


def remove_row(draft: PaperDraft, table: str, name: str) -> PaperDraft:
    """The draft without a row that no position names.

    Raises:
        AlreadyMade: the row is not there.
        ParameterError: a position names it.
    """
    rows = draft.tables.get(table, ())
    kept = tuple(row for row in rows if row.get("id") != name)
    if len(kept) == len(rows):
        raise AlreadyMade(f"There is no row {name}.")
    if user := next((p.id for p in draft.positions if any(name in values for values in p.codes.values())), ""):
        raise ParameterError(f"Position {user} names {name}.", hint="Change that position first.")
    return draft.model_copy(update={"tables": {**draft.tables, table: kept}})


def _is_made(position: DraftPosition, change: PositionChange) -> bool:
    now = (position.ranges, position.codes, position.status, position.reason)
    return now == (change.ranges, _filled(change), change.status, change.reason)


def _filled(change: PositionChange) -> dict[str, tuple[str, ...]]:
    """Codes without empty values, in the order of the columns."""
    cleaned = {column: tuple(filter(str.strip, change.codes.get(column, ()))) for column in paper_draft.CODES}
    return {column: values for column, values in cleaned.items() if values}


def _check_ranges(paper: Paper, ranges: Ranges) -> None:
    last = -1
    for start, end in ranges:
        if not 0 <= start < end <= len(paper.text):
            raise ParameterError(
                f"{start} to {end} is no range of the text.", hint=f"It has {len(paper.text)} characters."
            )
        if start < last:
            raise ParameterError("The ranges of a passage overlap or stand out of order.", hint="Sort them.")
        last = end


def _check_codes(change: PositionChange) -> None:
    for column, values in change.codes.items():
        if column not in CODES:
            raise ParameterError(f"{column} is no code.", hint=f"Codes: {', '.join(CODES)}.")
        if len(values) > (_VALUES if column in SEVERAL else 1):
            raise ParameterError(f"{column} holds too many values.", hint="Leave some out.")
        if any(len(value) > _LONGEST for value in values):
            raise ParameterError(f"{column} is too long.", hint=f"At most {_LONGEST} characters.")
    if not AGREEMENTS.issuperset(change.codes.get("agreement", ())):
        raise ParameterError("The agreement is none.", hint="It is 1, 0 or -1.")
