"""The codings of several coders settled: a draft of the coder `agreed`, reviewed like any other.

What all have alike is accepted. Each difference is proposed without a code, with the codes of each coder beside it, and
is settled with a reason. The draft keeps who had which code, so that later changes of the codings do not change it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from graph_service.coding.coders import intercoder
from graph_service.coding.coders import same_positions as matching
from graph_service.coding.coders.intercoder import COMPARED, NOT_COMPARED
from graph_service.coding.coders.same_positions import Match
from graph_service.coding.paper_draft import (
    SEVERAL,
    Coding,
    DraftPosition,
    PaperDraft,
    Resemblance,
    Run,
    Status,
    Suggestion,
)
from graph_service.importing import sheet_columns
from graph_service.reading.paper import Paper
from graph_service.version import __version__

AGREED = "agreed"
ORIGIN = "agreement"


def settle(paper: Paper, drafts: Sequence[PaperDraft], before: PaperDraft) -> PaperDraft:
    """The settled draft: what stands in it already, and the positions of coders that it does not have yet.

    Args:
        paper: what was coded.
        drafts: of at least two coders.
        before: the draft of `agreed`, without positions at first.
    """
    there = {(one.coder, one.position) for position in before.positions for one in position.codings}
    run = Run(
        id=f"run-{len(before.runs) + 1}",
        program=f"graph-service paper settle {__version__}",
        time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        details={"coders": "; ".join(draft.coder for draft in drafts)},
    )
    after = before.model_copy(update={"document": _document(before, drafts), "tables": _tables(before, drafts)})
    for match in matching.matches(drafts):
        if not any((coder, position.id) in there for coder, position in match.items()):
            codings = tuple(_coding(draft.coder, match.get(draft.coder)) for draft in drafts)
            position = _settled(paper, match, codings).model_copy(update={"id": after.next_id(), "run": run.id})
            after = after.with_positions([*after.positions, position])
    if len(after.positions) > len(before.positions):
        after = after.model_copy(update={"runs": (*before.runs, run)})
    return after


def unexplained(paper: Paper, draft: PaperDraft) -> list[DraftPosition]:
    """Positions that were accepted or rejected over a difference, without a reason."""
    return [
        position
        for position in draft.positions
        if position.codings and position.status is not Status.PROPOSED and not position.reason.strip()
        if not _alike(paper, _match(position), len(position.codings))
    ]


def coder_codes(position: DraftPosition) -> dict[str, str]:
    """What the table `claims` says of the coders of a position of the settled draft; nothing for other positions.

    Returns:
        `coder`, who had the position; `codes_NAME`, the agreement of each coder who was on the proposition that the
        position is on now; `resolved`, the reason.
    """
    match = _match(position)
    if not match:
        return {}
    found = {"coder": "; ".join(match)}
    for coder, one in match.items():
        if one.code("agreement") and one.code("proposition") == position.code("proposition"):
            found[f"{sheet_columns.CODES}{coder}"] = one.code("agreement")
    return found | ({"resolved": position.reason} if position.reason else {})


def _coding(coder: str, position: DraftPosition | None) -> Coding:
    if position is None:
        return Coding(coder=coder)
    return Coding(coder=coder, position=position.id, ranges=position.ranges, codes=position.codes)


def _match(position: DraftPosition) -> Match:
    """What the coders of a settled position had, by coder."""
    return {
        one.coder: DraftPosition(id=one.position, ranges=one.ranges, sha256="", codes=one.codes)
        for one in position.codings
        if one.position
    }


def _alike(paper: Paper, match: Match, coders: int) -> bool:
    """Whether all coders have the position, with the same passage and the same codes."""
    different = any(intercoder.differ(match, c) or not intercoder.comparable(match, c) for c in COMPARED)
    return len(match) == coders and not different and intercoder.same_passage(paper, match)


def _settled(paper: Paper, match: Match, codings: tuple[Coding, ...]) -> DraftPosition:
    """One position as all coders have it."""
    widest = max(match.values(), key=lambda position: sum(end - start for start, end in position.ranges))
    codes = {column: shared for column in COMPARED if (shared := _shared(match, column))}
    for column in NOT_COMPARED:
        if text := next((one.codes[column] for one in match.values() if one.codes.get(column)), ()):
            codes[column] = text
    alike = _alike(paper, match, len(codings))
    suggestions = {column: _suggestions(paper, match, column, len(codings)) for column in COMPARED}
    return DraftPosition(
        id="",
        ranges=widest.ranges,
        sha256=widest.sha256,
        codes=codes,
        status=Status.ACCEPTED if alike else Status.PROPOSED,
        origin=ORIGIN,
        suggestions={column: found for column, found in suggestions.items() if any(one.score < 1 for one in found)},
        codings=codings,
    )


def _shared(match: Match, column: str) -> tuple[str, ...]:
    """The codes of a column that all coders have; of a column with one value, that value or nothing."""
    first, *others = (intercoder.values(one, column) for one in match.values())
    if not intercoder.comparable(match, column):
        return ()
    if column in SEVERAL:
        return tuple(value for value in first if all(value in other for other in others))
    return first if all(first == other for other in others) else ()


def _suggestions(paper: Paper, match: Match, column: str, coders: int) -> tuple[Suggestion, ...]:
    """Each code of a column with the share of the coders who have it, and whose it is."""
    whose: dict[str, list[Resemblance]] = {}
    for coder, position in match.items():
        text = paper.cut(position.ranges)
        for value in intercoder.values(position, column):
            whose.setdefault(value, []).append(Resemblance(position=position.id, document=coder, text=text, score=1))
    found = (Suggestion(code=v, score=len(who) / coders, resembles=tuple(who)) for v, who in whose.items())
    return tuple(sorted(found, key=lambda one: (-one.score, one.code)))


def _document(before: PaperDraft, drafts: Sequence[PaperDraft]) -> dict[str, str]:
    found: dict[str, str] = {}
    for draft in (*reversed(drafts), before):
        found |= {column: value for column, value in draft.document.items() if value}
    return found


def _tables(before: PaperDraft, drafts: Sequence[PaperDraft]) -> dict[str, tuple[dict[str, str], ...]]:
    """The rows of all, of rows with the same id the first."""
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for draft in (before, *drafts):
        for table, found in draft.tables.items():
            for row in found:
                rows.setdefault(table, {}).setdefault(row.get("id") or str(row), row)
    return {table: tuple(by_id.values()) for table, by_id in rows.items()}
