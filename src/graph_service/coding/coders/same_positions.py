"""Which positions of several coders are the same: by their passages, and by their codes where passages are alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status
from graph_service.errors import GraphServiceError
from graph_service.reading.passages import Ranges

Match = Mapping[str, DraftPosition]
"""One position as coders have it, by coder; those who do not have it are absent."""

# Two passages are one if they share at least half of what they cover together.
HALF = 0.5
# Positions of one coder on one paper; matching looks at each pair.
MOST_POSITIONS = 1000


def coded(draft: PaperDraft) -> list[DraftPosition]:
    """The positions that a coder has accepted, in the order of the text.

    Raises:
        GraphServiceError: there are more than `MOST_POSITIONS`.
    """
    found = [position for position in draft.positions if position.status is Status.ACCEPTED]
    if len(found) > MOST_POSITIONS:
        problem = f"{draft.coder} has {len(found)} positions on {draft.paper}; {MOST_POSITIONS} can be compared."
        raise GraphServiceError(problem, hint="Divide the paper.")
    return found


def matches(drafts: Sequence[PaperDraft]) -> list[Match]:
    """The positions of all coders, each with those of others that match it, in the order of the text."""
    found: list[dict[str, DraftPosition]] = []
    for draft in drafts:
        positions = coded(draft)
        firsts = [next(iter(match.values())) for match in found]

        def likeness(i: int, j: int, firsts: Any = firsts, positions: Any = positions) -> tuple[bool, bool]:
            one, other = firsts[i], positions[j]
            same = [one.codes.get(column) == other.codes.get(column) for column in ("proposition", "actor")]
            return all(same), same[0]

        pairs = _pairs([one.ranges for one in firsts], [one.ranges for one in positions], likeness)
        for i, j in pairs:
            found[i][draft.coder] = positions[j]
        paired = {j for _, j in pairs}
        found += [{draft.coder: position} for j, position in enumerate(positions) if j not in paired]
    return sorted(found, key=lambda match: min((one.ranges, one.id) for one in match.values()))


def f1_of_passages(one: PaperDraft, other: PaperDraft) -> float | None:
    """How many passages of two coders match, as F1: twice the matches by the passages of both; None without any."""
    left, right = (sorted({position.ranges for position in coded(draft)}) for draft in (one, other))
    if not left and not right:
        return None
    return 2 * len(_pairs(left, right, lambda _, __: ())) / (len(left) + len(right))


def overlap(one: Ranges, other: Ranges) -> float:
    """Characters that two passages share, by those that they cover together: 0 to 1."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    return shared / (sum(end - start for start, end in (*one, *other)) - shared) if shared else 0.0


def _pairs(
    ones: Sequence[Ranges], others: Sequence[Ranges], likeness: Callable[[int, int], tuple[bool, ...]]
) -> list[tuple[int, int]]:
    """Indices of passages that match one to one: those most alike first, then those that overlap most."""
    candidates = sorted(
        (
            (likeness(i, j), share, -i, -j)
            for i, one in enumerate(ones)
            for j, other in enumerate(others)
            if one[0][0] < other[-1][1] and other[0][0] < one[-1][1] and (share := overlap(one, other)) >= HALF
        ),
        reverse=True,
    )
    paired_ones: set[int] = set()
    paired_others: set[int] = set()
    found = []
    for _, _, i, j in candidates:
        if -i not in paired_ones and -j not in paired_others:
            paired_ones.add(-i)
            paired_others.add(-j)
            found.append((-i, -j))
    return found
