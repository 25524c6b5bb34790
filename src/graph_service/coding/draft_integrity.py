"""What holds of every draft beyond its form: ids, places in the text, digests, and how many values a code may have.

A draft edited by hand can break it, and a program that has a fault. Whether codes are in the vocabularies is for the
import to say, which knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from graph_service.coding.paper_draft import AGREEMENTS, CODES, SEVERAL, DraftPosition, PaperDraft
from graph_service.reading import passages
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges

_ID = re.compile(r"p[0-9]{1,9}")


def is_id(name: str) -> bool:
    """Whether a position may have this id."""
    return bool(_ID.fullmatch(name))


def problem(draft: PaperDraft, paper: Paper, coder: str) -> str:
    """What is wrong first, as the end of a sentence that begins with the file; empty if nothing is.

    Args:
        draft: a draft of this text of the paper.
        paper: what is coded.
        coder: whose draft it should be.
    """
    if (draft.paper, draft.coder) != (paper.name, coder):
        return f"is the draft of {draft.coder!r} on {draft.paper!r}"
    seen: set[str] = set()
    for position in draft.positions:
        if position.id in seen:
            return f"has two positions {position.id}"
        seen.add(position.id)
        if wrong := next(_of(position, paper), ""):
            return f"has a position {position.id[:20]!r} {wrong}"
    return ""


def _of(position: DraftPosition, paper: Paper) -> Iterator[str]:
    if not is_id(position.id):
        yield "whose id is not p1, p2 and so on"
    if not are_places(position.ranges, len(paper.text)):
        yield f"whose ranges are empty, overlap or leave the text, which has {len(paper.text)} characters"
    elif passages.digest(paper.cut(position.ranges)) != position.sha256:
        yield "whose digest is not that of the text at its ranges"
    for column, values in position.codes.items():
        if column not in CODES:
            yield f"with a column {column!r}, which is no code"
        elif len(values) > 1 and column not in SEVERAL:
            yield f"with several values of {column}"
    if not AGREEMENTS.issuperset(position.codes.get("agreement", ())):
        yield f"with the agreement {position.code('agreement')!r}; it is 1, 0 or -1"


def are_places(ranges: Ranges, length: int) -> bool:
    """Whether these are ranges of a text of this length, at least one, none empty, and none over another."""
    apart = all(end <= start for (_, end), (start, _) in pairwise(sorted(ranges)))
    return bool(ranges) and apart and all(0 <= start < end <= length for start, end in ranges)
