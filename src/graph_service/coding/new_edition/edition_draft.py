"""The draft of a new edition, begun with the codes of the old one.

What stands, was moved or changed is proposed with the codes that it had; a change is shown beside the code that it puts
in question. What is gone or ambiguous has no place there and is listed with the run.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterator

from graph_service.coding import paper_draft
from graph_service.coding.draft_rows import claim_id
from graph_service.coding.new_edition.coded_passages import ComparedPassage, EditionComparison, Fate
from graph_service.coding.new_edition.word_differences import plain
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Resemblance, Run, Suggestion
from graph_service.version import __version__

ORIGIN = "edition"
# What holds of both editions, as long as nobody says otherwise.
_OF_BOTH = ("actors", "authors", "joint", "kind", "language", "source_kind")
_IN_QUESTION = ("proposition", "nearest_proposition", "issue", "stance")


def begin(
    comparison: EditionComparison, old: PaperDraft, before: PaperDraft, in_graph: Container[str], *, document: bool
) -> PaperDraft:
    """The draft of the new edition with what was found of the old one added.

    Args:
        comparison: of the two editions.
        old: the draft whose positions were compared.
        before: the draft of the new edition; positions that it has already are left alone.
        in_graph: ids of the positions that the graph knows; those get a successor.
        document: whether the graph knows the old edition.
    """
    run = Run(
        id=f"run-{len(before.runs) + 1}",
        program=f"graph-service paper compare {__version__}",
        time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        details=dict(_details(comparison, old)),
    )
    facts = {column: old.document[column] for column in _OF_BOTH if old.document.get(column)}
    facts |= {"replaces": old.paper} if document else {}
    after = before.model_copy(
        update={
            "document": facts | before.document,
            "tables": before.tables if document or before.tables else old.tables,
        }
    )
    there = {(one.ranges, one.code("proposition")) for one in before.positions}
    for passage in comparison.passages:
        if passage.ranges and (passage.ranges, passage.position.code("proposition")) not in there:
            position = _carried(comparison, passage, old, in_graph)
            position = position.model_copy(update={"id": after.next_id(), "run": run.id})
            after = after.with_positions([*after.positions, position])
    if len(after.positions) > len(before.positions):
        after = after.model_copy(update={"runs": (*before.runs, run)})
    return after


def _carried(
    comparison: EditionComparison, passage: ComparedPassage, old: PaperDraft, in_graph: Container[str]
) -> DraftPosition:
    """A position at its place in the new edition, with the codes of the old one."""
    name = claim_id(old, passage.position)
    codes = {column: values for column, values in passage.position.codes.items() if column != "replaces"}
    codes |= {"replaces": (name,)} if name in in_graph else {}
    position = paper_draft.passage(comparison.new, passage.ranges, "", ORIGIN)
    suggestions = {}
    column = next((column for column in _IN_QUESTION if codes.get(column)), "")
    if passage.differences and column:
        shown = Resemblance(
            position=name, document=old.paper, text=plain(passage.differences), score=passage.similarity
        )
        suggestions[column] = (Suggestion(code=codes[column][0], score=passage.similarity, resembles=(shown,)),)
    return position.model_copy(update={"codes": codes, "suggestions": suggestions})


def _details(comparison: EditionComparison, old: PaperDraft) -> Iterator[tuple[str, str]]:
    """Which draft the codes are from, how many passages were found, and which were not."""
    yield "paper", old.paper
    yield "coder", old.coder
    for fate in Fate:
        found = comparison.of(fate)
        named = "; ".join(one.position.id for one in found)
        yield fate.value, named if fate in (Fate.GONE, Fate.AMBIGUOUS) else str(len(found))
