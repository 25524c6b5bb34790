"""Bringing highlights into a draft: new positions are proposed, known ones changed, nothing is removed or accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph_service.coding.exchange.anchoring import Anchor, Anchoring, NotAnchored
from graph_service.coding.exchange.highlights import Highlight, divided
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status
from graph_service.reading import passages
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges

_NAMED = 20


@dataclass
class Merged:
    """What became of the highlights of a file.

    Attributes:
        moved: those whose position was not right and whose words were found elsewhere.
        refused: those that have no place beyond doubt, with the reason.
        unknown: codes that the graph does not have, and how often; they stand in the notes of the positions.
        remarks: what the curator should look at.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    not_in_file: int = 0
    moved: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.added} new, {self.changed} changed, {self.unchanged} unchanged, {len(self.refused)} refused"
        if self.not_in_file:
            yield f"{self.not_in_file} positions of the draft are not in the file; they stay as they are."
        yield from _listed("found at another place", self.moved)
        yield from _listed("refused", self.refused)
        yield from _listed("not a code of the graph, now in the note", [f"{n} ({c})" for n, c in self.unknown.items()])
        yield from _listed("look at", self.remarks)


def merge(draft: PaperDraft, paper: Paper, highlights: Iterable[Highlight], origin: str) -> tuple[PaperDraft, Merged]:
    """The draft with the highlights, and what became of them.

    Args:
        draft: of the coder whose highlights they are.
        paper: the paper of the draft.
        highlights: of one user.
        origin: where they come from, such as `refi-qda`.
    """
    anchoring, report = Anchoring(paper.text), Merged()
    standing = _Standing(draft)
    for highlight in highlights:
        try:
            anchor = anchoring.anchor(highlight)
        except NotAnchored as error:
            report.refused.append(f"{highlight.name}: {error}")
            continue
        report.unknown.update(highlight.unknown)
        if highlight.remark:
            report.remarks.append(f"{highlight.name}: {highlight.remark}")
        for part in divided(highlight):
            _place(standing, paper, part, anchor, origin, report)
    report.not_in_file = standing.untouched()
    return draft.with_positions(standing.positions()), report


def _place(
    standing: _Standing, paper: Paper, highlight: Highlight, anchor: Anchor, origin: str, report: Merged
) -> None:
    before = standing.take(highlight, anchor.ranges)
    if before is None:
        name = standing.new_id()
        digest = passages.digest(paper.cut(anchor.ranges))
        fresh = DraftPosition(id=name, ranges=anchor.ranges, sha256=digest, origin=origin)
        after = _coded(fresh, highlight)
        report.added += 1
    else:
        digest = passages.digest(paper.cut(anchor.ranges))
        after = _coded(before.model_copy(update={"ranges": anchor.ranges, "sha256": digest}), highlight)
        if after == before:
            report.unchanged += 1
        else:
            open_again = {} if after.status is Status.REJECTED else {"status": Status.PROPOSED}
            changes = {"origin": origin, "run": "", "revision": before.revision + 1} | open_again
            after = after.model_copy(update=changes)
            report.changed += 1
    standing.put(after)
    if not anchor.exact:
        changed = f", {anchor.errors} letters differ" if anchor.errors else ""
        report.moved.append(f"{highlight.name}: now {after.id}{changed}")


def _coded(position: DraftPosition, highlight: Highlight) -> DraftPosition:
    """The position with the codes of a highlight; codes that the graph does not have go to its note."""
    kept = {column: values for column, values in position.codes.items() if column not in highlight.answers}
    codes = {**kept, **highlight.codes}
    if highlight.unknown:
        note = "; ".join(codes.get("note", ()))
        missing = [name for name in highlight.unknown if name not in note]
        codes["note"] = ("; ".join([note, *missing] if note else missing),) if missing else codes["note"]
    changes: dict[str, object] = {"codes": codes}
    if highlight.rejected:
        changes |= {"status": Status.REJECTED, "reason": highlight.rejected}
    return position.model_copy(update=changes)


class _Standing:
    """The positions of a draft while highlights come in; each is taken by one highlight at most."""

    def __init__(self, draft: PaperDraft) -> None:
        self._positions = {position.id: position for position in draft.positions}
        self._free = dict.fromkeys(self._positions)
        self._next = int(draft.next_id()[1:])
        self._at: dict[Ranges, list[str]] = {}
        for position in draft.positions:
            self._at.setdefault(position.ranges, []).append(position.id)

    def take(self, highlight: Highlight, ranges: Ranges) -> DraftPosition | None:
        """The position that a highlight is: by its id, else at the same place and not on another proposition."""
        candidates = [highlight.position, *self._at.get(ranges, ())]
        for name in candidates:
            if name not in self._free:
                continue
            position = self._positions[name]
            theirs, ours = highlight.codes.get("proposition"), position.codes.get("proposition")
            if name == highlight.position or not theirs or not ours or theirs == ours:
                del self._free[name]
                return position
        return None

    def new_id(self) -> str:
        self._next += 1
        return f"p{self._next - 1}"

    def put(self, position: DraftPosition) -> None:
        self._positions[position.id] = position

    def untouched(self) -> int:
        return len(self._free)

    def positions(self) -> Iterable[DraftPosition]:
        return self._positions.values()


def _listed(what: str, names: list[str]) -> Iterator[str]:
    yield from (f"{what}: {name}" for name in names[:_NAMED])
    if len(names) > _NAMED:
        yield f"{what}: {len(names) - _NAMED} more"
