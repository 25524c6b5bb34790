"""Puts proposals into a draft: what a coder has decided stays, what nobody has touched is made anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from graph_service.coding import paper_draft
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Run, Status
from graph_service.drafting.proposing import Proposal
from graph_service.reading.paper import Paper

ORIGIN = "rules"


def is_untouched(position: DraftPosition) -> bool:
    """Whether a position is as the rules proposed it."""
    return position.origin == ORIGIN and position.status is Status.PROPOSED and position.revision == 1


def renew(draft: PaperDraft, paper: Paper, proposals: Sequence[Proposal], program: str, **details: str) -> PaperDraft:
    """The draft with these proposals in place of earlier ones that nobody has touched.

    Proposals that overlap a position that somebody has touched are left out. Where nothing changes, the draft comes
    back as it was, without another run.

    Args:
        draft: as it is.
        paper: that it is of.
        proposals: in the order of the text.
        program: name and version of what proposed.
        details: what else tells runs apart.
    """
    kept = [position for position in draft.positions if not is_untouched(position)]
    before = {position.ranges: position for position in draft.positions if is_untouched(position)}
    number = int(draft.next_id()[1:]) - 1
    run = f"run-{len(draft.runs) + 1}"
    new = []
    for proposal in proposals:
        ranges = ((proposal.start, proposal.end),)
        if any(_overlaps(proposal, position) for position in kept):
            continue
        same = before.get(ranges)
        if same is None:
            number += 1
        proposed = paper_draft.passage(paper, ranges, same.id if same else f"p{number}", ORIGIN).model_copy(
            update={"codes": _codes(draft), "suggestions": proposal.suggestions, "run": run}
        )
        new.append(same if same and proposed == same.model_copy(update={"run": run}) else proposed)
    if {position.id: position for position in new} == {position.id: position for position in before.values()}:
        return draft
    time = datetime.now(UTC).isoformat(timespec="seconds")
    ran = Run(id=run, program=program, time=time, details={**details, "proposed": str(len(new))})
    return draft.with_positions([*kept, *new]).model_copy(update={"runs": (*draft.runs, ran)})


def _overlaps(proposal: Proposal, position: DraftPosition) -> bool:
    return any(start < proposal.end and proposal.start < end for start, end in position.ranges)


def _codes(draft: PaperDraft) -> dict[str, tuple[str, ...]]:
    """Whoever speaks in the document speaks in its passages."""
    actors = _values(draft.document.get("actors", "").split(";"))
    return {"actor": actors} if actors else {}


def _values(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for cell in cells if (value := cell.strip()))
