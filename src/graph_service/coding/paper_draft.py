"""The draft of one coder on one paper: passages with what they say, proposed, accepted or rejected.

The codes of a draft are the columns of a coding sheet (`importing.sheet_columns.CLAIMS`, docs/importing.md): a draft
can hold what a sheet can hold, and the other way round. A draft is never in the published graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from graph_service.reading import passages
from graph_service.reading.paper import Paper, Record
from graph_service.reading.passages import Ranges

# Columns of the table `claims` that a coder decides; the others follow from place, paper and coder.
CODES = (
    "actor", "proposition", "nearest_proposition", "issue", "agreement", "fit", "stance", "kind", "strength",
    "target_group", "addressee", "instrument", "paraphrase_de", "paraphrase_en", "source_kind", "caution", "note",
    "replaces",
)  # fmt: skip
# Those that may hold several values, divided by `;` in a sheet.
SEVERAL = frozenset({"actor", "issue", "target_group", "addressee", "instrument", "caution", "replaces"})
AGREEMENTS = frozenset({"1", "0", "-1"})


class Status(StrEnum):
    """What a coder made of a passage."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Resemblance(Record):
    """A coded passage that a suggestion rests on.

    Attributes:
        position: short name of the position that was coded.
        document: short name of its document.
        text: its words if the text is at hand, else its paraphrase.
        score: cosine similarity, 0 to 1.
    """

    position: str
    document: str
    text: str
    score: float


class Suggestion(Record):
    """A code that the passage may have: a proposition or a concept by short name, its score (0 to 1), and why."""

    code: str
    score: float
    resembles: tuple[Resemblance, ...] = ()


class Coding(Record):
    """What one coder had where several coded the same paper.

    Attributes:
        coder: short name.
        position: id in the coder's draft; empty if the coder has no such position.
        ranges: of the passage that the coder marked.
        codes: as of `DraftPosition`.
    """

    coder: str
    position: str = ""
    ranges: Ranges = ()
    codes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class DraftPosition(Record):
    """A passage and what it says.

    Attributes:
        id: within the draft, such as `p12`; never used again.
        ranges: in the order in which they are read.
        sha256: digest of the passage.
        codes: values by column of the coding sheet, see `CODES`; several values only where `SEVERAL` allows them.
            Concepts, actors and propositions by short name. `agreement` is "1", "0" or "-1".
        status: whether a coder has accepted or rejected it.
        reason: why it was rejected, or how differing codes were settled.
        origin: who proposed it: `rules`, `coder`, `model`, or the program that it came from, such as `refi-qda`.
        run: the run that proposed it (`Run.id`), empty for a coder.
        suggestions: by column, the best first.
        codings: of a settled position (`coding.settling`), what each coder had when it was put together.
        revision: counts the changes of this position, from 1.
    """

    id: str
    ranges: Ranges
    sha256: str
    codes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    status: Status = Status.PROPOSED
    reason: str = ""
    origin: str = "coder"
    run: str = ""
    suggestions: dict[str, tuple[Suggestion, ...]] = Field(default_factory=dict)
    codings: tuple[Coding, ...] = ()
    revision: int = 1

    def code(self, column: str) -> str:
        """The first value of a column, empty if there is none."""
        return next(iter(self.codes.get(column, ())), "")


class Run(Record):
    """One run of a program that proposed passages.

    Attributes:
        id: within the draft, such as `run-1`.
        program: name and version.
        time: when it ended, ISO 8601 in UTC.
        details: what else is needed to tell runs apart: model, digest of the prompt, counts of what was dropped.
    """

    id: str
    program: str
    time: str
    details: dict[str, str] = Field(default_factory=dict)


class PaperDraft(Record):
    """What one coder has on one paper.

    Attributes:
        paper: short name of the paper.
        text_sha256: digest of the text that all ranges count in.
        coder: short name of the coder, such as `coder-1`; never the name of a person.
        document: values by column of the table `documents` of a coding sheet.
        tables: rows of further tables of a coding sheet that the draft brings along, such as `propositions`.
        positions: in the order of the text.
        runs: of programs that proposed passages.
        retired: digests of the passages of positions that are no longer there, by id: it is used for none other.
        revision: counts the changes of the draft, from 1.
    """

    paper: str
    text_sha256: str
    coder: str
    document: dict[str, str] = Field(default_factory=dict)
    tables: dict[str, tuple[dict[str, str], ...]] = Field(default_factory=dict)
    positions: tuple[DraftPosition, ...] = ()
    runs: tuple[Run, ...] = ()
    retired: dict[str, str] = Field(default_factory=dict)
    revision: int = 1

    def position(self, name: str) -> DraftPosition | None:
        """The position of this id."""
        return next((position for position in self.positions if position.id == name), None)

    def with_positions(self, positions: Iterable[DraftPosition]) -> PaperDraft:
        """The same draft with these positions instead, in the order of the text."""
        ordered = sorted(positions, key=lambda position: (position.ranges, position.id))
        return self.model_copy(update={"positions": tuple(ordered)})

    def next_id(self) -> str:
        """An id that no position of the draft has or had."""
        names = (*(position.id for position in self.positions), *self.retired)
        return f"p{max((int(name[1:]) for name in names), default=0) + 1}"

    def after(self, before: PaperDraft) -> PaperDraft:
        """The same draft as the next revision of another, with the ids that it does not use any more."""
        there = {position.id for position in self.positions}
        retired = before.retired | {position.id: position.sha256 for position in before.positions}
        kept = {name: sha256 for name, sha256 in retired.items() if name not in there}
        return self.model_copy(update={"retired": kept, "revision": before.revision + 1})


def empty(paper: Paper, coder: str) -> PaperDraft:
    """A draft without positions."""
    return PaperDraft(paper=paper.name, text_sha256=paper.sha256, coder=coder)


def passage(paper: Paper, ranges: Ranges, name: str, origin: str = "coder") -> DraftPosition:
    """A position at these ranges, with the digest of its passage and no codes."""
    return DraftPosition(id=name, ranges=ranges, sha256=passages.digest(paper.cut(ranges)), origin=origin)
