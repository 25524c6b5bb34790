"""The codings of several coders settled: a draft of the coder `agreed`, reviewed like any other.

What all have alike is accepted. Each difference is proposed without a code, with the codes of each coder beside it, and
is settled with a reason. The draft keeps who had which code, so that later changes of the codings do not change it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from graph_service.coding import intercoder, matching
from graph_service.coding.intercoder import COMPARED
from graph_service.coding.matching import Match
from graph_service.coding.paper_draft import (
    SEVERAL,
    DraftPosition,
    PaperDraft,
    Resemblance,
    Run,
    Status,
    Suggestion,
)
from graph_service.importing.columns import CODES as CODES_OF
from graph_service.reading.paper import Paper
from graph_service.version import __version__

AGREED = "agreed"
ORIGIN = "agreement"
# Beside the columns of the sheet: which passage each coder marked.
PASSAGE = "passage"


def settle(paper: Paper, drafts: Sequence[PaperDraft], before: PaperDraft) -> PaperDraft:
    """The settled draft: what stands in it already, and the positions of coders that it does not have yet.

    Args:
        paper: what was coded.
        drafts: of at least two coders.
        before: the draft of `agreed`, without positions at first.
    """
    there = {whose for position in before.positions for whose in _whose(position)}
    run = Run(
        id=f"run-{len(before.runs) + 1}",
        program=f"graph-service paper settle {__version__}",
        time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        details={"coders": "; ".join(draft.coder for draft in drafts)},
    )
    after = before.model_copy(update={"document": _document(before, drafts), "tables": _tables(before, drafts)})
    for match in matching.matches(drafts):
        if not any((coder, position.id) in there for coder, position in match.items()):
            name = after.next_id()
            after = after.with_positions([*after.positions, _settled(paper, match, len(drafts), name, run.id)])
    if len(after.positions) > len(before.positions):
        after = after.model_copy(update={"runs": (*before.runs, run)})
    return after


def differs(position: DraftPosition) -> bool:
    """Whether coders had something otherwise at a position of the settled draft."""
    shares = (one.score for column in position.suggestions.values() for one in column)
    return position.origin == ORIGIN and any(share < 1 for share in shares)


def unexplained(draft: PaperDraft) -> list[DraftPosition]:
    """Positions that were accepted or rejected over a difference, without a reason."""
    return [p for p in draft.positions if p.status is not Status.PROPOSED and differs(p) and not p.reason.strip()]


def coder_codes(position: DraftPosition) -> dict[str, str]:
    """What the table `claims` says of the coders of a position of the settled draft; nothing for other positions.

    Returns:
        `coder`, who had the position; `codes_NAME`, the agreement of each coder who was on the proposition that the
        position is on now; `resolved`, the reason.
    """
    if position.origin != ORIGIN:
        return {}
    on_it = set(_coders_of(position, "proposition", position.code("proposition")))
    agreements = {coder: one.code for one in position.suggestions.get("agreement", ()) for coder in _coders(one)}
    found = {"coder": "; ".join(sorted({coder for coder, _ in _whose(position)}))}
    found |= {f"{CODES_OF}{coder}": agreements[coder] for coder in sorted(on_it & agreements.keys())}
    return found | ({"resolved": position.reason} if position.reason else {})


def _settled(paper: Paper, match: Match, coders: int, name: str, run: str) -> DraftPosition:
    """One position as all coders have it."""
    widest = max(match.values(), key=lambda position: sum(end - start for start, end in position.ranges))
    alike = len(match) == coders and intercoder.same_passage(paper, match)
    alike = alike and not any(intercoder.differ(match, c) or not intercoder.comparable(match, c) for c in COMPARED)
    suggestions = {PASSAGE: _passages(paper, match, coders, alike=alike)}
    codes = {}
    for column in COMPARED:
        if found := _suggestions(paper, match, column, coders):
            suggestions[column] = found
        if shared := _shared(match, column):
            codes[column] = shared
    for column in ("paraphrase_de", "paraphrase_en", "note"):
        if text := next((one.codes[column] for one in match.values() if one.codes.get(column)), ()):
            codes[column] = text
    return DraftPosition(
        id=name,
        ranges=widest.ranges,
        sha256=widest.sha256,
        codes=codes,
        status=Status.ACCEPTED if alike else Status.PROPOSED,
        origin=ORIGIN,
        run=run,
        suggestions=suggestions,
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
        for value in intercoder.values(position, column):
            whose.setdefault(value, []).append(_resemblance(paper, coder, position))
    found = (Suggestion(code=v, score=len(who) / coders, resembles=tuple(who)) for v, who in whose.items())
    return tuple(sorted(found, key=lambda one: (-one.score, one.code)))


def _passages(paper: Paper, match: Match, coders: int, *, alike: bool) -> tuple[Suggestion, ...]:
    whose: dict[str, list[Resemblance]] = {}
    for coder, position in match.items():
        ranges = " ".join(f"{start}-{end}" for start, end in position.ranges)
        whose.setdefault(ranges, []).append(_resemblance(paper, coder, position))
    return tuple(
        Suggestion(code=ranges, score=1 if alike else len(who) / coders, resembles=tuple(who))
        for ranges, who in whose.items()
    )


def _resemblance(paper: Paper, coder: str, position: DraftPosition) -> Resemblance:
    return Resemblance(position=position.id, document=coder, text=paper.cut(position.ranges), score=1)


def _coders(suggestion: Suggestion) -> Iterator[str]:
    return (one.document for one in suggestion.resembles)


def _coders_of(position: DraftPosition, column: str, code: str) -> Iterator[str]:
    return (coder for one in position.suggestions.get(column, ()) if one.code == code for coder in _coders(one))


def _whose(position: DraftPosition) -> set[tuple[str, str]]:
    """Coder and name in the draft of each position that a settled one was made of."""
    return {(one.document, one.position) for found in position.suggestions.get(PASSAGE, ()) for one in found.resembles}


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
