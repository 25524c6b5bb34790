"""Highlights: what every format of another program comes down to, before any of it is believed.

A highlight says where it is by a quotation and, if the program counts as we do, by a position. `anchoring` finds the
place in the paper, `merging` brings it into a draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.paper_draft import CODES, SEVERAL
from graph_service.errors import Location, SourceError

MOST_HIGHLIGHTS = 20_000
MOST_PLACES = 50_000
# Columns that a name alone may stand for, where a program does not say which column it means.
_GUESSED = ("proposition", "target_group", "issue", "stance", "kind", "strength")
Codes = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class QuotedPlace:
    """Where a part of a highlight is.

    Attributes:
        quotation: its words in the normalised form of the file's text.
        position: of its first character, in code points; None if the file does not say or counts in another text.
        prefix, suffix: what stands before and after it, as far as the file says.
    """

    quotation: str
    position: int | None = None
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Highlight:
    """A passage that another program marked.

    Attributes:
        name: what it is called in messages.
        places: its parts, in the order in which they are read.
        codes: by column.
        unknown: codes of the other program that the graph does not have.
        user: who marked it, empty if the file does not say.
        position: id of the draft's position that it came from, empty for a new one.
        answers: columns that the file has decided on: what it does not give there is empty.
        rejected: why a coder rejected it; empty if nobody did.
        remark: what the curator should look at.
    """

    name: str
    places: tuple[QuotedPlace, ...]
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    user: str = ""
    position: str = ""
    answers: frozenset[str] = frozenset()
    rejected: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Received:
    """What a file holds: its highlights, and what could not be read, a sentence each."""

    highlights: tuple[Highlight, ...]
    unread: tuple[str, ...] = ()


def of_user(highlights: Sequence[Highlight], user: str, path: Path) -> list[Highlight]:
    """The highlights of one user.

    Raises:
        SourceError: the file has several users and none is named, or nothing of the one that is.
    """
    users = sorted({highlight.user for highlight in highlights})
    if not user and len(users) < 2:
        return list(highlights)
    named = ", ".join(name or "(no name)" for name in users) or "none"
    if not user:
        hint = f"Name one with --user: {named}."
        raise SourceError("holds the work of several users.", where=Location(path), hint=hint)
    found = [highlight for highlight in highlights if highlight.user == user]
    if not found:
        raise SourceError(f"holds nothing of {user}.", where=Location(path), hint=f"Its users: {named}.")
    return found


class CodeReader:
    """Collects the codes of one highlight, whatever a program calls them."""

    def __init__(self, book: Codebook) -> None:
        self._book = book
        self._codes: dict[str, list[str]] = {}
        self._unknown: list[str] = []

    def add_tag(self, tag: str, column: str = "") -> None:
        """A code as text: `column: value` as we write it, a code of a named column, or a name alone."""
        stated, colon, value = tag.partition(": ")
        if colon and stated in CODES:
            column, tag = stated, value
        if column in LISTS:
            self.add(column, self._book.find(column, tag) or tag.strip())
            return
        found = ((name, self._book.find(name, tag)) for name in _GUESSED)
        name, value = next((pair for pair in found if pair[1]), ("", ""))
        if value:
            self.add(name, value)
        elif tag.strip():
            self._unknown.append(tag.strip())

    def add(self, column: str, value: str) -> None:
        """A value of a column."""
        values = self._codes.setdefault(column, [])
        if value and value not in values:
            values.append(value)

    def result(self) -> tuple[Codes, tuple[str, ...]]:
        """The codes by column in the order of the sheet, and what is no code of the graph."""
        return {c: tuple(self._codes[c]) for c in CODES if self._codes.get(c)}, tuple(dict.fromkeys(self._unknown))


def divided(highlight: Highlight) -> Iterator[Highlight]:
    """One highlight for each proposition: two claims on one passage are two positions.

    Of other columns that take one value only, several are an open question: they go to what is unknown.
    """
    codes, unknown = dict(highlight.codes), list(highlight.unknown)
    propositions = codes.pop("proposition", ())
    for column, values in list(codes.items()):
        if column not in SEVERAL and len(values) > 1:
            unknown += [f"{column}: {value}" for value in codes.pop(column)]
    for proposition in propositions or ("",):
        own = {"proposition": (proposition,)} | codes if proposition else codes
        yield Highlight(**{**vars(highlight), "codes": own, "unknown": tuple(unknown)})


def bounded(highlights: Iterable[Highlight], path: Path) -> tuple[Highlight, ...]:
    """All highlights of a file.

    Raises:
        SourceError: there are too many, or they have too many parts.
    """
    found = tuple(islice(highlights, MOST_HIGHLIGHTS + 1))
    if len(found) > MOST_HIGHLIGHTS or sum(len(highlight.places) for highlight in found) > MOST_PLACES:
        message = f"has more than {MOST_HIGHLIGHTS} highlights or {MOST_PLACES} parts of them."
        raise SourceError(message, where=Location(path), hint="Export one paper alone.")
    return found
